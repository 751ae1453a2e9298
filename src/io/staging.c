#include "io/staging.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/base/file.h"
#include "core/base/memory.h"
#include "core/base/path.h"
#include "core/base/text.h"

/* As temporary files, so that whoever knows those knows it. */
#define NAME ".dinoscope-new.part"

struct dino_staging
{
  char *folder, *path;
  int   fd;    /* of the folder, locked */
  bool  fresh; /* the folder was not there before */
};

static bool
fail (const char *path, int number, struct dino_error *error)
{
  char reason[256];

  return dino_error_set (error, DINO_CODE_WRITE, _ ("“%s” cannot be written: %s."), path, strerror_r (number, reason, sizeof reason));
}

static bool
fail_to_make (const char *path, int number, struct dino_error *error)
{
  char reason[256];

  return dino_error_set (error, DINO_CODE_WRITE, _ ("The directory “%s” cannot be made: %s."), path, strerror_r (number, reason, sizeof reason));
}

/* With all files in it; there are no folders. Takes no memory: it may be what there was none of. */
static void
remove_stage (const struct dino_staging *staging)
{
  DIR                 *directory = opendir (staging->path);
  const struct dirent *entry;

  while (directory != NULL && (entry = readdir (directory)) != NULL)
    unlinkat (dirfd (directory), entry->d_name, 0); /* not "." and "..", which are folders */
  if (directory != NULL)
    closedir (directory);
  rmdir (staging->path);
}

static bool
open_folder (struct dino_staging *staging, struct dino_error *error)
{
  staging->fresh = mkdir (staging->folder, 0777) == 0;
  if (!staging->fresh && errno != EEXIST)
    return fail_to_make (staging->folder, errno, error);
  staging->fd = dino_open (staging->folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0);
  if (staging->fd < 0)
    return fail (staging->folder, errno, error);
  /* A file system without locks is written to without. */
  if (flock (staging->fd, LOCK_EX | LOCK_NB) == 0 || errno != EWOULDBLOCK)
    return true;
  return dino_error_set (error, DINO_CODE_WRITE, _ ("“%s” is being written by another run of this program."), staging->folder);
}

static bool
begin (struct dino_staging *staging, const char *folder, struct dino_error *error)
{
  staging->folder = dino_strdup (folder, error);
  if (staging->folder == NULL || !open_folder (staging, error))
    return false;
  staging->path = dino_path_join (folder, NAME, error);
  if (staging->path == NULL)
    return false;
  remove_stage (staging);
  return mkdir (staging->path, 0777) == 0 || fail_to_make (staging->path, errno, error);
}

struct dino_staging *
dino_staging_new (const char *folder, struct dino_error *error)
{
  struct dino_staging *staging = dino_alloc_zeroed (1, sizeof *staging, error);

  if (staging == NULL)
    return NULL;
  staging->fd = -1;
  if (begin (staging, folder, error))
    return staging;
  dino_staging_free (staging);
  return NULL;
}

const char *
dino_staging_path (const struct dino_staging *staging)
{
  return staging->path;
}

/* To folder/name from the file of that name; away where there is none. */
static bool
move (const struct dino_staging *staging, const char *name, struct dino_error *error)
{
  char *from = dino_path_join (staging->path, name, error);
  char *to = dino_path_join (staging->folder, name, error);
  bool  good = from != NULL && to != NULL;

  if (good && rename (from, to) != 0)
    good = (errno == ENOENT && (unlink (to) == 0 || errno == ENOENT)) || fail (to, errno, error);
  dino_free (from);
  dino_free (to);
  return good;
}

static bool
remove_description (const struct dino_staging *staging, const char *name, struct dino_error *error)
{
  char *path = dino_path_join (staging->folder, name, error);
  bool  good = path != NULL && (unlink (path) == 0 || errno == ENOENT || fail (path, errno, error));

  dino_free (path);
  return good;
}

/* That a file system cannot do this is no failure: by now the files are whole. */
static void
sync_names (const struct dino_staging *staging)
{
  dino_sync (staging->fd);
}

bool
dino_staging_commit (struct dino_staging *staging, const char *const *names, struct dino_error *error)
{
  size_t n = 0;

  while (names[n] != NULL)
    n++;
  if (!remove_description (staging, names[n - 1], error))
    return false;
  sync_names (staging);
  staging->fresh = false;
  for (size_t i = 0; i < n; i++)
    {
      if (i == n - 1)
        sync_names (staging);
      if (!move (staging, names[i], error))
        return false;
    }
  sync_names (staging);
  return true;
}

void
dino_staging_free (struct dino_staging *staging)
{
  if (staging == NULL)
    return;
  if (staging->path != NULL)
    remove_stage (staging);
  if (staging->fresh)
    rmdir (staging->folder);
  if (staging->fd >= 0)
    close (staging->fd);
  dino_free (staging->path);
  dino_free (staging->folder);
  dino_free (staging);
}
