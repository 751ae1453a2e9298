/* What a run does: written into its log, compared when it is gone on with, and
 * then the greater part of embed.json. */
#pragma once

#include <jansson.h>

#include "cli/embed-names.h"
#include "cli/embed-shard.h"
#include "cli/session.h"

G_BEGIN_DECLS

typedef struct
{
  CliEmbedShard shard;
  gboolean      half;
  gboolean      patches;
  gboolean      last4; /* CLS of the last four blocks, too */
  int           block; /* -1: the model's output */
  gboolean      norm;
  gsize         n_channels;
  gsize         n_patches; /* tokens of a picture; 0 where that varies */
  gsize         n_columns; /* of them in a row of their grid */
} CliEmbedShape;

/* The description without what is known at the end only (transfer full).
 * NULL after saying why the model's hash cannot be had. */
json_t *cli_embed_job_new (CliSession *session, const CliEmbedShape *shape, const CliEmbedNames *names, CliExit *code);

/* What differs first between two descriptions, in a few words with both values
 * ("precision: fp32, not int8", of earlier and job): of what makes numbers
 * others, and with parts of which part of the inputs they are. NULL when they
 * agree. (transfer full) */
char *cli_embed_job_compare (const json_t *job, const json_t *earlier, gboolean parts);

/* FALSE after saying in what folder's earlier description differs. */
gboolean cli_embed_job_matches (const json_t *job, const json_t *earlier, const char *folder);

/* Adds what was listed: how many, and the hash of their names. */
void cli_embed_job_set_listed (json_t *job, guint64 count, const char *sha256);

/* Adds the counts. */
void cli_embed_job_set_counts (json_t *job, guint64 embedded, guint64 failed);

/* The names' hash of what was listed, "" when there is none; and the count. */
const char *cli_embed_job_listed (const json_t *job, guint64 *count);

/* The text of embed.json (transfer full): keys in the order in which they were set. */
char *cli_embed_job_text (const json_t *job, struct dino_error *error);

G_END_DECLS
