/* Packed weights in a file: found again, refused when anything is amiss, and
 * survived when they go away. */
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include <glib/gstdio.h>

#include "core/base/memory.h"
#include "core/encoder/encoder.h"
#include "io/mapping.h"
#include "io/packed-file.h"
#include "support.h"

static const struct dino_packed_key key = { "0123456789abcdef", "fp32", "avx512", "" };

typedef struct
{
  char             *folder, *path, *checkpoint;
  struct dino_team *team;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->folder = g_dir_make_tmp ("packed-XXXXXX", NULL);
  fixture->path = g_build_filename (fixture->folder, "weights.pack", NULL);
  fixture->checkpoint = test_data ("golden/checkpoint/tiny-1");
  fixture->team = dino_team_new (2, NULL);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_unlink (fixture->path);
  g_rmdir (fixture->folder);
  g_free (fixture->folder);
  g_free (fixture->path);
  g_free (fixture->checkpoint);
  dino_team_free (fixture->team);
}

static char *
pattern (gsize n)
{
  char *bytes = g_malloc (n);

  for (gsize i = 0; i < n; i++)
    bytes[i] = (char) (i * 31 + i / 251);
  return bytes;
}

static void
write_pattern (Fixture *fixture, gsize n)
{
  g_autofree char  *bytes = pattern (n);
  struct dino_error error = { 0 };

  if (!dino_packed_file_write (fixture->path, &key, bytes, n, fixture->team, &error))
    g_error ("%s", error.message);
}

/* A file for each model, precision and processor: nothing else of the key. */
static void
test_name (Fixture *fixture, gconstpointer data)
{
  char *name = dino_packed_file_name (&key, NULL);

  g_assert_cmpstr (name, ==, "0123456789abcdef-fp32-avx512.pack");
  dino_free (name);
}

static void
test_round_trip (Fixture *fixture, gconstpointer data)
{
  static const gsize sizes[] = { 1, 63, 4096, (1 << 20) - 1, 1 << 20, (3 << 20) + 17 };

  for (gsize i = 0; i < G_N_ELEMENTS (sizes); i++)
    {
      g_autofree char   *bytes = pattern (sizes[i]);
      struct dino_packed packed;
      struct dino_error  error = { 0 };

      write_pattern (fixture, sizes[i]);
      g_assert_true (dino_packed_file_open (fixture->path, &key, fixture->team, &packed, &error));
      g_assert_cmpmem (packed.data, packed.n_bytes, bytes, sizes[i]);
      g_assert_cmpuint ((guintptr) packed.data % DINO_ALIGNMENT, ==, 0);
      g_assert_false (packed.is_damaged (packed.owner));
      packed.release (packed.owner);
    }
}

static void
assert_refused (Fixture *fixture, const struct dino_packed_key *wanted, const char *word)
{
  struct dino_packed packed;
  struct dino_error  error = { 0 };

  g_assert_false (dino_packed_file_open (fixture->path, wanted, fixture->team, &packed, &error));
  g_test_message ("%s", error.message);
  g_assert_null (packed.data);
  g_assert_nonnull (strstr (error.message, fixture->path));
  g_assert_nonnull (strstr (error.message, word));
}

static void
test_stale (Fixture *fixture, gconstpointer data)
{
  const struct dino_packed_key others[] = { { "other", "fp32", "avx512", "" }, { "0123456789abcdef", "bf16", "avx512", "" }, { "0123456789abcdef", "fp32", "avx2", "" }, { "0123456789abcdef", "fp32", "avx512", "c" } };

  write_pattern (fixture, 5000);
  for (gsize i = 0; i < G_N_ELEMENTS (others); i++)
    assert_refused (fixture, &others[i], "another kind");
}

static void
patch_byte (const char *path, off_t offset)
{
  int  fd = g_open (path, O_RDWR, 0);
  char byte;

  g_assert_cmpint (pread (fd, &byte, 1, offset), ==, 1);
  byte ^= 0x20;
  g_assert_cmpint (pwrite (fd, &byte, 1, offset), ==, 1);
  close (fd);
}

/* A bit anywhere: header, checksums, weights of the first and of the last chunk. */
static void
test_corrupt (Fixture *fixture, gconstpointer data)
{
  const gsize n = (2 << 20) + 100;
  GStatBuf    status;

  write_pattern (fixture, n);
  g_stat (fixture->path, &status);
  {
    const off_t offsets[] = { 0, 9, 30, 272, 280, 290, status.st_size - (off_t) n, status.st_size - (off_t) n + 1000000, status.st_size - 1 };

    for (gsize i = 0; i < G_N_ELEMENTS (offsets); i++)
      {
        write_pattern (fixture, n);
        patch_byte (fixture->path, offsets[i]);
        assert_refused (fixture, &key, "weights.pack");
      }
  }
}

static void
test_truncated (Fixture *fixture, gconstpointer data)
{
  static const off_t left[] = { 0, 1, 100, 300, 4096, 8000 };

  for (gsize i = 0; i < G_N_ELEMENTS (left); i++)
    {
      write_pattern (fixture, 5000);
      g_assert_cmpint (truncate (fixture->path, left[i]), ==, 0);
      assert_refused (fixture, &key, "weights.pack");
    }
  g_unlink (fixture->path);
  assert_refused (fixture, &key, "weights.pack");
}

/* What is cut off while it is mapped reads as zeros, on any thread, and is told. */
static void
test_mapping_shrinks (Fixture *fixture, gconstpointer data)
{
  g_autofree char     *bytes = pattern (100000);
  struct dino_error    error = { 0 };
  struct dino_mapping *mapping;
  const volatile char *mapped;

  g_assert_true (g_file_set_contents (fixture->path, bytes, 100000, NULL));
  mapping = dino_mapping_new (fixture->path, &error);
  g_assert_nonnull (mapping);
  mapped = dino_mapping_data (mapping);
  g_assert_cmpuint (dino_mapping_size (mapping), ==, 100000);
  g_assert_cmpint (mapped[99999], ==, bytes[99999]);
  g_assert_cmpint (truncate (fixture->path, 8192), ==, 0);
  g_assert_false (dino_mapping_is_damaged (mapping));
  g_assert_cmpint (mapped[99999], ==, 0);
  g_assert_true (dino_mapping_is_damaged (mapping));
  g_assert_cmpint (mapped[5], ==, bytes[5]);
  dino_mapping_free (mapping);
}

static struct dino_model *
load (Fixture *fixture, const struct dino_packed *packed, struct dino_error *error)
{
  struct dino_model_options options = { .isa = dino_isa_detect (), .team = fixture->team };

  if (packed != NULL)
    options.packed = *packed;
  return dino_model_load (fixture->checkpoint, &options, NULL, error);
}

static struct dino_features *
run (Fixture *fixture, struct dino_model *model, struct dino_error *error)
{
  float                 pixels[3 * 56 * 56];
  struct dino_encoder  *encoder = dino_encoder_new (model, 4, 4, dino_isa_detect (), fixture->team, error);
  struct dino_features *features = dino_features_new (model, 4, 4, DINO_KEEP_OUTPUT, error);

  for (gsize i = 0; i < G_N_ELEMENTS (pixels); i++)
    pixels[i] = (float) (i * 7919 % 1009) / 300.0f - 1.6f;
  if (!dino_encoder_run (encoder, pixels, features, NULL, error))
    g_clear_pointer (&features, dino_features_unref);
  dino_encoder_free (encoder);
  return features;
}

/* A model from a file computes what the model that wrote it does. */
static void
test_model (Fixture *fixture, gconstpointer data)
{
  struct dino_error     error = { 0 };
  struct dino_model    *first = load (fixture, NULL, &error), *second;
  struct dino_features *expected = run (fixture, first, &error), *got;
  struct dino_packed    packed;
  const void           *weights;
  gsize                 n_bytes;

  weights = dino_model_packed (first, &n_bytes);
  g_assert_true (dino_packed_file_write (fixture->path, &key, weights, n_bytes, fixture->team, &error));
  g_assert_true (dino_packed_file_open (fixture->path, &key, fixture->team, &packed, &error));
  second = load (fixture, &packed, &error);
  g_assert_nonnull (second);
  got = run (fixture, second, &error);
  g_assert_cmpmem (dino_features_last_hidden_state (expected), 17 * 32 * sizeof (float), dino_features_last_hidden_state (got), 17 * 32 * sizeof (float));
  g_assert_cmpuint (dino_model_n_parameters (first), ==, dino_model_n_parameters (second));
  g_assert_false (dino_model_is_damaged (second));
  dino_features_unref (got);

  /* Its file goes away under it. */
  g_assert_cmpint (truncate (fixture->path, 4096), ==, 0);
  got = run (fixture, second, &error);
  g_assert_null (got);
  g_assert_cmpint (error.code, ==, DINO_CODE_MODEL);
  g_assert_nonnull (strstr (error.message, "tiny-1"));
  g_assert_true (dino_model_is_damaged (second));
  dino_model_unref (second);

  /* What is of another size belongs to another model. */
  error = (struct dino_error){ 0 };
  write_pattern (fixture, 5000);
  g_assert_true (dino_packed_file_open (fixture->path, &key, fixture->team, &packed, &error));
  g_assert_null (load (fixture, &packed, &error));
  g_assert_cmpint (error.code, ==, DINO_CODE_FORMAT);
  dino_features_unref (expected);
  dino_model_unref (first);
}

int
main (int argc, char **argv)
{
  static const struct
  {
    const char *path;
    void (*func) (Fixture *, gconstpointer);
  } tests[] = {
    { "/packed-file/name", test_name },
    { "/packed-file/round-trip", test_round_trip },
    { "/packed-file/stale", test_stale },
    { "/packed-file/corrupt", test_corrupt },
    { "/packed-file/truncated", test_truncated },
    { "/packed-file/mapping-shrinks", test_mapping_shrinks },
    { "/packed-file/model", test_model },
  };

  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (tests); i++)
    g_test_add (tests[i].path, Fixture, NULL, set_up, tests[i].func, tear_down);
  return g_test_run ();
}
