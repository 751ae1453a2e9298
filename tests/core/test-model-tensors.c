/* Checkpoints with tensors that are missing, wrong or extra: one error lists them all. */
#include <locale.h>

#include "core/model/complaints.h"
#include "core/model/model.h"
#include "checkpoint-edit.h"
#include "support.h"

/* A copy of tiny-deep-1 (5 blocks of 48 channels) to spoil. */
struct fixture
{
  char      *folder;
  char      *path;
  GPtrArray *tensors;
};

static void
set_up (struct fixture *fixture, gconstpointer data)
{
  g_autofree char *source = test_data ("golden/checkpoint/tiny-deep-1");
  g_autofree char *file = g_build_filename (source, "model.safetensors", NULL);

  fixture->folder = copy_configuration (source);
  fixture->path = g_build_filename (fixture->folder, "model.safetensors", NULL);
  fixture->tensors = edit_read (file);
}

static void
tear_down (struct fixture *fixture, gconstpointer data)
{
  remove_folder (fixture->folder);
  g_free (fixture->folder);
  g_free (fixture->path);
  g_ptr_array_unref (fixture->tensors);
}

/* The lines of the error that path gives, less the first. */
static void
assert_lines (const char *path, const char *about, const char *lines)
{
  g_autofree char  *first = g_strdup_printf ("The tensors of “%s” do not fit the model:\n", about);
  struct dino_error error = { 0 };

  if (dino_model_load (path, NULL, NULL, &error) != NULL)
    g_error ("%s was accepted", path);
  g_assert_cmpint (error.code, ==, DINO_CODE_MODEL);
  g_assert_true (g_str_has_prefix (error.message, first));
  g_assert_cmpstr (error.message + strlen (first), ==, lines);
}

static void
assert_refused (const char *path, enum dino_code code, const char *reason)
{
  struct dino_error error = { 0 };

  if (dino_model_load (path, NULL, NULL, &error) != NULL)
    g_error ("%s was accepted", path);
  g_test_message ("%s", error.message);
  g_assert_cmpint (error.code, ==, code);
  assert_message (&error, reason);
}

static void
assert_accepted (const char *path)
{
  struct dino_error  error = { 0 };
  struct dino_model *model = dino_model_load (path, NULL, NULL, &error);

  if (model == NULL)
    g_error ("%s", error.message);
  dino_model_unref (model);
}

static void
test_everything_wrong (struct fixture *fixture, gconstpointer data)
{
  edit_remove (fixture->tensors, "embeddings.cls_token");
  edit_remove (fixture->tensors, "encoder.layer.0.norm1.weight");
  edit_remove (fixture->tensors, "encoder.layer.1.norm1.weight");
  edit_remove (fixture->tensors, "encoder.layer.3.norm1.weight");
  edit_remove (fixture->tensors, "encoder.layer.2.attention.attention.key.bias");
  edit_relabel (fixture->tensors, "layernorm.bias", "I32", "[48]");
  edit_relabel (fixture->tensors, "encoder.layer.4.mlp.fc1.weight", "F32", "[48,192]");
  edit_relabel (fixture->tensors, "embeddings.patch_embeddings.projection.weight", "F32", "[48,588]");
  edit_relabel (fixture->tensors, "layernorm.weight", "F32", "[1,2,3,4,2,1]");
  edit_relabel (fixture->tensors, "encoder.layer.0.norm1.bias", "F32", "[]");
  edit_resize (fixture->tensors, "encoder.layer.0.norm1.bias", 4);
  edit_add (fixture->tensors, "encoder.layer.5.norm1.weight", "F32", "[0]", NULL, 0);
  edit_add (fixture->tensors, "encoder.layer.6.norm1.weight", "F32", "[0]", NULL, 0);
  edit_add (fixture->tensors, "encoder.layer.0.mlp.weights_in.bias", "F32", "[0]", NULL, 0);
  edit_add (fixture->tensors, "head.weight", "F32", "[0]", NULL, 0);
  edit_write (fixture->tensors, fixture->path);
  assert_lines (fixture->folder, fixture->path,
                "missing: embeddings.cls_token\n"
                "missing: encoder.layer.2.attention.attention.key.bias\n"
                "missing: encoder.layer.{0,1,3}.norm1.weight\n"
                "wrong shape: embeddings.patch_embeddings.projection.weight ([48, 588] instead of [48, 3, 14, 14])\n"
                "wrong shape: layernorm.weight ([1, 2, 3, 4, …] instead of [48])\n"
                "wrong shape: encoder.layer.4.mlp.fc1.weight ([48, 192] instead of [192, 48])\n"
                "wrong shape: encoder.layer.0.norm1.bias ([] instead of [48])\n"
                "wrong type: layernorm.bias (I32 instead of F32, F16 or BF16)\n"
                "not part of the model: head.weight\n"
                "not part of the model: encoder.layer.0.mlp.weights_in.bias\n"
                "not part of the model: encoder.layer.{5,6}.norm1.weight");
}

/* The same complaint about all blocks is one line. */
static void
test_folded (struct fixture *fixture, gconstpointer data)
{
  for (int i = 0; i < 5; i++)
    {
      g_autofree char *name = g_strdup_printf ("encoder.layer.%d.layer_scale2.lambda1", i);

      edit_remove (fixture->tensors, name);
    }
  edit_write (fixture->tensors, fixture->path);
  assert_lines (fixture->folder, fixture->path, "missing: encoder.layer.{0…4}.layer_scale2.lambda1");
}

/* A configuration of another model: every shape at once. */
static void
test_other_width (struct fixture *fixture, gconstpointer data)
{
  g_autofree char  *config = g_build_filename (fixture->folder, "config.json", NULL);
  static const char text[] = "{\"model_type\":\"dinov2\",\"hidden_size\":64,\"num_hidden_layers\":5,\"num_attention_heads\":4,\"image_size\":70}";
  struct dino_error error = { 0 };

  edit_write (fixture->tensors, fixture->path);
  write_bytes (config, text, strlen (text));
  g_assert_null (dino_model_load (fixture->folder, NULL, NULL, &error));
  assert_message (&error, "wrong shape: embeddings.position_embeddings ([1, 26, 48] instead of [1, 26, 64])");
  assert_message (&error, "wrong shape: encoder.layer.{0…4}.mlp.fc2.weight ([48, 192] instead of [64, 256])");
  assert_message (&error, "wrong shape: encoder.layer.{0…4}.attention.attention.query.bias ([48] instead of [64])");
}

/* The largest model that a configuration may describe is refused for its
 * tensors before memory for it is asked. */
static void
test_other_size (struct fixture *fixture, gconstpointer data)
{
  g_autofree char  *config = g_build_filename (fixture->folder, "config.json", NULL);
  static const char text[] = "{\"model_type\":\"dinov2\",\"hidden_size\":16384,\"num_hidden_layers\":256,\"num_attention_heads\":4,\"mlp_ratio\":16}";

  edit_write (fixture->tensors, fixture->path);
  write_bytes (config, text, strlen (text));
  assert_refused (fixture->folder, DINO_CODE_MODEL, "missing: encoder.layer.{5…255}.norm1.weight");
}

/* A classifier on top: a prefix everywhere, and tensors of no use. */
static void
test_classifier (struct fixture *fixture, gconstpointer data)
{
  for (guint i = 0; i < fixture->tensors->len; i++)
    {
      struct edit_tensor *tensor = fixture->tensors->pdata[i];
      g_autofree char    *name = tensor->name;

      tensor->name = g_strconcat ("dinov2.", name, NULL);
    }
  edit_add (fixture->tensors, "classifier.weight", "I64", "[0,96]", NULL, 0);
  edit_add (fixture->tensors, "classifier.bias", "F32", "[0]", NULL, 0);
  edit_write (fixture->tensors, fixture->path);
  assert_accepted (fixture->folder);

  edit_remove (fixture->tensors, "dinov2.layernorm.bias");
  edit_remove (fixture->tensors, "dinov2.encoder.layer.1.norm2.bias");
  edit_add (fixture->tensors, "embeddings.cls_token", "F32", "[0]", NULL, 0);
  edit_write (fixture->tensors, fixture->path);
  assert_lines (fixture->folder, fixture->path,
                "missing: dinov2.layernorm.bias\n"
                "missing: dinov2.encoder.layer.1.norm2.bias\n"
                "not part of the model: embeddings.cls_token");
}

static void
test_without_mask_token (struct fixture *fixture, gconstpointer data)
{
  edit_remove (fixture->tensors, "embeddings.mask_token");
  edit_add (fixture->tensors, "embeddings.register_tokens", "F32", "[1,0,48]", NULL, 0);
  edit_write (fixture->tensors, fixture->path);
  assert_accepted (fixture->folder);
}

/* The original code's names, in chunks, with a number that is there twice. */
static void
test_original (struct fixture *fixture, gconstpointer data)
{
  static const char *const options[] = { "--naming", "original", NULL };
  g_autofree char         *folder = make_checkpoint ("tiny", options);
  g_autofree char         *path = g_build_filename (folder, "model.safetensors", NULL);
  g_autoptr (GPtrArray)    tensors = edit_read (path);

  for (guint i = 0; i < tensors->len; i++)
    {
      struct edit_tensor *tensor = tensors->pdata[i];
      g_autofree char    *name = tensor->name;

      tensor->name = g_str_has_prefix (name, "blocks.") ? g_strconcat ("blocks.", name[7] == '0' ? "0." : "1.", name + 7, NULL) : g_strdup (name);
    }
  edit_write (tensors, path);
  assert_accepted (folder);

  edit_add (tensors, "blocks.1.0.norm1.weight", "F32", "[0]", NULL, 0);
  edit_relabel (tensors, "blocks.1.1.attn.qkv.weight", "F32", "[32,96]");
  edit_remove (tensors, "blocks.0.0.ls1.gamma");
  edit_rename (tensors, "pos_embed", "position");
  edit_write (tensors, path);
  assert_lines (folder, path,
                "missing: pos_embed\n"
                "missing: blocks.0.ls1.gamma\n"
                "wrong shape: blocks.1.1.attn.qkv.weight ([32, 96] instead of [96, 32])\n"
                "not part of the model: position\n"
                "there twice: blocks.1.0.norm1.weight");
  remove_folder (folder);
}

static void
test_other_names (struct fixture *fixture, gconstpointer data)
{
  g_ptr_array_set_size (fixture->tensors, 0);
  edit_write (fixture->tensors, fixture->path);
  assert_refused (fixture->folder, DINO_CODE_MODEL, "holds no DINOv2 encoder");
  edit_add (fixture->tensors, "vision_model.embeddings.class_embedding", "F32", "[0]", NULL, 0);
  edit_write (fixture->tensors, fixture->path);
  assert_refused (fixture->folder, DINO_CODE_MODEL, "holds no DINOv2 encoder");
}

/* Numbers of blocks that are none. */
static void
test_block_numbers (struct fixture *fixture, gconstpointer data)
{
  static const char *const names[] = { "encoder.layer.00.norm1.weight", "encoder.layer.99999999999.norm1.weight", "encoder.layer.-1.norm1.weight", "encoder.layer..norm1.weight", "encoder.layer.1" };

  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    edit_add (fixture->tensors, names[i], "F32", "[0]", NULL, 0);
  edit_write (fixture->tensors, fixture->path);
  assert_lines (fixture->folder, fixture->path,
                "not part of the model: encoder.layer.-1.norm1.weight\n"
                "not part of the model: encoder.layer..norm1.weight\n"
                "not part of the model: encoder.layer.00.norm1.weight\n"
                "not part of the model: encoder.layer.1\n"
                "not part of the model: encoder.layer.99999999999.norm1.weight");
}

/* More than a message holds. */
static void
test_many (struct fixture *fixture, gconstpointer data)
{
  struct dino_error error = { 0 };
  const char       *end;
  gsize             n_lines = 0;

  for (int i = 0; i < 20000; i++)
    {
      g_autofree char *name = g_strdup_printf ("extra.é.%05d", i);

      edit_add (fixture->tensors, name, "F32", "[0]", NULL, 0);
    }
  edit_write (fixture->tensors, fixture->path);
  g_assert_null (dino_model_load (fixture->folder, NULL, NULL, &error));
  g_assert_true (g_utf8_validate (error.message, -1, NULL));
  for (const char *line = error.message; (line = strstr (line, "not part of the model: extra.é.")) != NULL; line++)
    n_lines++;
  g_assert_cmpuint (n_lines, >, 200);
  end = strrchr (error.message, '\n');
  g_assert_cmpuint (g_ascii_strtoull (end + strlen ("\n… and "), NULL, 10), ==, 20000 - n_lines);
  g_assert_true (g_str_has_suffix (end, " more"));
}

/* Shards and their index. */
static void
write_index (struct fixture *fixture, const char *text)
{
  g_autofree char *index = g_build_filename (fixture->folder, "model.safetensors.index.json", NULL);

  write_bytes (index, text, strlen (text));
}

static void
test_index_refused (struct fixture *fixture, gconstpointer data)
{
  static const struct
  {
    const char    *text;
    enum dino_code code;
    const char    *reason;
  } cases[] = {
    { "{", DINO_CODE_FORMAT, "JSON is not valid" },
    { "{}", DINO_CODE_FORMAT, "has no weight_map" },
    { "{\"weight_map\":[]}", DINO_CODE_FORMAT, "has no weight_map" },
    { "{\"weight_map\":{}}", DINO_CODE_FORMAT, "names no tensors" },
    { "{\"weight_map\":{\"a\":1}}", DINO_CODE_FORMAT, "something else than file names" },
    { "{\"weight_map\":{\"a\":\"x.safetensors\",\"a\":\"y.safetensors\"}}", DINO_CODE_FORMAT, "duplicate object key" },
    { "{\"weight_map\":{\"a\":\"../x.safetensors\"}}", DINO_CODE_FORMAT, "“../x.safetensors” is not the plain name" },
    { "{\"weight_map\":{\"a\":\"/etc/x.safetensors\"}}", DINO_CODE_FORMAT, "is not the plain name" },
    { "{\"weight_map\":{\"a\":\"sub/x.safetensors\"}}", DINO_CODE_FORMAT, "is not the plain name" },
    { "{\"weight_map\":{\"a\":\"\"}}", DINO_CODE_FORMAT, "is not the plain name" },
    { "{\"weight_map\":{\"a\":\"..\"}}", DINO_CODE_FORMAT, "is not the plain name" },
    { "{\"weight_map\":{\"a\":\".safetensors\"}}", DINO_CODE_FORMAT, "is not the plain name" },
    { "{\"weight_map\":{\"a\":\"config.json\"}}", DINO_CODE_FORMAT, "is not the plain name" },
    { "{\"weight_map\":{\"a\":\"missing.safetensors\"}}", DINO_CODE_IO, "missing.safetensors” cannot be opened" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      write_index (fixture, cases[i].text);
      assert_refused (fixture->folder, cases[i].code, cases[i].reason);
    }
}

static void
test_index_many_files (struct fixture *fixture, gconstpointer data)
{
  g_autoptr (GString) text = g_string_new ("{\"weight_map\":{");

  for (int i = 0; i < 513; i++)
    g_string_append_printf (text, "%s\"%d\":\"%d.safetensors\"", i > 0 ? "," : "", i, i);
  g_string_append (text, "}}");
  write_index (fixture, text->str);
  assert_refused (fixture->folder, DINO_CODE_LIMIT, "more than 512 files");
}

/* Every tensor in "a", but the last in "b"; the index may say otherwise. */
static void
test_index_wrong (struct fixture *fixture, gconstpointer data)
{
  g_autofree char      *index = g_build_filename (fixture->folder, "model.safetensors.index.json", NULL);
  g_autofree char      *a = g_build_filename (fixture->folder, "a.safetensors", NULL);
  g_autofree char      *b = g_build_filename (fixture->folder, "b.safetensors", NULL);
  g_autoptr (GPtrArray) last = g_ptr_array_new_with_free_func (edit_tensor_free);
  g_autoptr (GString)   map = g_string_new (NULL);
  g_autofree char      *right = NULL, *promised = NULL, *swapped = NULL;

  for (guint i = 0; i < fixture->tensors->len - 1; i++)
    g_string_append_printf (map, "\"%s\":\"a.safetensors\",", ((struct edit_tensor *) fixture->tensors->pdata[i])->name);
  g_ptr_array_add (last, g_ptr_array_steal_index (fixture->tensors, fixture->tensors->len - 1));
  g_assert_cmpstr (((struct edit_tensor *) last->pdata[0])->name, ==, "layernorm.weight");
  edit_write (fixture->tensors, a);
  edit_write (last, b);

  right = g_strdup_printf ("{\"weight_map\":{%s\"layernorm.weight\":\"b.safetensors\"}}", map->str);
  write_index (fixture, right);
  assert_accepted (fixture->folder);

  promised = g_strdup_printf ("{\"weight_map\":{%s\"layernorm.weight\":\"b.safetensors\",\"layernorm.more\":\"b.safetensors\"}}", map->str);
  write_index (fixture, promised);
  assert_lines (fixture->folder, index, "not in the file that the index names: layernorm.more");

  swapped = g_strdup_printf ("{\"weight_map\":{%s\"layernorm.weight\":\"a.safetensors\",\"x\":\"b.safetensors\"}}", map->str);
  write_index (fixture, swapped);
  assert_lines (fixture->folder, index,
                "not in the file that the index names: layernorm.weight\n"
                "not in the file that the index names: x\n"
                "not where the index says: layernorm.weight");

  edit_add (last, "layernorm.bias", "F32", "[0]", NULL, 0);
  edit_write (last, b);
  write_index (fixture, right);
  assert_lines (fixture->folder, index, "not where the index says: layernorm.bias");

  write_bytes (b, "", 0);
  assert_refused (fixture->folder, DINO_CODE_FORMAT, "b.safetensors” is empty");
}

/* The list by itself: order, ranges, long names. */
static void
test_list (void)
{
  static const int       blocks[] = { 7, 0, 3, 1, 9, 2, 12 };
  g_autofree char       *name = g_strnfill (500, 'n');
  struct dino_complaints list = { 0 };
  struct dino_error      error = { 0 };

  g_assert_true (dino_complaints_report (&list, "f", &error));
  for (gsize i = 0; i < G_N_ELEMENTS (blocks); i++)
    g_assert_true (dino_complaints_add (&list, DINO_COMPLAINT_SHAPE, "blocks.7", 7, blocks[i], "x", "y", &error));
  g_assert_true (dino_complaints_add (&list, DINO_COMPLAINT_SHAPE, "blocks.", 7, 8, "x", "z", &error));
  g_assert_true (dino_complaints_add (&list, DINO_COMPLAINT_MISSING, "", 0, -1, name, "", &error));
  g_assert_false (dino_complaints_report (&list, "f", &error));
  name[100] = '\0';
  g_assert_true (g_str_has_prefix (error.message, "The tensors of “f” do not fit the model:\nmissing: n"));
  g_assert_true (g_str_has_suffix (error.message,
                                   "nnn…\n"
                                   "wrong shape: blocks.{0…3,7,9,12}.x (y)\n"
                                   "wrong shape: blocks.8.x (z)"));
  dino_complaints_clear (&list);
}

#define ADD(path, function) g_test_add (path, struct fixture, NULL, set_up, function, tear_down)

int
main (int argc, char **argv)
{
  setlocale (LC_ALL, "");
  g_test_init (&argc, &argv, NULL);
  ADD ("/model/tensors/everything-wrong", test_everything_wrong);
  ADD ("/model/tensors/folded", test_folded);
  ADD ("/model/tensors/other-width", test_other_width);
  ADD ("/model/tensors/other-size", test_other_size);
  ADD ("/model/tensors/classifier", test_classifier);
  ADD ("/model/tensors/without-mask-token", test_without_mask_token);
  ADD ("/model/tensors/original", test_original);
  ADD ("/model/tensors/other-names", test_other_names);
  ADD ("/model/tensors/block-numbers", test_block_numbers);
  ADD ("/model/tensors/many", test_many);
  ADD ("/model/tensors/index-refused", test_index_refused);
  ADD ("/model/tensors/index-many-files", test_index_many_files);
  ADD ("/model/tensors/index-wrong", test_index_wrong);
  g_test_add_func ("/model/tensors/list", test_list);
  return g_test_run ();
}
