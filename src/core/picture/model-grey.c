/* The greys that the model gets of a picture's samples. */
#include <math.h>
#include <string.h>

#include "core/base/memory.h"
#include "core/base/text.h"
#include "core/picture/prepare.h"
#include "core/picture/resize-bspline.h"

bool
dino_model_is_inverted (const struct dino_picture *picture, const struct dino_preparation *preparation)
{
  if (preparation->invert != DINO_INVERT_AUTO)
    return preparation->invert == DINO_INVERT_YES;
  if (preparation->model_input == DINO_MODEL_INPUT_WINDOW)
    return dino_display_is_inverted (picture, DINO_INVERT_AUTO);
  return preparation->model_input != DINO_MODEL_INPUT_BSPLINE && picture->grey != NULL && picture->grey->monochrome1;
}

static bool
refuse_colour (const struct dino_preparation *preparation, struct dino_error *error)
{
  return dino_error_set (error, DINO_CODE_ARGUMENT, _ ("The model input “%s” is for grey pictures; this one is in colour."), dino_model_input_name (preparation->model_input));
}

/* Whether padding and picture are neighbours in stored values. */
static bool
padding_joins (const struct dino_picture *picture)
{
  const struct dino_grey_scale *grey = picture->grey;

  return grey != NULL && grey->has_padding &&
         (grey->padding_high + 1 == picture->low + picture->stored_offset || grey->padding_low - 1 == picture->high + picture->stored_offset);
}

void
dino_model_minmax_range (const struct dino_picture *picture, double *low, double *high)
{
  size_t count = (size_t) picture->width * (size_t) picture->height;
  bool   joins = padding_joins (picture);

  picture = dino_picture_unchanged (picture);
  *low = 0;
  *high = 255;
  if (picture->bits == 8)
    return;
  dino_picture_modality_range (picture, low, high);
  for (size_t i = 0; joins && i < count; i++)
    {
      int stored = picture->samples16[i] + picture->stored_offset;

      if (!dino_picture_is_padding (picture, stored))
        continue;
      *low = fmin (*low, dino_picture_modality (picture, picture->samples16[i]));
      *high = fmax (*high, dino_picture_modality (picture, picture->samples16[i]));
    }
}

/* Modality values from low to high become 0 … 255; what lies outside is cut. */
static void
stretch (const struct dino_picture *picture, double low, double high, double *table)
{
  size_t n_levels = dino_picture_n_levels (picture);

  for (size_t sample = 0; sample < n_levels; sample++)
    {
      double value = dino_picture_modality (picture, (unsigned) sample) - low;

      table[sample] = high > low ? fmin (fmax (255 * value / (high - low), 0), 255) : 0;
    }
}

static bool
apply_window (const struct dino_picture *picture, const struct dino_display *voi, double *table, struct dino_error *error)
{
  struct dino_display display = dino_display_resolve (picture, voi);
  size_t              n_levels = dino_picture_n_levels (picture);
  double              low = 0, high = 255;
  struct dino_window  window;

  if (!dino_display_window (picture, &display, &window, error))
    return false;
  if (display.kind == DINO_DISPLAY_FILE)
    dino_display_voi_range (picture, &display, &low, &high);
  for (size_t sample = 0; sample < n_levels; sample++)
    {
      double value = display.kind == DINO_DISPLAY_FILE
                         ? 255 * (dino_display_voi_value (picture, &display, (unsigned) sample) - low) / (high - low)
                         : dino_window_value (&window, dino_picture_modality (picture, (unsigned) sample), 0, 255);

      table[sample] = fmin (fmax (value, 0), 255);
    }
  return true;
}

/* The greys before inversion. *inverted is whether that comes then: a flat
 * picture is black either way. */
static bool
fill_table (const struct dino_picture *picture, const struct dino_preparation *preparation, double *table, bool *inverted, struct dino_error *error)
{
  double low, high;

  *inverted = dino_model_is_inverted (picture, preparation);
  switch (preparation->model_input)
    {
    case DINO_MODEL_INPUT_WINDOW:
      return apply_window (picture, &preparation->voi, table, error);
    case DINO_MODEL_INPUT_PERCENTILE:
      if (!dino_picture_percentiles (picture, DINO_PERCENTILE_LOW, DINO_PERCENTILE_HIGH, &low, &high, error))
        return false;
      break;
    case DINO_MODEL_INPUT_BSPLINE:
      return dino_error_set (error, DINO_CODE_ARGUMENT, "%s", _ ("The B-spline preparation resizes before greys are made."));
    case DINO_MODEL_INPUT_MINMAX:
    default:
      dino_model_minmax_range (picture, &low, &high);
      break;
    }
  *inverted = *inverted && high > low;
  stretch (picture, low, high, table);
  return true;
}

bool
dino_model_table (const struct dino_picture *picture, const struct dino_preparation *preparation, double *table, struct dino_error *error)
{
  size_t n_levels = dino_picture_n_levels (picture);
  bool   inverted;

  if (!fill_table (picture, preparation, table, &inverted, error))
    return false;
  for (size_t sample = 0; inverted && sample < n_levels; sample++)
    table[sample] = 255 - table[sample];
  return true;
}

static uint8_t *
invert_colours (const struct dino_picture *picture, const struct dino_preparation *preparation, struct dino_error *error)
{
  size_t   count = (size_t) picture->width * (size_t) picture->height * (size_t) picture->channels;
  bool     inverted = dino_model_is_inverted (picture, preparation);
  uint8_t *samples;

  if (preparation->model_input != DINO_MODEL_INPUT_MINMAX)
    {
      refuse_colour (preparation, error);
      return NULL;
    }
  samples = dino_alloc (count, 1, error);
  for (size_t i = 0; samples != NULL && i < count; i++)
    samples[i] = (uint8_t) (inverted ? 255 - picture->samples8[i] : picture->samples8[i]);
  return samples;
}

/* Rounded half up, so that an 8-bit picture widened to 12 or 16 bits comes
 * back as it was; inverted afterwards, so that one is exactly the other's negative. */
static void
apply_table (const struct dino_picture *picture, const double *table, bool inverted, uint8_t *rounded, uint8_t *samples)
{
  size_t count = (size_t) picture->width * (size_t) picture->height;
  size_t n_levels = dino_picture_n_levels (picture);

  for (size_t sample = 0; sample < n_levels; sample++)
    {
      uint8_t grey = (uint8_t) floor (table[sample] + 0.5);

      rounded[sample] = (uint8_t) (inverted ? 255 - grey : grey);
    }
  for (size_t i = 0; i < count; i++)
    samples[i] = rounded[picture->bits == 16 ? picture->samples16[i] : picture->samples8[i]];
}

uint8_t *
dino_picture_to_8bit (const struct dino_picture *picture, const struct dino_preparation *preparation, struct dino_error *error)
{
  size_t   n_levels = dino_picture_n_levels (picture);
  double  *table;
  uint8_t *rounded, *samples = NULL;
  bool     inverted = false;

  if (picture->channels != 1)
    return invert_colours (picture, preparation, error);
  table = dino_alloc (n_levels, sizeof *table, error);
  rounded = dino_alloc (n_levels, 1, error);
  if (table != NULL && rounded != NULL && fill_table (picture, preparation, table, &inverted, error))
    samples = dino_alloc ((size_t) picture->width * (size_t) picture->height, 1, error);
  if (samples != NULL)
    apply_table (picture, table, inverted, rounded, samples);
  dino_free (rounded);
  dino_free (table);
  return samples;
}

static void
find_range (const float *values, size_t count, float *low, float *high)
{
  *low = *high = values[0];
  for (size_t i = 1; i < count; i++)
    {
      *low = values[i] < *low ? values[i] : *low;
      *high = values[i] > *high ? values[i] : *high;
    }
}

/* From low to high, cut to whole greys; a flat picture is black. */
static void
scale_to_8bit (const float *values, size_t count, float low, float high, bool inverted, uint8_t *samples)
{
  if (!(high > low))
    {
      memset (samples, 0, count);
      return;
    }
  for (size_t i = 0; i < count; i++)
    {
      double  value = fmin (fmax ((double) values[i], (double) low), (double) high);
      uint8_t grey = (uint8_t) ((value - (double) low) / ((double) high - (double) low) * 255);

      samples[i] = (uint8_t) (inverted ? 255 - grey : grey);
    }
}

/* The range is that of the unchanged picture, resized as well. */
static bool
resize_within_range (const struct dino_picture *picture, float *values, int width, int height, float *low, float *high, struct dino_error *error)
{
  const struct dino_picture *unchanged = dino_picture_unchanged (picture);

  if (!dino_resize_bspline (unchanged, values, width, height, error))
    return false;
  find_range (values, (size_t) width * (size_t) height, low, high);
  return unchanged == picture || dino_resize_bspline (picture, values, width, height, error);
}

uint8_t *
dino_picture_to_8bit_bspline (const struct dino_picture *picture, const struct dino_preparation *preparation, int width, int height, struct dino_error *error)
{
  size_t   count = (size_t) width * (size_t) height;
  float   *values;
  float    low, high;
  uint8_t *samples = NULL;

  if (picture->channels != 1)
    {
      refuse_colour (preparation, error);
      return NULL;
    }
  values = dino_alloc (count, sizeof *values, error);
  if (values != NULL && resize_within_range (picture, values, width, height, &low, &high, error))
    samples = dino_alloc (count, 1, error);
  if (samples != NULL)
    scale_to_8bit (values, count, low, high, dino_model_is_inverted (picture, preparation), samples);
  dino_free (values);
  return samples;
}
