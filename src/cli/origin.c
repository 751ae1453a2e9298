#include "cli/origin.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/text.h"

/* As embed.json has it, sorted; for free(). */
static char *
describe_preparation (const CliSession *session)
{
  const struct dino_preparation *preparation = &session->preparation;
  json_t                        *json = json_pack ("{s:s, s:s, s:i, s:s, s:s}", "exif", session->ignore_exif ? "ignored" : "applied", "fit", dino_fit_name (preparation->fit),
                                                   "input-size", preparation->input_size, "invert", dino_invert_name (preparation->invert),
                                                   "model-input", dino_model_input_name (preparation->model_input));
  char                          *text = json_dumps (json, JSON_SORT_KEYS);

  json_decref (json);
  return text;
}

CliExit
cli_origin_check (CliSession *session, const struct dino_embeddings_origin *origin, const char *file)
{
  CliExit                       code = CLI_EXIT_DONE;
  const char                   *sha256 = cli_session_await_sha256 (session, &code);
  const char                   *calibration = dinoscope_model_get_calibration_sha256 (session->model);
  char                         *preparation = describe_preparation (session);
  struct dino_error             error = { 0 };
  struct dino_embeddings_origin own = {
    .model_name = dinoscope_model_get_name (session->model),
    .model_sha256 = sha256,
    .precision = dinoscope_model_get_precision (session->model),
    .isa = origin->isa,
    .calibration = calibration != NULL ? calibration : "",
    .preparation = preparation,
  };

  if (sha256 != NULL && !dino_embeddings_origin_equal (origin, file, &own, own.model_name, &error))
    code = cli_fail_core (&error, CLI_EXIT_MODEL);
  else if (sha256 != NULL && !session->quiet && strcmp (origin->isa, dinoscope_model_get_instruction_set (session->model)) != 0)
    cli_note (_ ("“%s” was made with other instructions (%s) than this processor's (%s): cosines may differ in their last digits."), file, origin->isa,
              dinoscope_model_get_instruction_set (session->model));
  free (preparation);
  return code;
}
