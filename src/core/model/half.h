/* 16-bit floating point numbers as float32, exactly. */
#pragma once

#include <stdint.h>
#include <string.h>

static inline float
dino_float_from_bits (uint32_t bits)
{
  float value;

  memcpy (&value, &bits, sizeof value);
  return value;
}

/* bfloat16: the upper half of a float32. */
static inline float
dino_float_from_bf16 (uint16_t bits)
{
  return dino_float_from_bits ((uint32_t) bits << 16);
}

/* IEEE 754 binary16, with subnormal numbers, infinities and NaN. */
static inline float
dino_float_from_f16 (uint16_t bits)
{
  uint32_t sign = (uint32_t) (bits & 0x8000) << 16;
  uint32_t exponent = bits >> 10 & 0x1f;
  uint32_t fraction = bits & 0x3ff;

  if (exponent == 0x1f)
    return dino_float_from_bits (sign | 0x7f800000 | fraction << 13);
  if (exponent > 0)
    return dino_float_from_bits (sign | (exponent + 112) << 23 | fraction << 13);
  return (sign != 0 ? -0x1p-24f : 0x1p-24f) * (float) fraction;
}
