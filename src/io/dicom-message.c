#include "io/dicom-message.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "core/base/memory.h"
#include "core/base/text.h"

static const uint8_t magic[8] = "DINODCM1";

enum
{
  KIND_PICTURE = 1,
  KIND_REFUSAL = 2
};

/* The longest text that an attribute may have. */
#define MAX_TEXT 4096

/* Writing. */

struct writer
{
  uint8_t           *data;
  size_t             length, capacity;
  struct dino_error *error; /* may be NULL */
  bool               failed;
};

static bool
make_room (struct writer *writer, size_t n)
{
  size_t   capacity = writer->capacity > 0 ? writer->capacity : 4096;
  uint8_t *larger;

  if (writer->failed)
    return false;
  if (n <= writer->capacity - writer->length)
    return true;
  while (capacity - writer->length < n)
    capacity *= 2;
  larger = dino_alloc (capacity, 1, writer->error);
  if (larger == NULL)
    {
      writer->failed = true;
      return false;
    }
  if (writer->length > 0)
    memcpy (larger, writer->data, writer->length);
  dino_free (writer->data);
  writer->data = larger;
  writer->capacity = capacity;
  return true;
}

static void
put_bytes (struct writer *writer, const void *bytes, size_t n)
{
  if (n == 0 || !make_room (writer, n))
    return;
  memcpy (writer->data + writer->length, bytes, n);
  writer->length += n;
}

static void
put_u64 (struct writer *writer, uint64_t value)
{
  uint8_t bytes[8];

  for (int i = 0; i < 8; i++)
    bytes[i] = (uint8_t) (value >> (8 * i));
  put_bytes (writer, bytes, sizeof bytes);
}

static void
put_u32 (struct writer *writer, uint32_t value)
{
  const uint8_t bytes[4] = { (uint8_t) value, (uint8_t) (value >> 8), (uint8_t) (value >> 16), (uint8_t) (value >> 24) };

  put_bytes (writer, bytes, sizeof bytes);
}

static void
put_int (struct writer *writer, int value)
{
  put_u32 (writer, (uint32_t) value);
}

static void
put_double (struct writer *writer, double value)
{
  uint64_t bits;

  memcpy (&bits, &value, sizeof bits);
  put_u64 (writer, bits);
}

static void
put_text (struct writer *writer, const char *text)
{
  size_t length = strlen (text);

  put_u32 (writer, (uint32_t) length);
  put_bytes (writer, text, length);
}

static void
put_lut (struct writer *writer, const struct dino_lut *lut)
{
  put_u32 (writer, lut != NULL ? (uint32_t) lut->n : 0);
  if (lut == NULL)
    return;
  put_int (writer, lut->first);
  put_int (writer, lut->bits);
  for (size_t i = 0; i < lut->n; i++)
    {
      const uint8_t bytes[2] = { (uint8_t) lut->entries[i], (uint8_t) (lut->entries[i] >> 8) };

      put_bytes (writer, bytes, sizeof bytes);
    }
}

static void
put_grey_scale (struct writer *writer, const struct dino_grey_scale *grey)
{
  put_lut (writer, grey->modality);
  put_double (writer, grey->slope);
  put_double (writer, grey->intercept);
  put_int (writer, grey->has_rescale);
  put_text (writer, grey->unit);
  put_int (writer, grey->has_padding);
  put_int (writer, grey->padding_low);
  put_int (writer, grey->padding_high);
  put_int (writer, grey->monochrome1);
  put_int (writer, (int) grey->presentation);
  put_u32 (writer, (uint32_t) grey->n_voi);
  for (size_t i = 0; i < grey->n_voi; i++)
    {
      put_lut (writer, grey->voi[i].lut);
      put_double (writer, grey->voi[i].window.center);
      put_double (writer, grey->voi[i].window.width);
      put_int (writer, (int) grey->voi[i].window.function);
      put_text (writer, grey->voi[i].name);
    }
}

static void
put_attributes (struct writer *writer, const struct dino_attributes *attributes)
{
  put_int (writer, (int) attributes->spacing);
  put_double (writer, attributes->spacing_x);
  put_double (writer, attributes->spacing_y);
  put_u32 (writer, (uint32_t) attributes->n);
  for (size_t i = 0; i < attributes->n; i++)
    {
      put_text (writer, attributes->items[i].keyword);
      put_text (writer, attributes->items[i].value);
      put_int (writer, attributes->items[i].personal);
    }
}

static void
put_head (struct writer *writer, uint32_t kind, uint32_t width, uint32_t height)
{
  put_bytes (writer, magic, sizeof magic);
  put_u32 (writer, kind);
  put_u32 (writer, 0);
  put_u32 (writer, width);
  put_u32 (writer, height);
}

/* The length of what follows the head is known at the end. */
static uint8_t *
finish (struct writer *writer, size_t *length)
{
  struct writer place = *writer;

  if (writer->failed)
    {
      dino_free (writer->data);
      return NULL;
    }
  place.length = 12;
  put_u32 (&place, (uint32_t) (writer->length - DINO_DICOM_HEAD));
  *length = writer->length;
  return writer->data;
}

uint8_t *
dino_dicom_message_pack (const struct dino_picture *picture, size_t *length, struct dino_error *error)
{
  struct writer writer = { .error = error };

  put_head (&writer, KIND_PICTURE, (uint32_t) picture->width, (uint32_t) picture->height);
  put_int (&writer, picture->file_bits);
  put_int (&writer, picture->stored_offset);
  put_text (&writer, picture->mode);
  put_grey_scale (&writer, picture->grey);
  put_attributes (&writer, picture->attributes);
  return finish (&writer, length);
}

uint8_t *
dino_dicom_message_pack_refusal (const struct dino_dicom_refusal *refusal, size_t *length, struct dino_error *error)
{
  struct writer writer = { .error = error };

  put_head (&writer, KIND_REFUSAL, 0, 0);
  put_int (&writer, (int) refusal->reason);
  put_u64 (&writer, (uint64_t) refusal->a);
  put_u64 (&writer, (uint64_t) refusal->b);
  put_text (&writer, refusal->text);
  return finish (&writer, length);
}

/* Reading. A reader that failed once gives zeros from then on. */

struct reader
{
  const uint8_t *data;
  size_t         length, offset;
  bool           failed;
};

static const uint8_t *
take (struct reader *reader, size_t n)
{
  const uint8_t *bytes;

  if (reader->failed || n > reader->length - reader->offset)
    {
      reader->failed = true;
      return NULL;
    }
  /* What is empty may have no address to count from. */
  bytes = reader->length > 0 ? reader->data + reader->offset : reader->data;
  reader->offset += n;
  return bytes;
}

static uint32_t
get_u32 (struct reader *reader)
{
  const uint8_t *bytes = take (reader, 4);

  return bytes == NULL ? 0 : bytes[0] | (uint32_t) bytes[1] << 8 | (uint32_t) bytes[2] << 16 | (uint32_t) bytes[3] << 24;
}

static uint64_t
get_u64 (struct reader *reader)
{
  uint64_t low = get_u32 (reader);

  return low | (uint64_t) get_u32 (reader) << 32;
}

/* A whole number of low … high. */
static int
get_int (struct reader *reader, int low, int high)
{
  int64_t value = (int32_t) get_u32 (reader);

  if (value >= low && value <= high)
    return (int) value;
  reader->failed = true;
  return low;
}

static double
get_double (struct reader *reader)
{
  uint64_t bits = get_u64 (reader);
  double   value;

  memcpy (&value, &bits, sizeof value);
  if (isfinite (value))
    return value;
  reader->failed = true;
  return 0;
}

/* UTF-8 without control characters. */
static bool
is_plain (const char *text, size_t length)
{
  size_t offset = 0;

  while (offset < length)
    {
      size_t n = dino_text_character (text + offset);

      if (n == 0 || n > length - offset || (n == 1 && ((unsigned char) text[offset] < ' ' || text[offset] == 0x7f)))
        return false;
      offset += n;
    }
  return true;
}

static void
get_text (struct reader *reader, char *buffer, size_t size)
{
  uint32_t       length = get_u32 (reader);
  const uint8_t *bytes = length < size ? take (reader, length) : NULL;

  buffer[0] = '\0';
  if (bytes == NULL)
    {
      reader->failed = true;
      return;
    }
  memcpy (buffer, bytes, length);
  buffer[length] = '\0';
  if (!is_plain (buffer, length))
    reader->failed = true;
}

static bool
get_lut (struct reader *reader, struct dino_lut **lut, struct dino_error *error)
{
  uint32_t       n = get_u32 (reader);
  const uint8_t *entries;
  int            first, bits;

  *lut = NULL;
  if (n == 0 || reader->failed)
    return !reader->failed;
  first = get_int (reader, -65536, 65536);
  bits = get_int (reader, 1, 16);
  entries = n <= 65536 ? take (reader, (size_t) n * 2) : NULL;
  if (entries == NULL || reader->failed)
    {
      reader->failed = true;
      return false;
    }
  *lut = dino_lut_new (n, error);
  if (*lut == NULL)
    return false;
  (*lut)->first = first;
  (*lut)->bits = bits;
  for (uint32_t i = 0; i < n; i++)
    (*lut)->entries[i] = (uint16_t) (entries[2 * (size_t) i] | entries[2 * (size_t) i + 1] << 8);
  return true;
}

static bool
get_voi (struct reader *reader, struct dino_voi *voi, struct dino_error *error)
{
  if (!get_lut (reader, &voi->lut, error))
    return false;
  voi->window.center = get_double (reader);
  voi->window.width = get_double (reader);
  voi->window.function = (enum dino_voi_function) get_int (reader, DINO_VOI_LINEAR, DINO_VOI_SIGMOID);
  get_text (reader, voi->name, sizeof voi->name);
  if (voi->lut == NULL && !(voi->window.width > 0))
    reader->failed = true;
  return !reader->failed;
}

static bool
get_grey_scale (struct reader *reader, struct dino_grey_scale *grey, struct dino_error *error)
{
  uint32_t n_voi;

  if (!get_lut (reader, &grey->modality, error))
    return false;
  grey->slope = get_double (reader);
  grey->intercept = get_double (reader);
  grey->has_rescale = get_int (reader, 0, 1) == 1;
  get_text (reader, grey->unit, sizeof grey->unit);
  grey->has_padding = get_int (reader, 0, 1) == 1;
  grey->padding_low = get_int (reader, -65536, 65536);
  grey->padding_high = get_int (reader, -65536, 65536);
  grey->monochrome1 = get_int (reader, 0, 1) == 1;
  grey->presentation = (enum dino_presentation) get_int (reader, DINO_PRESENTATION_NONE, DINO_PRESENTATION_INVERSE);
  n_voi = get_u32 (reader);
  if (reader->failed || n_voi > DINO_VOI_MAX)
    {
      reader->failed = true;
      return false;
    }
  if (!dino_grey_scale_set_n_voi (grey, n_voi, error))
    return false;
  for (uint32_t i = 0; i < n_voi; i++)
    if (!get_voi (reader, &grey->voi[i], error))
      return false;
  return true;
}

static bool
get_attribute (struct reader *reader, struct dino_attribute *attribute, struct dino_error *error)
{
  char text[MAX_TEXT];

  get_text (reader, text, sizeof text);
  if (reader->failed || (attribute->keyword = dino_strdup (text, error)) == NULL)
    return false;
  get_text (reader, text, sizeof text);
  if (reader->failed || (attribute->value = dino_strdup (text, error)) == NULL)
    return false;
  attribute->personal = get_int (reader, 0, 1) == 1;
  return !reader->failed;
}

static struct dino_attributes *
get_attributes (struct reader *reader, struct dino_error *error)
{
  enum dino_spacing       spacing = (enum dino_spacing) get_int (reader, DINO_SPACING_UNKNOWN, DINO_SPACING_PLANE);
  double                  x = get_double (reader);
  double                  y = get_double (reader);
  uint32_t                n = get_u32 (reader);
  struct dino_attributes *attributes;

  if (reader->failed || n > DINO_ATTRIBUTES_MAX || (spacing != DINO_SPACING_UNKNOWN && !(x > 0 && y > 0)))
    {
      reader->failed = true;
      return NULL;
    }
  attributes = dino_attributes_new (n, error);
  if (attributes == NULL)
    return NULL;
  attributes->spacing = spacing;
  attributes->spacing_x = x;
  attributes->spacing_y = y;
  for (uint32_t i = 0; i < n; i++)
    if (!get_attribute (reader, &attributes->items[i], error))
      {
        dino_attributes_free (attributes);
        return NULL;
      }
  return attributes;
}

static bool
get_picture (struct reader *reader, struct dino_picture *picture, struct dino_error *error)
{
  picture->file_bits = get_int (reader, 1, 16);
  picture->stored_offset = get_int (reader, -32768, 0);
  if (picture->stored_offset != 0 && picture->stored_offset != -32768)
    reader->failed = true;
  get_text (reader, picture->mode, sizeof picture->mode);
  snprintf (picture->format, sizeof picture->format, "DICOM");
  picture->grey = dino_grey_scale_new (error);
  if (reader->failed || picture->grey == NULL || !get_grey_scale (reader, picture->grey, error))
    return false;
  picture->attributes = get_attributes (reader, error);
  return picture->attributes != NULL && !reader->failed && reader->offset == reader->length;
}

bool
dino_dicom_message_read_head (const uint8_t data[DINO_DICOM_HEAD], struct dino_dicom_head *head)
{
  struct reader reader = { .data = data, .length = DINO_DICOM_HEAD, .offset = sizeof magic };
  uint32_t      kind = get_u32 (&reader);

  head->length = get_u32 (&reader);
  head->width = get_u32 (&reader);
  head->height = get_u32 (&reader);
  head->refused = kind == KIND_REFUSAL;
  if (memcmp (data, magic, sizeof magic) != 0 || head->length > DINO_DICOM_MAX_DESCRIPTION)
    return false;
  if (head->refused)
    return head->width == 0 && head->height == 0;
  return kind == KIND_PICTURE && head->width >= 1 && head->height >= 1 && head->width <= DINO_PICTURE_MAX_SIDE && head->height <= DINO_PICTURE_MAX_SIDE;
}

struct dino_picture *
dino_dicom_message_unpack (const struct dino_dicom_head *head, const uint8_t *data, struct dino_error *error)
{
  struct reader        reader = { .data = data, .length = head->length };
  struct dino_picture *picture = dino_picture_new ((int) head->width, (int) head->height, 1, 16, error);

  if (picture == NULL || get_picture (&reader, picture, error))
    return picture;
  dino_picture_unref (picture);
  dino_error_set (error, DINO_CODE_FORMAT, "%s", _ ("The answer of the DICOM reader makes no sense."));
  return NULL;
}

bool
dino_dicom_message_unpack_refusal (const uint8_t *data, size_t length, struct dino_dicom_refusal *refusal)
{
  struct reader reader = { .data = data, .length = length };

  refusal->reason = (enum dino_dicom_reason) get_int (&reader, DINO_DICOM_MALFORMED, DINO_DICOM_N_REASONS - 1);
  refusal->a = (int64_t) get_u64 (&reader);
  refusal->b = (int64_t) get_u64 (&reader);
  get_text (&reader, refusal->text, sizeof refusal->text);
  return !reader.failed && reader.offset == length;
}
