/* A folder of embeddings while it is made: matrices that grow beside a log, in
 * the order of the inputs, and the final files once all are there. A process
 * that is killed at any moment leaves what another one goes on with. */
#pragma once

#include "cli/embed-inputs.h"
#include "cli/embed-job.h"
#include "cli/embed-journal.h"
#include "io/embeddings.h"

G_BEGIN_DECLS

typedef struct _CliEmbedFolder CliEmbedFolder;

typedef enum
{
  CLI_EMBED_FOLDER_NEW,        /* nothing was begun */
  CLI_EMBED_FOLDER_UNFINISHED, /* some pictures are embedded */
  CLI_EMBED_FOLDER_COMPLETE    /* everything is there */
} CliEmbedFolderState;

/* Opens or makes the folder and finds out how far it is; what an earlier
 * process had all but finished is finished. job is what is to be done there;
 * refused when something else was begun. renew: a complete folder counts as
 * new, its files staying until they are replaced. NULL after saying why not. */
CliEmbedFolder *cli_embed_folder_open (const char *path, json_t *job, const CliEmbedShape *shape, gboolean renew, CliExit *code);
void            cli_embed_folder_close (CliEmbedFolder *self);

CliEmbedFolderState cli_embed_folder_get_state (CliEmbedFolder *self);
const char         *cli_embed_folder_get_path (CliEmbedFolder *self);

/* The description in the folder, with what was listed; NULL of a new one. */
const json_t *cli_embed_folder_get_job (CliEmbedFolder *self);

/* Whether final files of an earlier run are there besides. */
gboolean cli_embed_folder_had_earlier (CliEmbedFolder *self);

/* Pictures done, and those of them that failed. */
guint64 cli_embed_folder_get_done (CliEmbedFolder *self);
guint64 cli_embed_folder_get_failed (CliEmbedFolder *self);

/* Begins a new run of inputs; NULL: an archive whose names come as it is read. */
CliExit cli_embed_folder_begin (CliEmbedFolder *self, const CliEmbedInputs *inputs);

/* The names of an unfinished run (char *, transfer container); NULL after
 * saying why they cannot be read, with *code set. */
GPtrArray *cli_embed_folder_read_names (CliEmbedFolder *self, CliExit *code);

/* The names of the pictures done so far (char *), in their order. */
GPtrArray *cli_embed_folder_list_done (CliEmbedFolder *self);

/* Rows of the matrices: values are CLS and mean [2, D], behind them [N, D] with
 * patches and [4, D] with the last four CLS; or bytes of each matrix as its file
 * has them. */
typedef struct
{
  const float *values;
  const void  *bytes[DINO_N_EMBEDDINGS];
} CliEmbedRows;

/* Adds the next picture; rows NULL for one that failed. record->sum is set. */
gboolean cli_embed_folder_add (CliEmbedFolder *self, CliEmbedRecord *record, const CliEmbedRows *rows, GError **error);

/* Waits until all that was added is on the disk. */
gboolean cli_embed_folder_sync (CliEmbedFolder *self, GError **error);

/* All pictures are done: makes the final files. first is the index of the
 * first one. Of an archive the rows are sorted by name, and listed is set. */
gboolean cli_embed_folder_finish (CliEmbedFolder *self, guint64 first, gboolean archive, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CliEmbedFolder, cli_embed_folder_close)

G_END_DECLS
