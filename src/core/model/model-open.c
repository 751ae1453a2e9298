#include "core/model/model-open.h"

#include <string.h>
#include <sys/stat.h>

#include "core/base/memory.h"
#include "core/base/path.h"
#include "core/base/text.h"
#include "core/model/model.h"

#define CONFIG_FILE "config.json"
#define PROCESSOR_FILE "preprocessor_config.json"

static bool
is_folder (const char *path)
{
  struct stat status;

  return stat (path, &status) == 0 && S_ISDIR (status.st_mode);
}

static bool
read_config_beside (const char *folder, struct dino_config *config, struct dino_error *error)
{
  char *path = dino_path_join (folder, CONFIG_FILE, error);
  bool  ok = path != NULL && dino_config_read (path, config, error);

  dino_free (path);
  return ok;
}

static bool
read_config (struct dino_model_parts *parts, const char *model_path, struct dino_error *error)
{
  if (!is_folder (model_path))
    return dino_checkpoint_infer (parts->checkpoint, &parts->config, error);
  return read_config_beside (model_path, &parts->config, error);
}

static bool
read_processor (struct dino_model_parts *parts, const char *model_path, const char *processor_path, struct dino_error *error)
{
  struct stat status;
  char       *path;
  bool        ok;

  if (processor_path != NULL)
    return dino_processor_read (processor_path, &parts->processor, error);
  path = is_folder (model_path) ? dino_path_join (model_path, PROCESSOR_FILE, error) : dino_path_beside (model_path, PROCESSOR_FILE, error);
  if (path == NULL)
    return false;
  /* A guess would give plausible, wrong numbers. */
  if (stat (path, &status) != 0)
    ok = dino_error_set (error, DINO_CODE_MODEL, _ ("“%s” cannot be used without its %s, which says how pictures are prepared; none is beside it and none was given."),
                         model_path, PROCESSOR_FILE);
  else
    ok = dino_processor_read (path, &parts->processor, error);
  dino_free (path);
  return ok;
}

bool
dino_model_open (struct dino_model_parts *parts, const char *path, const char *processor_path, struct dino_error *error)
{
  parts->checkpoint = dino_checkpoint_open (path, error);
  if (parts->checkpoint == NULL || !read_config (parts, path, error) || !read_processor (parts, path, processor_path, error))
    return false;
  parts->sources = dino_checkpoint_match (parts->checkpoint, &parts->config, &parts->n_sources, error);
  return parts->sources != NULL;
}

void
dino_model_parts_clear (struct dino_model_parts *parts)
{
  dino_checkpoint_free (parts->checkpoint);
  dino_free (parts->sources);
  *parts = (struct dino_model_parts){ 0 };
}

/* Bytes of all files, whatever they hold. */
static uint64_t
sum_sizes (const struct dino_checkpoint *checkpoint)
{
  struct stat status;
  uint64_t    sum = 0;

  for (size_t i = 0; i < dino_checkpoint_n_files (checkpoint); i++)
    if (stat (dino_safetensors_path (dino_checkpoint_file (checkpoint, i)), &status) == 0)
      sum += (uint64_t) status.st_size;
  return sum;
}

bool
dino_model_inspect (const char *path, const char *processor_path, struct dino_model_facts *facts, struct dino_error *error)
{
  struct dino_model_parts parts = { 0 };
  bool                    ok = dino_model_open (&parts, path, processor_path, error);

  *facts = (struct dino_model_facts){ 0 };
  if (parts.checkpoint != NULL)
    facts->n_bytes = sum_sizes (parts.checkpoint);
  for (size_t i = 0; i < parts.n_sources; i++)
    facts->n_parameters += parts.sources[i].tensor->n_elements;
  /* What is known of a model that cannot be used helps to tell which it is. */
  if (parts.config.hidden_size == 0 && is_folder (path) && !read_config_beside (path, &parts.config, NULL))
    parts.config.hidden_size = 0;
  facts->has_config = parts.config.hidden_size != 0;
  facts->config = parts.config;
  facts->processor = parts.processor;
  dino_model_parts_clear (&parts);
  dino_error_about (error, path);
  return ok;
}
