#include "escapes.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/futex.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/ipc.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/personality.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/shm.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

#ifndef SYS_openat2
#define SYS_openat2 437
#endif
#ifndef SYS_clone3
#define SYS_clone3 435
#endif
#ifndef SYS_io_uring_setup
#define SYS_io_uring_setup 425
#endif
#ifndef SYS_pidfd_open
#define SYS_pidfd_open 434
#endif

/* Beyond what any process of the test opens. */
#define MOST_DESCRIPTORS 4096

static const char held[] = "held";
static const char escaped[] = "escaped";

/* Calls that must not return: what they would answer does not matter. */

static const char *
try_files (const char *name)
{
  static const char *const true_arguments[] = { "true", NULL };
  char                     zeros[64] = { 0 };

  if (strcmp (name, "open") == 0)
    open ("/etc/passwd", O_RDONLY | O_CLOEXEC);
  else if (strcmp (name, "create") == 0)
    open ("/tmp/dinoscope-escaped", O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
  else if (strcmp (name, "openat2") == 0)
    syscall (SYS_openat2, AT_FDCWD, "/etc/passwd", zeros, 24);
  else if (strcmp (name, "own-memory") == 0)
    open ("/proc/self/mem", O_RDWR | O_CLOEXEC);
  else if (strcmp (name, "own-descriptor") == 0)
    open ("/proc/self/fd/0", O_RDWR | O_CLOEXEC);
  else if (strcmp (name, "truncate") == 0)
    syscall (SYS_ftruncate, STDIN_FILENO, 0);
  else if (strcmp (name, "unlink") == 0)
    unlink ("/nonexistent/file");
  else if (strcmp (name, "chroot") == 0)
    syscall (SYS_chroot, "/");
  else if (strcmp (name, "mount") == 0)
    mount ("none", "/nonexistent", "tmpfs", 0, NULL);
  else if (strcmp (name, "dup") == 0)
    syscall (SYS_dup, STDIN_FILENO);
  else if (strcmp (name, "fcntl") == 0)
    fcntl (STDIN_FILENO, F_SETFL, O_APPEND);
  else if (strcmp (name, "ioctl") == 0)
    ioctl (STDIN_FILENO, TIOCSTI, "x");
  else if (strcmp (name, "execve") == 0)
    execve ("/bin/true", (char *const *) true_arguments, NULL);
  else if (strcmp (name, "execveat") == 0)
    syscall (SYS_execveat, STDIN_FILENO, "", true_arguments, NULL, AT_EMPTY_PATH);
  else if (strcmp (name, "memfd") == 0)
    memfd_create ("escaped", MFD_CLOEXEC);
  else
    return NULL;
  return escaped;
}

static const char *
try_processes (const char *name)
{
  char         zeros[128] = { 0 };
  struct iovec local = { zeros, sizeof zeros }, remote = { (void *) 4096, 8 };

  if (strcmp (name, "fork") == 0)
    fork ();
  else if (strcmp (name, "vfork") == 0)
    syscall (SYS_clone, CLONE_VFORK | SIGCHLD, NULL, NULL, NULL, 0);
  else if (strcmp (name, "clone3") == 0)
    syscall (SYS_clone3, zeros, 88);
  else if (strcmp (name, "thread") == 0)
    syscall (SYS_clone, CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND | CLONE_THREAD | CLONE_SYSVSEM, zeros + 64, NULL, NULL, 0);
  else if (strcmp (name, "kill") == 0)
    kill (getppid (), SIGKILL);
  else if (strcmp (name, "kill-group") == 0)
    kill (0, SIGKILL);
  else if (strcmp (name, "tgkill") == 0)
    syscall (SYS_tgkill, getpid (), getpid (), SIGKILL);
  else if (strcmp (name, "pidfd") == 0)
    syscall (SYS_pidfd_open, 1, 0);
  else if (strcmp (name, "ptrace") == 0)
    ptrace (PTRACE_ATTACH, 1, NULL, NULL);
  else if (strcmp (name, "read-memory") == 0)
    syscall (SYS_process_vm_readv, 1, &local, 1, &remote, 1, 0);
  else if (strcmp (name, "write-memory") == 0)
    syscall (SYS_process_vm_writev, 1, &local, 1, &remote, 1, 0);
  else if (strcmp (name, "unshare") == 0)
    unshare (CLONE_NEWUSER);
  else if (strcmp (name, "setns") == 0)
    setns (STDIN_FILENO, 0);
  else if (strcmp (name, "setuid") == 0)
    syscall (SYS_setuid, 0);
  else if (strcmp (name, "setpgid") == 0)
    syscall (SYS_setpgid, 0, 0);
  else if (strcmp (name, "affinity") == 0)
    syscall (SYS_sched_setaffinity, 0, sizeof zeros, zeros);
  else
    return NULL;
  return escaped;
}

static const char *
try_kernel (const char *name)
{
  static char         page[8192] __attribute__ ((aligned (4096)));
  const struct rlimit limits = { RLIM_INFINITY, RLIM_INFINITY };
  int                 ends[2];
  char                zeros[128] = { 0 };

  if (strcmp (name, "socket") == 0)
    socket (AF_INET, SOCK_STREAM, 0);
  else if (strcmp (name, "unix-socket") == 0)
    socket (AF_UNIX, SOCK_STREAM, 0);
  else if (strcmp (name, "socketpair") == 0)
    socketpair (AF_UNIX, SOCK_STREAM, 0, ends);
  else if (strcmp (name, "send") == 0)
    send (STDOUT_FILENO, zeros, 1, 0);
  else if (strcmp (name, "shared-memory") == 0)
    shmget (IPC_PRIVATE, 4096, IPC_CREAT | 0600);
  else if (strcmp (name, "io-uring") == 0)
    syscall (SYS_io_uring_setup, 8, zeros);
  else if (strcmp (name, "bpf") == 0)
    syscall (SYS_bpf, 0, zeros, sizeof zeros);
  else if (strcmp (name, "userfaultfd") == 0)
    syscall (SYS_userfaultfd, 0);
  else if (strcmp (name, "perf") == 0)
    syscall (SYS_perf_event_open, zeros, 0, -1, -1, 0);
  else if (strcmp (name, "keyring") == 0)
    syscall (SYS_keyctl, 0, 0, 0, 0, 0);
  else if (strcmp (name, "prctl") == 0)
    prctl (PR_SET_DUMPABLE, 1, 0, 0, 0);
  else if (strcmp (name, "seccomp") == 0)
    syscall (SYS_seccomp, 1, 0, NULL);
  else if (strcmp (name, "personality") == 0)
    personality (READ_IMPLIES_EXEC);
  else if (strcmp (name, "limits") == 0)
    setrlimit (RLIMIT_AS, &limits);
  else if (strcmp (name, "handler") == 0)
    signal (SIGSYS, SIG_IGN);
  else if (strcmp (name, "nanosleep") == 0)
    nanosleep (&(struct timespec){ .tv_sec = 1000 }, NULL);
  else if (strcmp (name, "pause") == 0)
    pause ();
  else if (strcmp (name, "executable-memory") == 0)
    mmap (NULL, 4096, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  else if (strcmp (name, "make-executable") == 0)
    mprotect (page, 4096, PROT_READ | PROT_EXEC);
  else if (strcmp (name, "map-file") == 0)
    mmap (NULL, 4096, PROT_READ, MAP_PRIVATE, STDIN_FILENO, 0);
#ifdef __x86_64__
  else if (strcmp (name, "x32") == 0)
    syscall (0x40000000 | SYS_getpid);
#endif
  else
    return NULL;
  return escaped;
}

/* What the system answers instead of ending the process. */

static const char *
take_memory (void)
{
  volatile size_t all = (size_t) 2 << 30; /* a 32-bit compiler refuses what can only fail */
  void *volatile memory = malloc (all);   /* clang makes none that nobody looks at */
  size_t taken = 0;

  if (memory != NULL)
    return escaped;
  while (taken < all && (memory = malloc (16 << 20)) != NULL)
    taken += 16 << 20;
  return taken < all ? held : escaped;
}

static const char *
look_at_descriptors (void)
{
  for (int fd = STDERR_FILENO + 1; fd < MOST_DESCRIPTORS; fd++)
    if (lseek (fd, 0, SEEK_CUR) != -1 || errno != EBADF)
      return escaped;
  return held;
}

/* The file is open for reading alone. */
static const char *
write_to_input (void)
{
  return write (STDIN_FILENO, "escaped", 7) == -1 && errno == EBADF ? held : escaped;
}

static const char *
read_output (void)
{
  char byte;

  return read (STDOUT_FILENO, &byte, 1) == -1 && errno == EBADF ? held : escaped;
}

static const char *
look_at_environment (void)
{
  static const char *const known[] = { "LC_ALL=C", "PATH=/usr/bin:/bin", "GLIBC_TUNABLES=" };

  for (char **variable = environ; *variable != NULL; variable++)
    {
      bool expected = false;

      for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        expected = expected || strncmp (*variable, known[i], strlen (known[i])) == 0;
      if (!expected)
        return escaped;
    }
  return held;
}

static void
spin (void)
{
  volatile bool more = true;

  while (more)
    ;
}

/* Waiting is allowed, as locks need it. */
static void
wait_forever (void)
{
  static int word;

  for (;;)
    syscall (SYS_futex, &word, FUTEX_WAIT, 0, NULL, NULL, 0);
}

static int
overflow (int depth)
{
  volatile char room[65536];

  room[0] = (char) depth;
  return depth < 0 ? room[0] : overflow (depth + 1) + room[0];
}

/* An answer that has no end. */
static void
flood (void)
{
  static const char bytes[65536] = "no answer";

  while (write (STDOUT_FILENO, bytes, sizeof bytes) > 0)
    ;
}

const char *
try_escape (const uint8_t *data, size_t length)
{
  char        name[32] = "";
  const char *result;

  memcpy (name, data, length < sizeof name - 1 ? length : sizeof name - 1);
  result = try_files (name);
  if (result == NULL)
    result = try_processes (name);
  if (result == NULL)
    result = try_kernel (name);
  if (result != NULL)
    return result;
  if (strcmp (name, "memory") == 0)
    return take_memory ();
  if (strcmp (name, "descriptors") == 0)
    return look_at_descriptors ();
  if (strcmp (name, "write-input") == 0)
    return write_to_input ();
  if (strcmp (name, "read-output") == 0)
    return read_output ();
  if (strcmp (name, "environment") == 0)
    return look_at_environment ();
  if (strcmp (name, "loop") == 0)
    spin ();
  if (strcmp (name, "wait") == 0)
    wait_forever ();
  if (strcmp (name, "mute") == 0)
    {
      close (STDOUT_FILENO);
      spin ();
    }
  if (strcmp (name, "stack") == 0)
    return overflow (0) != 0 ? escaped : held;
  if (strcmp (name, "flood") == 0)
    flood ();
  return "unknown";
}
