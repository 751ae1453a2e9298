#include "core/picture/thumbnail.h"

#include "core/base/memory.h"
#include "core/picture/display.h"
#include "core/picture/resize.h"

static int
scaled (int length, int longest, int side)
{
  const int64_t small = ((int64_t) length * side + longest / 2) / longest;

  return longest <= side ? length : small > 0 ? (int) small
                                              : 1;
}

/* From 1 or 3 channels in the first part of pixels to 3, from the end on. */
static void
spread (uint8_t *pixels, size_t n, int channels)
{
  for (size_t i = channels == 1 ? n : 0; i-- > 0;)
    pixels[3 * i] = pixels[3 * i + 1] = pixels[3 * i + 2] = pixels[i];
}

struct dino_thumbnail *
dino_thumbnail_new (const struct dino_picture *picture, int side, struct dino_error *error)
{
  const struct dino_display display = { .kind = DINO_DISPLAY_AUTO }, resolved = dino_display_resolve (picture, &display);
  const int                 longest = picture->width > picture->height ? picture->width : picture->height;
  const int                 width = scaled (picture->width, longest, side), height = scaled (picture->height, longest, side);
  const size_t              n = (size_t) width * (size_t) height;
  struct dino_thumbnail    *thumbnail = dino_alloc (1, sizeof *thumbnail + 3 * n, error);
  uint8_t                  *shown = thumbnail != NULL ? dino_display_render (picture, &resolved, dino_display_is_inverted (picture, DINO_INVERT_AUTO), error) : NULL;
  bool                      good = shown != NULL && dino_resize_area (shown, picture->width, picture->height, picture->channels, thumbnail->pixels, width, height, error);

  dino_free (shown);
  if (!good)
    {
      dino_free (thumbnail);
      return NULL;
    }
  thumbnail->width = width;
  thumbnail->height = height;
  spread (thumbnail->pixels, n, picture->channels);
  return thumbnail;
}
