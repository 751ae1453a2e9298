#include "render/compose.h"

#include "core/base/memory.h"
#include "render/caption.h"
#include "render/frame.h"

/* Nearest integer of a * b / 255. */
static uint8_t
scale_255 (unsigned a, unsigned b)
{
  return (uint8_t) ((a * b + 127) / 255);
}

/* The map over the picture: premultiplied, so that only the picture is scaled. */
static void
blend (const struct dino_frame *frame, int channels, uint8_t *pixels)
{
  size_t         n = (size_t) frame->width * (size_t) frame->height;
  const uint8_t *under = frame->under;
  const uint8_t *over = frame->drawn;

  for (size_t i = 0; i < n; i++, under += channels, over += 4, pixels += 3)
    for (int c = 0; c < 3; c++)
      pixels[c] = (uint8_t) (over[c] + scale_255 (under[channels == 3 ? c : 0], 255u - over[3]));
}

static void
unpremultiply (const struct dino_frame *frame, uint8_t *pixels)
{
  size_t         n = (size_t) frame->width * (size_t) frame->height;
  const uint8_t *over = frame->drawn;

  for (size_t i = 0; i < n; i++, over += 4, pixels += 4)
    {
      unsigned alpha = over[3];

      for (int c = 0; c < 3; c++)
        pixels[c] = alpha == 0 ? 0 : (uint8_t) ((2u * 255u * over[c] + alpha) / (2 * alpha));
      pixels[3] = (uint8_t) alpha;
    }
}

bool
dino_export_compose (const struct dino_export *description,
                     uint8_t                 **pixels,
                     int                      *width,
                     int                      *height,
                     int                      *channels,
                     struct dino_error        *error)
{
  struct dino_frame frame = { 0 };
  int               n_channels = description->map_only ? 4 : 3;
  int               strip = 0;
  uint8_t          *target = NULL;
  bool              done = dino_frame_init (&frame, description, error) && dino_frame_add_marks (&frame, description->map, error);

  if (done && description->bar)
    strip = dino_caption_height (description->map, &description->style, description->caption, frame.width);
  if (done)
    target = dino_alloc ((size_t) frame.width * (size_t) n_channels, (size_t) frame.height + (size_t) strip, error);
  done = target != NULL;
  if (done && description->map_only)
    unpremultiply (&frame, target);
  else if (done)
    blend (&frame, description->channels, target);
  if (done && strip > 0)
    done = dino_caption_draw (description->map, &description->style, description->caption,
                              target + (size_t) frame.width * (size_t) frame.height * (size_t) n_channels,
                              frame.width, strip, n_channels, error);
  dino_frame_clear (&frame);
  if (!done)
    {
      dino_free (target);
      return false;
    }
  *pixels = target;
  *width = frame.width;
  *height = frame.height + strip;
  *channels = n_channels;
  return true;
}
