/* A disk that is full at each byte of an output in turn: every writer says so,
 * and none goes on as if nothing had happened. */
#include "core/heads/outlines.h"
#include "core/maps/map.h"
#include "core/picture/geometry.h"
#include "io/csv.h"
#include "io/decoder-file.h"
#include "io/map-csv.h"
#include "io/mask-file.h"
#include "io/npy.h"
#include "io/outlines-file.h"
#include "io/png.h"
#include "io/safetensors-write.h"
#include "io/table.h"

#include "io-support.h"

/* As many bytes as an output keeps before it writes them. */
#define ROOM 65536

typedef bool (*Writer) (struct dino_output *output, struct dino_error *error);

/* What the writer writes where there is room. */
static gsize
size_of (Writer writer)
{
  g_autofree char       *folder = make_folder ();
  g_autofree char       *path = g_build_filename (folder, "whole", NULL);
  struct dino_error      error = { 0 };
  struct dino_output    *output = dino_output_new (path, &error);
  g_autoptr (GByteArray) bytes = NULL;

  g_assert_true (writer (output, &error));
  g_assert_true (dino_output_commit (output, &error));
  bytes = bytes_of_file (path);
  remove_folder (folder);
  g_assert_cmpuint (bytes->len, >, 0);
  g_assert_cmpuint (bytes->len, <, ROOM);
  return bytes->len;
}

/* Room for kept bytes is left when the writer begins. */
static void
fail_after (Writer writer, gsize kept, bool fits)
{
  static const uint8_t filler[ROOM];
  struct dino_error    error = { 0 };
  struct dino_output  *output = dino_output_new ("/dev/full", &error);
  bool                 written;

  g_assert_nonnull (output);
  g_assert_true (dino_output_write (output, filler, ROOM - kept, &error));
  written = writer (output, &error);
  g_assert_cmpint (written, ==, fits);
  if (written)
    g_assert_false (dino_output_commit (output, &error));
  else
    dino_output_abort (output);
  assert_error (&error, DINO_CODE_WRITE, "/dev/full");
}

static void
fill (Writer writer)
{
  const gsize size = size_of (writer);

  for (gsize kept = 0; kept <= size; kept++)
    fail_after (writer, kept, kept == size);
}

static struct dino_classes
two_classes (void)
{
  struct dino_classes classes = { .n = 0 };

  g_assert_true (dino_classes_add (&classes, 0, "a", NULL));
  g_assert_true (dino_classes_add (&classes, 3, "<\"\\\n>", NULL));
  return classes;
}

static bool
write_outlines (struct dino_output *output, bool svg, struct dino_error *error)
{
  static const uint8_t      mask[] = { 1, 1, 1, 1, 0, 1, 1, 1, 1, 0, 0, 1 };
  const struct dino_classes classes = two_classes ();
  struct dino_outlines     *outlines = dino_outlines_new (mask, 3, 4, 1, 2, 0, NULL);
  const bool                done = svg ? dino_outlines_write_svg (output, outlines, &classes, 3, 4, error) : dino_outlines_write_geojson (output, outlines, &classes, error);

  dino_outlines_free (outlines);
  return done;
}

static bool
write_geojson (struct dino_output *output, struct dino_error *error)
{
  return write_outlines (output, false, error);
}

static bool
write_svg (struct dino_output *output, struct dino_error *error)
{
  return write_outlines (output, true, error);
}

static bool
write_table (struct dino_output *output, struct dino_error *error)
{
  return dino_table_write_field (output, "plain", '\t', error) && dino_table_write_field (output, "", '\t', error) && dino_table_write_field (output, "a\t\"b\"\n", '\t', error) &&
         dino_table_write_field (output, "\xff x", '\n', error);
}

static bool
write_map (struct dino_output *output, struct dino_error *error)
{
  struct dino_map           *map = dino_map_new (2, 2, 1, NULL);
  const struct dino_geometry geometry = { .width = 4, .height = 4, .resized_width = 4, .resized_height = 4, .input_width = 4, .input_height = 4, .patch = 2, .rows = 2, .columns = 2 };
  bool                       done;

  map->values[1] = 0.5f;
  done = dino_map_write_csv (output, map, &geometry, error);
  dino_map_unref (map);
  return done;
}

static const float numbers[] = { 1, 2, 3, 4, 5, 6 };

static bool
write_npy (struct dino_output *output, struct dino_error *error)
{
  static const size_t shape[] = { 2, 3 };

  return dino_npy_write (output, numbers, shape, 2, false, error);
}

static bool
write_half (struct dino_output *output, struct dino_error *error)
{
  static const size_t shape[] = { 6 };

  return dino_npy_write (output, numbers, shape, 1, true, error);
}

static bool
write_safetensors (struct dino_output *output, struct dino_error *error)
{
  static const struct dino_tensor_out   tensors[] = { { "a", numbers, { 2, 3 }, 2 }, { "\"b\"", numbers, { 1 }, 1 } };
  static const struct dino_metadata_out metadata = { "key", "\"\\\n\x01ü" };

  return dino_safetensors_write (output, tensors, 2, &metadata, 1, error);
}

static bool
write_decoder (struct dino_output *output, struct dino_error *error)
{
  struct dino_decoder_head head = { .decoder = dino_decoder_new (3, 2, 2, NULL), .classes = two_classes (), .blocks = { 1 }, .n_blocks = 1 };
  const bool               done = dino_decoder_head_write (output, &head, "1", error);

  dino_decoder_free (head.decoder);
  return done;
}

static bool
write_png (struct dino_output *output, struct dino_error *error)
{
  static const uint8_t samples[4 * 3 * 3] = { 1, 2, 3 };

  return dino_png_write (output, samples, 4, 3, 3, error);
}

static bool
write_mask (struct dino_output *output, struct dino_error *error)
{
  static const uint8_t      mask[] = { 0, 1, 255, 1 };
  const struct dino_classes classes = two_classes ();

  return dino_mask_write (output, mask, 2, 2, &classes, error);
}

static void
test_fill (gconstpointer data)
{
  fill (*(const Writer *) data);
}

/* Boxes open their file themselves: the first label is as long as what has to be there before. */
static void
test_boxes (void)
{
  for (gsize kept = 0; kept < 64; kept++)
    {
      g_autofree char            *label = g_strnfill (ROOM - kept, 'x');
      const struct dino_named_box boxes[] = {
        { .label = label, .box = { 1, 2, 3, 4 } },
        { .label = (char *) "a \"b\"", .box = { 5, 6, 7, 8 } },
      };
      struct dino_error error = { 0 };

      g_assert_false (dino_boxes_write ("/dev/full", boxes, 2, &error));
      assert_error (&error, DINO_CODE_WRITE, "/dev/full");
    }
}

int
main (int argc, char **argv)
{
  static const struct
  {
    const char *name;
    Writer      writer;
  } rows[] = {
    { "/full/geojson", write_geojson },
    { "/full/svg", write_svg },
    { "/full/table", write_table },
    { "/full/map", write_map },
    { "/full/npy", write_npy },
    { "/full/half", write_half },
    { "/full/safetensors", write_safetensors },
    { "/full/decoder", write_decoder },
    { "/full/png", write_png },
    { "/full/mask", write_mask },
  };

  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    g_test_add_data_func (rows[i].name, &rows[i].writer, test_fill);
  g_test_add_func ("/full/boxes", test_boxes);
  return g_test_run ();
}
