/* What the program believes of the helper's message: a picture or a refusal. */
#include <string.h>

#include "core/base/memory.h"
#include "fuzz/fuzz.h"
#include "io/dicom-message.h"
#include "io/dicom.h"

/* Pictures up to this size get samples. */
#define SMALL 4096

/* Packed again it is the same message. */
static void
pack_again (const struct dino_picture *picture, const uint8_t *message, size_t length)
{
  size_t   again_length = 0;
  uint8_t *again = dino_dicom_message_pack (picture, &again_length, NULL);

  if (again == NULL)
    return;
  fuzz_promise (again_length == length && memcmp (again + DINO_DICOM_HEAD, message + DINO_DICOM_HEAD, length - DINO_DICOM_HEAD) == 0, "a message comes back the same");
  dino_free (again);
}

static void
unpack (const struct dino_dicom_head *head, const uint8_t *message, size_t length)
{
  struct dino_error    error = { 0 };
  struct dino_picture *picture = dino_dicom_message_unpack (head, message + DINO_DICOM_HEAD, &error);
  const size_t         n = (size_t) head->width * (size_t) head->height;

  fuzz_promise ((picture == NULL) == (error.code != DINO_CODE_NONE), "a refusal has a reason");
  fuzz_taken (picture != NULL);
  if (picture == NULL)
    return;
  pack_again (picture, message, length);
  if (n <= SMALL)
    {
      for (size_t i = 0; i < n; i++)
        picture->samples16[i] = (uint16_t) (i * 2654435761u >> 16);
      fuzz_promise (dino_picture_measure (picture, NULL), "a picture can be measured");
      fuzz_promise (picture->low <= picture->high, "pictures are measured");
    }
  dino_picture_unref (picture);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  struct dino_dicom_head    head;
  struct dino_dicom_refusal refusal;
  struct dino_error         error = { 0 };

  if (size < DINO_DICOM_HEAD || !dino_dicom_message_read_head (data, &head) || head.length > size - DINO_DICOM_HEAD)
    return 0;
  if (!head.refused)
    unpack (&head, data, DINO_DICOM_HEAD + head.length);
  else if (dino_dicom_message_unpack_refusal (data + DINO_DICOM_HEAD, head.length, &refusal))
    {
      dino_dicom_set_refusal (&error, "file", &refusal);
      fuzz_promise (error.code != DINO_CODE_NONE, "a refusal has a reason");
      fuzz_taken (true);
    }
  return 0;
}
