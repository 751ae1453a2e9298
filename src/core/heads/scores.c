#include "core/heads/scores.h"

#include <math.h>
#include <string.h>

#define LEAST_PROBABILITY 1e-15

static double
weight_of (const double *weights, size_t i)
{
  return weights != NULL ? weights[i] : 1;
}

static double
ratio (double sum, double total)
{
  return total > 0 ? sum / total : (double) NAN;
}

int
dino_score_top (const double *probabilities, int n_classes)
{
  int best = 0;

  for (int k = 1; k < n_classes; k++)
    if (probabilities[k] > probabilities[best])
      best = k;
  return best;
}

double
dino_score_accuracy (const double *probabilities, const int *labels, int n_classes, const double *weights, size_t n)
{
  double right = 0, all = 0;

  for (size_t i = 0; i < n; i++)
    {
      right += dino_score_top (probabilities + i * (size_t) n_classes, n_classes) == labels[i] ? weight_of (weights, i) : 0;
      all += weight_of (weights, i);
    }
  return ratio (right, all);
}

double
dino_score_balanced_accuracy (const double *probabilities, const int *labels, int n_classes, const double *weights, size_t n)
{
  double sum = 0, n_found = 0;

  for (int k = 0; k < n_classes; k++)
    {
      double right = 0, all = 0;

      for (size_t i = 0; i < n; i++)
        if (labels[i] == k)
          {
            right += dino_score_top (probabilities + i * (size_t) n_classes, n_classes) == k ? weight_of (weights, i) : 0;
            all += weight_of (weights, i);
          }
      if (all > 0)
        {
          sum += right / all;
          n_found++;
        }
    }
  return ratio (sum, n_found);
}

void
dino_score_confusion (const double *probabilities, const int *labels, int n_classes, size_t n, size_t *confusion)
{
  memset (confusion, 0, (size_t) n_classes * (size_t) n_classes * sizeof *confusion);
  for (size_t i = 0; i < n; i++)
    confusion[labels[i] * n_classes + dino_score_top (probabilities + i * (size_t) n_classes, n_classes)]++;
}

double
dino_score_log_loss (const double *probabilities, const int *labels, int n_classes, const double *weights, size_t n)
{
  double sum = 0, all = 0;

  for (size_t i = 0; i < n; i++)
    {
      sum -= weight_of (weights, i) * log (fmax (probabilities[i * (size_t) n_classes + (size_t) labels[i]], LEAST_PROBABILITY));
      all += weight_of (weights, i);
    }
  return ratio (sum, all);
}

double
dino_score_brier (const double *probabilities, const int *labels, int n_classes, const double *weights, size_t n)
{
  double sum = 0, all = 0;

  for (size_t i = 0; i < n; i++)
    {
      for (int k = n_classes == 2 ? 1 : 0; k < n_classes; k++)
        {
          const double distance = probabilities[i * (size_t) n_classes + (size_t) k] - (labels[i] == k);

          sum += weight_of (weights, i) * distance * distance;
        }
      all += weight_of (weights, i);
    }
  return ratio (sum, all);
}

double
dino_score_r2 (const double *predictions, const double *targets, const double *weights, size_t n)
{
  double mean = 0, all = 0, errors = 0, distances = 0;

  for (size_t i = 0; i < n; i++)
    {
      mean += weight_of (weights, i) * targets[i];
      all += weight_of (weights, i);
    }
  mean /= all;
  for (size_t i = 0; i < n; i++)
    {
      errors += weight_of (weights, i) * (targets[i] - predictions[i]) * (targets[i] - predictions[i]);
      distances += weight_of (weights, i) * (targets[i] - mean) * (targets[i] - mean);
    }
  return distances > 0 ? 1 - errors / distances : (double) NAN;
}

double
dino_score_mean_absolute_error (const double *predictions, const double *targets, const double *weights, size_t n)
{
  double sum = 0, all = 0;

  for (size_t i = 0; i < n; i++)
    {
      sum += weight_of (weights, i) * fabs (targets[i] - predictions[i]);
      all += weight_of (weights, i);
    }
  return ratio (sum, all);
}

double
dino_score_root_mean_square_error (const double *predictions, const double *targets, const double *weights, size_t n)
{
  double sum = 0, all = 0;

  for (size_t i = 0; i < n; i++)
    {
      sum += weight_of (weights, i) * (targets[i] - predictions[i]) * (targets[i] - predictions[i]);
      all += weight_of (weights, i);
    }
  return sqrt (ratio (sum, all));
}
