#include "render/stream.h"

#include <math.h>
#include <string.h>

#include "core/base/memory.h"
#include "core/base/text.h"

#define FIRST_ROOM 65536

static bool
make_room (struct dino_stream *stream, size_t length)
{
  size_t needed, room = stream->room > 0 ? stream->room : FIRST_ROOM;
  char  *data;

  if (!dino_add (stream->length, length, &needed))
    return dino_error_set_memory (&stream->error, length);
  if (needed <= stream->room)
    return true;
  while (room < needed)
    if (!dino_multiply (room, 2, &room))
      return dino_error_set_memory (&stream->error, needed);
  data = dino_alloc (room, 1, &stream->error);
  if (data == NULL)
    return false;
  if (stream->length > 0)
    memcpy (data, stream->data, stream->length);
  dino_free (stream->data);
  stream->data = data;
  stream->room = room;
  return true;
}

bool
dino_stream_add (struct dino_stream *stream, const char *data, size_t length)
{
  if (stream->error.code != DINO_CODE_NONE || !make_room (stream, length))
    return false;
  memcpy (stream->data + stream->length, data, length);
  stream->length += length;
  return true;
}

bool
dino_stream_add_text (struct dino_stream *stream, const char *text)
{
  return dino_stream_add (stream, text, strlen (text));
}

bool
dino_stream_add_escaped (struct dino_stream *stream, const char *text, size_t length)
{
  bool good = true;

  for (size_t i = 0; good && i < length; i++)
    switch (text[i])
      {
      case '&':
        good = dino_stream_add_text (stream, "&amp;");
        break;
      case '<':
        good = dino_stream_add_text (stream, "&lt;");
        break;
      case '>':
        good = dino_stream_add_text (stream, "&gt;");
        break;
      default:
        if ((unsigned char) text[i] >= ' ' && text[i] != 127)
          good = dino_stream_add (stream, text + i, 1);
        break;
      }
  return good;
}

bool
dino_stream_add_number (struct dino_stream *stream, double value)
{
  char number[DINO_NUMBER_LENGTH];

  return dino_stream_add_text (stream, dino_format_double (number, round (value * 1000) / 1000));
}

cairo_status_t
dino_stream_write (void *closure, const unsigned char *data, unsigned int length)
{
  return dino_stream_add (closure, (const char *) data, length) ? CAIRO_STATUS_SUCCESS : CAIRO_STATUS_WRITE_ERROR;
}

void
dino_stream_clear (struct dino_stream *stream)
{
  dino_free (stream->data);
}
