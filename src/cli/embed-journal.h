/* The log of a run that embeds pictures: what it is, and one record for each
 * picture, in order. A run that was killed is gone on with from here. */
#pragma once

#include <gio/gio.h>

#include "cli/message.h"
#include "core/base/sha256.h"

G_BEGIN_DECLS

#define CLI_EMBED_VIEW_LENGTH 17

/* What became of one picture. */
typedef struct
{
  gboolean    ok;
  int         width, height;                     /* 0 where it could not be read */
  char        pixels_sha256[DINO_SHA256_LENGTH]; /* "" where it could not be read */
  char        file_sha256[DINO_SHA256_LENGTH];   /* "" likewise */
  char        view[CLI_EMBED_VIEW_LENGTH];       /* "PA", "AP", …; "" when not known */
  guint64     sum;                               /* of the row's bytes in the matrices */
  const char *name;                              /* as the table has it */
  const char *error;                             /* "" of those that are ok */
} CliEmbedRecord;

typedef enum
{
  CLI_EMBED_ENTRY_END, /* no more, or what follows was not written whole */
  CLI_EMBED_ENTRY_JOB,
  CLI_EMBED_ENTRY_RECORD,
  CLI_EMBED_ENTRY_SYNCED,   /* the rows of all records before are on the disk */
  CLI_EMBED_ENTRY_COMPLETE, /* the final files are there under their temporary names: matrices are NAME.part */
  CLI_EMBED_ENTRY_SORTED    /* the same, matrices are NAME.sorted */
} CliEmbedEntry;

typedef struct _CliEmbedJournal CliEmbedJournal;

/* Opens the log of a folder, or makes an empty one, and locks it: NULL when
 * another process has it, or it cannot be written, after saying so. */
CliEmbedJournal *cli_embed_journal_open (const char *folder);
void             cli_embed_journal_close (CliEmbedJournal *self);

/* Reads entry by entry from the beginning. *text is a job's; record's texts
 * belong to the log until the next call. */
CliEmbedEntry cli_embed_journal_read (CliEmbedJournal *self, CliEmbedRecord *record, const char **text);

/* Whether what was read so far ended with the last entry; a disk that failed did
 * not say so, and what it holds must not be cut off. */
gboolean cli_embed_journal_check (CliEmbedJournal *self, GError **error);

/* Where the entry that is read next begins; 0: at the first. */
goffset cli_embed_journal_tell (CliEmbedJournal *self);
void    cli_embed_journal_seek (CliEmbedJournal *self, goffset offset);

/* Where the next one is added. */
goffset cli_embed_journal_end (CliEmbedJournal *self);

/* Cuts off what follows offset; entries are added there. */
gboolean cli_embed_journal_cut (CliEmbedJournal *self, goffset offset, GError **error);

/* Adds an entry. Errors are those of writing. */
gboolean cli_embed_journal_add_job (CliEmbedJournal *self, const char *text, GError **error);
gboolean cli_embed_journal_add_record (CliEmbedJournal *self, const CliEmbedRecord *record, GError **error);
gboolean cli_embed_journal_add_mark (CliEmbedJournal *self, CliEmbedEntry mark, GError **error);

/* Waits until all that was added is on the disk. */
gboolean cli_embed_journal_sync (CliEmbedJournal *self, GError **error);

/* Removes the log's file; it stays locked until it is closed. */
void cli_embed_journal_remove (CliEmbedJournal *self);

/* The same, unless there is anything in it. */
void cli_embed_journal_remove_empty (CliEmbedJournal *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CliEmbedJournal, cli_embed_journal_close)

G_END_DECLS
