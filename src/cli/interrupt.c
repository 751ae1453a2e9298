#include "cli/interrupt.h"

#include <signal.h>
#include <unistd.h>

#include "cli/message.h"

static void
fill_set (sigset_t *set)
{
  sigemptyset (set);
  sigaddset (set, SIGINT);
  sigaddset (set, SIGTERM);
}

static gpointer
watch (gpointer data)
{
  g_autoptr (GCancellable) cancellable = data;
  sigset_t                 set;
  int                      number;

  fill_set (&set);
  if (sigwait (&set, &number) != 0)
    return NULL;
  g_cancellable_cancel (cancellable);
  if (sigwait (&set, &number) == 0)
    _exit (CLI_EXIT_INTERRUPTED);
  return NULL;
}

void
cli_interrupt_watch (GCancellable *cancellable)
{
  sigset_t set;
  GThread *thread;

  fill_set (&set);
  pthread_sigmask (SIG_BLOCK, &set, NULL);
  thread = g_thread_try_new ("signals", watch, g_object_ref (cancellable), NULL);
  if (thread != NULL)
    {
      g_thread_unref (thread);
      return;
    }
  g_object_unref (cancellable);
  pthread_sigmask (SIG_UNBLOCK, &set, NULL);
}
