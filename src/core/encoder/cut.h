/* Cutting a dimension into pieces. */
#pragma once

#include <stddef.h>

#include "core/gemm/gemm.h"

struct dino_cut
{
  size_t length; /* what is cut */
  size_t size;   /* of a piece; the last may be shorter */
  size_t count;
};

static inline size_t
dino_round_up (size_t n, size_t step)
{
  return (n + step - 1) / step * step;
}

/* Pieces of length (above 0) of about equal size, at most limit (a multiple of step), each a multiple of step but the last. */
static inline struct dino_cut
dino_cut (size_t length, size_t limit, size_t step)
{
  const size_t    pieces = (length + limit - 1) / limit;
  struct dino_cut cut = { .length = length };

  cut.size = dino_round_up ((length + pieces - 1) / pieces, step);
  cut.count = (length + cut.size - 1) / cut.size;
  return cut;
}

static inline size_t
dino_cut_start (const struct dino_cut *cut, size_t piece)
{
  return piece * cut->size;
}

static inline size_t
dino_cut_size (const struct dino_cut *cut, size_t piece)
{
  const size_t rest = cut->length - piece * cut->size;

  return rest < cut->size ? rest : cut->size;
}

/* Units of a few rows, dealt out as evenly as can be: piece i has units
 * i * units / count … (i + 1) * units / count - 1. */
struct dino_share
{
  size_t length, unit, units, count;
};

static inline struct dino_share
dino_share (size_t length, size_t unit, size_t count)
{
  const size_t units = (length + unit - 1) / unit;

  count = count < units ? count : units;
  return (struct dino_share){ .length = length, .unit = unit, .units = units, .count = count > 0 ? count : 1 };
}

/* For piece = count, the length. */
static inline size_t
dino_share_start (const struct dino_share *share, size_t piece)
{
  const size_t start = piece * share->units / share->count * share->unit;

  return start < share->length ? start : share->length;
}

/* Rows in pieces of at most limit, as many for each thread. Only our own
 * kernels give a row the same bits whatever is around it: for BLAS the cut does
 * not depend on the number of threads. */
static inline struct dino_share
dino_share_rows (size_t rows, const struct dino_gemm *gemm, size_t limit, int threads)
{
  const size_t each = gemm->rows > 1 ? (size_t) threads : 1, unit = gemm->rows > 1 ? gemm->rows : 4;
  const size_t units_at_once = limit / unit > 0 ? limit / unit : 1;
  const size_t units = (rows + unit - 1) / unit;
  const size_t rounds = (units + units_at_once * each - 1) / (units_at_once * each);

  return dino_share (rows, unit, rounds * each);
}

/* Columns are divided, too, where there are too few rows for all threads. */
static inline struct dino_share
dino_share_pieces (size_t pieces, size_t row_items, int threads)
{
  const size_t wanted = 2 * (size_t) threads;

  return dino_share (pieces, 1, row_items >= (size_t) threads ? 1 : (wanted + row_items - 1) / row_items);
}
