#include "fuzz/picture.h"

#include "fuzz/fuzz.h"

#define SMALL ((size_t) 1 << 16)

/* Also by what is done next: turning as EXIF asks. */
void
fuzz_picture (struct dino_picture *picture)
{
  size_t               n;
  struct dino_picture *turned;

  if (picture == NULL)
    return;
  n = (size_t) picture->width * (size_t) picture->height * (size_t) picture->channels;
  fuzz_promise (picture->width > 0 && picture->width <= DINO_PICTURE_MAX_SIDE && picture->height > 0 && picture->height <= DINO_PICTURE_MAX_SIDE &&
                    (uint64_t) picture->width * (uint64_t) picture->height <= DINO_PICTURE_MAX_PIXELS,
                "pictures are within the limits");
  fuzz_promise ((picture->channels == 1 || picture->channels == 3) && (picture->bits == 8) == (picture->samples8 != NULL) && (picture->bits == 16) == (picture->samples16 != NULL),
                "pictures have samples");
  fuzz_promise (picture->low <= picture->high && picture->orientation >= 1 && picture->orientation <= 8, "pictures are measured");
  fuzz_touch_text (picture->mode);
  if (n <= SMALL)
    {
      fuzz_touch (picture->bits == 16 ? (const void *) picture->samples16 : picture->samples8, n * (size_t) (picture->bits / 8));
      turned = picture->orientation > 1 ? dino_picture_oriented (picture, picture->orientation, NULL) : NULL;
      dino_picture_unref (turned);
    }
  dino_picture_unref (picture);
}
