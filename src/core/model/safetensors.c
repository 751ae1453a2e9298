#include "core/model/safetensors.h"

#include <endian.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/base/file.h"
#include "core/base/memory.h"
#include "core/base/text.h"
#include "core/model/half.h"
#include "core/model/json.h"
#include "core/model/tensor-list.h"

/* A tensor of four dimensions weighs 15: as many as are allowed fit. */
#define MAX_HEADER_WEIGHT ((size_t) 16 * DINO_SAFETENSORS_MAX_TENSORS)

/* Numbers converted at a time, on the stack. */
#define PIECE 4096

struct dino_safetensors
{
  char                      *path;
  int                        fd;
  uint64_t                   data_start; /* of the file, in bytes */
  struct dino_tensor_list    list;
  const struct dino_tensor **by_name; /* [list.n], sorted */
  json_t                    *metadata;
};

/* What people rename or download in place of a safetensors file. */
static const struct
{
  const char   *start;
  unsigned char length;
  const char   *kind;
} impostors[] = {
  { "\x80\x02", 2, N_ ("a Python pickle (a PyTorch checkpoint); convert it to safetensors first") },
  { "\x80\x03", 2, N_ ("a Python pickle (a PyTorch checkpoint); convert it to safetensors first") },
  { "\x80\x04", 2, N_ ("a Python pickle (a PyTorch checkpoint); convert it to safetensors first") },
  { "\x80\x05", 2, N_ ("a Python pickle (a PyTorch checkpoint); convert it to safetensors first") },
  { "PK\x03\x04", 4, N_ ("a zip archive (a PyTorch checkpoint?); convert it to safetensors first") },
  { "version https://git-lfs", 23, N_ ("a Git LFS pointer; the weights themselves were not downloaded") },
  { "\x89PNG", 4, N_ ("a PNG picture") },
  { "\xff\xd8\xff", 3, N_ ("a JPEG picture") },
  { "\x89HDF", 4, N_ ("an HDF5 file") },
  { "GGUF", 4, N_ ("a GGUF file") },
  { "{\"", 2, N_ ("a JSON text") },
  { "{\n", 2, N_ ("a JSON text") },
  { "{\r", 2, N_ ("a JSON text") },
  { "<!DOCTYPE", 9, N_ ("a web page") },
  { "<html", 5, N_ ("a web page") },
};

/* Refuses a file whose header is impossible, by its real kind where that is known. */
static bool
refuse_start (const char *path, const uint8_t *start, size_t length, struct dino_error *error)
{
  for (size_t i = 0; i < sizeof impostors / sizeof *impostors; i++)
    if (length >= impostors[i].length && memcmp (start, impostors[i].start, impostors[i].length) == 0)
      return dino_error_set (error, DINO_CODE_FORMAT, _ ("“%s” is not a safetensors file but %s."), path, _ (impostors[i].kind));
  return dino_error_set (error, DINO_CODE_FORMAT, _ ("“%s” is not a safetensors file, or its header is truncated."), path);
}

/* The length of the header, which the first 8 bytes of the file give, checked
 * against the file and the limit. */
static bool
read_header_length (int fd, const char *path, uint64_t size, uint64_t *length, struct dino_error *error)
{
  uint8_t  start[32];
  size_t   available = size < sizeof start ? (size_t) size : sizeof start;
  uint64_t stored;

  if (size == 0)
    return dino_error_set (error, DINO_CODE_FORMAT, _ ("“%s” is empty."), path);
  if (!dino_file_read_at (fd, path, start, available, 0, error))
    return false;
  if (available < sizeof stored)
    return refuse_start (path, start, available, error);
  memcpy (&stored, start, sizeof stored);
  *length = le64toh (stored);
  if (*length <= DINO_SAFETENSORS_MAX_HEADER && *length <= size - sizeof stored)
    return true;
  if (*length > size - sizeof stored || start[sizeof stored] != '{')
    return refuse_start (path, start, available, error);
  return dino_error_set (error, DINO_CODE_LIMIT, _ ("“%s” cannot be used: its header has %llu bytes, at most %zu are read."),
                         path, (unsigned long long) *length, DINO_SAFETENSORS_MAX_HEADER);
}

static json_t *
parse_header (const char *path, const char *text, size_t length, struct dino_error *error)
{
  size_t blanks = strspn (text, " \t\r\n");

  if (length > 0 && text[length - 1] == '\0')
    dino_error_set (error, DINO_CODE_FORMAT, _ ("“%s” is malformed: its header is padded with NUL bytes, only blanks are allowed."), path);
  else if (blanks == length)
    dino_error_set (error, DINO_CODE_FORMAT, _ ("“%s” is malformed: its header is empty."), path);
  else
    return dino_json_parse (path, text, length, MAX_HEADER_WEIGHT, error);
  return NULL;
}

static json_t *
read_header (struct dino_safetensors *file, uint64_t size, struct dino_error *error)
{
  uint64_t length = 0;
  char    *text;
  json_t  *header = NULL;

  if (!read_header_length (file->fd, file->path, size, &length, error))
    return NULL;
  file->data_start = sizeof length + length;
  text = dino_alloc ((size_t) length + 1, 1, error);
  if (text == NULL)
    return NULL;
  text[length] = '\0';
  if (dino_file_read_at (file->fd, file->path, text, (size_t) length, sizeof length, error))
    header = parse_header (file->path, text, (size_t) length, error);
  dino_free (text);
  return header;
}

/* Keeps the texts of "__metadata__", which may only be texts. */
static bool
take_metadata (struct dino_safetensors *file, json_t *header, struct dino_error *error)
{
  json_t *metadata = json_object_get (header, "__metadata__");

  if (metadata == NULL || json_is_null (metadata))
    return true;
  if (!json_is_object (metadata))
    return dino_error_set (error, DINO_CODE_FORMAT, _ ("“%s” is malformed: its __metadata__ is not an object."), file->path);
  for (void *i = json_object_iter (metadata); i != NULL; i = json_object_iter_next (metadata, i))
    if (!json_is_string (json_object_iter_value (i)))
      return dino_error_set (error, DINO_CODE_FORMAT, _ ("“%s” is malformed: its __metadata__ holds something else than texts."), file->path);
  file->metadata = json_incref (metadata);
  return true;
}

static int
compare_names (const void *a, const void *b)
{
  const struct dino_tensor *const *first = a, *const *second = b;

  return strcmp ((*first)->name, (*second)->name);
}

static int
compare_name_with (const void *name, const void *element)
{
  const struct dino_tensor *const *tensor = element;

  return strcmp (name, (*tensor)->name);
}

static bool
sort_names (struct dino_safetensors *file, struct dino_error *error)
{
  file->by_name = dino_alloc (file->list.n, sizeof *file->by_name, error);
  if (file->by_name == NULL)
    return false;
  for (size_t i = 0; i < file->list.n; i++)
    file->by_name[i] = &file->list.tensors[i];
  qsort (file->by_name, file->list.n, sizeof *file->by_name, compare_names);
  return true;
}

static bool
load (struct dino_safetensors *file, const char *path, struct dino_error *error)
{
  uint64_t size;
  json_t  *header;
  bool     ok;

  file->path = dino_strdup (path, error);
  if (file->path == NULL)
    return false;
  file->fd = dino_file_open (path, &size, error);
  if (file->fd < 0)
    return false;
  header = read_header (file, size, error);
  if (header == NULL)
    return false;
  ok = take_metadata (file, header, error) && dino_tensor_list_parse (&file->list, header, path, size - file->data_start, error);
  json_decref (header);
  return ok && sort_names (file, error);
}

struct dino_safetensors *
dino_safetensors_open (const char *path, struct dino_error *error)
{
  struct dino_safetensors *file = dino_alloc_zeroed (1, sizeof *file, error);

  if (file == NULL)
    {
      dino_error_about (error, path);
      return NULL;
    }
  file->fd = -1;
  if (!load (file, path, error))
    {
      dino_error_about (error, path);
      dino_safetensors_free (file);
      return NULL;
    }
  return file;
}

void
dino_safetensors_free (struct dino_safetensors *file)
{
  if (file == NULL)
    return;
  if (file->fd >= 0)
    close (file->fd);
  dino_tensor_list_clear (&file->list);
  dino_free (file->by_name);
  json_decref (file->metadata);
  dino_free (file->path);
  dino_free (file);
}

const char *
dino_safetensors_path (const struct dino_safetensors *file)
{
  return file->path;
}

size_t
dino_safetensors_n_tensors (const struct dino_safetensors *file)
{
  return file->list.n;
}

const struct dino_tensor *
dino_safetensors_tensor (const struct dino_safetensors *file, size_t index)
{
  return &file->list.tensors[index];
}

const struct dino_tensor *
dino_safetensors_find (const struct dino_safetensors *file, const char *name)
{
  const struct dino_tensor *const *tensor = bsearch (name, file->by_name, file->list.n, sizeof *file->by_name, compare_name_with);

  return tensor != NULL ? *tensor : NULL;
}

const char *
dino_safetensors_metadata (const struct dino_safetensors *file, const char *key)
{
  return json_string_value (json_object_get (file->metadata, key));
}

static bool
read_f32 (const struct dino_safetensors *file, uint64_t offset, size_t count, float *values, struct dino_error *error)
{
  uint32_t bits;

  if (!dino_file_read_at (file->fd, file->path, values, count * sizeof *values, offset, error))
    return false;
  if (le32toh (1) == 1)
    return true;
  for (size_t i = 0; i < count; i++)
    {
      memcpy (&bits, &values[i], sizeof bits);
      values[i] = dino_float_from_bits (le32toh (bits));
    }
  return true;
}

static bool
read_16_bit (const struct dino_safetensors *file, enum dino_dtype dtype, uint64_t offset, size_t count, float *values, struct dino_error *error)
{
  uint16_t piece[PIECE];

  while (count > 0)
    {
      size_t n = count < PIECE ? count : PIECE;

      if (!dino_file_read_at (file->fd, file->path, piece, n * sizeof *piece, offset, error))
        return false;
      for (size_t i = 0; i < n; i++)
        values[i] = dtype == DINO_DTYPE_F16 ? dino_float_from_f16 (le16toh (piece[i])) : dino_float_from_bf16 (le16toh (piece[i]));
      values += n;
      count -= n;
      offset += n * sizeof *piece;
    }
  return true;
}

bool
dino_safetensors_read (const struct dino_safetensors *file,
                       const struct dino_tensor      *tensor,
                       uint64_t                       first,
                       size_t                         count,
                       float                         *values,
                       struct dino_error             *error)
{
  uint64_t offset = file->data_start + tensor->begin;

  if (first > tensor->n_elements || count > tensor->n_elements - first)
    return dino_error_set (error, DINO_CODE_ARGUMENT, _ ("“%s”: tensor “%s” is smaller than what is asked of it."), file->path, tensor->name);
  switch (tensor->dtype)
    {
    case DINO_DTYPE_F32:
      return read_f32 (file, offset + first * sizeof (float), count, values, error);
    case DINO_DTYPE_F16:
    case DINO_DTYPE_BF16:
      return read_16_bit (file, tensor->dtype, offset + first * sizeof (uint16_t), count, values, error);
    case DINO_DTYPE_OTHER:
      break;
    }
  return dino_error_set (error, DINO_CODE_UNSUPPORTED, _ ("“%s”: tensor “%s” is %s; only F32, F16 and BF16 are read."),
                         file->path, tensor->name, tensor->dtype_name);
}
