#include "cli/origin.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/text.h"

/* The short side of the encoder's input, for a picture of no particular shape. */
static int
input_size (const CliSession *session)
{
  const struct dino_model *model = dinoscope_model_get_core (session->model);
  struct dino_geometry     geometry;

  if (!dino_preparation_geometry (&session->preparation, dino_model_processor (model), dino_model_config (model)->patch_size, 1000, 1250, &geometry, NULL))
    return session->preparation.input_size;
  return MIN (geometry.input_width, geometry.input_height);
}

json_t *
cli_origin_preparation (const CliSession *session)
{
  const struct dino_preparation *preparation = &session->preparation;
  json_t                        *json = json_pack ("{s:s, s:i, s:s, s:s, s:s}", "fit", dino_fit_name (preparation->fit), "input-size", input_size (session),
                                                   "model-input", dino_model_input_name (preparation->model_input), "invert", dino_invert_name (preparation->invert),
                                                   "exif", session->ignore_exif ? "ignored" : "applied");
  char                           window[DINO_DISPLAY_LENGTH];

  if (preparation->model_input == DINO_MODEL_INPUT_WINDOW)
    json_object_set_new (json, "window", json_string (dino_display_format (&preparation->voi, window)));
  if (preparation->frame > 0)
    json_object_set_new (json, "frame", json_integer (preparation->frame));
  return json;
}

/* For free(). */
static char *
describe_preparation (const CliSession *session)
{
  json_t *json = cli_origin_preparation (session);
  char   *text = json_dumps (json, JSON_SORT_KEYS);

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
