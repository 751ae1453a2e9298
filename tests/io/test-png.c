/* PNG in and out: every mode, every kind of damage. */
#include "io/png.h"

#include "core/base/memory.h"
#include "io-support.h"
#include "png-builder.h"

static guint
pattern (guint x, guint y, guint c)
{
  return (x * 2654435761u) ^ (y * 40503u) ^ (c * 977u) ^ (x * y);
}

static const struct png_description grey8 = { .width = 13, .height = 11, .depth = 8, .color_type = 0, .sample = pattern };
static const struct png_description grey16 = { .width = 21, .height = 19, .depth = 16, .color_type = 0, .sample = pattern };
static const struct png_description rgb8 = { .width = 9, .height = 10, .depth = 8, .color_type = 2, .sample = pattern };

static struct dino_picture *
decode (const GByteArray *png, struct dino_error *error)
{
  return dino_png_decode (png->data, png->len, "test.png", error);
}

static void
assert_refused (const GByteArray *png, enum dino_code code, const char *part)
{
  struct dino_error    error = { 0 };
  struct dino_picture *picture = decode (png, &error);

  g_assert_null (picture);
  g_assert_nonnull (strstr (error.message, "test.png"));
  assert_error (&error, code, part);
}

/* The same for a file that has a name in the table of malformed files. */
static void
assert_malformed (const GByteArray *png, const char *name, enum dino_code code, const char *part)
{
  struct dino_error error = { 0 };

  g_assert_null (decode (png, &error));
  test_malformed_row ("PNG", name, error.message);
  assert_refused (png, code, part);
}

/* What Pillow's convert ("RGB") gives for one sample, worked out apart from the reader. */
static guint
expected_sample (const struct png_description *description, guint x, guint y, guint c)
{
  guint value = description->sample (x, y, c) & ((1u << description->depth) - 1);

  if (description->color_type == 3)
    return (c == 0 ? description->sample (x, y, 0) : c == 1 ? 255 - (description->sample (x, y, 0) & ((1u << description->depth) - 1))
                                                            : 7 * (description->sample (x, y, 0) & ((1u << description->depth) - 1))) &
           (c == 0 ? (1u << description->depth) - 1 : 255);
  if (description->depth < 8)
    return value * 255 / ((1u << description->depth) - 1);
  if (description->depth == 16 && description->color_type != 0)
    return value >> 8;
  return value;
}

static void
check_mode (struct png_description description)
{
  g_autoptr (GByteArray) png = NULL;
  struct dino_error      error = { 0 };
  struct dino_picture   *picture;
  guint                  channels = (description.color_type & 2) != 0 ? 3 : 1;
  gboolean               wide = description.color_type == 0 && description.depth == 16;

  if (description.color_type == 3)
    description.n_colors = 1u << description.depth;
  png = png_build (&description);
  picture = decode (png, &error);
  assert_no_error (&error);
  g_assert_nonnull (picture);
  g_assert_cmpint (picture->width, ==, description.width);
  g_assert_cmpint (picture->height, ==, description.height);
  g_assert_cmpint (picture->channels, ==, channels);
  g_assert_cmpint (picture->bits, ==, wide ? 16 : 8);
  g_assert_cmpint (picture->file_bits, ==, description.depth);
  g_assert_cmpint ((picture->notes & DINO_NOTE_ALPHA_DROPPED) != 0, ==, (description.color_type & 4) != 0);
  g_assert_cmpint ((picture->notes & DINO_NOTE_PALETTE) != 0, ==, description.color_type == 3);
  g_assert_cmpint ((picture->notes & DINO_NOTE_HIGH_BYTE) != 0, ==, description.depth == 16 && !wide);
  for (guint y = 0; y < description.height; y++)
    for (guint x = 0; x < description.width; x++)
      for (guint c = 0; c < channels; c++)
        {
          gsize at = ((gsize) y * description.width + x) * channels + c;

          g_assert_cmpuint (wide ? picture->samples16[at] : picture->samples8[at], ==, expected_sample (&description, x, y, c));
        }
  dino_picture_unref (picture);
}

static void
test_modes (void)
{
  static const struct
  {
    guint8 color_type, depth;
  } modes[] = { { 0, 1 }, { 0, 2 }, { 0, 4 }, { 0, 8 }, { 0, 16 }, { 2, 8 }, { 2, 16 }, { 3, 1 }, { 3, 2 }, { 3, 4 }, { 3, 8 }, { 4, 8 }, { 4, 16 }, { 6, 8 }, { 6, 16 } };
  static const guint sizes[][2] = { { 1, 1 }, { 3, 2 }, { 8, 8 }, { 21, 19 } };

  for (guint i = 0; i < G_N_ELEMENTS (modes); i++)
    for (guint j = 0; j < G_N_ELEMENTS (sizes); j++)
      for (guint interlaced = 0; interlaced < 2; interlaced++)
        {
          struct png_description description = { .width = sizes[j][0], .height = sizes[j][1], .depth = modes[i].depth, .color_type = modes[i].color_type, .interlaced = interlaced != 0, .sample = pattern };

          check_mode (description);
        }
}

static void
test_low_high (void)
{
  g_autoptr (GByteArray) png = png_build (&grey16);
  struct dino_error      error = { 0 };
  struct dino_picture   *picture = decode (png, &error);
  guint                  low = G_MAXUINT16, high = 0;

  assert_no_error (&error);
  for (guint y = 0; y < grey16.height; y++)
    for (guint x = 0; x < grey16.width; x++)
      {
        low = MIN (low, pattern (x, y, 0) & 0xffff);
        high = MAX (high, pattern (x, y, 0) & 0xffff);
      }
  g_assert_cmpuint (picture->low, ==, low);
  g_assert_cmpuint (picture->high, ==, high);
  g_assert_cmpstr (picture->format, ==, "PNG");
  g_assert_cmpstr (picture->mode, ==, "16-bit grey");
  dino_picture_unref (picture);
}

/* The kinds of corrupt files in PngSuite, made from valid ones. */
static void
test_corrupt (void)
{
  static const struct
  {
    const char *name;
    gsize       offset; /* in the file */
    guint8      value;
  } patches[] = {
    { "xs1n0g01", 0, 0x88 },
    { "xs2n0g01", 1, 'Q' },
    { "xs4n0g01", 3, 'g' },
    { "xs7n0g01", 6, 0x1b },
    { "xc1n0g08", 25, 1 },
    { "xc9n2c08", 25, 9 },
    { "xd0n2c08", 24, 0 },
    { "xd3n2c08", 24, 3 },
    { "xd9n2c08", 24, 99 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (patches); i++)
    {
      g_autoptr (GByteArray) png = png_build (i < 5 ? &grey8 : &rgb8);

      png->data[patches[i].offset] = patches[i].value;
      if (patches[i].offset > 8)
        png_fix_checksums (png);
      assert_malformed (png, patches[i].name, DINO_CODE_FORMAT, "test.png");
    }
}

static void
test_corrupt_structure (void)
{
  static const guint8    cr = '\r', lf = '\n';
  g_autoptr (GByteArray) header = png_build (&grey8);
  g_autoptr (GByteArray) samples = png_build (&grey8);
  g_autoptr (GByteArray) without = png_build (&rgb8);
  g_autoptr (GByteArray) with_cr = g_byte_array_new ();
  g_autoptr (GByteArray) with_lf = g_byte_array_new ();
  gsize                  idat = png_find_chunk (without, "IDAT");

  header->data[8 + 8 + 13] ^= 1;
  assert_malformed (header, "xhdn0g08, checksum of IHDR", DINO_CODE_FORMAT, "CRC");

  samples->data[png_find_chunk (samples, "IEND") - 1] ^= 1;
  assert_malformed (samples, "xcsn0g01, checksum of IDAT", DINO_CODE_FORMAT, "CRC");

  g_byte_array_remove_range (without, (guint) idat, (guint) (png_find_chunk (without, "IEND") - idat));
  assert_malformed (without, "xdtn0g01, no IDAT", DINO_CODE_FORMAT, "test.png");

  g_byte_array_append (with_cr, header->data, 5);
  g_byte_array_append (with_cr, &cr, 1);
  g_byte_array_append (with_cr, header->data + 5, header->len - 5);
  assert_malformed (with_cr, "xcrn0g04, CR added", DINO_CODE_FORMAT, "test.png");
  g_byte_array_append (with_lf, header->data, 4);
  g_byte_array_append (with_lf, &lf, 1);
  g_byte_array_append (with_lf, header->data + 5, header->len - 5);
  g_byte_array_append (with_lf, header->data + 6, header->len - 6);
  assert_malformed (with_lf, "xlfn0g04, LF added", DINO_CODE_FORMAT, "test.png");
}

static void
test_wrong_data (void)
{
  struct png_description few_colors = { .width = 13, .height = 11, .depth = 8, .color_type = 3, .sample = pattern, .n_colors = 200 };
  struct png_description short_data = grey8;
  g_autoptr (GByteArray) palette = png_build (&few_colors);
  g_autoptr (GByteArray) adler = png_build (&grey8);
  g_autoptr (GByteArray) taller = png_build (&short_data);

  assert_malformed (palette, "index outside the palette", DINO_CODE_FORMAT, "outside the palette");

  adler->data[png_find_chunk (adler, "IEND") - 5] ^= 1;
  png_fix_checksums (adler);
  assert_malformed (adler, "wrong Adler-32", DINO_CODE_FORMAT, "test.png");

  taller->data[23] = 12; /* one row more than there is data for */
  png_fix_checksums (taller);
  assert_malformed (taller, "a row of samples is missing", DINO_CODE_FORMAT, "test.png");
  taller->data[23] = 10; /* one row less */
  png_fix_checksums (taller);
  assert_malformed (taller, "a row of samples too many", DINO_CODE_FORMAT, "test.png");
}

static void
test_truncated (gconstpointer data)
{
  g_autoptr (GByteArray) png = png_build (data);

  for (guint length = 0; length < png->len; length++)
    {
      g_autofree guint8   *part = g_memdup2 (png->data, MAX (length, 1));
      struct dino_error    error = { 0 };
      struct dino_picture *picture = dino_png_decode (part, length, "cut.png", &error);

      g_assert_null (picture);
      assert_error (&error, DINO_CODE_FORMAT, "cut.png");
    }
}

static void
test_trailing (void)
{
  g_autoptr (GByteArray) png = png_build (&grey8);
  struct dino_error      error = { 0 };
  struct dino_picture   *picture;

  g_byte_array_append (png, (const guint8 *) "trailing", 8);
  picture = decode (png, &error);
  test_malformed_row ("PNG", "bytes after IEND", error.message);
  assert_no_error (&error);
  dino_picture_unref (picture);
}

/* A small file that claims much is refused by its header: no memory of that size is asked for. */
static void
test_huge (void)
{
  static const guint32 sizes[][2] = { { 60000, 60000 }, { 32769, 1 }, { 1, 32769 }, { 32768, 32768 }, { 0x7fffffff, 0x7fffffff }, { 0xffffffff, 0xffffffff } };

  for (guint i = 0; i < G_N_ELEMENTS (sizes); i++)
    {
      g_autoptr (GByteArray) png = png_build (&grey16);
      g_autofree char       *width = g_strdup_printf ("%u", sizes[i][0]);
      g_autofree char       *size = g_strdup_printf ("header claims %u × %u", sizes[i][0], sizes[i][1]);
      guint32                big_endian[2] = { GUINT32_TO_BE (sizes[i][0]), GUINT32_TO_BE (sizes[i][1]) };

      memcpy (png->data + 16, big_endian, 8);
      png_fix_checksums (png);
      assert_malformed (png, size, DINO_CODE_LIMIT, width);
    }
  for (guint i = 0; i < 2; i++)
    {
      g_autoptr (GByteArray) png = png_build (&grey8);

      memset (png->data + 16 + 4 * i, 0, 4);
      png_fix_checksums (png);
      assert_malformed (png, i == 0 ? "header claims 0 × 11" : "header claims 13 × 0", DINO_CODE_FORMAT, "no pixels");
    }
}

/* Nothing must happen but a picture or a message, whatever is flipped. Run under ASan. */
static void
test_flips (gconstpointer data)
{
  g_autoptr (GByteArray) png = png_build (data);
  g_autoptr (GRand)      random = g_rand_new_with_seed (20240607);
  guint                  n_read = 0;

  for (guint i = 0; i < 4000; i++)
    {
      g_autoptr (GByteArray) damaged = g_byte_array_new ();
      struct dino_error      error = { 0 };
      struct dino_picture   *picture;

      g_byte_array_append (damaged, png->data, png->len);
      for (gint n = g_rand_int_range (random, 1, 5); n > 0; n--)
        damaged->data[g_rand_int_range (random, 8, (gint32) png->len)] ^= (guint8) (1 << g_rand_int_range (random, 0, 8));
      /* Half of them with right checksums, or nothing would get past those. */
      if (i % 2 == 0)
        png_fix_checksums (damaged);
      picture = decode (damaged, &error);
      g_assert_true ((picture == NULL) == (error.code != DINO_CODE_NONE));
      n_read += picture != NULL;
      dino_picture_unref (picture);
    }
  g_test_message ("%u of 4000 were still read", n_read);
}

/* tRNS, gAMA and eXIf are noticed; texts with nonsense in them do not matter. */
static void
test_extra_chunks (void)
{
  static const char      exif[] = "MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0";
  g_autoptr (GByteArray) extra = g_byte_array_new ();
  g_autoptr (GByteArray) png = NULL;
  struct png_description description = rgb8;
  struct dino_error      error = { 0 };
  struct dino_picture   *picture;

  png_add_chunk (extra, "gAMA", "\0\0\xb1\x8f", 4);
  png_add_chunk (extra, "tRNS", "\0\1\0\2\0\3", 6);
  png_add_chunk (extra, "eXIf", exif, sizeof exif - 1);
  png_add_chunk (extra, "zTXt", "Comment\0\0not compressed at all", 30);
  png_add_chunk (extra, "puNK", "unknown", 7);
  description.extra = (const char *) extra->data;
  description.extra_length = extra->len;
  png = png_build (&description);
  picture = decode (png, &error);
  assert_no_error (&error);
  g_assert_cmpuint (picture->notes, ==, DINO_NOTE_ALPHA_DROPPED | DINO_NOTE_PROFILE_IGNORED);
  g_assert_cmpint (picture->orientation, ==, 6);
  g_assert_cmpuint (picture->samples8[0], ==, pattern (0, 0, 0) & 255);
  dino_picture_unref (picture);
}

static GByteArray *
write_png (const guint8 *samples, int width, int height, int channels)
{
  g_autofree char    *folder = make_folder ();
  g_autofree char    *path = g_build_filename (folder, "out.png", NULL);
  struct dino_error   error = { 0 };
  struct dino_output *output = dino_output_new (path, &error);
  GByteArray         *written;

  assert_no_error (&error);
  g_assert_true (dino_png_write (output, samples, width, height, channels, &error));
  g_assert_true (dino_output_commit (output, &error));
  written = bytes_of_file (path);
  remove_folder (folder);
  return written;
}

/* Reads back as written; nothing but the picture is in the file. */
static void
test_write (void)
{
  static const int channels[] = { 1, 3, 4 };

  for (guint i = 0; i < G_N_ELEMENTS (channels); i++)
    {
      guint8                 samples[7 * 5 * 4];
      g_autoptr (GByteArray) png = NULL;
      struct dino_error      error = { 0 };
      struct dino_picture   *picture;
      int                    kept = MIN (channels[i], 3);

      for (guint j = 0; j < sizeof samples; j++)
        samples[j] = (guint8) pattern (j, 1, 2);
      png = write_png (samples, 7, 5, channels[i]);
      g_assert_cmpuint (png_find_chunk (png, "IDAT"), ==, 33);
      g_assert_cmpuint (png_find_chunk (png, "IEND") + 12, ==, png->len);
      picture = decode (png, &error);
      assert_no_error (&error);
      g_assert_cmpint (picture->channels, ==, kept);
      for (int pixel = 0; pixel < 35; pixel++)
        for (int c = 0; c < kept; c++)
          g_assert_cmpuint (picture->samples8[pixel * kept + c], ==, samples[pixel * channels[i] + c]);
      dino_picture_unref (picture);
    }
}

static void
test_write_refused (void)
{
  const guint8      sample = 0;
  struct dino_error error = { 0 };

  g_assert_false (dino_png_write (NULL, &sample, 1, 1, 2, &error));
  assert_error (&error, DINO_CODE_ARGUMENT, "2 channels");
}

static void
test_crashers (void)
{
  g_autofree char *folder = test_reference ("testdata/png-crashers");
  g_autoptr (GDir) dir = NULL;
  const char      *name;
  guint            n = 0;

  if (folder == NULL)
    {
      g_test_skip ("The reference material is not there.");
      return;
    }
  dir = g_dir_open (folder, 0, NULL);
  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char       *path = g_build_filename (folder, name, NULL);
      g_autoptr (GByteArray) png = bytes_of_file (path);
      struct dino_error      error = { 0 };
      struct dino_picture   *picture = decode (png, &error);

      test_malformed_row ("PNG", name, error.message);
      g_assert_true ((picture == NULL) == (error.code != DINO_CODE_NONE));
      if (g_str_has_prefix (name, "huge_") || g_str_has_prefix (name, "badcrc") || g_str_has_prefix (name, "badadler"))
        g_assert_null (picture);
      dino_picture_unref (picture);
      n++;
    }
  g_assert_cmpuint (n, >=, 23);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/png/modes", test_modes);
  g_test_add_func ("/png/low-high", test_low_high);
  g_test_add_func ("/png/corrupt", test_corrupt);
  g_test_add_func ("/png/corrupt-structure", test_corrupt_structure);
  g_test_add_func ("/png/wrong-data", test_wrong_data);
  g_test_add_data_func ("/png/truncated-grey8", &grey8, test_truncated);
  g_test_add_data_func ("/png/truncated-grey16", &grey16, test_truncated);
  g_test_add_data_func ("/png/truncated-rgb8", &rgb8, test_truncated);
  g_test_add_func ("/png/trailing", test_trailing);
  g_test_add_func ("/png/huge", test_huge);
  g_test_add_data_func ("/png/flips-grey16", &grey16, test_flips);
  g_test_add_data_func ("/png/flips-rgb8", &rgb8, test_flips);
  g_test_add_func ("/png/extra-chunks", test_extra_chunks);
  g_test_add_func ("/png/write", test_write);
  g_test_add_func ("/png/write-refused", test_write_refused);
  g_test_add_func ("/reference/png-crashers", test_crashers);
  return g_test_run ();
}
