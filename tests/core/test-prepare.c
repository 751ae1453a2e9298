/* pixel_values by the hashes of what the processor makes of formula pictures. */
#include <glib.h>

#include "core/base/memory.h"
#include "core/picture/prepare.h"
#include "formula.h"

#define IMAGENET              \
  { 0.485f, 0.456f, 0.406f }, \
  {                           \
    0.229f, 0.224f, 0.225f    \
  }

static const struct dino_processor rad_dino = {
  .resize = true,
  .shortest_edge = 518,
  .center_crop = true,
  .crop_width = 518,
  .crop_height = 518,
  .rescale_factor = 0.00392156862745098,
  .mean = { 0.5307f, 0.5307f, 0.5307f },
  .std = { 0.2583f, 0.2583f, 0.2583f },
};
static const struct dino_processor dinov2 = {
  .resize = true,
  .shortest_edge = 256,
  .center_crop = true,
  .crop_width = 224,
  .crop_height = 224,
  .rescale_factor = 1 / 255.0,
  IMAGENET,
};
static const struct dino_processor large_crop = {
  .center_crop = true,
  .crop_width = 56,
  .crop_height = 70,
  .rescale_factor = 1 / 255.0,
  IMAGENET,
};
static const struct dino_processor wide_crop = {
  .center_crop = true,
  .crop_width = 56,
  .crop_height = 28,
  .rescale_factor = 1 / 255.0,
  IMAGENET,
};
static const struct dino_processor resize_only = {
  .resize = true,
  .shortest_edge = 60,
  .rescale_factor = 1 / 255.0,
  IMAGENET,
};
static const struct dino_processor odd_crop = {
  .resize = true,
  .shortest_edge = 50,
  .center_crop = true,
  .crop_width = 45,
  .crop_height = 45,
  .rescale_factor = 1 / 255.0,
  IMAGENET,
};
static const struct dino_processor no_rescale = {
  .resize = true,
  .shortest_edge = 50,
  .center_crop = true,
  .crop_width = 42,
  .crop_height = 42,
  .rescale_factor = 1,
  IMAGENET,
};
static const struct dino_processor no_normalize = {
  .center_crop = true,
  .crop_width = 42,
  .crop_height = 42,
  .rescale_factor = 1 / 255.0,
  .mean = { 0, 0, 0 },
  .std = { 1, 1, 1 },
};

static const struct dino_preparation as_processor = { DINO_FIT_CROP, 0, DINO_MODEL_INPUT_MINMAX, DINO_INVERT_AUTO };

/* Made with Pillow and transformers' BitImageProcessor; where the crop is no
 * multiple of the patch, of its pixel_values without the last columns and rows. */
static const struct
{
  const struct dino_processor *processor;
  int                          width, height, channels;
  const char                  *sha256;
} cases[] = {
  { &rad_dino, 777, 1001, 1, "57d10b10149c883eb4b27084edf832a8" },
  { &rad_dino, 2765, 2505, 1, "b5dd5d4fd6ac48c69d78b157274f4765" },
  { &rad_dino, 260, 300, 1, "282c50c25f4a5cc4ca58dec8f47f847d" },
  { &rad_dino, 518, 640, 1, "4e2d74d30f594cdbe68258144790efe2" },
  { &rad_dino, 3000, 2000, 1, "5c7cb56ab1a75e96ac4eb745640547d5" },
  { &dinov2, 301, 260, 3, "d76845af3abd38b94670c491e519a0fa" },
  { &large_crop, 45, 61, 1, "7dd6b11ef1deaec956883b4249bfbd1a" },
  { &wide_crop, 45, 30, 3, "144617d59d429fcf46821f6ceb8d260e" },
  { &resize_only, 260, 301, 1, "d791a0aaf84f1aeec8898ace597a8f98" },
  { &odd_crop, 97, 130, 3, "960d0d320260ff2f2d3b3dbe0023725c" },
  { &no_rescale, 97, 130, 1, "d49b5ddcc46a8f3d44453aa8248d9e9f" },
  { &no_normalize, 97, 130, 1, "8d5082ba491ab675bf48bbcbf230ce04" },
};

static float *
prepare (const struct dino_picture *picture, const struct dino_processor *processor, const struct dino_preparation *preparation, struct dino_geometry *geometry)
{
  struct dino_error error = { 0 };
  float            *values;

  g_assert_true (dino_geometry_init (geometry, processor, 14, picture->width, picture->height, preparation->fit, preparation->input_size, &error));
  values = g_new (float, 3 * geometry->input_width * geometry->input_height);
  g_assert_true (dino_prepare (picture, processor, preparation, geometry, values, &error));
  return values;
}

static size_t
n_bytes (const struct dino_geometry *geometry)
{
  return 3 * (size_t) geometry->input_width * (size_t) geometry->input_height * sizeof (float);
}

static void
test_processor (void)
{
  for (size_t i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      struct dino_picture *picture = formula_picture (cases[i].width, cases[i].height, cases[i].channels);
      struct dino_geometry geometry;
      g_autofree float    *values = prepare (picture, cases[i].processor, &as_processor, &geometry);

      g_test_message ("case %zu: %d x %d", i, cases[i].width, cases[i].height);
      assert_sha256_of_floats (values, n_bytes (&geometry) / sizeof *values, cases[i].sha256);
      dino_picture_unref (picture);
    }
}

/* A picture widened to 12 or 16 bits gives the tensor of the 8-bit one. */
static void
test_16bit (void)
{
  struct dino_picture *narrow = formula_picture (300, 250, 1);
  struct dino_geometry geometry;
  g_autofree float    *expected = prepare (narrow, &rad_dino, &as_processor, &geometry);

  g_assert_cmpint (narrow->low, ==, 0);
  g_assert_cmpint (narrow->high, ==, 255);
  for (int bits = 12; bits <= 16; bits += 4)
    {
      struct dino_picture *wide = dino_picture_new (300, 250, 1, 16, NULL);
      g_autofree float    *values = NULL;

      for (int i = 0; i < 300 * 250; i++)
        {
          unsigned value = narrow->samples8[i];

          wide->samples16[i] = (uint16_t) (bits == 12 ? value << 4 | value >> 4 : value * 257);
        }
      g_assert_true (dino_picture_measure (wide, NULL));
      values = prepare (wide, &rad_dino, &as_processor, &geometry);
      g_assert_cmpmem (values, n_bytes (&geometry), expected, n_bytes (&geometry));
      dino_picture_unref (wide);
    }
  dino_picture_unref (narrow);
}

static void
check_8bit (const uint16_t samples[4], enum dino_invert invert, const uint8_t expected[4])
{
  struct dino_picture    *picture = dino_picture_new (4, 1, 1, 16, NULL);
  struct dino_preparation preparation = as_processor;
  uint8_t                *converted;

  memcpy (picture->samples16, samples, 4 * sizeof *samples);
  g_assert_true (dino_picture_measure (picture, NULL));
  preparation.invert = invert;
  converted = dino_picture_to_8bit (picture, &preparation, NULL);
  g_assert_cmpmem (converted, 4, expected, 4);
  dino_free (converted);
  dino_picture_unref (picture);
}

static void
test_minmax (void)
{
  const uint16_t samples[4] = { 1000, 1001, 1003, 1510 };
  const uint16_t full[4] = { 0, 128, 129, 65535 };
  const uint16_t flat[4] = { 77, 77, 77, 77 };

  /* 255 / 510 = half a level a step, rounded half up; inverted, the exact negative of that. */
  check_8bit (samples, DINO_INVERT_AUTO, (const uint8_t[4]){ 0, 1, 2, 255 });
  check_8bit (samples, DINO_INVERT_NO, (const uint8_t[4]){ 0, 1, 2, 255 });
  check_8bit (samples, DINO_INVERT_YES, (const uint8_t[4]){ 255, 254, 253, 0 });
  check_8bit (full, DINO_INVERT_AUTO, (const uint8_t[4]){ 0, 0, 1, 255 });
  check_8bit (flat, DINO_INVERT_AUTO, (const uint8_t[4]){ 0, 0, 0, 0 });
  check_8bit (flat, DINO_INVERT_YES, (const uint8_t[4]){ 0, 0, 0, 0 });
}

static void
test_invert (void)
{
  struct dino_picture    *picture = formula_picture (60, 50, 3);
  struct dino_picture    *negative = formula_picture (60, 50, 3);
  struct dino_preparation preparation = as_processor;
  struct dino_geometry    geometry;
  uint8_t                *same;
  g_autofree float       *values = NULL;
  g_autofree float       *expected = NULL;

  for (int i = 0; i < 60 * 50 * 3; i++)
    negative->samples8[i] = (uint8_t) (255 - negative->samples8[i]);
  preparation.invert = DINO_INVERT_YES;
  values = prepare (picture, &dinov2, &preparation, &geometry);
  expected = prepare (negative, &dinov2, &as_processor, &geometry);
  g_assert_cmpmem (values, n_bytes (&geometry), expected, n_bytes (&geometry));
  same = dino_picture_to_8bit (picture, &as_processor, NULL);
  g_assert_cmpmem (same, 60 * 50 * 3, picture->samples8, 60 * 50 * 3);
  dino_free (same);
  dino_picture_unref (picture);
  dino_picture_unref (negative);
}

/* Black pixels around the picture, inverted or not. */
static void
test_pad (void)
{
  struct dino_picture *picture = dino_picture_new (100, 50, 1, 8, NULL);

  memset (picture->samples8, 200, 5000);
  for (int invert = 0; invert < 2; invert++)
    {
      const struct dino_preparation preparation = { DINO_FIT_PAD, 56, DINO_MODEL_INPUT_MINMAX, invert ? DINO_INVERT_YES : DINO_INVERT_NO };
      struct dino_geometry          geometry;
      g_autofree float             *values = prepare (picture, &rad_dino, &preparation, &geometry);
      float                         black = (0.0f - 0.5307f) / 0.2583f;
      float                         grey = ((float) ((invert ? 55 : 200) * 0.00392156862745098) - 0.5307f) / 0.2583f;

      for (int c = 0; c < 3; c++)
        for (int y = 0; y < 56; y++)
          for (int x = 0; x < 56; x++)
            g_assert_cmpfloat (values[(c * 56 + y) * 56 + x], ==, y < 14 || y >= 42 ? black : grey);
    }
  dino_picture_unref (picture);
}

static void
test_other_geometry (void)
{
  struct dino_picture *picture = formula_picture (60, 50, 1);
  struct dino_geometry geometry;
  struct dino_error    error = { 0 };
  float                value;

  dino_geometry_init (&geometry, &rad_dino, 14, 50, 60, DINO_FIT_CROP, 0, NULL);
  g_assert_false (dino_prepare (picture, &rad_dino, &as_processor, &geometry, &value, &error));
  g_assert_cmpint (error.code, ==, DINO_CODE_ARGUMENT);
  dino_picture_unref (picture);
}

static void
test_describe (void)
{
  struct dino_picture          *picture = formula_picture (60, 50, 1);
  const struct dino_preparation whole = { DINO_FIT_WHOLE, 42, DINO_MODEL_INPUT_MINMAX, DINO_INVERT_YES };
  struct dino_geometry          geometry;
  char                          line[128];

  dino_geometry_init (&geometry, &rad_dino, 14, 60, 50, DINO_FIT_CROP, 0, NULL);
  dino_preparation_describe (&as_processor, &geometry, picture, line, sizeof line);
  g_assert_cmpstr (line, ==, "fit=crop input-size=518 model-input=minmax invert=auto inverted=no exif=none");
  picture->orientation = 6;
  dino_geometry_init (&geometry, &rad_dino, 14, 60, 50, DINO_FIT_WHOLE, 42, NULL);
  dino_preparation_describe (&whole, &geometry, picture, line, sizeof line);
  g_assert_cmpstr (line, ==, "fit=whole input-size=42 model-input=minmax invert=yes inverted=yes exif=ignored");
  picture->notes |= DINO_NOTE_ORIENTED;
  dino_preparation_describe (&whole, &geometry, picture, line, 20);
  g_assert_cmpstr (line, ==, "fit=whole input-siz");
  dino_preparation_describe (&whole, &geometry, picture, line, sizeof line);
  g_assert_true (g_str_has_suffix (line, "exif=applied"));
  dino_picture_unref (picture);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/prepare/processor", test_processor);
  g_test_add_func ("/prepare/16-bit", test_16bit);
  g_test_add_func ("/prepare/minmax", test_minmax);
  g_test_add_func ("/prepare/invert", test_invert);
  g_test_add_func ("/prepare/pad", test_pad);
  g_test_add_func ("/prepare/other-geometry", test_other_geometry);
  g_test_add_func ("/prepare/describe", test_describe);
  return g_test_run ();
}
