#include "io/kind.h"

#include <string.h>
#include <strings.h>

#include "core/base/text.h"

struct signature
{
  size_t      offset;
  const char *bytes;
  size_t      length;
  const char *title; /* completes "is …" */
};

#define SIGNATURE(offset, bytes, title)      \
  {                                          \
    offset, bytes, sizeof (bytes) - 1, title \
  }

/* Not read, but known by name. The first that fits counts. */
static const struct signature signatures[] = {
  SIGNATURE (0, "II*\0", N_ ("a TIFF picture")),
  SIGNATURE (0, "MM\0*", N_ ("a TIFF picture")),
  SIGNATURE (0, "II+\0", N_ ("a TIFF picture")),
  SIGNATURE (0, "MM\0+", N_ ("a TIFF picture")),
  SIGNATURE (0, "GIF87a", N_ ("a GIF picture")),
  SIGNATURE (0, "GIF89a", N_ ("a GIF picture")),
  SIGNATURE (8, "WEBP", N_ ("a WebP picture")),
  SIGNATURE (0, "\0\0\0\x0cjP  ", N_ ("a JPEG 2000 picture")),
  SIGNATURE (0, "\xff\x4f\xff\x51", N_ ("a JPEG 2000 picture")),
  SIGNATURE (0, "\0\0\0\x0cJXL ", N_ ("a JPEG XL picture")),
  SIGNATURE (0, "\xff\x0a", N_ ("a JPEG XL picture")),
  SIGNATURE (4, "ftyp", N_ ("a HEIF, AVIF or video file")),
  SIGNATURE (0, "%PDF-", N_ ("a PDF document")),
  SIGNATURE (0, "PK\x03\x04", N_ ("a ZIP archive")),
  SIGNATURE (0, "\x1f\x8b", N_ ("a gzip archive")),
  SIGNATURE (0, "\x93NUMPY", N_ ("a NumPy array")),
  SIGNATURE (0, "version https://git-lfs", N_ ("a Git LFS pointer, not the file itself")),
  SIGNATURE (0, "\x7f"
                "ELF",
             N_ ("a program")),
};

static const char png_signature[8] = "\x89PNG\r\n\x1a\n";

static bool
has_bytes (const uint8_t *head, size_t length, size_t offset, const char *bytes, size_t n)
{
  return length >= offset + n && memcmp (head + offset, bytes, n) == 0;
}

static unsigned
word (const uint8_t *bytes, bool big)
{
  return big ? (unsigned) bytes[0] << 8 | bytes[1] : bytes[0] | (unsigned) bytes[1] << 8;
}

static bool
is_representation (const uint8_t *bytes)
{
  static const char known[] = "AE AS AT CS DA DS DT FD FL IS LO LT OB OD OF OW PN SH SL SQ SS ST TM UI UL UN US UT";
  const char        pair[3] = { (char) bytes[0], (char) bytes[1], '\0' };

  return strlen (pair) == 2 && strchr (pair, ' ') == NULL && strstr (known, pair) != NULL;
}

/* DICOM without a preamble begins with an element of group 0002 or 0008, whose
 * end must meet another one of the same or a later group near by (PS3.5 7.1). */
static bool
is_bare_dicom (const uint8_t *head, size_t length)
{
  bool     big;
  unsigned group, value_length;
  size_t   next = 8;

  if (length < 16)
    return false;
  big = head[0] == 0;
  group = word (head, big);
  if ((group != 0x0002 && group != 0x0008) || word (head + 2, big) > 0x0070)
    return false;
  if (is_representation (head + 4))
    {
      value_length = word (head + 6, big);
      if (value_length == 0 && memcmp (head + 4, "O", 1) == 0)
        {
          value_length = word (head + 8, big) | word (head + 10, big);
          next = 12;
        }
    }
  else if (big || word (head + 6, false) != 0)
    return false;
  else
    value_length = word (head + 4, false);
  next += value_length;
  return value_length % 2 == 0 && next + 4 <= length && word (head + next, big) >= group && word (head + next, big) <= 0x0020;
}

enum dino_kind
dino_kind_of (const uint8_t *head, size_t length)
{
  if (has_bytes (head, length, 0, png_signature, sizeof png_signature))
    return DINO_KIND_PNG;
  if (has_bytes (head, length, 0, "\xff\xd8\xff", 3))
    return DINO_KIND_JPEG;
  if (has_bytes (head, length, 128, "DICM", 4) || is_bare_dicom (head, length))
    return DINO_KIND_DICOM;
  return DINO_KIND_OTHER;
}

/* Signatures too short to be trusted alone. */
static bool
is_bmp (const uint8_t *head, size_t length)
{
  return has_bytes (head, length, 0, "BM", 2) && has_bytes (head, length, 6, "\0\0\0\0", 4);
}

/* Eight bytes of header length, then JSON. */
static bool
is_safetensors (const uint8_t *head, size_t length)
{
  return has_bytes (head, length, 8, "{\"", 2) && has_bytes (head, length, 4, "\0\0\0\0", 4);
}

/* A signature that lost or gained bytes on the way, or has a wrong one. */
static bool
is_damaged_png (const uint8_t *head, size_t length)
{
  size_t n_equal = 0;

  for (size_t i = 0; i < sizeof png_signature && i < length; i++)
    n_equal += head[i] == (uint8_t) png_signature[i];
  return n_equal >= 7 || has_bytes (head, length, 1, "PNG", 3);
}

static bool
is_text (const uint8_t *head, size_t length)
{
  for (size_t i = 0; i < length; i++)
    if ((head[i] < ' ' && strchr ("\t\n\r\f", head[i]) == NULL) || head[i] == 0x7f || head[i] == 0)
      return false;
  return length > 0;
}

static bool
is_markup (const uint8_t *head, size_t length)
{
  size_t start = 0;

  while (start < length && strchr (" \t\r\n", head[start]) != NULL && head[start] != 0)
    start++;
  return start + 2 < length && head[start] == '<' && strchr ("!?hHsS", head[start + 1]) != NULL;
}

static const char *
title_of (const uint8_t *head, size_t length)
{
  for (size_t i = 0; i < sizeof signatures / sizeof *signatures; i++)
    if (has_bytes (head, length, signatures[i].offset, signatures[i].bytes, signatures[i].length))
      return _ (signatures[i].title);
  if (is_bmp (head, length))
    return _ ("a BMP picture");
  if (is_safetensors (head, length))
    return _ ("a safetensors file, as models come in");
  if (is_text (head, length))
    return is_markup (head, length) ? _ ("a web page or XML") : _ ("a text file");
  return NULL;
}

bool
dino_kind_refuse (const uint8_t *head, size_t length, const char *name, struct dino_error *error)
{
  const char *title = title_of (head, length);

  if (length == 0)
    return dino_error_set (error, DINO_CODE_FORMAT, _ ("“%s” is empty."), name);
  if (title != NULL)
    return dino_error_set (error, DINO_CODE_UNSUPPORTED, _ ("“%s” is %s, which is not read; PNG, JPEG and DICOM pictures are."), name, title);
  if (is_damaged_png (head, length))
    return dino_error_set (error, DINO_CODE_FORMAT, _ ("“%s” looks like a PNG picture, but its first bytes are damaged, as by a transfer in text mode."), name);
  return dino_error_set (error, DINO_CODE_UNSUPPORTED, _ ("“%s” is not a picture that can be read; PNG, JPEG and DICOM pictures can."), name);
}
