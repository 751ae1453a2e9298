/* Looking at a picture that a reader made. */
#pragma once

#include "core/picture/picture.h"

/* Takes over picture, which may be NULL. Large ones are not turned. */
void fuzz_picture (struct dino_picture *picture);
