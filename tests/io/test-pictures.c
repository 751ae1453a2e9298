/* From a file to pixel_values: every row of golden/preprocess.json, bit for bit. */
#include <jansson.h>

#include "core/base/memory.h"
#include "core/base/sha256.h"
#include "core/picture/prepare.h"
#include "core/picture/resize.h"
#include "io/read.h"

#include "io-support.h"

/* RAD-DINO's preprocessor_config.json. */
static const struct dino_processor processor = {
  .resize = true,
  .shortest_edge = 518,
  .center_crop = true,
  .crop_width = 518,
  .crop_height = 518,
  .rescale_factor = 0.00392156862745098,
  .mean = { 0.5307f, 0.5307f, 0.5307f },
  .std = { 0.2583f, 0.2583f, 0.2583f },
};

static const struct dino_preparation preparation = { .fit = DINO_FIT_CROP };

static void
sha256_of (const void *data, size_t length, char text[DINO_SHA256_LENGTH])
{
  struct dino_sha256 *sum = dino_sha256_new (NULL);

  g_assert_nonnull (sum);
  dino_sha256_update (sum, data, length);
  dino_sha256_finish (sum, text);
}

static json_t *
load_rows (const char *path)
{
  json_error_t error;
  json_t      *root = json_load_file (path, 0, &error);
  json_t      *rows;

  g_assert_nonnull (root);
  rows = json_incref (json_object_get (root, "files"));
  json_decref (root);
  g_assert_true (json_is_object (rows));
  return rows;
}

static const char *
text_of (json_t *row, const char *key)
{
  const char *text = json_string_value (json_object_get (row, key));

  g_assert_nonnull (text);
  return text;
}

static int
number_of (json_t *row, const char *key)
{
  return (int) json_integer_value (json_object_get (row, key));
}

static void
make_geometry (const struct dino_picture *picture, struct dino_geometry *geometry)
{
  struct dino_error error = { 0 };

  g_assert_true (dino_geometry_init (geometry, &processor, 14, picture->width, picture->height, DINO_FIT_CROP, 0, &error));
}

static void
assert_pixel_values (const struct dino_picture *picture, const char *expected)
{
  struct dino_error    error = { 0 };
  struct dino_geometry geometry;
  char                 sum[DINO_SHA256_LENGTH];
  g_autofree float    *pixel_values = g_new (float, 3 * 518 * 518);

  make_geometry (picture, &geometry);
  g_assert_true (dino_prepare (picture, &processor, &preparation, &geometry, pixel_values, &error));
  /* The golden sums are those of little-endian numbers. */
  for (gsize i = 0; G_BYTE_ORDER == G_BIG_ENDIAN && i < 3 * 518 * 518; i++)
    {
      guint32 bits;

      memcpy (&bits, &pixel_values[i], sizeof bits);
      bits = GUINT32_TO_LE (bits);
      memcpy (&pixel_values[i], &bits, sizeof bits);
    }
  sha256_of (pixel_values, sizeof (float) * 3 * 518 * 518, sum);
  g_assert_cmpstr (sum, ==, expected);
}

/* The 8-bit crop before rescaling; one plane where the row says that all are equal. */
static void
assert_crop (const struct dino_picture *picture, json_t *row)
{
  struct dino_error    error = { 0 };
  struct dino_geometry geometry;
  int                  planes = number_of (row, "planes");
  int                  channels = picture->channels;
  uint8_t             *samples = dino_picture_to_8bit (picture, &preparation, &error);
  g_autofree guint8   *resized = NULL;
  g_autofree guint8   *crop = g_malloc (518 * 518 * 3);
  char                 sum[DINO_SHA256_LENGTH];

  assert_no_error (&error);
  make_geometry (picture, &geometry);
  g_assert_cmpint (geometry.left, ==, number_of (row, "crop_left"));
  g_assert_cmpint (geometry.top, ==, number_of (row, "crop_top"));
  resized = g_malloc ((gsize) geometry.resized_width * (gsize) geometry.resized_height * (gsize) channels);
  g_assert_true (dino_resize_bicubic (samples, picture->width, picture->height, channels, resized, geometry.resized_width, geometry.resized_height, &error));
  for (int y = 0; y < 518; y++)
    for (int x = 0; x < 518; x++)
      for (int c = 0; c < planes; c++)
        crop[(y * 518 + x) * planes + c] = resized[((y + geometry.top) * geometry.resized_width + x + geometry.left) * channels + (channels == 3 ? c : 0)];
  sha256_of (crop, (gsize) (518 * 518 * planes), sum);
  g_assert_cmpstr (sum, ==, text_of (row, "crop_sha256"));
  dino_free (samples);
}

static void
check_row (const char *path, json_t *row)
{
  struct dino_error        error = { 0 };
  struct dino_read_options as_stored = { .ignore_exif = true };
  struct dino_picture     *picture = dino_picture_read (path, &as_stored, &error);
  json_t                  *size = json_object_get (row, "size");

  assert_no_error (&error);
  g_assert_cmpint (picture->width, ==, json_integer_value (json_array_get (size, 0)));
  g_assert_cmpint (picture->height, ==, json_integer_value (json_array_get (size, 1)));
  assert_crop (picture, row);
  assert_pixel_values (picture, text_of (row, "pixel_values_sha256"));
  dino_picture_unref (picture);
}

static void
check_oriented (const char *path, json_t *row)
{
  struct dino_error    error = { 0 };
  struct dino_picture *picture = dino_picture_read (path, NULL, &error);

  assert_no_error (&error);
  g_assert_cmpint (picture->orientation, ==, number_of (row, "exif_orientation"));
  g_assert_true ((picture->notes & DINO_NOTE_ORIENTED) != 0);
  assert_pixel_values (picture, text_of (row, "pixel_values_sha256_oriented"));
  dino_picture_unref (picture);
}

static void
test_modes (void)
{
  g_autofree char *list = test_data ("golden/preprocess.json");
  json_t          *rows = load_rows (list), *row;
  const char      *name;
  guint            n = 0;

  json_object_foreach (rows, name, row)
  {
    g_autofree char *relative = g_build_filename ("golden", name, NULL);
    g_autofree char *path = test_data (relative);

    /* 16-bit grey is not clipped at 255 as Pillow does. */
    if (!g_str_has_prefix (name, "modes/") || json_object_get (row, "note") != NULL)
      continue;
    g_test_message ("%s", name);
    check_row (path, row);
    n++;
  }
  g_assert_cmpuint (n, >=, 16);
  json_decref (rows);
}

/* The two 16-bit files hold the samples of grey8.png, 12 bits ((v << 4) | (v
 * >> 4)) and 16 (v * 257): brought to 8 bits, smallest to 0 and largest to
 * 255, they are grey8.png again but for a difference of rounding. */
static void
test_sixteen_bits (void)
{
  static const char *const names[] = { "golden/modes/grey16.png", "golden/modes/grey16-full.png" };
  g_autofree char         *path8 = test_data ("golden/modes/grey8.png");
  struct dino_error        error = { 0 };
  struct dino_picture     *grey8 = dino_picture_read (path8, NULL, &error);

  assert_no_error (&error);
  g_assert_cmpint (grey8->low, ==, 0);
  g_assert_cmpint (grey8->high, ==, 255);
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char     *path = test_data (names[i]);
      struct dino_picture *picture = dino_picture_read (path, NULL, &error);
      uint8_t             *samples;

      assert_no_error (&error);
      g_assert_cmpint (picture->bits, ==, 16);
      g_assert_cmpint (picture->low, ==, 0);
      g_assert_cmpint (picture->high, ==, i == 0 ? 4095 : 65535);
      samples = dino_picture_to_8bit (picture, &preparation, &error);
      assert_no_error (&error);
      for (int j = 0; j < 150 * 121; j++)
        {
          guint v = grey8->samples8[j];

          g_assert_cmpuint (picture->samples16[j], ==, i == 0 ? (v << 4 | v >> 4) : v * 257);
          g_assert_cmpint (ABS ((int) samples[j] - (int) v), <=, i == 0 ? 1 : 0);
        }
      dino_free (samples);
      dino_picture_unref (picture);
    }
  dino_picture_unref (grey8);
}

static void
test_notes (void)
{
  static const struct
  {
    const char *name, *mode;
    unsigned    notes;
  } rows[] = {
    { "golden/modes/grey1.png", "1-bit grey", 0 },
    { "golden/modes/grey-alpha8.png", "8-bit grey with alpha", DINO_NOTE_ALPHA_DROPPED },
    { "golden/modes/rgba8.png", "8-bit RGB with alpha", DINO_NOTE_ALPHA_DROPPED },
    { "golden/modes/rgb16.png", "16-bit RGB", DINO_NOTE_HIGH_BYTE },
    { "golden/modes/palette8.png", "palette", DINO_NOTE_PALETTE },
    { "golden/modes/palette8-trns.png", "palette with transparency", DINO_NOTE_PALETTE | DINO_NOTE_ALPHA_DROPPED },
    { "golden/modes/grey8-gamma.png", "8-bit grey", DINO_NOTE_PROFILE_IGNORED },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char     *path = test_data (rows[i].name);
      struct dino_error    error = { 0 };
      struct dino_picture *picture = dino_picture_read (path, NULL, &error);

      assert_no_error (&error);
      g_assert_cmpuint (picture->notes, ==, rows[i].notes);
      g_assert_cmpstr (picture->mode, ==, rows[i].mode);
      dino_picture_unref (picture);
    }
}

static void
test_reference_rows (gconstpointer data)
{
  const char      *prefix = data;
  g_autofree char *list = test_reference ("golden/preprocess.json");
  json_t          *rows, *row;
  const char      *name;
  guint            n = 0;

  if (list == NULL)
    {
      g_test_skip ("The reference material is not there.");
      return;
    }
  rows = load_rows (list);
  json_object_foreach (rows, name, row)
  {
    g_autofree char *path = test_reference (name);

    if (!g_str_has_prefix (name, prefix))
      continue;
    g_assert_nonnull (path);
    check_row (path, row);
    n++;
    if (json_object_get (row, "exif_orientation") == NULL)
      continue;
    check_oriented (path, row);
    test_malformed_row ("JPEG", name, NULL);
  }
  g_assert_cmpuint (n, >=, 7);
  json_decref (rows);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/pictures/modes", test_modes);
  g_test_add_func ("/pictures/sixteen-bits", test_sixteen_bits);
  g_test_add_func ("/pictures/notes", test_notes);
  g_test_add_data_func ("/reference/jpeg-exif", "testdata/jpeg-exif/", test_reference_rows);
  g_test_add_data_func ("/reference/chest-png", "testdata/chest-png/", test_reference_rows);
  return g_test_run ();
}
