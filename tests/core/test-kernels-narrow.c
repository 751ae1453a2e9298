/* What bfloat16 and 8 bits need, against plain C. Nothing to do on a processor
 * without the instructions. */
#include <glib.h>
#include <math.h>
#include <string.h>

#include "core/encoder/kernels-reference.h"
#include "core/encoder/kernels.h"
#include "core/gemm/narrow.h"

#define N_ROWS 3
#define MAX_WIDTH 1400

static const gsize widths[] = { 1, 2, 7, 15, 16, 17, 31, 33, 64, 65, 127, 768, 1370 };

static const struct dino_kernels *kernels;

static float
value (gsize i, float scale)
{
  return scale * ((float) ((i * 7919 + i * i * 31) % 2003) / 1001.0f - 1.0f);
}

static void
fill (float *array, gsize n, gsize seed, float scale)
{
  for (gsize i = 0; i < n; i++)
    array[i] = value (i + seed * 1009, scale);
}

static void
test_narrow (void)
{
  static const float special[] = { 0.0f, -0.0f, 1.0f, 1.00390625f, 1.01171875f, -1.00390625f, 3.0e38f, INFINITY, -INFINITY, 1e-30f };

  for (gsize w = 0; w < G_N_ELEMENTS (widths); w++)
    {
      float    in[MAX_WIDTH];
      uint16_t out[MAX_WIDTH + 1];

      fill (in, widths[w], w, 100.0f);
      for (gsize i = 0; i < G_N_ELEMENTS (special) && i < widths[w]; i++)
        in[i] = special[i];
      out[widths[w]] = 4711;
      kernels->narrow (in, out, widths[w]);
      g_assert_cmpuint (out[widths[w]], ==, 4711);
      for (gsize i = 0; i < widths[w]; i++)
        g_assert_cmphex (out[i], ==, dino_bf16 (in[i]));
    }
}

static void
test_not_a_number (void)
{
  const float in = NAN;
  uint16_t    out;

  kernels->narrow (&in, &out, 1);
  g_assert_true (isnan (dino_bf16_value (out)));
  g_assert_true (isnan (dino_bf16_value (dino_bf16 (NAN))));
}

/* 2^-8 is bfloat16's own rounding. */
static void
assert_narrow (const uint16_t *row, const double *expected, gsize width, double absolute)
{
  for (gsize i = 0; i < width; i++)
    if (!(fabs (dino_bf16_value (row[i]) - expected[i]) <= absolute + 0x1.04p-8 * fabs (expected[i])))
      g_error ("width %zu, element %zu: %.9g instead of %.9g", width, i, (double) dino_bf16_value (row[i]), expected[i]);
}

static void
test_finishes (void)
{
  for (gsize w = 0; w < G_N_ELEMENTS (widths); w++)
    {
      const gsize            width = widths[w], stride = width + 5;
      g_autofree float      *sums = g_new (float, N_ROWS *stride), *others = g_new (float, N_ROWS *stride), *bias = g_new (float, width), *zeros = g_new0 (float, width);
      g_autofree uint16_t   *out = g_new (uint16_t, N_ROWS * stride);
      const struct dino_tile tile = {
        .rows = N_ROWS, .width = width, .sums = sums, .sums_stride = stride, .bias = bias, .values = others, .value_bias = zeros, .out = out, .out_stride = stride
      };

      fill (sums, N_ROWS * stride, w, 6.0f);
      fill (others, N_ROWS * stride, w + 1, 2.0f);
      fill (bias, width, w + 2, 1.0f);
      for (int finish = DINO_FINISH_NONE; finish <= DINO_FINISH_SWIGLU; finish++)
        {
          memset (out, 0x5a, N_ROWS * stride * sizeof *out);
          kernels->finish_bf16[finish](&tile);
          for (gsize row = 0; row < N_ROWS; row++)
            {
              float  biased[MAX_WIDTH];
              double expected[MAX_WIDTH];

              for (gsize i = 0; i < width; i++)
                expected[i] = biased[i] = sums[row * stride + i] + bias[i];
              if (finish == DINO_FINISH_GELU)
                dino_reference_gelu (biased, expected, width);
              else if (finish == DINO_FINISH_SWIGLU)
                dino_reference_swiglu (biased, others + row * stride, expected, width);
              assert_narrow (out + row * stride, expected, width, finish == DINO_FINISH_GELU ? 0x1p-12 : 1e-30);
              for (gsize i = width; i < stride; i++)
                g_assert_cmphex (out[row * stride + i], ==, 0x5a5a);
            }
        }
      g_assert_null (kernels->finish_bf16[DINO_FINISH_RESIDUAL]);
    }
}

/* A finer grid for the coarse GELU: also far out, where it must not come back. */
static void
test_gelu (void)
{
  const float zero = 0.0f;
  double      worst = 0;

  for (float x = -40.0f; x < 40.0f; x += 0.00137f)
    {
      uint16_t out;
      double   expected;

      kernels->finish_bf16[DINO_FINISH_GELU](&(struct dino_tile){ .rows = 1, .width = 1, .sums = &x, .sums_stride = 1, .bias = &zero, .out = &out, .out_stride = 1 });
      dino_reference_gelu (&x, &expected, 1);
      worst = fmax (worst, (fabs (dino_bf16_value (out) - expected) - 0x1p-8 * fabs (expected)) / fmax (1, fabs (x)));
    }
  g_test_message ("beyond rounding: %.3g max (1, |x|)", worst);
  g_assert_cmpfloat (worst, <=, 0x1p-12);
}

static void
test_attention (void)
{
  for (gsize w = 0; w < G_N_ELEMENTS (widths); w++)
    {
      const gsize          width = widths[w], padded = (width + 31) / 32 * 32, stride = padded + 5;
      g_autofree float    *in = g_new (float, N_ROWS *stride), *scores = NULL, *sums = g_new (float, N_ROWS *width);
      g_autofree uint16_t *out = g_new (uint16_t, N_ROWS * width);
      float                factors[N_ROWS];

      fill (in, N_ROWS * stride, w, 40.0f);
      scores = g_memdup2 (in, N_ROWS * stride * sizeof *in);
      kernels->weigh_bf16 (scores, N_ROWS, width, padded, stride, 0.25f, factors);
      for (gsize row = 0; row < N_ROWS; row++)
        {
          const uint16_t *weights = (const uint16_t *) (const void *) (scores + row * stride);
          double          expected[MAX_WIDTH];

          for (gsize i = 0; i < width; i++)
            {
              sums[row * width + i] = dino_bf16_value (weights[i]);
              in[row * stride + i] *= 0.25f;
            }
          for (gsize i = width; i < padded; i++)
            g_assert_cmphex (weights[i], ==, 0);
          dino_reference_softmax (in + row * stride, expected, width);
          for (gsize i = 0; i < width; i++)
            g_assert_cmpfloat (fabs (sums[row * width + i] * factors[row] - expected[i]), <=, 1e-30 + 0x1.2p-8 * expected[i]);
        }
      kernels->average_bf16 (&(struct dino_tile){ .rows = N_ROWS, .width = width, .sums = sums, .sums_stride = width, .out = out, .out_stride = width }, factors);
      for (gsize i = 0; i < N_ROWS * width; i++)
        g_assert_cmphex (out[i], ==, dino_bf16 (sums[i] * factors[i / width]));
    }
}

static void
test_quantize (void)
{
  for (gsize w = 0; w < G_N_ELEMENTS (widths); w++)
    for (int offset = 0; offset < 2; offset++)
      {
        float  in[MAX_WIDTH], highest = 0, scale;
        int8_t out[MAX_WIDTH + 1];

        fill (in, widths[w], w, 3.0f);
        for (gsize i = 0; i < widths[w]; i++)
          highest = MAX (highest, fabsf (in[i]));
        out[widths[w]] = 42;
        scale = kernels->quantize (in, out, widths[w], offset);
        g_assert_cmpfloat (fabsf (scale - highest / 127.0f), <=, 1e-9f);
        g_assert_cmpint (out[widths[w]], ==, 42);
        for (gsize i = 0; i < widths[w]; i++)
          {
            const int number = offset ? (uint8_t) out[i] - 128 : out[i];

            g_assert_cmpint (ABS (number), <=, 127);
            g_assert_cmpfloat (fabs ((double) number * scale - in[i]), <=, 0.501 * scale + 1e-9);
          }
        memset (in, 0, sizeof in);
        g_assert_true (kernels->quantize (in, out, widths[w], offset) == 0.0f);
        g_assert_cmpint (out[0], ==, offset ? -128 : 0);
      }
}

static void
test_scale_sums (void)
{
  for (gsize w = 0; w < G_N_ELEMENTS (widths); w++)
    {
      const gsize         width = widths[w], stride = width + 3;
      g_autofree int32_t *sums = g_new (int32_t, N_ROWS * stride), *corrections = g_new (int32_t, width);
      g_autofree float   *columns = g_new (float, width);
      const float         rows[N_ROWS] = { 0.5f, 0.01f, 3.0f };

      for (int corrected = 0; corrected < 2; corrected++)
        {
          g_autofree int32_t *before = NULL;

          for (gsize i = 0; i < N_ROWS * stride; i++)
            sums[i] = (int32_t) (i * 7919 % 200003) - 100000;
          for (gsize i = 0; i < width; i++)
            {
              corrections[i] = (int32_t) i * 31 - 500;
              columns[i] = value (i, 0.1f);
            }
          before = g_memdup2 (sums, N_ROWS * stride * sizeof *sums);
          kernels->scale_sums (sums, N_ROWS, width, stride, rows, columns, corrected ? corrections : NULL);
          for (gsize i = 0; i < N_ROWS * stride; i++)
            {
              const gsize row = i / stride, column = i % stride;
              float       got;

              memcpy (&got, &sums[i], sizeof got);
              if (column >= width)
                g_assert_cmpint (sums[i], ==, before[i]);
              else
                g_assert_true (got == (float) (before[i] + (corrected ? corrections[column] : 0)) * (columns[column] * rows[row]));
            }
        }
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  if (dino_isa_detect () < DINO_ISA_AVX512_BF16)
    {
      g_print ("TAP version 13\n1..0 # SKIP this processor has no AVX-512 BF16 and VNNI\n");
      return 0;
    }
  kernels = dino_kernels_for (DINO_ISA_AVX512_BF16);
  g_test_add_func ("/kernels-narrow/narrow", test_narrow);
  g_test_add_func ("/kernels-narrow/not-a-number", test_not_a_number);
  g_test_add_func ("/kernels-narrow/finishes", test_finishes);
  g_test_add_func ("/kernels-narrow/gelu", test_gelu);
  g_test_add_func ("/kernels-narrow/attention", test_attention);
  g_test_add_func ("/kernels-narrow/quantize", test_quantize);
  g_test_add_func ("/kernels-narrow/scale-sums", test_scale_sums);
  return g_test_run ();
}
