/* Pictures: limits, orientation, the hash of the samples. */
#include <glib.h>

#include "core/picture/picture.h"
#include "formula.h"

static void
test_limits (void)
{
  static const struct
  {
    int            width, height, channels, bits;
    enum dino_code code;
  } cases[] = {
    { 0, 5, 1, 8, DINO_CODE_FORMAT },
    { 5, -1, 1, 8, DINO_CODE_FORMAT },
    { 32769, 1, 1, 8, DINO_CODE_LIMIT },
    { 1, 32769, 1, 8, DINO_CODE_LIMIT },
    { 8193, 8192, 1, 8, DINO_CODE_LIMIT },
    { G_MAXINT, G_MAXINT, 3, 8, DINO_CODE_LIMIT },
    { 5, 5, 2, 8, DINO_CODE_UNSUPPORTED },
    { 5, 5, 3, 16, DINO_CODE_UNSUPPORTED },
    { 5, 5, 1, 12, DINO_CODE_UNSUPPORTED },
  };

  for (size_t i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      struct dino_error error = { 0 };

      g_assert_null (dino_picture_new (cases[i].width, cases[i].height, cases[i].channels, cases[i].bits, &error));
      g_assert_cmpint (error.code, ==, cases[i].code);
      g_assert_cmpstr (error.message, !=, "");
    }
}

static void
test_references (void)
{
  struct dino_picture *picture = dino_picture_new (32768, 1, 1, 16, NULL);

  g_assert_nonnull (picture);
  g_assert_null (picture->samples8);
  g_assert_true (dino_picture_ref (picture) == picture);
  dino_picture_unref (picture);
  picture->samples16[32767] = 1;
  g_assert_cmpint (picture->references, ==, 1);
  dino_picture_unref (picture);
  dino_picture_unref (NULL);
}

static void
test_measure (void)
{
  struct dino_picture *grey = dino_picture_new (3, 1, 1, 16, NULL);
  struct dino_picture *rgb = dino_picture_new (1, 2, 3, 8, NULL);

  memcpy (grey->samples16, ((uint16_t[]){ 700, 65000, 300 }), 6);
  memcpy (rgb->samples8, ((uint8_t[]){ 9, 8, 7, 200, 6, 9 }), 6);
  g_assert_true (dino_picture_measure (grey, NULL));
  g_assert_true (dino_picture_measure (rgb, NULL));
  g_assert_cmpint (grey->low, ==, 300);
  g_assert_cmpint (grey->high, ==, 65000);
  g_assert_cmpint (rgb->low, ==, 6);
  g_assert_cmpint (rgb->high, ==, 200);
  dino_picture_unref (grey);
  dino_picture_unref (rgb);
}

/* What a viewer shows for the stored rows "abc" and "def" in each orientation. */
static const char *const turned[8] = {
  "abc/def", "cba/fed", "fed/cba", "def/abc", "ad/be/cf", "da/eb/fc", "fc/eb/da", "cf/be/ad"
};

static char *
letters (const struct dino_picture *picture)
{
  GString *text = g_string_new (NULL);

  for (int y = 0; y < picture->height; y++)
    {
      if (y > 0)
        g_string_append_c (text, '/');
      for (int x = 0; x < picture->width; x++)
        {
          size_t i = (size_t) (y * picture->width + x);
          int    value = picture->bits == 16 ? picture->samples16[i] >> 8 : picture->samples8[i * (size_t) picture->channels];

          g_string_append_c (text, (char) value);
        }
    }
  return g_string_free (text, FALSE);
}

static void
check_orientations (int channels, int bits)
{
  struct dino_picture *picture = dino_picture_new (3, 2, channels, bits, NULL);

  for (int i = 0; i < 6; i++)
    if (bits == 16)
      picture->samples16[i] = (uint16_t) (('a' + i) << 8 | i);
    else
      for (int c = 0; c < channels; c++)
        picture->samples8[i * channels + c] = (uint8_t) ('a' + i + c);
  picture->notes = DINO_NOTE_PROFILE_IGNORED;
  g_assert_true (dino_picture_measure (picture, NULL));
  g_strlcpy (picture->format, "PNG", sizeof picture->format);
  for (int orientation = 1; orientation <= 8; orientation++)
    {
      struct dino_picture *upright = dino_picture_oriented (picture, orientation, NULL);
      g_autofree char     *text = letters (upright);

      g_assert_cmpstr (text, ==, turned[orientation - 1]);
      g_assert_cmpint (upright->orientation, ==, orientation);
      g_assert_cmpuint (upright->notes, ==, DINO_NOTE_PROFILE_IGNORED | (orientation > 1 ? DINO_NOTE_ORIENTED : 0));
      g_assert_cmpint (upright->high, ==, picture->high);
      g_assert_cmpstr (upright->format, ==, "PNG");
      if (channels == 3)
        g_assert_cmpint (upright->samples8[2], ==, upright->samples8[0] + 2);
      dino_picture_unref (upright);
    }
  dino_picture_unref (picture);
}

static void
test_orientations (void)
{
  check_orientations (1, 8);
  check_orientations (3, 8);
  check_orientations (1, 16);
}

static void
test_no_such_orientation (void)
{
  struct dino_picture *picture = formula_picture (3, 2, 1);
  struct dino_error    error = { 0 };

  g_assert_null (dino_picture_oriented (picture, 9, &error));
  g_assert_cmpint (error.code, ==, DINO_CODE_ARGUMENT);
  g_assert_null (dino_picture_oriented (picture, 0, NULL));
  dino_picture_unref (picture);
}

/* Against the same bytes laid out by hand and GLib's checksum. */
static void
test_sha256 (void)
{
  struct dino_picture   *grey = dino_picture_new (5000, 2, 1, 16, NULL);
  struct dino_picture   *rgb = formula_picture (2, 1, 3);
  g_autoptr (GByteArray) bytes = g_byte_array_new ();
  const uint8_t          header[16] = { 0x88, 0x13, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0, 16, 0, 0, 0 };
  const uint8_t          header_rgb[16] = { 2, 0, 0, 0, 1, 0, 0, 0, 3, 0, 0, 0, 8, 0, 0, 0 };
  char                   text[DINO_SHA256_LENGTH];

  g_byte_array_append (bytes, header, sizeof header);
  for (int i = 0; i < 10000; i++)
    {
      uint8_t pair[2] = { (uint8_t) (i * 3), (uint8_t) ((i * 3) >> 8) };

      grey->samples16[i] = (uint16_t) (i * 3);
      g_byte_array_append (bytes, pair, 2);
    }
  g_assert_true (dino_picture_sha256 (grey, text, NULL));
  assert_sha256 (bytes->data, bytes->len, text);
  g_byte_array_set_size (bytes, 0);
  g_byte_array_append (bytes, header_rgb, sizeof header_rgb);
  g_byte_array_append (bytes, rgb->samples8, 6);
  g_assert_true (dino_picture_sha256 (rgb, text, NULL));
  assert_sha256 (bytes->data, bytes->len, text);
  dino_picture_unref (grey);
  dino_picture_unref (rgb);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/picture/limits", test_limits);
  g_test_add_func ("/picture/references", test_references);
  g_test_add_func ("/picture/measure", test_measure);
  g_test_add_func ("/picture/orientations", test_orientations);
  g_test_add_func ("/picture/no-such-orientation", test_no_such_orientation);
  g_test_add_func ("/picture/sha256", test_sha256);
  return g_test_run ();
}
