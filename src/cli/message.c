#include "cli/message.h"

#include <stdio.h>

#include "core/base/text.h"
#include "engine/dinoscope-error.h"

char *
cli_printable (const char *text)
{
  char *valid = g_utf8_make_valid (text, -1);

  dino_text_clean (valid, true);
  return valid;
}

G_GNUC_PRINTF (2, 0)
static void
say (const char *prefix, const char *format, va_list values)
{
  g_autofree char *text = g_strdup_vprintf (format, values);
  g_autofree char *printable = cli_printable (text);

  fprintf (stderr, "%s%s\n", prefix, printable);
}

gboolean
cli_usage_error (CliCommand command, const char *format, ...)
{
  const CliCommandInfo *info = cli_command_info (command);
  va_list               values;

  va_start (values, format);
  say ("dinoscope-cli: ", format, values);
  va_end (values);
  if (info != NULL)
    fprintf (stderr, _ ("“dinoscope-cli %s --help” tells more.\n"), info->name);
  else
    fputs (_ ("“dinoscope-cli --help” tells more.\n"), stderr);
  return FALSE;
}

void
cli_error (const char *format, ...)
{
  va_list values;

  va_start (values, format);
  say ("dinoscope-cli: ", format, values);
  va_end (values);
}

void
cli_note (const char *format, ...)
{
  va_list values;

  va_start (values, format);
  say ("", format, values);
  va_end (values);
}

static CliExit
exit_of_error (const GError *error, CliExit standard)
{
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return CLI_EXIT_INTERRUPTED;
  if (g_error_matches (error, DINOSCOPE_ERROR, DINOSCOPE_ERROR_MODEL))
    return CLI_EXIT_MODEL;
  if (g_error_matches (error, DINOSCOPE_ERROR, DINOSCOPE_ERROR_WRITE))
    return CLI_EXIT_OUTPUT;
  return standard;
}

static CliExit
exit_of_core (const struct dino_error *error, CliExit standard)
{
  switch (error->code)
    {
    case DINO_CODE_CANCELLED:
      return CLI_EXIT_INTERRUPTED;
    case DINO_CODE_MODEL:
      return CLI_EXIT_MODEL;
    case DINO_CODE_WRITE:
      return CLI_EXIT_OUTPUT;
    case DINO_CODE_NONE:
    case DINO_CODE_IO:
    case DINO_CODE_FORMAT:
    case DINO_CODE_UNSUPPORTED:
    case DINO_CODE_LIMIT:
    case DINO_CODE_MEMORY:
    case DINO_CODE_ARGUMENT:
    default:
      return standard;
    }
}

CliExit
cli_fail (const GError *error, CliExit standard)
{
  CliExit code = exit_of_error (error, standard);

  if (code != CLI_EXIT_INTERRUPTED)
    cli_error ("%s", error->message);
  return code;
}

CliExit
cli_fail_core (const struct dino_error *error, CliExit standard)
{
  CliExit code = exit_of_core (error, standard);

  if (code != CLI_EXIT_INTERRUPTED)
    cli_error ("%s", error->message);
  return code;
}

CliExit
cli_fail_about (struct dino_error *error, const char *subject, CliExit standard)
{
  dino_error_about (error, subject);
  return cli_fail_core (error, standard);
}
