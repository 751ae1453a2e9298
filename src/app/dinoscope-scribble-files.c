#include "app/dinoscope-scribble-files.h"

#include "core/heads/outlines.h"
#include "engine/dinoscope-error.h"
#include "io/mask-file.h"
#include "io/outlines-file.h"

/* Corners that cut off no more than so many pixels, squared, are left out. */
#define SIMPLIFY 1.0

static const char export_tag[] = "export";

typedef struct
{
  GBytes             *mask;
  int                 width, height;
  struct dino_classes classes;
  GFile              *file;
} Export;

static void
export_free (gpointer data)
{
  Export *export = data;

  g_bytes_unref (export->mask);
  g_object_unref (export->file);
  g_free (export);
}

static bool
write_outlines (const Export *export, enum dino_outlines_format format, struct dino_output *output, struct dino_error *failure)
{
  struct dino_outlines *outlines = dino_outlines_new (g_bytes_get_data (export->mask, NULL), export->width, export->height, 1, export->classes.n, SIMPLIFY, failure);
  bool                  good = false;

  if (outlines != NULL && format == DINO_OUTLINES_SVG)
    good = dino_outlines_write_svg (output, outlines, &export->classes, export->width, export->height, failure);
  else if (outlines != NULL)
    good = dino_outlines_write_geojson (output, outlines, &export->classes, failure);
  dino_outlines_free (outlines);
  return good;
}

static void
export_mask (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  const Export *export = data;
  const char               *path = g_file_peek_path (export->file);
  struct dino_error         failure = { 0 };
  struct dino_output       *output = dino_output_new (path, &failure);
  enum dino_outlines_format format;
  GError                   *error = NULL;
  bool                      good = false;

  if (output != NULL && dino_outlines_format_of (path, &format))
    good = write_outlines (export, format, output, &failure);
  else if (output != NULL)
    good = dino_mask_write (output, g_bytes_get_data (export->mask, NULL), export->width, export->height, &export->classes, &failure);
  if (good)
    good = dino_output_commit (output, &failure);
  else
    dino_output_abort (output);
  if (good)
    {
      g_task_return_boolean (task, TRUE);
      return;
    }
  dinoscope_set_error (&error, &failure, DINOSCOPE_ERROR_WRITE);
  g_task_return_error (task, error);
}

void
dinoscope_mask_export_async (GBytes *mask, int width, int height, const struct dino_classes *classes, GFile *file, GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, NULL, callback, user_data);
  Export *export = g_new0 (Export, 1);

  export->mask = g_bytes_ref (mask);
  export->width = width;
  export->height = height;
  export->classes = *classes;
  export->file = g_object_ref (file);
  g_task_set_source_tag (task, (gpointer) export_tag);
  g_task_set_task_data (task, export, export_free);
  g_task_run_in_thread (task, export_mask);
}

gboolean
dinoscope_mask_export_finish (GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_async_result_is_tagged (result, (gpointer) export_tag), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}
