#pragma once

#include "core/picture/prepare.h"
#include "engine/dinoscope-cover.h"
#include "engine/dinoscope-features.h"

G_BEGIN_DECLS

/* What features of one run have in common, complete or not. */
typedef struct
{
  DinoscopeModel      *model;
  struct dino_geometry geometry;
  enum dino_isa        isa;
  unsigned             keep;
  const char          *preparation;
  const char          *pixels_sha256; /* "" when the tensor was given ready */
  const char          *grey_sha256;   /* "" when the picture has no grey scale */
  DinoscopeCover       cover;
} DinoscopeFeaturesOrigin;

/* Takes the reference on core; copies what origin points to. */
DinoscopeFeatures *dinoscope_features_new (struct dino_features *core, const DinoscopeFeaturesOrigin *origin);

/* How the picture was changed before it was encoded. */
const DinoscopeCover *dinoscope_features_get_cover (DinoscopeFeatures *self);

G_END_DECLS
