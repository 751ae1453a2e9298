/* What a process holds while it does the same many times. */
#pragma once

#include <glib.h>

struct growth
{
  const char *name;
  guint       total, warm; /* the first warm rounds do not count */
  GArray     *samples;
};

/* GROWTH_LIMIT bytes of resident memory may be gained from the warm-up to the end,
 * by the straight line through all samples; no descriptor, and no more threads
 * than pools of the libraries have idle. */
#define GROWTH_LIMIT (8 << 20)
#define GROWTH_THREADS 4

void growth_begin (struct growth *growth, const char *name, guint total);

/* After each round, when nothing of it is left. */
void growth_note (struct growth *growth, guint round);

/* Prints the figures; FALSE when there is more than may be. */
gboolean growth_end (struct growth *growth);
