/* Models: names, hashes, and the memory of hashes. */
#include <glib/gstdio.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utime.h>

#include "engine-support.h"

#include "engine/dinoscope-hash-cache-private.h"

/* What data/models/demo holds; the program knows its encoder by this. */
#define DEMONSTRATION_SHA256 "a64c19ffb576bcc18353d53bb55f43f5f391fceef969adc50c1f4da3e2e711a9"

typedef struct
{
  DinoscopeEngine *engine;
  char            *root;
  char            *cache; /* the file of hashes */
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  fixture->root = support_make_folder ();
  fixture->cache = g_build_filename (fixture->root, "dinoscope", "model-hashes", NULL);
  g_setenv ("XDG_CACHE_HOME", fixture->root, TRUE);
  fixture->engine = dinoscope_engine_new (1, &error);
  g_assert_no_error (error);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  dinoscope_engine_shutdown (fixture->engine);
  g_assert_finalize_object (fixture->engine);
  support_remove_tree (fixture->root);
  g_free (fixture->root);
  g_free (fixture->cache);
}

static char *
copy_model (Fixture *fixture, const char *source, const char *name)
{
  static const char *const files[] = { "config.json", "preprocessor_config.json", "model.safetensors" };
  char                    *target = g_build_filename (fixture->root, name, NULL);

  g_assert_cmpint (g_mkdir (target, 0755), ==, 0);
  for (gsize i = 0; i < G_N_ELEMENTS (files); i++)
    {
      g_autofree char  *from = g_build_filename (source, files[i], NULL);
      g_autofree char  *to = g_build_filename (target, files[i], NULL);
      g_autoptr (GFile) from_file = g_file_new_for_path (from);
      g_autoptr (GFile) to_file = g_file_new_for_path (to);

      g_assert_true (g_file_copy (from_file, to_file, G_FILE_COPY_NONE, NULL, NULL, NULL, NULL));
    }
  return target;
}

static DinoscopeModel *
load (Fixture *fixture, const char *path)
{
  g_autoptr (GError) error = NULL;
  DinoscopeModel    *model = dinoscope_engine_load_model (fixture->engine, path, NULL, NULL, &error);

  g_assert_no_error (error);
  return model;
}

static void
test_demonstration (Fixture *fixture, gconstpointer data)
{
  g_autoptr (DinoscopeModel) bundled = support_load_demonstration (fixture->engine);
  g_autoptr (DinoscopeModel) copied = NULL;
  g_autoptr (DinoscopeModel) tiny = support_load_checkpoint (fixture->engine, "tiny-1");
  g_autofree char           *source = dinoscope_data_path ("models", "demo", NULL);
  g_autofree char           *copy = copy_model (fixture, source, "rad-dino");
  g_autoptr (GError)         error = NULL;

  g_assert_true (dinoscope_model_is_demonstration (bundled));
  g_assert_cmpstr (dinoscope_model_get_title (bundled), ==, "Demonstration encoder - not RAD-DINO");
  g_assert_cmpstr (dinoscope_model_get_sha256 (bundled, NULL, &error), ==, DEMONSTRATION_SHA256);
  g_assert_no_error (error);
  g_assert_cmpuint (dinoscope_model_get_n_blocks (bundled), ==, 6);
  g_assert_cmpuint (dinoscope_model_get_n_heads (bundled), ==, 3);
  g_assert_cmpuint (dinoscope_model_get_n_channels (bundled), ==, 192);
  g_assert_cmpstr (dinoscope_model_get_precision (bundled), ==, "fp32");

  /* Known by its weights wherever it lies, whatever it is called. */
  copied = load (fixture, copy);
  g_assert_true (dinoscope_model_is_demonstration (copied));
  g_assert_cmpstr (dinoscope_model_get_name (copied), ==, "rad-dino");
  g_assert_cmpstr (dinoscope_model_get_title (copied), ==, "Demonstration encoder - not RAD-DINO");

  g_assert_false (dinoscope_model_is_demonstration (tiny));
  g_assert_cmpstr (dinoscope_model_get_title (tiny), ==, "tiny-1");
}

static char *
checksum (const char *path)
{
  g_autofree char *contents = NULL;
  gsize            length;

  g_assert_true (g_file_get_contents (path, &contents, &length, NULL));
  return g_compute_checksum_for_data (G_CHECKSUM_SHA256, (const guchar *) contents, length);
}

static void
test_hash_is_remembered (Fixture *fixture, gconstpointer data)
{
  g_autofree char           *source = test_data ("golden/checkpoint/tiny-1");
  g_autofree char           *copy = copy_model (fixture, source, "tiny");
  g_autofree char           *weights = g_build_filename (copy, "model.safetensors", NULL);
  g_autofree char           *expected = checksum (weights);
  g_autofree char           *kept = NULL;
  g_autoptr (DinoscopeModel) first = load (fixture, copy);
  g_autoptr (DinoscopeModel) second = NULL;
  g_autoptr (DinoscopeModel) third = NULL;
  struct stat                status;

  g_assert_null (dinoscope_model_peek_sha256 (first));
  g_assert_cmpstr (dinoscope_model_get_sha256 (first, NULL, NULL), ==, expected);
  g_assert_cmpstr (dinoscope_model_peek_sha256 (first), ==, expected);
  g_assert_cmpint (stat (fixture->cache, &status), ==, 0);
  g_assert_cmpint (status.st_mode & 0777, ==, 0600);

  /* Known at once in the next run. */
  second = load (fixture, copy);
  g_assert_cmpstr (dinoscope_model_peek_sha256 (second), ==, expected);

  /* A file that was touched is another one. */
  g_assert_true (g_file_get_contents (fixture->cache, &kept, NULL, NULL));
  g_assert_nonnull (strstr (kept, expected));
  g_assert_cmpint (g_utime (weights, NULL), ==, 0);
  third = load (fixture, copy);
  g_assert_null (dinoscope_model_peek_sha256 (third));
  g_assert_cmpstr (dinoscope_model_get_sha256 (third, NULL, NULL), ==, expected);
}

static void
test_corrupt_cache (Fixture *fixture, gconstpointer data)
{
  static const char *const contents[] = { "", "\n\n\n", "1 2 3 4 5 6\n", "\xff\xfe\x01", "%s" };
  g_autofree char         *source = test_data ("golden/checkpoint/tiny-1");
  g_autofree char         *weights = g_build_filename (source, "model.safetensors", NULL);
  g_autofree char         *expected = checksum (weights);
  g_autofree char         *endless = g_strnfill (1 << 20, '7');
  DinoscopeFileIdentity    identity;

  for (gsize i = 0; i <= G_N_ELEMENTS (contents); i++)
    {
      g_autoptr (DinoscopeModel) model = NULL;
      g_autoptr (DinoscopeModel) again = NULL;

      support_write_text (fixture->root, "dinoscope/model-hashes", i < G_N_ELEMENTS (contents) ? contents[i] : endless);
      model = support_load_checkpoint (fixture->engine, "tiny-1");
      g_assert_null (dinoscope_model_peek_sha256 (model));
      g_assert_cmpstr (dinoscope_model_get_sha256 (model, NULL, NULL), ==, expected);
      again = support_load_checkpoint (fixture->engine, "tiny-1");
      g_assert_cmpstr (dinoscope_model_peek_sha256 (again), ==, expected);
    }

  /* The right file, but no hash. */
  g_assert_true (dinoscope_file_identity (weights, &identity));
  for (gsize length = 0; length < 70; length += 23)
    {
      g_autofree char           *digits = g_strnfill (length, 'a');
      g_autofree char           *line = g_strdup_printf ("%" G_GUINT64_FORMAT " %" G_GUINT64_FORMAT " %" G_GUINT64_FORMAT " %" G_GINT64_FORMAT " %" G_GINT64_FORMAT " %s\n",
                                                         identity.device, identity.inode, identity.size, identity.modified, identity.changed, digits);
      g_autoptr (DinoscopeModel) model = NULL;

      support_write_text (fixture->root, "dinoscope/model-hashes", line);
      model = support_load_checkpoint (fixture->engine, "tiny-1");
      g_assert_cmpstr (dinoscope_model_get_sha256 (model, NULL, NULL), ==, expected);
    }
}

/* The cache stays small however many models come by. */
static void
test_many_entries (Fixture *fixture, gconstpointer data)
{
  g_autofree char      *text = g_strnfill (DINO_SHA256_LENGTH - 1, 'c');
  char                  found[DINO_SHA256_LENGTH];
  DinoscopeFileIdentity identity = { 1, 0, 3, 4, 5 };
  struct stat           status;

  for (identity.inode = 0; identity.inode < 100; identity.inode++)
    dinoscope_hash_cache_store (&identity, text);
  identity.inode = 99;
  g_assert_true (dinoscope_hash_cache_lookup (&identity, found));
  g_assert_cmpstr (found, ==, text);
  identity.inode = 0;
  g_assert_false (dinoscope_hash_cache_lookup (&identity, found));
  g_assert_cmpint (stat (fixture->cache, &status), ==, 0);
  g_assert_cmpint (status.st_size, <, 16384);
}

static void
test_unwritable_cache (Fixture *fixture, gconstpointer data)
{
  g_autoptr (DinoscopeModel) model = NULL;
  g_autoptr (GError)         error = NULL;

  /* A file where the directory should be stops root as well. */
  support_write_text (fixture->root, "dinoscope", "in the way");
  model = support_load_checkpoint (fixture->engine, "tiny-1");
  g_assert_nonnull (dinoscope_model_get_sha256 (model, NULL, &error));
  g_assert_no_error (error);
}

/* The hash is that of what was loaded, or there is none. */
static void
test_changed_file (Fixture *fixture, gconstpointer data)
{
  g_autofree char           *source = test_data ("golden/checkpoint/tiny-1");
  g_autofree char           *copy = copy_model (fixture, source, "tiny");
  g_autofree char           *weights = g_build_filename (copy, "model.safetensors", NULL);
  g_autoptr (DinoscopeModel) model = load (fixture, copy);
  g_autoptr (GError)         changed = NULL;
  g_autoptr (GError)         gone = NULL;

  g_assert_cmpint (truncate (weights, 100), ==, 0);
  g_assert_null (dinoscope_model_get_sha256 (model, NULL, &changed));
  g_assert_error (changed, DINOSCOPE_ERROR, DINOSCOPE_ERROR_MODEL);
  g_assert_cmpint (g_unlink (weights), ==, 0);
  g_assert_null (dinoscope_model_get_sha256 (model, NULL, &gone));
  g_assert_error (gone, DINOSCOPE_ERROR, DINOSCOPE_ERROR_MODEL);
}

static gpointer
ask_for_hash (gpointer model)
{
  return (gpointer) dinoscope_model_get_sha256 (model, NULL, NULL);
}

static void
test_hash_from_threads (Fixture *fixture, gconstpointer data)
{
  g_autoptr (DinoscopeModel) model = support_load_checkpoint (fixture->engine, "tiny-1");
  GThread                   *threads[8];
  const char                *first = NULL;

  for (gsize i = 0; i < G_N_ELEMENTS (threads); i++)
    threads[i] = g_thread_new ("hash", ask_for_hash, model);
  for (gsize i = 0; i < G_N_ELEMENTS (threads); i++)
    {
      const char *text = g_thread_join (threads[i]);

      if (first == NULL)
        first = text;
      g_assert_nonnull (text);
      g_assert_true (text == first);
    }
}

static void
test_load_async (Fixture *fixture, gconstpointer data)
{
  g_autofree char           *path = test_data ("golden/checkpoint/tiny-1");
  g_auto (SupportReply)      reply = { 0 };
  g_auto (SupportReply)      wrong = { 0 };
  g_autoptr (GError)         error = NULL;
  g_autoptr (DinoscopeModel) model = NULL;
  g_autoptr (DinoscopeModel) none = NULL;

  dinoscope_engine_load_model_async (fixture->engine, path, NULL, NULL, support_reply_cb, &reply);
  dinoscope_engine_load_model_async (fixture->engine, fixture->root, NULL, NULL, support_reply_cb, &wrong);
  model = dinoscope_engine_load_model_finish (fixture->engine, support_wait (&reply), &error);
  g_assert_no_error (error);
  /* The hash is computed beside other work. */
  while (dinoscope_model_peek_sha256 (model) == NULL)
    g_thread_yield ();

  none = dinoscope_engine_load_model_finish (fixture->engine, support_wait (&wrong), &error);
  g_assert_null (none);
  g_assert_error (error, DINOSCOPE_ERROR, DINOSCOPE_ERROR_MODEL);
  g_assert_nonnull (strstr (error->message, fixture->root));
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/model/demonstration", Fixture, NULL, set_up, test_demonstration, tear_down);
  g_test_add ("/model/hash-is-remembered", Fixture, NULL, set_up, test_hash_is_remembered, tear_down);
  g_test_add ("/model/corrupt-cache", Fixture, NULL, set_up, test_corrupt_cache, tear_down);
  g_test_add ("/model/many-entries", Fixture, NULL, set_up, test_many_entries, tear_down);
  g_test_add ("/model/unwritable-cache", Fixture, NULL, set_up, test_unwritable_cache, tear_down);
  g_test_add ("/model/changed-file", Fixture, NULL, set_up, test_changed_file, tear_down);
  g_test_add ("/model/hash-from-threads", Fixture, NULL, set_up, test_hash_from_threads, tear_down);
  g_test_add ("/model/load-async", Fixture, NULL, set_up, test_load_async, tear_down);
  return g_test_run ();
}
