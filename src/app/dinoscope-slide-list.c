#include "app/dinoscope-slide-list.h"

#include <glib/gi18n-lib.h>

#include "app/dinoscope-folder.h"
#include "core/picture/grey-scale.h"
#include "engine/dinoscope-sidecar.h"
#include "io/read.h"

/* Pictures of a folder that are read to find radiographs. */
#define MAX_PICTURES 400

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
  g_clear_object (&slide->picture);
  g_free (slide->title);
  g_free (slide->problem);
  g_free (slide->pixels_sha256);
  g_free (slide->grey_sha256);
  g_free (slide);
}

static char *
make_title (GFile *file)
{
  g_autofree char *name = g_file_get_basename (file);
  char            *title = g_filename_display_name (name);

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
  slide->pixels_sha256 = g_strdup (sidecar->pixels_sha256);
  slide->grey_sha256 = g_strdup (sidecar->grey_sha256 != NULL ? sidecar->grey_sha256 : "");
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

/* Finding radiographs. */

static gboolean
is_of (const DinoscopeSlide *slide, const struct dino_picture *picture)
{
  char sha256[DINO_SHA256_LENGTH], grey[DINO_SHA256_LENGTH] = "";

  return dino_picture_sha256 (picture, sha256, NULL) && g_str_equal (sha256, slide->pixels_sha256) &&
         (picture->grey == NULL || dino_grey_scale_sha256 (picture->grey, picture->stored_offset, grey, NULL)) && g_str_equal (grey, slide->grey_sha256);
}

static gboolean
is_wanting (const DinoscopeSlide *slide, GFile *folder)
{
  g_autoptr (GFile) parent = g_file_get_parent (slide->file);

  return slide->problem == NULL && slide->picture == NULL && parent != NULL && g_file_equal (parent, folder);
}

/* Gives file to the slides of its folder that are of it; FALSE when none is looking any more. */
static gboolean
offer_picture (GPtrArray *slides, GFile *folder, GFile *file)
{
  struct dino_picture *picture = NULL;
  gboolean             wanting = FALSE;

  for (guint i = 0; i < slides->len; i++)
    {
      DinoscopeSlide *slide = g_ptr_array_index (slides, i);

      if (!is_wanting (slide, folder))
        continue;
      if (picture == NULL)
        picture = dino_picture_read (g_file_peek_path (file), NULL, NULL);
      if (picture == NULL)
        return TRUE;
      if (is_of (slide, picture))
        slide->picture = g_object_ref (file);
      else
        wanting = TRUE;
    }
  dino_picture_unref (picture);
  return wanting;
}

static void
search_folder (GPtrArray *slides, GFile *folder, GCancellable *cancellable)
{
  g_autoptr (GPtrArray) files = dinoscope_folder_list (folder, NULL, cancellable, NULL);
  guint                 n = 0;

  for (guint i = 0; files != NULL && i < files->len && n < MAX_PICTURES && !g_cancellable_is_cancelled (cancellable); i++)
    {
      GFile *file = g_ptr_array_index (files, i);

      if (!dino_picture_recognise (g_file_peek_path (file)))
        continue;
      n++;
      if (!offer_picture (slides, folder, file))
        return;
    }
}

static void
find_pictures (GPtrArray *slides, GCancellable *cancellable)
{
  g_autoptr (GHashTable) seen = g_hash_table_new_full ((GHashFunc) g_file_hash, (GEqualFunc) g_file_equal, g_object_unref, NULL);

  for (guint i = 0; i < slides->len; i++)
    {
      const DinoscopeSlide *slide = g_ptr_array_index (slides, i);
      GFile                *folder = g_file_get_parent (slide->file);

      if (folder != NULL && g_hash_table_add (seen, folder))
        search_folder (slides, folder, cancellable);
    }
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

      if (file == g_ptr_array_index (load->files, 0))
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
