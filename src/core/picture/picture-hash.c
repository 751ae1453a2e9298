/* Apart from picture.c, so that a process that only decodes links no libcrypto. */
#include "core/picture/picture.h"

static size_t
n_samples (const struct dino_picture *picture)
{
  return (size_t) picture->width * (size_t) picture->height * (size_t) picture->channels;
}

static void
hash_samples16 (struct dino_sha256 *sum, const uint16_t *samples, size_t count)
{
  uint8_t bytes[8192];

  for (size_t first = 0; first < count;)
    {
      size_t n = count - first < sizeof bytes / 2 ? count - first : sizeof bytes / 2;

      for (size_t i = 0; i < n; i++)
        {
          bytes[2 * i] = (uint8_t) (samples[first + i] & 0xff);
          bytes[2 * i + 1] = (uint8_t) (samples[first + i] >> 8);
        }
      dino_sha256_update (sum, bytes, 2 * n);
      first += n;
    }
}

bool
dino_picture_sha256 (const struct dino_picture *picture, char text[DINO_SHA256_LENGTH], struct dino_error *error)
{
  const int           header[4] = { picture->width, picture->height, picture->channels, picture->bits };
  uint8_t             bytes[16];
  struct dino_sha256 *sum = dino_sha256_new (error);

  if (sum == NULL)
    return false;
  for (size_t i = 0; i < sizeof bytes; i++)
    bytes[i] = (uint8_t) ((unsigned) header[i / 4] >> (8 * (i % 4)));
  dino_sha256_update (sum, bytes, sizeof bytes);
  if (picture->bits == 16)
    hash_samples16 (sum, picture->samples16, n_samples (picture));
  else
    dino_sha256_update (sum, picture->samples8, n_samples (picture));
  dino_sha256_finish (sum, text);
  return true;
}

bool
dino_picture_stored_sha256 (const struct dino_picture *picture, char text[DINO_SHA256_LENGTH], struct dino_error *error)
{
  uint8_t             bytes[8192];
  size_t              count = n_samples (picture);
  struct dino_sha256 *sum = dino_sha256_new (error);

  if (sum == NULL)
    return false;
  for (size_t first = 0; first < count;)
    {
      size_t n = count - first < sizeof bytes / 4 ? count - first : sizeof bytes / 4;

      for (size_t i = 0; i < 4 * n; i++)
        {
          size_t at = first + i / 4;
          int    stored = (picture->bits == 16 ? picture->samples16[at] : picture->samples8[at]) + picture->stored_offset;

          bytes[i] = (uint8_t) ((unsigned) stored >> (8 * (i % 4)));
        }
      dino_sha256_update (sum, bytes, 4 * n);
      first += n;
    }
  dino_sha256_finish (sum, text);
  return true;
}
