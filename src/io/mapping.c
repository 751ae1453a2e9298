#include "io/mapping.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "core/base/file.h"
#include "core/base/memory.h"
#include "core/base/text.h"

/* Mappings at a time: one a model, three a folder of embeddings. */
#define MAX_MAPPINGS 64

/* What the handler looks at: a handler knows nothing but what is global. */
struct slot
{
  atomic_uintptr_t start; /* 0: free */
  atomic_size_t    size;
  atomic_bool      damaged;
};

struct dino_mapping
{
  struct slot *slot;
  void        *data;
  size_t       size;
};

static struct slot      slots[MAX_MAPPINGS];
static struct sigaction earlier;
static size_t           page_size;
static pthread_once_t   once = PTHREAD_ONCE_INIT;
static pthread_mutex_t  lock = PTHREAD_MUTEX_INITIALIZER;

/* Puts zeros under the page that could not be read; mmap() is a system call
 * and nothing more. */
static bool
mend (uintptr_t address)
{
  for (int i = 0; i < MAX_MAPPINGS; i++)
    {
      const uintptr_t start = atomic_load (&slots[i].start), page = address - address % page_size;

      if (start == 0 || address < start || address - start >= atomic_load (&slots[i].size))
        continue;
      if (mmap ((void *) page, page_size, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0) == MAP_FAILED)
        return false;
      atomic_store (&slots[i].damaged, true);
      return true;
    }
  return false;
}

static void
handle (int number, siginfo_t *info, void *context)
{
  if (mend ((uintptr_t) info->si_addr))
    return;
  if ((earlier.sa_flags & SA_SIGINFO) != 0 && earlier.sa_sigaction != NULL)
    earlier.sa_sigaction (number, info, context);
  else if (earlier.sa_handler != SIG_DFL && earlier.sa_handler != SIG_IGN)
    earlier.sa_handler (number);
  else
    {
      /* The instruction fails again, and then ends the process as it would have. */
      const struct sigaction standard = { .sa_handler = SIG_DFL };

      sigaction (SIGBUS, &standard, NULL);
    }
}

static void
install (void)
{
  struct sigaction action = { .sa_sigaction = handle, .sa_flags = SA_SIGINFO | SA_NODEFER };

  page_size = (size_t) sysconf (_SC_PAGESIZE);
  sigemptyset (&action.sa_mask);
  sigaction (SIGBUS, &action, &earlier);
}

static struct slot *
take_slot (void *data, size_t size)
{
  struct slot *slot = NULL;

  pthread_mutex_lock (&lock);
  for (int i = 0; slot == NULL && i < MAX_MAPPINGS; i++)
    if (atomic_load (&slots[i].start) == 0)
      slot = &slots[i];
  if (slot != NULL)
    {
      atomic_store (&slot->damaged, false);
      atomic_store (&slot->size, size);
      atomic_store (&slot->start, (uintptr_t) data);
    }
  pthread_mutex_unlock (&lock);
  return slot;
}

static bool
map (struct dino_mapping *mapping, const char *path, struct dino_error *error)
{
  uint64_t size;
  int      fd = dino_file_open (path, &size, error), number = EINVAL;
  void    *data = MAP_FAILED;
  char     reason[256];

  if (fd < 0)
    return false;
  if (size > 0 && size <= SIZE_MAX / 2)
    {
      data = mmap (NULL, (size_t) size, PROT_READ, MAP_SHARED, fd, 0);
      number = errno;
    }
  close (fd);
  if (data == MAP_FAILED)
    return dino_error_set (error, DINO_CODE_IO, _ ("“%s” cannot be read: %s."), path, strerror_r (number, reason, sizeof reason));
  mapping->data = data;
  mapping->size = (size_t) size;
  mapping->slot = take_slot (data, mapping->size);
  return mapping->slot != NULL || dino_error_set (error, DINO_CODE_LIMIT, _ ("“%s” cannot be mapped: %d files are already."), path, MAX_MAPPINGS);
}

struct dino_mapping *
dino_mapping_new (const char *path, struct dino_error *error)
{
  struct dino_mapping *mapping = dino_alloc_zeroed (1, sizeof *mapping, error);

  if (mapping == NULL)
    {
      dino_error_about (error, path);
      return NULL;
    }
  pthread_once (&once, install);
  if (map (mapping, path, error))
    return mapping;
  dino_error_about (error, path);
  dino_mapping_free (mapping);
  return NULL;
}

void
dino_mapping_free (struct dino_mapping *mapping)
{
  if (mapping == NULL)
    return;
  /* First: what is mapped at these addresses afterwards is not ours to mend. */
  if (mapping->slot != NULL)
    atomic_store (&mapping->slot->start, 0);
  if (mapping->data != NULL)
    munmap (mapping->data, mapping->size);
  dino_free (mapping);
}

const void *
dino_mapping_data (const struct dino_mapping *mapping)
{
  return mapping->data;
}

size_t
dino_mapping_size (const struct dino_mapping *mapping)
{
  return mapping->size;
}

bool
dino_mapping_is_damaged (const struct dino_mapping *mapping)
{
  return atomic_load (&mapping->slot->damaged);
}
