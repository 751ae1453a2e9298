#pragma once

#include "engine/dinoscope-model.h"

G_BEGIN_DECLS

/* Takes the reference on core. */
DinoscopeModel *dinoscope_model_new (struct dino_model *core);

/* Whether its packed weights are wanted in the cache and not there. */
gboolean dinoscope_model_lacks_packed (DinoscopeModel *self);
void     dinoscope_model_set_lacks_packed (DinoscopeModel *self, gboolean lacks);

/* Whether path, a model's directory or file, is the bundled encoder or a copy
 * of its weights, whatever it is called. */
gboolean dinoscope_path_is_demonstration (const char *path);

/* "Demonstration encoder - not RAD-DINO". */
const char *dinoscope_demonstration_title (void);

G_END_DECLS
