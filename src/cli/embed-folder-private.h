#pragma once

#include "cli/embed-folder.h"
#include "cli/embed-matrix.h"
#include "io/embeddings.h"

G_BEGIN_DECLS

struct _CliEmbedFolder
{
  char               *path;
  CliEmbedShape       shape;
  CliEmbedFolderState state;
  json_t             *job;     /* as in the log, or in embed.json of a complete folder */
  CliEmbedJournal    *journal; /* NULL of a complete folder */
  goffset             records; /* where the log's records begin */
  CliEmbedMatrix     *matrices[DINO_N_EMBEDDINGS];
  guint64             n_done, n_rows;
  gboolean            sorted; /* final matrices are NAME.sorted */
};

/* Whether the folder has that matrix. */
gboolean cli_embed_folder_has (CliEmbedFolder *self, int embedding);

/* The last steps, which may be done again: final files get their names, the
 * log goes. All of them are on the disk by then. */
gboolean cli_embed_folder_put_in_place (CliEmbedFolder *self, GError **error);

/* The records from the first one on. Adding goes on behind the last. */
void     cli_embed_folder_rewind (CliEmbedFolder *self);
gboolean cli_embed_folder_next_record (CliEmbedFolder *self, CliEmbedRecord *record);

/* "folder/name" (transfer full). */
char *cli_embed_folder_file (CliEmbedFolder *self, const char *name);

#define CLI_EMBED_NAMES_FILE "embed.names"
#define CLI_EMBED_CONTENT_FILE "content.bin"

G_END_DECLS
