/* What the panels of plots are drawn with. Private to render. */
#pragma once

#include <cairo.h>

#include "render/plots.h"

/* A panel's inside, in points, and its letters. */
#define DINO_PLOT_FONT 9.0
#define DINO_PLOT_SMALL 7.5

struct dino_plot_frame
{
  double x, y, width, height; /* of the plotted area */
};

void dino_plot_set_ink (cairo_t *cr, double alpha);

/* The colour of line number i: Okabe and Ito's eight, told apart by people who see fewer colours. */
void dino_plot_set_color (cairo_t *cr, size_t i, double alpha);

enum dino_plot_align
{
  DINO_PLOT_LEFT,
  DINO_PLOT_MIDDLE,
  DINO_PLOT_RIGHT
};

/* text with its anchor at x and its upper edge at y, narrowed to width. */
void dino_plot_text (cairo_t *cr, const char *text, double size, bool bold, enum dino_plot_align align, double x, double y, double width);

/* Axes with ticks and titles, and lines with a legend. */
void dino_plot_draw_axes (cairo_t *cr, const struct dino_plot_panel *panel, const struct dino_plot_frame *frame);
void dino_plot_draw_lines (cairo_t *cr, const struct dino_plot_panel *panel, const struct dino_plot_frame *frame);

/* Counts as shaded cells with numbers. */
void dino_plot_draw_matrix (cairo_t *cr, const struct dino_plot_panel *panel, const struct dino_plot_frame *frame);
