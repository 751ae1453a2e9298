#pragma once

#include <gtk/gtk.h>

#include "app/dinoscope-tour-steps.h"

G_BEGIN_DECLS

#define DINOSCOPE_TYPE_TOUR_CARD (dinoscope_tour_card_get_type ())
G_DECLARE_FINAL_TYPE (DinoscopeTourCard, dinoscope_tour_card, DINOSCOPE, TOUR_CARD, GtkWidget)

/* The text of a step, beside the picture. Its buttons and keys are the window's
 * actions win.tour-back, win.tour-next and win.tour-end; other keys go to the
 * key target, so that everything can be tried while the card has the focus. */

void dinoscope_tour_card_show_step (DinoscopeTourCard *self, const DinoscopeTourStep *step, guint index, guint n_steps);

/* Gets the keys that the card has no use for; NULL: nobody. */
void dinoscope_tour_card_set_key_target (DinoscopeTourCard *self, GtkWidget *target);

G_END_DECLS
