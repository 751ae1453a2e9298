#pragma once

#include "dinoscope-features.h"

#ifdef DINOSCOPE_INTERNAL
#include "engine/dinoscope-study.h"
#endif

G_BEGIN_DECLS

#define DINOSCOPE_TYPE_CONTEXT (dinoscope_context_get_type ())
G_DECLARE_FINAL_TYPE (DinoscopeContext, dinoscope_context, DINOSCOPE, CONTEXT, GObject)

/* What an overlay may look at: the primary features and an ordered list of
 * reference features (another picture, another model, another preparation).
 * Immutable. */

/* references may be NULL (n_references 0). Takes references of its own. */
DinoscopeContext *dinoscope_context_new (DinoscopeFeatures *primary, DinoscopeFeatures *const *references, guint n_references);

DinoscopeFeatures *dinoscope_context_get_primary (DinoscopeContext *self);
guint              dinoscope_context_get_n_references (DinoscopeContext *self);
DinoscopeFeatures *dinoscope_context_get_reference (DinoscopeContext *self, guint index);

#ifdef DINOSCOPE_INTERNAL
/* The primary features' picture, for overlays that encode changed copies of it;
 * NULL unless it was set, which is done before anything is computed. (transfer none) */
void            dinoscope_context_set_study (DinoscopeContext *self, DinoscopeStudy *study);
DinoscopeStudy *dinoscope_context_get_study (DinoscopeContext *self);
#endif

G_END_DECLS
