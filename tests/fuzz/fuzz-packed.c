/* A file of packed weights, mapped. Where the first byte is odd, checksums and
 * sizes are made right first, or no fuzzer would come beyond them. */
#include <stdlib.h>
#include <string.h>

#include "core/base/checksum.h"
#include "core/base/memory.h"
#include "fuzz/fuzz.h"
#include "io/packed-file.h"

/* As io/packed-file.c has it. */
#define N_BYTES_AT 272
#define SUMS_SUM_AT 280
#define SUMS_AT 288
#define PAGE 4096
#define MOST 65536

static const struct dino_packed_key key = { .weights_sha256 = "00", .precision = "fp32", .isa = "avx2", .calibration = "" };

/* The file whose header is that of data, and whose weights are what follows. */
static uint8_t *
seal (const uint8_t *data, size_t size, size_t *length)
{
  const uint64_t n = size - N_BYTES_AT;
  uint64_t       sum, sums_sum;
  uint8_t       *file = calloc (1, PAGE + n);

  fuzz_promise (file != NULL, "there is memory for a small file");
  memcpy (file, data, N_BYTES_AT);
  memcpy (file + PAGE, data + N_BYTES_AT, n);
  sum = dino_checksum (file + PAGE, n);
  sums_sum = dino_checksum (&sum, sizeof sum);
  memcpy (file + N_BYTES_AT, &n, sizeof n);
  memcpy (file + SUMS_SUM_AT, &sums_sum, sizeof sums_sum);
  memcpy (file + SUMS_AT, &sum, sizeof sum);
  *length = PAGE + n;
  return file;
}

static void
open_file (const uint8_t *data, size_t size)
{
  static struct dino_team *team;
  struct dino_error        error = { 0 };
  struct dino_packed       packed;
  bool                     taken;

  if (team == NULL)
    team = dino_team_new (1, NULL);
  taken = dino_packed_file_open (fuzz_file (data, size), &key, team, &packed, &error);

  fuzz_promise (taken == (error.code == DINO_CODE_NONE), "a refusal has a reason");
  fuzz_taken (taken);
  if (!taken)
    return;
  fuzz_promise ((uintptr_t) packed.data % DINO_ALIGNMENT == 0, "weights are aligned");
  fuzz_touch (packed.data, packed.n_bytes);
  fuzz_promise (!packed.is_damaged (packed.owner), "a file that is left alone is whole");
  packed.release (packed.owner);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  size_t   length = 0;
  uint8_t *file;

  if (size < 1)
    return 0;
  if (data[0] % 2 == 0 || size - 1 <= N_BYTES_AT || size > MOST)
    {
      open_file (data + 1, size - 1);
      return 0;
    }
  file = seal (data + 1, size - 1, &length);
  open_file (file, length);
  free (file);
  return 0;
}
