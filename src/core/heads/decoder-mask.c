#include "core/heads/decoder-mask.h"

#include <string.h>

#include "core/base/memory.h"
#include "core/heads/patch-labels.h"
#include "core/maps/map.h"
#include "core/maps/sample.h"

/* Classes that one pass over the picture compares: a map has one channel or three. */
#define AT_ONCE 3

struct comparison
{
  size_t   width;
  size_t   first, count; /* classes of this pass */
  float   *best;         /* [height, width], the largest logit so far */
  uint8_t *mask;         /* [height, width], whose that is */
};

static void
compare_row (void *data, int y, int begin, int end, const float *samples)
{
  const struct comparison *comparison = data;
  const size_t             width = comparison->width;
  float                   *best = comparison->best + (size_t) y * width;
  uint8_t                 *mask = comparison->mask + (size_t) y * width;

  for (size_t c = 0; c < comparison->count; c++, samples += width)
    for (int x = begin; x < end; x++)
      if (mask[x] == DINO_NO_CLASS || samples[x] > best[x])
        {
          best[x] = samples[x];
          mask[x] = (uint8_t) (comparison->first + c);
        }
}

/* The last channels of the last pass repeat a class, which changes nothing. */
static void
fill_map (struct dino_map *map, const float *logits, size_t n_classes, size_t first)
{
  const size_t n = (size_t) map->width * (size_t) map->height;

  for (size_t i = 0; i < n; i++)
    for (size_t c = 0; c < AT_ONCE; c++)
      map->values[i * AT_ONCE + c] = logits[i * n_classes + (first + c < n_classes ? first + c : n_classes - 1)];
}

bool
dino_decoder_mask (const float                *logits,
                   size_t                      n_classes,
                   const struct dino_geometry *geometry,
                   enum dino_smooth            smooth,
                   const uint8_t              *guide,
                   struct dino_team           *team,
                   uint8_t                    *mask,
                   struct dino_error          *error)
{
  const size_t      n_pixels = (size_t) geometry->width * (size_t) geometry->height;
  struct comparison comparison = { .width = (size_t) geometry->width, .mask = mask };
  struct dino_map  *map = dino_map_new (geometry->columns, geometry->rows, AT_ONCE, error);
  bool              good;

  comparison.best = dino_alloc (n_pixels, sizeof (float), error);
  good = map != NULL && comparison.best != NULL;
  if (good)
    map->seen = dino_geometry_seen (geometry);
  memset (mask, DINO_NO_CLASS, n_pixels);
  for (size_t first = 0; good && first < n_classes; first += AT_ONCE)
    {
      comparison.first = first;
      comparison.count = n_classes - first < AT_ONCE ? n_classes - first : AT_ONCE;
      fill_map (map, logits, n_classes, first);
      good = dino_map_sample (map, smooth, guide, geometry->width, geometry->height, compare_row, &comparison, team, error);
    }
  dino_free (comparison.best);
  dino_map_unref (map);
  return good;
}
