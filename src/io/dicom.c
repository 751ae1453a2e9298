#include "io/dicom.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "core/base/memory.h"
#include "core/base/text.h"
#include "dinoscope-config.h"
#include "io/dicom-helper.h"

/* How often a person's cancel is looked for. */
#define SLICE_MS 50

static int64_t
now_ms (void)
{
  struct timespec now;

  clock_gettime (CLOCK_MONOTONIC, &now);
  return (int64_t) now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

void
dino_dicom_helper_set_deadline (struct dino_dicom_helper *helper)
{
  helper->end_ms = now_ms () + (int64_t) 1000 * (helper->options->deadline_seconds > 0 ? helper->options->deadline_seconds : DINO_DICOM_DEADLINE);
}

/* In the build tree the helper's folder lies beside that of the program. */
static bool
find_beside_program (char path[PATH_MAX])
{
  static const char sibling[] = "../dicom/dinoscope-dicom";
  ssize_t           length = readlink ("/proc/self/exe", path, PATH_MAX - sizeof sibling - 1);
  char             *slash;

  if (length <= 0)
    return false;
  path[length] = '\0';
  slash = strrchr (path, '/');
  if (slash == NULL)
    return false;
  memcpy (slash + 1, sibling, sizeof sibling);
  return access (path, X_OK) == 0;
}

static const char *
find_helper (char path[PATH_MAX])
{
  const char *named = getenv ("DINOSCOPE_DICOM_HELPER");

  if (named != NULL && *named != '\0')
    return named;
  return find_beside_program (path) ? path : DINOSCOPE_LIBEXECDIR "/dinoscope-dicom";
}

/* Nothing of the user's environment reaches it: DCMTK would read some of it. */
static char *const *
helper_environment (void)
{
  static char *const environment[] = { (char *) "LC_ALL=C", (char *) "PATH=/usr/bin:/bin", NULL };

  return environment;
}

/* In a process group of its own, so that a terminal's interrupt reaches the
 * program alone, which then ends its helper and does not take it for damaged. */
static int
spawn (const char *path, int input, int output, const char *argument, pid_t *pid)
{
  char *const                arguments[] = { (char *) "dinoscope-dicom", (char *) argument, NULL };
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

bool
dino_dicom_helper_start (struct dino_dicom_helper *helper, int input, const char *argument)
{
  char        room[PATH_MAX];
  const char *path = find_helper (room);
  char        reason[256];
  int         pipe_ends[2];
  int         failed;

  if (pipe2 (pipe_ends, O_CLOEXEC) != 0)
    return dino_error_set (helper->error, DINO_CODE_IO, _ ("“%s” cannot be read: no pipe to the DICOM reader (%s)."), helper->name, strerror_r (errno, reason, sizeof reason));
  failed = spawn (path, input, pipe_ends[1], argument, &helper->pid);
  close (pipe_ends[1]);
  helper->fd = pipe_ends[0];
  if (failed == 0)
    return true;
  close (helper->fd);
  return dino_error_set (helper->error, DINO_CODE_IO, _ ("“%s” cannot be read: the DICOM reader %s does not start (%s)."), helper->name, path,
                         strerror_r (failed, reason, sizeof reason));
}

/* Waits until there is something to read; false when the time is over or a
 * person does not want it any more. */
static bool
wait_for_bytes (struct dino_dicom_helper *helper)
{
  for (;;)
    {
      struct pollfd wanted = { .fd = helper->fd, .events = POLLIN };
      int64_t       left = helper->end_ms - now_ms ();
      int           n;

      if (!dino_progress_report (helper->options->progress, 0, 1))
        return dino_error_set (helper->error, DINO_CODE_CANCELLED, "%s", _ ("Cancelled."));
      if (left <= 0)
        return dino_error_set (helper->error, DINO_CODE_FORMAT, _ ("“%s” keeps the DICOM reader busy for too long; it was stopped."), helper->name);
      n = poll (&wanted, 1, left < SLICE_MS ? (int) left : SLICE_MS);
      if (n > 0)
        return true;
    }
}

/* Fewer bytes than asked for where the helper ends early; -1 on failure. */
ssize_t
dino_dicom_helper_receive (struct dino_dicom_helper *helper, void *buffer, size_t length)
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
dino_dicom_helper_finish (struct dino_dicom_helper *helper)
{
  int status = 0;

  close (helper->fd);
  kill (helper->pid, SIGKILL);
  while (waitpid (helper->pid, &status, 0) < 0)
    if (errno != EINTR)
      return 0;
  return status;
}

/* It ended without a whole message. */
static void
tell_end (struct dino_dicom_helper *helper, int status)
{
  if (helper->error->code != DINO_CODE_NONE)
    return;
  if (WIFSIGNALED (status) && WTERMSIG (status) == SIGSYS)
    dino_error_set (helper->error, DINO_CODE_FORMAT, _ ("“%s” made the DICOM reader do what it must not; it was stopped."), helper->name);
  else if (WIFSIGNALED (status) && (WTERMSIG (status) == SIGXCPU || WTERMSIG (status) == SIGKILL))
    dino_error_set (helper->error, DINO_CODE_FORMAT, _ ("“%s” keeps the DICOM reader busy for too long; it was stopped."), helper->name);
  else if (WIFSIGNALED (status))
    dino_error_set (helper->error, DINO_CODE_FORMAT, _ ("“%s” is damaged: the DICOM reader broke off (signal %d)."), helper->name, WTERMSIG (status));
  else
    dino_error_set (helper->error, DINO_CODE_IO, _ ("“%s” cannot be read: the DICOM reader does not work here (exit code %d)."), helper->name, WEXITSTATUS (status));
}

static bool
receive_samples (struct dino_dicom_helper *helper, struct dino_picture *picture)
{
  size_t  n = (size_t) picture->width * (size_t) picture->height * 2;
  ssize_t received = dino_dicom_helper_receive (helper, picture->samples16, n);

#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
  for (size_t i = 0; i < n / 2; i++)
    picture->samples16[i] = __builtin_bswap16 (picture->samples16[i]);
#endif
  return received == (ssize_t) n;
}

static void
tell_nonsense (struct dino_dicom_helper *helper)
{
  dino_error_set (helper->error, DINO_CODE_FORMAT, _ ("“%s” cannot be read: the answer of the DICOM reader makes no sense."), helper->name);
}

static struct dino_picture *
unpack (struct dino_dicom_helper *helper, const struct dino_dicom_head *head, const uint8_t *description)
{
  struct dino_error    failure = { 0 };
  struct dino_picture *picture = dino_dicom_message_unpack (head, description, &failure);

  if (failure.code == DINO_CODE_FORMAT)
    tell_nonsense (helper);
  else if (picture == NULL)
    dino_error_set (helper->error, failure.code, "%s", failure.message);
  return picture;
}

/* *complete: a whole message came, be it a refusal or one that makes no sense. */
static struct dino_picture *
receive_message (struct dino_dicom_helper *helper, bool *complete)
{
  uint8_t                   head_bytes[DINO_DICOM_HEAD];
  struct dino_dicom_head    head;
  struct dino_dicom_refusal refusal;
  struct dino_picture      *picture = NULL;
  uint8_t                  *description;

  *complete = false;
  if (dino_dicom_helper_receive (helper, head_bytes, sizeof head_bytes) != (ssize_t) sizeof head_bytes)
    return NULL;
  if (!dino_dicom_message_read_head (head_bytes, &head))
    {
      tell_nonsense (helper);
      return NULL;
    }
  description = dino_alloc (head.length, 1, helper->error);
  if (description != NULL && dino_dicom_helper_receive (helper, description, head.length) == (ssize_t) head.length)
    {
      *complete = true;
      if (!head.refused)
        picture = unpack (helper, &head, description);
      else if (dino_dicom_message_unpack_refusal (description, head.length, &refusal))
        dino_dicom_set_refusal (helper->error, helper->name, &refusal);
      else
        tell_nonsense (helper);
    }
  dino_free (description);
  if (picture == NULL || receive_samples (helper, picture))
    return picture;
  *complete = false;
  dino_picture_unref (picture);
  return NULL;
}

struct dino_picture *
dino_dicom_read (int fd, const char *name, const struct dino_dicom_options *options, struct dino_error *error)
{
  static const struct dino_dicom_options defaults = { 0 };
  struct dino_error                      own = { 0 };
  struct dino_dicom_helper               helper = { .name = name, .options = options != NULL ? options : &defaults, .error = error != NULL ? error : &own };
  struct dino_picture                   *picture;
  bool                                   complete;
  int                                    status;
  char                                   number[16];

  dino_dicom_helper_set_deadline (&helper);
  snprintf (number, sizeof number, "%d", helper.options->frame);
  if (!dino_dicom_helper_start (&helper, fd, number))
    return NULL;
  picture = receive_message (&helper, &complete);
  status = dino_dicom_helper_finish (&helper);
  if (picture == NULL && !complete)
    tell_end (&helper, status);
  if (picture != NULL && dino_picture_measure (picture, helper.error))
    return picture;
  dino_picture_unref (picture);
  return NULL;
}

struct dino_picture *
dino_dicom_decode_memory (const uint8_t *data, size_t length, const char *name, const struct dino_dicom_options *options, struct dino_error *error)
{
  struct dino_picture *picture = NULL;
  int                  fd = memfd_create ("dicom", MFD_CLOEXEC);
  size_t               done = 0;

  while (fd >= 0 && done < length)
    {
      ssize_t n = write (fd, data + done, length - done);

      if (n > 0)
        done += (size_t) n;
      else if (errno != EINTR)
        break;
    }
  if (fd < 0 || done < length)
    dino_error_set_memory (error, length);
  else
    picture = dino_dicom_read (fd, name, options, error);
  if (fd >= 0)
    close (fd);
  return picture;
}
