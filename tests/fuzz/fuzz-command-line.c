/* A command line: words with a NUL after each. Options are parsed and their
 * values read; nothing is done with them. */
#include <string.h>

#include "cli/embed-shard.h"
#include "cli/options.h"
#include "core/picture/display.h"
#include "engine/dinoscope-overlays.h"
#include "engine/dinoscope-parameter.h"
#include "fuzz/fuzz.h"
#include "fuzz/parameters.h"

#define MOST_WORDS 64

/* Overlays made once. */
static GListModel *
list_overlays (void)
{
  static GListModel *overlays;

  if (overlays == NULL)
    overlays = dinoscope_overlays_list_all ();
  return overlays;
}

static void
parse_value (DinoscopeParameter *parameter, const char *text)
{
  g_autoptr (GError)   error = NULL;
  g_autoptr (GVariant) parsed = dinoscope_parameter_parse (parameter, text, &error);

  fuzz_promise ((parsed == NULL) == (error != NULL), "a refusal has a reason");
  fuzz_promise (parsed == NULL || dinoscope_parameter_check (parameter, parsed, NULL), "what is parsed is allowed");
}

/* For every overlay that has such a parameter. */
static void
parse_setting (const char *text)
{
  const char *value = strchr (text, '=');

  for (guint i = 0; value != NULL && i < g_list_model_get_n_items (list_overlays ()); i++)
    {
      g_autoptr (DinoscopeOverlayProvider) provider = g_list_model_get_item (list_overlays (), i);
      GListModel                          *parameters = fuzz_parameters (provider);

      for (guint j = 0; j < g_list_model_get_n_items (parameters); j++)
        {
          g_autoptr (DinoscopeParameter) parameter = g_list_model_get_item (parameters, j);

          if (strncmp (dinoscope_parameter_get_name (parameter), text, (gsize) (value - text)) == 0)
            parse_value (parameter, value + 1);
        }
    }
}

static void
parse_window (const char *text)
{
  struct dino_display display, again;
  char                buffer[DINO_DISPLAY_LENGTH];

  if (dino_display_parse (text, &display))
    fuzz_promise (dino_display_parse (dino_display_format (&display, buffer), &again) && again.kind == display.kind, "a window comes back from its text");
}

static void
read_values (const CliArguments *arguments)
{
  CliEmbedShard shard;
  char          spelling[32];

  for (int i = 0; i < CLI_N_OPTIONS; i++)
    {
      const CliOptionInfo *info = cli_option_info ((CliOption) i);
      const GPtrArray     *values = arguments->values[i];

      cli_option_spelling ((CliOption) i, spelling);
      for (guint j = 0; values != NULL && j < values->len; j++)
        fuzz_touch_text (values->pdata[j]);
      if (values == NULL)
        continue;
      if (info->type == CLI_TYPE_INT)
        fuzz_promise (cli_arguments_int (arguments, (CliOption) i, 0) >= info->low && cli_arguments_int (arguments, (CliOption) i, 0) <= info->high, "whole numbers are within their bounds");
      if (info->type == CLI_TYPE_REAL)
        fuzz_promise (cli_arguments_real (arguments, (CliOption) i, 0) >= info->low && cli_arguments_real (arguments, (CliOption) i, 0) <= info->high, "numbers are within their bounds");
    }
  if (cli_embed_shard_read (arguments, TRUE, &shard) == CLI_EXIT_DONE)
    fuzz_promise (shard.index < shard.count, "a shard is one of all");
  if (cli_arguments_has (arguments, CLI_OPTION_WINDOW))
    parse_window (cli_arguments_text (arguments, CLI_OPTION_WINDOW, ""));
  for (guint i = 0; arguments->values[CLI_OPTION_SET] != NULL && i < arguments->values[CLI_OPTION_SET]->len; i++)
    parse_setting (arguments->values[CLI_OPTION_SET]->pdata[i]);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  char             program[] = "dinoscope-cli";
  char            *argv[MOST_WORDS + 2] = { program };
  g_autofree char *words = g_malloc (size + 1);
  int              argc = 1;
  CliArguments     arguments = { 0 };

  memcpy (words, data, size);
  words[size] = '\0';
  for (char *word = words; word < words + size && argc <= MOST_WORDS; word += strlen (word) + 1)
    argv[argc++] = word;
  if (cli_arguments_parse (&arguments, argc, argv))
    {
      fuzz_taken (true);
      read_values (&arguments);
    }
  cli_arguments_clear (&arguments);
  return 0;
}
