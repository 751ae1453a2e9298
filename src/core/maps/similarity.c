#include "core/maps/similarity.h"

#include <stdio.h>
#include <string.h>

#include "core/base/memory.h"
#include "core/base/text.h"
#include "core/encoder/cosine.h"
#include "core/encoder/cut.h"
#include "core/encoder/loop.h"
#include "core/maps/map-build.h"

/* Patches that a thread compares at once. */
#define PATCHES 64

struct similarity_loop
{
  const float    *patches; /* [n, D] */
  const float    *pins;    /* [n_pins, D] */
  int             n_pins;
  size_t          width;
  struct dino_cut cut;
  float          *out;
};

static void
similarity_item (void *data, size_t item, int thread)
{
  const struct similarity_loop *loop = data;
  const size_t                  first = dino_cut_start (&loop->cut, item), end = first + dino_cut_size (&loop->cut, item);

  (void) thread;
  for (size_t patch = first; patch < end; patch++)
    {
      double sum = 0;

      for (int pin = 0; pin < loop->n_pins; pin++)
        sum += dino_cosine (loop->pins + (size_t) pin * loop->width, loop->patches + patch * loop->width, loop->width);
      loop->out[patch] = (float) (sum / loop->n_pins);
    }
}

static bool
check_pins (const struct dino_features *source, const struct dino_similarity_options *options, struct dino_error *error)
{
  const int rows = dino_features_rows (source), columns = dino_features_columns (source);

  if (options->n_pins < 1)
    return dino_error_set (error, DINO_CODE_ARGUMENT, _ ("There is no patch to compare with."));
  for (int i = 0; i < options->n_pins; i++)
    if (options->pins[i].row < 0 || options->pins[i].column < 0 || options->pins[i].row >= rows || options->pins[i].column >= columns)
      return dino_error_set (error, DINO_CODE_ARGUMENT, _ ("There is no patch in row %d, column %d; this picture has rows 0 to %d and columns 0 to %d."),
                             options->pins[i].row, options->pins[i].column, rows - 1, columns - 1);
  return true;
}

static bool
check (const struct dino_features *features, const struct dino_features *source, const struct dino_similarity_options *options, struct dino_error *error)
{
  const struct dino_config *config = dino_model_config (dino_features_model (features));
  const struct dino_config *other = dino_model_config (dino_features_model (source));

  if (options->block < 0 || options->block >= config->n_blocks || options->block >= other->n_blocks)
    return dino_error_set (error, DINO_CODE_ARGUMENT, _ ("There is no block %d; this model has blocks 0 to %d."), options->block,
                           (config->n_blocks < other->n_blocks ? config->n_blocks : other->n_blocks) - 1);
  if (config->hidden_size != other->hidden_size)
    return dino_error_set (error, DINO_CODE_ARGUMENT, _ ("Tokens of %d channels cannot be compared with tokens of %d."), config->hidden_size, other->hidden_size);
  return check_pins (source, options, error);
}

/* [T, D] of what is compared. */
static float *
read_tokens (const struct dino_features *features, const struct dino_similarity_options *options, struct dino_error *error)
{
  static const enum dino_facet facets[] = {
    [DINO_COMPARED_QUERY] = DINO_FACET_QUERY,
    [DINO_COMPARED_KEY] = DINO_FACET_KEY,
    [DINO_COMPARED_VALUE] = DINO_FACET_VALUE,
  };
  const size_t width = (size_t) dino_model_config (dino_features_model (features))->hidden_size;
  float       *tokens = dino_alloc (dino_features_n_tokens (features), width * sizeof *tokens, error);

  if (tokens == NULL)
    return NULL;
  if (options->compared == DINO_COMPARED_TOKEN ? dino_features_tokens (features, options->block, options->norm, tokens, error)
                                               : dino_features_facet (features, options->block, facets[options->compared], options->team, tokens, error))
    return tokens;
  dino_free (tokens);
  return NULL;
}

/* [n_pins, D], taken from the tokens of source. */
static float *
gather_pins (const struct dino_features *source, const float *tokens, const struct dino_similarity_options *options, struct dino_error *error)
{
  const size_t width = (size_t) dino_model_config (dino_features_model (source))->hidden_size;
  const size_t columns = (size_t) dino_features_columns (source);
  float       *pins = dino_alloc ((size_t) options->n_pins, width * sizeof *pins, error);

  for (int i = 0; pins != NULL && i < options->n_pins; i++)
    {
      const size_t token = dino_features_first_patch (source) + (size_t) options->pins[i].row * columns + (size_t) options->pins[i].column;

      memcpy (pins + (size_t) i * width, tokens + token * width, width * sizeof *pins);
    }
  return pins;
}

static bool
compute (const struct dino_features *features, const struct dino_features *source, const struct dino_similarity_options *options, float *values, struct dino_error *error)
{
  struct similarity_loop loop = {
    .n_pins = options->n_pins,
    .width = (size_t) dino_model_config (dino_features_model (features))->hidden_size,
    .cut = dino_cut ((size_t) dino_features_rows (features) * (size_t) dino_features_columns (features), PATCHES, 1),
    .out = values,
  };
  float *tokens = read_tokens (features, options, error);
  float *others = tokens != NULL && source != features ? read_tokens (source, options, error) : NULL;
  float *pins = NULL;

  if (tokens != NULL && (source == features || others != NULL))
    pins = gather_pins (source, others != NULL ? others : tokens, options, error);
  if (pins != NULL)
    {
      loop.patches = tokens + dino_features_first_patch (features) * loop.width;
      loop.pins = pins;
      dino_loop_run (options->team, loop.cut.count, similarity_item, &loop);
    }
  dino_free (tokens);
  dino_free (others);
  dino_free (pins);
  return pins != NULL;
}

static const char *
name_compared (const struct dino_similarity_options *options)
{
  switch (options->compared)
    {
    case DINO_COMPARED_QUERY:
      return _ ("queries");
    case DINO_COMPARED_KEY:
      return _ ("keys");
    case DINO_COMPARED_VALUE:
      return _ ("values");
    case DINO_COMPARED_TOKEN:
    default:
      return options->norm ? _ ("normalised tokens") : _ ("tokens before the final LayerNorm");
    }
}

static void
describe (struct dino_map *map, const struct dino_similarity_options *options)
{
  if (options->n_pins == 1)
    snprintf (map->title, sizeof map->title, _ ("Similarity to row %d, column %d, block %d"), options->pins[0].row, options->pins[0].column, options->block);
  else
    snprintf (map->title, sizeof map->title, _ ("Similarity to %d patches, block %d"), options->n_pins, options->block);
  dino_map_add_sentence (map, _ ("Cosine of the %s of block %d, from -1 to 1."), name_compared (options), options->block);
  if (options->n_pins > 1)
    dino_map_add_sentence (map, _ ("Mean over %d pinned patches."), options->n_pins);
  if (options->source != NULL)
    dino_map_add_sentence (map, _ ("The patches are those of another picture."));
  map->is_signed = true;
  snprintf (map->unit, sizeof map->unit, "%s", _ ("cosine"));
  snprintf (map->colormap, sizeof map->colormap, "vik");
}

static bool
mark_pins (struct dino_map *map, const struct dino_similarity_options *options, struct dino_error *error)
{
  if (!dino_map_add_marks (map, options->n_pins, error))
    return false;
  for (int i = 0; i < options->n_pins; i++)
    {
      map->marks[i].row = options->pins[i].row;
      map->marks[i].column = options->pins[i].column;
      if (options->n_pins > 1)
        snprintf (map->marks[i].label, sizeof map->marks[i].label, "%d", i + 1);
    }
  return true;
}

struct dino_map *
dino_similarity_map (const struct dino_features *features, const struct dino_geometry *geometry, const struct dino_similarity_options *options, struct dino_error *error)
{
  const struct dino_features *source = options->source != NULL ? options->source : features;
  struct dino_map            *map;

  if (!check (features, source, options, error))
    return NULL;
  map = dino_map_for (features, geometry, 1, error);
  if (map == NULL)
    return NULL;
  describe (map, options);
  if (compute (features, source, options, map->values, error) && (options->source != NULL || mark_pins (map, options, error)) && dino_map_measure (map, error))
    return map;
  dino_map_unref (map);
  return NULL;
}
