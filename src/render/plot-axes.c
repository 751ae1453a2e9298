#include <math.h>
#include <stdio.h>
#include <string.h>

#include "render/bar.h"
#include "render/plot-private.h"
#include "render/label.h"
#include "render/text.h"

#define MAX_TICKS 12
#define N_TICKS 5
#define TICK 3.0
#define GAP 3.0
#define LEGEND_LINE 11.0
#define LARGEST_POINT 5.0
#define POINT 1.8

static double
place_x (const struct dino_plot_panel *panel, const struct dino_plot_frame *frame, double x)
{
  return frame->x + (x - panel->x_low) / (panel->x_high - panel->x_low) * frame->width;
}

static double
place_y (const struct dino_plot_panel *panel, const struct dino_plot_frame *frame, double y)
{
  return frame->y + frame->height - (y - panel->y_low) / (panel->y_high - panel->y_low) * frame->height;
}

static void
draw_x_ticks (cairo_t *cr, const struct dino_plot_panel *panel, const struct dino_plot_frame *frame)
{
  double    ticks[MAX_TICKS];
  const int n = dino_bar_ticks (panel->x_low, panel->x_high, N_TICKS, ticks, MAX_TICKS);

  for (int i = 0; i < n; i++)
    {
      const double x = place_x (panel, frame, ticks[i]);
      char         label[DINO_LABEL_LENGTH];

      dino_label_format (label, ticks[i]);
      dino_plot_set_ink (cr, 0.12);
      cairo_move_to (cr, x, frame->y);
      cairo_line_to (cr, x, frame->y + frame->height);
      cairo_stroke (cr);
      dino_plot_set_ink (cr, 1);
      dino_plot_text (cr, label, DINO_PLOT_SMALL, false, DINO_PLOT_MIDDLE, x, frame->y + frame->height + TICK, frame->width);
    }
}

static void
draw_y_ticks (cairo_t *cr, const struct dino_plot_panel *panel, const struct dino_plot_frame *frame)
{
  double    ticks[MAX_TICKS];
  const int n = dino_bar_ticks (panel->y_low, panel->y_high, N_TICKS, ticks, MAX_TICKS);

  for (int i = 0; i < n; i++)
    {
      const double y = place_y (panel, frame, ticks[i]);
      char         label[DINO_LABEL_LENGTH];

      dino_label_format (label, ticks[i]);
      dino_plot_set_ink (cr, 0.12);
      cairo_move_to (cr, frame->x, y);
      cairo_line_to (cr, frame->x + frame->width, y);
      cairo_stroke (cr);
      dino_plot_set_ink (cr, 1);
      dino_plot_text (cr, label, DINO_PLOT_SMALL, false, DINO_PLOT_RIGHT, frame->x - TICK - 1, y - DINO_PLOT_SMALL * 0.62, frame->x);
    }
}

/* Turned: from the bottom up. */
static void
draw_y_title (cairo_t *cr, const char *title, const struct dino_plot_frame *frame)
{
  cairo_save (cr);
  cairo_translate (cr, frame->x - 40, frame->y + frame->height / 2);
  cairo_rotate (cr, -acos (0));
  dino_plot_text (cr, title, DINO_PLOT_SMALL, false, DINO_PLOT_MIDDLE, 0, 0, frame->height);
  cairo_restore (cr);
}

void
dino_plot_draw_axes (cairo_t *cr, const struct dino_plot_panel *panel, const struct dino_plot_frame *frame)
{
  cairo_set_line_width (cr, 0.6);
  draw_x_ticks (cr, panel, frame);
  draw_y_ticks (cr, panel, frame);
  dino_plot_set_ink (cr, 1);
  dino_plot_text (cr, panel->x_title, DINO_PLOT_SMALL, false, DINO_PLOT_MIDDLE, frame->x + frame->width / 2, frame->y + frame->height + TICK + DINO_PLOT_SMALL + GAP, frame->width);
  draw_y_title (cr, panel->y_title, frame);
  dino_plot_set_ink (cr, 0.5);
  cairo_rectangle (cr, frame->x, frame->y, frame->width, frame->height);
  cairo_stroke (cr);
}

static void
draw_points (cairo_t *cr, const struct dino_plot_panel *panel, const struct dino_plot_frame *frame, const struct dino_plot_line *line)
{
  double most = 0;

  for (size_t i = 0; line->weights != NULL && i < line->n; i++)
    most = fmax (most, line->weights[i]);
  for (size_t i = 0; i < line->n; i++)
    {
      const double radius = line->weights != NULL && most > 0 ? fmax (LARGEST_POINT * sqrt (line->weights[i] / most), 1) : POINT;

      if (!isfinite (line->x[i]) || !isfinite (line->y[i]))
        continue;
      cairo_new_sub_path (cr);
      cairo_arc (cr, place_x (panel, frame, line->x[i]), place_y (panel, frame, line->y[i]), radius, 0, 4 * acos (0));
      cairo_fill (cr);
    }
}

static void
draw_path (cairo_t *cr, const struct dino_plot_panel *panel, const struct dino_plot_frame *frame, const struct dino_plot_line *line)
{
  bool begun = false;

  for (size_t i = 0; i < line->n; i++)
    {
      if (!isfinite (line->x[i]) || !isfinite (line->y[i]))
        continue;
      if (begun)
        cairo_line_to (cr, place_x (panel, frame, line->x[i]), place_y (panel, frame, line->y[i]));
      else
        cairo_move_to (cr, place_x (panel, frame, line->x[i]), place_y (panel, frame, line->y[i]));
      begun = true;
    }
  cairo_stroke (cr);
}

static void
draw_diagonal (cairo_t *cr, const struct dino_plot_panel *panel, const struct dino_plot_frame *frame)
{
  const double dashes[] = { 3, 3 };
  const double low = fmax (panel->x_low, panel->y_low), high = fmin (panel->x_high, panel->y_high);

  cairo_save (cr);
  cairo_set_dash (cr, dashes, 2, 0);
  dino_plot_set_ink (cr, 0.5);
  cairo_move_to (cr, place_x (panel, frame, low), place_y (panel, frame, low));
  cairo_line_to (cr, place_x (panel, frame, high), place_y (panel, frame, high));
  cairo_stroke (cr);
  cairo_restore (cr);
}

/* In the lower right corner, where curves of what works are not. */
static void
draw_legend (cairo_t *cr, const struct dino_plot_panel *panel, const struct dino_plot_frame *frame)
{
  size_t n = 0;
  double y;

  for (size_t i = 0; i < panel->n_lines; i++)
    n += panel->lines[i].label != NULL;
  y = frame->y + frame->height - 4 - (double) n * LEGEND_LINE;
  for (size_t i = 0; i < panel->n_lines; i++)
    {
      if (panel->lines[i].label == NULL)
        continue;
      dino_plot_set_color (cr, i, 1);
      dino_plot_text (cr, panel->lines[i].label, DINO_PLOT_SMALL, true, DINO_PLOT_RIGHT, frame->x + frame->width - 5, y, frame->width - 10);
      y += LEGEND_LINE;
    }
}

void
dino_plot_draw_lines (cairo_t *cr, const struct dino_plot_panel *panel, const struct dino_plot_frame *frame)
{
  cairo_save (cr);
  cairo_rectangle (cr, frame->x - 1, frame->y - 1, frame->width + 2, frame->height + 2);
  cairo_clip (cr);
  cairo_set_line_width (cr, 0.8);
  if (panel->diagonal)
    draw_diagonal (cr, panel, frame);
  cairo_set_line_width (cr, 1.4);
  cairo_set_line_join (cr, CAIRO_LINE_JOIN_ROUND);
  for (size_t i = 0; i < panel->n_lines; i++)
    {
      dino_plot_set_color (cr, i, panel->lines[i].points && panel->lines[i].weights == NULL ? 0.6 : 1);
      if (panel->lines[i].points)
        draw_points (cr, panel, frame, &panel->lines[i]);
      else
        draw_path (cr, panel, frame, &panel->lines[i]);
    }
  cairo_restore (cr);
  draw_legend (cr, panel, frame);
}
