/* The greys that the model gets. */
#include "core/base/memory.h"
#include "core/picture/prepare.h"
#include "grey-case.h"

static double *
model_table (const struct dino_picture *picture, enum dino_model_input model_input, enum dino_invert invert, int voi)
{
  const struct dino_preparation preparation = { .model_input = model_input, .invert = invert, .voi = { .kind = DINO_DISPLAY_FILE, .voi = voi } };
  double                       *table = g_new (double, dino_picture_n_levels (picture));
  struct dino_error             error = { 0 };

  g_assert_true (dino_model_table (picture, &preparation, table, &error));
  return table;
}

/* (modality - smallest) / (largest - smallest) * 255, as golden/dicom.json defines it. */
static void
test_minmax (void)
{
  json_t *cases = grey_cases ("grey.json");

  for (size_t i = 0; i < json_array_size (cases); i++)
    {
      const json_t        *one = json_array_get (cases, i);
      const json_t        *modality = json_object_get (one, "expected_modality");
      struct dino_picture *picture = case_picture (one);
      g_autofree double   *table = model_table (picture, DINO_MODEL_INPUT_MINMAX, DINO_INVERT_AUTO, 0);
      g_autofree double   *inverted = NULL;
      double               low = INFINITY, high = -INFINITY;

      for (size_t x = 0; x < json_array_size (modality); x++)
        {
          low = MIN (low, case_number (modality, x));
          high = MAX (high, case_number (modality, x));
        }
      picture->grey->monochrome1 = true;
      inverted = model_table (picture, DINO_MODEL_INPUT_MINMAX, DINO_INVERT_AUTO, 0);
      for (size_t x = 0; x < json_array_size (modality); x++)
        {
          double expected = (case_number (modality, x) - low) / (high - low) * 255;

          g_assert_cmpfloat_with_epsilon (table[picture->samples16[x]], expected, 1e-9);
          g_assert_cmpfloat_with_epsilon (inverted[picture->samples16[x]], 255 - expected, 1e-9);
        }
      dino_picture_unref (picture);
    }
  json_decref (cases);
}

static void
test_window (void)
{
  json_t *cases = grey_cases ("grey.json");

  for (size_t i = 0; i < json_array_size (cases); i++)
    {
      const json_t        *one = json_array_get (cases, i);
      const json_t        *voi = json_object_get (one, "expected_voi");
      const json_t        *range = json_object_get (one, "expected_range");
      struct dino_picture *picture = case_picture (one);
      g_autofree double   *table = NULL;
      g_autofree double   *inverted = NULL;

      if (picture->grey->n_voi > 0)
        {
          table = model_table (picture, DINO_MODEL_INPUT_WINDOW, DINO_INVERT_AUTO, case_int (one, "index"));
          inverted = model_table (picture, DINO_MODEL_INPUT_WINDOW, DINO_INVERT_YES, case_int (one, "index"));
        }
      for (size_t x = 0; table != NULL && x < json_array_size (voi); x++)
        {
          double expected = (case_number (voi, x) - case_number (range, 0)) / (case_number (range, 1) - case_number (range, 0)) * 255;

          g_assert_cmpfloat_with_epsilon (table[picture->samples16[x]], expected, 1e-9);
          g_assert_cmpfloat_with_epsilon (inverted[picture->samples16[x]], 255 - expected, 1e-9);
        }
      dino_picture_unref (picture);
    }
  json_decref (cases);
}

/* With the window applied, the model gets what is shown. */
static void
test_as_shown (void)
{
  static const struct dino_display displays[] = {
    { .kind = DINO_DISPLAY_AUTO },
    { .kind = DINO_DISPLAY_FULL },
    { .kind = DINO_DISPLAY_PERCENTILE },
    { .kind = DINO_DISPLAY_FILE, .voi = 1 },
    { .kind = DINO_DISPLAY_WINDOW, .window = { 900, 700, DINO_VOI_SIGMOID } },
  };
  struct dino_picture *picture = deep_formula_picture (50, 40, -1000);

  picture->grey = dino_grey_scale_new (NULL);
  picture->grey->slope = 0.5;
  picture->grey->intercept = 300;
  g_assert_true (dino_grey_scale_set_n_voi (picture->grey, 2, NULL));
  picture->grey->voi[0].window = (struct dino_window){ 800, 600, DINO_VOI_LINEAR };
  picture->grey->voi[1].lut = dino_lut_new (1000, NULL);
  picture->grey->voi[1].lut->bits = 10;
  for (int i = 0; i < 1000; i++)
    picture->grey->voi[1].lut->entries[i] = (uint16_t) (i * i / 1000);
  g_assert_true (dino_picture_measure (picture, NULL));
  for (size_t i = 0; i < 2 * G_N_ELEMENTS (displays); i++)
    {
      const struct dino_preparation preparation = { .model_input = DINO_MODEL_INPUT_WINDOW, .voi = displays[i / 2] };
      uint8_t                      *samples, *shown;

      picture->grey->presentation = i % 2 == 0 ? DINO_PRESENTATION_IDENTITY : DINO_PRESENTATION_INVERSE;
      samples = dino_picture_to_8bit (picture, &preparation, NULL);
      shown = dino_display_render (picture, &displays[i / 2], i % 2 != 0, NULL);
      for (int k = 0; k < 50 * 40; k++)
        g_assert_cmpint (samples[k], ==, shown[k]);
      dino_free (samples);
      dino_free (shown);
    }
  dino_picture_unref (picture);
}

/* By hand: percentiles 1 and 99 of 0, 100, …, 1000 are 10 and 990. */
static void
test_percentile (void)
{
  const struct dino_preparation preparation = { .model_input = DINO_MODEL_INPUT_PERCENTILE };
  struct dino_picture          *picture = deep_picture (11, 1, false, 16);
  struct dino_picture          *narrow = dino_picture_new (11, 1, 1, 8, NULL);
  uint8_t                      *samples;

  for (size_t i = 0; i < 11; i++)
    {
      set_stored (picture, i, 100 * (int) i);
      narrow->samples8[i] = (uint8_t) (10 * i);
    }
  g_assert_true (dino_picture_measure (picture, NULL));
  g_assert_true (dino_picture_measure (narrow, NULL));
  for (int i = 0; i < 2; i++)
    {
      samples = dino_picture_to_8bit (i == 0 ? picture : narrow, &preparation, NULL);
      for (int k = 0; k < 11; k++)
        g_assert_cmpint (samples[k], ==, (int) floor (CLAMP (255 * (100.0 * k - 10) / 980, 0, 255) + 0.5));
      dino_free (samples);
    }
  dino_picture_unref (picture);
  dino_picture_unref (narrow);
}

/* Equal pixels as MONOCHROME1 and MONOCHROME2, and a header that is overruled. */
static void
test_negatives (void)
{
  static const enum dino_model_input inputs[] = { DINO_MODEL_INPUT_MINMAX, DINO_MODEL_INPUT_WINDOW, DINO_MODEL_INPUT_PERCENTILE };
  struct dino_picture               *picture = deep_formula_picture (64, 64, 0);

  for (int i = 0; i < 64 * 64; i++)
    picture->samples16[i] = (uint16_t) (picture->samples16[i] >> 4);
  picture->grey = dino_grey_scale_new (NULL);
  g_assert_true (dino_picture_measure (picture, NULL));
  for (size_t i = 0; i < G_N_ELEMENTS (inputs); i++)
    {
      struct dino_preparation preparation = { .model_input = inputs[i] };
      uint8_t                *second, *first, *overruled;

      picture->grey->monochrome1 = false;
      second = dino_picture_to_8bit (picture, &preparation, NULL);
      picture->grey->monochrome1 = true;
      g_assert_true (dino_model_is_inverted (picture, &preparation));
      first = dino_picture_to_8bit (picture, &preparation, NULL);
      preparation.invert = DINO_INVERT_NO;
      overruled = dino_picture_to_8bit (picture, &preparation, NULL);
      g_assert_cmpmem (overruled, 4096, second, 4096);
      for (int k = 0; k < 4096; k++)
        g_assert_cmpint (first[k], ==, 255 - second[k]);
      dino_free (second);
      dino_free (first);
      dino_free (overruled);
    }
  dino_picture_unref (picture);
}

/* The model card's recipe takes values as stored. */
static void
test_bspline_not_inverted (void)
{
  struct dino_picture    *picture = deep_picture (1, 1, false, 8);
  struct dino_preparation preparation = { .model_input = DINO_MODEL_INPUT_BSPLINE };

  picture->grey = dino_grey_scale_new (NULL);
  picture->grey->monochrome1 = true;
  g_assert_false (dino_model_is_inverted (picture, &preparation));
  preparation.invert = DINO_INVERT_YES;
  g_assert_true (dino_model_is_inverted (picture, &preparation));
  preparation = (struct dino_preparation){ .model_input = DINO_MODEL_INPUT_MINMAX };
  picture->grey->monochrome1 = false;
  picture->grey->presentation = DINO_PRESENTATION_INVERSE;
  g_assert_false (dino_model_is_inverted (picture, &preparation));
  preparation.model_input = DINO_MODEL_INPUT_WINDOW;
  g_assert_true (dino_model_is_inverted (picture, &preparation));
  dino_picture_unref (picture);
}

/* Padding beyond the range is cut to its ends. */
static void
test_padding (void)
{
  const struct dino_preparation preparation = { .model_input = DINO_MODEL_INPUT_MINMAX };
  struct dino_picture          *picture = deep_picture (5, 1, true, 16);
  uint8_t                      *samples;

  for (size_t i = 0; i < 5; i++)
    set_stored (picture, i, (const int[5]){ -2000, 0, 51, 102, 255 }[i]);
  picture->grey = dino_grey_scale_new (NULL);
  picture->grey->has_padding = true;
  picture->grey->padding_low = picture->grey->padding_high = -2000;
  g_assert_true (dino_picture_measure (picture, NULL));
  samples = dino_picture_to_8bit (picture, &preparation, NULL);
  g_assert_cmpmem (samples, 5, ((const uint8_t[5]){ 0, 0, 51, 102, 255 }), 5);
  dino_free (samples);
  dino_picture_unref (picture);
}

static void
check_range (const int stored[4], int padding_low, int padding_high, double low, double high)
{
  struct dino_picture *picture = deep_picture (4, 1, true, 16);
  double               got[2];

  for (size_t i = 0; i < 4; i++)
    set_stored (picture, i, stored[i]);
  picture->grey = dino_grey_scale_new (NULL);
  picture->grey->slope = 2;
  picture->grey->has_padding = true;
  picture->grey->padding_low = padding_low;
  picture->grey->padding_high = padding_high;
  g_assert_true (dino_picture_measure (picture, NULL));
  dino_model_minmax_range (picture, &got[0], &got[1]);
  g_assert_cmpfloat (got[0], ==, low);
  g_assert_cmpfloat (got[1], ==, high);
  dino_picture_unref (picture);
}

/* Padding that lies apart is left out; where it joins the picture, it counts. */
static void
test_padding_that_joins (void)
{
  check_range ((const int[4]){ -2000, 0, 51, 102 }, -2000, -2000, 0, 204);
  check_range ((const int[4]){ 0, 12, 31, 102 }, 0, 30, 0, 204);
  check_range ((const int[4]){ 5, 12, 31, 102 }, 0, 30, 10, 204);
  check_range ((const int[4]){ 5, 12, 32, 102 }, 0, 30, 64, 204);
  check_range ((const int[4]){ 1, 7, 99, 110 }, 100, 200, 2, 220);
  check_range ((const int[4]){ 1, 7, 98, 110 }, 100, 200, 2, 196);
  check_range ((const int[4]){ 3, 4, 5, 6 }, 0, 9, 6, 12);
}

static void
test_refused (void)
{
  static const enum dino_model_input inputs[] = { DINO_MODEL_INPUT_WINDOW, DINO_MODEL_INPUT_PERCENTILE };
  struct dino_picture               *colour = formula_picture (20, 20, 3);
  struct dino_picture               *grey = deep_formula_picture (20, 20, 0);
  struct dino_preparation            preparation = { .model_input = DINO_MODEL_INPUT_WINDOW, .voi = { .kind = DINO_DISPLAY_FILE } };
  struct dino_error                  error = { 0 };

  g_assert_true (dino_picture_measure (grey, NULL));
  g_assert_null (dino_picture_to_8bit (grey, &preparation, &error));
  g_assert_cmpint (error.code, ==, DINO_CODE_ARGUMENT);
  for (size_t i = 0; i < G_N_ELEMENTS (inputs); i++)
    {
      error = (struct dino_error){ 0 };
      preparation = (struct dino_preparation){ .model_input = inputs[i] };
      g_assert_null (dino_picture_to_8bit (colour, &preparation, &error));
      g_assert_nonnull (strstr (error.message, "colour"));
      g_assert_nonnull (strstr (error.message, dino_model_input_name (inputs[i])));
    }
  dino_picture_unref (colour);
  dino_picture_unref (grey);
}

static void
test_names (void)
{
  enum dino_model_input model_input = DINO_MODEL_INPUT_MINMAX;

  for (int i = DINO_MODEL_INPUT_MINMAX; i <= DINO_MODEL_INPUT_BSPLINE; i++)
    {
      g_assert_true (dino_model_input_parse (dino_model_input_name ((enum dino_model_input) i), &model_input));
      g_assert_cmpint (model_input, ==, i);
    }
  g_assert_false (dino_model_input_parse ("gamma", &model_input));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/model-grey/minmax", test_minmax);
  g_test_add_func ("/model-grey/window", test_window);
  g_test_add_func ("/model-grey/as-shown", test_as_shown);
  g_test_add_func ("/model-grey/percentile", test_percentile);
  g_test_add_func ("/model-grey/negatives", test_negatives);
  g_test_add_func ("/model-grey/bspline-not-inverted", test_bspline_not_inverted);
  g_test_add_func ("/model-grey/padding", test_padding);
  g_test_add_func ("/model-grey/padding-that-joins", test_padding_that_joins);
  g_test_add_func ("/model-grey/refused", test_refused);
  g_test_add_func ("/model-grey/names", test_names);
  return g_test_run ();
}
