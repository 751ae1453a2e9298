#include "app/dinoscope-collection.h"

#include <glib/gi18n-lib.h>

#include "engine/dinoscope-error.h"
#include "engine/dinoscope-paths-private.h"
#include "io/index.h"
#include "io/table-match.h"

/* Pictures that are looked for to find out where all of them are. */
#define LOOKED_FOR 3

struct _DinoscopeCollection
{
  GObject parent_instance;

  GFile                  *folder;
  char                   *title;
  GFile                  *pictures;
  struct dino_embeddings *embeddings; /* or */
  struct dino_index      *index;
  GHashTable             *rows; /* hash of pixels -> row + 1, texts of the embeddings */

  /* A person's table. */
  struct dino_table *table;
  gsize             *table_rows; /* [n] or DINO_TABLE_NO_ROW */
};

enum
{
  PROP_PICTURES = 1,
  N_PROPS
};

G_DEFINE_FINAL_TYPE (DinoscopeCollection, dinoscope_collection, G_TYPE_OBJECT)

static GParamSpec *properties[N_PROPS];
static guint       columns_changed_signal;

static void
dinoscope_collection_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  DinoscopeCollection *self = DINOSCOPE_COLLECTION (object);

  switch (id)
    {
    case PROP_PICTURES:
      g_value_set_object (value, self->pictures);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
dinoscope_collection_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  DinoscopeCollection *self = DINOSCOPE_COLLECTION (object);

  switch (id)
    {
    case PROP_PICTURES:
      dinoscope_collection_set_pictures (self, g_value_get_object (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
dinoscope_collection_finalize (GObject *object)
{
  DinoscopeCollection *self = DINOSCOPE_COLLECTION (object);

  g_clear_object (&self->folder);
  g_clear_object (&self->pictures);
  g_free (self->title);
  g_free (self->table_rows);
  g_clear_pointer (&self->rows, g_hash_table_unref);
  g_clear_pointer (&self->table, dino_table_free);
  g_clear_pointer (&self->embeddings, dino_embeddings_free);
  g_clear_pointer (&self->index, dino_index_free);

  G_OBJECT_CLASS (dinoscope_collection_parent_class)->finalize (object);
}

static void
dinoscope_collection_class_init (DinoscopeCollectionClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = dinoscope_collection_get_property;
  object_class->set_property = dinoscope_collection_set_property;
  object_class->finalize = dinoscope_collection_finalize;

  properties[PROP_PICTURES] = g_param_spec_object ("pictures", NULL, NULL, G_TYPE_FILE, G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  columns_changed_signal = g_signal_new ("columns-changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
dinoscope_collection_init (DinoscopeCollection *self)
{
  self->rows = g_hash_table_new (g_str_hash, g_str_equal);
}

static void
fill_rows (DinoscopeCollection *self)
{
  for (gsize row = self->embeddings != NULL ? dinoscope_collection_get_n_rows (self) : 0; row > 0; row--)
    g_hash_table_insert (self->rows, (gpointer) dino_embeddings_pixels_sha256 (self->embeddings, row - 1), GSIZE_TO_POINTER (row));
}

static void
look_for_pictures (DinoscopeCollection *self)
{
  g_autoptr (GFile) above = g_file_get_parent (self->folder);

  if (dinoscope_collection_are_pictures_in (self, self->folder))
    self->pictures = g_object_ref (self->folder);
  else if (above != NULL && dinoscope_collection_are_pictures_in (self, above))
    self->pictures = g_steal_pointer (&above);
}

static gboolean
open_index (DinoscopeCollection *self, const char *folder, struct dino_error *error)
{
  self->index = dino_index_open (folder, false, NULL, error);
  return self->index != NULL && (dino_index_what (self->index) != DINO_EMBEDDING_PATCHES || dino_error_set (error, DINO_CODE_UNSUPPORTED, _ ("“%s” is an index of patches; a map shows a point for each picture."), folder));
}

static gboolean
open_folder (DinoscopeCollection *self, const char *folder, struct dino_error *error)
{
  g_autofree char *index = g_build_filename (folder, "index.json", NULL);

  if (g_file_test (index, G_FILE_TEST_EXISTS))
    return open_index (self, folder, error);
  self->embeddings = dino_embeddings_open (folder, error);
  return self->embeddings != NULL;
}

DinoscopeCollection *
dinoscope_collection_new (GFile *folder, GError **error)
{
  g_autoptr (DinoscopeCollection) self = NULL;
  struct dino_error               core_error = { 0 };

  g_return_val_if_fail (G_IS_FILE (folder), NULL);

  if (g_file_peek_path (folder) == NULL)
    {
      g_set_error_literal (error, DINOSCOPE_ERROR, DINOSCOPE_ERROR_FAILED, _ ("Only a folder of this computer can be opened."));
      return NULL;
    }
  self = g_object_new (DINOSCOPE_TYPE_COLLECTION, NULL);
  self->folder = g_object_ref (folder);
  self->title = dinoscope_display_base (folder);
  if (!open_folder (self, g_file_peek_path (folder), &core_error))
    {
      dinoscope_set_error (error, &core_error, DINOSCOPE_ERROR_FAILED);
      return NULL;
    }
  fill_rows (self);
  look_for_pictures (self);
  return g_steal_pointer (&self);
}

static void
open_in_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  g_autoptr (GError)   error = NULL;
  DinoscopeCollection *self = dinoscope_collection_new (task_data, &error);

  if (self != NULL)
    g_task_return_pointer (task, self, g_object_unref);
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

void
dinoscope_collection_open_async (GFile *folder, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);

  g_task_set_name (task, "[dinoscope] collection");
  g_task_set_task_data (task, g_object_ref (folder), g_object_unref);
  g_task_run_in_thread (task, open_in_thread);
}

DinoscopeCollection *
dinoscope_collection_open_finish (GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, NULL), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

GFile *
dinoscope_collection_get_folder (DinoscopeCollection *self)
{
  return self->folder;
}

const char *
dinoscope_collection_get_title (DinoscopeCollection *self)
{
  return self->title;
}

gsize
dinoscope_collection_get_n_rows (DinoscopeCollection *self)
{
  return self->index != NULL ? dino_index_n_pictures (self->index) : dino_embeddings_n_rows (self->embeddings);
}

const struct dino_embeddings *
dinoscope_collection_get_embeddings (DinoscopeCollection *self)
{
  return self->embeddings;
}

struct dino_points
dinoscope_collection_get_points (DinoscopeCollection *self, gboolean mean)
{
  const struct dino_matrix_file *matrix;

  if (self->index != NULL)
    return dino_index_points (self->index);
  matrix = dino_embeddings_matrix (self->embeddings, mean ? DINO_EMBEDDING_MEAN : DINO_EMBEDDING_CLS);
  return (struct dino_points){
    .rows = dino_matrix_file_data (matrix),
    .n = dino_matrix_file_n_rows (matrix),
    .width = dino_matrix_file_n_channels (matrix),
    .half = dino_matrix_file_is_half (matrix),
  };
}

const char *
dinoscope_collection_get_name (DinoscopeCollection *self, gsize row)
{
  return self->index != NULL ? dino_index_name (self->index, row) : dino_embeddings_name (self->embeddings, row);
}

const char *
dinoscope_collection_get_pixels_sha256 (DinoscopeCollection *self, gsize row)
{
  return self->index != NULL ? "" : dino_embeddings_pixels_sha256 (self->embeddings, row);
}

GFile *
dinoscope_collection_dup_file (DinoscopeCollection *self, gsize row)
{
  return self->pictures != NULL ? g_file_resolve_relative_path (self->pictures, dinoscope_collection_get_name (self, row)) : NULL;
}

gboolean
dinoscope_collection_find (DinoscopeCollection *self, const char *pixels_sha256, gsize *row)
{
  gpointer found;

  if (self->index != NULL)
    return dino_index_find (self->index, pixels_sha256, row);
  found = g_hash_table_lookup (self->rows, pixels_sha256);
  if (found != NULL)
    *row = GPOINTER_TO_SIZE (found) - 1;
  return found != NULL;
}

GFile *
dinoscope_collection_get_pictures (DinoscopeCollection *self)
{
  return self->pictures;
}

void
dinoscope_collection_set_pictures (DinoscopeCollection *self, GFile *folder)
{
  if (g_set_object (&self->pictures, folder))
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_PICTURES]);
}

gboolean
dinoscope_collection_are_pictures_in (DinoscopeCollection *self, GFile *folder)
{
  const gsize n = MIN (dinoscope_collection_get_n_rows (self), LOOKED_FOR);
  gsize       found = 0;

  for (gsize row = 0; row < n; row++)
    {
      g_autoptr (GFile) file = g_file_resolve_relative_path (folder, dinoscope_collection_get_name (self, row));

      found += g_file_query_file_type (file, G_FILE_QUERY_INFO_NONE, NULL) == G_FILE_TYPE_REGULAR;
    }
  return found > 0;
}

static const struct dino_table *
own_table (DinoscopeCollection *self)
{
  return self->index != NULL ? dino_index_table (self->index) : dino_embeddings_table (self->embeddings);
}

static guint
n_own_columns (DinoscopeCollection *self)
{
  return (guint) dino_table_n_columns (own_table (self));
}

guint
dinoscope_collection_get_n_columns (DinoscopeCollection *self)
{
  return n_own_columns (self) + (self->table != NULL ? (guint) dino_table_n_columns (self->table) : 0);
}

const char *
dinoscope_collection_get_column_name (DinoscopeCollection *self, guint column)
{
  const guint n = n_own_columns (self);

  return column < n ? dino_table_column_name (own_table (self), (int) column) : dino_table_column_name (self->table, (int) (column - n));
}

const char *
dinoscope_collection_get_value (DinoscopeCollection *self, gsize row, guint column)
{
  const guint n = n_own_columns (self);

  if (column < n)
    return self->index != NULL ? dino_index_get (self->index, row, (int) column) : dino_embeddings_get (self->embeddings, row, (int) column);
  if (self->table_rows[row] == DINO_TABLE_NO_ROW)
    return "";
  return dino_table_get (self->table, self->table_rows[row], (int) (column - n));
}

static const char *
name_of (const void *data, size_t index)
{
  return dinoscope_collection_get_name ((DinoscopeCollection *) data, index);
}

static gboolean
match_table (DinoscopeCollection *self, const struct dino_table *table, gsize *rows, gsize *n_matched, struct dino_error *error)
{
  const gsize n = dinoscope_collection_get_n_rows (self);

  *n_matched = 0;
  if (!dino_table_match (table, NULL, name_of, self, n, rows, error))
    return FALSE;
  for (gsize row = 0; row < n; row++)
    *n_matched += rows[row] != DINO_TABLE_NO_ROW;
  return *n_matched > 0 || dino_error_set (error, DINO_CODE_FORMAT, _ ("“%s” names none of the pictures of this collection."), dino_table_path (table));
}

gboolean
dinoscope_collection_read_table (DinoscopeCollection *self, GFile *file, gsize *n_matched, GError **error)
{
  struct dino_error  core_error = { 0 };
  struct dino_table *table = dino_table_read (g_file_peek_path (file), &core_error);
  g_autofree gsize  *rows = g_new (gsize, dinoscope_collection_get_n_rows (self) + 1);

  if (table == NULL || !match_table (self, table, rows, n_matched, &core_error))
    {
      dino_table_free (table);
      dinoscope_set_error (error, &core_error, DINOSCOPE_ERROR_FAILED);
      return FALSE;
    }
  g_clear_pointer (&self->table, dino_table_free);
  g_free (self->table_rows);
  self->table = table;
  self->table_rows = g_steal_pointer (&rows);
  g_signal_emit (self, columns_changed_signal, 0);
  return TRUE;
}
