/* Stored values of DICOM files that are made here: encodings, bits, frames. */
#include "dicom-film.h"

static void
assert_words (const struct dino_picture *picture)
{
  for (int i = 0; i < FILM_PIXELS; i++)
    g_assert_cmpint (film_stored (picture, i), ==, film_words[i]);
}

static void
test_encodings (void)
{
  static const struct
  {
    enum dicom_encoding encoding;
    enum dicom_start    start;
    const char         *name;
  } rows[] = {
    { DICOM_EXPLICIT, DICOM_PREAMBLE, "Little Endian Explicit" },
    { DICOM_IMPLICIT, DICOM_PREAMBLE, "Little Endian Implicit" },
    { DICOM_BIG_ENDIAN, DICOM_PREAMBLE, "Big Endian Explicit" },
    { DICOM_DEFLATED, DICOM_PREAMBLE, "Deflated Explicit VR Little Endian" },
    { DICOM_EXPLICIT, DICOM_META, "Little Endian Explicit" },
    { DICOM_IMPLICIT, DICOM_META, "Little Endian Implicit" },
    { DICOM_EXPLICIT, DICOM_BARE, "Little Endian Explicit" },
    { DICOM_IMPLICIT, DICOM_BARE, "Little Endian Implicit" },
    { DICOM_BIG_ENDIAN, DICOM_BARE, "Big Endian Explicit" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (Dicom)    film = film_new (rows[i].encoding, NULL);
      struct dino_error    error = { 0 };
      struct dino_picture *picture = film_try (film, rows[i].start, 0, &error);

      g_test_message ("%s, start %u", rows[i].name, rows[i].start);
      assert_no_error (&error);
      assert_words (picture);
      g_assert_cmpstr (dino_attributes_find (picture->attributes, "TransferSyntax"), ==, rows[i].name);
      g_assert_cmpstr (picture->format, ==, "DICOM");
      g_assert_cmpstr (picture->mode, ==, "12-bit grey, MONOCHROME2");
      g_assert_cmpint (picture->file_bits, ==, 12);
      g_assert_cmpuint (picture->low, ==, 0);
      g_assert_cmpuint (picture->high, ==, 4095);
      g_assert_cmpuint (picture->histogram[1000], ==, 1);
      g_assert_cmpint (picture->orientation, ==, 1);
      dino_picture_unref (picture);
    }
}

/* More samples than the helper sends at once, and no multiple of that. */
static void
test_large (void)
{
  const guint          width = 301, height = 333;
  g_autoptr (Dicom)    film = film_new (DICOM_EXPLICIT, NULL);
  g_autofree guint16  *words = g_new (guint16, width * height);
  struct dino_error    error = { 0 };
  struct dino_picture *picture;

  for (guint i = 0; i < width * height; i++)
    words[i] = (guint16) (i * 7 % 4096);
  dicom_put_word (film, TAG_ROWS, "US", (int) height);
  dicom_put_word (film, TAG_COLUMNS, "US", (int) width);
  dicom_put_words (film, TAG_PIXELS, "OW", words, width * height);
  picture = film_try (film, DICOM_PREAMBLE, 0, &error);
  assert_no_error (&error);
  g_assert_cmpmem (picture->samples16, width * height * sizeof *words, words, width * height * sizeof *words);
  dino_picture_unref (picture);
}

/* From an open file, by its content, wherever its offset stands. */
static void
test_file (void)
{
  g_autoptr (Dicom)      film = film_new (DICOM_EXPLICIT, NULL);
  g_autoptr (GByteArray) bytes = dicom_finish (film, DICOM_PREAMBLE);
  g_autofree char       *folder = make_folder ();
  g_autofree char       *path = g_build_filename (folder, "film.png", NULL);
  struct dino_error      error = { 0 };
  struct dino_picture   *picture;

  put_file (path, bytes->data, bytes->len);
  g_assert_true (dino_picture_recognise (path));
  g_assert_true (dino_picture_is_dicom (path));
  picture = dino_picture_read (path, NULL, &error);
  assert_no_error (&error);
  assert_words (picture);
  dino_picture_unref (picture);
  remove_folder (folder);
}

/* HighBit above BitsStored - 1, other things above and below the value, sign. */
static void
test_bits (void)
{
  static const struct
  {
    int     allocated, stored, high_bit;
    bool    is_signed;
    guint16 word;
    int     value;
  } rows[] = {
    { 16, 16, 15, false, 0xffff, 65535 },
    { 16, 16, 15, true, 0xffff, -1 },
    { 16, 16, 15, true, 0x8000, -32768 },
    { 16, 16, 15, true, 0x7fff, 32767 },
    { 16, 12, 11, true, 0x0fff, -1 },
    { 16, 12, 11, true, 0x0800, -2048 },
    { 16, 12, 11, true, 0xf7ff, 2047 },
    { 16, 12, 11, false, 0xf123, 0x123 },
    { 16, 12, 15, false, 0x123f, 0x123 },
    { 16, 12, 15, true, 0xfff0, -1 },
    { 16, 10, 13, false, 0xbff0, 0x3ff },
    { 16, 1, 0, false, 0xfffe, 0 },
    { 16, 1, 0, true, 0x0001, -1 },
    { 16, 8, 7, false, 0x12ff, 255 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (Dicom)    film = film_new (DICOM_EXPLICIT, NULL);
      guint16              words[FILM_PIXELS] = { rows[i].word };
      struct dino_picture *picture;

      film_set_bits (film, rows[i].allocated, rows[i].stored, rows[i].high_bit, rows[i].is_signed);
      dicom_put_words (film, TAG_PIXELS, "OW", words, FILM_PIXELS);
      picture = film_read (film);
      g_test_message ("row %u", i);
      g_assert_cmpint (film_stored (picture, 0), ==, rows[i].value);
      g_assert_cmpint (film_stored (picture, 1), ==, 0);
      g_assert_cmpint (picture->stored_offset, ==, rows[i].is_signed ? -32768 : 0);
      g_assert_cmpint (picture->file_bits, ==, rows[i].stored);
      dino_picture_unref (picture);
    }
}

static const guint8 film_bytes[FILM_PIXELS] = { 0, 1, 2, 127, 128, 129, 253, 254, 255, 7, 8, 9 };

/* Two pixels a word, the first one in its low byte (PS3.5 8.1.1). */
static void
put_bytes_as_words (Dicom *film)
{
  guint16 words[FILM_PIXELS / 2];

  for (int i = 0; i < FILM_PIXELS / 2; i++)
    words[i] = (guint16) (film_bytes[2 * i] | film_bytes[2 * i + 1] << 8);
  dicom_put_words (film, TAG_PIXELS, "OW", words, FILM_PIXELS / 2);
}

static void
test_eight_bits (void)
{
  static const enum dicom_encoding encodings[] = { DICOM_EXPLICIT, DICOM_IMPLICIT, DICOM_BIG_ENDIAN };

  for (guint i = 0; i < 2 * G_N_ELEMENTS (encodings); i++)
    {
      g_autoptr (Dicom)    film = film_new (encodings[i / 2], NULL);
      struct dino_picture *picture;

      film_set_bits (film, 8, 8, 7, false);
      if (i % 2 == 0)
        dicom_put_bytes (film, TAG_PIXELS, "OB", film_bytes, FILM_PIXELS);
      else
        put_bytes_as_words (film);
      g_test_message ("encoding %u, %s", encodings[i / 2], i % 2 == 0 ? "OB" : "OW");
      picture = film_read (film);
      for (int j = 0; j < FILM_PIXELS; j++)
        g_assert_cmpint (film_stored (picture, j), ==, film_bytes[j]);
      dino_picture_unref (picture);
    }
}

/* Three pixels in a row of one: pixel data of odd length get a byte of padding. */
static void
test_odd (void)
{
  g_autoptr (Dicom)    film = film_new (DICOM_EXPLICIT, NULL);
  struct dino_error    error = { 0 };
  struct dino_picture *picture;

  film_set_bits (film, 8, 8, 7, true);
  dicom_put_word (film, TAG_ROWS, "US", 1);
  dicom_put_word (film, TAG_COLUMNS, "US", 3);
  dicom_put_bytes (film, TAG_PIXELS, "OB", "\x01\x80\xff", 3);
  picture = film_try (film, DICOM_PREAMBLE, 0, &error);
  assert_no_error (&error);
  g_assert_cmpint (film_stored (picture, 0), ==, 1);
  g_assert_cmpint (film_stored (picture, 1), ==, -128);
  g_assert_cmpint (film_stored (picture, 2), ==, -1);
  dino_picture_unref (picture);
}

/* PS3.5 G: a header of 64 bytes, then runs; high bytes are the first segment. */
static void
test_rle (void)
{
  g_autoptr (Dicom)    film = film_new (DICOM_EXPLICIT, "1.2.840.10008.1.2.5");
  guint8               frame[64 + 32] = { 1, 0, 0, 0, 64 };
  static const int     first[FILM_PIXELS] = { 9, 9, 9, 9, 9, 1, 2, 3, 4, 5, 6, 255 };
  struct dino_picture *picture;

  film_set_bits (film, 8, 8, 7, false);
  /* 5 copies of 9, then 7 as they are. */
  memcpy (frame + 64, "\xfc\x09\x06\x01\x02\x03\x04\x05\x06\xff", 10);
  dicom_put_fragment (film, frame, 64 + 10);
  picture = film_read (film);
  for (int i = 0; i < FILM_PIXELS; i++)
    g_assert_cmpint (film_stored (picture, i), ==, first[i]);
  dino_picture_unref (picture);

  film_set_bits (film, 16, 16, 15, false);
  frame[0] = 2;
  frame[8] = 64 + 4;
  /* 12 high bytes of 1, padded; 12 low bytes of 2 and 3. */
  memcpy (frame + 64, "\xf5\x01\x80\x80\xfa\x02\xfc\x03", 8);
  dicom_put_fragment (film, frame, 64 + 8);
  picture = film_read (film);
  for (int i = 0; i < FILM_PIXELS; i++)
    g_assert_cmpint (film_stored (picture, i), ==, i < 7 ? 0x102 : 0x103);
  dino_picture_unref (picture);
}

static void
test_frames (void)
{
  g_autoptr (Dicom) film = film_new (DICOM_EXPLICIT, NULL);
  guint16           words[2 * FILM_PIXELS];
  struct dino_error error = { 0 };

  for (int i = 0; i < 2 * FILM_PIXELS; i++)
    words[i] = (guint16) (100 + i);
  dicom_put_words (film, TAG_PIXELS, "OW", words, 2 * FILM_PIXELS);
  dicom_put_text (film, TAG_FRAMES, "IS", "2");
  film_refused (film, DINO_CODE_UNSUPPORTED, "has 2 frames");
  for (int frame = 1; frame <= 2; frame++)
    {
      struct dino_picture *picture = film_try (film, DICOM_PREAMBLE, frame, &error);

      assert_no_error (&error);
      for (int i = 0; i < FILM_PIXELS; i++)
        g_assert_cmpint (film_stored (picture, i), ==, 100 + (frame - 1) * FILM_PIXELS + i);
      dino_picture_unref (picture);
    }
  g_assert_null (film_try (film, DICOM_PREAMBLE, 3, &error));
  assert_error (&error, DINO_CODE_ARGUMENT, "has no frame 3; it has 2");

  /* One frame may be said to be one. */
  dicom_put_text (film, TAG_FRAMES, "IS", "1");
  dino_picture_unref (film_read (film));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/dicom/encodings", test_encodings);
  g_test_add_func ("/dicom/large", test_large);
  g_test_add_func ("/dicom/file", test_file);
  g_test_add_func ("/dicom/bits", test_bits);
  g_test_add_func ("/dicom/eight-bits", test_eight_bits);
  g_test_add_func ("/dicom/odd", test_odd);
  g_test_add_func ("/dicom/rle", test_rle);
  g_test_add_func ("/dicom/frames", test_frames);
  return g_test_run ();
}
