/* Names of files made of others. dino_free() the results; NULL with error set
 * when memory cannot be had. */
#pragma once

#include "core/base/error.h"

/* "folder/name" */
char *dino_path_join (const char *folder, const char *name, struct dino_error *error);

/* name in the folder that holds the file path. */
char *dino_path_beside (const char *path, const char *name, struct dino_error *error);
