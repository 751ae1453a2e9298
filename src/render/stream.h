/* What Cairo writes, collected in memory. Private to render. */
#pragma once

#include <cairo.h>
#include <stdbool.h>
#include <stddef.h>

#include "core/base/error.h"

/* Zero it before use. Errors stick: after the first one nothing is added. */
struct dino_stream
{
  char             *data; /* not terminated */
  size_t            length, room;
  struct dino_error error;
};

bool dino_stream_add (struct dino_stream *stream, const char *data, size_t length);
bool dino_stream_add_text (struct dino_stream *stream, const char *text);

/* As text in XML: marks escaped, control characters left out. */
bool dino_stream_add_escaped (struct dino_stream *stream, const char *text, size_t length);

/* To three decimals, with a decimal point in every locale. */
bool dino_stream_add_number (struct dino_stream *stream, double value);

/* A cairo_write_func_t; closure is a stream. */
cairo_status_t dino_stream_write (void *closure, const unsigned char *data, unsigned int length);

void dino_stream_clear (struct dino_stream *stream);
