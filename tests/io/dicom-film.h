/* A radiograph of 4 x 3 pixels, read through the helper process. */
#pragma once

#include "dicom-builder.h"
#include "io-support.h"
#include "io/read.h"

enum
{
  FILM_WIDTH = 4,
  FILM_HEIGHT = 3,
  FILM_PIXELS = FILM_WIDTH * FILM_HEIGHT
};

#define TAG_CHARSET DICOM_TAG (0x0008, 0x0005)
#define TAG_MODALITY DICOM_TAG (0x0008, 0x0060)
#define TAG_SAMPLES DICOM_TAG (0x0028, 0x0002)
#define TAG_PHOTOMETRIC DICOM_TAG (0x0028, 0x0004)
#define TAG_FRAMES DICOM_TAG (0x0028, 0x0008)
#define TAG_ROWS DICOM_TAG (0x0028, 0x0010)
#define TAG_COLUMNS DICOM_TAG (0x0028, 0x0011)
#define TAG_ALLOCATED DICOM_TAG (0x0028, 0x0100)
#define TAG_STORED DICOM_TAG (0x0028, 0x0101)
#define TAG_HIGH_BIT DICOM_TAG (0x0028, 0x0102)
#define TAG_REPRESENTATION DICOM_TAG (0x0028, 0x0103)
#define TAG_PIXELS DICOM_TAG (0x7fe0, 0x0010)

static const guint16 film_words[FILM_PIXELS] = { 0, 1, 2, 3, 10, 20, 30, 40, 100, 255, 1000, 4095 };

static inline void
film_set_bits (Dicom *film, int allocated, int stored, int high_bit, bool is_signed)
{
  dicom_put_word (film, TAG_ALLOCATED, "US", allocated);
  dicom_put_word (film, TAG_STORED, "US", stored);
  dicom_put_word (film, TAG_HIGH_BIT, "US", high_bit);
  dicom_put_word (film, TAG_REPRESENTATION, "US", is_signed);
}

/* 12 bits of 16, unsigned, film_words. syntax NULL: that of encoding. */
static inline Dicom *
film_new (enum dicom_encoding encoding, const char *syntax)
{
  Dicom *film = dicom_new (encoding, syntax);

  dicom_put_text (film, DICOM_TAG (0x0008, 0x0016), "UI", "1.2.840.10008.5.1.4.1.1.1");
  dicom_put_text (film, TAG_MODALITY, "CS", "CR");
  dicom_put_word (film, TAG_SAMPLES, "US", 1);
  dicom_put_text (film, TAG_PHOTOMETRIC, "CS", "MONOCHROME2");
  dicom_put_word (film, TAG_ROWS, "US", FILM_HEIGHT);
  dicom_put_word (film, TAG_COLUMNS, "US", FILM_WIDTH);
  film_set_bits (film, 16, 12, 11, false);
  dicom_put_words (film, TAG_PIXELS, "OW", film_words, FILM_PIXELS);
  return film;
}

static inline struct dino_picture *
film_try (const Dicom *film, enum dicom_start start, int frame, struct dino_error *error)
{
  const struct dino_read_options options = { .frame = frame };
  g_autoptr (GByteArray)         bytes = dicom_finish (film, start);

  return dino_picture_read_memory (bytes->data, bytes->len, "film.dcm", &options, error);
}

static inline struct dino_picture *
film_read (const Dicom *film)
{
  struct dino_error    error = { 0 };
  struct dino_picture *picture = film_try (film, DICOM_PREAMBLE, 0, &error);

  assert_no_error (&error);
  g_assert_cmpint (picture->width, ==, FILM_WIDTH);
  g_assert_cmpint (picture->height, ==, FILM_HEIGHT);
  return picture;
}

static inline int
film_stored (const struct dino_picture *picture, int index)
{
  return picture->samples16[index] + picture->stored_offset;
}

static inline void
film_refused (const Dicom *film, enum dino_code code, const char *part)
{
  struct dino_error    error = { 0 };
  struct dino_picture *picture = film_try (film, DICOM_PREAMBLE, 0, &error);

  g_assert_null (picture);
  test_malformed_row ("DICOM", part, error.message);
  assert_error (&error, code, part);
  assert_error (&error, code, "film.dcm");
}
