/* The kernels in portable C: four lanes, which every processor of today has. */
#include <stdint.h>
#include <string.h>

#define LANES 4

typedef float    vector __attribute__ ((vector_size (LANES * sizeof (float))));
typedef uint32_t vector_bits __attribute__ ((vector_size (LANES * sizeof (uint32_t))));

static inline vector
v_fma (vector a, vector b, vector c)
{
  return a * b + c;
}

/* Exponent and fraction in a float's place are 2^-112 of the value, subnormal
 * ones too; infinities become 65536. */
static inline vector
v_load_half (const uint16_t *at)
{
  vector_bits half = { 0 };

  for (int i = 0; i < LANES; i++)
    half[i] = at[i];
  return (vector) ((vector_bits) ((vector) ((half & 0x7fff) << 13) * 0x1p112f) | (half & 0x8000) << 16);
}

static inline vector
v_load_byte (const int8_t *at)
{
  vector a;

  for (int i = 0; i < LANES; i++)
    a[i] = at[i];
  return a;
}

#include "core/vectors/row-kernels-vector.h"

const struct dino_row_kernels dino_row_kernels_generic = { .isa = DINO_ISA_GENERIC, ROW_KERNELS };
