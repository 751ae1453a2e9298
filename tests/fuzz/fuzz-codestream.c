/* What the DICOM reader looks at in compressed pictures before DCMTK or
 * OpenJPEG get them, and JPEG 2000. The first two bytes are columns and rows. */
#include <string.h>

#include "core/base/memory.h"
#include "dicom/codestream.h"
#include "fuzz/fuzz.h"

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  struct dino_dicom_refusal refusal = { 0 };
  struct dino_jpeg_frame    frame;
  uint16_t                 *values;
  int                       columns, rows;

  if (size < 2)
    return 0;
  columns = data[0] + 1;
  rows = data[1] + 1;
  data += 2;
  size -= 2;
  dino_jpeg_read_frame (data, size, &frame);
  dino_rle_check (data, size, 1);
  dino_rle_check (data, size, 2);
  values = dino_alloc ((size_t) columns * (size_t) rows, sizeof *values, NULL);
  fuzz_promise (values != NULL, "there is memory for a small picture");
  if (dino_jpeg2000_decode (data, size, columns, rows, 16, values, &refusal))
    {
      fuzz_touch (values, (size_t) columns * (size_t) rows * sizeof *values);
      fuzz_taken (true);
    }
  else
    fuzz_promise (refusal.reason > 0 && refusal.reason < DINO_DICOM_N_REASONS, "a refusal has a reason");
  dino_free (values);
  return 0;
}
