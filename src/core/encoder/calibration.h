/* How large the inputs of a model's linear layers become, which is what 8 bits
 * are to be divided over. */
#pragma once

#include <stddef.h>

#include "core/base/error.h"
#include "core/encoder/team.h"
#include "core/model/model.h"
#include "core/picture/picture.h"

/* A file of this name beside a model holds the ranges of its own:
 * "norm1" and "norm2", [L, D] each, as dino_calibration_range () gives them. */
#define DINO_CALIBRATION_FILE "dinoscope-calibration.safetensors"

struct dino_calibration;

/* By looking at pictures, at a small size: the model's blocks run on them, as
 * BF16, one after the other while the model is read. Holds references; team
 * must live as long. */
struct dino_calibration *dino_calibration_new (struct dino_picture *const *pictures, size_t n_pictures, enum dino_isa isa, struct dino_team *team, struct dino_error *error);

/* From a file of ranges. */
struct dino_calibration *dino_calibration_read (const char *path, struct dino_error *error);

void dino_calibration_free (struct dino_calibration *calibration);

/* For struct dino_model_options; valid as long as the calibration. Its sha256
 * is that of the pictures' identities (dino_picture_sha256()) one after the
 * other, or of the file. A model at a time. */
const struct dino_calibrator *dino_calibration_calibrator (const struct dino_calibration *calibration);

/* After a model was read: the largest magnitudes after LayerNorm 1 or 2 of
 * every block, [L, D]; NULL before. */
const float *dino_calibration_range (const struct dino_calibration *calibration, int norm);
