#include "collection-fixture.h"

#include "core/base/memory.h"
#include "core/base/random.h"
#include "io/npy.h"
#include "io/png.h"
#include "io/read.h"

#define CLOUDS 4
#define CHANNELS 16

#define JSON                                                                                                     \
  "{\"schema\": \"dinoscope-embeddings\", \"version\": 1, \"model\": {\"name\": \"tiny\", \"sha256\": \"ab\"}, " \
  "\"precision\": \"fp32\", \"isa\": \"avx2\", \"preparation\": {\"fit\": \"crop\"}, "                           \
  "\"counts\": {\"inputs\": %u, \"embedded\": %u, \"failed\": 0}, \"shard\": {\"index\": 0, \"count\": 1}}"

static void
put_text (GFile *folder, const char *name, const char *text)
{
  g_autoptr (GFile) file = g_file_get_child (folder, name);

  g_assert_true (g_file_replace_contents (file, text, strlen (text), NULL, FALSE, G_FILE_CREATE_NONE, NULL, NULL, NULL));
}

static void
put_matrix (GFile *folder, const char *name, const float *values, guint n)
{
  const size_t        shape[] = { n, CHANNELS };
  g_autoptr (GFile)   file = g_file_get_child (folder, name);
  struct dino_error   error = { 0 };
  struct dino_output *output = dino_output_new (g_file_peek_path (file), &error);

  g_assert_true (dino_npy_write (output, values, shape, 2, false, &error));
  g_assert_true (dino_output_commit (output, &error));
}

static void
put_clouds (GFile *folder, guint n)
{
  struct dino_random random = dino_random (1);
  g_autofree float  *values = g_new (float, (gsize) n *CHANNELS);

  for (guint i = 0; i < n; i++)
    for (guint c = 0; c < CHANNELS; c++)
      values[i * CHANNELS + c] = (float) dino_random_normal (&random) + (c % CLOUDS == i % CLOUDS ? 5 : 0);
  put_matrix (folder, "cls.npy", values, n);
  put_matrix (folder, "mean.npy", values, n);
}

/* A picture of its own for each number; its hash. */
static char *
put_picture (GFile *folder, const char *name, guint number)
{
  enum
  {
    SIDE = 40
  };
  g_autoptr (GFile)    file = g_file_get_child (folder, name);
  struct dino_error    error = { 0 };
  struct dino_output  *output = dino_output_new (g_file_peek_path (file), &error);
  uint8_t              pixels[SIDE * SIDE];
  char                 sha256[DINO_SHA256_LENGTH];
  struct dino_picture *picture;

  for (guint i = 0; i < SIDE * SIDE; i++)
    pixels[i] = (uint8_t) (i * (number + 3) % 251);
  g_assert_true (dino_png_write (output, pixels, SIDE, SIDE, 1, &error));
  g_assert_true (dino_output_commit (output, &error));
  picture = dino_picture_read (g_file_peek_path (file), NULL, &error);
  g_assert_true (dino_picture_sha256 (picture, sha256, &error));
  dino_picture_unref (picture);
  return g_strdup (sha256);
}

GFile *
collection_folder_new (guint n, guint n_pictures)
{
  g_autofree char    *path = g_dir_make_tmp ("dinoscope-collection-XXXXXX", NULL);
  GFile              *folder = g_file_new_for_path (path);
  g_autoptr (GFile)   embeddings = collection_folder_get_embeddings (folder);
  g_autoptr (GString) table = g_string_new ("index\trow\tname\tpixels_sha256\twidth\theight\tview\tstatus\terror\tcloud\n");
  g_autofree char    *json = g_strdup_printf (JSON, n, n);

  g_assert_true (g_file_make_directory (embeddings, NULL, NULL));
  for (guint i = 0; i < n; i++)
    {
      g_autofree char *name = g_strdup_printf ("%05u.png", i);
      g_autofree char *hash = i < n_pictures ? put_picture (folder, name, i) : g_strdup_printf ("hash-%u", i);

      g_string_append_printf (table, "%u\t%u\t%s\t%s\t40\t40\t%s\tok\t\t", i, i, name, hash, i % 3 == 0 ? "PA" : "AP");
      g_string_append_printf (table, i % 10 == 0 ? "\n" : "cloud %u\n", i % CLOUDS);
    }
  put_text (embeddings, "table.tsv", table->str);
  put_text (embeddings, "embed.json", json);
  put_clouds (embeddings, n);
  return folder;
}

GFile *
collection_folder_get_embeddings (GFile *folder)
{
  return g_file_get_child (folder, "embeddings");
}

void
collection_folder_remove (GFile *folder)
{
  g_autoptr (GFileEnumerator) files = g_file_enumerate_children (folder, "standard::*", G_FILE_QUERY_INFO_NOFOLLOW_SYMLINKS, NULL, NULL);
  GFile                      *child;
  GFileInfo                  *info;

  while (g_file_enumerator_iterate (files, &info, &child, NULL, NULL) && child != NULL)
    if (g_file_info_get_file_type (info) == G_FILE_TYPE_DIRECTORY)
      collection_folder_remove (child);
    else
      g_assert_true (g_file_delete (child, NULL, NULL));
  g_assert_true (g_file_delete (folder, NULL, NULL));
}
