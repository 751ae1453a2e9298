#pragma once

#include <adwaita.h>

#include "app/dinoscope-scribble-kit.h"

G_BEGIN_DECLS

#define DINOSCOPE_TYPE_SCRIBBLE_CLASS_ROW (dinoscope_scribble_class_row_get_type ())
G_DECLARE_FINAL_TYPE (DinoscopeScribbleClassRow, dinoscope_scribble_class_row, DINOSCOPE, SCRIBBLE_CLASS_ROW, AdwEntryRow)

/* A class of the brush: chosen by its button; colour, name, and a button that
 * removes it. */
GtkWidget *dinoscope_scribble_class_row_new (DinoscopeScribbleKit *kit, guint index, DinoscopeScribbleClassRow *group);

/* The kit is another one. */
void dinoscope_scribble_class_row_update (DinoscopeScribbleClassRow *self);

G_END_DECLS
