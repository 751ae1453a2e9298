#include "app/dinoscope-preparation-settings.h"

struct _DinoscopePreparationSettings
{
  GObject parent_instance;

  struct dino_preparation preparation;
};

G_DEFINE_FINAL_TYPE (DinoscopePreparationSettings, dinoscope_preparation_settings, G_TYPE_OBJECT)

static guint changed_signal;

static void
dinoscope_preparation_settings_class_init (DinoscopePreparationSettingsClass *klass)
{
  changed_signal = g_signal_new ("changed", DINOSCOPE_TYPE_PREPARATION_SETTINGS, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
dinoscope_preparation_settings_init (DinoscopePreparationSettings *self)
{
}

DinoscopePreparationSettings *
dinoscope_preparation_settings_new (void)
{
  return g_object_new (DINOSCOPE_TYPE_PREPARATION_SETTINGS, NULL);
}

const struct dino_preparation *
dinoscope_preparation_settings_get (DinoscopePreparationSettings *self)
{
  g_return_val_if_fail (DINOSCOPE_IS_PREPARATION_SETTINGS (self), NULL);

  return &self->preparation;
}

void
dinoscope_preparation_settings_set (DinoscopePreparationSettings *self, const struct dino_preparation *preparation)
{
  g_return_if_fail (DINOSCOPE_IS_PREPARATION_SETTINGS (self));
  g_return_if_fail (preparation != NULL);

  if (dinoscope_preparation_equal (&self->preparation, preparation))
    return;
  self->preparation = *preparation;
  g_signal_emit (self, changed_signal, 0);
}

static gboolean
displays_equal (const struct dino_display *one, const struct dino_display *other)
{
  if (one->kind != other->kind)
    return FALSE;
  if (one->kind == DINO_DISPLAY_FILE)
    return one->voi == other->voi;
  return one->kind != DINO_DISPLAY_WINDOW ||
         (one->window.center == other->window.center && one->window.width == other->window.width && one->window.function == other->window.function);
}

gboolean
dinoscope_preparation_equal (const struct dino_preparation *one, const struct dino_preparation *other)
{
  return one->fit == other->fit && one->input_size == other->input_size && one->model_input == other->model_input && one->invert == other->invert &&
         (one->model_input != DINO_MODEL_INPUT_WINDOW || displays_equal (&one->voi, &other->voi));
}

gboolean
dinoscope_preparation_is_own (const struct dino_preparation *preparation)
{
  const struct dino_preparation own = { 0 };

  return dinoscope_preparation_equal (preparation, &own);
}
