#include "app/dinoscope-region-files.h"

#include <glib/gi18n-lib.h>

#include "engine/dinoscope-paths-private.h"
#include "io/csv.h"
#include "io/read.h"

/* What a file holds: one of them. */
typedef struct
{
  char                  *path;
  char                  *sha256; /* of the picture that it is for */
  int                    width, height;
  struct dino_picture   *mask;
  struct dino_named_box *boxes;
  size_t                 n_boxes;
} Loaded;

static void
loaded_free (gpointer data)
{
  Loaded *loaded = data;

  g_free (loaded->path);
  g_free (loaded->sha256);
  dino_picture_unref (loaded->mask);
  dino_boxes_free (loaded->boxes, loaded->n_boxes);
  g_free (loaded);
}

static void
load_in_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  Loaded           *loaded = data;
  struct dino_error error = { 0 };

  if (dino_picture_recognise (loaded->path))
    loaded->mask = dino_picture_read (loaded->path, NULL, &error);
  else
    dino_boxes_read (loaded->path, &loaded->boxes, &loaded->n_boxes, &error);
  if (error.code != DINO_CODE_NONE)
    g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, "%s", error.message);
  else if (loaded->mask != NULL && (loaded->mask->width != loaded->width || loaded->mask->height != loaded->height))
    g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, _ ("The radiograph is %d x %d pixels and the mask “%s” %d x %d; they must be equal."),
                             loaded->width, loaded->height, loaded->path, loaded->mask->width, loaded->mask->height);
  else
    g_task_return_boolean (task, TRUE);
}

void
dinoscope_regions_load_async (DinoscopeRegions *regions, DinoscopeStudy *study, GFile *file, GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask)          task = g_task_new (regions, NULL, callback, user_data);
  const struct dino_picture *picture = dinoscope_study_get_picture (study);
  Loaded                    *loaded = g_new0 (Loaded, 1);

  loaded->path = g_file_get_path (file);
  loaded->sha256 = g_strdup (dinoscope_study_get_sha256 (study));
  loaded->width = picture->width;
  loaded->height = picture->height;
  g_task_set_task_data (task, loaded, loaded_free);
  if (loaded->path == NULL)
    g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED, _ ("Regions can be read from a folder of this computer only."));
  else
    g_task_run_in_thread (task, load_in_thread);
}

gboolean
dinoscope_regions_load_finish (DinoscopeRegions *regions, GAsyncResult *result, GError **error)
{
  const Loaded *loaded = g_task_get_task_data (G_TASK (result));

  if (!g_task_propagate_boolean (G_TASK (result), error))
    return FALSE;
  /* Another picture may be shown by now. */
  if (!dinoscope_regions_is_of (regions, loaded->sha256))
    return TRUE;
  if (loaded->mask != NULL)
    {
      g_autofree char *name = g_path_get_basename (loaded->path);
      g_autofree char *shown = dinoscope_display_name (name);

      dinoscope_regions_set_mask (regions, loaded->mask, shown);
      return TRUE;
    }
  dinoscope_regions_hold (regions);
  for (size_t i = 0; i < loaded->n_boxes; i++)
    dinoscope_regions_add (regions, loaded->boxes[i].shape, loaded->boxes[i].box, loaded->boxes[i].label);
  dinoscope_regions_release (regions);
  return TRUE;
}

gboolean
dinoscope_regions_save (DinoscopeRegions *regions, GFile *file, GError **error)
{
  g_autofree char                  *path = g_file_get_path (file);
  guint                             n = dinoscope_regions_get_n (regions);
  g_autofree struct dino_named_box *boxes = g_new0 (struct dino_named_box, n);
  struct dino_error                 failure = { 0 };

  if (path == NULL)
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED, _ ("Regions can be written to a folder of this computer only."));
      return FALSE;
    }
  for (guint i = 0; i < n; i++)
    {
      const DinoscopeRegion *region = dinoscope_regions_get (regions, i);

      boxes[i] = (struct dino_named_box){ region->label, region->shape, region->box };
    }
  if (dino_boxes_write (path, boxes, n, &failure))
    return TRUE;
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_FAILED, failure.message);
  return FALSE;
}
