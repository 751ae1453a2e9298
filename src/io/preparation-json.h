/* How pictures were prepared, as files of embeddings say it. */
#pragma once

#include <stdbool.h>

#include "core/base/error.h"
#include "core/picture/prepare.h"

/* {"exif": "applied", "fit": "crop", "input-size": 518, "invert": "auto",
 * "model-input": "minmax"}, and where they count "window" and "frame": one line
 * with sorted keys, as dino_embeddings_origin has it. patch: the model's, in
 * pixels. free() it; NULL with error. */
char *dino_preparation_to_json (const struct dino_preparation *preparation, const struct dino_processor *processor, int patch, bool ignore_exif, struct dino_error *error);
