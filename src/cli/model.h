/* The subcommands of the command "model", a file each. */
#pragma once

#include <jansson.h>

#include "cli/message.h"
#include "cli/options.h"

G_BEGIN_DECLS

/* The operand after the subcommand's name, NULL when there is none. */
const char *cli_model_operand (const CliArguments *arguments);

/* {"schema", "command", "subcommand"} with room for more (transfer full). */
json_t *cli_model_json_new (const CliArguments *arguments);

CliExit cli_model_calibrate (const CliArguments *arguments, GCancellable *cancellable);
CliExit cli_model_get (const CliArguments *arguments, GCancellable *cancellable);
CliExit cli_model_list (const CliArguments *arguments, GCancellable *cancellable);
CliExit cli_model_verify (const CliArguments *arguments, GCancellable *cancellable);

G_END_DECLS
