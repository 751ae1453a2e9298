#include "core/encoder/team.h"

#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdint.h>
#include <time.h>

#include "core/base/memory.h"
#include "core/base/text.h"
#include "core/encoder/blas.h"
#include "core/encoder/cpu.h"

/* More threads than this never help a single picture. */
#define MAX_THREADS 1024

/* Loops follow each other closely: a thread looks for the next one for some
 * tens of microseconds before it sleeps. */
#define SPINS 2000

#define REPORT_INTERVAL_NS ((int64_t) 15 * 1000 * 1000)

struct worker
{
  struct dino_team *team;
  pthread_t         thread;
  int               index;
};

struct dino_team
{
  int            threads;
  struct worker *workers; /* [threads]; 0 is the calling thread and has no pthread */

  /* Callers' turns, in the order in which they asked: a mutex alone would go
   * to whoever unlocked it last, and a map would wait for a forward pass. */
  pthread_mutex_t turns; /* guards what follows */
  pthread_cond_t  turn_over;
  unsigned        asked, served;

  pthread_mutex_t lock; /* guards what follows; the atomics are also read without it */
  pthread_cond_t  work; /* a loop was opened, or quit */
  pthread_cond_t  idle; /* the last worker has left a closed loop */
  atomic_uint     loop; /* counts loops; the loop is open while odd */
  atomic_int      active;
  atomic_bool     quit;

  /* The loop: written while nobody is active. */
  dino_team_func func;
  void          *data;
  size_t         n_items;
  atomic_size_t  next;

  /* The caller's whose turn it is. */
  int     reported_done;
  int64_t reported_at;
};

static inline void
relax (void)
{
#if defined(__x86_64__) || defined(__i386__)
  __builtin_ia32_pause ();
#elif defined(__aarch64__)
  __asm__ volatile("yield");
#endif
}

static int64_t
now_ns (void)
{
  struct timespec now;

  clock_gettime (CLOCK_MONOTONIC, &now);
  return (int64_t) now.tv_sec * 1000000000 + now.tv_nsec;
}

static bool
is_news (const struct dino_team *team, unsigned seen)
{
  const unsigned loop = atomic_load (&team->loop);

  return atomic_load (&team->quit) || (loop != seen && loop % 2 == 1);
}

/* Waits for an open loop other than *seen, joins it and remembers it; false to quit. */
static bool
join_loop (struct dino_team *team, unsigned *seen)
{
  bool joined;

  for (int i = 0; i < SPINS && !is_news (team, *seen); i++)
    relax ();
  pthread_mutex_lock (&team->lock);
  while (!is_news (team, *seen))
    pthread_cond_wait (&team->work, &team->lock);
  joined = !atomic_load (&team->quit);
  if (joined)
    {
      *seen = atomic_load (&team->loop);
      atomic_fetch_add (&team->active, 1);
    }
  pthread_mutex_unlock (&team->lock);
  return joined;
}

static void
leave_loop (struct dino_team *team)
{
  pthread_mutex_lock (&team->lock);
  if (atomic_fetch_sub (&team->active, 1) == 1)
    pthread_cond_signal (&team->idle);
  pthread_mutex_unlock (&team->lock);
}

static void *
work (void *data)
{
  struct worker    *worker = data;
  struct dino_team *team = worker->team;
  unsigned          loop = 0;

  dino_blas_enter_thread ();
  while (join_loop (team, &loop))
    {
      size_t item;

      while ((item = atomic_fetch_add (&team->next, 1)) < team->n_items)
        team->func (team->data, item, worker->index);
      leave_loop (team);
    }
  return NULL;
}

/* Signals are for the threads of the host program; but a thread whose own
 * faults are blocked is killed by them, whoever could have mended it. */
static bool
start_worker (struct worker *worker)
{
  sigset_t all, old;
  bool     started;

  sigfillset (&all);
  sigdelset (&all, SIGBUS);
  sigdelset (&all, SIGSEGV);
  pthread_sigmask (SIG_SETMASK, &all, &old);
  started = pthread_create (&worker->thread, NULL, work, worker) == 0;
  pthread_sigmask (SIG_SETMASK, &old, NULL);
  return started;
}

static void
stop (struct dino_team *team, int started)
{
  pthread_mutex_lock (&team->lock);
  atomic_store (&team->quit, true);
  pthread_cond_broadcast (&team->work);
  pthread_mutex_unlock (&team->lock);
  for (int i = 1; i < started; i++)
    pthread_join (team->workers[i].thread, NULL);
  pthread_cond_destroy (&team->idle);
  pthread_cond_destroy (&team->work);
  pthread_mutex_destroy (&team->lock);
  pthread_cond_destroy (&team->turn_over);
  pthread_mutex_destroy (&team->turns);
  dino_free (team->workers);
  dino_free (team);
}

struct dino_team *
dino_team_new (int threads, struct dino_error *error)
{
  struct dino_team *team;

  if (threads == 0)
    threads = dino_cpu_threads ();
  if (threads < 0 || threads > MAX_THREADS)
    {
      dino_error_set (error, DINO_CODE_ARGUMENT, _ ("The number of threads must be between 1 and %d, not %d."), MAX_THREADS, threads);
      return NULL;
    }
  team = dino_alloc_zeroed (1, sizeof *team, error);
  if (team == NULL)
    return NULL;
  team->workers = dino_alloc_zeroed ((size_t) threads, sizeof *team->workers, error);
  if (team->workers == NULL)
    {
      dino_free (team);
      return NULL;
    }
  team->threads = threads;
  team->reported_done = -1;
  pthread_mutex_init (&team->turns, NULL);
  pthread_cond_init (&team->turn_over, NULL);
  pthread_mutex_init (&team->lock, NULL);
  pthread_cond_init (&team->work, NULL);
  pthread_cond_init (&team->idle, NULL);
  for (int i = 1; i < threads; i++)
    {
      team->workers[i] = (struct worker){ .team = team, .index = i };
      if (!start_worker (&team->workers[i]))
        {
          stop (team, i);
          dino_error_set (error, DINO_CODE_MEMORY, _ ("The system refused to start thread %d of %d."), i + 1, threads);
          return NULL;
        }
    }
  return team;
}

void
dino_team_free (struct dino_team *team)
{
  if (team != NULL)
    stop (team, team->threads);
}

int
dino_team_threads (const struct dino_team *team)
{
  return team->threads;
}

static void
take_turn (struct dino_team *team)
{
  unsigned mine;

  pthread_mutex_lock (&team->turns);
  mine = team->asked++;
  while (mine != team->served)
    pthread_cond_wait (&team->turn_over, &team->turns);
  pthread_mutex_unlock (&team->turns);
}

static bool
try_turn (struct dino_team *team)
{
  bool mine;

  pthread_mutex_lock (&team->turns);
  mine = team->asked == team->served;
  if (mine)
    team->asked++;
  pthread_mutex_unlock (&team->turns);
  return mine;
}

static void
pass_turn (struct dino_team *team)
{
  pthread_mutex_lock (&team->turns);
  team->served++;
  pthread_cond_broadcast (&team->turn_over);
  pthread_mutex_unlock (&team->turns);
}

static void
open_loop (struct dino_team *team, size_t n_items, dino_team_func func, void *data)
{
  pthread_mutex_lock (&team->lock);
  team->func = func;
  team->data = data;
  team->n_items = n_items;
  atomic_store (&team->next, 0);
  atomic_fetch_add (&team->loop, 1);
  if (n_items > 1 && team->threads > 1)
    pthread_cond_broadcast (&team->work);
  pthread_mutex_unlock (&team->lock);
}

/* Threads that have not joined by now never will: nobody waits for one that
 * the system has put aside. */
static void
close_loop (struct dino_team *team)
{
  for (int i = 0; i < SPINS && atomic_load (&team->active) > 0; i++)
    relax ();
  pthread_mutex_lock (&team->lock);
  atomic_fetch_add (&team->loop, 1);
  while (atomic_load (&team->active) > 0)
    pthread_cond_wait (&team->idle, &team->lock);
  pthread_mutex_unlock (&team->lock);
}

/* A change of done is always told, and else only now and then: items may be short. */
static bool
report (struct dino_team *team, const struct dino_progress *progress, int done, int total)
{
  int64_t now;

  if (progress == NULL || progress->func == NULL)
    return true;
  now = now_ns ();
  if (done == team->reported_done && now - team->reported_at < REPORT_INTERVAL_NS)
    return true;
  team->reported_done = done;
  team->reported_at = now;
  return dino_progress_report (progress, done, total);
}

/* In the caller's turn. */
static bool
run_loop (struct dino_team *team, size_t n_items, dino_team_func func, void *data, const struct dino_progress *progress, int done, int total)
{
  bool   go_on = report (team, progress, done, total);
  size_t item;

  if (!go_on || n_items == 0)
    return go_on;
  open_loop (team, n_items, func, data);
  while (go_on && (item = atomic_fetch_add (&team->next, 1)) < n_items)
    {
      func (data, item, 0);
      go_on = report (team, progress, done, total);
    }
  if (!go_on)
    atomic_store (&team->next, n_items);
  close_loop (team);
  return go_on;
}

bool
dino_team_run (struct dino_team           *team,
               size_t                      n_items,
               dino_team_func              func,
               void                       *data,
               const struct dino_progress *progress,
               int                         done,
               int                         total)
{
  bool go_on;

  take_turn (team);
  go_on = run_loop (team, n_items, func, data, progress, done, total);
  pass_turn (team);
  return go_on;
}

bool
dino_team_try_run (struct dino_team *team, size_t n_items, dino_team_func func, void *data)
{
  if (!try_turn (team))
    return false;
  run_loop (team, n_items, func, data, NULL, 0, 1);
  pass_turn (team);
  return true;
}
