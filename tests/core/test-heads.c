/* What is learned on features: known minima and scores, and equal bits for any
 * number of threads. scikit-learn's results are compared on the command line
 * (test-probe.py). */
#include <float.h>
#include <glib.h>
#include <math.h>
#include <string.h>

#include "core/base/memory.h"
#include "core/base/random.h"
#include "core/heads/bootstrap.h"
#include "core/heads/calibration-bins.h"
#include "core/heads/folds.h"
#include "core/heads/knn.h"
#include "core/heads/logistic.h"
#include "core/heads/lbfgs.h"
#include "core/heads/linear.h"
#include "core/heads/probe-fit.h"
#include "core/heads/ranking.h"
#include "core/heads/ridge.h"
#include "core/heads/scores.h"

static double
rosenbrock (void *data, const double *x, double *gradient)
{
  double value = 0;

  memset (gradient, 0, 6 * sizeof *gradient);
  for (int i = 0; i < 5; i++)
    {
      const double a = x[i + 1] - x[i] * x[i], b = 1 - x[i];

      value += 100 * a * a + b * b;
      gradient[i] += -400 * a * x[i] - 2 * b;
      gradient[i + 1] += 200 * a;
    }
  return value;
}

static void
test_lbfgs (void)
{
  double            x[6] = { -1.2, 1, -1.2, 1, -1.2, 1 };
  struct dino_lbfgs lbfgs = { .tolerance = 1e-10, .max_rounds = 500 };

  g_assert_true (dino_lbfgs_minimize (&lbfgs, rosenbrock, NULL, 6, x, NULL, NULL));
  g_assert_true (lbfgs.converged);
  g_assert_cmpfloat (lbfgs.gradient, <=, 1e-10);
  g_assert_cmpint (lbfgs.n_rounds, <, 200);
  for (int i = 0; i < 6; i++)
    g_assert_cmpfloat_with_epsilon (x[i], 1, 1e-8);

  /* Too few rounds are told. */
  lbfgs.max_rounds = 3;
  memset (x, 0, sizeof x);
  g_assert_true (dino_lbfgs_minimize (&lbfgs, rosenbrock, NULL, 6, x, NULL, NULL));
  g_assert_false (lbfgs.converged);
  g_assert_cmpint (lbfgs.n_rounds, ==, 3);
}

static bool
refuse (void *data, int done, int total)
{
  return false;
}

static void
test_lbfgs_cancelled (void)
{
  double               x[6] = { 0 };
  struct dino_lbfgs    lbfgs = { .tolerance = 1e-10, .max_rounds = 500 };
  struct dino_progress progress = { refuse, NULL };
  struct dino_error    error = { 0 };

  g_assert_false (dino_lbfgs_minimize (&lbfgs, rosenbrock, NULL, 6, x, &progress, &error));
  g_assert_cmpint (error.code, ==, DINO_CODE_CANCELLED);
}

static double
bowl (void *data, const double *x, double *gradient)
{
  gradient[0] = x[0];
  gradient[1] = x[1];
  return (x[0] * x[0] + x[1] * x[1]) / 2;
}

/* Least at 0.4; each look is counted. */
static double
cubic (void *data, const double *x, double *gradient)
{
  ++*(int *) data;
  gradient[0] = 100 * (x[0] * x[0] - 0.16);
  return 100 * (x[0] * x[0] * x[0] / 3 - 0.16 * x[0]);
}

/* The first step along a short gradient is the gradient itself, along a long
 * one of length 1; a step too far is mended by the cubic through both ends,
 * which of a cubic is the function. */
static void
test_lbfgs_steps (void)
{
  double            x[2] = { 0.3, -0.4 }, place = 0;
  int               looks = 0;
  struct dino_lbfgs lbfgs = { .tolerance = 1e-10, .max_rounds = 500 };

  g_assert_true (dino_lbfgs_minimize (&lbfgs, bowl, NULL, 2, x, NULL, NULL));
  g_assert_true (lbfgs.converged);
  g_assert_cmpint (lbfgs.n_rounds, ==, 1);
  g_assert_cmpfloat_with_epsilon (x[0], 0, 1e-15);
  g_assert_cmpfloat_with_epsilon (x[1], 0, 1e-15);

  g_assert_true (dino_lbfgs_minimize (&lbfgs, cubic, &looks, 1, &place, NULL, NULL));
  g_assert_true (lbfgs.converged);
  g_assert_cmpint (lbfgs.n_rounds, ==, 1);
  g_assert_cmpint (looks, ==, 3);
  g_assert_cmpfloat_with_epsilon (place, 0.4, 1e-12);
}

/* Two functions of three standardised features, and the same without. */
static void
test_linear (void)
{
  static const double       means[] = { 1, -2, 0.5 }, factors[] = { 2, 0.5, 4 };
  static const double       parameters[] = { 1, 2, 3, 4, -1, 0.5, 0.25, -8 };
  static const float        values[] = { 1, -2, 0.5, 2, 0, 1 };
  const struct dino_samples samples = { .values = values, .n_features = 3, .n = 2, .means = means, .factors = factors };
  double                    scores[4];
  float                     weight[6], bias[2];

  g_assert_true (dino_linear_scores (&samples, parameters, 2, NULL, scores, NULL));
  g_assert_cmpmem (scores, sizeof scores, ((const double[]){ 4, -8, 14, -9 }), sizeof scores);
  dino_linear_fold (&samples, parameters, 2, weight, bias);
  g_assert_cmpmem (weight, sizeof weight, ((const float[]){ 2, 1, 12, -2, 0.25f, 1 }), sizeof weight);
  g_assert_cmpmem (bias, sizeof bias, ((const float[]){ -2, -6 }), sizeof bias);
}

#define N 170
#define WIDTH 130

typedef struct
{
  float  values[N * WIDTH];
  int    labels[N];
  double targets[N];
  gsize  groups[N];
  int    folds[N];
} Case;

/* Features that tell something of three classes and of a number. */
static Case *
new_case (void)
{
  Case              *self = g_new0 (Case, 1);
  struct dino_random random = dino_random (1);

  for (int i = 0; i < N; i++)
    {
      self->labels[i] = i % 3;
      self->groups[i] = (gsize) i / 4;
      self->folds[i] = (int) (self->groups[i] % 5);
      for (int f = 0; f < WIDTH; f++)
        self->values[i * WIDTH + f] = (float) (3 + 0.1 * f + dino_random_normal (&random) + 0.3 * ((f + self->labels[i]) % 3));
      self->targets[i] = 40 + 2 * self->values[i * WIDTH] - self->values[i * WIDTH + 1] + dino_random_normal (&random);
    }
  return self;
}

static const double strengths[] = { 100, 10, 1 };

static void
fit_case (const Case *self, gboolean number, struct dino_team *team, struct dino_probe_fit *fit)
{
  struct dino_error error = { 0 };

  *fit = (struct dino_probe_fit){
    .samples = { .values = self->values, .n_features = WIDTH, .n = N },
    .labels = number ? NULL : self->labels,
    .n_classes = 3,
    .targets = self->targets,
    .balanced = TRUE,
    .folds = self->folds,
    .n_folds = 5,
    .l2 = strengths,
    .n_l2 = G_N_ELEMENTS (strengths),
  };
  g_assert_true (dino_probe_fit (fit, team, NULL, &error));
  g_assert_true (fit->converged);
}

/* What is found is a minimum of the objective written out (its mean is minimised): no step along any
 * parameter makes it smaller, for two classes and for more. */
static double
plain_loss (const struct dino_logistic *logistic, const double *parameters)
{
  const gsize width = logistic->samples.n_features, rows = dino_logistic_n_rows (logistic->n_classes);
  double      loss = 0;

  for (gsize i = 0; i < logistic->samples.n; i++)
    {
      double scores[3], sum = 0;

      for (gsize r = 0; r < rows; r++)
        {
          scores[r] = parameters[r * (width + 1) + width];
          for (gsize f = 0; f < width; f++)
            scores[r] += parameters[r * (width + 1) + f] * (double) logistic->samples.values[i * width + f];
        }
      for (gsize r = 0; r < rows; r++)
        sum += exp (scores[r]);
      if (rows == 1)
        loss += log (1 + exp (logistic->labels[i] == 1 ? -scores[0] : scores[0]));
      else
        loss += log (sum) - scores[logistic->labels[i]];
    }
  for (gsize r = 0; r < rows; r++)
    for (gsize f = 0; f < width; f++)
      loss += logistic->l2 / 2 * parameters[r * (width + 1) + f] * parameters[r * (width + 1) + f];
  return loss;
}

static void
test_logistic (void)
{
  enum
  {
    SAMPLES = 171,
    FEATURES = 6
  };
  struct dino_random random = dino_random (5);
  float              values[SAMPLES * FEATURES];
  int                labels[SAMPLES];

  for (int n_classes = 2; n_classes <= 3; n_classes++)
    {
      const struct dino_logistic logistic = { { .values = values, .n_features = FEATURES, .n = SAMPLES }, labels, n_classes, NULL, 0.5 };
      const gsize                n = dino_logistic_n_rows (n_classes) * (FEATURES + 1);
      struct dino_lbfgs          lbfgs = { .tolerance = 1e-9, .max_rounds = 500 };
      double                     found[3 * (FEATURES + 1)] = { 0 };
      double                     least;

      for (int i = 0; i < SAMPLES; i++)
        {
          labels[i] = i * i % 7 % n_classes;
          for (int f = 0; f < FEATURES; f++)
            values[i * FEATURES + f] = (float) (dino_random_normal (&random) + (f % n_classes == labels[i]));
        }
      g_assert_true (dino_logistic_fit (&logistic, NULL, found, &lbfgs, NULL, NULL));
      g_assert_true (lbfgs.converged);
      least = plain_loss (&logistic, found);
      g_assert_cmpfloat_with_epsilon (lbfgs.value, least / SAMPLES, 1e-9);
      for (gsize i = 0; i < n; i++)
        for (int sign = -1; sign <= 1; sign += 2)
          {
            found[i] += sign * 1e-4;
            g_assert_cmpfloat (plain_loss (&logistic, found), >=, least);
            found[i] -= sign * 1e-4;
          }
    }
}

static void
test_fit (void)
{
  g_autofree Case      *self = new_case ();
  struct dino_probe_fit fit;

  fit_case (self, FALSE, NULL, &fit);
  g_assert_cmpuint (fit.n_outputs, ==, 3);
  g_assert_cmpfloat (dino_score_accuracy (fit.held_out, self->labels, 3, NULL, N), >, 0.8);
  g_assert_cmpfloat (fit.losses[fit.chosen], <, log (3));
  g_assert_cmpfloat_with_epsilon (fit.losses[fit.chosen], dino_score_log_loss (fit.held_out, self->labels, 3, NULL, N), 1e-12);
  dino_probe_fit_clear (&fit);

  fit_case (self, TRUE, NULL, &fit);
  g_assert_cmpuint (fit.n_outputs, ==, 1);
  g_assert_cmpfloat (dino_score_r2 (fit.held_out, self->targets, NULL, N), >, 0.4);
  dino_probe_fit_clear (&fit);
}

/* Of two that lose as much the first is taken. */
static void
test_fit_tie (void)
{
  static const double   twice[] = { 1, 1 };
  g_autofree Case      *self = new_case ();
  struct dino_probe_fit fit = {
    .samples = { .values = self->values, .n_features = WIDTH, .n = N },
    .targets = self->targets,
    .folds = self->folds,
    .n_folds = 5,
    .l2 = twice,
    .n_l2 = G_N_ELEMENTS (twice),
  };

  g_assert_true (dino_probe_fit (&fit, NULL, NULL, NULL));
  g_assert_cmpfloat (fit.losses[0], ==, fit.losses[1]);
  g_assert_cmpint (fit.chosen, ==, 0);
  dino_probe_fit_clear (&fit);
}

static void
test_fit_threads (void)
{
  g_autofree Case *self = new_case ();

  for (int number = 0; number < 2; number++)
    {
      struct dino_probe_fit first, other;

      fit_case (self, number, NULL, &first);
      for (int threads = 1; threads <= 5; threads += 2)
        {
          struct dino_team *team = dino_team_new (threads, NULL);
          const gsize       n_weights = first.n_outputs * WIDTH;

          fit_case (self, number, team, &other);
          g_assert_cmpmem (first.weight, n_weights * sizeof (float), other.weight, n_weights * sizeof (float));
          g_assert_cmpmem (first.bias, first.n_outputs * sizeof (float), other.bias, other.n_outputs * sizeof (float));
          g_assert_cmpmem (first.losses, sizeof strengths, other.losses, sizeof strengths);
          g_assert_cmpmem (first.held_out, N * first.n_outputs * sizeof (double), other.held_out, N * other.n_outputs * sizeof (double));
          dino_probe_fit_clear (&other);
          dino_team_free (team);
        }
      dino_probe_fit_clear (&first);
    }
}

static void
test_ridge_dependent (void)
{
  const float               values[] = { 1, 2, 2, 4, 3, 6, 5, 10 };
  const double              targets[] = { 1, 2, 3, 5 };
  const struct dino_samples samples = { .values = values, .n_features = 2, .n = 4 };
  g_autofree double        *parameters = g_new (double, 3);
  struct dino_error         error = { 0 };
  struct dino_ridge        *ridge = dino_ridge_new (&samples, targets, NULL, &error);

  g_assert_nonnull (ridge);
  g_assert_false (dino_ridge_solve (ridge, 0, parameters, &error));
  g_assert_cmpint (error.code, ==, DINO_CODE_ARGUMENT);
  error.code = DINO_CODE_NONE;
  /* y = x1 and x2 = 2 x1: the least norm is in (1, 2) / 5. */
  g_assert_true (dino_ridge_solve (ridge, 1e-9, parameters, &error));
  g_assert_cmpfloat_with_epsilon (parameters[0] + 2 * parameters[1], 1, 1e-9);
  g_assert_cmpfloat_with_epsilon (parameters[2], 0, 1e-9);
  /* Across it only the strength holds the weights, so that rounding, which processors
   * and libraries do in their own order, moves them by DBL_EPSILON times the
   * condition number: 43.75, the larger eigenvalue, / 1e-9. */
  g_assert_cmpfloat_with_epsilon (2 * parameters[0] - parameters[1], 0, DBL_EPSILON * 43.75 / 1e-9);
  dino_ridge_free (ridge);
}

static void
test_ranking (void)
{
  const double               scores[] = { 0.9, 0.5, 0.5, 0.5, 0.1 };
  const bool                 is_positive[] = { true, true, false, true, false };
  const double               weights[] = { 2, 1, 0, 0, 1 };
  struct dino_ranking_point *points;
  struct dino_ranking        ranking;
  gsize                      n_points;

  g_assert_true (dino_ranking_init (&ranking, scores, is_positive, 5, NULL));
  /* Of 6 pairs 4 are right and 2 are equal. */
  g_assert_cmpfloat_with_epsilon (dino_ranking_auroc (&ranking, NULL), 5.0 / 6, 1e-15);
  g_assert_cmpfloat_with_epsilon (dino_ranking_auprc (&ranking, NULL), 1.0 / 3 + 2.0 / 3 * 3 / 4, 1e-15);
  g_assert_cmpfloat (dino_ranking_auroc (&ranking, weights), ==, 1);
  g_assert_true (isnan (dino_ranking_auroc (&ranking, (const double[]){ 1, 1, 0, 1, 0 })));
  g_assert_true (isnan (dino_ranking_auprc (&ranking, (const double[]){ 0, 0, 1, 0, 1 })));
  g_assert_true (dino_ranking_curve (&ranking, &points, &n_points, NULL));
  g_assert_cmpuint (n_points, ==, 4);
  g_assert_cmpfloat (points[2].threshold, ==, 0.5);
  g_assert_cmpfloat (points[2].true_positive_rate, ==, 1);
  g_assert_cmpfloat (points[2].false_positive_rate, ==, 0.5);
  g_assert_cmpfloat (points[2].precision, ==, 0.75);
  dino_free (points);
  dino_ranking_clear (&ranking);
}

static void
test_scores (void)
{
  const double                probabilities[] = { 0.2, 0.8, 0.6, 0.4, 0.5, 0.5, 1, 0 };
  const int                   labels[] = { 1, 1, 0, 0 };
  const double                ones[] = { 0.8, 0.4, 0.5, 0 };
  const bool                  is_so[] = { true, true, false, false };
  gsize                       confusion[4];
  struct dino_calibration_bin bins[DINO_CALIBRATION_BINS];

  g_assert_cmpfloat (dino_score_accuracy (probabilities, labels, 2, NULL, 4), ==, 0.75);
  g_assert_cmpfloat (dino_score_balanced_accuracy (probabilities, labels, 2, NULL, 4), ==, 0.75);
  g_assert_cmpfloat_with_epsilon (dino_score_brier (probabilities, labels, 2, NULL, 4), (0.04 + 0.36 + 0.25) / 4, 1e-15);
  dino_score_confusion (probabilities, labels, 2, 4, confusion);
  g_assert_cmpuint (confusion[0], ==, 2);
  g_assert_cmpuint (confusion[1], ==, 0);
  g_assert_cmpuint (confusion[2], ==, 1);
  g_assert_cmpuint (confusion[3], ==, 1);
  dino_calibration_bins (ones, is_so, 4, bins);
  g_assert_cmpuint (bins[8].n, ==, 1);
  g_assert_cmpuint (bins[5].n, ==, 1);
  g_assert_true (isnan (bins[1].predicted));
  g_assert_cmpfloat_with_epsilon (dino_calibration_error (bins), (0.2 + 0.6 + 0.5 + 0) / 4, 1e-15);
  g_assert_true (isnan (dino_score_r2 ((const double[]){ 1, 2 }, (const double[]){ 3, 3 }, NULL, 2)));
}

/* No group is torn, strata are even, and patients of one class alone do not gather in a fold. */
static void
test_folds (void)
{
  gsize groups[60];
  int   strata[60], folds[60], of_group[20], counts[4][2] = { { 0 } };

  for (gsize i = 0; i < 60; i++)
    {
      groups[i] = i / 3;
      strata[i] = groups[i] < 8;
    }
  g_assert_true (dino_folds_deal (groups, 20, strata, 2, 60, 4, folds, NULL));
  for (gsize i = 0; i < 20; i++)
    of_group[i] = folds[3 * i];
  for (gsize i = 0; i < 60; i++)
    {
      g_assert_cmpint (folds[i], ==, of_group[groups[i]]);
      counts[folds[i]][strata[i]]++;
    }
  for (int fold = 0; fold < 4; fold++)
    {
      g_assert_cmpint (counts[fold][0], ==, 9);
      g_assert_cmpint (counts[fold][1], ==, 6);
    }
}

/* Where two folds are as even as each other the one with fewer samples gets the
 * group: 8 of stratum 1 are in fold 0 and 4 of stratum 0 in fold 1 when the last,
 * which has as many of both again, is dealt. */
static void
test_folds_tie (void)
{
  gsize groups[24];
  int   strata[24], folds[24];

  for (gsize i = 0; i < 24; i++)
    {
      groups[i] = i < 8 ? 0 : i < 12 ? 1
                                     : 2;
      strata[i] = i < 8 || i >= 16;
    }
  g_assert_true (dino_folds_deal (groups, 3, strata, 2, 24, 2, folds, NULL));
  for (gsize i = 0; i < 24; i++)
    g_assert_cmpint (folds[i], ==, i >= 8);
}

static double
mean_of (const void *data, const double *weights)
{
  const double *values = data;
  double        sum = 0, all = 0;

  for (int i = 0; i < 300; i++)
    {
      sum += weights[i] * values[i];
      all += weights[i];
    }
  return sum / all;
}

/* Of a mean the interval is known: 1.96 standard errors, those of the groups. */
static void
test_bootstrap (void)
{
  double               values[300];
  gsize                groups[300];
  struct dino_random   random = dino_random (4);
  struct dino_interval interval, same, torn;

  for (gsize i = 0; i < 300; i++)
    {
      groups[i] = i / 3;
      values[i] = i % 3 == 0 ? dino_random_normal (&random) : values[i - 1];
    }
  g_assert_true (dino_bootstrap (groups, 300, 100, 4000, 9, mean_of, values, NULL, &interval, NULL));
  g_assert_cmpint (interval.n_defined, ==, 4000);
  g_assert_cmpfloat_with_epsilon (interval.high - interval.low, 2 * 1.96 * 0.1, 0.06);
  for (int threads = 1; threads <= 3; threads++)
    {
      struct dino_team *team = dino_team_new (threads, NULL);

      g_assert_true (dino_bootstrap (groups, 300, 100, 4000, 9, mean_of, values, team, &same, NULL));
      g_assert_cmpfloat (interval.low, ==, same.low);
      g_assert_cmpfloat (interval.high, ==, same.high);
      dino_team_free (team);
    }
  /* As if copies were patients of their own: too narrow by the root of three. */
  for (gsize i = 0; i < 300; i++)
    groups[i] = i;
  g_assert_true (dino_bootstrap (groups, 300, 300, 4000, 9, mean_of, values, NULL, &torn, NULL));
  g_assert_cmpfloat_with_epsilon ((interval.high - interval.low) / (torn.high - torn.low), sqrt (3), 0.15);
}

static void
test_knn (void)
{
  const float       references[] = { 1, 0, 2, 0, 0, 1, -1, 0 };
  const guint32     groups[] = { 0, 1, 1, 2 }, query_group[] = { 0 };
  const double      values[] = { 1, 0, 0, NAN };
  const int         ks[] = { 1, 3, 50 };
  const float       query[] = { 3, 0 };
  double            means[3];
  struct dino_knn   knn = { references, 4, 2, NULL, values, 1, DINO_KNN_TEMPERATURE };
  const double      far = exp (-1 / DINO_KNN_TEMPERATURE);
  struct dino_team *team = dino_team_new (2, NULL);

  g_assert_true (dino_knn_predict (&knn, query, NULL, 1, ks, 3, team, NULL, means, NULL));
  g_assert_cmpfloat (means[0], ==, 1);
  g_assert_cmpfloat_with_epsilon (means[1], 1 / (2 + far), 1e-12);
  g_assert_cmpfloat (means[2], ==, means[1]);
  knn.groups = groups;
  g_assert_true (dino_knn_predict (&knn, query, query_group, 1, ks, 3, team, NULL, means, NULL));
  g_assert_cmpfloat (means[0], ==, 0);
  g_assert_cmpfloat (means[2], ==, 0);
  dino_team_free (team);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/heads/lbfgs", test_lbfgs);
  g_test_add_func ("/heads/lbfgs-cancelled", test_lbfgs_cancelled);
  g_test_add_func ("/heads/lbfgs-steps", test_lbfgs_steps);
  g_test_add_func ("/heads/linear", test_linear);
  g_test_add_func ("/heads/logistic", test_logistic);
  g_test_add_func ("/heads/fit", test_fit);
  g_test_add_func ("/heads/fit-tie", test_fit_tie);
  g_test_add_func ("/heads/fit-threads", test_fit_threads);
  g_test_add_func ("/heads/ridge-dependent", test_ridge_dependent);
  g_test_add_func ("/heads/ranking", test_ranking);
  g_test_add_func ("/heads/scores", test_scores);
  g_test_add_func ("/heads/folds", test_folds);
  g_test_add_func ("/heads/folds-tie", test_folds_tie);
  g_test_add_func ("/heads/bootstrap", test_bootstrap);
  g_test_add_func ("/heads/knn", test_knn);
  return g_test_run ();
}
