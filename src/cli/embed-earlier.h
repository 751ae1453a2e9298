/* What a complete folder has already, found by the bytes of files. */
#pragma once

#include "cli/embed-folder.h"
#include "io/embeddings.h"

G_BEGIN_DECLS

typedef struct _CliEmbedEarlier CliEmbedEarlier;

/* NULL after saying why the folder cannot be read. */
CliEmbedEarlier *cli_embed_earlier_open (const char *folder);
void             cli_embed_earlier_close (CliEmbedEarlier *self);

/* The row of a file by its sha256, -1 when there is none. Any thread. */
gint64 cli_embed_earlier_find (const CliEmbedEarlier *self, const char *file_sha256);

/* Fills all of record but name and error from a row, and rows with its bytes.
 * FALSE when the folder's files are damaged. */
gboolean cli_embed_earlier_get (const CliEmbedEarlier *self, gint64 row, CliEmbedRecord *record, CliEmbedRows *rows, GError **error);

gsize cli_embed_earlier_n_rows (const CliEmbedEarlier *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CliEmbedEarlier, cli_embed_earlier_close)

G_END_DECLS
