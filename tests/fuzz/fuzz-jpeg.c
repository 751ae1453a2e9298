/* A JPEG with its EXIF. */
#include "core/picture/picture.h"
#include "fuzz/fuzz.h"
#include "fuzz/picture.h"
#include "io/jpeg.h"

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  struct dino_error    error = { 0 };
  struct dino_picture *picture = dino_jpeg_decode (data, size, "picture", &error);

  fuzz_promise ((picture == NULL) == (error.code != DINO_CODE_NONE), "a refusal has a reason");
  fuzz_taken (picture != NULL);
  fuzz_picture (picture);
  return 0;
}
