/* Safetensors of a few float32 numbers, for tests. */
#pragma once

#include "io-support.h"

/* One of the descriptions that put_tensors() takes, without its comma. */
#define TENSOR(name, shape, from, to) "\"" name "\":{\"dtype\":\"F32\",\"shape\":[" shape "],\"data_offsets\":[" from "," to "]}"

/* The numbers are 1, 2, 3 … n; metadata is the inside of an object. */
static inline void
put_tensors (const char *path, const char *metadata, const char *tensors, gsize n)
{
  g_autofree char       *header = g_strdup_printf ("{\"__metadata__\":{%s},%s}", metadata, tensors);
  g_autoptr (GByteArray) bytes = g_byte_array_new ();
  guint64                length = GUINT64_TO_LE (strlen (header));

  g_byte_array_append (bytes, (const guint8 *) &length, sizeof length);
  g_byte_array_append (bytes, (const guint8 *) header, (guint) strlen (header));
  for (gsize i = 0; i < n; i++)
    {
      float value = (float) (i + 1);

      g_byte_array_append (bytes, (const guint8 *) &value, sizeof value);
    }
  put_file (path, bytes->data, bytes->len);
}
