#include "cli/compare.h"

#include <string.h>

#include "cli/commands.h"
#include "cli/embed-inputs.h"
#include "cli/output.h"
#include "core/base/memory.h"
#include "core/base/text.h"

#define STANDARD_NEIGHBORS 10
#define MIN_PICTURES 3u

static CliExit
usage (const char *message)
{
  cli_usage_error (CLI_COMMAND_COMPARE, "%s", message);
  return CLI_EXIT_USAGE;
}

const CliCompareSide *
cli_compare_reference (const CliCompare *self)
{
  return self->has_reference ? &self->sides[1] : &self->sides[0];
}

static CliExit
read_options (CliCompare *self)
{
  static const CliOption reference[] = { CLI_OPTION_REFERENCE_MODEL, CLI_OPTION_REFERENCE_PRECISION, CLI_OPTION_REFERENCE_FIT, CLI_OPTION_REFERENCE_INPUT_SIZE, CLI_OPTION_REFERENCE_MODEL_INPUT };
  const CliArguments    *arguments = self->session.arguments;

  if (arguments->operands->len == 0)
    return usage (_ ("No pictures are given."));
  for (gsize i = 0; i < G_N_ELEMENTS (reference); i++)
    self->has_reference = self->has_reference || cli_arguments_has (arguments, reference[i]);
  self->output = cli_arguments_text (arguments, CLI_OPTION_OUTPUT, NULL);
  self->mean = cli_arguments_has (arguments, CLI_OPTION_MEAN);
  self->norm = !cli_arguments_has (arguments, CLI_OPTION_NO_NORM);
  self->debiased = cli_arguments_has (arguments, CLI_OPTION_DEBIASED);
  self->k = (gsize) cli_arguments_int (arguments, CLI_OPTION_K, STANDARD_NEIGHBORS);
  self->blocks = cli_arguments_text (arguments, CLI_OPTION_BLOCKS, "all");
  self->svg = strcmp (cli_arguments_text (arguments, CLI_OPTION_FORMAT, "png"), "svg") == 0;
  return self->output != NULL ? cli_output_check_folder (self->output) : CLI_EXIT_DONE;
}

static CliExit
list_pictures (CliCompare *self)
{
  CliEmbedNames  names;
  CliEmbedInputs inputs = { 0 };
  CliExit        code = cli_embed_names_init (&names, FALSE);

  if (code == CLI_EXIT_DONE)
    code = cli_embed_inputs_list (&inputs, self->session.arguments, &names);
  for (guint i = 0; code == CLI_EXIT_DONE && i < inputs.items->len; i++)
    {
      const CliEmbedInput *input = &g_array_index (inputs.items, CliEmbedInput, i);

      g_ptr_array_add (self->paths, g_strdup (input->path != NULL ? input->path : input->name));
    }
  cli_embed_inputs_clear (&inputs);
  cli_embed_names_clear (&names);
  if (code == CLI_EXIT_DONE && self->paths->len < MIN_PICTURES)
    {
      cli_error (_ ("Representations are compared over at least %u pictures, not %u."), MIN_PICTURES, self->paths->len);
      return CLI_EXIT_INPUT;
    }
  return code;
}

/* The session's encoder and preparation, but for what is said of the reference. */
static CliExit
load_reference (CliCompare *self)
{
  CliSession           *session = &self->session;
  const CliArguments   *arguments = session->arguments;
  CliCompareSide       *side = &self->sides[1];
  DinoscopeModelOptions options = session->model_options;
  const char           *name = cli_arguments_text (arguments, CLI_OPTION_REFERENCE_MODEL, NULL), *precision = cli_arguments_text (arguments, CLI_OPTION_REFERENCE_PRECISION, NULL);
  g_autoptr (GError)    error = NULL;
  g_autofree char      *path = NULL, *text = NULL;
  DinoscopeModelSource  source;

  side->preparation = session->preparation;
  dino_fit_parse (cli_arguments_text (arguments, CLI_OPTION_REFERENCE_FIT, dino_fit_name (session->preparation.fit)), &side->preparation.fit);
  dino_model_input_parse (cli_arguments_text (arguments, CLI_OPTION_REFERENCE_MODEL_INPUT, dino_model_input_name (session->preparation.model_input)), &side->preparation.model_input);
  side->preparation.input_size = cli_arguments_int (arguments, CLI_OPTION_REFERENCE_INPUT_SIZE, session->preparation.input_size);
  if (precision != NULL)
    dino_precision_parse (precision, &options.precision);
  if (name == NULL && options.precision == session->model_options.precision)
    {
      side->model = g_object_ref (session->model);
      return CLI_EXIT_DONE;
    }
  path = name != NULL ? dinoscope_model_find (name, NULL, &source) : g_strdup (session->model_path);
  if (dinoscope_engine_check_precision (session->engine, options.precision, &error))
    side->model = dinoscope_engine_load_model (session->engine, path, &options, session->cancellable, &error);
  if (side->model == NULL)
    return cli_fail (error, CLI_EXIT_MODEL);
  text = dinoscope_model_describe (side->model);
  if (!session->quiet)
    cli_note (_ ("Compared with the encoder: %s"), text);
  return CLI_EXIT_DONE;
}

/* "all", "last" or "0,5,11". */
static CliExit
choose_blocks (CliCompare *self, CliCompareSide *side)
{
  const guint    n_blocks = dinoscope_model_get_n_blocks (side->model);
  const gboolean all = strcmp (self->blocks, "all") == 0, last = strcmp (self->blocks, "last") == 0;
  g_auto (GStrv) parts = g_strsplit (self->blocks, ",", -1);

  side->width = dinoscope_model_get_n_channels (side->model);
  side->n_blocks = all ? n_blocks : last ? 1
                                         : g_strv_length (parts);
  side->blocks = g_new (int, side->n_blocks);
  for (guint i = 0; i < side->n_blocks; i++)
    {
      gint64 block = last ? (gint64) n_blocks - 1 : (gint64) i;

      if (!all && !last && !g_ascii_string_to_signed (parts[i], 10, 0, (gint64) n_blocks - 1, &block, NULL))
        {
          cli_usage_error (CLI_COMMAND_COMPARE, _ ("--blocks needs “all”, “last” or numbers from 0 to %u with commas between them, not “%s”."), n_blocks - 1, self->blocks);
          return CLI_EXIT_USAGE;
        }
      side->blocks[i] = (int) block;
    }
  return CLI_EXIT_DONE;
}

static CliExit
load_models (CliCompare *self)
{
  CliSession *session = &self->session;
  CliExit     code = cli_session_start_model (session, FALSE);

  if (code == CLI_EXIT_DONE)
    code = cli_session_await_model (session);
  if (code != CLI_EXIT_DONE)
    return code;
  cli_session_name_model (session);
  self->sides[0].model = g_object_ref (session->model);
  self->sides[0].preparation = session->preparation;
  code = choose_blocks (self, &self->sides[0]);
  if (code != CLI_EXIT_DONE || !self->has_reference)
    return code;
  code = load_reference (self);
  return code == CLI_EXIT_DONE ? choose_blocks (self, &self->sides[1]) : code;
}

static bool
report (void *data, int done, int total)
{
  CliSession *session = data;

  cli_progress_map (total > 0 ? (double) done / total : 0, &session->progress);
  return !g_cancellable_is_cancelled (session->cancellable);
}

static gboolean
fill_ranks (CliCompare *self, CliCompareSide *side, struct dino_error *error)
{
  side->ranks = g_new0 (double, side->n_blocks);
  for (guint i = 0; i < side->n_blocks; i++)
    {
      const struct dino_representation representation = { side->rows[i], side->width };

      if (g_cancellable_is_cancelled (self->session.cancellable))
        return dino_error_set (error, DINO_CODE_CANCELLED, _ ("Cancelled."));
      dino_center_rows (side->rows[i], self->n, side->width);
      if (!dino_effective_rank (&representation, self->n, dinoscope_engine_get_team (self->session.engine), &side->ranks[i], error))
        return FALSE;
    }
  return TRUE;
}

static struct dino_representation *
representations (const CliCompareSide *side)
{
  struct dino_representation *list = g_new (struct dino_representation, side->n_blocks);

  for (guint i = 0; i < side->n_blocks; i++)
    list[i] = (struct dino_representation){ side->rows[i], side->width };
  return list;
}

/* Neighbours are of the vectors as they are, before their mean is taken away. */
static CliExit
measure (CliCompare *self)
{
  const CliCompareSide                  *first = &self->sides[0], *second = cli_compare_reference (self);
  g_autofree struct dino_representation *ones = representations (first), *others = representations (second);
  struct dino_team                      *team = dinoscope_engine_get_team (self->session.engine);
  const struct dino_progress             progress = { report, &self->session };
  struct dino_error                      error = { 0 };
  gboolean                               done;

  self->cka = g_new0 (double, first->n_blocks * second->n_blocks);
  self->overlap = g_new0 (double, first->n_blocks * second->n_blocks);
  self->k = MIN (self->k, self->n - 1);
  self->session.progress.subject = _ ("comparison");
  done = dino_neighbor_overlap (ones, first->n_blocks, others, second->n_blocks, self->n, self->k, team, &progress, self->overlap, &error) &&
         fill_ranks (self, &self->sides[0], &error) && (!self->has_reference || fill_ranks (self, &self->sides[1], &error)) &&
         dino_linear_cka (ones, first->n_blocks, others, second->n_blocks, self->n, self->debiased, team, &progress, self->cka, &error);
  cli_progress_clear (&self->session.progress);
  return done ? CLI_EXIT_DONE : cli_fail_about (&error, self->session.arguments->operands->pdata[0], CLI_EXIT_INPUT);
}

static void
clear_side (CliCompareSide *side)
{
  for (guint i = 0; side->rows != NULL && i < side->n_blocks; i++)
    dino_free (side->rows[i]);
  g_clear_pointer (&side->rows, g_free);
  g_clear_pointer (&side->blocks, g_free);
  g_clear_pointer (&side->ranks, g_free);
  g_clear_object (&side->model);
}

static CliExit
run (CliCompare *self)
{
  CliExit code = read_options (self);

  if (code == CLI_EXIT_DONE)
    code = list_pictures (self);
  if (code == CLI_EXIT_DONE)
    code = load_models (self);
  if (code == CLI_EXIT_DONE)
    code = cli_compare_encode (self);
  if (code == CLI_EXIT_DONE)
    code = measure (self);
  if (code == CLI_EXIT_DONE && self->output != NULL)
    code = cli_compare_write (self);
  if (code == CLI_EXIT_DONE)
    code = cli_compare_print (self);
  return code == CLI_EXIT_DONE && self->failed->len > 0 ? CLI_EXIT_INPUT : code;
}

CliExit
cli_compare (const CliArguments *arguments, GCancellable *cancellable)
{
  CliCompare self = { 0 };
  CliExit    code = cli_session_init (&self.session, arguments, cancellable);

  self.paths = g_ptr_array_new_with_free_func (g_free);
  self.failed = g_ptr_array_new ();
  if (code == CLI_EXIT_DONE)
    code = run (&self);
  clear_side (&self.sides[0]);
  clear_side (&self.sides[1]);
  g_ptr_array_unref (self.failed);
  g_ptr_array_unref (self.paths);
  g_free (self.cka);
  g_free (self.overlap);
  cli_session_clear (&self.session);
  return code;
}
