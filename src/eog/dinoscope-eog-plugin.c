/* The plug-in of Eye of GNOME: an Inspection for each of its windows. */
#include <glib/gi18n-lib.h>
#include <libpeas/peas.h>

#include <eog/eog-window-activatable.h>
#include <eog/eog-window.h>

#include "dinoscope-config.h"
#include "eog/inspection.h"

#define DINOSCOPE_TYPE_EOG_PLUGIN (dinoscope_eog_plugin_get_type ())
G_DECLARE_FINAL_TYPE (DinoscopeEogPlugin, dinoscope_eog_plugin, DINOSCOPE, EOG_PLUGIN, PeasExtensionBase)

struct _DinoscopeEogPlugin
{
  PeasExtensionBase parent_instance;

  EogWindow  *window;
  Inspection *inspection;
};

enum
{
  PROP_0,
  PROP_WINDOW
};

static void implement_activatable (EogWindowActivatableInterface *iface);

G_DEFINE_DYNAMIC_TYPE_EXTENDED (DinoscopeEogPlugin,
                                dinoscope_eog_plugin,
                                PEAS_TYPE_EXTENSION_BASE,
                                G_TYPE_FLAG_FINAL,
                                G_IMPLEMENT_INTERFACE_DYNAMIC (EOG_TYPE_WINDOW_ACTIVATABLE, implement_activatable))

static void
dinoscope_eog_plugin_activate (EogWindowActivatable *activatable)
{
  DinoscopeEogPlugin *self = DINOSCOPE_EOG_PLUGIN (activatable);

  if (self->inspection == NULL && self->window != NULL)
    self->inspection = inspection_new (self->window);
}

static void
dinoscope_eog_plugin_deactivate (EogWindowActivatable *activatable)
{
  DinoscopeEogPlugin *self = DINOSCOPE_EOG_PLUGIN (activatable);

  g_clear_pointer (&self->inspection, inspection_free);
}

static void
implement_activatable (EogWindowActivatableInterface *iface)
{
  iface->activate = dinoscope_eog_plugin_activate;
  iface->deactivate = dinoscope_eog_plugin_deactivate;
}

static void
dinoscope_eog_plugin_set_property (GObject *object, guint id, const GValue *value, GParamSpec *spec)
{
  DinoscopeEogPlugin *self = DINOSCOPE_EOG_PLUGIN (object);

  if (id == PROP_WINDOW)
    self->window = g_value_dup_object (value);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, spec);
}

static void
dinoscope_eog_plugin_get_property (GObject *object, guint id, GValue *value, GParamSpec *spec)
{
  DinoscopeEogPlugin *self = DINOSCOPE_EOG_PLUGIN (object);

  if (id == PROP_WINDOW)
    g_value_set_object (value, self->window);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, spec);
}

/* eog does not deactivate when it quits. */
static void
dinoscope_eog_plugin_dispose (GObject *object)
{
  DinoscopeEogPlugin *self = DINOSCOPE_EOG_PLUGIN (object);

  g_clear_pointer (&self->inspection, inspection_free);
  g_clear_object (&self->window);
  G_OBJECT_CLASS (dinoscope_eog_plugin_parent_class)->dispose (object);
}

static void
dinoscope_eog_plugin_class_init (DinoscopeEogPluginClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = dinoscope_eog_plugin_dispose;
  object_class->set_property = dinoscope_eog_plugin_set_property;
  object_class->get_property = dinoscope_eog_plugin_get_property;
  g_object_class_override_property (object_class, PROP_WINDOW, "window");
}

static void
dinoscope_eog_plugin_class_finalize (DinoscopeEogPluginClass *klass)
{
}

static void
dinoscope_eog_plugin_init (DinoscopeEogPlugin *self)
{
}

void peas_register_types (PeasObjectModule *module);

G_MODULE_EXPORT void
peas_register_types (PeasObjectModule *module)
{
  /* About our own texts only. */
  bindtextdomain (GETTEXT_PACKAGE, DINOSCOPE_LOCALEDIR);
  bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");
  dinoscope_eog_plugin_register_type (G_TYPE_MODULE (module));
  peas_object_module_register_extension_type (module, EOG_TYPE_WINDOW_ACTIVATABLE, DINOSCOPE_TYPE_EOG_PLUGIN);
}
