/* Loading without memory: each allocation of ours fails once, and once for
 * good. The linker leads posix_memalign() to the function below. */
#include <errno.h>
#include <locale.h>
#include <stdlib.h>

#include "core/model/model.h"
#include "checkpoint-edit.h"
#include "support.h"

int __real_posix_memalign (void **memory, size_t alignment, size_t size);
int __wrap_posix_memalign (void **memory, size_t alignment, size_t size);

/* Allocations that still succeed; then one fails, or all. */
static struct
{
  gboolean armed, for_good;
  int      left, n_failed;
} faults;

static gboolean
fails (void)
{
  if (!faults.armed || faults.left-- > 0 || (faults.n_failed > 0 && !faults.for_good))
    return FALSE;
  faults.n_failed++;
  return TRUE;
}

int
__wrap_posix_memalign (void **memory, size_t alignment, size_t size)
{
  return fails () ? ENOMEM : __real_posix_memalign (memory, alignment, size);
}

/* Fails allocation 0, 1, … until none is left to fail. */
static void
torture (const char *path, gboolean for_good)
{
  int i = 0;

  for (;; i++)
    {
      struct dino_error  error = { 0 };
      struct dino_model *model;

      faults.armed = TRUE;
      faults.for_good = for_good;
      faults.left = i;
      faults.n_failed = 0;
      model = dino_model_load (path, NULL, NULL, &error);
      faults.armed = FALSE;
      g_assert_cmpint (model != NULL, ==, error.code == DINO_CODE_NONE);
      dino_model_unref (model);
      if (faults.n_failed == 0)
        break;
      if (error.code != DINO_CODE_MEMORY)
        g_error ("allocation %d of %s: code %d, %s", i, path, error.code, error.message);
    }
  g_test_message ("%d allocations", i);
  g_assert_cmpint (i, >, 20);
}

static void
test_single (gconstpointer for_good)
{
  g_autofree char *path = test_data ("golden/checkpoint/tiny-1");

  torture (path, GPOINTER_TO_INT (for_good));
}

static void
test_shards (gconstpointer for_good)
{
  static const char *const options[] = { "--shards", "3", NULL };
  g_autofree char         *folder = make_checkpoint ("tiny", options);

  torture (folder, GPOINTER_TO_INT (for_good));
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
  for (int i = 0;; i++)
    {
      struct dino_error error = { 0 };

      faults.armed = TRUE;
      faults.for_good = FALSE;
      faults.left = i;
      faults.n_failed = 0;
      g_assert_null (dino_model_load (folder, NULL, NULL, &error));
      faults.armed = FALSE;
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
  g_test_init (&argc, &argv, NULL);
  g_test_add_data_func ("/model/memory/single/once", GINT_TO_POINTER (FALSE), test_single);
  g_test_add_data_func ("/model/memory/single/for-good", GINT_TO_POINTER (TRUE), test_single);
  g_test_add_data_func ("/model/memory/shards/once", GINT_TO_POINTER (FALSE), test_shards);
  g_test_add_data_func ("/model/memory/shards/for-good", GINT_TO_POINTER (TRUE), test_shards);
  g_test_add_func ("/model/memory/complaints", test_complaints);
  return g_test_run ();
}
