#include "io/png.h"

#include <png.h>

#include "core/base/memory.h"
#include "core/base/text.h"

/* Everything that must survive a longjmp() lives here and not on the stack. */
struct writer
{
  png_structp         png;
  png_infop           info;
  struct dino_output *output;
  struct dino_error  *error;
  const uint8_t      *samples;
  int                 width, height, channels;
  const uint8_t      *colors; /* [n_colors, 4], of indexes, else NULL */
  int                 n_colors;
};

static void
on_error (png_structp png, png_const_charp message)
{
  struct writer *writer = png_get_error_ptr (png);

  dino_error_set (writer->error, DINO_CODE_WRITE, _ ("The picture cannot be written as PNG: %s."), message);
  png_longjmp (png, 1);
}

static void
on_warning (png_structp png, png_const_charp message)
{
}

static png_voidp
on_malloc (png_structp png, png_alloc_size_t size)
{
  struct writer *writer = png_get_mem_ptr (png);

  return dino_alloc (size, 1, writer->error);
}

static void
on_free (png_structp png, png_voidp memory)
{
  dino_free (memory);
}

static void
on_write (png_structp png, png_bytep data, size_t length)
{
  struct writer *writer = png_get_io_ptr (png);

  if (!dino_output_write (writer->output, data, length, writer->error))
    png_error (png, "the output failed");
}

static void
on_flush (png_structp png)
{
}

static void
write_palette (struct writer *writer)
{
  png_color palette[256] = { 0 };
  png_byte  alpha[256];
  int       n_alpha = 0;

  for (int i = 0; i < writer->n_colors; i++)
    {
      const uint8_t *color = writer->colors + 4 * (size_t) i;

      palette[i] = (png_color){ color[0], color[1], color[2] };
      alpha[i] = color[3];
      n_alpha = alpha[i] != 255 ? i + 1 : n_alpha;
    }
  png_set_PLTE (writer->png, writer->info, palette, writer->n_colors);
  if (n_alpha > 0)
    png_set_tRNS (writer->png, writer->info, alpha, n_alpha, NULL);
}

static void
write_picture (struct writer *writer)
{
  static const int color_types[] = { 0, PNG_COLOR_TYPE_GRAY, 0, PNG_COLOR_TYPE_RGB, PNG_COLOR_TYPE_RGB_ALPHA };
  size_t           stride = (size_t) writer->width * (size_t) writer->channels;

  png_set_write_fn (writer->png, writer, on_write, on_flush);
  png_set_IHDR (writer->png, writer->info, (png_uint_32) writer->width, (png_uint_32) writer->height, 8,
                writer->colors != NULL ? PNG_COLOR_TYPE_PALETTE : color_types[writer->channels], PNG_INTERLACE_NONE, PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
  if (writer->colors != NULL)
    write_palette (writer);
  png_write_info (writer->png, writer->info);
  for (int y = 0; y < writer->height; y++)
    png_write_row (writer->png, writer->samples + (size_t) y * stride);
  png_write_end (writer->png, NULL);
}

static bool
guarded (struct writer *writer, void (*step) (struct writer *))
{
  if (setjmp (png_jmpbuf (writer->png)) != 0)
    return false;
  step (writer);
  return true;
}

static bool
write_whole (struct writer *writer, struct dino_error *error)
{
  bool complete = false;

  writer->png = png_create_write_struct_2 (PNG_LIBPNG_VER_STRING, writer, on_error, on_warning, writer, on_malloc, on_free);
  if (writer->png != NULL)
    writer->info = png_create_info_struct (writer->png);
  if (writer->info != NULL)
    complete = guarded (writer, write_picture);
  else
    dino_error_set (error, DINO_CODE_MEMORY, _ ("libpng could not be started."));
  dino_error_about (error, dino_output_name (writer->output));
  png_destroy_write_struct (&writer->png, &writer->info);
  return complete;
}

bool
dino_png_write (struct dino_output *output, const uint8_t *samples, int width, int height, int channels, struct dino_error *error)
{
  struct writer writer = { .output = output, .error = error, .samples = samples, .width = width, .height = height, .channels = channels };

  if (width <= 0 || height <= 0 || (channels != 1 && channels != 3 && channels != 4))
    return dino_error_set (error, DINO_CODE_ARGUMENT, _ ("A picture of %d × %d pixels and %d channels cannot be written as PNG."), width, height, channels);
  return write_whole (&writer, error);
}

bool
dino_png_write_indexed (struct dino_output *output, const uint8_t *indexes, int width, int height, const uint8_t *colors, int n_colors, struct dino_error *error)
{
  struct writer writer = { .output = output, .error = error, .samples = indexes, .width = width, .height = height, .channels = 1, .colors = colors, .n_colors = n_colors };

  if (width <= 0 || height <= 0 || n_colors < 1 || n_colors > 256)
    return dino_error_set (error, DINO_CODE_ARGUMENT, _ ("A picture of %d × %d pixels and %d channels cannot be written as PNG."), width, height, 1);
  for (size_t i = 0; i < (size_t) width * (size_t) height; i++)
    if (indexes[i] >= n_colors)
      return dino_error_set (error, DINO_CODE_ARGUMENT, _ ("A pixel has an index that its palette lacks."));
  return write_whole (&writer, error);
}
