#include "app/dinoscope-exporter.h"

#include "core/base/memory.h"
#include "engine/dinoscope-error.h"
#include "engine/dinoscope-features-file.h"
#include "render/sheet.h"
#include "render/write.h"

struct _DinoscopeExporter
{
  GThreadPool *pool; /* one thread */
};

static const char exporter_tag[] = "export";

typedef struct
{
  DinoscopeExportView view;
  DinoscopeExportKind kind;
  char               *overlay;
  char               *path;
  GTaskThreadFunc     func;
} Request;

/* A composed picture, RGB. */
typedef struct
{
  uint8_t *pixels;
  int      width, height;
} Picture;

static void
picture_free (gpointer data)
{
  Picture *picture = data;

  dino_free (picture->pixels);
  g_free (picture);
}

static Request *
request_new (const DinoscopeExportView *view, DinoscopeExportKind kind, const char *path, GTaskThreadFunc func)
{
  Request *request = g_new0 (Request, 1);

  request->func = func;
  request->view = *view;
  request->kind = kind;
  request->overlay = g_strdup (view->overlay);
  request->path = g_strdup (path);
  request->view.overlay = request->overlay;
  g_object_ref (request->view.study);
  g_object_ref (request->view.features);
  g_object_ref (request->view.map);
  g_variant_ref (request->view.parameters);
  if (request->view.layout.marks != NULL)
    g_variant_ref (request->view.layout.marks);
  if (request->view.layout.regions != NULL)
    g_variant_ref (request->view.layout.regions);
  return request;
}

static void
request_free (gpointer data)
{
  Request *request = data;

  g_object_unref (request->view.study);
  g_object_unref (request->view.features);
  g_object_unref (request->view.map);
  g_variant_unref (request->view.parameters);
  g_clear_pointer (&request->view.layout.marks, g_variant_unref);
  g_clear_pointer (&request->view.layout.regions, g_variant_unref);
  g_free (request->overlay);
  g_free (request->path);
  g_free (request);
}

static void
run_task (gpointer data, gpointer user_data)
{
  g_autoptr (GTask) task = data;
  Request          *request = g_task_get_task_data (task);

  request->func (task, NULL, request, NULL);
}

DinoscopeExporter *
dinoscope_exporter_new (void)
{
  DinoscopeExporter *self = g_new0 (DinoscopeExporter, 1);

  self->pool = g_thread_pool_new (run_task, NULL, 1, FALSE, NULL);
  return self;
}

void
dinoscope_exporter_free (DinoscopeExporter *self)
{
  g_thread_pool_free (self->pool, FALSE, TRUE);
  g_free (self);
}

static DinoscopeSidecarRadiograph
get_radiograph (const DinoscopeExportView *view)
{
  return (DinoscopeSidecarRadiograph){
    .study = view->study,
    .display = view->has_display ? &view->display : NULL,
    .inverted = view->inverted,
  };
}

/* What is exported, and what it points to. */
typedef struct
{
  struct dino_export description;
  char              *caption;
  GBytes            *greys;
} Description;

static void
description_clear (Description *self)
{
  g_free (self->caption);
  g_clear_pointer (&self->greys, g_bytes_unref);
}

static gboolean
description_init (Description *self, const DinoscopeExportView *view, GError **error)
{
  const DinoscopeSidecarView *layout = &view->layout;
  struct dino_export         *description = &self->description;

  *self = (Description){ .caption = dinoscope_features_describe_encoder (view->features) };
  *description = (struct dino_export){
    .geometry = dinoscope_features_get_geometry (view->features),
    .map = dinoscope_map_get_core (view->map),
    .style = view->style,
    .size = DINO_EXPORT_ORIGINAL,
    .part = layout->part,
    .box = layout->box,
    .turns = layout->turns,
    .flipped = layout->flipped,
    .bar = layout->bar,
    .caption = self->caption,
  };
  description->guide = description->picture = dinoscope_study_get_display (view->study, &description->width, &description->height, &description->channels);
  if (!view->has_display)
    return TRUE;
  self->greys = dinoscope_study_render_display (view->study, &view->display, view->inverted, error);
  if (self->greys == NULL)
    return FALSE;
  description->picture = g_bytes_get_data (self->greys, NULL);
  return TRUE;
}

/* pixel_values as the encoder got them. */
static gboolean
write_safetensors (const DinoscopeExportView *view, struct dino_output *output, GError **error)
{
  const struct dino_geometry *geometry = dinoscope_features_get_geometry (view->features);
  const struct dino_model    *model = dinoscope_model_get_core (dinoscope_features_get_model (view->features));
  struct dino_tensor_out      tensors[DINOSCOPE_FEATURES_N_OUTPUTS];
  struct dino_error           failure = { 0 };
  float                      *values = dino_alloc ((gsize) 3 * geometry->input_width, (gsize) geometry->input_height * sizeof *values, &failure);
  gboolean                    done;

  done = values != NULL && dino_prepare (dinoscope_study_get_picture (view->study), dino_model_processor (model), dinoscope_study_get_preparation (view->study), geometry, values, &failure);
  if (!done)
    dinoscope_set_error (error, &failure, DINOSCOPE_ERROR_WRITE);
  else
    {
      dinoscope_features_list_outputs (view->features, values, geometry->input_width, geometry->input_height, tensors);
      done = dinoscope_features_write_safetensors (view->features, tensors, G_N_ELEMENTS (tensors), output, error);
    }
  dino_free (values);
  return done;
}

static gboolean
write_seen (const Request *request, struct dino_output *output, DinoscopeSidecarView *layout, GError **error)
{
  enum dino_export_format format = DINO_EXPORT_AS_PNG;
  Description             description;
  struct dino_error       failure = { 0 };
  gboolean                done = description_init (&description, &request->view, error);

  dino_export_format_of (request->path, &format);
  if (done && !dino_export_write (&description.description, format, output, &layout->width, &layout->height, &failure))
    {
      dinoscope_set_error (error, &failure, DINOSCOPE_ERROR_WRITE);
      done = FALSE;
    }
  description_clear (&description);
  return done;
}

static gboolean
write_content (const Request *request, struct dino_output *output, DinoscopeSidecarView *layout, GError **error)
{
  if (request->kind != DINOSCOPE_EXPORT_TOKENS)
    return write_seen (request, output, layout, error);
  if (g_str_has_suffix (request->path, ".npy"))
    return dinoscope_features_write_npy (request->view.features, output, error);
  return write_safetensors (&request->view, output, error);
}

static gboolean
write_both (const Request *request, GError **error)
{
  const DinoscopeExportView       *view = &request->view;
  const DinoscopeSidecarRadiograph radiograph = get_radiograph (view);
  DinoscopeSidecarView             layout = view->layout;
  g_autofree char                 *text = NULL;
  struct dino_error                failure = { 0 };
  struct dino_output              *output = dino_output_new (request->path, &failure);

  if (output == NULL)
    {
      dinoscope_set_error (error, &failure, DINOSCOPE_ERROR_WRITE);
      return FALSE;
    }
  if (write_content (request, output, &layout, error))
    text = dinoscope_sidecar_to_json (view->features, &radiograph, view->overlay, view->parameters, view->map, &view->style, &layout, error);
  if (text != NULL)
    return dinoscope_sidecar_commit (request->path, text, output, error);
  dino_output_abort (output);
  return FALSE;
}

static void
write_task (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  GError *error = NULL;

  if (write_both (data, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

static gboolean
compose (const DinoscopeExportView *view, Picture *picture, GError **error)
{
  Description       description;
  struct dino_error failure = { 0 };
  int               channels;
  gboolean          done = description_init (&description, view, error);

  if (done && !dino_export_compose (&description.description, &picture->pixels, &picture->width, &picture->height, &channels, &failure))
    {
      dinoscope_set_error (error, &failure, DINOSCOPE_ERROR_WRITE);
      done = FALSE;
    }
  description_clear (&description);
  return done;
}

static void
compose_task (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  const Request *request = data;
  Picture       *picture = g_new0 (Picture, 1);
  GError        *error = NULL;

  if (compose (&request->view, picture, &error))
    {
      g_task_return_pointer (task, picture, picture_free);
      return;
    }
  picture_free (picture);
  g_task_return_error (task, error);
}

static void
push (DinoscopeExporter *self, const DinoscopeExportView *view, DinoscopeExportKind kind, const char *path, GTaskThreadFunc func, GAsyncReadyCallback callback, gpointer user_data)
{
  GTask *task = g_task_new (NULL, NULL, callback, user_data);

  g_task_set_source_tag (task, (gpointer) exporter_tag);
  g_task_set_task_data (task, request_new (view, kind, path, func), request_free);
  g_thread_pool_push (self->pool, task, NULL);
}

void
dinoscope_exporter_write_async (DinoscopeExporter *self, const DinoscopeExportView *view, DinoscopeExportKind kind, const char *path, GAsyncReadyCallback callback, gpointer user_data)
{
  g_return_if_fail (self != NULL && view != NULL && path != NULL);

  push (self, view, kind, path, write_task, callback, user_data);
}

gboolean
dinoscope_exporter_write_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

void
dinoscope_exporter_compose_async (DinoscopeExporter *self, const DinoscopeExportView *view, GAsyncReadyCallback callback, gpointer user_data)
{
  g_return_if_fail (self != NULL && view != NULL);

  push (self, view, DINOSCOPE_EXPORT_SEEN, NULL, compose_task, callback, user_data);
}

GdkTexture *
dinoscope_exporter_compose_finish (GAsyncResult *result, GError **error)
{
  Picture           *picture = g_task_propagate_pointer (G_TASK (result), error);
  GdkTexture        *texture;
  g_autoptr (GBytes) bytes = NULL;
  gsize              stride;

  if (picture == NULL)
    return NULL;
  stride = (gsize) picture->width * 3;
  bytes = g_bytes_new_with_free_func (picture->pixels, stride * (gsize) picture->height, dino_free, picture->pixels);
  texture = gdk_memory_texture_new (picture->width, picture->height, GDK_MEMORY_R8G8B8, bytes, stride);
  g_free (picture);
  return texture;
}

/* Sheets. */

struct _DinoscopeExportSheet
{
  Request           *request; /* keeps what the sheet points to */
  Description        description;
  struct dino_sheet *sheet;
};

void
dinoscope_export_sheet_free (DinoscopeExportSheet *self)
{
  dino_sheet_free (self->sheet);
  description_clear (&self->description);
  request_free (self->request);
  g_free (self);
}

static void
free_sheet (gpointer data)
{
  dinoscope_export_sheet_free (data);
}

static void
sheet_task (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  const Request        *request = data;
  DinoscopeExportSheet *sheet = g_new0 (DinoscopeExportSheet, 1);
  struct dino_error     failure = { 0 };
  GError               *error = NULL;

  sheet->request = request_new (&request->view, request->kind, NULL, NULL);
  if (description_init (&sheet->description, &sheet->request->view, &error))
    {
      sheet->sheet = dino_sheet_new (&sheet->description.description, &failure);
      if (sheet->sheet == NULL)
        dinoscope_set_error (&error, &failure, DINOSCOPE_ERROR_WRITE);
    }
  if (error == NULL)
    {
      g_task_return_pointer (task, sheet, free_sheet);
      return;
    }
  dinoscope_export_sheet_free (sheet);
  g_task_return_error (task, error);
}

void
dinoscope_exporter_make_sheet_async (DinoscopeExporter *self, const DinoscopeExportView *view, GAsyncReadyCallback callback, gpointer user_data)
{
  g_return_if_fail (self != NULL && view != NULL);

  push (self, view, DINOSCOPE_EXPORT_SEEN, NULL, sheet_task, callback, user_data);
}

DinoscopeExportSheet *
dinoscope_exporter_make_sheet_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

void
dinoscope_export_sheet_get_size (DinoscopeExportSheet *self, double *width, double *height)
{
  dino_sheet_get_size (self->sheet, width, height);
}

gboolean
dinoscope_export_sheet_paint (DinoscopeExportSheet *self, cairo_t *cr, GError **error)
{
  struct dino_error failure = { 0 };

  if (dino_sheet_paint (self->sheet, cr, &failure))
    return TRUE;
  dinoscope_set_error (error, &failure, DINOSCOPE_ERROR_WRITE);
  return FALSE;
}
