#include "sandbox/sandbox.h"

#include <seccomp.h>
#include <signal.h>
#include <stddef.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#define MAX_SECONDS 60

/* Sanitizers reserve terabytes of address space and make system calls of their own. */
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer) || __has_feature(memory_sanitizer)
#define SANITIZED 1
#endif
#endif
#ifndef SANITIZED
#define SANITIZED 0
#endif

/* At most value, and more where something comes between the two; who started the
 * program may have allowed less. */
static bool
limit (int resource, rlim_t value, rlim_t more)
{
  struct rlimit limits;

  if (getrlimit ((__rlimit_resource_t) resource, &limits) != 0)
    return false;
  if (limits.rlim_max == RLIM_INFINITY || limits.rlim_max > value + more)
    limits.rlim_max = value + more;
  if (limits.rlim_cur == RLIM_INFINITY || limits.rlim_cur > value)
    limits.rlim_cur = value;
  return setrlimit ((__rlimit_resource_t) resource, &limits) == 0;
}

/* Of the processor's time more may be had than allowed, so that SIGXCPU ends the
 * process, and SIGKILL is known to be somebody else's.
 * PDEATHSIG: nobody reads the answer of one whose program is gone. The thread that
 * started it waits for it, so that the end of that thread is the program's. */
bool
dino_sandbox_limit (uint64_t memory)
{
  if (!SANITIZED && !limit (RLIMIT_AS, (rlim_t) memory, 0))
    return false;
  return limit (RLIMIT_CPU, MAX_SECONDS, 1) && limit (RLIMIT_FSIZE, 0, 0) && limit (RLIMIT_CORE, 0, 0) &&
         prctl (PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 && prctl (PR_SET_DUMPABLE, 0, 0, 0, 0) == 0 && prctl (PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0) == 0 &&
         close_range (3, ~0U, 0) == 0;
}

#if !SANITIZED
/* One list for all processors; those of 32 bits have calls of their own for what
 * does not fit into their registers. libseccomp's numbers for calls that a processor
 * does not have are below 0; it would put them into the filter as they are. */
static bool
allow_plain (scmp_filter_ctx filter)
{
  static const int calls[] = {
    SCMP_SYS (read),
    SCMP_SYS (readv),
    SCMP_SYS (write),
    SCMP_SYS (writev),
    SCMP_SYS (lseek),
    SCMP_SYS (_llseek), /* positions of 64 bits */
    SCMP_SYS (close),
    SCMP_SYS (munmap),
    SCMP_SYS (mremap),
    SCMP_SYS (madvise),
    SCMP_SYS (brk),
    SCMP_SYS (futex),
    SCMP_SYS (futex_time64), /* times of 64 bits */
    SCMP_SYS (getrandom),
    SCMP_SYS (clock_gettime),
    SCMP_SYS (clock_gettime64), /* the same */
    SCMP_SYS (gettimeofday),
    SCMP_SYS (getpid),
    SCMP_SYS (gettid),
    SCMP_SYS (rt_sigprocmask),
    SCMP_SYS (rt_sigreturn),
    SCMP_SYS (exit),
    SCMP_SYS (exit_group),
  };

  for (size_t i = 0; i < sizeof calls / sizeof *calls; i++)
    if (calls[i] >= 0 && seccomp_rule_add (filter, SCMP_ACT_ALLOW, calls[i], 0) != 0)
      return false;
  return true;
}

/* The call for new memory, which has to have its arguments where a filter sees them.
 * i386 and s390x have those of mmap in memory. On i386 libc uses mmap2; s390x has
 * no other call, so that nothing can be closed there. */
#if defined(__i386__)
#define NEW_MEMORY SCMP_SYS (mmap2)
#elif defined(__s390__)
#define NEW_MEMORY __NR_SCMP_ERROR
#else
#define NEW_MEMORY SCMP_SYS (mmap)
#endif

/* Memory that is never executed; new memory only without a file behind it. */
static bool
allow_memory (scmp_filter_ctx filter)
{
  return seccomp_rule_add (filter, SCMP_ACT_ALLOW, NEW_MEMORY, 2, SCMP_A2 (SCMP_CMP_MASKED_EQ, PROT_EXEC, 0),
                           SCMP_A3 (SCMP_CMP_MASKED_EQ, MAP_ANONYMOUS, MAP_ANONYMOUS)) == 0 &&
         seccomp_rule_add (filter, SCMP_ACT_ALLOW, SCMP_SYS (mprotect), 1, SCMP_A2 (SCMP_CMP_MASKED_EQ, PROT_EXEC, 0)) == 0;
}
#endif

bool
dino_sandbox_close (void)
{
#if SANITIZED
  return true;
#else
  scmp_filter_ctx filter = seccomp_init (SCMP_ACT_KILL_PROCESS);
  bool            closed = filter != NULL && allow_plain (filter) && allow_memory (filter) && seccomp_load (filter) == 0;

  seccomp_release (filter);
  return closed;
#endif
}
