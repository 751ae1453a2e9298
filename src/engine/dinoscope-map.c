#include "engine/dinoscope-map.h"

struct _DinoscopeMap
{
  GObject parent_instance;

  struct dino_map *core;
  GVariant        *details;
  GPtrArray       *references; /* (element-type DinoscopeMapReference) */
};

G_DEFINE_FINAL_TYPE (DinoscopeMap, dinoscope_map, G_TYPE_OBJECT)

static void
reference_free (gpointer data)
{
  DinoscopeMapReference *reference = data;

  g_object_unref (reference->model);
  g_free (reference->pixels_sha256);
  g_free (reference->grey_sha256);
  g_free (reference->preparation);
  g_free (reference);
}

static void
dinoscope_map_finalize (GObject *object)
{
  DinoscopeMap *self = DINOSCOPE_MAP (object);

  g_clear_pointer (&self->core, dino_map_unref);
  g_clear_pointer (&self->details, g_variant_unref);
  g_ptr_array_unref (self->references);
  G_OBJECT_CLASS (dinoscope_map_parent_class)->finalize (object);
}

static void
dinoscope_map_class_init (DinoscopeMapClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = dinoscope_map_finalize;
}

static void
dinoscope_map_init (DinoscopeMap *self)
{
  self->references = g_ptr_array_new_with_free_func (reference_free);
}

DinoscopeMap *
dinoscope_map_new (struct dino_map *core)
{
  DinoscopeMap *self;

  g_return_val_if_fail (core != NULL, NULL);
  self = g_object_new (DINOSCOPE_TYPE_MAP, NULL);
  self->core = core;
  return self;
}

const struct dino_map *
dinoscope_map_get_core (DinoscopeMap *self)
{
  g_return_val_if_fail (DINOSCOPE_IS_MAP (self), NULL);
  return self->core;
}

void
dinoscope_map_set_details (DinoscopeMap *self, GVariant *details)
{
  g_return_if_fail (DINOSCOPE_IS_MAP (self));
  g_return_if_fail (details == NULL || g_variant_is_of_type (details, G_VARIANT_TYPE_VARDICT));
  g_clear_pointer (&self->details, g_variant_unref);
  if (details != NULL)
    self->details = g_variant_ref_sink (details);
}

GVariant *
dinoscope_map_get_details (DinoscopeMap *self)
{
  g_return_val_if_fail (DINOSCOPE_IS_MAP (self), NULL);
  return self->details;
}

void
dinoscope_map_add_reference (DinoscopeMap *self, DinoscopeFeatures *features)
{
  DinoscopeMapReference *reference;

  g_return_if_fail (DINOSCOPE_IS_MAP (self));
  g_return_if_fail (DINOSCOPE_IS_FEATURES (features));
  reference = g_new0 (DinoscopeMapReference, 1);
  reference->model = g_object_ref (dinoscope_features_get_model (features));
  reference->pixels_sha256 = g_strdup (dinoscope_features_get_pixels_sha256 (features));
  reference->grey_sha256 = g_strdup (dinoscope_features_get_grey_sha256 (features));
  reference->preparation = g_strdup (dinoscope_features_get_preparation (features));
  g_ptr_array_add (self->references, reference);
}

guint
dinoscope_map_get_n_references (DinoscopeMap *self)
{
  g_return_val_if_fail (DINOSCOPE_IS_MAP (self), 0);
  return self->references->len;
}

const DinoscopeMapReference *
dinoscope_map_get_reference (DinoscopeMap *self, guint index)
{
  g_return_val_if_fail (DINOSCOPE_IS_MAP (self), NULL);
  g_return_val_if_fail (index < self->references->len, NULL);
  return self->references->pdata[index];
}

int
dinoscope_map_get_width (DinoscopeMap *self)
{
  g_return_val_if_fail (DINOSCOPE_IS_MAP (self), 0);
  return self->core->width;
}

int
dinoscope_map_get_height (DinoscopeMap *self)
{
  g_return_val_if_fail (DINOSCOPE_IS_MAP (self), 0);
  return self->core->height;
}

int
dinoscope_map_get_channels (DinoscopeMap *self)
{
  g_return_val_if_fail (DINOSCOPE_IS_MAP (self), 0);
  return self->core->channels;
}

GBytes *
dinoscope_map_dup_values (DinoscopeMap *self)
{
  g_return_val_if_fail (DINOSCOPE_IS_MAP (self), NULL);
  return g_bytes_new_with_free_func (self->core->values,
                                     (gsize) self->core->width * self->core->height * self->core->channels * sizeof *self->core->values,
                                     g_object_unref, g_object_ref (self));
}

const char *
dinoscope_map_get_title (DinoscopeMap *self)
{
  g_return_val_if_fail (DINOSCOPE_IS_MAP (self), NULL);
  return self->core->title;
}

const char *
dinoscope_map_get_legend (DinoscopeMap *self)
{
  g_return_val_if_fail (DINOSCOPE_IS_MAP (self), NULL);
  return self->core->legend;
}

const char *
dinoscope_map_get_unit (DinoscopeMap *self)
{
  g_return_val_if_fail (DINOSCOPE_IS_MAP (self), NULL);
  return self->core->unit;
}
