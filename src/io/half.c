#include "io/half.h"

#include <string.h>

#define FLOAT_SIGNIFICAND 0x007fffffu
#define FLOAT_HIDDEN 0x00800000u
#define HALF_INFINITE 0x7c00u

static uint16_t
half_from_special (uint32_t significand)
{
  uint32_t half = HALF_INFINITE | significand >> 13;

  /* The payload of a NaN may not vanish: that would be infinity. */
  return (uint16_t) (significand != 0 && half == HALF_INFINITE ? half + 1 : half);
}

/* significand >> shift, rounded to nearest even. */
static uint32_t
shift_rounded (uint32_t significand, int shift)
{
  uint32_t quotient = significand >> shift;
  uint32_t rest = significand & ((1u << shift) - 1);
  uint32_t middle = 1u << (shift - 1);

  return quotient + (rest > middle || (rest == middle && (quotient & 1) != 0));
}

uint16_t
dino_half_from_float (float value)
{
  uint32_t bits, significand, magnitude;
  uint16_t sign;
  int      exponent;

  memcpy (&bits, &value, sizeof bits);
  sign = (uint16_t) (bits >> 16 & 0x8000u);
  exponent = (int) (bits >> 23 & 0xff) - 127;
  significand = bits & FLOAT_SIGNIFICAND;

  if (exponent == 128)
    return (uint16_t) (sign | half_from_special (significand));
  if (exponent > 15)
    return (uint16_t) (sign | HALF_INFINITE);
  if (exponent < -25)
    return sign;
  /* A carry out of the rounding goes on into the exponent, as it should. */
  if (exponent < -14)
    magnitude = shift_rounded (significand | FLOAT_HIDDEN, -exponent - 1);
  else
    magnitude = ((uint32_t) (exponent + 15) << 10) + shift_rounded (significand, 13);
  return (uint16_t) (sign | magnitude);
}

void
dino_half_to_float (uint16_t half, float *value)
{
  uint32_t sign = (uint32_t) (half & 0x8000u) << 16;
  uint32_t exponent = half >> 10 & 0x1f;
  uint32_t significand = half & 0x3ffu;
  uint32_t bits;

  if (exponent == 0)
    {
      const float magnitude = (float) significand * 0x1p-24f;

      *value = sign != 0 ? -magnitude : magnitude;
      return;
    }
  if (exponent == 31)
    exponent = 255;
  else
    exponent += 127 - 15;
  bits = sign | exponent << 23 | significand << 13;
  memcpy (value, &bits, sizeof bits);
}
