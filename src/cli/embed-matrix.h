/* A .npy matrix to which rows are appended before their number is known. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

typedef struct _CliEmbedMatrix CliEmbedMatrix;

/* The file NAME.part of a folder, [n, n_channels], or [n, n_tokens, n_channels]
 * where n_tokens > 0; float16 when half. Made when it is not there. */
CliEmbedMatrix *cli_embed_matrix_open (const char *folder, const char *name, gsize n_tokens, gsize n_channels, gboolean half, GError **error);
void            cli_embed_matrix_close (CliEmbedMatrix *self);

/* The final name, and that of the file that grows. */
const char *cli_embed_matrix_name (CliEmbedMatrix *self);
const char *cli_embed_matrix_path (CliEmbedMatrix *self);

/* Bytes of a row, and where the first one begins. */
gsize   cli_embed_matrix_row_size (CliEmbedMatrix *self);
goffset cli_embed_matrix_start (CliEmbedMatrix *self);

/* Writes row n from float32 values; *sum becomes the checksum of its bytes. */
gboolean cli_embed_matrix_write (CliEmbedMatrix *self, guint64 n, const float *values, guint64 *sum, GError **error);

/* The same from bytes as the file has them. */
gboolean cli_embed_matrix_write_bytes (CliEmbedMatrix *self, guint64 n, const void *bytes, guint64 *sum, GError **error);

/* The checksum of a row that is there; FALSE when the file ends before. */
gboolean cli_embed_matrix_checksum (CliEmbedMatrix *self, guint64 n, guint64 *sum);

gboolean cli_embed_matrix_sync (CliEmbedMatrix *self, GError **error);

/* Cuts the file to n rows, writes its header, and waits until it is on the disk. */
gboolean cli_embed_matrix_finish (CliEmbedMatrix *self, guint64 n, GError **error);

/* Writes the n rows in another order to NAME.sorted, order[i] being the row
 * that becomes row i, and waits until that is on the disk. */
gboolean cli_embed_matrix_sort (CliEmbedMatrix *self, const guint64 *order, guint64 n, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CliEmbedMatrix, cli_embed_matrix_close)

G_END_DECLS
