#include "core/heads/probe-fit.h"

#include <math.h>
#include <string.h>

#include "core/base/memory.h"
#include "core/base/text.h"
#include "core/heads/linear.h"
#include "core/heads/logistic.h"
#include "core/heads/ridge.h"
#include "core/heads/scores.h"

/* A fit on its way. */
struct job
{
  struct dino_probe_fit      *fit;
  struct dino_team           *team;
  const struct dino_progress *progress;
  struct dino_error          *error;
  size_t                      n_rows, n_parameters;
  int                         done, total;

  /* Of the samples outside a fold, or of all. */
  struct dino_samples samples;
  size_t             *rows;
  int                *labels;
  double             *targets;
  double             *class_weights; /* [n_classes] */
  double             *means, *factors;

  double *parameters; /* [n_folds, n_l2, n_parameters] */
  double *scores;     /* [samples.n, n_outputs], of the samples in a fold */
  size_t *places;     /* [samples.n], which they are */
};

static bool
job_go_on (void *data, int done, int total)
{
  const struct job *job = data;

  return dino_progress_report (job->progress, job->done, job->total);
}

static double *
parameters_of (const struct job *job, int fold, int strength)
{
  return job->parameters + ((size_t) fold * (size_t) job->fit->n_l2 + (size_t) strength) * job->n_parameters;
}

static size_t
row_of (const struct dino_samples *samples, size_t i)
{
  return samples->rows != NULL ? samples->rows[i] : i;
}

/* Takes the samples outside fold (-1: all) and measures them. */
static bool
take_others (struct job *job, int fold)
{
  const struct dino_probe_fit *fit = job->fit;
  size_t                       n = 0;

  for (size_t i = 0; i < fit->samples.n; i++)
    if (fit->folds[i] != fold)
      {
        job->rows[n] = row_of (&fit->samples, i);
        if (fit->labels != NULL)
          job->labels[n] = fit->labels[i];
        else
          job->targets[n] = fit->targets[i];
        n++;
      }
  if (n == 0)
    return dino_error_set (job->error, DINO_CODE_ARGUMENT, _ ("Outside one of the folds nothing is left to fit a head on."));
  job->samples = (struct dino_samples){ .values = fit->samples.values, .n_features = fit->samples.n_features, .rows = job->rows, .n = n };
  dino_samples_measure (&job->samples, job->means, job->factors);
  job->samples.means = job->means;
  job->samples.factors = job->factors;
  if (fit->balanced && fit->labels != NULL)
    dino_class_weights_balanced (job->labels, n, fit->n_classes, job->class_weights);
  return true;
}

static bool
fit_classes (struct job *job, double l2, double *parameters)
{
  struct dino_logistic logistic = { job->samples, job->labels, job->fit->n_classes, job->fit->balanced ? job->class_weights : NULL, l2 };
  struct dino_progress progress = { job_go_on, job };
  struct dino_lbfgs    lbfgs;

  if (!dino_logistic_fit (&logistic, job->team, parameters, &lbfgs, &progress, job->error))
    return false;
  job->fit->converged = job->fit->converged && lbfgs.converged;
  job->fit->n_rounds = lbfgs.n_rounds;
  return true;
}

/* All strengths of the samples that were taken. */
static bool
fit_strengths (struct job *job, int fold)
{
  struct dino_probe_fit *fit = job->fit;
  struct dino_ridge     *ridge = fit->labels == NULL ? dino_ridge_new (&job->samples, job->targets, job->team, job->error) : NULL;
  bool                   done = fit->labels != NULL || ridge != NULL;

  for (int s = 0; done && s < fit->n_l2; s++)
    {
      double *parameters = parameters_of (job, fold, s);

      if (!dino_progress_report (job->progress, job->done++, job->total))
        done = dino_error_set (job->error, DINO_CODE_CANCELLED, _ ("Cancelled."));
      else if (ridge != NULL)
        done = dino_ridge_solve (ridge, fit->l2[s], parameters, job->error);
      else
        {
          if (s > 0)
            memcpy (parameters, parameters_of (job, fold, s - 1), job->n_parameters * sizeof *parameters);
          done = fit_classes (job, fit->l2[s], parameters);
        }
    }
  dino_ridge_free (ridge);
  return done;
}

/* Scores of rows of parameters to probabilities of all classes, in place: two
 * classes have one score, which lies in the second of two places. */
static void
to_probabilities (const struct job *job, double *scores)
{
  const int n_classes = job->fit->n_classes;

  if (job->fit->labels == NULL)
    return;
  if (n_classes > 2)
    dino_softmax (scores, (size_t) n_classes);
  else
    {
      const double score = scores[0];

      scores[0] = dino_sigmoid (-score);
      scores[1] = dino_sigmoid (score);
    }
}

/* What the head of a fold says of the fold's own samples, into job->scores in
 * the order of job->places; returns how many they are, 0 on failure. */
static size_t
score_fold (struct job *job, int fold, int strength)
{
  struct dino_probe_fit *fit = job->fit;
  const size_t           wide = fit->n_outputs, narrow = job->n_rows;
  struct dino_samples    inside = job->samples;
  size_t                 n = 0;

  for (size_t i = 0; i < fit->samples.n; i++)
    if (fit->folds[i] == fold)
      {
        job->rows[n] = row_of (&fit->samples, i);
        job->places[n++] = i;
      }
  inside.n = n;
  if (n == 0 || !dino_linear_scores (&inside, parameters_of (job, fold, strength), narrow, job->team, job->scores, job->error))
    return 0;
  /* Spread out from the end, so that nothing is overwritten. */
  for (size_t i = n; i > 0; i--)
    {
      memmove (job->scores + (i - 1) * wide, job->scores + (i - 1) * narrow, narrow * sizeof *job->scores);
      to_probabilities (job, job->scores + (i - 1) * wide);
    }
  return n;
}

static bool
fit_fold (struct job *job, int fold)
{
  struct dino_probe_fit *fit = job->fit;

  if (!take_others (job, fold) || !fit_strengths (job, fold))
    return false;
  for (int s = 0; s < fit->n_l2; s++)
    {
      const size_t n = score_fold (job, fold, s);

      if (n == 0 && job->error != NULL && job->error->code != DINO_CODE_NONE)
        return false;
      for (size_t i = 0; i < n; i++)
        {
          const size_t  place = job->places[i];
          const double *scores = job->scores + i * fit->n_outputs;

          if (fit->labels != NULL)
            fit->losses[s] += dino_score_log_loss (scores, &fit->labels[place], fit->n_classes, NULL, 1);
          else
            fit->losses[s] += (scores[0] - fit->targets[place]) * (scores[0] - fit->targets[place]);
        }
    }
  return true;
}

/* The parameters of every fold and strength were kept. */
static bool
hold_out (struct job *job)
{
  struct dino_probe_fit *fit = job->fit;

  for (int fold = 0; fold < fit->n_folds; fold++)
    {
      size_t n;

      if (!take_others (job, fold))
        return false;
      n = score_fold (job, fold, fit->chosen);
      for (size_t i = 0; i < n; i++)
        memcpy (fit->held_out + job->places[i] * fit->n_outputs, job->scores + i * fit->n_outputs, fit->n_outputs * sizeof *fit->held_out);
    }
  return job->error == NULL || job->error->code == DINO_CODE_NONE;
}

static void
choose (struct dino_probe_fit *fit)
{
  for (int s = 0; s < fit->n_l2; s++)
    {
      fit->losses[s] /= (double) fit->samples.n;
      if (fit->losses[s] < fit->losses[fit->chosen])
        fit->chosen = s;
    }
}

/* One row of parameters for two classes becomes two, opposite to each other. */
static void
write_head (struct job *job, double *parameters)
{
  struct dino_probe_fit *fit = job->fit;
  const size_t           width = fit->samples.n_features;

  if (fit->labels == NULL || fit->n_classes > 2)
    {
      dino_linear_fold (&job->samples, parameters, job->n_rows, fit->weight, fit->bias);
      return;
    }
  for (size_t i = 0; i < job->n_parameters; i++)
    parameters[i] /= 2;
  dino_linear_fold (&job->samples, parameters, 1, fit->weight + width, fit->bias + 1);
  for (size_t f = 0; f < width; f++)
    fit->weight[f] = -fit->weight[width + f];
  fit->bias[0] = -fit->bias[1];
}

static bool
fit_all (struct job *job)
{
  struct dino_probe_fit *fit = job->fit;
  const int              n_l2 = fit->n_l2;
  const double          *l2 = fit->l2;
  bool                   done;

  memset (job->parameters, 0, job->n_parameters * sizeof *job->parameters);
  fit->l2 = &l2[fit->chosen];
  fit->n_l2 = 1;
  done = take_others (job, -1) && fit_strengths (job, 0);
  fit->l2 = l2;
  fit->n_l2 = n_l2;
  if (done)
    write_head (job, job->parameters);
  return done;
}

static bool
allocate (struct job *job)
{
  struct dino_probe_fit *fit = job->fit;
  struct dino_error     *error = job->error;
  const size_t           n = fit->samples.n, width = fit->samples.n_features;
  size_t                 n_parameters = 0, n_weights = 0;

  if (!dino_multiply (job->n_parameters, (size_t) fit->n_folds * (size_t) fit->n_l2, &n_parameters) || !dino_multiply (width, fit->n_outputs, &n_weights))
    return dino_error_set_memory (error, (unsigned long long) -1);
  job->rows = dino_alloc (n, sizeof *job->rows, error);
  job->labels = dino_alloc (n, sizeof *job->labels, error);
  job->targets = dino_alloc (n, sizeof *job->targets, error);
  job->places = dino_alloc (n, sizeof *job->places, error);
  job->means = dino_alloc (width, sizeof *job->means, error);
  job->factors = dino_alloc (width, sizeof *job->factors, error);
  job->class_weights = dino_alloc (fit->n_outputs, sizeof *job->class_weights, error);
  job->parameters = dino_alloc_zeroed (n_parameters, sizeof *job->parameters, error);
  job->scores = dino_alloc (n, fit->n_outputs * sizeof *job->scores, error);
  fit->weight = dino_alloc (n_weights, sizeof *fit->weight, error);
  fit->bias = dino_alloc (fit->n_outputs, sizeof *fit->bias, error);
  fit->losses = dino_alloc_zeroed ((size_t) fit->n_l2, sizeof *fit->losses, error);
  fit->held_out = dino_alloc (n, fit->n_outputs * sizeof *fit->held_out, error);
  return job->rows != NULL && job->labels != NULL && job->targets != NULL && job->places != NULL && job->means != NULL && job->factors != NULL &&
         job->class_weights != NULL && job->parameters != NULL && job->scores != NULL && fit->weight != NULL && fit->bias != NULL && fit->losses != NULL && fit->held_out != NULL;
}

static void
job_clear (struct job *job)
{
  dino_free (job->rows);
  dino_free (job->labels);
  dino_free (job->targets);
  dino_free (job->places);
  dino_free (job->means);
  dino_free (job->factors);
  dino_free (job->class_weights);
  dino_free (job->parameters);
  dino_free (job->scores);
}

bool
dino_probe_fit (struct dino_probe_fit *fit, struct dino_team *team, const struct dino_progress *progress, struct dino_error *error)
{
  struct dino_error own = { 0 };
  struct job        job = { .fit = fit, .team = team, .progress = progress, .error = error != NULL ? error : &own };
  bool              done;

  job.n_rows = fit->labels != NULL ? dino_logistic_n_rows (fit->n_classes) : 1;
  job.n_parameters = dino_linear_n_parameters (job.n_rows, fit->samples.n_features);
  job.total = fit->n_folds * fit->n_l2 + 1;
  fit->n_outputs = fit->labels != NULL ? (size_t) fit->n_classes : 1;
  fit->converged = true;
  done = allocate (&job);
  for (int fold = 0; done && fold < fit->n_folds; fold++)
    done = fit_fold (&job, fold);
  if (done)
    choose (fit);
  done = done && hold_out (&job) && fit_all (&job);
  job_clear (&job);
  return done;
}

void
dino_probe_fit_clear (struct dino_probe_fit *fit)
{
  dino_free (fit->weight);
  dino_free (fit->bias);
  dino_free (fit->losses);
  dino_free (fit->held_out);
  fit->weight = fit->bias = NULL;
  fit->losses = fit->held_out = NULL;
}
