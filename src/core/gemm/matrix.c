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

/* A whole panel of float32 at once: its columns are written side by side. */
static void
pack_panel_f32 (const struct dino_matrix *matrix, char *panel, const float *rows)
{
  const size_t n = matrix->n_inputs;
  float       *out = (float *) (void *) panel;

  for (size_t k = 0; k < n; k++, out += DINO_PANEL)
    for (size_t column = 0; column < DINO_PANEL; column++)
      out[column] = rows[column * n + k];
}

static void
pack_row_f32 (const struct dino_matrix *matrix, char *panel, size_t column, const float *row)
{
  float *out = (float *) (void *) panel + column;

  for (size_t k = 0; k < matrix->n_inputs; k++)
    out[k * matrix->panel] = row[k];
}

static void
pack_row_bf16 (const struct dino_matrix *matrix, char *panel, size_t column, const float *row)
{
  uint16_t *out = (uint16_t *) (void *) panel;

  for (size_t k = 0; k < matrix->n_inputs; k++)
    out[(k / 2 * matrix->panel + column) * 2 + k % 2] = dino_bf16 (row[k]);
}

static float
highest_magnitude (const float *row, const float *stretch, size_t n)
{
  float highest = 0;

  for (size_t k = 0; k < n; k++)
    {
      const float value = fabsf (stretch != NULL ? row[k] * stretch[k] : row[k]);

      highest = value > highest ? value : highest;
    }
  return highest;
}

static void
pack_row_s8 (struct dino_matrix *matrix, size_t index, char *panel, size_t column, const float *row, const float *stretch)
{
  const float  highest = highest_magnitude (row, stretch, matrix->n_inputs), factor = highest > 0 ? 127.0f / highest : 0.0f;
  const size_t place = row_place (matrix, index);
  int8_t      *out = (int8_t *) panel;
  int32_t      sum = 0;

  for (size_t k = 0; k < matrix->n_inputs; k++)
    {
      const float  value = (stretch != NULL ? row[k] * stretch[k] : row[k]) * factor;
      const int8_t rounded = (int8_t) lrintf (isfinite (value) ? value : 0.0f);

      out[(k / 4 * matrix->panel + column) * 4 + k % 4] = rounded;
      sum += rounded;
    }
  /* Not a number shall be seen in the output. */
  matrix->scales[place] = isfinite (highest) ? highest / 127.0f : NAN;
  matrix->corrections[place] = -128 * sum;
}

void
dino_matrix_pack (struct dino_matrix *matrix, size_t first, size_t count, const float *rows, const float *stretch)
{
  for (size_t i = 0; i < count; i++)
    {
      const float *row = rows + i * matrix->n_inputs;
      size_t       column;
      char        *panel = row_panel (matrix, first + i, &column);

      switch (matrix->format)
        {
        case DINO_FORMAT_F32:
          if (matrix->panel == DINO_PANEL && column == 0 && count - i >= DINO_PANEL &&
              (first + i) % matrix->n_outputs + DINO_PANEL <= matrix->n_outputs)
            {
              pack_panel_f32 (matrix, panel, row);
              i += DINO_PANEL - 1;
            }
          else
            pack_row_f32 (matrix, panel, column, row);
          break;
        case DINO_FORMAT_BF16:
          pack_row_bf16 (matrix, panel, column, row);
          break;
        default:
          pack_row_s8 (matrix, first + i, panel, column, row, stretch);
          break;
        }
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
