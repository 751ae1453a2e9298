/* Pillow's bicubic by the hashes of what Pillow makes of formula pictures; the
 * area average against plain loops. */
#include <glib.h>
#include <math.h>

#include "core/picture/resize.h"
#include "formula.h"

static const struct
{
  int         width, height, channels, new_width, new_height;
  const char *sha256; /* of Pillow's samples */
} cases[] = {
  { 777, 1001, 1, 518, 667, "4d737233a0d610d2373e4165872ca535" },
  { 2765, 2505, 1, 571, 518, "0b167383750c03f1d9f699925b127bb2" },
  { 260, 300, 1, 518, 597, "f372e4b4173cba3b032214fdcf6c38a3" },
  { 3000, 2000, 1, 777, 518, "ef41715d8242b96f72cd866d3cb166ce" },
  { 518, 640, 1, 518, 640, "3a071ad4580b7e2e2f9fe97bbc9d87d9" },
  { 300, 200, 3, 77, 51, "309c71b9de174fc11a697c53e38054b1" },
  { 30, 20, 3, 77, 51, "cf170dcbae53f5c2a190443c85506bfe" },
  /* One pass only. */
  { 30, 20, 1, 40, 20, "1521710bddf3f911c176c38929153f70" },
  { 30, 20, 1, 30, 41, "0946a0b55953cb9085e99458b0d079d9" },
  /* More than 100 times higher than wide: the vertical pass comes first. */
  { 30, 3100, 1, 28, 2893, "2c7c8c4779d06eea0bad62d57814402e" },
};

static void
test_pillow (void)
{
  for (size_t i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      struct dino_picture *picture = formula_picture (cases[i].width, cases[i].height, cases[i].channels);
      size_t               length = (size_t) (cases[i].new_width * cases[i].new_height * cases[i].channels);
      g_autofree uint8_t  *target = g_malloc (length);

      g_test_message ("%d x %d to %d x %d", cases[i].width, cases[i].height, cases[i].new_width, cases[i].new_height);
      g_assert_true (dino_resize_bicubic (picture->samples8, picture->width, picture->height, picture->channels,
                                          target, cases[i].new_width, cases[i].new_height, NULL));
      assert_sha256 (target, length, cases[i].sha256);
      dino_picture_unref (picture);
    }
}

/* A part of the result is that part of the whole result. */
static void
check_box (int width, int height, int channels, int new_width, int new_height)
{
  struct dino_picture *picture = formula_picture (width, height, channels);
  g_autofree uint8_t  *whole = g_malloc ((gsize) (new_width * new_height * channels));
  g_autofree uint8_t  *part = g_malloc ((gsize) (new_width * new_height * channels));
  int                  left = new_width / 3, top = new_height / 4;
  int                  box_width = new_width - left - 2, box_height = new_height - top - 3;
  size_t               row = (size_t) (box_width * channels);

  g_assert_true (dino_resize_bicubic (picture->samples8, width, height, channels, whole, new_width, new_height, NULL));
  g_assert_true (dino_resize_bicubic_box (picture->samples8, width, height, channels, new_width, new_height,
                                          left, top, box_width, box_height, part, NULL));
  for (int y = 0; y < box_height; y++)
    g_assert_cmpmem (part + (size_t) y * row, row, whole + ((top + y) * new_width + left) * channels, row);
  dino_picture_unref (picture);
}

static void
test_box (void)
{
  check_box (120, 90, 1, 57, 43);
  check_box (120, 90, 3, 157, 143);
  check_box (30, 3100, 3, 28, 2893);
  check_box (40, 50, 3, 40, 50);
  check_box (40, 50, 1, 40, 30);
  check_box (40, 50, 3, 30, 50);
}

static void
test_refused (void)
{
  uint8_t           source[12] = { 0 }, target[12];
  struct dino_error error = { 0 };

  g_assert_false (dino_resize_bicubic (source, 2, 2, 1, target, 0, 3, &error));
  g_assert_cmpint (error.code, ==, DINO_CODE_ARGUMENT);
  g_assert_false (dino_resize_bicubic (source, 2, 2, 2, target, 1, 1, NULL));
  g_assert_false (dino_resize_bicubic_box (source, 2, 2, 1, 3, 3, 1, 0, 3, 3, target, NULL));
  g_assert_false (dino_resize_bicubic_box (source, 2, 2, 1, 3, 3, -1, 0, 1, 1, target, NULL));
  g_assert_false (dino_resize_area (source, 2, 2, 1, target, 3, 2, NULL));
  g_assert_false (dino_resize_area (source, 2, 2, 1, target, 2, 0, NULL));
}

static double
overlap (int i, int size, int j, int new_size)
{
  double length = fmin (i + 1, (j + 1.0) * size / new_size) - fmax (i, (double) j * size / new_size);

  return fmax (length, 0);
}

static double
area_mean (const struct dino_picture *picture, int new_width, int new_height, int x, int y, int c)
{
  double sum = 0, area = 0;

  for (int j = 0; j < picture->height; j++)
    for (int i = 0; i < picture->width; i++)
      {
        double weight = overlap (i, picture->width, x, new_width) * overlap (j, picture->height, y, new_height);

        area += weight;
        sum += weight * picture->samples8[(j * picture->width + i) * picture->channels + c];
      }
  return sum / area;
}

static void
check_area (int width, int height, int channels, int new_width, int new_height)
{
  struct dino_picture *picture = formula_picture (width, height, channels);
  g_autofree uint8_t  *target = g_malloc ((gsize) (new_width * new_height * channels));
  const uint8_t       *value = target;

  g_assert_true (dino_resize_area (picture->samples8, width, height, channels, target, new_width, new_height, NULL));
  for (int y = 0; y < new_height; y++)
    for (int x = 0; x < new_width; x++)
      for (int c = 0; c < channels; c++)
        g_assert_cmpfloat_with_epsilon (*value++, area_mean (picture, new_width, new_height, x, y, c), 0.5 + 1e-9);
  dino_picture_unref (picture);
}

static void
test_area (void)
{
  check_area (32, 24, 1, 16, 12);
  check_area (33, 25, 3, 16, 12);
  check_area (33, 25, 3, 32, 24);
  check_area (40, 7, 1, 1, 7);
  check_area (9, 40, 3, 9, 1);
  check_area (12, 12, 3, 12, 12);
}

/* At 16 bits: the largest sums that there can be, and means of a picture's
 * samples times 257, which are 257 times as fine. */
static void
test_area16 (void)
{
  struct dino_picture *picture = formula_picture (33, 25, 1);
  uint16_t             source[33 * 25], target[16 * 12];
  uint16_t            *tall = g_new (uint16_t, 2 * 32768);
  uint16_t             mean[2];

  for (int i = 0; i < 33 * 25; i++)
    source[i] = (uint16_t) (picture->samples8[i] * 257);
  g_assert_true (dino_resize_area16 (source, 33, 25, target, 16, 12, NULL));
  for (int y = 0; y < 12; y++)
    for (int x = 0; x < 16; x++)
      g_assert_cmpfloat_with_epsilon (target[y * 16 + x], 257 * area_mean (picture, 16, 12, x, y, 0), 0.5 + 1e-9);
  dino_picture_unref (picture);

  memset (tall, 0xff, 2 * 32768 * sizeof *tall);
  g_assert_true (dino_resize_area16 (tall, 2, 32768, mean, 2, 1, NULL));
  g_assert_cmpuint (mean[0], ==, 65535);
  g_assert_cmpuint (mean[1], ==, 65535);
  g_assert_false (dino_resize_area16 (tall, 2, 32768, mean, 3, 1, NULL));
  g_free (tall);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/resize/pillow", test_pillow);
  g_test_add_func ("/resize/box", test_box);
  g_test_add_func ("/resize/refused", test_refused);
  g_test_add_func ("/resize/area", test_area);
  g_test_add_func ("/resize/area16", test_area16);
  return g_test_run ();
}
