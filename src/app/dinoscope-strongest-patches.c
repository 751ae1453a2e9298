#include "app/dinoscope-strongest-patches.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "app/dinoscope-facts.h"

struct _DinoscopeStrongPatch
{
  GObject parent_instance;

  double numbers[DINOSCOPE_N_STRONG];
};

G_DEFINE_FINAL_TYPE (DinoscopeStrongPatch, dinoscope_strong_patch, G_TYPE_OBJECT)

static guint changed_signal;

static void
dinoscope_strong_patch_class_init (DinoscopeStrongPatchClass *klass)
{
  changed_signal = g_signal_new ("changed", DINOSCOPE_TYPE_STRONG_PATCH, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
dinoscope_strong_patch_init (DinoscopeStrongPatch *self)
{
}

DinoscopePatch
dinoscope_strong_patch_get_patch (DinoscopeStrongPatch *self)
{
  return (DinoscopePatch){ (int) self->numbers[DINOSCOPE_STRONG_ROW], (int) self->numbers[DINOSCOPE_STRONG_COLUMN] };
}

double
dinoscope_strong_patch_get_number (DinoscopeStrongPatch *self, DinoscopeStrongNumber number)
{
  g_return_val_if_fail (DINOSCOPE_IS_STRONG_PATCH (self), (double) NAN);

  return self->numbers[number];
}

void
dinoscope_strong_patch_assign (DinoscopeStrongPatch *self, DinoscopeStrongPatch *other)
{
  g_return_if_fail (DINOSCOPE_IS_STRONG_PATCH (self));
  g_return_if_fail (DINOSCOPE_IS_STRONG_PATCH (other));

  memcpy (self->numbers, other->numbers, sizeof self->numbers);
  g_signal_emit (self, changed_signal, 0);
}

static char *
format_exactly (double value)
{
  char buffer[G_ASCII_DTOSTR_BUF_SIZE];

  return g_strdup (g_ascii_formatd (buffer, sizeof buffer, "%.9g", value));
}

/* Three significant digits, zeros at the end too, so that a column is even. */
static char *
format_evenly (double value)
{
  if (fabs (value) < 1e-3 || fabs (value) >= 100)
    return dinoscope_format_value (value);
  return g_strdup_printf ("%s%#.3g", value < 0 ? "\u2212" : "", fabs (value));
}

char *
dinoscope_strong_patch_format (DinoscopeStrongPatch *self, DinoscopeStrongNumber number, gboolean exact)
{
  double value;

  g_return_val_if_fail (DINOSCOPE_IS_STRONG_PATCH (self), NULL);

  value = self->numbers[number];
  if (isnan (value))
    return g_strdup (exact ? "" : "–");
  if (exact)
    return format_exactly (value);
  switch (number)
    {
    case DINOSCOPE_STRONG_RANK:
    case DINOSCOPE_STRONG_ROW:
    case DINOSCOPE_STRONG_COLUMN:
      return g_strdup_printf ("%.0f", value);
    case DINOSCOPE_STRONG_PERCENTILE:
      return g_strdup_printf ("%.1f", value);
    case DINOSCOPE_STRONG_COSINE:
      return g_strdup_printf ("%s%.3f", value < 0 ? "\u2212" : "", fabs (value));
    case DINOSCOPE_STRONG_VALUE:
    case DINOSCOPE_STRONG_NORM:
    case DINOSCOPE_N_STRONG:
    default:
      return format_evenly (value);
    }
}

const char *
dinoscope_strong_number_title (DinoscopeStrongNumber number)
{
  static const char *const titles[] = { N_ ("Rank"), N_ ("Row"), N_ ("Col."), N_ ("Value"), N_ ("Perc."), N_ ("Cos"), N_ ("Norm") };

  return _ (titles[number]);
}

typedef struct
{
  float value;
  guint cell;
} Cell;

static int
compare_cells (const void *a, const void *b)
{
  const Cell *first = a, *second = b;

  if (first->value != second->value)
    return first->value < second->value ? 1 : -1;
  return (first->cell > second->cell) - (first->cell < second->cell);
}

/* The map's valid cells, the largest first. (element-type Cell) */
static GArray *
sort_cells (const struct dino_map *map)
{
  guint   n = (guint) map->width * (guint) map->height;
  GArray *cells = g_array_sized_new (FALSE, FALSE, sizeof (Cell), n);

  for (guint i = 0; i < n; i++)
    {
      const Cell cell = { map->values[(gsize) i * (gsize) map->channels], i };

      if (map->valid == NULL || map->valid[i])
        g_array_append_val (cells, cell);
    }
  qsort (cells->data, cells->len, sizeof (Cell), compare_cells);
  return cells;
}

/* first is the first cell, in the order of size, with the value of this one. */
static DinoscopeStrongPatch *
new_patch (DinoscopePatchNumbers *numbers, const struct dino_map *map, const GArray *cells, guint index, guint first)
{
  const Cell           *cell = &g_array_index (cells, Cell, index);
  guint                 row = cell->cell / (guint) map->width, column = cell->cell % (guint) map->width;
  DinoscopeStrongPatch *patch = g_object_new (DINOSCOPE_TYPE_STRONG_PATCH, NULL);

  patch->numbers[DINOSCOPE_STRONG_RANK] = first + 1;
  patch->numbers[DINOSCOPE_STRONG_ROW] = row;
  patch->numbers[DINOSCOPE_STRONG_COLUMN] = column;
  patch->numbers[DINOSCOPE_STRONG_VALUE] = (double) cell->value;
  patch->numbers[DINOSCOPE_STRONG_PERCENTILE] = 100.0 * (cells->len - first) / cells->len;
  if (!dinoscope_patch_numbers_cosine (numbers, row, column, &patch->numbers[DINOSCOPE_STRONG_COSINE]))
    patch->numbers[DINOSCOPE_STRONG_COSINE] = (double) NAN;
  if (!dinoscope_patch_numbers_norm (numbers, row, column, &patch->numbers[DINOSCOPE_STRONG_NORM]))
    patch->numbers[DINOSCOPE_STRONG_NORM] = (double) NAN;
  return patch;
}

GListModel *
dinoscope_strongest_patches (DinoscopePage *page, guint n)
{
  DinoscopeMap          *map = dinoscope_page_get_map (page);
  DinoscopePatchNumbers *numbers = dinoscope_page_get_numbers (page);
  GListStore            *store = g_list_store_new (DINOSCOPE_TYPE_STRONG_PATCH);
  g_autoptr (GArray)     cells = NULL;
  guint                  first = 0;

  if (map == NULL)
    return G_LIST_MODEL (store);
  cells = sort_cells (dinoscope_map_get_core (map));
  for (guint i = 0; i < MIN (n, cells->len); i++)
    {
      g_autoptr (DinoscopeStrongPatch) patch = NULL;

      if (g_array_index (cells, Cell, i).value != g_array_index (cells, Cell, first).value)
        first = i;
      patch = new_patch (numbers, dinoscope_map_get_core (map), cells, i, first);
      g_list_store_append (store, patch);
    }
  return G_LIST_MODEL (store);
}

char *
dinoscope_strong_patches_to_tsv (GListModel *patches)
{
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint number = 0; number < DINOSCOPE_N_STRONG; number++)
    g_string_append_printf (text, "%s%s", number > 0 ? "\t" : "", dinoscope_strong_number_title (number));
  g_string_append_c (text, '\n');
  for (guint i = 0; i < g_list_model_get_n_items (patches); i++)
    {
      g_autoptr (DinoscopeStrongPatch) patch = g_list_model_get_item (patches, i);

      for (guint number = 0; number < DINOSCOPE_N_STRONG; number++)
        {
          g_autofree char *value = dinoscope_strong_patch_format (patch, number, TRUE);

          g_string_append_printf (text, "%s%s", number > 0 ? "\t" : "", value);
        }
      g_string_append_c (text, '\n');
    }
  return g_string_free (g_steal_pointer (&text), FALSE);
}
