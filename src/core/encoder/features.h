/* What the encoder found in one picture: immutable once published, reference counted. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "core/base/error.h"
#include "core/encoder/team.h"
#include "core/model/model.h"

/* What to keep besides the output. */
enum dino_keep
{
  DINO_KEEP_OUTPUT = 0,
  DINO_KEEP_HIDDEN_STATES = 1 << 0, /* the input of every block and the last block's output */
  DINO_KEEP_CLS_ATTENTION = 1 << 1  /* what CLS attends to, every block and head */
};

struct dino_features;

/* Everything the encoder will write, allocated beforehand. rows and columns
 * count patches. Holds a reference on model. */
struct dino_features *dino_features_new (struct dino_model *model, int rows, int columns, unsigned keep, struct dino_error *error);

/* Bytes that dino_features_new() would ask for; SIZE_MAX when that cannot be counted. */
size_t dino_features_memory (const struct dino_model *model, int rows, int columns, unsigned keep);

struct dino_features *dino_features_ref (struct dino_features *features);
void                  dino_features_unref (struct dino_features *features);

/* A second, immutable view on the blocks finished so far, sharing their
 * memory. To be called by the thread that encodes, from its progress callback. */
struct dino_features *dino_features_snapshot (const struct dino_features *features, struct dino_error *error);

/* The same for all views on the features of one run, and for no other features
 * that are there at the same time. */
const void *dino_features_run (const struct dino_features *features);

struct dino_model *dino_features_model (const struct dino_features *features);
int                dino_features_rows (const struct dino_features *features);
int                dino_features_columns (const struct dino_features *features);

/* T = 1 + registers + rows * columns. */
size_t dino_features_n_tokens (const struct dino_features *features);

/* 1 + registers: tokens before the first patch. */
size_t dino_features_first_patch (const struct dino_features *features);

/* Blocks finished, and whether the output is there too. */
int  dino_features_blocks_done (const struct dino_features *features);
bool dino_features_complete (const struct dino_features *features);

/* hidden_states.<index>, index 0 … L: [T, D], not normalised; NULL when not kept or not there yet. */
const float *dino_features_hidden_state (const struct dino_features *features, int index);

/* The model's output after the final LayerNorm, [T, D]; row 0 is the CLS
 * token's pooler output. NULL until complete. */
const float *dino_features_last_hidden_state (const struct dino_features *features);

/* Post-softmax attention of the CLS token in block, [heads, T]; NULL when not kept or not there yet. */
const float *dino_features_cls_attention (const struct dino_features *features, int block);

/* Tokens of block (0 … L-1): hidden_states.<block+1>, after the model's final
 * LayerNorm when norm. out is [T, D]. The last block with norm equals
 * dino_features_last_hidden_state() and needs no kept hidden states. */
bool dino_features_tokens (const struct dino_features *features, int block, bool norm, float *out, struct dino_error *error);

/* Cosines of a token (0 … T-1) of block with all tokens, out is [T]; tokens as
 * of dino_features_tokens(). A token of zeros is like none. */
bool dino_features_similarity (const struct dino_features *features, int block, bool norm, size_t token, struct dino_team *team, float *out, struct dino_error *error);

enum dino_facet
{
  DINO_FACET_QUERY,
  DINO_FACET_KEY,
  DINO_FACET_VALUE
};

/* Query, key or value of every token in block, [T, D] with head h in channels
 * h*D/heads …, recomputed from the block's input. Bias included, not scaled. */
bool dino_features_facet (const struct dino_features *features, int block, enum dino_facet facet, struct dino_team *team, float *out, struct dino_error *error);

/* Post-softmax attention of heads head … head+n_heads-1 of block, out is
 * [n_heads, T, T], recomputed from the block's input. */
bool dino_features_attention (const struct dino_features *features,
                              int                         block,
                              int                         head,
                              int                         n_heads,
                              struct dino_team           *team,
                              float                      *out,
                              const struct dino_progress *progress,
                              struct dino_error          *error);

/* Told the probabilities [rows, T] of some queries from row on, which it may
 * change, on some thread of the team: for one strip of rows all heads in their
 * order, for different strips in any order and at once. */
typedef void (*dino_attention_visit_func) (void *data, size_t head, size_t row, size_t rows, float *probabilities);

/* The same probabilities, strip by strip, so that no [T, T] matrix is kept: of
 * all heads and of queries 0 … n_queries-1 (at most T). */
bool dino_features_visit_attention (const struct dino_features *features,
                                    int                         block,
                                    size_t                      n_queries,
                                    struct dino_team           *team,
                                    dino_attention_visit_func   visit,
                                    void                       *visit_data,
                                    const struct dino_progress *progress,
                                    struct dino_error          *error);

enum dino_direction
{
  DINO_DIRECTION_QUERY, /* what the token attends to */
  DINO_DIRECTION_KEY    /* what attends to the token */
};

/* The attention of one token (0 … T-1) of block, recomputed from the block's
 * input: out is [heads, T], for each head the row (QUERY) or the column (KEY)
 * of what dino_features_attention() gives. */
bool dino_features_token_attention (const struct dino_features *features,
                                    int                         block,
                                    size_t                      token,
                                    enum dino_direction         direction,
                                    struct dino_team           *team,
                                    float                      *out,
                                    const struct dino_progress *progress,
                                    struct dino_error          *error);
