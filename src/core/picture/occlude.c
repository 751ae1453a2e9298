#include "core/picture/occlude.h"

#include <math.h>
#include <string.h>

#include "core/base/memory.h"
#include "core/base/text.h"

/* Taps on either side, in sigmas. */
#define BLUR_REACH 3.0

static const char *const fill_names[] = {
  [DINO_FILL_GREY] = "grey",
  [DINO_FILL_MEAN] = "mean",
  [DINO_FILL_BLUR] = "blur",
  [DINO_FILL_COPY] = "copy",
};

const char *
dino_fill_name (enum dino_fill fill)
{
  return fill_names[fill];
}

bool
dino_fill_parse (const char *name, enum dino_fill *fill)
{
  for (size_t i = 0; i < sizeof fill_names / sizeof *fill_names; i++)
    if (strcmp (name, fill_names[i]) == 0)
      {
        *fill = (enum dino_fill) i;
        return true;
      }
  return false;
}

/* Middles lie at halves. */
static int
first_middle (double edge, int size)
{
  return (int) fmin (fmax (ceil (edge - 0.5), 0), size);
}

struct dino_pixel_box
dino_pixel_box_of (const struct dino_picture *picture, struct dino_box box)
{
  struct dino_pixel_box pixels = {
    first_middle (box.x0, picture->width),
    first_middle (box.y0, picture->height),
    first_middle (box.x1, picture->width),
    first_middle (box.y1, picture->height),
  };

  return pixels.x0 < pixels.x1 && pixels.y0 < pixels.y1 ? pixels : (struct dino_pixel_box){ 0 };
}

struct dino_occlusion
dino_occlusion_from_other_side (const struct dino_picture *picture, struct dino_pixel_box box)
{
  return (struct dino_occlusion){ .fill = DINO_FILL_COPY, .source_x = picture->width - box.x1, .source_y = box.y0, .mirrored = true };
}

static size_t
n_samples (const struct dino_picture *picture)
{
  return (size_t) picture->width * (size_t) picture->height * (size_t) picture->channels;
}

struct dino_picture *
dino_picture_copy (struct dino_picture *picture, struct dino_error *error)
{
  struct dino_picture *copy = dino_picture_new (picture->width, picture->height, picture->channels, picture->bits, error);
  struct dino_picture  samples;

  if (copy == NULL)
    return NULL;
  samples = *copy;
  *copy = *picture;
  copy->references = 1;
  copy->samples8 = samples.samples8;
  copy->samples16 = samples.samples16;
  copy->original = dino_picture_ref (picture->original != NULL ? picture->original : picture);
  if (copy->bits == 16)
    memcpy (copy->samples16, picture->samples16, n_samples (picture) * sizeof *copy->samples16);
  else
    memcpy (copy->samples8, picture->samples8, n_samples (picture));
  return copy;
}

static double
get_sample (const struct dino_picture *picture, size_t index)
{
  return picture->bits == 16 ? picture->samples16[index] : picture->samples8[index];
}

static void
set_sample (struct dino_picture *picture, size_t index, double value)
{
  double rounded = floor (value + 0.5);

  if (picture->bits == 16)
    picture->samples16[index] = (uint16_t) fmin (fmax (rounded, 0), UINT16_MAX);
  else
    picture->samples8[index] = (uint8_t) fmin (fmax (rounded, 0), UINT8_MAX);
}

static size_t
index_of (const struct dino_picture *picture, int x, int y)
{
  return ((size_t) y * (size_t) picture->width + (size_t) x) * (size_t) picture->channels;
}

static void
fill_constant (struct dino_picture *copy, struct dino_pixel_box box, const double values[3])
{
  for (int y = box.y0; y < box.y1; y++)
    for (int x = box.x0; x < box.x1; x++)
      for (int c = 0; c < copy->channels; c++)
        set_sample (copy, index_of (copy, x, y) + (size_t) c, values[c]);
}

static void
fill_grey (struct dino_picture *copy, struct dino_pixel_box box, double level)
{
  double low = copy->bits == 16 ? copy->low : 0;
  double high = copy->bits == 16 ? copy->high : UINT8_MAX;
  double value = low + level * (high - low);

  fill_constant (copy, box, (const double[]){ value, value, value });
}

static void
fill_mean (struct dino_picture *copy, const struct dino_picture *source, struct dino_pixel_box box)
{
  size_t n_pixels = (size_t) source->width * (size_t) source->height;
  size_t channels = (size_t) source->channels;
  double sums[3] = { 0 };
  size_t n = 0;

  for (size_t i = 0; i < n_pixels; i++)
    {
      if (channels == 1 && dino_picture_is_padding (source, (int) get_sample (source, i) + source->stored_offset))
        continue;
      for (size_t c = 0; c < channels; c++)
        sums[c] += get_sample (source, i * channels + c);
      n++;
    }
  for (size_t c = 0; c < channels && n > 0; c++)
    sums[c] /= (double) n;
  fill_constant (copy, box, sums);
}

/* weights[radius + d] of a tap d pixels away; they need not sum to 1. */
static float *
gaussian (double sigma, int *radius, struct dino_error *error)
{
  float *weights;

  *radius = (int) ceil (BLUR_REACH * sigma);
  weights = dino_alloc ((size_t) (2 * *radius + 1), sizeof *weights, error);
  for (int d = -*radius; weights != NULL && d <= *radius; d++)
    weights[*radius + d] = (float) exp (-d * d / (2 * sigma * sigma));
  return weights;
}

static int
clamp (int value, int low, int high)
{
  return value < low ? low : value > high ? high
                                          : value;
}

/* rows [y1 - y0, width of the box], each sample the mean of its row's taps that
 * lie in the picture. line has room for a row of the picture. */
static void
blur_rows (const struct dino_picture *source, struct dino_pixel_box box, int channel, const float *weights, int radius, float *line, float *rows)
{
  int left = clamp (box.x0 - radius, 0, source->width), right = clamp (box.x1 + radius, 0, source->width);

  for (int y = box.y0; y < box.y1; y++)
    {
      for (int x = left; x < right; x++)
        line[x] = (float) get_sample (source, index_of (source, x, y) + (size_t) channel);
      for (int x = box.x0; x < box.x1; x++)
        {
          int   from = clamp (x - radius, 0, source->width - 1), to = clamp (x + radius, 0, source->width - 1);
          float sum = 0, total = 0;

          for (int i = from; i <= to; i++)
            {
              sum += weights[radius + i - x] * line[i];
              total += weights[radius + i - x];
            }
          *rows++ = sum / total;
        }
    }
}

/* Down the columns of rows, whose first one is row top of the picture. */
static void
blur_columns (struct dino_picture *copy, struct dino_pixel_box box, int channel, const float *weights, int radius, const float *rows, int top, float *sums)
{
  size_t width = (size_t) (box.x1 - box.x0);

  for (int y = box.y0; y < box.y1; y++)
    {
      int   from = clamp (y - radius, 0, copy->height - 1), to = clamp (y + radius, 0, copy->height - 1);
      float total = 0;

      memset (sums, 0, width * sizeof *sums);
      for (int i = from; i <= to; i++)
        {
          const float *row = rows + (size_t) (i - top) * width;
          float        weight = weights[radius + i - y];

          for (size_t x = 0; x < width; x++)
            sums[x] += weight * row[x];
          total += weight;
        }
      for (size_t x = 0; x < width; x++)
        set_sample (copy, index_of (copy, box.x0 + (int) x, y) + (size_t) channel, (double) (sums[x] / total));
    }
}

static bool
fill_blur (struct dino_picture *copy, const struct dino_picture *source, struct dino_pixel_box box, double sigma, struct dino_error *error)
{
  struct dino_pixel_box reached = box;
  size_t                width = (size_t) (box.x1 - box.x0);
  float                *weights, *rows, *spare;
  int                   radius;

  if (!(sigma > 0 && sigma <= DINO_BLUR_MAX_SIGMA))
    return dino_error_set (error, DINO_CODE_ARGUMENT, _ ("The blur's sigma must be more than 0 and at most %.0f pixels."), DINO_BLUR_MAX_SIGMA);
  weights = gaussian (sigma, &radius, error);
  if (weights == NULL)
    return false;
  reached.y0 = clamp (box.y0 - radius, 0, source->height);
  reached.y1 = clamp (box.y1 + radius, 0, source->height);
  rows = dino_alloc ((size_t) (reached.y1 - reached.y0) * width + (size_t) source->width, sizeof *rows, error);
  spare = rows != NULL ? rows + (size_t) (reached.y1 - reached.y0) * width : NULL;
  for (int channel = 0; rows != NULL && channel < copy->channels; channel++)
    {
      blur_rows (source, reached, channel, weights, radius, spare, rows);
      blur_columns (copy, box, channel, weights, radius, rows, reached.y0, spare);
    }
  dino_free (weights);
  dino_free (rows);
  return rows != NULL;
}

static bool
fill_copy (struct dino_picture *copy, const struct dino_picture *source, struct dino_pixel_box box, const struct dino_occlusion *occlusion, struct dino_error *error)
{
  int width = box.x1 - box.x0, height = box.y1 - box.y0;

  if (occlusion->source_x < 0 || occlusion->source_y < 0 || occlusion->source_x > source->width - width || occlusion->source_y > source->height - height)
    return dino_error_set (error, DINO_CODE_ARGUMENT, _ ("The box that is copied does not lie in the picture."));
  for (int y = 0; y < height; y++)
    for (int x = 0; x < width; x++)
      for (int c = 0; c < copy->channels; c++)
        {
          size_t from = index_of (source, occlusion->source_x + (occlusion->mirrored ? width - 1 - x : x), occlusion->source_y + y);

          set_sample (copy, index_of (copy, box.x0 + x, box.y0 + y) + (size_t) c, get_sample (source, from + (size_t) c));
        }
  return true;
}

bool
dino_picture_occlude (struct dino_picture *copy, const struct dino_picture *source, struct dino_pixel_box box, const struct dino_occlusion *occlusion, struct dino_error *error)
{
  if (box.x0 >= box.x1 || box.y0 >= box.y1)
    return true;
  switch (occlusion->fill)
    {
    case DINO_FILL_MEAN:
      fill_mean (copy, source, box);
      return true;
    case DINO_FILL_BLUR:
      return fill_blur (copy, source, box, occlusion->sigma, error);
    case DINO_FILL_COPY:
      return fill_copy (copy, source, box, occlusion, error);
    case DINO_FILL_GREY:
    default:
      fill_grey (copy, box, occlusion->level);
      return true;
    }
}

void
dino_picture_uncover (struct dino_picture *copy, const struct dino_picture *source, struct dino_pixel_box box)
{
  for (int y = box.y0; y < box.y1; y++)
    {
      size_t first = index_of (copy, box.x0, y);
      size_t n = (size_t) (box.x1 - box.x0) * (size_t) copy->channels;

      if (copy->bits == 16)
        memcpy (copy->samples16 + first, source->samples16 + first, n * sizeof *copy->samples16);
      else
        memcpy (copy->samples8 + first, source->samples8 + first, n);
    }
}
