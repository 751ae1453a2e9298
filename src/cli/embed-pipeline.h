/* From inputs to numbers: threads that read and prepare pictures run ahead of
 * groups of threads that encode them, and results come out in order. */
#pragma once

#include "cli/embed-folder.h"
#include "core/picture/picture.h"

G_BEGIN_DECLS

typedef struct _CliEmbedPipeline CliEmbedPipeline;

/* One input, on its way in. */
typedef struct
{
  char   *name; /* as the table has it */
  char   *path; /* or NULL: */
  guint8 *data; /* its bytes, by g_malloc(); NULL too: problem */
  gsize   length;
  char   *problem; /* NULL, or why it cannot be read */
} CliEmbedItem;

/* What came of it. */
typedef struct
{
  CliEmbedRecord record; /* name and error belong to the result */
  float         *values; /* by dino_alloc(): CLS and mean [2, D], and with patches [N, D]; NULL when failed, or reused */
  gint64         reused; /* row of the earlier folder, -1 */
} CliEmbedResult;

typedef struct
{
  CliSession          *session;
  const CliEmbedShape *shape;

  /* The next input; FALSE when there are no more. Called by one thread at a time. */
  gboolean (*next) (gpointer data, CliEmbedItem *item);
  gpointer next_data;

  /* A row that may be reused for a file of this sha256, -1: none. Any thread; may be NULL. */
  gint64 (*find) (gpointer data, const char *file_sha256);
  gpointer find_data;

  guint64 n_inputs; /* how many there will be at most, to start no more threads than that */
} CliEmbedPlan;

/* Starts the threads; NULL after saying why not. plan is copied; what it points
 * at must outlive the pipeline. */
CliEmbedPipeline *cli_embed_pipeline_new (const CliEmbedPlan *plan);

/* Ends the threads. */
void cli_embed_pipeline_free (CliEmbedPipeline *self);

typedef enum
{
  CLI_EMBED_RESULT,
  CLI_EMBED_WAITING, /* nothing for a while */
  CLI_EMBED_END      /* no more inputs, or cancelled */
} CliEmbedStep;

/* Waits for the next result, in the order of the inputs, a tenth of a second at most. */
CliEmbedStep cli_embed_pipeline_take (CliEmbedPipeline *self, CliEmbedResult *result);
void         cli_embed_result_clear (CliEmbedResult *result);

/* How the work was divided. */
void cli_embed_pipeline_describe (CliEmbedPipeline *self, guint *n_groups, guint *n_threads, guint *n_readers);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CliEmbedPipeline, cli_embed_pipeline_free)

G_END_DECLS
