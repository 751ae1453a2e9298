/* A team of threads that does one parallel loop at a time. */
#pragma once

#include <stddef.h>

#include "core/base/error.h"
#include "core/base/progress.h"

struct dino_team;

/* One item of a loop, on thread (0 … threads-1) of the team. Which thread gets
 * which item is not fixed: results must not depend on it. */
typedef void (*dino_team_func) (void *data, size_t item, int thread);

/* threads counts the calling thread too (1: no thread is started); 0 asks dino_cpu_threads(). */
struct dino_team *dino_team_new (int threads, struct dino_error *error);

/* Joins the threads. No loop may be running. */
void dino_team_free (struct dino_team *team);

int dino_team_threads (const struct dino_team *team);

/* Runs func for items 0 … n_items-1 and returns when all are done. Callers
 * from different threads take turns, loop by loop, in the order in which they
 * ask. progress (may be NULL) is asked on the calling thread between its
 * items, as "done of total"; once it says no, remaining items are skipped and
 * false is returned. */
bool dino_team_run (struct dino_team           *team,
                    size_t                      n_items,
                    dino_team_func              func,
                    void                       *data,
                    const struct dino_progress *progress,
                    int                         done,
                    int                         total);

/* The same without progress, unless it is somebody else's turn: then false is
 * returned at once and nothing was done. */
bool dino_team_try_run (struct dino_team *team, size_t n_items, dino_team_func func, void *data);
