/* The reader of DICOM files, in this process and without its sandbox, and the
 * message that tells of its picture: what is packed is unpacked to the same. */
#include <stdlib.h>
#include <string.h>

#include "core/base/memory.h"
#include "dicom/reader.h"
#include "fuzz/fuzz.h"
#include "fuzz/picture.h"
#include "io/dicom-message.h"

static void
set_up (void)
{
  static bool done;

  if (!done)
    fuzz_promise (dino_dicom_setup (), "the data dictionary is there");
  done = true;
}

/* The program gets what the helper sends. */
static void
send (const struct dino_picture *picture)
{
  size_t                 length = 0;
  uint8_t               *message = dino_dicom_message_pack (picture, &length, NULL);
  struct dino_dicom_head head;
  struct dino_picture   *received;

  if (message == NULL)
    return;
  fuzz_promise (dino_dicom_message_read_head (message, &head) && !head.refused && head.length == length - DINO_DICOM_HEAD, "the program reads the helper's head");
  received = dino_dicom_message_unpack (&head, message + DINO_DICOM_HEAD, NULL);
  fuzz_promise (received != NULL, "the program understands the helper");
  fuzz_promise (received->width == picture->width && received->height == picture->height && strcmp (received->mode, picture->mode) == 0, "nothing is lost between helper and program");
  dino_picture_unref (received);
  dino_free (message);
}

static void
send_refusal (const struct dino_dicom_refusal *refusal)
{
  size_t                    length = 0;
  uint8_t                  *message = dino_dicom_message_pack_refusal (refusal, &length, NULL);
  struct dino_dicom_head    head;
  struct dino_dicom_refusal received;

  if (message == NULL)
    return;
  fuzz_promise (dino_dicom_message_read_head (message, &head) && head.refused && dino_dicom_message_unpack_refusal (message + DINO_DICOM_HEAD, head.length, &received),
                "the program understands a refusal");
  fuzz_promise (received.reason == refusal->reason && strcmp (received.text, refusal->text) == 0, "a refusal's reason arrives");
  dino_free (message);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  struct dino_dicom_refusal refusal = { 0 };
  struct dino_picture      *picture;

  set_up ();
  picture = dino_dicom_decode (data, size, 0, &refusal);
  fuzz_taken (picture != NULL);
  if (picture == NULL)
    {
      fuzz_promise (refusal.reason > 0 && refusal.reason < DINO_DICOM_N_REASONS, "a refusal has a reason");
      send_refusal (&refusal);
      dino_picture_unref (dino_dicom_decode (data, size, 1, &refusal));
      return 0;
    }
  send (picture);
  fuzz_promise (dino_picture_measure (picture, NULL), "a picture can be measured");
  fuzz_picture (picture);
  return 0;
}
