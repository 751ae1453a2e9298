#include "engine/dinoscope-found-model-private.h"

#include "core/base/memory.h"
#include "core/base/text.h"
#include "core/model/model-name.h"
#include "core/picture/geometry.h"
#include "engine/dinoscope-model-private.h"
#include "engine/dinoscope-paths-private.h"

/* Pixels on a side of a picture that every processor makes its usual input of. */
#define SQUARE 2048

struct _DinoscopeFoundModel
{
  GObject parent_instance;

  char                   *name, *title, *path, *problem;
  DinoscopeModelSource    source;
  gboolean                demonstration, in_use;
  struct dino_model_facts facts;
  int                     input_width, input_height;
};

G_DEFINE_FINAL_TYPE (DinoscopeFoundModel, dinoscope_found_model, G_TYPE_OBJECT)

static void
dinoscope_found_model_finalize (GObject *object)
{
  DinoscopeFoundModel *self = DINOSCOPE_FOUND_MODEL (object);

  g_free (self->name);
  g_free (self->title);
  g_free (self->path);
  g_free (self->problem);
  G_OBJECT_CLASS (dinoscope_found_model_parent_class)->finalize (object);
}

static void
dinoscope_found_model_class_init (DinoscopeFoundModelClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = dinoscope_found_model_finalize;
}

static void
dinoscope_found_model_init (DinoscopeFoundModel *self)
{
}

static void
inspect (DinoscopeFoundModel *self, struct dino_error *failure)
{
  struct dino_geometry geometry;

  if (failure->code == DINO_CODE_NONE && dino_model_inspect (self->path, NULL, &self->facts, failure) &&
      dino_geometry_init (&geometry, &self->facts.processor, self->facts.config.patch_size, SQUARE, SQUARE, DINO_FIT_CROP, 0, failure))
    {
      self->input_width = geometry.input_width;
      self->input_height = geometry.input_height;
      return;
    }
  self->problem = g_strdup (failure->message);
}

static char *
title_from_path (const char *path, struct dino_error *error)
{
  char *name = dino_model_name_from_path (path, error);
  char *title = name != NULL ? dinoscope_display_name (name) : dinoscope_display_name (path);

  dino_free (name);
  return title;
}

DinoscopeFoundModel *
dinoscope_found_model_new (const char *name, const char *path, DinoscopeModelSource source, gboolean in_use)
{
  DinoscopeFoundModel *self = g_object_new (DINOSCOPE_TYPE_FOUND_MODEL, NULL);
  struct dino_error    failure = { 0 };

  self->name = g_strdup (name);
  self->path = g_strdup (path);
  self->source = source;
  self->in_use = in_use;
  self->demonstration = dinoscope_path_is_demonstration (path);
  self->title = self->demonstration ? g_strdup (dinoscope_demonstration_title ()) : title_from_path (path, &failure);
  dino_error_about (&failure, path);
  inspect (self, &failure);
  return self;
}

DinoscopeFoundModel *
dinoscope_found_model_at (const char *path)
{
  return dinoscope_found_model_new (path, path, DINOSCOPE_MODEL_SOURCE_ARGUMENT, FALSE);
}

const char *
dinoscope_found_model_get_name (DinoscopeFoundModel *self)
{
  g_return_val_if_fail (DINOSCOPE_IS_FOUND_MODEL (self), NULL);
  return self->name;
}

const char *
dinoscope_found_model_get_title (DinoscopeFoundModel *self)
{
  g_return_val_if_fail (DINOSCOPE_IS_FOUND_MODEL (self), NULL);
  return self->title;
}

const char *
dinoscope_found_model_get_path (DinoscopeFoundModel *self)
{
  g_return_val_if_fail (DINOSCOPE_IS_FOUND_MODEL (self), NULL);
  return self->path;
}

DinoscopeModelSource
dinoscope_found_model_get_source (DinoscopeFoundModel *self)
{
  g_return_val_if_fail (DINOSCOPE_IS_FOUND_MODEL (self), DINOSCOPE_MODEL_SOURCE_DEMONSTRATION);
  return self->source;
}

gboolean
dinoscope_found_model_is_demonstration (DinoscopeFoundModel *self)
{
  g_return_val_if_fail (DINOSCOPE_IS_FOUND_MODEL (self), FALSE);
  return self->demonstration;
}

const char *
dinoscope_found_model_get_problem (DinoscopeFoundModel *self)
{
  g_return_val_if_fail (DINOSCOPE_IS_FOUND_MODEL (self), NULL);
  return self->problem;
}

gboolean
dinoscope_found_model_is_in_use (DinoscopeFoundModel *self)
{
  g_return_val_if_fail (DINOSCOPE_IS_FOUND_MODEL (self), FALSE);
  return self->in_use;
}

const struct dino_config *
dinoscope_found_model_get_config (DinoscopeFoundModel *self)
{
  g_return_val_if_fail (DINOSCOPE_IS_FOUND_MODEL (self), NULL);
  return self->facts.has_config ? &self->facts.config : NULL;
}

void
dinoscope_found_model_get_input (DinoscopeFoundModel *self, int *width, int *height)
{
  g_return_if_fail (DINOSCOPE_IS_FOUND_MODEL (self));
  *width = self->input_width;
  *height = self->input_height;
}

guint64
dinoscope_found_model_get_bytes (DinoscopeFoundModel *self)
{
  g_return_val_if_fail (DINOSCOPE_IS_FOUND_MODEL (self), 0);
  return self->facts.n_bytes;
}

char *
dinoscope_found_model_describe (DinoscopeFoundModel *self)
{
  const struct dino_config *config;
  g_autoptr (GPtrArray)     parts = g_ptr_array_new_with_free_func (g_free);

  g_return_val_if_fail (DINOSCOPE_IS_FOUND_MODEL (self), NULL);

  config = dinoscope_found_model_get_config (self);
  if (config != NULL)
    g_ptr_array_add (parts, g_strdup_printf (_ ("%d blocks, %d heads, %d channels, patch %d px"), config->n_blocks, config->n_heads,
                                             config->hidden_size, config->patch_size));
  if (config != NULL && config->n_registers > 0)
    g_ptr_array_add (parts, g_strdup_printf (_ ("%d registers"), config->n_registers));
  if (self->input_width > 0)
    g_ptr_array_add (parts, g_strdup_printf (_ ("input %d × %d px"), self->input_width, self->input_height));
  if (self->facts.n_bytes > 0)
    g_ptr_array_add (parts, g_format_size (self->facts.n_bytes));
  g_ptr_array_add (parts, NULL);
  return g_strjoinv (", ", (char **) parts->pdata);
}
