/* JPEG in: what is read, what is refused, and EXIF orientation. */
#include <stdio.h>
#include <jpeglib.h>

#include "io/exif.h"
#include "io/jpeg.h"
#include "io/jpeg-markers.h"

#include "io-support.h"

static struct dino_picture *
decode (const GByteArray *jpeg, struct dino_error *error)
{
  return dino_jpeg_decode (jpeg->data, jpeg->len, "test.jpg", error);
}

static void
assert_refused (const GByteArray *jpeg, enum dino_code code, const char *part)
{
  struct dino_error    error = { 0 };
  struct dino_picture *picture = decode (jpeg, &error);

  g_assert_null (picture);
  g_assert_nonnull (strstr (error.message, "test.jpg"));
  assert_error (&error, code, part);
}

/* The same for a file of the table of malformed files. */
static void
assert_malformed (const GByteArray *jpeg, const char *name, enum dino_code code, const char *part)
{
  struct dino_error error = { 0 };

  g_assert_null (decode (jpeg, &error));
  test_malformed_row ("JPEG", name, error.message);
  assert_refused (jpeg, code, part);
}

/* Offset of the first marker of this kind (of its 0xff). */
static guint
find_marker (const GByteArray *jpeg, guint8 marker)
{
  guint offset = 2;

  while (jpeg->data[offset + 1] != marker)
    {
      offset += 2 + (guint) (jpeg->data[offset + 2] << 8 | jpeg->data[offset + 3]);
      g_assert_cmpuint (offset + 4, <=, jpeg->len);
    }
  return offset;
}

static void
insert (GByteArray *jpeg, guint offset, const void *data, guint length)
{
  guint old = jpeg->len;

  g_byte_array_set_size (jpeg, old + length);
  memmove (jpeg->data + offset + length, jpeg->data + offset, old - offset);
  memcpy (jpeg->data + offset, data, length);
}

/* A grey ramp, compressed by libjpeg; scans (may be NULL) make it progressive. */
static GByteArray *
compress_ramp (int width, int height, const jpeg_scan_info *scans, int n_scans)
{
  struct jpeg_compress_struct jpeg;
  struct jpeg_error_mgr       errors;
  unsigned char              *memory = NULL;
  unsigned long               size = 0;
  GByteArray                 *bytes = g_byte_array_new ();
  g_autofree JSAMPLE         *row = g_malloc ((gsize) width);

  jpeg.err = jpeg_std_error (&errors);
  jpeg_create_compress (&jpeg);
  jpeg_mem_dest (&jpeg, &memory, &size);
  jpeg.image_width = (JDIMENSION) width;
  jpeg.image_height = (JDIMENSION) height;
  jpeg.input_components = 1;
  jpeg.in_color_space = JCS_GRAYSCALE;
  jpeg_set_defaults (&jpeg);
  jpeg.scan_info = scans;
  jpeg.num_scans = n_scans;
  jpeg_start_compress (&jpeg, TRUE);
  for (int y = 0; y < height; y++)
    {
      for (int x = 0; x < width; x++)
        row[x] = (JSAMPLE) (7 * x + 3 * y + x * y);
      jpeg_write_scanlines (&jpeg, &row, 1);
    }
  jpeg_finish_compress (&jpeg);
  jpeg_destroy_compress (&jpeg);
  g_byte_array_append (bytes, memory, (guint) size);
  free (memory);
  return bytes;
}

static void
test_fields (void)
{
  static const struct
  {
    const char *name, *mode;
    int         channels;
    unsigned    notes;
  } rows[] = {
    { "golden/modes/grey.jpg", "8-bit grey", 1, 0 },
    { "golden/modes/grey-progressive.jpg", "8-bit grey", 1, 0 },
    { "golden/modes/rgb-420.jpg", "8-bit RGB", 3, 0 },
    { "golden/modes/cmyk.jpg", "8-bit CMYK", 3, DINO_NOTE_CMYK },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (GByteArray) jpeg = bytes_of_test_data (rows[i].name);
      struct dino_error      error = { 0 };
      struct dino_picture   *picture = decode (jpeg, &error);

      test_malformed_row ("JPEG", rows[i].name, error.message);
      assert_no_error (&error);
      g_assert_cmpint (picture->width, ==, 150);
      g_assert_cmpint (picture->height, ==, 121);
      g_assert_cmpint (picture->channels, ==, rows[i].channels);
      g_assert_cmpint (picture->bits, ==, 8);
      g_assert_cmpint (picture->file_bits, ==, 8);
      g_assert_cmpint (picture->orientation, ==, 1);
      g_assert_cmpuint (picture->notes, ==, rows[i].notes);
      g_assert_cmpstr (picture->mode, ==, rows[i].mode);
      g_assert_cmpstr (picture->format, ==, "JPEG");
      dino_picture_unref (picture);
    }
}

static void
test_truncated (gconstpointer data)
{
  gboolean                    progressive = GPOINTER_TO_INT (data) != 0;
  static const jpeg_scan_info scans[] = { { 1, { 0 }, 0, 0, 0, 1 }, { 1, { 0 }, 1, 63, 0, 0 }, { 1, { 0 }, 0, 0, 1, 0 } };
  g_autoptr (GByteArray)      jpeg = compress_ramp (33, 17, progressive ? scans : NULL, progressive ? 3 : 0);

  for (guint length = 0; length < jpeg->len; length++)
    {
      g_autofree guint8   *part = g_memdup2 (jpeg->data, MAX (length, 1));
      struct dino_error    error = { 0 };
      struct dino_picture *picture = dino_jpeg_decode (part, length, "cut.jpg", &error);

      g_assert_null (picture);
      assert_error (&error, DINO_CODE_FORMAT, "cut.jpg");
    }
}

/* Nothing must happen but a picture or a message, whatever is flipped. Run under ASan. */
static void
test_flips (gconstpointer data)
{
  g_autoptr (GByteArray) jpeg = bytes_of_test_data (data);
  g_autoptr (GRand)      random = g_rand_new_with_seed (20240608);
  guint                  n_read = 0;

  for (guint i = 0; i < 1500; i++)
    {
      g_autoptr (GByteArray) damaged = g_byte_array_new ();
      struct dino_error      error = { 0 };
      struct dino_picture   *picture;
      /* Every other time in the headers, which are a small part. */
      gint32 end = i % 2 == 0 ? (gint32) jpeg->len : 700;

      g_byte_array_append (damaged, jpeg->data, jpeg->len);
      for (gint n = g_rand_int_range (random, 1, 4); n > 0; n--)
        damaged->data[g_rand_int_range (random, 2, end)] ^= (guint8) (1 << g_rand_int_range (random, 0, 8));
      picture = decode (damaged, &error);
      g_assert_true ((picture == NULL) == (error.code != DINO_CODE_NONE));
      n_read += picture != NULL;
      dino_picture_unref (picture);
    }
  g_test_message ("%u of 1500 were still read", n_read);
}

static void
test_unsupported (void)
{
  g_autoptr (GByteArray) deep = compress_ramp (8, 8, NULL, 0);
  g_autoptr (GByteArray) arithmetic = compress_ramp (8, 8, NULL, 0);
  g_autoptr (GByteArray) lossless = compress_ramp (8, 8, NULL, 0);
  guint                  frame = find_marker (deep, 0xc0);

  deep->data[frame + 4] = 12;
  assert_malformed (deep, "12 bits a sample", DINO_CODE_UNSUPPORTED, "8 bits");
  arithmetic->data[frame + 1] = 0xc9;
  assert_malformed (arithmetic, "arithmetic coding", DINO_CODE_UNSUPPORTED, "arithmetic");
  lossless->data[frame + 1] = 0xc5;
  assert_malformed (lossless, "hierarchical", DINO_CODE_UNSUPPORTED, "hierarchical");
}

static void
test_huge (void)
{
  g_autoptr (GByteArray) jpeg = compress_ramp (8, 8, NULL, 0);
  guint                  frame = find_marker (jpeg, 0xc0);

  memcpy (jpeg->data + frame + 5, "\xea\x60\xea\x60", 4); /* 60000 x 60000 */
  assert_malformed (jpeg, "header claims 60000 × 60000", DINO_CODE_LIMIT, "60000");
  memcpy (jpeg->data + frame + 5, "\0\0\0\x08", 4); /* height told later by DNL: not in this world */
  assert_malformed (jpeg, "header claims no rows", DINO_CODE_FORMAT, "test.jpg");
}

/* Spectral selection of one coefficient a scan, refined once, is within the standard. */
static void
test_scans (void)
{
  jpeg_scan_info         scans[129];
  int                    n = 0;
  g_autoptr (GByteArray) many = NULL;
  g_autoptr (GByteArray) few = NULL;
  struct dino_error      error = { 0 };
  struct dino_picture   *picture;

  scans[n++] = (jpeg_scan_info){ 1, { 0 }, 0, 0, 0, 1 };
  for (int i = 1; i < 64; i++)
    scans[n++] = (jpeg_scan_info){ 1, { 0 }, i, i, 0, 1 };
  few = compress_ramp (16, 16, scans, n);
  scans[n++] = (jpeg_scan_info){ 1, { 0 }, 0, 0, 1, 0 };
  for (int i = 1; i < 64; i++)
    scans[n++] = (jpeg_scan_info){ 1, { 0 }, i, i, 1, 0 };
  many = compress_ramp (16, 16, scans, n);

  picture = decode (few, &error);
  test_malformed_row ("JPEG", "64 scans", error.message);
  assert_no_error (&error);
  dino_picture_unref (picture);
  assert_malformed (many, "128 scans", DINO_CODE_LIMIT, "scans");
}

/* Bytes between segments are noted, bytes lost or changed in the samples refused. */
static void
test_extraneous (void)
{
  g_autoptr (GByteArray) between = compress_ramp (64, 64, NULL, 0);
  g_autoptr (GByteArray) missing = compress_ramp (64, 64, NULL, 0);
  struct dino_error      error = { 0 };
  struct dino_picture   *picture;
  guint                  scan = find_marker (missing, 0xda);

  insert (between, find_marker (between, 0xdb), "stray", 5);
  picture = decode (between, &error);
  test_malformed_row ("JPEG", "extraneous bytes before a marker", error.message);
  assert_no_error (&error);
  g_assert_cmpuint (picture->notes, ==, DINO_NOTE_EXTRANEOUS_BYTES);
  dino_picture_unref (picture);

  g_byte_array_remove_range (missing, scan + 60, 40);
  assert_malformed (missing, "40 bytes of a scan are missing", DINO_CODE_FORMAT, "test.jpg");
}

static void
test_components (void)
{
  g_autoptr (GByteArray) jpeg = bytes_of_test_data ("golden/modes/rgb-444.jpg");
  guint                  frame = find_marker (jpeg, 0xc0);
  guint                  scan;

  /* Two components: the third goes from frame and scan. */
  jpeg->data[frame + 3] = (guint8) (jpeg->data[frame + 3] - 3);
  jpeg->data[frame + 9] = 2;
  g_byte_array_remove_range (jpeg, frame + 16, 3);
  scan = find_marker (jpeg, 0xda);
  jpeg->data[scan + 3] = (guint8) (jpeg->data[scan + 3] - 2);
  jpeg->data[scan + 4] = 2;
  g_byte_array_remove_range (jpeg, scan + 9, 2);
  assert_malformed (jpeg, "two components", DINO_CODE_UNSUPPORTED, "neither grey");
}

static int
orientation_with (const void *segment, guint length)
{
  g_autoptr (GByteArray) jpeg = compress_ramp (8, 8, NULL, 0);
  struct dino_error      error = { 0 };
  struct dino_picture   *picture;
  int                    orientation;

  insert (jpeg, 2, segment, length);
  picture = decode (jpeg, &error);
  assert_no_error (&error);
  orientation = picture->orientation;
  dino_picture_unref (picture);
  return orientation;
}

static void
test_exif_segment (void)
{
  static const guint8    exif[] = "\xff\xe1\x00\x22"
                                  "Exif\0\0"
                                  "II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0\x08\0\0\0\0\0\0\0";
  static const guint8    profile[] = "\xff\xe2\x00\x10"
                                     "ICC_PROFILE\0\x01\x01";
  g_autoptr (GByteArray) jpeg = compress_ramp (8, 8, NULL, 0);
  struct dino_error      error = { 0 };
  struct dino_picture   *picture;

  g_assert_cmpint (orientation_with (exif, sizeof exif - 1), ==, 8);
  g_assert_cmpint (orientation_with (profile, sizeof profile - 1), ==, 1);
  insert (jpeg, 2, profile, sizeof profile - 1);
  picture = decode (jpeg, &error);
  assert_no_error (&error);
  g_assert_cmpuint (picture->notes, ==, DINO_NOTE_PROFILE_IGNORED);
  dino_picture_unref (picture);
}

#define EXIF "Exif\0\0"
#define EXIF2 "exif\0\0"

/* Segments as they come: fill bytes, markers without a length, and ends where none should be. */
static void
test_markers (void)
{
  static const struct
  {
    const char *bytes;
    gsize       length;
    const char *exif; /* what follows its name */
    gboolean    profile;
  } rows[] = {
#define ROW(bytes, exif, profile) { bytes, sizeof (bytes) - 1, exif, profile }
    ROW ("", NULL, FALSE),
    ROW ("\xff\xd8\xff\xe1\0\x09" EXIF "a", "a", FALSE),
    ROW ("\xff\xd8\xff\xff\xff\xe1\0\x09" EXIF "a\xff\xe1\0\x09" EXIF "b", "a", FALSE),
    ROW ("\xff\xd8\xff\x01\xff\xd0\0\xff\0\xff\xe1\0\x09" EXIF "a", "a", FALSE),
    ROW ("\xff\xd8\xff\xe1\0\x09" EXIF2 "a", NULL, FALSE),
    ROW ("\xff\xd8\xff\xe1\0\x05"
         "Exi\xff\xe1\0\x09" EXIF "a",
         "a", FALSE),
    ROW ("\xff\xd8\xff\xe1\0\x0a" EXIF "a", NULL, FALSE),
    ROW ("\xff\xd8\xff\xe1\0\x01" EXIF "a", NULL, FALSE),
    ROW ("\xff\xd8\xff\xda\0\x02\xff\xe1\0\x09" EXIF "a", NULL, FALSE),
    ROW ("\xff\xd8\xff\xd9\xff\xe1\0\x09" EXIF "a", NULL, FALSE),
    ROW ("\xff\xd8\xff\xe2\0\x0eICC_PROFILE\0\xff\xe1\0\x09" EXIF "a", "a", TRUE),
    ROW ("\xff\xd8\xff\xe2\0\x0eICC_PROFILF\0", NULL, FALSE),
    ROW ("\xff\xd8\xff\xe2\0\x06ICC_", NULL, FALSE),
#undef ROW
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree guint8 *copy = g_memdup2 (rows[i].bytes, MAX (rows[i].length, 1));
      const uint8_t     *exif;
      size_t             length;
      bool               profile;

      g_test_message ("row %u", i);
      dino_jpeg_find_markers (copy, rows[i].length, &exif, &length, &profile);
      g_assert_cmpint (profile, ==, rows[i].profile);
      g_assert_cmpint (exif != NULL, ==, rows[i].exif != NULL);
      g_assert_cmpuint (length, ==, exif != NULL ? strlen (rows[i].exif) : 0);
      if (exif != NULL)
        g_assert_cmpmem (exif, length, rows[i].exif, length);
    }
}

static void
test_exif (void)
{
  static const struct
  {
    const char *name;
    const char *bytes;
    gsize       length;
    int         orientation;
  } rows[] = {
#define ROW(name, bytes, orientation) { name, bytes, sizeof (bytes) - 1, orientation }
    ROW ("little endian", "II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0\x03\0\0\0", 3),
    ROW ("big endian", "MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0", 6),
    ROW ("second entry", "MM\0*\0\0\0\x08\0\x02\x01\x0f\0\x02\0\0\0\x01\0\0\0\0\x01\x12\0\x03\0\0\0\x01\0\x05\0\0", 5),
    ROW ("empty", "", 1),
    ROW ("short", "II*\0", 1),
    ROW ("mixed order", "IM*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0\x03\0\0\0", 1),
    ROW ("no order", "XX*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0\x03\0\0\0", 1),
    ROW ("wrong magic", "II+\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0\x03\0\0\0", 1),
    ROW ("directory past the end", "II*\0\xff\xff\xff\xff\x01\0\x12\x01\x03\0\x01\0\0\0\x03\0\0\0", 1),
    ROW ("directory at the last byte", "II*\0\x08\0\0\0\x01", 1),
    ROW ("more entries than bytes", "II*\0\x08\0\0\0\xff\xff\x0f\x01\x03\0\x01\0\0\0\x03\0\0\0", 1),
    ROW ("cut entry", "II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0\x03", 1),
    ROW ("value 0", "II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0\0\0\0\0", 1),
    ROW ("value 9", "II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0\x09\0\0\0", 1),
    ROW ("wrong type", "II*\0\x08\0\0\0\x01\0\x12\x01\x02\0\x01\0\0\0\x03\0\0\0", 1),
    ROW ("two values", "II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x02\0\0\0\x03\0\0\0", 1),
#undef ROW
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      /* A copy of exactly this length, so that ASan sees a byte too many. */
      g_autofree guint8 *copy = g_malloc (MAX (rows[i].length, 1));

      memcpy (copy, rows[i].bytes, rows[i].length);
      g_test_message ("%s", rows[i].name);
      g_assert_cmpint (dino_exif_orientation (copy, rows[i].length), ==, rows[i].orientation);
    }
}

static void
test_exif_random (void)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (7);

  for (guint i = 0; i < 20000; i++)
    {
      gsize              length = (gsize) g_rand_int_range (random, 0, 64);
      g_autofree guint8 *data = g_malloc (MAX (length, 1));
      int                orientation;

      for (gsize j = 0; j < length; j++)
        data[j] = (guint8) g_rand_int_range (random, 0, i % 2 == 0 ? 256 : 20);
      if (length >= 4)
        memcpy (data, i % 3 == 0 ? "MM\0*" : "II*\0", 4);
      orientation = dino_exif_orientation (data, length);
      g_assert_cmpint (orientation, >=, 1);
      g_assert_cmpint (orientation, <=, 8);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/jpeg/fields", test_fields);
  g_test_add_data_func ("/jpeg/truncated-baseline", GINT_TO_POINTER (FALSE), test_truncated);
  g_test_add_data_func ("/jpeg/truncated-progressive", GINT_TO_POINTER (TRUE), test_truncated);
  g_test_add_data_func ("/jpeg/flips-grey", "golden/modes/grey.jpg", test_flips);
  g_test_add_data_func ("/jpeg/flips-progressive", "golden/modes/grey-progressive.jpg", test_flips);
  g_test_add_data_func ("/jpeg/flips-rgb-420", "golden/modes/rgb-420.jpg", test_flips);
  g_test_add_data_func ("/jpeg/flips-cmyk", "golden/modes/cmyk.jpg", test_flips);
  g_test_add_func ("/jpeg/unsupported", test_unsupported);
  g_test_add_func ("/jpeg/huge", test_huge);
  g_test_add_func ("/jpeg/scans", test_scans);
  g_test_add_func ("/jpeg/extraneous", test_extraneous);
  g_test_add_func ("/jpeg/components", test_components);
  g_test_add_func ("/jpeg/exif-segment", test_exif_segment);
  g_test_add_func ("/exif/orientation", test_exif);
  g_test_add_func ("/markers/orientation", test_markers);
  g_test_add_func ("/exif/random", test_exif_random);
  return g_test_run ();
}
