/* Reading a checkpoint's tensors into the memory of a model. */
#pragma once

#include "core/base/progress.h"
#include "core/encoder/team.h"
#include "core/model/layout.h"
#include "core/model/model-open.h"

/* Where tensors go, and who brings them. */
struct dino_reader
{
  const struct dino_model_parts *parts;
  const struct dino_layout      *layout;
  char                          *memory; /* of the weights, as laid out */
  struct dino_weights           *weights;
  struct dino_block_weights     *blocks;
  struct dino_team              *team;
  float                         *strips; /* [threads, dino_reader_strip ()] */
  size_t                         strip;
  const struct dino_progress    *progress;
  int                            done, total; /* to be reported while reading */
};

/* Floats that a thread reads at once. */
size_t dino_reader_strip (const struct dino_config *config);

/* Reads a vector, or the rows of a matrix, and packs them into matrix, whose
 * format may differ from the model's; stretch as of dino_matrix_pack(). */
bool dino_reader_vector (const struct dino_reader *reader, const struct dino_source *source, struct dino_error *error);
bool dino_reader_matrix (const struct dino_reader *reader, const struct dino_source *source, struct dino_matrix *matrix, const float *stretch, struct dino_error *error);
