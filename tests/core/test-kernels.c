/* The kernels of every instruction set that this processor has, against their
 * double-precision twin. */
#include <glib.h>
#include <math.h>
#include <string.h>

#include "core/encoder/kernels-reference.h"
#include "core/encoder/kernels.h"

#define MAX_WIDTH 1500
#define N_ROWS 5
/* Rows lie apart, and what is between them must stay as it is. */
#define GAP 7
#define CANARY 12345.678f

static const gsize widths[] = { 1, 2, 3, 4, 5, 7, 8, 9, 12, 15, 16, 17, 23, 31, 32, 33, 47, 48, 63, 64, 65, 67, 100, 127, 129, 192, 384, 768, 1370, 1499 };

/* Smooth enough to be telling, uneven enough to find a swapped lane. */
static float
value (gsize i, float scale)
{
  return scale * ((float) ((i * 7919 + i * i * 31) % 2003) / 1001.0f - 1.0f);
}

static float *
values (gsize n, gsize seed, float scale)
{
  float *array = g_new (float, n);

  for (gsize i = 0; i < n; i++)
    array[i] = value (i + seed * 1009, scale);
  return array;
}

/* Rows of values with canaries between. */
static float *
padded_rows (gsize width, gsize seed, float scale)
{
  const gsize stride = width + GAP;
  float      *array = values (N_ROWS * stride, seed, scale);

  for (gsize row = 0; row < N_ROWS; row++)
    for (gsize i = width; i < stride; i++)
      array[row * stride + i] = CANARY;
  return array;
}

static void
assert_canaries (const float *array, gsize width)
{
  for (gsize row = 0; row < N_ROWS; row++)
    for (gsize i = width; i < width + GAP; i++)
      g_assert_true (array[row * (width + GAP) + i] == CANARY);
}

static void
assert_row (const float *row, const double *expected, gsize width, double absolute, double relative)
{
  for (gsize i = 0; i < width; i++)
    if (!(fabs (row[i] - expected[i]) <= absolute + relative * fabs (expected[i])))
      g_error ("width %zu, element %zu: %.9g instead of %.9g", width, i, (double) row[i], expected[i]);
}

/* The same row, once more at another alignment, must give the same bits. */
static void
assert_same_bits (const float *a, const float *b, gsize width)
{
  g_assert_cmpmem (a, width * sizeof *a, b, width * sizeof *b);
}

/* A finish without a bias, in place. */
static void
gelu (const struct dino_kernels *kernels, float *row, gsize rows, gsize width, gsize stride)
{
  g_autofree float *zeros = g_new0 (float, width);

  kernels->finish[DINO_FINISH_GELU](&(struct dino_tile){ .rows = rows, .width = width, .sums = row, .sums_stride = stride, .bias = zeros, .out = row, .out_stride = stride });
}

static void
test_layer_norm (gconstpointer data)
{
  const struct dino_kernels *kernels = data;
  double                     expected[MAX_WIDTH];

  for (gsize w = 0; w < G_N_ELEMENTS (widths); w++)
    {
      const gsize       width = widths[w];
      g_autofree float *in = values (N_ROWS * width, width, 3.0f);
      g_autofree float *weight = values (width, 1, 1.5f);
      g_autofree float *bias = values (width, 2, 0.5f);
      g_autofree float *out = g_new0 (float, N_ROWS *width + 2);
      g_autofree float *shifted = g_new0 (float, N_ROWS *width + 2);

      /* A mean far from zero: a one-pass variance would lose it. */
      for (gsize i = 0; i < N_ROWS * width; i++)
        in[i] += 50.0f;
      out[N_ROWS * width] = CANARY;
      kernels->layer_norm (in, width, out, width, N_ROWS, width, weight, bias, 1e-6f);
      g_assert_true (out[N_ROWS * width] == CANARY);
      for (gsize row = 0; row < N_ROWS; row++)
        {
          dino_reference_layer_norm (in + row * width, expected, width, weight, bias, 1e-6);
          /* One column: 0 divided by 0.001, so a rounding of the mean shows a thousand times. */
          assert_row (out + row * width, expected, width, width == 1 ? 1e-2 : 2e-5, 2e-5);
          kernels->layer_norm (in + row * width, width, shifted + 1, width, 1, width, weight, bias, 1e-6f);
          assert_same_bits (out + row * width, shifted + 1, width);
        }
      /* In place. */
      kernels->layer_norm (in, width, in, width, N_ROWS, width, weight, bias, 1e-6f);
      assert_same_bits (in, out, N_ROWS * width);
    }
}

static void
test_softmax (gconstpointer data)
{
  const struct dino_kernels *kernels = data;
  static const float         scales[] = { 0.01f, 1.0f, 20.0f, 80.0f };
  double                     expected[MAX_WIDTH];

  for (gsize w = 0; w < G_N_ELEMENTS (widths); w++)
    for (gsize s = 0; s < G_N_ELEMENTS (scales); s++)
      {
        const gsize       width = widths[w], stride = width + GAP;
        g_autofree float *in = padded_rows (width, width, scales[s]);
        g_autofree float *out = g_memdup2 (in, N_ROWS * stride * sizeof *in);
        g_autofree float *shifted = g_new0 (float, width + 3);

        kernels->softmax (out, N_ROWS, width, stride);
        assert_canaries (out, width);
        for (gsize row = 0; row < N_ROWS; row++)
          {
            dino_reference_softmax (in + row * stride, expected, width);
            /* The difference to the maximum is rounded to float32 before the exponential. */
            assert_row (out + row * stride, expected, width, 1e-37, 1e-6 + 1.2e-7 * scales[s]);
            memcpy (shifted + 3, in + row * stride, width * sizeof *in);
            kernels->softmax (shifted + 3, 1, width, width);
            assert_same_bits (out + row * stride, shifted + 3, width);
          }
      }
}

/* softmax (0, x) = (p, q) with q / p = e^x: two roundings and the exponential's error. */
static void
test_exp (gconstpointer data)
{
  const struct dino_kernels *kernels = data;
  double                     worst = 0;

  for (float x = -87.0f; x < 0; x += 0.00073f)
    {
      float pair[2] = { 0, x };

      kernels->softmax (pair, 1, 2, 2);
      worst = fmax (worst, fabs ((double) pair[1] / pair[0] / exp (x) - 1));
    }
  g_test_message ("relative error of e^x: %.3g", worst);
  g_assert_cmpfloat (worst, <=, 2.4e-7);
}

static void
test_gelu (gconstpointer data)
{
  const struct dino_kernels *kernels = data;
  double                     expected[MAX_WIDTH];

  for (gsize w = 0; w < G_N_ELEMENTS (widths); w++)
    {
      const gsize       width = widths[w], stride = width + GAP;
      g_autofree float *in = padded_rows (width, width, 6.0f);
      g_autofree float *out = g_memdup2 (in, N_ROWS * stride * sizeof *in);

      gelu (kernels, out, N_ROWS, width, stride);
      assert_canaries (out, width);
      for (gsize row = 0; row < N_ROWS; row++)
        {
          g_autofree float *shifted = g_memdup2 (in + row * stride, width * sizeof *in);

          dino_reference_gelu (in + row * stride, expected, width);
          assert_row (out + row * stride, expected, width, 1.1e-7, 1.1e-7);
          gelu (kernels, shifted, 1, width, width);
          assert_same_bits (out + row * stride, shifted, width);
        }
    }
}

/* One float in 1009, over all magnitudes up to 64, both signs. */
static void
test_gelu_bound (gconstpointer data)
{
  const struct dino_kernels *kernels = data;
  double                     worst = 0;

  for (guint32 bits = 0; bits < 0x42800000u; bits += 1009 * 1024)
    for (int sign = 0; sign < 2; sign++)
      {
        float  in[1024], out[1024];
        double expected[1024];

        for (guint32 i = 0; i < 1024; i++)
          {
            guint32 pattern = (bits + 1009 * i) | (sign ? 0x80000000u : 0);

            memcpy (&in[i], &pattern, sizeof in[i]);
          }
        memcpy (out, in, sizeof in);
        gelu (kernels, out, 1, 1024, 1024);
        dino_reference_gelu (in, expected, 1024);
        for (int i = 0; i < 1024; i++)
          worst = fmax (worst, fabs (out[i] - expected[i]) / fmax (1, fabs (in[i])));
      }
  g_test_message ("error of GELU: %.3g max (1, |x|)", worst);
  g_assert_cmpfloat (worst, <=, 1.1e-7);
}

/* Rows of sums lie as far apart as those of the other factor. */
static void
test_swiglu (gconstpointer data)
{
  const struct dino_kernels *kernels = data;
  double                     expected[MAX_WIDTH];

  for (gsize w = 0; w < G_N_ELEMENTS (widths); w++)
    {
      const gsize            width = widths[w], stride = width + GAP;
      g_autofree float      *gate = padded_rows (width, width, w % 2 == 0 ? 8.0f : 120.0f);
      g_autofree float      *branch = padded_rows (width, width + 1, 2.0f);
      g_autofree float      *gate_bias = values (width, 3, 1.0f), *value_bias = values (width, 4, 1.0f);
      g_autofree float      *out = padded_rows (width, 9, 1.0f);
      const struct dino_tile tile = {
        .rows = N_ROWS, .width = width, .sums = gate, .sums_stride = stride, .bias = gate_bias, .values = branch, .value_bias = value_bias, .out = out, .out_stride = stride
      };

      kernels->finish[DINO_FINISH_SWIGLU](&tile);
      assert_canaries (out, width);
      for (gsize row = 0; row < N_ROWS; row++)
        {
          float *gates = gate + row * stride, *branches = branch + row * stride;

          for (gsize i = 0; i < width; i++)
            {
              gates[i] += gate_bias[i];
              branches[i] += value_bias[i];
            }
          dino_reference_swiglu (gates, branches, expected, width);
          assert_row (out + row * stride, expected, width, 1e-30, 1e-6);
        }
    }
}

static void
test_residual (gconstpointer data)
{
  const struct dino_kernels *kernels = data;
  double                     expected[MAX_WIDTH];

  for (gsize w = 0; w < G_N_ELEMENTS (widths); w++)
    {
      const gsize       width = widths[w], stride = width + GAP;
      g_autofree float *in = padded_rows (width, width, 4.0f);
      g_autofree float *branch = values (N_ROWS * width, width + 1, 2.0f);
      g_autofree float *scale = values (width, 3, 1.0f), *bias = values (width, 5, 1.0f);
      g_autofree float *out = padded_rows (width, 9, 1.0f);
      struct dino_tile  tile = {
         .rows = N_ROWS, .width = width, .sums = branch, .sums_stride = width, .bias = bias, .residual = in, .scale = scale, .out = out, .out_stride = stride
      };

      kernels->finish[DINO_FINISH_RESIDUAL](&tile);
      assert_canaries (out, width);
      tile.out = in;
      for (gsize row = 0; row < N_ROWS; row++)
        {
          g_autofree float *biased = g_memdup2 (branch + row * width, width * sizeof *branch);

          for (gsize i = 0; i < width; i++)
            biased[i] += bias[i];
          dino_reference_residual (in + row * stride, biased, scale, expected, width);
          assert_row (out + row * stride, expected, width, 8e-7, 0);
        }
      kernels->finish[DINO_FINISH_RESIDUAL](&tile);
      assert_same_bits (in, out, N_ROWS * stride);
    }
}

/* weigh() and average() are softmax times a matrix in two steps; with the identity, softmax. */
static void
test_weigh (gconstpointer data)
{
  const struct dino_kernels *kernels = data;
  double                     expected[MAX_WIDTH];

  for (gsize w = 0; w < G_N_ELEMENTS (widths); w++)
    {
      const gsize       width = widths[w], padded = width + 3, stride = width + GAP;
      g_autofree float *in = padded_rows (width, width, 20.0f), *scores = g_memdup2 (in, N_ROWS * stride * sizeof *in);
      g_autofree float *out = padded_rows (width, 9, 1.0f);
      float             factors[N_ROWS];

      kernels->weigh (scores, N_ROWS, width, padded, stride, 0.25f, factors);
      kernels->average (&(struct dino_tile){ .rows = N_ROWS, .width = width, .sums = scores, .sums_stride = stride, .out = out, .out_stride = stride }, factors);
      assert_canaries (out, width);
      for (gsize row = 0; row < N_ROWS; row++)
        {
          for (gsize i = 0; i < stride; i++)
            {
              if (i >= width)
                g_assert_true (scores[row * stride + i] == (i < padded ? 0.0f : CANARY));
              in[row * stride + i] *= 0.25f;
            }
          dino_reference_softmax (in + row * stride, expected, width);
          assert_row (out + row * stride, expected, width, 1e-37, 4e-6);
        }
    }
}

/* Whole pieces and what is left of them; the same bits as one number at a time. */
static void
test_add_products (gconstpointer data)
{
  const struct dino_kernels *kernels = data;
  static const gsize         sizes[][3] = { { 1, 1, 1 }, { 4, 16, 3 }, { 5, 17, 9 }, { 96, 96, 20 }, { 7, 33, 64 } };

  for (gsize s = 0; s < G_N_ELEMENTS (sizes); s++)
    {
      const gsize        n_a = sizes[s][0], n_b = sizes[s][1], n = sizes[s][2], stride = n_a + n_b + 3, out_stride = n_b + 2;
      g_autofree double *rows = g_new (double, n *stride), *out = g_new (double, n_a *out_stride);

      for (gsize i = 0; i < n * stride; i++)
        rows[i] = value (i, 3.0f) * 1.0000001;
      for (gsize i = 0; i < n_a * out_stride; i++)
        out[i] = value (i, 1.0f);
      kernels->add_products (rows, n_a, rows + n_a, n_b, n, stride, out, out_stride);
      for (gsize i = 0; i < n_a; i++)
        for (gsize j = 0; j < out_stride; j++)
          {
            double sum = value (i * out_stride + j, 1.0f);

            for (gsize k = 0; j < n_b && k < n; k++)
              sum += rows[k * stride + i] * rows[k * stride + n_a + j];
            g_assert_true (out[i * out_stride + j] == sum);
          }
    }
}

/* A broken weight must be seen in the output, not be swallowed by a maximum. */
static void
test_not_a_number (gconstpointer data)
{
  const struct dino_kernels *kernels = data;

  for (gsize at = 0; at < 67; at++)
    {
      float weight[67], row[67];

      for (gsize i = 0; i < 67; i++)
        weight[i] = 1.0f;
      for (int kernel = 0; kernel < 3; kernel++)
        {
          for (gsize i = 0; i < 67; i++)
            row[i] = value (i, 2.0f);
          row[at] = NAN;
          if (kernel == 0)
            gelu (kernels, row, 1, 67, 67);
          else if (kernel == 1)
            kernels->softmax (row, 1, 67, 67);
          else
            kernels->layer_norm (row, 67, row, 67, 1, 67, weight, weight, 1e-6f);
          g_assert_true (isnan (row[at]));
          g_assert_true (kernel == 0 || isnan (row[(at + 1) % 67]));
        }
    }
}

static void
test_extremes (gconstpointer data)
{
  const struct dino_kernels *kernels = data;
  float                      values[5] = { INFINITY, -INFINITY, 1e30f, -1e30f, 0.0f };
  float                      equal[33], one[40] = { 0 };

  gelu (kernels, values, 1, 5, 5);
  g_assert_true (isinf (values[0]) && values[0] > 0);
  g_assert_cmpfloat (fabs (values[1]), <, 1e-10);
  g_assert_true (values[2] == 1e30f);
  g_assert_cmpfloat (fabs (values[3]), <, 1e-10);
  g_assert_true (values[4] == 0.0f);

  for (int i = 0; i < 33; i++)
    equal[i] = 3e38f;
  kernels->softmax (equal, 1, 33, 33);
  for (int i = 0; i < 33; i++)
    g_assert_cmpfloat (fabs (equal[i] - 1 / 33.0), <, 1e-8);

  one[37] = 1000.0f;
  kernels->softmax (one, 1, 40, 40);
  for (int i = 0; i < 40; i++)
    g_assert_cmpfloat (fabs (one[i] - (i == 37)), <, 1e-30);
}

static void
test_table (void)
{
  for (int isa = DINO_ISA_GENERIC; isa <= (int) dino_isa_detect (); isa++)
    g_assert_cmpint (dino_kernels_for ((enum dino_isa) isa)->isa, ==, MIN (isa, DINO_ISA_AVX512_BF16));
}

int
main (int argc, char **argv)
{
  static const struct
  {
    const char *name;
    void (*func) (gconstpointer);
  } tests[] = {
    { "layer-norm", test_layer_norm },
    { "softmax", test_softmax },
    { "exp", test_exp },
    { "gelu", test_gelu },
    { "gelu-bound", test_gelu_bound },
    { "swiglu", test_swiglu },
    { "residual", test_residual },
    { "weigh", test_weigh },
    { "add-products", test_add_products },
    { "not-a-number", test_not_a_number },
    { "extremes", test_extremes },
  };

  g_test_init (&argc, &argv, NULL);
  for (int isa = DINO_ISA_GENERIC; isa <= (int) dino_isa_detect (); isa++)
    for (gsize i = 0; i < G_N_ELEMENTS (tests); i++)
      {
        g_autofree char *path = g_strdup_printf ("/kernels/%s/%s", dino_isa_name ((enum dino_isa) isa), tests[i].name);

        g_test_add_data_func (path, dino_kernels_for ((enum dino_isa) isa), tests[i].func);
      }
  g_test_add_func ("/kernels/table", test_table);
  return g_test_run ();
}
