/* Loading models: every way in which a checkpoint can be stored gives the same weights. */
#include <locale.h>
#include <malloc.h>
#include <math.h>

#include "core/base/memory.h"
#include "core/model/model-name.h"
#include "core/model/model.h"
#include "assert-config.h"
#include "checkpoint-edit.h"
#include "support.h"

static struct dino_model *
load (const char *path, const char *processor_path)
{
  struct dino_model_options options = dino_model_options_default ();
  struct dino_error         error = { 0 };
  struct dino_model        *model;

  options.processor_path = processor_path;
  model = dino_model_load (path, &options, NULL, &error);

  if (model == NULL)
    g_error ("%s", error.message);
  return model;
}

static void
assert_refused (const char *path, const char *processor_path, enum dino_code code, const char *reason)
{
  struct dino_model_options options = dino_model_options_default ();
  struct dino_error         error = { 0 };

  options.processor_path = processor_path;
  if (dino_model_load (path, &options, NULL, &error) != NULL)
    g_error ("%s was accepted", path);
  g_test_message ("%s", error.message);
  g_assert_cmpint (error.code, ==, code);
  assert_message (&error, reason);
}

static char *
golden (const char *name)
{
  g_autofree char *path = g_build_filename ("golden", "checkpoint", name, NULL);

  return test_data (path);
}

/* The weights of two models, member by member, with a relative tolerance; below
 * 2^-14 the numbers of F16 lie at equal distances. */
static void
compare (const float *a, const float *b, gsize n, double tolerance)
{
  g_assert_cmpuint ((guintptr) a % DINO_ALIGNMENT, ==, 0);
  for (gsize i = 0; i < n; i++)
    if (!(fabs ((double) a[i] - (double) b[i]) <= tolerance * (fabs ((double) a[i]) + 0x1p-14)))
      g_error ("element %zu of %zu: %.9g and %.9g", i, n, (double) a[i], (double) b[i]);
}

/* Matrices, as they were before packing; all of one group after the other. */
static void
compare_matrices (const struct dino_matrix *a, const struct dino_matrix *b, gsize n_outputs, gsize n_inputs, double tolerance)
{
  g_assert_cmpuint (a->n_groups * a->n_outputs, ==, n_outputs);
  g_assert_cmpuint (a->n_inputs, ==, n_inputs);
  for (gsize row = 0; row < n_outputs; row++)
    for (gsize column = 0; column < n_inputs; column++)
      {
        const double x = (double) dino_matrix_value (a, row, column), y = (double) dino_matrix_value (b, row, column);

        if (!(fabs (x - y) <= tolerance * (fabs (x) + 0x1p-14)))
          g_error ("row %zu, column %zu: %.9g and %.9g", row, column, x, y);
      }
}

static void
assert_same_weights (const struct dino_model *first, const struct dino_model *second, double tolerance)
{
  const struct dino_config  *config = dino_model_config (first);
  const struct dino_weights *a = dino_model_weights (first), *b = dino_model_weights (second);
  gsize                      d = (gsize) config->hidden_size, f = (gsize) config->mlp_size, side = (gsize) dino_config_table_side (config);
  gsize                      patch = (gsize) (config->patch_size * config->patch_size), in = config->swiglu ? 2 * f : f;

  assert_same_config (config, dino_model_config (second));
  compare (a->cls_token, b->cls_token, d, tolerance);
  g_assert_cmpint (a->registers != NULL, ==, config->n_registers > 0);
  if (config->n_registers > 0)
    compare (a->registers, b->registers, (gsize) config->n_registers * d, tolerance);
  compare (a->position, b->position, (1 + side * side) * d, tolerance);
  compare_matrices (&a->patch, &b->patch, d, 3 * patch, tolerance);
  compare (a->patch_bias, b->patch_bias, d, tolerance);
  compare (a->norm_weight, b->norm_weight, d, tolerance);
  compare (a->norm_bias, b->norm_bias, d, tolerance);
  for (int i = 0; i < config->n_blocks; i++)
    {
      const struct dino_block_weights *p = &a->blocks[i], *q = &b->blocks[i];

      compare (p->norm1_weight, q->norm1_weight, d, tolerance);
      compare (p->norm1_bias, q->norm1_bias, d, tolerance);
      compare_matrices (&p->qkv, &q->qkv, 3 * d, d, tolerance);
      compare (p->qkv_bias, q->qkv_bias, 3 * d, tolerance);
      compare_matrices (&p->proj, &q->proj, d, d, tolerance);
      compare (p->proj_bias, q->proj_bias, d, tolerance);
      compare (p->scale1, q->scale1, d, tolerance);
      compare (p->norm2_weight, q->norm2_weight, d, tolerance);
      compare (p->norm2_bias, q->norm2_bias, d, tolerance);
      compare_matrices (&p->mlp_in, &q->mlp_in, in, d, tolerance);
      compare (p->mlp_in_bias, q->mlp_in_bias, in, tolerance);
      compare_matrices (&p->mlp_out, &q->mlp_out, d, f, tolerance);
      compare (p->mlp_out_bias, q->mlp_out_bias, d, tolerance);
      compare (p->scale2, q->scale2, d, tolerance);
    }
}

/* A tensor of the file, read by its name, is where the member points. */
static void
assert_tensor (const struct dino_safetensors *file, const char *name, const float *member)
{
  const struct dino_tensor *tensor = dino_safetensors_find (file, name);
  g_autofree float         *values = NULL;

  g_assert_nonnull (tensor);
  values = g_new (float, tensor->n_elements);
  g_assert_true (dino_safetensors_read (file, tensor, 0, tensor->n_elements, values, NULL));
  g_assert_cmpmem (values, tensor->n_elements * sizeof *values, member, tensor->n_elements * sizeof *member);
}

/* The same of rows first … of a matrix. */
static void
assert_rows (const struct dino_safetensors *file, const char *name, const struct dino_matrix *matrix, gsize first)
{
  const struct dino_tensor *tensor = dino_safetensors_find (file, name);
  g_autofree float         *values = NULL;

  g_assert_nonnull (tensor);
  values = g_new (float, tensor->n_elements);
  g_assert_true (dino_safetensors_read (file, tensor, 0, tensor->n_elements, values, NULL));
  for (gsize i = 0; i < tensor->n_elements; i++)
    g_assert_true (dino_matrix_value (matrix, first + i / matrix->n_inputs, i % matrix->n_inputs) == values[i]);
}

static void
assert_model_tensors (const struct dino_model *model, const struct dino_safetensors *file)
{
  const struct dino_weights *weights = dino_model_weights (model);

  assert_tensor (file, "embeddings.cls_token", weights->cls_token);
  assert_tensor (file, "embeddings.position_embeddings", weights->position);
  assert_rows (file, "embeddings.patch_embeddings.projection.weight", &weights->patch, 0);
  assert_tensor (file, "embeddings.patch_embeddings.projection.bias", weights->patch_bias);
  assert_tensor (file, "layernorm.weight", weights->norm_weight);
  assert_tensor (file, "layernorm.bias", weights->norm_bias);
  if (weights->registers != NULL)
    assert_tensor (file, "embeddings.register_tokens", weights->registers);
}

static void
assert_block_tensors (const struct dino_model *model, const struct dino_safetensors *file, int block)
{
  const struct dino_config        *config = dino_model_config (model);
  const struct dino_block_weights *weights = &dino_model_weights (model)->blocks[block];
  gsize                            d = (gsize) config->hidden_size;
  const struct
  {
    const char               *name;
    const float              *vector;
    const struct dino_matrix *matrix;
    gsize                     first;
  } tensors[] = {
    { "norm1.weight", weights->norm1_weight },
    { "norm1.bias", weights->norm1_bias },
    { "attention.attention.query.weight", NULL, &weights->qkv },
    { "attention.attention.key.weight", NULL, &weights->qkv, d },
    { "attention.attention.value.weight", NULL, &weights->qkv, 2 * d },
    { "attention.attention.query.bias", weights->qkv_bias },
    { "attention.attention.key.bias", weights->qkv_bias + d },
    { "attention.attention.value.bias", weights->qkv_bias + 2 * d },
    { "attention.output.dense.weight", NULL, &weights->proj },
    { "attention.output.dense.bias", weights->proj_bias },
    { "layer_scale1.lambda1", weights->scale1 },
    { "norm2.weight", weights->norm2_weight },
    { "norm2.bias", weights->norm2_bias },
    { config->swiglu ? "mlp.weights_in.weight" : "mlp.fc1.weight", NULL, &weights->mlp_in },
    { config->swiglu ? "mlp.weights_in.bias" : "mlp.fc1.bias", weights->mlp_in_bias },
    { config->swiglu ? "mlp.weights_out.weight" : "mlp.fc2.weight", NULL, &weights->mlp_out },
    { config->swiglu ? "mlp.weights_out.bias" : "mlp.fc2.bias", weights->mlp_out_bias },
    { "layer_scale2.lambda1", weights->scale2 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (tensors); i++)
    {
      g_autofree char *name = g_strdup_printf ("encoder.layer.%d.%s", block, tensors[i].name);

      if (tensors[i].matrix != NULL)
        assert_rows (file, name, tensors[i].matrix, tensors[i].first);
      else
        assert_tensor (file, name, tensors[i].vector);
    }
}

/* Every golden checkpoint: each tensor of the file is where it belongs. */
static void
test_placement (void)
{
  static const char *const names[] = { "tiny-1", "tiny-deep-1", "tiny-swiglu-1", "tiny-registers-1", "tiny-224crop-1", "tiny-1-dtype-F16", "tiny-1-dtype-BF16" };

  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char         *folder = golden (names[i]);
      g_autofree char         *path = g_build_filename (folder, "model.safetensors", NULL);
      struct dino_model       *model = load (folder, NULL);
      struct dino_safetensors *file = dino_safetensors_open (path, NULL);

      g_assert_nonnull (file);
      assert_model_tensors (model, file);
      for (int block = 0; block < dino_model_config (model)->n_blocks; block++)
        assert_block_tensors (model, file, block);
      g_assert_cmpstr (dino_model_name (model), ==, names[i]);
      g_assert_cmpstr (dino_model_path (model), ==, folder);
      g_assert_cmpstr (dino_model_identity_path (model), ==, path);
      dino_safetensors_free (file);
      dino_model_unref (model);
    }
}

/* 16-bit weights are those of the float32 checkpoint, rounded. */
static void
test_dtypes (void)
{
  g_autofree char   *f32 = golden ("tiny-1");
  g_autofree char   *f16 = golden ("tiny-1-dtype-F16");
  g_autofree char   *bf16 = golden ("tiny-1-dtype-BF16");
  struct dino_model *exact = load (f32, NULL);
  struct dino_model *half = load (f16, NULL);
  struct dino_model *brain = load (bf16, NULL);

  assert_same_weights (exact, half, 0x1p-10);
  assert_same_weights (exact, brain, 0x1p-8);
  g_assert_cmpint (dino_model_stored_dtype (exact), ==, DINO_DTYPE_F32);
  g_assert_cmpint (dino_model_stored_dtype (half), ==, DINO_DTYPE_F16);
  g_assert_cmpint (dino_model_stored_dtype (brain), ==, DINO_DTYPE_BF16);
  dino_model_unref (exact);
  dino_model_unref (half);
  dino_model_unref (brain);
}

/* Both namings, in one file and in shards, of every architecture. */
static void
test_storage (void)
{
  static const char *const presets[] = { "tiny", "tiny-deep", "tiny-swiglu", "tiny-registers", "tiny-224crop" };
  static const char *const options[][5] = {
    { "--naming", "original" },
    { "--shards", "3" },
    { "--naming", "original", "--shards", "7" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (presets); i++)
    {
      g_autofree char   *plain = make_checkpoint (presets[i], NULL);
      struct dino_model *expected = load (plain, NULL);

      for (gsize j = 0; j < G_N_ELEMENTS (options); j++)
        {
          g_autofree char   *folder = make_checkpoint (presets[i], options[j]);
          struct dino_model *model = load (folder, NULL);

          assert_same_weights (expected, model, 0);
          g_assert_cmpuint (dino_model_n_parameters (model), ==, dino_model_n_parameters (expected));
          g_assert_cmpint (g_str_has_suffix (dino_model_identity_path (model), ".index.json"), ==, j > 0);
          dino_model_unref (model);
          remove_folder (folder);
        }
      dino_model_unref (expected);
      remove_folder (plain);
    }
}

/* Another random checkpoint has other weights: the comparison can fail. */
static void
test_seed (void)
{
  static const char *const seed[] = { "--seed", "2", NULL };
  g_autofree char         *first = golden ("tiny-1");
  g_autofree char         *folder = make_checkpoint ("tiny", seed);
  struct dino_model       *a = load (first, NULL), *b = load (folder, NULL);

  g_assert_cmpfloat (dino_model_weights (a)->cls_token[0], !=, dino_model_weights (b)->cls_token[0]);
  dino_model_unref (a);
  dino_model_unref (b);
  remove_folder (folder);
}

/* The demonstration encoder as a bare file: three heads of 64 channels. */
static char *
demo_file (void)
{
  return g_build_filename (g_getenv ("DINOSCOPE_DATADIR"), "models", "demo", "model.safetensors", NULL);
}

static void
test_single_file (void)
{
  g_autofree char   *path = demo_file ();
  g_autofree char   *folder = g_path_get_dirname (path);
  g_autofree char   *copy = scratch_folder ();
  g_autofree char   *alone = g_build_filename (copy, "alone.safetensors", NULL);
  g_autofree char   *processor = g_build_filename (folder, "preprocessor_config.json", NULL);
  struct dino_model *expected = load (folder, NULL);
  struct dino_model *model = load (path, NULL);

  assert_same_weights (expected, model, 0);
  g_assert_cmpstr (dino_model_name (model), ==, "model.safetensors");
  assert_same_processor (dino_model_processor (model), dino_model_processor (expected));
  dino_model_unref (model);

  copy_file (path, alone);
  assert_refused (alone, NULL, DINO_CODE_MODEL, "without its preprocessor_config.json");
  model = load (alone, processor);
  assert_same_weights (expected, model, 0);
  dino_model_unref (model);
  dino_model_unref (expected);
  remove_folder (copy);
}

/* A bare file of the other architectures in 64 channels; what shapes cannot tell is refused. */
static void
test_inferred (void)
{
  static const char         processor_text[] = "{\"size\":56,\"crop_size\":56,\"image_mean\":[0,0,0],\"image_std\":[1,1,1]}";
  g_autofree char          *folder = scratch_folder ();
  g_autofree char          *path = g_build_filename (folder, "model.safetensors", NULL);
  g_autofree char          *processor = g_build_filename (folder, "preprocessor_config.json", NULL);
  g_autofree char          *narrow = golden ("tiny-1");
  g_autofree char          *narrow_file = g_build_filename (narrow, "model.safetensors", NULL);
  g_autofree char          *zeros = g_malloc0 (4 * 64 * 3 * 14 * 14);
  g_autoptr (GPtrArray)     tensors = g_ptr_array_new_with_free_func (edit_tensor_free);
  struct dino_model        *model;
  const struct dino_config *config;

  assert_refused (narrow_file, NULL, DINO_CODE_MODEL, "not a multiple of 64");
  write_bytes (processor, processor_text, strlen (processor_text));
  edit_add (tensors, "cls_token", "F32", "[1,1,64]", zeros, 256);
  edit_add (tensors, "register_tokens", "F32", "[1,2,64]", zeros, 512);
  edit_add (tensors, "pos_embed", "F32", "[1,10,64]", zeros, 2560);
  edit_add (tensors, "patch_embed.proj.weight", "F32", "[64,3,14,14]", zeros, 4 * 64 * 3 * 14 * 14);
  edit_add (tensors, "patch_embed.proj.bias", "F32", "[64]", zeros, 256);
  edit_add (tensors, "norm.weight", "F32", "[64]", zeros, 256);
  edit_add (tensors, "norm.bias", "F32", "[64]", zeros, 256);
  edit_add (tensors, "blocks.0.0.norm1.weight", "F32", "[64]", zeros, 256);
  edit_add (tensors, "blocks.0.0.norm1.bias", "F32", "[64]", zeros, 256);
  edit_add (tensors, "blocks.0.0.attn.qkv.weight", "F32", "[192,64]", zeros, 49152);
  edit_add (tensors, "blocks.0.0.attn.proj.weight", "F32", "[64,64]", zeros, 16384);
  edit_add (tensors, "blocks.0.0.attn.proj.bias", "F32", "[64]", zeros, 256);
  edit_add (tensors, "blocks.0.0.ls1.gamma", "F32", "[64]", zeros, 256);
  edit_add (tensors, "blocks.0.0.norm2.weight", "F32", "[64]", zeros, 256);
  edit_add (tensors, "blocks.0.0.norm2.bias", "F32", "[64]", zeros, 256);
  edit_add (tensors, "blocks.0.0.mlp.w12.weight", "F32", "[48,64]", zeros, 12288);
  edit_add (tensors, "blocks.0.0.mlp.w12.bias", "F32", "[48]", zeros, 192);
  edit_add (tensors, "blocks.0.0.mlp.w3.weight", "F32", "[64,24]", zeros, 6144);
  edit_add (tensors, "blocks.0.0.mlp.w3.bias", "F32", "[64]", zeros, 256);
  edit_add (tensors, "blocks.0.0.ls2.gamma", "F32", "[64]", zeros, 256);
  edit_write (tensors, path);
  model = load (path, NULL);
  config = dino_model_config (model);
  g_assert_cmpint (config->hidden_size, ==, 64);
  g_assert_cmpint (config->n_heads, ==, 1);
  g_assert_cmpint (config->n_blocks, ==, 1);
  g_assert_cmpint (config->patch_size, ==, 14);
  g_assert_cmpint (config->image_size, ==, 42);
  g_assert_cmpint (config->n_registers, ==, 2);
  g_assert_cmpint (config->mlp_size, ==, 24);
  g_assert_true (config->swiglu);
  g_assert_false (config->qkv_bias);
  g_assert_true (config->antialias_position);
  for (int i = 0; i < 192; i++)
    g_assert_cmpfloat (dino_model_weights (model)->blocks[0].qkv_bias[i], ==, 0);
  dino_model_unref (model);

  edit_relabel (tensors, "pos_embed", "F32", "[1,20,32]");
  edit_write (tensors, path);
  assert_refused (path, NULL, DINO_CODE_MODEL, "not of a square picture");
  edit_remove (tensors, "pos_embed");
  edit_write (tensors, path);
  assert_refused (path, NULL, DINO_CODE_MODEL, "cannot be told");
  remove_folder (folder);
}

static void
test_names (void)
{
  g_autofree char *here = g_get_current_dir ();
  g_autofree char *name_here = g_path_get_basename (here);
  const char      *cases[][2] = {
         { "/hub/models--microsoft--rad-dino/snapshots/0123abcd", "microsoft/rad-dino" },
         { "models--microsoft--rad-dino/snapshots/0/model.safetensors", "microsoft/rad-dino" },
         { "hub/models--a--b--c/", "a/b--c" },
         { "models--gpt2/snapshots/0", "gpt2" },
         { "/my-models--x/demo", "demo" },
         { "demo", "demo" },
         { "/a/demo///", "demo" },
         { "/a/vit.safetensors", "vit.safetensors" },
         { ".", name_here },
         { "./", name_here },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      char *name = dino_model_name_from_path (cases[i][0], NULL);

      g_assert_cmpstr (name, ==, cases[i][1]);
      dino_free (name);
    }
}

/* Parameters and bytes of the full golden case, counted by hand. */
static void
test_counts (void)
{
  g_autofree char   *folder = golden ("tiny-1");
  struct dino_model *model = load (folder, NULL);
  guint64            d = 32, f = 128;
  guint64            block = 2 * d + 3 * d * d + 3 * d + d * d + d + d + 2 * d + d * f + f + f * d + d + d;
  guint64            n = d + 17 * d + d * 3 * 14 * 14 + d + 2 * d + 2 * block;

  g_assert_cmpuint (dino_model_n_parameters (model), ==, n);
  g_assert_cmpuint (dino_model_memory (model), >=, 4 * n);
  g_assert_cmpuint (dino_model_memory (model), <, 4 * n + 4096);
  dino_model_unref (model);
}

static void
test_references (void)
{
  g_autofree char   *folder = golden ("tiny-1");
  struct dino_model *model = load (folder, NULL);

  g_assert_true (dino_model_ref (model) == model);
  dino_model_unref (model);
  g_assert_cmpint (dino_model_config (model)->hidden_size, ==, 32);
  dino_model_unref (model);
  dino_model_unref (NULL);
}

struct steps
{
  int calls, last, total, stop;
};

static bool
count_step (void *data, int done, int total)
{
  struct steps *steps = data;

  g_assert_cmpint (done, >=, steps->last);
  g_assert_cmpint (done, <=, total);
  steps->last = done;
  steps->total = total;
  return ++steps->calls != steps->stop;
}

static void
test_progress (void)
{
  g_autofree char     *folder = golden ("tiny-1");
  struct steps         steps = { 0 };
  struct dino_progress progress = { count_step, &steps };
  struct dino_model   *model = dino_model_load (folder, NULL, &progress, NULL);
  int                  n_calls = steps.calls;

  g_assert_nonnull (model);
  dino_model_unref (model);
  g_assert_cmpint (steps.total, ==, 6 + 2 * 18);
  g_assert_cmpint (steps.last, ==, steps.total);
  for (int stop = 1; stop <= n_calls; stop++)
    {
      struct dino_error error = { 0 };

      steps = (struct steps){ .stop = stop };
      g_assert_null (dino_model_load (folder, NULL, &progress, &error));
      g_assert_cmpint (error.code, ==, DINO_CODE_CANCELLED);
      g_assert_cmpint (steps.calls, ==, stop);
    }
}

static void
test_no_model (void)
{
  g_autofree char *folder = scratch_folder ();
  g_autofree char *path = g_build_filename (folder, "pytorch_model.bin", NULL);

  assert_refused (folder, NULL, DINO_CODE_MODEL, "there is neither model.safetensors nor model.safetensors.index.json");
  assert_refused (path, NULL, DINO_CODE_IO, "pytorch_model.bin” cannot be opened");
  assert_refused ("", NULL, DINO_CODE_IO, "cannot be opened");
  assert_refused ("/dev/zero", NULL, DINO_CODE_IO, "it is a device");
  write_bytes (path, "PK\x03\x04\0\0\x08\x08\0\0\0\0", 12);
  assert_refused (path, NULL, DINO_CODE_FORMAT, "a zip archive");
  remove_folder (folder);
}

/* What is known of a model without its weights, also of one that cannot be used. */
static void
test_inspect (void)
{
  g_autofree char        *folder = golden ("tiny-1"), *broken = scratch_folder ();
  g_autofree char        *weights = g_build_filename (folder, "model.safetensors", NULL), *config = g_build_filename (broken, "config.json", NULL);
  struct dino_model      *model = load (folder, NULL);
  struct dino_model_facts facts;
  struct dino_error       error = { 0 };
  GStatBuf                status;

  g_assert_cmpint (g_stat (weights, &status), ==, 0);
  g_assert_true (dino_model_inspect (folder, NULL, &facts, &error));
  g_assert_true (facts.has_config);
  assert_same_config (&facts.config, dino_model_config (model));
  assert_same_processor (&facts.processor, dino_model_processor (model));
  g_assert_cmpuint (facts.n_bytes, ==, (guint64) status.st_size);
  g_assert_cmpuint (facts.n_parameters, ==, dino_model_n_parameters (model));
  dino_model_unref (model);

  /* A configuration alone. */
  write_bytes (config, "{\"model_type\":\"dinov2\"}", 23);
  g_assert_false (dino_model_inspect (broken, NULL, &facts, &error));
  g_assert_cmpint (error.code, ==, DINO_CODE_MODEL);
  assert_message (&error, broken);
  g_assert_true (facts.has_config);
  g_assert_cmpint (facts.config.n_blocks, ==, 12);
  g_assert_cmpuint (facts.n_bytes, ==, 0);
  g_assert_cmpuint (facts.n_parameters, ==, 0);
  /* One that is none. */
  write_bytes (config, "{}", 2);
  g_assert_false (dino_model_inspect (broken, NULL, &facts, NULL));
  g_assert_false (facts.has_config);
  remove_folder (broken);
  g_assert_false (dino_model_inspect (broken, NULL, &facts, NULL));
  g_assert_false (facts.has_config);
}

int
main (int argc, char **argv)
{
  setlocale (LC_ALL, "");
  /* Memory that nobody wrote to is not zero. */
  mallopt (M_PERTURB, 0x55);
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/model/placement", test_placement);
  g_test_add_func ("/model/dtypes", test_dtypes);
  g_test_add_func ("/model/storage", test_storage);
  g_test_add_func ("/model/seed", test_seed);
  g_test_add_func ("/model/single-file", test_single_file);
  g_test_add_func ("/model/inferred", test_inferred);
  g_test_add_func ("/model/names", test_names);
  g_test_add_func ("/model/counts", test_counts);
  g_test_add_func ("/model/references", test_references);
  g_test_add_func ("/model/inspect", test_inspect);
  g_test_add_func ("/model/progress", test_progress);
  g_test_add_func ("/model/no-model", test_no_model);
  return g_test_run ();
}
