/* Reading models: calibration, and packed weights kept from run to run. */
#include "core/base/memory.h"
#include "core/encoder/calibration.h"
#include "core/model/checkpoint.h"
#include "engine/dinoscope-engine-private.h"
#include "engine/dinoscope-error.h"
#include "engine/dinoscope-hash-cache-private.h"
#include "engine/dinoscope-model-private.h"
#include "engine/dinoscope-paths-private.h"
#include "io/packed-file.h"

static bool
go_on (void *data, int done, int total)
{
  return !g_cancellable_is_cancelled (data);
}

static char *
cache_folder (void)
{
  g_autofree char *cache = dinoscope_user_directory ("XDG_CACHE_HOME", ".cache");

  return g_build_filename (cache, "dinoscope", "packed", NULL);
}

static char *
cache_path (const struct dino_packed_key *key)
{
  g_autofree char *folder = cache_folder ();
  char            *name = dino_packed_file_name (key, NULL);
  char            *path = name != NULL ? g_build_filename (folder, name, NULL) : NULL;

  dino_free (name);
  return path;
}

/* The hash of a model's weights, when it is remembered. Shards have none: what
 * is hashed is their index, which does not change with them. */
static gboolean
remembered_hash (const char *model_path, char text[DINO_SHA256_LENGTH])
{
  struct dino_checkpoint *checkpoint = dino_checkpoint_open (model_path, NULL);
  DinoscopeFileIdentity   identity;
  gboolean                found;

  found = checkpoint != NULL && dino_checkpoint_n_files (checkpoint) == 1 &&
          dinoscope_file_identity (dino_checkpoint_path (checkpoint), &identity) && dinoscope_hash_cache_lookup (&identity, text);
  dino_checkpoint_free (checkpoint);
  return found;
}

/* Nothing is found as easily as that. */
static void
find_packed (DinoscopeEngine *self, const char *model_path, struct dino_model_options *options)
{
  char                   hash[DINO_SHA256_LENGTH];
  enum dino_isa          isa = options->isa;
  struct dino_packed_key key = {
    .weights_sha256 = hash,
    .precision = dino_precision_name (options->precision),
    .calibration = options->calibrator != NULL ? options->calibrator->sha256 : "",
  };
  g_autofree char *path = NULL;

  if (!dino_precision_isa (options->precision, options->isa, &isa) || !remembered_hash (model_path, hash))
    return;
  key.isa = dino_isa_name (isa);
  path = cache_path (&key);
  if (path != NULL && dino_packed_file_open (path, &key, self->team, &options->packed, NULL))
    return;
  options->packed = (struct dino_packed){ 0 };
}

/* With what is in the cache, if anything; what does not fit the model after
 * all is passed over. */
static struct dino_model *
load (DinoscopeEngine *self, const char *path, gboolean packed_cache, struct dino_model_options *options, const struct dino_progress *progress, gboolean *lacks_packed, struct dino_error *failure)
{
  struct dino_model *core;

  if (packed_cache)
    find_packed (self, path, options);
  *lacks_packed = packed_cache && options->packed.data == NULL;
  core = dino_model_load (path, options, progress, failure);
  if (core == NULL && options->packed.data != NULL && failure->code == DINO_CODE_FORMAT)
    {
      options->packed = (struct dino_packed){ 0 };
      *failure = (struct dino_error){ 0 };
      *lacks_packed = TRUE;
      core = dino_model_load (path, options, progress, failure);
    }
  return core;
}

DinoscopeModel *
dinoscope_engine_read_model (DinoscopeEngine *self, const char *path, const DinoscopeModelOptions *wanted, GCancellable *cancellable, GError **error)
{
  const struct dino_progress progress = { go_on, cancellable };
  struct dino_model_options  options = {
     .processor_path = wanted->processor_path,
     .precision = wanted->precision,
     .isa = self->isa,
     .team = self->team,
  };
  struct dino_calibration *calibration = NULL;
  struct dino_model       *core = NULL;
  struct dino_error        failure = { 0 };
  gboolean                 lacks_packed = FALSE;
  /* Without the instructions it is not worth looking: loading says so. */
  gboolean calibrated = options.precision == DINO_PRECISION_INT8 && dino_precision_isa (options.precision, options.isa, NULL);

  if (calibrated)
    {
      calibration = dinoscope_engine_calibrate (self, path, &failure);
      options.calibrator = calibration != NULL ? dino_calibration_calibrator (calibration) : NULL;
    }
  if (!calibrated || calibration != NULL)
    core = load (self, path, wanted->packed_cache, &options, &progress, &lacks_packed, &failure);
  dino_calibration_free (calibration);
  if (core != NULL)
    {
      DinoscopeModel *model = dinoscope_model_new (core);

      dinoscope_model_set_lacks_packed (model, lacks_packed && !g_str_has_suffix (dino_model_identity_path (core), ".json"));
      return model;
    }
  dino_error_about (&failure, path);
  dinoscope_set_error (error, &failure, DINOSCOPE_ERROR_MODEL);
  return NULL;
}

void
dinoscope_engine_store_packed (DinoscopeEngine *self, DinoscopeModel *model, GCancellable *cancellable)
{
  struct dino_model     *core;
  const char            *hash;
  struct dino_packed_key key;
  g_autofree char       *folder = NULL;
  g_autofree char       *path = NULL;
  const void            *data;
  gsize                  n_bytes;

  g_return_if_fail (DINOSCOPE_IS_ENGINE (self));
  g_return_if_fail (dinoscope_model_has_contents (model));

  hash = dinoscope_model_get_sha256 (model, cancellable, NULL);
  if (hash == NULL || !dinoscope_model_lacks_packed (model) || g_cancellable_is_cancelled (cancellable))
    return;
  core = dinoscope_model_get_core (model);
  key = (struct dino_packed_key){
    .weights_sha256 = hash,
    .precision = dinoscope_model_get_precision (model),
    .isa = dinoscope_model_get_instruction_set (model),
    .calibration = dino_model_calibration_sha256 (core) != NULL ? dino_model_calibration_sha256 (core) : "",
  };
  folder = cache_folder ();
  path = cache_path (&key);
  data = dino_model_packed (core, &n_bytes);
  if (path != NULL && g_mkdir_with_parents (folder, 0700) == 0 && dino_packed_file_write (path, &key, data, n_bytes, self->team, NULL))
    dinoscope_model_set_lacks_packed (model, FALSE);
}
