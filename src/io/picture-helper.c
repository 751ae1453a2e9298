#include "io/picture-helper.h"

#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "core/base/text.h"
#include "dinoscope-config.h"
#include "io/helper.h"
#include "io/memory-file.h"
#include "io/picture-message.h"

static bool
tell (struct dino_helper *helper, enum dino_helper_problem problem, const char *path, int number)
{
  char reason[256];

  switch (problem)
    {
    case DINO_HELPER_NO_PIPE:
      return dino_error_set (helper->error, DINO_CODE_IO, _ ("“%s” cannot be read: no pipe to the picture reader (%s)."), helper->name, strerror_r (number, reason, sizeof reason));
    case DINO_HELPER_NO_START:
      return dino_error_set (helper->error, DINO_CODE_IO, _ ("“%s” cannot be read: the picture reader %s does not start (%s)."), helper->name, path,
                             strerror_r (number, reason, sizeof reason));
    case DINO_HELPER_TOO_LONG:
      return dino_error_set (helper->error, DINO_CODE_FORMAT, _ ("“%s” keeps the picture reader busy for too long; it was stopped."), helper->name);
    case DINO_HELPER_ESCAPES:
      return dino_error_set (helper->error, DINO_CODE_FORMAT, _ ("“%s” made the picture reader do what it must not; it was stopped."), helper->name);
    case DINO_HELPER_BROKE_OFF:
      return dino_error_set (helper->error, DINO_CODE_FORMAT, _ ("“%s” is damaged: the picture reader broke off (signal %d)."), helper->name, number);
    case DINO_HELPER_ENDED:
      return dino_error_set (helper->error, DINO_CODE_IO, _ ("“%s” cannot be read: the picture reader was ended before it had answered (signal %d)."), helper->name, number);
    case DINO_HELPER_NO_WORK:
      return dino_error_set (helper->error, DINO_CODE_IO, _ ("“%s” cannot be read: the picture reader does not work here (exit code %d)."), helper->name, number);
    case DINO_HELPER_NONSENSE:
    default:
      return dino_error_set (helper->error, DINO_CODE_FORMAT, _ ("“%s” cannot be read: the answer of the picture reader makes no sense."), helper->name);
    }
}

static const struct dino_helper_program program = {
  .name = "dinoscope-picture",
  .variable = "DINOSCOPE_PICTURE_HELPER",
  .sibling = "../picture/dinoscope-picture",
  .installed = DINOSCOPE_HELPERDIR "/dinoscope-picture",
  .tell = tell,
};

/* Samples are written once, from one end to the other: where they are many, most of
 * the time goes into first touching their pages. Only faster. */
static void
prefer_large_pages (void *samples, size_t length)
{
  const uintptr_t page = (uintptr_t) sysconf (_SC_PAGESIZE);
  const uintptr_t start = ((uintptr_t) samples + page - 1) & ~(page - 1);
  const uintptr_t end = ((uintptr_t) samples + length) & ~(page - 1);

  if (end > start)
    madvise ((void *) start, end - start, MADV_HUGEPAGE);
}

static struct dino_picture *
receive_message (struct dino_helper *helper, bool *complete)
{
  uint8_t              head[DINO_PICTURE_HEAD];
  struct dino_refusal  refusal;
  struct dino_picture *picture;
  void                *samples;
  size_t               length;

  *complete = dino_helper_receive (helper, head, sizeof head) == (ssize_t) sizeof head;
  if (!*complete)
    return NULL;
  picture = dino_picture_message_unpack (head, &refusal, helper->error);
  if (refusal.reason != DINO_REFUSED_NOT)
    dino_refusal_tell (&refusal, helper->name, helper->error);
  else if (picture == NULL)
    tell (helper, DINO_HELPER_NONSENSE, NULL, 0);
  if (picture == NULL)
    return NULL;
  samples = dino_picture_message_samples (picture, &length);
  prefer_large_pages (samples, length);
  *complete = dino_helper_receive (helper, samples, length) == (ssize_t) length;
  if (*complete)
    return picture;
  dino_picture_unref (picture);
  return NULL;
}

struct dino_picture *
dino_picture_helper_read (int                                       file,
                          const char                               *name,
                          const struct dino_picture_helper_options *options,
                          struct dino_error                        *error)
{
  static const struct dino_picture_helper_options defaults = { 0 };
  struct dino_error                               own = { 0 };
  struct dino_helper                              helper = { .program = &program, .name = name, .error = error != NULL ? error : &own };

  if (options == NULL)
    options = &defaults;
  helper.progress = options->progress;
  helper.deadline_seconds = options->deadline_seconds;
  return dino_helper_read (&helper, file, options->as_mask ? DINO_PICTURE_MASK_ARGUMENT : NULL, receive_message);
}

struct dino_picture *
dino_picture_helper_decode (const uint8_t                            *data,
                            size_t                                    length,
                            const char                               *name,
                            const struct dino_picture_helper_options *options,
                            struct dino_error                        *error)
{
  struct dino_picture *picture;
  int                  file = dino_memory_file_new (data, length, error);

  if (file < 0)
    return NULL;
  picture = dino_picture_helper_read (file, name, options, error);
  close (file);
  return picture;
}
