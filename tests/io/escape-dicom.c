/* In place of the DICOM decoder behind src/dicom/main.c. */
#include <stdio.h>

#include "dicom/capture.h"
#include "dicom/reader.h"
#include "escapes.h"

bool
dino_dicom_setup (void)
{
  return true;
}

struct dino_picture *
dino_dicom_decode (const uint8_t *data, size_t length, int frame, struct dino_dicom_refusal *refusal)
{
  *refusal = (struct dino_dicom_refusal){ .reason = DINO_DICOM_MALFORMED };
  snprintf (refusal->text, sizeof refusal->text, "%s", try_escape (data, length));
  return NULL;
}

uint8_t *
dino_dicom_make_capture (const uint8_t *request, size_t length, size_t *file_length)
{
  return NULL;
}
