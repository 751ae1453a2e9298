/* DinoscopeWindow: opens indexes, and shows the same collection in the pane of
 * nearest films and, by the session, on the map. */
#include "app/dinoscope-window-private.h"

static gboolean
is_of (DinoscopeCollection *collection, DinoscopeNeighborIndex *index)
{
  return collection != NULL && g_file_equal (dinoscope_collection_get_folder (collection), dinoscope_neighbor_index_get_folder (index));
}

/* Where the pictures are is told to one of them and known to both. */
static void
share_pictures (DinoscopeCollection *collection, DinoscopeNeighborIndex *index)
{
  if (dinoscope_collection_get_pictures (collection) == NULL)
    dinoscope_collection_set_pictures (collection, dinoscope_neighbor_index_get_pictures (index));
  g_object_bind_property (collection, "pictures", index, "pictures", G_BINDING_BIDIRECTIONAL | G_BINDING_SYNC_CREATE);
}

static void
collection_opened_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (DinoscopeWindow)        self = data;
  g_autoptr (GError)                 error = NULL;
  g_autoptr (DinoscopeCollection)    collection = dinoscope_collection_open_finish (result, &error);
  g_autoptr (DinoscopeNeighborIndex) index = NULL;

  if (self->neighbor_pane == NULL || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  if (collection == NULL)
    {
      dinoscope_window_tell (self, error->message);
      return;
    }
  g_object_get (self->neighbor_pane, "index", &index, NULL);
  if (index != NULL && is_of (collection, index))
    share_pictures (collection, index);
  g_set_weak_pointer (&self->followed, collection);
  dinoscope_session_set_collection (self->session, collection);
}

/* A map shows a point for each picture, so patches are for the pane alone. */
static void
show_on_map (DinoscopeWindow *self, DinoscopeNeighborIndex *index)
{
  DinoscopeCollection *collection = dinoscope_session_get_collection (self->session);

  g_set_weak_pointer (&self->followed, collection);
  if (is_of (collection, index))
    share_pictures (collection, index);
  else if (dino_index_what (dinoscope_neighbor_index_get_core (index)) != DINO_EMBEDDING_PATCHES)
    dinoscope_collection_open_async (dinoscope_neighbor_index_get_folder (index), self->index_cancellable, collection_opened_cb, g_object_ref (self));
}

/* The index that was opened is put into the pane. NULL after telling why not. (transfer none) */
static DinoscopeNeighborIndex *
take_index (DinoscopeWindow *self, GAsyncResult *result)
{
  g_autoptr (GError)                 error = NULL;
  g_autoptr (DinoscopeNeighborIndex) index = dinoscope_neighbor_index_open_finish (result, &error);

  if (self->neighbor_pane == NULL || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return NULL;
  if (index == NULL)
    {
      dinoscope_window_tell (self, error->message);
      return NULL;
    }
  dinoscope_neighbor_pane_set_index (self->neighbor_pane, index);
  return index;
}

static void
opened_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (DinoscopeWindow) self = data;
  DinoscopeNeighborIndex     *index = take_index (self, result);

  if (index == NULL)
    return;
  show_on_map (self, index);
  g_object_set (self, "neighbors-visible", TRUE, NULL);
}

static void
followed_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (DinoscopeWindow) self = data;
  DinoscopeNeighborIndex     *index = take_index (self, result);

  if (index != NULL && is_of (dinoscope_session_get_collection (self->session), index))
    share_pictures (dinoscope_session_get_collection (self->session), index);
}

static void
stop (DinoscopeWindow *self)
{
  if (self->index_cancellable != NULL)
    g_cancellable_cancel (self->index_cancellable);
  g_clear_object (&self->index_cancellable);
}

static void
open_folder (DinoscopeWindow *self, GFile *folder, GAsyncReadyCallback callback)
{
  stop (self);
  self->index_cancellable = g_cancellable_new ();
  dinoscope_neighbor_index_open_async (folder, self->index_cancellable, callback, g_object_ref (self));
}

static gboolean
has_file (GFile *folder, const char *name)
{
  g_autoptr (GFile) file = g_file_get_child (folder, name);

  return g_file_peek_path (file) != NULL && g_file_test (g_file_peek_path (file), G_FILE_TEST_IS_REGULAR);
}

gboolean
dinoscope_window_is_index (GFile *file)
{
  return has_file (file, "index.json") || has_file (file, "embed.json");
}

void
dinoscope_window_open_index (DinoscopeWindow *self, GFile *folder)
{
  g_return_if_fail (DINOSCOPE_IS_WINDOW (self));
  g_return_if_fail (G_IS_FILE (folder));

  open_folder (self, folder, opened_cb);
}

void
dinoscope_window_close_index (DinoscopeWindow *self)
{
  stop (self);
  dinoscope_neighbor_pane_set_index (self->neighbor_pane, NULL);
}

/* A collection that was embedded or opened elsewhere is what the pane searches
 * in, too, once the pane is wanted: rows are not read for nothing. What a person
 * then opens or closes in the pane stays so until there is another collection. */
static void
follow (DinoscopeWindow *self)
{
  DinoscopeCollection *collection = dinoscope_session_get_collection (self->session);

  if (!self->neighbors_visible || collection == NULL || collection == self->followed)
    return;
  g_set_weak_pointer (&self->followed, collection);
  open_folder (self, dinoscope_collection_get_folder (collection), followed_cb);
}

void
dinoscope_window_index_init (DinoscopeWindow *self)
{
  g_signal_connect_object (self->session, "notify::collection", G_CALLBACK (follow), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self, "notify::neighbors-visible", G_CALLBACK (follow), self, G_CONNECT_SWAPPED);
}

void
dinoscope_window_index_dispose (DinoscopeWindow *self)
{
  stop (self);
  g_clear_weak_pointer (&self->followed);
}
