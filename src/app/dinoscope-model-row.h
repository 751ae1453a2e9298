#pragma once

#include "engine/dinoscope.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define DINOSCOPE_TYPE_MODEL_ROW (dinoscope_model_row_get_type ())
G_DECLARE_FINAL_TYPE (DinoscopeModelRow, dinoscope_model_row, DINOSCOPE, MODEL_ROW, AdwActionRow)

/* A model that was found: a radio button, its name, its size and where it
 * lies, or why it cannot be used. Signal "chosen": a person wants it. */

/* group is another row of the list, NULL for the first. */
DinoscopeModelRow *dinoscope_model_row_new (DinoscopeFoundModel *model, DinoscopeModelRow *group);

DinoscopeFoundModel *dinoscope_model_row_get_model (DinoscopeModelRow *self);
gboolean             dinoscope_model_row_get_selected (DinoscopeModelRow *self);

/* Without telling anybody. */
void dinoscope_model_row_set_selected (DinoscopeModelRow *self, gboolean selected);
void dinoscope_model_row_set_loading (DinoscopeModelRow *self, gboolean loading);

G_END_DECLS
