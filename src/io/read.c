#include "io/read.h"

#include <unistd.h>

#include "core/base/file.h"
#include "core/base/sha256.h"
#include "core/base/text.h"
#include "io/dicom.h"
#include "io/kind.h"
#include "io/picture-helper.h"

/* Takes over picture. */
static struct dino_picture *
turn_upright (struct dino_picture *picture, struct dino_error *error)
{
  struct dino_picture *upright = dino_picture_oriented (picture, picture->orientation, error);

  if (upright != NULL)
    upright->notes |= DINO_NOTE_ORIENTED;
  dino_picture_unref (picture);
  return upright;
}

/* From an open file, or from memory where there is none (fd < 0). */
static struct dino_picture *
read_dicom (int fd, const uint8_t *data, size_t length, const char *name, const struct dino_read_options *options, struct dino_error *error)
{
  struct dino_dicom_options dicom = { 0 };

  if (options != NULL)
    {
      dicom.frame = options->frame;
      dicom.progress = options->progress;
    }
  if (fd >= 0)
    return dino_dicom_read (fd, name, &dicom, error);
  return dino_dicom_decode_memory (data, length, name, &dicom, error);
}

/* Takes over picture, which is PNG or JPEG; NULL stays NULL. */
static struct dino_picture *
finish (struct dino_picture *picture, const struct dino_read_options *options, struct dino_error *error)
{
  if (picture != NULL && picture->orientation > 1 && (options == NULL || !options->ignore_exif))
    return turn_upright (picture, error);
  return picture;
}

struct dino_picture *
dino_picture_read_memory (const uint8_t                  *data,
                          size_t                          length,
                          const char                     *name,
                          const struct dino_read_options *options,
                          struct dino_error              *error)
{
  const struct dino_picture_helper_options decode = { .progress = options != NULL ? options->progress : NULL };
  struct dino_picture                     *picture = NULL;

  switch (dino_kind_of (data, length))
    {
    case DINO_KIND_PNG:
    case DINO_KIND_JPEG:
      picture = finish (dino_picture_helper_decode (data, length, name, &decode, error), options, error);
      break;
    case DINO_KIND_DICOM:
      picture = read_dicom (-1, data, length, name, options, error);
      break;
    case DINO_KIND_OTHER:
      dino_kind_refuse (data, length < DINO_KIND_HEAD ? length : DINO_KIND_HEAD, name, error);
      break;
    }
  dino_error_about (error, name);
  return picture;
}

/* Opens path and reads its first bytes. -1 when that cannot be done. */
static int
open_head (const char *path, const char *name, uint8_t head[DINO_KIND_HEAD], size_t *head_length, uint64_t *size, struct dino_error *error)
{
  int fd = dino_file_open_as (path, name, size, error);

  if (fd < 0)
    return -1;
  *head_length = *size < DINO_KIND_HEAD ? (size_t) *size : DINO_KIND_HEAD;
  if (dino_file_read_at (fd, name, head, *head_length, 0, error))
    return fd;
  close (fd);
  return -1;
}

/* Decoded from the open file, which is hashed first if that is wanted. */
static struct dino_picture *
read_file (int fd, enum dino_kind kind, const char *name, uint64_t size, const struct dino_read_options *options, struct dino_error *error)
{
  const struct dino_picture_helper_options decode = { .progress = options->progress };
  char                                     sha256[DINO_SHA256_LENGTH];

  if (options->identify != NULL &&
      (!dino_sha256_open_file (fd, name, size, sha256, options->progress, error) || !options->identify (options->identify_data, sha256)))
    return NULL;
  if (kind == DINO_KIND_DICOM)
    return read_dicom (fd, NULL, 0, name, options, error);
  return finish (dino_picture_helper_read (fd, name, &decode, error), options, error);
}

struct dino_picture *
dino_picture_read (const char *path, const struct dino_read_options *options, struct dino_error *error)
{
  const struct dino_read_options defaults = { 0 };
  const char                    *name = options != NULL && options->name != NULL ? options->name : path;
  struct dino_picture           *picture = NULL;
  uint8_t                        head[DINO_KIND_HEAD];
  size_t                         head_length;
  uint64_t                       size;
  int                            fd = open_head (path, name, head, &head_length, &size, error);
  enum dino_kind                 kind;

  if (fd < 0)
    return NULL;
  if (options == NULL)
    options = &defaults;
  kind = dino_kind_of (head, head_length);
  /* What is no picture is not read into memory, however large. */
  if (kind == DINO_KIND_OTHER)
    dino_kind_refuse (head, head_length, name, error);
  else if (size > DINO_READ_MAX_FILE)
    dino_error_set (error, DINO_CODE_LIMIT, _ ("“%s” is too large: %llu bytes, at most %zu are read."), name,
                    (unsigned long long) size, DINO_READ_MAX_FILE);
  else
    picture = read_file (fd, kind, name, size, options, error);
  dino_error_about (error, name);
  close (fd);
  return picture;
}

static enum dino_kind
kind_of_file (const char *path)
{
  uint8_t  head[DINO_KIND_HEAD];
  size_t   head_length;
  uint64_t size;
  int      fd = open_head (path, path, head, &head_length, &size, NULL);

  if (fd < 0)
    return DINO_KIND_OTHER;
  close (fd);
  return dino_kind_of (head, head_length);
}

bool
dino_picture_recognise (const char *path)
{
  return kind_of_file (path) != DINO_KIND_OTHER;
}

bool
dino_picture_is_dicom (const char *path)
{
  return kind_of_file (path) == DINO_KIND_DICOM;
}
