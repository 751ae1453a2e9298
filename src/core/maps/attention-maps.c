#include "core/maps/attention-maps.h"

#include <stdio.h>

#include "core/base/text.h"
#include "core/maps/map-build.h"

/* values [n] of the patches from rows [heads, T] of the CLS token. */
static void
fuse_heads (const float *rows, int n_heads, size_t n_tokens, size_t first, int head, float *values)
{
  size_t n = n_tokens - first;

  for (size_t i = 0; i < n; i++)
    {
      double sum = 0;
      float  largest = 0;

      for (int h = 0; h < n_heads; h++)
        {
          float value = rows[(size_t) h * n_tokens + first + i];

          sum += value;
          largest = value > largest ? value : largest;
        }
      if (head == DINO_HEAD_MEAN)
        values[i] = (float) (sum / n_heads);
      else if (head == DINO_HEAD_MAX)
        values[i] = largest;
      else
        values[i] = rows[(size_t) head * n_tokens + first + i];
    }
}

static void
describe_attention (struct dino_map *map, int block, int head, int n_heads)
{
  char   percent[DINO_PERCENT_LENGTH];
  double share = 0;

  for (int i = 0; i < map->width * map->height; i++)
    share += map->values[i];
  if (head == DINO_HEAD_MEAN)
    snprintf (map->title, sizeof map->title, _ ("CLS attention of block %d, mean of %d heads"), block, n_heads);
  else if (head == DINO_HEAD_MAX)
    snprintf (map->title, sizeof map->title, _ ("CLS attention of block %d, maximum of %d heads"), block, n_heads);
  else
    snprintf (map->title, sizeof map->title, _ ("CLS attention of block %d, head %d"), block, head);
  dino_map_add_sentence (map, _ ("Attention of the CLS token to every patch after the softmax (Caron et al. 2021)."));
  if (head != DINO_HEAD_MAX)
    dino_map_add_sentence (map, _ ("All patches together receive %s %% of it."), dino_format_percent (percent, share));
}

struct dino_map *
dino_cls_attention_map (const struct dino_features *features,
                        const struct dino_geometry *geometry,
                        int                         block,
                        int                         head,
                        struct dino_error          *error)
{
  const struct dino_config *config = dino_model_config (dino_features_model (features));
  const float              *rows;
  struct dino_map          *map;

  if (block < 0 || block >= config->n_blocks)
    {
      dino_error_set (error, DINO_CODE_ARGUMENT, _ ("There is no block %d; this model has blocks 0 to %d."), block, config->n_blocks - 1);
      return NULL;
    }
  if (head < DINO_HEAD_MAX || head >= config->n_heads)
    {
      dino_error_set (error, DINO_CODE_ARGUMENT, _ ("There is no head %d; this model has heads 0 to %d."), head, config->n_heads - 1);
      return NULL;
    }
  rows = dino_features_cls_attention (features, block);
  if (rows == NULL)
    {
      dino_error_set (error, DINO_CODE_ARGUMENT, _ ("The attention of block %d was not kept or is not computed yet."), block);
      return NULL;
    }
  map = dino_map_for (features, geometry, 1, error);
  if (map == NULL)
    return NULL;
  fuse_heads (rows, config->n_heads, dino_features_n_tokens (features), dino_features_first_patch (features), head, map->values);
  describe_attention (map, block, head, config->n_heads);
  snprintf (map->unit, sizeof map->unit, "%s", _ ("weight"));
  snprintf (map->colormap, sizeof map->colormap, "viridis");
  if (dino_map_measure (map, error))
    return map;
  dino_map_unref (map);
  return NULL;
}
