/* A linear probe's head, as the plug-in reads it through what is public. */
#include "fuzz/fuzz.h"
#include "plugins/linear-probe/head.h"

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (Head)   head = head_read (fuzz_file (data, size), &error);

  fuzz_promise ((head == NULL) == (error != NULL), "a refusal has a reason");
  fuzz_taken (head != NULL);
  if (head == NULL)
    return 0;
  fuzz_promise (g_bytes_get_size (head->weight) == (gsize) head->n_classes * head->n_weights * sizeof (float) &&
                    g_bytes_get_size (head->bias) == head->n_classes * sizeof (float) && g_strv_length (head->classes) == head->n_classes,
                "there is a weight, a bias and a name for each class");
  return 0;
}
