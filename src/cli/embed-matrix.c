#include "cli/embed-matrix.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/embed-file.h"
#include "core/base/checksum.h"
#include "core/base/file.h"
#include "io/half.h"
#include "io/npy.h"

struct _CliEmbedMatrix
{
  char    *folder, *name, *path;
  int      fd;
  gboolean half;
  gsize    n_tokens; /* 0: two dimensions */
  gsize    n_channels;
  gsize    header_size;
  guint8  *row; /* bytes of one row */
};

static gsize
n_values (CliEmbedMatrix *self)
{
  return MAX (self->n_tokens, 1) * self->n_channels;
}

/* The header for n rows; its length is the same for any n. */
static gsize
format_header (CliEmbedMatrix *self, guint64 n, char header[DINO_NPY_HEADER_ROOM])
{
  const size_t shape[] = { (size_t) n, self->n_tokens > 0 ? self->n_tokens : self->n_channels, self->n_channels };

  return dino_npy_format_header (header, shape, self->n_tokens > 0 ? 3 : 2, self->half);
}

CliEmbedMatrix *
cli_embed_matrix_open (const char *folder, const char *name, gsize n_tokens, gsize n_channels, gboolean half, GError **error)
{
  g_autoptr (CliEmbedMatrix) self = g_new0 (CliEmbedMatrix, 1);
  char                       header[DINO_NPY_HEADER_ROOM];

  self->folder = g_strdup (folder);
  self->name = g_strdup (name);
  self->path = g_strdup_printf ("%s/%s.part", folder, name);
  self->n_tokens = n_tokens;
  self->n_channels = n_channels;
  self->half = half;
  self->header_size = format_header (self, 0, header);
  self->row = g_malloc (cli_embed_matrix_row_size (self));
  self->fd = dino_open (self->path, O_RDWR | O_CREAT | O_CLOEXEC, 0666);
  if (self->fd >= 0)
    return g_steal_pointer (&self);
  cli_embed_file_fail (self->path, errno, error);
  return NULL;
}

void
cli_embed_matrix_close (CliEmbedMatrix *self)
{
  if (self->fd >= 0)
    close (self->fd);
  g_free (self->folder);
  g_free (self->name);
  g_free (self->path);
  g_free (self->row);
  g_free (self);
}

const char *
cli_embed_matrix_name (CliEmbedMatrix *self)
{
  return self->name;
}

const char *
cli_embed_matrix_path (CliEmbedMatrix *self)
{
  return self->path;
}

gsize
cli_embed_matrix_row_size (CliEmbedMatrix *self)
{
  return n_values (self) * (self->half ? sizeof (guint16) : sizeof (float));
}

goffset
cli_embed_matrix_start (CliEmbedMatrix *self)
{
  return (goffset) self->header_size;
}

static goffset
row_offset (CliEmbedMatrix *self, guint64 n)
{
  return (goffset) (self->header_size + n * cli_embed_matrix_row_size (self));
}

gboolean
cli_embed_matrix_write_bytes (CliEmbedMatrix *self, guint64 n, const void *bytes, guint64 *sum, GError **error)
{
  *sum = dino_checksum (bytes, cli_embed_matrix_row_size (self));
  return cli_embed_file_write (self->fd, self->path, bytes, cli_embed_matrix_row_size (self), row_offset (self, n), error);
}

gboolean
cli_embed_matrix_write (CliEmbedMatrix *self, guint64 n, const float *values, guint64 *sum, GError **error)
{
  if (!self->half)
    return cli_embed_matrix_write_bytes (self, n, values, sum, error);
  for (gsize i = 0; i < n_values (self); i++)
    {
      const guint16 half = dino_half_from_float (values[i]);

      memcpy (self->row + i * sizeof half, &half, sizeof half);
    }
  return cli_embed_matrix_write_bytes (self, n, self->row, sum, error);
}

static gboolean
read_row (CliEmbedMatrix *self, guint64 n)
{
  const gsize size = cli_embed_matrix_row_size (self);
  gsize       done = 0;

  while (done < size)
    {
      gssize got = pread (self->fd, self->row + done, size - done, row_offset (self, n) + (goffset) done);

      if (got < 0 && errno == EINTR)
        continue;
      if (got <= 0)
        return FALSE;
      done += (gsize) got;
    }
  return TRUE;
}

gboolean
cli_embed_matrix_checksum (CliEmbedMatrix *self, guint64 n, guint64 *sum)
{
  if (!read_row (self, n))
    return FALSE;
  *sum = dino_checksum (self->row, cli_embed_matrix_row_size (self));
  return TRUE;
}

gboolean
cli_embed_matrix_sync (CliEmbedMatrix *self, GError **error)
{
  return cli_embed_file_sync (self->fd, self->path, error);
}

gboolean
cli_embed_matrix_finish (CliEmbedMatrix *self, guint64 n, GError **error)
{
  char  header[DINO_NPY_HEADER_ROOM];
  gsize length = format_header (self, n, header);

  return cli_embed_file_truncate (self->fd, self->path, row_offset (self, n), error) && cli_embed_file_write (self->fd, self->path, header, length, 0, error) && cli_embed_file_sync (self->fd, self->path, error);
}

static gboolean
write_sorted (CliEmbedMatrix *self, int fd, const char *path, const guint64 *order, guint64 n, GError **error)
{
  char  header[DINO_NPY_HEADER_ROOM];
  gsize length = format_header (self, n, header);

  if (!cli_embed_file_write (fd, path, header, length, 0, error))
    return FALSE;
  for (guint64 i = 0; i < n; i++)
    {
      if (!read_row (self, order[i]))
        return cli_embed_file_fail (self->path, EIO, error);
      if (!cli_embed_file_write (fd, path, self->row, cli_embed_matrix_row_size (self), row_offset (self, i), error))
        return FALSE;
    }
  return cli_embed_file_sync (fd, path, error);
}

gboolean
cli_embed_matrix_sort (CliEmbedMatrix *self, const guint64 *order, guint64 n, GError **error)
{
  g_autofree char *path = g_strdup_printf ("%s/%s.sorted", self->folder, self->name);
  int              fd = dino_open (path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
  gboolean         good;

  if (fd < 0)
    return cli_embed_file_fail (path, errno, error);
  good = write_sorted (self, fd, path, order, n, error);
  close (fd);
  return good;
}
