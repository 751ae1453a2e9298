#include <stdio.h>

#include "cli/commands.h"
#include "cli/output.h"
#include "cli/process.h"
#include "cli/report.h"
#include "cli/session.h"
#include "core/base/memory.h"
#include "core/base/text.h"

#define FORMULA_WIDTH 777
#define FORMULA_HEIGHT 1001
#define STANDARD_RUNS 7

typedef struct
{
  CliSession            session;
  const char           *output;
  int                   runs;
  unsigned              keep;
  struct dino_geometry  geometry;
  float                *input; /* [3, input_height, input_width] */
  struct dino_encoder  *encoder;
  struct dino_features *features; /* of the last run */
  double                load_seconds;
  GArray               *seconds; /* double, of each timed run */
} Bench;

/* A grey picture that anybody can make again. */
static struct dino_picture *
formula_picture (struct dino_error *error)
{
  struct dino_picture *picture = dino_picture_new (FORMULA_WIDTH, FORMULA_HEIGHT, 1, 8, error);

  if (picture == NULL)
    return NULL;
  for (int y = 0; y < FORMULA_HEIGHT; y++)
    for (int x = 0; x < FORMULA_WIDTH; x++)
      picture->samples8[y * FORMULA_WIDTH + x] = (uint8_t) ((7 * x + 13 * y + ((x * y) >> 3) + ((x * x + 3 * y * y) >> 7)) & 255);
  if (dino_picture_measure (picture, error))
    return picture;
  dino_picture_unref (picture);
  return NULL;
}

static CliExit
prepare_formula (Bench *self)
{
  struct dino_error            error = { 0 };
  struct dino_model           *model = dinoscope_model_get_core (self->session.model);
  const struct dino_processor *processor = dino_model_processor (model);
  struct dino_picture         *picture = formula_picture (&error);

  if (picture == NULL)
    return cli_fail_about (&error, dino_model_path (dinoscope_model_get_core (self->session.model)), CLI_EXIT_INPUT);
  if (dino_preparation_geometry (&self->session.preparation, processor, dino_model_config (model)->patch_size, picture->width, picture->height,
                                 &self->geometry, &error))
    self->input = dino_alloc ((size_t) 3 * (size_t) self->geometry.input_width, (size_t) self->geometry.input_height * sizeof *self->input, &error);
  if (self->input != NULL)
    dino_prepare (picture, processor, &self->session.preparation, &self->geometry, self->input, &error);
  dino_picture_unref (picture);
  return error.code == DINO_CODE_NONE ? CLI_EXIT_DONE : cli_fail_about (&error, dino_model_path (dinoscope_model_get_core (self->session.model)), CLI_EXIT_INPUT);
}

static CliExit
prepare (Bench *self)
{
  const GPtrArray           *operands = self->session.arguments->operands;
  CliExit                    code = CLI_EXIT_DONE;
  g_autoptr (DinoscopeStudy) study = NULL;

  if (operands->len == 0)
    return prepare_formula (self);
  study = cli_session_open (&self->session, operands->pdata[0], &code);
  if (study != NULL)
    cli_session_say_notes (&self->session, study);
  if (study != NULL)
    self->input = cli_session_prepare (&self->session, study, &self->geometry, &code);
  return code;
}

/* One forward pass into new features; the last run's are given back first. */
static CliExit
run_once (Bench *self, double *seconds)
{
  struct dino_error    error = { 0 };
  struct dino_progress progress = cli_core_progress (self->session.cancellable);
  struct dino_model   *model = dinoscope_model_get_core (self->session.model);
  gint64               start;

  g_clear_pointer (&self->features, dino_features_unref);
  self->features = dino_features_new (model, self->geometry.rows, self->geometry.columns, self->keep, &error);
  if (self->features == NULL)
    return cli_fail_about (&error, dino_model_path (dinoscope_model_get_core (self->session.model)), CLI_EXIT_INPUT);
  start = g_get_monotonic_time ();
  if (!dino_encoder_run (self->encoder, self->input, self->features, &progress, &error))
    return cli_fail_about (&error, dino_model_path (dinoscope_model_get_core (self->session.model)), CLI_EXIT_INPUT);
  *seconds = (double) (g_get_monotonic_time () - start) * 1e-6;
  return CLI_EXIT_DONE;
}

/* A line of text at once, so that a person sees the runs as they come. */
static void
print_seconds (Bench *self, const char *name, double value)
{
  char number[G_ASCII_DTOSTR_BUF_SIZE];

  if (!self->session.json)
    {
      printf ("%s: %s\n", name, g_ascii_formatd (number, sizeof number, "%.4f", value));
      fflush (stdout);
    }
}

static CliExit
run_all (Bench *self)
{
  struct dino_error error = { 0 };
  CliExit           code;
  double            seconds = 0;

  self->encoder = dino_encoder_new (dinoscope_model_get_core (self->session.model), self->geometry.rows, self->geometry.columns,
                                    dinoscope_engine_get_isa (self->session.engine), dinoscope_engine_get_team (self->session.engine), &error);
  if (self->encoder == NULL)
    return cli_fail_about (&error, dino_model_path (dinoscope_model_get_core (self->session.model)), CLI_EXIT_INPUT);
  code = run_once (self, &seconds);
  for (int i = 0; code == CLI_EXIT_DONE && i < self->runs; i++)
    {
      code = run_once (self, &seconds);
      if (code == CLI_EXIT_DONE)
        {
          g_array_append_val (self->seconds, seconds);
          print_seconds (self, "forward_s", seconds);
        }
    }
  return code;
}

static CliExit
write_output (Bench *self)
{
  size_t shape[] = { dino_features_n_tokens (self->features), dinoscope_model_get_n_channels (self->session.model) };

  if (self->output == NULL)
    return CLI_EXIT_DONE;
  return cli_output_write_npy (self->output, dino_features_last_hidden_state (self->features), shape, 2, FALSE);
}

static CliExit
print_json (Bench *self, double peak)
{
  CliExit code = CLI_EXIT_DONE;
  json_t *object = cli_json_new (self->session.arguments);
  json_t *model = cli_report_model (&self->session, &code);
  json_t *runs = json_array ();

  for (guint i = 0; i < self->seconds->len; i++)
    json_array_append_new (runs, json_real (g_array_index (self->seconds, double, i)));
  json_object_set_new (object, "threads", json_integer (dinoscope_engine_get_threads (self->session.engine)));
  json_object_set_new (object, "load_s", json_real (self->load_seconds));
  json_object_set_new (object, "forward_s", runs);
  json_object_set_new (object, "peak_rss_mb", json_real (peak));
  if (model == NULL)
    {
      json_decref (object);
      return code;
    }
  json_object_set_new (object, "model", model);
  return cli_json_print (object);
}

static CliExit
check (Bench *self)
{
  const CliArguments *arguments = self->session.arguments;

  if (arguments->operands->len > 1)
    {
      cli_usage_error (CLI_COMMAND_BENCH, _ ("bench takes one picture, or none."));
      return CLI_EXIT_USAGE;
    }
  self->output = cli_arguments_text (arguments, CLI_OPTION_OUTPUT, NULL);
  self->runs = cli_arguments_int (arguments, CLI_OPTION_RUNS, STANDARD_RUNS);
  self->keep = cli_arguments_has (arguments, CLI_OPTION_HIDDEN) ? DINO_KEEP_HIDDEN_STATES | DINO_KEEP_CLS_ATTENTION : DINO_KEEP_OUTPUT;
  if (self->output == NULL)
    return CLI_EXIT_DONE;
  if (cli_output_is_stdout (self->output))
    {
      cli_usage_error (CLI_COMMAND_BENCH, _ ("bench prints its times on standard output; -o must name a file."));
      return CLI_EXIT_USAGE;
    }
  return cli_output_check_inputs (CLI_COMMAND_BENCH, self->output, arguments->operands);
}

static CliExit
run (Bench *self)
{
  CliSession *session = &self->session;
  CliExit     code = check (self);
  double      peak;

  if (code == CLI_EXIT_DONE)
    code = cli_session_start_model (session, FALSE);
  if (code == CLI_EXIT_DONE)
    code = cli_session_await_model (session);
  if (code != CLI_EXIT_DONE)
    return code;
  self->load_seconds = cli_process_age ();
  cli_session_name_model (session);
  code = prepare (self);
  if (code != CLI_EXIT_DONE)
    return code;
  print_seconds (self, "load_s", self->load_seconds);
  code = run_all (self);
  if (code != CLI_EXIT_DONE)
    return code;
  peak = cli_process_peak_mib ();
  if (!session->json)
    {
      char number[G_ASCII_DTOSTR_BUF_SIZE];

      printf ("peak_rss_mb: %s\n", g_ascii_formatd (number, sizeof number, "%.1f", peak));
    }
  code = write_output (self);
  if (code == CLI_EXIT_DONE && session->json)
    code = print_json (self, peak);
  return code;
}

CliExit
cli_bench (const CliArguments *arguments, GCancellable *cancellable)
{
  Bench   self = { 0 };
  CliExit code = cli_session_init (&self.session, arguments, cancellable);

  self.seconds = g_array_new (FALSE, FALSE, sizeof (double));
  if (code == CLI_EXIT_DONE)
    code = run (&self);
  g_clear_pointer (&self.features, dino_features_unref);
  g_clear_pointer (&self.encoder, dino_encoder_free);
  dino_free (self.input);
  g_array_unref (self.seconds);
  cli_session_clear (&self.session);
  return code;
}
