/* Which part of the inputs is this process's: --shard, or Slurm's variables. */
#pragma once

#include "cli/message.h"
#include "cli/options.h"

G_BEGIN_DECLS

typedef struct
{
  guint index, count; /* index from 0; 0 of 1: all */
} CliEmbedShard;

#define CLI_EMBED_MAX_SHARDS 1000000

/* --shard I/N; without it, the task of a Slurm array, but only of one whose
 * tasks are 0 … N-1: what is left of another would never be embedded. */
CliExit cli_embed_shard_read (const CliArguments *arguments, gboolean quiet, CliEmbedShard *shard);

/* The slice of total inputs: [*first, *end). Slices of all shards are adjacent
 * and differ by one input at most. */
void cli_embed_shard_slice (CliEmbedShard shard, guint64 total, guint64 *first, guint64 *end);

G_END_DECLS
