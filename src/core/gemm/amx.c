/* Leave to use the tile registers: Linux saves them only for processes that
 * asked (Documentation/arch/x86/xstate.rst). */
#include "core/gemm/gemm.h"

#if defined(__x86_64__) && defined(__linux__)

#include <sys/syscall.h>
#include <unistd.h>

#define REQUEST_PERMISSION 0x1023 /* ARCH_REQ_XCOMP_PERM */
#define TILE_DATA 18              /* XFEATURE_XTILEDATA */

bool
dino_amx_permitted (void)
{
  return syscall (SYS_arch_prctl, REQUEST_PERMISSION, TILE_DATA) == 0;
}

#else

bool
dino_amx_permitted (void)
{
  return false;
}

#endif
