#include "core/maps/parts.h"

#include <math.h>
#include <stdio.h>

#include "core/base/memory.h"
#include "core/base/text.h"
#include "core/maps/map-build.h"

/* Tries from other centres, and rounds of each. */
#define N_STARTS 4
#define MAX_ROUNDS 100

static void
bring_to_length_one (float *vectors, size_t n, size_t width)
{
  for (size_t i = 0; i < n; i++)
    {
      float *vector = vectors + i * width;
      double sum = 0;

      for (size_t c = 0; c < width; c++)
        sum += (double) vector[c] * (double) vector[c];
      for (size_t c = 0; sum > 0 && c < width; c++)
        vector[c] = (float) (vector[c] / sqrt (sum));
    }
}

static struct dino_kmeans *
find_parts (const struct dino_features *features, const struct dino_parts_options *options, struct dino_error *error)
{
  const size_t        width = (size_t) dino_model_config (dino_features_model (features))->hidden_size;
  const size_t        n = (size_t) dino_features_rows (features) * (size_t) dino_features_columns (features);
  float              *tokens = dino_alloc (dino_features_n_tokens (features), width * sizeof *tokens, error);
  float              *patches = tokens != NULL ? tokens + dino_features_first_patch (features) * width : NULL;
  struct dino_kmeans *found = NULL;

  if (tokens != NULL && dino_features_tokens (features, options->block, options->norm, tokens, error))
    {
      const struct dino_points         vectors = dino_points (patches, n, width);
      const struct dino_kmeans_options how = { .n_groups = options->k, .seed = options->seed, .n_starts = N_STARTS, .n_trials = 1, .max_rounds = MAX_ROUNDS, .team = options->team };

      bring_to_length_one (patches, n, width);
      found = dino_kmeans_new (&vectors, &how, error);
    }
  dino_free (tokens);
  return found;
}

static void
describe (struct dino_map *map, const struct dino_parts_options *options, const struct dino_kmeans *found)
{
  char percent[DINO_PERCENT_LENGTH];

  snprintf (map->title, sizeof map->title, _ ("%d parts of block %d"), options->k, options->block);
  dino_map_add_sentence (map, _ ("k-means of the patch tokens, each of length 1 (k-means++, seed %llu, best of %d starts)."),
                         (unsigned long long) options->seed, N_STARTS);
  dino_map_add_sentence (map, _ ("Part 0 is the largest: %s %% of the patches. Numbers and colours have no other meaning."),
                         dino_format_percent (percent, (double) found->sizes[0] / ((double) map->width * map->height)));
  snprintf (map->unit, sizeof map->unit, "%s", _ ("part"));
  snprintf (map->colormap, sizeof map->colormap, "parts-%d", options->k);
  map->low = -0.5;
  map->high = options->k - 0.5;
}

struct dino_map *
dino_parts_map (const struct dino_features *features, const struct dino_geometry *geometry, const struct dino_parts_options *options, struct dino_kmeans **found, struct dino_error *error)
{
  struct dino_kmeans *own = NULL;
  struct dino_map    *map = NULL;

  if (options->k < DINO_PARTS_MIN || options->k > DINO_PARTS_MAX)
    dino_error_set (error, DINO_CODE_ARGUMENT, _ ("There can be %d to %d parts, not %d."), DINO_PARTS_MIN, DINO_PARTS_MAX, options->k);
  else
    own = find_parts (features, options, error);
  if (own != NULL)
    map = dino_map_for (features, geometry, 1, error);
  if (map != NULL)
    {
      for (int i = 0; i < map->width * map->height; i++)
        map->values[i] = (float) own->labels[i];
      describe (map, options, own);
    }
  if (found != NULL && map != NULL)
    *found = own;
  else
    dino_kmeans_free (own);
  return map;
}
