#include "core/heads/calibration-bins.h"

#include <math.h>
#include <string.h>

static int
bin_of (double probability)
{
  const int bin = (int) (probability * DINO_CALIBRATION_BINS);

  return bin < 0 ? 0 : bin >= DINO_CALIBRATION_BINS ? DINO_CALIBRATION_BINS - 1
                                                    : bin;
}

void
dino_calibration_bins (const double *probabilities, const bool *is_so, size_t n, struct dino_calibration_bin bins[DINO_CALIBRATION_BINS])
{
  memset (bins, 0, DINO_CALIBRATION_BINS * sizeof *bins);
  for (size_t i = 0; i < n; i++)
    {
      struct dino_calibration_bin *bin = &bins[bin_of (probabilities[i])];

      bin->n++;
      bin->predicted += probabilities[i];
      bin->observed += is_so[i];
    }
  for (int b = 0; b < DINO_CALIBRATION_BINS; b++)
    {
      bins[b].predicted = bins[b].n > 0 ? bins[b].predicted / (double) bins[b].n : (double) NAN;
      bins[b].observed = bins[b].n > 0 ? bins[b].observed / (double) bins[b].n : (double) NAN;
    }
}

double
dino_calibration_error (const struct dino_calibration_bin bins[DINO_CALIBRATION_BINS])
{
  double sum = 0, all = 0;

  for (int b = 0; b < DINO_CALIBRATION_BINS; b++)
    if (bins[b].n > 0)
      {
        sum += (double) bins[b].n * fabs (bins[b].predicted - bins[b].observed);
        all += (double) bins[b].n;
      }
  return all > 0 ? sum / all : (double) NAN;
}
