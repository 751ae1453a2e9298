#include "cli/embed-folder.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#include "cli/embed-file.h"
#include "cli/embed-folder-private.h"
#include "core/base/checksum.h"
#include "core/base/text.h"
#include "core/model/json.h"
#include "engine/dinoscope-error.h"
#include "io/output.h"

#define MAX_JSON ((gsize) 1 << 20)
#define MAX_WEIGHT 4096

/* A row that the log tells of and that may not be on the disk. */
typedef struct
{
  guint64 row, sum;
  goffset entry; /* of the record in the log */
  guint64 n_done, n_rows;
} Unsynced;

char *
cli_embed_folder_file (CliEmbedFolder *self, const char *name)
{
  return g_build_filename (self->path, name, NULL);
}

static json_t *
parse_job (const char *path, const char *text, gsize length)
{
  struct dino_error error = { 0 };
  json_t           *job = dino_json_parse (path, text, length, MAX_WEIGHT, &error);

  if (job == NULL)
    cli_error ("%s", error.message);
  return job;
}

gboolean
cli_embed_folder_has (CliEmbedFolder *self, int embedding)
{
  return embedding == DINO_EMBEDDING_PATCHES ? self->shape.patches : embedding != DINO_EMBEDDING_LAST4 || self->shape.last4;
}

static gboolean
open_matrices (CliEmbedFolder *self, GError **error)
{
  for (int i = 0; i < DINO_N_EMBEDDINGS; i++)
    {
      if (!cli_embed_folder_has (self, i))
        continue;
      self->matrices[i] = cli_embed_matrix_open (self->path, dino_embedding_file_name ((enum dino_embedding) i),
                                                 i == DINO_EMBEDDING_PATCHES ? self->shape.n_patches : 0,
                                                 (i == DINO_EMBEDDING_LAST4 ? 4 : 1) * self->shape.n_channels, self->shape.half, error);
      if (self->matrices[i] == NULL)
        return FALSE;
    }
  return TRUE;
}

/* The checksum of a picture's rows in all matrices. */
static guint64
join_sums (const guint64 *sums)
{
  return dino_checksum (sums, DINO_N_EMBEDDINGS * sizeof *sums);
}

static gboolean
check_row (CliEmbedFolder *self, const Unsynced *unsynced)
{
  guint64 sums[DINO_N_EMBEDDINGS] = { 0 };

  for (int i = 0; i < DINO_N_EMBEDDINGS; i++)
    if (self->matrices[i] != NULL && !cli_embed_matrix_checksum (self->matrices[i], unsynced->row, &sums[i]))
      return FALSE;
  return join_sums (sums) == unsynced->sum;
}

/* Reads the records. Those behind the last mark count as far as their rows are
 * there: after a loss of power the log may know more than the matrices. */
static gboolean
replay (CliEmbedFolder *self, gboolean *complete, GError **error)
{
  g_autoptr (GArray) unsynced = g_array_new (FALSE, FALSE, sizeof (Unsynced));
  goffset            end = self->records;
  CliEmbedRecord     record;
  CliEmbedEntry      entry;
  const char        *text;

  *complete = FALSE;
  while (!*complete && (entry = cli_embed_journal_read (self->journal, &record, &text)) != CLI_EMBED_ENTRY_END)
    {
      if (entry == CLI_EMBED_ENTRY_RECORD)
        {
          const Unsynced item = { self->n_rows, record.sum, end, self->n_done, self->n_rows };

          if (record.ok)
            g_array_append_val (unsynced, item);
          self->n_done++;
          self->n_rows += record.ok != FALSE;
        }
      else if (entry == CLI_EMBED_ENTRY_SYNCED)
        g_array_set_size (unsynced, 0);
      self->sorted = entry == CLI_EMBED_ENTRY_SORTED;
      *complete = self->sorted || entry == CLI_EMBED_ENTRY_COMPLETE;
      end = cli_embed_journal_tell (self->journal);
    }
  if (!cli_embed_journal_check (self->journal, error))
    return FALSE;
  if (*complete)
    return TRUE;
  if (!open_matrices (self, error))
    return FALSE;
  for (guint i = 0; i < unsynced->len; i++)
    {
      const Unsynced *item = &g_array_index (unsynced, Unsynced, i);

      if (check_row (self, item))
        continue;
      self->n_done = item->n_done;
      self->n_rows = item->n_rows;
      end = item->entry;
      break;
    }
  return cli_embed_journal_cut (self->journal, end, error);
}

/* A log whose first entry is not a job was begun and no more. */
static CliExit
read_log (CliEmbedFolder *self, json_t *job)
{
  g_autoptr (GError) error = NULL;
  CliEmbedRecord     record;
  const char        *text;
  gboolean           complete = FALSE;

  cli_embed_journal_seek (self->journal, 0);
  if (cli_embed_journal_read (self->journal, &record, &text) != CLI_EMBED_ENTRY_JOB)
    return cli_embed_journal_check (self->journal, &error) ? CLI_EXIT_DONE : cli_fail (error, CLI_EXIT_OUTPUT);
  self->job = parse_job (self->path, text, strlen (text));
  if (self->job == NULL)
    return CLI_EXIT_OUTPUT;
  if (!cli_embed_job_matches (job, self->job, self->path))
    return CLI_EXIT_USAGE;
  self->records = cli_embed_journal_tell (self->journal);
  if (!replay (self, &complete, &error))
    return cli_fail (error, CLI_EXIT_OUTPUT);
  if (complete)
    return cli_embed_folder_put_in_place (self, &error) ? CLI_EXIT_DONE : cli_fail (error, CLI_EXIT_OUTPUT);
  self->state = CLI_EMBED_FOLDER_UNFINISHED;
  return CLI_EXIT_DONE;
}

static gboolean
has_file (CliEmbedFolder *self, const char *name)
{
  g_autofree char *path = cli_embed_folder_file (self, name);

  return g_file_test (path, G_FILE_TEST_EXISTS);
}

/* embed.json of a complete folder. */
static CliExit
read_complete (CliEmbedFolder *self, json_t *job)
{
  g_autofree char  *path = cli_embed_folder_file (self, "embed.json");
  struct dino_error error = { 0 };
  const json_t     *counts;

  g_clear_pointer (&self->job, json_decref);
  self->job = dino_json_read (path, MAX_JSON, MAX_WEIGHT, &error);
  if (self->job == NULL)
    return cli_fail_core (&error, CLI_EXIT_OUTPUT);
  if (!cli_embed_job_matches (job, self->job, self->path))
    return CLI_EXIT_USAGE;
  counts = json_object_get (self->job, "counts");
  self->n_rows = (guint64) json_integer_value (json_object_get (counts, "embedded"));
  self->n_done = self->n_rows + (guint64) json_integer_value (json_object_get (counts, "failed"));
  self->state = CLI_EMBED_FOLDER_COMPLETE;
  return CLI_EXIT_DONE;
}

/* What a process that was killed left of a file it was writing. Locked, so
 * that nobody else is writing it. */
static void
remove_leftovers (CliEmbedFolder *self)
{
  g_autoptr (GDir) dir = g_dir_open (self->path, 0, NULL);
  const char      *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    if (g_str_has_prefix (name, ".dinoscope-") && g_str_has_suffix (name, ".part"))
      {
        g_autofree char *path = cli_embed_folder_file (self, name);

        g_unlink (path);
      }
}

static CliExit
find_state (CliEmbedFolder *self, json_t *job, gboolean renew)
{
  CliExit code = CLI_EXIT_DONE;

  if (g_mkdir_with_parents (self->path, 0777) != 0)
    {
      cli_error (_ ("The directory “%s” cannot be made: %s."), self->path, g_strerror (errno));
      return CLI_EXIT_OUTPUT;
    }
  /* A complete folder may be one that cannot be written. Where only the last
   * steps were left, its log is gone now, and a new one may be wanted. */
  while (code == CLI_EXIT_DONE && self->journal == NULL && (renew || has_file (self, "embed.journal") || !has_file (self, "embed.json")))
    {
      self->journal = cli_embed_journal_open (self->path);
      if (self->journal == NULL)
        return CLI_EXIT_OUTPUT;
      remove_leftovers (self);
      code = read_log (self, job);
    }
  if (code == CLI_EXIT_DONE && self->state != CLI_EMBED_FOLDER_UNFINISHED && has_file (self, "embed.json"))
    {
      code = read_complete (self, job);
      if (renew && code == CLI_EXIT_DONE)
        self->state = CLI_EMBED_FOLDER_NEW;
    }
  return code;
}

CliEmbedFolder *
cli_embed_folder_open (const char *path, json_t *job, const CliEmbedShape *shape, gboolean renew, CliExit *code)
{
  g_autoptr (CliEmbedFolder) self = g_new0 (CliEmbedFolder, 1);

  self->path = g_strdup (path);
  self->shape = *shape;
  *code = find_state (self, job, renew);
  if (*code != CLI_EXIT_DONE)
    return NULL;
  if (self->state != CLI_EMBED_FOLDER_NEW)
    return g_steal_pointer (&self);
  g_clear_pointer (&self->job, json_decref);
  self->job = json_deep_copy (job);
  self->n_done = self->n_rows = 0;
  return g_steal_pointer (&self);
}

static void
close_matrices (CliEmbedFolder *self)
{
  for (int i = 0; i < DINO_N_EMBEDDINGS; i++)
    g_clear_pointer (&self->matrices[i], cli_embed_matrix_close);
}

void
cli_embed_folder_close (CliEmbedFolder *self)
{
  if (self->journal != NULL)
    cli_embed_journal_remove_empty (self->journal);
  close_matrices (self);
  g_clear_pointer (&self->journal, cli_embed_journal_close);
  json_decref (self->job);
  g_free (self->path);
  g_free (self);
}

CliEmbedFolderState
cli_embed_folder_get_state (CliEmbedFolder *self)
{
  return self->state;
}

const char *
cli_embed_folder_get_path (CliEmbedFolder *self)
{
  return self->path;
}

const json_t *
cli_embed_folder_get_job (CliEmbedFolder *self)
{
  return self->job;
}

gboolean
cli_embed_folder_had_earlier (CliEmbedFolder *self)
{
  return has_file (self, "embed.json");
}

guint64
cli_embed_folder_get_done (CliEmbedFolder *self)
{
  return self->n_done;
}

guint64
cli_embed_folder_get_failed (CliEmbedFolder *self)
{
  return self->n_done - self->n_rows;
}

/* Each name with a NUL. */
static gboolean
write_names (CliEmbedFolder *self, const CliEmbedInputs *inputs, GError **error)
{
  g_autofree char    *path = cli_embed_folder_file (self, CLI_EMBED_NAMES_FILE);
  struct dino_error   failure = { 0 };
  struct dino_output *output = dino_output_new (path, &failure);
  gboolean            good = output != NULL;

  for (guint i = 0; good && i < inputs->items->len; i++)
    {
      const char *name = g_array_index (inputs->items, CliEmbedInput, i).name;

      good = dino_output_write (output, name, strlen (name) + 1, &failure);
    }
  if (good && dino_output_commit (output, &failure))
    return TRUE;
  if (!good)
    dino_output_abort (output);
  dinoscope_set_error (error, &failure, DINOSCOPE_ERROR_WRITE);
  return FALSE;
}

/* Rows of an earlier run that left no usable log are none of this one's. */
static gboolean
empty_matrices (CliEmbedFolder *self, GError **error)
{
  for (int i = 0; i < DINO_N_EMBEDDINGS; i++)
    if (self->matrices[i] != NULL && truncate (cli_embed_matrix_path (self->matrices[i]), 0) != 0)
      return cli_embed_file_fail (cli_embed_matrix_path (self->matrices[i]), errno, error);
  return TRUE;
}

CliExit
cli_embed_folder_begin (CliEmbedFolder *self, const CliEmbedInputs *inputs)
{
  g_autoptr (GError) error = NULL;
  struct dino_error  failure = { 0 };
  g_autofree char   *text = NULL;
  gboolean           good;

  if (inputs != NULL)
    cli_embed_job_set_listed (self->job, inputs->total, inputs->sha256);
  text = cli_embed_job_text (self->job, &failure);
  if (text == NULL)
    {
      dino_error_about (&failure, self->path);
      return cli_fail_core (&failure, CLI_EXIT_OUTPUT);
    }
  good = (inputs == NULL || write_names (self, inputs, &error)) && open_matrices (self, &error) && empty_matrices (self, &error) &&
         cli_embed_journal_cut (self->journal, 0, &error) && cli_embed_journal_add_job (self->journal, text, &error) &&
         cli_embed_journal_sync (self->journal, &error);
  if (!good)
    return cli_fail (error, CLI_EXIT_OUTPUT);
  cli_embed_file_sync_folder (self->path);
  self->records = cli_embed_journal_end (self->journal);
  self->state = CLI_EMBED_FOLDER_UNFINISHED;
  return CLI_EXIT_DONE;
}

GPtrArray *
cli_embed_folder_read_names (CliEmbedFolder *self, CliExit *code)
{
  g_autofree char   *path = cli_embed_folder_file (self, CLI_EMBED_NAMES_FILE);
  g_autoptr (GError) error = NULL;
  GPtrArray         *names;
  char              *text = NULL;
  gsize              length = 0;

  if (!g_file_get_contents (path, &text, &length, &error))
    {
      cli_error ("%s", error->message);
      *code = CLI_EXIT_OUTPUT;
      return NULL;
    }
  names = g_ptr_array_new_with_free_func (g_free);
  for (const char *name = text; name < text + length; name += strlen (name) + 1)
    g_ptr_array_add (names, g_strdup (name));
  g_free (text);
  return names;
}

GPtrArray *
cli_embed_folder_list_done (CliEmbedFolder *self)
{
  GPtrArray     *names = g_ptr_array_new_with_free_func (g_free);
  CliEmbedRecord record;

  cli_embed_folder_rewind (self);
  while (cli_embed_folder_next_record (self, &record))
    g_ptr_array_add (names, g_strdup (record.name));
  return names;
}

void
cli_embed_folder_rewind (CliEmbedFolder *self)
{
  cli_embed_journal_seek (self->journal, self->records);
}

gboolean
cli_embed_folder_next_record (CliEmbedFolder *self, CliEmbedRecord *record)
{
  CliEmbedEntry entry;
  const char   *text;

  do
    entry = cli_embed_journal_read (self->journal, record, &text);
  while (entry == CLI_EMBED_ENTRY_SYNCED);
  return entry == CLI_EMBED_ENTRY_RECORD;
}

/* Where the numbers of a matrix begin in CliEmbedRows. */
static gsize
values_offset (const CliEmbedShape *shape, int embedding)
{
  const gsize n_patches = shape->patches ? shape->n_patches : 0;

  return ((gsize) MIN (embedding, DINO_EMBEDDING_PATCHES) + (embedding == DINO_EMBEDDING_LAST4 ? n_patches : 0)) * shape->n_channels;
}

static gboolean
write_rows (CliEmbedFolder *self, const CliEmbedRows *rows, guint64 *sum, GError **error)
{
  guint64 sums[DINO_N_EMBEDDINGS] = { 0 };

  for (int i = 0; i < DINO_N_EMBEDDINGS; i++)
    {
      CliEmbedMatrix *matrix = self->matrices[i];

      if (matrix == NULL)
        continue;
      if (rows->values != NULL ? !cli_embed_matrix_write (matrix, self->n_rows, rows->values + values_offset (&self->shape, i), &sums[i], error)
                               : !cli_embed_matrix_write_bytes (matrix, self->n_rows, rows->bytes[i], &sums[i], error))
        return FALSE;
    }
  *sum = join_sums (sums);
  return TRUE;
}

gboolean
cli_embed_folder_add (CliEmbedFolder *self, CliEmbedRecord *record, const CliEmbedRows *rows, GError **error)
{
  record->sum = 0;
  if (rows != NULL && !write_rows (self, rows, &record->sum, error))
    return FALSE;
  /* The record last: what it tells of is there. */
  if (!cli_embed_journal_add_record (self->journal, record, error))
    return FALSE;
  self->n_done++;
  self->n_rows += rows != NULL;
  return TRUE;
}

gboolean
cli_embed_folder_sync (CliEmbedFolder *self, GError **error)
{
  for (int i = 0; i < DINO_N_EMBEDDINGS; i++)
    if (self->matrices[i] != NULL && !cli_embed_matrix_sync (self->matrices[i], error))
      return FALSE;
  return cli_embed_journal_add_mark (self->journal, CLI_EMBED_ENTRY_SYNCED, error) && cli_embed_journal_sync (self->journal, error);
}
