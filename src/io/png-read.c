#include "io/png.h"

#include <png.h>
#include <stdio.h>
#include <string.h>

#include "core/base/memory.h"
#include "core/base/text.h"
#include "io/exif.h"
#include "io/refusal.h"

/* Ancillary chunks are parsed with these bounds (libpng's defaults are far wider).
 * Rows of the longest lines need less. */
#define MAX_CACHED_CHUNKS 128
#define MAX_CHUNK_MEMORY ((png_alloc_size_t) 8 << 20)

/* Everything that must survive a longjmp() lives here and not on the stack. */
struct reader
{
  png_structp          png;
  png_infop            info;
  const uint8_t       *data;
  size_t               length, offset;
  bool                 as_mask; /* samples are numbers of classes, as they are in the file */
  struct dino_refusal *refusal;
  bool                 failed; /* told, or memory ran out: a picture would be incomplete */
  struct dino_picture *picture;
  png_bytep           *rows;
};

static void
on_error (png_structp png, png_const_charp message)
{
  struct reader *reader = png_get_error_ptr (png);

  reader->failed = true;
  dino_refuse (reader->refusal, DINO_REFUSED_PNG, message);
  png_longjmp (png, 1);
}

static void
on_warning (png_structp png, png_const_charp message)
{
}

/* libpng 1.6 only warns of a chunk beyond its bound, and asks for as much memory
 * as the chunk says. */
static png_voidp
on_malloc (png_structp png, png_alloc_size_t size)
{
  struct reader *reader = png_get_mem_ptr (png);
  void          *memory = size <= MAX_CHUNK_MEMORY ? dino_alloc (size, 1, NULL) : NULL;

  if (memory != NULL)
    return memory;
  reader->failed = true;
  if (size > MAX_CHUNK_MEMORY)
    dino_refuse (reader->refusal, DINO_REFUSED_PNG_CHUNK, NULL);
  else
    dino_refuse_memory (reader->refusal, size);
  return NULL;
}

static void
on_free (png_structp png, png_voidp memory)
{
  dino_free (memory);
}

/* Leaves libpng for a reason that is not its own. */
static void
give_up (png_structp png, enum dino_refusal_reason reason)
{
  struct reader *reader = png_get_io_ptr (png);

  dino_refuse (reader->refusal, reason, NULL);
  png_error (png, "refused");
}

static void
on_read (png_structp png, png_bytep buffer, size_t length)
{
  struct reader *reader = png_get_io_ptr (png);

  if (length > reader->length - reader->offset)
    give_up (png, DINO_REFUSED_PNG_TRUNCATED);
  memcpy (buffer, reader->data + reader->offset, length);
  reader->offset += length;
}

static const char *
mode_of (int color_type, int depth, bool transparent)
{
  bool alpha = transparent || (color_type & PNG_COLOR_MASK_ALPHA) != 0;

  switch (color_type)
    {
    case PNG_COLOR_TYPE_PALETTE:
      return alpha ? N_ ("palette with transparency") : N_ ("palette");
    case PNG_COLOR_TYPE_RGB:
    case PNG_COLOR_TYPE_RGB_ALPHA:
      if (depth == 16)
        return alpha ? N_ ("16-bit RGB with alpha") : N_ ("16-bit RGB");
      return alpha ? N_ ("8-bit RGB with alpha") : N_ ("8-bit RGB");
    default:
      break;
    }
  switch (depth)
    {
    case 1:
      return alpha ? N_ ("1-bit grey with transparency") : N_ ("1-bit grey");
    case 2:
      return alpha ? N_ ("2-bit grey with transparency") : N_ ("2-bit grey");
    case 4:
      return alpha ? N_ ("4-bit grey with transparency") : N_ ("4-bit grey");
    case 16:
      return alpha ? N_ ("16-bit grey with alpha") : N_ ("16-bit grey");
    default:
      return alpha ? N_ ("8-bit grey with alpha") : N_ ("8-bit grey");
    }
}

static unsigned
notes_of (png_structp png, png_infop info, int color_type, int depth)
{
  unsigned notes = 0;

  if ((color_type & PNG_COLOR_MASK_ALPHA) != 0 || png_get_valid (png, info, PNG_INFO_tRNS))
    notes |= DINO_NOTE_ALPHA_DROPPED;
  if (color_type == PNG_COLOR_TYPE_PALETTE)
    notes |= DINO_NOTE_PALETTE;
  if (depth == 16 && color_type != PNG_COLOR_TYPE_GRAY)
    notes |= DINO_NOTE_HIGH_BYTE;
  if (png_get_valid (png, info, PNG_INFO_gAMA | PNG_INFO_sRGB | PNG_INFO_iCCP))
    notes |= DINO_NOTE_PROFILE_IGNORED;
  return notes;
}

/* Numbers of classes: indexes stay indexes, few bits are not stretched to eight. */
static void
set_mask_transforms (png_structp png)
{
  png_set_packing (png);
  png_set_strip_alpha (png);
  png_set_interlace_handling (png);
}

/* What Pillow's convert("RGB") does, but that 16-bit grey keeps its 16 bits. */
static void
set_transforms (png_structp png, int color_type, int depth)
{
  if (color_type == PNG_COLOR_TYPE_PALETTE)
    png_set_packing (png);
  else if (color_type == PNG_COLOR_TYPE_GRAY && depth < 8)
    png_set_expand_gray_1_2_4_to_8 (png);
  else if (color_type == PNG_COLOR_TYPE_GRAY && depth == 16)
    {
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
      png_set_swap (png);
#endif
    }
  else if (depth == 16)
    png_set_strip_16 (png);
  png_set_strip_alpha (png);
  png_set_interlace_handling (png);
}

/* The steps below run under setjmp(), each as a call of its own: a failure in
 * libpng leaves them at once. */
static void
read_header (struct reader *reader)
{
  /* Texts, times and the like are skipped unparsed; their checksums still count. */
  static const png_byte unread[] = "bKGD\0hIST\0iTXt\0oFFs\0pCAL\0pHYs\0sBIT\0sCAL\0sPLT\0sTER\0tEXt\0tIME\0zTXt";
  png_structp           png = reader->png;

  png_set_read_fn (png, reader, on_read);
  png_set_crc_action (png, PNG_CRC_ERROR_QUIT, PNG_CRC_ERROR_QUIT);
  png_set_user_limits (png, DINO_PICTURE_MAX_SIDE, DINO_PICTURE_MAX_SIDE);
  png_set_chunk_cache_max (png, MAX_CACHED_CHUNKS);
  png_set_chunk_malloc_max (png, MAX_CHUNK_MEMORY);
  png_set_keep_unknown_chunks (png, PNG_HANDLE_CHUNK_NEVER, NULL, 0);
  png_set_keep_unknown_chunks (png, PNG_HANDLE_CHUNK_NEVER, unread, sizeof unread / 5);
  png_read_info (png, reader->info);
}

static bool
make_picture (struct reader *reader)
{
  png_structp          png = reader->png;
  png_infop            info = reader->info;
  int                  color_type = png_get_color_type (png, info);
  int                  depth = png_get_bit_depth (png, info);
  int                  width = (int) png_get_image_width (png, info);
  int                  height = (int) png_get_image_height (png, info);
  int                  channels = (color_type & PNG_COLOR_MASK_COLOR) != 0 && !reader->as_mask ? 3 : 1;
  int                  bits = color_type == PNG_COLOR_TYPE_GRAY && depth == 16 ? 16 : 8;
  size_t               stride = (size_t) width * (size_t) channels * (size_t) (bits / 8);
  struct dino_picture *picture;

  if (reader->as_mask && ((color_type & PNG_COLOR_MASK_COLOR) != 0) != (color_type == PNG_COLOR_TYPE_PALETTE))
    return dino_refuse (reader->refusal, DINO_REFUSED_MASK_COLOUR, NULL);
  if (reader->as_mask && depth == 16)
    return dino_refuse (reader->refusal, DINO_REFUSED_MASK_BITS, NULL);
  reader->picture = picture = dino_picture_new (width, height, channels, bits, NULL);
  if (picture == NULL)
    return dino_refuse_memory (reader->refusal, stride * (size_t) height);
  reader->rows = dino_alloc ((size_t) height, sizeof *reader->rows, NULL);
  if (reader->rows == NULL)
    return dino_refuse_memory (reader->refusal, (size_t) height * sizeof *reader->rows);
  /* Palette indexes go to the last third of each row; look_up() turns them in place. */
  for (int y = 0; y < height; y++)
    reader->rows[y] = (bits == 16 ? (png_bytep) picture->samples16 : picture->samples8) + (size_t) y * stride +
                      (color_type == PNG_COLOR_TYPE_PALETTE && !reader->as_mask ? 2 * (size_t) width : 0);

  picture->file_bits = depth;
  picture->orientation = 1;
  picture->notes = notes_of (png, info, color_type, depth);
  snprintf (picture->format, sizeof picture->format, "PNG");
  snprintf (picture->mode, sizeof picture->mode, "%s", mode_of (color_type, depth, png_get_valid (png, info, PNG_INFO_tRNS) != 0));
  return true;
}

/* libpng would draw an index without a colour in black. */
static void
look_up (struct reader *reader)
{
  png_colorp palette = NULL;
  int        n_colors = 0;
  int        width = reader->picture->width;

  png_get_PLTE (reader->png, reader->info, &palette, &n_colors);
  for (int y = 0; y < reader->picture->height; y++)
    {
      const uint8_t *index = reader->rows[y];
      uint8_t       *rgb = reader->picture->samples8 + (size_t) y * (size_t) width * 3;

      for (int x = 0; x < width; x++, rgb += 3)
        {
          uint8_t i = index[x];

          if (i >= n_colors)
            give_up (reader->png, DINO_REFUSED_PNG_PALETTE);
          rgb[0] = palette[i].red;
          rgb[1] = palette[i].green;
          rgb[2] = palette[i].blue;
        }
    }
}

static void
read_samples (struct reader *reader)
{
  png_structp png = reader->png;
  png_infop   info = reader->info;
  int         color_type = png_get_color_type (png, info);
  int         depth = png_get_bit_depth (png, info);
  png_bytep   exif = NULL;
  png_uint_32 exif_length = 0;

  if (reader->as_mask)
    set_mask_transforms (png);
  else
    set_transforms (png, color_type, depth);
  png_read_update_info (png, info);
  /* libpng forgives a wrong checksum over the compressed samples; a
   * radiograph whose samples may be damaged is not shown. */
  png_set_benign_errors (png, 0);
  png_read_image (png, reader->rows);
  png_set_benign_errors (png, 1);
  png_read_end (png, info);
  if (color_type == PNG_COLOR_TYPE_PALETTE && !reader->as_mask)
    look_up (reader);
  if (png_get_eXIf_1 (png, info, &exif_length, &exif) != 0)
    reader->picture->orientation = dino_exif_orientation (exif, exif_length);
}

static bool
guarded (struct reader *reader, void (*step) (struct reader *))
{
  if (setjmp (png_jmpbuf (reader->png)) != 0)
    return false;
  step (reader);
  return !reader->failed;
}

/* The size stands at a fixed place; libpng would refuse it in worse words. */
static bool
check_size (const struct reader *reader)
{
  if (reader->length < 24 || memcmp (reader->data + 12, "IHDR", 4) != 0)
    return dino_refuse (reader->refusal, DINO_REFUSED_PNG_HEADER, NULL);
  return dino_refuse_size (reader->refusal, png_get_uint_32 (reader->data + 16), png_get_uint_32 (reader->data + 20));
}

struct dino_picture *
dino_png_read (const uint8_t *data, size_t length, bool as_mask, struct dino_refusal *refusal)
{
  struct reader reader = { .data = data, .length = length, .as_mask = as_mask, .refusal = refusal };
  bool          complete = false;

  if (!check_size (&reader))
    return NULL;
  reader.png = png_create_read_struct_2 (PNG_LIBPNG_VER_STRING, &reader, on_error, on_warning, &reader, on_malloc, on_free);
  if (reader.png != NULL)
    reader.info = png_create_info_struct (reader.png);
  if (reader.info != NULL)
    complete = guarded (&reader, read_header) && make_picture (&reader) && guarded (&reader, read_samples);
  else
    dino_refuse (refusal, DINO_REFUSED_PNG_START, NULL);

  png_destroy_read_struct (&reader.png, &reader.info, NULL);
  dino_free (reader.rows);
  if (complete)
    return reader.picture;
  dino_picture_unref (reader.picture);
  return NULL;
}

struct dino_picture *
dino_png_decode (const uint8_t *data, size_t length, const char *name, struct dino_error *error)
{
  struct dino_refusal refusal = { 0 };

  return dino_refusal_settle (dino_png_read (data, length, false, &refusal), &refusal, name, error);
}

struct dino_picture *
dino_png_decode_mask (const uint8_t *data, size_t length, const char *name, struct dino_error *error)
{
  struct dino_refusal refusal = { 0 };

  return dino_refusal_settle (dino_png_read (data, length, true, &refusal), &refusal, name, error);
}
