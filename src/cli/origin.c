#include "cli/origin.h"

#include <stdlib.h>
#include <string.h>

#include "core/base/text.h"
#include "core/model/json.h"
#include "io/preparation-json.h"

/* Of what is said of a preparation. */
#define MAX_WEIGHT 64

/* For free(). */
static char *
describe_preparation (const CliSession *session, struct dino_error *error)
{
  const struct dino_model *model = dinoscope_model_get_core (session->model);

  return dino_preparation_to_json (&session->preparation, dino_model_processor (model), dino_model_config (model)->patch_size, session->ignore_exif, error);
}

json_t *
cli_origin_preparation (const CliSession *session, struct dino_error *error)
{
  const char *name = dinoscope_model_get_name (session->model);
  char       *text = describe_preparation (session, error);
  json_t     *json = text != NULL ? dino_json_parse (name, text, strlen (text), MAX_WEIGHT, error) : NULL;

  dino_error_about (error, name);
  free (text);
  return json;
}

CliExit
cli_origin_compare_preparation (const CliSession *session, const char *preparation)
{
  struct dino_error error = { 0 };
  char             *own = describe_preparation (session, &error);

  if (own == NULL)
    return cli_fail_about (&error, dinoscope_model_get_name (session->model), CLI_EXIT_MODEL);
  if (preparation != NULL && strcmp (own, preparation) != 0)
    cli_error (_ ("Warning: the head was fitted on pictures that were prepared otherwise (%s) than these (%s)."), preparation, own);
  free (own);
  return CLI_EXIT_DONE;
}

CliExit
cli_origin_check (CliSession *session, const struct dino_embeddings_origin *origin, const char *file)
{
  CliExit                       code = CLI_EXIT_DONE;
  const char                   *sha256 = cli_session_await_sha256 (session, &code);
  const char                   *calibration = dinoscope_model_get_calibration_sha256 (session->model);
  struct dino_error             error = { 0 };
  char                         *preparation = describe_preparation (session, &error);
  struct dino_embeddings_origin own = {
    .model_name = dinoscope_model_get_name (session->model),
    .model_sha256 = sha256,
    .precision = dinoscope_model_get_precision (session->model),
    .isa = origin->isa,
    .calibration = calibration != NULL ? calibration : "",
    .preparation = preparation,
  };

  if (preparation == NULL)
    return cli_fail_about (&error, dinoscope_model_get_name (session->model), CLI_EXIT_INPUT);
  if (sha256 != NULL && !dino_embeddings_origin_equal (origin, file, &own, own.model_name, &error))
    code = cli_fail_core (&error, CLI_EXIT_MODEL);
  else if (sha256 != NULL && !session->quiet && strcmp (origin->isa, dinoscope_model_get_instruction_set (session->model)) != 0)
    cli_note (_ ("“%s” was made with other instructions (%s) than this processor's (%s): cosines may differ in their last digits."), file, origin->isa,
              dinoscope_model_get_instruction_set (session->model));
  free (preparation);
  return code;
}
