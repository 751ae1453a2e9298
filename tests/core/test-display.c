/* What is shown of a picture: ranges as numpy finds them, tables, inversion, texts. */
#include "core/base/memory.h"
#include "core/picture/display.h"
#include "grey-case.h"

static struct dino_picture *
range_picture (const json_t *one)
{
  struct dino_picture *picture = deep_formula_picture (case_int (one, "width"), case_int (one, "height"), case_int (one, "offset"));
  const json_t        *padding = json_object_get (one, "padding");

  picture->grey = dino_grey_scale_new (NULL);
  picture->grey->slope = case_number (json_object_get (one, "rescale"), 0);
  picture->grey->intercept = case_number (json_object_get (one, "rescale"), 1);
  picture->grey->has_padding = json_is_array (padding);
  picture->grey->padding_low = (int) case_number (padding, 0);
  picture->grey->padding_high = (int) case_number (padding, 1);
  g_assert_true (dino_picture_measure (picture, NULL));
  return picture;
}

static void
test_ranges (void)
{
  json_t *cases = grey_cases ("ranges.json");

  for (size_t i = 0; i < json_array_size (cases); i++)
    {
      const json_t        *one = json_array_get (cases, i);
      const json_t        *percents = json_object_get (one, "percents");
      struct dino_picture *picture = range_picture (one);
      double               low, high;

      dino_picture_modality_range (picture, &low, &high);
      g_assert_cmpfloat (low, ==, case_number (json_object_get (one, "range"), 0));
      g_assert_cmpfloat (high, ==, case_number (json_object_get (one, "range"), 1));
      for (size_t k = 0; k < json_array_size (percents); k++)
        {
          g_assert_true (dino_picture_percentiles (picture, case_number (percents, k), 100, &low, &high, NULL));
          g_assert_cmpfloat_with_epsilon (low, case_number (json_object_get (one, "expected"), k), 1e-9);
          g_assert_cmpfloat (high, ==, case_number (json_object_get (one, "range"), 1));
        }
      dino_picture_unref (picture);
    }
  json_decref (cases);
}

/* 8-bit pictures have no histogram: counted from the samples. */
static void
test_percentiles_8bit (void)
{
  struct dino_picture *picture = dino_picture_new (5, 1, 1, 8, NULL);
  double               low, high;

  memcpy (picture->samples8, (const uint8_t[5]){ 200, 10, 30, 20, 10 }, 5);
  g_assert_true (dino_picture_measure (picture, NULL));
  g_assert_true (dino_picture_percentiles (picture, 50, 90, &low, &high, NULL));
  g_assert_cmpfloat (low, ==, 20);
  g_assert_cmpfloat_with_epsilon (high, 30 + 0.6 * 170, 1e-12);
  dino_picture_modality_range (picture, &low, &high);
  g_assert_cmpfloat (low, ==, 10);
  g_assert_cmpfloat (high, ==, 200);
  dino_picture_unref (picture);
}

/* Padding leaves ranges and counts, unless nothing else is there. */
static void
test_padding (void)
{
  struct dino_picture *picture = deep_picture (6, 1, true, 16);

  for (size_t i = 0; i < 6; i++)
    set_stored (picture, i, (const int[6]){ -2000, -2000, 5, 9, -1999, 7 }[i]);
  picture->grey = dino_grey_scale_new (NULL);
  picture->grey->has_padding = true;
  picture->grey->padding_low = -2000;
  picture->grey->padding_high = -1999;
  g_assert_true (dino_picture_is_padding (picture, -2000));
  g_assert_false (dino_picture_is_padding (picture, -1998));
  g_assert_true (dino_picture_measure (picture, NULL));
  g_assert_cmpint (picture->low - 32768, ==, 5);
  g_assert_cmpint (picture->high - 32768, ==, 9);
  g_assert_cmpuint (picture->histogram[32768 - 2000], ==, 0);
  g_assert_cmpuint (picture->histogram[32768 + 7], ==, 1);
  dino_picture_unref (picture);

  picture = deep_picture (2, 1, false, 16);
  set_stored (picture, 0, 3);
  set_stored (picture, 1, 4);
  picture->grey = dino_grey_scale_new (NULL);
  picture->grey->has_padding = true;
  picture->grey->padding_high = 10;
  g_assert_true (dino_picture_measure (picture, NULL));
  g_assert_cmpint (picture->low, ==, 3);
  g_assert_cmpint (picture->high, ==, 4);
  dino_picture_unref (picture);
}

/* The VOI's output brought to 0 … 255. */
static void
test_file_tables (void)
{
  json_t            *cases = grey_cases ("grey.json");
  g_autofree guint8 *table = g_new (guint8, 65536);
  g_autofree guint8 *inverted = g_new (guint8, 65536);

  for (size_t i = 0; i < json_array_size (cases); i++)
    {
      const json_t             *one = json_array_get (cases, i);
      const json_t             *range = json_object_get (one, "expected_range");
      struct dino_picture      *picture = case_picture (one);
      const struct dino_display display = { .kind = DINO_DISPLAY_FILE, .voi = case_int (one, "index") };
      size_t                    n = picture->grey->n_voi > 0 ? (size_t) picture->width : 0;

      g_assert_cmpuint (dino_picture_n_levels (picture), ==, 65536);
      if (n > 0)
        {
          g_assert_true (dino_display_table (picture, &display, false, table, NULL));
          g_assert_true (dino_display_table (picture, &display, true, inverted, NULL));
        }
      for (size_t x = 0; x < n; x++)
        {
          double value = (case_number (json_object_get (one, "expected_voi"), x) - case_number (range, 0)) /
                         (case_number (range, 1) - case_number (range, 0));

          g_assert_cmpfloat (fabs (table[picture->samples16[x]] - 255 * value), <=, 0.5 + 1e-9);
          g_assert_cmpint (inverted[picture->samples16[x]], ==, 255 - table[picture->samples16[x]]);
        }
      dino_picture_unref (picture);
    }
  json_decref (cases);
}

static void
check_four (const int stored[4], const struct dino_display *display, const uint8_t expected[4])
{
  struct dino_picture *picture = deep_picture (4, 1, false, 16);
  uint8_t             *shown;

  for (size_t i = 0; i < 4; i++)
    set_stored (picture, i, stored[i]);
  g_assert_true (dino_picture_measure (picture, NULL));
  shown = dino_display_render (picture, display, false, NULL);
  g_assert_cmpmem (shown, 4, expected, 4);
  dino_free (shown);
  dino_picture_unref (picture);
}

/* By hand. numpy.percentile ([100, 200, 300, 400], [1, 99]) is 103, 397. */
static void
test_ranges_shown (void)
{
  const struct dino_display full = { .kind = DINO_DISPLAY_FULL };
  const struct dino_display percentile = { .kind = DINO_DISPLAY_PERCENTILE };
  const struct dino_display automatic = { .kind = DINO_DISPLAY_AUTO };
  const struct dino_display window = { .kind = DINO_DISPLAY_WINDOW, .window = { 250, 100, DINO_VOI_LINEAR_EXACT } };
  const int                 stored[4] = { 100, 200, 300, 400 };
  const int                 flat[4] = { 77, 77, 77, 77 };

  check_four (stored, &full, (const uint8_t[4]){ 0, 85, 170, 255 });
  check_four (stored, &percentile, (const uint8_t[4]){ 0, 84, 171, 255 });
  check_four (stored, &automatic, (const uint8_t[4]){ 0, 84, 171, 255 });
  check_four (stored, &window, (const uint8_t[4]){ 0, 0, 255, 255 });
  check_four (flat, &full, (const uint8_t[4]){ 0, 0, 0, 0 });
  check_four (flat, &percentile, (const uint8_t[4]){ 0, 0, 0, 0 });
}

/* 8-bit pictures are shown as they are, colours whatever is asked. */
static void
test_as_they_are (void)
{
  const struct dino_display automatic = { .kind = DINO_DISPLAY_AUTO };
  const struct dino_display window = { .kind = DINO_DISPLAY_WINDOW, .window = { 20, 10, DINO_VOI_LINEAR } };
  struct dino_picture      *grey = formula_picture (60, 50, 1);
  struct dino_picture      *colour = formula_picture (60, 50, 3);
  uint8_t                  *shown = dino_display_render (grey, &automatic, false, NULL);
  uint8_t                  *colours = dino_display_render (colour, &window, true, NULL);

  g_assert_cmpmem (shown, 3000, grey->samples8, 3000);
  for (int i = 0; i < 9000; i++)
    g_assert_cmpint (colours[i], ==, 255 - colour->samples8[i]);
  dino_free (shown);
  dino_free (colours);
  dino_picture_unref (grey);
  dino_picture_unref (colour);
}

static void
check_window (const struct dino_picture *picture, enum dino_display_kind kind, int voi, double center, double width, enum dino_voi_function function)
{
  const struct dino_display display = { .kind = kind, .voi = voi };
  struct dino_window        window;

  g_assert_true (dino_display_window (picture, &display, &window, NULL));
  g_assert_cmpfloat (window.center, ==, center);
  g_assert_cmpfloat (window.width, ==, width);
  g_assert_cmpint (window.function, ==, function);
}

/* What a display amounts to, and what AUTO chooses. */
static void
test_resolve (void)
{
  struct dino_picture      *picture = deep_picture (4, 1, false, 12);
  const struct dino_display automatic = { .kind = DINO_DISPLAY_AUTO };
  const struct dino_display absent = { .kind = DINO_DISPLAY_FILE, .voi = 2 };
  struct dino_display       definite;
  struct dino_window        window;
  struct dino_error         error = { 0 };
  uint8_t                   table[256];

  for (size_t i = 0; i < 4; i++)
    set_stored (picture, i, 100 * (int) i + 100);
  g_assert_true (dino_picture_measure (picture, NULL));
  g_assert_cmpint (dino_display_resolve (picture, &automatic).kind, ==, DINO_DISPLAY_PERCENTILE);
  check_window (picture, DINO_DISPLAY_FULL, 0, 250, 300, DINO_VOI_LINEAR_EXACT);
  check_window (picture, DINO_DISPLAY_AUTO, 0, 250, 294, DINO_VOI_LINEAR_EXACT);
  g_assert_false (dino_display_window (picture, &absent, &window, &error));
  g_assert_cmpint (error.code, ==, DINO_CODE_ARGUMENT);

  picture->grey = dino_grey_scale_new (NULL);
  g_assert_true (dino_grey_scale_set_n_voi (picture->grey, 2, NULL));
  picture->grey->voi[0].lut = dino_lut_new (101, NULL);
  memset (picture->grey->voi[0].lut->entries, 0, 202);
  picture->grey->voi[0].lut->first = 50;
  picture->grey->voi[1].window = (struct dino_window){ 40, 400, DINO_VOI_SIGMOID };
  definite = dino_display_resolve (picture, &automatic);
  g_assert_cmpint (definite.kind, ==, DINO_DISPLAY_FILE);
  g_assert_cmpint (definite.voi, ==, 0);
  g_assert_true (dino_display_is_table (picture, &automatic));
  check_window (picture, DINO_DISPLAY_AUTO, 0, 100, 100, DINO_VOI_LINEAR_EXACT);
  check_window (picture, DINO_DISPLAY_FILE, 1, 40, 400, DINO_VOI_SIGMOID);
  error = (struct dino_error){ 0 };
  g_assert_false (dino_display_table (picture, &absent, false, table, &error));
  g_assert_nonnull (strstr (error.message, "2"));
  g_assert_true (dino_display_equal (picture, &automatic, &definite));
  g_assert_false (dino_display_equal (picture, &automatic, &absent));
  dino_picture_unref (picture);
}

/* MONOCHROME1 and INVERSE say the same and never undo each other. */
static void
test_inverted (void)
{
  struct dino_picture *picture = deep_picture (1, 1, false, 8);

  g_assert_false (dino_display_is_inverted (picture, DINO_INVERT_AUTO));
  g_assert_true (dino_display_is_inverted (picture, DINO_INVERT_YES));
  picture->grey = dino_grey_scale_new (NULL);
  for (int i = 0; i < 6; i++)
    {
      picture->grey->monochrome1 = i % 2 != 0;
      picture->grey->presentation = (enum dino_presentation) (i / 2);
      g_assert_cmpint (dino_display_is_inverted (picture, DINO_INVERT_AUTO), ==, i % 2 != 0 || i / 2 == DINO_PRESENTATION_INVERSE);
      g_assert_true (dino_display_is_inverted (picture, DINO_INVERT_YES));
      g_assert_false (dino_display_is_inverted (picture, DINO_INVERT_NO));
    }
  dino_picture_unref (picture);
}

static void
test_texts (void)
{
  static const struct
  {
    const char *text, *canonical;
  } good[] = {
    { "auto", "auto" },
    { "full", "full" },
    { "percentile", "percentile" },
    { "0", "file:0" },
    { "63", "file:63" },
    { "file:2", "file:2" },
    { "40:400", "40:400:linear" },
    { "-600.5:1500:linear-exact", "-600.5:1500:linear-exact" },
    { "1e3:0.5:sigmoid", "1000:0.5:sigmoid" },
    { "7:1", "7:1:linear" },
  };
  static const char *const bad[] = {
    "",
    "Auto",
    "64",
    "-1",
    "+1",
    " 1",
    "1 ",
    "file:",
    "file:x",
    "file:99",
    "40:",
    ":400",
    "40:0",
    "40:0.5",
    "40:-3",
    "40:0:sigmoid",
    "40:400:",
    "40:400:gamma",
    "40:400:linear:x",
    "nan:1",
    "1:inf",
    "0x10:4",
    "40;400",
    "file:1:2",
    "10000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000:1",
  };
  char buffer[DINO_DISPLAY_LENGTH];

  for (size_t i = 0; i < G_N_ELEMENTS (good); i++)
    {
      struct dino_display display, again;

      g_assert_true (dino_display_parse (good[i].text, &display));
      g_assert_cmpstr (dino_display_format (&display, buffer), ==, good[i].canonical);
      g_assert_true (dino_display_parse (buffer, &again));
      g_assert_cmpint (again.kind, ==, display.kind);
      g_assert_cmpint (again.voi, ==, display.voi);
      g_assert_cmpfloat (again.window.center, ==, display.window.center);
      g_assert_cmpfloat (again.window.width, ==, display.window.width);
      g_assert_cmpint (again.window.function, ==, display.window.function);
    }
  for (size_t i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      struct dino_display display;

      g_test_message ("%s", bad[i]);
      g_assert_false (dino_display_parse (bad[i], &display));
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/display/ranges", test_ranges);
  g_test_add_func ("/display/percentiles-8-bit", test_percentiles_8bit);
  g_test_add_func ("/display/padding", test_padding);
  g_test_add_func ("/display/file-tables", test_file_tables);
  g_test_add_func ("/display/ranges-shown", test_ranges_shown);
  g_test_add_func ("/display/as-they-are", test_as_they_are);
  g_test_add_func ("/display/resolve", test_resolve);
  g_test_add_func ("/display/inverted", test_inverted);
  g_test_add_func ("/display/texts", test_texts);
  return g_test_run ();
}
