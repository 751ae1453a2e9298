#include "app/dinoscope-child.h"

#include <errno.h>
#include <fcntl.h>
#include <gio/gunixinputstream.h>
#include <glib/gi18n-lib.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "engine/dinoscope-paths-private.h"

/* The descriptor that the child writes its progress to. */
#define PROGRESS_FD 3

/* What the child returns when a signal stopped it (dinoscope-cli(1)). */
#define EXIT_INTERRUPTED 130

/* What the child puts before each of its messages. */
#define PREFIX "dinoscope-cli: "

struct _DinoscopeChild
{
  GObject parent_instance;

  GSubprocess      *child;
  GDataInputStream *lines;
  GCancellable     *cancellable; /* of reading lines */
};

G_DEFINE_FINAL_TYPE (DinoscopeChild, dinoscope_child, G_TYPE_OBJECT)

static guint progress_signal;
static guint finished_signal;

static void
dinoscope_child_dispose (GObject *object)
{
  DinoscopeChild *self = DINOSCOPE_CHILD (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->lines);
  g_clear_object (&self->child);
  g_clear_object (&self->cancellable);

  G_OBJECT_CLASS (dinoscope_child_parent_class)->dispose (object);
}

static void
dinoscope_child_class_init (DinoscopeChildClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = dinoscope_child_dispose;

  progress_signal = g_signal_new ("progress", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 2, G_TYPE_UINT64, G_TYPE_UINT64);
  finished_signal = g_signal_new ("finished", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 2, G_TYPE_INT, G_TYPE_STRING);
}

static void
dinoscope_child_init (DinoscopeChild *self)
{
  self->cancellable = g_cancellable_new ();
}

/* The command line of this same build: beside it in the build tree, or in the
 * directory of the program. */
static char *
find_command_line (void)
{
  static const char *const places[] = { "../cli/dinoscope-cli", "dinoscope-cli" };
  const char              *named = dinoscope_environment ("DINOSCOPE_CLI");
  g_autofree char         *program = g_file_read_link ("/proc/self/exe", NULL);
  g_autofree char         *folder = program != NULL ? g_path_get_dirname (program) : NULL;

  if (named != NULL)
    return g_strdup (named);
  for (gsize i = 0; folder != NULL && i < G_N_ELEMENTS (places); i++)
    {
      g_autofree char *path = g_build_filename (folder, places[i], NULL);

      if (g_file_test (path, G_FILE_TEST_IS_EXECUTABLE))
        return g_steal_pointer (&path);
    }
  return g_find_program_in_path ("dinoscope-cli");
}

static void read_line (DinoscopeChild *self);

/* "DONE TOTAL NAME" */
static void
line_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (DinoscopeChild) self = user_data;
  g_autofree char           *line = g_data_input_stream_read_line_finish (G_DATA_INPUT_STREAM (source), result, NULL, NULL);
  g_auto (GStrv)             words = NULL;
  guint64                    done, total;

  if (line == NULL || self->lines == NULL)
    return;
  words = g_strsplit (line, " ", 3);
  if (g_strv_length (words) == 3 && g_ascii_string_to_unsigned (words[0], 10, 0, G_MAXUINT64, &done, NULL) &&
      g_ascii_string_to_unsigned (words[1], 10, 1, G_MAXUINT64, &total, NULL) && done <= total)
    g_signal_emit (self, progress_signal, 0, done, total);
  read_line (self);
}

static void
read_line (DinoscopeChild *self)
{
  g_data_input_stream_read_line_async (self->lines, G_PRIORITY_DEFAULT, self->cancellable, line_cb, g_object_ref (self));
}

/* The child's own messages, without what it announced before. */
static char *
pick_messages (const char *text)
{
  g_auto (GStrv)      lines = g_strsplit (text != NULL ? text : "", "\n", -1);
  g_autoptr (GString) messages = g_string_new (NULL);

  for (guint i = 0; lines[i] != NULL; i++)
    if (g_str_has_prefix (lines[i], PREFIX))
      g_string_append_printf (messages, "%s%s", messages->len > 0 ? "\n" : "", lines[i] + strlen (PREFIX));
  return g_string_free (g_steal_pointer (&messages), FALSE);
}

/* In its first moments the child does not catch the signal yet. */
static gboolean
was_stopped (GSubprocess *child)
{
  if (g_subprocess_get_if_signaled (child))
    return g_subprocess_get_term_sig (child) == SIGTERM;
  return g_subprocess_get_exit_status (child) == EXIT_INTERRUPTED;
}

static void
ended_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (DinoscopeChild) self = user_data;
  GSubprocess               *child = G_SUBPROCESS (source);
  g_autofree char           *said = NULL;
  g_autofree char           *messages = NULL;
  gboolean                   ended = g_subprocess_communicate_utf8_finish (child, result, NULL, &said, NULL) && g_subprocess_get_if_exited (child);
  int                        code = ended ? g_subprocess_get_exit_status (child) : DINOSCOPE_CHILD_FAILED;

  if (was_stopped (child))
    code = DINOSCOPE_CHILD_STOPPED;
  messages = pick_messages (said);
  if (code != 0 && code != DINOSCOPE_CHILD_STOPPED && messages[0] == '\0')
    {
      g_free (messages);
      messages = g_strdup (_ ("The program dinoscope-cli ended unexpectedly."));
    }
  g_signal_emit (self, finished_signal, 0, code, code == DINOSCOPE_CHILD_STOPPED ? "" : messages);
}

static gboolean
open_pipe (int ends[2], GError **error)
{
  if (pipe2 (ends, O_CLOEXEC) == 0)
    return TRUE;
  g_set_error (error, G_IO_ERROR, g_io_error_from_errno (errno), "%s", g_strerror (errno));
  return FALSE;
}

/* The command line's words with the program before and the descriptor behind. */
static GPtrArray *
make_command (char *program, const char *const *arguments)
{
  GPtrArray *command = g_ptr_array_new_with_free_func (g_free);

  g_ptr_array_add (command, program);
  for (gsize i = 0; arguments[i] != NULL; i++)
    g_ptr_array_add (command, g_strdup (arguments[i]));
  g_ptr_array_add (command, g_strdup ("--progress-fd"));
  g_ptr_array_add (command, g_strdup_printf ("%d", PROGRESS_FD));
  g_ptr_array_add (command, NULL);
  return command;
}

/* Between fork and exec. Hours of work end with the window, also when that is
 * killed or its display goes; both keep what they have done and go on another
 * time. The thread that starts a child is the main loop's, which lasts as long
 * as the process. */
static void
end_with_parent (gpointer data)
{
  (void) prctl (PR_SET_PDEATHSIG, SIGTERM);
}

DinoscopeChild *
dinoscope_child_start (const char *const *arguments, GError **error)
{
  g_autoptr (DinoscopeChild)      self = g_object_new (DINOSCOPE_TYPE_CHILD, NULL);
  g_autoptr (GSubprocessLauncher) launcher = g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_STDERR_PIPE | G_SUBPROCESS_FLAGS_STDOUT_SILENCE);
  g_autoptr (GInputStream)        stream = NULL;
  g_autoptr (GPtrArray)           command = NULL;
  char                           *program = find_command_line ();
  int                             ends[2];

  if (program == NULL)
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND, _ ("The command line program dinoscope-cli, which does this, is not installed."));
      return NULL;
    }
  command = make_command (program, arguments);
  if (!open_pipe (ends, error))
    return NULL;
  g_subprocess_launcher_take_fd (launcher, ends[1], PROGRESS_FD);
  g_subprocess_launcher_set_child_setup (launcher, end_with_parent, NULL, NULL);
  stream = g_unix_input_stream_new (ends[0], TRUE);
  self->child = g_subprocess_launcher_spawnv (launcher, (const char *const *) command->pdata, error);
  if (self->child == NULL)
    return NULL;
  /* The writing end is the child's alone, so that its end is the end of the lines. */
  g_subprocess_launcher_close (launcher);
  self->lines = g_data_input_stream_new (stream);
  read_line (self);
  g_subprocess_communicate_utf8_async (self->child, NULL, NULL, ended_cb, g_object_ref (self));
  return g_steal_pointer (&self);
}

/* Not SIGINT: a shell that starts a program in the background has it ignored,
 * and children inherit that. */
void
dinoscope_child_cancel (DinoscopeChild *self)
{
  g_return_if_fail (DINOSCOPE_IS_CHILD (self));

  if (self->child != NULL)
    g_subprocess_send_signal (self->child, SIGTERM);
}
