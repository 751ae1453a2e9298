#pragma once

#include "engine/dinoscope-model.h"

G_BEGIN_DECLS

/* Takes the reference on core. */
DinoscopeModel *dinoscope_model_new (struct dino_model *core);

G_END_DECLS
