#include "core/encoder/cpu.h"

#include "core/gemm/gemm.h"

#include <stdio.h>
#include <string.h>

#if defined(__x86_64__) || defined(__i386__)
#include <cpuid.h>
#define HAVE_CPUID 1
#else
#define HAVE_CPUID 0
#include <sys/utsname.h>
#endif

static const char *const isa_names[] = {
  [DINO_ISA_GENERIC] = "generic",
  [DINO_ISA_AVX2] = "avx2",
  [DINO_ISA_AVX512] = "avx512",
  [DINO_ISA_AVX512_BF16] = "avx512-bf16",
  [DINO_ISA_AMX] = "amx",
};

#define N_ISAS (sizeof isa_names / sizeof isa_names[0])

#if defined(__x86_64__)

/* CPUID leaf 7: AMX-BF16, AMX-TILE and AMX-INT8. */
static bool
has_tiles (void)
{
  const unsigned needed = 1u << 22 | 1u << 24 | 1u << 25;
  unsigned       a, b, c, d;

  return __get_cpuid_count (7, 0, &a, &b, &c, &d) && (d & needed) == needed;
}

#endif

enum dino_isa
dino_isa_detect (void)
{
#if defined(__x86_64__)
  /* These also ask the operating system (XGETBV) whether it saves the registers. */
  __builtin_cpu_init ();
  if (!__builtin_cpu_supports ("avx2") || !__builtin_cpu_supports ("fma"))
    return DINO_ISA_GENERIC;
  if (!__builtin_cpu_supports ("avx512f") || !__builtin_cpu_supports ("avx512bw") ||
      !__builtin_cpu_supports ("avx512dq") || !__builtin_cpu_supports ("avx512vl"))
    return DINO_ISA_AVX2;
  if (!__builtin_cpu_supports ("avx512bf16") || !__builtin_cpu_supports ("avx512vnni"))
    return DINO_ISA_AVX512;
  return has_tiles () && dino_amx_permitted () ? DINO_ISA_AMX : DINO_ISA_AVX512_BF16;
#else
  return DINO_ISA_GENERIC;
#endif
}

const char *
dino_isa_name (enum dino_isa isa)
{
  return (size_t) isa < N_ISAS ? isa_names[isa] : "";
}

bool
dino_isa_parse (const char *name, enum dino_isa *isa)
{
  for (size_t i = 0; i < N_ISAS; i++)
    if (strcmp (name, isa_names[i]) == 0)
      {
        *isa = (enum dino_isa) i;
        return true;
      }
  return false;
}

#if HAVE_CPUID

/* The brand string: three leaves of four registers each. */
static void
read_cpu_name (char name[49])
{
  unsigned words[12] = { 0 };

  if ((unsigned) __get_cpuid_max (0x80000000u, NULL) >= 0x80000004u)
    for (unsigned leaf = 0; leaf < 3; leaf++)
      {
        unsigned *part = words + (size_t) 4 * leaf;

        __get_cpuid (0x80000002u + leaf, &part[0], &part[1], &part[2], &part[3]);
      }
  memcpy (name, words, sizeof words);
  name[48] = '\0';
}

#else

static void
read_cpu_name (char name[49])
{
  struct utsname system;

  name[0] = '\0';
  if (uname (&system) == 0)
    snprintf (name, 49, "%.48s", system.machine);
}

#endif

void
dino_cpu_name (char *buffer, size_t length)
{
  char        name[49];
  const char *start = name;
  size_t      end;

  read_cpu_name (name);
  while (*start == ' ')
    start++;
  for (end = strlen (start); end > 0 && start[end - 1] == ' '; end--)
    ;
  snprintf (buffer, length, "%.*s", (int) end, start);
}
