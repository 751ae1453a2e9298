#include "app/dinoscope-canvas-private.h"

#include <math.h>

/* A tile is small enough for every graphics processor, and, at the largest
 * zoom at which textures are used, for Cairo's coordinates. */
#define TILE_SIZE 2048

/* Texels that neighbouring tiles share, so that no seam shows between them. */
#define TILE_OVERLAP 1

/* From this many device pixels a picture pixel on, pixels are shown as squares. */
#define SQUARE_PIXELS 4.0

/* Picture pixels kept around the viewport, so that panning seldom has to fetch more. */
#define PIXELS_MARGIN 64

typedef struct
{
  GdkTexture *texture;
  int         x, y, width, height; /* in the level */
} Tile;

/* A level of the pyramid, or a part of one that was drawn for other greys. */
struct _DinoscopeCanvasLevel
{
  GArray         *tiles;
  int             x, y, width, height;       /* of what is there, in the level */
  int             level_width, level_height; /* of the whole level */
  GdkMemoryFormat format;
  gsize           pixel_size;
};

typedef DinoscopeCanvasLevel Level;

static void
tile_clear (gpointer data)
{
  Tile *tile = data;

  g_clear_object (&tile->texture);
}

void
dinoscope_canvas_level_free (DinoscopeCanvasLevel *level)
{
  g_array_unref (level->tiles);
  g_free (level);
}

static void
level_free (gpointer data)
{
  dinoscope_canvas_level_free (data);
}

/* Textures share the memory of the level. */
static void
level_add_tile (Level *level, GBytes *bytes, int x, int y)
{
  gsize stride = (gsize) level->width * level->pixel_size;
  Tile  tile = {
     .x = MAX (x - TILE_OVERLAP, 0),
     .y = MAX (y - TILE_OVERLAP, 0),
  };

  tile.width = MIN (x + TILE_SIZE + TILE_OVERLAP, level->width) - tile.x;
  tile.height = MIN (y + TILE_SIZE + TILE_OVERLAP, level->height) - tile.y;
  {
    gsize              offset = (gsize) tile.y * stride + (gsize) tile.x * level->pixel_size;
    gsize              length = (gsize) (tile.height - 1) * stride + (gsize) tile.width * level->pixel_size;
    g_autoptr (GBytes) part = g_bytes_new_from_bytes (bytes, offset, length);

    tile.texture = gdk_memory_texture_new (tile.width, tile.height, level->format, part, stride);
  }
  g_array_append_val (level->tiles, tile);
}

static void
level_add_tiles (Level *level, GBytes *bytes)
{
  level->tiles = g_array_new (FALSE, FALSE, sizeof (Tile));
  g_array_set_clear_func (level->tiles, tile_clear);
  for (int y = 0; y < level->height; y += TILE_SIZE)
    for (int x = 0; x < level->width; x += TILE_SIZE)
      level_add_tile (level, bytes, x, y);
}

static Level *
level_new (GBytes *bytes, int width, int height)
{
  Level *level = g_new0 (Level, 1);

  level->width = level->level_width = width;
  level->height = level->level_height = height;
  level->format = GDK_MEMORY_R8G8B8;
  level->pixel_size = 3;
  level_add_tiles (level, bytes);
  return level;
}

DinoscopeCanvasLevel *
dinoscope_canvas_level_new_part (GBytes *bytes, const DinoscopePart *part, int level_width, int level_height)
{
  Level *level = g_new0 (Level, 1);

  level->x = part->x;
  level->y = part->y;
  level->width = part->width;
  level->height = part->height;
  level->level_width = level_width;
  level->level_height = level_height;
  level->format = GDK_MEMORY_DEFAULT;
  level->pixel_size = 4;
  level_add_tiles (level, bytes);
  return level;
}

void
dinoscope_canvas_picture_clear (DinoscopeCanvasPicture *picture)
{
  g_clear_pointer (&picture->levels, g_ptr_array_unref);
  g_clear_pointer (&picture->pixels, cairo_surface_destroy);
}

void
dinoscope_canvas_picture_set_study (DinoscopeCanvasPicture *picture, DinoscopeStudy *study)
{
  dinoscope_canvas_picture_clear (picture);
  if (study == NULL)
    return;

  picture->levels = g_ptr_array_new_with_free_func (level_free);
  for (guint i = 0; i < dinoscope_study_get_n_levels (study); i++)
    {
      int     width, height;
      GBytes *bytes = dinoscope_study_get_level (study, i, &width, &height);

      g_ptr_array_add (picture->levels, level_new (bytes, width, height));
    }
}

static gboolean
pixels_cover (const DinoscopeCanvasPicture *picture, struct dino_box box)
{
  return picture->pixels != NULL && box.x0 >= picture->pixels_x && box.y0 >= picture->pixels_y && box.x1 <= picture->pixels_x + cairo_image_surface_get_width (picture->pixels) && box.y1 <= picture->pixels_y + cairo_image_surface_get_height (picture->pixels);
}

static void
copy_pixels (cairo_surface_t *surface, const guint8 *rgb, gsize stride)
{
  int     width = cairo_image_surface_get_width (surface);
  int     height = cairo_image_surface_get_height (surface);
  gsize   surface_stride = (gsize) cairo_image_surface_get_stride (surface);
  guint8 *data = cairo_image_surface_get_data (surface);

  cairo_surface_flush (surface);
  for (int y = 0; y < height; y++)
    {
      const guint8 *from = rgb + (gsize) y * stride;
      guint32      *to = (guint32 *) (gpointer) (data + (gsize) y * surface_stride);

      for (int x = 0; x < width; x++, from += 3)
        to[x] = 0xff000000u | (guint32) from[0] << 16 | (guint32) from[1] << 8 | from[2];
    }
  cairo_surface_mark_dirty (surface);
}

/* Textures are always filtered: single pixels are drawn by Cairo, from a copy
 * of the few that can be seen. */
void
dinoscope_canvas_picture_update (DinoscopeCanvasPicture *picture, DinoscopeStudy *study, const DinoscopeView *view)
{
  struct dino_box visible;
  int             x0, y0, x1, y1;
  int             width, height;
  const guint8   *rgb;

  if (study == NULL || !dinoscope_view_is_usable (view) || dinoscope_view_resolution (view) < SQUARE_PIXELS)
    {
      g_clear_pointer (&picture->pixels, cairo_surface_destroy);
      return;
    }

  visible = dinoscope_view_visible (view);
  if (pixels_cover (picture, visible))
    return;

  g_clear_pointer (&picture->pixels, cairo_surface_destroy);
  rgb = g_bytes_get_data (dinoscope_study_get_level (study, 0, &width, &height), NULL);
  x0 = MAX ((int) floor (visible.x0) - PIXELS_MARGIN, 0);
  y0 = MAX ((int) floor (visible.y0) - PIXELS_MARGIN, 0);
  x1 = MIN ((int) ceil (visible.x1) + PIXELS_MARGIN, width);
  y1 = MIN ((int) ceil (visible.y1) + PIXELS_MARGIN, height);
  picture->pixels = cairo_image_surface_create (CAIRO_FORMAT_RGB24, x1 - x0, y1 - y0);
  if (cairo_surface_status (picture->pixels) != CAIRO_STATUS_SUCCESS)
    {
      g_clear_pointer (&picture->pixels, cairo_surface_destroy);
      return;
    }
  picture->pixels_x = x0;
  picture->pixels_y = y0;
  copy_pixels (picture->pixels, rgb + ((gsize) y0 * (gsize) width + (gsize) x0) * 3, (gsize) width * 3);
}

void
dinoscope_canvas_append_texture (GtkSnapshot *snapshot, const DinoscopeView *view, GdkTexture *texture, struct dino_box box, gboolean exact)
{
  struct dino_box shown = dinoscope_view_box_to_widget (view, box);
  double          width, height;

  if (exact)
    {
      shown.x0 = round (shown.x0 * view->scale) / view->scale;
      shown.y0 = round (shown.y0 * view->scale) / view->scale;
      shown.x1 = round (shown.x1 * view->scale) / view->scale;
      shown.y1 = round (shown.y1 * view->scale) / view->scale;
    }
  width = shown.x1 - shown.x0;
  height = shown.y1 - shown.y0;

  gtk_snapshot_save (snapshot);
  gtk_snapshot_translate (snapshot, &GRAPHENE_POINT_INIT ((float) shown.x0, (float) shown.y0));
  if (view->flipped)
    {
      gtk_snapshot_translate (snapshot, &GRAPHENE_POINT_INIT ((float) width, 0));
      gtk_snapshot_scale (snapshot, -1, 1);
    }
  if (view->turns == 1 || view->turns == 2)
    gtk_snapshot_translate (snapshot, &GRAPHENE_POINT_INIT ((float) width, view->turns == 2 ? (float) height : 0));
  else if (view->turns == 3)
    gtk_snapshot_translate (snapshot, &GRAPHENE_POINT_INIT (0, (float) height));
  if (view->turns != 0)
    gtk_snapshot_rotate (snapshot, 90.0f * (float) view->turns);
  if (view->turns % 2 == 1)
    gtk_snapshot_append_texture (snapshot, texture, &GRAPHENE_RECT_INIT (0, 0, (float) height, (float) width));
  else
    gtk_snapshot_append_texture (snapshot, texture, &GRAPHENE_RECT_INIT (0, 0, (float) width, (float) height));
  gtk_snapshot_restore (snapshot);
}

/* The coarsest level that still has a texel for every device pixel: neither
 * renderer averages, and a reduction without averaging invents texture. */
guint
dinoscope_canvas_picture_choose_level (const DinoscopeCanvasPicture *picture, const DinoscopeView *view)
{
  double needed = dinoscope_view_resolution (view) * view->picture_width;
  guint  i = 0;

  while (i + 1 < picture->levels->len && ((const Level *) picture->levels->pdata[i + 1])->width >= needed)
    i++;
  return i;
}

gboolean
dinoscope_canvas_shows_squares (const DinoscopeView *view)
{
  return dinoscope_view_resolution (view) >= SQUARE_PIXELS;
}

static gboolean
boxes_meet (struct dino_box a, struct dino_box b)
{
  return a.x0 < b.x1 && b.x0 < a.x1 && a.y0 < b.y1 && b.y0 < a.y1;
}

void
dinoscope_canvas_level_snapshot (const DinoscopeCanvasLevel *level, const DinoscopeView *view, GtkSnapshot *snapshot)
{
  struct dino_box visible = dinoscope_view_visible (view);
  double          step_x = (double) view->picture_width / level->level_width;
  double          step_y = (double) view->picture_height / level->level_height;

  for (guint i = 0; i < level->tiles->len; i++)
    {
      const Tile     *tile = &g_array_index (level->tiles, Tile, i);
      struct dino_box box = { (level->x + tile->x) * step_x, (level->y + tile->y) * step_y,
                              (level->x + tile->x + tile->width) * step_x, (level->y + tile->y + tile->height) * step_y };

      if (boxes_meet (box, visible))
        dinoscope_canvas_append_texture (snapshot, view, tile->texture, box, FALSE);
    }
}

/* Bounds are the part in the viewport: those of the whole picture would exceed
 * what Cairo can address. */
void
dinoscope_canvas_pixels_snapshot (cairo_surface_t *pixels, int pixels_x, int pixels_y, const DinoscopeView *view, GtkSnapshot *snapshot)
{
  struct dino_box bounds = dinoscope_view_box_to_widget (view, dinoscope_view_visible (view));
  cairo_matrix_t  matrix;
  cairo_t        *cr;
  double          x, y, right_x, right_y, down_x, down_y;

  dinoscope_view_to_widget (view, pixels_x, pixels_y, &x, &y);
  dinoscope_view_to_widget (view, pixels_x + 1, pixels_y, &right_x, &right_y);
  dinoscope_view_to_widget (view, pixels_x, pixels_y + 1, &down_x, &down_y);
  cairo_matrix_init (&matrix, right_x - x, right_y - y, down_x - x, down_y - y, x, y);

  cr = gtk_snapshot_append_cairo (snapshot,
                                  &GRAPHENE_RECT_INIT ((float) bounds.x0,
                                                       (float) bounds.y0,
                                                       (float) (bounds.x1 - bounds.x0),
                                                       (float) (bounds.y1 - bounds.y0)));
  cairo_transform (cr, &matrix);
  cairo_set_source_surface (cr, pixels, 0, 0);
  cairo_pattern_set_filter (cairo_get_source (cr), CAIRO_FILTER_NEAREST);
  cairo_paint (cr);
  cairo_destroy (cr);
}

void
dinoscope_canvas_picture_snapshot (const DinoscopeCanvasPicture *picture, const DinoscopeView *view, GtkSnapshot *snapshot)
{
  if (picture->pixels != NULL)
    dinoscope_canvas_pixels_snapshot (picture->pixels, picture->pixels_x, picture->pixels_y, view, snapshot);
  else if (picture->levels != NULL)
    dinoscope_canvas_level_snapshot (picture->levels->pdata[dinoscope_canvas_picture_choose_level (picture, view)], view, snapshot);
}
