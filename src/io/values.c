#include "io/values.h"

#include <string.h>

#include "core/base/file.h"
#include "io/half.h"

/* Values converted at a time. */
#define BATCH 4096

static void
encode_float (uint8_t *bytes, const float *values, size_t n)
{
  for (size_t i = 0; i < n; i++, bytes += 4)
    {
      uint32_t bits;

      memcpy (&bits, &values[i], sizeof bits);
      bytes[0] = (uint8_t) bits;
      bytes[1] = (uint8_t) (bits >> 8);
      bytes[2] = (uint8_t) (bits >> 16);
      bytes[3] = (uint8_t) (bits >> 24);
    }
}

static void
encode_half (uint8_t *bytes, const float *values, size_t n)
{
  for (size_t i = 0; i < n; i++, bytes += 2)
    {
      uint16_t half = dino_half_from_float (values[i]);

      bytes[0] = (uint8_t) half;
      bytes[1] = (uint8_t) (half >> 8);
    }
}

static void
decode_float (float *values, const uint8_t *bytes, size_t n)
{
  for (size_t i = 0; i < n; i++, bytes += 4)
    {
      uint32_t bits = bytes[0] | (uint32_t) bytes[1] << 8 | (uint32_t) bytes[2] << 16 | (uint32_t) bytes[3] << 24;

      memcpy (&values[i], &bits, sizeof bits);
    }
}

static void
decode_half (float *values, const uint8_t *bytes, size_t n)
{
  for (size_t i = 0; i < n; i++, bytes += 2)
    dino_half_to_float ((uint16_t) (bytes[0] | bytes[1] << 8), &values[i]);
}

bool
dino_values_write (struct dino_output *output, const float *values, size_t count, bool half, struct dino_error *error)
{
  uint8_t bytes[BATCH * 4];

  for (size_t i = 0; i < count; i += BATCH)
    {
      size_t n = count - i < BATCH ? count - i : BATCH;

      if (half)
        encode_half (bytes, values + i, n);
      else
        encode_float (bytes, values + i, n);
      if (!dino_output_write (output, bytes, n * (half ? 2 : 4), error))
        return false;
    }
  return true;
}

bool
dino_values_read (int fd, const char *path, uint64_t offset, float *values, size_t count, bool half, struct dino_error *error)
{
  uint8_t bytes[BATCH * 4];

  for (size_t i = 0; i < count; i += BATCH)
    {
      size_t n = count - i < BATCH ? count - i : BATCH;
      size_t length = n * (half ? 2 : 4);

      if (!dino_file_read_at (fd, path, bytes, length, offset, error))
        return false;
      if (half)
        decode_half (values + i, bytes, n);
      else
        decode_float (values + i, bytes, n);
      offset += length;
    }
  return true;
}
