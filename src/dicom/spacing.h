/* Which of a header's pixel spacings holds, and for what plane. */
#pragma once

#include <stdbool.h>

#include "core/picture/attributes.h"

/* Millimetres; not above 0 where the header does not say. */
struct dino_dicom_spacing
{
  double x, y; /* from column to column, from row to row */
};

struct dino_dicom_spacings
{
  const char               *modality;
  struct dino_dicom_spacing pixel;      /* Pixel Spacing */
  struct dino_dicom_spacing imager;     /* Imager Pixel Spacing */
  struct dino_dicom_spacing scanned;    /* Nominal Scanned Pixel Spacing */
  bool                      calibrated; /* there is a Pixel Spacing Calibration Type */
};

/* Sets spacing, spacing_x and spacing_y by PS3.3 10.7.1.1. On a projection, a
 * Pixel Spacing unlike that of detector or scanner is a calibrated one, also
 * without a calibration type. That of what is known neither as a projection nor
 * as a slice (secondary captures) may mean anything and is not believed alone. */
void dino_dicom_choose_spacing (const struct dino_dicom_spacings *spacings, struct dino_attributes *attributes);
