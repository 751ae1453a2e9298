/* A .npy file, read whole and mapped as a matrix. */
#include "core/base/memory.h"
#include "fuzz/fuzz.h"
#include "io/matrix-file.h"
#include "io/npy.h"

static void
read_whole (const char *path)
{
  struct dino_error error = { 0 };
  size_t            shape[DINO_NPY_MAX_RANK] = { 0 }, n = 1;
  float            *values = NULL;
  int               rank = 0;
  const bool        taken = dino_npy_read (path, &values, shape, &rank, &error);

  fuzz_promise (taken == (error.code == DINO_CODE_NONE), "a refusal has a reason");
  fuzz_taken (taken);
  if (!taken)
    return;
  fuzz_promise (rank >= 0 && rank <= DINO_NPY_MAX_RANK, "arrays have few dimensions");
  for (int i = 0; i < rank; i++)
    n *= shape[i];
  fuzz_touch (values, n * sizeof *values);
  dino_free (values);
}

static void
read_rows (const struct dino_matrix_file *file)
{
  const size_t n_channels = dino_matrix_file_n_channels (file), n_tokens = dino_matrix_file_n_tokens (file), n_rows = dino_matrix_file_n_rows (file);
  float       *row = dino_alloc (n_channels * n_tokens, sizeof *row, NULL);

  if (row == NULL)
    return;
  for (size_t i = 0; i < n_rows; i++)
    dino_matrix_file_row (file, i, row);
  if (n_rows > 0)
    dino_matrix_file_token (file, n_rows - 1, n_tokens - 1, row);
  fuzz_promise (dino_matrix_file_check (file, NULL), "a file that is left alone is whole");
  dino_free (row);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  const char              *path = fuzz_file (data, size);
  struct dino_matrix_file *file;

  read_whole (path);
  file = dino_matrix_file_open (path, NULL);
  if (file == NULL)
    return 0;
  fuzz_promise (fuzz_was_taken (), "what can be mapped can be read");
  read_rows (file);
  dino_matrix_file_free (file);
  return 0;
}
