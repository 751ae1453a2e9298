#include "app/dinoscope-folder.h"

#include <stdlib.h>

#include "io/read.h"

typedef struct
{
  GFile *previous;
  GFile *next;
} Neighbours;

typedef struct
{
  GFile *file;
  char  *name;
  char  *key; /* natural order, of the user's locale */
} Named;

static void
neighbours_free (gpointer data)
{
  Neighbours *neighbours = data;

  g_clear_object (&neighbours->previous);
  g_clear_object (&neighbours->next);
  g_free (neighbours);
}

static void
name_file (Named *named, GFile *file)
{
  g_autofree char *name = g_file_get_basename (file);
  g_autofree char *display = g_filename_display_name (name);

  named->file = file;
  named->name = g_steal_pointer (&name);
  named->key = g_utf8_collate_key_for_filename (display, -1);
}

/* Names that collate alike still have an order of their own. */
static int
compare_named (gconstpointer a, gconstpointer b)
{
  const Named *one = a, *two = b;
  int          order = strcmp (one->key, two->key);

  return order != 0 ? order : strcmp (one->name, two->name);
}

void
dinoscope_folder_sort (GPtrArray *files)
{
  g_autofree Named *named = g_new (Named, files->len + 1);

  for (guint i = 0; i < files->len; i++)
    name_file (&named[i], g_ptr_array_index (files, i));
  qsort (named, files->len, sizeof *named, compare_named);
  for (guint i = 0; i < files->len; i++)
    {
      files->pdata[i] = named[i].file;
      g_free (named[i].name);
      g_free (named[i].key);
    }
}

GPtrArray *
dinoscope_folder_list (GFile *folder, GFile *always, GCancellable *cancellable, GError **error)
{
  g_autoptr (GPtrArray)       files = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr (GFileEnumerator) enumerator = NULL;

  enumerator = g_file_enumerate_children (folder,
                                          G_FILE_ATTRIBUTE_STANDARD_NAME "," G_FILE_ATTRIBUTE_STANDARD_TYPE "," G_FILE_ATTRIBUTE_STANDARD_IS_HIDDEN,
                                          G_FILE_QUERY_INFO_NONE, cancellable, error);
  if (enumerator == NULL)
    return NULL;
  if (always != NULL)
    g_ptr_array_add (files, g_object_ref (always));
  for (;;)
    {
      GFileInfo *info;
      GFile     *file;

      if (!g_file_enumerator_iterate (enumerator, &info, &file, cancellable, error))
        return NULL;
      if (info == NULL)
        break;
      if (g_file_info_get_file_type (info) == G_FILE_TYPE_REGULAR && !g_file_info_get_is_hidden (info) && (always == NULL || !g_file_equal (file, always)))
        g_ptr_array_add (files, g_object_ref (file));
    }
  dinoscope_folder_sort (files);
  return g_steal_pointer (&files);
}

/* The first picture from index on, walking by step. */
static GFile *
first_picture (GPtrArray *files, int index, int step, GCancellable *cancellable)
{
  for (; index >= 0 && index < (int) files->len && !g_cancellable_is_cancelled (cancellable); index += step)
    {
      GFile *file = g_ptr_array_index (files, index);

      if (dino_picture_recognise (g_file_peek_path (file)))
        return g_object_ref (file);
    }
  return NULL;
}

static void
find_in_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  GFile                *file = task_data;
  g_autoptr (GFile)     folder = g_file_get_parent (file);
  g_autoptr (GPtrArray) files = NULL;
  Neighbours           *neighbours;
  GError               *error = NULL;
  guint                 index = 0;

  files = dinoscope_folder_list (folder, file, cancellable, &error);
  if (files == NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  g_ptr_array_find (files, file, &index);
  neighbours = g_new0 (Neighbours, 1);
  neighbours->previous = first_picture (files, (int) index - 1, -1, cancellable);
  neighbours->next = first_picture (files, (int) index + 1, 1, cancellable);
  g_task_return_pointer (task, neighbours, neighbours_free);
}

void
dinoscope_folder_find_neighbours_async (GFile *file, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);
  g_autoptr (GFile) folder = g_file_get_parent (file);

  g_task_set_name (task, "[dinoscope] neighbours of a picture");
  g_task_set_task_data (task, g_object_ref (file), g_object_unref);
  if (folder == NULL || g_file_peek_path (file) == NULL)
    {
      g_task_return_pointer (task, g_new0 (Neighbours, 1), neighbours_free);
      return;
    }
  g_task_run_in_thread (task, find_in_thread);
}

gboolean
dinoscope_folder_find_neighbours_finish (GAsyncResult *result, GFile **previous, GFile **next, GError **error)
{
  Neighbours *neighbours;

  g_return_val_if_fail (g_task_is_valid (result, NULL), FALSE);

  neighbours = g_task_propagate_pointer (G_TASK (result), error);
  if (neighbours == NULL)
    return FALSE;
  *previous = g_steal_pointer (&neighbours->previous);
  *next = g_steal_pointer (&neighbours->next);
  neighbours_free (neighbours);
  return TRUE;
}
