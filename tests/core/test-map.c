/* Maps and regions on them. */
#include <glib.h>
#include <math.h>

#include "core/base/memory.h"
#include "core/maps/map.h"
#include "core/maps/region.h"

static struct dino_map *
map_of (int width, int height, int channels, const float *values)
{
  struct dino_map *map = dino_map_new (width, height, channels, NULL);

  g_assert_nonnull (map);
  memcpy (map->values, values, (size_t) (width * height * channels) * sizeof (float));
  map->seen = (struct dino_box){ 0, 0, 10.0 * width, 10.0 * height };
  return map;
}

static void
set_invalid (struct dino_map *map, int cell)
{
  map->valid = dino_alloc ((size_t) (map->width * map->height), 1, NULL);
  memset (map->valid, 1, (size_t) (map->width * map->height));
  map->valid[cell] = 0;
}

static void
test_new (void)
{
  struct dino_error error = { 0 };
  struct dino_map  *map = dino_map_new (3, 2, 3, NULL);

  for (int i = 0; i < 18; i++)
    g_assert_true (map->values[i] == 0);
  g_assert_null (map->valid);
  g_assert_true (dino_map_ref (map) == map);
  dino_map_unref (map);
  dino_map_unref (map);
  dino_map_unref (NULL);
  g_assert_null (dino_map_new (0, 2, 1, &error));
  g_assert_cmpint (error.code, ==, DINO_CODE_ARGUMENT);
  g_assert_null (dino_map_new (2, 2, 2, NULL));
  g_assert_null (dino_map_new (DINO_MAP_MAX_SIDE + 1, 1, 1, NULL));
}

static void
test_measure (void)
{
  struct dino_map *map = map_of (3, 1, 1, (float[]){ 1, -4, NAN });

  g_assert_false (dino_map_measure (map, NULL));
  set_invalid (map, 2);
  g_assert_true (dino_map_measure (map, NULL));
  g_assert_true (map->low == -4 && map->high == 1);
  map->is_signed = true;
  g_assert_true (dino_map_measure (map, NULL));
  g_assert_true (map->low == -4 && map->high == 4);
  memset (map->valid, 0, 3);
  g_assert_true (dino_map_measure (map, NULL));
  g_assert_true (map->low == 0 && map->high == 0);
  dino_map_unref (map);
}

static void
test_measure_channels (void)
{
  struct dino_map *map = map_of (2, 1, 3, (float[]){ 1, 2, 3, 4, -5, 3 });

  g_assert_true (dino_map_measure (map, NULL));
  g_assert_true (map->low3[0] == 1 && map->high3[0] == 4);
  g_assert_true (map->low3[1] == -5 && map->high3[1] == 2);
  g_assert_true (map->low3[2] == 3 && map->high3[2] == 3);
  g_assert_true (map->low == -5 && map->high == 4);
  dino_map_unref (map);
}

/* Cells of 10 x 10 pixels with the values 1 2 / 3 10. */
static void
test_region_box (void)
{
  struct dino_map          *map = map_of (2, 2, 1, (float[]){ 1, 2, 3, 10 });
  struct dino_region_result result;

  /* A quarter of cell 0 and half of cell 2. */
  g_assert_true (dino_region_box (map, (struct dino_box){ -100, 7.5, 10, 15 }, &result, NULL));
  g_assert_cmpfloat_with_epsilon (result.area, 0.75, 1e-12);
  g_assert_cmpfloat_with_epsilon (result.mean, (1 * 0.25 + 3 * 0.5) / 0.75, 1e-12);
  g_assert_true (result.maximum == 3);
  g_assert_cmpfloat_with_epsilon (result.mass_share, (1 * 0.25 + 3 * 0.5) / 16, 1e-12);
  g_assert_false (result.peak_inside);
  g_assert_true (dino_region_box (map, (struct dino_box){ 14, 14, 16, 16 }, &result, NULL));
  g_assert_true (result.peak_inside);
  g_assert_cmpfloat_with_epsilon (result.area, 0.04, 1e-12);
  g_assert_true (result.maximum == 10 && result.mean == 10);
  dino_map_unref (map);
}

static void
test_region_signed (void)
{
  struct dino_map          *map = map_of (2, 1, 1, (float[]){ -3, -1 });
  struct dino_region_result result;

  g_assert_true (dino_region_box (map, (struct dino_box){ 0, 0, 20, 5 }, &result, NULL));
  g_assert_cmpfloat (result.mean, ==, -2);
  g_assert_cmpfloat (result.maximum, ==, -1);
  g_assert_true (isnan (result.mass_share));
  g_assert_false (result.peak_inside);
  set_invalid (map, 0);
  g_assert_true (dino_region_box (map, (struct dino_box){ 0, 0, 20, 10 }, &result, NULL));
  g_assert_true (result.area == 1 && result.mean == -1 && result.peak_inside);
  dino_map_unref (map);
}

/* Of equal largest cells the first counts. */
static void
test_region_tie (void)
{
  struct dino_map          *map = map_of (3, 1, 1, (float[]){ 1, 7, 7 });
  struct dino_region_result result;

  g_assert_true (dino_region_box (map, (struct dino_box){ 20, 0, 30, 10 }, &result, NULL));
  g_assert_false (result.peak_inside);
  g_assert_true (dino_region_box (map, (struct dino_box){ 10, 0, 20, 10 }, &result, NULL));
  g_assert_true (result.peak_inside);
  dino_map_unref (map);
}

static void
test_region_refused (void)
{
  struct dino_map          *map = map_of (2, 1, 1, (float[]){ 1, 2 });
  struct dino_map          *rgb = map_of (1, 1, 3, (float[]){ 1, 2, 3 });
  struct dino_region_result result;
  struct dino_error         error = { 0 };

  g_assert_false (dino_region_box (map, (struct dino_box){ 21, 0, 30, 5 }, &result, &error));
  g_assert_cmpint (error.code, ==, DINO_CODE_ARGUMENT);
  g_assert_false (dino_region_box (map, (struct dino_box){ 5, 0, 5, 5 }, &result, NULL));
  g_assert_false (dino_region_box (map, (struct dino_box){ NAN, 0, 5, 5 }, &result, NULL));
  g_assert_false (dino_region_box (rgb, (struct dino_box){ 0, 0, 5, 5 }, &result, NULL));
  dino_map_unref (map);
  dino_map_unref (rgb);
}

/* A mask that fills a rectangle gives what the box gives, also where cells do
 * not end on pixels and stick out of the picture. */
static void
test_region_mask (void)
{
  struct dino_map          *map = map_of (3, 2, 1, (float[]){ 1, 2, 3, 4, 5, 6 });
  struct dino_region_result from_box, from_mask;

  map->seen = (struct dino_box){ -4.25, 1.5, 20.5, 17.75 };
  for (int kind = 0; kind < 3; kind++)
    {
      struct dino_picture *mask = dino_picture_new (19, 21, kind == 1 ? 3 : 1, kind == 2 ? 16 : 8, NULL);

      for (int i = 0; i < 19 * 21; i++)
        {
          bool inside = i % 19 >= 2 && i % 19 < 11 && i / 19 >= 5 && i / 19 < 13;

          if (kind == 2)
            mask->samples16[i] = inside ? 256 : 0;
          else if (kind == 1)
            memcpy (mask->samples8 + 3 * i, (uint8_t[]){ 0, 0, inside ? 1 : 0 }, 3);
          else
            mask->samples8[i] = inside ? 255 : 0;
        }
      g_assert_true (dino_region_box (map, (struct dino_box){ 2, 5, 11, 13 }, &from_box, NULL));
      g_assert_true (dino_region_mask (map, mask, &from_mask, NULL));
      g_assert_cmpfloat_with_epsilon (from_mask.area, from_box.area, 1e-9);
      g_assert_cmpfloat_with_epsilon (from_mask.mean, from_box.mean, 1e-9);
      g_assert_cmpfloat_with_epsilon (from_mask.mass_share, from_box.mass_share, 1e-9);
      g_assert_true (from_mask.maximum == from_box.maximum);
      g_assert_true (from_mask.peak_inside == from_box.peak_inside);
      dino_picture_unref (mask);
    }
  dino_map_unref (map);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/map/new", test_new);
  g_test_add_func ("/map/measure", test_measure);
  g_test_add_func ("/map/measure-channels", test_measure_channels);
  g_test_add_func ("/region/box", test_region_box);
  g_test_add_func ("/region/signed", test_region_signed);
  g_test_add_func ("/region/tie", test_region_tie);
  g_test_add_func ("/region/refused", test_region_refused);
  g_test_add_func ("/region/mask", test_region_mask);
  return g_test_run ();
}
