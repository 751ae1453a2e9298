#include "core/maps/token-maps.h"

#include <stdio.h>
#include <string.h>

#include "core/base/memory.h"
#include "core/base/text.h"
#include "core/maps/map-build.h"
#include "core/maps/pca-private.h"

/* The tokens that a PCA works on. */
struct patches
{
  float       *tokens;  /* [T, D], to be freed */
  const float *patches; /* [n, D] in them */
  size_t       n;
  int          n_channels;
};

static bool
patches_init (struct patches *patches, const struct dino_features *features, int block, bool norm, struct dino_error *error)
{
  int    n_channels = dino_model_config (dino_features_model (features))->hidden_size;
  size_t n_tokens = dino_features_n_tokens (features);
  size_t first = dino_features_first_patch (features);

  patches->n_channels = n_channels;
  patches->n = n_tokens - first;
  patches->tokens = dino_alloc (n_tokens, (size_t) n_channels * sizeof (float), error);
  if (patches->tokens == NULL)
    return false;
  patches->patches = patches->tokens + first * (size_t) n_channels;
  return dino_features_tokens (features, block, norm, patches->tokens, error);
}

/* mask may be NULL. */
static struct dino_pca *
fit (const struct patches *patches, const uint8_t *mask, int n_components, struct dino_team *team, struct dino_error *error)
{
  struct dino_pca_fit *sums = dino_pca_fit_new (patches->n_channels, team, error);
  struct dino_pca     *pca = NULL;

  if (sums != NULL && dino_pca_fit_add (sums, patches->patches, patches->n, mask, error))
    pca = dino_pca_fit_finish (sums, n_components, error);
  dino_pca_fit_free (sums);
  return pca;
}

/* Scores [n, n_components] on the basis' first components. dino_free() them. */
static float *
project (const struct dino_pca *pca, int n_components, const struct patches *patches, struct dino_error *error)
{
  struct dino_pca leading = *pca;
  float          *scores = dino_alloc (patches->n, (size_t) n_components * sizeof (float), error);

  leading.n_components = n_components;
  if (scores != NULL && dino_pca_project (&leading, patches->patches, patches->n, scores, error))
    return scores;
  dino_free (scores);
  return NULL;
}

/* A mask [n] of the patches whose first component is above the threshold, and
 * their number; NULL when there is none. dino_free() it. */
static uint8_t *
find_foreground (const struct dino_pca *pca, const struct patches *patches, double threshold, size_t *count, struct dino_error *error)
{
  float   *scores = project (pca, 1, patches, error);
  uint8_t *mask = scores != NULL ? dino_alloc (patches->n, 1, error) : NULL;

  *count = 0;
  if (mask != NULL)
    for (size_t i = 0; i < patches->n; i++)
      {
        mask[i] = scores[i] > threshold;
        *count += mask[i];
      }
  dino_free (scores);
  if (mask != NULL && *count == 0)
    {
      char number[DINO_NUMBER_LENGTH];

      dino_error_set (error, DINO_CODE_ARGUMENT, _ ("No patch's first component is above %s."), dino_format_double (number, threshold));
      dino_free (mask);
      return NULL;
    }
  return mask;
}

/* A PCA map while it is made. */
struct recipe
{
  const struct dino_pca_options *options;
  struct patches                 patches;
  int                            n_components; /* needed */
  const struct dino_pca         *basis;        /* used */
  struct dino_pca               *fitted;       /* the same, where it was fitted here */
  uint8_t                       *mask;         /* foreground, or NULL */
  size_t                         n_foreground;
};

static void
recipe_clear (struct recipe *recipe)
{
  dino_free (recipe->patches.tokens);
  dino_pca_free (recipe->fitted);
  dino_free (recipe->mask);
}

static bool
check_basis (const struct recipe *recipe, struct dino_error *error)
{
  if (recipe->basis->n_channels != recipe->patches.n_channels)
    return dino_error_set (error, DINO_CODE_ARGUMENT, _ ("The basis is for tokens of %d channels; this model's have %d."),
                           recipe->basis->n_channels, recipe->patches.n_channels);
  if (recipe->basis->n_components < recipe->n_components)
    return dino_error_set (error, DINO_CODE_ARGUMENT, _ ("The basis has %d components; component %d was asked for."),
                           recipe->basis->n_components, recipe->n_components);
  return true;
}

/* Foreground as in Oquab et al. 2023: the first component of a first basis
 * decides which patches are fitted again. A basis that was given stays. */
static bool
restrict_to_foreground (struct recipe *recipe, struct dino_error *error)
{
  recipe->mask = find_foreground (recipe->basis, &recipe->patches, recipe->options->foreground, &recipe->n_foreground, error);
  if (recipe->mask == NULL)
    return false;
  if (recipe->options->basis != NULL)
    return true;
  dino_pca_free (recipe->fitted);
  recipe->basis = recipe->fitted = fit (&recipe->patches, recipe->mask, recipe->n_components, recipe->options->team, error);
  return recipe->fitted != NULL;
}

static bool
find_basis (struct recipe *recipe, struct dino_error *error)
{
  recipe->basis = recipe->options->basis;
  if (recipe->basis != NULL)
    {
      if (!check_basis (recipe, error))
        return false;
    }
  else
    {
      int n_components = recipe->options->has_foreground ? 1 : recipe->n_components;

      recipe->basis = recipe->fitted = fit (&recipe->patches, NULL, n_components, recipe->options->team, error);
      if (recipe->fitted == NULL)
        return false;
    }
  return !recipe->options->has_foreground || restrict_to_foreground (recipe, error);
}

static void
describe_pca (struct dino_map *map, const struct recipe *recipe)
{
  const struct dino_pca_options *options = recipe->options;
  const double                  *ratio = recipe->basis->variance_ratio;
  char                           percent[3][16];

  if (options->component == DINO_PCA_RGB)
    {
      for (int c = 0; c < 3; c++)
        snprintf (map->component_names[c], sizeof map->component_names[c], "PC%d %s %%", c + 1, dino_format_percent (percent[c], ratio[c]));
      snprintf (map->title, sizeof map->title, _ ("PCA of block %d: %s, %s, %s"), options->block,
                map->component_names[0], map->component_names[1], map->component_names[2]);
    }
  else
    snprintf (map->title, sizeof map->title, _ ("PC%d %s %%, block %d"), options->component + 1,
              dino_format_percent (percent[0], ratio[options->component]), options->block);
  if (options->norm)
    dino_map_add_sentence (map, _ ("Principal components of the patch tokens of block %d after the final LayerNorm."), options->block);
  else
    dino_map_add_sentence (map, _ ("Principal components of the patch tokens of block %d, not normalised."), options->block);
  if (options->basis != NULL)
    dino_map_add_sentence (map, _ ("The basis was fitted elsewhere; the shares of variance are those of its fit."));
  else
    dino_map_add_sentence (map, _ ("Fitted on %zu patches of this picture, centred, not scaled; the largest loading is positive."), recipe->basis->n_samples);
  if (recipe->mask != NULL)
    {
      char number[DINO_NUMBER_LENGTH];

      dino_map_add_sentence (map, _ ("Foreground: %zu of %zu patches, whose first component of all was above %s."),
                             recipe->n_foreground, recipe->patches.n, dino_format_double (number, options->foreground));
    }
  if (options->component == DINO_PCA_RGB)
    dino_map_add_sentence (map, _ ("Red, green and blue run from the smallest to the largest value of components 1, 2 and 3."));
}

static struct dino_map *
draw_up_pca (struct recipe *recipe, const struct dino_features *features, const struct dino_geometry *geometry, struct dino_error *error)
{
  bool             rgb = recipe->options->component == DINO_PCA_RGB;
  size_t           channels = rgb ? 3 : 1;
  size_t           first = rgb ? 0 : (size_t) recipe->options->component;
  struct dino_map *map = dino_map_for (features, geometry, (int) channels, error);
  float           *scores = map != NULL ? project (recipe->basis, recipe->n_components, &recipe->patches, error) : NULL;

  if (scores == NULL)
    {
      dino_map_unref (map);
      return NULL;
    }
  for (size_t i = 0; i < recipe->patches.n; i++)
    memcpy (map->values + i * channels, scores + i * (size_t) recipe->n_components + first, channels * sizeof (float));
  dino_free (scores);
  describe_pca (map, recipe);
  map->valid = recipe->mask;
  recipe->mask = NULL;
  map->is_signed = !rgb;
  if (!rgb)
    {
      snprintf (map->unit, sizeof map->unit, "%s", _ ("score"));
      snprintf (map->colormap, sizeof map->colormap, "vik");
    }
  if (dino_map_measure (map, error))
    return map;
  dino_map_unref (map);
  return NULL;
}

struct dino_map *
dino_pca_map (const struct dino_features    *features,
              const struct dino_geometry    *geometry,
              const struct dino_pca_options *options,
              struct dino_pca              **fitted,
              struct dino_error             *error)
{
  struct recipe    recipe = { .options = options };
  struct dino_map *map = NULL;

  if (fitted != NULL)
    *fitted = NULL;
  if (options->component < DINO_PCA_RGB || options->component >= DINO_PCA_MAX_CHANNELS)
    {
      dino_error_set (error, DINO_CODE_ARGUMENT, _ ("There is no principal component %d."), options->component);
      return NULL;
    }
  recipe.n_components = options->component == DINO_PCA_RGB ? 3 : options->component + 1;
  if (patches_init (&recipe.patches, features, options->block, options->norm, error) && find_basis (&recipe, error))
    map = draw_up_pca (&recipe, features, geometry, error);
  if (map != NULL && fitted != NULL)
    {
      *fitted = recipe.fitted != NULL ? recipe.fitted : dino_pca_copy (recipe.basis, error);
      recipe.fitted = NULL;
      if (*fitted == NULL)
        {
          dino_map_unref (map);
          map = NULL;
        }
    }
  recipe_clear (&recipe);
  return map;
}
