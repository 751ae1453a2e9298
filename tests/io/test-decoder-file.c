/* Decoders of patch tokens from files: what is written is read again, and
 * every reason to refuse one. */
#include <math.h>

#include "core/base/memory.h"
#include "io/decoder-file.h"

#include "tensor-file.h"

struct fixture
{
  char *folder, *path;
};

static void
set_up (struct fixture *fixture, gconstpointer data)
{
  fixture->folder = make_folder ();
  fixture->path = g_build_filename (fixture->folder, "decoder.safetensors", NULL);
}

static void
tear_down (struct fixture *fixture, gconstpointer data)
{
  remove_folder (fixture->folder);
  g_free (fixture->folder);
  g_free (fixture->path);
}

/* Two classes of three numbers: 8 numbers in all. */
#define PLAIN TENSOR ("weight", "2,3", "0", "24") "," TENSOR ("bias", "2", "24", "32")
/* Two classes, one hidden unit, three numbers: 8 numbers in all. */
#define HIDDEN TENSOR ("weight", "2,1", "0", "8") "," TENSOR ("bias", "2", "8", "16") "," TENSOR ("hidden.weight", "1,3", "16", "28") "," TENSOR ("hidden.bias", "1", "28", "32")
#define PATCHES "\"features\":\"patches\""
#define SHA256 "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

static struct dino_decoder_head *
read_decoder (const char *path)
{
  struct dino_error         error = { 0 };
  struct dino_decoder_head *head = dino_decoder_head_read (path, &error);

  assert_no_error (&error);
  g_assert_nonnull (head);
  return head;
}

static void
test_read (struct fixture *fixture, gconstpointer data)
{
  struct dino_decoder_head *head;

  put_tensors (fixture->path, PATCHES, PLAIN, 8);
  head = read_decoder (fixture->path);
  g_assert_cmpuint (head->decoder->n_classes, ==, 2);
  g_assert_cmpuint (head->decoder->n_features, ==, 3);
  g_assert_cmpuint (head->decoder->n_hidden, ==, 0);
  for (int i = 0; i < 6; i++)
    g_assert_cmpfloat (head->decoder->weight[i], ==, i + 1);
  g_assert_cmpfloat (head->decoder->bias[0], ==, 7);
  g_assert_cmpfloat (head->decoder->bias[1], ==, 8);
  g_assert_cmpuint (head->n_blocks, ==, 0);
  g_assert_cmpstr (head->model_sha256, ==, "");
  g_assert_null (head->preparation);
  /* Classes without names are called as their values. */
  g_assert_cmpint (head->classes.n, ==, 2);
  g_assert_cmpstr (head->classes.list[0].name, ==, "0");
  g_assert_cmpstr (head->classes.list[1].name, ==, "1");
  g_assert_cmpint (head->classes.list[1].value, ==, 1);
  dino_decoder_head_free (head);

  put_tensors (fixture->path, PATCHES ",\"activation\":\"relu\",\"block\":\"11\",\"classes\":\"[\\\"b\\\",\\\"lung ü\\\"]\",\"values\":\"[0,255]\",\"preparation\":\"{}\",\"model_sha256\":\"" SHA256 "\"", HIDDEN, 8);
  head = read_decoder (fixture->path);
  g_assert_cmpuint (head->decoder->n_features, ==, 3);
  g_assert_cmpuint (head->decoder->n_hidden, ==, 1);
  g_assert_cmpfloat (head->decoder->weight[1], ==, 2);
  g_assert_cmpfloat (head->decoder->bias[1], ==, 4);
  g_assert_cmpfloat (head->decoder->hidden_weight[2], ==, 7);
  g_assert_cmpfloat (head->decoder->hidden_bias[0], ==, 8);
  g_assert_cmpuint (head->n_blocks, ==, 1);
  g_assert_cmpint (head->blocks[0], ==, 11);
  g_assert_cmpstr (head->classes.list[0].name, ==, "b");
  g_assert_cmpstr (head->classes.list[1].name, ==, "lung ü");
  g_assert_cmpint (head->classes.list[1].value, ==, 255);
  g_assert_cmpstr (head->preparation, ==, "{}");
  g_assert_cmpstr (head->model_sha256, ==, SHA256);
  dino_decoder_head_free (head);

  put_tensors (fixture->path, PATCHES ",\"block\":\"0,65535,7\",\"classes\":\"\",\"values\":\"[3,2]\"", PLAIN, 8);
  head = read_decoder (fixture->path);
  g_assert_cmpuint (head->n_blocks, ==, 3);
  g_assert_cmpint (head->blocks[0], ==, 0);
  g_assert_cmpint (head->blocks[1], ==, 65535);
  g_assert_cmpint (head->blocks[2], ==, 7);
  g_assert_cmpstr (head->classes.list[0].name, ==, "3");
  dino_decoder_head_free (head);
  dino_decoder_head_free (NULL);
}

static void
test_refused (struct fixture *fixture, gconstpointer data)
{
  static const struct
  {
    const char    *metadata, *tensors;
    enum dino_code code;
    const char    *part;
  } rows[] = {
    { PATCHES, TENSOR ("bias", "8", "0", "32"), DINO_CODE_FORMAT, "is no decoder: it has no tensor “weight”" },
    { PATCHES, TENSOR ("weight", "2,4", "0", "32"), DINO_CODE_FORMAT, "it has no tensor “bias”" },
    { PATCHES, TENSOR ("weight", "6", "0", "24") "," TENSOR ("bias", "2", "24", "32"), DINO_CODE_FORMAT, "tensor “weight” has 1 dimensions instead of 2" },
    { PATCHES, TENSOR ("weight", "2,3", "0", "24") "," TENSOR ("bias", "2,1", "24", "32"), DINO_CODE_FORMAT, "tensor “bias” has 2 dimensions instead of 1" },
    { PATCHES, TENSOR ("weight", "2,2", "0", "16") "," TENSOR ("bias", "2", "16", "24") "," TENSOR ("hidden.weight", "2,1", "24", "32"), DINO_CODE_FORMAT, "it has no tensor “hidden.bias”" },
    { PATCHES, TENSOR ("weight", "2,2", "0", "16") "," TENSOR ("bias", "2", "16", "24") "," TENSOR ("hidden.weight", "2", "24", "32"), DINO_CODE_FORMAT, "tensor “hidden.weight” has 1 dimensions" },
    { PATCHES, TENSOR ("weight", "1,6", "0", "24") "," TENSOR ("bias", "2", "24", "32"), DINO_CODE_FORMAT, "a decoder has 2 to 64 classes and at most 4096 hidden units" },
    { PATCHES, TENSOR ("weight", "65,0", "0", "0") "," TENSOR ("bias", "8", "0", "32"), DINO_CODE_FORMAT, "2 to 64 classes" },
    { PATCHES, TENSOR ("weight", "2,0", "0", "0") "," TENSOR ("bias", "8", "0", "32"), DINO_CODE_FORMAT, "the shapes of the tensors do not fit" },
    { PATCHES, TENSOR ("weight", "2,1", "0", "8") "," TENSOR ("bias", "2", "8", "16") "," TENSOR ("hidden.weight", "2,1", "16", "24") "," TENSOR ("hidden.bias", "2", "24", "32"), DINO_CODE_FORMAT, "the shapes of the tensors do not fit" },
    { PATCHES, TENSOR ("weight", "2,1", "0", "8") "," TENSOR ("bias", "2", "8", "16") "," TENSOR ("hidden.weight", "1,0", "16", "16") "," TENSOR ("hidden.bias", "4", "16", "32"), DINO_CODE_FORMAT, "the shapes of the tensors do not fit" },
    { PATCHES, TENSOR ("weight", "2,0", "0", "0") "," TENSOR ("bias", "2", "0", "8") "," TENSOR ("hidden.weight", "0,3", "8", "8") "," TENSOR ("hidden.bias", "6", "8", "32"), DINO_CODE_FORMAT, "at most 4096 hidden units" },
    { PATCHES, TENSOR ("weight", "2,0", "0", "0") "," TENSOR ("bias", "2", "0", "8") "," TENSOR ("hidden.weight", "4097,0", "8", "8") "," TENSOR ("hidden.bias", "6", "8", "32"), DINO_CODE_FORMAT, "at most 4096 hidden units" },
    { PATCHES, TENSOR ("weight", "2,2", "0", "16") "," TENSOR ("bias", "4", "16", "32"), DINO_CODE_FORMAT, "tensor “bias” does not fit the others: it has 4 numbers instead of 2" },
    { PATCHES ",\"activation\":\"relu\"", TENSOR ("weight", "2,1", "0", "8") "," TENSOR ("bias", "2", "8", "16") "," TENSOR ("hidden.weight", "1,2", "16", "24") "," TENSOR ("hidden.bias", "2", "24", "32"), DINO_CODE_FORMAT, "tensor “hidden.bias” does not fit" },
    { PATCHES, "\"weight\":{\"dtype\":\"I32\",\"shape\":[2,3],\"data_offsets\":[0,24]}," TENSOR ("bias", "2", "24", "32"), DINO_CODE_UNSUPPORTED, "I32" },
    { "\"features\":\"cls\"", PLAIN, DINO_CODE_UNSUPPORTED, "was not trained on patch tokens (“features” is “cls”)" },
    { "\"note\":\"x\"", PLAIN, DINO_CODE_UNSUPPORTED, "was not trained on patch tokens" },
    { PATCHES, HIDDEN, DINO_CODE_UNSUPPORTED, "the activation of the hidden units is" },
    { PATCHES ",\"activation\":\"gelu\"", HIDDEN, DINO_CODE_UNSUPPORTED, "the activation of the hidden units is “gelu”; it can be “relu”" },
    { PATCHES ",\"model_sha256\":\"12\"", PLAIN, DINO_CODE_FORMAT, "“model_sha256” is no SHA-256" },
    { PATCHES ",\"model_sha256\":\"" SHA256 "0\"", PLAIN, DINO_CODE_FORMAT, "“model_sha256” is no SHA-256" },
    { PATCHES ",\"block\":\"x\"", PLAIN, DINO_CODE_FORMAT, "“block” is no list of blocks" },
    { PATCHES ",\"block\":\"-1\"", PLAIN, DINO_CODE_FORMAT, "“block” is no list of blocks" },
    { PATCHES ",\"block\":\" 1\"", PLAIN, DINO_CODE_FORMAT, "“block” is no list of blocks" },
    { PATCHES ",\"block\":\"1,\"", PLAIN, DINO_CODE_FORMAT, "“block” is no list of blocks" },
    { PATCHES ",\"block\":\"1;2\"", PLAIN, DINO_CODE_FORMAT, "“block” is no list of blocks" },
    { PATCHES ",\"block\":\"65536\"", PLAIN, DINO_CODE_FORMAT, "“block” is no list of blocks" },
    { PATCHES ",\"block\":\"99999999999999999999\"", PLAIN, DINO_CODE_FORMAT, "“block” is no list of blocks" },
    { PATCHES ",\"block\":\"1,2\"", PLAIN, DINO_CODE_FORMAT, "3 numbers a patch cannot be those of 2 blocks" },
    { PATCHES ",\"classes\":\"a\"", PLAIN, DINO_CODE_FORMAT, "“classes” is no JSON list of 2 entries" },
    { PATCHES ",\"classes\":\"{}\"", PLAIN, DINO_CODE_FORMAT, "“classes” is no JSON list of 2 entries" },
    { PATCHES ",\"classes\":\"[\\\"a\\\"]\"", PLAIN, DINO_CODE_FORMAT, "“classes” is no JSON list of 2 entries" },
    { PATCHES ",\"values\":\"[1,2,3]\"", PLAIN, DINO_CODE_FORMAT, "“values” is no JSON list of 2 entries" },
    { PATCHES ",\"classes\":\"[\\\"a\\\",1]\"", PLAIN, DINO_CODE_FORMAT, "class 1 has no usable name or value" },
    { PATCHES ",\"classes\":\"[\\\"\\\",\\\"b\\\"]\"", PLAIN, DINO_CODE_FORMAT, "class 0 has no usable name or value" },
    { PATCHES ",\"classes\":\"[\\\"a\\\",\\\"0123456789012345678901234567890123456789012345678901234567890123\\\"]\"", PLAIN, DINO_CODE_FORMAT, "class 1 has no usable name or value" },
    { PATCHES ",\"values\":\"[1,1]\"", PLAIN, DINO_CODE_FORMAT, "class 1 has no usable name or value" },
    { PATCHES ",\"values\":\"[1,256]\"", PLAIN, DINO_CODE_FORMAT, "class 1 has no usable name or value" },
    { PATCHES ",\"values\":\"[-1,1]\"", PLAIN, DINO_CODE_FORMAT, "class 0 has no usable name or value" },
    { PATCHES ",\"values\":\"[1.0,2]\"", PLAIN, DINO_CODE_FORMAT, "class 0 has no usable name or value" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      struct dino_error error = { 0 };

      put_tensors (fixture->path, rows[i].metadata, rows[i].tensors, 8);
      g_test_message ("%u", i);
      g_assert_null (dino_decoder_head_read (fixture->path, &error));
      assert_error (&error, rows[i].code, rows[i].part);
      g_assert_nonnull (strstr (error.message, fixture->path));
    }
}

/* A name as long as there is room for, and as many blocks. */
static void
test_limits (struct fixture *fixture, gconstpointer data)
{
  g_autofree char          *name = g_strnfill (DINO_CLASS_NAME_LENGTH - 1, 'n');
  g_autofree char          *metadata = g_strdup_printf (PATCHES ",\"classes\":\"[\\\"a\\\",\\\"%s\\\"]\"", name);
  struct dino_error         error = { 0 };
  struct dino_decoder_head *head;
  GString                  *blocks = g_string_new (PATCHES ",\"block\":\"0");

  put_tensors (fixture->path, metadata, PLAIN, 8);
  head = read_decoder (fixture->path);
  g_assert_cmpstr (head->classes.list[1].name, ==, name);
  dino_decoder_head_free (head);

  for (int i = 1; i < DINO_DECODER_MAX_BLOCKS; i++)
    g_string_append_printf (blocks, ",%d", i);
  g_string_append_c (blocks, '"');
  put_tensors (fixture->path, blocks->str, TENSOR ("weight", "2,64", "0", "512") "," TENSOR ("bias", "2", "512", "520"), 130);
  head = read_decoder (fixture->path);
  g_assert_cmpuint (head->n_blocks, ==, DINO_DECODER_MAX_BLOCKS);
  dino_decoder_head_free (head);
  g_string_truncate (blocks, blocks->len - 1);
  g_string_append (blocks, ",64\"");
  put_tensors (fixture->path, blocks->str, TENSOR ("weight", "2,65", "0", "520") "," TENSOR ("bias", "2", "520", "528"), 132);
  g_assert_null (dino_decoder_head_read (fixture->path, &error));
  assert_error (&error, DINO_CODE_FORMAT, "“block” is no list of blocks");
  g_string_free (blocks, TRUE);
}

/* Numbers that are none, at each place. */
static void
test_finite (struct fixture *fixture, gconstpointer data)
{
  for (guint i = 0; i < 16; i++)
    {
      const float            bad = i % 2 ? NAN : -INFINITY;
      struct dino_error      error = { 0 };
      g_autoptr (GByteArray) bytes = NULL;

      put_tensors (fixture->path, PATCHES ",\"activation\":\"relu\"", HIDDEN, 8);
      bytes = bytes_of_file (fixture->path);
      memcpy (bytes->data + bytes->len - 32 + i / 2 * sizeof bad, &bad, sizeof bad);
      put_file (fixture->path, bytes->data, bytes->len);
      g_assert_null (dino_decoder_head_read (fixture->path, &error));
      assert_error (&error, DINO_CODE_FORMAT, "has a value that is not a finite number");
    }
}

static void
write_decoder (const char *path, const struct dino_decoder_head *head)
{
  struct dino_error   error = { 0 };
  struct dino_output *output = dino_output_new (path, &error);

  g_assert_nonnull (output);
  g_assert_true (dino_decoder_head_write (output, head, "1.2.3", &error));
  g_assert_true (dino_output_commit (output, &error));
}

static void
test_write (struct fixture *fixture, gconstpointer data)
{
  struct dino_decoder_head  head = { .decoder = dino_decoder_new (4, 0, 2, NULL), .blocks = { 8, 65535 }, .n_blocks = 2, .model_sha256 = SHA256 };
  struct dino_decoder_head *back;

  g_assert_true (dino_classes_add (&head.classes, 0, "\"a\"", NULL));
  g_assert_true (dino_classes_add (&head.classes, 255, "ü", NULL));
  head.preparation = dino_strdup ("{\"x\":1}", NULL);
  for (int i = 0; i < 8; i++)
    head.decoder->weight[i] = (float) i;
  head.decoder->bias[1] = -1;
  write_decoder (fixture->path, &head);
  back = read_decoder (fixture->path);
  g_assert_cmpmem (back->decoder->weight, 32, head.decoder->weight, 32);
  g_assert_cmpmem (back->decoder->bias, 8, head.decoder->bias, 8);
  g_assert_cmpuint (back->decoder->n_hidden, ==, 0);
  g_assert_cmpuint (back->n_blocks, ==, 2);
  g_assert_cmpint (back->blocks[0], ==, 8);
  g_assert_cmpint (back->blocks[1], ==, 65535);
  g_assert_cmpstr (back->model_sha256, ==, SHA256);
  g_assert_cmpstr (back->preparation, ==, "{\"x\":1}");
  g_assert_cmpstr (back->classes.list[0].name, ==, "\"a\"");
  g_assert_cmpstr (back->classes.list[1].name, ==, "ü");
  g_assert_cmpint (back->classes.list[1].value, ==, 255);
  dino_decoder_head_free (back);
  dino_decoder_free (head.decoder);
  dino_free (head.preparation);

  /* With hidden units, and nothing known of the encoder. */
  head.decoder = dino_decoder_new (3, 2, 2, NULL);
  head.n_blocks = 0;
  head.model_sha256[0] = '\0';
  head.preparation = NULL;
  head.decoder->hidden_weight[5] = 6;
  head.decoder->hidden_bias[1] = 7;
  head.decoder->weight[3] = 8;
  write_decoder (fixture->path, &head);
  back = read_decoder (fixture->path);
  g_assert_cmpuint (back->decoder->n_hidden, ==, 2);
  g_assert_cmpfloat (back->decoder->hidden_weight[5], ==, 6);
  g_assert_cmpfloat (back->decoder->hidden_bias[1], ==, 7);
  g_assert_cmpfloat (back->decoder->weight[3], ==, 8);
  g_assert_cmpuint (back->n_blocks, ==, 0);
  g_assert_cmpstr (back->model_sha256, ==, "");
  g_assert_null (back->preparation);
  dino_decoder_head_free (back);
  dino_decoder_free (head.decoder);
}

#define ADD(name, function) g_test_add ("/decoder-file/" name, struct fixture, NULL, set_up, function, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("read", test_read);
  ADD ("refused", test_refused);
  ADD ("limits", test_limits);
  ADD ("finite", test_finite);
  ADD ("write", test_write);
  return g_test_run ();
}
