#include "core/maps/similar.h"

#include <stdbool.h>
#include <stdlib.h>

static bool
is_near (int row, int column, int other_row, int other_column, int radius)
{
  return abs (row - other_row) <= radius && abs (column - other_column) <= radius;
}

static bool
is_free (const struct dino_similar *found, size_t n, int row, int column, int radius)
{
  for (size_t i = 0; i < n; i++)
    if (is_near (row, column, found[i].row, found[i].column, radius))
      return false;
  return true;
}

size_t
dino_similar_patches (const float *values, int rows, int columns, int row, int column, int radius, size_t n_wanted, struct dino_similar *found)
{
  size_t n = 0;

  for (; n < n_wanted; n++)
    {
      struct dino_similar best = { -1, -1, 0 };

      for (int r = 0; r < rows; r++)
        for (int c = 0; c < columns; c++)
          {
            const float value = values[(size_t) r * (size_t) columns + (size_t) c];

            if (best.row >= 0 && value <= best.value)
              continue;
            if (!is_near (r, c, row, column, radius) && is_free (found, n, r, c, radius))
              best = (struct dino_similar){ r, c, value };
          }
      if (best.row < 0)
        break;
      found[n] = best;
    }
  return n;
}
