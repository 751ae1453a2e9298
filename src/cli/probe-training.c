#include "cli/output.h"
#include "cli/probe.h"
#include "core/base/text.h"
#include "io/training-list.h"

#define MOST_NAMES 5

static void
warn (const GPtrArray *names, const GPtrArray *found)
{
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < found->len && i < MOST_NAMES; i++)
    g_string_append_printf (text, "%s%s", i > 0 ? ", " : "", (const char *) found->pdata[i]);
  if (found->len > MOST_NAMES)
    g_string_append (text, ", …");
  cli_error (_ ("Warning: by their file names, %u of %u pictures were among those that the encoder was trained on, so scores may be better than on new ones (%s)."), found->len, names->len, text->str);
}

CliExit
cli_probe_check_training (const CliSession *session, const GPtrArray *names, GPtrArray *found)
{
  const char                *path = cli_arguments_text (session->arguments, CLI_OPTION_TRAINING_LIST, NULL);
  struct dino_error          error = { 0 };
  struct dino_training_list *list;

  if (path == NULL)
    return CLI_EXIT_DONE;
  list = dino_training_list_read (path, &error);
  if (list == NULL)
    return cli_fail_about (&error, path, CLI_EXIT_INPUT);
  for (guint i = 0; i < names->len; i++)
    if (dino_training_list_has (list, names->pdata[i]))
      g_ptr_array_add (found, names->pdata[i]);
  dino_training_list_free (list);
  if (found->len > 0)
    warn (names, found);
  else if (!session->quiet)
    cli_note (_ ("By their file names, none of the %u pictures was among those that the encoder was trained on."), names->len);
  return CLI_EXIT_DONE;
}

void
cli_probe_report_training (json_t *object, const CliSession *session, const GPtrArray *found)
{
  json_t *names;

  if (!cli_arguments_has (session->arguments, CLI_OPTION_TRAINING_LIST))
    return;
  names = json_array ();
  for (guint i = 0; i < found->len; i++)
    json_array_append_new (names, cli_json_text (found->pdata[i]));
  json_object_set_new (object, "trained_on", names);
}
