/* What the DICOM reader's process may not do, tried from inside: each attempt in
 * a child that has closed the sandbox behind itself. */
#include "sandbox/sandbox.h"

#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>

#include "io-support.h"

typedef bool (*Attempt) (void);

enum
{
  EXIT_DONE = 0,
  EXIT_FAILED = 1,
  EXIT_NO_SANDBOX = 2
};

/* How the child ended, as waitpid() tells it. */
static int
run (bool (*prepare) (void), bool closed, Attempt attempt)
{
  pid_t child = fork ();
  int   status = 0;

  g_assert_cmpint (child, >=, 0);
  if (child == 0)
    {
      if ((prepare != NULL && !prepare ()) || !dino_sandbox_limit ((uint64_t) 1 << 30) || (closed && !dino_sandbox_close ()))
        _exit (EXIT_NO_SANDBOX);
      _exit (attempt () ? EXIT_DONE : EXIT_FAILED);
    }
  g_assert_cmpint (waitpid (child, &status, 0), ==, child);
  if (WIFEXITED (status))
    g_assert_cmpint (WEXITSTATUS (status), !=, EXIT_NO_SANDBOX);
  return status;
}

/* The attempts. Their results do not matter: they are not to return. */

static bool
try_open (void)
{
  return open ("/etc/passwd", O_RDONLY | O_CLOEXEC) >= 0;
}

static bool
try_create (void)
{
  return open ("/tmp/dinoscope-escaped", O_WRONLY | O_CREAT | O_CLOEXEC, 0600) >= 0;
}

static bool
try_stat (void)
{
  return access ("/etc/passwd", R_OK) == 0;
}

static bool
try_unlink (void)
{
  return unlink ("/nonexistent/file") == 0;
}

static bool
try_rename (void)
{
  return rename ("/nonexistent/a", "/nonexistent/b") == 0;
}

static bool
try_socket (void)
{
  return socket (AF_INET, SOCK_STREAM, 0) >= 0;
}

static bool
try_socket_pair (void)
{
  int ends[2];

  return socketpair (AF_UNIX, SOCK_STREAM, 0, ends) == 0;
}

static bool
try_fork (void)
{
  return fork () >= 0;
}

static bool
try_execve (void)
{
  static char *const arguments[] = { (char *) "true", NULL };

  return execv ("/bin/true", arguments) == 0;
}

static bool
try_kill (void)
{
  return kill (getppid (), 0) == 0;
}

static bool
try_raise_other (void)
{
  return syscall (SYS_tgkill, getpid (), getpid (), 0) == 0;
}

static bool
try_ptrace (void)
{
  return ptrace (PTRACE_TRACEME, 0, NULL, NULL) == 0;
}

static bool
try_read_memory (void)
{
  return syscall (SYS_process_vm_readv, getppid (), NULL, 0, NULL, 0, 0) == 0;
}

static bool
try_executable_memory (void)
{
  return mmap (NULL, 4096, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) != MAP_FAILED;
}

static bool
try_make_executable (void)
{
  static char page[8192] __attribute__ ((aligned (4096)));

  return mprotect (page, 4096, PROT_READ | PROT_EXEC) == 0;
}

static bool
try_map_file (void)
{
  return mmap (NULL, 4096, PROT_READ, MAP_PRIVATE, STDIN_FILENO, 0) != MAP_FAILED;
}

static bool
try_memory_file (void)
{
  return memfd_create ("escaped", MFD_CLOEXEC) >= 0;
}

static bool
try_limits (void)
{
  const struct rlimit limits = { 0, 0 };

  return setrlimit (RLIMIT_NOFILE, &limits) == 0;
}

static bool
try_process_control (void)
{
  return prctl (PR_SET_DUMPABLE, 1, 0, 0, 0) == 0;
}

static bool
try_terminal (void)
{
  return ioctl (STDIN_FILENO, TIOCSTI, "x") == 0;
}

static bool
try_duplicate (void)
{
  return dup (STDIN_FILENO) >= 0;
}

#ifdef __x86_64__
/* The other numbers of the same calls that a kernel may know. */
static bool
try_x32 (void)
{
  return syscall (0x40000000 | SYS_getpid) > 0;
}
#endif

#ifdef __i386__
/* The older call, whose arguments are in memory; what the filter would look at is harmless. */
static bool
try_older_map (void)
{
  const unsigned long arguments[] = { 0, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE, STDIN_FILENO, 0 };

  return syscall (SYS_mmap, arguments, 0, PROT_READ, MAP_ANONYMOUS) != -1;
}

static bool
try_socket_call (void)
{
  const unsigned long arguments[] = { AF_INET, SOCK_STREAM, 0 };

  return syscall (SYS_socketcall, 1, arguments) >= 0;
}
#endif

static void
test_system_calls (void)
{
  static const struct
  {
    const char *name;
    Attempt     attempt;
  } rows[] = {
    { "open", try_open },
    { "create", try_create },
    { "access", try_stat },
    { "unlink", try_unlink },
    { "rename", try_rename },
    { "socket", try_socket },
    { "socketpair", try_socket_pair },
    { "fork", try_fork },
    { "execve", try_execve },
    { "kill", try_kill },
    { "tgkill", try_raise_other },
    { "ptrace", try_ptrace },
    { "process_vm_readv", try_read_memory },
    { "mmap of executable memory", try_executable_memory },
    { "mprotect to executable", try_make_executable },
    { "mmap of a file", try_map_file },
    { "memfd_create", try_memory_file },
    { "setrlimit", try_limits },
    { "prctl", try_process_control },
    { "ioctl", try_terminal },
    { "dup", try_duplicate },
#ifdef __x86_64__
    { "x32", try_x32 },
#endif
#ifdef __i386__
    { "mmap with arguments in memory", try_older_map },
    { "socketcall", try_socket_call },
#endif
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      int status = run (NULL, true, rows[i].attempt);

      g_test_message ("%s", rows[i].name);
      g_assert_true (WIFSIGNALED (status));
      g_assert_cmpint (WTERMSIG (status), ==, SIGSYS);
    }
  g_assert_false (g_file_test ("/tmp/dinoscope-escaped", G_FILE_TEST_EXISTS));
}

/* What decoding needs. */
static bool
work (void)
{
  char *small = malloc (100);
  char *large = malloc (100 << 20);
  char *larger = small != NULL && large != NULL ? realloc (large, 200 << 20) : NULL;

  if (larger == NULL)
    return false;
  larger[(200 << 20) - 1] = 'x';
  free (larger);
  free (small);
  return lseek (STDIN_FILENO, 0, SEEK_CUR) != -2 && write (STDOUT_FILENO, "", 0) == 0 && getpid () > 0;
}

static void
test_work (void)
{
  int status = run (NULL, true, work);

  g_assert_true (WIFEXITED (status));
  g_assert_cmpint (WEXITSTATUS (status), ==, EXIT_DONE);
}

static bool
is_limit (__rlimit_resource_t resource, rlim_t value, rlim_t more)
{
  struct rlimit limits;

  return getrlimit (resource, &limits) == 0 && limits.rlim_cur == value && limits.rlim_max == value + more;
}

static bool
look_around (void)
{
  return is_limit (RLIMIT_AS, 1 << 30, 0) && is_limit (RLIMIT_CPU, 60, 1) && is_limit (RLIMIT_FSIZE, 0, 0) && is_limit (RLIMIT_CORE, 0, 0) &&
         prctl (PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) == 1 && prctl (PR_GET_DUMPABLE, 0, 0, 0, 0) == 0 && fcntl (3, F_GETFD) == -1 &&
         fcntl (100, F_GETFD) == -1;
}

static bool
open_more (void)
{
  return dup2 (STDIN_FILENO, 3) == 3 && dup2 (STDIN_FILENO, 100) == 100;
}

static void
test_limits (void)
{
  int status = run (open_more, false, look_around);

  g_assert_true (WIFEXITED (status));
  g_assert_cmpint (WEXITSTATUS (status), ==, EXIT_DONE);
}

/* Who started the program may have allowed less, and nobody but root may raise it again. */
static bool
allow_less (void)
{
  const struct rlimit limits = { 256 << 20, 300 << 20 };

  return setrlimit (RLIMIT_AS, &limits) == 0;
}

static bool
is_less (void)
{
  struct rlimit limits;

  return getrlimit (RLIMIT_AS, &limits) == 0 && limits.rlim_cur == 256 << 20 && limits.rlim_max == 300 << 20;
}

static void
test_lower_limits (void)
{
  int status = run (allow_less, false, is_less);

  g_assert_true (WIFEXITED (status));
  g_assert_cmpint (WEXITSTATUS (status), ==, EXIT_DONE);
}

/* Two gigabytes at once, and little by little. */
static bool
take_memory (void)
{
  const size_t    piece = 16 << 20;
  volatile size_t all = (size_t) 2 << 30; /* a 32-bit compiler refuses what can only fail */
  size_t          taken = 0;
  void *volatile memory = malloc (all); /* clang makes none that nobody looks at */

  if (memory != NULL)
    return false;
  while (taken < (size_t) 2 << 30 && (memory = malloc (piece)) != NULL)
    taken += piece;
  return taken > (size_t) 512 << 20 && taken < (size_t) 1 << 30;
}

static void
test_memory (void)
{
  int status = run (NULL, true, take_memory);

  g_assert_true (WIFEXITED (status));
  g_assert_cmpint (WEXITSTATUS (status), ==, EXIT_DONE);
}

static bool
spin (void)
{
  volatile bool more = true;

  while (more)
    ;
  return false;
}

/* The limit is lowered first: a minute is long for a test. */
static bool
spin_briefly (void)
{
  const struct rlimit limits = { 1, 1 };

  return setrlimit (RLIMIT_CPU, &limits) == 0 && dino_sandbox_close () && spin ();
}

static void
test_processor_time (void)
{
  int status = run (NULL, false, spin_briefly);

  g_assert_true (WIFSIGNALED (status));
  g_assert_true (WTERMSIG (status) == SIGKILL || WTERMSIG (status) == SIGXCPU);
}

static const char *output_path;

/* Standard output as a file, which the program never gives. */
static bool
redirect (void)
{
  int fd = open (output_path, O_WRONLY | O_CLOEXEC);

  return fd >= 0 && dup2 (fd, STDOUT_FILENO) == STDOUT_FILENO;
}

static bool
write_file (void)
{
  return write (STDOUT_FILENO, "escaped", 7) == 7;
}

static void
test_file_size (void)
{
  g_autofree char *folder = make_folder ();
  g_autofree char *path = g_build_filename (folder, "output", NULL);
  GStatBuf         status;
  int              ended;

  put_file (path, "", 0);
  output_path = path;
  ended = run (redirect, true, write_file);
  g_assert_true (WIFSIGNALED (ended));
  g_assert_cmpint (WTERMSIG (ended), ==, SIGXFSZ);
  g_assert_cmpint (g_stat (path, &status), ==, 0);
  g_assert_cmpint (status.st_size, ==, 0);
  remove_folder (folder);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/dicom-sandbox/system-calls", test_system_calls);
  g_test_add_func ("/dicom-sandbox/work", test_work);
  g_test_add_func ("/dicom-sandbox/limits", test_limits);
  g_test_add_func ("/dicom-sandbox/lower-limits", test_lower_limits);
  g_test_add_func ("/dicom-sandbox/memory", test_memory);
  g_test_add_func ("/dicom-sandbox/processor-time", test_processor_time);
  g_test_add_func ("/dicom-sandbox/file-size", test_file_size);
  return g_test_run ();
}
