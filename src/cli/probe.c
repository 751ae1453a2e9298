#include "cli/probe.h"

#include <string.h>

#include "cli/commands.h"
#include "cli/output.h"
#include "core/base/text.h"

#define STANDARD_DRAWS 1000

CliExit
cli_probe_usage (const char *format, ...)
{
  g_autofree char *text = NULL;
  va_list          values;

  va_start (values, format);
  text = g_strdup_vprintf (format, values);
  va_end (values);
  cli_usage_error (CLI_COMMAND_PROBE, "%s", text);
  return CLI_EXIT_USAGE;
}

json_t *
cli_probe_json_new (const CliArguments *arguments)
{
  json_t *object = cli_json_new (arguments);

  json_object_set_new (object, "subcommand", json_string (arguments->operands->pdata[0]));
  return object;
}

int
cli_probe_n_draws (const CliSession *session)
{
  return cli_arguments_int (session->arguments, CLI_OPTION_BOOTSTRAP, STANDARD_DRAWS);
}

guint64
cli_probe_seed (const CliSession *session)
{
  return (guint64) cli_arguments_int (session->arguments, CLI_OPTION_SEED, 0);
}

typedef struct
{
  const char *name;
  CliOption   foreign[8]; /* options that it has no use for */
  guint       n_foreign;
  CliExit (*run) (const CliArguments *arguments, GCancellable *cancellable);
} Subcommand;

static const Subcommand subcommands[] = {
  { "train", { CLI_OPTION_HEAD, CLI_OPTION_KNN }, 2, cli_probe_train },
  { "test", { CLI_OPTION_L2, CLI_OPTION_FOLDS, CLI_OPTION_CLASS_WEIGHTS, CLI_OPTION_OUTPUT }, 4, cli_probe_test },
  { "apply",
    { CLI_OPTION_TABLE, CLI_OPTION_LABEL, CLI_OPTION_GROUP, CLI_OPTION_L2, CLI_OPTION_FOLDS, CLI_OPTION_CLASS_WEIGHTS, CLI_OPTION_KNN, CLI_OPTION_CHART },
    8,
    cli_probe_apply },
};

static const Subcommand *
find_subcommand (const char *name)
{
  for (guint i = 0; i < G_N_ELEMENTS (subcommands); i++)
    if (strcmp (subcommands[i].name, name) == 0)
      return &subcommands[i];
  return NULL;
}

CliExit
cli_probe (const CliArguments *arguments, GCancellable *cancellable)
{
  const char       *name = arguments->operands->len > 0 ? arguments->operands->pdata[0] : NULL;
  const Subcommand *subcommand = name != NULL ? find_subcommand (name) : NULL;

  if (name == NULL)
    return cli_probe_usage (_ ("“probe” needs to be told what to do: train, test or apply."));
  if (subcommand == NULL)
    return cli_probe_usage (_ ("“probe” cannot “%s”; it can: train, test, apply."), name);
  for (guint i = 0; i < subcommand->n_foreign; i++)
    if (cli_arguments_has (arguments, subcommand->foreign[i]))
      return cli_probe_usage (_ ("--%s is no option of “probe %s”."), cli_option_info (subcommand->foreign[i])->name, name);
  return subcommand->run (arguments, cancellable);
}
