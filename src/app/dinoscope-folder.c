#include "app/dinoscope-folder.h"

#include "io/read.h"

typedef struct
{
  GFile *previous;
  GFile *next;
} Neighbours;

typedef struct
{
  char *name;
  char *key; /* natural order, of the user's locale */
} Candidate;

static void
neighbours_free (gpointer data)
{
  Neighbours *neighbours = data;

  g_clear_object (&neighbours->previous);
  g_clear_object (&neighbours->next);
  g_free (neighbours);
}

static Candidate *
candidate_new (const char *name)
{
  Candidate       *candidate = g_new (Candidate, 1);
  g_autofree char *display = g_filename_display_name (name);

  candidate->name = g_strdup (name);
  candidate->key = g_utf8_collate_key_for_filename (display, -1);
  return candidate;
}

static void
candidate_free (gpointer data)
{
  Candidate *candidate = data;

  g_free (candidate->name);
  g_free (candidate->key);
  g_free (candidate);
}

/* Names that collate alike still have an order of their own. */
static int
compare_candidates (gconstpointer a, gconstpointer b)
{
  const Candidate *one = *(const Candidate *const *) a;
  const Candidate *two = *(const Candidate *const *) b;
  int              order = strcmp (one->key, two->key);

  return order != 0 ? order : strcmp (one->name, two->name);
}

/* Every file that is not hidden, and the current one whatever it is; sorted. */
static GPtrArray *
list_candidates (GFile *folder, const char *current, GCancellable *cancellable, GError **error)
{
  g_autoptr (GPtrArray)       candidates = g_ptr_array_new_with_free_func (candidate_free);
  g_autoptr (GFileEnumerator) enumerator = NULL;

  enumerator = g_file_enumerate_children (folder,
                                          G_FILE_ATTRIBUTE_STANDARD_NAME "," G_FILE_ATTRIBUTE_STANDARD_TYPE "," G_FILE_ATTRIBUTE_STANDARD_IS_HIDDEN,
                                          G_FILE_QUERY_INFO_NONE, cancellable, error);
  if (enumerator == NULL)
    return NULL;
  g_ptr_array_add (candidates, candidate_new (current));
  for (;;)
    {
      GFileInfo  *info;
      const char *name;

      if (!g_file_enumerator_iterate (enumerator, &info, NULL, cancellable, error))
        return NULL;
      if (info == NULL)
        break;
      name = g_file_info_get_name (info);
      if (g_file_info_get_file_type (info) == G_FILE_TYPE_REGULAR && !g_file_info_get_is_hidden (info) && !g_str_equal (name, current))
        g_ptr_array_add (candidates, candidate_new (name));
    }
  g_ptr_array_sort (candidates, compare_candidates);
  return g_steal_pointer (&candidates);
}

/* The first picture from index on, walking by step. */
static GFile *
first_picture (GFile *folder, GPtrArray *candidates, int index, int step, GCancellable *cancellable)
{
  for (; index >= 0 && index < (int) candidates->len; index += step)
    {
      const Candidate  *candidate = g_ptr_array_index (candidates, index);
      g_autoptr (GFile) file = g_file_get_child (folder, candidate->name);

      if (g_cancellable_is_cancelled (cancellable))
        break;
      if (dino_picture_recognise (g_file_peek_path (file)))
        return g_steal_pointer (&file);
    }
  return NULL;
}

static void
find_in_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  GFile                *file = task_data;
  g_autoptr (GFile)     folder = g_file_get_parent (file);
  g_autofree char      *current = g_file_get_basename (file);
  g_autoptr (GPtrArray) candidates = NULL;
  Neighbours           *neighbours;
  GError               *error = NULL;
  int                   index = 0;

  candidates = list_candidates (folder, current, cancellable, &error);
  if (candidates == NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  while (!g_str_equal (((Candidate *) g_ptr_array_index (candidates, index))->name, current))
    index++;
  neighbours = g_new0 (Neighbours, 1);
  neighbours->previous = first_picture (folder, candidates, index - 1, -1, cancellable);
  neighbours->next = first_picture (folder, candidates, index + 1, 1, cancellable);
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
