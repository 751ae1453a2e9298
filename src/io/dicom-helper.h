/* The process dinoscope-dicom, from outside. Private to io. */
#pragma once

#include <sys/types.h>

#include "io/dicom.h"

struct dino_dicom_helper
{
  const char                      *name; /* of the file, in messages */
  const struct dino_dicom_options *options;
  struct dino_error               *error;
  pid_t                            pid;
  int                              fd; /* what it writes */
  int64_t                          end_ms;
};

void dino_dicom_helper_set_deadline (struct dino_dicom_helper *helper);

/* Starts it with input as its standard input. */
bool dino_dicom_helper_start (struct dino_dicom_helper *helper, int input, const char *argument);

/* Fewer bytes than asked for where it ends early; -1 on failure. */
ssize_t dino_dicom_helper_receive (struct dino_dicom_helper *helper, void *buffer, size_t length);

/* Ends it in any case and returns its status. */
int dino_dicom_helper_finish (struct dino_dicom_helper *helper);
