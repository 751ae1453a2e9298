#include "io/safetensors-write.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/memory.h"
#include "core/base/text.h"
#include "io/values.h"

#define HEADER_ALIGNMENT 8
#define MAX_RANK 4

/* Text that grows; measured first with text NULL, then written. */
struct text
{
  char  *text;
  size_t length;
};

static void
add_bytes (struct text *header, const char *bytes, size_t n)
{
  if (header->text != NULL)
    memcpy (header->text + header->length, bytes, n);
  header->length += n;
}

static void
add (struct text *header, const char *text)
{
  add_bytes (header, text, strlen (text));
}

static void
add_number (struct text *header, size_t number)
{
  char digits[32];

  add_bytes (header, digits, (size_t) snprintf (digits, sizeof digits, "%zu", number));
}

/* As serde_json quotes: short escapes where there are any, else \u00xx. */
static void
add_string (struct text *header, const char *text)
{
  static const char plain[] = "\"\\\b\f\n\r\t";
  static const char letters[] = "\"\\bfnrt";

  add (header, "\"");
  for (; *text != '\0'; text++)
    {
      const char *found = strchr (plain, *text);
      char        escape[8];

      if (found != NULL)
        add_bytes (header, (const char[]){ '\\', letters[found - plain] }, 2);
      else if ((unsigned char) *text < ' ')
        add_bytes (header, escape, (size_t) snprintf (escape, sizeof escape, "\\u%04x", (unsigned) *text));
      else
        add_bytes (header, text, 1);
    }
  add (header, "\"");
}

static int
compare_tensors (const void *a, const void *b)
{
  const struct dino_tensor_out *const *left = a, *const *right = b;

  return strcmp ((*left)->name, (*right)->name);
}

static int
compare_metadata (const void *a, const void *b)
{
  const struct dino_metadata_out *const *left = a, *const *right = b;

  return strcmp ((*left)->key, (*right)->key);
}

static size_t
n_values (const struct dino_tensor_out *tensor)
{
  size_t n = 1;

  for (int i = 0; i < tensor->rank; i++)
    n *= tensor->shape[i];
  return n;
}

/* Everything in the header must be UTF-8, or no reader takes the file. */
static bool
is_utf8 (const char *text)
{
  const unsigned char *c = (const unsigned char *) text;

  while (*c != 0)
    {
      static const uint32_t smallest[] = { 0, 0, 0x80, 0x800, 0x10000 };
      size_t                n = *c < 0x80 ? 1 : *c >= 0xf0 ? 4
                                            : *c >= 0xe0   ? 3
                                                           : 2;
      uint32_t              point = n == 1 ? *c : *c & (0x7fu >> n);

      if ((*c >= 0x80 && *c < 0xc2) || *c > 0xf4)
        return false;
      for (size_t i = 1; i < n; i++)
        {
          if ((c[i] & 0xc0) != 0x80)
            return false;
          point = point << 6 | (c[i] & 0x3f);
        }
      if (point < smallest[n] || point > 0x10ffff || (point >= 0xd800 && point <= 0xdfff))
        return false;
      c += n;
    }
  return true;
}

static bool
check_metadata (const struct dino_metadata_out *metadata, struct dino_error *error)
{
  return (is_utf8 (metadata->key) && is_utf8 (metadata->value)) ||
         dino_error_set (error, DINO_CODE_ARGUMENT, _ ("The metadata “%s” cannot be written: it is not UTF-8."), metadata->key);
}

static bool
check_tensor (const struct dino_tensor_out *tensor, struct dino_error *error)
{
  size_t n = sizeof (float);
  bool   valid = tensor->rank >= 0 && tensor->rank <= MAX_RANK && is_utf8 (tensor->name) && strcmp (tensor->name, "__metadata__") != 0;

  for (int i = 0; valid && i < tensor->rank; i++)
    valid = dino_multiply (n, tensor->shape[i], &n);
  return valid || dino_error_set (error, DINO_CODE_ARGUMENT, _ ("The tensor “%s” cannot be written."), tensor->name);
}

static void
format_metadata (struct text *header, const struct dino_metadata_out *const *metadata, size_t n_metadata)
{
  add (header, "\"__metadata__\":{");
  for (size_t i = 0; i < n_metadata; i++)
    {
      if (i > 0)
        add (header, ",");
      add_string (header, metadata[i]->key);
      add (header, ":");
      add_string (header, metadata[i]->value);
    }
  add (header, "}");
}

static void
format_tensor (struct text *header, const struct dino_tensor_out *tensor, size_t begin, size_t end)
{
  add_string (header, tensor->name);
  add (header, ":{\"dtype\":\"F32\",\"shape\":[");
  for (int i = 0; i < tensor->rank; i++)
    {
      if (i > 0)
        add (header, ",");
      add_number (header, tensor->shape[i]);
    }
  add (header, "],\"data_offsets\":[");
  add_number (header, begin);
  add (header, ",");
  add_number (header, end);
  add (header, "]}");
}

static void
format_header (struct text                           *header,
               const struct dino_tensor_out *const   *tensors,
               size_t                                 n_tensors,
               const struct dino_metadata_out *const *metadata,
               size_t                                 n_metadata)
{
  size_t offset = 0;

  header->length = 0;
  add (header, "{");
  if (n_metadata > 0)
    format_metadata (header, metadata, n_metadata);
  for (size_t i = 0; i < n_tensors; i++)
    {
      size_t end = offset + n_values (tensors[i]) * sizeof (float);

      if (i > 0 || n_metadata > 0)
        add (header, ",");
      format_tensor (header, tensors[i], offset, end);
      offset = end;
    }
  add (header, "}");
  while (header->length % HEADER_ALIGNMENT != 0)
    add (header, " ");
}

static bool
write_header (struct dino_output                    *output,
              const struct dino_tensor_out *const   *tensors,
              size_t                                 n_tensors,
              const struct dino_metadata_out *const *metadata,
              size_t                                 n_metadata,
              struct dino_error                     *error)
{
  struct text header = { 0 };
  uint8_t     size[8];
  bool        written;

  format_header (&header, tensors, n_tensors, metadata, n_metadata);
  header.text = dino_alloc (header.length, 1, error);
  if (header.text == NULL)
    return false;
  format_header (&header, tensors, n_tensors, metadata, n_metadata);
  for (size_t i = 0; i < sizeof size; i++)
    size[i] = (uint8_t) ((uint64_t) header.length >> (8 * i));
  written = dino_output_write (output, size, sizeof size, error) &&
            dino_output_write (output, header.text, header.length, error);
  dino_free (header.text);
  return written;
}

static bool
write_sorted (struct dino_output                    *output,
              const struct dino_tensor_out *const   *tensors,
              size_t                                 n_tensors,
              const struct dino_metadata_out *const *metadata,
              size_t                                 n_metadata,
              struct dino_error                     *error)
{
  for (size_t i = 1; i < n_tensors; i++)
    if (strcmp (tensors[i - 1]->name, tensors[i]->name) == 0)
      return dino_error_set (error, DINO_CODE_ARGUMENT, _ ("The tensor “%s” is to be written twice."), tensors[i]->name);
  if (!write_header (output, tensors, n_tensors, metadata, n_metadata, error))
    return false;
  for (size_t i = 0; i < n_tensors; i++)
    if (!dino_values_write (output, tensors[i]->values, n_values (tensors[i]), false, error))
      return false;
  return true;
}

bool
dino_safetensors_write (struct dino_output             *output,
                        const struct dino_tensor_out   *tensors,
                        size_t                          n_tensors,
                        const struct dino_metadata_out *metadata,
                        size_t                          n_metadata,
                        struct dino_error              *error)
{
  const struct dino_tensor_out   **sorted = dino_alloc (n_tensors, sizeof *sorted, error);
  const struct dino_metadata_out **sorted_metadata = dino_alloc (n_metadata, sizeof *sorted_metadata, error);
  bool                             written = sorted != NULL && sorted_metadata != NULL;

  for (size_t i = 0; written && i < n_tensors; i++)
    {
      sorted[i] = &tensors[i];
      written = check_tensor (&tensors[i], error);
    }
  for (size_t i = 0; written && i < n_metadata; i++)
    {
      sorted_metadata[i] = &metadata[i];
      written = check_metadata (&metadata[i], error);
    }
  if (written)
    {
      qsort (sorted, n_tensors, sizeof *sorted, compare_tensors);
      qsort (sorted_metadata, n_metadata, sizeof *sorted_metadata, compare_metadata);
      written = write_sorted (output, sorted, n_tensors, sorted_metadata, n_metadata, error);
    }
  dino_error_about (error, dino_output_name (output));
  dino_free (sorted);
  dino_free (sorted_metadata);
  return written;
}
