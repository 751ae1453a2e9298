/* What several commands report about the model, as JSON. */
#pragma once

#include <jansson.h>

#include "cli/session.h"

G_BEGIN_DECLS

/* {"name", "title", "sha256", "precision", "instruction_set"} of the session's
 * model; NULL after saying why there is no hash, with *code set. */
json_t *cli_report_model (CliSession *session, CliExit *code);

/* The names of the inputs that failed; the reasons have been said on stderr. */
json_t *cli_report_failed (const GPtrArray *failed);

G_END_DECLS
