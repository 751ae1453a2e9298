#include "render/frame.h"

#include <math.h>
#include <string.h>

#include "core/base/memory.h"
#include "core/base/text.h"
#include "core/picture/resize.h"

/* The model's input for people: the picture resized and cropped as the model
 * saw it, black where it was padded. */
static bool
crop_as_seen (const struct dino_export *description, struct dino_frame *frame, struct dino_error *error)
{
  const struct dino_geometry *geometry = description->geometry;
  size_t                      channels = (size_t) description->channels;
  size_t                      stride = (size_t) geometry->resized_width * channels;
  int                         x0 = geometry->left > 0 ? geometry->left : 0;
  int                         x1 = geometry->left + geometry->input_width;
  uint8_t                    *resized = dino_alloc ((size_t) geometry->resized_height, stride, error);
  bool                        done;

  frame->cropped = dino_alloc_zeroed ((size_t) frame->width * channels, (size_t) frame->height, error);
  done = resized != NULL && frame->cropped != NULL &&
         dino_resize_bicubic (description->picture, description->width, description->height, description->channels,
                              resized, geometry->resized_width, geometry->resized_height, error);
  if (x1 > geometry->resized_width)
    x1 = geometry->resized_width;
  for (int y = 0; done && y < frame->height && x0 < x1; y++)
    {
      int source = y + geometry->top;

      if (source >= 0 && source < geometry->resized_height)
        memcpy (frame->cropped + ((size_t) y * (size_t) frame->width + (size_t) (x0 - geometry->left)) * channels,
                resized + (size_t) source * stride + (size_t) x0 * channels, (size_t) (x1 - x0) * channels);
    }
  dino_free (resized);
  frame->under = frame->cropped;
  return done;
}

static const uint8_t *
guide_picture (const struct dino_export *description)
{
  return description->guide != NULL ? description->guide : description->picture;
}

/* Luminance (ITU-R BT.601) of the whole original, which smoothing can follow. */
static uint8_t *
make_guide (const struct dino_export *description, struct dino_error *error)
{
  size_t         n = (size_t) description->width * (size_t) description->height;
  const uint8_t *rgb = guide_picture (description);
  uint8_t       *guide = dino_alloc (n, 1, error);

  for (size_t i = 0; guide != NULL && i < n; i++, rgb += 3)
    guide[i] = (uint8_t) ((299 * rgb[0] + 587 * rgb[1] + 114 * rgb[2] + 500) / 1000);
  return guide;
}

static bool
draw_map (const struct dino_export *description, struct dino_frame *frame, struct dino_error *error)
{
  const uint8_t *guide = guide_picture (description);
  uint8_t       *made = NULL;
  bool           drawn;

  if (description->channels == 3 && description->style.smooth == DINO_SMOOTH_GUIDED)
    {
      guide = made = make_guide (description, error);
      if (guide == NULL)
        return false;
    }
  frame->drawn = dino_alloc ((size_t) frame->width * 4, (size_t) frame->height, error);
  drawn = frame->drawn != NULL &&
          dino_map_draw (description->map, &description->style, guide, description->width, description->height,
                         frame->box, frame->drawn, frame->width, frame->height, NULL, error);
  dino_free (made);
  return drawn;
}

/* The pixels of the original that box touches, inside it. */
static struct dino_box
whole_pixels (struct dino_box box, int width, int height)
{
  double left = fmin (fmax (floor (box.x0), 0), width - 1);
  double top = fmin (fmax (floor (box.y0), 0), height - 1);

  return (struct dino_box){ left, top, fmin (fmax (ceil (box.x1), left + 1), width), fmin (fmax (ceil (box.y1), top + 1), height) };
}

static bool
crop_part (const struct dino_export *description, struct dino_frame *frame, struct dino_error *error)
{
  size_t         channels = (size_t) description->channels;
  size_t         stride = (size_t) description->width * channels;
  size_t         row = (size_t) frame->width * channels;
  const uint8_t *source = description->picture + (size_t) frame->box.y0 * stride + (size_t) frame->box.x0 * channels;

  frame->cropped = dino_alloc (row, (size_t) frame->height, error);
  for (int y = 0; frame->cropped != NULL && y < frame->height; y++)
    memcpy (frame->cropped + (size_t) y * row, source + (size_t) y * stride, row);
  frame->under = frame->cropped;
  return frame->cropped != NULL;
}

/* Where the pixel at (x, y) of a frame comes from once it is turned and mirrored. */
static size_t
source_index (const struct dino_export *description, const struct dino_frame *frame, int x, int y)
{
  bool on_its_side = description->turns % 2 != 0;
  int  u = x, v = y;

  if (description->flipped)
    u = (on_its_side ? frame->height : frame->width) - 1 - u;
  switch (description->turns)
    {
    case 1:
      return (size_t) (frame->height - 1 - u) * (size_t) frame->width + (size_t) v;
    case 2:
      return (size_t) (frame->height - 1 - v) * (size_t) frame->width + (size_t) (frame->width - 1 - u);
    case 3:
      return (size_t) u * (size_t) frame->width + (size_t) (frame->width - 1 - v);
    default:
      return (size_t) v * (size_t) frame->width + (size_t) u;
    }
}

static bool
turn_pixels (const struct dino_export *description, const struct dino_frame *frame, size_t channels, uint8_t **pixels, struct dino_error *error)
{
  bool     on_its_side = description->turns % 2 != 0;
  int      width = on_its_side ? frame->height : frame->width;
  int      height = on_its_side ? frame->width : frame->height;
  uint8_t *turned = dino_alloc ((size_t) width * channels, (size_t) height, error);
  uint8_t *target = turned;

  if (turned == NULL)
    return false;
  for (int y = 0; y < height; y++)
    for (int x = 0; x < width; x++, target += channels)
      memcpy (target, *pixels + source_index (description, frame, x, y) * channels, channels);
  dino_free (*pixels);
  *pixels = turned;
  return true;
}

/* As the window shows it: first turned, then mirrored. */
static bool
turn_frame (const struct dino_export *description, struct dino_frame *frame, struct dino_error *error)
{
  if (description->turns == 0 && !description->flipped)
    return true;
  if ((frame->cropped != NULL && !turn_pixels (description, frame, (size_t) description->channels, &frame->cropped, error)) ||
      !turn_pixels (description, frame, 4, &frame->drawn, error))
    return false;
  if (frame->cropped != NULL)
    frame->under = frame->cropped;
  if (description->turns % 2 != 0)
    {
      int width = frame->width;

      frame->width = frame->height;
      frame->height = width;
    }
  return true;
}

static void
place_frame (const struct dino_export *description, struct dino_frame *frame)
{
  if (description->size == DINO_EXPORT_MODEL)
    {
      frame->box = dino_geometry_seen (description->geometry);
      frame->width = description->geometry->input_width;
      frame->height = description->geometry->input_height;
      return;
    }
  frame->box = (struct dino_box){ 0, 0, description->width, description->height };
  if (description->part)
    frame->box = whole_pixels (description->box, description->width, description->height);
  frame->width = (int) (frame->box.x1 - frame->box.x0);
  frame->height = (int) (frame->box.y1 - frame->box.y0);
}

static bool
check (const struct dino_export *description, struct dino_error *error)
{
  const struct dino_geometry *geometry = description->geometry;

  if (description->width == geometry->width && description->height == geometry->height &&
      (description->channels == 1 || description->channels == 3))
    return true;
  return dino_error_set (error, DINO_CODE_ARGUMENT, _ ("The map was made of a picture of %d × %d pixels, not of %d × %d."),
                         geometry->width, geometry->height, description->width, description->height);
}

bool
dino_frame_init (struct dino_frame *frame, const struct dino_export *description, struct dino_error *error)
{
  bool part = description->part && description->size == DINO_EXPORT_ORIGINAL;
  bool done;

  *frame = (struct dino_frame){ .under = description->map_only ? NULL : description->picture };
  if (!check (description, error))
    return false;
  place_frame (description, frame);
  if (part)
    {
      frame->turns = description->turns;
      frame->flipped = description->flipped;
    }
  done = description->map_only || description->size == DINO_EXPORT_ORIGINAL || crop_as_seen (description, frame, error);
  if (done && part && !description->map_only)
    done = crop_part (description, frame, error);
  return done && draw_map (description, frame, error) && (!part || turn_frame (description, frame, error));
}

void
dino_frame_clear (struct dino_frame *frame)
{
  dino_free (frame->cropped);
  dino_free (frame->drawn);
}
