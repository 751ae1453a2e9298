#include "core/picture/resize.h"

#include <stddef.h>
#include <string.h>

#include "core/base/memory.h"
#include "core/base/text.h"

/* Weights are integers of this many fractional bits: 32 less 8 of the sample
 * and 2 of headroom for the filter's negative lobes. */
#define WEIGHT_BITS 22
#define WEIGHT_ONE (1 << WEIGHT_BITS)
#define WEIGHT_HALF (1 << (WEIGHT_BITS - 1))

/* What one pass reads for every target column (or row). */
struct taps
{
  int  first_target; /* of the range that is computed */
  int  n_targets;
  int  n_taps;  /* room for each target's weights */
  int *first;   /* [n_targets] first source column */
  int *count;   /* [n_targets] columns read */
  int *weights; /* [n_targets, n_taps] */
};

static double
bicubic (double x)
{
  const double a = -0.5;

  x = x < 0 ? -x : x;
  if (x < 1)
    return ((a + 2) * x - (a + 3)) * x * x + 1;
  if (x < 2)
    return (((x - 5) * x + 8) * x - 4) * a;
  return 0;
}

static void
taps_clear (struct taps *taps)
{
  dino_free (taps->first);
  dino_free (taps->count);
  dino_free (taps->weights);
}

/* The weights of one target position, as libImaging computes them. */
static void
taps_fill (struct taps *taps, int index, int size, double scale, double *scratch)
{
  double filter_scale = scale < 1 ? 1 : scale;
  double support = 2 * filter_scale;
  double shrink = 1 / filter_scale;
  double center = (taps->first_target + index + 0.5) * scale;
  double sum = 0;
  int    first = (int) (center - support + 0.5);
  int    end = (int) (center + support + 0.5);
  int   *weights = taps->weights + (size_t) index * (size_t) taps->n_taps;

  first = first < 0 ? 0 : first;
  end = end > size ? size : end;
  for (int i = 0; i < end - first; i++)
    {
      scratch[i] = bicubic ((i + first - center + 0.5) * shrink);
      sum += scratch[i];
    }
  for (int i = 0; i < end - first; i++)
    {
      double weight = sum != 0 ? scratch[i] / sum : scratch[i];

      weights[i] = weight < 0 ? (int) (-0.5 + weight * WEIGHT_ONE) : (int) (0.5 + weight * WEIGHT_ONE);
    }
  taps->first[index] = first;
  taps->count[index] = end - first;
}

/* Taps for targets first_target … first_target + n_targets - 1 of new_size. */
static bool
taps_init (struct taps *taps, int size, int new_size, int first_target, int n_targets, struct dino_error *error)
{
  double  scale = (double) size / new_size;
  double *scratch;

  taps->first_target = first_target;
  taps->n_targets = n_targets;
  taps->n_taps = (int) (2 * (scale < 1 ? 1 : scale)) * 2 + 4;
  taps->first = dino_alloc ((size_t) n_targets, sizeof (int), error);
  taps->count = dino_alloc ((size_t) n_targets, sizeof (int), error);
  taps->weights = dino_alloc_zeroed ((size_t) n_targets * (size_t) taps->n_taps, sizeof (int), error);
  scratch = dino_alloc ((size_t) taps->n_taps, sizeof (double), error);
  if (taps->first == NULL || taps->count == NULL || taps->weights == NULL || scratch == NULL)
    {
      taps_clear (taps);
      dino_free (scratch);
      return false;
    }
  for (int i = 0; i < n_targets; i++)
    taps_fill (taps, i, size, scale, scratch);
  dino_free (scratch);
  return true;
}

static inline uint8_t
clip8 (int sum)
{
  int value = (sum + WEIGHT_HALF) >> WEIGHT_BITS;

  if (value < 0)
    return 0;
  return (uint8_t) (value > 255 ? 255 : value);
}

static void
resize_row_grey (const uint8_t *source, const struct taps *taps, uint8_t *target)
{
  for (int x = 0; x < taps->n_targets; x++)
    {
      const int     *weights = taps->weights + (size_t) x * (size_t) taps->n_taps;
      const uint8_t *samples = source + taps->first[x];
      int            sum = 0;

      for (int i = 0; i < taps->count[x]; i++)
        sum += samples[i] * weights[i];
      target[x] = clip8 (sum);
    }
}

static void
resize_row_rgb (const uint8_t *source, const struct taps *taps, uint8_t *target)
{
  for (int x = 0; x < taps->n_targets; x++)
    {
      const int     *weights = taps->weights + (size_t) x * (size_t) taps->n_taps;
      const uint8_t *samples = source + 3 * (size_t) taps->first[x];
      int            red = 0, green = 0, blue = 0;

      for (int i = 0; i < taps->count[x]; i++)
        {
          red += samples[3 * i] * weights[i];
          green += samples[3 * i + 1] * weights[i];
          blue += samples[3 * i + 2] * weights[i];
        }
      target[3 * x] = clip8 (red);
      target[3 * x + 1] = clip8 (green);
      target[3 * x + 2] = clip8 (blue);
    }
}

/* Horizontal pass over n_rows rows of source, each stride samples apart. */
static void
resize_rows (const uint8_t *source, size_t stride, int n_rows, int channels, const struct taps *taps, uint8_t *target)
{
  size_t row_size = (size_t) taps->n_targets * (size_t) channels;

  for (int y = 0; y < n_rows; y++)
    if (channels == 1)
      resize_row_grey (source + (size_t) y * stride, taps, target + (size_t) y * row_size);
    else
      resize_row_rgb (source + (size_t) y * stride, taps, target + (size_t) y * row_size);
}

/* Samples summed side by side in the vertical pass: a length that compilers
 * turn into vectors. */
#define LANES 16

static void
resize_lanes (const uint8_t *source, size_t stride, const int *weights, int count, uint8_t *target)
{
  int sums[LANES] = { 0 };

  for (int i = 0; i < count; i++, source += stride)
    for (int lane = 0; lane < LANES; lane++)
      sums[lane] += source[lane] * weights[i];
  for (int lane = 0; lane < LANES; lane++)
    target[lane] = clip8 (sums[lane]);
}

/* Vertical pass; source row 0 is row first_row of what the taps count. */
static void
resize_columns (const uint8_t *source, size_t stride, int first_row, size_t row_size, const struct taps *taps, uint8_t *target)
{
  for (int y = 0; y < taps->n_targets; y++, target += row_size)
    {
      const int     *weights = taps->weights + (size_t) y * (size_t) taps->n_taps;
      const uint8_t *rows = source + (size_t) (taps->first[y] - first_row) * stride;
      size_t         x = 0;

      for (; x + LANES <= row_size; x += LANES)
        resize_lanes (rows + x, stride, weights, taps->count[y], target + x);
      for (; x < row_size; x++)
        {
          int sum = 0;

          for (int i = 0; i < taps->count[y]; i++)
            sum += rows[(size_t) i * stride + x] * weights[i];
          target[x] = clip8 (sum);
        }
    }
}

/* What is asked for: the box at (left, top) of source resized. */
struct job
{
  const uint8_t *source;
  int            width, height, channels;
  int            new_width, new_height;
  int            left, top, box_width, box_height;
  size_t         stride;   /* samples of a source row */
  size_t         row_size; /* samples of a row of the box */
  uint8_t       *target;
};

static bool
horizontal_pass (const struct job *job, const uint8_t *source, int n_rows, uint8_t *target, struct dino_error *error)
{
  struct taps taps;

  if (!taps_init (&taps, job->width, job->new_width, job->left, job->box_width, error))
    return false;
  resize_rows (source, job->stride, n_rows, job->channels, &taps, target);
  taps_clear (&taps);
  return true;
}

/* On the first row_size samples of every source row. */
static bool
vertical_pass (const struct job *job, const uint8_t *source, size_t row_size, uint8_t *target, struct dino_error *error)
{
  struct taps taps;

  if (!taps_init (&taps, job->height, job->new_height, job->top, job->box_height, error))
    return false;
  resize_columns (source, job->stride, 0, row_size, &taps, target);
  taps_clear (&taps);
  return true;
}

/* Horizontal first, and only the rows that the vertical pass reads. */
static bool
both_passes (const struct job *job, struct dino_error *error)
{
  struct taps rows;
  uint8_t    *between;
  int         first_row, n_rows;
  bool        done;

  if (!taps_init (&rows, job->height, job->new_height, job->top, job->box_height, error))
    return false;
  first_row = rows.first[0];
  n_rows = rows.first[job->box_height - 1] + rows.count[job->box_height - 1] - first_row;
  between = dino_alloc ((size_t) n_rows, job->row_size, error);
  done = between != NULL &&
         horizontal_pass (job, job->source + (size_t) first_row * job->stride, n_rows, between, error);
  if (done)
    resize_columns (between, job->row_size, first_row, job->row_size, &rows, job->target);
  dino_free (between);
  taps_clear (&rows);
  return done;
}

/* A picture more than a hundred times higher than wide, made lower, is done
 * the other way round in Pillow. */
static bool
both_passes_vertical_first (const struct job *job, struct dino_error *error)
{
  uint8_t *between = dino_alloc ((size_t) job->box_height, job->stride, error);
  bool     done;

  done = between != NULL &&
         vertical_pass (job, job->source, job->stride, between, error) &&
         horizontal_pass (job, between, job->box_height, job->target, error);
  dino_free (between);
  return done;
}

static void
copy_box (const struct job *job)
{
  const uint8_t *source = job->source + (size_t) job->top * job->stride + (size_t) job->left * (size_t) job->channels;

  for (int y = 0; y < job->box_height; y++)
    memcpy (job->target + (size_t) y * job->row_size, source + (size_t) y * job->stride, job->row_size);
}

static bool
check_sizes (int width, int height, int channels, int new_width, int new_height, struct dino_error *error)
{
  if (width > 0 && height > 0 && new_width > 0 && new_height > 0 && (channels == 1 || channels == 3))
    return true;
  return dino_error_set (error, DINO_CODE_ARGUMENT, _ ("A picture of %d × %d pixels and %d channels cannot be resized to %d × %d."),
                         width, height, channels, new_width, new_height);
}

bool
dino_resize_bicubic_box (const uint8_t     *source,
                         int                width,
                         int                height,
                         int                channels,
                         int                new_width,
                         int                new_height,
                         int                left,
                         int                top,
                         int                box_width,
                         int                box_height,
                         uint8_t           *target,
                         struct dino_error *error)
{
  const struct job job = {
    .source = source,
    .width = width,
    .height = height,
    .channels = channels,
    .new_width = new_width,
    .new_height = new_height,
    .left = left,
    .top = top,
    .box_width = box_width,
    .box_height = box_height,
    .stride = (size_t) width * (size_t) channels,
    .row_size = (size_t) box_width * (size_t) channels,
    .target = target,
  };

  if (!check_sizes (width, height, channels, new_width, new_height, error))
    return false;
  if (left < 0 || top < 0 || box_width < 1 || box_height < 1 || box_width > new_width - left || box_height > new_height - top)
    return dino_error_set (error, DINO_CODE_ARGUMENT, _ ("The box %d × %d at %d, %d is not inside a picture of %d × %d pixels."),
                           box_width, box_height, left, top, new_width, new_height);
  if (width == new_width && height == new_height)
    {
      copy_box (&job);
      return true;
    }
  if (height == new_height)
    return horizontal_pass (&job, source + (size_t) top * job.stride, box_height, target, error);
  if (width == new_width)
    return vertical_pass (&job, source + (size_t) left * (size_t) channels, job.row_size, target, error);
  if (height > 100 * (int64_t) width && new_height < height)
    return both_passes_vertical_first (&job, error);
  return both_passes (&job, error);
}

bool
dino_resize_bicubic (const uint8_t     *source,
                     int                width,
                     int                height,
                     int                channels,
                     uint8_t           *target,
                     int                new_width,
                     int                new_height,
                     struct dino_error *error)
{
  return dino_resize_bicubic_box (source, width, height, channels, new_width, new_height, 0, 0, new_width, new_height, target, error);
}
