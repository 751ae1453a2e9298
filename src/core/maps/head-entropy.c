/* How widely each patch spreads its attention. */
#include <math.h>
#include <stdio.h>

#include "core/base/memory.h"
#include "core/base/text.h"
#include "core/maps/attention-private.h"
#include "core/maps/map-build.h"

struct entropies
{
  size_t n_tokens;
  int    head;
  float *bits; /* [n_heads, T] */
};

static float
entropy_of (const float *probabilities, size_t n)
{
  double bits = 0;

  for (size_t i = 0; i < n; i++)
    if (probabilities[i] > 0)
      bits -= (double) probabilities[i] * (double) log2f (probabilities[i]);
  return (float) fmax (bits, 0);
}

static void
visit (void *data, size_t head, size_t row, size_t rows, float *probabilities)
{
  const struct entropies *entropies = data;

  if (entropies->head >= 0 && (size_t) entropies->head != head)
    return;
  for (size_t i = 0; i < rows; i++)
    entropies->bits[head * entropies->n_tokens + row + i] = entropy_of (probabilities + i * entropies->n_tokens, entropies->n_tokens);
}

static void
describe (struct dino_map *map, int block, int head, int n_heads, size_t n_tokens)
{
  char name[DINO_HEAD_NAME_LENGTH];
  int  hundredths = (int) (log2 ((double) n_tokens) * 100 + 0.5);

  snprintf (map->title, sizeof map->title, _ ("Entropy of attention, block %d, %s"), block, dino_attention_head_name (name, head, n_heads));
  snprintf (map->unit, sizeof map->unit, "%s", _ ("bits"));
  dino_map_add_sentence (map, _ ("How widely each patch spreads its attention over all %zu tokens."), n_tokens);
  dino_map_add_sentence (map, _ ("0 bits: all on one token; %d.%02d bits, the most there can be: the same on each."), hundredths / 100, hundredths % 100);
  dino_attention_describe_cells (map);
}

struct dino_map *
dino_head_entropy_map (const struct dino_features             *features,
                       const struct dino_geometry             *geometry,
                       const struct dino_head_entropy_options *options,
                       struct dino_error                      *error)
{
  int              n_heads = dino_model_config (dino_features_model (features))->n_heads;
  struct entropies entropies = { .n_tokens = dino_features_n_tokens (features), .head = options->head };
  struct dino_map *map = NULL;

  if (!dino_attention_check_block (features, options->block, error) || !dino_attention_check_head (features, options->head, error))
    return NULL;
  /* One row more for what becomes of the others. */
  entropies.bits = dino_alloc (entropies.n_tokens, ((size_t) n_heads + 1) * sizeof (float), error);
  if (entropies.bits != NULL &&
      dino_features_visit_attention (features, options->block, entropies.n_tokens, options->team, visit, &entropies, options->progress, error))
    {
      float *values = entropies.bits + (size_t) n_heads * entropies.n_tokens;

      dino_attention_fuse (entropies.bits, n_heads, entropies.n_tokens, options->head, values);
      map = dino_attention_map_of (features, geometry, values, error);
    }
  dino_free (entropies.bits);
  if (map == NULL)
    return NULL;
  if (!dino_map_measure (map, error))
    {
      dino_map_unref (map);
      return NULL;
    }
  describe (map, options->block, options->head, n_heads, entropies.n_tokens);
  return map;
}
