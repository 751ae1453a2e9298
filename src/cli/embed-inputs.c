#include "cli/embed-inputs.h"

#include <errno.h>
#include <fts.h>
#include <glob.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/output.h"
#include "core/base/file.h"
#include "core/base/memory.h"
#include "core/base/text.h"
#include "io/read.h"

/* Names of ten million pictures. */
#define MAX_LIST ((size_t) 1 << 30)

static void
clear_input (gpointer data)
{
  CliEmbedInput *input = data;

  g_free (input->name);
  g_free (input->path);
  g_free (input->problem);
}

gboolean
cli_embed_is_picture_name (const char *name)
{
  static const char *const endings[] = { ".png", ".jpg", ".jpeg", ".jpe", ".jfif", ".dcm", ".dicom", ".dic" };
  const char              *dot = strrchr (name, '.');

  for (guint i = 0; dot != NULL && i < G_N_ELEMENTS (endings); i++)
    if (g_ascii_strcasecmp (dot, endings[i]) == 0)
      return TRUE;
  return FALSE;
}

gboolean
cli_embed_is_hidden (const char *path)
{
  for (const char *part = path; part != NULL; part = strchr (part, '/'))
    {
      part += *part == '/';
      if (part[0] == '.' && strncmp (part, "./", 2) != 0 && strncmp (part, "../", 3) != 0)
        return TRUE;
    }
  return FALSE;
}

char *
cli_embed_clean_path (const char *path)
{
  GString *clean = g_string_new (NULL);

  while (strncmp (path, "./", 2) == 0)
    for (path += 2; *path == '/'; path++)
      ;
  for (; *path != '\0'; path++)
    if (path[0] != '/' || path[1] != '/')
      g_string_append_c (clean, *path);
  return g_string_free (clean, FALSE);
}

/* Takes over path and problem; name is a part of path. */
static void
add (CliEmbedInputs *inputs, char *path, const char *name, char *problem)
{
  CliEmbedInput input = { .name = g_strdup (name), .path = path, .problem = problem };

  g_array_append_val (inputs->items, input);
}

/* What fts tells of something in a folder. root_length: how much of paths is
 * not of the name. */
static void
visit (CliEmbedInputs *inputs, FTS *walk, FTSENT *entry, gsize root_length)
{
  g_autofree char *path = NULL;
  const char      *name;

  if (entry->fts_level > 0 && entry->fts_name[0] == '.')
    {
      fts_set (walk, entry, FTS_SKIP);
      return;
    }
  if (entry->fts_info == FTS_D || entry->fts_info == FTS_DP || entry->fts_info == FTS_DC)
    return;
  path = cli_embed_clean_path (entry->fts_path);
  name = strlen (path) > root_length ? path + root_length : path;
  if (entry->fts_info == FTS_DNR || entry->fts_info == FTS_ERR)
    {
      g_autofree char *shown = g_strdup (name);

      add (inputs, NULL, shown, g_strdup (g_strerror (entry->fts_errno)));
    }
  /* What has a picture's ending is told of, whatever it is. */
  else if (cli_embed_is_picture_name (entry->fts_name) || (entry->fts_info == FTS_F && dino_picture_recognise (entry->fts_accpath)))
    {
      g_autofree char *shown = g_strdup (name);

      add (inputs, g_steal_pointer (&path), shown, NULL);
    }
}

static CliExit
walk_folder (CliEmbedInputs *inputs, const char *folder, gboolean alone)
{
  g_autofree char *clean = cli_embed_clean_path (folder);
  gsize            length = strlen (clean);
  char            *roots[2] = { clean, NULL };
  FTSENT          *entry;
  FTS             *walk;

  while (length > 1 && clean[length - 1] == '/')
    clean[--length] = '\0';
  if (length == 0)
    roots[0] = (char *) ".";
  walk = fts_open (roots, FTS_LOGICAL | FTS_NOCHDIR, NULL);
  if (walk == NULL)
    {
      cli_error (_ ("“%s” cannot be read: %s."), folder, g_strerror (errno));
      return CLI_EXIT_INPUT;
    }
  /* Of “.” the paths are clean already; of “/” one slash is all. */
  if (alone && length > 0)
    length += clean[length - 1] != '/';
  errno = 0;
  while ((entry = fts_read (walk)) != NULL)
    visit (inputs, walk, entry, alone ? length : 0);
  if (errno != 0)
    {
      cli_error (_ ("“%s” cannot be read: %s."), folder, g_strerror (errno));
      fts_close (walk);
      return CLI_EXIT_INPUT;
    }
  fts_close (walk);
  return CLI_EXIT_DONE;
}

static CliExit
add_path (CliEmbedInputs *inputs, const char *path, gboolean alone)
{
  g_autofree char *clean = NULL;

  if (g_file_test (path, G_FILE_TEST_IS_DIR))
    return walk_folder (inputs, path, alone);
  clean = cli_embed_clean_path (path);
  add (inputs, g_strdup (clean), clean, NULL);
  return CLI_EXIT_DONE;
}

static CliExit
add_pattern (CliEmbedInputs *inputs, const char *pattern)
{
  glob_t  found;
  CliExit code = CLI_EXIT_DONE;

  if (glob (pattern, GLOB_NOSORT, NULL, &found) != 0)
    {
      cli_error (_ ("There is nothing that “%s” names."), pattern);
      return CLI_EXIT_INPUT;
    }
  for (gsize i = 0; code == CLI_EXIT_DONE && i < found.gl_pathc; i++)
    code = add_path (inputs, found.gl_pathv[i], FALSE);
  globfree (&found);
  return code;
}

static CliExit
add_operands (CliEmbedInputs *inputs, const GPtrArray *operands)
{
  CliExit code = CLI_EXIT_DONE;

  for (guint i = 0; code == CLI_EXIT_DONE && i < operands->len; i++)
    {
      const char *operand = operands->pdata[i];
      struct stat status;

      if (lstat (operand, &status) == 0)
        code = add_path (inputs, operand, operands->len == 1);
      else
        code = add_pattern (inputs, operand);
    }
  return code;
}

/* A device has no end, and a FIFO may have no writer. */
static char *
read_list_file (const char *path, gsize *length)
{
  struct dino_error error = { 0 };
  uint8_t          *data = dino_file_read (path, MAX_LIST, length, &error);
  char             *text = NULL;

  if (data == NULL)
    {
      cli_error ("%s", error.message);
      return NULL;
    }
  text = g_malloc (*length + 1); /* with the NUL behind; names may end with NULs of their own */
  memcpy (text, data, *length + 1);
  dino_free (data);
  return text;
}

static char *
read_list (const char *path, gsize *length)
{
  g_autoptr (GByteArray) bytes = NULL;
  guint8                 piece[65536];
  gssize                 n;

  if (!cli_output_is_stdout (path))
    return read_list_file (path, length);
  bytes = g_byte_array_new ();
  while ((n = read (STDIN_FILENO, piece, sizeof piece)) > 0 || (n < 0 && errno == EINTR))
    if (n > 0)
      g_byte_array_append (bytes, piece, (guint) n);
  *length = bytes->len;
  if (n == 0)
    return g_strndup ((const char *) bytes->data, bytes->len);
  cli_error (_ ("Standard input cannot be read: %s."), g_strerror (errno));
  return NULL;
}

/* A name a line, or names with a NUL after each (find -print0). */
static CliExit
add_list (CliEmbedInputs *inputs, const char *path)
{
  gsize            length = 0;
  g_autofree char *text = read_list (path, &length);
  const char      *end;
  char             separator;

  if (text == NULL)
    return CLI_EXIT_INPUT;
  separator = memchr (text, '\0', length) != NULL ? '\0' : '\n';
  end = text + length;
  for (char *line = text; line < end;)
    {
      char *stop = memchr (line, separator, (gsize) (end - line));
      char *next = stop != NULL ? stop + 1 : text + length;

      if (stop != NULL)
        *stop = '\0';
      if (separator == '\n' && g_str_has_suffix (line, "\r"))
        line[strlen (line) - 1] = '\0';
      if (*line != '\0')
        {
          g_autofree char *clean = cli_embed_clean_path (line);

          add (inputs, g_strdup (clean), clean, NULL);
        }
      line = next;
    }
  return CLI_EXIT_DONE;
}

/* By bytes; strcmp() compares them as unsigned, whatever the locale. */
static int
compare (gconstpointer a, gconstpointer b)
{
  return strcmp (((const CliEmbedInput *) a)->name, ((const CliEmbedInput *) b)->name);
}

static void
sort_inputs (CliEmbedInputs *inputs)
{
  GArray *once = g_array_new (FALSE, FALSE, sizeof (CliEmbedInput));

  g_array_sort (inputs->items, compare);
  for (guint i = 0; i < inputs->items->len; i++)
    {
      CliEmbedInput input = g_array_index (inputs->items, CliEmbedInput, i);

      if (once->len > 0 && compare (&input, &g_array_index (once, CliEmbedInput, once->len - 1)) == 0)
        clear_input (&input);
      else
        g_array_append_val (once, input);
    }
  g_array_free (inputs->items, TRUE);
  inputs->items = once;
  g_array_set_clear_func (once, clear_input);
}

static CliExit
show_names (CliEmbedInputs *inputs, const CliEmbedNames *names)
{
  struct dino_error   error = { 0 };
  struct dino_sha256 *sum = dino_sha256_new (&error);

  if (sum == NULL)
    return cli_fail_about (&error, g_array_index (inputs->items, CliEmbedInput, 0).name, CLI_EXIT_INPUT);
  for (guint i = 0; i < inputs->items->len; i++)
    {
      CliEmbedInput *input = &g_array_index (inputs->items, CliEmbedInput, i);
      char          *shown = cli_embed_names_show (names, input->name);

      g_free (input->name);
      input->name = shown;
      dino_sha256_update (sum, shown, strlen (shown) + 1);
    }
  dino_sha256_finish (sum, inputs->sha256);
  return CLI_EXIT_DONE;
}

CliExit
cli_embed_inputs_list (CliEmbedInputs *inputs, const CliArguments *arguments, const CliEmbedNames *names)
{
  const char *list = cli_arguments_text (arguments, CLI_OPTION_LIST_FILE, NULL);
  CliExit     code;

  *inputs = (CliEmbedInputs){ .items = g_array_new (FALSE, FALSE, sizeof (CliEmbedInput)) };
  code = list != NULL ? add_list (inputs, list) : add_operands (inputs, arguments->operands);
  sort_inputs (inputs);
  if (code != CLI_EXIT_DONE)
    return code;
  inputs->total = inputs->items->len;
  if (inputs->total == 0)
    {
      cli_error (_ ("There are no pictures to embed."));
      return CLI_EXIT_INPUT;
    }
  return show_names (inputs, names);
}

void
cli_embed_inputs_slice (CliEmbedInputs *inputs, CliEmbedShard shard)
{
  guint64 end = 0;

  cli_embed_shard_slice (shard, inputs->total, &inputs->first, &end);
  g_array_set_size (inputs->items, (guint) end);
  if (inputs->first > 0)
    g_array_remove_range (inputs->items, 0, (guint) inputs->first);
}

void
cli_embed_inputs_clear (CliEmbedInputs *inputs)
{
  g_clear_pointer (&inputs->items, g_array_unref);
}

void
cli_embed_inputs_match (CliEmbedInputs *inputs, const GPtrArray *stored, guint64 *n_gone, guint64 *n_new)
{
  g_autoptr (GHashTable) by_name = g_hash_table_new (g_str_hash, g_str_equal);
  GArray                *matched = g_array_new (FALSE, FALSE, sizeof (CliEmbedInput));
  guint64                n_found = 0;

  for (guint i = 0; i < inputs->items->len; i++)
    g_hash_table_insert (by_name, g_array_index (inputs->items, CliEmbedInput, i).name, GUINT_TO_POINTER (i + 1));
  for (guint i = 0; i < stored->len; i++)
    {
      guint          place = GPOINTER_TO_UINT (g_hash_table_lookup (by_name, stored->pdata[i]));
      CliEmbedInput *found = place > 0 ? &g_array_index (inputs->items, CliEmbedInput, place - 1) : NULL;
      CliEmbedInput  input = { .name = g_strdup (stored->pdata[i]) };

      if (found != NULL)
        {
          input.path = g_steal_pointer (&found->path);
          input.problem = g_steal_pointer (&found->problem);
          n_found++;
        }
      g_array_append_val (matched, input);
    }
  *n_gone = stored->len - n_found;
  *n_new = inputs->items->len - n_found;
  g_clear_pointer (&by_name, g_hash_table_unref);
  g_array_unref (inputs->items);
  inputs->items = matched;
  g_array_set_clear_func (matched, clear_input);
}
