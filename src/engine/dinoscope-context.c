#include "engine/dinoscope-context-private.h"

struct _DinoscopeContext
{
  GObject parent_instance;

  DinoscopeFeatures *primary;
  GPtrArray         *references;
  DinoscopeStudy    *study;
  struct dino_team  *team;   /* not owned; atomic */
  DinoscopeEngine   *engine; /* likewise */
};

G_DEFINE_FINAL_TYPE (DinoscopeContext, dinoscope_context, G_TYPE_OBJECT)

static void
dinoscope_context_finalize (GObject *object)
{
  DinoscopeContext *self = DINOSCOPE_CONTEXT (object);

  g_clear_object (&self->primary);
  g_clear_object (&self->study);
  g_ptr_array_unref (self->references);
  G_OBJECT_CLASS (dinoscope_context_parent_class)->finalize (object);
}

static void
dinoscope_context_class_init (DinoscopeContextClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = dinoscope_context_finalize;
}

static void
dinoscope_context_init (DinoscopeContext *self)
{
  self->references = g_ptr_array_new_with_free_func (g_object_unref);
}

DinoscopeContext *
dinoscope_context_new (DinoscopeFeatures *primary, DinoscopeFeatures *const *references, guint n_references)
{
  DinoscopeContext *self;

  g_return_val_if_fail (dinoscope_features_has_contents (primary), NULL);
  g_return_val_if_fail (references != NULL || n_references == 0, NULL);

  for (guint i = 0; i < n_references; i++)
    g_return_val_if_fail (dinoscope_features_has_contents (references[i]), NULL);

  self = g_object_new (DINOSCOPE_TYPE_CONTEXT, NULL);
  self->primary = g_object_ref (primary);
  for (guint i = 0; i < n_references; i++)
    g_ptr_array_add (self->references, g_object_ref (references[i]));
  return self;
}

DinoscopeFeatures *
dinoscope_context_get_primary (DinoscopeContext *self)
{
  g_return_val_if_fail (DINOSCOPE_IS_CONTEXT (self), NULL);
  return self->primary;
}

guint
dinoscope_context_get_n_references (DinoscopeContext *self)
{
  g_return_val_if_fail (DINOSCOPE_IS_CONTEXT (self), 0);
  return self->references->len;
}

DinoscopeFeatures *
dinoscope_context_get_reference (DinoscopeContext *self, guint index)
{
  g_return_val_if_fail (DINOSCOPE_IS_CONTEXT (self), NULL);
  g_return_val_if_fail (index < self->references->len, NULL);
  return g_ptr_array_index (self->references, index);
}

void
dinoscope_context_set_team (DinoscopeContext *self, struct dino_team *team)
{
  g_atomic_pointer_set (&self->team, team);
}

struct dino_team *
dinoscope_context_get_team (DinoscopeContext *self)
{
  return g_atomic_pointer_get (&self->team);
}

void
dinoscope_context_set_study (DinoscopeContext *self, DinoscopeStudy *study)
{
  g_return_if_fail (DINOSCOPE_IS_CONTEXT (self));
  g_return_if_fail (study == NULL || dinoscope_study_has_contents (study));
  g_set_object (&self->study, study);
}

DinoscopeStudy *
dinoscope_context_get_study (DinoscopeContext *self)
{
  g_return_val_if_fail (DINOSCOPE_IS_CONTEXT (self), NULL);
  return self->study;
}

void
dinoscope_context_set_engine (DinoscopeContext *self, DinoscopeEngine *engine)
{
  g_atomic_pointer_set (&self->engine, engine);
}

DinoscopeEngine *
dinoscope_context_get_engine (DinoscopeContext *self)
{
  return g_atomic_pointer_get (&self->engine);
}
