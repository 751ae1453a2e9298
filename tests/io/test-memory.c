/* Memory that runs out, at every allocation in turn: an error, no crash, no
 * leak. Linked with --wrap=dino_alloc. */
#include "core/base/memory.h"
#include "io/csv.h"
#include "io/npy.h"
#include "io/png.h"
#include "io/read.h"
#include "io/safetensors-write.h"
#include "render/compose.h"

#include "dicom-film.h"
#include "io-support.h"
#include "png-builder.h"

void *__real_dino_alloc (size_t count, size_t size, struct dino_error *error);
void *__wrap_dino_alloc (size_t count, size_t size, struct dino_error *error);

/* Allocations until one fails; G_MAXUINT: none does. */
static guint until_failure = G_MAXUINT;

void *
__wrap_dino_alloc (size_t count, size_t size, struct dino_error *error)
{
  if (until_failure != G_MAXUINT && until_failure-- == 0)
    {
      until_failure = G_MAXUINT;
      dino_error_set_memory (error, count * size);
      return NULL;
    }
  return __real_dino_alloc (count, size, error);
}

/* Runs step with the first, the second … allocation failing, until none is left to fail. */
static void
exhaust (bool (*step) (const char *path, struct dino_error *error), const char *path)
{
  for (guint n = 0;; n++)
    {
      struct dino_error error = { 0 };
      bool              done;

      until_failure = n;
      done = step (path, &error);
      if (until_failure != G_MAXUINT)
        {
          until_failure = G_MAXUINT;
          assert_no_error (&error);
          g_assert_true (done);
          g_assert_cmpuint (n, >, 0);
          g_test_message ("%u allocations", n);
          return;
        }
      g_assert_false (done);
      assert_error (&error, DINO_CODE_MEMORY, "");
    }
}

static bool
read_picture (const char *path, struct dino_error *error)
{
  struct dino_picture *picture = dino_picture_read (path, NULL, error);

  dino_picture_unref (picture);
  return picture != NULL;
}

static void
test_pictures (void)
{
  static const char *const names[] = {
    "golden/modes/grey16.png",
    "golden/modes/palette8-trns.png",
    "golden/modes/rgba8.png",
    "golden/modes/cmyk.jpg",
    "golden/modes/grey-progressive.jpg",
  };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *path = test_data (names[i]);

      exhaust (read_picture, path);
    }
}

static guint
sample (guint x, guint y, guint c)
{
  return x + y;
}

/* Chunks that libpng keeps are allocated by us, too. */
static void
test_chunks (void)
{
  static const char      exif[] = "MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0";
  struct png_description description = { .width = 9, .height = 9, .depth = 4, .color_type = 0, .interlaced = TRUE, .sample = sample };
  g_autofree char       *folder = make_folder ();
  g_autofree char       *path = g_build_filename (folder, "chunks.png", NULL);
  g_autoptr (GByteArray) extra = g_byte_array_new ();
  g_autoptr (GByteArray) png = NULL;

  png_add_chunk (extra, "gAMA", "\0\0\xb1\x8f", 4);
  png_add_chunk (extra, "eXIf", exif, sizeof exif - 1);
  description.extra = (const char *) extra->data;
  description.extra_length = extra->len;
  png = png_build (&description);
  put_file (path, png->data, png->len);
  exhaust (read_picture, path);
  remove_folder (folder);
}

/* What the helper tells is allocated by us: tables, windows, attributes. */
static void
test_dicom (void)
{
  static const guint16   entries[] = { 1, 2, 3 };
  g_autoptr (Dicom)      film = film_new (DICOM_EXPLICIT, NULL);
  Dicom                 *table = dicom_new (DICOM_EXPLICIT, NULL);
  g_autofree char       *folder = make_folder ();
  g_autofree char       *path = g_build_filename (folder, "film.dcm", NULL);
  g_autoptr (GByteArray) bytes = NULL;

  dicom_put_words (table, DICOM_TAG (0x0028, 0x3002), "US", (const guint16[]){ 3, 0, 2 }, 3);
  dicom_put_words (table, DICOM_TAG (0x0028, 0x3006), "US", entries, 3);
  dicom_put_item (film, DICOM_TAG (0x0028, 0x3010), table);
  dicom_put_text (film, DICOM_TAG (0x0028, 0x1050), "DS", "100");
  dicom_put_text (film, DICOM_TAG (0x0028, 0x1051), "DS", "200");
  bytes = dicom_finish (film, DICOM_PREAMBLE);
  put_file (path, bytes->data, bytes->len);
  exhaust (read_picture, path);
  remove_folder (folder);
}

/* Ends output as its users do. */
static bool
finish (struct dino_output *output, bool written, struct dino_error *error)
{
  if (written)
    return dino_output_commit (output, error);
  dino_output_abort (output);
  return false;
}

static bool
write_png (const char *path, struct dino_error *error)
{
  static const uint8_t samples[4 * 4 * 3];
  struct dino_output  *output = dino_output_new (path, error);

  return output != NULL && finish (output, dino_png_write (output, samples, 4, 4, 3, error), error);
}

static bool
write_safetensors (const char *path, struct dino_error *error)
{
  static const float                    one = 1;
  static const struct dino_tensor_out   tensor = { "a", &one, { 1 }, 1 };
  static const struct dino_metadata_out metadata = { "key", "value" };
  struct dino_output                   *output = dino_output_new (path, error);

  return output != NULL && finish (output, dino_safetensors_write (output, &tensor, 1, &metadata, 1, error), error);
}

static bool
write_npy (const char *path, struct dino_error *error)
{
  static const float  values[] = { 1, 2 };
  static const size_t shape[] = { 2 };
  struct dino_output *output = dino_output_new (path, error);

  return output != NULL && finish (output, dino_npy_write (output, values, shape, 1, false, error), error);
}

static bool
read_npy (const char *path, struct dino_error *error)
{
  float *values = NULL;
  size_t shape[DINO_NPY_MAX_RANK];
  int    rank;

  if (!dino_npy_read (path, &values, shape, &rank, error))
    return false;
  dino_free (values);
  return true;
}

static bool
read_boxes (const char *path, struct dino_error *error)
{
  struct dino_named_box *boxes = NULL;
  size_t                 n;

  if (!dino_boxes_read (path, &boxes, &n, error))
    return false;
  dino_boxes_free (boxes, n);
  return true;
}

static void
test_files (void)
{
  g_autofree char    *folder = make_folder ();
  g_autofree char    *path = g_build_filename (folder, "out", NULL);
  g_autoptr (GString) csv = g_string_new (NULL);

  exhaust (write_png, path);
  exhaust (write_safetensors, path);
  exhaust (write_npy, path);
  exhaust (read_npy, path);
  for (guint i = 0; i < 20; i++)
    g_string_append (csv, "label,0,0,1,1\n");
  put_file (path, csv->str, csv->len);
  exhaust (read_boxes, path);
  g_assert_cmpuint (count_entries (folder), ==, 1);
  remove_folder (folder);
}

/* path is not used: nothing is read or written. */
static bool
compose (const char *path, struct dino_error *error)
{
  static const struct dino_processor processor = { .resize = true, .shortest_edge = 28, .center_crop = true, .crop_width = 28, .crop_height = 28 };
  static const uint8_t               picture[60 * 40 * 3];
  struct dino_geometry               geometry;
  struct dino_export                 description = { .picture = picture, .width = 60, .height = 40, .channels = 3, .geometry = &geometry, .size = DINO_EXPORT_MODEL, .bar = true };
  struct dino_map                   *map = dino_map_new (2, 2, 1, error);
  uint8_t                           *pixels = NULL;
  int                                width, height, channels;
  bool                               done;

  if (map == NULL)
    return false;
  dino_map_style_init (&description.style);
  description.style.smooth = DINO_SMOOTH_GUIDED;
  description.map = map;
  done = dino_geometry_init (&geometry, &processor, 14, 60, 40, DINO_FIT_CROP, 0, error);
  map->seen = dino_geometry_seen (&geometry);
  done = done && dino_map_measure (map, error) && dino_export_compose (&description, &pixels, &width, &height, &channels, error);
  dino_free (pixels);
  dino_map_unref (map);
  return done;
}

static void
test_compose (void)
{
  exhaust (compose, NULL);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/memory/pictures", test_pictures);
  g_test_add_func ("/memory/chunks", test_chunks);
  g_test_add_func ("/memory/dicom", test_dicom);
  g_test_add_func ("/memory/files", test_files);
  g_test_add_func ("/memory/compose", test_compose);
  return g_test_run ();
}
