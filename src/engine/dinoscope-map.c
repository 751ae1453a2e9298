#include "engine/dinoscope-map.h"

struct _DinoscopeMap
{
  GObject parent_instance;

  struct dino_map *core;
  GVariant        *details;
};

G_DEFINE_FINAL_TYPE (DinoscopeMap, dinoscope_map, G_TYPE_OBJECT)

static void
dinoscope_map_finalize (GObject *object)
{
  DinoscopeMap *self = DINOSCOPE_MAP (object);

  g_clear_pointer (&self->core, dino_map_unref);
  g_clear_pointer (&self->details, g_variant_unref);
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
