/* Whether what a session would compute may be compared with what a file holds. */
#pragma once

#include "cli/session.h"
#include "io/embeddings.h"

G_BEGIN_DECLS

/* The session's model, precision, calibration and preparation must be those of
 * origin; says which is not, naming the file. Another instruction set, whose
 * rounding differs, is only noted. */
CliExit cli_origin_check (CliSession *session, const struct dino_embeddings_origin *origin, const char *file);

G_END_DECLS
