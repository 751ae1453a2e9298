/* dinoscope-picture [mask]: decodes one PNG or JPEG from descriptor 0 and writes
 * the picture, or the reason why there is none, to descriptor 1 in the format
 * of io/picture-message.h. The program starts it for every file; it is of no use
 * to a person. Exit code 0 when a message was written. */
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "io/jpeg.h"
#include "io/kind.h"
#include "io/picture-message.h"
#include "io/png.h"
#include "io/read.h"
#include "sandbox/sandbox.h"
#include "sandbox/standard.h"

/* The largest file that is read (DINO_READ_MAX_FILE), what libjpeg may take for
 * the coefficients of the largest picture, its samples, and some room. */
#define MAX_MEMORY (DINO_READ_MAX_FILE + ((uint64_t) 1 << 30))

enum
{
  EXIT_DONE = 0,
  EXIT_SETUP = 70, /* the sandbox is not to be had */
  EXIT_PIPE = 74   /* nobody reads */
};

/* The whole file in memory, or why not. */
static uint8_t *
read_input (size_t *length, struct dino_refusal *refusal)
{
  int      problem;
  uint8_t *data = dino_standard_read (DINO_READ_MAX_FILE, length, &problem);

  if (data == NULL || problem != 0)
    dino_refuse_file (refusal, problem);
  return data;
}

static struct dino_picture *
decode (const uint8_t *data, size_t length, bool as_mask, struct dino_refusal *refusal)
{
  if (as_mask || dino_kind_of (data, length) == DINO_KIND_PNG)
    return dino_png_read (data, length, as_mask, refusal);
  return dino_jpeg_read (data, length, refusal);
}

int
main (int argc, char *argv[])
{
  const bool           as_mask = argc > 1 && strcmp (argv[1], DINO_PICTURE_MASK_ARGUMENT) == 0;
  struct dino_refusal  refusal = { 0 };
  struct dino_picture *picture = NULL;
  uint8_t             *data;
  uint8_t              head[DINO_PICTURE_HEAD];
  size_t               length = 0;
  void                *samples = NULL;

  signal (SIGPIPE, SIG_IGN);
  if (!dino_sandbox_limit (MAX_MEMORY))
    return EXIT_SETUP;
  data = read_input (&length, &refusal);
  if (!dino_sandbox_close ())
    return EXIT_SETUP;
  if (refusal.reason == DINO_REFUSED_NOT)
    picture = decode (data, length, as_mask, &refusal);
  dino_picture_message_pack (picture, &refusal, head);
  length = 0;
  if (picture != NULL)
    samples = dino_picture_message_samples (picture, &length);
  /* Memory is the system's to take back: what a decoder that has seen a hostile
   * file leaves behind is not worth tidying. */
  _exit (dino_standard_write (head, sizeof head) && dino_standard_write (samples, length) ? EXIT_DONE : EXIT_PIPE);
}
