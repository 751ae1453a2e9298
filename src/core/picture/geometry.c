#include "core/picture/geometry.h"

#include <math.h>
#include <stdint.h>
#include <string.h>

#include "core/base/text.h"
#include "core/picture/picture.h"

/* Rounded towards minus infinity, so that of an odd margin the larger half is
 * before the picture when it is padded and after it when it is cropped. */
static int
half_floor (int value)
{
  return value >= 0 ? value / 2 : -((1 - value) / 2);
}

static bool
within_limits (int64_t width, int64_t height)
{
  return width <= DINO_PICTURE_MAX_SIDE && height <= DINO_PICTURE_MAX_SIDE &&
         (uint64_t) width * (uint64_t) height <= DINO_PICTURE_MAX_PIXELS;
}

/* The limits hold for the resized picture as for the original: a strip of one
 * pixel's width would otherwise grow beyond all bounds. */
static bool
set_resized (struct dino_geometry *geometry, int64_t width, int64_t height, struct dino_error *error)
{
  if (!within_limits (width, height))
    return dino_error_set (error, DINO_CODE_LIMIT,
                           _ ("A picture of %d × %d pixels would be resized to %lld × %lld, which is beyond the limit of %d pixels on a side."),
                           geometry->width, geometry->height, (long long) width, (long long) height, DINO_PICTURE_MAX_SIDE);
  geometry->resized_width = (int) width;
  geometry->resized_height = (int) height;
  return true;
}

/* numerator / denominator as the two preparations make it whole: cut, as the
 * processor does ((int) of a double; integers give the same, as sides are far
 * below 2^26), or to the nearest, a half to the even number, as the round() of
 * the model card's preparation. */
static int64_t
whole_side (const struct dino_geometry *geometry, int64_t numerator, int64_t denominator)
{
  if (geometry->rounded)
    return (int64_t) rint ((double) numerator / (double) denominator);
  return numerator / denominator;
}

/* Short side to edge, long side edge * long / short. */
static bool
resize_short_side (struct dino_geometry *geometry, int edge, struct dino_error *error)
{
  int64_t width = geometry->width;
  int64_t height = geometry->height;

  if (width <= height)
    return set_resized (geometry, edge, whole_side (geometry, edge * height, width), error);
  return set_resized (geometry, whole_side (geometry, edge * width, height), edge, error);
}

/* As large as fits a box, the remaining side at least a pixel. */
static bool
resize_into (struct dino_geometry *geometry, int box_width, int box_height, struct dino_error *error)
{
  int64_t width = geometry->width;
  int64_t height = geometry->height;
  int64_t side;

  if (box_width * height <= box_height * width)
    {
      side = whole_side (geometry, box_width * height, width);
      return set_resized (geometry, box_width, side > 0 ? side : 1, error);
    }
  side = whole_side (geometry, box_height * width, height);
  return set_resized (geometry, side > 0 ? side : 1, box_height, error);
}

/* Rounds a side down to the patch. */
static int
whole_patches (int side, int patch)
{
  return side / patch * patch;
}

/* As the processor does it: keeping the shape, or exactly to the size it names
 * (a square of input_size where that is given). */
static bool
resize_as_processor (struct dino_geometry *geometry, const struct dino_processor *processor, int input_size, struct dino_error *error)
{
  if (!processor->resize && input_size == 0)
    return set_resized (geometry, geometry->width, geometry->height, error);
  if (processor->resize && processor->resize_width > 0)
    return set_resized (geometry,
                        input_size > 0 ? input_size : processor->resize_width,
                        input_size > 0 ? input_size : processor->resize_height, error);
  return resize_short_side (geometry, input_size > 0 ? input_size : processor->shortest_edge, error);
}

static bool
fit_crop (struct dino_geometry *geometry, const struct dino_processor *processor, int input_size, struct dino_error *error)
{
  int crop_width = input_size > 0 ? input_size : processor->crop_width;
  int crop_height = input_size > 0 ? input_size : processor->crop_height;

  if (!resize_as_processor (geometry, processor, input_size, error))
    return false;
  if (!processor->center_crop)
    {
      crop_width = geometry->resized_width;
      crop_height = geometry->resized_height;
    }
  geometry->left = half_floor (geometry->resized_width - crop_width);
  geometry->top = half_floor (geometry->resized_height - crop_height);
  geometry->input_width = whole_patches (crop_width, geometry->patch);
  geometry->input_height = whole_patches (crop_height, geometry->patch);
  return true;
}

static bool
fit_pad (struct dino_geometry *geometry, const struct dino_processor *processor, int input_size, struct dino_error *error)
{
  int box_width = input_size;
  int box_height = input_size;

  if (input_size == 0 && processor->center_crop)
    {
      box_width = processor->crop_width;
      box_height = processor->crop_height;
    }
  else if (input_size == 0)
    {
      if (!processor->resize)
        return dino_error_set (error, DINO_CODE_ARGUMENT, _ ("This model's processor has no input size of its own; padding needs one."));
      box_width = processor->resize_width > 0 ? processor->resize_width : processor->shortest_edge;
      box_height = processor->resize_width > 0 ? processor->resize_height : processor->shortest_edge;
    }
  geometry->input_width = whole_patches (box_width, geometry->patch);
  geometry->input_height = whole_patches (box_height, geometry->patch);
  if (geometry->input_width == 0 || geometry->input_height == 0)
    return true;
  if (!resize_into (geometry, geometry->input_width, geometry->input_height, error))
    return false;
  geometry->left = half_floor (geometry->resized_width - geometry->input_width);
  geometry->top = half_floor (geometry->resized_height - geometry->input_height);
  return true;
}

/* The shape is kept, also where the processor would not keep it. */
static bool
fit_whole (struct dino_geometry *geometry, const struct dino_processor *processor, int input_size, struct dino_error *error)
{
  int  edge = processor->shortest_edge;
  bool resized;

  if (processor->resize_width > 0)
    edge = processor->resize_width < processor->resize_height ? processor->resize_width : processor->resize_height;
  if (input_size > 0)
    edge = input_size;
  if (processor->resize || input_size > 0)
    resized = resize_short_side (geometry, edge, error);
  else
    resized = set_resized (geometry, geometry->width, geometry->height, error);
  if (!resized)
    return false;
  geometry->input_width = whole_patches (geometry->resized_width, geometry->patch);
  geometry->input_height = whole_patches (geometry->resized_height, geometry->patch);
  geometry->left = half_floor (geometry->resized_width - geometry->input_width);
  geometry->top = half_floor (geometry->resized_height - geometry->input_height);
  return true;
}

static bool
check_arguments (int patch, int width, int height, int input_size, struct dino_error *error)
{
  if (patch < 1 || width < 1 || height < 1)
    return dino_error_set (error, DINO_CODE_ARGUMENT, _ ("A picture of %d × %d pixels cannot be cut into patches of %d pixels."), width, height, patch);
  if (width > DINO_PICTURE_MAX_SIDE || height > DINO_PICTURE_MAX_SIDE)
    return dino_error_set (error, DINO_CODE_LIMIT, _ ("A picture of %d × %d pixels is beyond the limit of %d pixels on a side."), width, height, DINO_PICTURE_MAX_SIDE);
  if (input_size < 0 || input_size % patch != 0)
    return dino_error_set (error, DINO_CODE_ARGUMENT, _ ("The input size %d is not a multiple of the patch, %d pixels."), input_size, patch);
  if (input_size > DINO_PICTURE_MAX_SIDE)
    return dino_error_set (error, DINO_CODE_LIMIT, _ ("The input size %d is beyond the limit of %d pixels."), input_size, DINO_PICTURE_MAX_SIDE);
  return true;
}

static bool
init (struct dino_geometry        *geometry,
      const struct dino_processor *processor,
      int                          patch,
      int                          width,
      int                          height,
      enum dino_fit                fit,
      int                          input_size,
      bool                         rounded,
      struct dino_error           *error)
{
  bool fitted = false;

  if (!check_arguments (patch, width, height, input_size, error))
    return false;
  *geometry = (struct dino_geometry){ .width = width, .height = height, .patch = patch, .rounded = rounded };
  switch (fit)
    {
    case DINO_FIT_CROP:
      fitted = fit_crop (geometry, processor, input_size, error);
      break;
    case DINO_FIT_PAD:
      fitted = fit_pad (geometry, processor, input_size, error);
      break;
    case DINO_FIT_WHOLE:
      fitted = fit_whole (geometry, processor, input_size, error);
      break;
    }
  if (!fitted)
    return false;
  if (!within_limits (geometry->input_width, geometry->input_height))
    return dino_error_set (error, DINO_CODE_LIMIT, _ ("An input of %d × %d pixels is beyond the limit of %d pixels on a side."),
                           geometry->input_width, geometry->input_height, DINO_PICTURE_MAX_SIDE);
  if (geometry->input_width < 1 || geometry->input_height < 1 || geometry->resized_width < 1 || geometry->resized_height < 1)
    return dino_error_set (error, DINO_CODE_ARGUMENT,
                           _ ("A picture of %d × %d pixels is smaller than one patch of %d pixels after preparation."),
                           width, height, patch);
  geometry->columns = geometry->input_width / patch;
  geometry->rows = geometry->input_height / patch;
  return true;
}

bool
dino_geometry_init (struct dino_geometry        *geometry,
                    const struct dino_processor *processor,
                    int                          patch,
                    int                          width,
                    int                          height,
                    enum dino_fit                fit,
                    int                          input_size,
                    struct dino_error           *error)
{
  return init (geometry, processor, patch, width, height, fit, input_size, false, error);
}

bool
dino_geometry_init_rounded (struct dino_geometry        *geometry,
                            const struct dino_processor *processor,
                            int                          patch,
                            int                          width,
                            int                          height,
                            enum dino_fit                fit,
                            int                          input_size,
                            struct dino_error           *error)
{
  return init (geometry, processor, patch, width, height, fit, input_size, true, error);
}

bool
dino_geometry_init_raw (struct dino_geometry *geometry, int patch, int width, int height, struct dino_error *error)
{
  if (!check_arguments (patch, width, height, 0, error))
    return false;
  if (width % patch != 0 || height % patch != 0)
    return dino_error_set (error, DINO_CODE_ARGUMENT,
                           _ ("The sides of %d × %d pixel values are not multiples of the patch, %d."), width, height, patch);
  *geometry = (struct dino_geometry){
    .width = width,
    .height = height,
    .resized_width = width,
    .resized_height = height,
    .input_width = width,
    .input_height = height,
    .patch = patch,
    .rows = height / patch,
    .columns = width / patch,
  };
  return true;
}

/* From the resized picture to the original. */
static double
original_x (const struct dino_geometry *geometry, int x)
{
  return (double) x * geometry->width / geometry->resized_width;
}

static double
original_y (const struct dino_geometry *geometry, int y)
{
  return (double) y * geometry->height / geometry->resized_height;
}

/* The left edge of a column, the upper edge of a row; also one past the last. */
static double
column_edge (const struct dino_geometry *geometry, int column)
{
  return original_x (geometry, geometry->left + column * geometry->patch);
}

static double
row_edge (const struct dino_geometry *geometry, int row)
{
  return original_y (geometry, geometry->top + row * geometry->patch);
}

struct dino_box
dino_geometry_seen (const struct dino_geometry *geometry)
{
  return (struct dino_box){
    column_edge (geometry, 0),
    row_edge (geometry, 0),
    column_edge (geometry, geometry->columns),
    row_edge (geometry, geometry->rows),
  };
}

struct dino_box
dino_geometry_patch (const struct dino_geometry *geometry, int row, int column)
{
  return (struct dino_box){
    column_edge (geometry, column),
    row_edge (geometry, row),
    column_edge (geometry, column + 1),
    row_edge (geometry, row + 1),
  };
}

/* The cell of value among count cells with these edges, half open. The
 * division only guesses: rounding must not move a point across an edge that
 * dino_geometry_patch() reports. */
static int
find_cell (const struct dino_geometry *geometry,
           double (*edge) (const struct dino_geometry *geometry, int index),
           int    count,
           double value)
{
  double first = edge (geometry, 0);
  double last = edge (geometry, count);
  int    cell;

  if (!(value >= first && value < last))
    return -1;
  cell = (int) ((value - first) / (last - first) * count);
  cell = cell < count ? cell : count - 1;
  while (cell > 0 && value < edge (geometry, cell))
    cell--;
  while (cell < count - 1 && value >= edge (geometry, cell + 1))
    cell++;
  return cell;
}

bool
dino_geometry_patch_at (const struct dino_geometry *geometry, double x, double y, int *row, int *column)
{
  int found_column = find_cell (geometry, column_edge, geometry->columns, x);
  int found_row = find_cell (geometry, row_edge, geometry->rows, y);

  if (found_column < 0 || found_row < 0)
    return false;
  *column = found_column;
  *row = found_row;
  return true;
}

double
dino_geometry_seen_share (const struct dino_geometry *geometry)
{
  struct dino_box seen = dino_geometry_seen (geometry);
  double          width = fmin (seen.x1, geometry->width) - fmax (seen.x0, 0);
  double          height = fmin (seen.y1, geometry->height) - fmax (seen.y0, 0);

  return fmax (width, 0) * fmax (height, 0) / ((double) geometry->width * geometry->height);
}

static const char *const fit_names[] = {
  [DINO_FIT_CROP] = "crop",
  [DINO_FIT_PAD] = "pad",
  [DINO_FIT_WHOLE] = "whole",
};

const char *
dino_fit_name (enum dino_fit fit)
{
  return fit_names[fit];
}

bool
dino_fit_parse (const char *name, enum dino_fit *fit)
{
  for (size_t i = 0; i < sizeof fit_names / sizeof *fit_names; i++)
    if (strcmp (name, fit_names[i]) == 0)
      {
        *fit = (enum dino_fit) i;
        return true;
      }
  return false;
}
