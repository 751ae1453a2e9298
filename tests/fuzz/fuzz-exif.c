/* The EXIF reader alone, and the search for it among a JPEG's markers. */
#include "fuzz/fuzz.h"
#include "io/exif.h"
#include "io/jpeg-markers.h"

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  const uint8_t *exif = NULL;
  size_t         length = 0;
  bool           profile = false;
  int            orientation = dino_exif_orientation (data, size);

  fuzz_promise (orientation >= 1 && orientation <= 8, "an orientation is one of eight");
  dino_jpeg_find_markers (data, size, &exif, &length, &profile);
  if (exif != NULL)
    {
      fuzz_promise (exif >= data && length <= size && exif <= data + (size - length), "EXIF lies inside of the file");
      fuzz_touch (exif, length);
      orientation = dino_exif_orientation (exif, length);
      fuzz_promise (orientation >= 1 && orientation <= 8, "an orientation is one of eight");
    }
  fuzz_taken (orientation > 1);
  return 0;
}
