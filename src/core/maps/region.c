#include "core/maps/region.h"

#include <math.h>
#include <string.h>

#include "core/base/text.h"
#include "core/maps/ellipse.h"

/* What the two kinds of region have in common. */
struct region
{
  double (*share) (const void *data, struct dino_box cell); /* of the cell's area */
  bool (*holds) (const void *data, double x, double y);
  const void *data;
};

/* Sums over the valid cells. */
struct measure
{
  double          area, sum, maximum; /* inside the region */
  double          total;
  bool            has_negative;
  double          peak;
  struct dino_box peak_cell; /* empty before the first cell */
};

static struct dino_box
cell_box (const struct dino_map *map, int row, int column)
{
  double width = (map->seen.x1 - map->seen.x0) / map->width;
  double height = (map->seen.y1 - map->seen.y0) / map->height;

  return (struct dino_box){
    map->seen.x0 + column * width,
    map->seen.y0 + row * height,
    map->seen.x0 + (column + 1) * width,
    map->seen.y0 + (row + 1) * height,
  };
}

static double
overlap (double a0, double a1, double b0, double b1)
{
  double length = fmin (a1, b1) - fmax (a0, b0);

  return length > 0 ? length : 0;
}

static void
add_cell (struct measure *measure, double value, double share, struct dino_box cell)
{
  if (measure->peak_cell.x1 <= measure->peak_cell.x0 || value > measure->peak)
    {
      measure->peak = value;
      measure->peak_cell = cell;
    }
  measure->has_negative = measure->has_negative || value < 0;
  measure->total += value;
  if (share <= 0)
    return;
  measure->maximum = measure->area > 0 ? fmax (measure->maximum, value) : value;
  measure->area += share;
  measure->sum += value * share;
}

static bool
measure_region (const struct dino_map *map, const struct region *region, struct dino_region_result *result, struct dino_error *error)
{
  struct measure measure = { 0 };

  if (map->channels != 1)
    return dino_error_set (error, DINO_CODE_ARGUMENT, _ ("A region can be measured on a map of one channel only."));
  for (int row = 0; row < map->height; row++)
    for (int column = 0; column < map->width; column++)
      {
        size_t          i = (size_t) row * (size_t) map->width + (size_t) column;
        struct dino_box cell = cell_box (map, row, column);

        if (map->valid == NULL || map->valid[i] != 0)
          add_cell (&measure, map->values[i], region->share (region->data, cell), cell);
      }
  if (!(measure.area > 0))
    return dino_error_set (error, DINO_CODE_ARGUMENT, _ ("The region does not touch the map."));
  result->area = measure.area;
  result->mean = measure.sum / measure.area;
  result->maximum = measure.maximum;
  result->mass_share = measure.has_negative || !(measure.total > 0) ? (double) NAN : measure.sum / measure.total;
  result->peak_inside = region->holds (region->data,
                                       (measure.peak_cell.x0 + measure.peak_cell.x1) / 2,
                                       (measure.peak_cell.y0 + measure.peak_cell.y1) / 2);
  return true;
}

static double
share_of_box (const void *data, struct dino_box cell)
{
  const struct dino_box *box = data;

  return overlap (cell.x0, cell.x1, box->x0, box->x1) / (cell.x1 - cell.x0) *
         (overlap (cell.y0, cell.y1, box->y0, box->y1) / (cell.y1 - cell.y0));
}

static bool
box_holds (const void *data, double x, double y)
{
  const struct dino_box *box = data;

  return x >= box->x0 && x < box->x1 && y >= box->y0 && y < box->y1;
}

static double
share_of_ellipse (const void *data, struct dino_box cell)
{
  const struct dino_box *box = data;

  return dino_ellipse_overlap (*box, cell) / ((cell.x1 - cell.x0) * (cell.y1 - cell.y0));
}

static bool
ellipse_holds (const void *data, double x, double y)
{
  const struct dino_box *box = data;

  return dino_ellipse_holds (*box, x, y);
}

bool
dino_region_shape (const struct dino_map *map, enum dino_shape shape, struct dino_box box, struct dino_region_result *result, struct dino_error *error)
{
  const struct region boxed = { share_of_box, box_holds, &box };
  const struct region oval = { share_of_ellipse, ellipse_holds, &box };

  if (!isfinite (box.x0) || !isfinite (box.y0) || !isfinite (box.x1) || !isfinite (box.y1))
    return dino_error_set (error, DINO_CODE_ARGUMENT, _ ("The region's box has an edge that is not a finite number."));
  return measure_region (map, shape == DINO_SHAPE_ELLIPSE ? &oval : &boxed, result, error);
}

bool
dino_region_box (const struct dino_map *map, struct dino_box box, struct dino_region_result *result, struct dino_error *error)
{
  return dino_region_shape (map, DINO_SHAPE_BOX, box, result, error);
}

bool
dino_region_ellipse (const struct dino_map *map, struct dino_box box, struct dino_region_result *result, struct dino_error *error)
{
  return dino_region_shape (map, DINO_SHAPE_ELLIPSE, box, result, error);
}

const char *
dino_shape_name (enum dino_shape shape)
{
  return shape == DINO_SHAPE_ELLIPSE ? "ellipse" : "box";
}

bool
dino_shape_parse (const char *name, enum dino_shape *shape)
{
  bool ellipse = strcmp (name, "ellipse") == 0;

  if (!ellipse && strcmp (name, "box") != 0)
    return false;
  *shape = ellipse ? DINO_SHAPE_ELLIPSE : DINO_SHAPE_BOX;
  return true;
}

static bool
is_inside (const struct dino_picture *mask, int x, int y)
{
  size_t first = ((size_t) y * (size_t) mask->width + (size_t) x) * (size_t) mask->channels;

  if (mask->bits == 16)
    return mask->samples16[first] != 0;
  for (size_t c = 0; c < (size_t) mask->channels; c++)
    if (mask->samples8[first + c] != 0)
      return true;
  return false;
}

/* Pixels that an interval touches: [*first, *end). */
static void
touched_pixels (double low, double high, int size, int *first, int *end)
{
  *first = (int) fmin (fmax (floor (low), 0), size);
  *end = (int) fmin (fmax (ceil (high), *first), size);
}

static double
share_of_mask (const void *data, struct dino_box cell)
{
  const struct dino_picture *mask = data;
  double                     area = 0;
  int                        x0, x1, y0, y1;

  touched_pixels (cell.x0, cell.x1, mask->width, &x0, &x1);
  touched_pixels (cell.y0, cell.y1, mask->height, &y0, &y1);
  for (int y = y0; y < y1; y++)
    {
      double length = 0;

      for (int x = x0; x < x1; x++)
        if (is_inside (mask, x, y))
          length += overlap (cell.x0, cell.x1, x, x + 1);
      area += length * overlap (cell.y0, cell.y1, y, y + 1);
    }
  return area / ((cell.x1 - cell.x0) * (cell.y1 - cell.y0));
}

static bool
mask_holds (const void *data, double x, double y)
{
  const struct dino_picture *mask = data;

  return x >= 0 && y >= 0 && x < mask->width && y < mask->height && is_inside (mask, (int) x, (int) y);
}

bool
dino_region_mask (const struct dino_map *map, const struct dino_picture *mask, struct dino_region_result *result, struct dino_error *error)
{
  const struct region region = { share_of_mask, mask_holds, mask };

  return measure_region (map, &region, result, error);
}
