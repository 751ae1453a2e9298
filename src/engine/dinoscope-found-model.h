#pragma once

#include <gio/gio.h>

#include "core/model/model.h"
#include "engine/dinoscope-model-finder.h"

G_BEGIN_DECLS

#define DINOSCOPE_TYPE_FOUND_MODEL (dinoscope_found_model_get_type ())
G_DECLARE_FINAL_TYPE (DinoscopeFoundModel, dinoscope_found_model, DINOSCOPE, FOUND_MODEL, GObject)

/* A model that lies on this machine, as its headers and configurations
 * describe it. Immutable. */

/* What --model takes for it: "rad-dino", "microsoft/rad-dino", "demo", or its path. */
const char *dinoscope_found_model_get_name (DinoscopeFoundModel *self);

/* What a person calls it; for the bundled encoder "Demonstration encoder - not RAD-DINO". */
const char          *dinoscope_found_model_get_title (DinoscopeFoundModel *self);
const char          *dinoscope_found_model_get_path (DinoscopeFoundModel *self);
DinoscopeModelSource dinoscope_found_model_get_source (DinoscopeFoundModel *self);
gboolean             dinoscope_found_model_is_demonstration (DinoscopeFoundModel *self);

/* Why it cannot be used, in sentences; NULL when it can. */
const char *dinoscope_found_model_get_problem (DinoscopeFoundModel *self);

/* Whether it is the one that is used when nothing else is asked for. */
gboolean dinoscope_found_model_is_in_use (DinoscopeFoundModel *self);

/* NULL when nothing is known of the network. */
const struct dino_config *dinoscope_found_model_get_config (DinoscopeFoundModel *self);

/* Pixels of what the processor makes of a square picture; 0 when not known. */
void dinoscope_found_model_get_input (DinoscopeFoundModel *self, int *width, int *height);

/* Bytes of the files with weights, 0 when there are none. */
guint64 dinoscope_found_model_get_bytes (DinoscopeFoundModel *self);

/* "12 blocks, 12 heads, 768 channels, patch 14 px, input 518 × 518 px, 346.3 MB",
 * as far as it is known; "" when nothing is. (transfer full) */
char *dinoscope_found_model_describe (DinoscopeFoundModel *self);

/* The model at path, by itself. (transfer full) */
DinoscopeFoundModel *dinoscope_found_model_at (const char *path);

/* Every model in the places of docs/architecture.md "Models", in the order in
 * which they are looked for, and what argument (--model), $DINOSCOPE_MODEL and
 * setting name beyond them; argument and setting may be NULL. Those that
 * cannot be used are in it with their problem; of the Hugging Face cache only
 * what calls itself a DINOv2. Reads configurations and headers, never weights:
 * some milliseconds a model. Exactly one is in use, unless cancelled. A list
 * of DinoscopeFoundModel. (transfer full) */
GListModel *dinoscope_model_list (const char *argument, const char *setting, GCancellable *cancellable);

G_END_DECLS
