#include "app/dinoscope-neighbor-list.h"

struct _DinoscopeNeighbor
{
  GObject parent_instance;

  DinoscopeNeighborIndex *index;
  guint                   rank;
  struct dino_hit         hit;
};

G_DEFINE_FINAL_TYPE (DinoscopeNeighbor, dinoscope_neighbor, G_TYPE_OBJECT)

static void
dinoscope_neighbor_finalize (GObject *object)
{
  g_clear_object (&DINOSCOPE_NEIGHBOR (object)->index);

  G_OBJECT_CLASS (dinoscope_neighbor_parent_class)->finalize (object);
}

static void
dinoscope_neighbor_class_init (DinoscopeNeighborClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = dinoscope_neighbor_finalize;
}

static void
dinoscope_neighbor_init (DinoscopeNeighbor *self)
{
}

DinoscopeNeighborIndex *
dinoscope_neighbor_get_index (DinoscopeNeighbor *self)
{
  return self->index;
}

guint
dinoscope_neighbor_get_rank (DinoscopeNeighbor *self)
{
  return self->rank;
}

gsize
dinoscope_neighbor_get_picture (DinoscopeNeighbor *self)
{
  return self->hit.row / dino_index_n_patches (dinoscope_neighbor_index_get_core (self->index));
}

float
dinoscope_neighbor_get_cosine (DinoscopeNeighbor *self)
{
  return self->hit.cosine;
}

const char *
dinoscope_neighbor_get_name (DinoscopeNeighbor *self)
{
  return dino_index_name (dinoscope_neighbor_index_get_core (self->index), dinoscope_neighbor_get_picture (self));
}

gboolean
dinoscope_neighbor_get_patch (DinoscopeNeighbor *self, int *row, int *column)
{
  const struct dino_index *index = dinoscope_neighbor_index_get_core (self->index);
  const gsize              patch = self->hit.row % dino_index_n_patches (index);
  gsize                    columns;

  if (dino_index_what (index) != DINO_EMBEDDING_PATCHES || !dino_index_grid_columns (index, &columns))
    return FALSE;
  *row = (int) (patch / columns);
  *column = (int) (patch % columns);
  return TRUE;
}

/* The list. */

struct _DinoscopeNeighborList
{
  GObject parent_instance;

  DinoscopeNeighborIndex *index;
  GArray                 *hits; /* struct dino_hit; NULL: none */
};

static GType
get_item_type (GListModel *model)
{
  return DINOSCOPE_TYPE_NEIGHBOR;
}

static guint
get_n_items (GListModel *model)
{
  DinoscopeNeighborList *self = DINOSCOPE_NEIGHBOR_LIST (model);

  return self->hits != NULL ? self->hits->len : 0;
}

static gpointer
get_item (GListModel *model, guint position)
{
  DinoscopeNeighborList *self = DINOSCOPE_NEIGHBOR_LIST (model);
  DinoscopeNeighbor     *item;

  if (position >= get_n_items (model))
    return NULL;
  item = g_object_new (DINOSCOPE_TYPE_NEIGHBOR, NULL);
  item->index = g_object_ref (self->index);
  item->rank = position + 1;
  item->hit = g_array_index (self->hits, struct dino_hit, position);
  return item;
}

static void
list_model_init (GListModelInterface *iface)
{
  iface->get_item_type = get_item_type;
  iface->get_n_items = get_n_items;
  iface->get_item = get_item;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (DinoscopeNeighborList, dinoscope_neighbor_list, G_TYPE_OBJECT, G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, list_model_init))

static void
dinoscope_neighbor_list_finalize (GObject *object)
{
  DinoscopeNeighborList *self = DINOSCOPE_NEIGHBOR_LIST (object);

  g_clear_object (&self->index);
  g_clear_pointer (&self->hits, g_array_unref);

  G_OBJECT_CLASS (dinoscope_neighbor_list_parent_class)->finalize (object);
}

static void
dinoscope_neighbor_list_class_init (DinoscopeNeighborListClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = dinoscope_neighbor_list_finalize;
}

static void
dinoscope_neighbor_list_init (DinoscopeNeighborList *self)
{
}

DinoscopeNeighborList *
dinoscope_neighbor_list_new (void)
{
  return g_object_new (DINOSCOPE_TYPE_NEIGHBOR_LIST, NULL);
}

void
dinoscope_neighbor_list_set (DinoscopeNeighborList *self, DinoscopeNeighborIndex *index, GArray *hits)
{
  const guint before = get_n_items (G_LIST_MODEL (self));

  g_set_object (&self->index, index);
  if (hits != NULL)
    g_array_ref (hits);
  g_clear_pointer (&self->hits, g_array_unref);
  self->hits = hits;
  g_list_model_items_changed (G_LIST_MODEL (self), 0, before, get_n_items (G_LIST_MODEL (self)));
}
