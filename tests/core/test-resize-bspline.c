/* Cubic B-splines and what the model card makes of them, compared with SimpleITK. */
#include "core/base/memory.h"
#include "core/picture/prepare.h"
#include "core/picture/resize-bspline.h"
#include "grey-case.h"

static struct dino_picture *
make_picture (const json_t *json)
{
  int                  offset = case_int (json, "offset");
  struct dino_picture *picture;

  if (!json_is_true (json_object_get (json, "deep")))
    return formula_picture (case_int (json, "width"), case_int (json, "height"), 1);
  picture = deep_formula_picture (case_int (json, "width"), case_int (json, "height"), offset);
  g_assert_true (dino_picture_measure (picture, NULL));
  return picture;
}

static void
check_floats (const struct dino_picture *picture, const json_t *json, int width, int height)
{
  const json_t     *floats = json_object_get (json, "floats");
  g_autofree float *values = g_new (float, (gsize) width *(gsize) height);

  g_assert_cmpuint (json_array_size (floats), ==, (size_t) width * (size_t) height);
  g_assert_true (dino_resize_bspline (picture, values, width, height, NULL));
  for (size_t i = 0; i < json_array_size (floats); i++)
    g_assert_cmpfloat_with_epsilon (values[i], case_number (floats, i), 1e-3 + 1e-6 * fabs (case_number (floats, i)));
}

/* Where the product with 255 comes next to a whole number, the cut may fall on either side. */
static void
check_greys (const struct dino_picture *picture, const json_t *json, int width, int height)
{
  const struct dino_preparation preparation = { .model_input = DINO_MODEL_INPUT_BSPLINE };
  const struct dino_preparation inverted = { .model_input = DINO_MODEL_INPUT_BSPLINE, .invert = DINO_INVERT_YES };
  const json_t                 *greys = json_object_get (json, "greys");
  uint8_t                      *samples = dino_picture_to_8bit_bspline (picture, &preparation, width, height, NULL);
  uint8_t                      *negative = dino_picture_to_8bit_bspline (picture, &inverted, width, height, NULL);
  size_t                        n_other = 0;

  for (size_t i = 0; i < json_array_size (greys); i++)
    {
      int difference = samples[i] - (int) json_integer_value (json_array_get (greys, i));

      g_assert_cmpint (ABS (difference), <=, 1);
      g_assert_cmpint (negative[i], ==, 255 - samples[i]);
      n_other += difference != 0;
    }
  g_assert_cmpuint (n_other, <=, json_array_size (greys) / 500);
  dino_free (samples);
  dino_free (negative);
}

static void
test_pictures (void)
{
  json_t *json = grey_cases ("bspline.json");
  json_t *pictures = json_object_get (json, "pictures");

  g_assert_cmpuint (json_array_size (pictures), >, 4);
  for (size_t i = 0; i < json_array_size (pictures); i++)
    {
      const json_t        *one = json_array_get (pictures, i);
      struct dino_picture *picture = make_picture (one);
      int                  width = (int) case_number (json_object_get (one, "size"), 0);
      int                  height = (int) case_number (json_object_get (one, "size"), 1);

      check_floats (picture, one, width, height);
      check_greys (picture, one, width, height);
      dino_picture_unref (picture);
    }
  json_decref (json);
}

/* At the size it has, a picture stays what it is; one line is constant across. */
static void
test_degenerate (void)
{
  struct dino_picture *picture = deep_formula_picture (23, 9, -300);
  struct dino_picture *line = deep_formula_picture (1, 9, 0);
  struct dino_picture *pair = deep_formula_picture (2, 2, 0);
  float                values[23 * 9];

  g_assert_true (dino_resize_bspline (picture, values, 23, 9, NULL));
  for (int i = 0; i < 23 * 9; i++)
    g_assert_cmpfloat_with_epsilon (values[i], picture->samples16[i] - 32768, 1e-3);
  g_assert_true (dino_resize_bspline (line, values, 2, 9, NULL));
  for (int i = 0; i < 9; i++)
    {
      g_assert_cmpfloat_with_epsilon (values[2 * i], line->samples16[i], 1e-3);
      g_assert_cmpfloat (values[2 * i + 1], ==, 0);
    }
  g_assert_true (dino_resize_bspline (pair, values, 3, 3, NULL));
  g_assert_cmpfloat_with_epsilon (values[0], pair->samples16[0], 1e-3);
  dino_picture_unref (picture);
  dino_picture_unref (line);
  dino_picture_unref (pair);
}

static void
test_flat (void)
{
  const struct dino_preparation preparation = { .model_input = DINO_MODEL_INPUT_BSPLINE, .invert = DINO_INVERT_YES };
  struct dino_picture          *picture = dino_picture_new (30, 30, 1, 8, NULL);
  uint8_t                      *samples;

  memset (picture->samples8, 0, 900);
  samples = dino_picture_to_8bit_bspline (picture, &preparation, 20, 20, NULL);
  for (int i = 0; i < 400; i++)
    g_assert_cmpint (samples[i], ==, 0);
  dino_free (samples);
  dino_picture_unref (picture);
}

static const struct dino_processor processor = {
  .resize = true,
  .shortest_edge = 28,
  .center_crop = true,
  .crop_width = 28,
  .crop_height = 28,
  .rescale_factor = 1,
  .std = { 1, 1, 1 },
};

/* Sizes are those of Python's round(). */
static void
test_sizes (void)
{
  json_t *json = grey_cases ("bspline.json");
  json_t *sizes = json_object_get (json, "sizes");

  for (size_t i = 0; i < json_array_size (sizes); i++)
    {
      const struct dino_preparation preparation = { .fit = DINO_FIT_CROP, .model_input = DINO_MODEL_INPUT_BSPLINE };
      const json_t                 *size = json_array_get (sizes, i);
      int                           edge = (int) case_number (size, 2);
      struct dino_processor         one = processor;
      struct dino_geometry          geometry;

      one.shortest_edge = one.crop_width = one.crop_height = edge;
      g_assert_true (dino_preparation_geometry (&preparation, &one, 2, (int) case_number (size, 0), (int) case_number (size, 1), &geometry, NULL));
      g_assert_cmpint (geometry.resized_width, ==, (int) case_number (size, 3));
      g_assert_cmpint (geometry.resized_height, ==, (int) case_number (size, 4));
      g_assert_cmpint (geometry.left, ==, ((int) case_number (size, 3) - edge) / 2);
      g_assert_cmpint (geometry.top, ==, ((int) case_number (size, 4) - edge) / 2);
    }
  json_decref (json);
}

/* The tensor: the greys of the whole resized picture, cropped, padded or whole. */
static void
test_prepare (void)
{
  static const struct
  {
    enum dino_fit fit;
    int           resized_width, resized_height, left, top;
  } cases[] = {
    { DINO_FIT_CROP, 28, 38, 0, 5 },
    { DINO_FIT_WHOLE, 28, 38, 0, 5 },
    { DINO_FIT_PAD, 21, 28, -4, 0 },
  };
  struct dino_picture *picture = formula_picture (45, 61, 1);

  for (size_t i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      const struct dino_preparation preparation = { .fit = cases[i].fit, .model_input = DINO_MODEL_INPUT_BSPLINE };
      struct dino_geometry          geometry;
      float                         values[3 * 28 * 28];
      uint8_t                      *greys;

      g_assert_true (dino_preparation_geometry (&preparation, &processor, 14, 45, 61, &geometry, NULL));
      g_assert_cmpint (geometry.resized_width, ==, cases[i].resized_width);
      g_assert_cmpint (geometry.resized_height, ==, cases[i].resized_height);
      g_assert_cmpint (geometry.left, ==, cases[i].left);
      g_assert_cmpint (geometry.top, ==, cases[i].top);
      g_assert_cmpint (geometry.input_width, ==, 28);
      g_assert_cmpint (geometry.input_height, ==, 28);
      greys = dino_picture_to_8bit_bspline (picture, &preparation, geometry.resized_width, geometry.resized_height, NULL);
      g_assert_true (dino_prepare (picture, &processor, &preparation, &geometry, values, NULL));
      for (int y = 0; y < 28; y++)
        for (int x = 0; x < 28; x++)
          {
            int  from_x = x + geometry.left;
            int  from_y = y + geometry.top;
            bool inside = from_x >= 0 && from_x < geometry.resized_width && from_y >= 0 && from_y < geometry.resized_height;

            g_assert_cmpfloat (values[y * 28 + x], ==, inside ? greys[from_y * geometry.resized_width + from_x] : 0);
            g_assert_cmpfloat (values[28 * 28 * 2 + y * 28 + x], ==, values[y * 28 + x]);
          }
      dino_free (greys);
    }
  dino_picture_unref (picture);
}

static void
test_colour (void)
{
  const struct dino_preparation preparation = { .model_input = DINO_MODEL_INPUT_BSPLINE };
  struct dino_picture          *picture = formula_picture (45, 61, 3);
  struct dino_error             error = { 0 };

  g_assert_null (dino_picture_to_8bit_bspline (picture, &preparation, 28, 38, &error));
  g_assert_cmpint (error.code, ==, DINO_CODE_ARGUMENT);
  g_assert_nonnull (strstr (error.message, "colour"));
  dino_picture_unref (picture);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/resize-bspline/pictures", test_pictures);
  g_test_add_func ("/resize-bspline/degenerate", test_degenerate);
  g_test_add_func ("/resize-bspline/flat", test_flat);
  g_test_add_func ("/resize-bspline/sizes", test_sizes);
  g_test_add_func ("/resize-bspline/prepare", test_prepare);
  g_test_add_func ("/resize-bspline/colour", test_colour);
  return g_test_run ();
}
