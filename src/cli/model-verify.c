#include <stdio.h>
#include <string.h>

#include "cli/model.h"
#include "cli/output.h"
#include "cli/progress.h"
#include "core/base/text.h"
#include "core/model/json-memory.h"
#include "core/model/published.h"
#include "engine/dinoscope-found-model.h"

#define PUBLISHED "rad-dino"

static const char *
state_id (enum dino_published_state state)
{
  switch (state)
    {
    case DINO_PUBLISHED_SAME:
      return "same";
    case DINO_PUBLISHED_ABSENT:
      return "missing";
    case DINO_PUBLISHED_OTHER_SIZE:
    case DINO_PUBLISHED_OTHER_CONTENT:
    default:
      return "different";
    }
}

static char *
describe (const struct dino_published_file *file, const struct dino_published_check *check)
{
  switch (check->state)
    {
    case DINO_PUBLISHED_SAME:
      return g_strdup_printf (_ ("as published, %llu bytes"), (unsigned long long) check->size);
    case DINO_PUBLISHED_ABSENT:
      return g_strdup (file->needed ? _ ("missing") : _ ("not there, and not needed"));
    case DINO_PUBLISHED_OTHER_SIZE:
      return g_strdup_printf (_ ("different: %llu bytes instead of %lld"), (unsigned long long) check->size, (long long) file->size);
    case DINO_PUBLISHED_OTHER_CONTENT:
    default:
      return g_strdup_printf (_ ("different: sha256 %s instead of %s"), check->sha256, file->sha256);
    }
}

/* One file, as text or in files; *same becomes FALSE when it speaks against the model. */
static CliExit
verify_file (const char *folder, const struct dino_published_file *file, const struct dino_progress *progress, json_t *files, gboolean *same)
{
  struct dino_published_check check;
  struct dino_error           error = { 0 };
  gboolean                    read = dino_published_compare (folder, file, &check, progress, &error);
  g_autofree char            *text = read ? describe (file, &check) : g_strdup_printf (_ ("cannot be read: %s"), error.message);

  if (!read && error.code == DINO_CODE_CANCELLED)
    return CLI_EXIT_INTERRUPTED;
  if (!read || (check.state != DINO_PUBLISHED_SAME && (file->needed || check.state != DINO_PUBLISHED_ABSENT)))
    *same = FALSE;
  if (files == NULL)
    {
      printf ("%-32s %s\n", file->name, text);
      fflush (stdout);
      return CLI_EXIT_DONE;
    }
  json_array_append_new (files, json_pack ("{s:s, s:s, s:b, s:I, s:s, s:o}",
                                           "name", file->name,
                                           "state", read ? state_id (check.state) : "unreadable",
                                           "needed", (int) file->needed,
                                           "bytes", (json_int_t) check.size,
                                           "sha256", check.sha256,
                                           "text", cli_json_text (text)));
  return CLI_EXIT_DONE;
}

/* A model that is a single file is judged with what lies beside it. */
static char *
find_folder (const char *path, const struct dino_published_model *published, gboolean *known)
{
  g_autofree char *base = g_path_get_basename (path);

  *known = TRUE;
  if (g_file_test (path, G_FILE_TEST_IS_DIR))
    return g_strdup (path);
  *known = FALSE;
  for (size_t i = 0; i < published->n_files; i++)
    *known = *known || strcmp (published->files[i].name, base) == 0;
  return g_path_get_dirname (path);
}

/* What can be said of any model: whether its files are whole and fit each other. */
static char *
describe_other (const char *path, gboolean *usable)
{
  g_autoptr (DinoscopeFoundModel) model = dinoscope_found_model_at (path);
  g_autofree char                *known = dinoscope_found_model_describe (model);
  const char                     *problem = dinoscope_found_model_get_problem (model);

  *usable = problem == NULL;
  if (problem != NULL)
    return g_strdup_printf (_ ("And it cannot be used: %s"), problem);
  return g_strdup_printf (_ ("It is “%s”: its files are whole and its tensors fit its configuration (%s)."),
                          dinoscope_found_model_get_title (model), known);
}

static CliExit
report (const CliArguments *arguments, const char *path, json_t *files, gboolean same)
{
  const struct dino_published_model *published = dino_published_find (PUBLISHED);
  gboolean                           usable;
  g_autofree char                   *other = describe_other (path, &usable);
  g_autofree char                   *printable = cli_printable (other);
  json_t                            *object;

  if (files == NULL)
    {
      if (same)
        printf (_ ("This is %s, to the byte.\n"), published->title);
      else
        printf (_ ("This is not %s as published.\n%s\n"), published->title, printable);
      return cli_output_finish ();
    }
  object = cli_model_json_new (arguments);
  json_object_set_new (object, "path", cli_json_text (path));
  json_object_set_new (object, "published", json_pack ("{s:s, s:s, s:s}", "name", published->name, "repository", published->repository, "revision", published->revision));
  json_object_set (object, "files", files);
  json_object_set_new (object, "same", json_boolean (same));
  json_object_set_new (object, "usable", json_boolean (usable));
  json_object_set_new (object, "text", cli_json_text (same ? "" : other));
  return cli_json_print (object);
}

CliExit
cli_model_verify (const CliArguments *arguments, GCancellable *cancellable)
{
  const struct dino_published_model *published = dino_published_find (PUBLISHED);
  const struct dino_progress         progress = cli_core_progress (cancellable);
  const char                        *argument = cli_model_operand (arguments);
  g_autofree char                   *path = NULL, *folder = NULL, *printable = NULL;
  const gboolean                     json = cli_arguments_has (arguments, CLI_OPTION_JSON);
  json_t                            *files = json ? json_array () : NULL;
  struct dino_error                  error = { 0 };
  gboolean                           same;
  CliExit                            code = CLI_EXIT_DONE;

  if (json && files == NULL)
    {
      dino_json_check (&error);
      return cli_fail_about (&error, _ ("standard output"), CLI_EXIT_OUTPUT);
    }
  if (argument == NULL)
    argument = cli_arguments_text (arguments, CLI_OPTION_MODEL, NULL);
  path = dinoscope_model_find (argument, NULL, NULL);
  folder = find_folder (path, published, &same);
  printable = cli_printable (path);
  if (files == NULL)
    printf ("%s\n", printable);
  for (size_t i = 0; code == CLI_EXIT_DONE && i < published->n_files; i++)
    code = verify_file (folder, &published->files[i], &progress, files, &same);
  if (code == CLI_EXIT_DONE)
    code = report (arguments, path, files, same);
  json_decref (files);
  return code == CLI_EXIT_DONE && !same ? CLI_EXIT_MODEL : code;
}
