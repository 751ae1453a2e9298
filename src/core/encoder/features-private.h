/* What the encoder writes into features while it runs. */
#pragma once

#include "core/encoder/cpu.h"
#include "core/encoder/features.h"

/* Where hidden_states.<index> is to be written, [T, D]: a place of its own
 * when hidden states are kept, else the same place for all, so that a block
 * works in place. The model's output is written where
 * dino_features_output() says, which may be that place, too. */
float *dino_features_stream (struct dino_features *features, int index);
float *dino_features_output (struct dino_features *features);

/* [heads, T], or NULL when not kept. */
float *dino_features_cls_rows (struct dino_features *features, int block);

/* How far it came: hidden states 0 … n_hidden-1 are final, and so is the
 * output when complete. isa is what later requests are computed with. */
void dino_features_advance (struct dino_features *features, int n_hidden, bool complete);
void dino_features_set_isa (struct dino_features *features, enum dino_isa isa);

enum dino_isa dino_features_isa (const struct dino_features *features);
