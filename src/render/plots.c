#include "render/plots.h"

#include "render/plot-private.h"
#include "render/text.h"

/* In files, so it is never translated. */
#define NOTICE "For research only. Not for clinical use."

/* Points. */
#define MARGIN 18.0
#define TITLE_HEIGHT 30.0
#define NOTICE_HEIGHT 18.0
#define PANEL_WIDTH 236.0
#define PANEL_HEIGHT 236.0
#define TITLE_SIZE 13.0
#define NOTICE_SIZE 8.0

/* Of a panel, around the plotted area. */
#define ABOVE 24.0
#define BELOW 34.0
#define BEFORE 46.0
#define AFTER 14.0

static const double colors[][3] = {
  { 0, 0.447, 0.698 },     /* blue */
  { 0.835, 0.369, 0 },     /* vermilion */
  { 0, 0.62, 0.451 },      /* bluish green */
  { 0.8, 0.475, 0.655 },   /* reddish purple */
  { 0.902, 0.624, 0 },     /* orange */
  { 0.337, 0.706, 0.914 }, /* sky blue */
  { 0.35, 0.35, 0.35 },    /* grey */
  { 0.75, 0.7, 0 },        /* a yellow that is seen on white */
};

void
dino_plot_set_ink (cairo_t *cr, double alpha)
{
  cairo_set_source_rgba (cr, 0.13, 0.13, 0.15, alpha);
}

void
dino_plot_set_color (cairo_t *cr, size_t i, double alpha)
{
  const double *color = colors[i % (sizeof colors / sizeof *colors)];

  cairo_set_source_rgba (cr, color[0], color[1], color[2], alpha);
}

void
dino_plot_text (cairo_t *cr, const char *text, double size, bool bold, enum dino_plot_align align, double x, double y, double width)
{
  PangoLayout *layout = dino_text_layout (cr, text, size, bold);
  double       wide;

  dino_text_fit (layout, width);
  wide = dino_text_width (layout);
  dino_text_show (cr, layout, align == DINO_PLOT_LEFT ? x : align == DINO_PLOT_MIDDLE ? x - wide / 2
                                                                                      : x - wide,
                  y);
  g_object_unref (layout);
}

static size_t
n_rows_of (const struct dino_plots *plots)
{
  return (plots->n_panels + plots->n_columns - 1) / plots->n_columns;
}

static void
draw_panel (cairo_t *cr, const struct dino_plot_panel *panel, double x, double y)
{
  const struct dino_plot_frame frame = { x + BEFORE, y + ABOVE, PANEL_WIDTH - BEFORE - AFTER, PANEL_HEIGHT - ABOVE - BELOW };

  dino_plot_set_ink (cr, 1);
  dino_plot_text (cr, panel->title, DINO_PLOT_FONT, true, DINO_PLOT_LEFT, frame.x, y + 6, frame.width);
  if (panel->counts != NULL)
    dino_plot_draw_matrix (cr, panel, &frame);
  else
    {
      dino_plot_draw_axes (cr, panel, &frame);
      dino_plot_draw_lines (cr, panel, &frame);
    }
}

void
dino_plots_paint (const void *data, cairo_t *cr, double width, double height)
{
  const struct dino_plots *plots = data;

  dino_plot_set_ink (cr, 1);
  dino_plot_text (cr, plots->title, TITLE_SIZE, true, DINO_PLOT_LEFT, MARGIN, MARGIN * 0.7, width - 2 * MARGIN);
  for (size_t i = 0; i < plots->n_panels; i++)
    {
      const size_t column = i % plots->n_columns, row = i / plots->n_columns;

      draw_panel (cr, &plots->panels[i], MARGIN + (double) column * PANEL_WIDTH, MARGIN + TITLE_HEIGHT - 8 + (double) row * PANEL_HEIGHT);
    }
  dino_plot_set_ink (cr, 0.7);
  dino_plot_text (cr, NOTICE, NOTICE_SIZE, false, DINO_PLOT_LEFT, MARGIN, height - MARGIN - NOTICE_SIZE, width - 2 * MARGIN);
}

void
dino_plots_get_size (const struct dino_plots *plots, double *width, double *height)
{
  *width = 2 * MARGIN + (double) plots->n_columns * PANEL_WIDTH;
  *height = 2 * MARGIN + TITLE_HEIGHT + NOTICE_HEIGHT - 8 + (double) n_rows_of (plots) * PANEL_HEIGHT;
}
