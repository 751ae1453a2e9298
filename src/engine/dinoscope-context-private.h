#pragma once

#include "core/encoder/team.h"
#include "engine/dinoscope-context.h"

G_BEGIN_DECLS

/* Who may be asked to work on a map while it is computed; NULL otherwise. */
void              dinoscope_context_set_team (DinoscopeContext *self, struct dino_team *team);
struct dino_team *dinoscope_context_get_team (DinoscopeContext *self);

G_END_DECLS
