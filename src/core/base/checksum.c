#include "core/base/checksum.h"

#include <string.h>

#include "core/base/wrap.h"

/* Multiply and add over words, eight at a time. */
DINO_WRAPS uint64_t
dino_checksum (const void *data, size_t n)
{
  const unsigned char *bytes = data;
  uint64_t             lanes[8] = { 1, 2, 3, 4, 5, 6, 7, 8 }, sum = n;
  size_t               i = 0;

  for (; i + sizeof lanes <= n; i += sizeof lanes)
    for (int k = 0; k < 8; k++)
      {
        uint64_t word;

        memcpy (&word, bytes + i + (size_t) k * sizeof word, sizeof word);
        lanes[k] = (lanes[k] ^ word) * 0x9e3779b97f4a7c15u;
      }
  for (; i < n; i++)
    sum = (sum ^ bytes[i]) * 0x100000001b3u;
  for (int k = 0; k < 8; k++)
    sum = (sum ^ lanes[k] ^ (lanes[k] >> 32)) * 0x9e3779b97f4a7c15u;
  return sum;
}
