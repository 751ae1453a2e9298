/* The commands, a file each. Each checks its own operands, does its work, and
 * returns the program's exit code after having said what was wrong. */
#pragma once

#include <gio/gio.h>

#include "cli/message.h"
#include "cli/options.h"

G_BEGIN_DECLS

CliExit cli_info (const CliArguments *arguments, GCancellable *cancellable);
CliExit cli_features (const CliArguments *arguments, GCancellable *cancellable);
CliExit cli_map (const CliArguments *arguments, GCancellable *cancellable);
CliExit cli_bench (const CliArguments *arguments, GCancellable *cancellable);
CliExit cli_model (const CliArguments *arguments, GCancellable *cancellable);
CliExit cli_cluster (const CliArguments *arguments, GCancellable *cancellable);
CliExit cli_index (const CliArguments *arguments, GCancellable *cancellable);
CliExit cli_neighbors (const CliArguments *arguments, GCancellable *cancellable);
CliExit cli_segment (const CliArguments *arguments, GCancellable *cancellable);
CliExit cli_probe (const CliArguments *arguments, GCancellable *cancellable);
CliExit cli_embed (const CliArguments *arguments, GCancellable *cancellable);
CliExit cli_merge (const CliArguments *arguments, GCancellable *cancellable);
CliExit cli_compare (const CliArguments *arguments, GCancellable *cancellable);
CliExit cli_serve (const CliArguments *arguments, GCancellable *cancellable);

G_END_DECLS
