/* What comes through the pipe between a viewer and the process that works for
 * it, as each end understands it: the viewer a map, the process a request with
 * an overlay's parameters. What arrives is sent back. */
#include "fuzz/fuzz.h"
#include "fuzz/parameters.h"
#include "pipe/message-pipe.h"
#include "viewer/map.h"

struct end
{
  MessagePipe *pipe;
  gboolean     closed;
};

static void
read_as_viewer (GVariant *message)
{
  Map *map = map_new (message);

  if (map == NULL)
    return;
  fuzz_taken (true);
  fuzz_promise (map_cell (map, map->rows - 1, map->columns - 1).x1 > map->box.x0, "cells lie in the picture");
  fuzz_touch (g_bytes_get_data (map->cells, NULL), g_bytes_get_size (map->cells));
  fuzz_touch_text (map->title);
  map_free (map);
}

static void
read_as_process (GVariant *message)
{
  g_autoptr (GVariant) given = NULL;
  const char          *overlay = NULL, *bytes = NULL;
  GVariantDict         request;

  g_variant_dict_init (&request, message);
  g_variant_dict_lookup (&request, "path", "^&ay", &bytes);
  g_variant_dict_lookup (&request, "overlay", "&s", &overlay);
  given = g_variant_dict_lookup_value (&request, "parameters", G_VARIANT_TYPE_VARDICT);
  fuzz_touch_text (bytes);
  if (overlay != NULL)
    fuzz_complete_parameters (overlay, given);
  g_variant_dict_clear (&request);
}

static void
received_cb (GVariant *message, gpointer data)
{
  struct end *end = data;

  read_as_viewer (message);
  read_as_process (message);
  message_pipe_send (end->pipe, message);
}

static void
closed_cb (gpointer data)
{
  struct end *end = data;

  end->closed = TRUE;
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autoptr (GInputStream)  input = g_memory_input_stream_new_from_data (data, (gssize) size, NULL);
  g_autoptr (GOutputStream) output = g_memory_output_stream_new_resizable ();
  struct end                end = { 0 };

  end.pipe = message_pipe_new (input, output, received_cb, closed_cb, &end);
  while (!end.closed)
    g_main_context_iteration (NULL, TRUE);
  message_pipe_free (end.pipe);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  return 0;
}
