/* Pictures that are nearly the same, by their vectors. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "core/base/error.h"
#include "core/base/progress.h"
#include "core/encoder/team.h"
#include "core/vectors/points.h"

/* More pairs are not kept, nor more with one row first. */
#define DINO_DUPLICATES_MAX ((size_t) 1000000)
#define DINO_DUPLICATES_OF_ROW 64

struct dino_pair
{
  size_t first, second; /* rows, first below second */
  float  cosine;
};

struct dino_duplicates
{
  struct dino_pair *pairs; /* [n_pairs], the largest cosine first, equal ones by row */
  size_t            n_pairs;
  size_t            n_found; /* above n_pairs when they were too many: those kept are the first by their rows */
};

/* Pairs whose cosine is at least threshold, -1 … 1; rows of zeros have none.
 * Equal bits for any number of threads; team and progress may be NULL. */
struct dino_duplicates *dino_duplicates_new (const struct dino_points *points, double threshold, struct dino_team *team, const struct dino_progress *progress, struct dino_error *error);
void                    dino_duplicates_free (struct dino_duplicates *duplicates);
