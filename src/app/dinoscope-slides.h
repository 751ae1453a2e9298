#pragma once

#include "app/dinoscope-slide-bar.h"
#include "app/dinoscope-window.h"

G_BEGIN_DECLS

#define DINOSCOPE_TYPE_SLIDES (dinoscope_slides_get_type ())
G_DECLARE_FINAL_TYPE (DinoscopeSlides, dinoscope_slides, DINOSCOPE, SLIDES, GObject)

/* Sidecars shown one after the other: each brings back the view that it was
 * exported from. What was there before is remembered at the start and comes
 * back at the end. A slide that cannot be shown is named, and passed over like
 * any other.
 *
 * Signal "changed": started, ended, or at another slide.
 */

/* window owns the slides; bar is its. */
DinoscopeSlides *dinoscope_slides_new (DinoscopeWindow *window, DinoscopeSlideBar *bar);

/* files (GFile) are sidecars; of one alone those beside it follow. Instead of what runs already. */
void dinoscope_slides_start (DinoscopeSlides *self, GListModel *files);

/* They stay at the ends. */
void dinoscope_slides_next (DinoscopeSlides *self);
void dinoscope_slides_back (DinoscopeSlides *self);

void dinoscope_slides_end (DinoscopeSlides *self);

gboolean dinoscope_slides_are_running (DinoscopeSlides *self);
guint    dinoscope_slides_get_index (DinoscopeSlides *self);
guint    dinoscope_slides_get_n (DinoscopeSlides *self);

G_END_DECLS
