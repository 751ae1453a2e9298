/* Several pictures at once: groups of threads, each with a picture of its own,
 * that share the weights. For many cores, which one picture cannot keep busy. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "core/base/error.h"
#include "core/base/progress.h"
#include "core/encoder/features.h"
#include "core/model/model.h"

struct dino_batch;

/* n_groups pictures at a time with n_threads threads each. Holds a reference
 * on model; isa as of dino_encoder_new(). Scratch is allocated when the first
 * picture of a size comes to a group. */
struct dino_batch *dino_batch_new (struct dino_model *model, int n_groups, int n_threads, enum dino_isa isa, struct dino_error *error);
void               dino_batch_free (struct dino_batch *batch);

/* What a batch is of. Functions are called on the groups' threads, several at
 * a time, each picture's on one. */
struct dino_batch_source
{
  void    *data;
  size_t   n_pictures; /* at most; prepare may end the batch earlier */
  unsigned keep;       /* enum dino_keep */

  /* The input of a picture, [3, rows * patch, columns * patch], from
   * dino_alloc(): the batch frees it. NULL with error set when it cannot be had;
   * NULL without: there are no more pictures, from this index on. */
  float *(*prepare) (void *data, size_t index, int *rows, int *columns, struct dino_error *error);

  /* A picture is done: features, to be kept by reference; or NULL, and why.
   * False ends the batch: pictures that have not begun are left out. */
  bool (*finish) (void *data, size_t index, struct dino_features *features, const struct dino_error *error);
};

/* Every picture once, in any order, the bits being those of one at a time.
 * Progress counts pictures; it is asked by any group, one at a time. False when
 * progress or finish said no; otherwise true, failed pictures or not. */
bool dino_batch_run (struct dino_batch *batch, const struct dino_batch_source *source, const struct dino_progress *progress);
