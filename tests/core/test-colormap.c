/* Colour maps: names, ends, lightness, interpolation. */
#include <glib.h>
#include <math.h>

#include "core/maps/colormap.h"

/* First and last entries as published, rounded to 8 bits. */
static const struct
{
  const char *name;
  bool        diverging;
  uint8_t     first[3], last[3];
} ends[] = {
  { "viridis", false, { 68, 1, 84 }, { 253, 231, 37 } },
  { "magma", false, { 0, 0, 4 }, { 252, 253, 191 } },
  { "inferno", false, { 0, 0, 4 }, { 252, 255, 164 } },
  { "cividis", false, { 0, 34, 78 }, { 254, 232, 56 } },
  { "grey", false, { 0, 0, 0 }, { 255, 255, 255 } },
  { "vik", true, { 0, 18, 97 }, { 89, 0, 8 } },
  { "turbo", false, { 48, 18, 59 }, { 122, 4, 3 } },
};

static void
test_ends (void)
{
  for (size_t i = 0; i < G_N_ELEMENTS (ends); i++)
    {
      const struct dino_colormap *colormap = dino_colormap_find (ends[i].name);
      uint8_t                     rgb[3];

      g_assert_nonnull (colormap);
      g_assert_true (colormap == dino_colormap_at (i));
      g_assert_true (colormap->diverging == ends[i].diverging);
      dino_colormap_lookup (colormap, 0, rgb);
      g_assert_cmpmem (rgb, 3, ends[i].first, 3);
      dino_colormap_lookup (colormap, 1, rgb);
      g_assert_cmpmem (rgb, 3, ends[i].last, 3);
      dino_colormap_lookup (colormap, -INFINITY, rgb);
      g_assert_cmpmem (rgb, 3, ends[i].first, 3);
      dino_colormap_lookup (colormap, 1e300, rgb);
      g_assert_cmpmem (rgb, 3, ends[i].last, 3);
      dino_colormap_lookup (colormap, NAN, rgb);
      g_assert_cmpmem (rgb, 3, ends[i].first, 3);
    }
  g_assert_null (dino_colormap_at (G_N_ELEMENTS (ends)));
  g_assert_null (dino_colormap_find ("jet"));
  g_assert_null (dino_colormap_find (""));
}

static void
test_entries (void)
{
  const struct dino_colormap *colormap;

  for (size_t i = 0; (colormap = dino_colormap_at (i)) != NULL; i++)
    for (int entry = 0; entry < 256; entry++)
      {
        uint8_t rgb[3], between[3];

        dino_colormap_lookup (colormap, entry / 255.0, rgb);
        g_assert_cmpmem (rgb, 3, colormap->table[entry], 3);
        if (entry == 255)
          continue;
        dino_colormap_lookup (colormap, (entry + 0.25) / 255.0, between);
        for (int c = 0; c < 3; c++)
          g_assert_cmpfloat_with_epsilon (between[c], 0.75 * colormap->table[entry][c] + 0.25 * colormap->table[entry + 1][c], 0.5 + 1e-9);
      }
}

/* CIE L* of an sRGB colour (D65). */
static double
lightness (const uint8_t rgb[3])
{
  static const double weights[3] = { 0.2126, 0.7152, 0.0722 };
  double              y = 0;

  for (int c = 0; c < 3; c++)
    {
      double value = rgb[c] / 255.0;

      y += weights[c] * (value <= 0.04045 ? value / 12.92 : pow ((value + 0.055) / 1.055, 2.4));
    }
  return y > 216 / 24389.0 ? 116 * cbrt (y) - 16 : y * 24389 / 27;
}

/* The sequential ones grow lighter from end to end (within the rounding of a
 * table to 8 bits); a diverging one does so up to its middle, and down again. */
static void
test_lightness (void)
{
  const struct dino_colormap *colormap;

  /* The one that is not uniform says so, and comes last. */
  for (size_t i = 0; (colormap = dino_colormap_at (i)) != NULL && strstr (colormap->title, "not uniform") == NULL; i++)
    for (int entry = 1; entry < 256; entry++)
      {
        double step = lightness (colormap->table[entry]) - lightness (colormap->table[entry - 1]);
        bool   falling = colormap->diverging && entry > 128;

        g_test_message ("%s, entry %d: %g", colormap->name, entry, step);
        g_assert_cmpfloat (falling ? -step : step, >, colormap->diverging ? -0.5 : -0.1);
      }
  g_assert_cmpstr (colormap->name, ==, "turbo");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/colormap/ends", test_ends);
  g_test_add_func ("/colormap/entries", test_entries);
  g_test_add_func ("/colormap/lightness", test_lightness);
  return g_test_run ();
}
