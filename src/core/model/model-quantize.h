/* Blocks in 8 bits: SmoothQuant (Xiao et al. 2023) folded into the LayerNorms. */
#pragma once

#include "core/model/model-read.h"
#include "core/model/model.h"

/* Reads and packs the matrices of every block, one block after another: with a
 * calibrator first as BF16 into memory that is given back, then as 8 bits. */
bool dino_quantize_blocks (struct dino_reader *reader, const struct dino_model *model, const struct dino_calibrator *calibrator, struct dino_error *error);
