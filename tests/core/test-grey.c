/* Modality and VOI as pydicom computes them, and which grey scale it is. */
#include "core/picture/display.h"
#include "grey-case.h"

static void
test_modality (void)
{
  json_t *cases = grey_cases ("grey.json");

  g_assert_cmpuint (json_array_size (cases), >, 10);
  for (size_t i = 0; i < json_array_size (cases); i++)
    {
      const json_t        *one = json_array_get (cases, i);
      const json_t        *expected = json_object_get (one, "expected_modality");
      struct dino_picture *picture = case_picture (one);

      g_assert_cmpuint (json_array_size (expected), ==, (size_t) picture->width);
      for (size_t x = 0; x < json_array_size (expected); x++)
        g_assert_cmpfloat_with_epsilon (dino_picture_modality (picture, picture->samples16[x]), case_number (expected, x), 1e-9);
      dino_picture_unref (picture);
    }
  json_decref (cases);
}

static void
test_voi (void)
{
  json_t *cases = grey_cases ("grey.json");

  for (size_t i = 0; i < json_array_size (cases); i++)
    {
      const json_t             *one = json_array_get (cases, i);
      const json_t             *expected = json_object_get (one, "expected_voi");
      struct dino_picture      *picture = case_picture (one);
      const struct dino_display display = { .kind = DINO_DISPLAY_FILE, .voi = case_int (one, "index") };
      double                    low, high;

      for (size_t x = 0; picture->grey->n_voi > 0 && x < json_array_size (expected); x++)
        g_assert_cmpfloat_with_epsilon (dino_display_voi_value (picture, &display, picture->samples16[x]), case_number (expected, x), 1e-8);
      if (picture->grey->n_voi > 0)
        {
          dino_display_voi_range (picture, &display, &low, &high);
          g_assert_cmpfloat (low, ==, case_number (json_object_get (one, "expected_range"), 0));
          g_assert_cmpfloat (high, ==, case_number (json_object_get (one, "expected_range"), 1));
        }
      dino_picture_unref (picture);
    }
  json_decref (cases);
}

/* By hand, from the formulas of PS3.3 C.11.2.1.2.1. */
static void
test_window_edges (void)
{
  const struct dino_window linear = { 50, 11, DINO_VOI_LINEAR };
  const struct dino_window exact = { 50, 10, DINO_VOI_LINEAR_EXACT };
  const struct dino_window threshold = { 50, 1, DINO_VOI_LINEAR };
  const struct dino_window sigmoid = { 50, 10, DINO_VOI_SIGMOID };

  g_assert_cmpfloat (dino_window_value (&linear, 44.5, 0, 100), ==, 0);
  g_assert_cmpfloat (dino_window_value (&linear, 49.5, 0, 100), ==, 50);
  g_assert_cmpfloat (dino_window_value (&linear, 54.5, 0, 100), ==, 100);
  g_assert_cmpfloat (dino_window_value (&linear, 45.5, 0, 100), ==, 10);
  g_assert_cmpfloat (dino_window_value (&exact, 45, 0, 100), ==, 0);
  g_assert_cmpfloat (dino_window_value (&exact, 46, 0, 100), ==, 10);
  g_assert_cmpfloat (dino_window_value (&exact, 55, 0, 100), ==, 100);
  g_assert_cmpfloat (dino_window_value (&exact, 1e9, -100, -200), ==, -200);
  g_assert_cmpfloat (dino_window_value (&threshold, 49.5, 3, 7), ==, 3);
  g_assert_cmpfloat (dino_window_value (&threshold, 49.5001, 3, 7), ==, 7);
  g_assert_cmpfloat (dino_window_value (&sigmoid, 50, 0, 100), ==, 50);
  g_assert_cmpfloat_with_epsilon (dino_window_value (&sigmoid, 55, 0, 100), 88.07970779778823, 1e-9);
  g_assert_cmpfloat (dino_window_value (&sigmoid, -1e9, 0, 100), ==, 0);
}

/* First and last entry hold beyond the table; fractions are cut. */
static void
test_lut (void)
{
  struct dino_lut  *lut = dino_lut_new (3, NULL);
  struct dino_lut  *one = dino_lut_new (1, NULL);
  struct dino_error error = { 0 };

  lut->first = -1;
  memcpy (lut->entries, (const uint16_t[3]){ 10, 20, 65535 }, 6);
  g_assert_cmpfloat (dino_lut_value (lut, -1e300), ==, 10);
  g_assert_cmpfloat (dino_lut_value (lut, -1), ==, 10);
  g_assert_cmpfloat (dino_lut_value (lut, -0.01), ==, 10);
  g_assert_cmpfloat (dino_lut_value (lut, 0), ==, 20);
  g_assert_cmpfloat (dino_lut_value (lut, 0.99), ==, 20);
  g_assert_cmpfloat (dino_lut_value (lut, 1), ==, 65535);
  g_assert_cmpfloat (dino_lut_value (lut, 1e300), ==, 65535);
  g_assert_cmpfloat (dino_lut_value (lut, NAN), ==, 10);
  one->first = 5;
  one->entries[0] = 9;
  g_assert_cmpfloat (dino_lut_value (one, 4), ==, 9);
  g_assert_cmpfloat (dino_lut_value (one, 6), ==, 9);
  dino_lut_free (lut);
  dino_lut_free (one);
  dino_lut_free (NULL);
  g_assert_null (dino_lut_new (0, &error));
  g_assert_cmpint (error.code, ==, DINO_CODE_FORMAT);
  g_assert_null (dino_lut_new (65537, NULL));
}

static void
test_names (void)
{
  enum dino_voi_function function = DINO_VOI_LINEAR;
  struct dino_error      error = { 0 };

  for (int i = DINO_VOI_LINEAR; i <= DINO_VOI_SIGMOID; i++)
    {
      g_assert_true (dino_voi_function_parse (dino_voi_function_name ((enum dino_voi_function) i), &function));
      g_assert_cmpint (function, ==, i);
    }
  g_assert_false (dino_voi_function_parse ("LINEAR", &function));
  g_assert_cmpfloat (dino_grey_scale_modality (NULL, -7), ==, -7);

  struct dino_grey_scale *grey = dino_grey_scale_new (NULL);

  g_assert_cmpfloat (dino_grey_scale_modality (grey, -7), ==, -7);
  g_assert_false (dino_grey_scale_set_n_voi (grey, DINO_VOI_MAX + 1, &error));
  g_assert_cmpint (error.code, ==, DINO_CODE_LIMIT);
  dino_grey_scale_free (grey);
  dino_grey_scale_free (NULL);
}

static char *
grey_digest (const struct dino_grey_scale *grey, int offset)
{
  char text[DINO_SHA256_LENGTH];

  g_assert_true (dino_grey_scale_sha256 (grey, offset, text, NULL));
  return g_strdup (text);
}

static void
test_digest (void)
{
  json_t *cases = grey_cases ("grey.json");

  for (size_t i = 0; i < json_array_size (cases); i++)
    {
      const json_t        *one = json_array_get (cases, i);
      struct dino_picture *picture = case_picture (one);
      g_autofree char     *digest = grey_digest (picture->grey, picture->stored_offset);

      g_assert_cmpstr (digest, ==, json_string_value (json_object_get (one, "digest")));
      dino_picture_unref (picture);
    }
  json_decref (cases);
}

static void
assert_other (const struct dino_grey_scale *grey, int offset, const char *digest)
{
  g_autofree char *other = grey_digest (grey, offset);

  g_assert_cmpstr (other, !=, digest);
}

/* What bears on greys changes it; names and units do not. */
static void
test_digest_tells_apart (void)
{
  struct dino_grey_scale *grey = dino_grey_scale_new (NULL);
  g_autofree char        *digest = NULL;
  g_autofree char        *named = NULL;

  g_assert_true (dino_grey_scale_set_n_voi (grey, 1, NULL));
  grey->voi[0].window = (struct dino_window){ 40, 400, DINO_VOI_LINEAR };
  digest = grey_digest (grey, 0);
  g_strlcpy (grey->unit, "HU", sizeof grey->unit);
  g_strlcpy (grey->voi[0].name, "LUNG", sizeof grey->voi[0].name);
  grey->padding_low = 3;
  named = grey_digest (grey, 0);
  g_assert_cmpstr (named, ==, digest);

  assert_other (grey, -32768, digest);
  grey->monochrome1 = true;
  assert_other (grey, 0, digest);
  grey->monochrome1 = false;
  grey->has_padding = true;
  assert_other (grey, 0, digest);
  grey->has_padding = false;
  grey->intercept = -1024;
  assert_other (grey, 0, digest);
  grey->intercept = 0;
  grey->presentation = DINO_PRESENTATION_INVERSE;
  assert_other (grey, 0, digest);
  grey->presentation = DINO_PRESENTATION_NONE;
  grey->voi[0].window.function = DINO_VOI_SIGMOID;
  assert_other (grey, 0, digest);
  grey->voi[0].window.function = DINO_VOI_LINEAR;
  grey->modality = dino_lut_new (2, NULL);
  memset (grey->modality->entries, 0, 4);
  assert_other (grey, 0, digest);
  dino_grey_scale_free (grey);
}

/* Stored values, not samples: the sum of the bytes that numpy would write. */
static void
test_stored_digest (void)
{
  struct dino_picture *picture = deep_picture (3, 1, true, 12);
  struct dino_picture *narrow = formula_picture (40, 30, 1);
  const int32_t        stored[3] = { GINT32_TO_LE (-2048), 0, GINT32_TO_LE (2047) };
  g_autofree char     *expected = g_compute_checksum_for_data (G_CHECKSUM_SHA256, (const guchar *) stored, sizeof stored);
  g_autofree gint32   *wide = g_new (gint32, 1200);
  char                 text[DINO_SHA256_LENGTH];

  for (size_t i = 0; i < 3; i++)
    set_stored (picture, i, GINT32_FROM_LE (stored[i]));
  g_assert_true (dino_picture_stored_sha256 (picture, text, NULL));
  g_assert_cmpstr (text, ==, expected);
  for (int i = 0; i < 1200; i++)
    wide[i] = GINT32_TO_LE (narrow->samples8[i]);
  g_assert_true (dino_picture_stored_sha256 (narrow, text, NULL));
  assert_sha256 (wide, 4800, text);
  dino_picture_unref (picture);
  dino_picture_unref (narrow);

  picture = deep_formula_picture (100, 50, -2048);
  wide = g_renew (gint32, wide, 5000);
  for (int i = 0; i < 5000; i++)
    wide[i] = GINT32_TO_LE (picture->samples16[i] - 32768);
  g_assert_true (dino_picture_stored_sha256 (picture, text, NULL));
  assert_sha256 (wide, 20000, text);
  dino_picture_unref (picture);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/grey/modality", test_modality);
  g_test_add_func ("/grey/voi", test_voi);
  g_test_add_func ("/grey/window-edges", test_window_edges);
  g_test_add_func ("/grey/lut", test_lut);
  g_test_add_func ("/grey/names", test_names);
  g_test_add_func ("/grey/digest", test_digest);
  g_test_add_func ("/grey/digest-tells-apart", test_digest_tells_apart);
  g_test_add_func ("/grey/stored-digest", test_stored_digest);
  return g_test_run ();
}
