/* Patches that are most like one, not all of them beside it. */
#pragma once

#include <stddef.h>

struct dino_similar
{
  int   row, column;
  float value;
};

/* The largest of values [rows, columns], at most n_wanted, the largest first;
 * of equal ones the first in the order of reading. Patches within radius rows
 * and columns of (row, column), or of one that was taken already, are left
 * out: neighbours look alike and would be all there is. found has room for
 * n_wanted. Returns how many there are. */
size_t dino_similar_patches (const float *values, int rows, int columns, int row, int column, int radius, size_t n_wanted, struct dino_similar *found);
