#include <fcntl.h>
#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <unistd.h>

#include "cli/commands.h"
#include "cli/help.h"
#include "cli/interrupt.h"
#include "cli/output.h"
#include "core/base/text.h"
#include "core/model/json-memory.h"
#include "dinoscope-config.h"

/* A standard stream that the caller closed must not become some file that we
 * open later: the wrong mode makes every use of it fail instead. */
static void
guard_standard_streams (void)
{
  for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
    if (fcntl (fd, F_GETFD) < 0 && open ("/dev/null", fd == STDIN_FILENO ? O_WRONLY : O_RDONLY) < 0)
      _exit (CLI_EXIT_OUTPUT);
}

/* Why it cannot be written is known only to the write that failed. With room for
 * all that is printed that is the flush at the end, which says it. */
static void
widen_standard_output (void)
{
  static char buffer[1 << 20];

  if (!isatty (STDOUT_FILENO))
    setvbuf (stdout, buffer, _IOFBF, sizeof buffer);
}

static CliExit
run (const CliArguments *arguments, GCancellable *cancellable)
{
  switch (arguments->command)
    {
    case CLI_COMMAND_INFO:
      return cli_info (arguments, cancellable);
    case CLI_COMMAND_FEATURES:
      return cli_features (arguments, cancellable);
    case CLI_COMMAND_MAP:
      return cli_map (arguments, cancellable);
    case CLI_COMMAND_BENCH:
      return cli_bench (arguments, cancellable);
    case CLI_COMMAND_MODEL:
      return cli_model (arguments, cancellable);
    case CLI_COMMAND_CLUSTER:
      return cli_cluster (arguments, cancellable);
    case CLI_COMMAND_SEGMENT:
      return cli_segment (arguments, cancellable);
    case CLI_COMMAND_COMPARE:
      return cli_compare (arguments, cancellable);
    case CLI_COMMAND_SERVE:
      return cli_serve (arguments, cancellable);
    case CLI_COMMAND_INDEX:
      return cli_index (arguments, cancellable);
    case CLI_COMMAND_NEIGHBORS:
      return cli_neighbors (arguments, cancellable);
    case CLI_COMMAND_PROBE:
      return cli_probe (arguments, cancellable);
    case CLI_COMMAND_EMBED:
      return cli_embed (arguments, cancellable);
    case CLI_COMMAND_MERGE:
      return cli_merge (arguments, cancellable);
    case CLI_COMMAND_NONE:
    case CLI_COMMAND_ANY:
    default:
      return CLI_EXIT_USAGE;
    }
}

int
main (int argc, char **argv)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  CliArguments             arguments = { 0 };
  CliExit                  code = CLI_EXIT_DONE;
  CliExit                  flushed;

  guard_standard_streams ();
  widen_standard_output ();
  setlocale (LC_ALL, "");
  bindtextdomain (DINO_GETTEXT_DOMAIN, DINOSCOPE_LOCALEDIR);
  bind_textdomain_codeset (DINO_GETTEXT_DOMAIN, "UTF-8");
  dino_json_watch_memory ();
  signal (SIGPIPE, SIG_IGN);
  /* A limit on the size of files (ulimit -f) is then an error of write(), with a message. */
  signal (SIGXFSZ, SIG_IGN);
  cli_interrupt_watch (cancellable);

  if (!cli_arguments_parse (&arguments, argc, argv))
    code = CLI_EXIT_USAGE;
  else if (cli_arguments_has (&arguments, CLI_OPTION_HELP))
    cli_print_help (arguments.command);
  else if (cli_arguments_has (&arguments, CLI_OPTION_VERSION))
    cli_print_version ();
  else
    code = run (&arguments, cancellable);

  cli_arguments_clear (&arguments);
  flushed = cli_output_finish ();
  return code != CLI_EXIT_DONE ? code : flushed;
}
