/* How a changed copy of a picture was made, so that it can be made again. */
#pragma once

#include <glib.h>

#include "core/picture/occlude.h"

G_BEGIN_DECLS

typedef struct
{
  gboolean              known; /* FALSE: not changed, or changed more than once */
  struct dino_pixel_box box;   /* of the original, whole pixels */
  struct dino_occlusion occlusion;
} DinoscopeCover;

G_END_DECLS
