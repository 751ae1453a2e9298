#include "ground.h"

#include <glib/gstdio.h>
#include <math.h>
#include <string.h>

#include "../io/dicom-builder.h"
#include "core/base/memory.h"
#include "engine/dinoscope-model-finder.h"
#include "io/npy.h"
#include "io/output.h"
#include "io/png.h"

static const char *const examples[] = { "chest-01.png", "chest-02.png", "chest-03.png", "chest-04.png" };

/* What opens, beside the examples. */
static const char *const good[] = { "film.dcm", "frames.dcm", "grey.png", "deep.png", "long.png", "dot.png" };

/* What does not. */
static const char *const bad[] = { "cut.png", "cut.dcm", "noise.png", "empty.png", "empty.dcm", "words.txt", "sidecar.json", "gone.png", "folder.png" };

double
draw_wild (struct draw *draw, double low, double high)
{
  static const double strange[] = { 0, -1, 1e-300, -1e300, 1e300, G_MAXINT, G_MININT };
  const guint         place = draw_below (draw, 40);

  if (place < G_N_ELEMENTS (strange))
    return strange[place];
  if (place == G_N_ELEMENTS (strange))
    return NAN;
  if (place == G_N_ELEMENTS (strange) + 1)
    return -INFINITY;
  return draw_double (draw, low, high);
}

const char *
draw_text (struct draw *draw)
{
  static const char *const texts[] = {
    "",
    "1",
    "7",
    "-3",
    "0.25",
    "1e999",
    "nan",
    "heart",
    "heart\tlung\nrib",
    "<b>&amp;</b> & <",
    "%s%n%d",
    "\xe5\xbf\x83\xe8\x87\x93",
    "\xd9\x82\xd9\x84\xd8\xa8 left",
    "\xf0\x9f\xab\x80",
    "a very long text that somebody pasted without looking at it, and that goes on and on, and on, and on, and on, and on, and on, and on, and on",
    "../../etc/passwd",
    "cloud = 'cloud 1'",
    "view:PA",
  };

  return texts[draw_below (draw, G_N_ELEMENTS (texts))];
}

static char *
path_of (const struct ground *ground, const char *name)
{
  return g_build_filename (ground->pictures, name, NULL);
}

static void
put_bytes (const struct ground *ground, const char *name, const void *bytes, gsize length)
{
  g_autofree char   *path = path_of (ground, name);
  g_autoptr (GError) error = NULL;

  g_file_set_contents (path, bytes, (gssize) length, &error);
  g_assert_no_error (error);
}

static void
put_png (const struct ground *ground, const char *name, int width, int height)
{
  g_autofree char    *path = path_of (ground, name);
  g_autofree guint8  *pixels = g_malloc ((gsize) width * (gsize) height);
  struct dino_error   error = { 0 };
  struct dino_output *output = dino_output_new (path, &error);

  for (int i = 0; i < width * height; i++)
    pixels[i] = (guint8) ((i % width) * 7 + (i / width) * 3);
  g_assert_true (dino_png_write (output, pixels, width, height, 1, &error));
  g_assert_true (dino_output_commit (output, &error));
}

static void
put_film (const struct ground *ground, const char *name, int frames)
{
  enum
  {
    ROWS = 60,
    COLUMNS = 50
  };
  g_autoptr (Dicom)      film = dicom_new (DICOM_EXPLICIT, NULL);
  g_autofree guint16    *words = g_new (guint16, (gsize) frames * ROWS * COLUMNS);
  g_autofree char       *count = g_strdup_printf ("%d", frames);
  g_autoptr (GByteArray) bytes = NULL;

  for (int i = 0; i < frames * ROWS * COLUMNS; i++)
    words[i] = (guint16) ((i * 37 + i / COLUMNS * 11) % 4096);
  dicom_put_text (film, DICOM_TAG (0x0008, 0x0016), "UI", "1.2.840.10008.5.1.4.1.1.1");
  dicom_put_text (film, DICOM_TAG (0x0008, 0x0060), "CS", "CR");
  dicom_put_text (film, DICOM_TAG (0x0010, 0x0010), "PN", "Nobody^At^All");
  dicom_put_text (film, DICOM_TAG (0x0018, 0x1164), "DS", "0.2\\0.2");
  dicom_put_word (film, DICOM_TAG (0x0028, 0x0002), "US", 1);
  dicom_put_text (film, DICOM_TAG (0x0028, 0x0004), "CS", "MONOCHROME1");
  dicom_put_text (film, DICOM_TAG (0x0028, 0x0008), "IS", count);
  dicom_put_word (film, DICOM_TAG (0x0028, 0x0010), "US", ROWS);
  dicom_put_word (film, DICOM_TAG (0x0028, 0x0011), "US", COLUMNS);
  dicom_put_word (film, DICOM_TAG (0x0028, 0x0100), "US", 16);
  dicom_put_word (film, DICOM_TAG (0x0028, 0x0101), "US", 12);
  dicom_put_word (film, DICOM_TAG (0x0028, 0x0102), "US", 11);
  dicom_put_word (film, DICOM_TAG (0x0028, 0x0103), "US", 0);
  dicom_put_text (film, DICOM_TAG (0x0028, 0x1050), "DS", "2000\\1000");
  dicom_put_text (film, DICOM_TAG (0x0028, 0x1051), "DS", "4000\\500");
  dicom_put_words (film, DICOM_TAG (0x7fe0, 0x0010), "OW", words, (gsize) frames * ROWS * COLUMNS);
  bytes = dicom_finish (film, DICOM_PREAMBLE);
  put_bytes (ground, name, bytes->data, bytes->len);
}

/* The first part of a good file. */
static void
put_cut (const struct ground *ground, const char *name, const char *of)
{
  g_autofree char *path = path_of (ground, of), *bytes = NULL;
  gsize            length;

  g_assert_true (g_file_get_contents (path, &bytes, &length, NULL));
  put_bytes (ground, name, bytes, length * 2 / 3);
}

static void
put_examples (const struct ground *ground)
{
  for (gsize i = 0; i < G_N_ELEMENTS (examples); i++)
    {
      g_autofree char *path = dinoscope_data_path ("examples", examples[i], NULL), *bytes = NULL;
      gsize            length;

      g_assert_true (g_file_get_contents (path, &bytes, &length, NULL));
      put_bytes (ground, examples[i], bytes, length);
    }
}

static void
put_good (const struct ground *ground)
{
  put_examples (ground);
  put_film (ground, "film.dcm", 1);
  put_film (ground, "frames.dcm", 3);
  put_png (ground, "grey.png", 90, 70);
  put_png (ground, "deep.png", 33, 500);
  put_png (ground, "long.png", 3000, 3);
  put_png (ground, "dot.png", 1, 1);
}

static void
put_bad (const struct ground *ground)
{
  g_autofree char *folder = path_of (ground, "folder.png");
  guint8           noise[3000];

  for (gsize i = 0; i < sizeof noise; i++)
    noise[i] = (guint8) (i * i * 31 + i / 3);
  put_cut (ground, "cut.png", "chest-02.png");
  put_cut (ground, "cut.dcm", "film.dcm");
  put_bytes (ground, "noise.png", noise, sizeof noise);
  put_bytes (ground, "empty.png", "", 0);
  put_bytes (ground, "empty.dcm", "", 0);
  put_bytes (ground, "words.txt", "no picture\n", 11);
  put_bytes (ground, "sidecar.json", "{\"schema\": \"dinoscope-view\", \"version\": 1}", 42);
  g_mkdir (folder, 0700);
}

static char *
make_folder (const struct ground *ground, const char *name)
{
  char *path = g_build_filename (ground->folder, name, NULL);

  g_assert_cmpint (g_mkdir_with_parents (path, 0700), ==, 0);
  return path;
}

static void
use_folder (const struct ground *ground, const char *variable, const char *name)
{
  g_autofree char *path = make_folder (ground, name);

  g_setenv (variable, path, TRUE);
}

static void
put_matrix (const char *folder, const char *name, gsize rows)
{
  enum
  {
    CHANNELS = 16
  };
  const size_t        shape[] = { rows, CHANNELS };
  g_autofree char    *path = g_build_filename (folder, name, NULL);
  g_autofree float   *values = g_new (float, rows *CHANNELS);
  struct dino_error   error = { 0 };
  struct dino_output *output = dino_output_new (path, &error);

  for (gsize i = 0; i < rows * CHANNELS; i++)
    values[i] = (float) sin ((double) (i * i + i % CHANNELS)) + (i % 4 == i / CHANNELS % 4 ? 5 : 0);
  g_assert_true (dino_npy_write (output, values, shape, 2, false, &error));
  g_assert_true (dino_output_commit (output, &error));
}

/* As “embed” leaves them, of the pictures that are there and some that are not. */
static void
put_embeddings (struct ground *ground)
{
  static const char   json[] = "{\"schema\": \"dinoscope-embeddings\", \"version\": 1, \"model\": {\"name\": \"tiny\", \"sha256\": \"ab\"}, "
                               "\"precision\": \"fp32\", \"isa\": \"avx2\", \"preparation\": {\"fit\": \"crop\"}, "
                               "\"counts\": {\"inputs\": 60, \"embedded\": 60, \"failed\": 0}, \"shard\": {\"index\": 0, \"count\": 1}}";
  g_autoptr (GString) table = g_string_new ("index\trow\tname\tpixels_sha256\twidth\theight\tview\tstatus\terror\tcloud\n");
  g_autofree char    *path = NULL;

  ground->embeddings = g_build_filename (ground->pictures, "embeddings", NULL);
  g_assert_cmpint (g_mkdir_with_parents (ground->embeddings, 0700), ==, 0);
  for (guint i = 0; i < 60; i++)
    g_string_append_printf (table, "%u\t%u\t%s\thash-%u\t40\t40\t%s\tok\t\tcloud %u\n", i, i, i < G_N_ELEMENTS (examples) ? examples[i] : (i % 2 == 0 ? "grey.png" : "gone.png"), i, i % 3 == 0 ? "PA" : "AP", i % 4);
  put_matrix (ground->embeddings, "cls.npy", 60);
  put_matrix (ground->embeddings, "mean.npy", 60);
  path = g_build_filename (ground->embeddings, "table.tsv", NULL);
  g_assert_true (g_file_set_contents (path, table->str, -1, NULL));
  g_free (path);
  path = g_build_filename (ground->embeddings, "embed.json", NULL);
  g_assert_true (g_file_set_contents (path, json, -1, NULL));
}

void
ground_init (struct ground *ground)
{
  ground->folder = g_dir_make_tmp ("dinoscope-endurance-XXXXXX", NULL);
  g_assert_nonnull (ground->folder);
  ground->pictures = make_folder (ground, "pictures");
  ground->exports = make_folder (ground, "exports");
  use_folder (ground, "HOME", "home");
  use_folder (ground, "XDG_DATA_HOME", "home/share");
  use_folder (ground, "XDG_CACHE_HOME", "home/cache");
  use_folder (ground, "XDG_CONFIG_HOME", "home/config");
  /* Nobody listens there: a download that a step starts fails at once. */
  g_setenv ("HF_ENDPOINT", "http://127.0.0.1:1", TRUE);
  put_good (ground);
  put_bad (ground);
  put_embeddings (ground);
}

static void
remove_tree (const char *path)
{
  g_autoptr (GDir) dir = g_file_test (path, G_FILE_TEST_IS_SYMLINK) ? NULL : g_dir_open (path, 0, NULL);
  const char      *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *child = g_build_filename (path, name, NULL);

      remove_tree (child);
    }
  g_remove (path);
}

void
ground_clear (struct ground *ground)
{
  remove_tree (ground->folder);
  g_free (ground->folder);
  g_free (ground->pictures);
  g_free (ground->exports);
  g_free (ground->embeddings);
}

static GFile *
file_of (const struct ground *ground, const char *name)
{
  g_autofree char *path = path_of (ground, name);

  return g_file_new_for_path (path);
}

GFile *
ground_draw_picture (const struct ground *ground, struct draw *draw)
{
  const guint place = draw_below (draw, 2 * G_N_ELEMENTS (examples) + G_N_ELEMENTS (good));

  return file_of (ground, place < G_N_ELEMENTS (good) ? good[place] : examples[(place - G_N_ELEMENTS (good)) % G_N_ELEMENTS (examples)]);
}

/* What was exported before: pictures, sidecars and the rest. */
static GFile *
draw_exported (const struct ground *ground, struct draw *draw)
{
  g_autoptr (GDir)      dir = g_dir_open (ground->exports, 0, NULL);
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  const char           *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    g_ptr_array_add (names, g_build_filename (ground->exports, name, NULL));
  return names->len > 0 ? g_file_new_for_path (g_ptr_array_index (names, draw_below (draw, names->len))) : NULL;
}

GFile *
ground_draw_file (const struct ground *ground, struct draw *draw)
{
  switch (draw_below (draw, 8))
    {
    case 0:
      return file_of (ground, bad[draw_below (draw, G_N_ELEMENTS (bad))]);
    case 1:
      return draw_exported (ground, draw);
    case 2:
      return draw_chance (draw, 3) ? g_file_new_for_path (ground->embeddings) : file_of (ground, "film.dcm");
    default:
      return ground_draw_picture (ground, draw);
    }
}

GFile *
ground_draw_export (const struct ground *ground, struct draw *draw)
{
  static const char *const suffixes[] = { ".png", ".svg", ".pdf", ".npy", ".csv", ".dcm", ".safetensors", ".json", ".tiff", "" };
  g_autofree char         *name = g_strdup_printf ("export-%u%s", draw_below (draw, 6), suffixes[draw_below (draw, G_N_ELEMENTS (suffixes))]);
  g_autofree char         *path = g_build_filename (draw_chance (draw, 12) ? "/nonexistent" : ground->exports, name, NULL);

  return g_file_new_for_path (path);
}

GFile *
ground_draw_folder (const struct ground *ground, struct draw *draw)
{
  const char *const folders[] = { ground->embeddings, ground->embeddings, ground->pictures, "/nonexistent" };

  return g_file_new_for_path (folders[draw_below (draw, G_N_ELEMENTS (folders))]);
}

char *
ground_draw_model (const struct ground *ground, struct draw *draw)
{
  static const char *const models[] = { "tiny-1", "tiny-1", "tiny-registers-1", "tiny-deep-1", "tiny-224crop-1", "tiny-swiglu-1", "none" };
  const guint              place = draw_below (draw, G_N_ELEMENTS (models) + 2);

  if (place == G_N_ELEMENTS (models))
    return g_strdup (ground->pictures);
  if (place > G_N_ELEMENTS (models))
    return dinoscope_data_path ("models", "demo", NULL);
  return g_build_filename (g_getenv ("DINOSCOPE_TEST_DATA"), "golden", "checkpoint", models[place], NULL);
}

char *
ground_disturb (const struct ground *ground, struct draw *draw)
{
  const char      *name = draw_chance (draw, 2) ? examples[draw_below (draw, G_N_ELEMENTS (examples))] : good[draw_below (draw, G_N_ELEMENTS (good))];
  g_autofree char *path = path_of (ground, name);

  switch (draw_below (draw, 4))
    {
    case 0:
      g_remove (path);
      return g_strdup_printf ("%s is gone", name);
    case 1:
      put_bytes (ground, name, "spoilt", 6);
      return g_strdup_printf ("%s is spoilt", name);
    default:
      put_good (ground);
      put_bad (ground);
      return g_strdup ("all is there");
    }
}

void
ground_tidy (const struct ground *ground)
{
  g_autoptr (GDir) dir = g_dir_open (ground->exports, 0, NULL);
  const char      *name;
  guint            n = 0;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    if (++n > 30)
      {
        g_autofree char *path = g_build_filename (ground->exports, name, NULL);

        remove_tree (path);
      }
}
