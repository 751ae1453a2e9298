#include "core/picture/prepare.h"

#include <stdio.h>
#include <string.h>

#include "core/base/memory.h"
#include "core/base/text.h"
#include "core/picture/resize.h"

/* The part of the input that the resized picture fills. */
struct filled
{
  int left, top; /* in the input */
  int width, height;
};

static void
overlap (int offset, int input_size, int resized_size, int *start, int *length)
{
  int begin = offset < 0 ? 0 : offset;
  int end = offset + input_size < resized_size ? offset + input_size : resized_size;

  *start = begin - offset;
  *length = end > begin ? end - begin : 0;
}

static struct filled
filled_part (const struct dino_geometry *geometry)
{
  struct filled filled;

  overlap (geometry->left, geometry->input_width, geometry->resized_width, &filled.left, &filled.width);
  overlap (geometry->top, geometry->input_height, geometry->resized_height, &filled.top, &filled.height);
  return filled;
}

/* Only 256 values can occur: rescaled in double and rounded to float32, then
 * normalised in float32, each step as numpy does it. */
static void
fill_table (const struct dino_processor *processor, int channel, float table[256])
{
  for (int value = 0; value < 256; value++)
    {
      float rescaled = (float) (value * processor->rescale_factor);

      table[value] = (rescaled - processor->mean[channel]) / processor->std[channel];
    }
}

/* One plane of pixel_values from samples [filled.height, filled.width, channels]. */
static void
fill_plane (const uint8_t *samples, int channels, const struct dino_geometry *geometry, struct filled filled, const float table[256], float *plane)
{
  size_t width = (size_t) geometry->input_width;
  size_t n_values = width * (size_t) geometry->input_height;

  if (filled.width < geometry->input_width || filled.height < geometry->input_height)
    for (size_t i = 0; i < n_values; i++)
      plane[i] = table[0];
  for (int y = 0; y < filled.height; y++)
    {
      float *row = plane + (size_t) (filled.top + y) * width + filled.left;

      for (int x = 0; x < filled.width; x++, samples += channels)
        row[x] = table[*samples];
    }
}

/* The filled part of the resized picture, [filled.height, filled.width,
 * channels]; dino_free() it. */
static uint8_t *
resize_filled (const uint8_t *source, const struct dino_picture *picture, const struct dino_geometry *geometry, struct filled filled, struct dino_error *error)
{
  uint8_t *samples = dino_alloc ((size_t) filled.width * (size_t) filled.height, (size_t) picture->channels, error);

  if (samples != NULL && dino_resize_bicubic_box (source, picture->width, picture->height, picture->channels,
                                                  geometry->resized_width, geometry->resized_height,
                                                  geometry->left + filled.left, geometry->top + filled.top, filled.width, filled.height,
                                                  samples, error))
    return samples;
  dino_free (samples);
  return NULL;
}

/* By the processor: greys, then its resize. */
static uint8_t *
fill_by_processor (const struct dino_picture *picture, const struct dino_preparation *preparation, const struct dino_geometry *geometry, struct filled filled, struct dino_error *error)
{
  const uint8_t *source = picture->samples8;
  uint8_t       *converted = NULL;
  uint8_t       *samples;

  if (picture->bits != 8 || preparation->model_input != DINO_MODEL_INPUT_MINMAX || dino_model_is_inverted (picture, preparation))
    {
      source = converted = dino_picture_to_8bit (picture, preparation, error);
      if (converted == NULL)
        return NULL;
    }
  samples = resize_filled (source, picture, geometry, filled, error);
  dino_free (converted);
  return samples;
}

/* By B-spline: resized, then greys; their range is that of the whole picture,
 * so all of it is made. */
static uint8_t *
fill_by_bspline (const struct dino_picture *picture, const struct dino_preparation *preparation, const struct dino_geometry *geometry, struct filled filled, struct dino_error *error)
{
  size_t   stride = (size_t) geometry->resized_width;
  size_t   start = (size_t) (geometry->top + filled.top) * stride + (size_t) (geometry->left + filled.left);
  uint8_t *resized = dino_picture_to_8bit_bspline (picture, preparation, geometry->resized_width, geometry->resized_height, error);
  uint8_t *samples = resized != NULL ? dino_alloc ((size_t) filled.width, (size_t) filled.height, error) : NULL;

  for (int y = 0; samples != NULL && y < filled.height; y++)
    memcpy (samples + (size_t) y * (size_t) filled.width, resized + start + (size_t) y * stride, (size_t) filled.width);
  dino_free (resized);
  return samples;
}

bool
dino_preparation_geometry (const struct dino_preparation *preparation,
                           const struct dino_processor   *processor,
                           int                            patch,
                           int                            width,
                           int                            height,
                           struct dino_geometry          *geometry,
                           struct dino_error             *error)
{
  if (preparation->model_input == DINO_MODEL_INPUT_BSPLINE)
    return dino_geometry_init_rounded (geometry, processor, patch, width, height, preparation->fit, preparation->input_size, error);
  return dino_geometry_init (geometry, processor, patch, width, height, preparation->fit, preparation->input_size, error);
}

bool
dino_prepare (const struct dino_picture     *picture,
              const struct dino_processor   *processor,
              const struct dino_preparation *preparation,
              const struct dino_geometry    *geometry,
              float                         *pixel_values,
              struct dino_error             *error)
{
  struct filled filled = filled_part (geometry);
  size_t        n_values = (size_t) geometry->input_width * (size_t) geometry->input_height;
  uint8_t      *samples;

  if (geometry->width != picture->width || geometry->height != picture->height)
    return dino_error_set (error, DINO_CODE_ARGUMENT, _ ("The geometry is that of a picture of %d × %d pixels, not %d × %d."),
                           geometry->width, geometry->height, picture->width, picture->height);
  if (preparation->model_input == DINO_MODEL_INPUT_BSPLINE)
    samples = fill_by_bspline (picture, preparation, geometry, filled, error);
  else
    samples = fill_by_processor (picture, preparation, geometry, filled, error);
  if (samples == NULL)
    return false;
  for (int channel = 0; channel < 3; channel++)
    {
      float table[256];

      fill_table (processor, channel, table);
      fill_plane (picture->channels == 3 ? samples + channel : samples, picture->channels, geometry, filled, table,
                  pixel_values + (size_t) channel * n_values);
    }
  dino_free (samples);
  return true;
}

static const char *const model_input_names[] = {
  [DINO_MODEL_INPUT_MINMAX] = "minmax",
  [DINO_MODEL_INPUT_WINDOW] = "window",
  [DINO_MODEL_INPUT_PERCENTILE] = "percentile",
  [DINO_MODEL_INPUT_BSPLINE] = "bspline",
};

const char *
dino_model_input_name (enum dino_model_input model_input)
{
  return model_input_names[model_input];
}

bool
dino_model_input_parse (const char *name, enum dino_model_input *model_input)
{
  for (size_t i = 0; i < sizeof model_input_names / sizeof *model_input_names; i++)
    if (strcmp (name, model_input_names[i]) == 0)
      {
        *model_input = (enum dino_model_input) i;
        return true;
      }
  return false;
}

static const char *
exif_name (const struct dino_picture *picture)
{
  if (picture->orientation == 1)
    return "none";
  return (picture->notes & DINO_NOTE_ORIENTED) != 0 ? "applied" : "ignored";
}

/* " window=auto window-applied=550:1024:linear"; empty where no window is applied. */
static void
describe_window (const struct dino_preparation *preparation, const struct dino_picture *picture, char text[2 * DINO_DISPLAY_LENGTH + 64])
{
  struct dino_display display = dino_display_resolve (picture, &preparation->voi);
  struct dino_display applied = { .kind = DINO_DISPLAY_WINDOW };
  char                asked[DINO_DISPLAY_LENGTH], came[DINO_DISPLAY_LENGTH];

  *text = '\0';
  if (preparation->model_input != DINO_MODEL_INPUT_WINDOW || picture->channels != 1)
    return;
  if (dino_display_is_table (picture, &display) || !dino_display_window (picture, &display, &applied.window, NULL))
    applied = display;
  snprintf (text, 2 * DINO_DISPLAY_LENGTH + 64, " window=%s window-applied=%s",
            dino_display_format (&preparation->voi, asked), dino_display_format (&applied, came));
}

void
dino_preparation_describe (const struct dino_preparation *preparation,
                           const struct dino_geometry    *geometry,
                           const struct dino_picture     *picture,
                           char                          *buffer,
                           size_t                         length)
{
  int  short_side = geometry->input_width < geometry->input_height ? geometry->input_width : geometry->input_height;
  char window[2 * DINO_DISPLAY_LENGTH + 64];
  char frame[32] = "";

  if (preparation->frame > 0 && strcmp (picture->format, "DICOM") == 0)
    snprintf (frame, sizeof frame, " frame=%d", preparation->frame);
  describe_window (preparation, picture, window);
  snprintf (buffer, length, "fit=%s input-size=%d model-input=%s invert=%s inverted=%s%s exif=%s%s",
            dino_fit_name (preparation->fit), short_side, dino_model_input_name (preparation->model_input),
            dino_invert_name (preparation->invert), dino_model_is_inverted (picture, preparation) ? "yes" : "no", window, exif_name (picture), frame);
}
