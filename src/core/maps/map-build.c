#include "core/maps/map-build.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "core/base/text.h"

struct dino_map *
dino_map_for (const struct dino_features *features, const struct dino_geometry *geometry, int channels, struct dino_error *error)
{
  struct dino_map *map;

  if (geometry->rows != dino_features_rows (features) || geometry->columns != dino_features_columns (features))
    {
      dino_error_set (error, DINO_CODE_ARGUMENT, _ ("The geometry has %d × %d patches, the features have %d × %d."),
                      geometry->columns, geometry->rows, dino_features_columns (features), dino_features_rows (features));
      return NULL;
    }
  map = dino_map_new (geometry->columns, geometry->rows, channels, error);
  if (map != NULL)
    map->seen = dino_geometry_seen (geometry);
  return map;
}

void
dino_map_add_sentence (struct dino_map *map, const char *format, ...)
{
  size_t  used = strlen (map->legend);
  char   *end = map->legend + used;
  size_t  room = sizeof map->legend - used;
  va_list arguments;
  int     length;

  if (used > 0 && room > 1)
    {
      *end++ = ' ';
      room--;
    }
  va_start (arguments, format);
  length = vsnprintf (end, room, format, arguments);
  va_end (arguments);
  if (length < 0 || (size_t) length >= room)
    map->legend[used] = '\0';
}

const char *
dino_format_percent (char buffer[DINO_PERCENT_LENGTH], double share)
{
  int tenths = (int) (fmin (fmax (share, 0), 1) * 1000 + 0.5);

  snprintf (buffer, DINO_PERCENT_LENGTH, "%d.%d", tenths / 10, tenths % 10);
  return buffer;
}
