#include "io/packed-file.h"

#include <stdio.h>
#include <string.h>

#include "core/base/checksum.h"
#include "core/base/memory.h"
#include "core/base/text.h"
#include "io/mapping.h"
#include "io/output.h"

/* Raised whenever anything about how weights are laid out or packed changes. */
#define VERSION 1

#define MAGIC "DINOPACK"
#define BYTE_ORDER_MARK 0x01020304u

/* Bytes under one checksum. */
#define CHUNK ((size_t) 1 << 20)

/* Weights begin at a page. */
#define PAGE ((size_t) 4096)

/* The file is of this machine: numbers are in its byte order. */
struct header
{
  char     magic[8];
  uint32_t version, byte_order;
  char     key[256];
  uint64_t n_bytes;
  uint64_t sums_sum; /* of the checksums that follow, one a chunk */
};

static const struct dino_packed none;

static size_t
count_chunks (size_t n_bytes)
{
  return n_bytes / CHUNK + (n_bytes % CHUNK > 0);
}

static size_t
data_offset (size_t n_bytes)
{
  const size_t end = sizeof (struct header) + count_chunks (n_bytes) * sizeof (uint64_t);

  return (end + PAGE - 1) / PAGE * PAGE;
}

struct sum_loop
{
  const char *data;
  size_t      n_bytes;
  uint64_t   *sums;
};

static void
sum_item (void *data, size_t item, int thread)
{
  const struct sum_loop *loop = data;
  const size_t           first = item * CHUNK, left = loop->n_bytes - first;

  loop->sums[item] = dino_checksum (loop->data + first, left < CHUNK ? left : CHUNK);
}

/* dino_free() them. */
static uint64_t *
checksums (const char *data, size_t n_bytes, struct dino_team *team, struct dino_error *error)
{
  struct sum_loop loop = { .data = data, .n_bytes = n_bytes };

  loop.sums = dino_alloc (count_chunks (n_bytes), sizeof *loop.sums, error);
  if (loop.sums != NULL)
    dino_team_run (team, count_chunks (n_bytes), sum_item, &loop, NULL, 0, 1);
  return loop.sums;
}

static void
fill_header (struct header *header, const struct dino_packed_key *key, size_t n_bytes)
{
  *header = (struct header){ .magic = MAGIC, .version = VERSION, .byte_order = BYTE_ORDER_MARK, .n_bytes = n_bytes };
  snprintf (header->key, sizeof header->key, "%s %s %s %s", key->weights_sha256, key->precision, key->isa, key->calibration);
}

char *
dino_packed_file_name (const struct dino_packed_key *key, struct dino_error *error)
{
  char name[256];

  snprintf (name, sizeof name, "%s-%s-%s.pack", key->weights_sha256, key->precision, key->isa);
  return dino_strdup (name, error);
}

/* Everything but the weights' own checksums. */
static bool
check_header (const char *path, const struct dino_mapping *mapping, const struct dino_packed_key *key, struct header *header, struct dino_error *error)
{
  const size_t  size = dino_mapping_size (mapping);
  struct header expected;

  if (size < sizeof *header)
    return dino_error_set (error, DINO_CODE_FORMAT, _ ("“%s” is cut short."), path);
  memcpy (header, dino_mapping_data (mapping), sizeof *header);
  if (header->n_bytes == 0 || header->n_bytes > size)
    return dino_error_set (error, DINO_CODE_FORMAT, _ ("“%s” is no file of packed weights, or cut short."), path);
  fill_header (&expected, key, (size_t) header->n_bytes);
  if (memcmp (header, &expected, offsetof (struct header, sums_sum)) != 0)
    return dino_error_set (error, DINO_CODE_FORMAT, _ ("“%s” holds packed weights of another kind."), path);
  if (size != data_offset ((size_t) header->n_bytes) + header->n_bytes)
    return dino_error_set (error, DINO_CODE_FORMAT, _ ("“%s” is cut short."), path);
  return true;
}

static bool
check_sums (const char *path, const struct dino_mapping *mapping, const struct header *header, struct dino_team *team, struct dino_error *error)
{
  const char  *file = dino_mapping_data (mapping);
  const size_t n_bytes = (size_t) header->n_bytes, size = count_chunks (n_bytes) * sizeof (uint64_t);
  uint64_t    *sums = checksums (file + data_offset (n_bytes), n_bytes, team, error);
  bool         good;

  if (sums == NULL)
    return false;
  good = dino_checksum ((const char *) sums, size) == header->sums_sum && memcmp (sums, file + sizeof *header, size) == 0 &&
         !dino_mapping_is_damaged (mapping);
  dino_free (sums);
  return good || dino_error_set (error, DINO_CODE_FORMAT, _ ("“%s” is damaged."), path);
}

static bool
is_damaged (void *owner)
{
  return dino_mapping_is_damaged (owner);
}

static void
release (void *owner)
{
  dino_mapping_free (owner);
}

bool
dino_packed_file_open (const char *path, const struct dino_packed_key *key, struct dino_team *team, struct dino_packed *packed, struct dino_error *error)
{
  struct dino_mapping *mapping = dino_mapping_new (path, error);
  struct header        header;

  *packed = none;
  if (mapping == NULL)
    return false;
  if (!check_header (path, mapping, key, &header, error) || !check_sums (path, mapping, &header, team, error))
    {
      dino_error_about (error, path);
      dino_mapping_free (mapping);
      return false;
    }
  *packed = (struct dino_packed){
    .data = (const char *) dino_mapping_data (mapping) + data_offset ((size_t) header.n_bytes),
    .n_bytes = (size_t) header.n_bytes,
    .owner = mapping,
    .is_damaged = is_damaged,
    .release = release,
  };
  return true;
}

bool
dino_packed_file_write (const char *path, const struct dino_packed_key *key, const void *data, size_t n_bytes, struct dino_team *team, struct dino_error *error)
{
  static const char   zeros[PAGE];
  const size_t        sums_size = count_chunks (n_bytes) * sizeof (uint64_t);
  uint64_t           *sums = checksums (data, n_bytes, team, error);
  struct dino_output *output = sums != NULL ? dino_output_new (path, error) : NULL;
  struct header       header;
  bool                good = false;

  if (output != NULL)
    {
      fill_header (&header, key, n_bytes);
      header.sums_sum = dino_checksum ((const char *) sums, sums_size);
      dino_output_write (output, &header, sizeof header, NULL);
      dino_output_write (output, sums, sums_size, NULL);
      dino_output_write (output, zeros, data_offset (n_bytes) - sizeof header - sums_size, NULL);
      dino_output_write (output, data, n_bytes, NULL);
      good = dino_output_commit (output, error);
    }
  dino_free (sums);
  return good;
}
