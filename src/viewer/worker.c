#include "viewer/worker.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "dinoscope-config.h"
#include "pipe/message-pipe.h"

struct worker
{
  WorkerReady  ready;
  gpointer     data;
  GSubprocess *child;      /* NULL when none runs */
  GIOStream   *connection; /* which is closed with its last reference */
  MessagePipe *pipe;
  guint32      serial;
};

static void
answer_failed (Worker *self, const char *text)
{
  GVariantDict         answer;
  g_autoptr (GVariant) sunk = NULL;

  g_variant_dict_init (&answer, NULL);
  g_variant_dict_insert (&answer, "answer", "s", "failed");
  g_variant_dict_insert (&answer, "serial", "u", (guint32) 0);
  g_variant_dict_insert (&answer, "reason", "s", "failed");
  g_variant_dict_insert (&answer, "message", "s", text);
  sunk = g_variant_ref_sink (g_variant_dict_end (&answer));
  self->ready (sunk, self->data);
}

static void
received_cb (GVariant *message, gpointer data)
{
  Worker *self = data;

  self->ready (message, self->data);
}

static void
closed_cb (gpointer data)
{
  Worker *self = data;

  worker_stop (self);
  answer_failed (self, _ ("The process that encodes has ended. Encode starts it again."));
}

void
worker_stop (Worker *self)
{
  g_clear_pointer (&self->pipe, message_pipe_free);
  g_clear_object (&self->connection);
  if (self->child != NULL)
    g_subprocess_force_exit (self->child);
  g_clear_object (&self->child);
}

/* What was built and installed with this plug-in comes first. */
static char *
find_program (void)
{
  const char *named = g_getenv ("DINOSCOPE_CLI");

  if (named != NULL && *named != '\0')
    return g_strdup (named);
  if (g_file_test (DINOSCOPE_BINDIR "/dinoscope-cli", G_FILE_TEST_IS_EXECUTABLE))
    return g_strdup (DINOSCOPE_BINDIR "/dinoscope-cli");
  return g_find_program_in_path ("dinoscope-cli");
}

/* A socket and no pair of pipes: writing to one whose other end is gone is an
 * error, and no signal, which would end the viewer. */
static GIOStream *
connect_child (GSubprocessLauncher *launcher, GError **error)
{
  int                 ends[2], copy;
  g_autoptr (GSocket) socket = NULL;

  if (socketpair (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0)
    {
      g_set_error_literal (error, G_IO_ERROR, g_io_error_from_errno (errno), g_strerror (errno));
      return NULL;
    }
  g_subprocess_launcher_take_stdin_fd (launcher, ends[1]);
  copy = fcntl (ends[1], F_DUPFD_CLOEXEC, 3);
  if (copy >= 0)
    {
      g_subprocess_launcher_take_stdout_fd (launcher, copy);
      socket = g_socket_new_from_fd (ends[0], error);
    }
  else
    g_set_error_literal (error, G_IO_ERROR, g_io_error_from_errno (errno), g_strerror (errno));
  if (socket == NULL)
    {
      close (ends[0]);
      return NULL;
    }
  return G_IO_STREAM (g_socket_connection_factory_create_connection (socket));
}

static gboolean
start (Worker *self, GError **error)
{
  g_autoptr (GSubprocessLauncher) launcher = g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_NONE);
  g_autofree char                *program = find_program ();
  g_autoptr (GIOStream)           connection = NULL;

  if (program == NULL)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND, _ ("The program dinoscope-cli is not installed."));
      return FALSE;
    }
  connection = connect_child (launcher, error);
  if (connection == NULL)
    return FALSE;
  self->child = g_subprocess_launcher_spawn (launcher, error, program, "serve", NULL);
  g_subprocess_launcher_close (launcher);
  if (self->child == NULL)
    return FALSE;
  self->connection = g_steal_pointer (&connection);
  self->pipe = message_pipe_new (g_io_stream_get_input_stream (self->connection), g_io_stream_get_output_stream (self->connection), received_cb, closed_cb, self);
  return TRUE;
}

Worker *
worker_new (WorkerReady ready, gpointer data)
{
  Worker *self = g_new0 (Worker, 1);

  self->ready = ready;
  self->data = data;
  return self;
}

guint32
worker_request (Worker *self, const char *request, GVariant *values)
{
  g_autoptr (GVariant) sunk = values != NULL ? g_variant_ref_sink (values) : NULL;
  g_autoptr (GError)   error = NULL;
  GVariantDict         message;

  /* There is nothing to be cancelled. */
  if (self->child == NULL && g_str_equal (request, "cancel"))
    return 0;
  /* 0 is nobody's. */
  self->serial = MAX (self->serial + 1, 1);
  if (self->child == NULL && !start (self, &error))
    {
      answer_failed (self, error->message);
      return self->serial;
    }
  g_variant_dict_init (&message, sunk);
  g_variant_dict_insert (&message, "request", "s", request);
  g_variant_dict_insert (&message, "serial", "u", self->serial);
  message_pipe_send (self->pipe, g_variant_dict_end (&message));
  return self->serial;
}

void
worker_free (Worker *self)
{
  worker_stop (self);
  g_free (self);
}
