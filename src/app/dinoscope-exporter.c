#include "app/dinoscope-exporter.h"

#include "core/base/memory.h"
#include "engine/dinoscope-error.h"
#include "render/write.h"

struct _DinoscopeExporter
{
  GThreadPool *pool; /* one thread */
};

static const char exporter_tag[] = "export";

typedef struct
{
  DinoscopeExportView view;
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
request_new (const DinoscopeExportView *view, const char *path, GTaskThreadFunc func)
{
  Request *request = g_new0 (Request, 1);

  request->func = func;
  request->view = *view;
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

static gboolean
write_both (const Request *request, const struct dino_export *description, GError **error)
{
  const DinoscopeExportView       *view = &request->view;
  const DinoscopeSidecarRadiograph radiograph = get_radiograph (view);
  DinoscopeSidecarView             layout = view->layout;
  enum dino_export_format          format = DINO_EXPORT_AS_PNG;
  g_autofree char                 *text = NULL;
  struct dino_error                failure = { 0 };
  struct dino_output              *output = dino_output_new (request->path, &failure);

  dino_export_format_of (request->path, &format);
  if (output == NULL || !dino_export_write (description, format, output, &layout.width, &layout.height, &failure))
    {
      dino_output_abort (output);
      dinoscope_set_error (error, &failure, DINOSCOPE_ERROR_WRITE);
      return FALSE;
    }
  text = dinoscope_sidecar_to_json (view->features, &radiograph, view->overlay, view->parameters, view->map, &view->style, &layout, error);
  if (text != NULL)
    return dinoscope_sidecar_commit (request->path, text, output, error);
  dino_output_abort (output);
  return FALSE;
}

static void
write_task (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  const Request *request = data;
  Description    description;
  GError        *error = NULL;

  if (description_init (&description, &request->view, &error) && write_both (request, &description.description, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
  description_clear (&description);
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
push (DinoscopeExporter *self, const DinoscopeExportView *view, const char *path, GTaskThreadFunc func, GAsyncReadyCallback callback, gpointer user_data)
{
  GTask *task = g_task_new (NULL, NULL, callback, user_data);

  g_task_set_source_tag (task, (gpointer) exporter_tag);
  g_task_set_task_data (task, request_new (view, path, func), request_free);
  g_thread_pool_push (self->pool, task, NULL);
}

void
dinoscope_exporter_write_async (DinoscopeExporter *self, const DinoscopeExportView *view, const char *path, GAsyncReadyCallback callback, gpointer user_data)
{
  g_return_if_fail (self != NULL && view != NULL && path != NULL);

  push (self, view, path, write_task, callback, user_data);
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

  push (self, view, NULL, compose_task, callback, user_data);
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
