#include "core/gemm/matrix.h"

#include <math.h>
#include <string.h>

#include "core/base/memory.h"
#include "core/gemm/narrow.h"

static size_t
round_up (size_t n, size_t step)
{
  return (n + step - 1) / step * step;
}

bool
dino_matrix_describe (struct dino_matrix *matrix, enum dino_format format, size_t panel, size_t n_inputs, size_t n_outputs, size_t n_groups)
{
  size_t values;

  *matrix = (struct dino_matrix){ .format = format, .n_inputs = n_inputs, .n_outputs = n_outputs, .n_groups = n_groups, .panel = panel };
  if (!dino_add (n_inputs, dino_format_depth (format), &values) || !dino_add (n_outputs, panel, &values))
    return false;
  matrix->depth = round_up (n_inputs, dino_format_depth (format));
  matrix->n_panels = (n_outputs + panel - 1) / panel;
  return dino_multiply (matrix->depth, panel, &values) && dino_multiply (values, dino_format_size (format), &matrix->panel_stride);
}

/* Columns of all groups, padding included. */
static size_t
padded_columns (const struct dino_matrix *matrix)
{
  return matrix->n_groups * matrix->n_panels * matrix->panel;
}

bool
dino_matrix_bytes (const struct dino_matrix *matrix, size_t *bytes)
{
  const size_t per_column = matrix->format == DINO_FORMAT_S8 ? sizeof (float) + sizeof (int32_t) : 0;
  size_t       panels, columns, tables, sum;

  if (!dino_multiply (matrix->n_groups, matrix->n_panels, &panels) || !dino_multiply (panels, matrix->panel, &columns) ||
      !dino_multiply (panels, matrix->panel_stride, bytes) || !dino_multiply (columns, per_column, &tables) ||
      !dino_add (*bytes, tables, bytes) || !dino_add (*bytes, DINO_ALIGNMENT, &sum))
    return false;
  *bytes = round_up (*bytes, DINO_ALIGNMENT);
  return true;
}

void
dino_matrix_place (struct dino_matrix *matrix, void *memory)
{
  char *end = (char *) memory + matrix->n_groups * matrix->n_panels * matrix->panel_stride;

  matrix->panels = memory;
  if (matrix->format != DINO_FORMAT_S8)
    return;
  matrix->scales = (float *) (void *) end;
  matrix->corrections = (int32_t *) (void *) (end + padded_columns (matrix) * sizeof (float));
}

void
dino_matrix_clear (struct dino_matrix *matrix)
{
  size_t bytes;

  if ((matrix->depth > matrix->n_inputs || matrix->n_panels * matrix->panel > matrix->n_outputs) && dino_matrix_bytes (matrix, &bytes))
    memset (matrix->panels, 0, bytes);
}

/* Where a row lies: its panel and the column in it. */
static char *
row_panel (const struct dino_matrix *matrix, size_t row, size_t *column)
{
  const size_t group = row / matrix->n_outputs, output = row % matrix->n_outputs;

  *column = output % matrix->panel;
  return matrix->panels + (group * matrix->n_panels + output / matrix->panel) * matrix->panel_stride;
}

/* Where a row's scale and correction lie. */
static size_t
row_place (const struct dino_matrix *matrix, size_t row)
{
  return row / matrix->n_outputs * matrix->n_panels * matrix->panel + row % matrix->n_outputs;
}

/* Words of four bytes that a row brings at a time, so that a piece of a panel
 * stays in the first cache between the two ways it is gone through. */
#define PIECE ((size_t) 32)

/* Writes n_columns columns of words, each PIECE apart, side by side: from word
 * on, at most PIECE of them. */
static void
write_words (const struct dino_matrix *matrix, char *panel, size_t column, size_t n_columns, size_t word, size_t n_words, const uint32_t *words)
{
  uint32_t *out = (uint32_t *) (void *) panel + word * matrix->panel + column;

  for (size_t i = 0; i < n_words; i++, out += matrix->panel)
    for (size_t k = 0; k < n_columns; k++)
      out[k] = words[k * PIECE + i];
}

/* Words first … of a row, as float32 or BF16; what is beyond the row is zero. */
static void
row_words (const struct dino_matrix *matrix, const float *row, size_t first, size_t n_words, uint32_t *words)
{
  const size_t n = matrix->n_inputs, whole = n / 2 > first ? n / 2 - first : 0;
  size_t       i = 0;

  if (matrix->format == DINO_FORMAT_F32)
    {
      memcpy (words, row + first, n_words * sizeof *words);
      return;
    }
  for (; i < n_words && i < whole; i++)
    words[i] = (uint32_t) dino_bf16 (row[2 * (first + i)]) | (uint32_t) dino_bf16 (row[2 * (first + i) + 1]) << 16;
  for (; i < n_words; i++)
    words[i] = 2 * (first + i) < n ? dino_bf16 (row[2 * (first + i)]) : 0;
}

/* Neighbouring rows of one panel. */
static void
pack_rows (const struct dino_matrix *matrix, char *panel, size_t column, size_t n_columns, const float *rows)
{
  const size_t group = dino_format_group (matrix->format), n_words = (matrix->n_inputs + group - 1) / group;
  uint32_t     words[DINO_PANEL * PIECE];

  for (size_t first = 0; first < n_words; first += PIECE)
    {
      const size_t n = n_words - first < PIECE ? n_words - first : PIECE;

      for (size_t k = 0; k < n_columns; k++)
        row_words (matrix, rows + k * matrix->n_inputs, first, n, words + k * PIECE);
      write_words (matrix, panel, column, n_columns, first, n, words);
    }
}

static float
highest_magnitude (const float *row, const float *stretch, size_t n)
{
  float highest = 0;

  for (size_t k = 0; k < n; k++)
    {
      const float value = fabsf (stretch != NULL ? row[k] * stretch[k] : row[k]);

      if (isnan (value))
        return value;
      highest = value > highest ? value : highest;
    }
  return highest;
}

/* A row's words as 8 bits; returns the sum of its numbers. */
static int32_t
quantised_words (const struct dino_matrix *matrix, const float *row, const float *stretch, float factor, size_t first, size_t n_words, uint32_t *words)
{
  int32_t sum = 0;
  int8_t  numbers[4 * PIECE] = { 0 };

  for (size_t i = 0; i < 4 * n_words && 4 * first + i < matrix->n_inputs; i++)
    {
      const size_t k = 4 * first + i;
      const float  value = (stretch != NULL ? row[k] * stretch[k] : row[k]) * factor;

      numbers[i] = (int8_t) lrintf (isfinite (value) ? value : 0.0f);
      sum += numbers[i];
    }
  memcpy (words, numbers, n_words * sizeof *words);
  return sum;
}

static void
pack_rows_s8 (struct dino_matrix *matrix, size_t index, char *panel, size_t column, size_t n_columns, const float *rows, const float *stretch)
{
  const size_t n_words = (matrix->n_inputs + 3) / 4, place = row_place (matrix, index);
  uint32_t     words[DINO_PANEL * PIECE];
  float        factors[DINO_PANEL];

  for (size_t k = 0; k < n_columns; k++)
    {
      const float highest = highest_magnitude (rows + k * matrix->n_inputs, stretch, matrix->n_inputs);

      factors[k] = highest > 0 ? 127.0f / highest : 0.0f;
      /* Not a number shall be seen in the output. */
      matrix->scales[place + k] = isfinite (highest) ? highest / 127.0f : NAN;
      matrix->corrections[place + k] = 0;
    }
  for (size_t first = 0; first < n_words; first += PIECE)
    {
      const size_t n = n_words - first < PIECE ? n_words - first : PIECE;

      for (size_t k = 0; k < n_columns; k++)
        matrix->corrections[place + k] -= 128 * quantised_words (matrix, rows + k * matrix->n_inputs, stretch, factors[k], first, n, words + k * PIECE);
      write_words (matrix, panel, column, n_columns, first, n, words);
    }
}

void
dino_matrix_pack (struct dino_matrix *matrix, size_t first, size_t count, const float *rows, const float *stretch)
{
  while (count > 0)
    {
      size_t       column;
      char        *panel = row_panel (matrix, first, &column);
      const size_t left_of_group = matrix->n_outputs - first % matrix->n_outputs;
      size_t       n = matrix->panel - column;

      n = n < left_of_group ? n : left_of_group;
      n = n < count ? n : count;
      n = n < DINO_PANEL ? n : DINO_PANEL;
      if (matrix->format == DINO_FORMAT_S8)
        pack_rows_s8 (matrix, first, panel, column, n, rows, stretch);
      else
        pack_rows (matrix, panel, column, n, rows);
      first += n;
      count -= n;
      rows += n * matrix->n_inputs;
    }
}

/* Words of four bytes: a float, or two neighbouring inputs as BF16. */
void
dino_matrix_pack_format (struct dino_matrix *matrix, const void *rows, size_t stride)
{
  const size_t group = dino_format_group (matrix->format), n_words = matrix->n_inputs / group;

  for (size_t first = 0; first < matrix->n_outputs; first += matrix->panel)
    {
      const size_t columns = matrix->n_outputs - first < matrix->panel ? matrix->n_outputs - first : matrix->panel;
      size_t       place;
      char        *panel = row_panel (matrix, first, &place);
      const char  *source = (const char *) rows + first * stride * dino_format_size (matrix->format);

      for (size_t word = 0; word < n_words; word++)
        for (size_t column = 0; column < columns; column++)
          memcpy (panel + (word * matrix->panel + column) * 4, source + column * stride * dino_format_size (matrix->format) + word * 4, 4);
      if (n_words * group < matrix->n_inputs)
        for (size_t column = 0; column < columns; column++)
          memcpy (panel + (n_words * matrix->panel + column) * 4, source + column * stride * dino_format_size (matrix->format) + n_words * 4, 2);
    }
}

static void
pack_transposed_f32 (struct dino_matrix *matrix, const float *rows, size_t stride)
{
  for (size_t first = 0; first < matrix->n_outputs; first += matrix->panel)
    {
      const size_t columns = matrix->n_outputs - first < matrix->panel ? matrix->n_outputs - first : matrix->panel;
      size_t       place;
      float       *out = (float *) (void *) row_panel (matrix, first, &place);

      for (size_t k = 0; k < matrix->n_inputs; k++, out += matrix->panel)
        memcpy (out, rows + k * stride + first, columns * sizeof *out);
    }
}

/* Two rows at a time, value by value. */
static void
pack_transposed_bf16 (struct dino_matrix *matrix, const uint16_t *rows, size_t stride)
{
  static const uint16_t zeros[DINO_BLAS_PANEL];

  for (size_t first = 0; first < matrix->n_outputs; first += matrix->panel)
    {
      const size_t columns = matrix->n_outputs - first < matrix->panel ? matrix->n_outputs - first : matrix->panel;
      size_t       place;
      uint16_t    *out = (uint16_t *) (void *) row_panel (matrix, first, &place);

      for (size_t k = 0; k < matrix->n_inputs; k += 2, out += 2 * matrix->panel)
        {
          const uint16_t *even = rows + k * stride + first, *odd = k + 1 < matrix->n_inputs ? even + stride : zeros;

          for (size_t column = 0; column < columns; column++)
            {
              out[2 * column] = even[column];
              out[2 * column + 1] = odd[column];
            }
        }
    }
}

void
dino_matrix_pack_transposed (struct dino_matrix *matrix, const void *rows, size_t stride)
{
  if (matrix->format == DINO_FORMAT_F32)
    pack_transposed_f32 (matrix, rows, stride);
  else
    pack_transposed_bf16 (matrix, rows, stride);
}

float
dino_matrix_value (const struct dino_matrix *matrix, size_t row, size_t column)
{
  const size_t group = dino_format_group (matrix->format);
  size_t       place;
  const char  *panel = row_panel (matrix, row, &place);
  const size_t at = (column / group * matrix->panel + place) * group + column % group;

  switch (matrix->format)
    {
    case DINO_FORMAT_F32:
      return ((const float *) (const void *) panel)[at];
    case DINO_FORMAT_BF16:
      return dino_bf16_value (((const uint16_t *) (const void *) panel)[at]);
    default:
      return (float) ((const int8_t *) panel)[at] * matrix->scales[row_place (matrix, row)];
    }
}

/* Magnitudes of bfloat16 are ordered as their bits are; padding is zero. */
void
dino_matrix_input_range (const struct dino_matrix *matrix, float *range)
{
  const uint16_t *values = (const uint16_t *) (const void *) matrix->panels;

  memset (range, 0, matrix->n_inputs * sizeof *range);
  for (size_t panel = 0; panel < matrix->n_groups * matrix->n_panels; panel++)
    for (size_t k = 0; k < matrix->depth; k += 2)
      {
        uint16_t highest[2] = { 0, 0 };

        for (size_t i = 0; i < 2 * matrix->panel; i++, values++)
          highest[i % 2] = (*values & 0x7fff) > highest[i % 2] ? *values & 0x7fff : highest[i % 2];
        for (size_t i = 0; i < 2 && k + i < matrix->n_inputs; i++)
          range[k + i] = fmaxf (range[k + i], dino_bf16_value (highest[i]));
      }
}

struct dino_panels
dino_matrix_panels (const struct dino_matrix *matrix, size_t group, size_t panel, size_t count, size_t first)
{
  return (struct dino_panels){
    .data = matrix->panels + (group * matrix->n_panels + panel) * matrix->panel_stride + first * matrix->panel * dino_format_size (matrix->format),
    .count = count,
    .width = matrix->panel,
    .stride = matrix->panel_stride,
  };
}
