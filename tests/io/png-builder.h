/* PNG files made byte by byte, so that tests can make wrong ones too. */
#pragma once

#include <glib.h>

struct png_description
{
  guint32  width, height;
  guint8   depth, color_type;
  gboolean interlaced;
  /* Sample c of pixel (x, y), depth bits. */
  guint (*sample) (guint x, guint y, guint c);
  const char *extra; /* complete chunks before IDAT, NULL for none */
  gsize       extra_length;
  guint       n_colors; /* of the palette, 0 for none */
};

/* A whole file; g_byte_array_unref() it. */
GByteArray *png_build (const struct png_description *description);

/* Appends a chunk with its length and checksum. */
void png_add_chunk (GByteArray *png, const char type[4], const void *data, gsize length);

/* Offset of the first chunk of this type (of its length field). */
gsize png_find_chunk (const GByteArray *png, const char type[4]);

/* Makes the checksums right again, of as many chunks as there are. */
void png_fix_checksums (GByteArray *png);

guint png_channels (guint8 color_type);
