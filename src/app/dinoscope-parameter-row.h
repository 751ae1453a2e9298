#pragma once

#include <adwaita.h>

#include "app/dinoscope-marks.h"
#include "app/dinoscope-overlay-settings.h"

G_BEGIN_DECLS

#define DINOSCOPE_TYPE_PARAMETER_ROW (dinoscope_parameter_row_get_type ())
G_DECLARE_FINAL_TYPE (DinoscopeParameterRow, dinoscope_parameter_row, DINOSCOPE, PARAMETER_ROW, AdwActionRow)

/* A row of the panel made from the description of a parameter: a switch, a
 * scale, a spin button, a drop-down, a file button, or a button that takes the
 * patch cursor or clears the pins, and one more switch when it is optional. It
 * shows and sets the value in settings. */

GtkWidget *dinoscope_parameter_row_new (DinoscopeParameter *parameter, DinoscopeOverlaySettings *settings);

/* Whose cursor a parameter of type patch takes; NULL: none can be taken. */
void dinoscope_parameter_row_set_marks (DinoscopeParameterRow *self, DinoscopeMarks *marks);

const char *dinoscope_parameter_row_get_name (DinoscopeParameterRow *self);

/* The widget by which the value is set. */
GtkWidget *dinoscope_parameter_row_get_editor (DinoscopeParameterRow *self);

G_END_DECLS
