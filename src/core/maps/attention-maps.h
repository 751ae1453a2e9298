/* Maps of post-softmax attention. Each returns a new map over the patch grid
 * with its range, title and legend set; geometry places it. */
#pragma once

#include <stdbool.h>

#include "core/base/error.h"
#include "core/encoder/features.h"
#include "core/maps/map.h"
#include "core/picture/geometry.h"

#define DINO_HEAD_MEAN (-1)
#define DINO_HEAD_MAX (-2)

/* Post-softmax attention of the CLS token to the patches, one head or the
 * heads' mean or maximum (Caron et al. 2021, visualize_attention.py). */
struct dino_map *dino_cls_attention_map (const struct dino_features *features,
                                         const struct dino_geometry *geometry,
                                         int                         block,
                                         int                         head,
                                         struct dino_error          *error);
