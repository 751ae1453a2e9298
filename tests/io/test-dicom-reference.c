/* Real DICOM files against pydicom's decoders: every pixel, by the sha256 of
 * golden/dicom.json, and the files that it has nothing to say about. */
#include <jansson.h>
#include <math.h>

#include "io/read.h"

#include "io-support.h"

/* Decoders of lossy JPEG may differ by this much, in stored values, and in the mean. */
#define JPEG_SAMPLE 2
#define JPEG_MEAN 0.5

static struct dino_picture *
try_open (const char *name, struct dino_error *error)
{
  g_autofree char *relative = g_build_filename ("testdata", name, NULL);
  g_autofree char *path = test_reference (relative);

  g_assert_nonnull (path);
  return dino_picture_read (path, NULL, error);
}

static struct dino_picture *
open_file (const char *name)
{
  struct dino_error    error = { 0 };
  struct dino_picture *picture = try_open (name, &error);

  test_malformed_row ("DICOM", name, error.message);
  assert_no_error (&error);
  g_assert_cmpstr (picture->format, ==, "DICOM");
  g_assert_cmpint (picture->bits, ==, 16);
  return picture;
}

static bool
is_there (void)
{
  g_autofree char *path = test_reference ("golden/dicom.json");

  if (path == NULL)
    g_test_skip ("The reference material is not there.");
  return path != NULL;
}

static json_t *
load_rows (void)
{
  g_autofree char *path = test_reference ("golden/dicom.json");
  json_t          *root = json_load_file (path, 0, NULL);
  json_t          *rows = json_incref (json_object_get (root, "files"));

  g_assert_true (json_is_object (rows));
  json_decref (root);
  return rows;
}

static const char *
text_of (const json_t *row, const char *key)
{
  return json_string_value (json_object_get (row, key));
}

static size_t
count_pixels (const struct dino_picture *picture)
{
  return (size_t) picture->width * (size_t) picture->height;
}

static double
mean_of (const struct dino_picture *picture)
{
  double sum = 0;

  for (size_t i = 0; i < count_pixels (picture); i++)
    sum += picture->samples16[i];
  return sum / (double) count_pixels (picture) + picture->stored_offset;
}

static void
assert_near (const struct dino_picture *picture, const json_t *row)
{
  const json_t *stored = json_object_get (row, "stored");
  const json_t *samples = json_object_get (stored, "samples");

  for (size_t i = 0; i < json_array_size (samples); i++)
    {
      json_int_t y = json_integer_value (json_array_get (json_object_get (row, "sample_y"), i / 4));
      json_int_t x = json_integer_value (json_array_get (json_object_get (row, "sample_x"), i % 4));
      double     got = picture->samples16[y * picture->width + x] + picture->stored_offset;

      g_assert_cmpfloat_with_epsilon (got, json_number_value (json_array_get (samples, i)), JPEG_SAMPLE);
    }
  g_assert_cmpfloat_with_epsilon (mean_of (picture), json_number_value (json_object_get (stored, "mean")), JPEG_MEAN);
}

/* By the attributes of the file, which other tests compare in other ways. */
static void
assert_attributes (const struct dino_picture *picture, const json_t *row)
{
  g_autofree char *bits = g_strdup_printf ("%d", picture->file_bits);
  const char      *presentation = text_of (row, "presentation_lut");

  g_assert_cmpstr (dino_attributes_find (picture->attributes, "TransferSyntax"), !=, NULL);
  g_assert_cmpstr (dino_attributes_find (picture->attributes, "PhotometricInterpretation"), ==, text_of (row, "photometric"));
  g_assert_cmpstr (dino_attributes_find (picture->attributes, "BitsStored"), ==, bits);
  g_assert_cmpstr (dino_attributes_find (picture->attributes, "PresentationLUTShape"), ==, *presentation != '\0' ? presentation : NULL);
  for (size_t i = 0; i < picture->grey->n_voi; i++)
    if (picture->grey->voi[i].lut == NULL)
      g_assert_cmpint (picture->grey->voi[i].window.function == DINO_VOI_SIGMOID, ==, g_str_equal (text_of (row, "voi_function"), "SIGMOID"));
}

static void
test_files (void)
{
  json_t     *rows;
  json_t     *row;
  const char *name;
  guint       n_equal = 0, n_near = 0;

  if (!is_there ())
    return;
  rows = load_rows ();
  json_object_foreach (rows, name, row)
  {
    struct dino_picture *picture;
    char                 sum[DINO_SHA256_LENGTH];

    if (json_object_get (row, "error") != NULL)
      continue;
    picture = open_file (name);
    if (g_str_has_prefix (text_of (row, "transfer_syntax"), "JPEG Baseline"))
      {
        assert_near (picture, row);
        n_near++;
      }
    else
      {
        g_assert_true (dino_picture_stored_sha256 (picture, sum, NULL));
        g_assert_cmpstr (sum, ==, text_of (json_object_get (row, "stored"), "sha256"));
        n_equal++;
      }
    assert_attributes (picture, row);
    dino_picture_unref (picture);
  }
  json_decref (rows);
  g_assert_cmpuint (n_equal, ==, 22);
  g_assert_cmpuint (n_near, ==, 2);
}

/* 12-bit JPEG that pydicom's plug-ins cannot decode: a lossy version of a file
 * that is there without loss. */
static void
test_extended_jpeg (void)
{
  struct dino_picture *lossy, *plain;
  double               squares = 0;
  int                  largest = 0;

  if (!is_there ())
    return;
  lossy = open_file ("dicom-transfer-syntax/RG3_JPLY");
  plain = open_file ("dicom-transfer-syntax/RG3_UNC");
  g_assert_cmpint (lossy->width, ==, plain->width);
  g_assert_cmpint (lossy->height, ==, plain->height);
  for (size_t i = 0; i < count_pixels (plain); i++)
    {
      int difference = abs (lossy->samples16[i] - plain->samples16[i]);

      largest = MAX (largest, difference);
      squares += difference * difference;
    }
  g_test_message ("root mean square %g, largest %d, means %g and %g", sqrt (squares / (double) count_pixels (plain)), largest, mean_of (lossy), mean_of (plain));
  /* Of 1024 greys; white that overshoots stays white. */
  g_assert_cmpint (largest, <, 100);
  g_assert_cmpfloat (sqrt (squares / (double) count_pixels (plain)), <, 4);
  g_assert_cmpfloat_with_epsilon (mean_of (lossy), mean_of (plain), 1);
  dino_picture_unref (lossy);
  dino_picture_unref (plain);
}

static void
test_lossless (void)
{
  static const char *const names[] = { "RG3_RLE", "RG3_JPLL", "RG3_JLSL", "RG3_J2KR" };
  struct dino_picture     *plain;

  if (!is_there ())
    return;
  plain = open_file ("dicom-transfer-syntax/RG3_UNC");
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char     *name = g_build_filename ("dicom-transfer-syntax", names[i], NULL);
      struct dino_picture *picture = open_file (name);

      g_assert_cmpmem (picture->samples16, 2 * count_pixels (picture), plain->samples16, 2 * count_pixels (plain));
      dino_picture_unref (picture);
    }
  dino_picture_unref (plain);
}

static void
test_colour (void)
{
  struct dino_error error = { 0 };

  if (!is_there ())
    return;
  g_assert_null (try_open ("dicom-transfer-syntax/ExplVR_BigEnd.dcm", &error));
  test_malformed_row ("DICOM", "dicom-transfer-syntax/ExplVR_BigEnd.dcm", error.message);
  assert_error (&error, DINO_CODE_UNSUPPORTED, "in colour (RGB)");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/reference/dicom/files", test_files);
  g_test_add_func ("/reference/dicom/extended-jpeg", test_extended_jpeg);
  g_test_add_func ("/reference/dicom/lossless", test_lossless);
  g_test_add_func ("/reference/dicom/colour", test_colour);
  return g_test_run ();
}
