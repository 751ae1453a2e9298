#include "cli/model.h"

#include <string.h>

#include "cli/commands.h"
#include "cli/output.h"
#include "core/base/text.h"

typedef struct
{
  const char *name;
  guint       most; /* operands after the name */
  CliExit (*run) (const CliArguments *arguments, GCancellable *cancellable);
} Subcommand;

static const Subcommand subcommands[] = {
  { "calibrate", G_MAXINT, cli_model_calibrate },
  { "get", 1, cli_model_get },
  { "list", 0, cli_model_list },
  { "verify", 1, cli_model_verify },
};

const char *
cli_model_operand (const CliArguments *arguments)
{
  return arguments->operands->len > 1 ? arguments->operands->pdata[1] : NULL;
}

json_t *
cli_model_json_new (const CliArguments *arguments)
{
  json_t *object = cli_json_new (arguments);

  json_object_set_new (object, "subcommand", json_string (arguments->operands->pdata[0]));
  return object;
}

static const Subcommand *
find_subcommand (const char *name)
{
  for (guint i = 0; i < G_N_ELEMENTS (subcommands); i++)
    if (strcmp (subcommands[i].name, name) == 0)
      return &subcommands[i];
  return NULL;
}

/* "calibrate, get, list, verify" */
static char *
list_subcommands (void)
{
  GString *text = g_string_new (subcommands[0].name);

  for (guint i = 1; i < G_N_ELEMENTS (subcommands); i++)
    g_string_append_printf (text, ", %s", subcommands[i].name);
  return g_string_free (text, FALSE);
}

CliExit
cli_model (const CliArguments *arguments, GCancellable *cancellable)
{
  const char       *name = arguments->operands->len > 0 ? arguments->operands->pdata[0] : NULL;
  const Subcommand *subcommand = name != NULL ? find_subcommand (name) : NULL;
  g_autofree char  *all = list_subcommands ();

  if (name == NULL)
    cli_usage_error (CLI_COMMAND_MODEL, _ ("“model” needs to be told what to do: %s."), all);
  else if (subcommand == NULL)
    cli_usage_error (CLI_COMMAND_MODEL, _ ("“model” cannot “%s”; it can: %s."), name, all);
  else if (arguments->operands->len - 1 > subcommand->most)
    cli_usage_error (CLI_COMMAND_MODEL, _ ("“model %s” does not take “%s”."), name,
                     (const char *) arguments->operands->pdata[subcommand->most + 1]);
  else
    return subcommand->run (arguments, cancellable);
  return CLI_EXIT_USAGE;
}
