/* The forward pass of DINOv2 (transformers' Dinov2Model and
 * Dinov2WithRegistersModel in eval mode; Oquab et al. 2023, Darcet et al. 2023). */
#pragma once

#include <stddef.h>

#include "core/base/error.h"
#include "core/base/progress.h"
#include "core/encoder/cpu.h"
#include "core/encoder/features.h"
#include "core/encoder/team.h"
#include "core/model/model.h"

struct dino_encoder;

/* Scratch for pictures of rows x columns patches, used by one thread at a
 * time. isa is clamped to what the processor has. Holds a reference on model;
 * team must outlive the encoder. */
struct dino_encoder *dino_encoder_new (struct dino_model *model, int rows, int columns, enum dino_isa isa, struct dino_team *team, struct dino_error *error);
void                 dino_encoder_free (struct dino_encoder *encoder);

/* Bytes that dino_encoder_new() would ask for with that many threads;
 * SIZE_MAX where it would refuse. */
size_t dino_encoder_memory (const struct dino_model *model, int rows, int columns, int threads);

enum dino_isa dino_encoder_isa (const struct dino_encoder *encoder);

/* Fills features, which must be new and of the encoder's model and size.
 *
 * pixel_values is [3, rows*patch, columns*patch], as the processor made them.
 * Allocates nothing. Progress counts blocks: it is reported before the first
 * one, after each and inside them; when it is told that block b is done,
 * dino_features_snapshot() already shows it. Equal bits for any number of
 * threads, per instruction set. A failed or cancelled run leaves features
 * with the blocks that were finished. */
bool dino_encoder_run (struct dino_encoder        *encoder,
                       const float                *pixel_values,
                       struct dino_features       *features,
                       const struct dino_progress *progress,
                       struct dino_error          *error);
