/* The other direction: what the helper is asked to write as DICOM. What it
 * writes can be read. */
#include "core/base/memory.h"
#include "dicom/capture.h"
#include "dicom/reader.h"
#include "fuzz/fuzz.h"

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  static bool               ready;
  struct dino_dicom_refusal refusal = { 0 };
  size_t                    length = 0;
  uint8_t                  *file;

  if (!ready)
    ready = dino_dicom_setup ();
  file = dino_dicom_make_capture (data, size, &length);
  fuzz_taken (file != NULL);
  if (file == NULL)
    return 0;
  fuzz_promise (length > 132, "a DICOM file has a head");
  fuzz_touch (file, length);
  /* In colour, so it is refused as that and nothing else. */
  fuzz_promise (dino_dicom_decode (file, length, 0, &refusal) == NULL && (refusal.reason == DINO_DICOM_COLOUR || refusal.reason == DINO_DICOM_MEMORY), "what is written can be read");
  dino_free (file);
  return 0;
}
