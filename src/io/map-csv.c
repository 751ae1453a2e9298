#include "io/map-csv.h"

#include <string.h>

#include "core/base/text.h"

/* Two whole numbers, four of a box, three values, a flag, and what is between them. */
#define LINE_LENGTH (12 * DINO_NUMBER_LENGTH)

struct line
{
  char   text[LINE_LENGTH];
  size_t length;
};

static void
add_text (struct line *line, const char *text)
{
  size_t length = strlen (text);

  if (line->length > 0)
    line->text[line->length++] = ',';
  memcpy (line->text + line->length, text, length);
  line->length += length;
}

static void
add_number (struct line *line, double value)
{
  char number[DINO_NUMBER_LENGTH];

  add_text (line, dino_format_double (number, value));
}

static void
add_value (struct line *line, float value)
{
  char number[DINO_NUMBER_LENGTH];

  add_text (line, dino_format_float (number, value));
}

static bool
write_line (struct dino_output *output, struct line *line, struct dino_error *error)
{
  line->text[line->length++] = '\n';
  return dino_output_write (output, line->text, line->length, error);
}

static bool
write_patch (struct dino_output *output, const struct dino_map *map, struct dino_box box, int row, int column, struct dino_error *error)
{
  size_t      index = (size_t) row * (size_t) map->width + (size_t) column;
  struct line line = { .length = 0 };

  add_number (&line, row);
  add_number (&line, column);
  add_number (&line, box.x0);
  add_number (&line, box.y0);
  add_number (&line, box.x1);
  add_number (&line, box.y1);
  for (int c = 0; c < map->channels; c++)
    add_value (&line, map->values[index * (size_t) map->channels + (size_t) c]);
  add_text (&line, map->valid == NULL || map->valid[index] != 0 ? "1" : "0");
  return write_line (output, &line, error);
}

bool
dino_map_write_csv (struct dino_output *output, const struct dino_map *map, const struct dino_geometry *geometry, struct dino_error *error)
{
  const char *head = map->channels == 3 ? "row,column,x0,y0,x1,y1,value1,value2,value3,valid\n" : "row,column,x0,y0,x1,y1,value,valid\n";
  bool        good;

  if (geometry->rows != map->height || geometry->columns != map->width)
    return dino_error_set (error, DINO_CODE_ARGUMENT, _ ("The geometry has %d × %d patches, the map has %d × %d."),
                           geometry->columns, geometry->rows, map->width, map->height);
  good = dino_output_write (output, head, strlen (head), error);
  for (int row = 0; good && row < map->height; row++)
    for (int column = 0; good && column < map->width; column++)
      good = write_patch (output, map, dino_geometry_patch (geometry, row, column), row, column, error);
  return good;
}
