#pragma once

#include "dinoscope-features.h"
#include "dinoscope-study.h"

G_BEGIN_DECLS

#define DINOSCOPE_TYPE_CONTEXT (dinoscope_context_get_type ())
G_DECLARE_FINAL_TYPE (DinoscopeContext, dinoscope_context, DINOSCOPE, CONTEXT, GObject)

/**
 * DinoscopeContext:
 *
 * What an overlay may look at: the primary features and an ordered list of
 * reference features (another picture, another model, another preparation).
 * Immutable.
 */

/**
 * dinoscope_context_new:
 * @primary: the picture's features
 * @references: (array length=n_references) (nullable): what it is compared with
 * @n_references: their number
 *
 * Makes a context. Takes references of its own.
 *
 * Returns: (transfer full): the context
 */
DinoscopeContext *dinoscope_context_new (DinoscopeFeatures *primary, DinoscopeFeatures *const *references, guint n_references);

/**
 * dinoscope_context_get_primary:
 * @self: a context
 *
 * Gets the picture's features.
 *
 * Returns: (transfer none): features
 */
DinoscopeFeatures *dinoscope_context_get_primary (DinoscopeContext *self);

/**
 * dinoscope_context_get_n_references:
 * @self: a context
 *
 * Gets how much the picture is compared with.
 *
 * Returns: the number of references
 */
guint dinoscope_context_get_n_references (DinoscopeContext *self);

/**
 * dinoscope_context_get_reference:
 * @self: a context
 * @index: 0 … number of references - 1
 *
 * Gets one of the features that the picture is compared with.
 *
 * Returns: (transfer none): features
 */
DinoscopeFeatures *dinoscope_context_get_reference (DinoscopeContext *self, guint index);

/**
 * dinoscope_context_set_study:
 * @self: a context
 * @study: (nullable): the primary features' picture
 *
 * Names the picture, for overlays that encode changed copies of it
 * ("occlusion"). Before anything is computed.
 */
void dinoscope_context_set_study (DinoscopeContext *self, DinoscopeStudy *study);

/**
 * dinoscope_context_get_study:
 * @self: a context
 *
 * Gets the primary features' picture.
 *
 * Returns: (transfer none) (nullable): the picture; %NULL unless it was set
 */
DinoscopeStudy *dinoscope_context_get_study (DinoscopeContext *self);

G_END_DECLS
