/* Keeping OpenBLAS to one thread: the team divides the work. */
#pragma once

#include <stddef.h>

/* Process-wide: every later BLAS call of the program runs on the thread that
 * makes it. Call once, before the first encoder; OpenBLAS has no narrower
 * setter. Until then its pthread build takes a global lock for each product. */
void dino_blas_single_threaded (void);

/* The same for one thread, where OpenBLAS is built on OpenMP: there the number
 * of threads belongs to the calling thread and the process-wide setter does
 * nothing. The team calls it on its threads; callers of BLAS outside the team
 * call it on theirs. Cheap. */
void dino_blas_enter_thread (void);

/* For bug reports: "OpenBLAS 0.3.21 … Cooperlake, pthread", cut to length. */
void dino_blas_describe (char *buffer, size_t length);
