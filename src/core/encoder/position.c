#include "core/encoder/position.h"

#include <math.h>
#include <stddef.h>
#include <string.h>

#include "core/base/memory.h"

/* For each place of the result the taps to sum up. */
struct taps
{
  int    n;       /* of a place */
  int   *sources; /* [places, n] */
  float *weights; /* [places, n] */
};

/* The cubic convolution kernel (Keys 1981). */
static float
cubic (float x, float a)
{
  x = fabsf (x);
  if (x < 1.0f)
    return ((a + 2.0f) * x - (a + 3.0f)) * x * x + 1.0f;
  if (x < 2.0f)
    return ((a * x - 5.0f * a) * x + 8.0f * a) * x - 4.0f * a;
  return 0.0f;
}

static int
clamp (int value, int low, int high)
{
  return value < low ? low : value > high ? high
                                          : value;
}

static void
interpolating_taps (const struct taps *taps, int from, int to)
{
  const float scale = (float) from / (float) to;

  for (int place = 0; place < to; place++)
    {
      const float source = scale * ((float) place + 0.5f) - 0.5f;
      const float below = floorf (source);

      for (int k = 0; k < 4; k++)
        {
          taps->sources[4 * place + k] = clamp ((int) below + k - 1, 0, from - 1);
          taps->weights[4 * place + k] = cubic (source - below - (float) (k - 1), -0.75f);
        }
    }
}

/* Reaches 2 source places to either side, 2 * from / to when that is a reduction. */
static void
antialiased_taps (const struct taps *taps, int from, int to)
{
  const float scale = (float) from / (float) to;
  const float stretch = scale > 1.0f ? scale : 1.0f, support = 2.0f * stretch;

  for (int place = 0; place < to; place++)
    {
      const float center = scale * ((float) place + 0.5f);
      const int   first = clamp ((int) (center - support + 0.5f), 0, from);
      const int   last = clamp ((int) (center + support + 0.5f), 0, from);
      float      *weights = taps->weights + (size_t) place * taps->n;
      int        *sources = taps->sources + (size_t) place * taps->n;
      float       sum = 0.0f;

      for (int k = 0; k < taps->n; k++)
        {
          const bool inside = first + k < last;

          sources[k] = inside ? first + k : 0;
          weights[k] = inside ? cubic (((float) (first + k) - center + 0.5f) / stretch, -0.5f) : 0.0f;
          sum += weights[k];
        }
      for (int k = 0; k < taps->n; k++)
        weights[k] /= sum;
    }
}

static void
free_taps (struct taps *taps)
{
  dino_free (taps->sources);
  dino_free (taps->weights);
}

static bool
make_taps (struct taps *taps, int from, int to, bool antialias, struct dino_error *error)
{
  const int reach = from > to ? (from + to - 1) / to : 1;

  taps->n = antialias ? 4 * reach + 1 : 4;
  taps->sources = dino_alloc ((size_t) to * (size_t) taps->n, sizeof *taps->sources, error);
  taps->weights = dino_alloc ((size_t) to * (size_t) taps->n, sizeof *taps->weights, error);
  if (taps->sources == NULL || taps->weights == NULL)
    return false;
  if (antialias)
    antialiased_taps (taps, from, to);
  else
    interpolating_taps (taps, from, to);
  return true;
}

/* out[place] = sum of taps of in[source]; places are stride floats apart, length floats each. */
static void
apply_taps (const struct taps *taps, int places, const float *in, float *out, size_t stride, size_t length)
{
  for (int place = 0; place < places; place++)
    {
      float       *sum = out + (size_t) place * stride;
      const int   *sources = taps->sources + (size_t) place * taps->n;
      const float *weights = taps->weights + (size_t) place * taps->n;

      for (size_t i = 0; i < length; i++)
        {
          float value = 0.0f;

          for (int k = 0; k < taps->n; k++)
            value += weights[k] * in[(size_t) sources[k] * stride + i];
          sum[i] = value;
        }
    }
}

bool
dino_position_resize (const float       *table,
                      int                side,
                      float             *out,
                      int                rows,
                      int                columns,
                      int                width,
                      bool               antialias,
                      struct dino_error *error)
{
  const size_t table_row = (size_t) side * (size_t) width, out_row = (size_t) columns * (size_t) width;
  struct taps  across = { 0 }, down = { 0 };
  float       *between;
  bool         done = false;

  if (rows == side && columns == side)
    {
      memcpy (out, table, (size_t) rows * out_row * sizeof *out);
      return true;
    }
  between = dino_alloc ((size_t) side * out_row, sizeof *between, error);
  if (between != NULL && make_taps (&across, side, columns, antialias, error) && make_taps (&down, side, rows, antialias, error))
    {
      for (int row = 0; row < side; row++)
        apply_taps (&across, columns, table + (size_t) row * table_row, between + (size_t) row * out_row, (size_t) width, (size_t) width);
      apply_taps (&down, rows, between, out, out_row, out_row);
      done = true;
    }
  free_taps (&across);
  free_taps (&down);
  dino_free (between);
  return done;
}
