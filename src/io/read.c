#include "io/read.h"

#include <unistd.h>

#include "core/base/file.h"
#include "core/base/memory.h"
#include "core/base/text.h"
#include "io/dicom.h"
#include "io/jpeg.h"
#include "io/kind.h"
#include "io/png.h"

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

struct dino_picture *
dino_picture_read_memory (const uint8_t                  *data,
                          size_t                          length,
                          const char                     *name,
                          const struct dino_read_options *options,
                          struct dino_error              *error)
{
  struct dino_picture *picture = NULL;

  switch (dino_kind_of (data, length))
    {
    case DINO_KIND_PNG:
      picture = dino_png_decode (data, length, name, error);
      break;
    case DINO_KIND_JPEG:
      picture = dino_jpeg_decode (data, length, name, error);
      break;
    case DINO_KIND_DICOM:
      picture = read_dicom (-1, data, length, name, options, error);
      break;
    case DINO_KIND_OTHER:
      dino_kind_refuse (data, length < DINO_KIND_HEAD ? length : DINO_KIND_HEAD, name, error);
      break;
    }
  if (picture != NULL && picture->orientation > 1 && (options == NULL || !options->ignore_exif))
    picture = turn_upright (picture, error);
  return picture;
}

/* Opens path and reads its first bytes. -1 when that cannot be done. */
static int
open_head (const char *path, uint8_t head[DINO_KIND_HEAD], size_t *head_length, uint64_t *size, struct dino_error *error)
{
  int fd = dino_file_open (path, size, error);

  if (fd < 0)
    return -1;
  *head_length = *size < DINO_KIND_HEAD ? (size_t) *size : DINO_KIND_HEAD;
  if (dino_file_read_at (fd, path, head, *head_length, 0, error))
    return fd;
  close (fd);
  return -1;
}

struct dino_picture *
dino_picture_read (const char *path, const struct dino_read_options *options, struct dino_error *error)
{
  struct dino_picture *picture = NULL;
  uint8_t              head[DINO_KIND_HEAD];
  uint8_t             *data = NULL;
  size_t               head_length;
  uint64_t             size;
  enum dino_kind       kind;
  int                  fd = open_head (path, head, &head_length, &size, error);

  if (fd < 0)
    return NULL;
  kind = dino_kind_of (head, head_length);
  /* What is no picture is not read into memory, however large. */
  if (kind == DINO_KIND_OTHER)
    dino_kind_refuse (head, head_length, path, error);
  else if (size > DINO_READ_MAX_FILE)
    dino_error_set (error, DINO_CODE_LIMIT, _ ("“%s” is too large: %llu bytes, at most %zu are read."), path,
                    (unsigned long long) size, DINO_READ_MAX_FILE);
  else if (kind == DINO_KIND_DICOM)
    picture = read_dicom (fd, NULL, 0, path, options, error);
  else
    data = dino_alloc ((size_t) size, 1, error);
  if (data != NULL && dino_file_read_at (fd, path, data, (size_t) size, 0, error))
    picture = dino_picture_read_memory (data, (size_t) size, path, options, error);
  dino_free (data);
  close (fd);
  return picture;
}

static enum dino_kind
kind_of_file (const char *path)
{
  uint8_t  head[DINO_KIND_HEAD];
  size_t   head_length;
  uint64_t size;
  int      fd = open_head (path, head, &head_length, &size, NULL);

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
