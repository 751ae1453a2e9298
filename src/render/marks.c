#include "render/marks.h"

#include "render/text.h"

/* Parts of the font size. */
#define LINE 0.14
#define PADDING 0.2

/* A light line on a dark one shows on any ground. */
static const double light = 1, dark = 0;

static void
stroke (cairo_t *cr, double width, double grey, double alpha)
{
  cairo_set_source_rgba (cr, grey, grey, grey, alpha);
  cairo_set_line_width (cr, width);
  cairo_stroke_preserve (cr);
}

/* The label on a plate above the frame or, at the upper edge, inside it. */
static void
draw_label (cairo_t *cr, const char *text, struct dino_box frame, double font_size)
{
  PangoLayout *layout = dino_text_layout (cr, text, font_size, true);
  double       width = dino_text_width (layout) + 2 * PADDING * font_size;
  double       height = dino_text_height (layout);
  double       y = frame.y0 >= height ? frame.y0 - height : frame.y0;

  cairo_rectangle (cr, frame.x0, y, width, height);
  cairo_set_source_rgba (cr, dark, dark, dark, 0.7);
  cairo_fill (cr);
  cairo_set_source_rgb (cr, light, light, light);
  dino_text_show (cr, layout, frame.x0 + PADDING * font_size, y);
  g_object_unref (layout);
}

static struct dino_box
frame_of (const struct dino_map *map, const struct dino_map_mark *mark, struct dino_box box, double width, double height)
{
  const double cell_width = (map->seen.x1 - map->seen.x0) / map->width;
  const double cell_height = (map->seen.y1 - map->seen.y0) / map->height;
  const double x = map->seen.x0 + mark->column * cell_width - box.x0;
  const double y = map->seen.y0 + mark->row * cell_height - box.y0;
  const double scale_x = width / (box.x1 - box.x0), scale_y = height / (box.y1 - box.y0);

  return (struct dino_box){ x * scale_x, y * scale_y, (x + cell_width) * scale_x, (y + cell_height) * scale_y };
}

void
dino_marks_draw (cairo_t *cr, const struct dino_map *map, struct dino_box box, double width, double height, double font_size)
{
  for (int i = 0; i < map->n_marks; i++)
    {
      struct dino_box frame = frame_of (map, &map->marks[i], box, width, height);

      if (frame.x1 <= 0 || frame.y1 <= 0 || frame.x0 >= width || frame.y0 >= height)
        continue;
      cairo_rectangle (cr, frame.x0, frame.y0, frame.x1 - frame.x0, frame.y1 - frame.y0);
      stroke (cr, 2.4 * LINE * font_size, dark, 0.7);
      stroke (cr, LINE * font_size, light, 1);
      cairo_new_path (cr);
      if (map->marks[i].label[0] != '\0')
        draw_label (cr, map->marks[i].label, frame, font_size);
    }
}
