#include "dicom-builder.h"

#include <string.h>
#include <zlib.h>

struct element
{
  guint32     tag;
  char        vr[3];
  GByteArray *value;
  gboolean    undefined_length;
};

struct dicom
{
  enum dicom_encoding encoding;
  const char         *syntax;
  GArray             *elements;
};

static void
clear_element (gpointer data)
{
  struct element *element = data;

  g_byte_array_unref (element->value);
}

Dicom *
dicom_new (enum dicom_encoding encoding, const char *syntax)
{
  static const char *const syntaxes[] = { "1.2.840.10008.1.2.1", "1.2.840.10008.1.2", "1.2.840.10008.1.2.2", "1.2.840.10008.1.2.1.99" };
  struct dicom            *dicom = g_new0 (struct dicom, 1);

  dicom->encoding = encoding;
  dicom->syntax = syntax != NULL ? syntax : syntaxes[encoding];
  dicom->elements = g_array_new (FALSE, TRUE, sizeof (struct element));
  g_array_set_clear_func (dicom->elements, clear_element);
  return dicom;
}

void
dicom_free (Dicom *dicom)
{
  g_array_unref (dicom->elements);
  g_free (dicom);
}

static struct element *
find_element (Dicom *dicom, guint32 tag)
{
  for (guint i = 0; i < dicom->elements->len; i++)
    if (g_array_index (dicom->elements, struct element, i).tag == tag)
      return &g_array_index (dicom->elements, struct element, i);
  return NULL;
}

void
dicom_remove (Dicom *dicom, guint32 tag)
{
  struct element *element = find_element (dicom, tag);

  if (element != NULL)
    g_array_remove_index (dicom->elements, (guint) (element - &g_array_index (dicom->elements, struct element, 0)));
}

/* Empty, in place of one that is there. */
static struct element *
add_element (Dicom *dicom, guint32 tag, const char *vr)
{
  struct element element = { .tag = tag, .value = g_byte_array_new () };

  dicom_remove (dicom, tag);
  g_strlcpy (element.vr, vr, sizeof element.vr);
  g_array_append_val (dicom->elements, element);
  return &g_array_index (dicom->elements, struct element, dicom->elements->len - 1);
}

static void
append_number (GByteArray *bytes, guint32 value, guint n, gboolean big)
{
  for (guint i = 0; i < n; i++)
    {
      guint8 byte = (guint8) (value >> 8 * (big ? n - 1 - i : i));

      g_byte_array_append (bytes, &byte, 1);
    }
}

void
dicom_put_bytes (Dicom *dicom, guint32 tag, const char *vr, const void *bytes, gsize length)
{
  struct element *element = add_element (dicom, tag, vr);
  gboolean        is_text = strchr ("OU", vr[0]) == NULL;

  g_byte_array_append (element->value, bytes, (guint) length);
  if (length % 2 == 1)
    g_byte_array_append (element->value, (const guint8 *) (is_text ? " " : "\0"), 1);
}

void
dicom_put_text (Dicom *dicom, guint32 tag, const char *vr, const char *text)
{
  dicom_put_bytes (dicom, tag, vr, text, strlen (text));
}

void
dicom_put_words (Dicom *dicom, guint32 tag, const char *vr, const guint16 *words, gsize n)
{
  struct element *element = add_element (dicom, tag, vr);

  for (gsize i = 0; i < n; i++)
    append_number (element->value, words[i], 2, dicom->encoding == DICOM_BIG_ENDIAN);
}

void
dicom_put_word (Dicom *dicom, guint32 tag, const char *vr, int word)
{
  const guint16 value = (guint16) word;

  dicom_put_words (dicom, tag, vr, &value, 1);
}

static void
append_tag (GByteArray *bytes, guint32 tag, gboolean big)
{
  append_number (bytes, tag >> 16, 2, big);
  append_number (bytes, tag & 0xffff, 2, big);
}

static void
append_element (GByteArray *bytes, const struct element *element, enum dicom_encoding encoding)
{
  gboolean big = encoding == DICOM_BIG_ENDIAN;
  guint32  length = element->undefined_length ? G_MAXUINT32 : element->value->len;
  gboolean is_long = strstr ("OB OW OF OD SQ UT UN", element->vr) != NULL;

  append_tag (bytes, element->tag, big);
  if (encoding != DICOM_IMPLICIT)
    g_byte_array_append (bytes, (const guint8 *) element->vr, 2);
  if (encoding != DICOM_IMPLICIT && is_long)
    append_number (bytes, 0, 2, big);
  append_number (bytes, length, encoding == DICOM_IMPLICIT || is_long ? 4 : 2, big);
  g_byte_array_append (bytes, element->value->data, element->value->len);
  if (element->undefined_length)
    {
      append_tag (bytes, 0xfffee0dd, big);
      append_number (bytes, 0, 4, big);
    }
}

static gint
compare_elements (gconstpointer a, gconstpointer b)
{
  guint32 first = ((const struct element *) a)->tag, second = ((const struct element *) b)->tag;

  return first < second ? -1 : first > second;
}

static void
append_data_set (GByteArray *bytes, const Dicom *dicom)
{
  g_array_sort (dicom->elements, compare_elements);
  for (guint i = 0; i < dicom->elements->len; i++)
    append_element (bytes, &g_array_index (dicom->elements, struct element, i), dicom->encoding);
}

void
dicom_put_item (Dicom *dicom, guint32 tag, Dicom *item)
{
  struct element        *sequence = find_element (dicom, tag);
  g_autoptr (GByteArray) content = g_byte_array_new ();

  if (sequence == NULL)
    sequence = add_element (dicom, tag, "SQ");
  append_data_set (content, item);
  append_tag (sequence->value, 0xfffee000, dicom->encoding == DICOM_BIG_ENDIAN);
  append_number (sequence->value, content->len, 4, dicom->encoding == DICOM_BIG_ENDIAN);
  g_byte_array_append (sequence->value, content->data, content->len);
  dicom_free (item);
}

void
dicom_put_fragment (Dicom *dicom, const void *bytes, gsize length)
{
  struct element *pixels = add_element (dicom, DICOM_TAG (0x7fe0, 0x0010), "OB");

  pixels->undefined_length = TRUE;
  append_tag (pixels->value, 0xfffee000, FALSE);
  append_number (pixels->value, 0, 4, FALSE);
  append_tag (pixels->value, 0xfffee000, FALSE);
  append_number (pixels->value, (guint32) (length + length % 2), 4, FALSE);
  g_byte_array_append (pixels->value, bytes, (guint) length);
  if (length % 2 == 1)
    g_byte_array_append (pixels->value, (const guint8 *) "\0", 1);
}

/* The meta header is explicit little endian, whatever follows. */
static void
append_meta (GByteArray *bytes, const char *syntax)
{
  g_autoptr (Dicom)      meta = dicom_new (DICOM_EXPLICIT, NULL);
  g_autoptr (GByteArray) content = g_byte_array_new ();
  guint16                words[2] = { 0, 0 };

  dicom_put_bytes (meta, DICOM_TAG (0x0002, 0x0001), "OB", "\0\1", 2);
  dicom_put_text (meta, DICOM_TAG (0x0002, 0x0002), "UI", "1.2.840.10008.5.1.4.1.1.1");
  dicom_put_text (meta, DICOM_TAG (0x0002, 0x0003), "UI", "1.2.3");
  dicom_put_text (meta, DICOM_TAG (0x0002, 0x0010), "UI", syntax);
  append_data_set (content, meta);
  words[0] = (guint16) content->len;
  dicom_put_words (meta, DICOM_TAG (0x0002, 0x0000), "UL", words, 2);
  append_data_set (bytes, meta);
}

/* Raw deflate, without zlib's header (PS3.5 A.5). */
static void
append_deflated (GByteArray *bytes, const GByteArray *content)
{
  guint8   buffer[1 << 16];
  z_stream stream = { .next_in = content->data, .avail_in = content->len, .next_out = buffer, .avail_out = sizeof buffer };

  g_assert_cmpint (deflateInit2 (&stream, 6, Z_DEFLATED, -MAX_WBITS, 8, Z_DEFAULT_STRATEGY), ==, Z_OK);
  g_assert_cmpint (deflate (&stream, Z_FINISH), ==, Z_STREAM_END);
  g_byte_array_append (bytes, buffer, (guint) stream.total_out);
  deflateEnd (&stream);
}

GByteArray *
dicom_finish (const Dicom *dicom, enum dicom_start start)
{
  GByteArray            *bytes = g_byte_array_new ();
  g_autoptr (GByteArray) content = g_byte_array_new ();

  if (start == DICOM_PREAMBLE)
    {
      static const guint8 preamble[128];

      g_byte_array_append (bytes, preamble, sizeof preamble);
      g_byte_array_append (bytes, (const guint8 *) "DICM", 4);
    }
  if (start != DICOM_BARE)
    append_meta (bytes, dicom->syntax);
  append_data_set (content, dicom);
  if (dicom->encoding == DICOM_DEFLATED)
    append_deflated (bytes, content);
  else
    g_byte_array_append (bytes, content->data, content->len);
  return bytes;
}
