#pragma once

#include "app/dinoscope-page.h"

G_BEGIN_DECLS

#define DINOSCOPE_TYPE_STRIP (dinoscope_strip_get_type ())
G_DECLARE_FINAL_TYPE (DinoscopeStrip, dinoscope_strip, DINOSCOPE, STRIP, GtkWidget)

/* All heads of the block shown, or all blocks of the head shown, as small maps;
 * choosing one sets the overlay's parameter. It computes while it can be seen.
 *
 * Properties (read and write): "of-blocks", "shared-scale".
 */

void dinoscope_strip_set_settings (DinoscopeStrip *self, DinoscopeOverlaySettings *settings);

/* The page whose features are looked at; may be NULL. */
void dinoscope_strip_set_page (DinoscopeStrip *self, DinoscopePage *page);

guint      dinoscope_strip_get_n_cells (DinoscopeStrip *self);
GtkWidget *dinoscope_strip_get_cell (DinoscopeStrip *self, guint index);

/* TRUE when every map that can be made of the blocks that are there is shown. */
gboolean dinoscope_strip_is_filled (DinoscopeStrip *self);

/* "0.001 to 0.25": what the colours of all maps cover, "" where each has its
 * own; the sentence in the place of maps, "" when there are maps. */
const char *dinoscope_strip_get_scale_text (DinoscopeStrip *self);
const char *dinoscope_strip_get_words (DinoscopeStrip *self);

G_END_DECLS
