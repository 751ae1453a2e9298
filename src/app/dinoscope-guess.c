#include "app/dinoscope-guess.h"

#include <glib/gi18n-lib.h>
#include <math.h>

#include "app/dinoscope-facts.h"

static gboolean
is_valid (const struct dino_map *map, gsize cell)
{
  return map->valid == NULL || map->valid[cell] != 0;
}

static gsize
find_peak (const struct dino_map *map)
{
  gsize n = (gsize) map->width * (gsize) map->height;
  gsize peak = n;

  for (gsize i = 0; i < n; i++)
    if (is_valid (map, i) && (peak == n || map->values[i] > map->values[peak]))
      peak = i;
  return peak;
}

static void
rank (const struct dino_map *map, double value, double *percentile, gsize *n_valid)
{
  gsize n = (gsize) map->width * (gsize) map->height;
  gsize below = 0;

  *n_valid = 0;
  for (gsize i = 0; i < n; i++)
    {
      if (!is_valid (map, i))
        continue;
      ++*n_valid;
      if ((double) map->values[i] <= value)
        below++;
    }
  *percentile = *n_valid > 0 ? 100.0 * (double) below / (double) *n_valid : 0;
}

/* In cells of the map, whose sides may differ in pixels. */
static double
measure_distance (const DinoscopeGuess *guess, const struct dino_map *map, int row, int column)
{
  double cell_width = (map->seen.x1 - map->seen.x0) / map->width;
  double cell_height = (map->seen.y1 - map->seen.y0) / map->height;
  double x = ((guess->box.x0 + guess->box.x1) / 2 - map->seen.x0) / cell_width;
  double y = ((guess->box.y0 + guess->box.y1) / 2 - map->seen.y0) / cell_height;

  return hypot (x - (column + 0.5), y - (row + 0.5));
}

/* The mean over a patch's own box would be its value but for rounding. */
static gboolean
read_value (const DinoscopeGuess *guess, const struct dino_map *map, const struct dino_region_result *inside, double *value)
{
  gsize cell = (gsize) guess->row * (gsize) map->width + (gsize) guess->column;

  if (!guess->is_patch)
    {
      *value = inside->mean;
      return inside->area > 0;
    }
  if (guess->row >= map->height || guess->column >= map->width || !is_valid (map, cell))
    return FALSE;
  *value = (double) map->values[cell];
  return TRUE;
}

gboolean
dinoscope_guess_score (const DinoscopeGuess *guess, const struct dino_map *map, DinoscopeGuessScore *score)
{
  struct dino_region_result inside;
  struct dino_error         error;
  gsize                     peak, n_valid;

  if (map->channels != 1 || !dino_region_shape (map, guess->shape, guess->box, &inside, &error))
    return FALSE;
  peak = find_peak (map);
  if (peak == (gsize) map->width * (gsize) map->height || !read_value (guess, map, &inside, &score->value))
    return FALSE;
  rank (map, score->value, &score->percentile, &n_valid);
  score->peak_row = (int) (peak / (gsize) map->width);
  score->peak_column = (int) (peak % (gsize) map->width);
  score->distance = measure_distance (guess, map, score->peak_row, score->peak_column);
  score->peak_inside = guess->is_patch ? score->peak_row == guess->row && score->peak_column == guess->column : inside.peak_inside;
  score->area_share = inside.area / (double) n_valid;
  score->mass_share = inside.mass_share;
  return TRUE;
}

static char *
describe_mass (const DinoscopeGuessScore *score)
{
  if (isnan (score->mass_share))
    return g_strdup (_ ("The map has negative values, so it has no mass to share out."));
  return g_strdup_printf (_ ("Inside it lie %.1f %% of the map’s mass, on %.1f %% of its area."), 100 * score->mass_share, 100 * score->area_share);
}

char *
dinoscope_guess_describe (const DinoscopeGuess *guess, DinoscopeMap *map)
{
  DinoscopeGuessScore score;
  g_autofree char    *value = NULL;
  g_autofree char    *mass = NULL;

  if (map == NULL)
    return g_strdup (_ ("The map is still being computed."));
  if (dinoscope_map_get_channels (map) != 1)
    return g_strdup (_ ("This map has three values for each patch and so no peak. Choose one component or another overlay to get numbers."));
  if (!dinoscope_guess_score (guess, dinoscope_map_get_core (map), &score))
    return g_strdup (_ ("The map has no values where you guessed."));
  value = dinoscope_format_value (score.value);
  mass = describe_mass (&score);
  return g_strdup_printf (_ ("%s: %s here, percentile %.0f of the map. Its peak, patch row %d column %d, is %s, %.1f patches from its middle. %s"),
                          dinoscope_map_get_title (map), value, score.percentile, score.peak_row, score.peak_column,
                          score.peak_inside ? _ ("inside your guess") : _ ("outside your guess"), score.distance, mass);
}
