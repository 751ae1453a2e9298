/* Which attributes of a header are told, and which of them may lead to a person. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct dino_dicom_attribute
{
  uint16_t    group, element;
  const char *keyword; /* PS3.6 6 */
  bool        personal;
};

/* [DINO_DICOM_N_ATTRIBUTES], in the order in which people read them. */
#define DINO_DICOM_N_ATTRIBUTES 52
extern const struct dino_dicom_attribute dino_dicom_attributes[DINO_DICOM_N_ATTRIBUTES];
