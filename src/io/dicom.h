/* DICOM pictures, read by the process dinoscope-dicom. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "core/base/error.h"
#include "core/base/progress.h"
#include "core/picture/picture.h"
#include "io/dicom-message.h"

struct dino_dicom_options
{
  int                         frame;            /* 0: the only one; else its number from 1 */
  int                         deadline_seconds; /* 0: DINO_HELPER_DEADLINE; then the helper is ended */
  const struct dino_progress *progress;         /* asked often whether to go on; may be NULL */
};

/* Reads the DICOM file behind an open descriptor, from its beginning, wherever
 * it stands; name stands for it in messages. Whatever the file does to the
 * helper (crash, hang, too much memory) becomes an error. One reference is the
 * caller's. */
struct dino_picture *dino_dicom_read (int fd, const char *name, const struct dino_dicom_options *options, struct dino_error *error);

/* The same from memory. */
struct dino_picture *dino_dicom_decode_memory (const uint8_t *data, size_t length, const char *name, const struct dino_dicom_options *options, struct dino_error *error);

/* A refusal in the person's words; returns false. */
bool dino_dicom_set_refusal (struct dino_error *error, const char *name, const struct dino_dicom_refusal *refusal);
