/* The readers' processes, with a decoder that tries to get out in place of the
 * true one: started by the program as always, stopped each time, and told of in
 * one clear sentence. */
#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>

#include "io-support.h"
#include "io/dicom.h"
#include "io/picture-helper.h"

/* Seconds that a file may take here. */
#define DEADLINE 1

struct reader
{
  const char *variable, *program; /* that stands in */
  const char *title;              /* in messages */
  const char *answered;           /* the sentence about what the attempt returned */
  struct dino_picture *(*read) (int fd, struct dino_error *error);
};

static struct dino_picture *
read_dicom (int fd, struct dino_error *error)
{
  return dino_dicom_read (fd, "file", &(struct dino_dicom_options){ .deadline_seconds = DEADLINE }, error);
}

static struct dino_picture *
read_picture (int fd, struct dino_error *error)
{
  return dino_picture_helper_read (fd, "file", &(struct dino_picture_helper_options){ .deadline_seconds = DEADLINE }, error);
}

static const struct reader readers[] = {
  { "DINOSCOPE_DICOM_HELPER", "escape-dicom", "DICOM reader", "“file” cannot be read as DICOM: %s.", read_dicom },
  { "DINOSCOPE_PICTURE_HELPER", "escape-picture", "picture reader", "“file” cannot be read as JPEG: %s.", read_picture },
};

/* Ended by the kernel when the call is made. */
static const char *const calls[] = {
  "open",
  "create",
  "openat2",
  "own-memory",
  "own-descriptor",
  "truncate",
  "unlink",
  "chroot",
  "mount",
  "dup",
  "fcntl",
  "ioctl",
  "execve",
  "execveat",
  "memfd",
  "fork",
  "vfork",
  "clone3",
  "thread",
  "kill",
  "kill-group",
  "tgkill",
  "pidfd",
  "ptrace",
  "read-memory",
  "write-memory",
  "unshare",
  "setns",
  "setuid",
  "setpgid",
  "affinity",
  "socket",
  "unix-socket",
  "socketpair",
  "send",
  "shared-memory",
  "io-uring",
  "bpf",
  "userfaultfd",
  "perf",
  "keyring",
  "prctl",
  "seccomp",
  "personality",
  "limits",
  "handler",
  "nanosleep",
  "pause",
  "executable-memory",
  "make-executable",
  "map-file",
#ifdef __x86_64__
  "x32",
#endif
};

/* Answered with an error, or with nothing that is anybody's. */
static const char *const refusals[] = { "memory", "descriptors", "write-input", "read-output", "environment" };

/* Ended by the program, whose time for a file is over. */
static const char *const delays[] = { "loop", "wait" };

static void
assert_said (const struct reader *reader, const char *attempt, const char *format, const char *part)
{
  g_autofree char  *folder = make_folder ();
  g_autofree char  *path = g_build_filename (folder, "file", NULL);
  g_autofree char  *program = g_test_build_filename (G_TEST_BUILT, "io", reader->program, NULL);
  g_auto (GStrv)    parts = NULL;
  g_autofree char  *sentence = NULL;
  g_autofree char  *after = NULL;
  g_autofree char  *before = g_strdup (g_getenv (reader->variable));
  struct dino_error error = { 0 };
  guint             n_open;
  int               fd;

  put_file (path, attempt, strlen (attempt));
  g_setenv (reader->variable, program, TRUE);
  parts = g_strsplit (format, "%s", 2);
  sentence = g_strconcat (parts[0], part, parts[1], NULL);
  fd = open (path, O_RDONLY | O_CLOEXEC);
  g_assert_cmpint (fd, >=, 0);
  n_open = count_entries ("/proc/self/fd");
  g_test_message ("%s: %s", reader->title, attempt);
  g_assert_null (reader->read (fd, &error));
  g_assert_cmpstr (error.message, ==, sentence);
  /* Nothing stays open, nobody stays behind, and the file is as it was. */
  g_assert_cmpuint (count_entries ("/proc/self/fd"), ==, n_open);
  g_assert_cmpint (waitpid (-1, NULL, WNOHANG), ==, -1);
  g_assert_cmpint (errno, ==, ECHILD);
  close (fd);
  g_assert_true (g_file_get_contents (path, &after, NULL, NULL));
  g_assert_cmpstr (after, ==, attempt);
  g_setenv (reader->variable, before, TRUE);
  remove_folder (folder);
}

static void
test_calls (gconstpointer data)
{
  for (guint i = 0; i < G_N_ELEMENTS (calls); i++)
    assert_said (data, calls[i], "“file” made the %s do what it must not; it was stopped.", ((const struct reader *) data)->title);
  g_assert_false (g_file_test ("/tmp/dinoscope-escaped", G_FILE_TEST_EXISTS));
}

/* What is open here, and in the environment, is not there. */
static void
test_refusals (gconstpointer data)
{
  const struct reader *reader = data;
  int                  ends[2], file = open ("/etc/passwd", O_RDONLY);

  g_assert_cmpint (file, >=, 0);
  g_assert_cmpint (socketpair (AF_UNIX, SOCK_STREAM, 0, ends), ==, 0);
  g_assert_cmpint (dup2 (file, 1000), ==, 1000);
  g_setenv ("DINOSCOPE_SECRET", "patient", TRUE);
  for (guint i = 0; i < G_N_ELEMENTS (refusals); i++)
    assert_said (reader, refusals[i], reader->answered, "held");
  g_unsetenv ("DINOSCOPE_SECRET");
  close (1000);
  close (file);
  close (ends[0]);
  close (ends[1]);
}

static void
test_delays (gconstpointer data)
{
  for (guint i = 0; i < G_N_ELEMENTS (delays); i++)
    assert_said (data, delays[i], "“file” keeps the %s busy for too long; it was stopped.", ((const struct reader *) data)->title);
}

/* Ends that come by themselves, and answers that do not end. */
static void
test_ends (gconstpointer data)
{
  const struct reader *reader = data;

  assert_said (reader, "mute", "“file” cannot be read: the %s was ended before it had answered (signal 9).", reader->title);
  assert_said (reader, "stack", "“file” is damaged: the %s broke off (signal 11).", reader->title);
  assert_said (reader, "flood", "“file” cannot be read: the answer of the %s makes no sense.", reader->title);
  assert_said (reader, "nothing of these", reader->answered, "unknown");
}

#define LOAD(member) BPF_STMT (BPF_LD | BPF_W | BPF_ABS, (member))
#define SKIP_UNLESS(value, n) BPF_JUMP (BPF_JMP | BPF_JEQ | BPF_K, (value), 0, (n))
#define ANSWER(value) BPF_STMT (BPF_RET | BPF_K, (value))

/* From here on the kernel gives no more filters, as where it was built without them. */
static bool
allow_no_filter (void)
{
  struct sock_filter code[] = {
    LOAD (offsetof (struct seccomp_data, nr)),
    SKIP_UNLESS (__NR_seccomp, 1),
    ANSWER (SECCOMP_RET_ERRNO | EINVAL),
    SKIP_UNLESS (__NR_prctl, 3),
    LOAD (offsetof (struct seccomp_data, args) + (G_BYTE_ORDER == G_BIG_ENDIAN ? 4 : 0)),
    SKIP_UNLESS (PR_SET_SECCOMP, 1),
    ANSWER (SECCOMP_RET_ERRNO | EINVAL),
    ANSWER (SECCOMP_RET_ALLOW),
  };
  const struct sock_fprog program = { G_N_ELEMENTS (code), code };

  return prctl (PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 && prctl (PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) == 0;
}

/* A reader that cannot close itself in reads nothing and says nothing. */
static void
test_no_sandbox (gconstpointer data)
{
  enum
  {
    NO_FILTER = 99,
    NO_SETUP = 70
  };
  const struct reader *reader = data;
  g_autofree char     *program = g_test_build_filename (G_TEST_BUILT, "io", reader->program, NULL);
  int                  ends[2], status;
  char                 byte;
  pid_t                child;

  g_assert_cmpint (pipe2 (ends, O_CLOEXEC), ==, 0);
  child = fork ();
  g_assert_cmpint (child, >=, 0);
  if (child == 0)
    {
      const int input = open ("/dev/null", O_RDONLY | O_CLOEXEC);

      if (!allow_no_filter ())
        _exit (NO_FILTER);
      if (dup2 (input, 0) == 0 && dup2 (ends[1], 1) == 1)
        execl (program, program, NULL);
      _exit (1);
    }
  close (ends[1]);
  g_assert_cmpint (read (ends[0], &byte, 1), ==, 0);
  close (ends[0]);
  g_assert_cmpint (waitpid (child, &status, 0), ==, child);
  g_assert_true (WIFEXITED (status));
  if (WEXITSTATUS (status) == NO_FILTER)
    g_test_skip ("there are no filters here");
  else
    g_assert_cmpint (WEXITSTATUS (status), ==, NO_SETUP);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (readers); i++)
    {
      static const struct
      {
        const char *name;
        void (*function) (gconstpointer data);
      } tests[] = {
        { "calls", test_calls },
        { "refusals", test_refusals },
        { "delays", test_delays },
        { "ends", test_ends },
        { "no-sandbox", test_no_sandbox },
      };

      for (guint j = 0; j < G_N_ELEMENTS (tests); j++)
        {
          g_autofree char *path = g_strdup_printf ("/escapes/%s/%s", readers[i].program, tests[j].name);

          g_test_add_data_func (path, &readers[i], tests[j].function);
        }
    }
  return g_test_run ();
}
