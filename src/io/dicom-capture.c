#include "io/dicom-capture.h"

#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "core/base/memory.h"
#include "core/base/text.h"
#include "io/dicom-program.h"
#include "io/dicom-request.h"

/* Attributes, beside the pixels. */
#define MOST_BESIDE 65536

static void
put_word (uint8_t *bytes, uint32_t value)
{
  for (int i = 0; i < 4; i++)
    bytes[i] = (uint8_t) (value >> (8 * i));
}

static bool
write_all (int fd, const void *data, size_t length)
{
  const uint8_t *bytes = data;

  while (length > 0)
    {
      ssize_t n = write (fd, bytes, length);

      if (n > 0)
        {
          bytes += n;
          length -= (size_t) n;
        }
      else if (errno != EINTR)
        return false;
    }
  return true;
}

/* What the helper reads (io/dicom-request.h), in memory. */
static int
make_request (const uint8_t *rgb, int width, int height, const char *text)
{
  size_t  length = strlen (text);
  uint8_t head[DINO_DICOM_REQUEST_HEAD] = DINO_DICOM_REQUEST_MAGIC;
  int     fd = memfd_create ("capture", MFD_CLOEXEC);

  put_word (head + 8, (uint32_t) width);
  put_word (head + 12, (uint32_t) height);
  put_word (head + 16, (uint32_t) length);
  if (fd >= 0 && write_all (fd, head, sizeof head) && write_all (fd, text, length) && write_all (fd, rgb, (size_t) width * (size_t) height * 3))
    return fd;
  if (fd >= 0)
    close (fd);
  return -1;
}

/* The file that the helper made, its length before it; NULL when none came. */
static uint8_t *
receive_file (struct dino_helper *helper, size_t most, size_t *length)
{
  uint8_t  head[4];
  uint8_t *data;

  if (dino_helper_receive (helper, head, sizeof head) != (ssize_t) sizeof head)
    return NULL;
  *length = (size_t) head[0] | (size_t) head[1] << 8 | (size_t) head[2] << 16 | (size_t) head[3] << 24;
  if (*length < 132 || *length > most)
    return NULL;
  data = dino_alloc (*length, 1, helper->error);
  if (data != NULL && dino_helper_receive (helper, data, *length) == (ssize_t) *length && memcmp (data + 128, "DICM", 4) == 0)
    return data;
  dino_free (data);
  return NULL;
}

bool
dino_dicom_write_capture (struct dino_output *output, const uint8_t *rgb, int width, int height, const char *derivation, struct dino_error *error)
{
  struct dino_error  failure = { 0 };
  struct dino_helper helper = { .program = &dino_dicom_program, .name = "-", .error = &failure };
  size_t             length = 0, limit = dino_text_cut (derivation, strnlen (derivation, DINO_DICOM_REQUEST_TEXT));
  char               text[DINO_DICOM_REQUEST_TEXT + 1];
  uint8_t           *data = NULL;
  int                fd;
  bool               done;

  if (width <= 0 || height <= 0 || width > 65535 || height > 65535)
    return dino_error_set (error, DINO_CODE_LIMIT, _ ("A picture of %d × %d pixels does not fit into a DICOM file."), width, height);
  memcpy (text, derivation, limit);
  text[limit] = '\0';
  fd = make_request (rgb, width, height, text);
  if (fd < 0)
    return dino_error_set_memory (error, (unsigned long long) width * (unsigned long long) height * 3);
  if (dino_helper_start (&helper, fd, DINO_DICOM_REQUEST_ARGUMENT))
    {
      data = receive_file (&helper, (size_t) width * (size_t) height * 3 + MOST_BESIDE, &length);
      dino_helper_finish (&helper);
    }
  close (fd);
  done = data != NULL && dino_output_write (output, data, length, error);
  if (data == NULL && failure.code == DINO_CODE_MEMORY)
    dino_error_set (error, failure.code, "%s", failure.message);
  else if (data == NULL)
    dino_error_set (error, DINO_CODE_WRITE, _ ("The DICOM file cannot be written: the DICOM helper does not answer."));
  dino_free (data);
  return done;
}
