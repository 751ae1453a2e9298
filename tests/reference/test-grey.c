/* Stored values, modality, VOI and model greys of real DICOM files, as pydicom
 * has them ($DINOSCOPE_TESTDATA/golden/dicom.json). */
#include <jansson.h>
#include <math.h>
#include <string.h>

#include "core/base/memory.h"
#include "core/picture/prepare.h"
#include "io/read.h"
#include "support.h"

/* What lossy decoders may differ by, in stored values. */
#define LOSSY 2.0

static json_t *
load_golden (void)
{
  g_autofree char *path = test_reference ("golden/dicom.json");

  return path != NULL ? json_load_file (path, 0, NULL) : NULL;
}

static struct dino_picture *
open_file (const char *name)
{
  g_autofree char     *relative = g_build_filename ("testdata", name, NULL);
  g_autofree char     *path = test_reference (relative);
  struct dino_error    error = { 0 };
  struct dino_picture *picture;

  g_assert_nonnull (path);
  picture = dino_picture_read (path, NULL, &error);
  if (picture == NULL)
    g_test_message ("%s", error.message);
  g_assert_nonnull (picture);
  return picture;
}

static double
at (const json_t *row, const char *what, const char *key, size_t index)
{
  return json_number_value (json_array_get (json_object_get (json_object_get (row, what), key), index));
}

static double
value (const json_t *row, const char *what, const char *key)
{
  return json_number_value (json_object_get (json_object_get (row, what), key));
}

/* The sample number index of 4 x 4 fixed points. */
static unsigned
sample (const struct dino_picture *picture, const json_t *row, size_t index)
{
  size_t y = (size_t) json_integer_value (json_array_get (json_object_get (row, "sample_y"), index / 4));
  size_t x = (size_t) json_integer_value (json_array_get (json_object_get (row, "sample_x"), index % 4));

  return picture->samples16[y * (size_t) picture->width + x];
}

static bool
is_lossy (const json_t *row)
{
  static const char *const lossy[] = { "JPEG Baseline (Process 1)", "JPEG 2000 Image Compression", "JPEG-LS Lossy (Near-Lossless) Image Compression" };
  const char              *syntax = json_string_value (json_object_get (row, "transfer_syntax"));

  for (size_t i = 0; i < G_N_ELEMENTS (lossy); i++)
    if (strcmp (lossy[i], syntax) == 0)
      return true;
  return false;
}

static void
close_to (const char *what, size_t index, double got, double want, double tolerance)
{
  if (!(fabs (got - want) <= tolerance))
    g_test_message ("%s, sample %zu: %g instead of %g", what, index, got, want);
  g_assert_cmpfloat (fabs (got - want), <=, tolerance);
}

static void
check_stored (const struct dino_picture *picture, const json_t *row)
{
  const json_t *stored = json_object_get (row, "stored");
  char          sha256[DINO_SHA256_LENGTH];

  g_assert_cmpint (picture->width, ==, json_integer_value (json_object_get (row, "columns")));
  g_assert_cmpint (picture->height, ==, json_integer_value (json_object_get (row, "rows")));
  g_assert_cmpint (picture->file_bits, ==, json_integer_value (json_object_get (row, "bits_stored")));
  g_assert_cmpint (picture->stored_offset < 0, ==, json_is_true (json_object_get (row, "signed")));
  g_assert_cmpint (picture->grey->monochrome1, ==, strcmp (json_string_value (json_object_get (row, "photometric")), "MONOCHROME1") == 0);
  g_assert_true (dino_picture_stored_sha256 (picture, sha256, NULL));
  if (!is_lossy (row))
    g_assert_cmpstr (sha256, ==, json_string_value (json_object_get (stored, "sha256")));
  for (size_t i = 0; i < 16; i++)
    close_to ("stored", i, (int) sample (picture, row, i) + picture->stored_offset, at (row, "stored", "samples", i), is_lossy (row) ? LOSSY : 0);
}

static void
check_greys (const struct dino_picture *picture, const json_t *row, double *table)
{
  const struct dino_preparation preparation = { .model_input = DINO_MODEL_INPUT_MINMAX };
  double                        span = value (row, "modality", "max") - value (row, "modality", "min");
  double                        lossy = is_lossy (row) ? LOSSY : 0;

  g_assert_true (dino_model_table (picture, &preparation, table, NULL));
  for (size_t i = 0; i < 16; i++)
    {
      unsigned one = sample (picture, row, i);

      close_to ("modality", i, dino_picture_modality (picture, one), at (row, "modality", "samples", i), 1e-3 + lossy);
      close_to ("model grey", i, table[one], at (row, "model_grey", "samples", i), 1e-3 + 3 * lossy * 255 / span);
    }
}

/* Without a VOI pydicom leaves modality values as they are. */
static void
check_voi (const struct dino_picture *picture, const json_t *row)
{
  const struct dino_display automatic = { .kind = DINO_DISPLAY_AUTO };
  const struct dino_display display = dino_display_resolve (picture, &automatic);
  size_t                    n_windows = json_array_size (json_object_get (row, "windows"));
  size_t                    n_luts = (size_t) json_integer_value (json_object_get (row, "voi_luts"));

  g_assert_cmpuint (picture->grey->n_voi, ==, n_windows + n_luts);
  for (size_t i = 0; i < n_windows; i++)
    {
      const json_t *window = json_array_get (json_object_get (row, "windows"), i);

      g_assert_cmpfloat (picture->grey->voi[n_luts + i].window.center, ==, json_number_value (json_array_get (window, 0)));
      g_assert_cmpfloat (picture->grey->voi[n_luts + i].window.width, ==, json_number_value (json_array_get (window, 1)));
    }
  g_assert_cmpint (display.kind, ==, picture->grey->n_voi > 0 ? DINO_DISPLAY_FILE : DINO_DISPLAY_PERCENTILE);
  for (size_t i = 0; i < 16; i++)
    {
      unsigned one = sample (picture, row, i);
      double   got = picture->grey->n_voi > 0 ? dino_display_voi_value (picture, &display, one) : dino_picture_modality (picture, one);

      close_to ("VOI", i, got, at (row, "voi", "samples", i), is_lossy (row) ? 2 * LOSSY : 1e-3);
    }
}

static void
test_files (void)
{
  json_t     *golden = load_golden ();
  double     *table = g_new (double, 65536);
  size_t      n = 0;
  const char *name;
  json_t     *row;

  if (golden == NULL)
    {
      g_free (table);
      g_test_skip ("the reference material is not there");
      return;
    }
  json_object_foreach (json_object_get (golden, "files"), name, row)
  {
    struct dino_picture *picture;

    if (json_object_get (row, "error") != NULL)
      continue;
    g_test_message ("%s", name);
    picture = open_file (name);
    check_stored (picture, row);
    check_greys (picture, row, table);
    check_voi (picture, row);
    dino_picture_unref (picture);
    n++;
  }
  g_assert_cmpuint (n, >=, 24);
  g_free (table);
  json_decref (golden);
}

/* The same pixels as MONOCHROME1 and MONOCHROME2: shown and encoded as each other's negative. */
static void
test_negatives (void)
{
  static const enum dino_model_input inputs[] = { DINO_MODEL_INPUT_MINMAX, DINO_MODEL_INPUT_WINDOW, DINO_MODEL_INPUT_PERCENTILE };
  const struct dino_display          automatic = { .kind = DINO_DISPLAY_AUTO };
  struct dino_picture               *first, *second;
  uint8_t                           *one, *two;
  g_autofree char                   *there = test_reference ("testdata/chest-dicom/Fake_MONOHR1.dcm");
  int                                count = 1024 * 1024;

  if (there == NULL)
    {
      g_test_skip ("the reference material is not there");
      return;
    }
  first = open_file ("chest-dicom/Fake_MONOHR1.dcm");
  second = open_file ("chest-dicom/1.2.276.0.7230010.3.1.4.8323329.6904.1517875201.850819.dcm");
  g_assert_cmpmem (first->samples16, 2 * (size_t) count, second->samples16, 2 * (size_t) count);
  one = dino_display_render (first, &automatic, dino_display_is_inverted (first, DINO_INVERT_AUTO), NULL);
  two = dino_display_render (second, &automatic, dino_display_is_inverted (second, DINO_INVERT_AUTO), NULL);
  for (int i = 0; i < count; i++)
    g_assert_cmpint (one[i], ==, 255 - two[i]);
  dino_free (one);
  dino_free (two);
  for (size_t k = 0; k < G_N_ELEMENTS (inputs); k++)
    {
      const struct dino_preparation preparation = { .model_input = inputs[k] };

      one = dino_picture_to_8bit (first, &preparation, NULL);
      two = dino_picture_to_8bit (second, &preparation, NULL);
      for (int i = 0; i < count; i++)
        g_assert_cmpint (one[i], ==, 255 - two[i]);
      dino_free (one);
      dino_free (two);
    }
  dino_picture_unref (first);
  dino_picture_unref (second);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/reference/grey/files", test_files);
  g_test_add_func ("/reference/grey/negatives", test_negatives);
  return g_test_run ();
}
