#include "io/jpeg.h"

#include <setjmp.h>
#include <stdio.h>
#include <string.h>
#include <jpeglib.h>
#include <jerror.h>

#include "core/base/memory.h"
#include "core/base/text.h"
#include "io/exif.h"
#include "io/jpeg-markers.h"
#include "io/refusal.h"

/* Coefficients of a progressive picture of DINO_PICTURE_MAX_PIXELS in four
 * components, and some room. */
#define MAX_MEMORY (640L << 20)

/* A few hundred bytes can hold thousands of scans over millions of pixels. */
#define MAX_SCANS 100

/* Everything that must survive a longjmp() lives here and not on the stack. */
struct reader
{
  struct jpeg_decompress_struct jpeg; /* first: libjpeg hands back pointers to it */
  struct jpeg_error_mgr         errors;
  struct jpeg_progress_mgr      progress;
  jmp_buf                       failure;
  const uint8_t                *data;
  size_t                        length;
  struct dino_refusal          *refusal;
  unsigned                      notes;
  struct dino_picture          *picture;
  uint8_t                      *row; /* of CMYK */
};

static struct reader *
reader_of (j_common_ptr common)
{
  return (struct reader *) common;
}

/* text is libjpeg's, for DINO_REFUSED_JPEG alone. */
static void
refuse (struct reader *reader, enum dino_refusal_reason reason, const char *text)
{
  dino_refuse (reader->refusal, reason, text);
  longjmp (reader->failure, 1);
}

static void
on_error (j_common_ptr common)
{
  struct reader *reader = reader_of (common);
  char           message[JMSG_LENGTH_MAX];

  switch (common->err->msg_code)
    {
    case JERR_BAD_PRECISION:
      refuse (reader, DINO_REFUSED_JPEG_PRECISION, NULL);
      break;
    case JERR_SOF_UNSUPPORTED:
      refuse (reader, DINO_REFUSED_JPEG_LOSSLESS, NULL);
      break;
    case JERR_OUT_OF_MEMORY:
    case JERR_NO_BACKING_STORE:
      refuse (reader, DINO_REFUSED_JPEG_MEMORY, NULL);
      break;
    default:
      common->err->format_message (common, message);
      refuse (reader, DINO_REFUSED_JPEG, message);
      break;
    }
}

/* libjpeg guesses on after damage and only warns. What it would guess is not shown. */
static void
on_message (j_common_ptr common, int level)
{
  struct reader *reader = reader_of (common);
  char           message[JMSG_LENGTH_MAX];

  if (level >= 0)
    return;
  switch (common->err->msg_code)
    {
    case JWRN_EXTRANEOUS_DATA:
      reader->notes |= DINO_NOTE_EXTRANEOUS_BYTES;
      break;
    case JWRN_ADOBE_XFORM:
    case JWRN_BOGUS_ICC:
    case JWRN_JFIF_MAJOR:
      break;
    case JWRN_JPEG_EOF:
      refuse (reader, DINO_REFUSED_JPEG_TRUNCATED, NULL);
      break;
    default:
      common->err->format_message (common, message);
      refuse (reader, DINO_REFUSED_JPEG, message);
      break;
    }
}

static void
on_progress (j_common_ptr common)
{
  struct reader *reader = reader_of (common);

  if (reader->jpeg.input_scan_number > MAX_SCANS)
    refuse (reader, DINO_REFUSED_JPEG_SCANS, NULL);
}

/* The steps below run under setjmp(), each as a call of its own. */
static void
read_header (struct reader *reader)
{
  j_decompress_ptr jpeg = &reader->jpeg;

  jpeg_create_decompress (jpeg);
  jpeg->mem->max_memory_to_use = MAX_MEMORY;
  reader->progress.progress_monitor = on_progress;
  jpeg->progress = &reader->progress;
  jpeg_mem_src (jpeg, reader->data, reader->length);
  jpeg_read_header (jpeg, TRUE);
  if (jpeg->arith_code)
    refuse (reader, DINO_REFUSED_JPEG_ARITHMETIC, NULL);
  if (jpeg->data_precision != 8)
    refuse (reader, DINO_REFUSED_JPEG_PRECISION, NULL);

  switch (jpeg->num_components)
    {
    case 1:
      jpeg->out_color_space = JCS_GRAYSCALE;
      break;
    case 3:
      jpeg->out_color_space = JCS_RGB;
      break;
    case 4:
      jpeg->out_color_space = JCS_CMYK;
      break;
    default:
      refuse (reader, DINO_REFUSED_JPEG_COMPONENTS, NULL);
      break;
    }
  /* As Pillow decodes; the values are libjpeg's defaults, told because bits depend on them. */
  jpeg->dct_method = JDCT_ISLOW;
  jpeg->do_fancy_upsampling = TRUE;
}

static bool
make_picture (struct reader *reader)
{
  static const char *const modes[] = { NULL, N_ ("8-bit grey"), NULL, N_ ("8-bit RGB"), N_ ("8-bit CMYK") };
  const uint8_t           *exif;
  size_t                   exif_length;
  bool                     profile;
  int                      components = reader->jpeg.num_components;
  struct dino_picture     *picture;

  if (!dino_refuse_size (reader->refusal, reader->jpeg.image_width, reader->jpeg.image_height))
    return false;
  reader->picture = picture = dino_picture_new ((int) reader->jpeg.image_width, (int) reader->jpeg.image_height,
                                                components == 1 ? 1 : 3, 8, NULL);
  if (picture == NULL)
    return dino_refuse_memory (reader->refusal, (uint64_t) reader->jpeg.image_width * reader->jpeg.image_height * (components == 1 ? 1 : 3));
  if (components == 4)
    {
      reader->row = dino_alloc (reader->jpeg.image_width, 4, NULL);
      if (reader->row == NULL)
        return dino_refuse_memory (reader->refusal, (uint64_t) reader->jpeg.image_width * 4);
      reader->notes |= DINO_NOTE_CMYK;
    }
  dino_jpeg_find_markers (reader->data, reader->length, &exif, &exif_length, &profile);
  if (profile)
    reader->notes |= DINO_NOTE_PROFILE_IGNORED;
  picture->orientation = exif != NULL ? dino_exif_orientation (exif, exif_length) : 1;
  picture->file_bits = 8;
  snprintf (picture->format, sizeof picture->format, "JPEG");
  snprintf (picture->mode, sizeof picture->mode, "%s", modes[components]);
  return true;
}

static uint8_t
multiply_255 (int a, int b)
{
  int product = a * b + 128;

  return (uint8_t) (((product >> 8) + product) >> 8);
}

/* Stored CMYK is inverted (Adobe's convention, which Pillow takes for every
 * file): a sample is 255 minus the ink. */
static void
cmyk_to_rgb (const uint8_t *cmyk, uint8_t *rgb, size_t n)
{
  for (size_t i = 0; i < n; i++)
    {
      int not_black = cmyk[4 * i + 3];

      for (size_t c = 0; c < 3; c++)
        rgb[3 * i + c] = (uint8_t) (not_black - multiply_255 (255 - cmyk[4 * i + c], not_black));
    }
}

static void
read_samples (struct reader *reader)
{
  j_decompress_ptr jpeg = &reader->jpeg;
  size_t           stride = (size_t) reader->picture->width * (size_t) reader->picture->channels;

  jpeg_start_decompress (jpeg);
  while (jpeg->output_scanline < jpeg->output_height)
    {
      uint8_t *target = reader->picture->samples8 + (size_t) jpeg->output_scanline * stride;
      JSAMPROW row = reader->row != NULL ? reader->row : target;

      jpeg_read_scanlines (jpeg, &row, 1);
      if (reader->row != NULL)
        cmyk_to_rgb (reader->row, target, (size_t) reader->picture->width);
    }
  jpeg_finish_decompress (jpeg);
  reader->picture->notes = reader->notes;
}

static bool
guarded (struct reader *reader, void (*step) (struct reader *))
{
  if (setjmp (reader->failure) != 0)
    return false;
  step (reader);
  return true;
}

struct dino_picture *
dino_jpeg_read (const uint8_t *data, size_t length, struct dino_refusal *refusal)
{
  struct reader reader = { .data = data, .length = length, .refusal = refusal };
  bool          complete;

  reader.jpeg.err = jpeg_std_error (&reader.errors);
  reader.errors.error_exit = on_error;
  reader.errors.emit_message = on_message;

  complete = guarded (&reader, read_header) && make_picture (&reader) && guarded (&reader, read_samples);
  jpeg_destroy_decompress (&reader.jpeg);
  dino_free (reader.row);
  if (complete)
    return reader.picture;
  dino_picture_unref (reader.picture);
  return NULL;
}

struct dino_picture *
dino_jpeg_decode (const uint8_t *data, size_t length, const char *name, struct dino_error *error)
{
  struct dino_refusal refusal = { 0 };

  return dino_refusal_settle (dino_jpeg_read (data, length, &refusal), &refusal, name, error);
}
