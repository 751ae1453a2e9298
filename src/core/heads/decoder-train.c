#include "core/heads/decoder-train.h"

#include <cblas.h>
#include <math.h>
#include <string.h>

#include "core/base/memory.h"
#include "core/base/random.h"
#include "core/base/text.h"
#include "core/encoder/blas.h"
#include "core/encoder/loop.h"
#include "core/heads/lbfgs.h"

/* The samples are cut into so many parts, whatever the number of threads, each
 * with sums of its own; rows of one product within a part. */
#define PARTS ((size_t) 16)
#define ROWS ((size_t) 256)

/* Channels whose mean is found together. */
#define CHANNELS ((size_t) 16)

#define TOLERANCE 1e-6

/* Where the weights lie among the variables. */
struct layout
{
  size_t n_features, n_hidden, n_classes;
  size_t width;                                       /* inputs of the last matrix */
  size_t hidden_weight, hidden_bias, weight, bias, n; /* n: all variables */
};

/* What one thread computes a piece of ROWS samples in. */
struct scratch
{
  double *x;      /* [ROWS, n_features], standardised */
  double *hidden; /* [ROWS, n_hidden], after ReLU */
  double *back;   /* [ROWS, n_hidden], the gradient there */
  double *logits; /* [ROWS, n_classes], then the gradient there */
};

struct trainer
{
  const struct dino_decoder_samples *samples;
  const struct dino_decoder_options *options;
  struct layout                      layout;
  double                            *mean, *scale; /* [n_features]: (x - mean) * scale */
  double                            *class_weight; /* [n_classes], over the sum of all samples' */
  struct scratch                    *scratch;      /* [n_threads] */
  size_t                             n_threads;
  double                            *gradients; /* [PARTS, layout.n] */
  double                             losses[PARTS];
  size_t                             correct[PARTS];
  const double                      *variables; /* that the parts are computed for */
};

static void
layout_init (struct layout *layout, size_t n_features, size_t n_hidden, size_t n_classes)
{
  layout->n_features = n_features;
  layout->n_hidden = n_hidden;
  layout->n_classes = n_classes;
  layout->width = n_hidden > 0 ? n_hidden : n_features;
  layout->hidden_weight = 0;
  layout->hidden_bias = n_hidden * n_features;
  layout->weight = layout->hidden_bias + n_hidden;
  layout->bias = layout->weight + n_classes * layout->width;
  layout->n = layout->bias + n_classes;
}

/* Standardisation. */

static void
measure_channels (void *data, size_t item, int thread)
{
  const struct trainer *trainer = data;
  const size_t          width = trainer->layout.n_features, n = trainer->samples->n;
  const size_t          first = item * CHANNELS, count = width - first < CHANNELS ? width - first : CHANNELS;
  double                sums[CHANNELS] = { 0 }, squares[CHANNELS] = { 0 };

  for (size_t i = 0; i < n; i++)
    for (size_t c = 0; c < count; c++)
      sums[c] += (double) trainer->samples->features[i * width + first + c];
  for (size_t c = 0; c < count; c++)
    trainer->mean[first + c] = sums[c] / (double) n;
  for (size_t i = 0; i < n; i++)
    for (size_t c = 0; c < count; c++)
      {
        const double d = (double) trainer->samples->features[i * width + first + c] - trainer->mean[first + c];

        squares[c] += d * d;
      }
  for (size_t c = 0; c < count; c++)
    {
      const double deviation = sqrt (squares[c] / (double) n);

      /* A constant channel says nothing; its deviation is rounding. */
      trainer->scale[first + c] = deviation > 1e-12 * fabs (trainer->mean[first + c]) ? 1 / deviation : 1;
    }
}

static bool
standardise (struct trainer *trainer, struct dino_error *error)
{
  const size_t width = trainer->layout.n_features;

  dino_loop_run (trainer->options->team, (width + CHANNELS - 1) / CHANNELS, measure_channels, trainer);
  for (size_t c = 0; c < width; c++)
    if (!isfinite (trainer->mean[c]) || !isfinite (trainer->scale[c]))
      return dino_error_set (error, DINO_CODE_FORMAT, _ ("The features have a value that is not a finite number."));
  return true;
}

static bool
weigh_classes (struct trainer *trainer, struct dino_error *error)
{
  const struct dino_decoder_samples *samples = trainer->samples;
  const size_t                       n_classes = samples->n_classes;
  size_t                             counts[DINO_DECODER_MAX_CLASSES] = { 0 };

  for (size_t i = 0; i < samples->n; i++)
    {
      if (samples->labels[i] < 0 || (size_t) samples->labels[i] >= n_classes)
        return dino_error_set (error, DINO_CODE_ARGUMENT, _ ("A patch has a label that is no class."));
      counts[samples->labels[i]]++;
    }
  for (size_t c = 0; c < n_classes; c++)
    {
      if (counts[c] == 0)
        return dino_error_set (error, DINO_CODE_ARGUMENT, _ ("Class %zu of %zu has no patch to learn from."), c + 1, n_classes);
      trainer->class_weight[c] = trainer->options->balanced ? 1 / ((double) n_classes * (double) counts[c]) : 1 / (double) samples->n;
    }
  return true;
}

/* The objective. */

static void
standardise_rows (const struct trainer *trainer, size_t first, size_t rows, double *x)
{
  const size_t width = trainer->layout.n_features;

  for (size_t i = 0; i < rows; i++)
    {
      const float *restrict row = trainer->samples->features + (first + i) * width;

      for (size_t c = 0; c < width; c++)
        x[i * width + c] = ((double) row[c] - trainer->mean[c]) * trainer->scale[c];
    }
}

/* out [rows, n_outputs] = x [rows, n_inputs] weight^T + bias. */
static void
forward (const double *x, size_t rows, size_t n_inputs, const double *weight, const double *bias, size_t n_outputs, double *out)
{
  for (size_t i = 0; i < rows; i++)
    memcpy (out + i * n_outputs, bias, n_outputs * sizeof *out);
  cblas_dgemm (CblasRowMajor, CblasNoTrans, CblasTrans, (int) rows, (int) n_outputs, (int) n_inputs, 1, x, (int) n_inputs, weight, (int) n_inputs, 1, out, (int) n_outputs);
}

/* Adds what the gradient out [rows, n_outputs] says of weight and bias. */
static void
add_gradient (const double *out, size_t rows, size_t n_outputs, const double *x, size_t n_inputs, double *weight, double *bias)
{
  cblas_dgemm (CblasRowMajor, CblasTrans, CblasNoTrans, (int) n_outputs, (int) n_inputs, (int) rows, 1, out, (int) n_outputs, x, (int) n_inputs, 1, weight, (int) n_inputs);
  for (size_t i = 0; i < rows; i++)
    for (size_t c = 0; c < n_outputs; c++)
      bias[c] += out[i * n_outputs + c];
}

/* Turns the logits of a sample into the gradient of its loss, which is returned. */
static double
cross_entropy (double *logits, size_t n_classes, size_t label, double weight, size_t *correct)
{
  double largest = logits[0], sum = 0, loss;
  size_t best = 0;

  for (size_t c = 1; c < n_classes; c++)
    if (logits[c] > largest)
      {
        largest = logits[c];
        best = c;
      }
  loss = largest - logits[label];
  for (size_t c = 0; c < n_classes; c++)
    {
      logits[c] = exp (logits[c] - largest);
      sum += logits[c];
    }
  loss += log (sum);
  for (size_t c = 0; c < n_classes; c++)
    logits[c] = weight * (logits[c] / sum - (c == label));
  *correct += best == label;
  return weight * loss;
}

static void
compute_rows (struct trainer *trainer, const struct scratch *scratch, size_t part, size_t first, size_t rows)
{
  const struct layout *layout = &trainer->layout;
  const double        *w = trainer->variables;
  double              *g = trainer->gradients + part * layout->n;
  const double        *last = scratch->x;

  standardise_rows (trainer, first, rows, scratch->x);
  if (layout->n_hidden > 0)
    {
      forward (scratch->x, rows, layout->n_features, w + layout->hidden_weight, w + layout->hidden_bias, layout->n_hidden, scratch->hidden);
      for (size_t i = 0; i < rows * layout->n_hidden; i++)
        scratch->hidden[i] = scratch->hidden[i] > 0 ? scratch->hidden[i] : 0;
      last = scratch->hidden;
    }
  forward (last, rows, layout->width, w + layout->weight, w + layout->bias, layout->n_classes, scratch->logits);
  for (size_t i = 0; i < rows; i++)
    {
      const size_t label = (size_t) trainer->samples->labels[first + i];

      trainer->losses[part] += cross_entropy (scratch->logits + i * layout->n_classes, layout->n_classes, label, trainer->class_weight[label], &trainer->correct[part]);
    }
  add_gradient (scratch->logits, rows, layout->n_classes, last, layout->width, g + layout->weight, g + layout->bias);
  if (layout->n_hidden == 0)
    return;
  cblas_dgemm (CblasRowMajor, CblasNoTrans, CblasNoTrans, (int) rows, (int) layout->n_hidden, (int) layout->n_classes, 1, scratch->logits, (int) layout->n_classes,
               w + layout->weight, (int) layout->n_hidden, 0, scratch->back, (int) layout->n_hidden);
  for (size_t i = 0; i < rows * layout->n_hidden; i++)
    scratch->back[i] = scratch->hidden[i] > 0 ? scratch->back[i] : 0;
  add_gradient (scratch->back, rows, layout->n_hidden, scratch->x, layout->n_features, g + layout->hidden_weight, g + layout->hidden_bias);
}

static void
compute_part (void *data, size_t part, int thread)
{
  struct trainer *trainer = data;
  const size_t    n = trainer->samples->n;
  const size_t    begin = n * part / PARTS, end = n * (part + 1) / PARTS;

  trainer->losses[part] = 0;
  trainer->correct[part] = 0;
  memset (trainer->gradients + part * trainer->layout.n, 0, trainer->layout.n * sizeof (double));
  for (size_t first = begin; first < end; first += ROWS)
    compute_rows (trainer, &trainer->scratch[thread], part, first, end - first < ROWS ? end - first : ROWS);
}

/* Adds the penalty of some weights. */
static double
penalise (const double *x, double *gradient, size_t begin, size_t end, double l2)
{
  double sum = 0;

  for (size_t i = begin; i < end; i++)
    {
      sum += x[i] * x[i];
      gradient[i] += l2 * x[i];
    }
  return l2 / 2 * sum;
}

static double
objective (void *data, const double *x, double *gradient)
{
  struct trainer      *trainer = data;
  const struct layout *layout = &trainer->layout;
  double               loss = 0;

  trainer->variables = x;
  dino_loop_run (trainer->options->team, PARTS, compute_part, trainer);
  memset (gradient, 0, layout->n * sizeof *gradient);
  for (size_t part = 0; part < PARTS; part++)
    {
      loss += trainer->losses[part];
      for (size_t i = 0; i < layout->n; i++)
        gradient[i] += trainer->gradients[part * layout->n + i];
    }
  loss += penalise (x, gradient, layout->hidden_weight, layout->hidden_bias, trainer->options->l2);
  return loss + penalise (x, gradient, layout->weight, layout->bias, trainer->options->l2);
}

/* Making and ending. */

static void
trainer_clear (struct trainer *trainer)
{
  for (size_t i = 0; trainer->scratch != NULL && i < trainer->n_threads; i++)
    {
      dino_free (trainer->scratch[i].x);
      dino_free (trainer->scratch[i].hidden);
      dino_free (trainer->scratch[i].back);
      dino_free (trainer->scratch[i].logits);
    }
  dino_free (trainer->scratch);
  dino_free (trainer->mean);
  dino_free (trainer->scale);
  dino_free (trainer->class_weight);
  dino_free (trainer->gradients);
}

static bool
scratch_init (struct scratch *scratch, const struct layout *layout, struct dino_error *error)
{
  scratch->x = dino_alloc (ROWS, layout->n_features * sizeof (double), error);
  scratch->hidden = dino_alloc (ROWS, layout->n_hidden * sizeof (double), error);
  scratch->back = dino_alloc (ROWS, layout->n_hidden * sizeof (double), error);
  scratch->logits = dino_alloc (ROWS, layout->n_classes * sizeof (double), error);
  return scratch->x != NULL && scratch->hidden != NULL && scratch->back != NULL && scratch->logits != NULL;
}

static bool
trainer_init (struct trainer *trainer, struct dino_error *error)
{
  const struct dino_decoder_samples *samples = trainer->samples;
  struct layout                     *layout = &trainer->layout;

  layout_init (layout, samples->n_features, trainer->options->n_hidden, samples->n_classes);
  trainer->n_threads = dino_loop_threads (trainer->options->team);
  trainer->mean = dino_alloc (layout->n_features, sizeof (double), error);
  trainer->scale = dino_alloc (layout->n_features, sizeof (double), error);
  trainer->class_weight = dino_alloc (layout->n_classes, sizeof (double), error);
  trainer->gradients = dino_alloc (PARTS, layout->n * sizeof (double), error);
  trainer->scratch = dino_alloc_zeroed (trainer->n_threads, sizeof *trainer->scratch, error);
  if (trainer->mean == NULL || trainer->scale == NULL || trainer->class_weight == NULL || trainer->gradients == NULL || trainer->scratch == NULL)
    return false;
  for (size_t i = 0; i < trainer->n_threads; i++)
    if (!scratch_init (&trainer->scratch[i], layout, error))
      return false;
  return weigh_classes (trainer, error) && standardise (trainer, error);
}

static void
draw_uniform (struct dino_random *random, double *weights, size_t n_outputs, size_t n_inputs)
{
  const double limit = sqrt (6.0 / (double) (n_inputs + n_outputs));

  for (size_t i = 0; i < n_outputs * n_inputs; i++)
    weights[i] = limit * (2 * dino_random_share (random) - 1);
}

static void
start_weights (const struct trainer *trainer, double *x)
{
  const struct layout *layout = &trainer->layout;
  struct dino_random   random = dino_random (trainer->options->seed);

  if (layout->n_hidden == 0)
    return;
  draw_uniform (&random, x + layout->hidden_weight, layout->n_hidden, layout->n_features);
  draw_uniform (&random, x + layout->weight, layout->n_classes, layout->n_hidden);
}

/* weight [n_outputs, n_features] and bias of standardised features become those
 * of the features themselves. */
static void
fold_scaling (const struct trainer *trainer, const double *weight, const double *bias, size_t n_outputs, float *folded, float *folded_bias)
{
  const size_t width = trainer->layout.n_features;

  for (size_t o = 0; o < n_outputs; o++)
    {
      double shift = bias[o];

      for (size_t c = 0; c < width; c++)
        {
          const double w = weight[o * width + c] * trainer->scale[c];

          folded[o * width + c] = (float) w;
          shift -= w * trainer->mean[c];
        }
      folded_bias[o] = (float) shift;
    }
}

static struct dino_decoder *
make_decoder (const struct trainer *trainer, const double *x, struct dino_error *error)
{
  const struct layout *layout = &trainer->layout;
  struct dino_decoder *decoder = dino_decoder_new (layout->n_features, layout->n_hidden, layout->n_classes, error);

  if (decoder == NULL)
    return NULL;
  if (layout->n_hidden == 0)
    {
      fold_scaling (trainer, x + layout->weight, x + layout->bias, layout->n_classes, decoder->weight, decoder->bias);
      return decoder;
    }
  fold_scaling (trainer, x + layout->hidden_weight, x + layout->hidden_bias, layout->n_hidden, decoder->hidden_weight, decoder->hidden_bias);
  for (size_t i = 0; i < layout->n_classes * layout->width; i++)
    decoder->weight[i] = (float) x[layout->weight + i];
  for (size_t i = 0; i < layout->n_classes; i++)
    decoder->bias[i] = (float) x[layout->bias + i];
  return decoder;
}

static struct dino_decoder *
minimise (struct trainer *trainer, double *x, struct dino_decoder_report *report, struct dino_error *error)
{
  struct dino_lbfgs lbfgs = { .tolerance = TOLERANCE, .max_rounds = trainer->options->max_rounds > 0 ? trainer->options->max_rounds : DINO_DECODER_ROUNDS };

  start_weights (trainer, x);
  if (!dino_lbfgs_minimize (&lbfgs, objective, trainer, trainer->layout.n, x, trainer->options->progress, error))
    return NULL;
  if (report != NULL)
    {
      *report = (struct dino_decoder_report){ .n_rounds = lbfgs.n_rounds, .converged = lbfgs.converged, .loss = lbfgs.value };
      trainer->variables = x;
      dino_loop_run (trainer->options->team, PARTS, compute_part, trainer);
      for (size_t part = 0; part < PARTS; part++)
        report->accuracy += (double) trainer->correct[part] / (double) trainer->samples->n;
    }
  return make_decoder (trainer, x, error);
}

static bool
check_samples (const struct dino_decoder_samples *samples, const struct dino_decoder_options *options, struct dino_error *error)
{
  if (samples->n < 1)
    return dino_error_set (error, DINO_CODE_ARGUMENT, _ ("No patch has a label to learn from."));
  if (samples->n_classes < DINO_DECODER_MIN_CLASSES)
    return dino_error_set (error, DINO_CODE_ARGUMENT, _ ("There is only one class; two are needed to tell them apart."));
  if (samples->n_classes > DINO_DECODER_MAX_CLASSES || options->n_hidden > DINO_DECODER_MAX_HIDDEN || samples->n_features < 1 || samples->n_features > DINO_DECODER_MAX_FEATURES)
    return dino_error_set (error, DINO_CODE_ARGUMENT, _ ("A decoder has at most %d classes and %d hidden units."), DINO_DECODER_MAX_CLASSES, DINO_DECODER_MAX_HIDDEN);
  if (!(options->l2 >= 0) || !isfinite (options->l2))
    return dino_error_set (error, DINO_CODE_ARGUMENT, _ ("The L2 penalty is not a number from 0 up."));
  return true;
}

struct dino_decoder *
dino_decoder_train (const struct dino_decoder_samples *samples, const struct dino_decoder_options *options, struct dino_decoder_report *report, struct dino_error *error)
{
  struct trainer       trainer = { .samples = samples, .options = options };
  struct dino_decoder *decoder = NULL;
  double              *x = NULL;

  if (!check_samples (samples, options, error))
    return NULL;
  dino_blas_enter_thread ();
  if (trainer_init (&trainer, error))
    x = dino_alloc_zeroed (trainer.layout.n, sizeof *x, error);
  if (x != NULL)
    decoder = minimise (&trainer, x, report, error);
  dino_free (x);
  trainer_clear (&trainer);
  return decoder;
}
