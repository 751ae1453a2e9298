#pragma once

#include <adwaita.h>

#include "engine/dinoscope.h"

G_BEGIN_DECLS

#define DINOSCOPE_TYPE_PLUGIN_ROW (dinoscope_plugin_row_get_type ())
G_DECLARE_FINAL_TYPE (DinoscopePluginRow, dinoscope_plugin_row, DINOSCOPE, PLUGIN_ROW, AdwActionRow)

/* A plug-in: what it adds, or why it is not used. */
GtkWidget *dinoscope_plugin_row_new (DinoscopePlugin *plugin);

G_END_DECLS
