#include <math.h>
#include <string.h>

#include "cli/probe.h"
#include "core/base/memory.h"
#include "core/base/text.h"
#include "core/heads/calibration-bins.h"
#include "core/heads/ranking.h"
#include "core/heads/scores.h"

/* What a statistic of a draw looks at. */
typedef struct
{
  const CliProbeResult *result;
  struct dino_ranking   ranking; /* of one class against the others */
} Subject;

typedef double (*ScoreFunc) (const double *predictions, const int *labels, int n_classes, const double *weights, size_t n);
typedef double (*NumberFunc) (const double *predictions, const double *targets, const double *weights, size_t n);

static int
n_classes_of (const CliProbeResult *result)
{
  return result->target->classes != NULL ? (int) result->target->classes->len : 1;
}

static double
auroc (const void *data, const double *weights)
{
  return dino_ranking_auroc (&((const Subject *) data)->ranking, weights);
}

static double
auprc (const void *data, const double *weights)
{
  return dino_ranking_auprc (&((const Subject *) data)->ranking, weights);
}

static double
of_classes (const void *data, const double *weights, ScoreFunc score)
{
  const CliProbeResult *result = ((const Subject *) data)->result;

  return score (result->predictions, result->labels, n_classes_of (result), weights, result->n);
}

static double
of_numbers (const void *data, const double *weights, NumberFunc score)
{
  const CliProbeResult *result = ((const Subject *) data)->result;

  return score (result->predictions, result->values, weights, result->n);
}

static double
accuracy (const void *data, const double *weights)
{
  return of_classes (data, weights, dino_score_accuracy);
}

static double
balanced_accuracy (const void *data, const double *weights)
{
  return of_classes (data, weights, dino_score_balanced_accuracy);
}

static double
brier (const void *data, const double *weights)
{
  return of_classes (data, weights, dino_score_brier);
}

static double
log_loss (const void *data, const double *weights)
{
  return of_classes (data, weights, dino_score_log_loss);
}

static double
r2 (const void *data, const double *weights)
{
  return of_numbers (data, weights, dino_score_r2);
}

static double
mean_absolute_error (const void *data, const double *weights)
{
  return of_numbers (data, weights, dino_score_mean_absolute_error);
}

static double
root_mean_square_error (const void *data, const double *weights)
{
  return of_numbers (data, weights, dino_score_root_mean_square_error);
}

static const struct
{
  const char         *name;
  dino_statistic_func function;
} class_scores[] = { { "accuracy", accuracy }, { "balanced_accuracy", balanced_accuracy }, { "brier", brier }, { "log_loss", log_loss } },
  number_scores[] = { { "r2", r2 }, { "mean_absolute_error", mean_absolute_error }, { "root_mean_square_error", root_mean_square_error } };

/* Draws of one result. */
typedef struct
{
  CliProbeResult    *result;
  int                n_draws;
  guint64            seed;
  struct dino_team  *team;
  struct dino_error *error;
} Draws;

static gboolean
add_score (const Draws *draws, const Subject *subject, const char *class, const char *name, dino_statistic_func function)
{
  CliProbeResult *result = draws->result;
  CliProbeScore   score = { .label = result->target->name, .class = class, .metric = name, .interval = { (double) NAN, (double) NAN, 0 } };

  score.value = function (subject, NULL);
  if (draws->n_draws > 0 && !dino_bootstrap (result->groups, result->n, result->n_groups, draws->n_draws, draws->seed, function, subject, draws->team, &score.interval, draws->error))
    return FALSE;
  g_array_append_val (result->scores, score);
  return TRUE;
}

/* One class against the others, by its probability. */
static gboolean
add_ranking (const Draws *draws, int class)
{
  CliProbeResult *result = draws->result;
  const int       n_classes = n_classes_of (result);
  const char     *name = result->target->classes->pdata[class];
  double         *scores = dino_alloc (result->n, sizeof *scores, draws->error);
  bool           *is_positive = dino_alloc (result->n, sizeof *is_positive, draws->error);
  Subject         subject = { .result = result };
  gboolean        done = scores != NULL && is_positive != NULL;

  for (size_t i = 0; done && i < result->n; i++)
    {
      scores[i] = result->predictions[i * (size_t) n_classes + (size_t) class];
      is_positive[i] = result->labels[i] == class;
    }
  done = done && dino_ranking_init (&subject.ranking, scores, is_positive, result->n, draws->error) &&
         add_score (draws, &subject, name, "auroc", auroc) && add_score (draws, &subject, name, "auprc", auprc);
  dino_ranking_clear (&subject.ranking);
  dino_free (scores);
  dino_free (is_positive);
  return done;
}

/* Of a class against the others; of several classes, whether the one that was said is right. */
static void
collect_certainty (const CliProbeResult *result, double *probabilities, bool *is_so)
{
  const size_t n_classes = (size_t) n_classes_of (result);

  for (size_t i = 0; i < result->n; i++)
    {
      const double *row = result->predictions + i * n_classes;
      const int class = n_classes == 2 ? 1 : dino_score_top (row, (int) n_classes);

      probabilities[i] = row[class];
      is_so[i] = result->labels[i] == class;
    }
}

static gboolean
find_bins (const CliProbeResult *result, struct dino_calibration_bin bins[DINO_CALIBRATION_BINS], struct dino_error *error)
{
  double        *probabilities = dino_alloc (result->n, sizeof *probabilities, error);
  bool          *is_so = dino_alloc (result->n, sizeof *is_so, error);
  const gboolean done = probabilities != NULL && is_so != NULL;

  if (done)
    {
      collect_certainty (result, probabilities, is_so);
      dino_calibration_bins (probabilities, is_so, result->n, bins);
    }
  dino_free (probabilities);
  dino_free (is_so);
  return done;
}

static gboolean
score_classes (const Draws *draws)
{
  CliProbeResult *result = draws->result;
  const Subject   subject = { .result = result };
  const int       n_classes = n_classes_of (result);
  CliProbeScore   error_of_bins = { .label = result->target->name, .metric = "calibration_error", .interval = { (double) NAN, (double) NAN, 0 } };

  for (int class = n_classes == 2 ? 1 : 0; class < n_classes; class ++)
    if (!add_ranking (draws, class))
      return FALSE;
  for (guint i = 0; i < G_N_ELEMENTS (class_scores); i++)
    if (!add_score (draws, &subject, NULL, class_scores[i].name, class_scores[i].function))
      return FALSE;
  if (!find_bins (result, result->bins, draws->error))
    return FALSE;
  error_of_bins.value = dino_calibration_error (result->bins);
  g_array_append_val (result->scores, error_of_bins);
  return TRUE;
}

void
cli_probe_result_init (CliProbeResult *result, const CliProbeTarget *target, const CliProbeLabels *labels, const size_t *places, size_t n, const double *predictions)
{
  g_autofree size_t *numbers = g_new0 (size_t, MAX (labels->n_groups, 1));

  *result = (CliProbeResult){ .target = target, .n = n, .places = places, .predictions = predictions };
  result->groups = g_new (size_t, MAX (n, 1));
  result->labels = g_new0 (int, MAX (n, 1));
  result->values = g_new0 (double, MAX (n, 1));
  result->scores = g_array_new (FALSE, FALSE, sizeof (CliProbeScore));
  for (size_t i = 0; i < n; i++)
    {
      size_t *number = &numbers[labels->groups[places[i]]];

      if (*number == 0)
        *number = ++result->n_groups;
      result->groups[i] = *number - 1;
      if (target->labels != NULL)
        result->labels[i] = target->labels[places[i]];
      else
        result->values[i] = target->values[places[i]];
    }
}

gboolean
cli_probe_result_score (CliProbeResult *result, int n_draws, guint64 seed, struct dino_team *team, struct dino_error *error)
{
  const Draws   draws = { result, n_draws, seed, team, error };
  const Subject subject = { .result = result };

  if (result->target->labels != NULL)
    return score_classes (&draws);
  for (guint i = 0; i < G_N_ELEMENTS (number_scores); i++)
    if (!add_score (&draws, &subject, NULL, number_scores[i].name, number_scores[i].function))
      return FALSE;
  return TRUE;
}

void
cli_probe_result_clear (CliProbeResult *result)
{
  g_clear_pointer (&result->groups, g_free);
  g_clear_pointer (&result->labels, g_free);
  g_clear_pointer (&result->values, g_free);
  g_clear_pointer (&result->scores, g_array_unref);
}
