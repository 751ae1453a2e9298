/* What the processor can do, and how many of its cores are ours. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

enum dino_isa
{
  DINO_ISA_GENERIC,     /* portable C */
  DINO_ISA_AVX2,        /* AVX2 and FMA */
  DINO_ISA_AVX512,      /* AVX-512 F, BW, DQ, VL */
  DINO_ISA_AVX512_BF16, /* and VNNI and BF16 */
  DINO_ISA_AMX          /* and the tile registers, with BF16 and INT8 */
};

/* The best that this processor and operating system offer. */
enum dino_isa dino_isa_detect (void);

/* "generic", "avx2", "avx512", "avx512-bf16", "amx". */
const char *dino_isa_name (enum dino_isa isa);
bool        dino_isa_parse (const char *name, enum dino_isa *isa);

/* The processor's own name for itself ("AMD EPYC 9R14"), cut to length. */
void dino_cpu_name (char *buffer, size_t length);

/* Threads worth starting: the smallest of the affinity mask, cgroup v1
 * cfs_quota and cgroup v2 cpu.max of all ancestors; at least 1. */
int dino_cpu_threads (void);
