/* Matrices mapped for reading. */
#include "io/matrix-file.h"

#include "io/npy.h"

#include "io-support.h"

struct fixture
{
  char *folder, *path;
};

static void
set_up (struct fixture *fixture, gconstpointer data)
{
  fixture->folder = make_folder ();
  fixture->path = g_build_filename (fixture->folder, "matrix.npy", NULL);
}

static void
tear_down (struct fixture *fixture, gconstpointer data)
{
  remove_folder (fixture->folder);
  g_free (fixture->folder);
  g_free (fixture->path);
}

static void
write_matrix (const struct fixture *fixture, const size_t *shape, int rank, bool half)
{
  struct dino_error   error = { 0 };
  struct dino_output *output = dino_output_new (fixture->path, &error);
  float               values[64];

  for (int i = 0; i < 64; i++)
    values[i] = (float) i - 7.5f;
  g_assert_true (dino_npy_write (output, values, shape, rank, half, &error));
  g_assert_true (dino_output_commit (output, &error));
}

static void
test_read (struct fixture *fixture, gconstpointer data)
{
  for (int half = 0; half < 2; half++)
    {
      const size_t             shape[] = { 3, 2, 5 };
      struct dino_error        error = { 0 };
      struct dino_matrix_file *file;
      float                    row[10], token[5];

      write_matrix (fixture, shape, 3, half != 0);
      file = dino_matrix_file_open (fixture->path, &error);
      assert_no_error (&error);
      g_assert_cmpint (dino_matrix_file_rank (file), ==, 3);
      g_assert_cmpuint (dino_matrix_file_n_rows (file), ==, 3);
      g_assert_cmpuint (dino_matrix_file_n_tokens (file), ==, 2);
      g_assert_cmpuint (dino_matrix_file_n_channels (file), ==, 5);
      g_assert_cmpint (dino_matrix_file_is_half (file), ==, half);
      g_assert_cmpstr (dino_matrix_file_path (file), ==, fixture->path);
      dino_matrix_file_row (file, 1, row);
      dino_matrix_file_token (file, 2, 1, token);
      for (int i = 0; i < 10; i++)
        g_assert_cmpfloat (row[i], ==, (float) (10 + i) - 7.5f);
      for (int i = 0; i < 5; i++)
        g_assert_cmpfloat (token[i], ==, (float) (25 + i) - 7.5f);
      g_assert_cmpuint ((guintptr) dino_matrix_file_data (file) % 16, ==, 0);
      g_assert_true (dino_matrix_file_check (file, &error));
      dino_matrix_file_free (file);
    }
}

static void
test_empty (struct fixture *fixture, gconstpointer data)
{
  const size_t             shape[] = { 0, 5 };
  struct dino_error        error = { 0 };
  struct dino_matrix_file *file;

  write_matrix (fixture, shape, 2, false);
  file = dino_matrix_file_open (fixture->path, &error);
  assert_no_error (&error);
  g_assert_cmpuint (dino_matrix_file_n_rows (file), ==, 0);
  g_assert_cmpuint (dino_matrix_file_n_tokens (file), ==, 1);
  dino_matrix_file_free (file);
}

static void
test_refused (struct fixture *fixture, gconstpointer data)
{
  static const struct
  {
    size_t         shape[4];
    int            rank;
    enum dino_code code;
    const char    *part;
  } rows[] = {
    { { 4 }, 1, DINO_CODE_UNSUPPORTED, "1 dimensions" },
    { { 1, 2, 2, 2 }, 4, DINO_CODE_UNSUPPORTED, "4 dimensions" },
    { { 2, 0 }, 2, DINO_CODE_FORMAT, "without a value" },
    { { 2, 0, 3 }, 3, DINO_CODE_FORMAT, "without a value" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      struct dino_error error = { 0 };

      write_matrix (fixture, rows[i].shape, rows[i].rank, false);
      g_assert_null (dino_matrix_file_open (fixture->path, &error));
      g_assert_nonnull (strstr (error.message, fixture->path));
      assert_error (&error, rows[i].code, rows[i].part);
    }
}

/* Sizes that the file does not have, and a header of an odd length. */
static void
test_damaged (struct fixture *fixture, gconstpointer data)
{
  const size_t           shape[] = { 3, 5 };
  struct dino_error      error = { 0 };
  g_autoptr (GByteArray) bytes = NULL;

  write_matrix (fixture, shape, 2, false);
  bytes = bytes_of_file (fixture->path);
  put_file (fixture->path, bytes->data, bytes->len - 1);
  g_assert_null (dino_matrix_file_open (fixture->path, &error));
  assert_error (&error, DINO_CODE_FORMAT, "as many values as its shape says");

  error = (struct dino_error){ 0 };
  bytes->data[8] -= 1;
  bytes->data[9 + bytes->data[8]] = '\n';
  memmove (bytes->data + 10 + bytes->data[8], bytes->data + 11 + bytes->data[8], 60);
  put_file (fixture->path, bytes->data, bytes->len - 1);
  g_assert_null (dino_matrix_file_open (fixture->path, &error));
  assert_error (&error, DINO_CODE_FORMAT, "multiple of 16");
}

/* Somebody cuts the file while it is mapped. */
static void
test_cut (struct fixture *fixture, gconstpointer data)
{
  const gsize              n = 1 << 16;
  const size_t             shape[] = { n, 4 };
  struct dino_error        error = { 0 };
  struct dino_output      *output = dino_output_new (fixture->path, &error);
  g_autofree float        *values = g_new0 (float, n * 4);
  struct dino_matrix_file *file;
  float                    row[4];

  values[4 * (n - 1)] = 1;
  g_assert_true (dino_npy_write (output, values, shape, 2, false, &error));
  g_assert_true (dino_output_commit (output, &error));
  file = dino_matrix_file_open (fixture->path, &error);
  assert_no_error (&error);
  g_assert_cmpint (truncate (fixture->path, 128), ==, 0);
  dino_matrix_file_row (file, n - 1, row);
  g_assert_cmpfloat (row[0], ==, 0);
  g_assert_false (dino_matrix_file_check (file, &error));
  assert_error (&error, DINO_CODE_IO, "cut short");
  dino_matrix_file_free (file);
}

/* A mapped file keeps its little-endian values. */
static void
test_big_endian (struct fixture *fixture, gconstpointer data)
{
  const size_t      shape[] = { 3, 5 };
  struct dino_error error = { 0 };

  write_matrix (fixture, shape, 2, false);
  g_assert_null (dino_matrix_file_open (fixture->path, &error));
  assert_error (&error, DINO_CODE_UNSUPPORTED, "cannot be mapped by a big-endian processor");
}

#define ADD(name, function) g_test_add ("/matrix-file/" name, struct fixture, NULL, set_up, function, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  if (G_BYTE_ORDER == G_BIG_ENDIAN)
    {
      ADD ("big-endian", test_big_endian);
      return g_test_run ();
    }
  ADD ("read", test_read);
  ADD ("empty", test_empty);
  ADD ("refused", test_refused);
  ADD ("damaged", test_damaged);
  ADD ("cut", test_cut);
  return g_test_run ();
}
