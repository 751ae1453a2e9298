#include "cli/embed-journal.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/embed-file.h"
#include "core/base/checksum.h"
#include "core/base/file.h"
#include "core/base/text.h"
#include "engine/dinoscope-error.h"

#define FILE_NAME "embed.journal"
#define MAGIC 0x424d4544u
#define MAX_PAYLOAD ((guint32) 1 << 20)

/* Three seconds. */
#define LOCK_TRIES 60
#define LOCK_USEC 50000

/* Before each entry. The file is of this machine's byte order; on another one
 * it reads as empty. */
struct head
{
  guint32 magic, kind;
  guint64 length; /* of the payload */
  guint64 offset; /* of this head: an entry is valid in its place only */
  guint64 sum;    /* of the payload */
  guint64 head_sum;
};

/* A record's payload; name and error follow, each with its NUL. */
struct body
{
  gint32  ok, width, height, reserved;
  char    pixels_sha256[DINO_SHA256_LENGTH], file_sha256[DINO_SHA256_LENGTH];
  char    view[CLI_EMBED_VIEW_LENGTH];
  guint64 sum;
};

struct _CliEmbedJournal
{
  char       *path;
  int         fd;
  goffset     offset;  /* of the entry that is read next */
  goffset     end;     /* of the entry that is added next */
  int         failure; /* an errno: reading ended for it, and not with the entries */
  GByteArray *payload;
};

static guint64
head_sum (struct head head)
{
  head.head_sum = 0;
  return dino_checksum (&head, sizeof head);
}

/* A process that was killed as it started a reader has the lock for some milliseconds
 * more, by that child, which closes it when it becomes the reader. */
static int
lock_patiently (int fd)
{
  for (int n = 0;; n++)
    {
      if (flock (fd, LOCK_EX | LOCK_NB) == 0)
        return 0;
      if (errno != EWOULDBLOCK || n == LOCK_TRIES)
        return errno;
      g_usleep (LOCK_USEC);
    }
}

/* A file system that cannot lock is told of, and gone on with. */
static gboolean
lock (CliEmbedJournal *self)
{
  const int failed = lock_patiently (self->fd);

  if (failed == 0)
    return TRUE;
  if (failed == EWOULDBLOCK)
    {
      cli_error (_ ("“%s” is in use by another process that embeds into this folder."), self->path);
      return FALSE;
    }
  cli_note (_ ("“%s” cannot be locked here (%s): let no second process embed into this folder."), self->path, g_strerror (failed));
  return TRUE;
}

/* Whoever had the lock before may have removed the file meanwhile. */
static gboolean
is_current (CliEmbedJournal *self)
{
  struct stat mine, there;

  return fstat (self->fd, &mine) == 0 && stat (self->path, &there) == 0 && mine.st_dev == there.st_dev && mine.st_ino == there.st_ino;
}

CliEmbedJournal *
cli_embed_journal_open (const char *folder)
{
  g_autoptr (CliEmbedJournal) self = g_new0 (CliEmbedJournal, 1);

  self->path = g_build_filename (folder, FILE_NAME, NULL);
  self->payload = g_byte_array_new ();
  do
    {
      if (self->fd > 0)
        close (self->fd);
      self->fd = dino_open (self->path, O_RDWR | O_CREAT | O_CLOEXEC, 0666);
      if (self->fd < 0)
        {
          cli_error (_ ("“%s” cannot be written: %s."), self->path, g_strerror (errno));
          return NULL;
        }
      if (!lock (self))
        return NULL;
    }
  while (!is_current (self));
  return g_steal_pointer (&self);
}

void
cli_embed_journal_close (CliEmbedJournal *self)
{
  if (self->fd >= 0)
    close (self->fd);
  g_free (self->path);
  g_byte_array_unref (self->payload);
  g_free (self);
}

static gboolean
read_at (CliEmbedJournal *self, void *data, gsize length, goffset offset)
{
  char *bytes = data;

  while (length > 0)
    {
      gssize n = pread (self->fd, bytes, length, offset);

      if (n < 0 && errno == EINTR)
        continue;
      if (n < 0)
        self->failure = errno;
      if (n <= 0)
        return FALSE;
      bytes += n;
      length -= (gsize) n;
      offset += n;
    }
  return TRUE;
}

/* Texts that end with their NUL inside the payload. */
static gboolean
unpack_record (CliEmbedJournal *self, CliEmbedRecord *record)
{
  const char *texts, *end, *name_end, *error_end;
  struct body body;

  if (self->payload->len < sizeof body)
    return FALSE;
  memcpy (&body, self->payload->data, sizeof body);
  texts = (const char *) self->payload->data + sizeof body;
  end = (const char *) self->payload->data + self->payload->len;
  name_end = memchr (texts, '\0', (gsize) (end - texts));
  error_end = name_end != NULL ? memchr (name_end + 1, '\0', (gsize) (end - name_end - 1)) : NULL;
  if (error_end == NULL)
    return FALSE;
  *record = (CliEmbedRecord){ .ok = body.ok != 0, .width = body.width, .height = body.height, .sum = body.sum, .name = texts, .error = name_end + 1 };
  memcpy (record->pixels_sha256, body.pixels_sha256, sizeof body.pixels_sha256);
  memcpy (record->file_sha256, body.file_sha256, sizeof body.file_sha256);
  memcpy (record->view, body.view, sizeof body.view);
  return TRUE;
}

static gboolean
read_entry (CliEmbedJournal *self, struct head *head)
{
  if (!read_at (self, head, sizeof *head, self->offset) || head->magic != MAGIC || head->offset != (guint64) self->offset ||
      head->head_sum != head_sum (*head) || head->length > MAX_PAYLOAD)
    return FALSE;
  g_byte_array_set_size (self->payload, (guint) head->length);
  return read_at (self, self->payload->data, head->length, self->offset + (goffset) sizeof *head) &&
         dino_checksum (self->payload->data, head->length) == head->sum;
}

CliEmbedEntry
cli_embed_journal_read (CliEmbedJournal *self, CliEmbedRecord *record, const char **text)
{
  struct head head;

  if (!read_entry (self, &head))
    return CLI_EMBED_ENTRY_END;
  if (head.kind == CLI_EMBED_ENTRY_RECORD && !unpack_record (self, record))
    return CLI_EMBED_ENTRY_END;
  if (head.kind == CLI_EMBED_ENTRY_JOB && (head.length == 0 || self->payload->data[head.length - 1] != '\0'))
    return CLI_EMBED_ENTRY_END;
  if (head.kind == CLI_EMBED_ENTRY_JOB)
    *text = (const char *) self->payload->data;
  self->offset += (goffset) (sizeof head + head.length);
  return (CliEmbedEntry) head.kind;
}

gboolean
cli_embed_journal_check (CliEmbedJournal *self, GError **error)
{
  if (self->failure == 0)
    return TRUE;
  g_set_error (error, DINOSCOPE_ERROR, DINOSCOPE_ERROR_WRITE, _ ("“%s” cannot be read: %s."), self->path, g_strerror (self->failure));
  return FALSE;
}

goffset
cli_embed_journal_tell (CliEmbedJournal *self)
{
  return self->offset;
}

void
cli_embed_journal_seek (CliEmbedJournal *self, goffset offset)
{
  self->offset = offset;
}

goffset
cli_embed_journal_end (CliEmbedJournal *self)
{
  return self->end;
}

gboolean
cli_embed_journal_cut (CliEmbedJournal *self, goffset offset, GError **error)
{
  self->end = offset;
  return cli_embed_file_truncate (self->fd, self->path, offset, error);
}

/* In one write, so that a process that is killed leaves all of it or, at
 * worst, a beginning that the checksums tell. */
static gboolean
add (CliEmbedJournal *self, CliEmbedEntry kind, const void *data, gsize length, GError **error)
{
  struct head            head = { .magic = MAGIC, .kind = kind, .length = length, .offset = (guint64) self->end };
  g_autoptr (GByteArray) bytes = g_byte_array_new ();

  if (length > MAX_PAYLOAD)
    return cli_embed_file_fail (self->path, EFBIG, error);
  head.sum = dino_checksum (data, length);
  head.head_sum = head_sum (head);
  g_byte_array_append (bytes, (const guint8 *) &head, sizeof head);
  if (length > 0)
    g_byte_array_append (bytes, data, (guint) length);
  if (!cli_embed_file_write (self->fd, self->path, bytes->data, bytes->len, self->end, error))
    return FALSE;
  self->end += (goffset) bytes->len;
  return TRUE;
}

gboolean
cli_embed_journal_add_job (CliEmbedJournal *self, const char *text, GError **error)
{
  return add (self, CLI_EMBED_ENTRY_JOB, text, strlen (text) + 1, error);
}

gboolean
cli_embed_journal_add_record (CliEmbedJournal *self, const CliEmbedRecord *record, GError **error)
{
  struct body            body;
  g_autoptr (GByteArray) payload = g_byte_array_new ();

  memset (&body, 0, sizeof body); /* padding too, which the checksum counts */
  body.ok = record->ok;
  body.width = record->width;
  body.height = record->height;
  body.sum = record->sum;
  memcpy (body.pixels_sha256, record->pixels_sha256, sizeof body.pixels_sha256);
  memcpy (body.file_sha256, record->file_sha256, sizeof body.file_sha256);
  memcpy (body.view, record->view, sizeof body.view);
  g_byte_array_append (payload, (const guint8 *) &body, sizeof body);
  g_byte_array_append (payload, (const guint8 *) record->name, (guint) strlen (record->name) + 1);
  g_byte_array_append (payload, (const guint8 *) record->error, (guint) strlen (record->error) + 1);
  return add (self, CLI_EMBED_ENTRY_RECORD, payload->data, payload->len, error);
}

gboolean
cli_embed_journal_add_mark (CliEmbedJournal *self, CliEmbedEntry mark, GError **error)
{
  return add (self, mark, NULL, 0, error);
}

gboolean
cli_embed_journal_sync (CliEmbedJournal *self, GError **error)
{
  return cli_embed_file_sync (self->fd, self->path, error);
}

void
cli_embed_journal_remove (CliEmbedJournal *self)
{
  unlink (self->path);
}

void
cli_embed_journal_remove_empty (CliEmbedJournal *self)
{
  struct stat status;

  if (fstat (self->fd, &status) == 0 && status.st_size == 0)
    cli_embed_journal_remove (self);
}
