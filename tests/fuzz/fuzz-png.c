/* A PNG as a picture and as a mask. */
#include "core/picture/picture.h"
#include "fuzz/fuzz.h"
#include "fuzz/picture.h"
#include "io/png.h"

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  struct dino_error    error = { 0 };
  struct dino_picture *picture = dino_png_decode (data, size, "picture", &error);
  struct dino_picture *mask = dino_png_decode_mask (data, size, "mask", NULL);

  fuzz_promise ((picture == NULL) == (error.code != DINO_CODE_NONE), "a refusal has a reason");
  fuzz_taken (picture != NULL);
  fuzz_picture (picture);
  fuzz_picture (mask);
  return 0;
}
