#include "cli/interrupt.h"

#include <semaphore.h>
#include <signal.h>
#include <unistd.h>

#include "cli/message.h"

/* A handler, and not sigwait(): OpenBLAS starts threads before main() that
 * block nothing, so a signal could end the process in one of them. A handler
 * reaches nothing but what is static. */
static sem_t                 arrived;
static volatile sig_atomic_t n_arrived;

static void
on_signal (int number)
{
  if (n_arrived > 0)
    _exit (CLI_EXIT_INTERRUPTED);
  n_arrived = 1;
  sem_post (&arrived);
}

static gpointer
watch (gpointer data)
{
  g_autoptr (GCancellable) cancellable = data;

  while (sem_wait (&arrived) != 0)
    ;
  g_cancellable_cancel (cancellable);
  return NULL;
}

/* A signal that the caller of the program had ignored stays so. */
static void
handle (int number)
{
  struct sigaction action = { .sa_handler = on_signal, .sa_flags = SA_RESTART };
  struct sigaction old;

  if (sigaction (number, NULL, &old) == 0 && old.sa_handler != SIG_IGN)
    sigaction (number, &action, NULL);
}

void
cli_interrupt_watch (GCancellable *cancellable)
{
  GThread *thread;

  if (sem_init (&arrived, 0, 0) != 0)
    return;
  thread = g_thread_try_new ("signals", watch, g_object_ref (cancellable), NULL);
  if (thread == NULL)
    {
      g_object_unref (cancellable);
      return;
    }
  g_thread_unref (thread);
  handle (SIGINT);
  handle (SIGTERM);
}
