/* Heads from files: every published spelling, and every reason to refuse one. */
#include <math.h>

#include "core/base/memory.h"
#include "core/model/safetensors.h"
#include "io/head-file.h"

#include "tensor-file.h"

struct fixture
{
  char *folder, *path, *config;
};

static void
set_up (struct fixture *fixture, gconstpointer data)
{
  fixture->folder = make_folder ();
  fixture->path = g_build_filename (fixture->folder, "model.safetensors", NULL);
  fixture->config = g_build_filename (fixture->folder, "config.json", NULL);
}

static void
tear_down (struct fixture *fixture, gconstpointer data)
{
  remove_folder (fixture->folder);
  g_free (fixture->folder);
  g_free (fixture->path);
  g_free (fixture->config);
}

#define PAIR(prefix) TENSOR (prefix "weight", "2,3", "0", "24") "," TENSOR (prefix "bias", "2", "24", "32")

static struct dino_head *
read_head (const char *path)
{
  struct dino_error error = { 0 };
  struct dino_head *head = dino_head_read (path, &error);

  assert_no_error (&error);
  g_assert_nonnull (head);
  return head;
}

/* weight is 1 to 6, bias 7 and 8. */
static void
assert_numbers (const struct dino_head *head)
{
  g_assert_cmpuint (head->n_classes, ==, 2);
  g_assert_cmpuint (head->n_features, ==, 3);
  for (int i = 0; i < 6; i++)
    g_assert_cmpfloat (head->weight[i], ==, i + 1);
  g_assert_cmpfloat (head->bias[0], ==, 7);
  g_assert_cmpfloat (head->bias[1], ==, 8);
}

static void
test_prefixes (struct fixture *fixture, gconstpointer data)
{
  static const char *const tensors[] = {
    PAIR (""),
    PAIR ("linear."),
    PAIR ("head."),
    PAIR ("fc."),
    PAIR ("classifier."),
    PAIR ("module.top."),
    /* What is no matrix, or only ends like one, is no weight. */
    PAIR ("fc.") "," TENSOR ("weight", "1", "32", "36"),
    PAIR ("fc.") "," TENSOR ("overweight", "1,1", "32", "36"),
    PAIR ("x.") "," TENSOR ("overweight", "1,1", "32", "36"),
    /* One that is called as usual goes before others. */
    PAIR ("") "," TENSOR ("fc.weight", "1,1", "32", "36"),
    PAIR ("linear.") "," TENSOR ("a.weight", "1,1", "32", "36"),
  };

  for (guint i = 0; i < G_N_ELEMENTS (tensors); i++)
    {
      struct dino_head *head;

      put_tensors (fixture->path, "", tensors[i], i < 6 ? 8 : 9);
      head = read_head (fixture->path);
      assert_numbers (head);
      g_assert_cmpint (head->task, ==, DINO_HEAD_CLASSIFY);
      g_assert_cmpint (head->features, ==, i == 4 ? DINO_HEAD_CLS_MEAN : DINO_HEAD_UNKNOWN);
      g_assert_cmpint (head->block, ==, -1);
      g_assert_null (head->model_sha256);
      g_assert_null (head->preparation);
      g_assert_cmpstr (head->classes[0], ==, "class 0");
      g_assert_cmpstr (head->classes[1], ==, "class 1");
      dino_head_free (head);
    }
}

static void
test_metadata (struct fixture *fixture, gconstpointer data)
{
  struct dino_head *head;

  put_tensors (fixture->path, "\"classes\":\"[\\\"ap\\\",\\\"pä\\\"]\",\"task\":\"multilabel\",\"features\":\"last4-cls\",\"block\":\"7\",\"model_sha256\":\"ab\",\"preparation\":\"{}\"", PAIR (""), 8);
  head = read_head (fixture->path);
  assert_numbers (head);
  g_assert_cmpstr (head->classes[0], ==, "ap");
  g_assert_cmpstr (head->classes[1], ==, "pä");
  g_assert_cmpint (head->task, ==, DINO_HEAD_MULTILABEL);
  g_assert_cmpint (head->features, ==, DINO_HEAD_LAST4_CLS);
  g_assert_cmpint (head->block, ==, 7);
  g_assert_cmpstr (head->model_sha256, ==, "ab");
  g_assert_cmpstr (head->preparation, ==, "{}");
  dino_head_free (head);

  /* One name a line; what is empty says nothing. */
  put_tensors (fixture->path, "\"classes\":\"a b\\nc\",\"block\":\"\",\"model_sha256\":\"\",\"preparation\":\"\"", PAIR (""), 8);
  head = read_head (fixture->path);
  g_assert_cmpstr (head->classes[0], ==, "a b");
  g_assert_cmpstr (head->classes[1], ==, "c");
  g_assert_cmpint (head->block, ==, -1);
  g_assert_null (head->model_sha256);
  g_assert_null (head->preparation);
  dino_head_free (head);

  /* One row without a bias. */
  put_tensors (fixture->path, "\"classes\":\"\"", TENSOR ("weight", "1,2", "0", "8"), 2);
  head = read_head (fixture->path);
  g_assert_cmpint (head->task, ==, DINO_HEAD_MULTILABEL);
  g_assert_cmpfloat (head->bias[0], ==, 0);
  g_assert_cmpstr (head->classes[0], ==, "class 0");
  dino_head_free (head);
}

/* A checkpoint of a classifier: config.json beside it has the names. */
static void
test_checkpoint (struct fixture *fixture, gconstpointer data)
{
  static const struct
  {
    const char         *config;
    enum dino_head_task task;
    const char         *first;
  } rows[] = {
    { "{\"id2label\":{\"0\":\"ap\",\"1\":\"pa\"}}", DINO_HEAD_CLASSIFY, "ap" },
    { "{\"id2label\":{\"0\":\"ap\",\"1\":\"pa\"},\"problem_type\":\"multi_label_classification\"}", DINO_HEAD_MULTILABEL, "ap" },
    { "{\"id2label\":{\"0\":7,\"1\":\"pa\"},\"problem_type\":\"regression\"}", DINO_HEAD_REGRESS, "class 0" },
    { "{\"id2label\":{\"0\":\"ap\"},\"problem_type\":\"single_label_classification\"}", DINO_HEAD_CLASSIFY, "class 0" },
    { "{\"id2label\":{\"1\":\"pa\",\"x\":\"ap\"},\"problem_type\":1}", DINO_HEAD_CLASSIFY, "class 0" },
    { "{}", DINO_HEAD_CLASSIFY, "class 0" },
  };
  struct dino_error error = { 0 };

  put_tensors (fixture->path, "", PAIR ("classifier."), 8);
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      struct dino_head *head;

      put_file (fixture->config, rows[i].config, strlen (rows[i].config));
      head = read_head (fixture->folder);
      assert_numbers (head);
      g_assert_cmpint (head->features, ==, DINO_HEAD_CLS_MEAN);
      g_assert_cmpint (head->task, ==, rows[i].task);
      g_assert_cmpstr (head->classes[0], ==, rows[i].first);
      dino_head_free (head);
    }
  put_file (fixture->config, "{", 1);
  g_assert_null (dino_head_read (fixture->path, &error));
  assert_error (&error, DINO_CODE_FORMAT, fixture->config);

  /* Whose file says what it was fitted on is no such checkpoint. */
  put_tensors (fixture->path, "\"features\":\"cls\"", PAIR ("classifier."), 8);
  dino_head_free (read_head (fixture->path));
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
    { "", TENSOR ("bias", "8", "0", "32"), DINO_CODE_FORMAT, "has no head: a tensor “weight” of classes × features is needed" },
    { "", TENSOR ("weight", "8", "0", "32"), DINO_CODE_FORMAT, "has no head" },
    { "", TENSOR ("a.weight", "1,4", "0", "16") "," TENSOR ("b.weight", "1,4", "16", "32"), DINO_CODE_FORMAT, "has several weights (a.weight, b.weight, …)" },
    { "", TENSOR ("weight", "2,3", "0", "24") "," TENSOR ("bias", "1,2", "24", "32"), DINO_CODE_FORMAT, "bias does not have one number for each of the 2 rows of weight" },
    { "", TENSOR ("weight", "3,2", "0", "24") "," TENSOR ("bias", "2", "24", "32"), DINO_CODE_FORMAT, "bias does not have one number for each of the 3 rows" },
    { "", TENSOR ("weight", "0,5", "0", "0") "," TENSOR ("x", "8", "0", "32"), DINO_CODE_LIMIT, "A head of 0 classes and 5 features is not possible" },
    { "", TENSOR ("weight", "8,0", "0", "0") "," TENSOR ("x", "8", "0", "32"), DINO_CODE_LIMIT, "A head of 8 classes and 0 features is not possible" },
    { "", TENSOR ("weight", "65537,0", "0", "0") "," TENSOR ("x", "8", "0", "32"), DINO_CODE_LIMIT, "weight is 65537 × 0, which is no head" },
    { "", TENSOR ("weight", "0,1048577", "0", "0") "," TENSOR ("x", "8", "0", "32"), DINO_CODE_LIMIT, "weight is 0 × 1048577, which is no head" },
    { "", "\"weight\":{\"dtype\":\"I32\",\"shape\":[2,4],\"data_offsets\":[0,32]}", DINO_CODE_UNSUPPORTED, "I32" },
    { "", TENSOR ("weight", "2,3", "0", "24") ",\"bias\":{\"dtype\":\"I32\",\"shape\":[2],\"data_offsets\":[24,32]}", DINO_CODE_UNSUPPORTED, "I32" },
    { "\"features\":\"tokens\"", PAIR (""), DINO_CODE_UNSUPPORTED, "was fitted on “tokens”, which is not known here" },
    { "\"task\":\"rank\"", PAIR (""), DINO_CODE_UNSUPPORTED, "is a head for “rank”, which is not known here" },
    { "\"block\":\"x\"", PAIR (""), DINO_CODE_FORMAT, "the block is “x” and not a number from 0" },
    { "\"block\":\"1x\"", PAIR (""), DINO_CODE_FORMAT, "the block is “1x”" },
    { "\"block\":\"-1\"", PAIR (""), DINO_CODE_FORMAT, "the block is “-1”" },
    { "\"block\":\"2147483648\"", PAIR (""), DINO_CODE_FORMAT, "the block is “2147483648”" },
    { "\"classes\":\"a\"", PAIR (""), DINO_CODE_FORMAT, "1 classes are named, and there are weights for 2" },
    { "\"classes\":\"a\\nb\\nc\"", PAIR (""), DINO_CODE_FORMAT, "3 classes are named" },
    { "\"classes\":\"[\\\"a\\\"]\"", PAIR (""), DINO_CODE_FORMAT, "1 classes are named" },
    { "\"classes\":\"[1,2]\"", PAIR (""), DINO_CODE_FORMAT, "the name of class 0 is no text" },
    { "\"classes\":\"[\\\"a\\\",null]\"", PAIR (""), DINO_CODE_FORMAT, "the name of class 1 is no text" },
    { "\"classes\":\"[\\\"a\\\"\"", PAIR (""), DINO_CODE_FORMAT, "JSON is not valid" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      struct dino_error error = { 0 };

      put_tensors (fixture->path, rows[i].metadata, rows[i].tensors, 8);
      g_assert_null (dino_head_read (fixture->path, &error));
      assert_error (&error, rows[i].code, rows[i].part);
    }
}

/* The largest sizes and blocks are still read. */
static void
test_limits (struct fixture *fixture, gconstpointer data)
{
  struct dino_head *head;

  put_tensors (fixture->path, "\"block\":\"2147483647\"", TENSOR ("weight", "65536,1", "0", "262144"), 65536);
  head = read_head (fixture->path);
  g_assert_cmpuint (head->n_classes, ==, 65536);
  g_assert_cmpint (head->block, ==, G_MAXINT);
  g_assert_cmpfloat (head->weight[65535], ==, 65536);
  g_assert_cmpstr (head->classes[65535], ==, "class 65535");
  dino_head_free (head);
  put_tensors (fixture->path, "", TENSOR ("weight", "1,1048576", "0", "4194304"), 1048576);
  head = read_head (fixture->path);
  g_assert_cmpuint (head->n_features, ==, 1048576);
  dino_head_free (head);
}

/* Numbers that are none, at each place. */
static void
test_finite (struct fixture *fixture, gconstpointer data)
{
  static const float bad[] = { NAN, INFINITY, -INFINITY };

  for (guint i = 0; i < 8 * G_N_ELEMENTS (bad); i++)
    {
      struct dino_error      error = { 0 };
      g_autoptr (GByteArray) bytes = NULL;

      put_tensors (fixture->path, "", PAIR (""), 8);
      bytes = bytes_of_file (fixture->path);
      memcpy (bytes->data + bytes->len - 32 + i % 8 * sizeof *bad, &bad[i / 8], sizeof *bad);
      put_file (fixture->path, bytes->data, bytes->len);
      g_assert_null (dino_head_read (fixture->path, &error));
      assert_error (&error, DINO_CODE_FORMAT, "not finite numbers");
      g_assert_nonnull (strstr (error.message, fixture->path));
    }
}

static void
test_missing (struct fixture *fixture, gconstpointer data)
{
  struct dino_error error = { 0 };

  g_assert_null (dino_head_read (fixture->folder, &error));
  assert_error (&error, DINO_CODE_IO, fixture->path);
  error = (struct dino_error){ 0 };
  put_file (fixture->path, "{}", 2);
  g_assert_null (dino_head_read (fixture->path, &error));
  assert_error (&error, DINO_CODE_FORMAT, fixture->path);
}

/* What is written is read again; what belongs to nobody is kept for others. */
static void
test_write (struct fixture *fixture, gconstpointer data)
{
  const struct dino_metadata_out more[] = { { "version", "1" }, { "note", "ü" } };
  struct dino_error              error = { 0 };
  struct dino_head              *head = dino_head_new (2, 3, &error), *back;
  struct dino_safetensors       *file;

  for (int i = 0; i < 6; i++)
    head->weight[i] = (float) (i + 1);
  head->bias[0] = 7;
  head->bias[1] = 8;
  g_assert_true (dino_head_write (fixture->path, head, NULL, 0, &error));
  back = read_head (fixture->path);
  assert_numbers (back);
  g_assert_cmpstr (back->classes[0], ==, "");
  g_assert_cmpint (back->block, ==, -1);
  dino_head_free (back);

  head->features = DINO_HEAD_MEAN;
  head->task = DINO_HEAD_REGRESS;
  head->block = 0;
  head->model_sha256 = dino_strdup ("cd", &error);
  head->preparation = dino_strdup ("{\"a\":1}", &error);
  g_assert_true (dino_head_set_class (head, 0, "a\n\"b\"", &error));
  g_assert_true (dino_head_set_class (head, 1, "", &error));
  g_assert_true (dino_head_set_class (head, 1, "ü", &error));
  g_assert_true (dino_head_write (fixture->path, head, more, 2, &error));
  back = read_head (fixture->path);
  assert_numbers (back);
  g_assert_cmpint (back->features, ==, DINO_HEAD_MEAN);
  g_assert_cmpint (back->task, ==, DINO_HEAD_REGRESS);
  g_assert_cmpint (back->block, ==, 0);
  g_assert_cmpstr (back->model_sha256, ==, "cd");
  g_assert_cmpstr (back->preparation, ==, "{\"a\":1}");
  g_assert_cmpstr (back->classes[0], ==, "a\n\"b\"");
  g_assert_cmpstr (back->classes[1], ==, "ü");
  dino_head_free (back);
  file = dino_safetensors_open (fixture->path, &error);
  g_assert_cmpstr (dino_safetensors_metadata (file, "version"), ==, "1");
  g_assert_cmpstr (dino_safetensors_metadata (file, "note"), ==, "ü");
  dino_safetensors_free (file);

  g_assert_false (dino_head_write ("/nonexistent/head.safetensors", head, NULL, 0, &error));
  assert_error (&error, DINO_CODE_WRITE, "/nonexistent/head.safetensors");
  head->bias[1] = NAN;
  g_assert_true (dino_head_write (fixture->path, head, NULL, 0, NULL));
  g_assert_null (dino_head_read (fixture->path, NULL));
  dino_head_free (head);
}

#define ADD(name, function) g_test_add ("/head-file/" name, struct fixture, NULL, set_up, function, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("prefixes", test_prefixes);
  ADD ("metadata", test_metadata);
  ADD ("checkpoint", test_checkpoint);
  ADD ("refused", test_refused);
  ADD ("limits", test_limits);
  ADD ("finite", test_finite);
  ADD ("missing", test_missing);
  ADD ("write", test_write);
  return g_test_run ();
}
