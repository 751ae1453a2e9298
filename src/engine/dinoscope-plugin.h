#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * DINOSCOPE_PLUGIN_API_VERSION:
 *
 * The version of what a plug-in is built against: dinoscope-plugin.h and
 * dinoscope-overlay-provider.h.
 */
#define DINOSCOPE_PLUGIN_API_VERSION 1

#define DINOSCOPE_TYPE_PLUGIN (dinoscope_plugin_get_type ())
G_DECLARE_FINAL_TYPE (DinoscopePlugin, dinoscope_plugin, DINOSCOPE, PLUGIN, GObject)

/**
 * DinoscopePlugin:
 *
 * A shared module that adds overlays.
 *
 * Modules are looked for, in this order, in the directories of
 * $DINOSCOPE_PLUGIN_PATH, in $XDG_DATA_HOME/dinoscope/plugins and in
 * LIBDIR/dinoscope/plugins-1, and of files of one name the first one counts.
 * DINOSCOPE_PLUGINS=help in the environment lists what was found,
 * DINOSCOPE_PLUGINS=none loads nothing.
 *
 * Modules stay loaded until the process ends. One that fails is switched off,
 * all of its overlays together, and everything else goes on.
 */

/**
 * DinoscopePlugin::changed:
 * @self: a plug-in
 *
 * The state is another one. Emitted in the default main context.
 */

/**
 * DinoscopePluginState:
 * @DINOSCOPE_PLUGIN_IN_USE: its overlays are there
 * @DINOSCOPE_PLUGIN_REFUSED: could not be loaded
 * @DINOSCOPE_PLUGIN_OFF: failed
 * @DINOSCOPE_PLUGIN_LEFT_BEHIND: did not stop when it was cancelled; not used
 *   again in this process
 *
 * What became of a plug-in.
 */
typedef enum
{
  DINOSCOPE_PLUGIN_IN_USE,
  DINOSCOPE_PLUGIN_REFUSED,
  DINOSCOPE_PLUGIN_OFF,
  DINOSCOPE_PLUGIN_LEFT_BEHIND
} DinoscopePluginState;

/**
 * dinoscope_plugin_add_overlay:
 * @self: what the functions of a module are called with while it is loaded
 * @type: a type that implements [iface@Dinoscope.OverlayProvider]
 *
 * Adds an overlay.
 */
void dinoscope_plugin_add_overlay (DinoscopePlugin *self, GType type);

/**
 * DINOSCOPE_DEFINE_PLUGIN:
 * @get_type: the function that returns the overlay's type
 *
 * Defines the functions that a module has, for one overlay. A module with
 * several has the two functions written out, and calls
 * [method@Dinoscope.Plugin.add_overlay] for each.
 */
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

/**
 * dinoscope_plugin_get_name:
 * @self: a plug-in
 *
 * Gets the file's name without what every module's has.
 *
 * Returns: (transfer none): "linear-probe"
 */
const char *dinoscope_plugin_get_name (DinoscopePlugin *self);

/**
 * dinoscope_plugin_get_path:
 * @self: a plug-in
 *
 * Gets where the module lies.
 *
 * Returns: (transfer none) (type filename): the file
 */
const char *dinoscope_plugin_get_path (DinoscopePlugin *self);

/**
 * dinoscope_plugin_get_overlays:
 * @self: a plug-in
 *
 * Gets the ids of its overlays.
 *
 * Returns: (transfer none) (array zero-terminated=1): the ids; empty when it was refused
 */
const char *const *dinoscope_plugin_get_overlays (DinoscopePlugin *self);

/**
 * dinoscope_plugin_get_state:
 * @self: a plug-in
 *
 * Gets what became of it. Any thread.
 *
 * Returns: the state
 */
DinoscopePluginState dinoscope_plugin_get_state (DinoscopePlugin *self);

/**
 * dinoscope_plugin_dup_reason:
 * @self: a plug-in
 *
 * Says why it is not in use: a sentence without its full stop. Any thread.
 *
 * Returns: (transfer full) (nullable): the reason; %NULL while it is in use
 */
char *dinoscope_plugin_dup_reason (DinoscopePlugin *self);

/**
 * dinoscope_plugin_describe_problem:
 * @self: a plug-in
 *
 * State and reason: "The plug-in “x” failed and was switched off: …".
 *
 * Returns: (transfer full) (nullable): the text; %NULL while it is in use
 */
char *dinoscope_plugin_describe_problem (DinoscopePlugin *self);

/**
 * dinoscope_plugin_use_again:
 * @self: a plug-in
 *
 * Tries a plug-in that was switched off once more.
 *
 * Returns: %FALSE when it is not off, or cannot be used again
 */
gboolean dinoscope_plugin_use_again (DinoscopePlugin *self);

/**
 * dinoscope_plugins_list:
 *
 * Lists all plug-ins that were found, good or not. Loads them at the first
 * call, if no overlay was asked for before.
 *
 * Returns: (transfer full): a list of [class@Dinoscope.Plugin]
 */
GListModel *dinoscope_plugins_list (void);

/**
 * dinoscope_plugins_find:
 * @type: the type of an overlay
 *
 * Finds the plug-in that an overlay comes from.
 *
 * Returns: (transfer none) (nullable): the plug-in; %NULL for built-in overlays
 */
DinoscopePlugin *dinoscope_plugins_find (GType type);

#define DINOSCOPE_TYPE_PLUGIN_STATE (dinoscope_plugin_state_get_type ())
GType dinoscope_plugin_state_get_type (void);

G_END_DECLS
