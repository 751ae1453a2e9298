/* A picture to DICOM bytes. C++ includes it inside extern "C". */
#pragma once

#include <stddef.h>
#include <stdint.h>

/* The request of io/dicom-request.h as a secondary capture; NULL when it makes
 * no sense or memory cannot be had. Free with dino_free(). */
uint8_t *dino_dicom_make_capture (const uint8_t *request, size_t length, size_t *file_length);
