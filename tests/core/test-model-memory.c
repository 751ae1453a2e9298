/* Loading without memory: each allocation of ours fails once, and once for good. */
#include <locale.h>

#include "core/model/model.h"
#include "checkpoint-edit.h"
#include "exhaust.h"
#include "support.h"

static bool
load (void *path, struct dino_error *error)
{
  struct dino_model *model = dino_model_load (path, NULL, NULL, error);

  dino_model_unref (model);
  return model != NULL;
}

static void
test_single (void)
{
  g_autofree char *path = test_data ("golden/checkpoint/tiny-1");

  exhaust ("a model", load, path, path);
}

static void
test_shards (void)
{
  static const char *const options[] = { "--shards", "3", NULL };
  g_autofree char         *folder = make_checkpoint ("tiny", options);

  exhaust ("a model in shards", load, folder, folder);
  remove_folder (folder);
}

/* A model that does not fit: the list of complaints needs memory as well. */
static void
test_complaints (void)
{
  g_autofree char      *source = test_data ("golden/checkpoint/tiny-1");
  g_autofree char      *file = g_build_filename (source, "model.safetensors", NULL);
  g_autofree char      *folder = copy_configuration (source);
  g_autofree char      *path = g_build_filename (folder, "model.safetensors", NULL);
  g_autoptr (GPtrArray) tensors = edit_read (file);

  edit_remove (tensors, "layernorm.bias");
  edit_write (tensors, path);
  for (unsigned i = 0;; i++)
    {
      struct dino_error error = { 0 };
      struct faults     faults;

      faults_arm (&faults, FAULTS_ALL, FAULTS_ONCE, i);
      g_assert_null (dino_model_load (folder, NULL, NULL, &error));
      faults_disarm ();
      g_assert_cmpint (error.code, ==, faults.n_failed > 0 ? DINO_CODE_MEMORY : DINO_CODE_MODEL);
      if (faults.n_failed == 0)
        break;
    }
  remove_folder (folder);
}

int
main (int argc, char **argv)
{
  setlocale (LC_ALL, "");
  faults_watch ();
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/model/memory/single", test_single);
  g_test_add_func ("/model/memory/shards", test_shards);
  g_test_add_func ("/model/memory/complaints", test_complaints);
  return g_test_run ();
}
