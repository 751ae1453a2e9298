/* Files that grow: written in place, with errors that name them. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* “path” cannot be written, and why (an errno); DINOSCOPE_ERROR_WRITE. Returns FALSE. */
gboolean cli_embed_file_fail (const char *path, int number, GError **error);

/* All of data at offset. */
gboolean cli_embed_file_write (int fd, const char *path, const void *data, gsize length, goffset offset, GError **error);

/* Cuts or lengthens it. */
gboolean cli_embed_file_truncate (int fd, const char *path, goffset length, GError **error);

/* Waits until the file's contents are on the disk; a file system that cannot say so is no error. */
gboolean cli_embed_file_sync (int fd, const char *path, GError **error);

/* The same for the names in a folder. */
void cli_embed_file_sync_folder (const char *folder);

G_END_DECLS
