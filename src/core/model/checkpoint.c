#include "core/model/checkpoint.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>

#include "core/base/memory.h"
#include "core/base/path.h"
#include "core/base/text.h"
#include "core/model/json.h"

#define SINGLE_FILE "model.safetensors"
#define INDEX_FILE "model.safetensors.index.json"
#define SUFFIX ".safetensors"

#define MAX_INDEX ((size_t) 8 << 20)
#define MAX_INDEX_WEIGHT ((size_t) 2 * DINO_SAFETENSORS_MAX_TENSORS)
#define MAX_SHARDS 512

struct dino_checkpoint
{
  char                     *path;
  size_t                    n_files;
  struct dino_safetensors **files;      /* [n_files] */
  json_t                   *weight_map; /* tensor -> shard; NULL without an index */
  json_t                   *shards;     /* shard -> its number */
};

/* The weights in a directory; the choice is transformers'. */
static char *
find_weights (const char *folder, struct dino_error *error)
{
  static const char *const names[] = { SINGLE_FILE, INDEX_FILE };
  struct stat              status;

  for (size_t i = 0; i < sizeof names / sizeof *names; i++)
    {
      char *path = dino_path_join (folder, names[i], error);

      /* Anything but "there is none" is told when the file is opened. */
      if (path == NULL || stat (path, &status) == 0 || errno != ENOENT)
        return path;
      dino_free (path);
    }
  dino_error_set (error, DINO_CODE_MODEL, _ ("“%s” holds no weights: there is neither %s nor %s."), folder, SINGLE_FILE, INDEX_FILE);
  return NULL;
}

/* An index must not lead out of its directory. */
static bool
is_plain_shard (const char *name)
{
  size_t length = strlen (name);

  return length > strlen (SUFFIX) && name[0] != '.' && strchr (name, '/') == NULL && strcmp (name + length - strlen (SUFFIX), SUFFIX) == 0;
}

/* Numbers the different shards of the index in the order of appearance. */
static bool
number_shards (struct dino_checkpoint *checkpoint, struct dino_error *error)
{
  checkpoint->shards = json_object ();
  for (void *i = json_object_iter (checkpoint->weight_map); i != NULL; i = json_object_iter_next (checkpoint->weight_map, i))
    {
      const char *name = json_string_value (json_object_iter_value (i));

      if (name == NULL)
        return dino_error_set (error, DINO_CODE_FORMAT, _ ("“%s” is malformed: its weight_map holds something else than file names."), checkpoint->path);
      if (!is_plain_shard (name))
        return dino_error_set (error, DINO_CODE_FORMAT, _ ("“%s” cannot be used: “%.200s” is not the plain name of a .safetensors file beside it."), checkpoint->path, name);
      if (json_object_get (checkpoint->shards, name) != NULL)
        continue;
      if (json_object_size (checkpoint->shards) == MAX_SHARDS)
        return dino_error_set (error, DINO_CODE_LIMIT, _ ("“%s” cannot be used: it names more than %d files."), checkpoint->path, MAX_SHARDS);
      if (json_object_set_new (checkpoint->shards, name, json_integer ((json_int_t) json_object_size (checkpoint->shards))) != 0)
        return dino_error_set (error, DINO_CODE_MEMORY, _ ("Out of memory while reading “%s”."), checkpoint->path);
    }
  if (json_object_size (checkpoint->shards) == 0)
    return dino_error_set (error, DINO_CODE_FORMAT, _ ("“%s” is malformed: it names no tensors."), checkpoint->path);
  return true;
}

static bool
read_index (struct dino_checkpoint *checkpoint, struct dino_error *error)
{
  json_t *root = dino_json_read (checkpoint->path, MAX_INDEX, MAX_INDEX_WEIGHT, error);

  if (root == NULL)
    return false;
  checkpoint->weight_map = json_incref (json_object_get (root, "weight_map"));
  json_decref (root);
  if (!json_is_object (checkpoint->weight_map))
    return dino_error_set (error, DINO_CODE_FORMAT, _ ("“%s” is malformed: it has no weight_map."), checkpoint->path);
  return number_shards (checkpoint, error);
}

static bool
open_file (struct dino_checkpoint *checkpoint, const char *path, struct dino_error *error)
{
  struct dino_safetensors *file = dino_safetensors_open (path, error);

  if (file == NULL)
    return false;
  checkpoint->files[checkpoint->n_files++] = file;
  return true;
}

static bool
open_shards (struct dino_checkpoint *checkpoint, struct dino_error *error)
{
  size_t total = 0;

  for (void *i = json_object_iter (checkpoint->shards); i != NULL; i = json_object_iter_next (checkpoint->shards, i))
    {
      char *path = dino_path_beside (checkpoint->path, json_object_iter_key (i), error);
      bool  ok = path != NULL && open_file (checkpoint, path, error);

      dino_free (path);
      if (!ok)
        return false;
      total += dino_safetensors_n_tensors (checkpoint->files[checkpoint->n_files - 1]);
      if (total > DINO_SAFETENSORS_MAX_TENSORS)
        return dino_error_set (error, DINO_CODE_LIMIT, _ ("“%s” cannot be used: its files have more than %d tensors."),
                               checkpoint->path, DINO_SAFETENSORS_MAX_TENSORS);
    }
  return true;
}

static bool
is_index (const char *path)
{
  size_t length = strlen (path);

  return length >= strlen (INDEX_FILE) && strcmp (path + length - strlen (INDEX_FILE), INDEX_FILE) == 0;
}

static bool
load (struct dino_checkpoint *checkpoint, const char *path, struct dino_error *error)
{
  struct stat status;
  bool        is_folder = stat (path, &status) == 0 && S_ISDIR (status.st_mode);

  checkpoint->path = is_folder ? find_weights (path, error) : dino_strdup (path, error);
  if (checkpoint->path == NULL || (is_folder && is_index (checkpoint->path) && !read_index (checkpoint, error)))
    return false;
  checkpoint->files = dino_alloc_zeroed (checkpoint->shards != NULL ? json_object_size (checkpoint->shards) : 1, sizeof *checkpoint->files, error);
  if (checkpoint->files == NULL)
    return false;
  return checkpoint->shards != NULL ? open_shards (checkpoint, error) : open_file (checkpoint, checkpoint->path, error);
}

struct dino_checkpoint *
dino_checkpoint_open (const char *path, struct dino_error *error)
{
  struct dino_checkpoint *checkpoint = dino_alloc_zeroed (1, sizeof *checkpoint, error);

  if (checkpoint != NULL && !load (checkpoint, path, error))
    {
      dino_checkpoint_free (checkpoint);
      return NULL;
    }
  return checkpoint;
}

void
dino_checkpoint_free (struct dino_checkpoint *checkpoint)
{
  if (checkpoint == NULL)
    return;
  for (size_t i = 0; i < checkpoint->n_files; i++)
    dino_safetensors_free (checkpoint->files[i]);
  dino_free (checkpoint->files);
  json_decref (checkpoint->weight_map);
  json_decref (checkpoint->shards);
  dino_free (checkpoint->path);
  dino_free (checkpoint);
}

const char *
dino_checkpoint_path (const struct dino_checkpoint *checkpoint)
{
  return checkpoint->path;
}

size_t
dino_checkpoint_n_files (const struct dino_checkpoint *checkpoint)
{
  return checkpoint->n_files;
}

const struct dino_safetensors *
dino_checkpoint_file (const struct dino_checkpoint *checkpoint, size_t index)
{
  return checkpoint->files[index];
}

bool
dino_checkpoint_next_entry (const struct dino_checkpoint *checkpoint, void **iterator, const char **tensor, size_t *file)
{
  *iterator = *iterator == NULL ? json_object_iter (checkpoint->weight_map) : json_object_iter_next (checkpoint->weight_map, *iterator);
  if (*iterator == NULL)
    return false;
  *tensor = json_object_iter_key (*iterator);
  return dino_checkpoint_locate (checkpoint, *tensor, file);
}

bool
dino_checkpoint_locate (const struct dino_checkpoint *checkpoint, const char *tensor, size_t *file)
{
  const char *shard;

  *file = 0;
  if (checkpoint->weight_map == NULL)
    return true;
  shard = json_string_value (json_object_get (checkpoint->weight_map, tensor));
  if (shard == NULL)
    return false;
  *file = (size_t) json_integer_value (json_object_get (checkpoint->shards, shard));
  return true;
}
