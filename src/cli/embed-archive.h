/* Pictures in a tar archive on standard input, plain or compressed. */
#pragma once

#include "cli/embed-inputs.h"

G_BEGIN_DECLS

typedef struct _CliEmbedArchive CliEmbedArchive;

/* NULL after saying why not. names must outlive the archive. */
CliEmbedArchive *cli_embed_archive_open (int fd, const CliEmbedNames *names);
void             cli_embed_archive_close (CliEmbedArchive *self);

/* A picture of the archive. */
typedef struct
{
  char   *name; /* as the table has it */
  guint8 *data; /* by g_malloc(); NULL when skipped, or problem says what is wrong */
  gsize   length;
  char   *problem; /* NULL, or why it cannot be read */
} CliEmbedMember;

/* The next picture, in the archive's order; its bytes are passed over where
 * skip. FALSE at the end, and when the archive is damaged, with error set. */
gboolean cli_embed_archive_next (CliEmbedArchive *self, gboolean skip, CliEmbedMember *member, GError **error);
void     cli_embed_member_clear (CliEmbedMember *member);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CliEmbedArchive, cli_embed_archive_close)

G_END_DECLS
