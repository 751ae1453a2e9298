/* From the logits of patches to the class of every pixel. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "core/base/error.h"
#include "core/encoder/team.h"
#include "core/maps/draw.h"
#include "core/picture/geometry.h"

/* mask [height, width] of the original: the class of the largest logit, the
 * lowest of equal ones; DINO_NO_CLASS (patch-labels.h) outside of what the model
 * saw. logits is [rows * columns, n_classes]. Between the centres of patches
 * logits, not probabilities, are interpolated: bilinear, or guided by the edges
 * of guide, the 8-bit grey picture [height, width] (NULL otherwise), as maps are
 * (core/maps/draw.h); with DINO_SMOOTH_CELLS a patch is a cell. The same bytes
 * for any number of threads; team may be NULL. */
bool dino_decoder_mask (const float                *logits,
                        size_t                      n_classes,
                        const struct dino_geometry *geometry,
                        enum dino_smooth            smooth,
                        const uint8_t              *guide,
                        struct dino_team           *team,
                        uint8_t                    *mask,
                        struct dino_error          *error);
