#include "engine/dinoscope-tensor-file.h"

#include "core/base/memory.h"
#include "core/base/text.h"
#include "core/model/safetensors.h"
#include "engine/dinoscope-error.h"

struct _DinoscopeTensorFile
{
  GObject parent_instance;

  struct dino_safetensors *core;
};

G_DEFINE_FINAL_TYPE (DinoscopeTensorFile, dinoscope_tensor_file, G_TYPE_OBJECT)

static void
dinoscope_tensor_file_finalize (GObject *object)
{
  DinoscopeTensorFile *self = DINOSCOPE_TENSOR_FILE (object);

  dino_safetensors_free (self->core);
  G_OBJECT_CLASS (dinoscope_tensor_file_parent_class)->finalize (object);
}

static void
dinoscope_tensor_file_class_init (DinoscopeTensorFileClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = dinoscope_tensor_file_finalize;
}

static void
dinoscope_tensor_file_init (DinoscopeTensorFile *self)
{
}

/* Whatever is wrong with the file, it is one that a person named. */
static void
set_error (GError **error, const struct dino_error *failure)
{
  g_set_error_literal (error, DINOSCOPE_ERROR, failure->code == DINO_CODE_MEMORY ? DINOSCOPE_ERROR_MEMORY : DINOSCOPE_ERROR_PARAMETER, failure->message);
}

DinoscopeTensorFile *
dinoscope_tensor_file_open (const char *path, GError **error)
{
  struct dino_error        failure = { 0 };
  struct dino_safetensors *core;
  DinoscopeTensorFile     *self;

  g_return_val_if_fail (path != NULL, NULL);

  core = dino_safetensors_open (path, &failure);
  if (core == NULL)
    {
      set_error (error, &failure);
      return NULL;
    }
  self = g_object_new (DINOSCOPE_TYPE_TENSOR_FILE, NULL);
  self->core = core;
  return self;
}

const char *
dinoscope_tensor_file_get_metadata (DinoscopeTensorFile *self, const char *name)
{
  g_return_val_if_fail (DINOSCOPE_IS_TENSOR_FILE (self), NULL);
  g_return_val_if_fail (name != NULL, NULL);
  return dino_safetensors_metadata (self->core, name);
}

static const struct dino_tensor *
find (DinoscopeTensorFile *self, const char *name, GError **error)
{
  const struct dino_tensor *tensor = dino_safetensors_find (self->core, name);

  if (tensor == NULL)
    g_set_error (error, DINOSCOPE_ERROR, DINOSCOPE_ERROR_PARAMETER, _ ("%s has no tensor “%s”."), dino_safetensors_path (self->core), name);
  return tensor;
}

static GBytes *
read_values (DinoscopeTensorFile *self, const struct dino_tensor *tensor, GError **error)
{
  struct dino_error failure = { 0 };
  gsize             n = (gsize) tensor->n_elements;
  float            *values;

  values = dino_alloc (MAX (n, 1), sizeof *values, &failure);
  if (values != NULL && dino_safetensors_read (self->core, tensor, 0, n, values, &failure))
    return g_bytes_new_with_free_func (values, n * sizeof *values, dino_free, values);
  dino_free (values);
  set_error (error, &failure);
  return NULL;
}

GBytes *
dinoscope_tensor_file_read (DinoscopeTensorFile *self, const char *name, guint rank, guint64 *shape, GError **error)
{
  const struct dino_tensor *tensor;

  g_return_val_if_fail (DINOSCOPE_IS_TENSOR_FILE (self), NULL);
  g_return_val_if_fail (name != NULL && shape != NULL, NULL);

  tensor = find (self, name, error);
  if (tensor == NULL)
    return NULL;
  if (tensor->rank != (int) rank)
    {
      g_set_error (error, DINOSCOPE_ERROR, DINOSCOPE_ERROR_PARAMETER, _ ("%s: the tensor “%s” has %d dimensions and not %u."), dino_safetensors_path (self->core), name, tensor->rank, rank);
      return NULL;
    }
  for (guint i = 0; i < rank; i++)
    shape[i] = tensor->shape[i];
  return read_values (self, tensor, error);
}

GBytes *
dinoscope_tensor_file_read_any (DinoscopeTensorFile *self, const char *name, guint64 **shape, guint *rank, GError **error)
{
  const struct dino_tensor *tensor;
  GBytes                   *bytes;

  g_return_val_if_fail (DINOSCOPE_IS_TENSOR_FILE (self), NULL);
  g_return_val_if_fail (name != NULL && shape != NULL && rank != NULL, NULL);

  tensor = find (self, name, error);
  bytes = tensor != NULL ? read_values (self, tensor, error) : NULL;
  if (bytes == NULL)
    return NULL;
  *rank = (guint) tensor->rank;
  *shape = g_new0 (guint64, MAX (*rank, 1));
  for (guint i = 0; i < *rank; i++)
    (*shape)[i] = tensor->shape[i];
  return bytes;
}
