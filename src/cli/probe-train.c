#include <math.h>
#include <string.h>

#include "cli/output.h"
#include "cli/probe.h"
#include "core/base/memory.h"
#include "core/base/text.h"
#include "core/heads/folds.h"
#include "core/heads/probe-fit.h"
#include "core/model/json-memory.h"
#include "dinoscope-config.h"
#include "io/head-file.h"

#define STANDARD_FOLDS 5
#define MOST_STRENGTHS 64

/* Parts of a number's range that each fold gets its share of. */
#define N_STRATA 5

/* lambda = 1/C: scikit-learn's LogisticRegressionCV has the same range. */
static const double standard_l2[] = { 10000, 1000, 100, 10, 1, 0.1, 0.01, 0.001, 0.0001 };

typedef struct
{
  CliSession              session;
  const char             *folder, *output, *scores, *chart;
  enum dino_head_features kind;
  double                  l2[MOST_STRENGTHS];
  int                     n_l2;
  int                     n_folds;
  gboolean                balanced;
  CliProbePictures        pictures;
  CliProbeLabels          labels;
  struct dino_head       *head;
  double                 *predictions; /* [pictures, columns], held out, NAN where the label is not known */
  guint                   n_columns;
  int                    *folds;   /* [pictures], -1 where the first label is not known */
  GArray                 *results; /* CliProbeResult, of each target */
  GPtrArray              *kept;    /* what results point to */
  json_t                 *fits;
  GPtrArray              *trained_on; /* names of the encoder's training pictures */
} Train;

static int
compare_falling (const void *a, const void *b)
{
  const double one = *(const double *) a, other = *(const double *) b;

  return one > other ? -1 : one < other;
}

static CliExit
read_strengths (Train *self)
{
  const char    *text = cli_arguments_text (self->session.arguments, CLI_OPTION_L2, "auto");
  g_auto (GStrv) parts = g_strsplit (text, ",", -1);
  const guint    n = g_strv_length (parts);

  if (strcmp (text, "auto") == 0)
    {
      memcpy (self->l2, standard_l2, sizeof standard_l2);
      self->n_l2 = G_N_ELEMENTS (standard_l2);
      return CLI_EXIT_DONE;
    }
  if (n > MOST_STRENGTHS)
    return cli_probe_usage (_ ("--l2 takes at most %d strengths."), MOST_STRENGTHS);
  for (guint i = 0; i < n; i++)
    if (!dino_parse_double (parts[i], &self->l2[i]) || !(self->l2[i] > 0))
      return cli_probe_usage (_ ("--l2 needs “auto”, a number above 0, or several with commas between them, not “%s”."), text);
  self->n_l2 = (int) n;
  qsort (self->l2, n, sizeof *self->l2, compare_falling);
  return CLI_EXIT_DONE;
}

static CliExit
read_options (Train *self)
{
  const CliArguments   *arguments = self->session.arguments;
  g_autoptr (GPtrArray) inputs = g_ptr_array_new ();
  CliExit               code;

  if (arguments->operands->len != 2)
    return cli_probe_usage (_ ("“probe train” needs one folder of embeddings."));
  self->folder = arguments->operands->pdata[1];
  self->output = cli_arguments_text (arguments, CLI_OPTION_OUTPUT, NULL);
  self->scores = cli_arguments_text (arguments, CLI_OPTION_SCORES, NULL);
  self->chart = cli_arguments_text (arguments, CLI_OPTION_CHART, NULL);
  if (self->output == NULL)
    return cli_probe_usage (_ ("Say with -o where the head is to be written (a .safetensors file)."));
  if (cli_output_is_stdout (self->output))
    return cli_probe_usage (_ ("The scores go to standard output; -o needs a file."));
  if (cli_arguments_has (arguments, CLI_OPTION_TABLE))
    g_ptr_array_add (inputs, (gpointer) cli_arguments_text (arguments, CLI_OPTION_TABLE, NULL));
  code = cli_output_check_inputs (CLI_COMMAND_PROBE, self->output, inputs);
  if (code == CLI_EXIT_DONE && self->scores != NULL)
    code = cli_output_check_inputs (CLI_COMMAND_PROBE, self->scores, inputs);
  if (code == CLI_EXIT_DONE && self->chart != NULL)
    code = cli_probe_check_chart (self->chart, inputs);
  if (code != CLI_EXIT_DONE)
    return code;
  dino_head_features_parse (cli_arguments_text (arguments, CLI_OPTION_FEATURES, "cls"), &self->kind);
  self->n_folds = cli_arguments_int (arguments, CLI_OPTION_FOLDS, STANDARD_FOLDS);
  self->balanced = strcmp (cli_arguments_text (arguments, CLI_OPTION_CLASS_WEIGHTS, "none"), "balanced") == 0;
  return read_strengths (self);
}

/* The fit of one column. */
typedef struct
{
  struct dino_probe_fit fit;
  const CliProbeTarget *target;
  size_t               *places; /* pictures whose label is known */
  size_t                n;
  size_t               *groups; /* [n], numbered without gaps */
  size_t                n_groups;
  int                  *labels;
  double               *values;
  int                  *strata;
  int                  *folds;
} Fit;

static void
fit_free (gpointer data)
{
  Fit *fit = data;

  dino_probe_fit_clear (&fit->fit);
  g_free (fit->places);
  g_free (fit->groups);
  g_free (fit->labels);
  g_free (fit->values);
  g_free (fit->strata);
  g_free (fit->folds);
  g_free (fit);
}

static Fit *
fit_new (const Train *self, const CliProbeTarget *target)
{
  Fit               *fit = g_new0 (Fit, 1);
  g_autofree size_t *numbers = g_new0 (size_t, self->labels.n_groups);

  fit->target = target;
  fit->places = cli_probe_target_known (target, self->labels.n, &fit->n);
  fit->groups = g_new (size_t, fit->n);
  fit->labels = g_new0 (int, fit->n);
  fit->values = g_new0 (double, fit->n);
  fit->strata = g_new0 (int, fit->n);
  fit->folds = g_new0 (int, fit->n);
  /* In the order of the names, which the numbers of all pictures have. */
  for (size_t i = 0; i < fit->n; i++)
    numbers[self->labels.groups[fit->places[i]]] = 1;
  for (size_t g = 0; g < self->labels.n_groups; g++)
    if (numbers[g] > 0)
      numbers[g] = fit->n_groups++;
  for (size_t i = 0; i < fit->n; i++)
    {
      fit->groups[i] = numbers[self->labels.groups[fit->places[i]]];
      if (target->labels != NULL)
        fit->strata[i] = fit->labels[i] = target->labels[fit->places[i]];
      else
        fit->values[i] = target->values[fit->places[i]];
    }
  return fit;
}

/* Groups in which a class occurs: with fewer than two, some fold cannot learn it. */
static size_t
count_groups (const Fit *fit, int class)
{
  g_autofree gboolean *seen = g_new0 (gboolean, fit->n_groups);
  size_t               n = 0;

  for (size_t i = 0; i < fit->n; i++)
    if (fit->labels[i] == class && !seen[fit->groups[i]])
      {
        seen[fit->groups[i]] = TRUE;
        n++;
      }
  return n;
}

/* As many folds as are wanted, or as there are groups of the rarest class. */
static gboolean
choose_folds (const Train *self, Fit *fit, struct dino_error *error)
{
  const guint n_classes = fit->target->classes != NULL ? fit->target->classes->len : 0;
  size_t      least = fit->n_groups;

  for (guint k = 0; k < n_classes; k++)
    {
      const size_t n = count_groups (fit, (int) k);

      if (n < 2)
        return dino_error_set (error, DINO_CODE_FORMAT, _ ("“%s”: the class “%s” is in %zu groups only; two at least are needed, to learn from one and to try the other."), fit->target->name,
                               (const char *) fit->target->classes->pdata[k], n);
      least = MIN (least, n);
    }
  if (least < 2)
    return dino_error_set (error, DINO_CODE_FORMAT, _ ("“%s”: two groups of pictures at least are needed."), fit->target->name);
  fit->fit.n_folds = (int) MIN ((size_t) self->n_folds, least);
  if (fit->fit.n_folds < self->n_folds && !self->session.quiet)
    cli_note (_ ("“%s”: %d folds instead of %d, since a class is in %d groups only."), fit->target->name, fit->fit.n_folds, self->n_folds, fit->fit.n_folds);
  return TRUE;
}

static gboolean
deal_folds (const Train *self, Fit *fit, struct dino_error *error)
{
  const gboolean is_number = fit->target->classes == NULL;

  if (!choose_folds (self, fit, error))
    return FALSE;
  if (is_number && !dino_folds_stratify (fit->values, fit->n, N_STRATA, fit->strata, error))
    return FALSE;
  return dino_folds_deal (fit->groups, fit->n_groups, fit->strata, is_number ? N_STRATA : (int) fit->target->classes->len, fit->n, fit->fit.n_folds, fit->folds, error);
}

static gboolean
run_fit (Train *self, Fit *fit, struct dino_error *error)
{
  const struct dino_progress progress = cli_core_progress (self->session.cancellable);

  if (!deal_folds (self, fit, error))
    return FALSE;
  fit->fit.samples = (struct dino_samples){ .values = self->pictures.values, .n_features = self->pictures.n_features, .rows = fit->places, .n = fit->n };
  fit->fit.labels = fit->target->classes != NULL ? fit->labels : NULL;
  fit->fit.n_classes = fit->target->classes != NULL ? (int) fit->target->classes->len : 0;
  fit->fit.targets = fit->values;
  fit->fit.balanced = self->balanced;
  fit->fit.folds = fit->folds;
  fit->fit.l2 = self->l2;
  fit->fit.n_l2 = self->n_l2;
  return dino_probe_fit (&fit->fit, dinoscope_engine_get_team (self->session.engine), &progress, error);
}

static json_t *
report_fit (const Train *self, const Fit *fit)
{
  json_t *losses = json_array ();

  for (int s = 0; s < self->n_l2; s++)
    json_array_append_new (losses, json_pack ("{s:f, s:f}", "l2", self->l2[s], "loss", fit->fit.losses[s]));
  return json_pack ("{s:s, s:i, s:f, s:o, s:b, s:i}", "label", fit->target->name, "folds", fit->fit.n_folds, "l2", self->l2[fit->fit.chosen], "strengths", losses,
                    "converged", fit->fit.converged, "rounds", fit->fit.n_rounds);
}

/* Rows of the head, and columns of the table of scores, that a target has. */
static guint
n_rows_of (const Train *self, const CliProbeTarget *target)
{
  return self->labels.task == DINO_HEAD_CLASSIFY ? target->classes->len : 1;
}

/* Of something that is so or not, the two opposite rows make one: its logit is their difference. */
static gboolean
take_rows (Train *self, const Fit *fit, guint first, struct dino_error *error)
{
  const guint  n_rows = n_rows_of (self, fit->target);
  const size_t width = self->pictures.n_features;
  float       *weight = self->head->weight + first * width, *bias = self->head->bias + first;

  if (self->labels.task == DINO_HEAD_MULTILABEL)
    {
      for (size_t f = 0; f < width; f++)
        weight[f] = 2 * fit->fit.weight[width + f];
      *bias = 2 * fit->fit.bias[1];
    }
  else
    {
      memcpy (weight, fit->fit.weight, n_rows * width * sizeof *weight);
      memcpy (bias, fit->fit.bias, n_rows * sizeof *bias);
    }
  for (guint k = 0; k < n_rows; k++)
    if (!dino_head_set_class (self->head, first + k, self->labels.task == DINO_HEAD_CLASSIFY ? fit->target->classes->pdata[k] : fit->target->name, error))
      return FALSE;
  return TRUE;
}

static void
take_predictions (Train *self, const Fit *fit, guint first)
{
  const guint  n_rows = n_rows_of (self, fit->target);
  const size_t n_outputs = fit->fit.n_outputs;

  for (size_t i = 0; i < fit->n; i++)
    {
      double       *to = self->predictions + fit->places[i] * self->n_columns + first;
      const double *from = fit->fit.held_out + i * n_outputs;

      /* Of two classes of something that is so or not, the second one. */
      memcpy (to, from + (n_outputs - n_rows), n_rows * sizeof *to);
      if (first == 0)
        self->folds[fit->places[i]] = fit->folds[i];
    }
}

static CliExit
train_target (Train *self, const CliProbeTarget *target, guint first)
{
  Fit              *fit = fit_new (self, target);
  struct dino_error error = { 0 };
  CliProbeResult    result;
  gboolean          done;

  g_ptr_array_add (self->kept, fit);
  done = run_fit (self, fit, &error) && take_rows (self, fit, first, &error);
  if (!done)
    return cli_fail_about (&error, self->folder, CLI_EXIT_INPUT);
  if (!fit->fit.converged)
    cli_error (_ ("Warning: “%s” was not fitted to the end."), target->name);
  take_predictions (self, fit, first);
  json_array_append_new (self->fits, report_fit (self, fit));
  cli_probe_result_init (&result, target, &self->labels, fit->places, fit->n, fit->fit.held_out);
  g_array_append_val (self->results, result);
  done = cli_probe_result_score (&g_array_index (self->results, CliProbeResult, self->results->len - 1), cli_probe_n_draws (&self->session), cli_probe_seed (&self->session),
                                 dinoscope_engine_get_team (self->session.engine), &error);
  return done ? CLI_EXIT_DONE : cli_fail_about (&error, self->folder, CLI_EXIT_INPUT);
}

static gboolean
prepare (Train *self, struct dino_error *error)
{
  const struct dino_embeddings_origin *origin = dino_embeddings_origin (self->pictures.embeddings);
  size_t                               n;

  for (guint t = 0; t < self->labels.targets->len; t++)
    self->n_columns += n_rows_of (self, self->labels.targets->pdata[t]);
  if (!cli_probe_pictures_read (&self->pictures, self->kind, error) || !dino_multiply (self->labels.n, self->n_columns, &n))
    return FALSE;
  self->head = dino_head_new (self->n_columns, self->pictures.n_features, error);
  self->predictions = dino_alloc (n, sizeof *self->predictions, error);
  if (self->head == NULL || self->predictions == NULL)
    return FALSE;
  self->head->task = self->labels.task;
  self->head->features = self->kind;
  self->head->model_sha256 = dino_strdup (origin->model_sha256, error);
  self->head->preparation = dino_strdup (origin->preparation, error);
  for (size_t i = 0; i < n; i++)
    self->predictions[i] = (double) NAN;
  self->folds = g_new (int, self->labels.n);
  for (size_t i = 0; i < self->labels.n; i++)
    self->folds[i] = -1;
  return self->head->model_sha256 != NULL && self->head->preparation != NULL;
}

static CliExit
train (Train *self)
{
  struct dino_error error = { 0 };
  CliExit           code = CLI_EXIT_DONE;
  guint             first = 0;

  if (!prepare (self, &error))
    return cli_fail_about (&error, self->folder, CLI_EXIT_INPUT);
  for (guint t = 0; code == CLI_EXIT_DONE && t < self->labels.targets->len; t++)
    {
      const CliProbeTarget *target = self->labels.targets->pdata[t];

      code = train_target (self, target, first);
      first += n_rows_of (self, target);
    }
  return code;
}

/* What a person who finds the file wants to know; nothing of the pictures. */
static CliExit
write_head (Train *self)
{
  const struct dino_embeddings_origin *origin = dino_embeddings_origin (self->pictures.embeddings);
  g_autoptr (GString)                  labels = g_string_new (NULL);
  struct dino_error                    error = { 0 };
  g_autofree char                     *training = dino_json_dump (self->fits, JSON_COMPACT, &error);

  if (training == NULL)
    {
      dino_error_about (&error, self->output);
      return cli_fail_core (&error, CLI_EXIT_OUTPUT);
    }
  for (guint t = 0; t < self->labels.targets->len; t++)
    g_string_append_printf (labels, "%s%s", t > 0 ? "\n" : "", ((const CliProbeTarget *) self->labels.targets->pdata[t])->name);
  {
    const struct dino_metadata_out more[] = {
      { "labels", labels->str },
      { "model", origin->model_name },
      { "precision", origin->precision },
      { "training", training },
      { "version", DINOSCOPE_VERSION },
    };

    if (dino_head_write (self->output, self->head, more, G_N_ELEMENTS (more), &error))
      return CLI_EXIT_DONE;
  }
  return cli_fail_core (&error, CLI_EXIT_OUTPUT);
}

static CliExit
write_files (Train *self)
{
  g_autoptr (GPtrArray) names = cli_probe_pictures_names (&self->pictures);
  g_autoptr (GPtrArray) columns = cli_probe_head_columns (self->head);
  const CliProbeTable   table = { names, &self->labels, self->folds, columns, self->predictions };
  CliExit               code = write_head (self);

  if (code == CLI_EXIT_DONE && self->scores != NULL)
    code = cli_probe_write_table (self->scores, &table);
  if (code == CLI_EXIT_DONE && self->chart != NULL)
    code = cli_probe_write_chart (self->chart, (const CliProbeResult *) (void *) self->results->data, self->results->len, _ ("Held-out pictures of the folds"));
  return code;
}

static CliExit
print_json (Train *self)
{
  json_t *object = cli_probe_json_new (self->session.arguments);
  json_t *results = json_array ();

  for (guint i = 0; i < self->results->len; i++)
    json_array_append_new (results, cli_probe_result_report (&g_array_index (self->results, CliProbeResult, i)));
  json_object_set_new (object, "task", json_string (dino_head_task_name (self->labels.task)));
  json_object_set_new (object, "features", json_string (dino_head_features_name (self->kind)));
  json_object_set_new (object, "table", cli_probe_labels_report (&self->labels));
  json_object_set (object, "fits", self->fits);
  json_object_set_new (object, "held_out", results);
  cli_probe_report_training (object, &self->session, self->trained_on);
  return cli_json_print (object);
}

static CliExit
report (Train *self)
{
  if (self->session.json)
    return print_json (self);
  cli_probe_print_header (NULL);
  for (guint i = 0; i < self->results->len; i++)
    cli_probe_print (&g_array_index (self->results, CliProbeResult, i), NULL);
  return CLI_EXIT_DONE;
}

static void
say_done (const Train *self)
{
  size_t  i;
  json_t *fit;

  json_array_foreach (self->fits, i, fit)
      cli_note (_ ("“%s”: L2 strength %g, chosen by %d folds. Scores are of pictures that were held out; with several strengths to choose from they are a little too good."), json_string_value (json_object_get (fit, "label")),
                json_real_value (json_object_get (fit, "l2")), (int) json_integer_value (json_object_get (fit, "folds")));
  if (!self->labels.grouped)
    cli_note (_ ("Without --group pictures of one patient can be on both sides of a fold, and scores are then too good."));
}

static CliExit
run (Train *self)
{
  struct dino_error     error = { 0 };
  g_autoptr (GPtrArray) names = NULL;
  CliExit               code = read_options (self);

  if (code != CLI_EXIT_DONE)
    return code;
  if (!cli_probe_pictures_open (&self->pictures, self->folder, &error))
    return cli_fail_about (&error, self->folder, CLI_EXIT_INPUT);
  code = cli_probe_labels_read (&self->labels, &self->pictures, NULL, &self->session);
  if (code == CLI_EXIT_DONE)
    {
      names = cli_probe_pictures_names (&self->pictures);
      code = cli_probe_check_training (&self->session, names, self->trained_on);
    }
  if (code == CLI_EXIT_DONE)
    code = train (self);
  if (code == CLI_EXIT_DONE)
    code = write_files (self);
  if (code == CLI_EXIT_DONE && !self->session.quiet)
    say_done (self);
  return code == CLI_EXIT_DONE ? report (self) : code;
}

CliExit
cli_probe_train (const CliArguments *arguments, GCancellable *cancellable)
{
  Train   self = { .results = g_array_new (FALSE, FALSE, sizeof (CliProbeResult)),
                   .kept = g_ptr_array_new_with_free_func (fit_free),
                   .trained_on = g_ptr_array_new (),
                   .fits = json_array () };
  CliExit code = cli_session_init (&self.session, arguments, cancellable);

  g_array_set_clear_func (self.results, (GDestroyNotify) cli_probe_result_clear);
  if (code == CLI_EXIT_DONE)
    code = run (&self);
  g_array_unref (self.results);
  g_ptr_array_unref (self.kept);
  g_ptr_array_unref (self.trained_on);
  json_decref (self.fits);
  dino_head_free (self.head);
  dino_free (self.predictions);
  g_free (self.folds);
  cli_probe_labels_clear (&self.labels);
  cli_probe_pictures_clear (&self.pictures);
  cli_session_clear (&self.session);
  return code;
}
