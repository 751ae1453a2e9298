#include "io/jpeg-markers.h"

#include <string.h>

#define MARKER_TEM 0x01
#define MARKER_RST0 0xd0
#define MARKER_SOI 0xd8
#define MARKER_EOI 0xd9
#define MARKER_SOS 0xda
#define MARKER_APP1 0xe1
#define MARKER_APP2 0xe2

static bool
starts_with (const uint8_t *data, size_t length, const char *prefix, size_t prefix_length)
{
  return length >= prefix_length && memcmp (data, prefix, prefix_length) == 0;
}

void
dino_jpeg_find_markers (const uint8_t *data, size_t length, const uint8_t **exif, size_t *exif_length, bool *profile)
{
  size_t offset = 0;

  *exif = NULL;
  *exif_length = 0;
  *profile = false;
  while (length - offset >= 4)
    {
      uint8_t        marker = data[offset + 1];
      const uint8_t *segment;
      size_t         segment_length;

      /* Bytes between segments are skipped one by one, as libjpeg does. */
      if (data[offset] != 0xff || marker == 0xff || marker == 0)
        {
          offset++;
          continue;
        }
      offset += 2;
      if (marker == MARKER_TEM || (marker >= MARKER_RST0 && marker <= MARKER_SOI))
        continue;
      if (marker == MARKER_SOS || marker == MARKER_EOI)
        return;
      segment_length = (size_t) data[offset] << 8 | data[offset + 1];
      if (segment_length < 2 || segment_length > length - offset)
        return;
      segment = data + offset + 2;
      offset += segment_length;
      segment_length -= 2;
      if (marker == MARKER_APP1 && *exif == NULL && starts_with (segment, segment_length, "Exif\0", 6))
        {
          *exif = segment + 6;
          *exif_length = segment_length - 6;
        }
      else if (marker == MARKER_APP2 && starts_with (segment, segment_length, "ICC_PROFILE", 12))
        *profile = true;
    }
}
