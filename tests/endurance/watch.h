/* What makes a run of the window fail: a warning or an error that is logged, and a
 * main loop that does not turn. */
#pragma once

#include <glib.h>

/* Once, on the thread whose main loop is watched. limit: seconds that the loop may
 * take for one turn, without the time in which the system let others run. own: what
 * GTK and libadwaita say does not count. */
void watch_begin (double limit, gboolean own);

/* No main loop any more: what sanitizers do at the end takes its time. Tells which
 * known sentences of GTK were heard. */
void watch_end (void);

/* Where the run is; kept until the next call. */
void watch_set_place (const char *place);

/* A finding of the caller's own. */
void watch_find (const char *format, ...) G_GNUC_PRINTF (1, 2);

guint watch_get_n_findings (void);
