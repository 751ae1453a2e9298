/* The JSON of a safetensors header. The first three bytes say how many bytes of
 * data follow it, so that the fuzzer need not make them. */
#include "core/model/json.h"
#include "core/model/tensor-list.h"
#include "fuzz/fuzz.h"

#define PREFIX 3
#define MOST_WEIGHT 65536

static void
check_list (const struct dino_tensor_list *list, uint64_t data_size)
{
  uint64_t end = 0;

  for (size_t i = 0; i < list->n; i++)
    {
      const struct dino_tensor *tensor = &list->tensors[i];

      fuzz_promise (tensor->begin == end && tensor->end >= end && tensor->rank <= DINO_SAFETENSORS_MAX_RANK, "tensors lie one behind the other");
      fuzz_touch_text (tensor->name);
      fuzz_touch_text (tensor->dtype_name);
      end = tensor->end;
    }
  fuzz_promise (end == data_size, "tensors are all that there is");
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  struct dino_error       error = { 0 };
  struct dino_tensor_list list = { 0 };
  uint64_t                data_size;
  json_t                 *header;
  bool                    taken;

  if (size < PREFIX)
    return 0;
  data_size = (uint64_t) data[0] | (uint64_t) data[1] << 8 | (uint64_t) data[2] << 16;
  header = dino_json_parse ("header", (const char *) data + PREFIX, size - PREFIX, MOST_WEIGHT, &error);
  taken = header != NULL && dino_tensor_list_parse (&list, header, "header", data_size, &error);
  fuzz_promise (taken == (error.code == DINO_CODE_NONE), "a refusal has a reason");
  fuzz_taken (taken);
  if (taken)
    check_list (&list, data_size);
  dino_tensor_list_clear (&list);
  json_decref (header);
  return 0;
}
