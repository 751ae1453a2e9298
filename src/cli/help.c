#include "cli/help.h"

#include <stdio.h>
#include <string.h>

#include "core/base/text.h"
#include "dinoscope-config.h"

#define WIDTH 80
#define INDENT 8

const char *
cli_research_only (void)
{
  return _ ("For research only. Not for clinical use.");
}

void
cli_print_version (void)
{
  printf ("dinoscope-cli (Dinoscope) %s\n%s\n", DINOSCOPE_VERSION, cli_research_only ());
}

/* Prints text in lines of at most WIDTH characters that begin with indent spaces. */
static void
print_wrapped (const char *text, int indent)
{
  g_auto (GStrv) words = g_strsplit (text, " ", -1);
  glong          column = 0;

  for (guint i = 0; words[i] != NULL; i++)
    {
      glong length = g_utf8_strlen (words[i], -1);

      if (column > 0 && column + 1 + length > WIDTH)
        {
          putchar ('\n');
          column = 0;
        }
      if (column == 0)
        column = printf ("%*s", indent, "");
      else
        {
          putchar (' ');
          column++;
        }
      fputs (words[i], stdout);
      column += length;
    }
  putchar ('\n');
}

static void
print_option (const CliOptionInfo *info)
{
  const char *value = info->choices != NULL ? info->choices : info->argument;

  if (info->letter != 0)
    printf ("  -%c, --%s", info->letter, info->name);
  else
    printf ("      --%s", info->name);
  if (value != NULL)
    printf (" %s", value);
  putchar ('\n');
  print_wrapped (_ (info->help), INDENT);
}

/* Options that all commands take, or those of some commands only. */
static void
print_options (const char *title, guint commands, gboolean common)
{
  printf ("\n%s\n", title);
  for (CliOption i = 0; i < CLI_N_OPTIONS; i++)
    {
      const CliOptionInfo *info = cli_option_info (i);

      if ((info->commands & commands) != 0 && (info->commands == CLI_COMMAND_ANY) == common)
        print_option (info);
    }
}

/* Whether a command has options of its own. */
static gboolean
has_options (CliCommand command)
{
  for (CliOption i = 0; i < CLI_N_OPTIONS; i++)
    if ((cli_option_info (i)->commands & command) != 0 && cli_option_info (i)->commands != CLI_COMMAND_ANY)
      return TRUE;
  return FALSE;
}

static void
print_program_help (void)
{
  const CliCommandInfo *info;

  printf ("%s dinoscope-cli [OPTION…] COMMAND [OPTION…] [FILE…]\n\n", _ ("Usage:"));
  print_wrapped (_ ("Shows what an image encoder sees in a chest radiograph."), 0);
  print_wrapped (cli_research_only (), 0);
  printf ("\n%s\n", _ ("Commands:"));
  for (guint i = 0; (info = cli_command_at (i)) != NULL; i++)
    {
      printf ("  %s %s\n", info->name, info->operands);
      print_wrapped (_ (info->help), INDENT);
    }
  print_options (_ ("Options of every command, before or after it:"), CLI_COMMAND_ANY, TRUE);
  printf ("\n");
  print_wrapped (_ ("“dinoscope-cli COMMAND --help” lists a command's own options."), 0);
}

static void
print_command_help (const CliCommandInfo *info)
{
  printf ("%s dinoscope-cli [OPTION…] %s [OPTION…] %s\n\n", _ ("Usage:"), info->name, info->operands);
  print_wrapped (_ (info->description), 0);
  if (has_options (info->command))
    {
      g_autofree char *title = g_strdup_printf (_ ("Options of %s:"), info->name);

      print_options (title, info->command, FALSE);
    }
  print_options (_ ("Options of every command:"), info->command, TRUE);
}

static void
print_exit_codes (void)
{
  printf ("\n");
  print_wrapped (_ ("Exit codes: 0 done, 1 some inputs failed (each is named), 2 wrong usage, 3 the model cannot be used or a check of it failed, 4 an output could not be written, 5 the network failed, 130 interrupted."), 0);
}

void
cli_print_help (CliCommand command)
{
  const CliCommandInfo *info = cli_command_info (command);

  if (info != NULL)
    print_command_help (info);
  else
    print_program_help ();
  print_exit_codes ();
}
