/* Products of every instruction set and format that this processor has,
 * against sums in double precision and in integers. */
#include <glib.h>
#include <math.h>
#include <string.h>

#include "core/base/memory.h"
#include "core/encoder/kernels.h"
#include "core/gemm/matrix.h"
#include "core/gemm/narrow.h"

/* Rows after the last that a tile may read and write. */
#define PADDING 32

static const struct
{
  gsize rows, inputs, outputs, groups;
} shapes[] = { { 1, 1, 1, 1 }, { 5, 3, 16, 1 }, { 14, 64, 17, 1 }, { 15, 33, 32, 2 }, { 33, 100, 49, 3 }, { 29, 768, 40, 1 }, { 70, 31, 200, 1 } };

typedef struct
{
  enum dino_isa           isa;
  enum dino_format        format;
  const struct dino_gemm *gemm;
} Case;

/* A matrix of floats, its packed twin, and rows to multiply it with. */
typedef struct
{
  gsize              rows, inputs, outputs; /* outputs of all groups */
  float             *weights, *values;
  struct dino_matrix matrix;
  void              *memory;
  char              *a; /* the rows in the format */
  gsize              a_stride;
  float             *scales;
} Problem;

static float
value (gsize i, gsize seed)
{
  return (float) ((i * 7919 + i * i % 613 * 31 + seed * 1009) % 2003) / 1001.0f - 1.0f;
}

static float *
values (gsize n, gsize seed)
{
  float *array = g_new (float, n);

  for (gsize i = 0; i < n; i++)
    array[i] = value (i, seed);
  return array;
}

static void
fill_rows (Problem *problem, const Case *test)
{
  const gsize size = dino_format_size (test->format);

  problem->a_stride = (problem->matrix.depth * size + 63) / 64 * 64 + 64;
  problem->a = g_malloc0 ((problem->rows + PADDING) * problem->a_stride);
  problem->scales = g_new0 (float, problem->rows);
  for (gsize row = 0; row < problem->rows; row++)
    {
      const float *source = problem->values + row * problem->inputs;
      char        *out = problem->a + row * problem->a_stride;

      if (test->format == DINO_FORMAT_F32)
        memcpy (out, source, problem->inputs * sizeof *source);
      else if (test->format == DINO_FORMAT_BF16)
        dino_kernels_for (test->isa)->narrow (source, (uint16_t *) (void *) out, problem->inputs);
      else
        problem->scales[row] = dino_kernels_for (test->isa)->quantize (source, (int8_t *) out, problem->inputs, test->gemm->a_offset);
    }
}

static void
set_up (Problem *problem, const Case *test, gsize shape)
{
  gsize bytes;

  *problem = (Problem){ .rows = shapes[shape].rows, .inputs = shapes[shape].inputs, .outputs = shapes[shape].groups * shapes[shape].outputs };
  problem->weights = values (problem->outputs * problem->inputs, shape);
  problem->values = values (problem->rows * problem->inputs, shape + 7);
  g_assert_true (dino_matrix_describe (&problem->matrix, test->format, dino_gemm_panel (test->isa, shapes[shape].outputs), problem->inputs, shapes[shape].outputs,
                                       shapes[shape].groups));
  g_assert_true (dino_matrix_bytes (&problem->matrix, &bytes));
  problem->memory = dino_alloc (bytes, 1, NULL);
  memset (problem->memory, 0x7f, bytes);
  dino_matrix_place (&problem->matrix, problem->memory);
  dino_matrix_clear (&problem->matrix);
  /* In two parts, neither of whole panels. */
  dino_matrix_pack (&problem->matrix, 0, problem->outputs / 3, problem->weights, NULL);
  dino_matrix_pack (&problem->matrix, problem->outputs / 3, problem->outputs - problem->outputs / 3,
                    problem->weights + problem->outputs / 3 * problem->inputs, NULL);
  fill_rows (problem, test);
}

static void
tear_down (Problem *problem)
{
  g_free (problem->weights);
  g_free (problem->values);
  g_free (problem->a);
  g_free (problem->scales);
  dino_free (problem->memory);
}

/* All groups of some rows, as floats, [rows + PADDING, padded columns]. */
static float *
multiply (const Problem *problem, const Case *test, gsize first, gsize rows, gboolean add)
{
  const struct dino_matrix *matrix = &problem->matrix;
  const gsize               columns = matrix->n_groups * matrix->n_panels * matrix->panel;
  float                    *c = g_new0 (float, (rows + PADDING) * columns);

  for (int again = 0; again <= add; again++)
    test->gemm->run (&(struct dino_product){
        .rows = rows,
        .depth = matrix->depth,
        .a = problem->a + first * problem->a_stride,
        .a_stride = problem->a_stride,
        .b = dino_matrix_panels (matrix, 0, 0, matrix->n_groups * matrix->n_panels, 0),
        .c = c,
        .c_stride = columns,
        .add = again > 0,
    });
  if (test->format == DINO_FORMAT_S8)
    dino_kernels_for (test->isa)->scale_sums (c, rows, columns, columns, problem->scales + first, matrix->scales, test->gemm->a_offset ? matrix->corrections : NULL);
  return c;
}

/* What a row holds after rounding to the format. */
static double
rounded (const Problem *problem, const Case *test, gsize row, gsize k)
{
  const char *a = problem->a + row * problem->a_stride;

  switch (test->format)
    {
    case DINO_FORMAT_F32:
      return problem->values[row * problem->inputs + k];
    case DINO_FORMAT_BF16:
      return dino_bf16_value (((const uint16_t *) (const void *) a)[k]);
    default:
      return (double) problem->scales[row] * (test->gemm->a_offset ? ((const uint8_t *) a)[k] - 128 : ((const int8_t *) a)[k]);
    }
}

static void
test_values (gconstpointer data)
{
  const Case *test = data;

  for (gsize shape = 0; shape < G_N_ELEMENTS (shapes); shape++)
    {
      Problem           problem;
      g_autofree float *c = NULL;
      gsize             columns;

      set_up (&problem, test, shape);
      c = multiply (&problem, test, 0, problem.rows, FALSE);
      columns = problem.matrix.n_groups * problem.matrix.n_panels * problem.matrix.panel;
      for (gsize row = 0; row < problem.rows; row++)
        for (gsize output = 0; output < problem.outputs; output++)
          {
            const gsize group = output / problem.matrix.n_outputs, column = group * problem.matrix.n_panels * problem.matrix.panel + output % problem.matrix.n_outputs;
            double      sum = 0, magnitude = 0;

            for (gsize k = 0; k < problem.inputs; k++)
              {
                const double term = rounded (&problem, test, row, k) * (double) dino_matrix_value (&problem.matrix, output, k);

                sum += term;
                magnitude += fabs (term);
              }
            if (!(fabs (c[row * columns + column] - sum) <= 4e-6 * magnitude + 1e-30))
              g_error ("shape %zu, row %zu, output %zu: %.9g instead of %.9g", shape, row, output, (double) c[row * columns + column], sum);
          }
      tear_down (&problem);
    }
}

/* Each weight after packing: exact, or rounded as the format says. */
static void
test_packing (gconstpointer data)
{
  const Case *test = data;

  for (gsize shape = 0; shape < G_N_ELEMENTS (shapes); shape++)
    {
      Problem problem;

      set_up (&problem, test, shape);
      for (gsize output = 0; output < problem.outputs; output++)
        {
          const float *row = problem.weights + output * problem.inputs;
          float        highest = 0;

          for (gsize k = 0; k < problem.inputs; k++)
            highest = MAX (highest, fabsf (row[k]));
          for (gsize k = 0; k < problem.inputs; k++)
            {
              const float packed = dino_matrix_value (&problem.matrix, output, k);

              if (test->format == DINO_FORMAT_F32)
                g_assert_true (packed == row[k]);
              else if (test->format == DINO_FORMAT_BF16)
                g_assert_true (packed == dino_bf16_value (dino_bf16 (row[k])));
              else
                g_assert_cmpfloat (fabsf (packed - row[k]), <=, highest / 253.9f);
            }
        }
      tear_down (&problem);
    }
}

/* A row alone has the bits that it has among others. */
static void
test_rows_alone (gconstpointer data)
{
  const Case *test = data;

  for (gsize shape = 0; shape < G_N_ELEMENTS (shapes); shape++)
    {
      Problem           problem;
      g_autofree float *all = NULL;
      gsize             columns;

      set_up (&problem, test, shape);
      columns = problem.matrix.n_groups * problem.matrix.n_panels * problem.matrix.panel;
      all = multiply (&problem, test, 0, problem.rows, FALSE);
      for (gsize row = 0; row < problem.rows; row++)
        {
          g_autofree float *alone = multiply (&problem, test, row, 1, FALSE);

          g_assert_cmpmem (all + row * columns, columns * sizeof *all, alone, columns * sizeof *alone);
        }
      tear_down (&problem);
    }
}

static void
test_add (gconstpointer data)
{
  const Case *test = data;

  for (gsize shape = 0; shape < G_N_ELEMENTS (shapes); shape++)
    {
      Problem           problem;
      g_autofree float *once = NULL, *twice = NULL;
      gsize             columns;

      set_up (&problem, test, shape);
      if (test->gemm->a_offset)
        for (gsize i = 0; i < problem.matrix.n_groups * problem.matrix.n_panels * problem.matrix.panel; i++)
          problem.matrix.corrections[i] = 0;
      columns = problem.matrix.n_groups * problem.matrix.n_panels * problem.matrix.panel;
      once = multiply (&problem, test, 0, problem.rows, FALSE);
      twice = multiply (&problem, test, 0, problem.rows, TRUE);
      for (gsize i = 0; i < problem.rows * columns; i++)
        g_assert_cmpfloat (fabsf (twice[i] - 2 * once[i]), <=, 2e-4f + 1e-5f * fabsf (once[i]));
      tear_down (&problem);
    }
}

/* Rows that are in the format already, and columns. */
static void
test_format_packing (gconstpointer data)
{
  const Case        *test = data;
  struct dino_matrix rows, columns;
  gsize              bytes;
  void              *memory[2];
  const gsize        n_outputs = 37, n_inputs = 45, size = dino_format_size (test->format), row_stride = 50, column_stride = 41;
  g_autofree char   *source = g_malloc0 (n_outputs * row_stride * size), *transposed = g_malloc0 (n_inputs * column_stride * size);

  for (gsize i = 0; i < n_outputs; i++)
    for (gsize k = 0; k < n_inputs; k++)
      {
        const float    number = value (i * n_inputs + k, 3);
        const uint16_t narrow = dino_bf16 (number);

        memcpy (source + (i * row_stride + k) * size, size == 4 ? (const void *) &number : (const void *) &narrow, size);
        memcpy (transposed + (k * column_stride + i) * size, size == 4 ? (const void *) &number : (const void *) &narrow, size);
      }
  g_assert_true (dino_matrix_describe (&rows, test->format, dino_gemm_panel (test->isa, n_outputs), n_inputs, n_outputs, 1));
  columns = rows;
  dino_matrix_bytes (&rows, &bytes);
  for (int i = 0; i < 2; i++)
    {
      memory[i] = dino_alloc_zeroed (bytes, 1, NULL);
      dino_matrix_place (i == 0 ? &rows : &columns, memory[i]);
    }
  dino_matrix_pack_format (&rows, source, row_stride);
  dino_matrix_pack_transposed (&columns, transposed, column_stride);
  g_assert_cmpmem (memory[0], bytes, memory[1], bytes);
  for (gsize i = 0; i < n_outputs; i++)
    for (gsize k = 0; k < n_inputs; k++)
      g_assert_true (dino_matrix_value (&rows, i, k) == (size == 4 ? value (i * n_inputs + k, 3) : dino_bf16_value (dino_bf16 (value (i * n_inputs + k, 3)))));
  dino_free (memory[0]);
  dino_free (memory[1]);
}

static void
test_input_range (void)
{
  const Case         test = { DINO_ISA_AVX2, DINO_FORMAT_BF16, NULL };
  const gsize        n = 33;
  g_autofree float  *weights = values (20 * n, 1);
  struct dino_matrix matrix;
  void              *memory;
  float              range[33];
  gsize              bytes;

  g_assert_true (dino_matrix_describe (&matrix, test.format, DINO_PANEL, n, 10, 2));
  dino_matrix_bytes (&matrix, &bytes);
  memory = dino_alloc_zeroed (bytes, 1, NULL);
  dino_matrix_place (&matrix, memory);
  g_assert_true (matrix.scales == NULL && matrix.corrections == NULL);
  dino_matrix_pack (&matrix, 0, 20, weights, NULL);
  dino_matrix_input_range (&matrix, range);
  for (gsize k = 0; k < n; k++)
    {
      float highest = 0;

      for (gsize row = 0; row < 20; row++)
        highest = MAX (highest, fabsf (dino_bf16_value (dino_bf16 (weights[row * n + k]))));
      g_assert_true (range[k] == highest);
    }
  dino_free (memory);
}

/* A weight that is no number makes its column none, whatever the format. */
static void
test_not_a_number (void)
{
  for (int format = 0; format < DINO_N_FORMATS; format++)
    for (int bad = 0; bad < 2; bad++)
      {
        g_autofree float  *weights = values (20 * 33, 1);
        struct dino_matrix matrix;
        void              *memory;
        gsize              bytes;

        weights[7 * 33 + 20] = bad == 0 ? NAN : INFINITY;
        g_assert_true (dino_matrix_describe (&matrix, (enum dino_format) format, DINO_PANEL, 33, 20, 1));
        dino_matrix_bytes (&matrix, &bytes);
        memory = dino_alloc_zeroed (bytes, 1, NULL);
        dino_matrix_place (&matrix, memory);
        dino_matrix_pack (&matrix, 0, 20, weights, NULL);
        g_assert_false (isfinite (dino_matrix_value (&matrix, 7, 20)));
        g_assert_true (isfinite (dino_matrix_value (&matrix, 6, 20)));
        dino_free (memory);
      }
}

/* Sizes that a file could claim. */
static void
test_overflow (void)
{
  struct dino_matrix matrix;
  gsize              bytes;

  g_assert_false (dino_matrix_describe (&matrix, DINO_FORMAT_F32, DINO_PANEL, G_MAXSIZE, 16, 1));
  g_assert_false (dino_matrix_describe (&matrix, DINO_FORMAT_F32, DINO_PANEL, 16, G_MAXSIZE, 1));
  /* 32 bits have no sizes that pass the first and fail the second. */
  if (dino_matrix_describe (&matrix, DINO_FORMAT_F32, DINO_PANEL, (gsize) 1 << 30, G_MAXSIZE >> 24, 3))
    g_assert_false (dino_matrix_bytes (&matrix, &bytes));
  else
    g_assert_cmpuint (sizeof (gsize), <, 8);
}

int
main (int argc, char **argv)
{
  static const char *const formats[] = { "f32", "bf16", "s8" };
  static const struct
  {
    const char *name;
    void (*func) (gconstpointer);
  } tests[] = {
    { "values", test_values },
    { "packing", test_packing },
    { "rows-alone", test_rows_alone },
    { "add", test_add },
    { "format-packing", test_format_packing },
  };

  g_test_init (&argc, &argv, NULL);
  for (int isa = DINO_ISA_GENERIC; isa <= (int) dino_isa_detect (); isa++)
    for (int format = 0; format < DINO_N_FORMATS; format++)
      {
        const struct dino_gemm *gemm = dino_gemm_for ((enum dino_isa) isa, (enum dino_format) format);
        Case                    test = { (enum dino_isa) isa, (enum dino_format) format, gemm };

        /* Those of a lower set again would prove nothing. */
        if (gemm == NULL || gemm->isa != (enum dino_isa) isa)
          continue;
        for (gsize i = 0; i < G_N_ELEMENTS (tests); i++)
          {
            g_autofree char *path = NULL;

            /* BLAS promises nothing about rows, and nothing is packed from 8 bits. */
            if ((tests[i].func == test_rows_alone && gemm->rows == 1) || (tests[i].func == test_format_packing && format == DINO_FORMAT_S8))
              continue;
            path = g_strdup_printf ("/gemm/%s/%s/%s", dino_isa_name ((enum dino_isa) isa), formats[format], tests[i].name);

            g_test_add_data_func_full (path, g_memdup2 (&test, sizeof test), tests[i].func, g_free);
          }
      }
  g_test_add_func ("/gemm/input-range", test_input_range);
  g_test_add_func ("/gemm/not-a-number", test_not_a_number);
  g_test_add_func ("/gemm/overflow", test_overflow);
  return g_test_run ();
}
