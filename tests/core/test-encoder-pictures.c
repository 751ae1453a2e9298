/* The forward pass on whole pictures: the demonstration encoder on a
 * radiograph, and the full-size architecture on what may not ship. */
#include <glib/gstdio.h>
#include <time.h>

#include "core/encoder/blas.h"
#include "core/picture/prepare.h"
#include "encoder-case.h"
#include "formula.h"
#include "io/read.h"
#include "model-files.h"
#include "support.h"

/* Tokens whose output the reference keeps; see tools/make_golden.py. */
static GArray *
kept_rows (gsize n_tokens)
{
  static const gsize some[] = { 0, 1, 2, 37, 38, 685, 700, 1000, 1333, 1368, 1369 };
  GArray            *rows = g_array_new (FALSE, FALSE, sizeof (gsize));

  for (gsize row = 0; row < n_tokens; row++)
    {
      gboolean kept = row >= 5 && (row - 5) % 91 == 0;

      for (gsize i = 0; i < G_N_ELEMENTS (some); i++)
        kept |= row == some[i];
      if (kept)
        g_array_append_val (rows, row);
    }
  return rows;
}

static float *
prepare (struct dino_model *model, struct dino_picture *picture, const char *sha256)
{
  const struct dino_preparation preparation = { .fit = DINO_FIT_CROP };
  const struct dino_processor  *processor = dino_model_processor (model);
  struct dino_geometry          geometry;
  struct dino_error             error = { 0 };
  gsize                         n;
  float                        *pixel_values;

  dino_geometry_init (&geometry, processor, dino_model_config (model)->patch_size, picture->width, picture->height, preparation.fit, 0, &error);
  assert_no_error (&error);
  n = 3 * (gsize) geometry.input_width * (gsize) geometry.input_height;
  pixel_values = g_new (float, n);
  dino_prepare (picture, processor, &preparation, &geometry, pixel_values, &error);
  assert_no_error (&error);
  assert_sha256_of_floats (pixel_values, n, sha256);
  dino_picture_unref (picture);
  return pixel_values;
}

static struct dino_picture *
read_picture (const char *path)
{
  struct dino_error    error = { 0 };
  struct dino_picture *picture = dino_picture_read (path, NULL, &error);

  assert_no_error (&error);
  return picture;
}

static void
check_output (const struct dino_safetensors *expected, const struct dino_features *features, double tolerance)
{
  const gsize        width = (gsize) dino_model_config (dino_features_model (features))->hidden_size;
  const float       *output = dino_features_last_hidden_state (features);
  g_autoptr (GArray) rows = kept_rows (dino_features_n_tokens (features));
  g_autofree float  *kept = g_new (float, rows->len *width);

  for (guint i = 0; i < rows->len; i++)
    memcpy (kept + i * width, output + g_array_index (rows, gsize, i) * width, width * sizeof *kept);
  assert_tensor (expected, "last_hidden_state.rows", kept, rows->len * width, tolerance, 0);
  assert_tensor (expected, "pooler_output", output, width, tolerance, 0);
}

static void
check_states (const struct dino_safetensors *expected, const struct dino_features *features, double tolerance)
{
  const struct dino_config *config = dino_model_config (dino_features_model (features));
  const gsize               width = (gsize) config->hidden_size, n_tokens = dino_features_n_tokens (features);
  const gsize               n_states = (gsize) config->n_blocks + 1;
  const float              *last = dino_features_hidden_state (features, config->n_blocks);
  g_autofree float         *cls = g_new (float, n_states *width), *norms = g_new (float, n_tokens - 1);

  for (gsize i = 0; i < n_states; i++)
    memcpy (cls + i * width, dino_features_hidden_state (features, (int) i), width * sizeof *cls);
  assert_tensor (expected, "hidden.cls", cls, n_states * width, tolerance, 0);
  for (gsize token = 1; token < n_tokens; token++)
    {
      double sum = 0;

      for (gsize i = 0; i < width; i++)
        sum += (double) last[token * width + i] * last[token * width + i];
      norms[token - 1] = (float) sqrt (sum);
    }
  assert_tensor (expected, "patch_norm.last", norms, n_tokens - 1, 0, 1e-5);
}

static void
check_attention (const struct dino_safetensors *expected, const struct dino_features *features)
{
  const struct dino_config *config = dino_model_config (dino_features_model (features));
  const gsize               n_tokens = dino_features_n_tokens (features), n_heads = (gsize) config->n_heads;
  const int                 blocks[] = { 0, config->n_blocks / 2, config->n_blocks - 1 };
  g_autofree float         *patches = g_new (float, n_heads *n_tokens);

  for (gsize i = 0; i < G_N_ELEMENTS (blocks); i++)
    {
      g_autofree char *name = g_strdup_printf ("cls_attention.%d", blocks[i]);
      const float     *rows = dino_features_cls_attention (features, blocks[i]);

      for (gsize head = 0; head < n_heads; head++)
        memcpy (patches + head * (n_tokens - 1), rows + head * n_tokens + 1, (n_tokens - 1) * sizeof *patches);
      assert_tensor (expected, name, patches, n_heads * (n_tokens - 1), 1e-6, 1e-3);
    }
}

/* All instruction sets with 2 threads within tolerance, and the best one with 3 equal to the last bit. */
static void
check_picture (struct dino_model *model, const float *pixel_values, const char *expected_path, double tolerance, double hidden_tolerance)
{
  struct dino_safetensors *expected = open_expected (expected_path);
  const int                side = dino_config_table_side (dino_model_config (model));
  struct dino_features    *best = NULL;

  for (int isa = DINO_ISA_GENERIC; isa <= (int) dino_isa_detect () + 1; isa++)
    {
      const bool            again = isa > (int) dino_isa_detect ();
      struct dino_team     *team = new_team (again ? 3 : 2);
      struct dino_features *features = encode (model, pixel_values, side, side, again ? dino_isa_detect () : (enum dino_isa) isa, team);

      check_output (expected, features, tolerance);
      check_states (expected, features, hidden_tolerance);
      check_attention (expected, features);
      if (again)
        {
          const gsize n = dino_features_n_tokens (features) * (gsize) dino_model_config (model)->hidden_size * sizeof (float);

          g_assert_cmpmem (dino_features_last_hidden_state (best), n, dino_features_last_hidden_state (features), n);
        }
      g_clear_pointer (&best, dino_features_unref);
      best = features;
      dino_team_free (team);
    }
  dino_features_unref (best);
  dino_safetensors_free (expected);
}

static void
test_demo (void)
{
  const char        *data = g_getenv ("DINOSCOPE_DATADIR");
  g_autofree char   *model_path = g_build_filename (data, "models", "demo", NULL);
  g_autofree char   *picture_path = g_build_filename (data, "examples", "chest-01.png", NULL);
  g_autofree char   *expected_path = test_data ("golden/demo-radiograph/expected.safetensors");
  struct dino_model *model = load_model (model_path);
  g_autofree float  *pixel_values = prepare (model, read_picture (picture_path), "f282420707a352d54e51688d8e0445e0032fbbf21c1bb6bd7bd0dca878533456");

  check_picture (model, pixel_values, expected_path, 1e-4, 1e-4);
  dino_model_unref (model);
}

/* A full-size checkpoint in a folder of its own. */
static char *
make_checkpoint (const char *preset)
{
  char        *folder = scratch_folder ();
  const gchar *arguments[] = { DINO_PYTHON, DINO_TOOLS "/make_checkpoint.py", "--preset", preset, "--seed", "1", "--out", folder, NULL };
  GError      *error = NULL;
  int          status = -1;

  g_spawn_sync (NULL, (char **) arguments, NULL, G_SPAWN_STDOUT_TO_DEV_NULL, NULL, NULL, NULL, NULL, &status, &error);
  g_assert_no_error (error);
  g_assert_cmpint (status, ==, 0);
  return folder;
}

static void
test_base (void)
{
  g_autofree char *formula_path = test_reference ("golden/base-formula/expected.safetensors");
  g_autofree char *radiograph_path = test_reference ("golden/base-radiograph/expected.safetensors");
  g_autofree char *picture_path = test_reference ("testdata/chest-png/hannover-fff13f3a.png");

  if (formula_path == NULL || radiograph_path == NULL || picture_path == NULL)
    {
      g_test_skip ("$DINOSCOPE_TESTDATA has no reference outputs of the full-size model.");
      return;
    }
  {
    g_autofree char   *checkpoint = make_checkpoint ("base");
    struct dino_model *model = load_model (checkpoint);
    g_autofree float  *formula_values = prepare (model, formula_picture (777, 1001, 1), "57d10b10149c883eb4b27084edf832a8");
    g_autofree float  *radiograph_values = prepare (model, read_picture (picture_path), "f282420707a352d54e51688d8e0445e0");

    remove_folder (checkpoint);
    check_picture (model, formula_values, formula_path, 2e-4, 2e-4);
    check_picture (model, radiograph_values, radiograph_path, 2e-4, 2e-4);
    dino_model_unref (model);
  }
}

/* A few channels with values up to 72, as trained models have. */
static void
test_base_outlier (void)
{
  g_autofree char *expected_path = test_reference ("golden/base-outlier-radiograph/expected.safetensors");
  g_autofree char *picture_path = test_reference ("testdata/chest-png/hannover-fff13f3a.png");

  if (expected_path == NULL || picture_path == NULL)
    {
      g_test_skip ("$DINOSCOPE_TESTDATA has no reference outputs of the full-size model.");
      return;
    }
  {
    g_autofree char   *checkpoint = make_checkpoint ("base-outlier");
    struct dino_model *model = load_model (checkpoint);
    g_autofree float  *pixel_values = prepare (model, read_picture (picture_path), "f282420707a352d54e51688d8e0445e0");

    remove_folder (checkpoint);
    check_picture (model, pixel_values, expected_path, 2e-4, 2e-3);
    dino_model_unref (model);
  }
}

struct cancel
{
  gint64 last, longest;
};

/* Microseconds of all threads: what others do on the machine does not count. */
static gint64
processor_time (void)
{
  struct timespec now;

  clock_gettime (CLOCK_PROCESS_CPUTIME_ID, &now);
  return (gint64) now.tv_sec * G_USEC_PER_SEC + now.tv_nsec / 1000;
}

static bool
watch (void *data, int done, int total)
{
  struct cancel *cancel = data;
  const gint64   now = processor_time ();

  if (cancel->last != 0)
    cancel->longest = MAX (cancel->longest, now - cancel->last);
  cancel->last = now;
  return done < 2;
}

/* Inside the blocks of the full-size model the callback is asked often enough
 * for a person; ten times that is allowed here, since machines may be slow. */
static void
test_cancel (void)
{
  g_autofree char *expected_path = test_reference ("golden/base-formula/expected.safetensors");

  if (expected_path == NULL)
    {
      g_test_skip ("$DINOSCOPE_TESTDATA is not there: only then is there a Python with NumPy for the full-size model.");
      return;
    }
  {
    g_autofree char      *checkpoint = make_checkpoint ("base");
    struct dino_model    *model = load_model (checkpoint);
    struct dino_error     error = { 0 };
    struct dino_team     *team = new_team (2);
    struct dino_encoder  *encoder = dino_encoder_new (model, 37, 37, dino_isa_detect (), team, &error);
    struct dino_features *features = dino_features_new (model, 37, 37, DINO_KEEP_OUTPUT, &error);
    struct cancel         cancel = { 0 };
    struct dino_progress  progress = { .func = watch, .data = &cancel };
    g_autofree float     *pixel_values = g_new0 (float, 3 * 518 * 518);

    remove_folder (checkpoint);
    g_assert_cmpuint (dino_encoder_memory (model, 37, 37, 2), <=, 60 << 20);
    g_assert_false (dino_encoder_run (encoder, pixel_values, features, &progress, &error));
    g_assert_cmpint (error.code, ==, DINO_CODE_CANCELLED);
    g_assert_cmpint (dino_features_blocks_done (features), ==, 2);
    g_test_message ("longest processor time between two calls: %.1f ms", (double) cancel.longest / 1000);
    g_assert_cmpint (cancel.longest, <, G_USEC_PER_SEC);
    dino_features_unref (features);
    dino_encoder_free (encoder);
    dino_team_free (team);
    dino_model_unref (model);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  dino_blas_single_threaded ();
  g_test_add_func ("/demo", test_demo);
  g_test_add_func ("/reference/base", test_base);
  g_test_add_func ("/reference/base-outlier", test_base_outlier);
  g_test_add_func ("/reference/cancel", test_cancel);
  return g_test_run ();
}
