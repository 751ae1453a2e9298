#pragma once

#include "core/maps/region.h"
#include "engine/dinoscope.h"

G_BEGIN_DECLS

/* Where a person expects a map to be large, before having seen it. */
typedef struct
{
  enum dino_shape shape;
  struct dino_box box; /* pixels of the original */
  gboolean        is_patch;
  int             row, column; /* of a patch */
} DinoscopeGuess;

typedef struct
{
  double   value;      /* of the patch, or the mean inside, weighted by area */
  double   percentile; /* share of the map's cells that are not larger, 0 … 100 */
  double   distance;   /* from the middle of the guess to the middle of the map's peak, in patches */
  gboolean peak_inside;
  double   area_share; /* of the map, 0 … 1 */
  double   mass_share; /* of the map's sum; NaN where values are negative or all zero */
  int      peak_row, peak_column;
} DinoscopeGuessScore;

/* FALSE for maps that have no single value to rank (three channels), and for a
 * guess that touches no valid cell. */
gboolean dinoscope_guess_score (const DinoscopeGuess *guess, const struct dino_map *map, DinoscopeGuessScore *score);

/* Sentences for a person. map may be NULL: not there yet. (transfer full) */
char *dinoscope_guess_describe (const DinoscopeGuess *guess, DinoscopeMap *map);

G_END_DECLS
