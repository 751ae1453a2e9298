#include "engine/dinoscope-model-private.h"

#include "core/base/text.h"
#include "engine/dinoscope-error.h"
#include "engine/dinoscope-hash-cache-private.h"
#include "engine/dinoscope-model-finder.h"
#include "engine/dinoscope-paths-private.h"

/* The weights in data/models/demo, wherever a copy of them lies. */
#define DEMONSTRATION_SIZE 6108680
#define DEMONSTRATION_SHA256 "a64c19ffb576bcc18353d53bb55f43f5f391fceef969adc50c1f4da3e2e711a9"

struct _DinoscopeModel
{
  GObject parent_instance;

  struct dino_model *core;
  gboolean           demonstration;
  int                lacks_packed; /* atomic */

  DinoscopeFileIdentity identity; /* of the file that was loaded */
  gboolean              identified;

  GMutex hashing;
  char  *sha256; /* atomic; set once, under hashing */
};

G_DEFINE_FINAL_TYPE (DinoscopeModel, dinoscope_model, G_TYPE_OBJECT)

static void
dinoscope_model_finalize (GObject *object)
{
  DinoscopeModel *self = DINOSCOPE_MODEL (object);

  g_clear_pointer (&self->core, dino_model_unref);
  g_free (self->sha256);
  g_mutex_clear (&self->hashing);
  G_OBJECT_CLASS (dinoscope_model_parent_class)->finalize (object);
}

static void
dinoscope_model_class_init (DinoscopeModelClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = dinoscope_model_finalize;
}

static void
dinoscope_model_init (DinoscopeModel *self)
{
  g_mutex_init (&self->hashing);
}

static gboolean
is_bundled_folder (const char *path)
{
  g_autofree char *bundled = dinoscope_data_path ("models", "demo", NULL);
  char            *real_bundled = realpath (bundled, NULL);
  char            *real = realpath (path, NULL);
  gboolean         same = real_bundled != NULL && real != NULL && strcmp (real_bundled, real) == 0;

  free (real_bundled);
  free (real);
  return same;
}

const char *
dinoscope_demonstration_title (void)
{
  return _ ("Demonstration encoder - not RAD-DINO");
}

/* The file is small: reading it again costs a few milliseconds, and only when
 * its size is that of the demonstration encoder. */
static gboolean
recognise_demonstration (DinoscopeModel *self)
{
  g_autofree char *folder = g_path_get_dirname (dino_model_identity_path (self->core));

  if (is_bundled_folder (folder))
    return TRUE;
  if (!self->identified || self->identity.size != DEMONSTRATION_SIZE)
    return FALSE;
  return g_strcmp0 (dinoscope_model_get_sha256 (self, NULL, NULL), DEMONSTRATION_SHA256) == 0;
}

gboolean
dinoscope_path_is_demonstration (const char *path)
{
  gboolean              is_folder = g_file_test (path, G_FILE_TEST_IS_DIR);
  g_autofree char      *weights = is_folder ? g_build_filename (path, "model.safetensors", NULL) : g_strdup (path);
  g_autofree char      *folder = g_path_get_dirname (weights);
  DinoscopeFileIdentity identity;
  char                  text[DINO_SHA256_LENGTH];

  if (is_bundled_folder (folder))
    return TRUE;
  if (!dinoscope_file_identity (weights, &identity) || identity.size != DEMONSTRATION_SIZE)
    return FALSE;
  return (dinoscope_hash_cache_lookup (&identity, text) || dino_sha256_file (weights, text, NULL, NULL)) && strcmp (text, DEMONSTRATION_SHA256) == 0;
}

DinoscopeModel *
dinoscope_model_new (struct dino_model *core)
{
  DinoscopeModel *self = g_object_new (DINOSCOPE_TYPE_MODEL, NULL);
  char            text[DINO_SHA256_LENGTH];

  self->core = core;
  self->identified = dinoscope_file_identity (dino_model_identity_path (core), &self->identity);
  if (self->identified && dinoscope_hash_cache_lookup (&self->identity, text))
    self->sha256 = g_strdup (text);
  self->demonstration = recognise_demonstration (self);
  return self;
}

gboolean
dinoscope_model_lacks_packed (DinoscopeModel *self)
{
  return g_atomic_int_get (&self->lacks_packed);
}

void
dinoscope_model_set_lacks_packed (DinoscopeModel *self, gboolean lacks)
{
  g_atomic_int_set (&self->lacks_packed, lacks);
}

const char *
dinoscope_model_get_name (DinoscopeModel *self)
{
  g_return_val_if_fail (dinoscope_model_has_contents (self), NULL);
  return dino_model_name (self->core);
}

const char *
dinoscope_model_get_path (DinoscopeModel *self)
{
  g_return_val_if_fail (dinoscope_model_has_contents (self), NULL);
  return dino_model_path (self->core);
}

const char *
dinoscope_model_get_title (DinoscopeModel *self)
{
  g_return_val_if_fail (dinoscope_model_has_contents (self), NULL);
  return self->demonstration ? dinoscope_demonstration_title () : dino_model_name (self->core);
}

gboolean
dinoscope_model_is_demonstration (DinoscopeModel *self)
{
  g_return_val_if_fail (dinoscope_model_has_contents (self), FALSE);
  return self->demonstration;
}

guint
dinoscope_model_get_n_blocks (DinoscopeModel *self)
{
  g_return_val_if_fail (dinoscope_model_has_contents (self), 0);
  return dino_model_config (self->core)->n_blocks;
}

guint
dinoscope_model_get_n_heads (DinoscopeModel *self)
{
  g_return_val_if_fail (dinoscope_model_has_contents (self), 0);
  return dino_model_config (self->core)->n_heads;
}

guint
dinoscope_model_get_n_channels (DinoscopeModel *self)
{
  g_return_val_if_fail (dinoscope_model_has_contents (self), 0);
  return dino_model_config (self->core)->hidden_size;
}

const char *
dinoscope_model_get_precision (DinoscopeModel *self)
{
  g_return_val_if_fail (dinoscope_model_has_contents (self), NULL);
  return dino_precision_name (dino_model_precision (self->core));
}

const char *
dinoscope_model_get_calibration_sha256 (DinoscopeModel *self)
{
  g_return_val_if_fail (dinoscope_model_has_contents (self), NULL);
  return dino_model_calibration_sha256 (self->core);
}

const char *
dinoscope_model_get_instruction_set (DinoscopeModel *self)
{
  g_return_val_if_fail (dinoscope_model_has_contents (self), NULL);
  return dino_isa_name (dino_model_isa (self->core));
}

char *
dinoscope_model_describe (DinoscopeModel *self)
{
  g_return_val_if_fail (dinoscope_model_has_contents (self), NULL);
  return g_strdup_printf ("%s, %s, %s", dinoscope_model_get_title (self), dinoscope_model_get_precision (self), dinoscope_model_get_instruction_set (self));
}

static bool
go_on (void *data, int done, int total)
{
  return !g_cancellable_is_cancelled (data);
}

/* The hash must be that of the weights in memory, so the file must not have
 * changed between loading and reading it again. */
static gboolean
is_unchanged (DinoscopeModel *self)
{
  DinoscopeFileIdentity now;

  return self->identified && dinoscope_file_identity (dino_model_identity_path (self->core), &now) &&
         memcmp (&self->identity, &now, sizeof now) == 0;
}

static char *
compute_sha256 (DinoscopeModel *self, GCancellable *cancellable, GError **error)
{
  const char                *path = dino_model_identity_path (self->core);
  const struct dino_progress progress = { go_on, cancellable };
  char                       text[DINO_SHA256_LENGTH];
  struct dino_error          failure = { 0 };

  if (!dino_sha256_file (path, text, &progress, &failure))
    {
      dinoscope_set_error (error, &failure, DINOSCOPE_ERROR_MODEL);
      return NULL;
    }
  if (!is_unchanged (self))
    {
      g_autofree char *shown = dinoscope_display_name (path);

      g_set_error (error, DINOSCOPE_ERROR, DINOSCOPE_ERROR_MODEL, _ ("“%s” has changed since it was loaded."), shown);
      return NULL;
    }
  dinoscope_hash_cache_store (&self->identity, text);
  return g_strdup (text);
}

const char *
dinoscope_model_get_sha256 (DinoscopeModel *self, GCancellable *cancellable, GError **error)
{
  g_autoptr (GMutexLocker) locker = NULL;

  g_return_val_if_fail (dinoscope_model_has_contents (self), NULL);

  if (dinoscope_model_peek_sha256 (self) != NULL)
    return dinoscope_model_peek_sha256 (self);
  locker = g_mutex_locker_new (&self->hashing);
  if (self->sha256 == NULL)
    g_atomic_pointer_set (&self->sha256, compute_sha256 (self, cancellable, error));
  return self->sha256;
}

const char *
dinoscope_model_peek_sha256 (DinoscopeModel *self)
{
  g_return_val_if_fail (dinoscope_model_has_contents (self), NULL);
  return g_atomic_pointer_get (&self->sha256);
}

struct dino_model *
dinoscope_model_get_core (DinoscopeModel *self)
{
  g_return_val_if_fail (DINOSCOPE_IS_MODEL (self), NULL);
  return self->core;
}
