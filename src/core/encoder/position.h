/* Position embeddings for a grid other than the table's. */
#pragma once

#include <stdbool.h>

#include "core/base/error.h"

/* Resizes table [side, side, width] to out [rows, columns, width] as
 * transformers does since its pull request 33226 (torch.nn.functional.
 * interpolate with size=, mode "bicubic", align_corners=False): cubic
 * convolution with a = -0.75 and the border repeated; with antialias, a = -0.5
 * and a support that grows with the reduction. The width comes first. A table
 * of the same size is copied. */
bool dino_position_resize (const float       *table,
                           int                side,
                           float             *out,
                           int                rows,
                           int                columns,
                           int                width,
                           bool               antialias,
                           struct dino_error *error);
