/* Messages between a viewer and the process that works for it: dictionaries
 * (a{sv}), one after the other over a pair of streams. Both ends are of one
 * build and on one machine; nothing that arrives is believed nevertheless. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* Larger than any map; what claims to be larger ends the connection. */
#define MESSAGE_PIPE_LIMIT (64u << 20)

typedef struct message_pipe MessagePipe;

/* A message that arrived, in the main context that was the default when the pipe was made. */
typedef void (*MessagePipeReceived) (GVariant *message, gpointer data);

/* The other end is gone, or sent what is no message. Nothing comes afterwards. */
typedef void (*MessagePipeClosed) (gpointer data);

/* Takes references on the streams, and listens at once. */
MessagePipe *message_pipe_new (GInputStream *input, GOutputStream *output, MessagePipeReceived received, MessagePipeClosed closed, gpointer data);

/* Sends message (sunk) after those before it, without waiting. */
void message_pipe_send (MessagePipe *self, GVariant *message);

/* Ends it without a word: no function of the caller is called any more. */
void message_pipe_free (MessagePipe *self);

G_END_DECLS
