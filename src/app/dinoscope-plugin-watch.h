#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

/* Calls changed (object, plugin) whenever the state of some plug-in is another
 * one, as long as object lives. Plug-ins are found once, so there are no new ones. */
void dinoscope_plugin_watch (gpointer object, GCallback changed);

G_END_DECLS
