/* Who multiplies: y = x W^T, W prepared once, as the layers of an encoder do. */
#pragma once

#include "bench.h"
#include "core/gemm/gemm.h"

struct gemm_case
{
  size_t       rows, n_inputs, n_outputs;
  const float *x; /* [rows, n_inputs] */
  const float *w; /* [n_outputs, n_inputs] */
};

struct gemm_engine
{
  const char *name;
  const char *(*kernel) (void); /* NULL, or what it chose to multiply with */
  enum dino_isa    isa;         /* that the processor must have */
  enum dino_format format;
  /* What begin() returns the others get. */
  void *(*begin) (const struct bench *bench, const struct gemm_engine *engine, const struct gemm_case *product);
  void (*run) (void *state);
  double (*value) (const void *state, size_t row, size_t column); /* of y, after a run */
  void (*end) (void *state);
};

/* Up to an engine without name. */
extern const struct gemm_engine gemm_openblas[];
extern const struct gemm_engine gemm_onednn[];
extern const struct gemm_engine gemm_dinoscope[];
