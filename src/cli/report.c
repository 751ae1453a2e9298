#include "cli/report.h"

#include "cli/output.h"
#include "core/base/text.h"
#include "core/model/json-memory.h"

json_t *
cli_report_model (CliSession *session, CliExit *code)
{
  const char       *sha256 = cli_session_await_sha256 (session, code);
  struct dino_error error = { 0 };
  json_t           *report;

  if (sha256 == NULL)
    return NULL;
  report = json_pack ("{s:o, s:o, s:s, s:s, s:s, s:s*}",
                      "name", cli_json_text (dinoscope_model_get_name (session->model)),
                      "title", cli_json_text (dinoscope_model_get_title (session->model)),
                      "sha256", sha256,
                      "precision", dinoscope_model_get_precision (session->model),
                      "instruction_set", dinoscope_model_get_instruction_set (session->model),
                      "calibration", dinoscope_model_get_calibration_sha256 (session->model));
  if (report == NULL)
    {
      dino_json_check (&error);
      *code = cli_fail_about (&error, _ ("standard output"), CLI_EXIT_OUTPUT);
    }
  return report;
}

json_t *
cli_report_failed (const GPtrArray *failed)
{
  json_t *list = json_array ();

  for (guint i = 0; i < failed->len; i++)
    json_array_append_new (list, cli_json_text (failed->pdata[i]));
  return list;
}
