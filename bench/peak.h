/* The most that a core multiplies and adds: nothing but such instructions, on
 * registers, enough of them in flight to hide how long each takes. */
#pragma once

#include <stddef.h>

#include "core/encoder/cpu.h"

struct peak_probe
{
  const char   *name;
  enum dino_isa isa;
  double        operations; /* of a round; a multiply-add is two */
  void (*run) (size_t rounds);
};

/* Each in a file compiled for its instruction set. */
extern const struct peak_probe peak_avx2_fp32;
extern const struct peak_probe peak_avx512_fp32;
extern const struct peak_probe peak_avx512_bf16;
extern const struct peak_probe peak_avx512_int8;
extern const struct peak_probe peak_amx_bf16;
extern const struct peak_probe peak_amx_int8;
