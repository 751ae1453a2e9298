/* The formula picture of the reference cases, and hashes to compare with. */
#pragma once

#include <glib.h>
#include <stdint.h>
#include <string.h>

#include "core/picture/picture.h"

static inline uint8_t
formula (int x, int y)
{
  return (uint8_t) ((7 * x + 13 * y + ((x * y) >> 3) + ((x * x + 3 * y * y) >> 7)) & 255);
}

/* Grey p(x, y), or red p(x, y), green p(y, x), blue 255 - p(x, y). */
static inline struct dino_picture *
formula_picture (int width, int height, int channels)
{
  struct dino_picture *picture = dino_picture_new (width, height, channels, 8, NULL);
  uint8_t             *sample;

  g_assert_nonnull (picture);
  sample = picture->samples8;
  for (int y = 0; y < height; y++)
    for (int x = 0; x < width; x++)
      {
        *sample++ = formula (x, y);
        if (channels == 3)
          {
            *sample++ = formula (y, x);
            *sample++ = (uint8_t) (255 - formula (x, y));
          }
      }
  g_assert_true (dino_picture_measure (picture, NULL));
  return picture;
}

/* The sha256 of data begins with these hexadecimal digits. */
static inline void
assert_sha256 (const void *data, size_t length, const char *digits)
{
  g_autofree char *sum = g_compute_checksum_for_data (G_CHECKSUM_SHA256, data, length);

  sum[strlen (digits)] = '\0';
  g_assert_cmpstr (sum, ==, digits);
}

/* The same of float32 as little-endian processors have it. */
static inline void
assert_sha256_of_floats (const float *values, size_t n, const char *digits)
{
  g_autofree guint32 *bits = g_memdup2 (values, n * sizeof *bits);

  for (size_t i = 0; i < n; i++)
    bits[i] = GUINT32_TO_LE (bits[i]);
  assert_sha256 (bits, n * sizeof *bits, digits);
}
