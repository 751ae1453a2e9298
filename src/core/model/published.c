#include "core/model/published.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/base/file.h"
#include "core/base/memory.h"
#include "core/base/path.h"

/* As on huggingface.co/microsoft/rad-dino. */
static const struct dino_published_file rad_dino_files[] = {
  { "config.json", 879, "89daf9751d9576d586dedf9543c1083211611fa3a36908db7a799b3ce7c68ede", true },
  { "preprocessor_config.json", 756, "c537fc995c30e2353f07253899618d60e9eae3d5f82473778602c007c6523b56", true },
  { "model.safetensors", 346345912, "dbfb9f54459c38773505de64a6ab7807bdcb392610fe1e697166342e43fb91ae", true },
  { "backbone_compatible.safetensors", -1, "1eac0464b2a00d368aa3eea1dc029964b10320fbabc59a8a4e768c43a23d26f4", false },
};

static const struct dino_published_model models[] = {
  { .name = "rad-dino",
    .title = "RAD-DINO",
    .repository = "microsoft/rad-dino",
    .revision = "110cbc18d5133582e320b43d53bf5c44e410c936",
    .licence = "MIT",
    .files = rad_dino_files,
    .n_files = sizeof rad_dino_files / sizeof *rad_dino_files },
};

const struct dino_published_model *
dino_published_find (const char *name)
{
  for (size_t i = 0; i < sizeof models / sizeof *models; i++)
    if (strcmp (models[i].name, name) == 0)
      return &models[i];
  return NULL;
}

static bool
compare_content (const char *path, const struct dino_published_file *file, struct dino_published_check *check, const struct dino_progress *progress, struct dino_error *error)
{
  int descriptor = dino_file_open (path, &check->size, error);

  if (descriptor < 0)
    return false;
  close (descriptor);
  check->state = DINO_PUBLISHED_OTHER_SIZE;
  if (file->size >= 0 && (uint64_t) file->size != check->size)
    return true;
  if (!dino_sha256_file (path, check->sha256, progress, error))
    return false;
  check->state = strcmp (check->sha256, file->sha256) == 0 ? DINO_PUBLISHED_SAME : DINO_PUBLISHED_OTHER_CONTENT;
  return true;
}

bool
dino_published_compare (const char                       *folder,
                        const struct dino_published_file *file,
                        struct dino_published_check      *check,
                        const struct dino_progress       *progress,
                        struct dino_error                *error)
{
  struct stat status;
  char       *path = dino_path_join (folder, file->name, error);
  bool        ok;

  *check = (struct dino_published_check){ .state = DINO_PUBLISHED_ABSENT };
  if (path == NULL)
    return false;
  ok = (stat (path, &status) != 0 && errno == ENOENT) || compare_content (path, file, check, progress, error);
  dino_free (path);
  return ok;
}
