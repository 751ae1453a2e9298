/* Pictures in: recognised by content, not by name. */
#pragma once

#include <stdbool.h>

#include "core/base/error.h"
#include "core/base/progress.h"
#include "core/picture/picture.h"

struct dino_read_options
{
  bool                        ignore_exif; /* the processor's reading: EXIF orientation not applied */
  int                         frame;       /* of a DICOM file: 0 takes the only one, else its number from 1 */
  const struct dino_progress *progress;    /* asked whether to go on while a file is decoded; may be NULL */
  const char                 *name;        /* stands for path in messages; NULL: path itself */

  /* Told the sha256 of the file's bytes before they are decoded, if it is not
   * NULL. False: there is no need; NULL is returned then, without an error. */
  bool (*identify) (void *data, const char *file_sha256);
  void *identify_data;
};

/* Reads a PNG, JPEG or DICOM file. options may be NULL. Limits: DINO_PICTURE_MAX_SIDE,
 * DINO_PICTURE_MAX_PIXELS, and a file of at most DINO_READ_MAX_FILE bytes. */
#define DINO_READ_MAX_FILE ((size_t) 512 << 20)
struct dino_picture *dino_picture_read (const char *path, const struct dino_read_options *options, struct dino_error *error);

/* The same from memory; name stands for the file in messages. */
struct dino_picture *dino_picture_read_memory (const uint8_t *data, size_t length, const char *name, const struct dino_read_options *options, struct dino_error *error);

/* Looks at the first bytes only: would dino_picture_read() try to decode it? */
bool dino_picture_recognise (const char *path);

/* Whether it is DICOM, whose very file name may carry a patient's. */
bool dino_picture_is_dicom (const char *path);
