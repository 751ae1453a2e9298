#pragma once

#include <adwaita.h>

#include "core/heads/head.h"

G_BEGIN_DECLS

#define DINOSCOPE_TYPE_PROBE_ROW (dinoscope_probe_row_get_type ())
G_DECLARE_FINAL_TYPE (DinoscopeProbeRow, dinoscope_probe_row, DINOSCOPE, PROBE_ROW, AdwActionRow)

/* A class of a head, its score as a bar and a number, and a button.
 *
 * Signal "show-patches": where in the picture the score comes from is asked for. */

GtkWidget *dinoscope_probe_row_new (const struct dino_head *head, guint index);

/* NULL: there is none. */
void dinoscope_probe_row_set_score (DinoscopeProbeRow *self, const double *score);

/* Why the button is of no use, NULL: it is. */
void dinoscope_probe_row_set_obstacle (DinoscopeProbeRow *self, const char *obstacle);

guint       dinoscope_probe_row_get_index (DinoscopeProbeRow *self);
const char *dinoscope_probe_row_get_text (DinoscopeProbeRow *self);

G_END_DECLS
