/* DinoscopeWindow: what is told of plug-ins. */
#include <glib/gi18n-lib.h>

#include "app/dinoscope-plugin-watch.h"
#include "app/dinoscope-window-private.h"

/* Long enough for a name and a reason, in seconds. */
#define TOAST_SECONDS 12

static void
tell (DinoscopeWindow *self, const char *text, AdwToastPriority priority)
{
  g_autofree char *escaped = g_markup_escape_text (text, -1);
  AdwToast        *toast = adw_toast_new (escaped);

  adw_toast_set_button_label (toast, _ ("Plug-ins"));
  adw_toast_set_action_name (toast, "app.plugins");
  adw_toast_set_timeout (toast, TOAST_SECONDS);
  adw_toast_set_priority (toast, priority);
  adw_toast_overlay_add_toast (self->toast_overlay, toast);
}

/* One line, which is not cut: the reason stands in the preferences. */
static char *
describe (DinoscopePlugin *plugin)
{
  const char *name = dinoscope_plugin_get_name (plugin);

  switch (dinoscope_plugin_get_state (plugin))
    {
    case DINOSCOPE_PLUGIN_REFUSED:
      return g_strdup_printf (_ ("The plug-in “%s” cannot be used."), name);
    case DINOSCOPE_PLUGIN_OFF:
      return g_strdup_printf (_ ("The plug-in “%s” failed and was switched off."), name);
    case DINOSCOPE_PLUGIN_LEFT_BEHIND:
      return g_strdup_printf (_ ("The plug-in “%s” did not stop and is not used any more."), name);
    case DINOSCOPE_PLUGIN_IN_USE:
    default:
      return NULL;
    }
}

static void
changed_cb (DinoscopeWindow *self, DinoscopePlugin *plugin)
{
  g_autofree char *problem = describe (plugin);

  /* At once, whatever else is being told: what was looked at is gone. */
  if (problem != NULL)
    tell (self, problem, ADW_TOAST_PRIORITY_HIGH);
}

/* Those that were refused when they were loaded. */
static void
tell_refused (DinoscopeWindow *self)
{
  g_autoptr (GListModel) plugins = dinoscope_plugins_list ();
  g_autoptr (GString)    names = g_string_new (NULL);
  g_autofree char       *problem = NULL;
  g_autofree char       *text = NULL;
  guint                  n = 0;

  for (guint i = 0; i < g_list_model_get_n_items (plugins); i++)
    {
      g_autoptr (DinoscopePlugin) plugin = g_list_model_get_item (plugins, i);

      if (dinoscope_plugin_get_state (plugin) != DINOSCOPE_PLUGIN_REFUSED)
        continue;
      g_string_append_printf (names, "%s%s", n++ > 0 ? ", " : "", dinoscope_plugin_get_name (plugin));
      if (n == 1)
        problem = describe (plugin);
    }
  if (n == 0)
    return;
  text = n == 1 ? g_strdup (problem) : g_strdup_printf (ngettext ("%u plug-in cannot be used: %s.", "%u plug-ins cannot be used: %s.", n), n, names->str);
  tell (self, text, ADW_TOAST_PRIORITY_NORMAL);
}

void
dinoscope_window_watch_plugins (DinoscopeWindow *self)
{
  tell_refused (self);
  dinoscope_plugin_watch (self, G_CALLBACK (changed_cb));
}
