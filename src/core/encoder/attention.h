/* Multi-head attention in strips of query rows: no [T, T] matrix is kept. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "core/encoder/linear.h"

/* Keys and values of all heads, packed for products. */
struct dino_attention_shape
{
  enum dino_format   format;
  size_t             tokens, n_heads, head_size;
  struct dino_matrix keys, values; /* of one head, described: [tokens, head_size] and [head_size, tokens] */
  size_t             head_bytes;   /* of both */
};

/* False when sizes cannot be counted. */
bool dino_attention_shape (struct dino_attention_shape *shape, enum dino_format format, enum dino_isa isa, size_t tokens, size_t n_heads, size_t head_size);

/* query, key and value are [tokens, stride] each, in the shape's format, head h
 * in columns h * head_size …; the queries' rows are readable beyond the last as
 * dino_row_padding () says. Probabilities are softmax (query key^T / sqrt (head_size)). */
struct dino_attention
{
  const struct dino_attention_shape *shape;
  const void                        *query, *key, *value; /* value may be NULL: then there is no output */
  size_t                             stride;              /* elements */
  char                              *packed;              /* [n_heads, head_bytes], zeroed once: padding is never written */
  void                              *output;              /* probabilities value, [tokens, output_stride], float or bfloat16 where narrow */
  size_t                             output_stride;       /* elements */
  bool                               narrow;
  float                             *all; /* NULL, or [n_heads, tokens, tokens]: all probabilities */

  /* NULL, or [n_heads, tokens]: what the query of token row attends to, and
   * how much every query attends to the key of token column. */
  float *of_row, *of_column;
  size_t row, column;

  /* NULL, or told the probabilities of the first n_visited queries, and then
   * nothing else is made: dino_attention_visit_func of core/encoder/features.h. */
  void (*visit) (void *data, size_t head, size_t row, size_t rows, float *probabilities);
  void  *visit_data;
  size_t n_visited;
};

/* Bytes of scratch that a thread needs. */
size_t dino_attention_scratch (const struct dino_attention_shape *shape, enum dino_isa isa);

/* False when the progress function said no. */
bool dino_attention_run (const struct dino_attention *attention, const struct dino_work *work);
