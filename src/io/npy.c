#include "io/npy.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "core/base/file.h"
#include "core/base/memory.h"
#include "core/base/text.h"
#include "io/npy-header.h"
#include "io/values.h"

#define PREFIX_LENGTH 10 /* magic, version, length of the dictionary */
#define HEADER_ALIGNMENT 64

/* The name, and the version that is written. */
static const uint8_t magic[8] = { 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0 };

/* NumPy leaves room for the first size to grow to this many digits. */
#define GROWTH_DIGITS 21

/* The dictionary as numpy.save() writes it, padded; returns its length. */
static size_t
format_dictionary (char *text, size_t capacity, const size_t *shape, int rank, bool half)
{
  char   number[32];
  size_t length = (size_t) snprintf (text, capacity, "{'descr': '%s', 'fortran_order': False, 'shape': (", half ? "<f2" : "<f4");
  size_t total;

  for (int i = 0; i < rank; i++)
    length += (size_t) snprintf (text + length, capacity - length, i == 0 ? "%zu" : ", %zu", shape[i]);
  length += (size_t) snprintf (text + length, capacity - length, rank == 1 ? ",), }" : "), }");
  if (rank > 0)
    {
      size_t growth = GROWTH_DIGITS - (size_t) snprintf (number, sizeof number, "%zu", shape[0]);

      memset (text + length, ' ', growth);
      length += growth;
    }
  total = PREFIX_LENGTH + length + 1;
  total = (total + HEADER_ALIGNMENT - 1) / HEADER_ALIGNMENT * HEADER_ALIGNMENT;
  memset (text + length, ' ', total - PREFIX_LENGTH - length);
  text[total - PREFIX_LENGTH - 1] = '\n';
  return total - PREFIX_LENGTH;
}

size_t
dino_npy_format_header (char header[DINO_NPY_HEADER_ROOM], const size_t *shape, int rank, bool half)
{
  const size_t length = format_dictionary (header + PREFIX_LENGTH, DINO_NPY_HEADER_ROOM - PREFIX_LENGTH, shape, rank, half);

  memcpy (header, magic, sizeof magic);
  header[8] = (char) (length & 0xff);
  header[9] = (char) (length >> 8);
  return PREFIX_LENGTH + length;
}

static bool
write_header (struct dino_output *output, const size_t *shape, int rank, bool half, struct dino_error *error)
{
  char         header[DINO_NPY_HEADER_ROOM];
  const size_t length = dino_npy_format_header (header, shape, rank, half);

  return dino_output_write (output, header, length, error);
}

static bool
count_values (const size_t *shape, int rank, size_t *count)
{
  *count = 1;
  for (int i = 0; i < rank; i++)
    if (!dino_multiply (*count, shape[i], count))
      return false;
  return true;
}

bool
dino_npy_write (struct dino_output *output, const float *values, const size_t *shape, int rank, bool half, struct dino_error *error)
{
  size_t count;

  if (rank < 0 || rank > DINO_NPY_MAX_RANK || !count_values (shape, rank, &count))
    return dino_error_set (error, DINO_CODE_ARGUMENT, _ ("An array of this shape cannot be written."));
  return write_header (output, shape, rank, half, error) && dino_values_write (output, values, count, half, error);
}

bool
dino_npy_header_read (int fd, const char *path, uint64_t size, struct dino_npy_header *header, uint64_t *offset, size_t *count, struct dino_error *error)
{
  uint8_t prefix[PREFIX_LENGTH];
  char    text[UINT16_MAX];
  size_t  length, bytes;

  if (size < PREFIX_LENGTH)
    return dino_error_set (error, DINO_CODE_FORMAT, _ ("“%s” is too short for a .npy file."), path);
  if (!dino_file_read_at (fd, path, prefix, sizeof prefix, 0, error))
    return false;
  if (memcmp (prefix, magic, 6) != 0)
    return dino_error_set (error, DINO_CODE_FORMAT, _ ("“%s” is not a .npy file."), path);
  if (memcmp (prefix, magic, 8) != 0)
    return dino_error_set (error, DINO_CODE_UNSUPPORTED, _ ("“%s” is a .npy file of version %d.%d; only version 1.0 is read."), path, prefix[6], prefix[7]);
  length = (size_t) prefix[8] | (size_t) prefix[9] << 8;
  if (!dino_file_read_at (fd, path, text, length, PREFIX_LENGTH, error) || !dino_npy_header_parse (text, length, path, header, error))
    return false;
  if (header->fortran_order && header->rank > 1)
    return dino_error_set (error, DINO_CODE_UNSUPPORTED, _ ("“%s” is in Fortran order, which is not read."), path);
  *offset = PREFIX_LENGTH + length;
  if (!count_values (header->shape, header->rank, count) || !dino_multiply (*count, header->half ? 2 : 4, &bytes) || bytes != size - *offset)
    return dino_error_set (error, DINO_CODE_FORMAT, _ ("“%s” does not have as many values as its shape says."), path);
  return true;
}

bool
dino_npy_read (const char *path, float **values, size_t shape[DINO_NPY_MAX_RANK], int *rank, struct dino_error *error)
{
  struct dino_npy_header header = { 0 };
  uint64_t               size, offset = 0;
  size_t                 count = 0;
  float                 *numbers = NULL;
  bool                   complete;
  int                    fd = dino_file_open (path, &size, error);

  if (fd < 0)
    return false;
  if (dino_npy_header_read (fd, path, size, &header, &offset, &count, error))
    numbers = dino_alloc (count, sizeof *numbers, error);
  complete = numbers != NULL && dino_values_read (fd, path, offset, numbers, count, header.half, error);
  close (fd);
  if (!complete)
    {
      dino_error_about (error, path);
      dino_free (numbers);
      return false;
    }
  *values = numbers;
  *rank = header.rank;
  memcpy (shape, header.shape, sizeof header.shape);
  return true;
}
