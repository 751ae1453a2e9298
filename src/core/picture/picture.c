#include "core/picture/picture.h"

#include <string.h>

#include "core/base/memory.h"
#include "core/base/text.h"

static bool
check_size (int width, int height, struct dino_error *error)
{
  if (width < 1 || height < 1)
    return dino_error_set (error, DINO_CODE_FORMAT, _ ("A picture of %d × %d pixels has no pixels."), width, height);
  if (width > DINO_PICTURE_MAX_SIDE || height > DINO_PICTURE_MAX_SIDE ||
      (uint64_t) width * (uint64_t) height > DINO_PICTURE_MAX_PIXELS)
    return dino_error_set (error, DINO_CODE_LIMIT,
                           _ ("A picture of %d × %d pixels is too large; the limits are %d pixels on a side and %d million pixels."),
                           width, height, DINO_PICTURE_MAX_SIDE, (int) (DINO_PICTURE_MAX_PIXELS / 1000000));
  return true;
}

struct dino_picture *
dino_picture_new (int width, int height, int channels, int bits, struct dino_error *error)
{
  struct dino_picture *picture;
  size_t               n_pixels;
  bool                 allocated;

  if (!check_size (width, height, error))
    return NULL;
  if (!((bits == 8 && (channels == 1 || channels == 3)) || (bits == 16 && channels == 1)))
    {
      dino_error_set (error, DINO_CODE_UNSUPPORTED, _ ("A picture of %d channels of %d bits cannot be kept."), channels, bits);
      return NULL;
    }
  picture = dino_alloc_zeroed (1, sizeof *picture, error);
  if (picture == NULL)
    return NULL;
  picture->width = width;
  picture->height = height;
  picture->channels = channels;
  picture->bits = bits;
  picture->file_bits = bits;
  picture->orientation = 1;
  picture->references = 1;
  n_pixels = (size_t) width * (size_t) height;
  if (bits == 8)
    allocated = (picture->samples8 = dino_alloc (n_pixels, (size_t) channels, error)) != NULL;
  else
    allocated = (picture->samples16 = dino_alloc (n_pixels, sizeof (uint16_t), error)) != NULL;
  if (!allocated)
    {
      dino_picture_unref (picture);
      return NULL;
    }
  return picture;
}

struct dino_picture *
dino_picture_ref (struct dino_picture *picture)
{
  __atomic_add_fetch (&picture->references, 1, __ATOMIC_RELAXED);
  return picture;
}

void
dino_picture_unref (struct dino_picture *picture)
{
  if (picture == NULL || __atomic_sub_fetch (&picture->references, 1, __ATOMIC_ACQ_REL) > 0)
    return;
  dino_free (picture->samples8);
  dino_free (picture->samples16);
  if (picture->original == NULL)
    {
      dino_free (picture->histogram);
      dino_grey_scale_free (picture->grey);
      dino_attributes_free (picture->attributes);
    }
  dino_picture_unref (picture->original);
  dino_free (picture);
}

const struct dino_picture *
dino_picture_unchanged (const struct dino_picture *picture)
{
  return picture->original != NULL ? picture->original : picture;
}

static size_t
n_samples (const struct dino_picture *picture)
{
  return (size_t) picture->width * (size_t) picture->height * (size_t) picture->channels;
}

bool
dino_picture_is_padding (const struct dino_picture *picture, int stored)
{
  const struct dino_grey_scale *grey = picture->grey;

  return grey != NULL && grey->has_padding && stored >= grey->padding_low && stored <= grey->padding_high;
}

static void
measure8 (struct dino_picture *picture)
{
  size_t  count = n_samples (picture);
  uint8_t low = UINT8_MAX;
  uint8_t high = 0;

  for (size_t i = 0; i < count; i++)
    {
      low = picture->samples8[i] < low ? picture->samples8[i] : low;
      high = picture->samples8[i] > high ? picture->samples8[i] : high;
    }
  picture->low = low;
  picture->high = high;
}

/* Padding leaves the counts, unless nothing else is there. */
static void
forget_padding (struct dino_picture *picture)
{
  bool other = false;

  for (int sample = 0; sample <= UINT16_MAX && !other; sample++)
    other = picture->histogram[sample] > 0 && !dino_picture_is_padding (picture, sample + picture->stored_offset);
  for (int sample = 0; sample <= UINT16_MAX && other; sample++)
    if (dino_picture_is_padding (picture, sample + picture->stored_offset))
      picture->histogram[sample] = 0;
}

static bool
measure16 (struct dino_picture *picture, struct dino_error *error)
{
  size_t count = n_samples (picture);
  int    low = 0;
  int    high = UINT16_MAX;

  picture->histogram = dino_alloc_zeroed (UINT16_MAX + 1, sizeof *picture->histogram, error);
  if (picture->histogram == NULL)
    return false;
  for (size_t i = 0; i < count; i++)
    picture->histogram[picture->samples16[i]]++;
  forget_padding (picture);
  while (picture->histogram[low] == 0)
    low++;
  while (picture->histogram[high] == 0)
    high--;
  picture->low = (uint16_t) low;
  picture->high = (uint16_t) high;
  return true;
}

bool
dino_picture_measure (struct dino_picture *picture, struct dino_error *error)
{
  if (picture->bits == 16)
    return measure16 (picture, error);
  measure8 (picture);
  return true;
}

/* Where the turned picture takes its samples from: pixel (x, y) of it is pixel
 * start + x * step_x + y * step_y of the source. */
struct walk
{
  ptrdiff_t start, step_x, step_y;
};

static struct walk
orientation_walk (int width, int height, int orientation)
{
  ptrdiff_t row = width;
  ptrdiff_t right = width - 1;
  ptrdiff_t bottom = (ptrdiff_t) (height - 1) * row;

  switch (orientation)
    {
    case 2: /* mirrored left to right */
      return (struct walk){ right, -1, row };
    case 3: /* upside down */
      return (struct walk){ bottom + right, -1, -row };
    case 4: /* mirrored top to bottom */
      return (struct walk){ bottom, 1, -row };
    case 5: /* mirrored at the diagonal */
      return (struct walk){ 0, row, 1 };
    case 6: /* to be turned clockwise */
      return (struct walk){ bottom, -row, 1 };
    case 7: /* mirrored at the other diagonal */
      return (struct walk){ bottom + right, -row, -1 };
    case 8: /* to be turned anticlockwise */
      return (struct walk){ right, row, -1 };
    default:
      return (struct walk){ 0, 1, row };
    }
}

struct dino_picture *
dino_picture_oriented (const struct dino_picture *picture, int orientation, struct dino_error *error)
{
  bool                 transposed = orientation >= 5;
  struct walk          walk = orientation_walk (picture->width, picture->height, orientation);
  struct dino_picture *turned;
  size_t               channels = (size_t) picture->channels;
  size_t               target = 0;

  if (orientation < 1 || orientation > 8)
    {
      dino_error_set (error, DINO_CODE_ARGUMENT, _ ("There is no EXIF orientation %d."), orientation);
      return NULL;
    }
  turned = dino_picture_new (transposed ? picture->height : picture->width,
                             transposed ? picture->width : picture->height,
                             picture->channels, picture->bits, error);
  if (turned == NULL)
    return NULL;
  for (int y = 0; y < turned->height; y++)
    {
      ptrdiff_t source = walk.start + y * walk.step_y;

      for (int x = 0; x < turned->width; x++, target++, source += walk.step_x)
        {
          if (picture->bits == 16)
            turned->samples16[target] = picture->samples16[source];
          else
            memcpy (turned->samples8 + target * channels, picture->samples8 + (size_t) source * channels, channels);
        }
    }
  turned->file_bits = picture->file_bits;
  turned->orientation = orientation;
  turned->notes = picture->notes | (orientation != 1 ? DINO_NOTE_ORIENTED : 0);
  memcpy (turned->format, picture->format, sizeof turned->format);
  memcpy (turned->mode, picture->mode, sizeof turned->mode);
  if (dino_picture_measure (turned, error))
    return turned;
  dino_picture_unref (turned);
  return NULL;
}
