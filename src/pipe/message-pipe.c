#include "pipe/message-pipe.h"

#include <string.h>

/* Each message has its length in bytes before it, as 64 bits in the machine's
 * byte order: so it lies as aligned as a GVariant has to. */
struct message_pipe
{
  grefcount           references; /* the owner's, and one for each call that is under way */
  GInputStream       *input;
  GOutputStream      *output;
  GCancellable       *cancellable;
  MessagePipeReceived received; /* NULL once nothing is to be told any more */
  MessagePipeClosed   closed;
  gpointer            data;

  guint64 length;
  guint8 *body; /* being read */

  GQueue   outgoing; /* of GBytes; the first is being written */
  gboolean writing;
};

static MessagePipe *
pipe_ref (MessagePipe *self)
{
  g_ref_count_inc (&self->references);
  return self;
}

static void
pipe_unref (MessagePipe *self)
{
  if (!g_ref_count_dec (&self->references))
    return;
  g_object_unref (self->input);
  g_object_unref (self->output);
  g_object_unref (self->cancellable);
  g_free (self->body);
  g_queue_clear_full (&self->outgoing, (GDestroyNotify) g_bytes_unref);
  g_free (self);
}

static void
be_silent (MessagePipe *self)
{
  self->received = NULL;
  self->closed = NULL;
  g_cancellable_cancel (self->cancellable);
}

static void
end (MessagePipe *self)
{
  MessagePipeClosed closed = self->closed;
  gpointer          data = self->data;

  be_silent (self);
  if (closed != NULL)
    closed (data);
}

static void read_length (MessagePipe *self);

/* FALSE when these bytes are no message. */
static gboolean
deliver (MessagePipe *self)
{
  g_autoptr (GBytes)   bytes = g_bytes_new_take (g_steal_pointer (&self->body), self->length);
  g_autoptr (GVariant) message = g_variant_ref_sink (g_variant_new_from_bytes (G_VARIANT_TYPE_VARDICT, bytes, FALSE));

  if (!g_variant_is_normal_form (message))
    return FALSE;
  self->received (message, self->data);
  return TRUE;
}

static void
body_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  MessagePipe *self = user_data;
  gsize        n = 0;
  gboolean     good = g_input_stream_read_all_finish (G_INPUT_STREAM (source), result, &n, NULL) && n == self->length;

  if (self->received != NULL)
    {
      if (good && deliver (self))
        read_length (self);
      else
        end (self);
    }
  pipe_unref (self);
}

static void
length_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  MessagePipe *self = user_data;
  gsize        n = 0;
  gboolean     good = g_input_stream_read_all_finish (G_INPUT_STREAM (source), result, &n, NULL) && n == sizeof self->length;

  if (self->received != NULL)
    {
      if (good && self->length <= MESSAGE_PIPE_LIMIT)
        self->body = g_try_malloc (MAX (self->length, 1));
      if (self->body != NULL)
        g_input_stream_read_all_async (self->input, self->body, self->length, G_PRIORITY_DEFAULT, self->cancellable, body_cb, pipe_ref (self));
      else
        end (self);
    }
  pipe_unref (self);
}

/* received() may have ended it. */
static void
read_length (MessagePipe *self)
{
  if (self->received != NULL)
    g_input_stream_read_all_async (self->input, &self->length, sizeof self->length, G_PRIORITY_DEFAULT, self->cancellable, length_cb, pipe_ref (self));
}

static void write_next (MessagePipe *self);

static void
written_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  MessagePipe *self = user_data;
  gboolean     good = g_output_stream_write_all_finish (G_OUTPUT_STREAM (source), result, NULL, NULL);

  self->writing = FALSE;
  g_bytes_unref (g_queue_pop_head (&self->outgoing));
  /* That the other end is gone is found by reading, after what it still said. */
  if (good)
    write_next (self);
  pipe_unref (self);
}

static void
write_next (MessagePipe *self)
{
  GBytes *bytes = g_queue_peek_head (&self->outgoing);

  if (bytes == NULL || self->writing || self->received == NULL)
    return;
  self->writing = TRUE;
  g_output_stream_write_all_async (self->output, g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), G_PRIORITY_DEFAULT, self->cancellable, written_cb, pipe_ref (self));
}

MessagePipe *
message_pipe_new (GInputStream *input, GOutputStream *output, MessagePipeReceived received, MessagePipeClosed closed, gpointer data)
{
  MessagePipe *self = g_new0 (MessagePipe, 1);

  g_return_val_if_fail (received != NULL, NULL);

  g_ref_count_init (&self->references);
  self->input = g_object_ref (input);
  self->output = g_object_ref (output);
  self->cancellable = g_cancellable_new ();
  self->received = received;
  self->closed = closed;
  self->data = data;
  g_queue_init (&self->outgoing);
  read_length (self);
  return self;
}

void
message_pipe_send (MessagePipe *self, GVariant *message)
{
  g_autoptr (GVariant) sunk = g_variant_ref_sink (message);
  guint64              length = g_variant_get_size (sunk);
  guint8              *frame;

  g_return_if_fail (g_variant_is_of_type (sunk, G_VARIANT_TYPE_VARDICT));
  g_return_if_fail (g_variant_get_size (sunk) <= MESSAGE_PIPE_LIMIT);

  frame = g_malloc (sizeof length + length);
  memcpy (frame, &length, sizeof length);
  g_variant_store (sunk, frame + sizeof length);
  g_queue_push_tail (&self->outgoing, g_bytes_new_take (frame, sizeof length + length));
  write_next (self);
}

void
message_pipe_free (MessagePipe *self)
{
  be_silent (self);
  pipe_unref (self);
}
