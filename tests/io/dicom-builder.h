/* Writes DICOM files element by element (PS3.5 7, PS3.10 7), right or wrong. */
#pragma once

#include <glib.h>

enum dicom_encoding
{
  DICOM_EXPLICIT,
  DICOM_IMPLICIT,
  DICOM_BIG_ENDIAN,
  DICOM_DEFLATED
};

enum dicom_start
{
  DICOM_PREAMBLE, /* as the standard wants it */
  DICOM_META,     /* the meta header without preamble and "DICM" */
  DICOM_BARE      /* the data set alone */
};

typedef struct dicom Dicom;

/* syntax NULL: that of encoding. */
Dicom *dicom_new (enum dicom_encoding encoding, const char *syntax);
void   dicom_free (Dicom *dicom);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Dicom, dicom_free)

#define DICOM_TAG(group, element) ((guint32) (group) << 16 | (element))

/* Elements are sorted by tag at the end; a later one replaces an earlier one of
 * the same tag. Values of odd length get a byte of padding. */
void dicom_put_bytes (Dicom *dicom, guint32 tag, const char *vr, const void *bytes, gsize length);
void dicom_put_words (Dicom *dicom, guint32 tag, const char *vr, const guint16 *words, gsize n);
void dicom_put_word (Dicom *dicom, guint32 tag, const char *vr, int word);
void dicom_put_text (Dicom *dicom, guint32 tag, const char *vr, const char *text);
void dicom_remove (Dicom *dicom, guint32 tag);

/* Adds an item, of the same encoding, to a sequence. Takes over item. */
void dicom_put_item (Dicom *dicom, guint32 tag, Dicom *item);

/* Pixel data as an empty offset table and one fragment. */
void dicom_put_fragment (Dicom *dicom, const void *bytes, gsize length);

GByteArray *dicom_finish (const Dicom *dicom, enum dicom_start start);
