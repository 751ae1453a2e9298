#include "cli/segment.h"

#include <math.h>
#include <string.h>

#include "cli/commands.h"
#include "cli/origin.h"
#include "cli/output.h"
#include "cli/report.h"
#include "core/base/text.h"

/* What a subcommand takes besides pictures. */
typedef struct
{
  const char *name;
  CliExit (*run) (CliSegment *self);
  gboolean needs_masks, needs_head;
  gboolean needs_output; /* -o */
} Subcommand;

static const Subcommand subcommands[] = {
  { "train", cli_segment_train, TRUE, FALSE, TRUE },
  { "test", cli_segment_test, TRUE, TRUE, FALSE },
  { "apply", cli_segment_apply, FALSE, TRUE, FALSE },
};

/* Options that belong to some of the subcommands: bits by their order above. */
static const struct
{
  CliOption option;
  guint     subcommands;
} own_options[] = {
  { CLI_OPTION_MASKS, 1 | 2 },
  { CLI_OPTION_HEAD, 2 | 4 },
  { CLI_OPTION_BLOCK, 1 },
  { CLI_OPTION_CLASSES, 1 },
  { CLI_OPTION_IGNORE, 1 | 2 },
  { CLI_OPTION_HIDDEN_UNITS, 1 },
  { CLI_OPTION_L2, 1 },
  { CLI_OPTION_CLASS_WEIGHTS, 1 },
  { CLI_OPTION_SEED, 1 },
  { CLI_OPTION_SMOOTH, 2 | 4 },
  { CLI_OPTION_POLYGONS, 4 },
  { CLI_OPTION_SIMPLIFY, 4 },
};

CliExit
cli_segment_usage (const char *message)
{
  cli_usage_error (CLI_COMMAND_SEGMENT, "%s", message);
  return CLI_EXIT_USAGE;
}

static CliExit
check_options (CliSegment *self, guint index)
{
  const CliArguments *arguments = self->session.arguments;
  const Subcommand   *subcommand = &subcommands[index];

  for (guint i = 0; i < G_N_ELEMENTS (own_options); i++)
    if (cli_arguments_has (arguments, own_options[i].option) && (own_options[i].subcommands & (1u << index)) == 0)
      {
        cli_usage_error (CLI_COMMAND_SEGMENT, _ ("--%s is no option of segment %s."), cli_option_info (own_options[i].option)->name, subcommand->name);
        return CLI_EXIT_USAGE;
      }
  if (self->pictures->len == 0)
    return cli_segment_usage (_ ("No picture is given."));
  if (subcommand->needs_masks && self->masks == NULL)
    return cli_segment_usage (_ ("No masks are given (--masks DIR)."));
  if (subcommand->needs_head && !cli_arguments_has (arguments, CLI_OPTION_HEAD))
    return cli_segment_usage (_ ("No decoder is given (--head HEAD.safetensors)."));
  if (subcommand->needs_output && self->output == NULL)
    return cli_segment_usage (_ ("No output is given (-o HEAD.safetensors)."));
  return subcommand->needs_masks ? cli_segment_check_masks (self) : CLI_EXIT_DONE;
}

static CliExit
read_options (CliSegment *self, guint *subcommand)
{
  const CliArguments *arguments = self->session.arguments;
  const char         *name = arguments->operands->len > 0 ? arguments->operands->pdata[0] : "";

  for (*subcommand = 0; *subcommand < G_N_ELEMENTS (subcommands) && strcmp (name, subcommands[*subcommand].name) != 0; (*subcommand)++)
    ;
  if (*subcommand == G_N_ELEMENTS (subcommands))
    return cli_segment_usage (_ ("segment needs one of: train, test, apply."));
  for (guint i = 1; i < arguments->operands->len; i++)
    g_ptr_array_add (self->pictures, arguments->operands->pdata[i]);
  self->output = cli_arguments_text (arguments, CLI_OPTION_OUTPUT, NULL);
  self->masks = cli_arguments_text (arguments, CLI_OPTION_MASKS, NULL);
  self->polygons = cli_arguments_text (arguments, CLI_OPTION_POLYGONS, NULL);
  self->ignore = cli_arguments_int (arguments, CLI_OPTION_IGNORE, -1);
  dino_smooth_parse (cli_arguments_text (arguments, CLI_OPTION_SMOOTH, "bilinear"), &self->smooth);
  return check_options (self, *subcommand);
}

CliExit
cli_segment_load (CliSegment *self)
{
  g_autoptr (GError) error = NULL;

  self->decoder = dinoscope_decoder_load (cli_arguments_text (self->session.arguments, CLI_OPTION_HEAD, NULL), &error);
  if (self->decoder == NULL)
    return cli_fail (error, CLI_EXIT_MODEL);
  if (!dinoscope_decoder_check_model (self->decoder, self->session.model, self->session.cancellable, &error))
    return cli_fail (error, CLI_EXIT_MODEL);
  return cli_origin_compare_preparation (&self->session, dinoscope_decoder_get_head (self->decoder)->preparation);
}

unsigned
cli_segment_keep (CliSegment *self, const int *blocks, gsize n_blocks)
{
  for (gsize i = 0; i < n_blocks; i++)
    if (blocks[i] != (int) dinoscope_model_get_n_blocks (self->session.model) - 1)
      return DINO_KEEP_HIDDEN_STATES;
  return DINO_KEEP_OUTPUT;
}

static gboolean
has_failed (CliSegment *self, const char *path)
{
  return g_ptr_array_find (self->failed, path, NULL);
}

CliExit
cli_segment_each (CliSegment *self, unsigned keep, CliSegmentFunc func, gpointer data)
{
  for (guint i = 0; i < self->pictures->len; i++)
    {
      const char                   *path = self->pictures->pdata[i];
      g_autoptr (DinoscopeStudy)    study = NULL;
      g_autoptr (DinoscopeFeatures) features = NULL;
      CliExit                       code = CLI_EXIT_DONE;

      if (g_cancellable_is_cancelled (self->session.cancellable))
        return CLI_EXIT_INTERRUPTED;
      if (has_failed (self, path))
        continue;
      study = cli_session_open (&self->session, path, &code);
      if (study != NULL)
        features = cli_session_encode (&self->session, study, keep, &code);
      if (features != NULL)
        code = func (self, path, study, features, data);
      if (code == CLI_EXIT_INPUT)
        g_ptr_array_add (self->failed, (gpointer) path);
      else if (code != CLI_EXIT_DONE)
        return code;
    }
  return CLI_EXIT_DONE;
}

json_t *
cli_segment_number (double number)
{
  return isfinite (number) ? json_real (number) : json_null ();
}

json_t *
cli_segment_json_new (CliSegment *self)
{
  json_t *object = cli_json_new (self->session.arguments);

  json_object_set_new (object, "subcommand", json_string (self->session.arguments->operands->pdata[0]));
  return object;
}

CliExit
cli_segment_print (CliSegment *self, json_t *object)
{
  CliExit code = CLI_EXIT_DONE;
  json_t *model = cli_report_model (&self->session, &code);

  if (model == NULL)
    {
      json_decref (object);
      return code;
    }
  json_object_set_new (object, "model", model);
  json_object_set (object, "results", self->results);
  json_object_set_new (object, "failed", cli_report_failed (self->failed));
  return cli_json_print (object);
}

static CliExit
run (CliSegment *self)
{
  CliSession *session = &self->session;
  guint       subcommand;
  CliExit     code = read_options (self, &subcommand);

  if (code == CLI_EXIT_DONE)
    code = cli_session_start_model (session, TRUE);
  if (code == CLI_EXIT_DONE)
    code = cli_session_await_model (session);
  if (code != CLI_EXIT_DONE)
    return code;
  cli_session_name_model (session);
  if (subcommands[subcommand].needs_head)
    code = cli_segment_load (self);
  if (code == CLI_EXIT_DONE)
    code = subcommands[subcommand].run (self);
  return code == CLI_EXIT_DONE && self->failed->len > 0 ? CLI_EXIT_INPUT : code;
}

CliExit
cli_segment (const CliArguments *arguments, GCancellable *cancellable)
{
  CliSegment self = { 0 };
  CliExit    code = cli_session_init (&self.session, arguments, cancellable);

  self.pictures = g_ptr_array_new ();
  self.failed = g_ptr_array_new ();
  self.results = json_array ();
  if (code == CLI_EXIT_DONE)
    code = run (&self);
  json_decref (self.results);
  g_ptr_array_unref (self.failed);
  g_ptr_array_unref (self.pictures);
  g_clear_object (&self.decoder);
  cli_session_clear (&self.session);
  return code;
}
