/* DinoscopeCanvas: how regions look. */
#include "app/dinoscope-canvas-private.h"

#include <glib/gi18n-lib.h>
#include <math.h>

#define LABEL_MARGIN 4.0
#define LABEL_DISTANCE 6.0
#define HANDLE_SIZE 8.0

/* Nothing is drawn farther than this beyond the viewport: numbers stay small
 * at any zoom. */
#define BEYOND 4096.0

/* Larger masks are drawn coarser: finer than any screen all the same. */
#define MAX_MASK_SIDE 2048

static const GdkRGBA dark_color = { 0, 0, 0, 0.75f };
static const GdkRGBA line_color = { 0.45f, 0.93f, 0.98f, 1 };
static const GdkRGBA label_color = { 1, 1, 1, 1 };

/* Premultiplied, in Cairo's order: the mask's inside and its edge. */
#define MASK_INSIDE 0x38143438U
#define MASK_EDGE 0xff73edfaU

/* The mask. */

static gboolean
is_marked (const struct dino_picture *mask, int x, int y)
{
  gsize first = ((gsize) y * (gsize) mask->width + (gsize) x) * (gsize) mask->channels;

  if (mask->bits == 16)
    return mask->samples16[first] != 0;
  for (int c = 0; c < mask->channels; c++)
    if (mask->samples8[first + (gsize) c] != 0)
      return TRUE;
  return FALSE;
}

/* Samples the mask at the middles of width x height pixels; 1 where it is marked. */
static guint8 *
sample_mask (const struct dino_picture *mask, int width, int height)
{
  guint8 *marked = g_try_malloc_n ((gsize) width, (gsize) height);

  for (int y = 0; marked != NULL && y < height; y++)
    {
      int from_y = (int) (((gint64) 2 * y + 1) * mask->height / (2 * height));

      for (int x = 0; x < width; x++)
        marked[(gsize) y * (gsize) width + (gsize) x] = (guint8) is_marked (mask, (int) (((gint64) 2 * x + 1) * mask->width / (2 * width)), from_y);
    }
  return marked;
}

static gboolean
is_edge (const guint8 *marked, int width, int height, int x, int y)
{
  const guint8 *here = marked + (gsize) y * (gsize) width + x;

  return x == 0 || y == 0 || x == width - 1 || y == height - 1 || here[-1] == 0 || here[1] == 0 || here[-width] == 0 || here[width] == 0;
}

static void
draw_mask (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  const struct dino_picture *mask = data;
  double                     scale = MIN (1, (double) MAX_MASK_SIDE / MAX (mask->width, mask->height));
  int                        width = MAX (1, (int) (mask->width * scale)), height = MAX (1, (int) (mask->height * scale));
  g_autofree guint8         *marked = sample_mask (mask, width, height);
  guint32                   *pixels = g_try_malloc0_n ((gsize) width * (gsize) height, sizeof *pixels);
  g_autoptr (GBytes)         bytes = NULL;

  if (marked == NULL || pixels == NULL)
    {
      g_free (pixels);
      g_task_return_pointer (task, NULL, NULL);
      return;
    }
  for (int y = 0; y < height; y++)
    for (int x = 0; x < width; x++)
      if (marked[(gsize) y * (gsize) width + (gsize) x] != 0)
        pixels[(gsize) y * (gsize) width + (gsize) x] = is_edge (marked, width, height, x, y) ? MASK_EDGE : MASK_INSIDE;
  bytes = g_bytes_new_take (pixels, (gsize) width * (gsize) height * sizeof *pixels);
  g_task_return_pointer (task, gdk_memory_texture_new (width, height, GDK_MEMORY_DEFAULT, bytes, (gsize) width * sizeof *pixels), g_object_unref);
}

static void
mask_drawn_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  DinoscopeCanvas       *self = DINOSCOPE_CANVAS (source);
  g_autoptr (GdkTexture) texture = g_task_propagate_pointer (G_TASK (result), NULL);

  if (texture == NULL)
    return;
  g_clear_object (&self->regions.mask_cancellable);
  self->regions.mask_texture = g_steal_pointer (&texture);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

/* A mask of millions of pixels is drawn elsewhere, once. */
void
dinoscope_canvas_regions_update_mask (DinoscopeCanvas *self)
{
  DinoscopeCanvasRegions *regions = &self->regions;
  struct dino_picture    *mask = dinoscope_regions_get_mask (regions->regions);
  g_autoptr (GTask)       task = NULL;

  if (regions->mask == mask)
    return;
  if (regions->mask_cancellable != NULL)
    g_cancellable_cancel (regions->mask_cancellable);
  g_clear_object (&regions->mask_cancellable);
  g_clear_object (&regions->mask_texture);
  g_clear_pointer (&regions->mask, dino_picture_unref);
  if (mask == NULL)
    return;
  regions->mask = dino_picture_ref (mask);
  regions->mask_cancellable = g_cancellable_new ();
  task = g_task_new (self, regions->mask_cancellable, mask_drawn_cb, NULL);
  g_task_set_task_data (task, dino_picture_ref (mask), (GDestroyNotify) dino_picture_unref);
  g_task_run_in_thread (task, draw_mask);
}

/* Shapes. */

static void
append_label (DinoscopeCanvas *self, GtkSnapshot *snapshot, const char *text, struct dino_box shown)
{
  g_autoptr (PangoLayout) layout = gtk_widget_create_pango_layout (GTK_WIDGET (self), text);
  graphene_rect_t         rect;
  GskRoundedRect          outline;
  double                  x, y;
  int                     width, height;

  pango_layout_set_ellipsize (layout, PANGO_ELLIPSIZE_END);
  pango_layout_set_width (layout, (int) (MAX (self->view.width / 2, 80) * PANGO_SCALE));
  pango_layout_get_pixel_size (layout, &width, &height);
  width += (int) (2 * LABEL_MARGIN);
  height += (int) LABEL_MARGIN;
  /* Above the region, else below, else in it: always on the screen. */
  x = CLAMP (shown.x0, 0, MAX (self->view.width - width, 0));
  y = shown.y0 - LABEL_DISTANCE - height;
  if (y < 0)
    y = shown.y1 + LABEL_DISTANCE + height <= self->view.height ? shown.y1 + LABEL_DISTANCE : MAX (shown.y0 + LABEL_DISTANCE, LABEL_DISTANCE);
  y = CLAMP (y, 0, MAX (self->view.height - height, 0));
  graphene_rect_init (&rect, (float) round (x), (float) round (y), (float) width, (float) height);
  gsk_rounded_rect_init_from_rect (&outline, &rect, 4);
  gtk_snapshot_push_rounded_clip (snapshot, &outline);
  gtk_snapshot_append_color (snapshot, &dark_color, &rect);
  gtk_snapshot_pop (snapshot);
  gtk_snapshot_save (snapshot);
  gtk_snapshot_translate (snapshot, &GRAPHENE_POINT_INIT (rect.origin.x + (float) LABEL_MARGIN, rect.origin.y + (float) LABEL_MARGIN / 2));
  gtk_snapshot_append_layout (snapshot, layout, &label_color);
  gtk_snapshot_restore (snapshot);
}

static void
trace_shape (cairo_t *cr, enum dino_shape shape, struct dino_box box)
{
  if (shape == DINO_SHAPE_BOX || box.x1 <= box.x0 || box.y1 <= box.y0)
    {
      cairo_rectangle (cr, box.x0, box.y0, box.x1 - box.x0, box.y1 - box.y0);
      return;
    }
  cairo_save (cr);
  cairo_translate (cr, (box.x0 + box.x1) / 2, (box.y0 + box.y1) / 2);
  cairo_scale (cr, (box.x1 - box.x0) / 2, (box.y1 - box.y0) / 2);
  cairo_new_sub_path (cr);
  cairo_arc (cr, 0, 0, 1, 0, 2 * G_PI);
  cairo_restore (cr);
}

/* A line with a dark casing is seen on white lungs and black air alike. */
static void
stroke (cairo_t *cr, gboolean strong)
{
  gdk_cairo_set_source_rgba (cr, &dark_color);
  cairo_set_line_width (cr, strong ? 5 : 4);
  cairo_stroke_preserve (cr);
  gdk_cairo_set_source_rgba (cr, &line_color);
  cairo_set_line_width (cr, strong ? 2.5 : 1.5);
  cairo_stroke (cr);
}

static void
fill_handles (cairo_t *cr, struct dino_box box)
{
  for (int corner = 0; corner < 4; corner++)
    {
      double x, y;

      dinoscope_region_corner (box, (DinoscopeGrip) corner, &x, &y);
      cairo_rectangle (cr, x - HANDLE_SIZE / 2, y - HANDLE_SIZE / 2, HANDLE_SIZE, HANDLE_SIZE);
    }
  gdk_cairo_set_source_rgba (cr, &line_color);
  cairo_fill_preserve (cr);
  gdk_cairo_set_source_rgba (cr, &dark_color);
  cairo_set_line_width (cr, 1);
  cairo_stroke (cr);
}

static void
append_region (DinoscopeCanvas *self, GtkSnapshot *snapshot, guint index)
{
  const DinoscopeRegion *region = dinoscope_regions_get (self->regions.regions, index);
  struct dino_box        shown = dinoscope_view_box_to_widget (&self->view, region->box);
  gboolean               selected = dinoscope_canvas_regions_is_chosen (self) && dinoscope_regions_get_selected (self->regions.regions) == (int) index;
  g_autofree char       *text = NULL;
  graphene_rect_t        viewport = GRAPHENE_RECT_INIT (0, 0, (float) self->view.width, (float) self->view.height);
  graphene_rect_t        bounds;
  cairo_t               *cr;

  /* Ellipses keep their form unless they are huge. */
  shown.x0 = CLAMP (shown.x0, -BEYOND, self->view.width + BEYOND);
  shown.x1 = CLAMP (shown.x1, -BEYOND, self->view.width + BEYOND);
  shown.y0 = CLAMP (shown.y0, -BEYOND, self->view.height + BEYOND);
  shown.y1 = CLAMP (shown.y1, -BEYOND, self->view.height + BEYOND);
  graphene_rect_init (&bounds, (float) shown.x0, (float) shown.y0, (float) (shown.x1 - shown.x0), (float) (shown.y1 - shown.y0));
  graphene_rect_inset (&bounds, (float) -HANDLE_SIZE, (float) -HANDLE_SIZE);
  if (!graphene_rect_intersection (&bounds, &viewport, &bounds))
    return;
  cr = gtk_snapshot_append_cairo (snapshot, &bounds);
  trace_shape (cr, region->shape, shown);
  stroke (cr, selected);
  if (selected)
    fill_handles (cr, shown);
  cairo_destroy (cr);
  text = region->label[0] != '\0' ? g_strdup_printf ("%u: %s", index + 1, region->label) : g_strdup_printf ("%u", index + 1);
  append_label (self, snapshot, text, shown);
}

void
dinoscope_canvas_regions_snapshot (DinoscopeCanvas *self, GtkSnapshot *snapshot)
{
  struct dino_box whole = { 0, 0, self->view.picture_width, self->view.picture_height };

  if (self->regions.regions == NULL)
    return;
  if (self->regions.mask_texture != NULL)
    dinoscope_canvas_append_texture (snapshot, &self->view, self->regions.mask_texture, whole, FALSE);
  for (guint i = 0; i < dinoscope_regions_get_n (self->regions.regions); i++)
    append_region (self, snapshot, i);
}
