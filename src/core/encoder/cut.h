/* Cutting a dimension into pieces. The cut depends on sizes only, never on the
 * number of threads, since a product's last bits depend on the shape of its tile. */
#pragma once

#include <stddef.h>

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
