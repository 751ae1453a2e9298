/* The kernels in portable C: four lanes, which every processor of today has. */
#include <stddef.h>

#define LANES 4

typedef float vector __attribute__ ((vector_size (LANES * sizeof (float))));

static inline vector
v_fma (vector a, vector b, vector c)
{
  return a * b + c;
}

/* Lane by lane, in a form that compilers know as their maximum instruction. */
static inline vector
v_max (vector a, vector b)
{
  for (int i = 0; i < LANES; i++)
    b[i] = a[i] > b[i] ? a[i] : b[i];
  return b;
}

static inline vector
v_min (vector a, vector b)
{
  for (int i = 0; i < LANES; i++)
    b[i] = a[i] < b[i] ? a[i] : b[i];
  return b;
}

static inline vector
v_load_first (const float *at, size_t n, float fill)
{
  vector a;

  for (size_t i = 0; i < LANES; i++)
    a[i] = i < n ? at[i] : fill;
  return a;
}

static inline void
v_store_first (float *at, size_t n, vector a)
{
  for (size_t i = 0; i < LANES && i < n; i++)
    at[i] = a[i];
}

#include "core/encoder/kernels-vector.h"

const struct dino_kernels dino_kernels_generic = { .isa = DINO_ISA_GENERIC, KERNELS_TO_FLOAT };
