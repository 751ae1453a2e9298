#include "app/dinoscope-canvas-private.h"

#include <math.h>

/* Share of the viewport that is drawn beyond its edges, so that panning seldom
 * meets a gap. */
#define MARGIN 0.15

/* Wait before a request is repeated that another one took the place of. */
#define RETRY_MILLISECONDS 50

typedef struct
{
  DinoscopeCanvas      *self;
  DinoscopeCanvasRaster raster;
  GCancellable         *cancellable;
} Request;

static void
request_free (Request *request)
{
  g_object_unref (request->self);
  g_object_unref (request->cancellable);
  g_free (request);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Request, request_free)

void
dinoscope_canvas_map_clear (DinoscopeCanvas *self)
{
  DinoscopeCanvasMap *map = &self->map;

  map->serial++;
  g_cancellable_cancel (map->cancellable);
  g_clear_object (&map->cancellable);
  g_clear_handle_id (&map->retry_source, g_source_remove);
  g_clear_object (&map->texture);
  g_clear_object (&map->map);
  g_clear_pointer (&map->words, g_free);
}

/* The raster for the part of the map that lies in the viewport widened by
 * margin: whole device pixels, so that cells stay crisp. FALSE when none of the
 * map is to be seen. */
static gboolean
wanted_raster (DinoscopeCanvas *self, double margin, DinoscopeCanvasRaster *raster)
{
  const DinoscopeView *view = &self->view;
  double               scale = view->scale;
  struct dino_box      shown = dinoscope_view_box_to_widget (view, dinoscope_map_get_core (self->map.map)->seen);
  double               x0 = MAX (floor (shown.x0 * scale), floor (-margin * view->width * scale));
  double               y0 = MAX (floor (shown.y0 * scale), floor (-margin * view->height * scale));
  double               x1 = MIN (ceil (shown.x1 * scale), ceil ((1 + margin) * view->width * scale));
  double               y1 = MIN (ceil (shown.y1 * scale), ceil ((1 + margin) * view->height * scale));

  if (x1 <= x0 || y1 <= y0)
    return FALSE;

  raster->serial = self->map.serial;
  raster->box = dinoscope_view_box_to_picture (view, (struct dino_box){ x0 / scale, y0 / scale, x1 / scale, y1 / scale });
  raster->width = (int) (view->turns % 2 == 0 ? x1 - x0 : y1 - y0);
  raster->height = (int) (view->turns % 2 == 0 ? y1 - y0 : x1 - x0);
  raster->resolution = dinoscope_view_resolution (view);
  raster->orientation = view->turns + (view->flipped ? 4 : 0);
  return TRUE;
}

static gboolean
raster_serves (const DinoscopeCanvasRaster *have, const DinoscopeCanvasRaster *want)
{
  double tolerance = 0.01 / want->resolution;

  return have->serial == want->serial && have->orientation == want->orientation && fabs (have->resolution - want->resolution) <= 1e-9 * want->resolution && have->box.x0 <= want->box.x0 + tolerance && have->box.y0 <= want->box.y0 + tolerance && have->box.x1 >= want->box.x1 - tolerance && have->box.y1 >= want->box.y1 - tolerance;
}

/* Whether a raster has to be drawn before what is shown is right. */
static gboolean
needs_raster (DinoscopeCanvas *self)
{
  DinoscopeCanvasMap   *map = &self->map;
  DinoscopeCanvasRaster want;

  if (map->map == NULL || self->engine == NULL || !self->map_visible || map->failed_serial == map->serial)
    return FALSE;
  if (!dinoscope_view_is_usable (&self->view) || !wanted_raster (self, 0, &want))
    return FALSE;
  return map->texture == NULL || !raster_serves (&map->drawn, &want);
}

gboolean
dinoscope_canvas_map_is_settled (DinoscopeCanvas *self)
{
  return self->map.cancellable == NULL && !needs_raster (self);
}

static gboolean
retry_cb (gpointer user_data)
{
  DinoscopeCanvas *self = user_data;

  self->map.retry_source = 0;
  dinoscope_canvas_map_update (self);
  return G_SOURCE_REMOVE;
}

static void
take_raster (DinoscopeCanvas *self, const DinoscopeCanvasRaster *raster, GBytes *rgba)
{
  DinoscopeCanvasMap *map = &self->map;

  g_clear_object (&map->texture);
  map->texture = gdk_memory_texture_new (raster->width, raster->height, GDK_MEMORY_R8G8B8A8_PREMULTIPLIED, rgba, (gsize) raster->width * 4);
  map->drawn = *raster;
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

static void
draw_map_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Request) request = user_data;
  g_autoptr (GError)  error = NULL;
  g_autoptr (GBytes)  rgba = dinoscope_engine_draw_map_finish (DINOSCOPE_ENGINE (object), result, &error);
  DinoscopeCanvas    *self = request->self;
  DinoscopeCanvasMap *map = &self->map;

  /* The map was taken away, and perhaps another was asked for, meanwhile. */
  if (map->cancellable != request->cancellable)
    return;
  g_clear_object (&map->cancellable);

  if (rgba != NULL && request->raster.serial == map->serial)
    {
      take_raster (self, &request->raster, rgba);
    }
  else if (rgba == NULL && !g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      map->failed_serial = request->raster.serial;
      if (request->raster.serial == map->serial)
        g_clear_object (&map->texture);
      dinoscope_canvas_emit_map_failed (self, error->message);
    }
  else if (rgba == NULL && !g_cancellable_is_cancelled (request->cancellable))
    {
      /* Somebody else's request took its place. */
      map->retry_source = g_timeout_add (RETRY_MILLISECONDS, retry_cb, self);
      return;
    }
  dinoscope_canvas_map_update (self);
}

/* While one raster is drawn no other is asked for, lest a long zoom never
 * shows one; only another map or style cuts it short. */
void
dinoscope_canvas_map_update (DinoscopeCanvas *self)
{
  DinoscopeCanvasMap *map = &self->map;
  Request            *request;

  if (map->cancellable != NULL)
    {
      if (map->requested.serial != map->serial)
        g_cancellable_cancel (map->cancellable);
      return;
    }
  if (map->retry_source != 0 || !needs_raster (self) || !wanted_raster (self, MARGIN, &map->requested))
    return;

  map->cancellable = g_cancellable_new ();
  request = g_new0 (Request, 1);
  request->self = g_object_ref (self);
  request->raster = map->requested;
  request->cancellable = g_object_ref (map->cancellable);
  dinoscope_engine_draw_map_async (self->engine,
                                   map->map,
                                   &map->style,
                                   self->study,
                                   request->raster.box,
                                   request->raster.width,
                                   request->raster.height,
                                   request->cancellable,
                                   draw_map_cb,
                                   request);
}

/* A raster that was drawn for another zoom is stretched until the new one is there. */
void
dinoscope_canvas_map_snapshot (DinoscopeCanvas *self, GtkSnapshot *snapshot)
{
  const DinoscopeCanvasMap *map = &self->map;
  gboolean                  exact;

  if (map->texture == NULL)
    return;

  exact = fabs (map->drawn.resolution - dinoscope_view_resolution (&self->view)) <= 1e-9 * map->drawn.resolution && map->drawn.orientation == self->view.turns + (self->view.flipped ? 4 : 0);
  dinoscope_canvas_append_texture (snapshot, &self->view, map->texture, map->drawn.box, exact);
}
