/* PNG and JPEG, decoded by the process dinoscope-picture. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/error.h"
#include "core/base/progress.h"
#include "core/picture/picture.h"

struct dino_picture_helper_options
{
  bool                        as_mask;          /* a PNG whose samples are numbers of classes (dino_png_read()) */
  int                         deadline_seconds; /* 0: as long as other helpers get */
  const struct dino_progress *progress;         /* asked often whether to go on; may be NULL */
};

/* Decodes the PNG or JPEG behind an open descriptor, from its beginning, wherever it
 * stands; name stands for it in messages, options may be NULL. Whatever it does to the helper (crash, hang, too much
 * memory) becomes an error. The picture is not turned. */
struct dino_picture *dino_picture_helper_read (int                                       file,
                                               const char                               *name,
                                               const struct dino_picture_helper_options *options,
                                               struct dino_error                        *error);

/* The same of bytes somewhere else. */
struct dino_picture *dino_picture_helper_decode (const uint8_t                            *data,
                                                 size_t                                    length,
                                                 const char                               *name,
                                                 const struct dino_picture_helper_options *options,
                                                 struct dino_error                        *error);
