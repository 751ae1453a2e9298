#pragma once

#include "core/encoder/team.h"
#include "engine/dinoscope-context.h"
#include "engine/dinoscope-engine.h"

G_BEGIN_DECLS

/* FALSE for what g_object_new() made, as bindings can: there is nothing in it. */
static inline gboolean
dinoscope_context_has_contents (DinoscopeContext *self)
{
  return DINOSCOPE_IS_CONTEXT (self) && dinoscope_context_get_primary (self) != NULL;
}

/* Who may be asked to work on a map while it is computed; NULL otherwise. */
void              dinoscope_context_set_team (DinoscopeContext *self, struct dino_team *team);
struct dino_team *dinoscope_context_get_team (DinoscopeContext *self);

/* The engine that computes the map, while dinoscope_engine_compute_map() does;
 * NULL otherwise. Not owned. */
void             dinoscope_context_set_engine (DinoscopeContext *self, DinoscopeEngine *engine);
DinoscopeEngine *dinoscope_context_get_engine (DinoscopeContext *self);

G_END_DECLS
