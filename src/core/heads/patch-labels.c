#include "core/heads/patch-labels.h"

#include "core/base/memory.h"

/* nearest [length]: the original's pixel under each pixel of the model's input;
 * -1 outside. */
static void
find_nearest (int *nearest, int length, int offset, int size, int resized)
{
  const double step = (double) size / resized;
  double       place = step * 0.5;

  for (int i = 0; i < length; i++)
    nearest[i] = -1;
  for (int i = 0; i < resized; i++, place += step)
    if (i - offset >= 0 && i - offset < length)
      nearest[i - offset] = (int) place < size ? (int) place : size - 1;
}

static int
label_cell (const uint8_t *classes, int width, const int *columns, const int *rows, int patch, double share)
{
  unsigned counts[256] = { 0 };
  unsigned n = 0;
  int      best = 0;

  for (int y = 0; y < patch; y++)
    for (int x = 0; x < patch; x++)
      if (rows[y] >= 0 && columns[x] >= 0)
        counts[classes[(size_t) rows[y] * (size_t) width + (size_t) columns[x]]]++;
  for (int c = 0; c < DINO_NO_CLASS; c++)
    {
      n += counts[c];
      best = counts[c] > counts[best] ? c : best;
    }
  return n > 0 && n >= share * patch * patch ? best : -1;
}

bool
dino_patch_labels (const struct dino_geometry *geometry, const uint8_t *classes, double share, int *labels, struct dino_error *error)
{
  const int patch = geometry->patch;
  int      *columns = dino_alloc ((size_t) geometry->input_width, sizeof *columns, error);
  int      *rows = dino_alloc ((size_t) geometry->input_height, sizeof *rows, error);
  bool      good = columns != NULL && rows != NULL;

  if (good)
    {
      find_nearest (columns, geometry->input_width, geometry->left, geometry->width, geometry->resized_width);
      find_nearest (rows, geometry->input_height, geometry->top, geometry->height, geometry->resized_height);
    }
  for (int row = 0; good && row < geometry->rows; row++)
    for (int column = 0; column < geometry->columns; column++)
      labels[(size_t) row * geometry->columns + column] = label_cell (classes, geometry->width, columns + (size_t) column * patch, rows + (size_t) row * patch, patch, share);
  dino_free (columns);
  dino_free (rows);
  return good;
}
