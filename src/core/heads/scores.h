/* How near predictions are to what is so. weights [n] count each sample so
 * often; NULL: once. NAN where a score is not defined. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

/* Share of samples whose largest probability (the first of several) is that of their label. */
double dino_score_accuracy (const double *probabilities, const int *labels, int n_classes, const double *weights, size_t n);

/* The class with the largest probability, the first of several. */
int dino_score_top (const double *probabilities, int n_classes);

/* Mean over the classes that occur of the share of theirs that is right. */
double dino_score_balanced_accuracy (const double *probabilities, const int *labels, int n_classes, const double *weights, size_t n);

/* confusion [n_classes, n_classes]: how many of a label (row) got which class (column). */
void dino_score_confusion (const double *probabilities, const int *labels, int n_classes, size_t n, size_t *confusion);

/* Mean of -log of the label's probability, which is kept off 0 by 1e-15. */
double dino_score_log_loss (const double *probabilities, const int *labels, int n_classes, const double *weights, size_t n);

/* Mean squared distance of the probabilities from 0 and 1: of class 1 alone for
 * two classes, else summed over classes (Brier 1950). */
double dino_score_brier (const double *probabilities, const int *labels, int n_classes, const double *weights, size_t n);

/* 1 - squared errors / squared distances from the mean. */
double dino_score_r2 (const double *predictions, const double *targets, const double *weights, size_t n);

double dino_score_mean_absolute_error (const double *predictions, const double *targets, const double *weights, size_t n);
double dino_score_root_mean_square_error (const double *predictions, const double *targets, const double *weights, size_t n);
