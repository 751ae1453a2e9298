#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* A plug-in is a shared module that adds overlays. It is looked for, in this
 * order, in the directories of $DINOSCOPE_PLUGIN_PATH, in
 * $XDG_DATA_HOME/dinoscope/plugins and in LIBDIR/dinoscope/plugins-1, and of
 * files of one name the first one counts. DINOSCOPE_PLUGINS=help in the
 * environment lists what was found, DINOSCOPE_PLUGINS=none loads nothing.
 *
 * Modules stay loaded until the process ends. One that fails is switched off,
 * all of its overlays together, and everything else goes on. */

/* The version of what a plug-in is built against: this header and
 * dinoscope-overlay-provider.h. */
#define DINOSCOPE_PLUGIN_API_VERSION 1

#define DINOSCOPE_TYPE_PLUGIN (dinoscope_plugin_get_type ())
G_DECLARE_FINAL_TYPE (DinoscopePlugin, dinoscope_plugin, DINOSCOPE, PLUGIN, GObject)

/* Signal "changed": the state is another one. Emitted in the default main context. */

typedef enum
{
  DINOSCOPE_PLUGIN_IN_USE,
  DINOSCOPE_PLUGIN_REFUSED,    /* could not be loaded */
  DINOSCOPE_PLUGIN_OFF,        /* failed */
  DINOSCOPE_PLUGIN_LEFT_BEHIND /* did not stop when it was cancelled; not used again in this process */
} DinoscopePluginState;

/* What the functions of a module are called with while it is loaded: adds an
 * overlay, a type that implements DinoscopeOverlayProvider. */
void dinoscope_plugin_add_overlay (DinoscopePlugin *self, GType type);

/* The functions that a module has, for one overlay; get_type is that of its
 * type. A module with several has the two functions written out, and calls
 * dinoscope_plugin_add_overlay() for each. */
#define DINOSCOPE_DEFINE_PLUGIN(get_type)                                                         \
  __attribute__ ((visibility ("default"))) guint dinoscope_plugin_api_version (void);             \
  __attribute__ ((visibility ("default"))) void  dinoscope_plugin_load (DinoscopePlugin *plugin); \
                                                                                                  \
  guint dinoscope_plugin_api_version (void)                                                       \
  {                                                                                               \
    return DINOSCOPE_PLUGIN_API_VERSION;                                                          \
  }                                                                                               \
                                                                                                  \
  void dinoscope_plugin_load (DinoscopePlugin *plugin)                                            \
  {                                                                                               \
    dinoscope_plugin_add_overlay (plugin, get_type ());                                           \
  }

/* "linear-probe": the file's name without what every module's has. */
const char *dinoscope_plugin_get_name (DinoscopePlugin *self);
const char *dinoscope_plugin_get_path (DinoscopePlugin *self);

/* The ids of its overlays, NULL-terminated; empty when it was refused. */
const char *const *dinoscope_plugin_get_overlays (DinoscopePlugin *self);

/* Any thread. The reason is a sentence without its full stop, NULL while the plug-in is in use (transfer full). */
DinoscopePluginState dinoscope_plugin_get_state (DinoscopePlugin *self);
char                *dinoscope_plugin_dup_reason (DinoscopePlugin *self);

/* "The plug-in “x” failed and was switched off: …": state and reason (transfer
 * full); NULL while it is in use. */
char *dinoscope_plugin_describe_problem (DinoscopePlugin *self);

/* Tries a plug-in that was switched off once more; FALSE when it is not off,
 * or cannot be used again. */
gboolean dinoscope_plugin_use_again (DinoscopePlugin *self);

/* All plug-ins that were found, good or not, as DinoscopePlugin (transfer
 * full). Loads them at the first call, if no overlay was asked for before. */
GListModel *dinoscope_plugins_list (void);

/* The plug-in that an overlay of this type comes from, NULL for built-in ones (transfer none). */
DinoscopePlugin *dinoscope_plugins_find (GType type);

G_END_DECLS
