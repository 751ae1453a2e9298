#include "io/helper.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "core/base/text.h"

/* How often a person's cancel is looked for. */
#define SLICE_MS 50

/* What one wait may take of the deadline: a program that was stopped and goes on
 * later has not been waiting. */
#define MOST_MS 1000

/* As much as a process without privileges gets. */
#define PIPE_BYTES (1 << 20)

static int64_t
now_ms (void)
{
  struct timespec now;

  clock_gettime (CLOCK_MONOTONIC, &now);
  return (int64_t) now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* In the build tree the helper's folder lies beside that of the program. */
static bool
find_beside_program (const struct dino_helper_program *program, char path[PATH_MAX])
{
  const size_t room = strlen (program->sibling) + 1;
  ssize_t      length = readlink ("/proc/self/exe", path, PATH_MAX - room);
  char        *slash;

  if (length <= 0)
    return false;
  path[length] = '\0';
  slash = strrchr (path, '/');
  if (slash == NULL)
    return false;
  memcpy (slash + 1, program->sibling, room);
  return access (path, X_OK) == 0;
}

static const char *
find_helper (const struct dino_helper_program *program, char path[PATH_MAX])
{
  const char *named = getenv (program->variable);

  if (named != NULL && *named != '\0')
    return named;
  return find_beside_program (program, path) ? path : program->installed;
}

/* Nothing of the user's environment reaches it: libraries would read some of it.
 * Large blocks come in large pages, since most of a short life is spent on first
 * touching them. */
static char *const *
helper_environment (void)
{
  static char *const environment[] = { (char *) "LC_ALL=C", (char *) "PATH=/usr/bin:/bin", (char *) "GLIBC_TUNABLES=glibc.malloc.hugetlb=1", NULL };

  return environment;
}

/* In a process group of its own, so that a terminal's interrupt reaches the
 * program alone, which then ends its helper and does not take it for damaged. */
static int
spawn (const char *path, const char *name, int input, int output, const char *argument, pid_t *pid)
{
  char *const                arguments[] = { (char *) name, (char *) argument, NULL };
  posix_spawn_file_actions_t actions;
  posix_spawnattr_t          attributes;
  sigset_t                   none;
  int                        failed;

  failed = posix_spawn_file_actions_init (&actions);
  if (failed != 0)
    return failed;
  failed = posix_spawnattr_init (&attributes);
  if (failed != 0)
    {
      posix_spawn_file_actions_destroy (&actions);
      return failed;
    }
  sigemptyset (&none);
  posix_spawnattr_setsigmask (&attributes, &none);
  posix_spawnattr_setpgroup (&attributes, 0);
  posix_spawnattr_setflags (&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETPGROUP);
  posix_spawn_file_actions_adddup2 (&actions, input, STDIN_FILENO);
  posix_spawn_file_actions_adddup2 (&actions, output, STDOUT_FILENO);
  posix_spawn_file_actions_addopen (&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
  failed = posix_spawn (pid, path, &actions, &attributes, arguments, helper_environment ());
  posix_spawnattr_destroy (&attributes);
  posix_spawn_file_actions_destroy (&actions);
  return failed;
}

/* The same above those that the helper's own will replace. */
static int
above_standard (int fd)
{
  int higher = fd;

  if (fd >= 0 && fd <= STDERR_FILENO)
    {
      higher = fcntl (fd, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
      close (fd);
    }
  return higher;
}

static bool
make_pipe (int ends[2])
{
  if (pipe2 (ends, O_CLOEXEC) != 0)
    return false;
  ends[0] = above_standard (ends[0]);
  ends[1] = above_standard (ends[1]);
  if (ends[0] >= 0 && ends[1] >= 0)
    {
      /* Only faster; the system may refuse it. */
      fcntl (ends[1], F_SETPIPE_SZ, PIPE_BYTES);
      return true;
    }
  for (int i = 0; i < 2; i++)
    if (ends[i] >= 0)
      close (ends[i]);
  errno = EMFILE;
  return false;
}

bool
dino_helper_start (struct dino_helper *helper, int input, const char *argument)
{
  char        room[PATH_MAX];
  const char *path = find_helper (helper->program, room);
  int         ends[2];
  int         failed;

  if (!make_pipe (ends))
    return helper->program->tell (helper, DINO_HELPER_NO_PIPE, NULL, errno);
  failed = spawn (path, helper->program->name, input, ends[1], argument, &helper->pid);
  close (ends[1]);
  helper->fd = ends[0];
  helper->left_ms = (int64_t) 1000 * (helper->deadline_seconds > 0 ? helper->deadline_seconds : DINO_HELPER_DEADLINE);
  if (failed == 0)
    return true;
  close (helper->fd);
  return helper->program->tell (helper, DINO_HELPER_NO_START, path, failed);
}

/* Waits until there is something to read; false when the time is over or a
 * person does not want it any more. */
static bool
wait_for_bytes (struct dino_helper *helper)
{
  for (;;)
    {
      struct pollfd wanted = { .fd = helper->fd, .events = POLLIN };
      int64_t       start = now_ms (), taken;
      int           n;

      if (!dino_progress_report (helper->progress, 0, 1))
        return dino_error_set (helper->error, DINO_CODE_CANCELLED, "%s", _ ("Cancelled."));
      if (helper->left_ms <= 0)
        return helper->program->tell (helper, DINO_HELPER_TOO_LONG, NULL, 0);
      n = poll (&wanted, 1, helper->left_ms < SLICE_MS ? (int) helper->left_ms : SLICE_MS);
      taken = now_ms () - start;
      helper->left_ms -= taken < MOST_MS ? taken : MOST_MS;
      if (n > 0)
        return true;
    }
}

ssize_t
dino_helper_receive (struct dino_helper *helper, void *buffer, size_t length)
{
  size_t done = 0;

  while (done < length)
    {
      ssize_t n;

      if (!wait_for_bytes (helper))
        return -1;
      n = read (helper->fd, (uint8_t *) buffer + done, length - done);
      if (n == 0)
        break;
      if (n > 0)
        done += (size_t) n;
      else if (errno != EINTR && errno != EAGAIN)
        break;
    }
  return (ssize_t) done;
}

/* Killed in any case: one that ends by itself keeps its own status, and one
 * that does not is not waited for. */
int
dino_helper_finish (struct dino_helper *helper)
{
  int status = 0;

  close (helper->fd);
  kill (helper->pid, SIGKILL);
  while (waitpid (helper->pid, &status, 0) < 0)
    if (errno != EINTR)
      return 0;
  return status;
}

/* A signal that no fault of a reader brings. */
static bool
is_from_others (int signal_number)
{
  switch (signal_number)
    {
    case 0:
    case SIGABRT:
    case SIGBUS:
    case SIGFPE:
    case SIGILL:
    case SIGPIPE:
    case SIGSEGV:
    case SIGSYS:
    case SIGTRAP:
    case SIGXCPU:
    case SIGXFSZ:
      return false;
    default:
      return true;
    }
}

static void
tell_end (struct dino_helper *helper, int status)
{
  const int signal_number = WIFSIGNALED (status) ? WTERMSIG (status) : 0;

  if (helper->error->code != DINO_CODE_NONE)
    return;
  if (signal_number == SIGSYS)
    helper->program->tell (helper, DINO_HELPER_ESCAPES, NULL, 0);
  else if (signal_number == SIGXCPU)
    helper->program->tell (helper, DINO_HELPER_TOO_LONG, NULL, 0);
  else if (is_from_others (signal_number))
    helper->program->tell (helper, DINO_HELPER_ENDED, NULL, signal_number);
  else if (signal_number != 0)
    helper->program->tell (helper, DINO_HELPER_BROKE_OFF, NULL, signal_number);
  else
    helper->program->tell (helper, DINO_HELPER_NO_WORK, NULL, WEXITSTATUS (status));
}

static bool
was_ended (const struct dino_helper *helper, int status)
{
  return helper->error->code == DINO_CODE_NONE && WIFSIGNALED (status) && is_from_others (WTERMSIG (status));
}

struct dino_picture *
dino_helper_read (struct dino_helper *helper, int input, const char *argument, dino_helper_answer answer)
{
  struct dino_picture *picture;
  bool                 complete;
  int                  status, n_runs = 0;

  do
    {
      if (!dino_helper_start (helper, input, argument))
        return NULL;
      picture = answer (helper, &complete);
      status = dino_helper_finish (helper);
    }
  while (picture == NULL && !complete && was_ended (helper, status) && ++n_runs < 2);
  if (picture == NULL && !complete)
    tell_end (helper, status);
  if (picture != NULL && dino_picture_measure (picture, helper->error))
    return picture;
  dino_picture_unref (picture);
  return NULL;
}
