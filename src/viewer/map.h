/* A map as it came from who computed it: colours of cells, and what to say of them. */
#pragma once

#include <glib.h>

#include "viewer/place.h"

G_BEGIN_DECLS

/* Immutable. */
typedef struct
{
  int              rows, columns;
  GBytes          *cells; /* [rows, columns, 4]: red, green, blue, alpha, premultiplied */
  struct rectangle box;   /* in pixels of the picture */
  char            *title, *legend, *unit;
  GBytes          *ramp; /* [n, 3], from the lowest value to the highest; NULL: no scale */
  double           low, high;
} Map;

/* NULL when the answer is not a whole map. */
Map *map_new (GVariant *answer);
void map_free (Map *self);

/* Where a cell is, in pixels of the picture. */
struct rectangle map_cell (const Map *self, int row, int column);

G_END_DECLS
