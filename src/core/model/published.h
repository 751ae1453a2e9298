/* The files of models whose sizes and hashes are public, and whether those on
 * this machine are the same. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/error.h"
#include "core/base/progress.h"
#include "core/base/sha256.h"

struct dino_published_file
{
  const char *name;
  int64_t     size; /* bytes; -1 where only the hash is known */
  const char *sha256;
  bool        needed; /* the model does not work without it */
};

struct dino_published_model
{
  const char                       *name;       /* "rad-dino", also of its directory */
  const char                       *title;      /* "RAD-DINO" */
  const char                       *repository; /* on Hugging Face: "microsoft/rad-dino" */
  const char                       *revision;   /* the commit that the files are of */
  const char                       *licence;    /* "MIT" */
  const struct dino_published_file *files;      /* [n_files] */
  size_t                            n_files;
};

/* NULL for a name that is not known. */
const struct dino_published_model *dino_published_find (const char *name);

enum dino_published_state
{
  DINO_PUBLISHED_SAME,
  DINO_PUBLISHED_ABSENT,
  DINO_PUBLISHED_OTHER_SIZE, /* not hashed: it cannot be the same */
  DINO_PUBLISHED_OTHER_CONTENT
};

struct dino_published_check
{
  enum dino_published_state state;
  uint64_t                  size;                       /* 0 when absent */
  char                      sha256[DINO_SHA256_LENGTH]; /* "" when not computed */
};

/* Compares the file of that name in folder with what is published. False with
 * error set when it is there and cannot be read, or on cancel. Progress counts
 * MiB of the file. */
bool dino_published_compare (const char                       *folder,
                             const struct dino_published_file *file,
                             struct dino_published_check      *check,
                             const struct dino_progress       *progress,
                             struct dino_error                *error);
