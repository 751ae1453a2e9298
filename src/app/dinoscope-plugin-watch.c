#include "app/dinoscope-plugin-watch.h"

#include "engine/dinoscope.h"

void
dinoscope_plugin_watch (gpointer object, GCallback changed)
{
  g_autoptr (GListModel) plugins = dinoscope_plugins_list ();

  for (guint i = 0; i < g_list_model_get_n_items (plugins); i++)
    {
      g_autoptr (DinoscopePlugin) plugin = g_list_model_get_item (plugins, i);

      g_signal_connect_object (plugin, "changed", changed, object, G_CONNECT_SWAPPED);
    }
}
