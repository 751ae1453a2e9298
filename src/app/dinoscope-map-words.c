#include "app/dinoscope-map-words.h"

#include <glib/gi18n-lib.h>

typedef struct
{
  float value;
  int   place; /* row * columns + column */
} Cell;

/* The largest first, of equal ones the first in the order of reading. */
static int
compare_cells (gconstpointer a, gconstpointer b)
{
  const Cell *one = a, *other = b;

  if (one->value != other->value)
    return one->value > other->value ? -1 : 1;
  return one->place - other->place;
}

static GArray *
sort_cells (const struct dino_map *map)
{
  GArray *cells = g_array_sized_new (FALSE, FALSE, sizeof (Cell), (guint) (map->width * map->height));

  for (int place = 0; place < map->width * map->height; place++)
    if (map->valid == NULL || map->valid[place])
      {
        const Cell cell = { map->values[place], place };

        g_array_append_val (cells, cell);
      }
  g_array_sort (cells, compare_cells);
  return cells;
}

static char *
format_value (double value)
{
  return g_strdup_printf ("%.3g", value);
}

/* A ninth of the picture, as one would point at it. */
static const char *
name_place (const struct dino_map *map, int place)
{
  const char *const names[3][3] = {
    { _ ("upper left"), _ ("upper middle"), _ ("upper right") },
    { _ ("middle left"), _ ("middle"), _ ("middle right") },
    { _ ("lower left"), _ ("lower middle"), _ ("lower right") },
  };

  return names[3 * (place / map->width) / map->height][3 * (place % map->width) / map->width];
}

static char *
describe_cell (const struct dino_map *map, const Cell *cell)
{
  g_autofree char *value = format_value ((double) cell->value);

  /* Translators: a value and where it lies. */
  return g_strdup_printf (_ ("%s at row %d, column %d, %s"), value, cell->place / map->width, cell->place % map->width, name_place (map, cell->place));
}

/* How many of the strongest patches hold half of everything; 0 where that means nothing. */
static guint
count_half (const GArray *cells)
{
  double total = 0, sum = 0;
  guint  n = 0;

  for (guint i = 0; i < cells->len; i++)
    {
      const double value = (double) g_array_index (cells, Cell, i).value;

      if (value < 0)
        return 0;
      total += value;
    }
  while (n < cells->len && sum < total / 2)
    sum += (double) g_array_index (cells, Cell, n++).value;
  return n;
}

static void
describe_values (const struct dino_map *map, GString *text)
{
  g_autoptr (GArray) cells = sort_cells (map);
  g_autofree char   *largest = NULL;
  g_autofree char   *smallest = NULL;
  guint              half;

  if (cells->len == 0)
    {
      g_string_append (text, _ ("It has no values here."));
      return;
    }
  largest = describe_cell (map, &g_array_index (cells, Cell, 0));
  smallest = describe_cell (map, &g_array_index (cells, Cell, cells->len - 1));
  g_string_append_printf (text, _ ("Largest %s; smallest %s."), largest, smallest);
  half = count_half (cells);
  if (half > 0)
    {
      g_string_append_c (text, ' ');
      g_string_append_printf (text, ngettext ("Half of its sum lies in %u of %u patch.", "Half of its sum lies in %u of %u patches.", cells->len), half, cells->len);
    }
}

/* Tokens that have no place in the picture. */
static void
describe_tokens (const struct dino_map *map, GString *text)
{
  g_autoptr (GString) tokens = g_string_new (NULL);

  for (int i = 0; i < map->n_cells; i++)
    {
      g_autofree char *value = format_value ((double) map->cells[i].value);

      g_string_append_printf (tokens, "%s%s %s", i > 0 ? ", " : "", map->cells[i].label, value);
    }
  if (map->n_cells > 0)
    {
      g_string_append_c (text, ' ');
      g_string_append_printf (text, _ ("Beside the map: %s."), tokens->str);
    }
}

char *
dinoscope_map_describe (DinoscopeMap *map)
{
  const struct dino_map *core;
  g_autoptr (GString)    text = NULL;

  g_return_val_if_fail (DINOSCOPE_IS_MAP (map), NULL);

  core = dinoscope_map_get_core (map);
  text = g_string_new (NULL);
  g_string_append_printf (text, _ ("Map: %s."), core->title);
  g_string_append_c (text, ' ');
  if (core->channels == 1)
    describe_values (core, text);
  else
    g_string_append_printf (text, _ ("Red, green and blue are %s, %s and %s."), core->component_names[0], core->component_names[1], core->component_names[2]);
  describe_tokens (core, text);
  return g_string_free (g_steal_pointer (&text), FALSE);
}
