#pragma once

#include <gtk/gtk.h>

#include "app/dinoscope-collection.h"

G_BEGIN_DECLS

#define DINOSCOPE_TYPE_SCATTER_CARD (dinoscope_scatter_card_get_type ())
G_DECLARE_FINAL_TYPE (DinoscopeScatterCard, dinoscope_scatter_card, DINOSCOPE, SCATTER_CARD, GtkWidget)

/* A picture of a collection, small, with its name: what is under the pointer. */

/* row -1: nothing, and the card is not seen. words: a line below the name; may be NULL. */
void dinoscope_scatter_card_show (DinoscopeScatterCard *self, DinoscopeCollection *collection, gssize row, const char *words);

/* Whether a picture is shown. */
gboolean dinoscope_scatter_card_has_picture (DinoscopeScatterCard *self);

G_END_DECLS
