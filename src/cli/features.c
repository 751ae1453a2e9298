#include "cli/features.h"

#include <string.h>

#include "cli/commands.h"
#include "cli/output.h"
#include "cli/report.h"
#include "core/base/memory.h"
#include "core/base/text.h"
#include "io/npy.h"

static CliExit
usage (const char *message)
{
  cli_usage_error (CLI_COMMAND_FEATURES, "%s", message);
  return CLI_EXIT_USAGE;
}

/* The first of some options that was given, for a message; -1 when none was. */
static int
first_given (const CliArguments *arguments, const CliOption *options, guint n)
{
  for (guint i = 0; i < n; i++)
    if (cli_arguments_has (arguments, options[i]))
      return (int) options[i];
  return -1;
}

/* "B" or "B,H". */
static gboolean
parse_attention (const char *text, CliAttention *attention)
{
  g_auto (GStrv) parts = g_strsplit (text, ",", 3);
  gint64         block, head = -1;

  if (g_strv_length (parts) > 2 || !g_ascii_string_to_signed (parts[0], 10, 0, 65535, &block, NULL) ||
      (parts[1] != NULL && !g_ascii_string_to_signed (parts[1], 10, 0, 65535, &head, NULL)))
    return FALSE;
  *attention = (CliAttention){ .block = (int) block, .head = (int) head };
  return TRUE;
}

static CliExit
read_attentions (CliFeatures *self, const GPtrArray *values)
{
  self->attentions = g_array_new (FALSE, FALSE, sizeof (CliAttention));
  for (guint i = 0; values != NULL && i < values->len; i++)
    {
      const char  *text = values->pdata[i];
      CliAttention attention;

      if (!parse_attention (text, &attention))
        {
          cli_usage_error (CLI_COMMAND_FEATURES, _ ("--attention needs a block, or a block and a head (“11”, “11,3”), not “%s”."), text);
          return CLI_EXIT_USAGE;
        }
      for (guint k = 0; k < self->attentions->len; k++)
        if (g_array_index (self->attentions, CliAttention, k).block == attention.block)
          {
            cli_usage_error (CLI_COMMAND_FEATURES, _ ("--attention names block %d twice."), attention.block);
            return CLI_EXIT_USAGE;
          }
      g_array_append_val (self->attentions, attention);
    }
  return CLI_EXIT_DONE;
}

/* A name that ends in neither suffix is fine where there is no file: for
 * standard output and devices the options tell the format. */
static CliExit
choose_format (CliFeatures *self)
{
  static const CliOption npy_only[] = { CLI_OPTION_WHAT, CLI_OPTION_BLOCK, CLI_OPTION_NO_NORM, CLI_OPTION_FACET, CLI_OPTION_DTYPE };
  static const CliOption safetensors_only[] = { CLI_OPTION_HIDDEN, CLI_OPTION_ATTENTION };
  const CliArguments    *arguments = self->session.arguments;
  gboolean               is_npy = g_str_has_suffix (self->output, ".npy");
  int                    wrong;

  self->safetensors = g_str_has_suffix (self->output, ".safetensors");
  if (!is_npy && !self->safetensors)
    {
      if (cli_output_is_file (self->output) && !cli_output_is_directory (self->output))
        {
          cli_usage_error (CLI_COMMAND_FEATURES, _ ("“%s”: the name must end in .npy or .safetensors, which is the format."), self->output);
          return CLI_EXIT_USAGE;
        }
      self->safetensors = first_given (arguments, safetensors_only, G_N_ELEMENTS (safetensors_only)) >= 0;
    }
  wrong = self->safetensors ? first_given (arguments, npy_only, G_N_ELEMENTS (npy_only))
                            : first_given (arguments, safetensors_only, G_N_ELEMENTS (safetensors_only));
  if (wrong < 0)
    return CLI_EXIT_DONE;
  cli_usage_error (CLI_COMMAND_FEATURES, self->safetensors ? _ ("--%s is for a .npy file; a .safetensors file holds all tokens as float32.") : _ ("--%s is for a .safetensors file; a .npy file holds one array."),
                   cli_option_info (wrong)->name);
  return CLI_EXIT_USAGE;
}

static CliExit
check_operands (CliFeatures *self)
{
  static const CliOption preparing[] = { CLI_OPTION_FIT, CLI_OPTION_INPUT_SIZE, CLI_OPTION_MODEL_INPUT, CLI_OPTION_INVERT, CLI_OPTION_WINDOW, CLI_OPTION_FRAME, CLI_OPTION_NO_EXIF };
  const CliArguments    *arguments = self->session.arguments;
  const GPtrArray       *operands = arguments->operands;
  int                    pointless;

  if (self->raw_pixels != NULL)
    {
      if (operands->len > 0)
        return usage (_ ("--raw-pixels replaces the picture; give one or the other."));
      pointless = first_given (arguments, preparing, G_N_ELEMENTS (preparing));
      if (pointless < 0)
        return CLI_EXIT_DONE;
      cli_usage_error (CLI_COMMAND_FEATURES, _ ("--%s prepares a picture; --raw-pixels is prepared already."), cli_option_info (pointless)->name);
      return CLI_EXIT_USAGE;
    }
  if (operands->len != 1)
    return usage (operands->len == 0 ? _ ("No picture is given.") : _ ("features takes one picture."));
  self->image = operands->pdata[0];
  return CLI_EXIT_DONE;
}

static CliExit
check_outputs (CliFeatures *self)
{
  g_autoptr (GPtrArray) inputs = g_ptr_array_new ();
  const char           *outputs[] = { self->output, self->pixel_values };
  CliExit               code;

  if (self->output == NULL && self->pixel_values == NULL)
    return usage (_ ("No output is given (-o OUT)."));
  if (self->output != NULL && self->pixel_values != NULL && strcmp (self->output, self->pixel_values) == 0)
    return usage (_ ("--output and --pixel-values name the same file."));
  g_ptr_array_add (inputs, (gpointer) (self->image != NULL ? self->image : self->raw_pixels));
  for (guint i = 0; i < G_N_ELEMENTS (outputs); i++)
    {
      if (outputs[i] == NULL)
        continue;
      if (self->session.json && cli_output_is_stdout (outputs[i]))
        return usage (_ ("Standard output cannot take both the array and --json."));
      code = cli_output_check_inputs (CLI_COMMAND_FEATURES, outputs[i], inputs);
      if (code != CLI_EXIT_DONE)
        return code;
    }
  return self->output != NULL ? choose_format (self) : CLI_EXIT_DONE;
}

static CliExit
read_options (CliFeatures *self)
{
  const CliArguments *arguments = self->session.arguments;
  CliExit             code;

  self->output = cli_arguments_text (arguments, CLI_OPTION_OUTPUT, NULL);
  self->pixel_values = cli_arguments_text (arguments, CLI_OPTION_PIXEL_VALUES, NULL);
  self->raw_pixels = cli_arguments_text (arguments, CLI_OPTION_RAW_PIXELS, NULL);
  self->what = cli_arguments_text (arguments, CLI_OPTION_WHAT, "tokens");
  self->facet = cli_arguments_text (arguments, CLI_OPTION_FACET, "token");
  self->block = cli_arguments_int (arguments, CLI_OPTION_BLOCK, -1);
  self->norm = !cli_arguments_has (arguments, CLI_OPTION_NO_NORM);
  if (strcmp (cli_arguments_text (arguments, CLI_OPTION_DTYPE, "f32"), "int8") == 0)
    return usage (_ ("--dtype int8 is for index; an array has f32 or f16."));
  self->half = strcmp (cli_arguments_text (arguments, CLI_OPTION_DTYPE, "f32"), "f16") == 0;
  self->hidden = cli_arguments_has (arguments, CLI_OPTION_HIDDEN);
  code = read_attentions (self, arguments->values[CLI_OPTION_ATTENTION]);
  if (code == CLI_EXIT_DONE)
    code = check_operands (self);
  if (code == CLI_EXIT_DONE)
    code = check_outputs (self);
  if (code == CLI_EXIT_DONE && !self->norm && strcmp (self->facet, "token") != 0)
    return usage (_ ("--no-norm is about the tokens themselves; query, key and value are made inside the block."));
  return code;
}

/* Blocks and heads can only be checked against the model. */
static CliExit
check_model (CliFeatures *self)
{
  int n_blocks = (int) dinoscope_model_get_n_blocks (self->session.model);
  int n_heads = (int) dinoscope_model_get_n_heads (self->session.model);

  if (self->block >= n_blocks)
    {
      cli_usage_error (CLI_COMMAND_FEATURES, _ ("--block %d: the model has blocks 0 to %d."), self->block, n_blocks - 1);
      return CLI_EXIT_USAGE;
    }
  for (guint i = 0; i < self->attentions->len; i++)
    {
      CliAttention attention = g_array_index (self->attentions, CliAttention, i);

      if (attention.block >= n_blocks || attention.head >= n_heads)
        {
          cli_usage_error (CLI_COMMAND_FEATURES, _ ("--attention: the model has blocks 0 to %d and heads 0 to %d."), n_blocks - 1, n_heads - 1);
          return CLI_EXIT_USAGE;
        }
    }
  return CLI_EXIT_DONE;
}

static CliExit
read_raw_pixels (CliFeatures *self)
{
  struct dino_error error = { 0 };
  size_t            shape[DINO_NPY_MAX_RANK];
  int               rank;

  if (!dino_npy_read (self->raw_pixels, &self->input, shape, &rank, &error))
    return cli_fail_core (&error, CLI_EXIT_INPUT);
  if (rank != 3 || shape[0] != 3 || shape[1] < 1 || shape[2] < 1 || shape[1] > DINO_PICTURE_MAX_SIDE || shape[2] > DINO_PICTURE_MAX_SIDE)
    {
      cli_error (_ ("“%s” is no tensor of three planes, [3,H,W]."), self->raw_pixels);
      return CLI_EXIT_INPUT;
    }
  self->height = (int) shape[1];
  self->width = (int) shape[2];
  return CLI_EXIT_DONE;
}

static CliExit
read_input (CliFeatures *self)
{
  CliExit code = CLI_EXIT_DONE;

  if (self->raw_pixels != NULL)
    return read_raw_pixels (self);
  self->study = cli_session_open (&self->session, self->image, &code);
  if (self->study != NULL)
    cli_session_say_notes (&self->session, self->study);
  return code;
}

/* Raw pixels are checked against the model; a picture is prepared for it. */
static CliExit
prepare_input (CliFeatures *self)
{
  CliExit              code = CLI_EXIT_DONE;
  struct dino_geometry geometry;
  int                  patch = dino_model_config (dinoscope_model_get_core (self->session.model))->patch_size;

  if (self->raw_pixels != NULL)
    {
      if (self->width % patch == 0 && self->height % patch == 0)
        return CLI_EXIT_DONE;
      cli_error (_ ("“%s”: height %d and width %d must be multiples of the patch, %d pixels."), self->raw_pixels, self->height, self->width, patch);
      return CLI_EXIT_INPUT;
    }
  if (self->pixel_values == NULL && !self->safetensors)
    return CLI_EXIT_DONE;
  self->input = cli_session_prepare (&self->session, self->study, &geometry, &code);
  if (self->input != NULL)
    {
      self->width = geometry.input_width;
      self->height = geometry.input_height;
    }
  return code;
}

static unsigned
needed_states (const CliFeatures *self)
{
  int      last = (int) dinoscope_model_get_n_blocks (self->session.model) - 1;
  gboolean is_output = self->norm && strcmp (self->facet, "token") == 0 && (self->block < 0 || self->block == last);

  return self->hidden || self->attentions->len > 0 || !is_output ? DINO_KEEP_HIDDEN_STATES : DINO_KEEP_OUTPUT;
}

static CliExit
encode (CliFeatures *self)
{
  CliSession        *session = &self->session;
  CliExit            code = CLI_EXIT_DONE;
  g_autoptr (GError) error = NULL;

  if (self->study != NULL)
    {
      self->features = cli_session_encode (session, self->study, needed_states (self), &code);
      return code;
    }
  session->progress.subject = self->raw_pixels;
  self->features = dinoscope_engine_encode_raw (session->engine, self->input, self->width, self->height, session->model, needed_states (self),
                                                session->cancellable, cli_progress_encode, &session->progress, &error);
  cli_progress_clear (&session->progress);
  return self->features != NULL ? CLI_EXIT_DONE : cli_fail (error, CLI_EXIT_INPUT);
}

static CliExit
write_outputs (CliFeatures *self)
{
  size_t  shape[] = { 3, (size_t) self->height, (size_t) self->width };
  CliExit code = CLI_EXIT_DONE;

  if (g_cancellable_is_cancelled (self->session.cancellable))
    return CLI_EXIT_INTERRUPTED;
  if (self->output != NULL)
    code = self->safetensors ? cli_features_write_safetensors (self) : cli_features_write_npy (self);
  if (code == CLI_EXIT_DONE && self->pixel_values != NULL)
    code = cli_output_write_npy (self->pixel_values, self->input, shape, 3, FALSE);
  return code;
}

static CliExit
print_json (CliFeatures *self)
{
  CliExit code = CLI_EXIT_DONE;
  json_t *object = cli_json_new (self->session.arguments);
  json_t *model = cli_report_model (&self->session, &code);

  if (model == NULL)
    {
      json_decref (object);
      return code;
    }
  json_object_set_new (object, "model", model);
  json_object_set_new (object, "input", cli_json_text (self->image != NULL ? self->image : self->raw_pixels));
  if (self->output != NULL)
    json_object_set_new (object, "output", cli_json_text (self->output));
  if (self->pixel_values != NULL)
    json_object_set_new (object, "pixel_values", cli_json_text (self->pixel_values));
  if (self->study != NULL)
    json_object_set_new (object, "pixels_sha256", json_string (dinoscope_study_get_sha256 (self->study)));
  if (self->features != NULL)
    {
      json_object_set_new (object, "preparation", json_string (dinoscope_features_get_preparation (self->features)));
      json_object_set_new (object, "grid", json_pack ("[i, i]", (int) dinoscope_features_get_rows (self->features), (int) dinoscope_features_get_columns (self->features)));
    }
  return cli_json_print (object);
}

static CliExit
run (CliFeatures *self)
{
  CliSession *session = &self->session;
  CliExit     code = read_options (self);

  if (code == CLI_EXIT_DONE)
    code = cli_session_start_model (session, self->safetensors || session->json);
  if (code == CLI_EXIT_DONE)
    {
      /* A bad model is told even when the picture is bad, too. */
      CliExit input_code = read_input (self);

      code = cli_session_await_model (session);
      if (code == CLI_EXIT_DONE)
        code = input_code;
    }
  if (code != CLI_EXIT_DONE)
    return code;
  cli_session_name_model (session);
  code = check_model (self);
  if (code == CLI_EXIT_DONE)
    code = prepare_input (self);
  if (code == CLI_EXIT_DONE && self->output != NULL)
    code = encode (self);
  if (code == CLI_EXIT_DONE)
    code = write_outputs (self);
  if (code == CLI_EXIT_DONE && session->json)
    code = print_json (self);
  return code;
}

CliExit
cli_features (const CliArguments *arguments, GCancellable *cancellable)
{
  CliFeatures self = { 0 };
  CliExit     code = cli_session_init (&self.session, arguments, cancellable);

  if (code == CLI_EXIT_DONE)
    code = run (&self);
  g_clear_object (&self.features);
  g_clear_object (&self.study);
  dino_free (self.input);
  g_clear_pointer (&self.attentions, g_array_unref);
  cli_session_clear (&self.session);
  return code;
}
