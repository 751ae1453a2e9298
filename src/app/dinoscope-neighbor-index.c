#include "app/dinoscope-neighbor-index.h"

#include <glib/gi18n-lib.h>

#include "engine/dinoscope-error.h"
#include "engine/dinoscope-paths-private.h"
#include "io/table-match.h"

/* Pictures that are looked for to find out where all of them are. */
#define LOOKED_FOR 3

struct _DinoscopeNeighborIndex
{
  GObject parent_instance;

  GFile             *folder;
  char              *title;
  GFile             *pictures;
  struct dino_index *index;

  struct dino_table *texts;
  gsize             *text_rows; /* [n] or DINO_TABLE_NO_ROW */
  int                text_column;
};

enum
{
  PROP_PICTURES = 1,
  N_PROPS
};

G_DEFINE_FINAL_TYPE (DinoscopeNeighborIndex, dinoscope_neighbor_index, G_TYPE_OBJECT)

static GParamSpec *properties[N_PROPS];
static guint       texts_changed_signal;

static void
dinoscope_neighbor_index_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  switch (id)
    {
    case PROP_PICTURES:
      g_value_set_object (value, DINOSCOPE_NEIGHBOR_INDEX (object)->pictures);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
dinoscope_neighbor_index_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  switch (id)
    {
    case PROP_PICTURES:
      dinoscope_neighbor_index_set_pictures (DINOSCOPE_NEIGHBOR_INDEX (object), g_value_get_object (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
dinoscope_neighbor_index_finalize (GObject *object)
{
  DinoscopeNeighborIndex *self = DINOSCOPE_NEIGHBOR_INDEX (object);

  g_clear_object (&self->folder);
  g_clear_object (&self->pictures);
  g_free (self->title);
  g_free (self->text_rows);
  g_clear_pointer (&self->texts, dino_table_free);
  g_clear_pointer (&self->index, dino_index_free);

  G_OBJECT_CLASS (dinoscope_neighbor_index_parent_class)->finalize (object);
}

static void
dinoscope_neighbor_index_class_init (DinoscopeNeighborIndexClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = dinoscope_neighbor_index_get_property;
  object_class->set_property = dinoscope_neighbor_index_set_property;
  object_class->finalize = dinoscope_neighbor_index_finalize;

  properties[PROP_PICTURES] = g_param_spec_object ("pictures", NULL, NULL, G_TYPE_FILE, G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  texts_changed_signal = g_signal_new ("texts-changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
dinoscope_neighbor_index_init (DinoscopeNeighborIndex *self)
{
}

static void
look_for_pictures (DinoscopeNeighborIndex *self)
{
  g_autoptr (GFile) above = g_file_get_parent (self->folder);

  if (dinoscope_neighbor_index_are_pictures_in (self, self->folder))
    self->pictures = g_object_ref (self->folder);
  else if (above != NULL && dinoscope_neighbor_index_are_pictures_in (self, above))
    self->pictures = g_steal_pointer (&above);
}

static bool
go_on (void *data, int done, int total)
{
  return !g_cancellable_is_cancelled (data);
}

static void
open_in_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  GFile                             *folder = task_data;
  const struct dino_progress         progress = { .func = go_on, .data = cancellable };
  g_autoptr (DinoscopeNeighborIndex) self = NULL;
  struct dino_error                  core_error = { 0 };
  GError                            *error = NULL;

  if (g_file_peek_path (folder) == NULL)
    {
      g_task_return_new_error (task, DINOSCOPE_ERROR, DINOSCOPE_ERROR_FAILED, _ ("Only a folder of this computer can be opened."));
      return;
    }
  self = g_object_new (DINOSCOPE_TYPE_NEIGHBOR_INDEX, NULL);
  self->folder = g_object_ref (folder);
  self->title = dinoscope_display_base (folder);
  self->index = dino_index_open_any (g_file_peek_path (folder), DINO_EMBEDDING_CLS, false, &progress, &core_error);
  if (self->index == NULL)
    {
      dinoscope_set_error (&error, &core_error, DINOSCOPE_ERROR_FAILED);
      g_task_return_error (task, error);
      return;
    }
  look_for_pictures (self);
  g_task_return_pointer (task, g_steal_pointer (&self), g_object_unref);
}

void
dinoscope_neighbor_index_open_async (GFile *folder, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);

  g_task_set_name (task, "[dinoscope] index");
  g_task_set_task_data (task, g_object_ref (folder), g_object_unref);
  g_task_run_in_thread (task, open_in_thread);
}

DinoscopeNeighborIndex *
dinoscope_neighbor_index_open_finish (GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, NULL), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

GFile *
dinoscope_neighbor_index_get_folder (DinoscopeNeighborIndex *self)
{
  return self->folder;
}

const char *
dinoscope_neighbor_index_get_title (DinoscopeNeighborIndex *self)
{
  return self->title;
}

const struct dino_index *
dinoscope_neighbor_index_get_core (DinoscopeNeighborIndex *self)
{
  return self->index;
}

GFile *
dinoscope_neighbor_index_get_pictures (DinoscopeNeighborIndex *self)
{
  return self->pictures;
}

void
dinoscope_neighbor_index_set_pictures (DinoscopeNeighborIndex *self, GFile *folder)
{
  g_return_if_fail (folder == NULL || G_IS_FILE (folder));

  if (g_set_object (&self->pictures, folder))
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_PICTURES]);
}

gboolean
dinoscope_neighbor_index_are_pictures_in (DinoscopeNeighborIndex *self, GFile *folder)
{
  const gsize n = MIN (dino_index_n_pictures (self->index), LOOKED_FOR);

  for (gsize i = 0; i < n; i++)
    {
      g_autoptr (GFile) file = g_file_resolve_relative_path (folder, dino_index_name (self->index, i));

      if (!g_file_query_exists (file, NULL))
        return FALSE;
    }
  return TRUE;
}

GFile *
dinoscope_neighbor_index_dup_file (DinoscopeNeighborIndex *self, gsize picture)
{
  return self->pictures != NULL ? g_file_resolve_relative_path (self->pictures, dino_index_name (self->index, picture)) : NULL;
}

/* Texts. */

static const char *
name_of (const void *data, size_t index)
{
  return dino_index_name (data, index);
}

static int
find_text_column (const struct dino_table *table)
{
  static const char *const usual[] = { "text", "report" };

  for (guint i = 0; i < G_N_ELEMENTS (usual); i++)
    if (dino_table_find (table, usual[i]) >= 0)
      return dino_table_find (table, usual[i]);
  return dino_table_n_columns (table) - 1;
}

gboolean
dinoscope_neighbor_index_read_texts (DinoscopeNeighborIndex *self, GFile *file, gsize *n_matched, GError **error)
{
  const gsize        n = dino_index_n_pictures (self->index);
  struct dino_error  core_error = { 0 };
  struct dino_table *table;
  g_autofree gsize  *rows = g_new (gsize, n);

  *n_matched = 0;
  if (g_file_peek_path (file) == NULL)
    {
      g_set_error_literal (error, DINOSCOPE_ERROR, DINOSCOPE_ERROR_FAILED, _ ("Only files of this computer can be read."));
      return FALSE;
    }
  table = dino_table_read (g_file_peek_path (file), &core_error);
  if (table == NULL || !dino_table_match (table, NULL, name_of, self->index, n, rows, &core_error))
    {
      dino_table_free (table);
      dinoscope_set_error (error, &core_error, DINOSCOPE_ERROR_FAILED);
      return FALSE;
    }
  for (gsize i = 0; i < n; i++)
    *n_matched += rows[i] != DINO_TABLE_NO_ROW;
  if (*n_matched == 0)
    {
      g_set_error (error, DINOSCOPE_ERROR, DINOSCOPE_ERROR_FAILED, _ ("“%s” tells of none of the index's pictures."), dino_table_path (table));
      dino_table_free (table);
      return FALSE;
    }
  g_clear_pointer (&self->texts, dino_table_free);
  g_free (self->text_rows);
  self->texts = table;
  self->text_rows = g_steal_pointer (&rows);
  self->text_column = find_text_column (table);
  g_signal_emit (self, texts_changed_signal, 0);
  return TRUE;
}

gboolean
dinoscope_neighbor_index_has_texts (DinoscopeNeighborIndex *self)
{
  return self->texts != NULL;
}

const char *
dinoscope_neighbor_index_get_text (DinoscopeNeighborIndex *self, gsize picture)
{
  return self->texts != NULL && self->text_rows[picture] != DINO_TABLE_NO_ROW ? dino_table_get (self->texts, self->text_rows[picture], self->text_column) : "";
}
