/* The marks of a map on a frame that may be turned: letters stay upright. */
#include "render/frame.h"

#include "core/base/memory.h"
#include "core/base/text.h"
#include "render/caption.h"
#include "render/marks.h"

/* Of a frame at the width at which captions are laid out. */
#define FONT_SIZE 11.0

/* A box within width x height after turning and mirroring. */
static struct dino_box
turn_box (const struct dino_frame *frame, struct dino_box box, double width, double height)
{
  struct dino_box turned = box;
  double          across = frame->turns % 2 != 0 ? height : width;

  if (frame->turns == 1)
    turned = (struct dino_box){ height - box.y1, box.x0, height - box.y0, box.x1 };
  else if (frame->turns == 2)
    turned = (struct dino_box){ width - box.x1, height - box.y1, width - box.x0, height - box.y0 };
  else if (frame->turns == 3)
    turned = (struct dino_box){ box.y0, width - box.x1, box.y1, width - box.x0 };
  if (frame->flipped)
    turned = (struct dino_box){ across - turned.x1, turned.y0, across - turned.x0, turned.y1 };
  return turned;
}

/* The patch (row, column) of a turned grid, as a box of one patch. */
static void
turn_mark (const struct dino_frame *frame, const struct dino_map *map, struct dino_map_mark *mark)
{
  struct dino_box cell = { mark->column, mark->row, mark->column + 1, mark->row + 1 };

  cell = turn_box (frame, cell, map->width, map->height);
  mark->column = (int) cell.x0;
  mark->row = (int) cell.y0;
}

bool
dino_frame_draw_marks (const struct dino_frame *frame, const struct dino_map *map, cairo_t *cr, double width, double height, struct dino_error *error)
{
  const double    full_width = frame->box.x1 - frame->box.x0, full_height = frame->box.y1 - frame->box.y0;
  struct dino_map turned = *map;
  struct dino_box seen = { map->seen.x0 - frame->box.x0, map->seen.y0 - frame->box.y0, map->seen.x1 - frame->box.x0, map->seen.y1 - frame->box.y0 };
  struct dino_box box = { 0, 0, full_width, full_height };

  turned.marks = dino_alloc ((size_t) map->n_marks, sizeof *turned.marks, error);
  if (turned.marks == NULL)
    return false;
  for (int i = 0; i < map->n_marks; i++)
    {
      turned.marks[i] = map->marks[i];
      turn_mark (frame, map, &turned.marks[i]);
    }
  if (frame->turns % 2 != 0)
    {
      turned.width = map->height;
      turned.height = map->width;
    }
  turned.seen = turn_box (frame, seen, full_width, full_height);
  box = turn_box (frame, box, full_width, full_height);
  dino_marks_draw (cr, &turned, box, width, height, FONT_SIZE * width / dino_caption_layout_width (frame->width));
  dino_free (turned.marks);
  return true;
}

/* Between our bytes and Cairo's words, row by row, so that the marks are drawn over the map. */
static void
copy_row (uint8_t *bytes, uint32_t *words, int width, bool to_words)
{
  for (int x = 0; x < width; x++, bytes += 4)
    if (to_words)
      words[x] = (uint32_t) bytes[3] << 24 | (uint32_t) bytes[0] << 16 | (uint32_t) bytes[1] << 8 | bytes[2];
    else
      {
        bytes[0] = (uint8_t) (words[x] >> 16);
        bytes[1] = (uint8_t) (words[x] >> 8);
        bytes[2] = (uint8_t) words[x];
        bytes[3] = (uint8_t) (words[x] >> 24);
      }
}

static void
copy_pixels (struct dino_frame *frame, cairo_surface_t *surface, bool to_surface)
{
  unsigned char *data = cairo_image_surface_get_data (surface);
  size_t         stride = (size_t) cairo_image_surface_get_stride (surface);

  for (int y = 0; y < frame->height; y++)
    copy_row (frame->drawn + (size_t) y * (size_t) frame->width * 4, (uint32_t *) (void *) (data + (size_t) y * stride), frame->width, to_surface);
}

bool
dino_frame_add_marks (struct dino_frame *frame, const struct dino_map *map, struct dino_error *error)
{
  cairo_surface_t *surface;
  cairo_t         *cr;
  cairo_status_t   status;
  bool             done;

  if (map->n_marks == 0)
    return true;
  surface = cairo_image_surface_create (CAIRO_FORMAT_ARGB32, frame->width, frame->height);
  status = cairo_surface_status (surface);
  if (status != CAIRO_STATUS_SUCCESS)
    {
      cairo_surface_destroy (surface);
      return dino_error_set (error, status == CAIRO_STATUS_NO_MEMORY ? DINO_CODE_MEMORY : DINO_CODE_LIMIT,
                             _ ("The picture of %d × %d pixels cannot be drawn: %s."), frame->width, frame->height, cairo_status_to_string (status));
    }
  copy_pixels (frame, surface, true);
  cairo_surface_mark_dirty (surface);
  cr = cairo_create (surface);
  done = dino_frame_draw_marks (frame, map, cr, frame->width, frame->height, error);
  cairo_destroy (cr);
  cairo_surface_flush (surface);
  copy_pixels (frame, surface, false);
  cairo_surface_destroy (surface);
  return done;
}
