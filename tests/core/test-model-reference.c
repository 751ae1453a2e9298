/* The full-size model: a checkpoint of exactly RAD-DINO's layout. */
#include <locale.h>
#include <stdlib.h>

#include "core/base/sha256.h"
#include "core/model/model.h"
#include "checkpoint-edit.h"
#include "support.h"

/* Memory of a sanitizer is not the program's. */
#ifdef __SANITIZE_ADDRESS__
#define MEASURE_MEMORY 0
#else
#define MEASURE_MEMORY 1
#endif

/* Peak of the process' resident memory, in bytes. */
static guint64
peak_memory (void)
{
  g_autofree char *status = NULL;
  const char      *line;

  g_assert_true (g_file_get_contents ("/proc/self/status", &status, NULL, NULL));
  line = strstr (status, "VmHWM:");
  g_assert_nonnull (line);
  return g_ascii_strtoull (line + strlen ("VmHWM:"), NULL, 10) << 10;
}

static void
check_model (const struct dino_model *model)
{
  const struct dino_config    *config = dino_model_config (model);
  const struct dino_processor *processor = dino_model_processor (model);

  g_assert_cmpuint (dino_model_n_parameters (model), ==, 86580480 - 768);
  g_assert_cmpint (config->hidden_size, ==, 768);
  g_assert_cmpint (config->n_blocks, ==, 12);
  g_assert_cmpint (dino_config_table_side (config), ==, 37);
  g_assert_cmpint (dino_config_head_size (config), ==, 64);
  g_assert_cmpint (processor->shortest_edge, ==, 518);
  g_assert_cmpfloat (processor->mean[0], ==, 0.5307f);
}

static void
test_full_size (void)
{
  g_autofree char   *tools = test_reference ("tools/make_checkpoint.py");
  g_autofree char   *folder = NULL, *path = NULL;
  struct dino_error  error = { 0 };
  struct dino_model *model;
  char               sum[DINO_SHA256_LENGTH];
  guint64            before;

  if (tools == NULL)
    {
      g_test_skip ("the reference material is not there");
      return;
    }
  folder = make_checkpoint ("base", NULL);
  path = g_build_filename (folder, "model.safetensors", NULL);
  before = peak_memory ();
  model = dino_model_load (folder, NULL, NULL, &error);
  if (model == NULL)
    g_error ("%s", error.message);
  check_model (model);
  g_test_message ("%" G_GUINT64_FORMAT " bytes of weights, %" G_GUINT64_FORMAT " more at the peak", dino_model_memory (model), peak_memory () - before);
  if (MEASURE_MEMORY)
    g_assert_cmpuint (peak_memory () - before, <, dino_model_memory (model) + (8 << 20));
  dino_model_unref (model);

  /* The same dimensions by the shapes alone. */
  model = dino_model_load (path, NULL, NULL, &error);
  g_assert_nonnull (model);
  check_model (model);
  dino_model_unref (model);

  g_assert_true (dino_sha256_file (path, sum, NULL, &error));
  g_assert_cmpstr (sum, ==, "22737e31023b623f6fbad158f01112c847114c226a8dd8f84eada864a2606020");
  remove_folder (folder);
}

int
main (int argc, char **argv)
{
  setlocale (LC_ALL, "");
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/model/reference/full-size", test_full_size);
  return g_test_run ();
}
