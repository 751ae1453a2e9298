/* The forward pass on the small reference cases: for each instruction set that
 * this processor has, within tolerance of the published implementation and
 * equal to the last bit for any number of threads. */
#include <string.h>

#include "core/encoder/blas.h"
#include "encoder-case.h"
#include "support.h"

static const struct
{
  const char *name, *checkpoint;
} cases[] = {
  { "tiny", "tiny-1" },
  { "tiny-rgb", "tiny-1" },
  { "tiny-deep", "tiny-deep-1" },
  { "tiny-swiglu", "tiny-swiglu-1" },
  { "tiny-registers", "tiny-registers-1" },
  { "tiny-224crop", "tiny-224crop-1" },
  { "tiny-nonsquare", "tiny-1" },
  { "tiny-registers-nonsquare", "tiny-registers-1" },
  { "tiny-f16", "tiny-1-dtype-F16" },
  { "tiny-bf16", "tiny-1-dtype-BF16" },
};

struct reference
{
  struct dino_model       *model;
  struct dino_safetensors *expected;
  float                   *pixel_values;
  int                      rows, columns;
};

static void
open_reference (struct reference *reference, const char *name, const char *checkpoint)
{
  g_autofree char          *checkpoint_name = g_build_filename ("golden", "checkpoint", checkpoint, NULL);
  g_autofree char          *expected_name = g_build_filename ("golden", name, "expected.safetensors", NULL);
  g_autofree char          *checkpoint_path = test_data (checkpoint_name), *expected_path = test_data (expected_name);
  const struct dino_tensor *pixels;
  int                       patch;
  gsize                     n;

  reference->model = load_model (checkpoint_path);
  reference->expected = open_expected (expected_path);
  pixels = dino_safetensors_find (reference->expected, "pixel_values");
  patch = dino_model_config (reference->model)->patch_size;
  reference->rows = (int) pixels->shape[1] / patch;
  reference->columns = (int) pixels->shape[2] / patch;
  reference->pixel_values = expected_values (reference->expected, "pixel_values", &n);
}

static void
close_reference (struct reference *reference)
{
  g_free (reference->pixel_values);
  dino_safetensors_free (reference->expected);
  dino_model_unref (reference->model);
}

static void
check_states (const struct reference *reference, const struct dino_features *features)
{
  const struct dino_config *config = dino_model_config (reference->model);
  const gsize               width = (gsize) config->hidden_size, n = dino_features_n_tokens (features) * width;

  g_assert_cmpint (dino_features_blocks_done (features), ==, config->n_blocks);
  g_assert_true (dino_features_complete (features));
  for (int i = 0; i <= config->n_blocks; i++)
    {
      g_autofree char *name = g_strdup_printf ("hidden.%d", i);

      assert_tensor (reference->expected, name, dino_features_hidden_state (features, i), n, 1e-4, 0);
    }
  assert_tensor (reference->expected, "last_hidden_state", dino_features_last_hidden_state (features), n, 1e-4, 0);
  assert_tensor (reference->expected, "pooler_output", dino_features_last_hidden_state (features), width, 1e-4, 0);
}

static void
check_attention (const struct reference *reference, const struct dino_features *features, struct dino_team *team)
{
  const struct dino_config *config = dino_model_config (reference->model);
  const gsize               n = dino_features_n_tokens (features), n_heads = (gsize) config->n_heads;
  g_autofree float         *attention = g_new (float, n_heads *n *n);

  for (int block = 0; block < config->n_blocks; block++)
    {
      g_autofree char  *name = g_strdup_printf ("attention.%d", block);
      gsize             n_expected;
      g_autofree float *expected = expected_values (reference->expected, name, &n_expected);
      struct dino_error error = { 0 };

      dino_features_attention (features, block, 0, config->n_heads, team, attention, NULL, &error);
      assert_no_error (&error);
      assert_tensor (reference->expected, name, attention, n_heads * n * n, 1e-6, 1e-3);
      for (gsize head = 0; head < n_heads; head++)
        assert_near ("CLS attention", dino_features_cls_attention (features, block) + head * n, expected + head * n * n, n, 1e-6, 1e-3);
    }
}

static void
assert_same_bits (const struct dino_features *a, const struct dino_features *b)
{
  const struct dino_config *config = dino_model_config (dino_features_model (a));
  const gsize               n_tokens = dino_features_n_tokens (a);
  const gsize               n = n_tokens * (gsize) config->hidden_size * sizeof (float);
  const gsize               n_attention = n_tokens * (gsize) config->n_heads * sizeof (float);

  for (int i = 0; i <= config->n_blocks; i++)
    g_assert_cmpmem (dino_features_hidden_state (a, i), n, dino_features_hidden_state (b, i), n);
  g_assert_cmpmem (dino_features_last_hidden_state (a), n, dino_features_last_hidden_state (b), n);
  for (int block = 0; block < config->n_blocks; block++)
    g_assert_cmpmem (dino_features_cls_attention (a, block), n_attention, dino_features_cls_attention (b, block), n_attention);
}

static void
test_case (gconstpointer data)
{
  static const int threads[] = { 1, 2, 3, 5 };
  const gsize      index = GPOINTER_TO_SIZE (data);
  struct reference reference;

  open_reference (&reference, cases[index].name, cases[index].checkpoint);
  for (int isa = DINO_ISA_GENERIC; isa <= (int) dino_isa_detect (); isa++)
    {
      struct dino_features *first = NULL;

      for (gsize t = 0; t < G_N_ELEMENTS (threads); t++)
        {
          struct dino_team     *team = new_team (threads[t]);
          struct dino_features *features = encode (reference.model, reference.pixel_values, reference.rows, reference.columns,
                                                   (enum dino_isa) isa, team);

          if (first == NULL)
            {
              check_states (&reference, features);
              check_attention (&reference, features, team);
              first = dino_features_ref (features);
            }
          assert_same_bits (first, features);
          dino_features_unref (features);
          dino_team_free (team);
        }
      dino_features_unref (first);
    }
  close_reference (&reference);
}

/* One encoder for several pictures: nothing of one is left in the next. */
static void
test_again (void)
{
  struct reference      reference;
  struct dino_error     error = { 0 };
  struct dino_team     *team = new_team (2);
  struct dino_encoder  *encoder;
  struct dino_features *features[3];
  g_autofree float     *other = NULL;
  gsize                 n_pixels;

  open_reference (&reference, "tiny-deep", "tiny-deep-1");
  n_pixels = 3 * 14 * 14 * (gsize) reference.rows * (gsize) reference.columns;
  other = g_new (float, n_pixels);
  for (gsize i = 0; i < n_pixels; i++)
    other[i] = -reference.pixel_values[i];
  encoder = dino_encoder_new (reference.model, reference.rows, reference.columns, dino_isa_detect (), team, &error);
  assert_no_error (&error);
  g_assert_cmpint (dino_encoder_isa (encoder), ==, MIN (dino_isa_detect (), DINO_ISA_AVX512));
  for (int i = 0; i < 3; i++)
    {
      features[i] = dino_features_new (reference.model, reference.rows, reference.columns, DINO_KEEP_HIDDEN_STATES | DINO_KEEP_CLS_ATTENTION, &error);
      assert_no_error (&error);
      dino_encoder_run (encoder, i == 1 ? other : reference.pixel_values, features[i], NULL, &error);
      assert_no_error (&error);
    }
  assert_same_bits (features[0], features[2]);
  g_assert_cmpfloat (dino_features_last_hidden_state (features[0])[0], !=, dino_features_last_hidden_state (features[1])[0]);
  for (int i = 0; i < 3; i++)
    dino_features_unref (features[i]);
  dino_encoder_free (encoder);
  dino_team_free (team);
  close_reference (&reference);
}

/* Nothing kept: the same output, and nothing else. */
static void
test_output_only (void)
{
  struct reference      reference;
  struct dino_error     error = { 0 };
  struct dino_team     *team = new_team (2);
  struct dino_encoder  *encoder;
  struct dino_features *all, *output;
  gsize                 n;

  open_reference (&reference, "tiny-swiglu", "tiny-swiglu-1");
  all = encode (reference.model, reference.pixel_values, reference.rows, reference.columns, dino_isa_detect (), team);
  encoder = dino_encoder_new (reference.model, reference.rows, reference.columns, dino_isa_detect (), team, &error);
  output = dino_features_new (reference.model, reference.rows, reference.columns, DINO_KEEP_OUTPUT, &error);
  g_assert_null (dino_features_last_hidden_state (output));
  dino_encoder_run (encoder, reference.pixel_values, output, NULL, &error);
  assert_no_error (&error);
  n = dino_features_n_tokens (all) * (gsize) dino_model_config (reference.model)->hidden_size * sizeof (float);
  g_assert_cmpmem (dino_features_last_hidden_state (all), n, dino_features_last_hidden_state (output), n);
  g_assert_null (dino_features_hidden_state (output, 0));
  g_assert_null (dino_features_cls_attention (output, 0));
  g_assert_cmpuint (dino_features_memory (reference.model, reference.rows, reference.columns, DINO_KEEP_OUTPUT), ==, n);
  dino_features_unref (output);
  dino_features_unref (all);
  dino_encoder_free (encoder);
  dino_team_free (team);
  close_reference (&reference);
}

/* Grids that fill no tile: under AddressSanitizer, which sees every element that is touched. */
static void
test_odd_sizes (void)
{
  static const int   sizes[][2] = { { 1, 1 }, { 1, 7 }, { 13, 1 }, { 19, 19 }, { 5, 69 }, { 3, 116 } };
  static const char *checkpoints[] = { "tiny-deep-1", "tiny-registers-1", "tiny-swiglu-1" };

  for (gsize c = 0; c < G_N_ELEMENTS (checkpoints); c++)
    {
      g_autofree char   *name = g_build_filename ("golden", "checkpoint", checkpoints[c], NULL);
      g_autofree char   *path = test_data (name);
      struct dino_model *model = load_model (path);

      for (gsize s = 0; s < G_N_ELEMENTS (sizes); s++)
        {
          const gsize           n = 3 * 14 * 14 * (gsize) sizes[s][0] * (gsize) sizes[s][1];
          g_autofree float     *pixel_values = g_new (float, n);
          struct dino_features *first = NULL;

          for (gsize i = 0; i < n; i++)
            pixel_values[i] = (float) ((i * 7919) % 509) / 127.0f - 2.0f;
          for (int threads = 1; threads <= 3; threads += 2)
            {
              struct dino_team     *team = new_team (threads);
              struct dino_features *features = encode (model, pixel_values, sizes[s][0], sizes[s][1], dino_isa_detect (), team);

              g_assert_true (isfinite (dino_features_last_hidden_state (features)[0]));
              if (first == NULL)
                first = dino_features_ref (features);
              assert_same_bits (first, features);
              dino_features_unref (features);
              dino_team_free (team);
            }
          dino_features_unref (first);
        }
      dino_model_unref (model);
    }
}

struct told
{
  struct dino_features *features;
  int                   calls, done, cancel_at;
};

static bool
tell (void *data, int done, int total)
{
  struct told          *told = data;
  struct dino_error     error = { 0 };
  struct dino_features *snapshot = dino_features_snapshot (told->features, &error);

  assert_no_error (&error);
  g_assert_cmpint (done, >=, told->done);
  g_assert_cmpint (done, <=, total);
  g_assert_cmpint (dino_features_blocks_done (snapshot), ==, done);
  g_assert_true (dino_features_complete (snapshot) == (done == total));
  dino_features_unref (snapshot);
  told->done = done;
  told->calls++;
  return done < told->cancel_at;
}

static void
test_progress (void)
{
  struct reference      reference;
  struct dino_error     error = { 0 };
  struct dino_team     *team = new_team (2);
  struct dino_encoder  *encoder;
  struct told           told = { .cancel_at = G_MAXINT };
  struct dino_progress  progress = { .func = tell, .data = &told };
  struct dino_features *whole;

  open_reference (&reference, "tiny-deep", "tiny-deep-1");
  whole = encode (reference.model, reference.pixel_values, reference.rows, reference.columns, dino_isa_detect (), team);
  encoder = dino_encoder_new (reference.model, reference.rows, reference.columns, dino_isa_detect (), team, &error);
  told.features = dino_features_new (reference.model, reference.rows, reference.columns, DINO_KEEP_HIDDEN_STATES | DINO_KEEP_CLS_ATTENTION, &error);
  g_assert_true (dino_encoder_run (encoder, reference.pixel_values, told.features, &progress, &error));
  g_assert_cmpint (told.done, ==, 5);
  g_assert_cmpint (told.calls, >=, 6);
  dino_features_unref (told.features);

  /* Cancelled when block 3 is done: what was finished stays, and is as ever. */
  told = (struct told){ .cancel_at = 3 };
  told.features = dino_features_new (reference.model, reference.rows, reference.columns, DINO_KEEP_HIDDEN_STATES | DINO_KEEP_CLS_ATTENTION, &error);
  g_assert_false (dino_encoder_run (encoder, reference.pixel_values, told.features, &progress, &error));
  g_assert_cmpint (error.code, ==, DINO_CODE_CANCELLED);
  g_assert_cmpint (dino_features_blocks_done (told.features), ==, 3);
  g_assert_false (dino_features_complete (told.features));
  g_assert_null (dino_features_last_hidden_state (told.features));
  g_assert_null (dino_features_hidden_state (told.features, 4));
  g_assert_null (dino_features_cls_attention (told.features, 3));
  g_assert_nonnull (dino_features_cls_attention (told.features, 2));
  for (int i = 0; i <= 3; i++)
    {
      const gsize n = dino_features_n_tokens (whole) * 48 * sizeof (float);

      g_assert_cmpmem (dino_features_hidden_state (whole, i), n, dino_features_hidden_state (told.features, i), n);
    }
  dino_features_unref (told.features);
  dino_features_unref (whole);
  dino_encoder_free (encoder);
  dino_team_free (team);
  close_reference (&reference);
}

static void
test_refused (void)
{
  struct reference      reference;
  struct dino_error     error = { 0 };
  struct dino_team     *team = new_team (1);
  struct dino_encoder  *encoder;
  struct dino_features *features;

  open_reference (&reference, "tiny", "tiny-1");
  g_assert_null (dino_encoder_new (reference.model, 0, 4, DINO_ISA_GENERIC, team, &error));
  g_assert_cmpint (error.code, ==, DINO_CODE_ARGUMENT);
  error = (struct dino_error){ 0 };
  g_assert_null (dino_encoder_new (reference.model, 1 << 15, 1 << 15, DINO_ISA_GENERIC, team, &error));
  g_assert_cmpint (error.code, ==, DINO_CODE_LIMIT);
  g_assert_true (dino_encoder_memory (reference.model, G_MAXINT, G_MAXINT, 64) == G_MAXSIZE);
  g_assert_true (dino_encoder_memory (reference.model, 0, 4, 1) == G_MAXSIZE);
  g_assert_true (dino_features_memory (reference.model, G_MAXINT, G_MAXINT, DINO_KEEP_HIDDEN_STATES) == G_MAXSIZE);
  error = (struct dino_error){ 0 };
  g_assert_null (dino_features_new (reference.model, 4, -1, 0, &error));
  g_assert_cmpint (error.code, ==, DINO_CODE_ARGUMENT);
  error = (struct dino_error){ 0 };
  g_assert_null (dino_features_new (reference.model, G_MAXINT, G_MAXINT, DINO_KEEP_HIDDEN_STATES, &error));
  g_assert_cmpint (error.code, ==, DINO_CODE_MEMORY);

  error = (struct dino_error){ 0 };
  encoder = dino_encoder_new (reference.model, 4, 4, DINO_ISA_GENERIC, team, &error);
  assert_no_error (&error);
  g_assert_cmpint (dino_encoder_isa (encoder), ==, DINO_ISA_GENERIC);
  features = dino_features_new (reference.model, 4, 5, 0, &error);
  g_assert_false (dino_encoder_run (encoder, reference.pixel_values, features, NULL, &error));
  g_assert_cmpint (error.code, ==, DINO_CODE_ARGUMENT);
  dino_features_unref (features);
  dino_encoder_free (encoder);
  dino_encoder_free (NULL);
  dino_team_free (team);
  close_reference (&reference);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  dino_blas_single_threaded ();
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *path = g_strdup_printf ("/encoder/%s", cases[i].name);

      g_test_add_data_func (path, GSIZE_TO_POINTER (i), test_case);
    }
  g_test_add_func ("/encoder/again", test_again);
  g_test_add_func ("/encoder/output-only", test_output_only);
  g_test_add_func ("/encoder/odd-sizes", test_odd_sizes);
  g_test_add_func ("/encoder/progress", test_progress);
  g_test_add_func ("/encoder/refused", test_refused);
  return g_test_run ();
}
