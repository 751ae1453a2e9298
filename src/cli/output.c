#include "cli/output.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/base/text.h"
#include "core/model/json-memory.h"
#include "io/npy.h"

gboolean
cli_output_is_stdout (const char *path)
{
  return strcmp (path, "-") == 0;
}

gboolean
cli_output_is_file (const char *path)
{
  struct stat status;

  return !cli_output_is_stdout (path) && (stat (path, &status) != 0 || S_ISREG (status.st_mode));
}

gboolean
cli_output_is_directory (const char *path)
{
  return !cli_output_is_stdout (path) && g_file_test (path, G_FILE_TEST_IS_DIR);
}

static CliExit
refuse (const char *path, int number)
{
  cli_error (_ ("“%s” cannot be written: %s."), path, g_strerror (number));
  return CLI_EXIT_OUTPUT;
}

static CliExit
check_writable (const char *path)
{
  g_autofree char *folder = NULL;

  if (cli_output_is_stdout (path))
    return CLI_EXIT_DONE;
  if (cli_output_is_directory (path) || g_str_has_suffix (path, "/"))
    return refuse (path, EISDIR);
  if (!cli_output_is_file (path))
    return access (path, W_OK) == 0 ? CLI_EXIT_DONE : refuse (path, errno);
  folder = g_path_get_dirname (path);
  if (!g_file_test (folder, G_FILE_TEST_IS_DIR))
    return refuse (path, ENOENT);
  return access (folder, W_OK) == 0 ? CLI_EXIT_DONE : refuse (path, errno);
}

CliExit
cli_output_check_inputs (CliCommand command, const char *path, const GPtrArray *inputs)
{
  struct stat target, input;

  if (cli_output_is_stdout (path))
    return CLI_EXIT_DONE;
  if (stat (path, &target) == 0 && S_ISREG (target.st_mode))
    for (guint i = 0; i < inputs->len; i++)
      if (stat (inputs->pdata[i], &input) == 0 && input.st_dev == target.st_dev && input.st_ino == target.st_ino)
        {
          cli_usage_error (command, _ ("“%s” is an input; it is not overwritten."), path);
          return CLI_EXIT_USAGE;
        }
  return check_writable (path);
}

char *
cli_output_path (const char *target, const char *input, const char *suffix)
{
  g_autofree char *base = NULL;
  g_autofree char *name = NULL;
  char            *dot;

  if (!cli_output_is_directory (target))
    return g_strdup (target);
  base = g_path_get_basename (input);
  dot = strrchr (base, '.');
  if (dot != NULL && dot != base)
    *dot = '\0';
  name = g_strconcat (base, suffix, NULL);
  return g_build_filename (target, name, NULL);
}

static CliExit
check_names (CliCommand command, const char *target, const GPtrArray *inputs, const char *suffix)
{
  g_autoptr (GHashTable) taken = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (guint i = 0; i < inputs->len; i++)
    {
      g_autofree char *path = cli_output_path (target, inputs->pdata[i], suffix);
      const char      *other = g_hash_table_lookup (taken, path);

      if (other != NULL)
        {
          cli_usage_error (command, _ ("“%s” and “%s” would both be written to “%s”; give them directories of their own."),
                           other, (const char *) inputs->pdata[i], path);
          return CLI_EXIT_USAGE;
        }
      g_hash_table_insert (taken, g_steal_pointer (&path), inputs->pdata[i]);
    }
  return CLI_EXIT_DONE;
}

static CliExit
make_directory (CliCommand command, const char *target, const GPtrArray *inputs, const char *suffix)
{
  if (g_mkdir (target, 0777) == 0)
    return check_names (command, target, inputs, suffix);
  cli_error (_ ("The directory “%s” cannot be made: %s."), target, g_strerror (errno));
  return CLI_EXIT_OUTPUT;
}

CliExit
cli_output_check_target (CliCommand command, CliOption option, const char *target, const GPtrArray *inputs, const char *suffix)
{
  char spelling[32];

  if (cli_output_is_directory (target))
    return check_names (command, target, inputs, suffix);
  if (inputs->len > 1 && (cli_output_is_stdout (target) || g_file_test (target, G_FILE_TEST_EXISTS)))
    {
      cli_usage_error (command, _ ("For several pictures %s must name a directory; “%s” is none."),
                       cli_option_spelling (option, spelling), target);
      return CLI_EXIT_USAGE;
    }
  if (inputs->len > 1 || g_str_has_suffix (target, "/"))
    return make_directory (command, target, inputs, suffix);
  return CLI_EXIT_DONE;
}

CliExit
cli_output_check_folder (const char *path)
{
  g_autofree char *parent = NULL;

  if (cli_output_is_stdout (path) || (g_file_test (path, G_FILE_TEST_EXISTS) && !cli_output_is_directory (path)))
    return refuse (path, ENOTDIR);
  if (cli_output_is_directory (path))
    return access (path, W_OK | X_OK) == 0 ? CLI_EXIT_DONE : refuse (path, errno);
  parent = g_path_get_dirname (path);
  return access (parent, W_OK | X_OK) == 0 ? CLI_EXIT_DONE : refuse (path, errno);
}

CliExit
cli_output_make_folder (const char *path)
{
  return g_mkdir (path, 0777) == 0 || (errno == EEXIST && cli_output_is_directory (path)) ? CLI_EXIT_DONE : refuse (path, errno);
}

CliExit
cli_output_write_npy (const char *path, const float *values, const size_t *shape, int rank, gboolean half)
{
  struct dino_error   error = { 0 };
  struct dino_output *output = dino_output_new (path, &error);

  if (output != NULL && dino_npy_write (output, values, shape, rank, half, &error))
    {
      if (dino_output_commit (output, &error))
        return CLI_EXIT_DONE;
    }
  else
    dino_output_abort (output);
  return cli_fail_core (&error, CLI_EXIT_OUTPUT);
}

json_t *
cli_json_new (const CliArguments *arguments)
{
  return json_pack ("{s:s, s:s}", "schema", CLI_JSON_SCHEMA, "command", cli_command_info (arguments->command)->name);
}

json_t *
cli_json_text (const char *text)
{
  g_autofree char *valid = g_utf8_make_valid (text, -1);

  return json_string (valid);
}

CliExit
cli_json_print (json_t *object)
{
  struct dino_error error = { 0 };
  char             *text = dino_json_dump (object, JSON_INDENT (2) | JSON_REAL_PRECISION (15), &error);

  json_decref (object);
  if (text == NULL)
    {
      dino_error_about (&error, _ ("standard output"));
      return cli_fail_core (&error, CLI_EXIT_OUTPUT);
    }
  puts (text);
  free (text);
  return cli_output_finish ();
}

CliExit
cli_output_finish (void)
{
  gboolean failed = ferror (stdout) != 0;

  errno = 0;
  if (fflush (stdout) == 0 && !failed)
    return CLI_EXIT_DONE;
  cli_error (_ ("Standard output cannot be written: %s."), g_strerror (errno != 0 ? errno : EIO));
  clearerr (stdout);
  return CLI_EXIT_OUTPUT;
}
