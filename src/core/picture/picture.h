/* A decoded picture: samples as stored in the file, turned upright. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/error.h"
#include "core/base/sha256.h"
#include "core/picture/attributes.h"
#include "core/picture/grey-scale.h"

/* Limits on what is decoded (checked before anything is allocated). */
#define DINO_PICTURE_MAX_SIDE 32768
#define DINO_PICTURE_MAX_PIXELS ((uint64_t) 64 << 20)

/* Things a person should be told about how the file was read. */
enum dino_picture_note
{
  DINO_NOTE_ALPHA_DROPPED = 1 << 0,   /* an alpha channel or tRNS was ignored */
  DINO_NOTE_PALETTE = 1 << 1,         /* palette looked up */
  DINO_NOTE_CMYK = 1 << 2,            /* CMYK brought to RGB as Pillow does */
  DINO_NOTE_HIGH_BYTE = 1 << 3,       /* 16-bit colour: high byte taken, as Pillow does */
  DINO_NOTE_ORIENTED = 1 << 4,        /* EXIF orientation applied */
  DINO_NOTE_PROFILE_IGNORED = 1 << 5, /* gAMA, sRGB or iCCP found and not applied */
  DINO_NOTE_EXTRANEOUS_BYTES = 1 << 6 /* bytes between JPEG markers skipped */
};

/* channels is 1 (grey) or 3 (RGB, interleaved); bits is 8 or 16. 16 bits are
 * kept for grey only; DICOM pictures always have them. A sample stands for the
 * stored value sample + stored_offset. Pictures are immutable once a reader has
 * returned them. */
struct dino_picture
{
  int       width, height; /* pixels, after orientation */
  int       channels;
  int       bits;
  int       file_bits;     /* bits a sample in the file */
  int       orientation;   /* EXIF 1 … 8 as found, 1 when there is none */
  unsigned  notes;         /* enum dino_picture_note */
  int       stored_offset; /* -32768 where stored values are signed, else 0 */
  uint16_t  low, high;     /* smallest and largest sample that is not padding */
  char      format[16];    /* "PNG", "JPEG", "DICOM" */
  char      mode[48];      /* in words: "16-bit grey", "8-bit RGB with alpha" */
  uint8_t  *samples8;      /* [height, width, channels] when bits is 8, else NULL */
  uint16_t *samples16;     /* [height, width] when bits is 16, else NULL */
  uint32_t *histogram;     /* [65536] when bits is 16: how often each sample occurs, padding left out; else NULL */

  struct dino_grey_scale *grey;       /* owned; NULL: samples are greys as they are */
  struct dino_attributes *attributes; /* owned; NULL when the file has none */

  struct dino_picture *original; /* owned reference; NULL unless this is a changed copy (occlude.h), which has grey,
                                  * attributes, histogram, low and high of the original */

  int references; /* atomic; use dino_picture_ref() */
};

/* Checked against the limits above; samples are not initialised. One reference is the caller's. */
struct dino_picture *dino_picture_new (int width, int height, int channels, int bits, struct dino_error *error);
struct dino_picture *dino_picture_ref (struct dino_picture *picture);
void                 dino_picture_unref (struct dino_picture *picture);

/* The picture whose values say what is black and what is white: of a changed
 * copy the original, else picture itself. */
const struct dino_picture *dino_picture_unchanged (const struct dino_picture *picture);

/* Sets low, high and histogram from the samples; where all is padding, it
 * counts. Readers call it last, after grey is set. */
bool dino_picture_measure (struct dino_picture *picture, struct dino_error *error);

/* Whether a stored value is padding. */
bool dino_picture_is_padding (const struct dino_picture *picture, int stored);

/* A new picture turned as EXIF orientation (1 … 8) asks (CIPA DC-008). Files
 * that have it have neither grey scale nor attributes. */
struct dino_picture *dino_picture_oriented (const struct dino_picture *picture, int orientation, struct dino_error *error);

/* sha256 of width, height, channels, bits (little-endian int32 each) and the
 * samples (little-endian): the identity of what was decoded, before preparation. */
bool dino_picture_sha256 (const struct dino_picture *picture, char text[DINO_SHA256_LENGTH], struct dino_error *error);

/* sha256 of the stored values alone, little-endian int32, row by row (grey) or
 * pixel by pixel: what other programs make of the same file can be compared with it. */
bool dino_picture_stored_sha256 (const struct dino_picture *picture, char text[DINO_SHA256_LENGTH], struct dino_error *error);
