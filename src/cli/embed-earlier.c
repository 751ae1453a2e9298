#include "cli/embed-earlier.h"

#include <string.h>

#include "cli/embed-folder-private.h"
#include "core/base/file.h"
#include "core/base/memory.h"
#include "core/base/text.h"
#include "engine/dinoscope-error.h"

#define DIGEST 32
#define MAX_ROWS G_MAXUINT32

struct _CliEmbedEarlier
{
  struct dino_embeddings *embeddings;
  guint8                 *digests; /* [n, DIGEST], as content.bin */
  GHashTable             *by_digest;
  int                     width, height; /* columns of the table */
};

static guint
hash_digest (gconstpointer digest)
{
  guint hash;

  memcpy (&hash, digest, sizeof hash);
  return hash;
}

static gboolean
equal_digests (gconstpointer a, gconstpointer b)
{
  return memcmp (a, b, DIGEST) == 0;
}

static gboolean
read_digests (CliEmbedEarlier *self, struct dino_error *error)
{
  g_autofree char *path = g_build_filename (dino_embeddings_folder (self->embeddings), CLI_EMBED_CONTENT_FILE, NULL);
  const size_t     n = dino_embeddings_n_rows (self->embeddings);
  size_t           length = 0;

  if (n > MAX_ROWS)
    return dino_error_set (error, DINO_CODE_LIMIT, _ ("“%s” has too many rows."), path);
  self->digests = dino_file_read (path, (n + 1) * DIGEST, &length, error);
  if (self->digests == NULL)
    return FALSE;
  if (length != n * DIGEST)
    return dino_error_set (error, DINO_CODE_FORMAT, _ ("“%s” is not of the matrices beside it."), path);
  self->by_digest = g_hash_table_new (hash_digest, equal_digests);
  for (size_t i = n; i > 0; i--) /* of equal files the first counts */
    g_hash_table_insert (self->by_digest, self->digests + (i - 1) * DIGEST, GSIZE_TO_POINTER (i));
  return TRUE;
}

CliEmbedEarlier *
cli_embed_earlier_open (const char *folder)
{
  g_autoptr (CliEmbedEarlier) self = g_new0 (CliEmbedEarlier, 1);
  struct dino_error           error = { 0 };
  gboolean                    good;

  self->embeddings = dino_embeddings_open (folder, &error);
  good = self->embeddings != NULL && dino_table_need (dino_embeddings_table (self->embeddings), "width", &self->width, &error) &&
         dino_table_need (dino_embeddings_table (self->embeddings), "height", &self->height, &error) && read_digests (self, &error);
  if (good)
    return g_steal_pointer (&self);
  cli_error ("%s", error.message);
  return NULL;
}

void
cli_embed_earlier_close (CliEmbedEarlier *self)
{
  g_clear_pointer (&self->by_digest, g_hash_table_unref);
  dino_free (self->digests);
  dino_embeddings_free (self->embeddings);
  g_free (self);
}

gint64
cli_embed_earlier_find (const CliEmbedEarlier *self, const char *file_sha256)
{
  guint8 digest[DIGEST];
  gsize  place;

  for (gsize i = 0; i < DIGEST; i++)
    digest[i] = (guint8) (g_ascii_xdigit_value (file_sha256[2 * i]) << 4 | g_ascii_xdigit_value (file_sha256[2 * i + 1]));
  place = GPOINTER_TO_SIZE (g_hash_table_lookup (self->by_digest, digest));
  return (gint64) place - 1;
}

static gboolean
get_bytes (const CliEmbedEarlier *self, gsize row, CliEmbedRows *rows, struct dino_error *error)
{
  for (int i = 0; i < DINO_N_EMBEDDINGS; i++)
    {
      const struct dino_matrix_file *matrix = dino_embeddings_matrix (self->embeddings, (enum dino_embedding) i);
      gsize                          size;

      rows->bytes[i] = NULL;
      if (matrix == NULL)
        continue;
      if (!dino_matrix_file_check (matrix, error))
        return FALSE;
      size = dino_matrix_file_n_tokens (matrix) * dino_matrix_file_n_channels (matrix) * (dino_matrix_file_is_half (matrix) ? sizeof (guint16) : sizeof (float));
      rows->bytes[i] = (const guint8 *) dino_matrix_file_data (matrix) + row * size;
    }
  return TRUE;
}

gboolean
cli_embed_earlier_get (const CliEmbedEarlier *self, gint64 row, CliEmbedRecord *record, CliEmbedRows *rows, GError **error)
{
  const struct dino_table *table = dino_embeddings_table (self->embeddings);
  const gsize              place = (gsize) row, line = dino_embeddings_table_row (self->embeddings, place);
  struct dino_error        failure = { 0 };
  size_t                   width = 0, height = 0;

  rows->values = NULL;
  if (!get_bytes (self, place, rows, &failure) || !dino_table_get_size (table, line, self->width, G_MAXINT, &width, &failure) ||
      !dino_table_get_size (table, line, self->height, G_MAXINT, &height, &failure))
    {
      dinoscope_set_error (error, &failure, DINOSCOPE_ERROR_WRITE);
      return FALSE;
    }
  record->ok = TRUE;
  record->width = (int) width;
  record->height = (int) height;
  g_strlcpy (record->pixels_sha256, dino_embeddings_pixels_sha256 (self->embeddings, place), sizeof record->pixels_sha256);
  g_strlcpy (record->view, dino_embeddings_view (self->embeddings, place), sizeof record->view);
  return TRUE;
}

gsize
cli_embed_earlier_n_rows (const CliEmbedEarlier *self)
{
  return dino_embeddings_n_rows (self->embeddings);
}
