#include "app/dinoscope-scatter-rows.h"

struct _DinoscopeScatterRow
{
  GObject parent_instance;

  guint32  first, second;
  gboolean is_pair;
  double   cosine;
};

struct _DinoscopeScatterRows
{
  GObject parent_instance;

  guint32          *rows;  /* [n], ascending; or */
  struct dino_pair *pairs; /* [n] */
  guint             n;
};

static void list_model_init (GListModelInterface *interface);

G_DEFINE_FINAL_TYPE (DinoscopeScatterRow, dinoscope_scatter_row, G_TYPE_OBJECT)
G_DEFINE_FINAL_TYPE_WITH_CODE (DinoscopeScatterRows, dinoscope_scatter_rows, G_TYPE_OBJECT, G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, list_model_init))

static void
dinoscope_scatter_row_class_init (DinoscopeScatterRowClass *klass)
{
}

static void
dinoscope_scatter_row_init (DinoscopeScatterRow *self)
{
}

guint32
dinoscope_scatter_row_get_first (DinoscopeScatterRow *self)
{
  return self->first;
}

gboolean
dinoscope_scatter_row_get_pair (DinoscopeScatterRow *self, guint32 *second, double *cosine)
{
  if (!self->is_pair)
    return FALSE;
  *second = self->second;
  *cosine = self->cosine;
  return TRUE;
}

static GType
get_item_type (GListModel *model)
{
  return DINOSCOPE_TYPE_SCATTER_ROW;
}

static guint
get_n_items (GListModel *model)
{
  return DINOSCOPE_SCATTER_ROWS (model)->n;
}

static gpointer
get_item (GListModel *model, guint position)
{
  DinoscopeScatterRows *self = DINOSCOPE_SCATTER_ROWS (model);
  DinoscopeScatterRow  *row;

  if (position >= self->n)
    return NULL;
  row = g_object_new (DINOSCOPE_TYPE_SCATTER_ROW, NULL);
  row->is_pair = self->pairs != NULL;
  row->first = self->pairs != NULL ? (guint32) self->pairs[position].first : self->rows[position];
  row->second = self->pairs != NULL ? (guint32) self->pairs[position].second : 0;
  row->cosine = self->pairs != NULL ? (double) self->pairs[position].cosine : 0;
  return row;
}

static void
list_model_init (GListModelInterface *interface)
{
  interface->get_item_type = get_item_type;
  interface->get_n_items = get_n_items;
  interface->get_item = get_item;
}

static void
dinoscope_scatter_rows_finalize (GObject *object)
{
  g_free (DINOSCOPE_SCATTER_ROWS (object)->rows);
  g_free (DINOSCOPE_SCATTER_ROWS (object)->pairs);

  G_OBJECT_CLASS (dinoscope_scatter_rows_parent_class)->finalize (object);
}

static void
dinoscope_scatter_rows_class_init (DinoscopeScatterRowsClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = dinoscope_scatter_rows_finalize;
}

static void
dinoscope_scatter_rows_init (DinoscopeScatterRows *self)
{
}

DinoscopeScatterRows *
dinoscope_scatter_rows_new (void)
{
  return g_object_new (DINOSCOPE_TYPE_SCATTER_ROWS, NULL);
}

static void
replace (DinoscopeScatterRows *self, guint32 *rows, struct dino_pair *pairs, guint n)
{
  const guint before = self->n;

  g_free (self->rows);
  g_free (self->pairs);
  self->rows = rows;
  self->pairs = pairs;
  self->n = n;
  g_list_model_items_changed (G_LIST_MODEL (self), 0, before, n);
}

void
dinoscope_scatter_rows_set (DinoscopeScatterRows *self, gsize n, const guint8 *selected)
{
  guint32 *rows = g_new (guint32, n);
  guint    count = 0;

  for (gsize row = 0; row < n; row++)
    if (selected == NULL || selected[row] != 0)
      rows[count++] = (guint32) row;
  replace (self, rows, NULL, count);
}

void
dinoscope_scatter_rows_set_pairs (DinoscopeScatterRows *self, const struct dino_pair *pairs, gsize n)
{
  replace (self, NULL, g_memdup2 (pairs, n * sizeof *pairs), (guint) n);
}

gboolean
dinoscope_scatter_rows_find (DinoscopeScatterRows *self, guint32 row, guint *position)
{
  guint low = 0, high = self->rows != NULL ? self->n : 0;

  while (low < high)
    {
      const guint middle = low + (high - low) / 2;

      if (self->rows[middle] < row)
        low = middle + 1;
      else
        high = middle;
    }
  *position = low;
  return self->rows != NULL && low < self->n && self->rows[low] == row;
}
