/* Plots in panels: curves, points and counts. */
#pragma once

#include <cairo.h>
#include <stdbool.h>
#include <stddef.h>

/* Points in the order in which they are joined. */
struct dino_plot_line
{
  const char   *label; /* for the legend; NULL: none */
  const double *x, *y;
  const double *weights; /* NULL, or of points: their areas against each other */
  size_t        n;
  bool          points; /* not joined */
};

struct dino_plot_panel
{
  const char *title;
  const char *x_title, *y_title;
  double      x_low, x_high, y_low, y_high; /* the axes; low below high */
  bool        diagonal;                     /* a dashed line of x = y */

  const struct dino_plot_line *lines;
  size_t                       n_lines;

  /* Instead of lines: counts [n_names, n_names], rows from the top. */
  const size_t      *counts;
  const char *const *names;
  size_t             n_names;
};

struct dino_plots
{
  const char                   *title;
  const struct dino_plot_panel *panels; /* row by row */
  size_t                        n_panels, n_columns;
};

/* Its size in points. */
void dino_plots_get_size (const struct dino_plots *plots, double *width, double *height);

/* Draws at the origin; data is a struct dino_plots (struct dino_chart). */
void dino_plots_paint (const void *data, cairo_t *cr, double width, double height);
