#include "dicom/spacing.h"

#include <stddef.h>
#include <string.h>

/* Modalities, PS3.3 C.7.3.1.1.1. */
static const char *const projections[] = { "CR", "DX", "MG", "RG", "XA", "RF", "IO", "PX", NULL };
static const char *const slices[] = { "CT", "MR", "PT", "NM", NULL };

static bool
is_one_of (const char *name, const char *const *names)
{
  while (*names != NULL && strcmp (*names, name) != 0)
    names++;
  return *names != NULL;
}

static bool
is_there (struct dino_dicom_spacing spacing)
{
  return spacing.x > 0 && spacing.y > 0;
}

static bool
is_equal (struct dino_dicom_spacing a, struct dino_dicom_spacing b)
{
  return a.x <= b.x && a.x >= b.x && a.y <= b.y && a.y >= b.y;
}

static void
set (struct dino_attributes *attributes, enum dino_spacing kind, struct dino_dicom_spacing spacing)
{
  attributes->spacing = is_there (spacing) ? kind : DINO_SPACING_UNKNOWN;
  attributes->spacing_x = is_there (spacing) ? spacing.x : 0;
  attributes->spacing_y = is_there (spacing) ? spacing.y : 0;
}

void
dino_dicom_choose_spacing (const struct dino_dicom_spacings *spacings, struct dino_attributes *attributes)
{
  struct dino_dicom_spacing pixel = spacings->pixel;
  struct dino_dicom_spacing receptor = is_there (spacings->imager) ? spacings->imager : spacings->scanned;

  if (is_one_of (spacings->modality, slices))
    set (attributes, DINO_SPACING_PLANE, pixel);
  else if (is_there (pixel) && (spacings->calibrated || (is_there (receptor) && !is_equal (pixel, receptor))))
    set (attributes, DINO_SPACING_CALIBRATED, pixel);
  else if (is_there (receptor) || !is_one_of (spacings->modality, projections))
    set (attributes, DINO_SPACING_DETECTOR, receptor);
  else
    set (attributes, DINO_SPACING_DETECTOR, pixel);
}
