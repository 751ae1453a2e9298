/* What if a part of the picture were not there: changed copies of pictures. */
#pragma once

#include <stdbool.h>

#include "core/base/error.h"
#include "core/picture/geometry.h"
#include "core/picture/picture.h"

/* What takes the place of a box. */
enum dino_fill
{
  DINO_FILL_GREY, /* one value: level of the way from black to white */
  DINO_FILL_MEAN, /* the mean of the whole picture, of each channel, padding left out */
  DINO_FILL_BLUR, /* what is there, by a Gaussian; pixels around the box count, so that it has no edge */
  DINO_FILL_COPY  /* another box of the same size */
};

/* The widest Gaussian, in pixels: it is cut at three times that. */
#define DINO_BLUR_MAX_SIGMA 64.0

struct dino_occlusion
{
  enum dino_fill fill;
  double         level;              /* GREY: 0 … 1 from the picture's smallest sample to its largest; of 8-bit pictures from 0 to 255 */
  double         sigma;              /* BLUR: pixels, more than 0 */
  int            source_x, source_y; /* COPY: the corner of the box that is copied, in whole the picture */
  bool           mirrored;           /* COPY: left and right exchanged */
};

/* Whole pixels: [x0, x1) x [y0, y1). */
struct dino_pixel_box
{
  int x0, y0, x1, y1;
};

/* The pixels whose middles lie in box, within the picture; may be empty. */
struct dino_pixel_box dino_pixel_box_of (const struct dino_picture *picture, struct dino_box box);

/* Copies the other side: the box at the same distance from the picture's other
 * edge, mirrored. */
struct dino_occlusion dino_occlusion_from_other_side (const struct dino_picture *picture, struct dino_pixel_box box);

/* A copy of the picture with the same samples, at full depth, that can be
 * changed before others see it. It keeps a reference on the picture and has its
 * grey scale, attributes, smallest and largest sample and histogram: a
 * preparation stretches what the picture's would, so that a box of grey changes
 * the box and nothing else. A copy of a copy refers to the first picture. */
struct dino_picture *dino_picture_copy (struct dino_picture *picture, struct dino_error *error);

/* Fills a box of copy with what occlusion makes of source, which has the same
 * size and depth and may be the picture that it was copied from, not copy
 * itself. The box may be empty. Samples are rounded to the nearest. */
bool dino_picture_occlude (struct dino_picture         *copy,
                           const struct dino_picture   *source,
                           struct dino_pixel_box        box,
                           const struct dino_occlusion *occlusion,
                           struct dino_error           *error);

/* Puts a box of source back into copy. */
void dino_picture_uncover (struct dino_picture *copy, const struct dino_picture *source, struct dino_pixel_box box);

const char *dino_fill_name (enum dino_fill fill); /* "grey" … */
bool        dino_fill_parse (const char *name, enum dino_fill *fill);
