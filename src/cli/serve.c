/* dinoscope-cli serve: works for a viewer, told what to do on standard input. */
#include <gio/gunixinputstream.h>
#include <gio/gunixoutputstream.h>
#include <unistd.h>

#include "cli/commands.h"
#include "cli/serve-answers.h"
#include "cli/session.h"
#include "core/base/text.h"
#include "core/maps/draw.h"
#include "engine/dinoscope-memory-private.h"
#include "pipe/message-pipe.h"

/* Seconds after the end of the input in which everything is over. */
#define LAST_SECONDS 20

/* Where the kernel looks first when memory is short: here, and not at the viewer. */
#define OOM_SCORE "800"

typedef struct
{
  CliSession   session;
  GMainLoop   *loop;
  MessagePipe *pipe;

  DinoscopeModel    *model;
  DinoscopeStudy    *study; /* the last one that was encoded, with what was found */
  DinoscopeFeatures *features;
  GCancellable      *run;  /* of the encoding that is under way, else NULL */
  GCancellable      *maps; /* tells the engine whose maps these are */
} Server;

/* One request, until it is answered. */
typedef struct
{
  Server         *server;
  guint32         serial;
  GCancellable   *cancellable;
  char           *path;
  DinoscopeMap   *map;
  DinoscopeStudy *study;
} Request;

static Request *
request_new (Server *server, guint32 serial, GCancellable *cancellable)
{
  Request *request = g_new0 (Request, 1);

  request->server = server;
  request->serial = serial;
  request->cancellable = g_object_ref (cancellable);
  return request;
}

static void
request_free (Request *request)
{
  g_object_unref (request->cancellable);
  g_free (request->path);
  g_clear_object (&request->map);
  g_clear_object (&request->study);
  g_free (request);
}

/* Answers, which ends the request. */
static void
answer (Request *request, GVariant *message)
{
  Server *server = request->server;

  if (server->run == request->cancellable)
    g_clear_object (&server->run);
  message_pipe_send (server->pipe, message);
  request_free (request);
}

static void
fail (Request *request, const GError *error)
{
  answer (request, serve_answer_failed (request->serial, error));
}

static void
progress_cb (guint done, guint total, DinoscopeFeatures *partial, gpointer data)
{
  Request *request = data;

  message_pipe_send (request->server->pipe, serve_answer_progress (request->serial, done, total));
}

static void
encoded_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  Request                      *request = data;
  Server                       *server = request->server;
  g_autoptr (GError)            error = NULL;
  g_autoptr (DinoscopeFeatures) features = dinoscope_engine_encode_finish (DINOSCOPE_ENGINE (source), result, &error);

  if (features == NULL)
    {
      fail (request, error);
      return;
    }
  g_set_object (&server->features, features);
  g_set_object (&server->study, request->study);
  answer (request, serve_answer_encoded (request->serial, server->study, server->model));
}

static void
opened_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  Request           *request = data;
  Server            *server = request->server;
  g_autoptr (GError) error = NULL;

  request->study = dinoscope_engine_open_finish (DINOSCOPE_ENGINE (source), result, &error);
  if (request->study == NULL)
    {
      fail (request, error);
      return;
    }
  dinoscope_engine_encode_async (server->session.engine, request->study, server->model, DINO_KEEP_HIDDEN_STATES | DINO_KEEP_CLS_ATTENTION,
                                 G_PRIORITY_DEFAULT, request->cancellable, progress_cb, request, NULL, encoded_cb, request);
}

static void
open_picture (Request *request)
{
  CliSession       *session = &request->server->session;
  g_autoptr (GFile) file = g_file_new_for_path (request->path);

  dinoscope_engine_open_async (session->engine, file, &session->preparation, session->ignore_exif, request->cancellable, opened_cb, request);
}

static void
loaded_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  Request                   *request = data;
  g_autoptr (GError)         error = NULL;
  g_autoptr (DinoscopeModel) model = dinoscope_engine_load_model_finish (DINOSCOPE_ENGINE (source), result, &error);

  if (model == NULL)
    {
      fail (request, error);
      return;
    }
  g_set_object (&request->server->model, model);
  open_picture (request);
}

static guint64
file_size (const char *path)
{
  g_autoptr (GFile)     file = g_file_new_for_path (path);
  g_autoptr (GFileInfo) info = g_file_query_info (file, G_FILE_ATTRIBUTE_STANDARD_SIZE, G_FILE_QUERY_INFO_NONE, NULL, NULL);

  return info != NULL ? (guint64) g_file_info_get_size (info) : 0;
}

/* Bytes of a model's files, which are about those of its weights in memory. */
static guint64
model_size (const char *path)
{
  g_autoptr (GDir) folder = g_dir_open (path, 0, NULL);
  const char      *name;
  guint64          size = 0;

  if (folder == NULL)
    return file_size (path);
  while ((name = g_dir_read_name (folder)) != NULL)
    if (g_str_has_suffix (name, ".safetensors"))
      {
        g_autofree char *file = g_build_filename (path, name, NULL);

        size += file_size (file);
      }
  return size;
}

/* The engine asks before it encodes; by then the weights are read. */
static gboolean
check_memory (const char *model_path, GError **error)
{
  guint64          needed = model_size (model_path);
  guint64          available = dinoscope_available_memory ("");
  g_autofree char *needed_text = g_format_size (needed);
  g_autofree char *available_text = g_format_size (available);

  if (needed <= available)
    return TRUE;
  g_set_error (error, DINOSCOPE_ERROR, DINOSCOPE_ERROR_MEMORY, _ ("Reading the encoder needs %s of memory, and only %s can be had."), needed_text, available_text);
  return FALSE;
}

static void
load_model (Request *request)
{
  CliSession        *session = &request->server->session;
  g_autoptr (GError) error = NULL;

  if (!check_memory (session->model_path, &error))
    {
      fail (request, error);
      return;
    }
  dinoscope_engine_load_model_async (session->engine, session->model_path, &session->model_options, request->cancellable, loaded_cb, request);
}

static void
cancel_run (Server *self)
{
  if (self->run != NULL)
    g_cancellable_cancel (self->run);
  g_clear_object (&self->run);
}

/* What was found in the picture before is of no use any more. */
static void
encode (Server *self, guint32 serial, GVariantDict *message)
{
  const char *path = NULL;
  Request    *request;

  cancel_run (self);
  g_clear_object (&self->features);
  g_clear_object (&self->study);
  self->run = g_cancellable_new ();
  request = request_new (self, serial, self->run);
  g_variant_dict_lookup (message, "path", "^&ay", &path);
  request->path = g_strdup (path != NULL ? path : "");
  if (self->model != NULL)
    open_picture (request);
  else
    load_model (request);
}

static void
drawn_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  Request           *request = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) cells = dinoscope_engine_draw_map_finish (DINOSCOPE_ENGINE (source), result, &error);

  if (cells == NULL)
    fail (request, error);
  else
    answer (request, serve_answer_map (request->serial, request->map, cells));
}

/* A pixel a cell: where cells are on the screen is the viewer's business. */
static void
mapped_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  Request           *request = data;
  g_autoptr (GError) error = NULL;

  request->map = dinoscope_engine_compute_map_finish (DINOSCOPE_ENGINE (source), result, &error);
  if (request->map == NULL)
    {
      fail (request, error);
    }
  else
    {
      const struct dino_map *core = dinoscope_map_get_core (request->map);
      struct dino_map_style  style;

      dino_map_style_init (&style);
      style.opacity = 1;
      dinoscope_engine_draw_map_async (DINOSCOPE_ENGINE (source), request->map, &style, NULL, core->seen, core->width, core->height, request->cancellable, drawn_cb, request);
    }
}

static gboolean
start_map (Request *request, const char *id, GVariant *parameters, GError **error)
{
  Server                              *self = request->server;
  g_autoptr (DinoscopeOverlayProvider) provider = id != NULL ? dinoscope_overlays_find (id) : NULL;
  g_autoptr (DinoscopeContext)         context = NULL;

  if (self->features == NULL)
    g_set_error_literal (error, DINOSCOPE_ERROR, DINOSCOPE_ERROR_FAILED, _ ("No picture has been encoded."));
  else if (provider == NULL)
    g_set_error (error, DINOSCOPE_ERROR, DINOSCOPE_ERROR_OVERLAY, _ ("There is no overlay “%s”."), id != NULL ? id : "");
  else
    {
      context = dinoscope_context_new (self->features, NULL, 0);
      dinoscope_context_set_study (context, self->study);
      dinoscope_engine_compute_map_async (self->session.engine, provider, context, parameters, request->cancellable, mapped_cb, request);
      return TRUE;
    }
  return FALSE;
}

static void
make_map (Server *self, guint32 serial, GVariantDict *message)
{
  g_autoptr (GVariant) parameters = g_variant_dict_lookup_value (message, "parameters", G_VARIANT_TYPE_VARDICT);
  g_autoptr (GError)   error = NULL;
  const char          *id = NULL;
  Request             *request = request_new (self, serial, self->maps);

  g_variant_dict_lookup (message, "overlay", "&s", &id);
  if (!start_map (request, id, parameters, &error))
    fail (request, error);
}

static void
received_cb (GVariant *message, gpointer data)
{
  Server      *self = data;
  GVariantDict request;
  const char  *what = "";
  guint32      serial = 0;

  g_variant_dict_init (&request, message);
  g_variant_dict_lookup (&request, "request", "&s", &what);
  g_variant_dict_lookup (&request, "serial", "u", &serial);
  if (g_str_equal (what, "encode"))
    encode (self, serial, &request);
  else if (g_str_equal (what, "map"))
    make_map (self, serial, &request);
  else if (g_str_equal (what, "cancel"))
    cancel_run (self);
  else
    {
      g_autoptr (GError) error = g_error_new (DINOSCOPE_ERROR, DINOSCOPE_ERROR_FAILED, _ ("There is no request “%s”."), what);

      message_pipe_send (self->pipe, serve_answer_failed (serial, error));
    }
  g_variant_dict_clear (&request);
}

/* The viewer is gone. Whatever happens now, nothing stays behind. */
static void
closed_cb (gpointer data)
{
  Server *self = data;

  alarm (LAST_SECONDS);
  g_main_loop_quit (self->loop);
}

static gboolean
interrupted_cb (GCancellable *cancellable, gpointer data)
{
  closed_cb (data);
  return G_SOURCE_REMOVE;
}

static void
listen (Server *self)
{
  g_autoptr (GInputStream)  input = g_unix_input_stream_new (STDIN_FILENO, FALSE);
  g_autoptr (GOutputStream) output = g_unix_output_stream_new (STDOUT_FILENO, FALSE);
  g_autoptr (GSource)       interrupt = g_cancellable_source_new (self->session.cancellable);

  self->loop = g_main_loop_new (NULL, FALSE);
  self->maps = g_cancellable_new ();
  self->pipe = message_pipe_new (input, output, received_cb, closed_cb, self);
  g_source_set_callback (interrupt, G_SOURCE_FUNC (interrupted_cb), self, NULL);
  g_source_attach (interrupt, NULL);
  g_main_loop_run (self->loop);
  g_source_destroy (interrupt);
  cancel_run (self);
  g_cancellable_cancel (self->maps);
  dinoscope_engine_shutdown (self->session.engine);
  /* Requests that were under way get their answers, which nobody hears. */
  while (g_main_context_iteration (NULL, FALSE))
    ;
  message_pipe_free (self->pipe);
  g_main_loop_unref (self->loop);
  g_object_unref (self->maps);
}

CliExit
cli_serve (const CliArguments *arguments, GCancellable *cancellable)
{
  Server  self = { 0 };
  CliExit code;

  if (arguments->operands->len > 0 || isatty (STDIN_FILENO))
    {
      cli_usage_error (CLI_COMMAND_SERVE, "%s", _ ("“serve” is for programs: it takes no file, and requests on standard input."));
      return CLI_EXIT_USAGE;
    }
  g_file_set_contents_full ("/proc/self/oom_score_adj", OOM_SCORE, -1, G_FILE_SET_CONTENTS_NONE, 0666, NULL);
  code = cli_session_init (&self.session, arguments, cancellable);
  if (code == CLI_EXIT_DONE)
    listen (&self);
  g_clear_object (&self.features);
  g_clear_object (&self.study);
  g_clear_object (&self.model);
  cli_session_clear (&self.session);
  return code != CLI_EXIT_DONE ? code : g_cancellable_is_cancelled (cancellable) ? CLI_EXIT_INTERRUPTED
                                                                                 : CLI_EXIT_DONE;
}
