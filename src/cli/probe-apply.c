#include "cli/origin.h"
#include "cli/output.h"
#include "cli/probe.h"
#include "cli/report.h"
#include "core/base/memory.h"
#include "core/base/text.h"
#include "core/heads/head-input.h"

typedef struct
{
  CliSession        session;
  const char       *output;
  struct dino_head *head;
  GPtrArray        *names;     /* of pictures that have scores */
  GArray           *scores;    /* double, [names, classes], of pictures */
  double           *of_folder; /* the same of embeddings; dino_free() */
  GPtrArray        *failed;    /* names */
  GPtrArray        *trained_on;
} Apply;

static const double *
scores_of (const Apply *self)
{
  return self->of_folder != NULL ? self->of_folder : (const double *) (void *) self->scores->data;
}

static gboolean
is_embeddings (const char *path)
{
  g_autofree char *about = g_build_filename (path, "embed.json", NULL);

  return g_file_test (about, G_FILE_TEST_EXISTS);
}

static CliExit
read_options (Apply *self)
{
  const CliArguments *arguments = self->session.arguments;
  CliExit             code = CLI_EXIT_DONE;

  if (arguments->operands->len < 2)
    return cli_probe_usage (_ ("“probe apply” needs a folder of embeddings, or pictures."));
  if (!cli_arguments_has (arguments, CLI_OPTION_HEAD))
    return cli_probe_usage (_ ("Say with --head which head is to be applied."));
  self->output = cli_arguments_text (arguments, CLI_OPTION_OUTPUT, NULL);
  if (self->output != NULL && self->session.json && cli_output_is_stdout (self->output))
    return cli_probe_usage (_ ("Standard output cannot take both the table and --json."));
  if (self->output != NULL)
    code = cli_output_check_inputs (CLI_COMMAND_PROBE, self->output, arguments->operands);
  if (code == CLI_EXIT_DONE)
    self->head = cli_probe_head_read (&self->session, &code);
  return code;
}

static CliExit
apply_embeddings (Apply *self, const char *folder, CliProbePictures *pictures)
{
  g_autoptr (GPtrArray) names = NULL;
  struct dino_error     error = { 0 };
  CliExit               code;

  if (!cli_probe_pictures_open (pictures, folder, &error))
    return cli_fail_about (&error, folder, CLI_EXIT_INPUT);
  code = cli_probe_head_check_embeddings (self->head, pictures, &self->session);
  if (code != CLI_EXIT_DONE)
    return code;
  if (!cli_probe_pictures_read (pictures, self->head->features, &error) || !cli_probe_head_score (self->head, pictures, &self->of_folder, &error))
    return cli_fail_about (&error, folder, CLI_EXIT_INPUT);
  names = cli_probe_pictures_names (pictures);
  for (guint i = 0; i < names->len; i++)
    g_ptr_array_add (self->names, g_strdup (names->pdata[i]));
  return CLI_EXIT_DONE;
}

static CliExit
score_picture (Apply *self, DinoscopeFeatures *features)
{
  struct dino_error  error = { 0 };
  g_autofree double *scores = g_new (double, self->head->n_classes);
  float             *input = dino_alloc (self->head->n_features, sizeof *input, &error);
  const gboolean     done = input != NULL && dino_head_input (dinoscope_features_get_core (features), self->head->features, self->head->block, input, &error);

  if (done)
    {
      dino_head_logits (self->head, input, scores);
      dino_head_scores (self->head, scores);
      g_array_append_vals (self->scores, scores, (guint) self->head->n_classes);
    }
  dino_free (input);
  return done ? CLI_EXIT_DONE : cli_fail_core (&error, CLI_EXIT_INPUT);
}

static CliExit
apply_picture (Apply *self, const char *path)
{
  CliSession                   *session = &self->session;
  CliExit                       code = CLI_EXIT_DONE;
  g_autoptr (DinoscopeStudy)    study = cli_session_open (session, path, &code);
  g_autoptr (DinoscopeFeatures) features = NULL;
  const gboolean                hidden = dino_head_needs_hidden_states (self->head->features, self->head->block, (int) dinoscope_model_get_n_blocks (session->model));

  if (study == NULL)
    return code;
  cli_session_say_notes (session, study);
  features = cli_session_encode (session, study, hidden ? DINO_KEEP_HIDDEN_STATES : DINO_KEEP_OUTPUT, &code);
  if (features == NULL)
    return code;
  code = score_picture (self, features);
  if (code == CLI_EXIT_DONE)
    g_ptr_array_add (self->names, g_strdup (path));
  return code;
}

static CliExit
apply_pictures (Apply *self)
{
  CliSession      *session = &self->session;
  const GPtrArray *operands = session->arguments->operands;
  const char      *sha256;
  CliExit          code = cli_session_start_model (session, TRUE);

  if (code == CLI_EXIT_DONE)
    code = cli_session_await_model (session);
  if (code != CLI_EXIT_DONE)
    return code;
  cli_session_name_model (session);
  sha256 = cli_session_await_sha256 (session, &code);
  if (sha256 == NULL)
    return code;
  code = cli_probe_head_check (self->head, dinoscope_model_get_n_channels (session->model), (int) dinoscope_model_get_n_blocks (session->model), dinoscope_model_get_title (session->model), sha256);
  if (code == CLI_EXIT_DONE)
    code = cli_origin_compare_preparation (session, self->head->preparation);
  for (guint i = 1; code == CLI_EXIT_DONE && i < operands->len; i++)
    {
      const CliExit one = g_cancellable_is_cancelled (session->cancellable) ? CLI_EXIT_INTERRUPTED : apply_picture (self, operands->pdata[i]);

      if (one == CLI_EXIT_INPUT)
        g_ptr_array_add (self->failed, operands->pdata[i]);
      else
        code = one;
    }
  return code;
}

static json_t *
report_picture (const Apply *self, guint index)
{
  json_t *scores = json_object ();

  for (size_t k = 0; k < self->head->n_classes; k++)
    json_object_set_new (scores, self->head->classes[k], json_real (scores_of (self)[index * self->head->n_classes + k]));
  return json_pack ("{s:o, s:o}", "file", cli_json_text (self->names->pdata[index]), "scores", scores);
}

static CliExit
print_json (const Apply *self)
{
  json_t *object = cli_probe_json_new (self->session.arguments);
  json_t *pictures = json_array ();

  for (guint i = 0; i < self->names->len; i++)
    json_array_append_new (pictures, report_picture (self, i));
  json_object_set_new (object, "task", json_string (dino_head_task_name (self->head->task)));
  json_object_set_new (object, "features", json_string (dino_head_features_name (self->head->features)));
  json_object_set_new (object, "pictures", pictures);
  json_object_set_new (object, "failed", cli_report_failed (self->failed));
  cli_probe_report_training (object, &self->session, self->trained_on);
  return cli_json_print (object);
}

static CliExit
write_results (Apply *self)
{
  g_autoptr (GPtrArray) columns = cli_probe_head_columns (self->head);
  const CliProbeTable   table = { self->names, NULL, NULL, columns, scores_of (self) };
  CliExit               code = CLI_EXIT_DONE;

  if (self->output != NULL || !self->session.json)
    code = cli_probe_write_table (self->output != NULL ? self->output : "-", &table);
  if (code == CLI_EXIT_DONE && self->session.json)
    code = print_json (self);
  return code == CLI_EXIT_DONE && self->failed->len > 0 ? CLI_EXIT_INPUT : code;
}

static CliExit
run (Apply *self)
{
  const GPtrArray *operands = self->session.arguments->operands;
  CliProbePictures pictures = { 0 };
  CliExit          code = read_options (self);

  if (code != CLI_EXIT_DONE)
    return code;
  if (operands->len == 2 && is_embeddings (operands->pdata[1]))
    {
      code = apply_embeddings (self, operands->pdata[1], &pictures);
      cli_probe_pictures_clear (&pictures);
    }
  else
    code = apply_pictures (self);
  if (code == CLI_EXIT_DONE)
    code = cli_probe_check_training (&self->session, self->names, self->trained_on);
  return code == CLI_EXIT_DONE ? write_results (self) : code;
}

CliExit
cli_probe_apply (const CliArguments *arguments, GCancellable *cancellable)
{
  Apply   self = { .names = g_ptr_array_new_with_free_func (g_free),
                   .scores = g_array_new (FALSE, FALSE, sizeof (double)),
                   .failed = g_ptr_array_new (),
                   .trained_on = g_ptr_array_new () };
  CliExit code = cli_session_init (&self.session, arguments, cancellable);

  if (code == CLI_EXIT_DONE)
    code = run (&self);
  dino_free (self.of_folder);
  dino_head_free (self.head);
  g_ptr_array_unref (self.trained_on);
  g_ptr_array_unref (self.failed);
  g_array_unref (self.scores);
  g_ptr_array_unref (self.names);
  cli_session_clear (&self.session);
  return code;
}
