/* Where a model is looked for, in fabricated homes. */
#include <glib/gstdio.h>
#include <sys/stat.h>

#include "engine-support.h"
#include "engine/dinoscope-model-finder-private.h"

#define COMMIT "0123456789abcdef0123456789abcdef01234567"
#define REPOSITORY "models--microsoft--rad-dino"

typedef struct
{
  char *root;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  static const struct
  {
    const char *variable, *folder;
  } folders[] = {
    { "HOME", "home" },
    { "XDG_DATA_HOME", "data" },
    { "XDG_CACHE_HOME", "cache" },
    { "DINOSCOPE_DATADIR", "bundled" },
  };

  fixture->root = support_make_folder ();
  for (gsize i = 0; i < G_N_ELEMENTS (folders); i++)
    {
      g_autofree char *path = g_build_filename (fixture->root, folders[i].folder, NULL);

      g_setenv (folders[i].variable, path, TRUE);
    }
  /* Empty counts as unset. */
  g_setenv ("HF_HUB_CACHE", "", TRUE);
  g_setenv ("HF_HOME", "", TRUE);
  g_setenv ("DINOSCOPE_MODEL", "", TRUE);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  support_remove_tree (fixture->root);
  g_free (fixture->root);
}

static void
add_model (Fixture *fixture, const char *folder)
{
  g_autofree char *name = g_build_filename (folder, "config.json", NULL);

  support_write_text (fixture->root, name, "{}");
}

/* A repository in the Hugging Face cache's layout, its files being links. */
static void
add_snapshot (Fixture *fixture, const char *hub, const char *commit_text)
{
  g_autofree char  *commit = g_build_filename (hub, REPOSITORY, "refs", "main", NULL);
  g_autofree char  *blob = g_build_filename (hub, REPOSITORY, "blobs", "abc", NULL);
  g_autofree char  *snapshot = g_build_filename (fixture->root, hub, REPOSITORY, "snapshots", COMMIT, NULL);
  g_autofree char  *link = g_build_filename (snapshot, "config.json", NULL);
  g_autoptr (GFile) file = g_file_new_for_path (link);

  support_write_text (fixture->root, commit, commit_text);
  support_write_text (fixture->root, blob, "{}");
  g_assert_cmpint (g_mkdir_with_parents (snapshot, 0755), ==, 0);
  g_assert_true (g_file_make_symbolic_link (file, "../../blobs/abc", NULL, NULL));
}

static void
assert_found (Fixture *fixture, const char *argument, const char *setting, DinoscopeModelSource source, const char *path)
{
  DinoscopeModelSource found_source;
  g_autofree char     *found = dinoscope_model_find (argument, setting, &found_source);
  g_autofree char     *expected = g_path_is_absolute (path) || source <= DINOSCOPE_MODEL_SOURCE_SETTING
                                      ? g_strdup (path)
                                      : g_build_filename (fixture->root, path, NULL);

  g_assert_cmpstr (found, ==, expected);
  g_assert_cmpint (found_source, ==, source);
}

static void
test_order (Fixture *fixture, gconstpointer data)
{
  g_autofree char *named = g_build_filename (fixture->root, "data", "dinoscope", "models", "mine", NULL);

  assert_found (fixture, NULL, NULL, DINOSCOPE_MODEL_SOURCE_DEMONSTRATION, "bundled/models/demo");
  assert_found (fixture, "", "", DINOSCOPE_MODEL_SOURCE_DEMONSTRATION, "bundled/models/demo");

  add_snapshot (fixture, "home/.cache/huggingface/hub", COMMIT "\n");
  assert_found (fixture, NULL, NULL, DINOSCOPE_MODEL_SOURCE_HUGGING_FACE, "home/.cache/huggingface/hub/" REPOSITORY "/snapshots/" COMMIT);
  add_snapshot (fixture, "cache/huggingface/hub", COMMIT);
  assert_found (fixture, NULL, NULL, DINOSCOPE_MODEL_SOURCE_HUGGING_FACE, "cache/huggingface/hub/" REPOSITORY "/snapshots/" COMMIT);

  add_model (fixture, "data/dinoscope/models/rad-dino");
  assert_found (fixture, NULL, NULL, DINOSCOPE_MODEL_SOURCE_DATA, "data/dinoscope/models/rad-dino");

  assert_found (fixture, NULL, "/the/setting", DINOSCOPE_MODEL_SOURCE_SETTING, "/the/setting");
  g_setenv ("DINOSCOPE_MODEL", "/of/the/environment", TRUE);
  assert_found (fixture, NULL, "/the/setting", DINOSCOPE_MODEL_SOURCE_ENVIRONMENT, "/of/the/environment");
  /* As it is, unchecked: a wrong one is to be reported. */
  assert_found (fixture, "/no/such/model", "/the/setting", DINOSCOPE_MODEL_SOURCE_ARGUMENT, "/no/such/model");

  /* Names. */
  add_model (fixture, "data/dinoscope/models/mine");
  assert_found (fixture, "mine", NULL, DINOSCOPE_MODEL_SOURCE_ARGUMENT, named);
  assert_found (fixture, "nobodys", NULL, DINOSCOPE_MODEL_SOURCE_ARGUMENT, "nobodys");
}

static void
test_demonstration_by_name (Fixture *fixture, gconstpointer data)
{
  DinoscopeModelSource source;
  g_autofree char     *found = dinoscope_model_find ("demo", NULL, &source);
  g_autofree char     *expected = g_build_filename (fixture->root, "bundled", "models", "demo", NULL);

  g_assert_cmpstr (found, ==, expected);
  g_assert_cmpint (source, ==, DINOSCOPE_MODEL_SOURCE_ARGUMENT);
}

static void
test_hugging_face_variables (Fixture *fixture, gconstpointer data)
{
  g_autofree char *home = g_build_filename (fixture->root, "hf", NULL);
  g_autofree char *hub = g_build_filename (fixture->root, "hub", NULL);

  add_snapshot (fixture, "cache/huggingface/hub", COMMIT);
  add_snapshot (fixture, "hf/hub", COMMIT);
  add_snapshot (fixture, "hub", COMMIT);
  g_setenv ("HF_HOME", home, TRUE);
  assert_found (fixture, NULL, NULL, DINOSCOPE_MODEL_SOURCE_HUGGING_FACE, "hf/hub/" REPOSITORY "/snapshots/" COMMIT);
  g_setenv ("HF_HUB_CACHE", hub, TRUE);
  assert_found (fixture, NULL, NULL, DINOSCOPE_MODEL_SOURCE_HUGGING_FACE, "hub/" REPOSITORY "/snapshots/" COMMIT);
}

/* What refs/main says becomes part of a path. */
static void
test_hostile_commit (Fixture *fixture, gconstpointer data)
{
  static const char *const texts[] = { "", "\n", "../../../../data", "..", "/etc", COMMIT "/../" COMMIT, COMMIT "\n" COMMIT };
  g_autofree char         *endless = g_strnfill (100000, 'a');
  g_autofree char         *fifo = g_build_filename (fixture->root, "cache/huggingface/hub", REPOSITORY, "refs", "main", NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autofree char *hub = g_strdup_printf ("cache-%zu", i);
      g_autofree char *path = g_build_filename (fixture->root, hub, NULL);

      add_snapshot (fixture, hub, texts[i]);
      g_setenv ("HF_HUB_CACHE", path, TRUE);
      assert_found (fixture, NULL, NULL, DINOSCOPE_MODEL_SOURCE_DEMONSTRATION, "bundled/models/demo");
    }
  g_setenv ("HF_HUB_CACHE", "", TRUE);
  add_snapshot (fixture, "cache/huggingface/hub", endless);
  assert_found (fixture, NULL, NULL, DINOSCOPE_MODEL_SOURCE_DEMONSTRATION, "bundled/models/demo");
  g_assert_cmpint (g_unlink (fifo), ==, 0);
  g_assert_cmpint (mkfifo (fifo, 0600), ==, 0);
  assert_found (fixture, NULL, NULL, DINOSCOPE_MODEL_SOURCE_DEMONSTRATION, "bundled/models/demo");
}

static void
assert_named (Fixture *fixture, const char *name, const char *path)
{
  g_autofree char *found = dinoscope_model_find (name, NULL, NULL);
  g_autofree char *expected = strcmp (name, path) == 0 ? g_strdup (path) : g_build_filename (fixture->root, path, NULL);

  g_assert_cmpstr (found, ==, expected);
}

/* Names of the cache: of its owner, with some digits of a commit, or short. */
static void
test_repository_names (Fixture *fixture, gconstpointer data)
{
  const char      *snapshot = "cache/huggingface/hub/" REPOSITORY "/snapshots/" COMMIT;
  const char      *other = "cache/huggingface/hub/" REPOSITORY "/snapshots/0123000000000000000000000000000000000000";
  g_autofree char *other_config = g_build_filename (other, "config.json", NULL);

  assert_named (fixture, "microsoft/rad-dino", "microsoft/rad-dino");
  assert_named (fixture, "rad-dino", "rad-dino");
  add_snapshot (fixture, "cache/huggingface/hub", COMMIT);
  assert_named (fixture, "microsoft/rad-dino", snapshot);
  assert_named (fixture, "microsoft/rad-dino@0123", snapshot);
  assert_named (fixture, "rad-dino", snapshot);
  support_write_text (fixture->root, other_config, "{}");
  /* Two commits begin so; the whole of one is clear. */
  assert_named (fixture, "microsoft/rad-dino@0123", "microsoft/rad-dino@0123");
  assert_named (fixture, "microsoft/rad-dino@01230", other);
  assert_named (fixture, "microsoft/rad-dino@" COMMIT, snapshot);
  /* What would lead elsewhere is no name. */
  assert_named (fixture, "microsoft/rad-dino@..", "microsoft/rad-dino@..");
  assert_named (fixture, "microsoft/..", "microsoft/..");
  assert_named (fixture, "../rad-dino", "../rad-dino");
  add_model (fixture, "data/dinoscope/models/rad-dino");
  assert_named (fixture, "rad-dino", "data/dinoscope/models/rad-dino");
}

/* The list by the engine, beside everything else; and given up. */
static void
test_list_async (Fixture *fixture, gconstpointer data)
{
  g_autoptr (DinoscopeEngine)     engine = dinoscope_engine_new (1, NULL);
  g_auto (SupportReply)           reply = { 0 };
  g_autoptr (GListModel)          models = NULL;
  g_autoptr (DinoscopeFoundModel) first = NULL, second = NULL;

  add_model (fixture, "data/dinoscope/models/mine");
  dinoscope_engine_list_models_async (engine, NULL, "/no/such/model", NULL, support_reply_cb, &reply);
  models = dinoscope_engine_list_models_finish (engine, support_wait (&reply), NULL);
  g_assert_cmpuint (g_list_model_get_n_items (models), ==, 3);
  first = g_list_model_get_item (models, 0);
  second = g_list_model_get_item (models, 2);
  g_assert_cmpstr (dinoscope_found_model_get_name (first), ==, "mine");
  g_assert_nonnull (strstr (dinoscope_found_model_get_problem (first), "there is neither"));
  g_assert_false (dinoscope_found_model_is_in_use (first));
  g_assert_null (dinoscope_found_model_get_config (first));
  g_assert_cmpstr (dinoscope_found_model_get_name (second), ==, "/no/such/model");
  g_assert_cmpint (dinoscope_found_model_get_source (second), ==, DINOSCOPE_MODEL_SOURCE_SETTING);
  g_assert_true (dinoscope_found_model_is_in_use (second));
  dinoscope_engine_shutdown (engine);
}

/* Somebody who is asked for a folder may take a repository's own. */
static void
test_enter (Fixture *fixture, gconstpointer data)
{
  static const char hub[] = "elsewhere";
  g_autofree char  *repository = g_build_filename (fixture->root, hub, REPOSITORY, NULL);
  g_autofree char  *snapshot = g_build_filename (repository, "snapshots", COMMIT, NULL);
  g_autofree char  *other = g_build_filename (fixture->root, hub, NULL);
  g_autofree char  *entered = NULL, *kept = NULL, *passed = NULL;

  add_snapshot (fixture, hub, COMMIT "\n");
  entered = dinoscope_model_enter (repository);
  g_assert_cmpstr (entered, ==, snapshot);
  kept = dinoscope_model_enter (snapshot);
  g_assert_cmpstr (kept, ==, snapshot);
  passed = dinoscope_model_enter (other);
  g_assert_cmpstr (passed, ==, other);
  assert_found (fixture, repository, NULL, DINOSCOPE_MODEL_SOURCE_ARGUMENT, snapshot);
}

/* The directories must hold a model to be taken. */
static void
test_incomplete (Fixture *fixture, gconstpointer data)
{
  support_write_text (fixture->root, "data/dinoscope/models/rad-dino/model.safetensors", "");
  support_write_text (fixture->root, "cache/huggingface/hub/" REPOSITORY "/refs/main", COMMIT);
  assert_found (fixture, NULL, NULL, DINOSCOPE_MODEL_SOURCE_DEMONSTRATION, "bundled/models/demo");
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/finder/order", Fixture, NULL, set_up, test_order, tear_down);
  g_test_add ("/finder/demonstration-by-name", Fixture, NULL, set_up, test_demonstration_by_name, tear_down);
  g_test_add ("/finder/hugging-face-variables", Fixture, NULL, set_up, test_hugging_face_variables, tear_down);
  g_test_add ("/finder/hostile-commit", Fixture, NULL, set_up, test_hostile_commit, tear_down);
  g_test_add ("/finder/repository-names", Fixture, NULL, set_up, test_repository_names, tear_down);
  g_test_add ("/finder/enter", Fixture, NULL, set_up, test_enter, tear_down);
  g_test_add ("/finder/list-async", Fixture, NULL, set_up, test_list_async, tear_down);
  g_test_add ("/finder/incomplete", Fixture, NULL, set_up, test_incomplete, tear_down);
  return g_test_run ();
}
