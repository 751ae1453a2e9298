/* The largest eigenvalues of a symmetric matrix. */
#pragma once

#include "core/base/error.h"
#include "core/encoder/team.h"

/* The k largest eigenvalues of matrix [n, n] (all of it, positive
 * semidefinite), ascending in values, and their unit vectors, rows of vectors
 * [k, n]; team may be NULL. matrix is destroyed.
 *
 * A block Krylov space with Rayleigh-Ritz (Saad, Numerical Methods for Large
 * Eigenvalue Problems, 2011, chapter 6), fully re-orthogonalised, from a fixed
 * start; where it does not come to the tolerance, and for small matrices,
 * LAPACK's dsyevr. Equal bits for any number of threads. */
bool dino_largest_eigenvectors (double *matrix, int n, int k, struct dino_team *team, double *values, double *vectors, struct dino_error *error);

/* LAPACK alone, for comparison; values is [n]. */
bool dino_largest_eigenvectors_lapack (double *matrix, int n, int k, double *values, double *vectors, struct dino_error *error);
