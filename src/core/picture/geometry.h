/* Where the model looked: one place for the arithmetic of sizes. */
#pragma once

#include <stdbool.h>

#include "core/base/error.h"
#include "core/model/config.h"

enum dino_fit
{
  DINO_FIT_CROP, /* the processor's centre crop */
  DINO_FIT_PAD,  /* all of the picture in the processor's square: long side to the input size, centred, zeros around */
  DINO_FIT_WHOLE /* short side as usual, nothing cropped but the remainder of the patch, half on either side */
};

/* The picture (width x height) is resized to resized_width x resized_height;
 * of that the model gets the box at (left, top), which is input_width x
 * input_height and may stick out of the resized picture (left, top < 0: zeros
 * around). rows x columns patches. */
struct dino_geometry
{
  int width, height;
  int resized_width, resized_height;
  int left, top;
  int input_width, input_height;
  int patch;
  int rows, columns;

  bool rounded; /* the long side is rounded to the nearest, not cut */
};

struct dino_box
{
  double x0, y0, x1, y1;
};

/* input_size 0 is the processor's own; else the side of the square (crop, pad)
 * or the short side (whole), a multiple of the patch. Sizes follow
 * BitImageProcessor: short side to the edge, long side
 * (int) (edge * long / short), or exactly the size that the processor names
 * (crop only: the other fits keep the picture's shape); crop at (size - crop) / 2, padding with
 * ceil ((crop - size) / 2) before. Where the crop is no multiple of the patch,
 * its last columns and rows are dropped, as the convolution drops them. Zeros
 * are black pixels of the 8-bit picture, before rescaling and normalising.
 * Fails when the resized picture would exceed the limits of picture.h, or
 * nothing of a patch's size is left. */
bool dino_geometry_init (struct dino_geometry        *geometry,
                         const struct dino_processor *processor,
                         int                          patch,
                         int                          width,
                         int                          height,
                         enum dino_fit                fit,
                         int                          input_size,
                         struct dino_error           *error);

/* The same with the long side rounded to the nearest whole pixel, a half to the
 * even one: what the B-spline preparation of RAD-DINO's model card makes before
 * the processor, whose resize then finds the size it wants. */
bool dino_geometry_init_rounded (struct dino_geometry        *geometry,
                                 const struct dino_processor *processor,
                                 int                          patch,
                                 int                          width,
                                 int                          height,
                                 enum dino_fit                fit,
                                 int                          input_size,
                                 struct dino_error           *error);

/* For pixel_values given ready: the picture is the input itself. */
bool dino_geometry_init_raw (struct dino_geometry *geometry, int patch, int width, int height, struct dino_error *error);

/* The box that the model saw, in pixels of the original:
 * [left*W/rw, (left+cw)*W/rw] x [top*H/rh, (top+ch)*H/rh]. May stick out when padded. */
struct dino_box dino_geometry_seen (const struct dino_geometry *geometry);

/* The box of one patch, in pixels of the original. */
struct dino_box dino_geometry_patch (const struct dino_geometry *geometry, int row, int column);

/* The patch at a point of the original; false outside what the model saw. */
bool dino_geometry_patch_at (const struct dino_geometry *geometry, double x, double y, int *row, int *column);

/* Share of the original's area that the model saw, 0 … 1. */
double dino_geometry_seen_share (const struct dino_geometry *geometry);

const char *dino_fit_name (enum dino_fit fit);
bool        dino_fit_parse (const char *name, enum dino_fit *fit);
