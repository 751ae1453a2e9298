/* A basis of principal components, and the ranges of activations: two more
 * kinds of safetensors files that people give each other. */
#include "core/encoder/calibration.h"
#include "core/maps/pca.h"
#include "fuzz/fuzz.h"

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  const char              *path = fuzz_file (data, size);
  struct dino_error        error = { 0 };
  struct dino_pca         *pca = dino_pca_read (path, &error);
  struct dino_calibration *calibration = dino_calibration_read (path, NULL);
  char                     sha256[DINO_SHA256_LENGTH];

  fuzz_promise ((pca == NULL) == (error.code != DINO_CODE_NONE), "a refusal has a reason");
  fuzz_taken (pca != NULL || calibration != NULL);
  if (pca != NULL)
    fuzz_promise (dino_pca_sha256 (pca, sha256, NULL), "a basis can be told from others");
  dino_pca_free (pca);
  if (calibration != NULL)
    fuzz_promise (dino_calibration_calibrator (calibration)->sha256 != NULL, "ranges can be told from others");
  dino_calibration_free (calibration);
  return 0;
}
