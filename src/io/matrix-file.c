#include "io/matrix-file.h"

#include <stdint.h>
#include <string.h>
#include <unistd.h>

#include "core/base/file.h"
#include "core/base/memory.h"
#include "core/base/text.h"
#include "io/half.h"
#include "io/mapping.h"
#include "io/npy-header.h"

#define ALIGNMENT 16

/* As float32. A matrix without rows may say any width, and whoever makes room for
 * one would believe it. */
#define MAX_ROW_BYTES ((size_t) 256 << 20)

struct dino_matrix_file
{
  char                  *path;
  struct dino_mapping   *mapping;
  struct dino_npy_header header;
  const unsigned char   *data;
};

static bool
read_header (struct dino_matrix_file *file, uint64_t *offset, size_t *size, struct dino_error *error)
{
  uint64_t length = 0;
  size_t   count = 0;
  int      fd = dino_file_open (file->path, &length, error);
  bool     good;

  if (fd < 0)
    return false;
  good = dino_npy_header_read (fd, file->path, length, &file->header, offset, &count, error);
  close (fd);
  *size = (size_t) length;
  return good;
}

static bool
check_header (const struct dino_matrix_file *file, uint64_t offset, struct dino_error *error)
{
  const struct dino_npy_header *header = &file->header;
  size_t                        row = sizeof (float);

  if (header->rank != 2 && header->rank != 3)
    return dino_error_set (error, DINO_CODE_UNSUPPORTED, _ ("“%s” has %d dimensions; a matrix of 2 or 3 is read here."), file->path, header->rank);
  if (header->shape[header->rank - 1] == 0 || header->shape[1] == 0)
    return dino_error_set (error, DINO_CODE_FORMAT, _ ("“%s” has rows without a value."), file->path);
  for (int i = 1; i < header->rank; i++)
    if (!dino_multiply (row, header->shape[i], &row))
      row = SIZE_MAX;
  if (row > MAX_ROW_BYTES)
    return dino_error_set (error, DINO_CODE_LIMIT, _ ("“%s” is too large: %llu bytes, at most %zu are read."), file->path, (unsigned long long) row, MAX_ROW_BYTES);
  if (offset % ALIGNMENT != 0)
    return dino_error_set (error, DINO_CODE_FORMAT, _ ("“%s”: the values do not begin at a multiple of %d bytes, as the .npy format has it."), file->path, ALIGNMENT);
  if (__BYTE_ORDER__ != __ORDER_LITTLE_ENDIAN__)
    return dino_error_set (error, DINO_CODE_UNSUPPORTED, _ ("“%s” cannot be mapped by a big-endian processor."), file->path);
  return true;
}

static bool
open_file (struct dino_matrix_file *file, const char *path, struct dino_error *error)
{
  uint64_t offset = 0;
  size_t   size = 0;

  file->path = dino_strdup (path, error);
  if (file->path == NULL || !read_header (file, &offset, &size, error) || !check_header (file, offset, error))
    return false;
  file->mapping = dino_mapping_new (path, error);
  if (file->mapping == NULL)
    return false;
  if (dino_mapping_size (file->mapping) != size)
    return dino_error_set (error, DINO_CODE_IO, _ ("“%s” was changed while it was read."), path);
  file->data = (const unsigned char *) dino_mapping_data (file->mapping) + offset;
  return true;
}

struct dino_matrix_file *
dino_matrix_file_open (const char *path, struct dino_error *error)
{
  struct dino_matrix_file *file = dino_alloc_zeroed (1, sizeof *file, error);

  if (file == NULL)
    {
      dino_error_about (error, path);
      return NULL;
    }
  if (open_file (file, path, error))
    return file;
  dino_error_about (error, path);
  dino_matrix_file_free (file);
  return NULL;
}

void
dino_matrix_file_free (struct dino_matrix_file *file)
{
  if (file == NULL)
    return;
  dino_mapping_free (file->mapping);
  dino_free (file->path);
  dino_free (file);
}

const char *
dino_matrix_file_path (const struct dino_matrix_file *file)
{
  return file->path;
}

int
dino_matrix_file_rank (const struct dino_matrix_file *file)
{
  return file->header.rank;
}

size_t
dino_matrix_file_n_rows (const struct dino_matrix_file *file)
{
  return file->header.shape[0];
}

size_t
dino_matrix_file_n_tokens (const struct dino_matrix_file *file)
{
  return file->header.rank == 3 ? file->header.shape[1] : 1;
}

size_t
dino_matrix_file_n_channels (const struct dino_matrix_file *file)
{
  return file->header.shape[file->header.rank - 1];
}

bool
dino_matrix_file_is_half (const struct dino_matrix_file *file)
{
  return file->header.half;
}

const void *
dino_matrix_file_data (const struct dino_matrix_file *file)
{
  return file->data;
}

static void
read_values (const struct dino_matrix_file *file, size_t first, size_t count, float *out)
{
  const unsigned char *data = file->data + first * (file->header.half ? sizeof (uint16_t) : sizeof (float));

  if (!file->header.half)
    {
      memcpy (out, data, count * sizeof *out);
      return;
    }
  for (size_t i = 0; i < count; i++)
    {
      uint16_t half;

      memcpy (&half, data + i * sizeof half, sizeof half);
      dino_half_to_float (half, &out[i]);
    }
}

void
dino_matrix_file_row (const struct dino_matrix_file *file, size_t row, float *out)
{
  const size_t count = dino_matrix_file_n_tokens (file) * dino_matrix_file_n_channels (file);

  read_values (file, row * count, count, out);
}

void
dino_matrix_file_token (const struct dino_matrix_file *file, size_t row, size_t token, float *out)
{
  const size_t n_channels = dino_matrix_file_n_channels (file);

  read_values (file, (row * dino_matrix_file_n_tokens (file) + token) * n_channels, n_channels, out);
}

bool
dino_matrix_file_check (const struct dino_matrix_file *file, struct dino_error *error)
{
  return !dino_mapping_is_damaged (file->mapping) || dino_error_set (error, DINO_CODE_IO, _ ("“%s” was cut short while it was read."), file->path);
}
