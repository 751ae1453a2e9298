#include "cli/embed-archive.h"

#include <archive.h>
#include <archive_entry.h>
#include <string.h>

#include "core/base/text.h"
#include "engine/dinoscope-error.h"
#include "io/kind.h"
#include "io/read.h"

#define BLOCK_SIZE 65536

struct _CliEmbedArchive
{
  struct archive      *archive;
  const CliEmbedNames *names;
};

/* Only what libarchive does itself: no other program is started. */
static gboolean
set_up (struct archive *archive)
{
  return archive_read_support_format_tar (archive) == ARCHIVE_OK && archive_read_support_format_empty (archive) == ARCHIVE_OK &&
         archive_read_support_filter_gzip (archive) == ARCHIVE_OK && archive_read_support_filter_bzip2 (archive) == ARCHIVE_OK &&
         archive_read_support_filter_xz (archive) == ARCHIVE_OK && archive_read_support_filter_zstd (archive) == ARCHIVE_OK;
}

CliEmbedArchive *
cli_embed_archive_open (int fd, const CliEmbedNames *names)
{
  g_autoptr (CliEmbedArchive) self = g_new0 (CliEmbedArchive, 1);

  self->names = names;
  self->archive = archive_read_new ();
  if (self->archive == NULL || !set_up (self->archive) || archive_read_open_fd (self->archive, fd, BLOCK_SIZE) != ARCHIVE_OK)
    {
      cli_error (_ ("Standard input cannot be read as a tar archive: %s."), self->archive != NULL ? archive_error_string (self->archive) : g_strerror (ENOMEM));
      return NULL;
    }
  return g_steal_pointer (&self);
}

void
cli_embed_archive_close (CliEmbedArchive *self)
{
  if (self->archive != NULL)
    archive_read_free (self->archive);
  g_free (self);
}

void
cli_embed_member_clear (CliEmbedMember *member)
{
  g_clear_pointer (&member->name, g_free);
  g_clear_pointer (&member->data, g_free);
  g_clear_pointer (&member->problem, g_free);
}

static gboolean
fail (CliEmbedArchive *self, GError **error)
{
  const char *reason = archive_error_string (self->archive);

  g_set_error (error, DINOSCOPE_ERROR, DINOSCOPE_ERROR_PICTURE, _ ("The archive on standard input is damaged, or ends too early: %s."), reason != NULL ? reason : "?");
  return FALSE;
}

/* Appends at least wanted bytes in all, or what there is. FALSE when damaged. */
static gboolean
read_some (CliEmbedArchive *self, GByteArray *bytes, gsize wanted, GError **error)
{
  guint8 piece[BLOCK_SIZE];

  while (bytes->len < wanted)
    {
      la_ssize_t n = archive_read_data (self->archive, piece, MIN (sizeof piece, wanted - bytes->len));

      if (n < 0)
        return fail (self, error);
      if (n == 0)
        return TRUE;
      g_byte_array_append (bytes, piece, (guint) n);
    }
  return TRUE;
}

/* Reads a file's bytes. Nothing is kept of one that is no picture by its name
 * nor by its first bytes. */
static gboolean
read_file (CliEmbedArchive *self, gint64 size, gboolean listed, CliEmbedMember *member, gboolean *is_picture, GError **error)
{
  g_autoptr (GByteArray) bytes = g_byte_array_new ();

  if (!read_some (self, bytes, DINO_KIND_HEAD, error))
    return FALSE;
  *is_picture = listed || dino_kind_of (bytes->data, bytes->len) != DINO_KIND_OTHER;
  if (!*is_picture)
    return TRUE;
  if (size > (gint64) DINO_READ_MAX_FILE)
    member->problem = g_strdup_printf (_ ("“%s” is too large: %llu bytes, at most %zu are read."), member->name, (unsigned long long) size, DINO_READ_MAX_FILE);
  else if (!read_some (self, bytes, DINO_READ_MAX_FILE, error))
    return FALSE;
  else
    {
      member->length = bytes->len;
      /* An empty file is one, too, and no lack of it. */
      g_byte_array_append (bytes, (const guint8 *) "", 1);
      member->data = g_byte_array_free (g_steal_pointer (&bytes), FALSE);
    }
  return TRUE;
}

/* Whether this member is a picture, with its bytes unless skip. */
static gboolean
take_member (CliEmbedArchive *self, struct archive_entry *entry, gboolean skip, CliEmbedMember *member, gboolean *is_picture, GError **error)
{
  const char      *path = archive_entry_pathname (entry);
  g_autofree char *clean = path != NULL ? cli_embed_clean_path (path) : NULL;
  gboolean         listed = clean != NULL && cli_embed_is_picture_name (clean);
  gboolean         is_link = archive_entry_hardlink (entry) != NULL || archive_entry_filetype (entry) == AE_IFLNK;

  *is_picture = FALSE;
  if (clean == NULL || cli_embed_is_hidden (clean) || (archive_entry_filetype (entry) != AE_IFREG && !(is_link && listed)))
    return TRUE;
  member->name = cli_embed_names_show (self->names, clean);
  *is_picture = listed;
  if (is_link)
    member->problem = g_strdup_printf (_ ("“%s” is a link in the archive and has no contents of its own."), member->name);
  else if (!skip || !listed)
    return read_file (self, archive_entry_size (entry), listed, member, is_picture, error);
  return TRUE;
}

gboolean
cli_embed_archive_next (CliEmbedArchive *self, gboolean skip, CliEmbedMember *member, GError **error)
{
  struct archive_entry *entry;
  int                   code;

  *member = (CliEmbedMember){ 0 };
  while ((code = archive_read_next_header (self->archive, &entry)) == ARCHIVE_OK || code == ARCHIVE_WARN)
    {
      gboolean is_picture;

      if (!take_member (self, entry, skip, member, &is_picture, error))
        {
          cli_embed_member_clear (member);
          return FALSE;
        }
      if (is_picture)
        return TRUE;
      cli_embed_member_clear (member);
    }
  return code == ARCHIVE_EOF ? FALSE : fail (self, error);
}
