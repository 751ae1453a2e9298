/* .npy and safetensors, byte for byte. */
#include <math.h>

#include "core/base/memory.h"
#include "io/half.h"
#include "io/npy.h"
#include "io/safetensors-write.h"

#include "io-support.h"

struct fixture
{
  char *folder, *path;
};

static void
set_up (struct fixture *fixture, gconstpointer data)
{
  fixture->folder = make_folder ();
  fixture->path = g_build_filename (fixture->folder, "array", NULL);
}

static void
tear_down (struct fixture *fixture, gconstpointer data)
{
  remove_folder (fixture->folder);
  g_free (fixture->folder);
  g_free (fixture->path);
}

static void
write_npy (const struct fixture *fixture, const float *values, const size_t *shape, int rank, bool half)
{
  struct dino_error   error = { 0 };
  struct dino_output *output = dino_output_new (fixture->path, &error);

  g_assert_true (dino_npy_write (output, values, shape, rank, half, &error));
  g_assert_true (dino_output_commit (output, &error));
}

/* What numpy.save() wrote, the dictionary without its padding. */
static void
test_npy_write (struct fixture *fixture, gconstpointer data)
{
  static const struct
  {
    size_t      shape[4];
    int         rank;
    bool        half;
    const char *dictionary;
  } rows[] = {
    { { 0 }, 0, false, "{'descr': '<f4', 'fortran_order': False, 'shape': (), }" },
    { { 5 }, 1, false, "{'descr': '<f4', 'fortran_order': False, 'shape': (5,), }" },
    { { 2, 3 }, 2, true, "{'descr': '<f2', 'fortran_order': False, 'shape': (2, 3), }" },
    { { 0, 3 }, 2, false, "{'descr': '<f4', 'fortran_order': False, 'shape': (0, 3), }" },
    { { 1, 2, 3, 4 }, 4, false, "{'descr': '<f4', 'fortran_order': False, 'shape': (1, 2, 3, 4), }" },
  };
  static const float values[24] = { 1.5f, -0.25f, 0, 65504, 1e-7f, 3 };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (GByteArray) bytes = NULL;
      char                   expected[128];
      gsize                  count = 1, length = strlen (rows[i].dictionary);

      for (int j = 0; j < rows[i].rank; j++)
        count *= rows[i].shape[j];
      memset (expected, ' ', sizeof expected);
      memcpy (expected, "\x93NUMPY\x01\x00\x76\x00", 10);
      memcpy (expected + 10, rows[i].dictionary, length);
      expected[127] = '\n';

      write_npy (fixture, values, rows[i].shape, rows[i].rank, rows[i].half);
      bytes = bytes_of_file (fixture->path);
      g_assert_cmpmem (bytes->data, MIN (bytes->len, 128), expected, 128);
      g_assert_cmpuint (bytes->len, ==, 128 + count * (rows[i].half ? 2 : 4));
    }
}

static void
test_npy_values (struct fixture *fixture, gconstpointer data)
{
  static const float     values[] = { 1, -2, 0.5f };
  static const size_t    shape[] = { 3 };
  g_autoptr (GByteArray) bytes = NULL;
  g_autoptr (GByteArray) halves = NULL;

  write_npy (fixture, values, shape, 1, false);
  bytes = bytes_of_file (fixture->path);
  g_assert_cmpmem (bytes->data + 128, bytes->len - 128, "\0\0\x80\x3f\0\0\0\xc0\0\0\0\x3f", 12);
  write_npy (fixture, values, shape, 1, true);
  halves = bytes_of_file (fixture->path);
  g_assert_cmpmem (halves->data + 128, halves->len - 128, "\0\x3c\0\xc0\0\x38", 6);
}

/* More than the converters take at a time. */
static void
test_npy_round_trip (struct fixture *fixture, gconstpointer data)
{
  size_t            shape[] = { 5, 3001 }, read_shape[DINO_NPY_MAX_RANK];
  gsize             n = 5 * 3001;
  g_autofree float *values = g_new (float, n);
  float            *read_back = NULL;
  int               rank = 0;
  struct dino_error error = { 0 };

  for (gsize i = 0; i < n; i++)
    values[i] = ldexpf ((float) (i % 2048) - 1024, (int) (i % 9) - 10);
  for (int half = 0; half < 2; half++)
    {
      write_npy (fixture, values, shape, 2, half != 0);
      g_assert_true (dino_npy_read (fixture->path, &read_back, read_shape, &rank, &error));
      g_assert_cmpint (rank, ==, 2);
      g_assert_cmpuint (read_shape[0], ==, 5);
      g_assert_cmpuint (read_shape[1], ==, 3001);
      g_assert_cmpmem (read_back, n * sizeof (float), values, n * sizeof (float));
      dino_free (read_back);
    }
}

/* A file with this dictionary (padded or not) and n_data bytes of values. */
static void
put_npy (const struct fixture *fixture, const char *dictionary, gsize n_data)
{
  g_autoptr (GByteArray) bytes = g_byte_array_new ();
  gsize                  length = strlen (dictionary);
  guint8                 size[2] = { (guint8) length, (guint8) (length >> 8) };

  g_byte_array_append (bytes, (const guint8 *) "\x93NUMPY\x01\x00", 8);
  g_byte_array_append (bytes, size, 2);
  g_byte_array_append (bytes, (const guint8 *) dictionary, (guint) length);
  for (gsize i = 0; i < n_data; i++)
    g_byte_array_append (bytes, (const guint8 *) "\0", 1);
  put_file (fixture->path, bytes->data, bytes->len);
}

static void
assert_npy_refused (const struct fixture *fixture, enum dino_code code)
{
  struct dino_error error = { 0 };
  float            *values = NULL;
  size_t            shape[DINO_NPY_MAX_RANK];
  int               rank;

  g_assert_false (dino_npy_read (fixture->path, &values, shape, &rank, &error));
  assert_error (&error, code, fixture->path);
}

static void
test_npy_accepted (struct fixture *fixture, gconstpointer data)
{
  static const char *const dictionaries[] = {
    "{'descr': '<f4', 'fortran_order': False, 'shape': (2,), }\n",
    "{\"shape\":(2,),\"fortran_order\":False,\"descr\":\"<f4\"}\n",
    "{ 'shape' : ( 2 , ) , 'fortran_order' : True , 'descr' : '<f4' , }   \n",
    "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 1), }\n",
  };

  for (guint i = 0; i < G_N_ELEMENTS (dictionaries); i++)
    {
      struct dino_error error = { 0 };
      float            *values = NULL;
      size_t            shape[DINO_NPY_MAX_RANK];
      int               rank;

      put_npy (fixture, dictionaries[i], 8);
      g_assert_true (dino_npy_read (fixture->path, &values, shape, &rank, &error));
      g_assert_cmpuint (shape[0], ==, 2);
      g_assert_cmpint (rank, ==, i == 3 ? 2 : 1);
      dino_free (values);
    }
}

static void
test_npy_refused (struct fixture *fixture, gconstpointer data)
{
  static const struct
  {
    const char    *dictionary;
    gsize          n_data;
    enum dino_code code;
  } rows[] = {
    { "{'descr': '<f4', 'fortran_order': False, 'shape': (2,), }", 8, DINO_CODE_FORMAT },
    { "{'descr': '<f4', 'fortran_order': False, 'shape': (2,), }\n", 4, DINO_CODE_FORMAT },
    { "{'descr': '<f4', 'fortran_order': False, 'shape': (2,), }\n", 9, DINO_CODE_FORMAT },
    { "{'descr': '<f8', 'fortran_order': False, 'shape': (1,), }\n", 8, DINO_CODE_UNSUPPORTED },
    { "{'descr': '>f4', 'fortran_order': False, 'shape': (2,), }\n", 8, DINO_CODE_UNSUPPORTED },
    { "{'descr': '|O', 'fortran_order': False, 'shape': (2,), }\n", 8, DINO_CODE_UNSUPPORTED },
    { "{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (2,), }\n", 8, DINO_CODE_FORMAT },
    { "{'descr': '<f4', 'fortran_order': True, 'shape': (2, 1), }\n", 8, DINO_CODE_UNSUPPORTED },
    { "{'descr': '<f4', 'fortran_order': False, }\n", 8, DINO_CODE_FORMAT },
    { "{'descr': '<f4', 'fortran_order': False, 'shape': (2,), 'shape': (2,), }\n", 8, DINO_CODE_FORMAT },
    { "{'descr': '<f4', 'fortran_order': False, 'shape': (2,), 'extra': 1, }\n", 8, DINO_CODE_FORMAT },
    { "{'descr': '<f4', 'fortran_order': False, 'shape': (2), }\n", 8, DINO_CODE_FORMAT },
    { "{'descr': '<f4', 'fortran_order': False, 'shape': (-2,), }\n", 8, DINO_CODE_FORMAT },
    { "{'descr': '<f4', 'fortran_order': False, 'shape': (2.0,), }\n", 8, DINO_CODE_FORMAT },
    { "{'descr': '<f4', 'fortran_order': False, 'shape': (,), }\n", 4, DINO_CODE_FORMAT },
    { "{'descr': '<f4', 'fortran_order': False, 'shape': (1,1,1,1,2), }\n", 8, DINO_CODE_FORMAT },
    { "{'descr': '<f4', 'fortran_order': False, 'shape': (18446744073709551616,), }\n", 0, DINO_CODE_FORMAT },
    { "{'descr': '<f4', 'fortran_order': False, 'shape': (4294967296, 4294967296), }\n", 0, DINO_CODE_FORMAT },
    { "{'descr': '<f4', 'fortran_order': False, 'shape': (4611686018427387904,), }\n", 0, DINO_CODE_FORMAT },
    { "{'descr': '<f4', 'fortran_order': False, 'shape': (1000000000000,), }\n", 8, DINO_CODE_FORMAT },
    { "{'descr': '<f4', 'fortran_order': 0, 'shape': (2,), }\n", 8, DINO_CODE_FORMAT },
    { "{'descr': '<f4', 'fortran_order': False, 'shape': (2,), } __import__('os')\n", 8, DINO_CODE_FORMAT },
    { "{'descr': '<f4', 'fortran_order': False, 'shape': (2,\n", 8, DINO_CODE_FORMAT },
    { "{'descr': '<f4\n", 8, DINO_CODE_FORMAT },
    { "\n", 8, DINO_CODE_FORMAT },
    { "", 8, DINO_CODE_FORMAT },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_test_message ("%s", rows[i].dictionary);
      put_npy (fixture, rows[i].dictionary, rows[i].n_data);
      assert_npy_refused (fixture, rows[i].code);
    }
  put_file (fixture->path, "\x93NUMPY\x02\0\x10\0\0\0", 12);
  assert_npy_refused (fixture, DINO_CODE_UNSUPPORTED);
  put_file (fixture->path, "\x93NUMPX\x01\0\x10\0\0\0", 12);
  assert_npy_refused (fixture, DINO_CODE_FORMAT);
  put_file (fixture->path, "\x93NUMPY\x01\0\xff\xff", 10);
  assert_npy_refused (fixture, DINO_CODE_FORMAT);
}

static void
test_npy_truncated (struct fixture *fixture, gconstpointer data)
{
  static const float     values[6] = { 1, 2, 3, 4, 5, 6 };
  static const size_t    shape[] = { 2, 3 };
  g_autoptr (GByteArray) whole = NULL;

  write_npy (fixture, values, shape, 2, false);
  whole = bytes_of_file (fixture->path);
  for (guint length = 0; length < whole->len; length++)
    {
      put_file (fixture->path, whole->data, length);
      assert_npy_refused (fixture, DINO_CODE_FORMAT);
    }
}

/* All 65536 halves come back; floats between two of them go to the nearer, ties to even. */
static void
test_half (void)
{
  static const struct
  {
    float    value;
    uint16_t half;
  } rows[] = {
    { 65504, 0x7bff },
    { 65519, 0x7bff },
    { 65520, 0x7c00 },
    { 1e30f, 0x7c00 },
    { -1e30f, 0xfc00 },
    { 0x1p-24f, 0x0001 },
    { 0x1p-25f, 0x0000 },
    { 0x1.8p-25f, 0x0001 },
    { 0x1.8p-24f, 0x0002 },
    { 0x1p-26f, 0x0000 },
    { -0x1p-30f, 0x8000 },
    { 0x1.ff8p-15f, 0x03ff },
    { 0x1.ffcp-15f, 0x0400 },
    { 1.00048828125f, 0x3c00 },
    { 1.00146484375f, 0x3c02 },
    { 0.1f, 0x2e66 },
  };
  union
  {
    guint32 bits;
    float   value;
  } nan = { 0x7f800001 };
  float third, least;

  for (guint half = 0; half < 65536; half++)
    {
      float value;

      dino_half_to_float ((uint16_t) half, &value);
      g_assert_cmpuint (dino_half_from_float (value), ==, half);
    }
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    g_assert_cmphex (dino_half_from_float (rows[i].value), ==, rows[i].half);
  g_assert_cmphex (dino_half_from_float (nan.value), ==, 0x7c01);
  dino_half_to_float (0x3555, &third);
  g_assert_cmpfloat (third, ==, 0.333251953125f);
  dino_half_to_float (0x8001, &least);
  g_assert_cmpfloat (least, ==, -0x1p-24f);
}

static bool
write_safetensors (const struct fixture           *fixture,
                   const struct dino_tensor_out   *tensors,
                   gsize                           n_tensors,
                   const struct dino_metadata_out *metadata,
                   gsize                           n_metadata,
                   struct dino_error              *error)
{
  struct dino_output *output = dino_output_new (fixture->path, error);

  g_assert_nonnull (output);
  if (dino_safetensors_write (output, tensors, n_tensors, metadata, n_metadata, error))
    return dino_output_commit (output, error);
  dino_output_abort (output);
  return false;
}

/* The expected bytes come from safetensors 0.8.0, the reference writer. */
static void
test_safetensors (struct fixture *fixture, gconstpointer data)
{
  static const char expected[] =
      "\xf0\0\0\0\0\0\0\0"
      "{\"__metadata__\":{\"quote\\\"d\":\"tab\\there, \\\\ and \xc3\xa9\\u001f\"},"
      "\"a\":{\"dtype\":\"F32\",\"shape\":[],\"data_offsets\":[0,4]},"
      "\"empty\":{\"dtype\":\"F32\",\"shape\":[0,4],\"data_offsets\":[4,4]},"
      "\"weights.b\":{\"dtype\":\"F32\",\"shape\":[2,3],\"data_offsets\":[4,28]}}       "
      "\0\0\xc0?\0\0 \xc0\0\0\xc0\xbf\0\0\0\xbf\0\0\0?\0\0\xc0?\0\0 @";
  static const float                    b[] = { -2.5f, -1.5f, -0.5f, 0.5f, 1.5f, 2.5f }, a = 1.5f;
  static const struct dino_tensor_out   tensors[] = { { "weights.b", b, { 2, 3 }, 2 }, { "empty", NULL, { 0, 4 }, 2 }, { "a", &a, { 0 }, 0 } };
  static const struct dino_metadata_out metadata = { "quote\"d", "tab\there, \\ and \xc3\xa9\x1f" };
  g_autoptr (GByteArray)                bytes = NULL;
  struct dino_error                     error = { 0 };

  g_assert_true (write_safetensors (fixture, tensors, 3, &metadata, 1, &error));
  bytes = bytes_of_file (fixture->path);
  g_assert_cmpmem (bytes->data, bytes->len, expected, sizeof expected - 1);
}

static void
test_safetensors_plain (struct fixture *fixture, gconstpointer data)
{
  static const char            expected[] = "\x38\0\0\0\0\0\0\0{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}  \0\0\x80?";
  static const float           one = 1;
  const struct dino_tensor_out tensor = { "a", &one, { 1 }, 1 };
  g_autoptr (GByteArray)       bytes = NULL;
  g_autoptr (GByteArray)       nothing = NULL;
  struct dino_error            error = { 0 };

  g_assert_true (write_safetensors (fixture, &tensor, 1, NULL, 0, &error));
  bytes = bytes_of_file (fixture->path);
  g_assert_cmpmem (bytes->data, bytes->len, expected, sizeof expected - 1);

  g_assert_true (write_safetensors (fixture, NULL, 0, NULL, 0, &error));
  nothing = bytes_of_file (fixture->path);
  g_assert_cmpmem (nothing->data, nothing->len, "\x08\0\0\0\0\0\0\0{}      ", 16);
}

static void
test_safetensors_metadata_order (struct fixture *fixture, gconstpointer data)
{
  static const struct dino_metadata_out metadata[] = { { "precision", "fp32" }, { "isa", "avx2" }, { "model", "tiny" } };
  g_autoptr (GByteArray)                bytes = NULL;
  struct dino_error                     error = { 0 };

  g_assert_true (write_safetensors (fixture, NULL, 0, metadata, 3, &error));
  bytes = bytes_of_file (fixture->path);
  g_byte_array_append (bytes, (const guint8 *) "", 1);
  g_assert_true (g_str_has_prefix ((const char *) bytes->data + 8, "{\"__metadata__\":{\"isa\":\"avx2\",\"model\":\"tiny\",\"precision\":\"fp32\"}}"));
}

static void
test_safetensors_refused (struct fixture *fixture, gconstpointer data)
{
  static const float           one = 1;
  const struct dino_tensor_out twice[] = { { "a", &one, { 1 }, 1 }, { "a", &one, { 1 }, 1 } };
  const struct dino_tensor_out names[] = {
    { "__metadata__", &one, { 1 }, 1 },
    { "\xff", &one, { 1 }, 1 },
    { "\xc0\x80", &one, { 1 }, 1 },
    { "\xed\xa0\x80", &one, { 1 }, 1 },
    { "\xf4\x90\x80\x80", &one, { 1 }, 1 },
    { "cut \xe2\x82", &one, { 1 }, 1 },
    { "too large", &one, { SIZE_MAX, 4 }, 2 },
  };
  const struct dino_metadata_out metadata = { "file", "caf\xe9" };
  struct dino_error              error = { 0 };

  g_assert_false (write_safetensors (fixture, twice, 2, NULL, 0, &error));
  assert_error (&error, DINO_CODE_ARGUMENT, "twice");
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      memset (&error, 0, sizeof error);
      g_assert_false (write_safetensors (fixture, &names[i], 1, NULL, 0, &error));
      assert_error (&error, DINO_CODE_ARGUMENT, "cannot be written");
    }
  memset (&error, 0, sizeof error);
  g_assert_false (write_safetensors (fixture, NULL, 0, &metadata, 1, &error));
  assert_error (&error, DINO_CODE_ARGUMENT, "not UTF-8");
  g_assert_cmpuint (count_entries (fixture->folder), ==, 0);
}

#define ADD(name, function) g_test_add (name, struct fixture, NULL, set_up, function, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("/npy/write", test_npy_write);
  ADD ("/npy/values", test_npy_values);
  ADD ("/npy/round-trip", test_npy_round_trip);
  ADD ("/npy/accepted", test_npy_accepted);
  ADD ("/npy/refused", test_npy_refused);
  ADD ("/npy/truncated", test_npy_truncated);
  g_test_add_func ("/half", test_half);
  ADD ("/safetensors/reference", test_safetensors);
  ADD ("/safetensors/plain", test_safetensors_plain);
  ADD ("/safetensors/metadata-order", test_safetensors_metadata_order);
  ADD ("/safetensors/refused", test_safetensors_refused);
  return g_test_run ();
}
