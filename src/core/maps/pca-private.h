/* What fitting and using a basis share. */
#pragma once

#include "core/maps/pca.h"

/* A basis of zeros. */
struct dino_pca *dino_pca_new (int n_components, int n_channels, struct dino_error *error);

/* The error of tokens that are not finite; returns false. */
bool dino_pca_set_not_finite (struct dino_error *error);

/* A copy that the caller frees. */
struct dino_pca *dino_pca_copy (const struct dino_pca *pca, struct dino_error *error);
