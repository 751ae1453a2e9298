#include "core/picture/resize-bspline.h"

#include <math.h>
#include <stdint.h>

#include "core/base/memory.h"

/* The pole of the cubic B-spline's inverse, sqrt (3) - 2. */
#define POLE (-0.26794919243112270647)

/* Powers of the pole beyond this one are below 1e-10, where ITK cuts the sum. */
#define HORIZON 18

/* Where one target pixel comes from: four coefficients and their weights. */
struct tap
{
  double weights[4];
  int    indices[4];
  bool   outside;
};

/* What one axis needs; lines are resized one by one. */
struct axis
{
  int         length, new_length;
  struct tap *taps;         /* [new_length] */
  double     *coefficients; /* [length], of the line at hand */
};

/* Index of a coefficient that is mirrored at the first and the last one. */
static int
mirror (int index, int length)
{
  int period = 2 * length - 2;

  if (length == 1)
    return 0;
  index = index < 0 ? -index : index;
  index %= period;
  return index < length ? index : period - index;
}

static struct tap
make_tap (double place, int length)
{
  struct tap tap = { .outside = place >= length - 0.5 };
  double     whole = floor (place);
  double     t = place - whole;

  tap.weights[3] = t * t * t / 6;
  tap.weights[0] = 1.0 / 6 + t * (t - 1) / 2 - tap.weights[3];
  tap.weights[2] = t + tap.weights[0] - 2 * tap.weights[3];
  tap.weights[1] = 1 - tap.weights[0] - tap.weights[2] - tap.weights[3];
  for (int i = 0; i < 4; i++)
    tap.indices[i] = mirror ((int) whole - 1 + i, length);
  return tap;
}

static bool
axis_init (struct axis *axis, int length, int new_length, struct dino_error *error)
{
  *axis = (struct axis){ .length = length, .new_length = new_length };
  axis->taps = dino_alloc ((size_t) new_length, sizeof *axis->taps, error);
  axis->coefficients = dino_alloc ((size_t) length, sizeof *axis->coefficients, error);
  if (axis->taps == NULL || axis->coefficients == NULL)
    return false;
  for (int i = 0; i < new_length; i++)
    axis->taps[i] = make_tap (i * ((double) length / new_length), length);
  return true;
}

static void
axis_clear (struct axis *axis)
{
  dino_free (axis->taps);
  dino_free (axis->coefficients);
}

/* The causal filter's first output for a line that is mirrored without end:
 * summed until the pole's powers vanish, or over one period of a short line. */
static double
first_causal (const double *c, int length)
{
  double power = POLE;
  double sum = c[0];
  double back, period;

  if (HORIZON < length)
    {
      for (int i = 1; i < HORIZON; i++, power *= POLE)
        sum += power * c[i];
      return sum;
    }
  back = pow (POLE, length - 1);
  period = back * back;
  sum += back * c[length - 1];
  for (int i = 1; i < length - 1; i++, power *= POLE)
    sum += (power + period / power) * c[i];
  return sum / (1 - period);
}

/* Values become coefficients of the spline that goes through them. */
static void
prefilter (double *c, int length)
{
  const double gain = (1 - POLE) * (1 - 1 / POLE);

  if (length == 1)
    return;
  for (int i = 0; i < length; i++)
    c[i] *= gain;
  c[0] = first_causal (c, length);
  for (int i = 1; i < length; i++)
    c[i] += POLE * c[i - 1];
  c[length - 1] = POLE / (POLE * POLE - 1) * (POLE * c[length - 2] + c[length - 1]);
  for (int i = length - 2; i >= 0; i--)
    c[i] = POLE * (c[i + 1] - c[i]);
}

static double
sample (const struct axis *axis, int i)
{
  const struct tap *tap = &axis->taps[i];
  double            sum = 0;

  for (int k = 0; k < 4; k++)
    sum += tap->weights[k] * axis->coefficients[tap->indices[k]];
  return tap->outside ? 0 : sum;
}

static void
load_row (const struct dino_picture *picture, int y, double *values)
{
  size_t start = (size_t) y * (size_t) picture->width;

  for (int x = 0; x < picture->width; x++)
    values[x] = (picture->bits == 16 ? picture->samples16[start + (size_t) x] : picture->samples8[start + (size_t) x]) + picture->stored_offset;
}

/* Filtering and sampling act on rows and columns apart, and each is linear, so
 * that rows can be finished before columns are begun: wide [height, new_width]. */
static void
resize_rows (const struct dino_picture *picture, struct axis *axis, double *wide)
{
  for (int y = 0; y < picture->height; y++)
    {
      load_row (picture, y, axis->coefficients);
      prefilter (axis->coefficients, axis->length);
      for (int x = 0; x < axis->new_length; x++)
        *wide++ = sample (axis, x);
    }
}

static void
resize_columns (const double *wide, size_t width, struct axis *axis, float *target)
{
  for (size_t x = 0; x < width; x++)
    {
      for (int y = 0; y < axis->length; y++)
        axis->coefficients[y] = wide[(size_t) y * width + x];
      prefilter (axis->coefficients, axis->length);
      for (int y = 0; y < axis->new_length; y++)
        target[(size_t) y * width + x] = (float) sample (axis, y);
    }
}

bool
dino_resize_bspline (const struct dino_picture *picture, float *target, int new_width, int new_height, struct dino_error *error)
{
  struct axis horizontal = { 0 };
  struct axis vertical = { 0 };
  double     *wide = dino_alloc ((size_t) picture->height * (size_t) new_width, sizeof *wide, error);
  bool        good = wide != NULL && axis_init (&horizontal, picture->width, new_width, error) &&
              axis_init (&vertical, picture->height, new_height, error);

  if (good)
    {
      resize_rows (picture, &horizontal, wide);
      resize_columns (wide, (size_t) new_width, &vertical, target);
    }
  axis_clear (&vertical);
  axis_clear (&horizontal);
  dino_free (wide);
  return good;
}
