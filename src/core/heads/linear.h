/* Linear functions of features: what a head is, once it is fitted. */
#pragma once

#include "core/encoder/team.h"
#include "core/heads/samples.h"

/* Parameters of n_rows functions: [n_rows, n_features + 1], the weights and
 * last the constant. */
size_t dino_linear_n_parameters (size_t n_rows, size_t n_features);

/* The functions' values, scores [n, n_rows]. false when memory cannot be had. */
bool dino_linear_scores (const struct dino_samples *samples,
                         const double              *parameters,
                         size_t                     n_rows,
                         struct dino_team          *team,
                         double                    *scores,
                         struct dino_error         *error);

/* The same functions of features that are not standardised: weight
 * [n_rows, n_features] and bias [n_rows]. */
void dino_linear_fold (const struct dino_samples *samples, const double *parameters, size_t n_rows, float *weight, float *bias);

/* Scores of n_classes to probabilities, in place; stays right for large scores. */
void dino_softmax (double *scores, size_t n_classes);

/* 1 / (1 + exp (-score)) */
double dino_sigmoid (double score);
