#include <string.h>

#include "cli/embed-job.h"
#include "cli/merge.h"
#include "core/base/text.h"
#include "core/model/json.h"

#define MAX_JSON ((gsize) 1 << 20)
#define MAX_WEIGHT 4096

static void
clear_part (gpointer data)
{
  CliMergePart *part = data;

  json_decref (part->about);
}

static char *
file_of (const CliMergePart *part, const char *name)
{
  return g_build_filename (part->path, name, NULL);
}

/* Every file of a part is what its embed.json says. */
static gboolean
check_hashes (const CliMergePart *part, const struct dino_progress *progress, struct dino_error *error)
{
  json_t     *files = json_object_get (part->about, "files");
  const char *name;
  json_t     *value;

  if (json_object_size (files) == 0)
    return dino_error_set (error, DINO_CODE_FORMAT, _ ("“%s”: embed.json has no hashes."), part->path);
  json_object_foreach (files, name, value)
  {
    g_autofree char *path = NULL;
    char             sha256[DINO_SHA256_LENGTH];

    if (strchr (name, '/') != NULL)
      return dino_error_set (error, DINO_CODE_FORMAT, _ ("“%s”: embed.json names a file elsewhere."), part->path);
    path = file_of (part, name);
    if (!dino_sha256_file (path, sha256, progress, error))
      return FALSE;
    if (g_strcmp0 (json_string_value (value), sha256) != 0)
      return dino_error_set (error, DINO_CODE_FORMAT, _ ("“%s” is damaged: its hash is not the one in embed.json."), path);
  }
  return TRUE;
}

static gboolean
read_number (const CliMergePart *part, const char *group, const char *key, guint64 limit, guint64 *value, struct dino_error *error)
{
  const json_t *number = json_object_get (json_object_get (part->about, group), key);

  if (!json_is_integer (number) || json_integer_value (number) < 0 || (guint64) json_integer_value (number) > limit)
    return dino_error_set (error, DINO_CODE_FORMAT, _ ("“%s”: embed.json says nothing usable of “%s”."), part->path, key);
  *value = (guint64) json_integer_value (number);
  return TRUE;
}

static gboolean
read_about (CliMergePart *part, struct dino_error *error)
{
  g_autofree char *path = file_of (part, "embed.json");
  g_autofree char *journal = file_of (part, "embed.journal");
  guint64          index = 0, count = 0;

  if (g_file_test (journal, G_FILE_TEST_EXISTS))
    return dino_error_set (error, DINO_CODE_FORMAT, _ ("“%s” is not finished: run embed on it again first."), part->path);
  part->about = dino_json_read (path, MAX_JSON, MAX_WEIGHT, error);
  if (part->about == NULL || !read_number (part, "shard", "index", CLI_EMBED_MAX_SHARDS, &index, error) || !read_number (part, "shard", "count", CLI_EMBED_MAX_SHARDS, &count, error) ||
      !read_number (part, "counts", "inputs", G_MAXUINT32, &part->n_inputs, error))
    return FALSE;
  part->index = (guint) index;
  part->count = (guint) count;
  if (index >= count)
    return dino_error_set (error, DINO_CODE_FORMAT, _ ("“%s” says that it is part %u of %u."), part->path, part->index, part->count);
  return TRUE;
}

static gboolean
read_part (CliMergePart *part, const struct dino_progress *progress, struct dino_error *error)
{
  struct dino_embeddings *embeddings;

  if (!read_about (part, error))
    return FALSE;
  embeddings = dino_embeddings_open (part->path, error);
  if (embeddings == NULL)
    return FALSE;
  part->n_rows = dino_embeddings_n_rows (embeddings);
  if (dino_table_n_rows (dino_embeddings_table (embeddings)) != part->n_inputs)
    dino_error_set (error, DINO_CODE_FORMAT, _ ("“%s”: the table has %zu lines, and embed.json counts %llu."), part->path, dino_table_n_rows (dino_embeddings_table (embeddings)),
                    (unsigned long long) part->n_inputs);
  dino_embeddings_free (embeddings);
  return error->code == DINO_CODE_NONE && check_hashes (part, progress, error);
}

/* Numbers of the same kind, of parts of the same list. */
static gboolean
check_agreement (const CliMergePart *first, const CliMergePart *part)
{
  g_autofree char *difference = cli_embed_job_compare (first->about, part->about, FALSE);
  guint64          count, first_count;
  const char      *listed = cli_embed_job_listed (part->about, &count), *first_listed = cli_embed_job_listed (first->about, &first_count);

  if (difference != NULL)
    cli_error (_ ("“%s” does not belong to “%s” (%s)."), part->path, first->path, difference);
  else if (count != first_count || strcmp (listed, first_listed) != 0)
    cli_error (_ ("“%s” and “%s” are parts of different inputs: of %llu and of %llu pictures, or of other names."), first->path, part->path, (unsigned long long) first_count,
               (unsigned long long) count);
  else
    return TRUE;
  return FALSE;
}

static int
compare_parts (gconstpointer a, gconstpointer b)
{
  const CliMergePart *left = a, *right = b;

  return left->index < right->index ? -1 : left->index > right->index;
}

/* "3, 7 to 9" of what is not there. */
static char *
list_missing (const GArray *parts, guint count)
{
  GString *text = g_string_new (NULL);
  guint    next = 0;

  for (guint i = 0; i <= parts->len; i++)
    {
      const guint index = i < parts->len ? g_array_index (parts, CliMergePart, i).index : count;

      if (index > next)
        g_string_append_printf (text, "%s%u", text->len > 0 ? ", " : "", next);
      if (index > next + 1)
        /* Translators: from a number (before) to a number, of parts that are missing. */
        g_string_append_printf (text, _ (" to %u"), index - 1);
      next = index + 1;
    }
  return g_string_free (text, FALSE);
}

static gboolean
check_whole (const GArray *parts)
{
  const CliMergePart *first = &g_array_index (parts, CliMergePart, 0);
  g_autofree char    *missing = NULL;
  guint64             total = 0, listed;

  for (guint i = 1; i < parts->len; i++)
    {
      const CliMergePart *part = &g_array_index (parts, CliMergePart, i);

      if (part->index != part[-1].index)
        continue;
      cli_error (_ ("“%s” and “%s” are both part %u."), part[-1].path, part->path, part->index);
      return FALSE;
    }
  missing = list_missing (parts, first->count);
  if (*missing != '\0')
    {
      cli_error (_ ("Parts are missing; of %u parts, from 0, these: %s."), first->count, missing);
      return FALSE;
    }
  for (guint i = 0; i < parts->len; i++)
    total += g_array_index (parts, CliMergePart, i).n_inputs;
  cli_embed_job_listed (first->about, &listed);
  if (total == listed)
    return TRUE;
  cli_error (_ ("The parts have %llu pictures, and %llu were listed."), (unsigned long long) total, (unsigned long long) listed);
  return FALSE;
}

GArray *
cli_merge_read_parts (const GPtrArray *folders, const struct dino_progress *progress, CliExit *code)
{
  g_autoptr (GArray) parts = g_array_new (FALSE, TRUE, sizeof (CliMergePart));
  gboolean           good = TRUE;

  g_array_set_clear_func (parts, clear_part);
  *code = CLI_EXIT_INPUT;
  for (guint i = 0; i < folders->len; i++)
    {
      struct dino_error error = { 0 };

      g_array_set_size (parts, i + 1);
      g_array_index (parts, CliMergePart, i).path = folders->pdata[i];
      if (!read_part (&g_array_index (parts, CliMergePart, i), progress, &error))
        {
          *code = cli_fail_core (&error, CLI_EXIT_INPUT);
          if (*code == CLI_EXIT_INTERRUPTED)
            return NULL;
          good = FALSE;
        }
      else if (good)
        good = check_agreement (&g_array_index (parts, CliMergePart, 0), &g_array_index (parts, CliMergePart, i));
    }
  *code = CLI_EXIT_INPUT;
  if (!good)
    return NULL;
  g_array_sort (parts, compare_parts);
  return check_whole (parts) ? g_steal_pointer (&parts) : NULL;
}
