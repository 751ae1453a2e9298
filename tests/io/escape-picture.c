/* In place of the decoders behind src/picture/main.c. */
#include "escapes.h"
#include "io/jpeg.h"
#include "io/png.h"

struct dino_picture *
dino_jpeg_read (const uint8_t *data, size_t length, struct dino_refusal *refusal)
{
  dino_refuse (refusal, DINO_REFUSED_JPEG, try_escape (data, length));
  return NULL;
}

struct dino_picture *
dino_png_read (const uint8_t *data, size_t length, bool as_mask, struct dino_refusal *refusal)
{
  return dino_jpeg_read (data, length, refusal);
}
