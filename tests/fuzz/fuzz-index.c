/* A folder to search in. Sizes and hashes of its files in index.json would stop
 * every change, so "@0" … "@4" in quotation marks stand for the hash of file 0 …
 * 4 in the order below, and the same without them for its size. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/memory.h"
#include "core/base/sha256.h"
#include "core/base/text.h"
#include "fuzz/fuzz.h"
#include "io/index-filter.h"
#include "io/index.h"

#define N_FILES 6

static const char *const names[N_FILES] = { "index.json", "vectors.npy", "table.tsv", "pixels.bin", "narrow.i8", "scales.npy" };

/* What stands in place of "@N" at place; its length. */
static size_t
format_fact (char out[128], const uint8_t *data, size_t size, int file, bool hash)
{
  size_t         length = 0;
  const uint8_t *part = fuzz_part (data, size, file + 1, &length);
  char           sha256[DINO_SHA256_LENGTH] = "";

  if (!hash)
    return (size_t) snprintf (out, 128, "%zu", part != NULL ? length : 0);
  fuzz_promise (dino_sha256_memory (part != NULL ? part : data, part != NULL ? length : 0, sha256, NULL), "a hash can be had");
  return (size_t) snprintf (out, 128, "%s", sha256);
}

/* data with the facts filled into its first part. */
static uint8_t *
fill_facts (const uint8_t *data, size_t size, size_t *length)
{
  size_t         json_length = 0, n = 0;
  const uint8_t *json = fuzz_part (data, size, 0, &json_length);
  uint8_t       *filled = malloc (size * 64 + 1);

  fuzz_promise (filled != NULL, "there is memory for a small folder");
  for (size_t i = 0; json != NULL && i < json_length; i++)
    {
      char fact[128];

      if (json[i] != '@' || i + 1 >= json_length || json[i + 1] < '0' || json[i + 1] >= '0' + N_FILES - 1)
        {
          filled[n++] = json[i];
          continue;
        }
      {
        const size_t fact_length = format_fact (fact, data, size, json[i + 1] - '0', i > 0 && json[i - 1] == '"');

        memcpy (filled + n, fact, fact_length);
        n += fact_length;
        i++;
      }
    }
  memcpy (filled + n, data + json_length, size - json_length);
  *length = n + size - json_length;
  return filled;
}

static void
look_at (const struct dino_index *index)
{
  const struct dino_vectors        *vectors = dino_index_vectors (index);
  const size_t                      n = dino_index_n_pictures (index);
  const struct dino_index_condition condition = { .column = "view", .value = "PA" };
  size_t                            n_chosen = 0, picture = 0;
  float                            *row = dino_alloc (vectors->width, sizeof *row, NULL);

  for (size_t i = 0; row != NULL && i < vectors->count; i++)
    dino_index_row (index, i, row);
  dino_free (row);
  for (size_t i = 0; i < n; i++)
    fuzz_touch_text (dino_index_name (index, i));
  dino_index_find (index, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855", &picture);
  dino_free (dino_index_filter (index, &condition, 1, &n_chosen, NULL));
  dino_free (dino_index_groups (index, 0, NULL));
  fuzz_promise (dino_index_check (index, NULL), "a file that is left alone is whole");
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  size_t             length = 0;
  uint8_t           *filled = fill_facts (data, size, &length);
  struct dino_error  error = { 0 };
  struct dino_index *index = dino_index_open (fuzz_folder (names, N_FILES, filled, length), false, NULL, &error);

  fuzz_promise ((index == NULL) == (error.code != DINO_CODE_NONE), "a refusal has a reason");
  fuzz_taken (index != NULL);
  if (index != NULL)
    look_at (index);
  dino_index_free (index);
  free (filled);
  return 0;
}
