#include <stddef.h>
#include <string.h>

#include "core/base/memory.h"
#include "core/base/text.h"
#include "core/picture/picture.h"
#include "core/picture/resize.h"

/* In units where a source pixel is new_size long and a target pixel size long,
 * every overlap is an integer; a target's overlaps add up to size. */
static uint32_t
overlap (int source, int target, int size, int new_size)
{
  int64_t begin = (int64_t) target * size;
  int64_t end = begin + size;
  int64_t source_begin = (int64_t) source * new_size;
  int64_t source_end = source_begin + new_size;

  begin = source_begin > begin ? source_begin : begin;
  end = source_end < end ? source_end : end;
  return (uint32_t) (end - begin);
}

/* Source pixels that a target pixel touches: [*first, *end). */
static void
covered (int target, int size, int new_size, int *first, int *end)
{
  *first = (int) ((int64_t) target * size / new_size);
  *end = (int) (((int64_t) (target + 1) * size + new_size - 1) / new_size);
}

/* Samples, of 8 or of 16 bits. */
struct plane
{
  const uint8_t  *source8;
  const uint16_t *source16; /* NULL: source8 */
  uint8_t        *target8;
  uint16_t       *target16;
};

static void
add_row (const struct plane *plane, size_t first, size_t row_size, uint32_t weight, uint32_t *sums)
{
  if (plane->source16 != NULL)
    for (size_t x = 0; x < row_size; x++)
      sums[x] += weight * plane->source16[first + x];
  else
    for (size_t x = 0; x < row_size; x++)
      sums[x] += weight * plane->source8[first + x];
}

/* sums [row_size] = rows under target row y, weighted; at most 65535 * height,
 * which 32 bits hold. */
static void
sum_rows (const struct plane *plane, size_t row_size, int height, int new_height, int y, uint32_t *sums)
{
  int first, end;

  memset (sums, 0, row_size * sizeof *sums);
  covered (y, height, new_height, &first, &end);
  for (int row = first; row < end; row++)
    add_row (plane, (size_t) row * row_size, row_size, overlap (row, y, height, new_height), sums);
}

static void
average_row (const uint32_t *sums, int width, int height, int channels, const struct plane *plane, size_t target, int new_width)
{
  uint64_t area = (uint64_t) width * (uint64_t) height;

  for (int x = 0; x < new_width; x++)
    {
      uint64_t totals[3] = { 0 };
      int      first, end;

      covered (x, width, new_width, &first, &end);
      for (int column = first; column < end; column++)
        {
          uint64_t weight = overlap (column, x, width, new_width);

          for (int c = 0; c < channels; c++)
            totals[c] += weight * sums[(size_t) column * (size_t) channels + (size_t) c];
        }
      for (int c = 0; c < channels; c++, target++)
        {
          uint64_t mean = (totals[c] + area / 2) / area;

          if (plane->target16 != NULL)
            plane->target16[target] = (uint16_t) mean;
          else
            plane->target8[target] = (uint8_t) mean;
        }
    }
}

static bool
reduce (const struct plane *plane, int width, int height, int channels, int new_width, int new_height, struct dino_error *error)
{
  size_t    row_size = (size_t) width * (size_t) channels;
  uint32_t *sums;

  if (width < 1 || height < 1 || width > DINO_PICTURE_MAX_SIDE || height > DINO_PICTURE_MAX_SIDE ||
      new_width < 1 || new_height < 1 || new_width > width || new_height > height || (channels != 1 && channels != 3))
    return dino_error_set (error, DINO_CODE_ARGUMENT, _ ("A picture of %d × %d pixels and %d channels cannot be reduced to %d × %d."),
                           width, height, channels, new_width, new_height);
  sums = dino_alloc (row_size, sizeof *sums, error);
  if (sums == NULL)
    return false;
  for (int y = 0; y < new_height; y++)
    {
      sum_rows (plane, row_size, height, new_height, y, sums);
      average_row (sums, width, height, channels, plane, (size_t) y * (size_t) new_width * (size_t) channels, new_width);
    }
  dino_free (sums);
  return true;
}

bool
dino_resize_area (const uint8_t     *source,
                  int                width,
                  int                height,
                  int                channels,
                  uint8_t           *target,
                  int                new_width,
                  int                new_height,
                  struct dino_error *error)
{
  return reduce (&(struct plane){ .source8 = source, .target8 = target }, width, height, channels, new_width, new_height, error);
}

bool
dino_resize_area16 (const uint16_t *source, int width, int height, uint16_t *target, int new_width, int new_height, struct dino_error *error)
{
  return reduce (&(struct plane){ .source16 = source, .target16 = target }, width, height, 1, new_width, new_height, error);
}
