/* The file beside a target that takes its name when it is complete. */
#pragma once

#include "core/base/error.h"

/* Opens a new file in the folder of target for writing. Its name follows from
 * the target's, so that the next run finds what a process left that was killed,
 * and removes it; it is locked, so that nobody takes it for that while it is
 * open. *path is to be freed with dino_free(). Returns the descriptor, -1 with
 * errno set (*path NULL), or -1 with error set when memory cannot be had
 * (errno is ENOMEM). */
int dino_temporary_open (const char *target, char **path, struct dino_error *error);
