/* --help and --version, made from the table of options. */
#pragma once

#include "cli/options.h"

G_BEGIN_DECLS

/* Help of one command, or of the program for CLI_COMMAND_NONE, on standard output. */
void cli_print_help (CliCommand command);

void cli_print_version (void);

/* "For research only. Not for clinical use." */
const char *cli_research_only (void);

G_END_DECLS
