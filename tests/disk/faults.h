/* What the two halves of the preloaded library share: how the C library's own
 * function is found behind one of the same name. */
#pragma once

#include <dlfcn.h>

/* Declares next, of the type of the function name. Pointers to functions and to
 * objects are the same in POSIX, but not in ISO C. */
#define FAULTS_NEXT(name)         \
  static __typeof__ (&name) next; \
  if (next == NULL)               \
  *(void **) &next = dlsym (RTLD_NEXT, #name)
