#include "core/maps/colormap.h"

#include <string.h>

#include "core/base/text.h"
#include "core/maps/colormap-tables.h"

static const struct dino_colormap colormaps[] = {
  { "viridis", N_ ("Viridis"), false, 0, dino_table_viridis },
  { "magma", N_ ("Magma"), false, 0, dino_table_magma },
  { "inferno", N_ ("Inferno"), false, 0, dino_table_inferno },
  { "cividis", N_ ("Cividis"), false, 0, dino_table_cividis },
  { "grey", N_ ("Grey"), false, 0, dino_table_grey },
  { "vik", N_ ("Vik (diverging)"), true, 0, dino_table_vik },
  { "turbo", N_ ("Rainbow (turbo), not uniform"), false, 0, dino_table_turbo }, /* last: equal steps do not look equal, and it is not for every eye */
};

/* Parts: first those that are told apart with any vision (Okabe and Ito 2008),
 * then lighter and darker relatives of them. */
static const uint8_t parts[DINO_PARTS_MAX][3] = {
  { 230, 159, 0 },
  { 86, 180, 233 },
  { 0, 158, 115 },
  { 240, 228, 66 },
  { 0, 114, 178 },
  { 213, 94, 0 },
  { 204, 121, 167 },
  { 187, 187, 187 },
  { 122, 82, 0 },
  { 178, 223, 255 },
  { 140, 220, 190 },
  { 140, 130, 20 },
  { 0, 50, 90 },
  { 255, 170, 130 },
  { 120, 50, 100 },
  { 80, 80, 80 },
};

#define PARTS(n)                                 \
  {                                              \
    "parts-" #n, N_ ("Parts"), false, (n), parts \
  }

static const struct dino_colormap of_parts[] = {
  PARTS (2),
  PARTS (3),
  PARTS (4),
  PARTS (5),
  PARTS (6),
  PARTS (7),
  PARTS (8),
  PARTS (9),
  PARTS (10),
  PARTS (11),
  PARTS (12),
  PARTS (13),
  PARTS (14),
  PARTS (15),
  PARTS (16),
};

const struct dino_colormap *
dino_colormap_at (size_t index)
{
  return index < sizeof colormaps / sizeof *colormaps ? &colormaps[index] : NULL;
}

const struct dino_colormap *
dino_colormap_find (const char *name)
{
  for (size_t i = 0; i < sizeof colormaps / sizeof *colormaps; i++)
    if (strcmp (colormaps[i].name, name) == 0)
      return &colormaps[i];
  for (size_t i = 0; i < sizeof of_parts / sizeof *of_parts; i++)
    if (strcmp (of_parts[i].name, name) == 0)
      return &of_parts[i];
  return NULL;
}

void
dino_colormap_lookup (const struct dino_colormap *colormap, double t, uint8_t rgb[3])
{
  double position, fraction;
  int    entry;

  if (!(t > 0))
    t = 0;
  if (colormap->n_parts > 0)
    {
      entry = t < 1 ? (int) (t * colormap->n_parts) : colormap->n_parts - 1;
      memcpy (rgb, colormap->table[entry], 3);
      return;
    }
  position = (t < 1 ? t : 1) * 255;
  entry = position < 254 ? (int) position : 254;
  fraction = position - entry;
  for (int c = 0; c < 3; c++)
    {
      double low = colormap->table[entry][c];
      double high = colormap->table[entry + 1][c];

      rgb[c] = (uint8_t) (low + (high - low) * fraction + 0.5);
    }
}
