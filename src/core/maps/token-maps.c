#include "core/maps/token-maps.h"

#include <stdio.h>
#include <string.h>

#include "core/base/memory.h"
#include "core/base/text.h"
#include "core/maps/map-build.h"
#include "core/maps/pca-colors.h"
#include "core/maps/pca-private.h"

/* The tokens of a picture that a PCA works on. */
struct patches
{
  float       *tokens;  /* [T, D], to be freed */
  const float *patches; /* [n, D] in them */
  size_t       n;
  int          n_channels;
  uint8_t     *mask; /* [n] foreground, or NULL; to be freed */
  size_t       n_inside;
};

static bool
patches_init (struct patches *patches, const struct dino_features *features, int block, bool norm, struct dino_error *error)
{
  int    n_channels = dino_model_config (dino_features_model (features))->hidden_size;
  size_t n_tokens = dino_features_n_tokens (features);
  size_t first = dino_features_first_patch (features);

  patches->n_channels = n_channels;
  patches->n = patches->n_inside = n_tokens - first;
  patches->tokens = dino_alloc (n_tokens, (size_t) n_channels * sizeof (float), error);
  if (patches->tokens == NULL)
    return false;
  patches->patches = patches->tokens + first * (size_t) n_channels;
  return dino_features_tokens (features, block, norm, patches->tokens, error);
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

/* A PCA map while it is made. */
struct recipe
{
  const struct dino_pca_options *options;
  struct dino_pca_facts         *facts;
  struct patches                *all; /* [n_all] of the pictures fitted */
  size_t                         n_all;
  struct patches                *own;          /* among them */
  int                            n_components; /* needed */
  const struct dino_pca         *basis;        /* used */
  struct dino_pca               *fitted;       /* the same, where it was fitted here */
};

static void
recipe_clear (struct recipe *recipe)
{
  for (size_t i = 0; i < recipe->n_all; i++)
    {
      dino_free (recipe->all[i].tokens);
      dino_free (recipe->all[i].mask);
    }
  dino_free (recipe->all);
  dino_pca_free (recipe->fitted);
}

static bool
recipe_init (struct recipe *recipe, const struct dino_features *features, struct dino_error *error)
{
  const struct dino_pca_options *options = recipe->options;
  const size_t                   n = options->n_pictures > 0 ? options->n_pictures : 1;

  recipe->all = dino_alloc_zeroed (n, sizeof *recipe->all, error);
  if (recipe->all == NULL)
    return false;
  recipe->n_all = n;
  for (size_t i = 0; i < n; i++)
    {
      const struct dino_features *picture = options->n_pictures > 0 ? options->pictures[i] : features;

      if (picture == features)
        recipe->own = &recipe->all[i];
      if (!patches_init (&recipe->all[i], picture, options->block, options->norm, error))
        return false;
      if (recipe->all[i].n_channels != recipe->all[0].n_channels)
        return dino_error_set (error, DINO_CODE_ARGUMENT, _ ("Tokens of %d channels and of %d have no principal components together."),
                               recipe->all[0].n_channels, recipe->all[i].n_channels);
    }
  return recipe->own != NULL || dino_error_set (error, DINO_CODE_ARGUMENT, _ ("The map's own picture is not among those that are fitted."));
}

/* On the patches of all pictures that no mask leaves out. */
static bool
fit (struct recipe *recipe, int n_components, struct dino_error *error)
{
  struct dino_pca_fit *sums = dino_pca_fit_new (recipe->own->n_channels, recipe->options->team, error);
  bool                 added = sums != NULL;

  for (size_t i = 0; added && i < recipe->n_all; i++)
    added = dino_pca_fit_add (sums, recipe->all[i].patches, recipe->all[i].n, recipe->all[i].mask, error);
  dino_pca_free (recipe->fitted);
  recipe->basis = recipe->fitted = added ? dino_pca_fit_finish (sums, n_components, error) : NULL;
  dino_pca_fit_free (sums);
  return recipe->fitted != NULL;
}

/* A mask of the patches whose first component is beyond the threshold. */
static bool
find_foreground (struct recipe *recipe, struct patches *patches, const float *scores, struct dino_error *error)
{
  const double threshold = recipe->options->foreground;

  patches->mask = dino_alloc (patches->n, 1, error);
  if (patches->mask == NULL)
    return false;
  patches->n_inside = 0;
  for (size_t i = 0; i < patches->n; i++)
    {
      patches->mask[i] = recipe->options->foreground_below ? scores[i] < threshold : scores[i] > threshold;
      patches->n_inside += patches->mask[i];
    }
  if (patches == recipe->own && patches->n_inside == 0)
    {
      char number[DINO_NUMBER_LENGTH];

      return dino_error_set (error, DINO_CODE_ARGUMENT, recipe->options->foreground_below ? _ ("No patch's first component is below %s.") : _ ("No patch's first component is above %s."),
                             dino_format_double (number, threshold));
    }
  return true;
}

static bool
check_basis (const struct recipe *recipe, struct dino_error *error)
{
  if (recipe->basis->n_channels != recipe->own->n_channels)
    return dino_error_set (error, DINO_CODE_ARGUMENT, _ ("The basis is for tokens of %d channels; this model's have %d."),
                           recipe->basis->n_channels, recipe->own->n_channels);
  if (recipe->basis->n_components < recipe->n_components)
    return dino_error_set (error, DINO_CODE_ARGUMENT, _ ("The basis has %d components; component %d was asked for."),
                           recipe->basis->n_components, recipe->n_components);
  return true;
}

/* The first component decides which patches are foreground, and its histogram
 * shows where a threshold would lie. */
static bool
look_at_first (struct recipe *recipe, struct dino_error *error)
{
  bool good = true;

  for (size_t i = 0; good && i < recipe->n_all; i++)
    {
      struct patches *patches = &recipe->all[i];
      float          *scores;

      if (patches != recipe->own && !recipe->options->has_foreground)
        continue;
      scores = project (recipe->basis, 1, patches, error);
      good = scores != NULL;
      if (good && patches == recipe->own)
        dino_pca_count (scores, patches->n, recipe->facts);
      if (good && recipe->options->has_foreground)
        good = find_foreground (recipe, patches, scores, error);
      dino_free (scores);
    }
  return good;
}

/* Foreground as in Oquab et al. 2023: the first component of a first basis
 * decides which patches are fitted again. A basis that was given stays. */
static bool
find_basis (struct recipe *recipe, struct dino_error *error)
{
  const bool has_foreground = recipe->options->has_foreground;

  recipe->basis = recipe->options->basis;
  if (recipe->basis != NULL)
    return check_basis (recipe, error) && look_at_first (recipe, error);
  return fit (recipe, has_foreground ? 1 : recipe->n_components, error) && look_at_first (recipe, error) &&
         (!has_foreground || fit (recipe, recipe->n_components, error));
}

/* Component (0 …) that is drawn in a channel. */
static int
component_of (const struct dino_pca_options *options, int channel)
{
  static const int components[][3] = {
    [DINO_PCA_ORDER_RGB] = { 0, 1, 2 },
    [DINO_PCA_ORDER_RBG] = { 0, 2, 1 },
    [DINO_PCA_ORDER_GRB] = { 1, 0, 2 },
    [DINO_PCA_ORDER_GBR] = { 2, 0, 1 },
    [DINO_PCA_ORDER_BRG] = { 1, 2, 0 },
    [DINO_PCA_ORDER_BGR] = { 2, 1, 0 },
  };

  return options->component == DINO_PCA_RGB ? components[options->order][channel] : options->component;
}

static bool
is_flipped (const struct dino_pca_options *options, int component)
{
  return component < 3 && options->flip[component];
}

/* values [n, channels] as they are drawn. */
static bool
fill_values (const struct recipe *recipe, const struct patches *patches, int channels, float *values, struct dino_error *error)
{
  const size_t n_components = (size_t) recipe->n_components;
  float       *scores = project (recipe->basis, recipe->n_components, patches, error);

  for (int c = 0; scores != NULL && c < channels; c++)
    {
      const int    component = component_of (recipe->options, c);
      const float  sign = is_flipped (recipe->options, component) ? -1 : 1;
      const float *column = scores + component;

      for (size_t i = 0; i < patches->n; i++)
        values[i * (size_t) channels + (size_t) c] = sign * column[i * n_components];
    }
  dino_free (scores);
  return scores != NULL;
}

static void
describe_fit (struct dino_map *map, const struct recipe *recipe)
{
  const struct dino_pca_options *options = recipe->options;
  char                           number[DINO_NUMBER_LENGTH];

  if (options->norm)
    dino_map_add_sentence (map, _ ("Principal components of the patch tokens of block %d after the final LayerNorm."), options->block);
  else
    dino_map_add_sentence (map, _ ("Principal components of the patch tokens of block %d, not normalised."), options->block);
  if (options->basis != NULL)
    dino_map_add_sentence (map, _ ("The basis was fitted elsewhere; the shares of variance are those of its fit."));
  else if (recipe->n_all > 1)
    dino_map_add_sentence (map, _ ("Fitted on %zu patches of %zu pictures together, centred, not scaled; the largest loading is positive."), recipe->basis->n_samples, recipe->n_all);
  else
    dino_map_add_sentence (map, _ ("Fitted on %zu patches of this picture, centred, not scaled; the largest loading is positive."), recipe->basis->n_samples);
  if (options->has_foreground)
    dino_map_add_sentence (map, options->foreground_below ? _ ("Foreground: %zu of %zu patches, whose first component of all was below %s.") : _ ("Foreground: %zu of %zu patches, whose first component of all was above %s."),
                           recipe->own->n_inside, recipe->own->n, dino_format_double (number, options->foreground));
}

static void
describe_colors (struct dino_map *map, const struct recipe *recipe)
{
  const struct dino_pca_options *options = recipe->options;
  const bool                     rgb = options->component == DINO_PCA_RGB;
  char                           flipped[32] = "";

  for (int c = 0; c < map->channels; c++)
    {
      const int component = component_of (options, c);

      if (is_flipped (options, component))
        snprintf (flipped + strlen (flipped), sizeof flipped - strlen (flipped), "%sPC%d", *flipped != '\0' ? ", " : "", component + 1);
    }
  if (rgb && options->percentile)
    dino_map_add_sentence (map, _ ("Red, green and blue run from the 1st to the 99th percentile of components %d, %d and %d."),
                           component_of (options, 0) + 1, component_of (options, 1) + 1, component_of (options, 2) + 1);
  else if (rgb)
    dino_map_add_sentence (map, _ ("Red, green and blue run from the smallest to the largest value of components %d, %d and %d."),
                           component_of (options, 0) + 1, component_of (options, 1) + 1, component_of (options, 2) + 1);
  else if (options->percentile)
    dino_map_add_sentence (map, _ ("Colours reach to the 1st and 99th percentile."));
  if (recipe->n_all > 1)
    dino_map_add_sentence (map, _ ("The range is that of all %zu pictures."), recipe->n_all);
  if (*flipped != '\0')
    dino_map_add_sentence (map, _ ("Sign exchanged: %s."), flipped);
}

static void
describe_pca (struct dino_map *map, const struct recipe *recipe)
{
  const struct dino_pca_options *options = recipe->options;
  const double                  *ratio = recipe->basis->variance_ratio;
  char                           percent[DINO_PERCENT_LENGTH];

  if (options->component == DINO_PCA_RGB)
    {
      for (int c = 0; c < 3; c++)
        {
          const int component = component_of (options, c);

          snprintf (map->component_names[c], sizeof map->component_names[c], "PC%c %s %%", (char) ('1' + component), dino_format_percent (percent, ratio[component]));
        }
      snprintf (map->title, sizeof map->title, _ ("PCA of block %d: %s, %s, %s"), options->block,
                map->component_names[0], map->component_names[1], map->component_names[2]);
    }
  else
    snprintf (map->title, sizeof map->title, _ ("PC%d %s %%, block %d"), options->component + 1,
              dino_format_percent (percent, ratio[options->component]), options->block);
  describe_fit (map, recipe);
  describe_colors (map, recipe);
}

/* The valid values of all pictures decide on the range. */
static bool
measure (struct dino_map *map, const struct recipe *recipe, struct dino_error *error)
{
  struct dino_pca_range range = { .channels = map->channels, .percentile = recipe->options->percentile };
  bool                  good = dino_map_measure (map, error);

  if (!good || (recipe->n_all == 1 && !range.percentile))
    return good;
  for (size_t i = 0; i < recipe->n_all; i++)
    range.room += recipe->all[i].n;
  good = dino_pca_range_init (&range, error);
  for (size_t i = 0; good && i < recipe->n_all; i++)
    {
      const struct patches *patches = &recipe->all[i];
      float                *values = dino_alloc (patches->n, (size_t) map->channels * sizeof *values, error);

      good = values != NULL && fill_values (recipe, patches, map->channels, values, error);
      if (good)
        dino_pca_range_add (&range, values, patches == recipe->own ? map->valid : patches->mask, patches->n);
      dino_free (values);
    }
  if (good)
    dino_pca_range_finish (&range, map);
  dino_pca_range_clear (&range);
  return good;
}

static struct dino_map *
draw_up_pca (struct recipe *recipe, const struct dino_features *features, const struct dino_geometry *geometry, struct dino_error *error)
{
  bool             rgb = recipe->options->component == DINO_PCA_RGB;
  struct dino_map *map = dino_map_for (features, geometry, rgb ? 3 : 1, error);

  if (map == NULL || !fill_values (recipe, recipe->own, map->channels, map->values, error))
    {
      dino_map_unref (map);
      return NULL;
    }
  describe_pca (map, recipe);
  map->valid = recipe->own->mask;
  recipe->own->mask = NULL;
  map->is_signed = !rgb;
  if (!rgb)
    {
      snprintf (map->unit, sizeof map->unit, "%s", _ ("score"));
      snprintf (map->colormap, sizeof map->colormap, "vik");
    }
  if (measure (map, recipe, error))
    return map;
  dino_map_unref (map);
  return NULL;
}

static void
tell_facts (const struct recipe *recipe)
{
  struct dino_pca_facts *facts = recipe->facts;

  facts->n_pictures = recipe->fitted != NULL ? recipe->n_all : 0;
  facts->n_tokens = recipe->basis->n_samples;
  facts->n_patches = recipe->own->n;
  facts->n_inside = recipe->own->n_inside;
}

struct dino_map *
dino_pca_map (const struct dino_features    *features,
              const struct dino_geometry    *geometry,
              const struct dino_pca_options *options,
              struct dino_pca              **fitted,
              struct dino_pca_facts         *facts,
              struct dino_error             *error)
{
  struct dino_pca_facts own = { 0 };
  struct recipe         recipe = { .options = options, .facts = facts != NULL ? facts : &own };
  struct dino_map      *map = NULL;

  *recipe.facts = own;
  if (fitted != NULL)
    *fitted = NULL;
  if (options->component < DINO_PCA_RGB || options->component >= DINO_PCA_MAX_CHANNELS)
    {
      dino_error_set (error, DINO_CODE_ARGUMENT, _ ("There is no principal component %d."), options->component);
      return NULL;
    }
  recipe.n_components = options->component == DINO_PCA_RGB ? 3 : options->component + 1;
  if (recipe_init (&recipe, features, error) && find_basis (&recipe, error))
    map = draw_up_pca (&recipe, features, geometry, error);
  if (map != NULL)
    tell_facts (&recipe);
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
