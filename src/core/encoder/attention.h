/* Multi-head attention in strips of query rows: no [T, T] matrix is kept. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "core/encoder/linear.h"

/* query, key and value are [tokens, stride] each, head h in columns
 * h * head_size …; probabilities are softmax (query key^T / sqrt (head_size)). */
struct dino_attention
{
  const float *query, *key, *value; /* value may be NULL: then there is no output */
  size_t       stride;
  size_t       tokens, n_heads, head_size;
  float       *output; /* probabilities value, [tokens, n_heads * head_size] */
  float       *first;  /* NULL, or [n_heads, tokens]: the first token's probabilities */
  float       *all;    /* NULL, or [n_heads, tokens, tokens]: everybody's */
};

/* Floats of scratch that a thread needs for so many tokens. */
size_t dino_attention_scratch (size_t tokens);

/* False when the progress function said no. */
bool dino_attention_run (const struct dino_attention *attention, const struct dino_work *work);
