/* What a person calls a model. */
#pragma once

#include "core/base/error.h"

/* "microsoft/rad-dino" for a path in a Hugging Face cache
 * (…/models--microsoft--rad-dino/snapshots/…), else the base name; dino_free() it. */
char *dino_model_name_from_path (const char *path, struct dino_error *error);
