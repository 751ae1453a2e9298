/* Whether what a session would compute may be compared with what a file holds. */
#pragma once

#include <jansson.h>

#include "cli/session.h"
#include "io/embeddings.h"

G_BEGIN_DECLS

/* The session's preparation as embed.json has it, of pictures in general:
 * input-size is what the model gets, window and frame are there when they
 * matter (transfer full). The model must be there. */
json_t *cli_origin_preparation (const CliSession *session, struct dino_error *error);

/* Warns when something was learned from pictures that were prepared otherwise than
 * the session's will be; preparation NULL: not known. The model
 * must be there. Fails for want of memory alone. */
CliExit cli_origin_compare_preparation (const CliSession *session, const char *preparation);

/* The session's model, precision, calibration and preparation must be those of
 * origin; says which is not, naming the file. Another instruction set, whose
 * rounding differs, is only noted. */
CliExit cli_origin_check (CliSession *session, const struct dino_embeddings_origin *origin, const char *file);

G_END_DECLS
