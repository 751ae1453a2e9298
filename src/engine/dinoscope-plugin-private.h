#pragma once

#include "engine/dinoscope-overlay-provider.h"
#include "engine/dinoscope-plugin.h"

G_BEGIN_DECLS

/* Opens the module at path; what is wrong is the state of what is returned. */
DinoscopePlugin *dinoscope_plugin_new (const char *path);

/* Types whose overlays are to be registered (element-type GType), in their
 * order; NULL once it was refused. */
GArray *dinoscope_plugin_get_types (DinoscopePlugin *self);

/* The id and title that an overlay of a plug-in had when it was loaded. */
const char *dinoscope_plugin_get_overlay_id (GType type);
const char *dinoscope_plugin_get_overlay_title (GType type);

/* Changes the state of a plug-in in use; later calls change nothing. reason is
 * the end of a sentence, its full stop may be missing. Any thread. */
void dinoscope_plugin_switch_off (DinoscopePlugin *self, DinoscopePluginState state, const char *reason);

/* TRUE when in use, else error tells why not. */
gboolean dinoscope_plugin_check (DinoscopePlugin *self, GError **error);

/* What a provider of a plug-in is asked, with what it answers checked: it never
 * gives what others could trip over, and is switched off when it would have. */
GListModel *dinoscope_plugin_list_parameters (DinoscopePlugin *self, DinoscopeOverlayProvider *provider, DinoscopeModel *model);
void        dinoscope_plugin_get_needs (DinoscopePlugin *self, DinoscopeOverlayProvider *provider, DinoscopeModel *model, GVariant *parameters, DinoscopeOverlayNeeds *needs);

/* compute() on a thread of its own, waited for. When it was cancelled and goes
 * on all the same for 10 s ($DINOSCOPE_PLUGIN_PATIENCE, milliseconds), the
 * thread is left behind with all that it uses, and the plug-in is not called
 * again. */
DinoscopeMap *dinoscope_plugin_compute (DinoscopePlugin          *self,
                                        DinoscopeOverlayProvider *provider,
                                        DinoscopeContext         *context,
                                        GVariant                 *parameters,
                                        GCancellable             *cancellable,
                                        DinoscopeOverlayProgress  progress,
                                        gpointer                  progress_data,
                                        GError                  **error);

/* Turns what compute() failed with into what a person is told. The plug-in is
 * switched off, unless it found fault with a value that the person gave, or
 * memory could not be had. Takes failure. */
void dinoscope_plugin_propagate_failure (DinoscopePlugin *self, GError *failure, GError **error);

/* Loads what is found on the way (plugins-scan). Called once. */
void dinoscope_plugins_scan (GListStore *plugins);

G_END_DECLS
