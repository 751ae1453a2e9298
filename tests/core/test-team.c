/* The team: every item once, everybody works, callers take turns, cancel. */
#include <glib.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>

#include "core/encoder/team.h"

static struct dino_team *
new_team (int threads)
{
  struct dino_error error = { 0 };
  struct dino_team *team = dino_team_new (threads, &error);

  g_assert_cmpstr (error.message, ==, "");
  g_assert_nonnull (team);
  return team;
}

struct count
{
  int         threads;
  atomic_int *items;
};

static void
count_item (void *data, size_t item, int thread)
{
  struct count *count = data;

  g_assert_cmpint (thread, >=, 0);
  g_assert_cmpint (thread, <, count->threads);
  atomic_fetch_add (&count->items[item], 1);
}

struct signals
{
  sigset_t blocked;
  bool     is_seen;
};

static void
see_signals (void *data, size_t item, int thread)
{
  struct signals *of = (struct signals *) data + thread;

  pthread_sigmask (SIG_SETMASK, NULL, &of->blocked);
  of->is_seen = true;
  /* So that nobody takes all items. */
  g_usleep (100);
}

/* Signals reach the threads of the program, but a worker's own faults the worker. */
static void
test_signals (void)
{
  static const int  others[] = { SIGTERM, SIGINT, SIGHUP, SIGUSR1, SIGUSR2, SIGCHLD, SIGALRM, SIGPIPE };
  struct dino_team *team = new_team (3);
  struct signals    of[3] = { 0 };
  sigset_t          before, after;

  pthread_sigmask (SIG_SETMASK, NULL, &before);
  while (!of[1].is_seen || !of[2].is_seen)
    g_assert_true (dino_team_run (team, 50, see_signals, of, NULL, 0, 1));
  pthread_sigmask (SIG_SETMASK, NULL, &after);
  for (guint s = 0; s < G_N_ELEMENTS (others); s++)
    {
      g_assert_true (sigismember (&of[1].blocked, others[s]) && sigismember (&of[2].blocked, others[s]));
      g_assert_cmpint (sigismember (&after, others[s]), ==, sigismember (&before, others[s]));
    }
  for (int i = 1; i < 3; i++)
    g_assert_false (sigismember (&of[i].blocked, SIGBUS) || sigismember (&of[i].blocked, SIGSEGV));
  dino_team_free (team);
}

static void
test_once (void)
{
  static const int   threads[] = { 1, 2, 3, 5, 16 };
  static const gsize sizes[] = { 0, 1, 2, 3, 7, 100, 4096 };

  for (gsize t = 0; t < G_N_ELEMENTS (threads); t++)
    {
      struct dino_team *team = new_team (threads[t]);

      g_assert_cmpint (dino_team_threads (team), ==, threads[t]);
      for (int round = 0; round < 50; round++)
        for (gsize s = 0; s < G_N_ELEMENTS (sizes); s++)
          {
            g_autofree atomic_int *items = g_new0 (atomic_int, sizes[s] + 1);
            struct count           count = { .threads = threads[t], .items = items };

            g_assert_true (dino_team_run (team, sizes[s], count_item, &count, NULL, 0, 1));
            for (gsize i = 0; i < sizes[s]; i++)
              g_assert_cmpint (items[i], ==, 1);
          }
      dino_team_free (team);
    }
}

/* An item ends only when as many are under way as there are threads: with one
 * thread missing this would never return. */
static void
meet (void *data, size_t item, int thread)
{
  pthread_barrier_wait (data);
}

static void
test_all_work (void)
{
  for (int threads = 2; threads <= 5; threads++)
    {
      struct dino_team *team = new_team (threads);
      pthread_barrier_t barrier;

      /* Long enough for the threads to have gone to sleep. */
      g_usleep (20000);
      pthread_barrier_init (&barrier, NULL, (unsigned) threads);
      for (int round = 0; round < 20; round++)
        {
          g_assert_true (dino_team_run (team, (size_t) threads * 3, meet, &barrier, NULL, 0, 1));
          if (round % 5 == 0)
            g_usleep (2000);
        }
      pthread_barrier_destroy (&barrier);
      dino_team_free (team);
    }
}

/* A loop of one caller may not run beside another's: an item that follows one
 * of another caller finds that caller's loop complete. */
#define TURN_ITEMS 10

struct turn
{
  struct dino_team     *team;
  struct turn *_Atomic *last; /* whose item ran last */
  atomic_int            items;
};

static void
turn_item (void *data, size_t item, int thread)
{
  struct turn *turn = data, *last = atomic_exchange (turn->last, turn);

  g_assert_true (last == NULL || last == turn || last->items % TURN_ITEMS == 0);
  for (volatile int i = 0; i < 1000; i++)
    ;
  atomic_fetch_add (&turn->items, 1);
}

static gpointer
take_turns (gpointer data)
{
  struct turn *turn = data;

  for (int round = 0; round < 200; round++)
    g_assert_true (dino_team_run (turn->team, TURN_ITEMS, turn_item, turn, NULL, 0, 1));
  return NULL;
}

static void
test_turns (void)
{
  struct dino_team    *team = new_team (3);
  struct turn *_Atomic last = NULL;
  struct turn          turns[4];
  GThread             *threads[4];

  for (int i = 0; i < 4; i++)
    {
      turns[i].team = team;
      turns[i].last = &last;
      atomic_init (&turns[i].items, 0);
      threads[i] = g_thread_new ("caller", take_turns, &turns[i]);
    }
  for (int i = 0; i < 4; i++)
    {
      g_thread_join (threads[i]);
      g_assert_cmpint (turns[i].items, ==, 200 * TURN_ITEMS);
    }
  dino_team_free (team);
}

struct asked
{
  GThread   *caller;
  atomic_int calls;
  int        answer_no_at, done, total;
};

static bool
ask (void *data, int done, int total)
{
  struct asked *asked = data;

  g_assert_true (g_thread_self () == asked->caller);
  asked->done = done;
  asked->total = total;
  return atomic_fetch_add (&asked->calls, 1) + 1 != asked->answer_no_at;
}

struct slow
{
  struct asked asked;
  atomic_int   items;
};

/* The calling thread, which alone is asked, has items left until it was asked
 * twice, however late it comes. */
static void
slow_item (void *data, size_t item, int thread)
{
  struct slow *slow = data;

  do
    g_usleep (5000);
  while (thread != 0 && atomic_load (&slow->asked.calls) < 2);
  atomic_fetch_add (&slow->items, 1);
}

static void
test_progress (void)
{
  for (int threads = 1; threads <= 3; threads++)
    {
      struct dino_team    *team = new_team (threads);
      struct slow          slow = { .asked.caller = g_thread_self () };
      struct dino_progress progress = { .func = ask, .data = &slow.asked };

      g_assert_true (dino_team_run (team, 60, slow_item, &slow, &progress, 3, 12));
      g_assert_cmpint (slow.items, ==, 60);
      g_assert_cmpint (slow.asked.calls, >=, 2);
      g_assert_cmpint (slow.asked.done, ==, 3);
      g_assert_cmpint (slow.asked.total, ==, 12);
      dino_team_free (team);
    }
}

static void
test_cancel (void)
{
  for (int threads = 1; threads <= 3; threads++)
    {
      struct dino_team    *team = new_team (threads);
      struct slow          slow = { .asked = { .caller = g_thread_self (), .answer_no_at = 2 } };
      struct dino_progress progress = { .func = ask, .data = &slow.asked };

      g_assert_false (dino_team_run (team, 10000, slow_item, &slow, &progress, 0, 1));
      g_assert_cmpint (slow.asked.calls, ==, 2);
      g_assert_cmpint (slow.items, <, 10000);
      /* The team is as good as new. */
      slow.items = 0;
      g_assert_true (dino_team_run (team, 10, slow_item, &slow, NULL, 0, 1));
      g_assert_cmpint (slow.items, ==, 10);
      dino_team_free (team);
    }
}

static void
test_arguments (void)
{
  static const int wrong[] = { -1, -1000, 1025, G_MAXINT };

  for (gsize i = 0; i < G_N_ELEMENTS (wrong); i++)
    {
      struct dino_error error = { 0 };

      g_assert_null (dino_team_new (wrong[i], &error));
      g_assert_cmpint (error.code, ==, DINO_CODE_ARGUMENT);
    }
  dino_team_free (NULL);
  dino_team_free (new_team (0));
}

struct gate
{
  struct dino_team *team;
  atomic_bool       begun, open;
  atomic_int        calls;
};

static void
wait_item (void *data, size_t item, int thread)
{
  struct gate *gate = data;

  atomic_store (&gate->begun, true);
  while (!atomic_load (&gate->open))
    g_usleep (100);
}

static void *
wait_loop (void *data)
{
  struct gate *gate = data;

  dino_team_run (gate->team, 1, wait_item, gate, NULL, 0, 1);
  return NULL;
}

static void
call_item (void *data, size_t item, int thread)
{
  struct gate *gate = data;

  atomic_fetch_add (&gate->calls, 1);
}

/* Nothing is done while somebody else's loop runs, all of it otherwise. */
static void
test_try (void)
{
  struct gate gate = { .team = new_team (3) };
  pthread_t   thread;

  g_assert_cmpint (pthread_create (&thread, NULL, wait_loop, &gate), ==, 0);
  while (!atomic_load (&gate.begun))
    g_usleep (100);
  for (int i = 0; i < 10; i++)
    g_assert_false (dino_team_try_run (gate.team, 7, call_item, &gate));
  g_assert_cmpint (gate.calls, ==, 0);
  atomic_store (&gate.open, true);
  pthread_join (thread, NULL);
  for (int i = 1; i <= 10; i++)
    {
      g_assert_true (dino_team_try_run (gate.team, 7, call_item, &gate));
      g_assert_cmpint (gate.calls, ==, 7 * i);
    }
  dino_team_free (gate.team);
}

#define LOOPS 400

struct order
{
  struct dino_team *team;
  atomic_int        ready, n;
  int               callers[2 * LOOPS];
};

struct caller
{
  struct order *order;
  int           number;
};

static void
order_item (void *data, size_t item, int thread)
{
  struct caller *caller = data;

  caller->order->callers[atomic_fetch_add (&caller->order->n, 1)] = caller->number;
  g_usleep (200);
}

static void *
order_loops (void *data)
{
  struct caller *caller = data;

  atomic_fetch_add (&caller->order->ready, 1);
  while (atomic_load (&caller->order->ready) < 2)
    ;
  for (int i = 0; i < LOOPS; i++)
    dino_team_run (caller->order->team, 1, order_item, caller, NULL, 0, 1);
  return NULL;
}

/* Two callers that always want a turn: neither has many in a row. */
static void
test_order (void)
{
  struct order  order = { .team = new_team (1) };
  struct caller callers[2] = { { &order, 0 }, { &order, 1 } };
  pthread_t     thread;
  int           changes = 0;

  g_assert_cmpint (pthread_create (&thread, NULL, order_loops, &callers[1]), ==, 0);
  order_loops (&callers[0]);
  pthread_join (thread, NULL);
  for (int i = 1; i < 2 * LOOPS; i++)
    changes += order.callers[i] != order.callers[i - 1];
  g_test_message ("%d changes of caller", changes);
  /* A mutex alone has a handful. Not twice as many as loops: a thread that is kept
   * from the processor wants no turn meanwhile. */
  g_assert_cmpint (changes, >=, LOOPS / 4);
  dino_team_free (order.team);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/team/once", test_once);
  g_test_add_func ("/team/signals", test_signals);
  g_test_add_func ("/team/all-work", test_all_work);
  g_test_add_func ("/team/turns", test_turns);
  g_test_add_func ("/team/try", test_try);
  g_test_add_func ("/team/order", test_order);
  g_test_add_func ("/team/progress", test_progress);
  g_test_add_func ("/team/cancel", test_cancel);
  g_test_add_func ("/team/arguments", test_arguments);
  return g_test_run ();
}
