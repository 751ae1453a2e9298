#include "app/dinoscope-slide-list.h"

#include <glib/gi18n-lib.h>

#include "app/dinoscope-folder.h"
#include "engine/dinoscope-paths-private.h"
#include "engine/dinoscope-sidecar.h"

typedef struct
{
  GPtrArray *files; /* as named */
  guint      first;
} Load;

static void
load_free (gpointer data)
{
  Load *load = data;

  g_ptr_array_unref (load->files);
  g_free (load);
}

static void
slide_free (gpointer data)
{
  DinoscopeSlide *slide = data;

  g_object_unref (slide->file);
  g_clear_pointer (&slide->picture, dinoscope_wanted_picture_free);
  g_free (slide->title);
  g_free (slide->problem);
  g_free (slide);
}

static char *
make_title (GFile *file)
{
  char *title = dinoscope_display_base (file);

  if (g_str_has_suffix (title, ".json"))
    title[strlen (title) - strlen (".json")] = '\0';
  return title;
}

static DinoscopeSlide *
read_slide (GFile *file)
{
  DinoscopeSlide              *slide = g_new0 (DinoscopeSlide, 1);
  g_autoptr (DinoscopeSidecar) sidecar = NULL;
  g_autoptr (GError)           error = NULL;

  slide->file = g_object_ref (file);
  slide->title = make_title (file);
  sidecar = dinoscope_sidecar_read (g_file_peek_path (file), &error);
  if (sidecar == NULL)
    {
      slide->problem = g_strdup (error->message);
      return slide;
    }
  slide->picture = dinoscope_wanted_picture_new (sidecar->pixels_sha256, sidecar->grey_sha256 != NULL ? sidecar->grey_sha256 : "", sidecar->ignore_exif, sidecar->preparation.frame);
  return slide;
}

/* All files named, or one and the sidecars beside it. */
static GPtrArray *
list_sidecars (const Load *load, GCancellable *cancellable)
{
  GFile                *named = g_ptr_array_index (load->files, 0);
  g_autoptr (GFile)     folder = g_file_get_parent (named);
  g_autoptr (GPtrArray) all = NULL;
  GPtrArray            *files = g_ptr_array_new_with_free_func (g_object_unref);

  /* A folder that may not be listed leaves the file that was named. */
  if (load->files->len == 1 && folder != NULL)
    all = dinoscope_folder_list (folder, named, cancellable, NULL);
  for (guint i = 0; all != NULL && i < all->len; i++)
    {
      GFile      *file = g_ptr_array_index (all, i);
      const char *path = g_file_peek_path (file);

      if (file == named || (g_str_has_suffix (path, ".json") && dinoscope_sidecar_may_write (path, NULL)))
        g_ptr_array_add (files, g_object_ref (file));
    }
  for (guint i = 0; all == NULL && i < load->files->len; i++)
    g_ptr_array_add (files, g_object_ref (g_ptr_array_index (load->files, i)));
  dinoscope_folder_sort (files);
  return files;
}

/* In each folder those of its own sidecars. */
static void
find_pictures (GPtrArray *slides, GCancellable *cancellable)
{
  g_autoptr (GHashTable) folders = g_hash_table_new_full ((GHashFunc) g_file_hash, (GEqualFunc) g_file_equal, g_object_unref, (GDestroyNotify) g_ptr_array_unref);
  GHashTableIter         iter;
  gpointer               folder, wanted;

  for (guint i = 0; i < slides->len; i++)
    {
      const DinoscopeSlide *slide = g_ptr_array_index (slides, i);
      g_autoptr (GFile)     parent = g_file_get_parent (slide->file);

      if (slide->picture == NULL || parent == NULL)
        continue;
      if (!g_hash_table_contains (folders, parent))
        g_hash_table_insert (folders, g_object_ref (parent), g_ptr_array_new ());
      g_ptr_array_add (g_hash_table_lookup (folders, parent), slide->picture);
    }
  g_hash_table_iter_init (&iter, folders);
  while (g_hash_table_iter_next (&iter, &folder, &wanted))
    dinoscope_picture_search (folder, wanted, cancellable);
}

static void
load_in_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  Load                 *load = task_data;
  g_autoptr (GPtrArray) files = list_sidecars (load, cancellable);
  GPtrArray            *slides = g_ptr_array_new_with_free_func (slide_free);

  for (guint i = 0; i < files->len; i++)
    {
      GFile *file = g_ptr_array_index (files, i);

      if (load->files->len == 1 && file == g_ptr_array_index (load->files, 0))
        load->first = i;
      g_ptr_array_add (slides, read_slide (file));
    }
  find_pictures (slides, cancellable);
  g_task_return_pointer (task, slides, (GDestroyNotify) g_ptr_array_unref);
}

void
dinoscope_slide_list_load_async (GListModel *files, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);
  Load             *load = g_new0 (Load, 1);

  g_task_set_name (task, "[dinoscope] slides");
  load->files = g_ptr_array_new_with_free_func (g_object_unref);
  g_task_set_task_data (task, load, load_free);
  for (guint i = 0; i < g_list_model_get_n_items (files); i++)
    {
      g_autoptr (GFile) file = g_list_model_get_item (files, i);

      if (g_file_peek_path (file) != NULL)
        g_ptr_array_add (load->files, g_steal_pointer (&file));
    }
  if (load->files->len == 0)
    g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED, _ ("A sidecar can be read from a folder of this computer only."));
  else
    g_task_run_in_thread (task, load_in_thread);
}

GPtrArray *
dinoscope_slide_list_load_finish (GAsyncResult *result, guint *first, GError **error)
{
  Load *load;

  g_return_val_if_fail (g_task_is_valid (result, NULL), NULL);

  load = g_task_get_task_data (G_TASK (result));
  *first = load->first;
  return g_task_propagate_pointer (G_TASK (result), error);
}
