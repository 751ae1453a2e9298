/* Numbers for a step, from the run's seed and the step's number alone: a run
 * can be begun anew, and what one step takes changes nothing for the next. */
#pragma once

#include <glib.h>

struct draw
{
  guint64 state;
};

/* splitmix64 (Steele, Lea and Flood 2014). */
static inline guint64
draw_next (struct draw *draw)
{
  guint64 z = draw->state += G_GUINT64_CONSTANT (0x9e3779b97f4a7c15);

  z = (z ^ (z >> 30)) * G_GUINT64_CONSTANT (0xbf58476d1ce4e5b9);
  z = (z ^ (z >> 27)) * G_GUINT64_CONSTANT (0x94d049bb133111eb);
  return z ^ (z >> 31);
}

static inline struct draw
draw_new (guint64 seed, guint64 step)
{
  struct draw draw = { seed };

  draw.state = draw_next (&draw) + step * G_GUINT64_CONSTANT (0xd1342543de82ef95);
  return draw;
}

/* 0 … n - 1; 0 of 0. */
static inline guint
draw_below (struct draw *draw, guint n)
{
  const guint64 value = draw_next (draw);

  return n > 0 ? (guint) (value % n) : 0;
}

static inline gboolean
draw_chance (struct draw *draw, guint one_in)
{
  return draw_below (draw, one_in) == 0;
}

static inline int
draw_between (struct draw *draw, int low, int high)
{
  return low + (int) draw_below (draw, (guint) (high - low + 1));
}

static inline double
draw_double (struct draw *draw, double low, double high)
{
  return low + (high - low) * (double) (draw_next (draw) >> 11) / (double) (G_GUINT64_CONSTANT (1) << 53);
}

/* Mostly a number of that range, at times one that nobody means. */
double draw_wild (struct draw *draw, double low, double high);

/* Text that a person may type, and may not. */
const char *draw_text (struct draw *draw);
