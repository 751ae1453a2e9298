/* Boxes that a person marked, as CSV. */
#include "fuzz/fuzz.h"
#include "io/csv.h"

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  struct dino_error      error = { 0 };
  struct dino_named_box *boxes = NULL;
  size_t                 n = 0;
  const bool             taken = dino_boxes_read (fuzz_file (data, size), &boxes, &n, &error);

  fuzz_promise (taken == (error.code == DINO_CODE_NONE), "a refusal has a reason");
  fuzz_taken (taken);
  if (!taken)
    return 0;
  for (size_t i = 0; i < n; i++)
    {
      fuzz_touch_text (boxes[i].label);
      fuzz_promise (boxes[i].box.x0 < boxes[i].box.x1 && boxes[i].box.y0 < boxes[i].box.y1, "boxes have an inside");
    }
  dino_boxes_free (boxes, n);
  return 0;
}
