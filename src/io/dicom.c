#include "io/dicom.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "core/base/memory.h"
#include "core/base/text.h"
#include "dinoscope-config.h"
#include "io/dicom-program.h"
#include "io/memory-file.h"

static bool
tell (struct dino_helper *helper, enum dino_helper_problem problem, const char *path, int number)
{
  char reason[256];

  switch (problem)
    {
    case DINO_HELPER_NO_PIPE:
      return dino_error_set (helper->error, DINO_CODE_IO, _ ("“%s” cannot be read: no pipe to the DICOM reader (%s)."), helper->name, strerror_r (number, reason, sizeof reason));
    case DINO_HELPER_NO_START:
      return dino_error_set (helper->error, DINO_CODE_IO, _ ("“%s” cannot be read: the DICOM reader %s does not start (%s)."), helper->name, path,
                             strerror_r (number, reason, sizeof reason));
    case DINO_HELPER_TOO_LONG:
      return dino_error_set (helper->error, DINO_CODE_FORMAT, _ ("“%s” keeps the DICOM reader busy for too long; it was stopped."), helper->name);
    case DINO_HELPER_ESCAPES:
      return dino_error_set (helper->error, DINO_CODE_FORMAT, _ ("“%s” made the DICOM reader do what it must not; it was stopped."), helper->name);
    case DINO_HELPER_BROKE_OFF:
      return dino_error_set (helper->error, DINO_CODE_FORMAT, _ ("“%s” is damaged: the DICOM reader broke off (signal %d)."), helper->name, number);
    case DINO_HELPER_ENDED:
      return dino_error_set (helper->error, DINO_CODE_IO, _ ("“%s” cannot be read: the DICOM reader was ended before it had answered (signal %d)."), helper->name, number);
    case DINO_HELPER_NO_WORK:
      return dino_error_set (helper->error, DINO_CODE_IO, _ ("“%s” cannot be read: the DICOM reader does not work here (exit code %d)."), helper->name, number);
    case DINO_HELPER_NONSENSE:
    default:
      return dino_error_set (helper->error, DINO_CODE_FORMAT, _ ("“%s” cannot be read: the answer of the DICOM reader makes no sense."), helper->name);
    }
}

const struct dino_helper_program dino_dicom_program = {
  .name = "dinoscope-dicom",
  .variable = "DINOSCOPE_DICOM_HELPER",
  .sibling = "../dicom/dinoscope-dicom",
  .installed = DINOSCOPE_LIBEXECDIR "/dinoscope-dicom",
  .tell = tell,
};

static bool
receive_samples (struct dino_helper *helper, struct dino_picture *picture)
{
  size_t  n = (size_t) picture->width * (size_t) picture->height * 2;
  ssize_t received = dino_helper_receive (helper, picture->samples16, n);

#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
  for (size_t i = 0; i < n / 2; i++)
    picture->samples16[i] = __builtin_bswap16 (picture->samples16[i]);
#endif
  return received == (ssize_t) n;
}

static void
tell_nonsense (struct dino_helper *helper)
{
  tell (helper, DINO_HELPER_NONSENSE, NULL, 0);
}

static struct dino_picture *
unpack (struct dino_helper *helper, const struct dino_dicom_head *head, const uint8_t *description)
{
  struct dino_error    failure = { 0 };
  struct dino_picture *picture = dino_dicom_message_unpack (head, description, &failure);

  if (failure.code == DINO_CODE_FORMAT)
    tell_nonsense (helper);
  else if (picture == NULL)
    dino_error_set (helper->error, failure.code, "%s", failure.message);
  return picture;
}

static struct dino_picture *
receive_message (struct dino_helper *helper, bool *complete)
{
  uint8_t                   head_bytes[DINO_DICOM_HEAD];
  struct dino_dicom_head    head;
  struct dino_dicom_refusal refusal;
  struct dino_picture      *picture = NULL;
  uint8_t                  *description;

  *complete = false;
  if (dino_helper_receive (helper, head_bytes, sizeof head_bytes) != (ssize_t) sizeof head_bytes)
    return NULL;
  if (!dino_dicom_message_read_head (head_bytes, &head))
    {
      tell_nonsense (helper);
      return NULL;
    }
  description = dino_alloc (head.length, 1, helper->error);
  if (description != NULL && dino_helper_receive (helper, description, head.length) == (ssize_t) head.length)
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
  struct dino_helper                     helper = { .program = &dino_dicom_program, .name = name, .error = error != NULL ? error : &own };
  char                                   number[16];

  if (options == NULL)
    options = &defaults;
  helper.progress = options->progress;
  helper.deadline_seconds = options->deadline_seconds;
  snprintf (number, sizeof number, "%d", options->frame);
  return dino_helper_read (&helper, fd, number, receive_message);
}

struct dino_picture *
dino_dicom_decode_memory (const uint8_t *data, size_t length, const char *name, const struct dino_dicom_options *options, struct dino_error *error)
{
  struct dino_picture *picture;
  int                  fd = dino_memory_file_new (data, length, error);

  if (fd < 0)
    return NULL;
  picture = dino_dicom_read (fd, name, options, error);
  close (fd);
  return picture;
}
