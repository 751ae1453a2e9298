/* Changed copies of pictures, against plain loops; and that the preparation's
 * ranges stay those of the picture. */
#include <glib.h>
#include <math.h>
#include <string.h>

#include "core/base/memory.h"
#include "core/picture/occlude.h"
#include "core/picture/prepare.h"

#define WIDTH 23
#define HEIGHT 17

static const struct dino_pixel_box box = { 4, 3, 15, 9 };

static int
get (const struct dino_picture *picture, int x, int y, int c)
{
  size_t i = (size_t) (y * picture->width + x) * (size_t) picture->channels + (size_t) c;

  return picture->bits == 16 ? picture->samples16[i] : picture->samples8[i];
}

static struct dino_picture *
make (int channels, int bits)
{
  struct dino_picture *picture = dino_picture_new (WIDTH, HEIGHT, channels, bits, NULL);
  g_autoptr (GRand)    random = g_rand_new_with_seed (5);

  for (int i = 0; i < WIDTH * HEIGHT * channels; i++)
    if (bits == 16)
      picture->samples16[i] = (uint16_t) g_rand_int_range (random, 300, 4000);
    else
      picture->samples8[i] = (uint8_t) g_rand_int_range (random, 20, 240);
  g_assert_true (dino_picture_measure (picture, NULL));
  return picture;
}

/* Inside the box expected(), outside of it the picture. */
typedef double (*Expected) (const struct dino_picture *picture, const struct dino_occlusion *occlusion, int x, int y, int c);

static void
check (const struct dino_occlusion *occlusion, Expected expected)
{
  static const int kinds[][2] = { { 1, 8 }, { 3, 8 }, { 1, 16 } };

  for (gsize k = 0; k < G_N_ELEMENTS (kinds); k++)
    {
      struct dino_picture *picture = make (kinds[k][0], kinds[k][1]);
      struct dino_picture *copy = dino_picture_copy (picture, NULL);

      g_assert_true (dino_picture_occlude (copy, picture, box, occlusion, NULL));
      for (int y = 0; y < HEIGHT; y++)
        for (int x = 0; x < WIDTH; x++)
          for (int c = 0; c < kinds[k][0]; c++)
            {
              gboolean inside = x >= 4 && x < 15 && y >= 3 && y < 9;

              if (inside)
                g_assert_cmpfloat_with_epsilon (get (copy, x, y, c), expected (picture, occlusion, x, y, c), 0.51);
              else
                g_assert_cmpint (get (copy, x, y, c), ==, get (picture, x, y, c));
            }
      dino_picture_uncover (copy, picture, box);
      for (int i = 0; i < WIDTH * HEIGHT * kinds[k][0]; i++)
        g_assert_cmpint (get (copy, 0, 0, i), ==, get (picture, 0, 0, i));
      dino_picture_unref (picture);
      dino_picture_unref (copy);
    }
}

static double
grey_of (const struct dino_picture *picture, const struct dino_occlusion *occlusion, int x, int y, int c)
{
  int low = INT_MAX, high = 0;

  if (picture->bits == 8)
    return 255 * occlusion->level;
  for (int i = 0; i < WIDTH * HEIGHT; i++)
    {
      low = MIN (low, picture->samples16[i]);
      high = MAX (high, picture->samples16[i]);
    }
  return low + occlusion->level * (high - low);
}

static void
test_grey (void)
{
  check (&(struct dino_occlusion){ .fill = DINO_FILL_GREY, .level = 0.5 }, grey_of);
  check (&(struct dino_occlusion){ .fill = DINO_FILL_GREY, .level = 0 }, grey_of);
  check (&(struct dino_occlusion){ .fill = DINO_FILL_GREY, .level = 1 }, grey_of);
}

static double
mean_of (const struct dino_picture *picture, const struct dino_occlusion *occlusion, int x, int y, int c)
{
  double sum = 0;

  for (int i = 0; i < HEIGHT; i++)
    for (int j = 0; j < WIDTH; j++)
      sum += get (picture, j, i, c);
  return sum / (WIDTH * HEIGHT);
}

static void
test_mean (void)
{
  check (&(struct dino_occlusion){ .fill = DINO_FILL_MEAN }, mean_of);
}

/* Both axes at once, in double. */
static double
blur_of (const struct dino_picture *picture, const struct dino_occlusion *occlusion, int x, int y, int c)
{
  double sigma = occlusion->sigma, sum = 0, total = 0;
  int    radius = (int) ceil (3 * sigma);

  for (int i = MAX (0, y - radius); i <= MIN (HEIGHT - 1, y + radius); i++)
    for (int j = MAX (0, x - radius); j <= MIN (WIDTH - 1, x + radius); j++)
      {
        double weight = exp (-((i - y) * (i - y) + (j - x) * (j - x)) / (2 * sigma * sigma));

        sum += weight * get (picture, j, i, c);
        total += weight;
      }
  return sum / total;
}

static void
test_blur (void)
{
  struct dino_picture *picture = make (1, 8);
  struct dino_picture *copy = dino_picture_copy (picture, NULL);

  check (&(struct dino_occlusion){ .fill = DINO_FILL_BLUR, .sigma = 1.2 }, blur_of);
  check (&(struct dino_occlusion){ .fill = DINO_FILL_BLUR, .sigma = 20 }, blur_of);
  g_assert_false (dino_picture_occlude (copy, picture, box, &(struct dino_occlusion){ .fill = DINO_FILL_BLUR, .sigma = 0 }, NULL));
  g_assert_false (dino_picture_occlude (copy, picture, box, &(struct dino_occlusion){ .fill = DINO_FILL_BLUR, .sigma = 65 }, NULL));
  dino_picture_unref (picture);
  dino_picture_unref (copy);
}

static double
copy_of (const struct dino_picture *picture, const struct dino_occlusion *occlusion, int x, int y, int c)
{
  int column = occlusion->mirrored ? 15 - 1 - x : x - 4;

  return get (picture, occlusion->source_x + column, occlusion->source_y + y - 3, c);
}

static double
other_side_of (const struct dino_picture *picture, const struct dino_occlusion *occlusion, int x, int y, int c)
{
  return get (picture, WIDTH - 1 - x, y, c);
}

static void
test_copy (void)
{
  struct dino_picture  *picture = make (1, 16);
  struct dino_picture  *copy = dino_picture_copy (picture, NULL);
  struct dino_occlusion other = dino_occlusion_from_other_side (picture, box);
  struct dino_error     error = { 0 };

  check (&(struct dino_occlusion){ .fill = DINO_FILL_COPY, .source_x = 6, .source_y = 5 }, copy_of);
  check (&(struct dino_occlusion){ .fill = DINO_FILL_COPY, .source_x = 12, .source_y = 11, .mirrored = true }, copy_of);
  check (&other, other_side_of);
  g_assert_false (dino_picture_occlude (copy, picture, box, &(struct dino_occlusion){ .fill = DINO_FILL_COPY, .source_x = 13 }, &error));
  g_assert_cmpint (error.code, ==, DINO_CODE_ARGUMENT);
  g_assert_false (dino_picture_occlude (copy, picture, box, &(struct dino_occlusion){ .fill = DINO_FILL_COPY, .source_y = -1 }, NULL));
  dino_picture_unref (picture);
  dino_picture_unref (copy);
}

static void
assert_pixels (const struct dino_picture *picture, struct dino_box from, int x0, int y0, int x1, int y1)
{
  struct dino_pixel_box pixels = dino_pixel_box_of (picture, from);

  g_assert_cmpint (pixels.x0, ==, x0);
  g_assert_cmpint (pixels.y0, ==, y0);
  g_assert_cmpint (pixels.x1, ==, x1);
  g_assert_cmpint (pixels.y1, ==, y1);
}

static void
test_box (void)
{
  struct dino_picture *picture = make (1, 8);

  assert_pixels (picture, (struct dino_box){ 4, 3, 15, 9 }, 4, 3, 15, 9);
  assert_pixels (picture, (struct dino_box){ 4.4, 3.6, 15.4, 9.6 }, 4, 4, 15, 10);
  assert_pixels (picture, (struct dino_box){ -50, -2, 4, 900 }, 0, 0, 4, HEIGHT);
  assert_pixels (picture, (struct dino_box){ 4.6, 3, 5.4, 9 }, 0, 0, 0, 0);
  assert_pixels (picture, (struct dino_box){ 30, 3, 50, 9 }, 0, 0, 0, 0);
  dino_picture_unref (picture);
}

/* The extremes are covered by grey: with ranges of its own every other pixel of
 * the copy would get another grey. */
static void
test_ranges (void)
{
  static const enum dino_model_input inputs[] = { DINO_MODEL_INPUT_MINMAX, DINO_MODEL_INPUT_PERCENTILE, DINO_MODEL_INPUT_WINDOW };
  const struct dino_pixel_box        half = { 0, 0, WIDTH, HEIGHT / 2 };

  for (int bits = 8; bits <= 16; bits += 8)
    for (gsize k = 0; k < G_N_ELEMENTS (inputs); k++)
      {
        struct dino_preparation preparation = { .model_input = inputs[k] };
        struct dino_picture    *picture = make (1, bits);
        struct dino_picture    *copy, *again;
        uint8_t                *before, *after;

        if (bits == 16)
          picture->samples16[0] = 60000, picture->samples16[1] = 1;
        else
          picture->samples8[0] = 255, picture->samples8[1] = 0;
        dino_free (picture->histogram);
        g_assert_true (dino_picture_measure (picture, NULL));
        copy = dino_picture_copy (picture, NULL);
        g_assert_true (dino_picture_occlude (copy, picture, half, &(struct dino_occlusion){ .fill = DINO_FILL_GREY, .level = 0.5 }, NULL));
        again = dino_picture_copy (copy, NULL);
        g_assert_true (again->original == picture);
        before = dino_picture_to_8bit (picture, &preparation, NULL);
        after = dino_picture_to_8bit (again, &preparation, NULL);
        g_assert_cmpmem (before + WIDTH * half.y1, WIDTH * (HEIGHT - half.y1), after + WIDTH * half.y1, WIDTH * (HEIGHT - half.y1));
        g_assert_cmpint (memcmp (before, after, WIDTH), !=, 0);
        dino_free (before);
        dino_free (after);
        dino_picture_unref (picture);
        dino_picture_unref (copy);
        dino_picture_unref (again);
      }
}

/* By B-spline as well, far enough from the box. */
static void
test_range_of_bspline (void)
{
  struct dino_preparation preparation = { .model_input = DINO_MODEL_INPUT_BSPLINE };
  struct dino_picture    *picture = dino_picture_new (80, 80, 1, 16, NULL);
  struct dino_picture    *copy;
  uint8_t                *before, *after;

  for (int i = 0; i < 80 * 80; i++)
    picture->samples16[i] = (uint16_t) (1000 + i % 80 * 7 + i / 80);
  for (int y = 5; y < 20; y++)
    for (int x = 5; x < 20; x++)
      picture->samples16[y * 80 + x] = x < 12 ? 9000 : 5;
  g_assert_true (dino_picture_measure (picture, NULL));
  copy = dino_picture_copy (picture, NULL);
  g_assert_true (dino_picture_occlude (copy, picture, (struct dino_pixel_box){ 0, 0, 25, 25 }, &(struct dino_occlusion){ .fill = DINO_FILL_MEAN }, NULL));
  before = dino_picture_to_8bit_bspline (picture, &preparation, 40, 40, NULL);
  after = dino_picture_to_8bit_bspline (copy, &preparation, 40, 40, NULL);
  g_assert_cmpmem (before + 40 * 30, 400, after + 40 * 30, 400);
  g_assert_cmpint (memcmp (before, after, 400), !=, 0);
  dino_free (before);
  dino_free (after);
  dino_picture_unref (picture);
  dino_picture_unref (copy);
}

/* It is another picture, and holds what it needs of the first one. */
static void
test_identity (void)
{
  struct dino_picture *picture = make (1, 16);
  struct dino_picture *copy = dino_picture_copy (picture, NULL);
  char                 one[DINO_SHA256_LENGTH], other[DINO_SHA256_LENGTH];

  g_assert_true (dino_picture_sha256 (picture, one, NULL) && dino_picture_sha256 (copy, other, NULL));
  g_assert_cmpstr (one, ==, other);
  g_assert_true (dino_picture_occlude (copy, picture, box, &(struct dino_occlusion){ .fill = DINO_FILL_MEAN }, NULL));
  g_assert_true (dino_picture_sha256 (copy, other, NULL));
  g_assert_cmpstr (one, !=, other);
  g_assert_true (dino_picture_unchanged (copy) == picture && dino_picture_unchanged (picture) == picture);
  dino_picture_unref (picture);
  g_assert_cmpint (copy->low, ==, copy->original->low);
  g_assert_true (copy->histogram[copy->low] > 0);
  dino_picture_unref (copy);
}

static void
test_names (void)
{
  enum dino_fill fill = DINO_FILL_GREY;

  g_assert_true (dino_fill_parse ("blur", &fill) && fill == DINO_FILL_BLUR);
  g_assert_cmpstr (dino_fill_name (DINO_FILL_COPY), ==, "copy");
  g_assert_false (dino_fill_parse ("black", &fill));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/occlude/grey", test_grey);
  g_test_add_func ("/occlude/mean", test_mean);
  g_test_add_func ("/occlude/blur", test_blur);
  g_test_add_func ("/occlude/copy", test_copy);
  g_test_add_func ("/occlude/box", test_box);
  g_test_add_func ("/occlude/ranges", test_ranges);
  g_test_add_func ("/occlude/range-of-bspline", test_range_of_bspline);
  g_test_add_func ("/occlude/identity", test_identity);
  g_test_add_func ("/occlude/names", test_names);
  return g_test_run ();
}
