#include "core/model/tensor-list.h"

#include <stdlib.h>
#include <string.h>

#include "core/base/memory.h"
#include "core/base/text.h"

static const struct
{
  char            name[12];
  unsigned int    bits;
  enum dino_dtype dtype;
} dtypes[] = {
  { "F32", 32, DINO_DTYPE_F32 },
  { "F16", 16, DINO_DTYPE_F16 },
  { "BF16", 16, DINO_DTYPE_BF16 },
  { "BOOL", 8, DINO_DTYPE_OTHER },
  { "F4", 4, DINO_DTYPE_OTHER },
  { "F6_E2M3", 6, DINO_DTYPE_OTHER },
  { "F6_E3M2", 6, DINO_DTYPE_OTHER },
  { "U8", 8, DINO_DTYPE_OTHER },
  { "I8", 8, DINO_DTYPE_OTHER },
  { "F8_E5M2", 8, DINO_DTYPE_OTHER },
  { "F8_E4M3", 8, DINO_DTYPE_OTHER },
  { "F8_E8M0", 8, DINO_DTYPE_OTHER },
  { "F8_E4M3FNUZ", 8, DINO_DTYPE_OTHER },
  { "F8_E5M2FNUZ", 8, DINO_DTYPE_OTHER },
  { "I16", 16, DINO_DTYPE_OTHER },
  { "U16", 16, DINO_DTYPE_OTHER },
  { "I32", 32, DINO_DTYPE_OTHER },
  { "U32", 32, DINO_DTYPE_OTHER },
  { "C64", 64, DINO_DTYPE_OTHER },
  { "F64", 64, DINO_DTYPE_OTHER },
  { "I64", 64, DINO_DTYPE_OTHER },
  { "U64", 64, DINO_DTYPE_OTHER },
};

/* What a tensor is called in messages, and where those go. */
struct context
{
  const char        *path;
  char               label[128];
  struct dino_error *error;
};

static void
context_name (struct context *context, const char *name)
{
  size_t length = strlen (name);
  bool   cut = length > 100;

  length = cut ? dino_text_cut (name, 100) : length;
  memcpy (context->label, name, length);
  memcpy (context->label + length, cut ? "…" : "", cut ? sizeof "…" : 1);
}

static bool
malformed (const struct context *context, const char *reason)
{
  return dino_error_set (context->error, DINO_CODE_FORMAT, _ ("“%s” is malformed: tensor “%s” %s."), context->path, context->label, reason);
}

static bool
parse_natural (const json_t *value, uint64_t *number)
{
  if (!json_is_integer (value) || json_integer_value (value) < 0)
    return false;
  *number = (uint64_t) json_integer_value (value);
  return true;
}

static bool
parse_dtype (struct dino_tensor *tensor, unsigned int *bits, const json_t *value, const struct context *context)
{
  if (!json_is_string (value))
    return malformed (context, _ ("has no dtype"));
  for (size_t i = 0; i < sizeof dtypes / sizeof *dtypes; i++)
    if (strcmp (json_string_value (value), dtypes[i].name) == 0)
      {
        tensor->dtype = dtypes[i].dtype;
        memcpy (tensor->dtype_name, dtypes[i].name, sizeof tensor->dtype_name);
        *bits = dtypes[i].bits;
        return true;
      }
  return malformed (context, _ ("has an unknown dtype"));
}

/* The product is taken from the left, so that a factor 0 saves only what comes after it. */
static bool
parse_shape (struct dino_tensor *tensor, const json_t *value, const struct context *context)
{
  if (!json_is_array (value))
    return malformed (context, _ ("has no shape"));
  if (json_array_size (value) > DINO_SAFETENSORS_MAX_RANK)
    return dino_error_set (context->error, DINO_CODE_LIMIT, _ ("“%s” cannot be used: tensor “%s” has %zu dimensions, at most %d are read."),
                           context->path, context->label, json_array_size (value), DINO_SAFETENSORS_MAX_RANK);
  tensor->rank = (int) json_array_size (value);
  tensor->n_elements = 1;
  for (int i = 0; i < tensor->rank; i++)
    {
      if (!parse_natural (json_array_get (value, (size_t) i), &tensor->shape[i]))
        return malformed (context, _ ("has a shape that is not a list of whole numbers"));
      if (__builtin_mul_overflow (tensor->n_elements, tensor->shape[i], &tensor->n_elements))
        return malformed (context, _ ("has a shape whose product is too large"));
    }
  return true;
}

static bool
parse_offsets (struct dino_tensor *tensor, const json_t *value, const struct context *context)
{
  if (!json_is_array (value))
    return malformed (context, _ ("has no data_offsets"));
  if (json_array_size (value) != 2 || !parse_natural (json_array_get (value, 0), &tensor->begin) || !parse_natural (json_array_get (value, 1), &tensor->end))
    return malformed (context, _ ("has data_offsets that are not two whole numbers"));
  if (tensor->end < tensor->begin)
    return malformed (context, _ ("ends before it begins"));
  return true;
}

static bool
parse_tensor (struct dino_tensor *tensor, const json_t *value, const struct context *context)
{
  unsigned int bits = 0;
  uint64_t     total;

  if (!json_is_object (value))
    return malformed (context, _ ("is not described by an object"));
  if (!parse_dtype (tensor, &bits, json_object_get (value, "dtype"), context) ||
      !parse_shape (tensor, json_object_get (value, "shape"), context) ||
      !parse_offsets (tensor, json_object_get (value, "data_offsets"), context))
    return false;
  if (__builtin_mul_overflow (tensor->n_elements, (uint64_t) bits, &total))
    return malformed (context, _ ("has a shape whose product is too large"));
  if (total % 8 != 0)
    return malformed (context, _ ("does not fill whole bytes"));
  if (tensor->end - tensor->begin != total / 8)
    return malformed (context, _ ("has data_offsets that do not agree with its shape"));
  return true;
}

static int
compare_ranges (const void *a, const void *b)
{
  const struct dino_tensor *first = a, *second = b;

  if (first->begin != second->begin)
    return first->begin < second->begin ? -1 : 1;
  if (first->end != second->end)
    return first->end < second->end ? -1 : 1;
  return strcmp (first->name, second->name);
}

/* The data must be covered from end to end, each byte once: what no tensor
 * owns could be another file in hiding. */
static bool
check_coverage (const struct dino_tensor_list *list, uint64_t data_size, struct context *context)
{
  uint64_t cursor = 0;

  for (size_t i = 0; i < list->n; i++)
    {
      const struct dino_tensor *tensor = &list->tensors[i];

      context_name (context, tensor->name);
      if (tensor->begin < cursor)
        return malformed (context, _ ("overlaps another one"));
      if (tensor->begin > cursor)
        return malformed (context, _ ("comes after a hole in the data"));
      cursor = tensor->end;
    }
  if (cursor > data_size)
    return dino_error_set (context->error, DINO_CODE_FORMAT, _ ("“%s” is truncated: %llu bytes are missing at its end."),
                           context->path, (unsigned long long) (cursor - data_size));
  if (cursor < data_size)
    return dino_error_set (context->error, DINO_CODE_FORMAT, _ ("“%s” is malformed: %llu bytes after the last tensor belong to nothing."),
                           context->path, (unsigned long long) (data_size - cursor));
  return true;
}

/* The first member of header at or after iterator that is a tensor, NULL at the end. */
static void *
skip_metadata (json_t *header, void *iterator)
{
  if (iterator != NULL && strcmp (json_object_iter_key (iterator), "__metadata__") == 0)
    return json_object_iter_next (header, iterator);
  return iterator;
}

static bool
allocate (struct dino_tensor_list *list, json_t *header, const struct context *context)
{
  size_t n = 0, bytes = 0;

  for (void *i = skip_metadata (header, json_object_iter (header)); i != NULL; i = skip_metadata (header, json_object_iter_next (header, i)))
    {
      n++;
      bytes += strlen (json_object_iter_key (i)) + 1;
    }
  if (n > DINO_SAFETENSORS_MAX_TENSORS)
    return dino_error_set (context->error, DINO_CODE_LIMIT, _ ("“%s” cannot be used: it has %zu tensors, at most %d are read."),
                           context->path, n, DINO_SAFETENSORS_MAX_TENSORS);
  list->names = dino_alloc (bytes, 1, context->error);
  list->tensors = dino_alloc_zeroed (n, sizeof *list->tensors, context->error);
  return list->names != NULL && list->tensors != NULL;
}

bool
dino_tensor_list_parse (struct dino_tensor_list *list, json_t *header, const char *path, uint64_t data_size, struct dino_error *error)
{
  struct context context = { .path = path, .error = error };
  char          *name;

  if (!allocate (list, header, &context))
    return false;
  name = list->names;
  for (void *i = skip_metadata (header, json_object_iter (header)); i != NULL; i = skip_metadata (header, json_object_iter_next (header, i)))
    {
      struct dino_tensor *tensor = &list->tensors[list->n++];
      size_t              size = strlen (json_object_iter_key (i)) + 1;

      tensor->name = memcpy (name, json_object_iter_key (i), size);
      name += size;
      context_name (&context, tensor->name);
      if (!parse_tensor (tensor, json_object_iter_value (i), &context))
        return false;
    }
  qsort (list->tensors, list->n, sizeof *list->tensors, compare_ranges);
  return check_coverage (list, data_size, &context);
}

void
dino_tensor_list_clear (struct dino_tensor_list *list)
{
  dino_free (list->tensors);
  dino_free (list->names);
  *list = (struct dino_tensor_list){ 0 };
}
