/* The kernels for AVX-512 with BF16 and VNNI: those of AVX-512, and what the
 * lower precisions need. */
#include "core/encoder/vector-avx512.h"

#include "core/encoder/kernels-vector.h"

/* e^x for x <= 0, to 2^-12: below -86 as at -86. */
static inline vector
v_exp_coarse (vector x)
{
  const vector scaled = v_max (v_splat (-125.0f), x * 1.44269504f);
  const vector whole = _mm512_roundscale_ps (scaled, _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC);
  const vector r = scaled - whole;
  vector       p = v_splat (0.0551715232f);

  /* 2^r on [-1/2, 1/2], relative error 7.5e-5; tools/fit_kernels.py. */
  p = v_fma (p, r, v_splat (0.242611215f));
  p = v_fma (p, r, v_splat (0.693260968f));
  p = v_fma (p, r, v_splat (0.999928057f));
  return _mm512_scalef_ps (p, whole);
}

/* As v_gelu (), to 2^-12 of the largest of 1 and |x|: q of degree 5 on [0, 5],
 * and the coarse exponential. */
static inline vector
v_gelu_coarse (vector x)
{
  const vector a = v_min (v_splat (5.0f), v_abs (x));
  vector       q = v_splat (0.000205809512f);

  q = v_fma (q, a, v_splat (-0.0038858573f));
  q = v_fma (q, a, v_splat (0.0329116136f));
  q = v_fma (q, a, v_splat (0.322575986f));
  q = v_fma (q, a, v_splat (0.795802474f));
  q = v_fma (q, a, v_splat (0.693450451f));
  return v_fma (-a, v_exp_coarse (-q), v_max (v_splat (0.0f), x));
}

static inline __m256i
to_bf16 (vector a)
{
  return (__m256i) _mm512_cvtneps_pbh (a);
}

static inline void
store_bf16 (uint16_t *at, size_t n, vector a)
{
  if (n == LANES)
    _mm256_storeu_si256 ((__m256i *) (void *) at, to_bf16 (a));
  else
    _mm256_mask_storeu_epi16 (at, first_lanes (n), to_bf16 (a));
}

static void
narrow (const float *in, uint16_t *out, size_t n)
{
  size_t i = 0;

  for (; i + LANES <= n; i += LANES)
    store_bf16 (out + i, LANES, v_load (in + i));
  if (i < n)
    store_bf16 (out + i, n - i, v_load_first (in + i, n - i, 0.0f));
}

static inline __attribute__ ((always_inline)) vector
finished_coarse (const struct dino_tile *tile, size_t row, size_t i, size_t n, enum dino_finish finish)
{
  const vector x = finished (tile, row, i, n, finish == DINO_FINISH_GELU ? DINO_FINISH_NONE : finish);

  return finish == DINO_FINISH_GELU ? v_gelu_coarse (x) : x;
}

static inline __attribute__ ((always_inline)) void
finish_rows_bf16 (const struct dino_tile *tile, enum dino_finish finish)
{
  for (size_t row = 0; row < tile->rows; row++)
    {
      uint16_t *out = (uint16_t *) tile->out + row * tile->out_stride;
      size_t    i = 0;

      for (; i + LANES <= tile->width; i += LANES)
        store_bf16 (out + i, LANES, finished_coarse (tile, row, i, LANES, finish));
      if (i < tile->width)
        store_bf16 (out + i, tile->width - i, finished_coarse (tile, row, i, tile->width - i, finish));
    }
}

static void
finish_none_bf16 (const struct dino_tile *tile)
{
  finish_rows_bf16 (tile, DINO_FINISH_NONE);
}

static void
finish_gelu_bf16 (const struct dino_tile *tile)
{
  finish_rows_bf16 (tile, DINO_FINISH_GELU);
}

static void
finish_swiglu_bf16 (const struct dino_tile *tile)
{
  finish_rows_bf16 (tile, DINO_FINISH_SWIGLU);
}

static void
average_bf16 (const struct dino_tile *tile, const float *factors)
{
  const float *sums = tile->sums;
  uint16_t    *out = tile->out;

  for (size_t row = 0; row < tile->rows; row++, sums += tile->sums_stride, out += tile->out_stride)
    {
      size_t i = 0;

      for (; i + LANES <= tile->width; i += LANES)
        store_bf16 (out + i, LANES, v_load (sums + i) * factors[row]);
      if (i < tile->width)
        store_bf16 (out + i, tile->width - i, v_load_first (sums + i, tile->width - i, 0.0f) * factors[row]);
    }
}

/* The row's exponentials as bfloat16 where the row began: a value is read
 * before its place is written. Their sum is of what was written. */
static inline float
row_exp_bf16 (float *row, size_t width, float highest, float scale)
{
  uint16_t *out = (uint16_t *) (void *) row;
  vector    sums[N_SUMS] = { 0 };
  size_t    i = 0;

  for (; i + N_SUMS * LANES <= width; i += N_SUMS * LANES)
#pragma GCC unroll 4
    for (int k = 0; k < N_SUMS; k++)
      {
        const vector e = v_exp_coarse ((v_load (row + i + k * LANES) - highest) * scale);

        sums[k] += e;
        store_bf16 (out + i + k * LANES, LANES, e);
      }
  for (; i < width; i += LANES)
    {
      const size_t n = width - i < LANES ? width - i : LANES;
      const vector e = v_exp_coarse ((v_load_first (row + i, n, highest) - highest) * scale);

      sums[0] += _mm512_maskz_mov_ps (first_lanes (n), e);
      store_bf16 (out + i, n, e);
    }
  return sum_of (sums);
}

static void
weigh_bf16 (float *scores, size_t rows, size_t width, size_t padded, size_t stride, float scale, float *factors)
{
  for (size_t row = 0; row < rows; row++, scores += stride)
    {
      factors[row] = 1.0f / row_exp_bf16 (scores, width, row_highest (scores, width), scale);
      memset ((uint16_t *) (void *) scores + width, 0, (padded - width) * sizeof (uint16_t));
    }
}

static inline float
row_magnitude (const float *in, size_t n)
{
  vector highest = { 0 };
  size_t i = 0;

  for (; i + LANES <= n; i += LANES)
    highest = v_max (v_abs (v_load (in + i)), highest);
  if (i < n)
    highest = v_max (v_abs (v_load_first (in + i, n - i, 0.0f)), highest);
  return v_highest (highest);
}

static float
quantize (const float *in, int8_t *out, size_t n, bool offset)
{
  const float   magnitude = row_magnitude (in, n), factor = magnitude > 0 ? 127.0f / magnitude : 0.0f;
  const __m128i shift = _mm_set1_epi8 (offset ? INT8_MIN : 0);

  for (size_t i = 0; i < n; i += LANES)
    {
      const size_t  left = n - i < LANES ? n - i : LANES;
      const __m512i whole = _mm512_cvtps_epi32 (v_load_first (in + i, left, 0.0f) * factor);

      _mm_mask_storeu_epi8 (out + i, first_lanes (left), _mm_xor_si128 (_mm512_cvtsepi32_epi8 (whole), shift));
    }
  return magnitude / 127.0f;
}

static void
scale_sums (void *sums, size_t rows, size_t width, size_t stride, const float *row_scales, const float *column_scales, const int32_t *corrections)
{
  for (size_t row = 0; row < rows; row++)
    {
      float *at = (float *) sums + row * stride;

      for (size_t i = 0; i < width; i += LANES)
        {
          const __mmask16 lanes = first_lanes (width - i < LANES ? width - i : LANES);
          const __m512i   correction = corrections != NULL ? _mm512_maskz_loadu_epi32 (lanes, corrections + i) : _mm512_setzero_si512 ();
          const __m512i   sum = _mm512_add_epi32 (_mm512_maskz_loadu_epi32 (lanes, at + i), correction);
          const vector    scale = _mm512_maskz_loadu_ps (lanes, column_scales + i) * row_scales[row];

          _mm512_mask_storeu_ps (at + i, lanes, _mm512_cvtepi32_ps (sum) * scale);
        }
    }
}

const struct dino_kernels dino_kernels_avx512_bf16 = {
  .isa = DINO_ISA_AVX512_BF16,
  KERNELS_TO_FLOAT,
  .weigh_bf16 = weigh_bf16,
  .average_bf16 = average_bf16,
  .finish_bf16 = {
      [DINO_FINISH_NONE] = finish_none_bf16,
      [DINO_FINISH_GELU] = finish_gelu_bf16,
      [DINO_FINISH_SWIGLU] = finish_swiglu_bf16,
  },
  .narrow = narrow,
  .quantize = quantize,
  .scale_sums = scale_sums,
};
