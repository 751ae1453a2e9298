/* Features as files: the same bytes from every program. */
#pragma once

#include "engine/dinoscope-features.h"
#include "io/output.h"
#include "io/safetensors-write.h"

G_BEGIN_DECLS

#define DINOSCOPE_FEATURES_N_OUTPUTS 3

/* What every safetensors file has: "pixel_values" [3, height, width], which is
 * the caller's, and of the features "last_hidden_state" [tokens, channels] and
 * "pooler_output" [channels]. They point to what was given. */
void dinoscope_features_list_outputs (DinoscopeFeatures *self, const float *pixel_values, int width, int height, struct dino_tensor_out tensors[DINOSCOPE_FEATURES_N_OUTPUTS]);

/* Tensors with what says where they are from: model and its hash, precision,
 * instruction set, preparation, version. Nothing is committed. Asks for the
 * model's sha256, which may block while that is not known. */
gboolean dinoscope_features_write_safetensors (DinoscopeFeatures *self, const struct dino_tensor_out *tensors, gsize n_tensors, struct dino_output *output, GError **error);

/* "last_hidden_state" as NPY. Nothing is committed. */
gboolean dinoscope_features_write_npy (DinoscopeFeatures *self, struct dino_output *output, GError **error);

G_END_DECLS
