/* The list of pictures that an encoder was trained on. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "core/base/error.h"

struct dino_training_list;

/* Reads a table whose fields are names or paths of pictures among other things,
 * such as RAD-DINO's training_images.csv, or a list with one name a line. */
struct dino_training_list *dino_training_list_read (const char *path, struct dino_error *error);
void                       dino_training_list_free (struct dino_training_list *list);

/* Whether the list has a picture of this name. Folders do not count; the ending
 * does not when what is before it has at least eight characters, since data
 * sets are passed on as PNG, JPEG and DICOM under one name. */
bool dino_training_list_has (const struct dino_training_list *list, const char *name);
