#include <math.h>
#include <stdio.h>

#include "render/plot-private.h"

#define GAP 3.0

/* Smaller cells have no room for numbers and names. */
#define LEAST_CELL 13.0

static size_t
row_sum (const struct dino_plot_panel *panel, size_t row)
{
  size_t sum = 0;

  for (size_t c = 0; c < panel->n_names; c++)
    sum += panel->counts[row * panel->n_names + c];
  return sum;
}

static void
draw_cell (cairo_t *cr, const struct dino_plot_panel *panel, size_t row, size_t column, double x, double y, double width, double height)
{
  const size_t count = panel->counts[row * panel->n_names + column], sum = row_sum (panel, row);
  const double share = sum > 0 ? (double) count / (double) sum : 0;
  char         text[32];

  dino_plot_set_color (cr, 0, 0.06 + 0.84 * share);
  cairo_rectangle (cr, x + 0.5, y + 0.5, width - 1, height - 1);
  cairo_fill (cr);
  if (height < LEAST_CELL)
    return;
  snprintf (text, sizeof text, "%zu", count);
  if (share > 0.55)
    cairo_set_source_rgb (cr, 1, 1, 1);
  else
    dino_plot_set_ink (cr, 1);
  dino_plot_text (cr, text, DINO_PLOT_FONT, false, DINO_PLOT_MIDDLE, x + width / 2, y + height / 2 - DINO_PLOT_FONT * 0.62, width - 2);
}

static void
draw_titles (cairo_t *cr, const struct dino_plot_panel *panel, const struct dino_plot_frame *frame)
{
  dino_plot_set_ink (cr, 1);
  dino_plot_text (cr, panel->x_title, DINO_PLOT_SMALL, false, DINO_PLOT_MIDDLE, frame->x + frame->width / 2, frame->y + frame->height + 2 * GAP + DINO_PLOT_SMALL, frame->width);
  cairo_save (cr);
  cairo_translate (cr, frame->x - 40, frame->y + frame->height / 2);
  cairo_rotate (cr, -acos (0));
  dino_plot_text (cr, panel->y_title, DINO_PLOT_SMALL, false, DINO_PLOT_MIDDLE, 0, 0, frame->height);
  cairo_restore (cr);
}

void
dino_plot_draw_matrix (cairo_t *cr, const struct dino_plot_panel *panel, const struct dino_plot_frame *frame)
{
  const double width = frame->width / (double) panel->n_names, height = frame->height / (double) panel->n_names;

  for (size_t row = 0; row < panel->n_names; row++)
    for (size_t column = 0; column < panel->n_names; column++)
      draw_cell (cr, panel, row, column, frame->x + (double) column * width, frame->y + (double) row * height, width, height);
  dino_plot_set_ink (cr, 1);
  for (size_t k = 0; height >= LEAST_CELL && k < panel->n_names; k++)
    {
      dino_plot_text (cr, panel->names[k], DINO_PLOT_SMALL, false, DINO_PLOT_RIGHT, frame->x - GAP, frame->y + ((double) k + 0.5) * height - DINO_PLOT_SMALL * 0.62, 24);
      dino_plot_text (cr, panel->names[k], DINO_PLOT_SMALL, false, DINO_PLOT_MIDDLE, frame->x + ((double) k + 0.5) * width, frame->y + frame->height + GAP, width - 2);
    }
  draw_titles (cr, panel, frame);
}
