#include "png-builder.h"

#include <string.h>
#include <zlib.h>

static void
add_u32 (GByteArray *bytes, guint32 value)
{
  guint32 big_endian = GUINT32_TO_BE (value);

  g_byte_array_append (bytes, (const guint8 *) &big_endian, 4);
}

static guint32
get_u32 (const guint8 *data)
{
  guint32 value;

  memcpy (&value, data, 4);
  return GUINT32_FROM_BE (value);
}

void
png_add_chunk (GByteArray *png, const char type[4], const void *data, gsize length)
{
  guint start = png->len + 4;

  add_u32 (png, (guint32) length);
  g_byte_array_append (png, (const guint8 *) type, 4);
  if (length > 0)
    g_byte_array_append (png, data, (guint) length);
  add_u32 (png, (guint32) crc32 (0, png->data + start, (uInt) (png->len - start)));
}

gsize
png_find_chunk (const GByteArray *png, const char type[4])
{
  gsize offset = 8;

  while (memcmp (png->data + offset + 4, type, 4) != 0)
    {
      offset += 12 + get_u32 (png->data + offset);
      g_assert_cmpuint (offset + 12, <=, png->len);
    }
  return offset;
}

void
png_fix_checksums (GByteArray *png)
{
  gsize offset = 8;

  while (offset + 12 <= png->len && get_u32 (png->data + offset) <= png->len - offset - 12)
    {
      guint32 length = get_u32 (png->data + offset);
      guint32 checksum = GUINT32_TO_BE ((guint32) crc32 (0, png->data + offset + 4, length + 4));

      memcpy (png->data + offset + 8 + length, &checksum, 4);
      offset += 12 + (gsize) length;
    }
}

guint
png_channels (guint8 color_type)
{
  static const guint channels[] = { 1, 0, 3, 1, 2, 0, 4 };

  return channels[color_type];
}

/* The pixels start + i * step of both axes as rows without filter. */
static void
add_pass (GByteArray *raw, const struct png_description *description, guint x0, guint y0, guint step_x, guint step_y)
{
  if (x0 >= description->width)
    return;
  for (guint y = y0; y < description->height; y += step_y)
    {
      guint  n_bits = 0;
      guint8 byte = 0;

      g_byte_array_append (raw, &byte, 1);
      for (guint x = x0; x < description->width; x += step_x)
        for (guint c = 0; c < png_channels (description->color_type); c++)
          for (guint bit = description->depth; bit-- > 0;)
            {
              byte = (guint8) (byte << 1 | ((description->sample (x, y, c) >> bit) & 1));
              if (++n_bits % 8 == 0)
                g_byte_array_append (raw, &byte, 1);
            }
      if (n_bits % 8 != 0)
        {
          byte = (guint8) (byte << (8 - n_bits % 8));
          g_byte_array_append (raw, &byte, 1);
        }
    }
}

static GByteArray *
compress_samples (const struct png_description *description)
{
  static const guint     adam7[7][4] = { { 0, 0, 8, 8 }, { 4, 0, 8, 8 }, { 0, 4, 4, 8 }, { 2, 0, 4, 4 }, { 0, 2, 2, 4 }, { 1, 0, 2, 2 }, { 0, 1, 1, 2 } };
  g_autoptr (GByteArray) raw = g_byte_array_new ();
  GByteArray            *compressed = g_byte_array_new ();
  uLongf                 length;

  if (description->interlaced)
    for (guint i = 0; i < G_N_ELEMENTS (adam7); i++)
      add_pass (raw, description, adam7[i][0], adam7[i][1], adam7[i][2], adam7[i][3]);
  else
    add_pass (raw, description, 0, 0, 1, 1);
  length = compressBound (raw->len);
  g_byte_array_set_size (compressed, (guint) length);
  g_assert_cmpint (compress2 (compressed->data, &length, raw->data, raw->len, 6), ==, Z_OK);
  g_byte_array_set_size (compressed, (guint) length);
  return compressed;
}

GByteArray *
png_build (const struct png_description *description)
{
  g_autoptr (GByteArray) header = g_byte_array_new ();
  g_autoptr (GByteArray) samples = compress_samples (description);
  GByteArray            *png = g_byte_array_new ();
  const guint8           rest[] = { description->depth, description->color_type, 0, 0, description->interlaced ? 1 : 0 };

  g_byte_array_append (png, (const guint8 *) "\x89PNG\r\n\x1a\n", 8);
  add_u32 (header, description->width);
  add_u32 (header, description->height);
  g_byte_array_append (header, rest, sizeof rest);
  png_add_chunk (png, "IHDR", header->data, header->len);
  if (description->n_colors > 0)
    {
      guint8 palette[256 * 3];

      /* Color i is (i, 255 - i, 7 i). */
      for (guint i = 0; i < description->n_colors; i++)
        {
          palette[3 * i] = (guint8) i;
          palette[3 * i + 1] = (guint8) (255 - i);
          palette[3 * i + 2] = (guint8) (7 * i);
        }
      png_add_chunk (png, "PLTE", palette, 3 * description->n_colors);
    }
  if (description->extra != NULL)
    g_byte_array_append (png, (const guint8 *) description->extra, (guint) description->extra_length);
  png_add_chunk (png, "IDAT", samples->data, samples->len);
  png_add_chunk (png, "IEND", NULL, 0);
  return png;
}
