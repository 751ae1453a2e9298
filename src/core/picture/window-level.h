/* Window and level by hand: how a movement changes a window. */
#pragma once

#include <stdbool.h>

#include "core/picture/display.h"

/* A step changes width or centre by this part of the picture's range of
 * modality values; fine ones are a tenth of it. */
#define DINO_WINDOW_STEPS 512.0
#define DINO_WINDOW_FINE 0.1

/* How far windows of a picture reach, and how finely they are set. */
struct dino_window_scale
{
  double low, high; /* modality values of the picture, high > low */
  double unit;      /* windows by hand are multiples of it: 1 where modality values are whole numbers */
};

/* For a grey picture. Where modality values are not whole, unit is the power of
 * ten just below a ten-thousandth of their range. A flat picture is one unit wide. */
void dino_window_scale_init (struct dino_window_scale *scale, const struct dino_picture *picture);

/* The window made wider by some steps and the picture brighter by others (both
 * may be negative and fractions). Brighter lowers the centre, and raises it
 * where greys are shown inverted. Stays between a unit and four times the range
 * (LINEAR: at least 1), its centre within a range around the picture's values. */
struct dino_window dino_window_moved (const struct dino_window *window, const struct dino_window_scale *scale, double wider, double brighter, bool inverted);

/* Centre and width as whole units: what is shown and kept of a movement. */
struct dino_window dino_window_rounded (const struct dino_window *window, const struct dino_window_scale *scale);
