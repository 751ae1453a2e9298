/* What a person painted on a picture to show what is what. */
#pragma once

#include <stddef.h>
#include <stdint.h>

struct dino_stroke
{
  int           class_index; /* DINO_NO_CLASS (patch-labels.h): rubs out */
  double        radius;      /* pixels of the original */
  const double *places;      /* [n, 2]: x, y in pixels of the original; one is a dot */
  size_t        n;
};

/* Share of a patch's cell that has to be painted for the patch to be learned from. */
#define DINO_SCRIBBLE_SHARE 0.125

/* Paints strokes in their order over classes [height, width]: every pixel whose
 * centre lies no farther than radius from the line gets the class. */
void dino_scribbles_paint (const struct dino_stroke *strokes, size_t n_strokes, int width, int height, uint8_t *classes);
