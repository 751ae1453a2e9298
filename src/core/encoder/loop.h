/* Loops that a caller may run without a team. */
#pragma once

#include "core/encoder/team.h"

/* func for items 0 … n_items-1: on the team, or on the calling thread alone, as
 * thread 0, where that is NULL or at work for somebody else: one loop of a
 * forward pass takes longer than most maps. The bits are the same. */
static inline void
dino_loop_run (struct dino_team *team, size_t n_items, dino_team_func func, void *data)
{
  if (team == NULL || !dino_team_try_run (team, n_items, func, data))
    for (size_t item = 0; item < n_items; item++)
      func (data, item, 0);
}

/* The threads that may run an item. */
static inline size_t
dino_loop_threads (const struct dino_team *team)
{
  return team != NULL ? (size_t) dino_team_threads (team) : 1;
}
