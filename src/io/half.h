/* IEEE 754 half precision, bit for bit as NumPy converts. */
#pragma once

#include <stdint.h>

/* Rounds to nearest even; too large becomes infinite. */
uint16_t dino_half_from_float (float value);

/* Not returned: what i386 returns goes through the x87 stack, where a signalling
 * NaN becomes another one. */
void dino_half_to_float (uint16_t half, float *value);
