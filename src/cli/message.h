/* What is said to the person on stderr, and with which number the program ends. */
#pragma once

#include <gio/gio.h>

#include "cli/options.h"
#include "core/base/error.h"

G_BEGIN_DECLS

typedef enum
{
  CLI_EXIT_DONE = 0,
  CLI_EXIT_INPUT = 1,  /* some inputs failed, each named */
  CLI_EXIT_USAGE = 2,  /* the command line is wrong */
  CLI_EXIT_MODEL = 3,  /* the model cannot be used, or is not what was asked for */
  CLI_EXIT_OUTPUT = 4, /* an output could not be written */
  CLI_EXIT_NETWORK = 5,
  CLI_EXIT_INTERRUPTED = 130
} CliExit;

/* The sentence, then a line that says where help is. Returns FALSE. command
 * may be CLI_COMMAND_NONE. */
gboolean cli_usage_error (CliCommand command, const char *format, ...) G_GNUC_PRINTF (2, 3);

/* text as a terminal can take it: valid UTF-8, no control characters but line
 * breaks; a file may be called anything. (transfer full) */
char *cli_printable (const char *text);

/* "dinoscope-cli: sentence". */
void cli_error (const char *format, ...) G_GNUC_PRINTF (1, 2);

/* A sentence that is no error; the caller leaves it out when it is to be quiet. */
void cli_note (const char *format, ...) G_GNUC_PRINTF (1, 2);

/* Says the error, unless it is the person's own cancel, and returns the exit
 * code that belongs to it; standard is used when the error itself does not
 * tell whose fault it was. */
CliExit cli_fail (const GError *error, CliExit standard);
CliExit cli_fail_core (const struct dino_error *error, CliExit standard);

/* The same; a lack of memory is told of subject, unless it is told of something already. */
CliExit cli_fail_about (struct dino_error *error, const char *subject, CliExit standard);

G_END_DECLS
