/* Unsigned numbers that are meant to wrap around. */
#pragma once

/* Before a function whose arithmetic is modulo a power of two: clang's checks
 * of integers (tools/full/integer.sh) take anything else for a mistake. */
#ifdef __clang__
#define DINO_WRAPS __attribute__ ((no_sanitize ("unsigned-integer-overflow")))
#else
#define DINO_WRAPS
#endif
