/* From pixels to the first hidden state. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "core/base/error.h"
#include "core/encoder/linear.h"
#include "core/model/config.h"
#include "core/model/weights.h"

struct dino_embedding
{
  const struct dino_config  *config;
  const struct dino_weights *weights;
  int                        rows, columns; /* of the patch grid */
  const float               *constant;      /* [T, D], see dino_embedding_constant() */
};

/* What does not depend on the picture, [T, D]: the CLS token with its
 * position, the registers, and for each patch its position and the bias. */
bool dino_embedding_constant (const struct dino_config  *config,
                              const struct dino_weights *weights,
                              int                        rows,
                              int                        columns,
                              float                     *constant,
                              struct dino_error         *error);

/* Bytes of scratch that a thread needs. */
size_t dino_embedding_scratch (const struct dino_weights *weights, enum dino_isa isa);

/* pixel_values is [3, rows * patch, columns * patch], out [T, D]. False when
 * the progress function said no. */
bool dino_embedding_run (const struct dino_embedding *embedding, const float *pixel_values, float *out, const struct dino_work *work);
