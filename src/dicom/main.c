/* dinoscope-dicom [FRAME]: reads one DICOM file from descriptor 0 and writes
 * the picture, or the reason why there is none, to descriptor 1 in the format
 * of io/dicom-message.h. dinoscope-dicom write: makes a DICOM file instead, as
 * io/dicom-request.h has it. The program starts it for every file; it is of no use
 * to a person. Exit code 0 when a message was written. */
#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "dicom/capture.h"
#include "dicom/reader.h"
#include "io/dicom-request.h"
#include "io/read.h"
#include "sandbox/sandbox.h"
#include "sandbox/standard.h"

/* The largest picture (64 megapixels) takes about 650 MB while it is decoded. */
#define MAX_MEMORY ((uint64_t) 1 << 30)

enum
{
  EXIT_DONE = 0,
  EXIT_REQUEST = 65, /* what is asked for makes no sense */
  EXIT_SETUP = 70,   /* dictionary or sandbox are not to be had */
  EXIT_PIPE = 74     /* nobody reads */
};

static int
send_refusal (const struct dino_dicom_refusal *refusal)
{
  struct dino_error error = { 0 };
  size_t            length;
  uint8_t          *message = dino_dicom_message_pack_refusal (refusal, &length, &error);

  return message != NULL && dino_standard_write (message, length) ? EXIT_DONE : EXIT_PIPE;
}

/* Samples go out as little-endian words. */
static bool
write_samples (const struct dino_picture *picture)
{
  size_t  count = (size_t) picture->width * (size_t) picture->height;
  uint8_t bytes[1 << 16];

  for (size_t first = 0; first < count;)
    {
      size_t n = count - first < sizeof bytes / 2 ? count - first : sizeof bytes / 2;

      for (size_t i = 0; i < n; i++)
        {
          bytes[2 * i] = (uint8_t) (picture->samples16[first + i] & 0xff);
          bytes[2 * i + 1] = (uint8_t) (picture->samples16[first + i] >> 8);
        }
      if (!dino_standard_write (bytes, 2 * n))
        return false;
      first += n;
    }
  return true;
}

static int
send_picture (const struct dino_picture *picture)
{
  struct dino_error error = { 0 };
  size_t            length;
  uint8_t          *message = dino_dicom_message_pack (picture, &length, &error);

  if (message == NULL)
    return send_refusal (&(struct dino_dicom_refusal){ .reason = DINO_DICOM_MEMORY });
  return dino_standard_write (message, length) && write_samples (picture) ? EXIT_DONE : EXIT_PIPE;
}

/* The whole file in memory; NULL when it is too large or cannot be had. */
static uint8_t *
read_input (size_t *length, struct dino_dicom_refusal *refusal)
{
  int      problem;
  uint8_t *data = dino_standard_read (DINO_READ_MAX_FILE, length, &problem);

  *refusal = (struct dino_dicom_refusal){ .reason = DINO_DICOM_MEMORY };
  if (data == NULL && problem == EFBIG)
    *refusal = (struct dino_dicom_refusal){ .reason = DINO_DICOM_TOO_LARGE, .a = (int64_t) (DINO_READ_MAX_FILE >> 20) };
  return data;
}

static int
send_capture (const uint8_t *request, size_t length)
{
  size_t   n = 0;
  uint8_t *file = request != NULL ? dino_dicom_make_capture (request, length, &n) : NULL;
  uint8_t  head[4];

  if (file == NULL)
    return EXIT_REQUEST;
  for (int i = 0; i < 4; i++)
    head[i] = (uint8_t) (n >> (8 * i));
  return dino_standard_write (head, sizeof head) && dino_standard_write (file, n) ? EXIT_DONE : EXIT_PIPE;
}

/* The number of a frame, from 0. */
static bool
parse_frame (const char *text, int *frame)
{
  char      *end;
  const long value = strtol (text, &end, 10);

  *frame = (int) value;
  return end != text && *end == '\0' && value >= 0 && value <= INT_MAX;
}

int
main (int argc, char *argv[])
{
  bool                      writes = argc > 1 && strcmp (argv[1], DINO_DICOM_REQUEST_ARGUMENT) == 0;
  int                       frame = 0;
  struct dino_dicom_refusal refusal;
  struct dino_picture      *picture = NULL;
  size_t                    length = 0;
  uint8_t                  *data;

  if (argc > 1 && !writes && !parse_frame (argv[1], &frame))
    return EXIT_REQUEST;
  signal (SIGPIPE, SIG_IGN);
  if (!dino_sandbox_limit (MAX_MEMORY) || !dino_dicom_setup ())
    return EXIT_SETUP;
  data = read_input (&length, &refusal);
  if (!dino_sandbox_close ())
    return EXIT_SETUP;
  if (writes)
    _exit (send_capture (data, length));
  if (data != NULL)
    picture = dino_dicom_decode (data, length, frame, &refusal);
  /* Memory is the system's to take back: destructors of a parser that has
   * seen a hostile file are not worth running. */
  _exit (picture != NULL ? send_picture (picture) : send_refusal (&refusal));
}
