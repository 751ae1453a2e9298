/* The parts of the command info. */
#pragma once

#include <jansson.h>

#include "cli/session.h"

G_BEGIN_DECLS

/* "name:      value" on standard output. */
void cli_info_line (const char *name, const char *format, ...) G_GNUC_PRINTF (2, 3);

/* All about the session's model; NULL after saying why not, with *code set. */
json_t *cli_info_model (CliSession *session, CliExit *code);
CliExit cli_info_print_model (CliSession *session);

/* The dimensions of a network as JSON. */
json_t *cli_info_dimensions (const struct dino_config *config);

/* The values of a picture, from stored ones to those shown and encoded. */
void cli_info_add_grey (json_t *report, DinoscopeStudy *study, const char *stored_sha256);
void cli_info_print_grey (DinoscopeStudy *study);

/* Opens a picture and prints it, or appends it to pictures with --json. */
CliExit cli_info_picture (CliSession *session, const char *path, json_t *pictures);

G_END_DECLS
