#include "core/maps/colormap.h"

#include <string.h>

#include "core/base/text.h"
#include "core/maps/colormap-tables.h"

static const struct dino_colormap colormaps[] = {
  { "viridis", N_ ("Viridis"), false, dino_table_viridis },
  { "magma", N_ ("Magma"), false, dino_table_magma },
  { "inferno", N_ ("Inferno"), false, dino_table_inferno },
  { "cividis", N_ ("Cividis"), false, dino_table_cividis },
  { "grey", N_ ("Grey"), false, dino_table_grey },
  { "vik", N_ ("Vik (diverging)"), true, dino_table_vik },
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
  return NULL;
}

void
dino_colormap_lookup (const struct dino_colormap *colormap, double t, uint8_t rgb[3])
{
  double position, fraction;
  int    entry;

  if (!(t > 0))
    t = 0;
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
