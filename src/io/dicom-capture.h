/* Pictures as DICOM secondary captures, written by the process dinoscope-dicom. */
#pragma once

#include <stdint.h>

#include "core/base/error.h"
#include "io/output.h"

/* A new object of the Secondary Capture Image Storage class (PS3.3 A.8.1) with
 * new random identifiers (2.25.UUID, PS3.5 B.2): rgb [height, width, 3],
 * derivation as its Derivation Description (UTF-8, at most 1024 characters),
 * everything of a patient empty. Nothing is committed. */
bool dino_dicom_write_capture (struct dino_output *output, const uint8_t *rgb, int width, int height, const char *derivation, struct dino_error *error);
