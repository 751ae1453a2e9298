/* Which grey scale it is. */
#include <string.h>

#include "core/picture/grey-scale.h"

/* Little-endian, the lower n bytes. */
static void
add (struct dino_sha256 *sum, uint64_t value, size_t n)
{
  uint8_t bytes[8];

  for (size_t i = 0; i < n; i++)
    bytes[i] = (uint8_t) (value >> (8 * i));
  dino_sha256_update (sum, bytes, n);
}

static void
add_int (struct dino_sha256 *sum, int value)
{
  add (sum, (uint64_t) (int64_t) value, 4);
}

/* As IEEE 754 has it; both zeros are one. */
static void
add_double (struct dino_sha256 *sum, double value)
{
  uint64_t bits;

  value = value == 0 ? 0 : value;
  memcpy (&bits, &value, sizeof bits);
  add (sum, bits, 8);
}

/* Its number of entries is 0 where there is no table. */
static void
add_lut (struct dino_sha256 *sum, const struct dino_lut *lut)
{
  add (sum, lut != NULL ? lut->n : 0, 4);
  if (lut == NULL)
    return;
  add_int (sum, lut->first);
  add_int (sum, lut->bits);
  for (size_t i = 0; i < lut->n; i++)
    add (sum, lut->entries[i], 2);
}

static void
add_voi (struct dino_sha256 *sum, const struct dino_voi *voi)
{
  add_lut (sum, voi->lut);
  if (voi->lut != NULL)
    return;
  add_double (sum, voi->window.center);
  add_double (sum, voi->window.width);
  add_int (sum, (int) voi->window.function);
}

bool
dino_grey_scale_sha256 (const struct dino_grey_scale *grey, int stored_offset, char text[DINO_SHA256_LENGTH], struct dino_error *error)
{
  struct dino_sha256 *sum = dino_sha256_new (error);

  if (sum == NULL)
    return false;
  add_int (sum, stored_offset);
  add_lut (sum, grey->modality);
  add_double (sum, grey->slope);
  add_double (sum, grey->intercept);
  add_int (sum, (int) grey->n_voi);
  for (size_t i = 0; i < grey->n_voi; i++)
    add_voi (sum, &grey->voi[i]);
  add_int (sum, grey->has_padding);
  add_int (sum, grey->has_padding ? grey->padding_low : 0);
  add_int (sum, grey->has_padding ? grey->padding_high : 0);
  add_int (sum, grey->monochrome1);
  add_int (sum, (int) grey->presentation);
  dino_sha256_finish (sum, text);
  return true;
}
