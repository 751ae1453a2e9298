#include "render/scatter.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "core/base/text.h"
#include "core/maps/colormap.h"
#include "render/bar.h"
#include "render/label.h"
#include "render/text.h"

/* In files, so it is never translated. */
#define NOTICE "For research only. Not for clinical use."

#define MARGIN 24.0
#define LEGEND_WIDTH 200.0
#define LINE 20.0
#define FONT 13.0
#define SMALL_FONT 11.0
#define TITLE_FONT 18.0
#define MAX_TICKS 12
#define BAR_HEIGHT 240.0
#define BAR_WIDTH 16.0
#define N_SHADES 240
#define MAX_NAME ((size_t) 200)

double
dino_scatter_radius (size_t n)
{
  return fmin (fmax (60 / sqrt ((double) n + 1), 1.6), 5);
}

/* Returns the height of the line. */
static double
show_line (cairo_t *cr, const char *text, double size, bool bold, double grey, double x, double y, double width)
{
  PangoLayout *layout = dino_text_layout (cr, text, size, bold);
  double       height;

  dino_text_fit (layout, width);
  cairo_set_source_rgb (cr, grey, grey, grey);
  dino_text_show (cr, layout, x, y);
  height = dino_text_height (layout);
  g_object_unref (layout);
  return height;
}

struct frame
{
  double x, y, width, height; /* of the plot */
  double scale, left, top;    /* units a unit of the plane, and what of it lies at the corner */
};

static void
find_frame (const struct dino_scatter *scatter, struct frame *frame)
{
  double low[2] = { INFINITY, INFINITY }, high[2] = { -INFINITY, -INFINITY }, span[2];

  for (size_t i = 0; i < 2 * scatter->n; i++)
    {
      low[i % 2] = fmin (low[i % 2], (double) scatter->plane[i]);
      high[i % 2] = fmax (high[i % 2], (double) scatter->plane[i]);
    }
  for (int axis = 0; axis < 2; axis++)
    {
      if (!(high[axis] >= low[axis]))
        low[axis] = high[axis] = 0;
      span[axis] = fmax (high[axis] - low[axis], 1e-12);
    }
  /* A margin inside, so that no point is cut. */
  frame->scale = fmin (frame->width / span[0], frame->height / span[1]) * 0.94;
  frame->left = (low[0] + high[0]) / 2 - frame->width / 2 / frame->scale;
  frame->top = (low[1] + high[1]) / 2 + frame->height / 2 / frame->scale;
}

static void
draw_points (const struct dino_scatter *scatter, const struct frame *frame, cairo_t *cr)
{
  const double radius = dino_scatter_radius (scatter->n);

  for (size_t i = 0; i < scatter->n; i++)
    {
      const double x = frame->x + ((double) scatter->plane[2 * i] - frame->left) * frame->scale;
      const double y = frame->y + (frame->top - (double) scatter->plane[2 * i + 1]) * frame->scale;
      double       rgb[3];

      dino_scatter_color (scatter->column, i, rgb);
      cairo_set_source_rgba (cr, rgb[0], rgb[1], rgb[2], 0.85);
      dino_scatter_add_shape (cr, dino_scatter_shape (scatter->column, i), x, y, radius);
      cairo_fill (cr);
    }
}

static void
draw_frame (const struct dino_scatter *scatter, const struct frame *frame, cairo_t *cr)
{
  cairo_rectangle (cr, frame->x, frame->y, frame->width, frame->height);
  cairo_set_source_rgb (cr, 0.8, 0.8, 0.8);
  cairo_set_line_width (cr, 1);
  cairo_stroke (cr);
  if (scatter->x_label != NULL)
    show_line (cr, scatter->x_label, SMALL_FONT, false, 0.3, frame->x, frame->y + frame->height + 4, frame->width);
  /* Level, since letters of SVG are. */
  if (scatter->y_label != NULL)
    show_line (cr, scatter->y_label, SMALL_FONT, false, 0.3, frame->x + 6, frame->y + 4, frame->width);
}

static void
draw_class (cairo_t *cr, int number, const char *name, size_t count, double x, double y, double width)
{
  const size_t length = strlen (name), cut = length > MAX_NAME ? dino_text_cut (name, MAX_NAME) : length;
  char         text[MAX_NAME + 32];
  double       rgb[3];

  dino_scatter_class_color (number, rgb);
  cairo_set_source_rgb (cr, rgb[0], rgb[1], rgb[2]);
  dino_scatter_add_shape (cr, dino_scatter_class_shape (number), x + 6, y + 8, 5);
  cairo_fill (cr);
  snprintf (text, sizeof text, "%.*s (%zu)", (int) cut, name, count);
  show_line (cr, text, FONT, false, 0.1, x + 20, y, width - 20);
}

static double
draw_bar (const struct dino_scatter_column *column, cairo_t *cr, double x, double y)
{
  const struct dino_colormap *colormap = dino_colormap_find ("viridis");
  double                      ticks[MAX_TICKS];
  const int                   n = dino_bar_ticks (column->low, column->high, 6, ticks, MAX_TICKS);

  for (int i = 0; i < N_SHADES; i++)
    {
      uint8_t rgb[3];

      dino_colormap_lookup (colormap, 1 - i / (N_SHADES - 1.0), rgb);
      cairo_set_source_rgb (cr, rgb[0] / 255.0, rgb[1] / 255.0, rgb[2] / 255.0);
      /* Each reaches below the next, so that no seam is seen. */
      cairo_rectangle (cr, x, y + i * BAR_HEIGHT / N_SHADES, BAR_WIDTH, BAR_HEIGHT / N_SHADES * (i + 1 < N_SHADES ? 2 : 1));
      cairo_fill (cr);
    }
  for (int i = 0; i < n && column->high > column->low; i++)
    {
      const double place = y + (column->high - ticks[i]) / (column->high - column->low) * BAR_HEIGHT;
      char         label[DINO_LABEL_LENGTH];

      cairo_set_source_rgb (cr, 0.3, 0.3, 0.3);
      cairo_rectangle (cr, x + BAR_WIDTH, place - 0.5, 4, 1);
      cairo_fill (cr);
      dino_label_format (label, ticks[i]);
      show_line (cr, label, SMALL_FONT, false, 0.1, x + BAR_WIDTH + 8, place - SMALL_FONT * 0.7, LEGEND_WIDTH);
    }
  return y + BAR_HEIGHT + LINE;
}

static void
draw_legend (const struct dino_scatter_column *column, cairo_t *cr, double x, double y)
{
  show_line (cr, column->title, FONT, true, 0.1, x, y, LEGEND_WIDTH);
  y += LINE * 1.3;
  if (column->numeric)
    y = draw_bar (column, cr, x, y);
  for (int i = 0; i < column->n_classes; i++)
    draw_class (cr, i, column->names[i], column->counts[i], x, y + i * LINE, LEGEND_WIDTH);
  if (column->n_without > 0)
    draw_class (cr, -1, _ ("not known"), column->n_without, x, y + column->n_classes * LINE, LEGEND_WIDTH);
}

void
dino_scatter_paint (const void *data, cairo_t *cr, double width, double height)
{
  const struct dino_scatter *scatter = data;
  const double               legend = scatter->column != NULL ? LEGEND_WIDTH + MARGIN : 0;
  struct frame               frame = { .x = MARGIN, .y = MARGIN };

  frame.y += show_line (cr, scatter->title, TITLE_FONT, true, 0.1, frame.x, frame.y, width - 2 * MARGIN) + 4;
  if (scatter->caption != NULL)
    frame.y += show_line (cr, scatter->caption, SMALL_FONT, false, 0.3, frame.x, frame.y, width - 2 * MARGIN) + 8;
  frame.width = width - frame.x - MARGIN - legend;
  frame.height = height - frame.y - MARGIN - 2 * LINE;
  find_frame (scatter, &frame);
  draw_frame (scatter, &frame, cr);
  draw_points (scatter, &frame, cr);
  if (scatter->column != NULL)
    draw_legend (scatter->column, cr, frame.x + frame.width + MARGIN, frame.y);
  show_line (cr, NOTICE, SMALL_FONT, false, 0.4, frame.x, height - MARGIN - SMALL_FONT, width - 2 * MARGIN);
}
