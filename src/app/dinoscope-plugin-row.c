#include "app/dinoscope-plugin-row.h"

#include <glib/gi18n-lib.h>

#include "engine/dinoscope-paths-private.h"

struct _DinoscopePluginRow
{
  AdwActionRow parent_instance;

  DinoscopePlugin *plugin;
  GtkImage        *icon;
  GtkWidget       *again;
};

G_DEFINE_FINAL_TYPE (DinoscopePluginRow, dinoscope_plugin_row, ADW_TYPE_ACTION_ROW)

/* Titles of its overlays, with the names that the command line has for them. */
static char *
describe_overlays (DinoscopePlugin *plugin)
{
  const char *const  *ids = dinoscope_plugin_get_overlays (plugin);
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; ids[i] != NULL; i++)
    {
      g_autoptr (DinoscopeOverlayProvider) provider = dinoscope_overlays_find (ids[i]);

      if (provider != NULL)
        g_string_append_printf (text, "%s%s (%s)", i > 0 ? ", " : "", dinoscope_overlay_provider_get_title (provider), ids[i]);
    }
  return g_string_free (g_steal_pointer (&text), FALSE);
}

/* The row has the plug-in's name already. */
static char *
describe_state (DinoscopePlugin *plugin, DinoscopePluginState state)
{
  g_autofree char *reason = dinoscope_plugin_dup_reason (plugin);

  switch (state)
    {
    case DINOSCOPE_PLUGIN_REFUSED:
      return g_strdup_printf (_ ("Cannot be used: %s."), reason);
    case DINOSCOPE_PLUGIN_OFF:
      return g_strdup_printf (_ ("Failed and was switched off: %s."), reason);
    case DINOSCOPE_PLUGIN_LEFT_BEHIND:
      return g_strdup_printf (_ ("Not used any more until Dinoscope is started again: %s."), reason);
    case DINOSCOPE_PLUGIN_IN_USE:
    default:
      return describe_overlays (plugin);
    }
}

static void
update (DinoscopePluginRow *self)
{
  DinoscopePluginState state = dinoscope_plugin_get_state (self->plugin);
  g_autofree char     *text = describe_state (self->plugin, state);
  gboolean             in_use = state == DINOSCOPE_PLUGIN_IN_USE;

  adw_action_row_set_subtitle (ADW_ACTION_ROW (self), text);
  gtk_image_set_from_icon_name (self->icon, in_use ? "object-select-symbolic" : "dialog-warning-symbolic");
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->icon), GTK_ACCESSIBLE_PROPERTY_LABEL, in_use ? _ ("In use") : _ ("Not in use"), -1);
  gtk_widget_set_visible (self->again, state == DINOSCOPE_PLUGIN_OFF);
}

static void
again_clicked_cb (DinoscopePluginRow *self)
{
  dinoscope_plugin_use_again (self->plugin);
}

static void
dinoscope_plugin_row_dispose (GObject *object)
{
  DinoscopePluginRow *self = DINOSCOPE_PLUGIN_ROW (object);

  g_clear_object (&self->plugin);
  G_OBJECT_CLASS (dinoscope_plugin_row_parent_class)->dispose (object);
}

static void
dinoscope_plugin_row_class_init (DinoscopePluginRowClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = dinoscope_plugin_row_dispose;
}

static void
dinoscope_plugin_row_init (DinoscopePluginRow *self)
{
  self->icon = GTK_IMAGE (gtk_image_new ());
  adw_action_row_add_prefix (ADW_ACTION_ROW (self), GTK_WIDGET (self->icon));
  self->again = gtk_button_new_with_mnemonic (_ ("_Try Again"));
  gtk_widget_set_valign (self->again, GTK_ALIGN_CENTER);
  g_signal_connect_object (self->again, "clicked", G_CALLBACK (again_clicked_cb), self, G_CONNECT_SWAPPED);
  adw_action_row_add_suffix (ADW_ACTION_ROW (self), self->again);
  /* A module's name and a linker's words may have any characters. */
  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (self), FALSE);
  adw_action_row_set_subtitle_lines (ADW_ACTION_ROW (self), 6);
}

GtkWidget *
dinoscope_plugin_row_new (DinoscopePlugin *plugin)
{
  DinoscopePluginRow *self;
  g_autofree char    *path = NULL;

  g_return_val_if_fail (DINOSCOPE_IS_PLUGIN (plugin), NULL);

  self = g_object_new (DINOSCOPE_TYPE_PLUGIN_ROW, "title", dinoscope_plugin_get_name (plugin), NULL);
  self->plugin = g_object_ref (plugin);
  path = dinoscope_display_name (dinoscope_plugin_get_path (plugin));
  gtk_widget_set_tooltip_text (GTK_WIDGET (self), path);
  g_signal_connect_object (plugin, "changed", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  update (self);
  return GTK_WIDGET (self);
}
