#include <math.h>
#include <string.h>

#include "cli/output.h"
#include "cli/probe-nearest.h"
#include "cli/probe.h"
#include "core/base/memory.h"
#include "core/base/text.h"

typedef struct
{
  CliSession         session;
  const char        *folder, *scores, *chart;
  CliProbePictures   pictures;
  CliProbeLabels     labels;
  struct dino_head  *head; /* of neighbours, without weights */
  gboolean           nearest;
  CliProbeReferences references;
  double            *predictions; /* [pictures, columns] of the head */
  GPtrArray         *kept;        /* what results point to, by g_free */
  GArray            *results;     /* CliProbeResult */
  GArray            *ks;          /* int, of each result: numbers of neighbours */
  GPtrArray         *trained_on;
} Test;

static CliExit
read_options (Test *self)
{
  const CliArguments   *arguments = self->session.arguments;
  g_autoptr (GPtrArray) inputs = g_ptr_array_new ();
  CliExit               code = CLI_EXIT_DONE;

  if (arguments->operands->len != 2)
    return cli_probe_usage (_ ("“probe test” needs one folder of embeddings."));
  self->folder = arguments->operands->pdata[1];
  self->nearest = cli_arguments_has (arguments, CLI_OPTION_KNN);
  if (self->nearest == cli_arguments_has (arguments, CLI_OPTION_HEAD))
    return cli_probe_usage (_ ("“probe test” needs either --head or --knn."));
  self->scores = cli_arguments_text (arguments, CLI_OPTION_SCORES, NULL);
  self->chart = cli_arguments_text (arguments, CLI_OPTION_CHART, NULL);
  if (self->nearest && self->scores != NULL)
    return cli_probe_usage (_ ("--scores writes what a head says; neighbours give four answers."));
  g_ptr_array_add (inputs, (gpointer) cli_arguments_text (arguments, self->nearest ? CLI_OPTION_KNN : CLI_OPTION_HEAD, NULL));
  if (cli_arguments_has (arguments, CLI_OPTION_TABLE))
    g_ptr_array_add (inputs, (gpointer) cli_arguments_text (arguments, CLI_OPTION_TABLE, NULL));
  if (self->scores != NULL)
    code = cli_output_check_inputs (CLI_COMMAND_PROBE, self->scores, inputs);
  if (code == CLI_EXIT_DONE && self->chart != NULL)
    code = cli_probe_check_chart (self->chart, inputs);
  return code;
}

/* Which features neighbours are looked for in, or the head looks at. */
static enum dino_head_features
kind_of (const Test *self)
{
  enum dino_head_features kind = DINO_HEAD_CLS;

  if (!self->nearest)
    return self->head->features;
  dino_head_features_parse (cli_arguments_text (self->session.arguments, CLI_OPTION_FEATURES, "cls"), &kind);
  return kind;
}

static CliExit
check_same_origin (const Test *self)
{
  struct dino_error error = { 0 };

  if (dino_embeddings_origin_equal (dino_embeddings_origin (self->pictures.embeddings), self->folder, dino_embeddings_origin (self->references.pictures.embeddings),
                                    dino_embeddings_folder (self->references.pictures.embeddings), &error))
    return CLI_EXIT_DONE;
  return cli_fail_core (&error, CLI_EXIT_MODEL);
}

/* The head, or the references and what is to be said of pictures. */
static CliExit
open_source (Test *self)
{
  struct dino_error error = { 0 };
  CliExit           code = CLI_EXIT_DONE;

  if (!self->nearest)
    {
      self->head = cli_probe_head_read (&self->session, &code);
      return self->head != NULL ? cli_probe_head_check_embeddings (self->head, &self->pictures, &self->session) : code;
    }
  code = cli_probe_references_open (&self->references, self->folder, kind_of (self), &self->session);
  if (code == CLI_EXIT_DONE)
    code = check_same_origin (self);
  if (code != CLI_EXIT_DONE)
    return code;
  self->head = cli_probe_references_head (&self->references, &error);
  return self->head != NULL ? CLI_EXIT_DONE : cli_fail_about (&error, self->folder, CLI_EXIT_INPUT);
}

/* Predictions of the pictures whose label is known, from all [n, n_all]
 * columns first …: [known, n_columns]; of a single probability those of 0 and 1. */
static double *
pick (const CliProbeTarget *target, const size_t *places, size_t n, const double *all, size_t n_all, size_t first, gboolean single)
{
  const size_t n_classes = target->classes != NULL ? target->classes->len : 1;
  double      *picked = g_new (double, MAX (n * n_classes, 1));

  for (size_t i = 0; i < n; i++)
    for (size_t k = 0; k < n_classes; k++)
      {
        const double *from = all + places[i] * n_all + first;

        picked[i * n_classes + k] = !single ? from[k] : k == 1 ? from[0]
                                                               : 1 - from[0];
      }
  return picked;
}

static CliExit
score (Test *self, guint index, const double *all, size_t n_all, size_t first, int k)
{
  const CliProbeTarget *target = self->labels.targets->pdata[index];
  struct dino_error     error = { 0 };
  CliProbeResult        result;
  size_t                n;
  size_t               *places = cli_probe_target_known (target, self->labels.n, &n);
  double               *picked = pick (target, places, n, all, n_all, first, !self->nearest && self->head->task == DINO_HEAD_MULTILABEL);

  g_ptr_array_add (self->kept, places);
  g_ptr_array_add (self->kept, picked);
  cli_probe_result_init (&result, target, &self->labels, places, n, picked);
  g_array_append_val (self->results, result);
  g_array_append_val (self->ks, k);
  if (cli_probe_result_score (&g_array_index (self->results, CliProbeResult, self->results->len - 1), cli_probe_n_draws (&self->session), cli_probe_seed (&self->session),
                              dinoscope_engine_get_team (self->session.engine), &error))
    return CLI_EXIT_DONE;
  return cli_fail_about (&error, self->folder, CLI_EXIT_INPUT);
}

static CliExit
test_head (Test *self)
{
  struct dino_error error = { 0 };
  CliExit           code = CLI_EXIT_DONE;

  if (!cli_probe_head_score (self->head, &self->pictures, &self->predictions, &error))
    return cli_fail_about (&error, self->folder, CLI_EXIT_INPUT);
  for (guint t = 0; code == CLI_EXIT_DONE && t < self->labels.targets->len; t++)
    code = score (self, t, self->predictions, self->head->n_classes, t, 0);
  return code;
}

static CliExit
test_nearest (Test *self)
{
  static const int           ks[] = DINO_KNN_KS;
  const struct dino_progress progress = cli_core_progress (self->session.cancellable);
  struct dino_error          error = { 0 };
  CliExit                    code = CLI_EXIT_DONE;

  for (guint t = 0; code == CLI_EXIT_DONE && t < self->labels.targets->len; t++)
    {
      const CliProbeTarget *target = self->labels.targets->pdata[t];
      const size_t          n_values = target->classes != NULL ? target->classes->len : 1;
      double               *means = cli_probe_references_predict (&self->references, t, &self->pictures, &self->labels, dinoscope_engine_get_team (self->session.engine), &progress, &error);

      if (means == NULL)
        return cli_fail_about (&error, self->folder, CLI_EXIT_INPUT);
      for (guint k = 0; code == CLI_EXIT_DONE && k < G_N_ELEMENTS (ks); k++)
        code = score (self, t, means + k * self->pictures.n * n_values, n_values, 0, ks[k]);
      dino_free (means);
    }
  return code;
}

static CliExit
write_files (Test *self)
{
  g_autoptr (GPtrArray) names = cli_probe_pictures_names (&self->pictures);
  g_autoptr (GPtrArray) columns = cli_probe_head_columns (self->head);
  const CliProbeTable   table = { names, &self->labels, NULL, columns, self->predictions };
  CliExit               code = CLI_EXIT_DONE;

  if (self->scores != NULL)
    code = cli_probe_write_table (self->scores, &table);
  if (code == CLI_EXIT_DONE && self->chart != NULL)
    code = cli_probe_write_chart (self->chart, (const CliProbeResult *) (void *) self->results->data, self->results->len, self->nearest ? _ ("Nearest neighbours") : _ ("Test pictures"));
  return code;
}

static CliExit
print_json (Test *self)
{
  json_t *object = cli_probe_json_new (self->session.arguments);
  json_t *results = json_array ();

  for (guint i = 0; i < self->results->len; i++)
    {
      json_t *result = cli_probe_result_report (&g_array_index (self->results, CliProbeResult, i));

      if (self->nearest)
        json_object_set_new (result, "k", json_integer (g_array_index (self->ks, int, i)));
      json_array_append_new (results, result);
    }
  json_object_set_new (object, "task", json_string (dino_head_task_name (self->head->task)));
  json_object_set_new (object, "features", json_string (dino_head_features_name (kind_of (self))));
  json_object_set_new (object, "table", cli_probe_labels_report (&self->labels));
  json_object_set_new (object, "results", results);
  cli_probe_report_training (object, &self->session, self->trained_on);
  return cli_json_print (object);
}

static CliExit
report (Test *self)
{
  if (self->session.json)
    return print_json (self);
  cli_probe_print_header (self->nearest ? "k" : NULL);
  for (guint i = 0; i < self->results->len; i++)
    {
      char k[16];

      g_snprintf (k, sizeof k, "%d", g_array_index (self->ks, int, i));
      cli_probe_print (&g_array_index (self->results, CliProbeResult, i), self->nearest ? k : NULL);
    }
  return CLI_EXIT_DONE;
}

static CliExit
read_pictures (Test *self)
{
  g_autoptr (GPtrArray) names = NULL;
  struct dino_error     error = { 0 };
  CliExit               code = cli_probe_labels_read (&self->labels, &self->pictures, self->head, &self->session);

  if (code != CLI_EXIT_DONE)
    return code;
  names = cli_probe_pictures_names (&self->pictures);
  code = cli_probe_check_training (&self->session, names, self->trained_on);
  if (code == CLI_EXIT_DONE && !cli_probe_pictures_read (&self->pictures, kind_of (self), &error))
    return cli_fail_about (&error, self->folder, CLI_EXIT_INPUT);
  return code;
}

static CliExit
run (Test *self)
{
  struct dino_error error = { 0 };
  CliExit           code = read_options (self);

  if (code != CLI_EXIT_DONE)
    return code;
  if (!cli_probe_pictures_open (&self->pictures, self->folder, &error))
    return cli_fail_about (&error, self->folder, CLI_EXIT_INPUT);
  code = open_source (self);
  if (code == CLI_EXIT_DONE)
    code = read_pictures (self);
  if (code == CLI_EXIT_DONE)
    code = self->nearest ? test_nearest (self) : test_head (self);
  if (code == CLI_EXIT_DONE)
    code = write_files (self);
  return code == CLI_EXIT_DONE ? report (self) : code;
}

CliExit
cli_probe_test (const CliArguments *arguments, GCancellable *cancellable)
{
  Test    self = { .results = g_array_new (FALSE, FALSE, sizeof (CliProbeResult)),
                   .ks = g_array_new (FALSE, FALSE, sizeof (int)),
                   .kept = g_ptr_array_new_with_free_func (g_free),
                   .trained_on = g_ptr_array_new () };
  CliExit code = cli_session_init (&self.session, arguments, cancellable);

  g_array_set_clear_func (self.results, (GDestroyNotify) cli_probe_result_clear);
  if (code == CLI_EXIT_DONE)
    code = run (&self);
  g_array_unref (self.results);
  g_array_unref (self.ks);
  g_ptr_array_unref (self.kept);
  g_ptr_array_unref (self.trained_on);
  dino_head_free (self.head);
  dino_free (self.predictions);
  cli_probe_references_clear (&self.references);
  cli_probe_labels_clear (&self.labels);
  cli_probe_pictures_clear (&self.pictures);
  cli_session_clear (&self.session);
  return code;
}
