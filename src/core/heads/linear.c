#include "core/heads/linear.h"

#include <cblas.h>
#include <math.h>

#include "core/base/memory.h"
#include "core/encoder/blas.h"
#include "core/encoder/loop.h"

/* Samples that a thread looks at at once. */
#define PANEL 32

struct work
{
  const struct dino_samples *samples;
  const double              *parameters;
  size_t                     n_rows, n_panels;
  double                    *panels; /* [threads, PANEL, n_features] */
  double                    *scores;
};

size_t
dino_linear_n_parameters (size_t n_rows, size_t n_features)
{
  return n_rows * (n_features + 1);
}

static void
score_panel (void *data, size_t item, int thread)
{
  const struct work *work = data;
  const size_t       width = work->samples->n_features, first = item * PANEL;
  const size_t       count = work->samples->n - first < PANEL ? work->samples->n - first : PANEL;
  double            *panel = work->panels + (size_t) thread * PANEL * width;
  double            *scores = work->scores + first * work->n_rows;

  dino_blas_enter_thread ();
  dino_samples_read (work->samples, first, count, 0, width, panel);
  for (size_t i = 0; i < count; i++)
    for (size_t k = 0; k < work->n_rows; k++)
      scores[i * work->n_rows + k] = work->parameters[k * (width + 1) + width];
  cblas_dgemm (CblasRowMajor, CblasNoTrans, CblasTrans, (blasint) count, (blasint) work->n_rows, (blasint) width,
               1, panel, (blasint) width, work->parameters, (blasint) (width + 1), 1, scores, (blasint) work->n_rows);
}

bool
dino_linear_scores (const struct dino_samples *samples,
                    const double              *parameters,
                    size_t                     n_rows,
                    struct dino_team          *team,
                    double                    *scores,
                    struct dino_error         *error)
{
  struct work work = { .samples = samples, .parameters = parameters, .n_rows = n_rows, .scores = scores };
  size_t      n_values;

  if (!dino_multiply (dino_loop_threads (team) * PANEL, samples->n_features, &n_values))
    return dino_error_set_memory (error, (unsigned long long) -1);
  work.panels = dino_alloc (n_values, sizeof (double), error);
  if (work.panels == NULL)
    return false;
  work.n_panels = (samples->n + PANEL - 1) / PANEL;
  dino_loop_run (team, work.n_panels, score_panel, &work);
  dino_free (work.panels);
  return true;
}

void
dino_linear_fold (const struct dino_samples *samples, const double *parameters, size_t n_rows, float *weight, float *bias)
{
  const size_t width = samples->n_features;

  for (size_t k = 0; k < n_rows; k++)
    {
      const double *row = parameters + k * (width + 1);
      double        constant = row[width];

      for (size_t f = 0; f < width; f++)
        {
          const double factor = samples->means != NULL ? samples->factors[f] : 1, mean = samples->means != NULL ? samples->means[f] : 0;
          const float  folded = (float) (row[f] * factor);

          weight[k * width + f] = folded;
          /* By the rounded weight: so rounding does not move the score at the mean. */
          constant -= (double) folded * mean;
        }
      bias[k] = (float) constant;
    }
}

void
dino_softmax (double *scores, size_t n_classes)
{
  double most = scores[0], sum = 0;

  for (size_t k = 1; k < n_classes; k++)
    most = fmax (most, scores[k]);
  for (size_t k = 0; k < n_classes; k++)
    sum += scores[k] = exp (scores[k] - most);
  for (size_t k = 0; k < n_classes; k++)
    scores[k] /= sum;
}

double
dino_sigmoid (double score)
{
  return score >= 0 ? 1 / (1 + exp (-score)) : exp (score) / (1 + exp (score));
}
