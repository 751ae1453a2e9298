#include "io/refusal.h"

#include <string.h>

#include "core/base/text.h"

bool
dino_refuse (struct dino_refusal *refusal, enum dino_refusal_reason reason, const char *text)
{
  size_t length = 0;

  if (refusal->reason != DINO_REFUSED_NOT)
    return false;
  refusal->reason = reason;
  for (; text != NULL && text[length] != '\0' && length < sizeof refusal->text - 1; length++)
    {
      refusal->text[length] = '?';
      if (text[length] >= ' ' && text[length] <= '~')
        refusal->text[length] = text[length];
    }
  refusal->text[length] = '\0';
  return false;
}

bool
dino_refuse_memory (struct dino_refusal *refusal, uint64_t bytes)
{
  if (refusal->reason == DINO_REFUSED_NOT)
    *refusal = (struct dino_refusal){ .reason = DINO_REFUSED_MEMORY, .a = bytes };
  return false;
}

bool
dino_refuse_file (struct dino_refusal *refusal, int problem)
{
  if (refusal->reason == DINO_REFUSED_NOT)
    *refusal = (struct dino_refusal){ .reason = DINO_REFUSED_FILE, .a = (uint64_t) problem };
  return false;
}

static bool
is_allowed (uint64_t width, uint64_t height)
{
  return width > 0 && height > 0 && width <= DINO_PICTURE_MAX_SIDE && height <= DINO_PICTURE_MAX_SIDE && width * height <= DINO_PICTURE_MAX_PIXELS;
}

bool
dino_refuse_size (struct dino_refusal *refusal, uint64_t width, uint64_t height)
{
  if (is_allowed (width, height))
    return true;
  if (refusal->reason == DINO_REFUSED_NOT)
    *refusal = (struct dino_refusal){ .reason = DINO_REFUSED_SIZE, .a = width, .b = height };
  return false;
}

static bool
tell_size (uint64_t width, uint64_t height, const char *name, struct dino_error *error)
{
  if (width == 0 || height == 0)
    return dino_error_set (error, DINO_CODE_FORMAT, _ ("“%s” says that it has no pixels."), name);
  return dino_error_set (error, DINO_CODE_LIMIT, _ ("“%s” says that it has %llu × %llu pixels; at most %d on a side and %d million altogether are read."),
                         name, (unsigned long long) width, (unsigned long long) height,
                         DINO_PICTURE_MAX_SIDE, (int) (DINO_PICTURE_MAX_PIXELS / 1000000));
}

static bool
tell_png (enum dino_code code, const char *name, const char *reason, struct dino_error *error)
{
  return dino_error_set (error, code, _ ("“%s” cannot be read as PNG: %s."), name, reason);
}

static bool
tell_jpeg (enum dino_code code, const char *name, const char *reason, struct dino_error *error)
{
  return dino_error_set (error, code, _ ("“%s” cannot be read as JPEG: %s."), name, reason);
}

static bool
tell_about_jpeg (const struct dino_refusal *refusal, const char *name, struct dino_error *error)
{
  switch (refusal->reason)
    {
    case DINO_REFUSED_JPEG_TRUNCATED:
      return tell_jpeg (DINO_CODE_FORMAT, name, _ ("the file is truncated"), error);
    case DINO_REFUSED_JPEG_MEMORY:
      return tell_jpeg (DINO_CODE_MEMORY, name, _ ("there is not enough memory"), error);
    case DINO_REFUSED_JPEG_PRECISION:
      return tell_jpeg (DINO_CODE_UNSUPPORTED, name, _ ("it does not have 8 bits a sample"), error);
    case DINO_REFUSED_JPEG_LOSSLESS:
      return tell_jpeg (DINO_CODE_UNSUPPORTED, name, _ ("it is lossless or hierarchical, which is not supported"), error);
    case DINO_REFUSED_JPEG_ARITHMETIC:
      return tell_jpeg (DINO_CODE_UNSUPPORTED, name, _ ("it is arithmetic coded, which is not supported"), error);
    case DINO_REFUSED_JPEG_COMPONENTS:
      return tell_jpeg (DINO_CODE_UNSUPPORTED, name, _ ("it is neither grey, RGB nor CMYK"), error);
    case DINO_REFUSED_JPEG_SCANS:
      return tell_jpeg (DINO_CODE_LIMIT, name, _ ("it has more progressive scans than are read"), error);
    default:
      return tell_jpeg (DINO_CODE_FORMAT, name, refusal->text, error);
    }
}

bool
dino_refusal_tell (const struct dino_refusal *refusal, const char *name, struct dino_error *error)
{
  char reason[256];

  switch (refusal->reason)
    {
    case DINO_REFUSED_FILE:
      return dino_error_set (error, DINO_CODE_IO, _ ("“%s” cannot be read: %s."), name, strerror_r ((int) (refusal->a & INT16_MAX), reason, sizeof reason));
    case DINO_REFUSED_MEMORY:
      return dino_error_set_memory (error, refusal->a);
    case DINO_REFUSED_SIZE:
      return tell_size (refusal->a, refusal->b, name, error);
    case DINO_REFUSED_PNG_HEADER:
      return dino_error_set (error, DINO_CODE_FORMAT, _ ("“%s” cannot be read as PNG: it does not start with a whole header."), name);
    case DINO_REFUSED_PNG_TRUNCATED:
      return tell_png (DINO_CODE_FORMAT, name, _ ("the file is truncated"), error);
    case DINO_REFUSED_PNG_CHUNK:
      /* libpng's own words for it. */
      return tell_png (DINO_CODE_LIMIT, name, "chunk data is too large", error);
    case DINO_REFUSED_PNG_PALETTE:
      return tell_png (DINO_CODE_FORMAT, name, _ ("a sample lies outside the palette"), error);
    case DINO_REFUSED_PNG_START:
      return dino_error_set (error, DINO_CODE_MEMORY, "%s", _ ("libpng could not be started."));
    case DINO_REFUSED_MASK_COLOUR:
      return dino_error_set (error, DINO_CODE_UNSUPPORTED, _ ("“%s” is in colour; a mask is a PNG whose indexes or greys are the classes."), name);
    case DINO_REFUSED_MASK_BITS:
      return dino_error_set (error, DINO_CODE_UNSUPPORTED, _ ("“%s” has 16 bits a pixel; a mask is a PNG of at most 8, whose indexes or greys are the classes."), name);
    case DINO_REFUSED_PNG:
      return tell_png (DINO_CODE_FORMAT, name, refusal->text, error);
    default:
      return tell_about_jpeg (refusal, name, error);
    }
}

struct dino_picture *
dino_refusal_settle (struct dino_picture *picture, const struct dino_refusal *refusal, const char *name, struct dino_error *error)
{
  if (picture == NULL)
    dino_refusal_tell (refusal, name, error);
  else if (!dino_picture_measure (picture, error))
    {
      dino_picture_unref (picture);
      picture = NULL;
    }
  return picture;
}
