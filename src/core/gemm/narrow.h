/* bfloat16: the upper half of a float32. */
#pragma once

#include <stdint.h>
#include <string.h>

/* To the nearest, ties to even; what is not a number stays so. */
static inline uint16_t
dino_bf16 (float value)
{
  uint32_t bits;

  memcpy (&bits, &value, sizeof bits);
  if ((bits & 0x7fffffffu) > 0x7f800000u)
    return (uint16_t) (bits >> 16 | 0x40);
  return (uint16_t) ((bits + 0x7fff + (bits >> 16 & 1)) >> 16);
}

static inline float
dino_bf16_value (uint16_t value)
{
  const uint32_t bits = (uint32_t) value << 16;
  float          result;

  memcpy (&result, &bits, sizeof result);
  return result;
}
