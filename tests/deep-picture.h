/* A 16-bit picture with all that a grey scale can have, for tests of what is shown. */
#pragma once

#include <glib.h>
#include <string.h>

#include "core/picture/picture.h"

/* Stored values of the picture: -1024 … 3071, of which -1024 is padding. */
static inline int
deep_stored (int x, int y)
{
  return (37 * x + 101 * y + ((x * y) >> 2)) % 4096 - 1024;
}

/* Modality values are stored * 2 - 24. The file offers a table, a linear window
 * "BONE" and a sigmoid without a name. */
static inline struct dino_picture *
deep_picture (int width, int height)
{
  struct dino_picture    *picture = dino_picture_new (width, height, 1, 16, NULL);
  struct dino_grey_scale *grey = dino_grey_scale_new (NULL);

  picture->stored_offset = -32768;
  picture->file_bits = 16;
  for (int y = 0; y < height; y++)
    for (int x = 0; x < width; x++)
      picture->samples16[y * width + x] = (uint16_t) (deep_stored (x, y) + 32768);
  grey->has_rescale = true;
  grey->slope = 2;
  grey->intercept = -24;
  strcpy (grey->unit, "HU");
  grey->has_padding = true;
  grey->padding_low = grey->padding_high = -1024;
  g_assert_true (dino_grey_scale_set_n_voi (grey, 3, NULL));
  grey->voi[0].lut = dino_lut_new (512, NULL);
  grey->voi[0].lut->first = -100;
  grey->voi[0].lut->bits = 12;
  for (int i = 0; i < 512; i++)
    grey->voi[0].lut->entries[i] = (uint16_t) (i * i / 64);
  strcpy (grey->voi[0].name, "SOFT");
  grey->voi[1].window = (struct dino_window){ 300, 1500, DINO_VOI_LINEAR };
  strcpy (grey->voi[1].name, "BONE");
  grey->voi[2].window = (struct dino_window){ 1000, 2000, DINO_VOI_SIGMOID };
  picture->grey = grey;
  strcpy (picture->format, "DICOM");
  g_assert_true (dino_picture_measure (picture, NULL));
  return picture;
}

/* Without a grey scale, as a PNG of 12 bits has it. */
static inline struct dino_picture *
plain_deep_picture (int width, int height)
{
  struct dino_picture *picture = dino_picture_new (width, height, 1, 16, NULL);

  picture->file_bits = 16;
  for (int y = 0; y < height; y++)
    for (int x = 0; x < width; x++)
      picture->samples16[y * width + x] = (uint16_t) (deep_stored (x, y) + 1024);
  strcpy (picture->format, "PNG");
  g_assert_true (dino_picture_measure (picture, NULL));
  return picture;
}
