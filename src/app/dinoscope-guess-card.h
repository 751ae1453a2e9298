#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define DINOSCOPE_TYPE_GUESS_CARD (dinoscope_guess_card_get_type ())
G_DECLARE_FINAL_TYPE (DinoscopeGuessCard, dinoscope_guess_card, DINOSCOPE, GUESS_CARD, GtkWidget)

/* The note over a picture whose map is hidden until somebody guessed, and the
 * numbers of the guess afterwards.
 *
 * Properties: "marking-boxes", to be bound to the canvas' tool.
 *
 * Signals: "reveal", "closed"
 */

/* Asks for a guess; ready: there is one to be compared. */
void dinoscope_guess_card_ask (DinoscopeGuessCard *self, gboolean ready);

/* Tells how it compares. */
void dinoscope_guess_card_tell (DinoscopeGuessCard *self, const char *text);

/* What it says now. */
const char *dinoscope_guess_card_get_text (DinoscopeGuessCard *self);

G_END_DECLS
