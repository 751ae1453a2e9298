#include "faults.h"

#include <errno.h>
#include <execinfo.h>
#include <stdlib.h>

#include "core/model/json-memory.h"

int   __real_posix_memalign (void **memory, size_t alignment, size_t size);
int   __wrap_posix_memalign (void **memory, size_t alignment, size_t size);
void *__real_malloc (size_t size);
void *__wrap_malloc (size_t size);
void  __real_dino_json_begin_reserve (void *memory, size_t size);
void  __wrap_dino_json_begin_reserve (void *memory, size_t size);
void  __real_dino_json_end_reserve (void);
void  __wrap_dino_json_end_reserve (void);
int   __wrap_fsync (int fd);
int   __wrap_fdatasync (int fd);

static struct faults     *watched;
static _Thread_local bool parsing;

static bool
fails (int domain)
{
  struct faults *faults = __atomic_load_n (&watched, __ATOMIC_ACQUIRE);
  unsigned       n;

  if (faults == NULL || (faults->domains & domain) == 0)
    return false;
  n = __atomic_fetch_add (&faults->n_seen, 1, __ATOMIC_RELAXED);
  if (faults->mode == FAULTS_ONCE ? n != faults->at : n < faults->at)
    return false;
  if (__atomic_fetch_add (&faults->n_failed, 1, __ATOMIC_RELAXED) == 0)
    faults->n_frames = backtrace (faults->frames, FAULTS_FRAMES);
  return true;
}

int
__wrap_posix_memalign (void **memory, size_t alignment, size_t size)
{
  return fails (FAULTS_OWN) ? ENOMEM : __real_posix_memalign (memory, alignment, size);
}

void *
__wrap_malloc (size_t size)
{
  return fails (parsing ? FAULTS_JSON_READ : FAULTS_JSON) ? NULL : __real_malloc (size);
}

void
__wrap_dino_json_begin_reserve (void *memory, size_t size)
{
  parsing = true;
  __real_dino_json_begin_reserve (memory, size);
}

void
__wrap_dino_json_end_reserve (void)
{
  parsing = false;
  __real_dino_json_end_reserve ();
}

/* What is tested is memory; thousands of files need not reach the disk. */
int
__wrap_fsync (int fd)
{
  return 0;
}

int
__wrap_fdatasync (int fd)
{
  return 0;
}

void
faults_watch (void)
{
  void *frame;

  /* What core takes for malloc(), it being led to the function above. */
  json_set_alloc_funcs (malloc, free);
  dino_json_watch_memory ();
  /* The first call loads a library, which would be a leak of the step that fails. */
  backtrace (&frame, 1);
}

void
faults_arm (struct faults *faults, int domains, int mode, unsigned at)
{
  *faults = (struct faults){ .domains = domains, .mode = mode, .at = at };
  __atomic_store_n (&watched, faults, __ATOMIC_RELEASE);
}

void
faults_disarm (void)
{
  __atomic_store_n (&watched, NULL, __ATOMIC_RELEASE);
}
