/* The nearest rows of a matrix by cosine, exactly. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/error.h"
#include "core/base/progress.h"
#include "core/encoder/cpu.h"
#include "core/encoder/team.h"
#include "core/vectors/row-kernels.h"
#include "core/vectors/top-list.h"

/* A matrix [count, width] whose rows have length 1 (or are zeros), borrowed;
 * usually a mapped file. */
struct dino_vectors
{
  enum dino_vector_type type;
  size_t                count, width;
  const void           *rows; /* back to back */

  /* DINO_VECTOR_I8 only: [count] what the numbers of a row are multiplied
   * with, [count] how far it is from the row that it stands for
   * (dino_row_narrow()), and these rows, [count, width]. */
  const float *scales, *errors;
  const float *exact;
};

/* Left out of the answer to one query. */
struct dino_search_without
{
  size_t   row;   /* SIZE_MAX: none */
  uint32_t group; /* all rows of this group; UINT32_MAX: none */
};

struct dino_search
{
  const struct dino_vectors *vectors;
  enum dino_isa              isa;
  size_t                     n_queries;
  const float               *queries; /* [n_queries, width], of length 1 */
  size_t                     k;

  const uint64_t                   *chosen;  /* a bit for each row, the lowest first; NULL: all */
  const uint32_t                   *groups;  /* [count]; NULL without groups */
  const struct dino_search_without *without; /* [n_queries]; NULL: nothing */
};

/* Queries that pass over the matrix together; more go in turns. */
#define DINO_SEARCH_BATCH ((size_t) 256)

/* For each query its k nearest rows, best first, ties by row: hits [n_queries,
 * k], of which counts [n_queries] are filled.
 *
 * Cosines are sums in double of the rows as float32 (half precision as it is
 * kept; those of DINO_VECTOR_I8 the exact ones), rounded once. All rows are
 * looked at in float32 first, and each that could be among the nearest by the
 * bound of its error is then summed: so the answer does not depend on the
 * number of threads, on the queries beside it, nor on whether rows are kept in
 * 32 or 8 bits. */
bool dino_search_run (const struct dino_search *search, struct dino_team *team, struct dino_hit *hits, size_t *counts, const struct dino_progress *progress, struct dino_error *error);
