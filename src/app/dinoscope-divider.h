#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define DINOSCOPE_TYPE_DIVIDER (dinoscope_divider_get_type ())
G_DECLARE_FINAL_TYPE (DinoscopeDivider, dinoscope_divider, DINOSCOPE, DIVIDER, GtkWidget)

/* Width that the parent gives it, so that a finger hits it; its line is in the middle. */
#define DINOSCOPE_DIVIDER_WIDTH 24

/* Where one of two pictures that lie over each other ends and the other one
 * begins: a line that is dragged, or moved by the arrow keys (with Shift
 * further, Home and End to the edges). Property "position": 0 … 1 of the
 * parent's width. */

GtkWidget *dinoscope_divider_new (void);

double dinoscope_divider_get_position (DinoscopeDivider *self);
void   dinoscope_divider_set_position (DinoscopeDivider *self, double position);

G_END_DECLS
