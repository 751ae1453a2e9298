#include "core/heads/logistic.h"

#include <cblas.h>
#include <math.h>
#include <string.h>

#include "core/base/memory.h"
#include "core/encoder/blas.h"
#include "core/encoder/loop.h"
#include "core/heads/linear.h"

/* Samples that are brought to double and multiplied at a time. */
#define PANEL 32

/* Sums over samples are made of so many partial ones, whatever the threads. */
#define PARTS 16

#define MAX_ROUNDS 2000

/* The largest |gradient| that is left, of the mean loss: less where the weights
 * are held down by little, and the minimum is flat. */
#define LEAST_TOLERANCE 1e-10
#define MOST_TOLERANCE 1e-8
#define PART_OF_L2 1e-3

struct part
{
  double *gradient; /* [n_rows, n_features + 1] */
  double *panel;    /* [PANEL, n_features] */
  double *scores;   /* [PANEL, n_rows], then their derivatives */
  double  loss;
};

struct work
{
  const struct dino_logistic *logistic;
  struct dino_team           *team;
  const double               *x;
  size_t                      n_rows, n_panels, n_parts;
  double                      weight_sum;
  struct part                 parts[PARTS];
};

size_t
dino_logistic_n_rows (int n_classes)
{
  return n_classes == 2 ? 1 : (size_t) n_classes;
}

void
dino_class_weights_balanced (const int *labels, size_t n, int n_classes, double *weights)
{
  memset (weights, 0, (size_t) n_classes * sizeof *weights);
  for (size_t i = 0; i < n; i++)
    weights[labels[i]]++;
  for (int k = 0; k < n_classes; k++)
    weights[k] = weights[k] > 0 ? (double) n / (n_classes * weights[k]) : 1;
}

static double
weight_of (const struct dino_logistic *logistic, int label)
{
  return logistic->class_weights != NULL ? logistic->class_weights[label] : 1;
}

/* The loss of one sample; scores become its derivatives. */
static double
loss_of (double *scores, size_t n_rows, int label)
{
  double score, most;

  if (n_rows == 1)
    {
      score = label == 1 ? scores[0] : -scores[0];
      scores[0] = dino_sigmoid (scores[0]) - label;
      return fmax (-score, 0) + log1p (exp (-fabs (score)));
    }
  score = most = scores[label];
  for (size_t k = 0; k < n_rows; k++)
    most = fmax (most, scores[k]);
  dino_softmax (scores, n_rows);
  if (scores[label] > 0)
    score = -log (scores[label]);
  else
    score = most - score;
  scores[label] -= 1;
  return score;
}

static void
add_panel (const struct work *work, struct part *part, size_t panel)
{
  const struct dino_logistic *logistic = work->logistic;
  const size_t                width = logistic->samples.n_features, n_rows = work->n_rows, first = panel * PANEL;
  const size_t                count = logistic->samples.n - first < PANEL ? logistic->samples.n - first : PANEL;

  dino_samples_read (&logistic->samples, first, count, 0, width, part->panel);
  for (size_t i = 0; i < count; i++)
    for (size_t k = 0; k < n_rows; k++)
      part->scores[i * n_rows + k] = work->x[k * (width + 1) + width];
  cblas_dgemm (CblasRowMajor, CblasNoTrans, CblasTrans, (blasint) count, (blasint) n_rows, (blasint) width,
               1, part->panel, (blasint) width, work->x, (blasint) (width + 1), 1, part->scores, (blasint) n_rows);
  for (size_t i = 0; i < count; i++)
    {
      const int    label = logistic->labels[first + i];
      const double weight = weight_of (logistic, label);
      double      *scores = part->scores + i * n_rows;

      part->loss += weight * loss_of (scores, n_rows, label);
      for (size_t k = 0; k < n_rows; k++)
        {
          scores[k] *= weight;
          part->gradient[k * (width + 1) + width] += scores[k];
        }
    }
  cblas_dgemm (CblasRowMajor, CblasTrans, CblasNoTrans, (blasint) n_rows, (blasint) width, (blasint) count,
               1, part->scores, (blasint) n_rows, part->panel, (blasint) width, 1, part->gradient, (blasint) (width + 1));
}

static void
sum_part (void *data, size_t item, int thread)
{
  struct work *work = data;
  struct part *part = &work->parts[item];
  const size_t first = item * work->n_panels / work->n_parts, end = (item + 1) * work->n_panels / work->n_parts;

  (void) thread;
  dino_blas_enter_thread ();
  part->loss = 0;
  memset (part->gradient, 0, dino_linear_n_parameters (work->n_rows, work->logistic->samples.n_features) * sizeof (double));
  for (size_t panel = first; panel < end; panel++)
    add_panel (work, part, panel);
}

/* Divided by the sum of the weights, so that one tolerance fits all problems. */
static double
objective (void *data, const double *x, double *gradient)
{
  struct work *work = data;
  const size_t width = work->logistic->samples.n_features, n = dino_linear_n_parameters (work->n_rows, width);
  double       loss = 0, norm = 0;

  work->x = x;
  dino_loop_run (work->team, work->n_parts, sum_part, work);
  memset (gradient, 0, n * sizeof *gradient);
  for (size_t p = 0; p < work->n_parts; p++)
    {
      loss += work->parts[p].loss;
      for (size_t i = 0; i < n; i++)
        gradient[i] += work->parts[p].gradient[i];
    }
  for (size_t k = 0; k < work->n_rows; k++)
    for (size_t f = 0; f < width; f++)
      {
        const double weight = x[k * (width + 1) + f];

        norm += weight * weight;
        gradient[k * (width + 1) + f] += work->logistic->l2 * weight;
      }
  for (size_t i = 0; i < n; i++)
    gradient[i] /= work->weight_sum;
  return (loss + work->logistic->l2 / 2 * norm) / work->weight_sum;
}

static bool
allocate (struct work *work, double **memory, struct dino_error *error)
{
  const size_t width = work->logistic->samples.n_features;
  size_t       each, n;

  if (!dino_multiply (width + 1, work->n_rows + PANEL, &each) || !dino_add (each, PANEL * work->n_rows, &each) || !dino_multiply (each, work->n_parts, &n))
    return dino_error_set_memory (error, (unsigned long long) -1);
  *memory = dino_alloc (n, sizeof (double), error);
  if (*memory == NULL)
    return false;
  for (size_t p = 0; p < work->n_parts; p++)
    {
      work->parts[p].gradient = *memory + p * each;
      work->parts[p].panel = work->parts[p].gradient + dino_linear_n_parameters (work->n_rows, width);
      work->parts[p].scores = work->parts[p].panel + PANEL * width;
    }
  return true;
}

bool
dino_logistic_fit (const struct dino_logistic *logistic,
                   struct dino_team           *team,
                   double                     *parameters,
                   struct dino_lbfgs          *lbfgs,
                   const struct dino_progress *progress,
                   struct dino_error          *error)
{
  struct work work = { .logistic = logistic, .team = team, .n_rows = dino_logistic_n_rows (logistic->n_classes) };
  double     *memory = NULL;
  bool        done;

  work.n_panels = (logistic->samples.n + PANEL - 1) / PANEL;
  work.n_parts = work.n_panels < PARTS ? work.n_panels : PARTS;
  for (size_t i = 0; i < logistic->samples.n; i++)
    work.weight_sum += weight_of (logistic, logistic->labels[i]);
  *lbfgs = (struct dino_lbfgs){ .tolerance = fmin (fmax (PART_OF_L2 * logistic->l2 / work.weight_sum, LEAST_TOLERANCE), MOST_TOLERANCE), .max_rounds = MAX_ROUNDS };
  if (!allocate (&work, &memory, error))
    return false;
  done = dino_lbfgs_minimize (lbfgs, objective, &work, dino_linear_n_parameters (work.n_rows, logistic->samples.n_features), parameters, progress, error);
  dino_free (memory);
  return done;
}
