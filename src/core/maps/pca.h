/* Principal components of patch tokens. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/error.h"
#include "core/base/sha256.h"
#include "core/encoder/team.h"

/* Widest tokens that are analysed. */
#define DINO_PCA_MAX_CHANNELS 16384

/* A basis: immutable. Rows of components are unit vectors ordered by
 * variance, the loading of largest magnitude positive (features.md 4.1). */
struct dino_pca
{
  int     n_components;
  int     n_channels;     /* D */
  double *mean;           /* [D] */
  double *components;     /* [n_components, D] */
  double *variance;       /* [n_components], of the tokens fitted, n-1 in the denominator */
  double *variance_ratio; /* [n_components], share of the total variance */
  size_t  n_samples;      /* tokens fitted; 0 for a basis read from a file */
};

/* Fits on samples added with dino_pca_fit_add(): the covariance is accumulated
 * in double (on values shifted by the first batch's mean), so any number of
 * pictures can be added. team (may be NULL) works on it and must outlive the
 * fit: equal bits for any number of threads. */
struct dino_pca_fit;
struct dino_pca_fit *dino_pca_fit_new (int n_channels, struct dino_team *team, struct dino_error *error);
void                 dino_pca_fit_free (struct dino_pca_fit *fit);

/* tokens is [n, D]; rows whose mask is 0 are left out (mask NULL: none). */
bool dino_pca_fit_add (struct dino_pca_fit *fit, const float *tokens, size_t n, const uint8_t *mask, struct dino_error *error);

/* The n_components directions of largest variance
 * (dino_largest_eigenvectors()). Fails when
 * the samples do not vary in so many directions. */
struct dino_pca *dino_pca_fit_finish (const struct dino_pca_fit *fit, int n_components, struct dino_error *error);
void             dino_pca_free (struct dino_pca *pca);

/* out [n, n_components] = (tokens - mean) components^T, in double, rounded once. */
bool dino_pca_project (const struct dino_pca *pca, const float *tokens, size_t n, float *out, struct dino_error *error);

/* A basis file is safetensors: mean [D], components [k, D], variance [k],
 * variance_ratio [k], float32. Reading refuses other shapes. */
struct dino_pca *dino_pca_read (const char *path, struct dino_error *error);

/* sha256 of mean and components as little-endian float32: the identity of a basis. */
bool dino_pca_sha256 (const struct dino_pca *pca, char text[DINO_SHA256_LENGTH], struct dino_error *error);
