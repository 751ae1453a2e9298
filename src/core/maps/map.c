#include "core/maps/map.h"

#include <math.h>
#include <string.h>

#include "core/base/memory.h"
#include "core/base/text.h"

struct dino_map *
dino_map_new (int width, int height, int channels, struct dino_error *error)
{
  struct dino_map *map;

  if (width < 1 || height < 1 || width > DINO_MAP_MAX_SIDE || height > DINO_MAP_MAX_SIDE || (channels != 1 && channels != 3))
    {
      dino_error_set (error, DINO_CODE_ARGUMENT, _ ("There is no map of %d × %d cells and %d channels."), width, height, channels);
      return NULL;
    }
  map = dino_alloc_zeroed (1, sizeof *map, error);
  if (map == NULL)
    return NULL;
  map->width = width;
  map->height = height;
  map->channels = channels;
  map->references = 1;
  map->values = dino_alloc_zeroed ((size_t) width * (size_t) height, (size_t) channels * sizeof (float), error);
  if (map->values == NULL)
    {
      dino_map_unref (map);
      return NULL;
    }
  return map;
}

struct dino_map *
dino_map_ref (struct dino_map *map)
{
  __atomic_add_fetch (&map->references, 1, __ATOMIC_RELAXED);
  return map;
}

void
dino_map_unref (struct dino_map *map)
{
  if (map == NULL || __atomic_sub_fetch (&map->references, 1, __ATOMIC_ACQ_REL) > 0)
    return;
  dino_free (map->values);
  dino_free (map->valid);
  dino_free (map->cells);
  dino_free (map->marks);
  dino_free (map);
}

bool
dino_map_add_marks (struct dino_map *map, int n, struct dino_error *error)
{
  map->marks = dino_alloc_zeroed ((size_t) n, sizeof *map->marks, error);
  map->n_marks = map->marks != NULL ? n : 0;
  return map->marks != NULL;
}

bool
dino_map_add_cells (struct dino_map *map, int n, struct dino_error *error)
{
  map->cells = dino_alloc_zeroed ((size_t) n, sizeof *map->cells, error);
  map->n_cells = map->cells != NULL ? n : 0;
  return map->cells != NULL;
}

/* False when a valid value is not finite. Without a valid cell the range is 0 … 0. */
static bool
measure_channel (const struct dino_map *map, int channel, double *low, double *high)
{
  size_t n_cells = (size_t) map->width * (size_t) map->height;
  bool   found = false;

  *low = *high = 0;
  for (size_t i = 0; i < n_cells; i++)
    {
      double value = map->values[i * (size_t) map->channels + (size_t) channel];

      if (map->valid != NULL && map->valid[i] == 0)
        continue;
      if (!isfinite (value))
        return false;
      *low = !found || value < *low ? value : *low;
      *high = !found || value > *high ? value : *high;
      found = true;
    }
  if (map->is_signed)
    {
      *high = fmax (fabs (*low), fabs (*high));
      *low = -*high;
    }
  return true;
}

bool
dino_map_measure (struct dino_map *map, struct dino_error *error)
{
  for (int channel = 0; channel < map->channels; channel++)
    if (!measure_channel (map, channel, &map->low3[channel], &map->high3[channel]))
      return dino_error_set (error, DINO_CODE_ARGUMENT, _ ("A map has a value that is not a finite number."));
  for (int i = 0; i < map->n_cells; i++)
    if (!isfinite (map->cells[i].value))
      return dino_error_set (error, DINO_CODE_ARGUMENT, _ ("A map has a value that is not a finite number."));
  map->low = map->low3[0];
  map->high = map->high3[0];
  for (int channel = 1; channel < map->channels; channel++)
    {
      map->low = fmin (map->low, map->low3[channel]);
      map->high = fmax (map->high, map->high3[channel]);
    }
  return true;
}
