/* A folder of embeddings, and the same searched without an index. */
#include "core/base/memory.h"
#include "fuzz/fuzz.h"
#include "io/embeddings.h"
#include "io/index.h"

static const char *const names[] = { "embed.json", "cls.npy", "mean.npy", "table.tsv", "patches.npy", "last4.npy" };

static void
look_at (const struct dino_embeddings *embeddings)
{
  const size_t n = dino_embeddings_n_rows (embeddings);

  for (int i = 0; i < DINO_N_EMBEDDINGS; i++)
    {
      const struct dino_matrix_file *matrix = dino_embeddings_matrix (embeddings, (enum dino_embedding) i);
      const size_t                   width = matrix != NULL ? dino_matrix_file_n_tokens (matrix) * dino_matrix_file_n_channels (matrix) : 0;
      float                         *row = matrix != NULL ? dino_alloc (width, sizeof *row, NULL) : NULL;

      for (size_t r = 0; row != NULL && r < n; r++)
        dino_matrix_file_row (matrix, r, row);
      dino_free (row);
      dino_embeddings_verify (embeddings, (enum dino_embedding) i, NULL, NULL);
    }
  for (size_t r = 0; r < n; r++)
    {
      fuzz_touch_text (dino_embeddings_name (embeddings, r));
      fuzz_touch_text (dino_embeddings_view (embeddings, r));
      fuzz_touch_text (dino_embeddings_pixels_sha256 (embeddings, r));
    }
  fuzz_promise (dino_embeddings_origin_equal (dino_embeddings_origin (embeddings), "a", dino_embeddings_origin (embeddings), "b", NULL), "a folder is like itself");
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  const char             *folder = fuzz_folder (names, sizeof names / sizeof *names, data, size);
  struct dino_error       error = { 0 };
  struct dino_embeddings *embeddings = dino_embeddings_open (folder, &error);
  struct dino_index      *index;

  fuzz_promise ((embeddings == NULL) == (error.code != DINO_CODE_NONE), "a refusal has a reason");
  fuzz_taken (embeddings != NULL);
  if (embeddings == NULL)
    return 0;
  look_at (embeddings);
  dino_embeddings_free (embeddings);
  index = dino_index_open_any (folder, DINO_EMBEDDING_CLS, false, NULL, NULL);
  if (index != NULL)
    fuzz_touch_text (dino_index_name (index, 0));
  dino_index_free (index);
  return 0;
}
