/* The pictures that are to be embedded: listed, sorted, each once. */
#pragma once

#include "cli/embed-names.h"
#include "cli/embed-shard.h"
#include "cli/message.h"
#include "cli/options.h"

G_BEGIN_DECLS

/* One of them. */
typedef struct
{
  char *name;    /* as the table has it */
  char *path;    /* NULL: it is not there any more, or problem says what is wrong */
  char *problem; /* NULL, or why what bears this name cannot be read: a folder */
} CliEmbedInput;

typedef struct
{
  GArray *items;                      /* CliEmbedInput, sorted by the bytes of their names before those are hashed */
  guint64 first, total;               /* where the slice begins, and how many there are in all */
  char    sha256[DINO_SHA256_LENGTH]; /* of all names, each with a NUL */
} CliEmbedInputs;

/* Whether a picture is looked for under this name: its ending is that of one.
 * Others are pictures when their first bytes are those of one. */
gboolean cli_embed_is_picture_name (const char *name);

/* Hidden files and folders are passed over. */
gboolean cli_embed_is_hidden (const char *path);

/* path without "./" before it and doubled slashes (transfer full). */
char *cli_embed_clean_path (const char *path);

/* Lists all that the operands name - folders with all below them, files,
 * patterns - or that --list names. Names of files in the only folder that is
 * given are relative to it; others are as they were given. */
CliExit cli_embed_inputs_list (CliEmbedInputs *inputs, const CliArguments *arguments, const CliEmbedNames *names);

/* Keeps a shard's slice. */
void cli_embed_inputs_slice (CliEmbedInputs *inputs, CliEmbedShard shard);

void cli_embed_inputs_clear (CliEmbedInputs *inputs);

/* Puts the items into the order of stored (char *), names of an earlier
 * slice: those that are gone get no path, new ones are left out. *n_gone and
 * *n_new count them. */
void cli_embed_inputs_match (CliEmbedInputs *inputs, const GPtrArray *stored, guint64 *n_gone, guint64 *n_new);

G_END_DECLS
