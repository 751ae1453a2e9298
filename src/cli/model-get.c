/* model get: nothing happens before the person has read what will. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "cli/model-fetch.h"
#include "cli/model.h"
#include "cli/output.h"
#include "cli/url.h"
#include "core/base/text.h"
#include "engine/dinoscope-paths-private.h"

#define STANDARD_BASE "https://huggingface.co"
#define STALL_SECONDS 60

/* Left free beside what is fetched. */
#define SPACE_MARGIN ((guint64) 16 << 20)

/* How often a line of progress is written. */
#define PROGRESS_MICROSECONDS ((gint64) 100 * 1000)

typedef struct
{
  const CliArguments *arguments;
  CliManifest        *manifest;
  CliFetch            fetch;
  char               *folder, *base;
  gboolean            quiet, json, on_screen;
  int                 progress_fd; /* -1: none */

  CliFetchState *states; /* [manifest->n_files] */
  gsize          current;
  guint64        before; /* bytes of the files before the current one */
  guint64        total;
  gint64         started, told;
  guint64        shown; /* bytes that were last told */
  guint64        first; /* bytes that were there when it started */
} Get;

static char *
bytes_text (guint64 bytes)
{
  return g_format_size_full (bytes, G_FORMAT_SIZE_DEFAULT);
}

/* A line on the terminal that is written over. */
static void
show_line (const Get *self, guint64 done, gint64 now)
{
  double           seconds = (double) (now - self->started) / G_USEC_PER_SEC;
  double           rate = seconds > 0.5 && done > self->first ? (double) (done - self->first) / seconds : 0;
  g_autofree char *there = bytes_text (done);
  g_autofree char *all = bytes_text (self->total);
  g_autofree char *speed = bytes_text ((guint64) rate);

  if (rate > 0)
    fprintf (stderr, _ ("\r%s of %s, %s/s, %.0f s left  "), there, all, speed, (double) (self->total - done) / rate);
  else
    fprintf (stderr, _ ("\r%s of %s  "), there, all);
  fflush (stderr);
}

static void
progress_cb (guint64 done, gpointer user_data)
{
  Get   *self = user_data;
  gint64 now = g_get_monotonic_time ();

  done += self->before;
  if (done == self->shown || (now - self->told < PROGRESS_MICROSECONDS && done < self->total))
    return;
  self->told = now;
  self->shown = done;
  if (self->progress_fd >= 0)
    dprintf (self->progress_fd, "%" G_GUINT64_FORMAT " %" G_GUINT64_FORMAT " %s\n", done, self->total, self->manifest->files[self->current].name);
  if (self->on_screen)
    show_line (self, done, now);
}

/* --from, or $HF_ENDPOINT, or Hugging Face itself. */
static CliExit
choose_source (Get *self)
{
  const char      *from = cli_arguments_text (self->arguments, CLI_OPTION_FROM, NULL);
  const char      *base = from != NULL ? from : dinoscope_environment ("HF_ENDPOINT");
  g_autofree char *reason = NULL;

  if (from != NULL && strstr (from, "://") == NULL)
    {
      self->fetch.source_folder = from;
      if (g_file_test (from, G_FILE_TEST_IS_DIR))
        return CLI_EXIT_DONE;
      cli_error (_ ("“%s” is no directory, and no address such as https://example.org."), from);
      return CLI_EXIT_USAGE;
    }
  self->base = g_strdup (base != NULL ? base : STANDARD_BASE);
  while (g_str_has_suffix (self->base, "/"))
    self->base[strlen (self->base) - 1] = '\0';
  self->fetch.base = self->base;
  if (cli_url_is_allowed (self->base, &reason))
    return CLI_EXIT_DONE;
  cli_error (_ ("“%s” is not opened: %s."), self->base, reason);
  return CLI_EXIT_USAGE;
}

static char *
choose_folder (const Get *self)
{
  const char      *given = cli_arguments_text (self->arguments, CLI_OPTION_OUTPUT, NULL);
  g_autofree char *data = NULL;

  if (given != NULL)
    return g_strdup (given);
  data = dinoscope_user_directory ("XDG_DATA_HOME", ".local/share");
  return g_build_filename (data, "dinoscope", "models", self->manifest->name, NULL);
}

static CliExit
look_at_folder (Get *self)
{
  CliExit code = CLI_EXIT_DONE;

  self->total = cli_manifest_total (self->manifest);
  for (gsize i = 0; code == CLI_EXIT_DONE && i < self->manifest->n_files; i++)
    {
      const struct dino_published_file *file = &self->manifest->files[i];

      code = cli_fetch_look (&self->fetch, file, &self->states[i]);
      self->first += self->states[i] == CLI_FETCH_PRESENT ? (guint64) file->size : cli_fetch_partial (&self->fetch, file);
    }
  return code;
}

static void
say_plan (const Get *self)
{
  g_autofree char *size = bytes_text (self->total);
  g_autofree char *left = bytes_text (self->total - self->first);
  g_autofree char *folder = cli_printable (self->folder);

  cli_note (_ ("%s (%s), %s. Licence: %s. For research only; not for clinical use."), self->manifest->title, self->manifest->repository, size, self->manifest->licence);
  for (gsize i = 0; i < self->manifest->n_files; i++)
    {
      const struct dino_published_file *file = &self->manifest->files[i];
      g_autofree char                  *bytes = bytes_text ((guint64) file->size);

      cli_note ("  %s, %s%s", file->name, bytes, self->states[i] == CLI_FETCH_PRESENT ? _ (", there already") : "");
    }
  if (self->fetch.source_folder != NULL)
    cli_note (_ ("From the directory %s"), self->fetch.source_folder);
  else
    cli_note (_ ("From %s/%s/resolve/%s/"), self->base, self->manifest->repository, self->manifest->revision);
  cli_note (_ ("To %s; %s are still to come."), folder, left);
}

static CliExit
ask (const Get *self)
{
  char answer[16] = "";

  if (cli_arguments_has (self->arguments, CLI_OPTION_YES))
    return CLI_EXIT_DONE;
  if (!isatty (STDIN_FILENO) || !isatty (STDERR_FILENO))
    {
      cli_usage_error (CLI_COMMAND_MODEL, "%s", _ ("Nothing was fetched: without a terminal to ask on, --yes says that you agree."));
      return CLI_EXIT_USAGE;
    }
  fprintf (stderr, "%s", _ ("Fetch it? [y/N] "));
  fflush (stderr);
  if (fgets (answer, sizeof answer, stdin) != NULL && (*answer == 'y' || *answer == 'Y'))
    return CLI_EXIT_DONE;
  cli_note ("%s", _ ("Nothing was fetched."));
  return CLI_EXIT_INTERRUPTED;
}

static CliExit
check_space (const Get *self)
{
  struct statvfs   status;
  guint64          available, needed = self->total - self->first + SPACE_MARGIN;
  g_autofree char *needed_text = bytes_text (needed);
  g_autofree char *available_text = NULL;

  if (statvfs (self->folder, &status) != 0)
    return CLI_EXIT_DONE;
  available = (guint64) status.f_bavail * status.f_frsize;
  if (needed <= available)
    return CLI_EXIT_DONE;
  available_text = bytes_text (available);
  cli_error (_ ("There is not enough space in “%s”: %s are needed and %s are free."), self->folder, needed_text, available_text);
  return CLI_EXIT_OUTPUT;
}

static CliExit
make_folder (const Get *self)
{
  if (g_mkdir_with_parents (self->folder, 0755) == 0)
    return CLI_EXIT_DONE;
  cli_error (_ ("The directory “%s” cannot be made: %s."), self->folder, g_strerror (errno));
  return CLI_EXIT_OUTPUT;
}

static CliExit
fetch_all (Get *self)
{
  CliExit code = CLI_EXIT_DONE;

  self->started = g_get_monotonic_time ();
  for (self->current = 0; code == CLI_EXIT_DONE && self->current < self->manifest->n_files; self->current++)
    {
      const struct dino_published_file *file = &self->manifest->files[self->current];

      if (self->states[self->current] == CLI_FETCH_WANTED)
        code = cli_fetch_file (&self->fetch, self->manifest, file);
      self->before += (guint64) file->size;
    }
  if (self->on_screen)
    fputc ('\n', stderr);
  return code;
}

static CliExit
print_json (const Get *self)
{
  json_t *object = cli_model_json_new (self->arguments);
  json_t *files = json_array ();

  for (gsize i = 0; i < self->manifest->n_files; i++)
    {
      const struct dino_published_file *file = &self->manifest->files[i];

      json_array_append_new (files, json_pack ("{s:s, s:I, s:s, s:s}", "name", file->name, "size", (json_int_t) file->size, "sha256", file->sha256,
                                               "state", self->states[i] == CLI_FETCH_PRESENT ? "present" : "fetched"));
    }
  json_object_set_new (object, "model", json_string (self->manifest->name));
  json_object_set_new (object, "directory", cli_json_text (self->folder));
  json_object_set_new (object, "files", files);
  return cli_json_print (object);
}

static CliExit
run (Get *self)
{
  CliExit code = choose_source (self);

  if (code == CLI_EXIT_DONE)
    code = look_at_folder (self);
  if (code != CLI_EXIT_DONE)
    return code;
  if (!self->quiet || !cli_arguments_has (self->arguments, CLI_OPTION_YES))
    say_plan (self);
  code = ask (self);
  if (code == CLI_EXIT_DONE)
    code = make_folder (self);
  if (code == CLI_EXIT_DONE)
    code = check_space (self);
  if (code == CLI_EXIT_DONE)
    code = fetch_all (self);
  if (code == CLI_EXIT_DONE && self->json)
    return print_json (self);
  if (code == CLI_EXIT_DONE && !self->quiet)
    cli_note (_ ("%s is complete, every file as published."), self->manifest->title);
  return code;
}

/* Another one would be that of a file which is opened later. */
static gboolean
check_progress_fd (int fd)
{
  if (fd < 0 || fcntl (fd, F_GETFD) >= 0)
    return TRUE;
  return cli_usage_error (CLI_COMMAND_MODEL, _ ("--progress-fd: %d is no open descriptor."), fd);
}

CliExit
cli_model_get (const CliArguments *arguments, GCancellable *cancellable)
{
  Get     self = { .arguments = arguments };
  CliExit code;

  self.progress_fd = cli_arguments_int (arguments, CLI_OPTION_PROGRESS_FD, -1);
  if (!check_progress_fd (self.progress_fd))
    return CLI_EXIT_USAGE;
  self.manifest = cli_manifest_new (cli_model_operand (arguments), cli_arguments_text (arguments, CLI_OPTION_MANIFEST, NULL), &code);
  if (self.manifest == NULL)
    return code;
  self.quiet = cli_arguments_has (arguments, CLI_OPTION_QUIET);
  self.json = cli_arguments_has (arguments, CLI_OPTION_JSON);
  self.on_screen = !self.quiet && self.progress_fd < 0 && isatty (STDERR_FILENO);
  self.folder = choose_folder (&self);
  self.states = g_new0 (CliFetchState, self.manifest->n_files);
  self.fetch = (CliFetch){
    .folder = self.folder,
    .force = cli_arguments_has (arguments, CLI_OPTION_FORCE),
    .stall_seconds = cli_arguments_int (arguments, CLI_OPTION_STALL_SECONDS, STALL_SECONDS),
    .cancellable = cancellable,
    .progress = progress_cb,
    .progress_data = &self,
  };
  code = run (&self);
  g_free (self.states);
  g_free (self.folder);
  g_free (self.base);
  cli_manifest_free (self.manifest);
  return code;
}
