/* The program dinoscope-dicom, for those who start it. Private to io. */
#pragma once

#include "io/helper.h"

extern const struct dino_helper_program dino_dicom_program;
