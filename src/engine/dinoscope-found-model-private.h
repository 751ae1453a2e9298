#pragma once

#include "engine/dinoscope-found-model.h"

G_BEGIN_DECLS

/* Looks at the model at path. (transfer full) */
DinoscopeFoundModel *dinoscope_found_model_new (const char *name, const char *path, DinoscopeModelSource source, gboolean in_use);

G_END_DECLS
