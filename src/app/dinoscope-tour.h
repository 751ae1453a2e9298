#pragma once

#include "app/dinoscope-tour-card.h"
#include "app/dinoscope-window.h"

G_BEGIN_DECLS

#define DINOSCOPE_TYPE_TOUR (dinoscope_tour_get_type ())
G_DECLARE_FINAL_TYPE (DinoscopeTour, dinoscope_tour, DINOSCOPE, TOUR, GObject)

/* The guided tour on the bundled radiograph. Each step brings the window to a
 * state by what a person would use: overlay settings, the canvas, the panel.
 * What was there before is remembered at the start and comes back at the end.
 *
 * Signal "changed": started, ended, or at another step.
 */

/* window owns the tour; card is its. */
DinoscopeTour *dinoscope_tour_new (DinoscopeWindow *window, DinoscopeTourCard *card);

/* The first step. */
void dinoscope_tour_start (DinoscopeTour *self);

/* After the last step the tour ends; before the first there is none. */
void dinoscope_tour_next (DinoscopeTour *self);
void dinoscope_tour_back (DinoscopeTour *self);

void dinoscope_tour_end (DinoscopeTour *self);

gboolean dinoscope_tour_is_running (DinoscopeTour *self);
guint    dinoscope_tour_get_step (DinoscopeTour *self);

G_END_DECLS
