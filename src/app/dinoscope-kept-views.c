#include "app/dinoscope-kept-views.h"

struct _DinoscopeKeptView
{
  GObject parent_instance;

  char     *title;
  GVariant *state;
};

struct _DinoscopeKeptViews
{
  GHashTable *lists; /* sha256 of a picture -> GListStore of DinoscopeKeptView */
};

G_DEFINE_FINAL_TYPE (DinoscopeKeptView, dinoscope_kept_view, G_TYPE_OBJECT)

static void
dinoscope_kept_view_finalize (GObject *object)
{
  DinoscopeKeptView *self = DINOSCOPE_KEPT_VIEW (object);

  g_free (self->title);
  g_variant_unref (self->state);

  G_OBJECT_CLASS (dinoscope_kept_view_parent_class)->finalize (object);
}

static void
dinoscope_kept_view_class_init (DinoscopeKeptViewClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = dinoscope_kept_view_finalize;
}

static void
dinoscope_kept_view_init (DinoscopeKeptView *self)
{
}

const char *
dinoscope_kept_view_get_title (DinoscopeKeptView *self)
{
  g_return_val_if_fail (DINOSCOPE_IS_KEPT_VIEW (self), NULL);

  return self->title;
}

GVariant *
dinoscope_kept_view_get_state (DinoscopeKeptView *self)
{
  g_return_val_if_fail (DINOSCOPE_IS_KEPT_VIEW (self), NULL);

  return self->state;
}

DinoscopeKeptViews *
dinoscope_kept_views_new (void)
{
  DinoscopeKeptViews *self = g_new (DinoscopeKeptViews, 1);

  self->lists = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_object_unref);
  return self;
}

void
dinoscope_kept_views_free (DinoscopeKeptViews *self)
{
  g_hash_table_unref (self->lists);
  g_free (self);
}

/* Empty, and nobody looks at it. */
static gboolean
is_idle (gpointer key, gpointer value, gpointer data)
{
  return g_list_model_get_n_items (G_LIST_MODEL (value)) == 0 && G_OBJECT (value)->ref_count == 1;
}

static GListStore *
ensure_list (DinoscopeKeptViews *self, const char *sha256)
{
  GListStore *list = g_hash_table_lookup (self->lists, sha256);

  if (list == NULL)
    {
      /* Each picture that is shown gets one; few get a view. */
      g_hash_table_foreach_remove (self->lists, is_idle, NULL);
      list = g_list_store_new (DINOSCOPE_TYPE_KEPT_VIEW);
      g_hash_table_insert (self->lists, g_strdup (sha256), list);
    }
  return list;
}

GListModel *
dinoscope_kept_views_get_list (DinoscopeKeptViews *self, const char *sha256)
{
  g_return_val_if_fail (self != NULL, NULL);
  g_return_val_if_fail (sha256 != NULL, NULL);

  return G_LIST_MODEL (ensure_list (self, sha256));
}

guint
dinoscope_kept_views_add (DinoscopeKeptViews *self, const char *sha256, const char *title, GVariant *state)
{
  GListModel                   *list = dinoscope_kept_views_get_list (self, sha256);
  g_autoptr (DinoscopeKeptView) view = NULL;
  guint                         n = g_list_model_get_n_items (list);

  for (guint i = 0; i < n; i++)
    {
      g_autoptr (DinoscopeKeptView) other = g_list_model_get_item (list, i);

      if (g_variant_equal (other->state, state))
        return i;
    }
  view = g_object_new (DINOSCOPE_TYPE_KEPT_VIEW, NULL);
  view->title = g_strdup (title);
  view->state = g_variant_ref (state);
  g_list_store_append (G_LIST_STORE (list), view);
  return n;
}

void
dinoscope_kept_views_remove (DinoscopeKeptViews *self, const char *sha256, guint index)
{
  GListModel *list = dinoscope_kept_views_get_list (self, sha256);

  if (index < g_list_model_get_n_items (list))
    g_list_store_remove (G_LIST_STORE (list), index);
}
