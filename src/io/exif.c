#include "io/exif.h"

#include <stdbool.h>

#define TAG_ORIENTATION 0x0112
#define TYPE_SHORT 3
#define ENTRY_SIZE 12

static uint16_t
get_16 (const uint8_t *data, bool big_endian)
{
  return big_endian ? (uint16_t) (data[0] << 8 | data[1]) : (uint16_t) (data[1] << 8 | data[0]);
}

static uint32_t
get_32 (const uint8_t *data, bool big_endian)
{
  uint32_t first = get_16 (data, big_endian);
  uint32_t second = get_16 (data + 2, big_endian);

  return big_endian ? first << 16 | second : second << 16 | first;
}

/* Looks at the first directory only: there the main picture is described. */
int
dino_exif_orientation (const uint8_t *data, size_t length)
{
  bool   big_endian;
  size_t offset, n_entries;

  if (length < 8 || (data[0] != 'I' && data[0] != 'M') || data[1] != data[0])
    return 1;
  big_endian = data[0] == 'M';
  if (get_16 (data + 2, big_endian) != 42)
    return 1;
  offset = get_32 (data + 4, big_endian);
  if (offset > length - 2)
    return 1;
  n_entries = get_16 (data + offset, big_endian);
  offset += 2;
  for (size_t i = 0; i < n_entries && length - offset >= ENTRY_SIZE; i++, offset += ENTRY_SIZE)
    {
      const uint8_t *entry = data + offset;
      int            value;

      if (get_16 (entry, big_endian) != TAG_ORIENTATION)
        continue;
      if (get_16 (entry + 2, big_endian) != TYPE_SHORT || get_32 (entry + 4, big_endian) != 1)
        return 1;
      value = get_16 (entry + 8, big_endian);
      return value >= 1 && value <= 8 ? value : 1;
    }
  return 1;
}
