/* Sizes, crops and where patches lie. */
#include <glib.h>
#include <math.h>

#include "core/picture/geometry.h"

/* RAD-DINO's processor, and the one of the general DINOv2 models. */
static const struct dino_processor rad_dino = {
  .resize = true,
  .shortest_edge = 518,
  .center_crop = true,
  .crop_width = 518,
  .crop_height = 518,
};
static const struct dino_processor dinov2 = {
  .resize = true,
  .shortest_edge = 256,
  .center_crop = true,
  .crop_width = 224,
  .crop_height = 224,
};
static const struct dino_processor plain = { .resize = false };
static const struct dino_processor crop_only = {
  .center_crop = true,
  .crop_width = 56,
  .crop_height = 70,
};
static const struct dino_processor exact = { .resize = true, .resize_width = 112, .resize_height = 70 };
static const struct dino_processor odd_crop = {
  .resize = true,
  .shortest_edge = 50,
  .center_crop = true,
  .crop_width = 45,
  .crop_height = 45,
};
static const struct dino_processor resize_only = {
  .resize = true,
  .shortest_edge = 60,
};

static const struct
{
  const struct dino_processor *processor;
  enum dino_fit                fit;
  int                          input_size;
  int                          width, height;
  int                          resized_width, resized_height, left, top, input_width, input_height;
} cases[] = {
  /* The crops of the reference pictures. */
  { &rad_dino, DINO_FIT_CROP, 0, 777, 1001, 518, 667, 0, 74, 518, 518 },
  { &rad_dino, DINO_FIT_CROP, 0, 2765, 2505, 571, 518, 26, 0, 518, 518 },
  { &rad_dino, DINO_FIT_CROP, 0, 260, 300, 518, 597, 0, 39, 518, 518 },
  { &rad_dino, DINO_FIT_CROP, 0, 518, 640, 518, 640, 0, 61, 518, 518 },
  { &rad_dino, DINO_FIT_CROP, 0, 3000, 2000, 777, 518, 129, 0, 518, 518 },
  { &rad_dino, DINO_FIT_CROP, 0, 1, 1, 518, 518, 0, 0, 518, 518 },
  { &rad_dino, DINO_FIT_CROP, 224, 3000, 2000, 336, 224, 56, 0, 224, 224 },
  { &dinov2, DINO_FIT_CROP, 0, 301, 260, 296, 256, 36, 16, 224, 224 },
  { &dinov2, DINO_FIT_CROP, 518, 301, 260, 599, 518, 40, 0, 518, 518 },
  { &odd_crop, DINO_FIT_CROP, 0, 97, 130, 50, 67, 2, 11, 42, 42 },
  { &resize_only, DINO_FIT_CROP, 0, 260, 301, 60, 69, 0, 0, 56, 56 },
  { &plain, DINO_FIT_CROP, 0, 45, 61, 45, 61, 0, 0, 42, 56 },
  { &exact, DINO_FIT_CROP, 0, 300, 300, 112, 70, 0, 0, 112, 70 },
  { &exact, DINO_FIT_CROP, 56, 300, 200, 56, 56, 0, 0, 56, 56 },
  /* Crops larger than the picture: ceil of half the margin before it. */
  { &crop_only, DINO_FIT_CROP, 0, 45, 61, 45, 61, -6, -5, 56, 70 },
  { &crop_only, DINO_FIT_CROP, 0, 100, 61, 100, 61, 22, -5, 56, 70 },
  /* All of the picture in the square. */
  { &rad_dino, DINO_FIT_PAD, 0, 3000, 2000, 518, 345, 0, -87, 518, 518 },
  { &rad_dino, DINO_FIT_PAD, 0, 777, 1001, 402, 518, -58, 0, 518, 518 },
  { &rad_dino, DINO_FIT_PAD, 0, 1, 32768, 1, 518, -259, 0, 518, 518 },
  { &dinov2, DINO_FIT_PAD, 0, 100, 100, 224, 224, 0, 0, 224, 224 },
  { &dinov2, DINO_FIT_PAD, 518, 100, 50, 518, 259, 0, -130, 518, 518 },
  { &odd_crop, DINO_FIT_PAD, 0, 100, 50, 42, 21, 0, -11, 42, 42 },
  { &crop_only, DINO_FIT_PAD, 0, 100, 100, 56, 56, 0, -7, 56, 70 },
  { &exact, DINO_FIT_PAD, 0, 300, 300, 70, 70, -21, 0, 112, 70 },
  /* Nothing cropped but the remainder of the patch. */
  { &rad_dino, DINO_FIT_WHOLE, 0, 777, 1001, 518, 667, 0, 4, 518, 658 },
  { &rad_dino, DINO_FIT_WHOLE, 0, 3000, 2000, 777, 518, 3, 0, 770, 518 },
  { &dinov2, DINO_FIT_WHOLE, 0, 100, 100, 256, 256, 2, 2, 252, 252 },
  { &exact, DINO_FIT_WHOLE, 0, 300, 200, 105, 70, 3, 0, 98, 70 },
  { &plain, DINO_FIT_WHOLE, 0, 45, 61, 45, 61, 1, 2, 42, 56 },
};

static void
test_sizes (void)
{
  for (size_t i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      struct dino_geometry geometry;
      struct dino_error    error = { 0 };

      g_test_message ("case %zu: %s, %d x %d", i, dino_fit_name (cases[i].fit), cases[i].width, cases[i].height);
      g_assert_true (dino_geometry_init (&geometry, cases[i].processor, 14, cases[i].width, cases[i].height,
                                         cases[i].fit, cases[i].input_size, &error));
      g_assert_cmpint (geometry.width, ==, cases[i].width);
      g_assert_cmpint (geometry.height, ==, cases[i].height);
      g_assert_cmpint (geometry.resized_width, ==, cases[i].resized_width);
      g_assert_cmpint (geometry.resized_height, ==, cases[i].resized_height);
      g_assert_cmpint (geometry.left, ==, cases[i].left);
      g_assert_cmpint (geometry.top, ==, cases[i].top);
      g_assert_cmpint (geometry.input_width, ==, cases[i].input_width);
      g_assert_cmpint (geometry.input_height, ==, cases[i].input_height);
      g_assert_cmpint (geometry.columns, ==, cases[i].input_width / 14);
      g_assert_cmpint (geometry.rows, ==, cases[i].input_height / 14);
    }
}

static void
test_refused (void)
{
  static const struct
  {
    const struct dino_processor *processor;
    enum dino_fit                fit;
    int                          patch, input_size, width, height;
    enum dino_code               code;
  } refused[] = {
    { &rad_dino, DINO_FIT_CROP, 14, 0, 1, 32768, DINO_CODE_LIMIT },
    { &rad_dino, DINO_FIT_WHOLE, 14, 0, 32768, 1, DINO_CODE_LIMIT },
    { &rad_dino, DINO_FIT_WHOLE, 14, 32760, 32768, 32768, DINO_CODE_LIMIT },
    { &rad_dino, DINO_FIT_CROP, 14, 0, 32769, 32769, DINO_CODE_LIMIT },
    { &rad_dino, DINO_FIT_CROP, 14, 65534, 100, 100, DINO_CODE_LIMIT },
    { &rad_dino, DINO_FIT_CROP, 14, 520, 100, 100, DINO_CODE_ARGUMENT },
    { &rad_dino, DINO_FIT_CROP, 14, -14, 100, 100, DINO_CODE_ARGUMENT },
    { &rad_dino, DINO_FIT_CROP, 0, 0, 100, 100, DINO_CODE_ARGUMENT },
    { &rad_dino, DINO_FIT_CROP, 14, 0, 0, 100, DINO_CODE_ARGUMENT },
    { &plain, DINO_FIT_CROP, 14, 0, 13, 100, DINO_CODE_ARGUMENT },
    { &plain, DINO_FIT_WHOLE, 14, 0, 100, 13, DINO_CODE_ARGUMENT },
    { &plain, DINO_FIT_PAD, 14, 0, 100, 100, DINO_CODE_ARGUMENT },
    { &odd_crop, DINO_FIT_PAD, 46, 0, 100, 100, DINO_CODE_ARGUMENT },
  };

  for (size_t i = 0; i < G_N_ELEMENTS (refused); i++)
    {
      struct dino_geometry geometry;
      struct dino_error    error = { 0 };

      g_test_message ("case %zu", i);
      g_assert_false (dino_geometry_init (&geometry, refused[i].processor, refused[i].patch, refused[i].width,
                                          refused[i].height, refused[i].fit, refused[i].input_size, &error));
      g_assert_cmpint (error.code, ==, refused[i].code);
      g_assert_cmpstr (error.message, !=, "");
    }
}

static void
test_raw (void)
{
  struct dino_geometry geometry;
  struct dino_error    error = { 0 };
  struct dino_box      seen;

  g_assert_true (dino_geometry_init_raw (&geometry, 14, 70, 56, NULL));
  g_assert_cmpint (geometry.columns, ==, 5);
  g_assert_cmpint (geometry.rows, ==, 4);
  seen = dino_geometry_seen (&geometry);
  g_assert_true (seen.x0 == 0 && seen.y0 == 0 && seen.x1 == 70 && seen.y1 == 56);
  g_assert_false (dino_geometry_init_raw (&geometry, 14, 70, 57, &error));
  g_assert_cmpint (error.code, ==, DINO_CODE_ARGUMENT);
}

static void
test_seen (void)
{
  struct dino_geometry geometry;
  struct dino_box      seen;

  dino_geometry_init (&geometry, &rad_dino, 14, 2765, 2505, DINO_FIT_CROP, 0, NULL);
  seen = dino_geometry_seen (&geometry);
  g_assert_cmpfloat_with_epsilon (seen.x0, 26 * 2765 / 571.0, 1e-9);
  g_assert_cmpfloat_with_epsilon (seen.x1, 544 * 2765 / 571.0, 1e-9);
  g_assert_true (seen.y0 == 0 && seen.y1 == 2505);
  g_assert_cmpfloat_with_epsilon (dino_geometry_seen_share (&geometry), 518 / 571.0, 1e-12);
  dino_geometry_init (&geometry, &rad_dino, 14, 3000, 2000, DINO_FIT_PAD, 0, NULL);
  seen = dino_geometry_seen (&geometry);
  g_assert_true (seen.x0 == 0 && seen.x1 == 3000);
  g_assert_cmpfloat_with_epsilon (seen.y0, -87 * 2000 / 345.0, 1e-9);
  g_assert_cmpfloat_with_epsilon (dino_geometry_seen_share (&geometry), 1, 1e-12);
}

/* Every patch's box leads back to the patch, at its corners too. */
static void
test_patches (void)
{
  for (size_t i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      struct dino_geometry geometry;
      int                  row, column;

      dino_geometry_init (&geometry, cases[i].processor, 14, cases[i].width, cases[i].height, cases[i].fit, cases[i].input_size, NULL);
      for (int r = 0; r < geometry.rows; r++)
        for (int c = 0; c < geometry.columns; c++)
          {
            struct dino_box box = dino_geometry_patch (&geometry, r, c);

            g_assert_true (box.x1 > box.x0 && box.y1 > box.y0);
            g_assert_true (dino_geometry_patch_at (&geometry, box.x0, box.y0, &row, &column));
            g_assert_true (row == r && column == c);
            g_assert_true (dino_geometry_patch_at (&geometry, nextafter (box.x1, -INFINITY), nextafter (box.y1, -INFINITY), &row, &column));
            g_assert_true (row == r && column == c);
            g_assert_true (dino_geometry_patch_at (&geometry, (box.x0 + box.x1) / 2, (box.y0 + box.y1) / 2, &row, &column));
            g_assert_true (row == r && column == c);
          }
    }
}

static void
test_outside (void)
{
  struct dino_geometry geometry;
  struct dino_box      seen;
  int                  row = -7, column = -7;

  dino_geometry_init (&geometry, &rad_dino, 14, 2765, 2505, DINO_FIT_CROP, 0, NULL);
  seen = dino_geometry_seen (&geometry);
  g_assert_false (dino_geometry_patch_at (&geometry, seen.x0 - 0.01, 100, &row, &column));
  g_assert_false (dino_geometry_patch_at (&geometry, seen.x1, 100, &row, &column));
  g_assert_false (dino_geometry_patch_at (&geometry, 1000, -0.01, &row, &column));
  g_assert_false (dino_geometry_patch_at (&geometry, 1000, 2505, &row, &column));
  g_assert_false (dino_geometry_patch_at (&geometry, NAN, 100, &row, &column));
  g_assert_false (dino_geometry_patch_at (&geometry, 1000, INFINITY, &row, &column));
  g_assert_true (row == -7 && column == -7);
}

static void
test_names (void)
{
  static const enum dino_fit fits[] = { DINO_FIT_CROP, DINO_FIT_PAD, DINO_FIT_WHOLE };
  enum dino_fit              fit;

  for (size_t i = 0; i < G_N_ELEMENTS (fits); i++)
    {
      g_assert_true (dino_fit_parse (dino_fit_name (fits[i]), &fit));
      g_assert_cmpint (fit, ==, fits[i]);
    }
  g_assert_cmpstr (dino_fit_name (DINO_FIT_WHOLE), ==, "whole");
  g_assert_false (dino_fit_parse ("Crop", &fit));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/geometry/sizes", test_sizes);
  g_test_add_func ("/geometry/refused", test_refused);
  g_test_add_func ("/geometry/raw", test_raw);
  g_test_add_func ("/geometry/seen", test_seen);
  g_test_add_func ("/geometry/patches", test_patches);
  g_test_add_func ("/geometry/outside", test_outside);
  g_test_add_func ("/geometry/names", test_names);
  return g_test_run ();
}
