/* Whether probabilities are what they say. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#define DINO_CALIBRATION_BINS 10

/* The samples whose probability lies in [i/10, (i+1)/10), 1 in the last. */
struct dino_calibration_bin
{
  size_t n;
  double predicted; /* their mean probability, NAN where there are none */
  double observed;  /* the share of them that is so */
};

/* bins of probabilities [n] of something that is so or not. */
void dino_calibration_bins (const double *probabilities, const bool *is_so, size_t n, struct dino_calibration_bin bins[DINO_CALIBRATION_BINS]);

/* Expected calibration error (Naeini and others 2015): the mean over samples of
 * |predicted - observed| of their bins; NAN without samples. */
double dino_calibration_error (const struct dino_calibration_bin bins[DINO_CALIBRATION_BINS]);
