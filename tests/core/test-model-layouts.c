/* Every layout that DINOv2 checkpoints are published in gives the features of
 * the Hugging Face layout, to the last bit; what is ambiguous is refused. */
#include <locale.h>
#include <unistd.h>

#include "assert-config.h"
#include "checkpoint-layouts.h"
#include "core/model/checkpoint.h"
#include "encoder-case.h"
#include "support.h"

static const struct
{
  const char *name;
  int         width, n_blocks;
} checkpoints[] = {
  { "tiny-1", 32, 2 },
  { "tiny-deep-1", 48, 5 },
  { "tiny-swiglu-1", 32, 2 },
  { "tiny-registers-1", 32, 2 },
};

enum kind
{
  KIND_HF,
  KIND_ORIGINAL,
  KIND_CHUNKED,
  KIND_TIMM
};

static const struct
{
  enum kind   kind;
  const char *prefix;
  const char *extra[4]; /* of no use for features */
} layouts[] = {
  { KIND_HF, "dinov2.", { "classifier.weight", "classifier.bias" } },
  { KIND_HF, "dinov2_with_registers.", { "classifier.weight" } },
  { KIND_HF, "model.", { NULL } },
  { KIND_HF, "vision.encoder.backbone.", { NULL } },
  { KIND_ORIGINAL, "", { NULL } },
  { KIND_ORIGINAL, "", { "dino_head.mlp.0.weight", "ibot_head.last_layer.weight_v" } },
  { KIND_ORIGINAL, "backbone.", { "dino_head.last_layer.weight_g" } },
  { KIND_ORIGINAL, "teacher.backbone.", { "teacher.dino_head.mlp.2.bias", "teacher.ibot_head.mlp.2.bias" } },
  { KIND_ORIGINAL, "module.", { NULL } },
  { KIND_CHUNKED, "", { NULL } },
  { KIND_CHUNKED, "teacher.backbone.", { "teacher.dino_head.mlp.0.weight" } },
  { KIND_TIMM, "", { NULL } },
  { KIND_TIMM, "", { "head.weight", "head.bias" } },
  { KIND_TIMM, "model.", { NULL } },
};

/* Square as the table, wider, and larger. */
static const int grids[][2] = { { 4, 4 }, { 5, 5 }, { 3, 6 }, { 7, 5 } };

static char *
golden (const char *name)
{
  g_autofree char *path = g_build_filename ("golden", "checkpoint", name, NULL);

  return test_data (path);
}

static int
table_rows (const char *folder)
{
  struct dino_model *model = load_model (folder);
  int                side = dino_config_table_side (dino_model_config (model));

  dino_model_unref (model);
  return 1 + side * side;
}

/* The checkpoint in another layout, in a folder with its configurations; (transfer full). */
static char *
rewrite (gsize checkpoint, enum kind kind, const char *prefix, GPtrArray **tensors_out)
{
  g_autofree char *source = golden (checkpoints[checkpoint].name);
  g_autofree char *weights = g_build_filename (source, "model.safetensors", NULL);
  GPtrArray       *tensors = edit_read (weights);

  if (kind != KIND_HF)
    layout_original (tensors, checkpoints[checkpoint].width, checkpoints[checkpoint].n_blocks);
  if (kind == KIND_CHUNKED)
    layout_chunked (tensors);
  if (kind == KIND_TIMM)
    layout_timm (tensors, checkpoints[checkpoint].width, table_rows (source));
  layout_prefix (tensors, prefix);
  *tensors_out = tensors;
  return copy_configuration (source);
}

static void
write_weights (GPtrArray *tensors, const char *folder)
{
  g_autofree char *path = g_build_filename (folder, "model.safetensors", NULL);

  edit_write (tensors, path);
}

static void
assert_same_features (struct dino_model *expected, struct dino_model *model)
{
  struct dino_team *team = new_team (1);
  enum dino_isa     isa = dino_isa_detect ();
  int               patch = dino_model_config (expected)->patch_size;

  for (gsize i = 0; i < G_N_ELEMENTS (grids); i++)
    {
      int                   rows = grids[i][0], columns = grids[i][1];
      gsize                 n_pixels = (gsize) (3 * rows * columns * patch * patch);
      g_autofree float     *pixels = g_new (float, n_pixels);
      struct dino_features *a, *b;
      gsize                 size;

      for (gsize j = 0; j < n_pixels; j++)
        pixels[j] = (float) ((j * 7919) % 1009) / 400.0f - 1.2f;
      a = encode (expected, pixels, rows, columns, isa, team);
      b = encode (model, pixels, rows, columns, isa, team);
      size = dino_features_n_tokens (a) * (gsize) dino_model_config (expected)->hidden_size * sizeof (float);
      g_assert_cmpuint (dino_features_n_tokens (a), ==, dino_features_n_tokens (b));
      g_assert_cmpmem (dino_features_last_hidden_state (a), size, dino_features_last_hidden_state (b), size);
      dino_features_unref (a);
      dino_features_unref (b);
    }
  dino_team_free (team);
}

static void
test_layouts (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (checkpoints); i++)
    {
      g_autofree char   *source = golden (checkpoints[i].name);
      struct dino_model *expected = load_model (source);

      for (gsize j = 0; j < G_N_ELEMENTS (layouts); j++)
        {
          g_autoptr (GPtrArray) tensors = NULL;
          g_autofree char      *folder = rewrite (i, layouts[j].kind, layouts[j].prefix, &tensors);
          struct dino_model    *model;

          g_test_message ("%s, layout %zu", checkpoints[i].name, j);
          for (gsize k = 0; layouts[j].extra[k] != NULL; k++)
            edit_add (tensors, layouts[j].extra[k], "F32", "[0]", NULL, 0);
          write_weights (tensors, folder);
          model = load_model (folder);
          assert_same_features (expected, model);
          dino_model_unref (model);
          remove_folder (folder);
        }
      dino_model_unref (expected);
    }
}

/* The demonstration encoder with registers and SwiGLU, so that its 64 channels
 * a head let the dimensions be told from a file alone. */
static GPtrArray *
make_large (void)
{
  g_autofree char  *path = g_build_filename (g_getenv ("DINOSCOPE_DATADIR"), "models", "demo", "model.safetensors", NULL);
  GPtrArray        *tensors = edit_read (path);
  g_autofree float *registers = g_new (float, 2 * 192);
  int               block = 0;

  for (int i = 0; i < 2 * 192; i++)
    registers[i] = (float) (i % 13) / 13.0f - 0.4f;
  edit_order (registers, 2 * 192);
  edit_add (tensors, "embeddings.register_tokens", "F32", "[1,2,192]", registers, 2 * 192 * sizeof *registers);
  for (;; block++)
    {
      g_autofree char *in = g_strdup_printf ("encoder.layer.%d.mlp.fc1.weight", block);
      g_autofree char *out = g_strdup_printf ("encoder.layer.%d.mlp.fc2.weight", block);

      if (!layout_has (tensors, in))
        break;
      /* [768,192] in becomes both halves of 384, and [192,768] out loses half. */
      edit_resize (tensors, out, g_bytes_get_size (edit_find (tensors, out)->data) / 2);
      edit_relabel (tensors, out, edit_find (tensors, out)->dtype, "[192,384]");
    }
  layout_replace (tensors, (const char *const[][2]){ { "mlp.fc1", "mlp.weights_in" }, { "mlp.fc2", "mlp.weights_out" } }, 2);
  return tensors;
}

static int
count_blocks (GPtrArray *tensors)
{
  int n = 0;

  for (guint i = 0; i < tensors->len; i++)
    n += g_str_has_suffix (((struct edit_tensor *) tensors->pdata[i])->name, ".norm1.bias");
  return n;
}

static void
to_f32 (GPtrArray *tensors, const char *path)
{
  struct dino_safetensors *file = dino_safetensors_open (path, NULL);

  g_assert_nonnull (file);
  for (guint i = 0; i < tensors->len; i++)
    {
      struct edit_tensor       *tensor = tensors->pdata[i];
      const struct dino_tensor *stored = dino_safetensors_find (file, tensor->name);
      float                    *values = g_new (float, stored->n_elements);

      g_assert_true (dino_safetensors_read (file, stored, 0, stored->n_elements, values, NULL));
      edit_order (values, stored->n_elements);
      g_bytes_unref (tensor->data);
      tensor->data = g_bytes_new_take (values, stored->n_elements * sizeof *values);
      edit_relabel (tensors, tensor->name, "F32", tensor->shape);
    }
  dino_safetensors_free (file);
}

/* One file without a configuration, in each naming. */
static void
test_file_alone (void)
{
  static const char     text[] = "{\"model_type\":\"dinov2_with_registers\",\"hidden_size\":192,\"num_attention_heads\":3,\"num_hidden_layers\":%d,"
                                 "\"patch_size\":14,\"image_size\":%d,\"num_register_tokens\":2,\"use_swiglu_ffn\":true,\"mlp_ratio\":3}";
  g_autofree char      *demo = g_build_filename (g_getenv ("DINOSCOPE_DATADIR"), "models", "demo", NULL);
  g_autofree char      *folder = copy_configuration (demo);
  g_autofree char      *weights = g_build_filename (folder, "model.safetensors", NULL);
  g_autofree char      *alone = g_build_filename (folder, "alone.safetensors", NULL);
  g_autofree char      *config = g_build_filename (folder, "config.json", NULL);
  g_autoptr (GPtrArray) tensors = make_large ();
  int                   n_blocks = count_blocks (tensors), rows = table_rows (demo), side = 1;
  g_autofree char      *config_text = NULL;
  struct dino_model    *expected, *model;

  while (1 + side * side < rows)
    side++;
  config_text = g_strdup_printf (text, n_blocks, 14 * side);
  edit_write (tensors, weights);
  write_bytes (config, config_text, strlen (config_text));
  expected = load_model (folder);
  g_assert_true (dino_model_config (expected)->swiglu);

  to_f32 (tensors, weights);
  for (int step = 0; step < 3; step++)
    {
      if (step == 1)
        layout_original (tensors, 192, n_blocks);
      if (step == 2)
        layout_timm (tensors, 192, rows);
      edit_write (tensors, alone);
      model = load_model (alone);
      g_assert_cmpint (dino_model_config (model)->n_registers, ==, 2);
      g_assert_cmpint (dino_model_config (model)->mlp_size, ==, 384);
      g_assert_cmpint (dino_model_config (model)->image_size, ==, 14 * side);
      assert_same_features (expected, model);
      dino_model_unref (model);
    }
  dino_model_unref (expected);
  remove_folder (folder);
}

static void
assert_refused (const char *folder, const char *first, const char *second)
{
  struct dino_error error = { 0 };

  g_assert_null (dino_model_load (folder, NULL, NULL, &error));
  g_test_message ("%s", error.message);
  g_assert_cmpint (error.code, ==, DINO_CODE_MODEL);
  assert_message (&error, first);
  if (second != NULL)
    assert_message (&error, second);
}

/* Student and teacher in one file: neither is preferred. */
static void
test_several_encoders (void)
{
  g_autoptr (GPtrArray) tensors = NULL, others = NULL;
  g_autofree char      *folder = rewrite (0, KIND_ORIGINAL, "student.backbone.", &tensors);
  g_autofree char      *other = rewrite (0, KIND_CHUNKED, "teacher.backbone.", &others);

  g_ptr_array_set_free_func (others, NULL);
  g_ptr_array_extend_and_steal (tensors, g_steal_pointer (&others));
  write_weights (tensors, folder);
  assert_refused (folder, "holds several encoders", "“student.backbone.”, “teacher.backbone.”");
  remove_folder (other);
  remove_folder (folder);
}

/* What is wrong behind a prefix is named with it, and what is outside, too. */
static void
test_prefix_mismatches (void)
{
  g_autoptr (GPtrArray) tensors = NULL;
  g_autofree char      *folder = rewrite (1, KIND_ORIGINAL, "teacher.backbone.", &tensors);

  for (int i = 0; i < 5; i++)
    {
      g_autofree char *name = g_strdup_printf ("teacher.backbone.blocks.%d.ls1.gamma", i);

      edit_remove (tensors, name);
    }
  edit_rename (tensors, "teacher.backbone.norm.bias", "norm.bias");
  edit_add (tensors, "dino_head.mlp.0.weight", "F32", "[0]", NULL, 0);
  edit_add (tensors, "teacher.backbone.fc_norm.weight", "F32", "[0]", NULL, 0);
  write_weights (tensors, folder);
  assert_refused (folder, "missing: teacher.backbone.norm.bias\nmissing: teacher.backbone.blocks.{0…4}.ls1.gamma\n", "not part of the model: dino_head.mlp.0.weight\nnot part of the model: norm.bias\nnot part of the model: teacher.backbone.fc_norm.weight");
  remove_folder (folder);
}

/* A chunk that counts its blocks from 0 again could be any of several. */
static void
test_chunks_that_restart (void)
{
  g_autoptr (GPtrArray) tensors = NULL;
  g_autofree char      *folder = rewrite (1, KIND_ORIGINAL, "", &tensors);

  for (guint i = 0; i < tensors->len; i++)
    {
      struct edit_tensor *tensor = tensors->pdata[i];
      g_autofree char    *name = tensor->name;
      int                 block = atoi (name + strlen ("blocks."));

      tensor->name = g_str_has_prefix (name, "blocks.") ? g_strdup_printf ("blocks.%d.%d%s", block / 2, block % 2, strchr (name + strlen ("blocks."), '.')) : g_strdup (name);
    }
  write_weights (tensors, folder);
  assert_refused (folder, "missing: blocks.{2…4}.norm1.weight", "there twice: blocks.1.{0,1}.norm1.weight");
  remove_folder (folder);
}

/* timm's files that contradict the configuration. */
static void
test_timm_mismatches (void)
{
  g_autoptr (GPtrArray) registers = NULL, packed = NULL, plain = NULL;
  g_autofree char      *with_registers = rewrite (3, KIND_TIMM, "", &registers);
  g_autofree char      *with_packed = rewrite (2, KIND_TIMM, "", &packed);
  g_autofree char      *with_mlp = rewrite (0, KIND_TIMM, "", &plain);

  /* A row for CLS that was added to the token already. */
  edit_remove (registers, "pos_embed");
  edit_add (registers, "pos_embed", "F32", "[0,17,32]", NULL, 0);
  write_weights (registers, with_registers);
  assert_refused (with_registers, "wrong shape: pos_embed ([0, 17, 32] instead of [1, 16, 32])", NULL);

  write_weights (packed, with_mlp);
  assert_refused (with_mlp, "wrong shape: blocks.{0,1}.mlp.fc1.weight", "instead of [128, 32]");
  write_weights (plain, with_packed);
  assert_refused (with_packed, "missing: blocks.{0,1}.mlp.w12.weight", "not part of the model: blocks.{0,1}.mlp.fc1.weight");
  remove_folder (with_registers);
  remove_folder (with_packed);
  remove_folder (with_mlp);
}

/* DINOv2 as published: channels, blocks, SwiGLU, and how many parameters. */
static const struct
{
  int      width, n_blocks;
  gboolean swiglu;
  guint64  n_parameters;
} published[] = {
  { 384, 12, FALSE, 22056576 },
  { 768, 12, FALSE, 86580480 },
  { 1024, 24, FALSE, 304368640 },
  { 1536, 40, TRUE, 1136480768 },
};

/* The header of a file of that model; its data are a hole. Returns the number
 * of elements. */
static guint64
write_hollow (const char *path, const struct dino_config *config)
{
  g_autoptr (GString) header = g_string_new ("{");
  uint64_t            offset = 0, shape[DINO_MAX_RANK];
  guint64             length;

  for (size_t i = 0; i < dino_n_fields; i++)
    for (int block = 0; dino_field_stored (&dino_fields[i], config) && block < (dino_fields[i].in_block ? config->n_blocks : 1); block++)
      for (int part = 0; part < dino_field_n_parts (&dino_fields[i], DINO_NAMING_HF); part++)
        {
          int              rank = dino_field_part_shape (&dino_fields[i], DINO_NAMING_HF, config, shape);
          uint64_t         n = 1;
          g_autofree char *head = dino_fields[i].in_block ? g_strdup_printf ("encoder.layer.%d.", block) : g_strdup ("");

          g_string_append_printf (header, "%s\"%s%s\":{\"dtype\":\"F32\",\"shape\":[", header->len > 1 ? "," : "", head, dino_fields[i].names[DINO_NAMING_HF][part]);
          for (int j = 0; j < rank; j++)
            {
              g_string_append_printf (header, "%s%" G_GUINT64_FORMAT, j > 0 ? "," : "", shape[j]);
              n *= shape[j];
            }
          g_string_append_printf (header, "],\"data_offsets\":[%" G_GUINT64_FORMAT ",%" G_GUINT64_FORMAT "]}", offset, offset + 4 * n);
          offset += 4 * n;
        }
  g_string_append_c (header, '}');
  length = GUINT64_TO_LE (header->len);
  g_string_prepend_len (header, (const char *) &length, sizeof length);
  write_bytes (path, header->str, header->len);
  g_assert_cmpint (truncate (path, (off_t) (header->len + offset)), ==, 0);
  return offset / 4;
}

/* The table of weights makes the published numbers of parameters (those count
 * the mask token), and their dimensions are told from a bare file. */
static void
test_published_sizes (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (published); i++)
    {
      g_autofree char        *folder = scratch_folder ();
      g_autofree char        *config_path = g_build_filename (folder, "config.json", NULL);
      g_autofree char        *path = g_build_filename (folder, "model.safetensors", NULL);
      g_autofree char        *text = g_strdup_printf ("{\"model_type\":\"dinov2\",\"hidden_size\":%d,\"num_hidden_layers\":%d,\"num_attention_heads\":%d,\"image_size\":518,\"use_swiglu_ffn\":%s}",
                                                      published[i].width, published[i].n_blocks, published[i].width / 64, published[i].swiglu ? "true" : "false");
      struct dino_config      config, inferred;
      struct dino_error       error = { 0 };
      struct dino_checkpoint *checkpoint;
      struct dino_source     *sources;
      size_t                  n;

      write_bytes (config_path, text, strlen (text));
      g_assert_true (dino_config_read (config_path, &config, &error));
      g_assert_cmpuint (write_hollow (path, &config) + (guint64) config.hidden_size, ==, published[i].n_parameters);
      checkpoint = dino_checkpoint_open (folder, &error);
      assert_no_error (&error);
      g_assert_true (dino_checkpoint_infer (checkpoint, &inferred, &error));
      assert_same_config (&inferred, &config);
      sources = dino_checkpoint_match (checkpoint, &config, &n, &error);
      assert_no_error (&error);
      dino_free (sources);
      dino_checkpoint_free (checkpoint);
      remove_folder (folder);
    }
}

/* Words of no encoder, and a prefix that is longer than any. */
static void
test_not_told (void)
{
  g_autoptr (GPtrArray) tensors = NULL;
  g_autofree char      *folder = rewrite (0, KIND_HF, "a.prefix.that.goes.on.and.on.and.on.and.on.and.on.and.on.and.on.and.on.", &tensors);

  write_weights (tensors, folder);
  assert_refused (folder, "holds no DINOv2 encoder", NULL);
  remove_folder (folder);
}

int
main (int argc, char **argv)
{
  setlocale (LC_ALL, "");
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/model/layouts/same-features", test_layouts);
  g_test_add_func ("/model/layouts/file-alone", test_file_alone);
  g_test_add_func ("/model/layouts/several-encoders", test_several_encoders);
  g_test_add_func ("/model/layouts/prefix-mismatches", test_prefix_mismatches);
  g_test_add_func ("/model/layouts/chunks-that-restart", test_chunks_that_restart);
  g_test_add_func ("/model/layouts/timm-mismatches", test_timm_mismatches);
  g_test_add_func ("/model/layouts/published-sizes", test_published_sizes);
  g_test_add_func ("/model/layouts/not-told", test_not_told);
  return g_test_run ();
}
