/* A decoder of patch tokens. */
#include "core/heads/decoder.h"
#include "fuzz/fuzz.h"
#include "io/decoder-file.h"

static void
touch (const struct dino_decoder_head *head)
{
  const struct dino_decoder *decoder = head->decoder;

  fuzz_promise (decoder->n_classes == (size_t) head->classes.n && head->n_blocks <= DINO_DECODER_MAX_BLOCKS, "classes and blocks are counted");
  fuzz_touch (decoder->weight, decoder->n_classes * dino_decoder_width (decoder) * sizeof *decoder->weight);
  fuzz_touch (decoder->bias, decoder->n_classes * sizeof *decoder->bias);
  if (decoder->n_hidden > 0)
    fuzz_touch (decoder->hidden_weight, decoder->n_hidden * decoder->n_features * sizeof *decoder->hidden_weight);
  for (int i = 0; i < head->classes.n; i++)
    fuzz_touch_text (head->classes.list[i].name);
  for (size_t i = 0; i < head->n_blocks; i++)
    fuzz_promise (head->blocks[i] >= 0, "blocks count from 0");
  fuzz_touch_text (head->preparation);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  struct dino_error         error = { 0 };
  struct dino_decoder_head *head = dino_decoder_head_read (fuzz_file (data, size), &error);

  fuzz_promise ((head == NULL) == (error.code != DINO_CODE_NONE), "a refusal has a reason");
  fuzz_taken (head != NULL);
  if (head != NULL)
    touch (head);
  dino_decoder_head_free (head);
  return 0;
}
