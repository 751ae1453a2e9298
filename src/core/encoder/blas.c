#include "core/encoder/blas.h"

#include <cblas.h>
#include <stdio.h>

/* There only when OpenBLAS brought libgomp (or another OpenMP) with it. */
extern void omp_set_num_threads (int threads) __attribute__ ((weak));

void
dino_blas_single_threaded (void)
{
  openblas_set_num_threads (1);
  dino_blas_enter_thread ();
}

void
dino_blas_enter_thread (void)
{
  if (openblas_get_parallel () == OPENBLAS_OPENMP && omp_set_num_threads != NULL)
    omp_set_num_threads (1);
}

void
dino_blas_describe (char *buffer, size_t length)
{
  static const char *const builds[] = {
    [OPENBLAS_SEQUENTIAL] = "sequential",
    [OPENBLAS_THREAD] = "pthread",
    [OPENBLAS_OPENMP] = "OpenMP",
  };
  int parallel = openblas_get_parallel ();

  snprintf (buffer, length, "%s, %s, %s", openblas_get_config (), openblas_get_corename (),
            parallel >= 0 && parallel <= OPENBLAS_OPENMP ? builds[parallel] : "");
}
