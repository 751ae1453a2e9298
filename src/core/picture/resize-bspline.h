/* ITK's cubic B-spline interpolation, as the model card's preparation uses it. */
#pragma once

#include <stdbool.h>

#include "core/base/error.h"
#include "core/picture/picture.h"

/* The stored values of a grey picture resized to target [new_height,
 * new_width]: an interpolating cubic spline (prefilter with whole-sample mirror
 * boundaries; Unser, Aldroubi, Eden 1993), sampled at points without any
 * averaging: pixel (x, y) of the target lies on (x width/new_width, y
 * height/new_height) of the source, so the first pixels coincide. A point half a
 * pixel or more behind the last pixel is outside and gets 0, as with ITK's
 * ResampleImageFilter. Sums in double, results rounded to float32. */
bool dino_resize_bspline (const struct dino_picture *picture, float *target, int new_width, int new_height, struct dino_error *error);
