/* From the log and the matrices that grew to the final files. */
#include <errno.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#include "cli/embed-file.h"
#include "cli/embed-folder-private.h"
#include "core/base/text.h"
#include "engine/dinoscope-error.h"
#include "io/output.h"

#define TABLE_HEADER "index\trow\tname\tpixels_sha256\twidth\theight\tview\tstatus\terror\n"

static const char *const plain_files[] = { "table.tsv", CLI_EMBED_CONTENT_FILE };

/* One picture of an archive, whose rows come in the archive's order. */
typedef struct
{
  CliEmbedRecord record; /* name and error are owned */
  guint64        row;
} Member;

typedef struct
{
  struct dino_output *table, *content;
  guint64             index, n_rows; /* of the next picture */
  struct dino_error   failure;
} Writer;

static struct dino_output *
open_part (CliEmbedFolder *self, const char *name, struct dino_error *failure)
{
  g_autofree char *part = g_strconcat (name, ".part", NULL);
  g_autofree char *path = cli_embed_folder_file (self, part);

  return dino_output_new (path, failure);
}

static gboolean
put_number (Writer *writer, gboolean there, guint64 number)
{
  char text[24] = "";

  if (there)
    g_snprintf (text, sizeof text, "%" G_GUINT64_FORMAT, number);
  return dino_table_write_field (writer->table, text, '\t', &writer->failure);
}

static gboolean
put_text (Writer *writer, const char *text, char end)
{
  return dino_table_write_field (writer->table, text, end, &writer->failure);
}

/* 64 digits as 32 bytes. */
static gboolean
put_content (Writer *writer, const char *digits)
{
  guint8 bytes[32];

  for (gsize i = 0; i < sizeof bytes; i++)
    bytes[i] = (guint8) (g_ascii_xdigit_value (digits[2 * i]) << 4 | g_ascii_xdigit_value (digits[2 * i + 1]));
  return dino_output_write (writer->content, bytes, sizeof bytes, &writer->failure);
}

static gboolean
put_record (Writer *writer, const CliEmbedRecord *record)
{
  gboolean known = record->width > 0;
  gboolean good = put_number (writer, TRUE, writer->index) && put_number (writer, record->ok, writer->n_rows) && put_text (writer, record->name, '\t') &&
                  put_text (writer, record->pixels_sha256, '\t') && put_number (writer, known, (guint64) record->width) &&
                  put_number (writer, known, (guint64) record->height) && put_text (writer, record->view, '\t') &&
                  put_text (writer, record->ok ? "ok" : "failed", '\t') && put_text (writer, record->error, '\n') &&
                  (!record->ok || put_content (writer, record->file_sha256));

  writer->index++;
  writer->n_rows += record->ok != FALSE;
  return good;
}

static gboolean
put_members (Writer *writer, const GPtrArray *members)
{
  for (guint i = 0; i < members->len; i++)
    if (!put_record (writer, &((const Member *) members->pdata[i])->record))
      return FALSE;
  return TRUE;
}

static gboolean
put_log (Writer *writer, CliEmbedFolder *self)
{
  CliEmbedRecord record;

  cli_embed_folder_rewind (self);
  while (cli_embed_folder_next_record (self, &record))
    if (!put_record (writer, &record))
      return FALSE;
  return TRUE;
}

/* The table and the files' hashes, from the log or, sorted, from members. */
static gboolean
write_table (CliEmbedFolder *self, guint64 first, const GPtrArray *members, GError **error)
{
  Writer   writer = { .index = first };
  gboolean good;

  writer.table = open_part (self, plain_files[0], &writer.failure);
  writer.content = open_part (self, plain_files[1], &writer.failure);
  good = writer.table != NULL && writer.content != NULL && dino_output_write (writer.table, TABLE_HEADER, strlen (TABLE_HEADER), &writer.failure) &&
         (members != NULL ? put_members (&writer, members) : put_log (&writer, self));
  if (!cli_embed_journal_check (self->journal, error))
    {
      dino_output_abort (writer.table);
      dino_output_abort (writer.content);
      return FALSE;
    }
  if (good)
    {
      good = dino_output_commit (writer.content, &writer.failure);
      writer.content = NULL;
    }
  if (good)
    good = dino_output_commit (writer.table, &writer.failure);
  else
    dino_output_abort (writer.table);
  dino_output_abort (writer.content);
  if (!good)
    dinoscope_set_error (error, &writer.failure, DINOSCOPE_ERROR_WRITE);
  return good;
}

static void
member_free (gpointer data)
{
  Member *member = data;

  g_free ((char *) member->record.name);
  g_free ((char *) member->record.error);
  g_free (member);
}

static int
compare_members (gconstpointer a, gconstpointer b)
{
  const Member *left = *(Member *const *) a, *right = *(Member *const *) b;

  return strcmp (left->record.name, right->record.name);
}

static GPtrArray *
read_members (CliEmbedFolder *self)
{
  GPtrArray     *members = g_ptr_array_new_with_free_func (member_free);
  guint64        row = 0;
  CliEmbedRecord record;

  cli_embed_folder_rewind (self);
  while (cli_embed_folder_next_record (self, &record))
    {
      Member *member = g_new (Member, 1);

      *member = (Member){ record, row };
      member->record.name = g_strdup (record.name);
      member->record.error = g_strdup (record.error);
      row += record.ok != FALSE;
      g_ptr_array_add (members, member);
    }
  return members;
}

/* Sorts the members; *order becomes their rows' (transfer full), NULL where they were in order already. */
static void
sort_members (GPtrArray *members, guint64 **order)
{
  guint64  n = 0;
  gboolean moved = FALSE;

  g_ptr_array_sort (members, compare_members); /* a merge sort: equal names stay in their order */
  *order = g_new (guint64, MAX (members->len, 1));
  for (guint i = 0; i < members->len; i++)
    {
      const Member *member = members->pdata[i];

      if (!member->record.ok)
        continue;
      moved |= member->row != n;
      (*order)[n++] = member->row;
    }
  if (!moved)
    g_clear_pointer (order, g_free);
}

static gboolean
set_listed (CliEmbedFolder *self, const GPtrArray *members, GError **error)
{
  struct dino_error   failure = { 0 };
  struct dino_sha256 *sum = dino_sha256_new (&failure);
  char                sha256[DINO_SHA256_LENGTH];

  if (sum == NULL)
    {
      dinoscope_set_error (error, &failure, DINOSCOPE_ERROR_FAILED);
      return FALSE;
    }
  for (guint i = 0; i < members->len; i++)
    {
      const char *name = ((const Member *) members->pdata[i])->record.name;

      dino_sha256_update (sum, name, strlen (name) + 1);
    }
  dino_sha256_finish (sum, sha256);
  cli_embed_job_set_listed (self->job, members->len, sha256);
  return TRUE;
}

/* "folder/name" with an ending that it has until it is in place. */
static char *
part_path (CliEmbedFolder *self, const char *name, const char *ending)
{
  g_autofree char *part = g_strconcat (name, ending, NULL);

  return cli_embed_folder_file (self, part);
}

static gboolean
finish_matrices (CliEmbedFolder *self, const guint64 *order, GError **error)
{
  for (int i = 0; i < DINO_N_EMBEDDINGS; i++)
    {
      CliEmbedMatrix *matrix = self->matrices[i];

      if (matrix == NULL)
        continue;
      if (!cli_embed_matrix_finish (matrix, self->n_rows, error) || (order != NULL && !cli_embed_matrix_sort (matrix, order, self->n_rows, error)))
        return FALSE;
    }
  return TRUE;
}

static gboolean
hash_file (CliEmbedFolder *self, const char *name, const char *ending, json_t *files, GError **error)
{
  g_autofree char  *path = part_path (self, name, ending);
  struct dino_error failure = { 0 };
  char              sha256[DINO_SHA256_LENGTH];

  if (!dino_sha256_file (path, sha256, NULL, &failure))
    {
      dinoscope_set_error (error, &failure, DINOSCOPE_ERROR_WRITE);
      return FALSE;
    }
  json_object_set_new (files, name, json_string (sha256));
  return TRUE;
}

static gboolean
write_json (CliEmbedFolder *self, GError **error)
{
  json_t             *files = json_object ();
  g_autofree char    *text = NULL;
  struct dino_error   failure = { 0 };
  struct dino_output *output = NULL;

  cli_embed_job_set_counts (self->job, self->n_rows, self->n_done - self->n_rows);
  json_object_set_new (self->job, "files", files);
  for (int i = 0; i < DINO_N_EMBEDDINGS; i++)
    if (self->matrices[i] != NULL && !hash_file (self, cli_embed_matrix_name (self->matrices[i]), self->sorted ? ".sorted" : ".part", files, error))
      return FALSE;
  for (guint i = 0; i < G_N_ELEMENTS (plain_files); i++)
    if (!hash_file (self, plain_files[i], ".part", files, error))
      return FALSE;
  text = cli_embed_job_text (self->job, &failure);
  if (text != NULL)
    output = open_part (self, "embed.json", &failure);
  if (output != NULL && dino_output_write (output, text, strlen (text), &failure))
    {
      if (dino_output_commit (output, &failure))
        return TRUE;
    }
  else
    dino_output_abort (output);
  dinoscope_set_error (error, &failure, DINOSCOPE_ERROR_WRITE);
  return FALSE;
}

static gboolean
move (const char *from, const char *to, GError **error)
{
  if (g_rename (from, to) == 0 || errno == ENOENT)
    return TRUE;
  return cli_embed_file_fail (to, errno, error);
}

static gboolean
move_part (CliEmbedFolder *self, const char *name, const char *ending, GError **error)
{
  g_autofree char *from = part_path (self, name, ending);
  g_autofree char *to = cli_embed_folder_file (self, name);
  g_autofree char *part = part_path (self, name, ".part");

  if (!move (from, to, error))
    return FALSE;
  if (strcmp (ending, ".sorted") == 0)
    g_unlink (part);
  return TRUE;
}

gboolean
cli_embed_folder_put_in_place (CliEmbedFolder *self, GError **error)
{
  g_autofree char *json = cli_embed_folder_file (self, "embed.json");
  g_autofree char *json_part = cli_embed_folder_file (self, "embed.json.part");
  g_autofree char *names = cli_embed_folder_file (self, CLI_EMBED_NAMES_FILE);

  /* Who opens the folder meanwhile finds it unfinished, and not a mixture. */
  if (g_file_test (json_part, G_FILE_TEST_EXISTS))
    {
      g_unlink (json);
      cli_embed_file_sync_folder (self->path);
    }
  for (int i = 0; i < DINO_N_EMBEDDINGS; i++)
    if (cli_embed_folder_has (self, i) && !move_part (self, dino_embedding_file_name ((enum dino_embedding) i), self->sorted ? ".sorted" : ".part", error))
      return FALSE;
  for (guint i = 0; i < G_N_ELEMENTS (plain_files); i++)
    if (!move_part (self, plain_files[i], ".part", error))
      return FALSE;
  cli_embed_file_sync_folder (self->path);
  if (!move (json_part, json, error))
    return FALSE;
  cli_embed_file_sync_folder (self->path);
  g_unlink (names);
  cli_embed_journal_remove (self->journal);
  g_clear_pointer (&self->journal, cli_embed_journal_close);
  for (int i = 0; i < DINO_N_EMBEDDINGS; i++)
    g_clear_pointer (&self->matrices[i], cli_embed_matrix_close);
  self->records = 0;
  return TRUE;
}

static gboolean
make_final_files (CliEmbedFolder *self, guint64 first, GPtrArray *members, GError **error)
{
  g_autofree guint64 *order = NULL;

  if (members != NULL)
    {
      sort_members (members, &order);
      if (!set_listed (self, members, error))
        return FALSE;
    }
  self->sorted = order != NULL;
  return finish_matrices (self, order, error) && write_table (self, first, members, error) && write_json (self, error);
}

gboolean
cli_embed_folder_finish (CliEmbedFolder *self, guint64 first, gboolean archive, GError **error)
{
  g_autoptr (GPtrArray) members = archive ? read_members (self) : NULL;

  if (!make_final_files (self, first, members, error))
    return FALSE;
  if (!cli_embed_journal_add_mark (self->journal, self->sorted ? CLI_EMBED_ENTRY_SORTED : CLI_EMBED_ENTRY_COMPLETE, error) || !cli_embed_journal_sync (self->journal, error))
    return FALSE;
  return cli_embed_folder_put_in_place (self, error);
}
