#include "dicom/codestream.h"

#include <openjpeg.h>
#include <stdio.h>
#include <string.h>

static unsigned
big_endian (const uint8_t *bytes)
{
  return (unsigned) bytes[0] << 8 | bytes[1];
}

/* SOF0 … SOF15 but DHT, JPG and DAC, and SOF55 of JPEG-LS. */
static bool
is_frame_header (unsigned marker)
{
  return (marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 && marker != 0xc8 && marker != 0xcc) || marker == 0xf7;
}

bool
dino_jpeg_read_frame (const uint8_t *data, size_t length, struct dino_jpeg_frame *frame)
{
  size_t at = 2;

  while (at + 10 <= length && data[at] == 0xff)
    {
      if (data[at + 1] == 0xff)
        at++;
      else if (is_frame_header (data[at + 1]))
        {
          frame->precision = data[at + 4];
          frame->rows = (int) big_endian (data + at + 5);
          frame->columns = (int) big_endian (data + at + 7);
          frame->n_components = data[at + 9];
          return true;
        }
      else
        at += 2 + big_endian (data + at + 2);
    }
  return false;
}

static uint32_t
little_endian (const uint8_t *bytes)
{
  return bytes[0] | (uint32_t) bytes[1] << 8 | (uint32_t) bytes[2] << 16 | (uint32_t) bytes[3] << 24;
}

bool
dino_rle_check (const uint8_t *data, size_t length, int n_segments)
{
  enum
  {
    HEADER = 64,
    MAX_SEGMENTS = 15
  };
  uint32_t previous = HEADER - 1;

  if (length < HEADER || little_endian (data) != (uint32_t) n_segments)
    return false;
  for (int i = 0; i < MAX_SEGMENTS; i++)
    {
      uint32_t offset = little_endian (data + 4 + 4 * (size_t) i);

      if (i >= n_segments && offset != 0)
        return false;
      if (i < n_segments && (offset <= previous || offset >= length))
        return false;
      previous = offset;
    }
  return true;
}

/* A stream in memory. */
struct source
{
  const uint8_t *data;
  size_t         length, offset;
};

static OPJ_SIZE_T
read_source (void *buffer, OPJ_SIZE_T n, void *user_data)
{
  struct source *source = user_data;
  size_t         left = source->length - source->offset;

  if (left == 0)
    return (OPJ_SIZE_T) -1;
  n = n < left ? n : left;
  memcpy (buffer, source->data + source->offset, n);
  source->offset += n;
  return n;
}

static OPJ_BOOL
seek_source (OPJ_OFF_T offset, void *user_data)
{
  struct source *source = user_data;

  if (offset < 0 || (size_t) offset > source->length)
    return OPJ_FALSE;
  source->offset = (size_t) offset;
  return OPJ_TRUE;
}

static OPJ_OFF_T
skip_source (OPJ_OFF_T n, void *user_data)
{
  struct source *source = user_data;
  size_t         left = source->length - source->offset;

  if (n < 0)
    return -1;
  n = (size_t) n < left ? n : (OPJ_OFF_T) left;
  source->offset += (size_t) n;
  return n;
}

static void
say_nothing (const char *message, void *user_data)
{
}

static opj_stream_t *
open_stream (struct source *source)
{
  opj_stream_t *stream = opj_stream_create (1 << 16, OPJ_TRUE);

  if (stream == NULL)
    return NULL;
  opj_stream_set_read_function (stream, read_source);
  opj_stream_set_seek_function (stream, seek_source);
  opj_stream_set_skip_function (stream, skip_source);
  opj_stream_set_user_data (stream, source, NULL);
  opj_stream_set_user_data_length (stream, source->length);
  return stream;
}

static opj_codec_t *
open_codec (const struct source *source)
{
  static const uint8_t box[] = { 0, 0, 0, 12, 'j', 'P', ' ', ' ' };
  bool                 in_boxes = source->length > sizeof box && memcmp (source->data, box, sizeof box) == 0;
  opj_codec_t         *codec = opj_create_decompress (in_boxes ? OPJ_CODEC_JP2 : OPJ_CODEC_J2K);
  opj_dparameters_t    parameters;

  if (codec == NULL)
    return NULL;
  opj_set_error_handler (codec, say_nothing, NULL);
  opj_set_warning_handler (codec, say_nothing, NULL);
  opj_set_info_handler (codec, say_nothing, NULL);
  opj_set_default_decoder_parameters (&parameters);
  if (opj_setup_decoder (codec, &parameters))
    return codec;
  opj_destroy_codec (codec);
  return NULL;
}

/* Before anything of the picture's size is allocated. */
static bool
check_header (const opj_image_t *image, int columns, int rows, int bits, struct dino_dicom_refusal *refusal)
{
  int64_t width = (int64_t) image->x1 - image->x0;
  int64_t height = (int64_t) image->y1 - image->y0;

  if (image->numcomps != 1)
    {
      refusal->reason = DINO_DICOM_COLOUR;
      snprintf (refusal->text, sizeof refusal->text, "several components");
      return false;
    }
  if (width == columns && height == rows)
    return image->comps[0].prec <= (OPJ_UINT32) bits;
  refusal->reason = DINO_DICOM_CODESTREAM;
  refusal->a = width;
  refusal->b = height;
  return false;
}

static bool
take_values (const opj_image_t *image, int columns, int rows, uint16_t *values)
{
  const opj_image_comp_t *component = &image->comps[0];
  size_t                  n = (size_t) columns * (size_t) rows;

  if (component->data == NULL || component->w != (OPJ_UINT32) columns || component->h != (OPJ_UINT32) rows)
    return false;
  for (size_t i = 0; i < n; i++)
    values[i] = (uint16_t) component->data[i];
  return true;
}

bool
dino_jpeg2000_decode (const uint8_t *data, size_t length, int columns, int rows, int bits, uint16_t *values, struct dino_dicom_refusal *refusal)
{
  struct source source = { data, length, 0 };
  opj_stream_t *stream = open_stream (&source);
  opj_codec_t  *codec = open_codec (&source);
  opj_image_t  *image = NULL;
  bool          decoded;

  refusal->reason = DINO_DICOM_DECODING;
  decoded = stream != NULL && codec != NULL && opj_read_header (stream, codec, &image) &&
            check_header (image, columns, rows, bits, refusal) &&
            opj_decode (codec, stream, image) && take_values (image, columns, rows, values);
  opj_image_destroy (image);
  if (codec != NULL)
    opj_destroy_codec (codec);
  if (stream != NULL)
    opj_stream_destroy (stream);
  return decoded;
}
