/* Where results go: names, checks before the work, and files written whole. */
#pragma once

#include <jansson.h>

#include "cli/message.h"
#include "io/output.h"

G_BEGIN_DECLS

/* The value of schema in every JSON object on standard output. */
#define CLI_JSON_SCHEMA "dinoscope-cli-1"

/* "-" stands for standard output. */
gboolean cli_output_is_stdout (const char *path);

/* FALSE for standard output and for what exists and is no regular file: a
 * device, a pipe. Symbolic links are followed. */
gboolean cli_output_is_file (const char *path);

gboolean cli_output_is_directory (const char *path);

/* Looks before the work whether path can be written: its folder is there and
 * writable, path itself is no directory and none of the inputs (const char *),
 * which are never overwritten. Says what is wrong. */
CliExit cli_output_check_inputs (CliCommand command, const char *path, const GPtrArray *inputs);

/* The output for one of several inputs: target itself, or in the directory
 * target the input's base name with suffix for its extension. (transfer full) */
char *cli_output_path (const char *target, const char *input, const char *suffix);

/* For several inputs, or a target that ends in "/": target must be a directory
 * that is there. No two inputs may get the same name in it. */
CliExit cli_output_check_target (CliCommand command, CliOption option, const char *target, const GPtrArray *inputs, const char *suffix);

/* A folder that results go into, looked at before the work: it is there and
 * writable, or can be made in one that is; then it is made where it is missing.
 * Both say what is wrong. */
CliExit cli_output_check_folder (const char *path);
CliExit cli_output_make_folder (const char *path);

/* The whole of values as .npy. */
CliExit cli_output_write_npy (const char *path, const float *values, const size_t *shape, int rank, gboolean half);

/* {"schema", "command"} with room for more (transfer full). */
json_t *cli_json_new (const CliArguments *arguments);

/* text that may be a file name of any bytes, as a JSON string. */
json_t *cli_json_text (const char *text);

/* Prints object on standard output and releases it. */
CliExit cli_json_print (json_t *object);

/* Flushes standard output; the last thing a program does. */
CliExit cli_output_finish (void);

G_END_DECLS
