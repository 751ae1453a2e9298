/* "model calibrate": the ranges of an 8-bit model's activations on pictures of
 * one's own, for the file that lies beside the model. */
#include "cli/model.h"
#include "cli/output.h"
#include "cli/process.h"
#include "cli/session.h"
#include "core/base/text.h"
#include "core/encoder/calibration.h"
#include "dinoscope-config.h"
#include "io/read.h"
#include "io/safetensors-write.h"

static void
picture_free (gpointer picture)
{
  dino_picture_unref (picture);
}

/* Every operand after the subcommand's name; one that cannot be read ends it,
 * because the ranges would be of other pictures than was said. */
static CliExit
read_pictures (CliSession *session, GPtrArray *pictures)
{
  const GPtrArray *operands = session->arguments->operands;

  for (guint i = 1; i < operands->len; i++)
    {
      struct dino_error    error = { 0 };
      struct dino_picture *picture = dino_picture_read (operands->pdata[i], NULL, &error);

      if (picture == NULL)
        return cli_fail_core (&error, CLI_EXIT_INPUT);
      g_ptr_array_add (pictures, picture);
    }
  return CLI_EXIT_DONE;
}

static CliExit
write_ranges (const char *path, const struct dino_calibration *calibration, const struct dino_model *model)
{
  const struct dino_config      *config = dino_model_config (model);
  const struct dino_tensor_out   tensors[] = { { .name = "norm1", .values = dino_calibration_range (calibration, 1), .shape = { config->n_blocks, config->hidden_size }, .rank = 2 },
                                               { .name = "norm2", .values = dino_calibration_range (calibration, 2), .shape = { config->n_blocks, config->hidden_size }, .rank = 2 } };
  const struct dino_metadata_out metadata[] = { { "model", dino_model_name (model) }, { "pictures", dino_calibration_calibrator (calibration)->sha256 }, { "version", DINOSCOPE_VERSION } };
  struct dino_error              error = { 0 };
  struct dino_output            *output = dino_output_new (path, &error);

  if (output != NULL && !dino_safetensors_write (output, tensors, G_N_ELEMENTS (tensors), metadata, G_N_ELEMENTS (metadata), &error))
    g_clear_pointer (&output, dino_output_abort);
  if (output != NULL && dino_output_commit (output, &error))
    return CLI_EXIT_DONE;
  return cli_fail_about (&error, path, CLI_EXIT_OUTPUT);
}

static CliExit
calibrate (CliSession *session, const char *output)
{
  const struct dino_progress progress = cli_core_progress (session->cancellable);
  g_autoptr (GPtrArray)      pictures = g_ptr_array_new_with_free_func (picture_free);
  struct dino_error          error = { 0 };
  struct dino_model_options  options = { .processor_path = session->model_options.processor_path, .precision = DINO_PRECISION_INT8, .isa = dinoscope_engine_get_isa (session->engine), .team = dinoscope_engine_get_team (session->engine) };
  struct dino_calibration   *calibration;
  struct dino_model         *model = NULL;
  CliExit                    code = read_pictures (session, pictures);

  if (code != CLI_EXIT_DONE)
    return code;
  calibration = dino_calibration_new ((struct dino_picture *const *) pictures->pdata, pictures->len, options.isa, options.team, &error);
  if (calibration != NULL)
    {
      options.calibrator = dino_calibration_calibrator (calibration);
      model = dino_model_load (session->model_path, &options, &progress, &error);
    }
  code = model != NULL ? write_ranges (output, calibration, model) : cli_fail_about (&error, session->model_path, CLI_EXIT_MODEL);
  if (model != NULL)
    dino_model_unref (model);
  dino_calibration_free (calibration);
  return code;
}

CliExit
cli_model_calibrate (const CliArguments *arguments, GCancellable *cancellable)
{
  const char *output = cli_arguments_text (arguments, CLI_OPTION_OUTPUT, NULL);
  CliSession  session;
  CliExit     code;

  if (arguments->operands->len < 2 || output == NULL || cli_output_is_stdout (output))
    {
      cli_usage_error (CLI_COMMAND_MODEL, _ ("“model calibrate” needs pictures, and -o with the name of a file, which is found when it lies beside the model and is called %s."),
                       DINO_CALIBRATION_FILE);
      return CLI_EXIT_USAGE;
    }
  code = cli_output_check_inputs (CLI_COMMAND_MODEL, output, arguments->operands);
  if (code != CLI_EXIT_DONE)
    return code;
  code = cli_session_init (&session, arguments, cancellable);
  if (code == CLI_EXIT_DONE)
    code = calibrate (&session, output);
  cli_session_clear (&session);
  return code;
}
