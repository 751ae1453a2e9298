/* Loops that a caller may run without a team. */
#pragma once

#include "core/encoder/team.h"

/* func for items 0 … n_items-1: on the team, or where that is NULL on the
 * calling thread alone, as thread 0. */
static inline void
dino_loop_run (struct dino_team *team, size_t n_items, dino_team_func func, void *data)
{
  if (team != NULL)
    dino_team_run (team, n_items, func, data, NULL, 0, 1);
  else
    for (size_t item = 0; item < n_items; item++)
      func (data, item, 0);
}

/* The threads that may run an item. */
static inline size_t
dino_loop_threads (const struct dino_team *team)
{
  return team != NULL ? (size_t) dino_team_threads (team) : 1;
}
