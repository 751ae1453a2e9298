#pragma once

#include <gio/gio.h>

#include "dinoscope-context.h"
#include "dinoscope-map.h"
#include "dinoscope-parameter.h"

G_BEGIN_DECLS

/**
 * DINOSCOPE_OVERLAY_PROVIDER_EXTENSION_POINT:
 *
 * The extension point of overlays. The name carries the version of the interface.
 */
#define DINOSCOPE_OVERLAY_PROVIDER_EXTENSION_POINT "dinoscope-overlay-provider-1"

/**
 * DinoscopeOverlayNeeds:
 * @last_block: features up to this block (0 …); -1: none
 * @output: the complete output
 * @n_references: reference features, at least
 * @all_references: those and any more that there are
 *
 * What an overlay needs before it can be computed.
 */
typedef struct
{
  int      last_block;
  gboolean output;
  guint    n_references;
  gboolean all_references;
} DinoscopeOverlayNeeds;

/**
 * DinoscopeOverlayProgress:
 * @done: 0 … 1
 * @user_data: what was given with the function
 *
 * Told how far a map is.
 */
typedef void (*DinoscopeOverlayProgress) (double done, gpointer user_data);

#define DINOSCOPE_TYPE_OVERLAY_PROVIDER (dinoscope_overlay_provider_get_type ())
G_DECLARE_INTERFACE (DinoscopeOverlayProvider, dinoscope_overlay_provider, DINOSCOPE, OVERLAY_PROVIDER, GObject)

/**
 * DinoscopeOverlayProvider:
 *
 * Makes maps from features and parameters: the built-in overlays, and those of
 * plug-ins.
 */

/**
 * DinoscopeOverlayProviderInterface:
 * @parent_iface: the parent
 * @get_id: what it is called on the command line and in files
 * @get_title: what it is called for people
 * @list_parameters: descriptions for a model: a [iface@Gio.ListModel] of
 *   [class@Dinoscope.Parameter] (transfer full)
 * @get_needs: what has to be there first
 * @compute: makes the map; on the map thread, must not touch a window.
 *   parameters is complete and checked. (transfer full)
 *
 * What an overlay has to have.
 */
struct _DinoscopeOverlayProviderInterface
{
  GTypeInterface parent_iface;

  const char *(*get_id) (DinoscopeOverlayProvider *self);
  const char *(*get_title) (DinoscopeOverlayProvider *self);

  GListModel *(*list_parameters) (DinoscopeOverlayProvider *self, DinoscopeModel *model);

  void (*get_needs) (DinoscopeOverlayProvider *self, DinoscopeModel *model, GVariant *parameters, DinoscopeOverlayNeeds *needs);

  DinoscopeMap *(*compute) (DinoscopeOverlayProvider *self,
                            DinoscopeContext         *context,
                            GVariant                 *parameters,
                            GCancellable             *cancellable,
                            DinoscopeOverlayProgress  progress,
                            gpointer                  progress_data,
                            GError                  **error);
};

/**
 * dinoscope_overlay_provider_get_id:
 * @self: an overlay
 *
 * Gets what it is called on the command line and in files.
 *
 * Returns: (transfer none): "cls-attention"
 */
const char *dinoscope_overlay_provider_get_id (DinoscopeOverlayProvider *self);

/**
 * dinoscope_overlay_provider_get_title:
 * @self: an overlay
 *
 * Gets what it is called for people, translated.
 *
 * Returns: (transfer none): the title
 */
const char *dinoscope_overlay_provider_get_title (DinoscopeOverlayProvider *self);

/**
 * dinoscope_overlay_provider_list_parameters:
 * @self: an overlay
 * @model: the encoder that it is for
 *
 * Lists what can be chosen.
 *
 * Returns: (transfer full): a list of [class@Dinoscope.Parameter]
 */
GListModel *dinoscope_overlay_provider_list_parameters (DinoscopeOverlayProvider *self, DinoscopeModel *model);

/**
 * dinoscope_overlay_provider_get_needs:
 * @self: an overlay
 * @model: the encoder that it is for
 * @parameters: a{sv}, complete ([func@Dinoscope.parameters_complete])
 * @needs: (out caller-allocates): what has to be there
 *
 * Says what has to be there before it can be computed.
 */
void dinoscope_overlay_provider_get_needs (DinoscopeOverlayProvider *self, DinoscopeModel *model, GVariant *parameters, DinoscopeOverlayNeeds *needs);

/**
 * dinoscope_overlay_provider_is_ready:
 * @self: an overlay
 * @features: the picture's features
 * @parameters: (nullable): a{sv}; what is not in it has its default
 *
 * Tells whether features hold all that the overlay needs.
 *
 * Returns: %TRUE when they do
 */
gboolean dinoscope_overlay_provider_is_ready (DinoscopeOverlayProvider *self, DinoscopeFeatures *features, GVariant *parameters);

/**
 * dinoscope_overlay_provider_compute:
 * @self: an overlay
 * @context: what it looks at
 * @parameters: (nullable): a{sv}; what is not in it has its default
 * @cancellable: (nullable): to give up
 * @progress: (nullable) (scope call) (closure progress_data): told from time to time
 * @progress_data: for @progress
 * @error: return location for an error
 *
 * Completes and checks parameters, asks the provider, and checks sizes, grid and
 * values of the map that it makes. Blocks, on one thread;
 * [method@Dinoscope.Engine.compute_map] has more.
 *
 * Returns: (transfer full): the map, or %NULL with @error set
 */
DinoscopeMap *dinoscope_overlay_provider_compute (DinoscopeOverlayProvider *self,
                                                  DinoscopeContext         *context,
                                                  GVariant                 *parameters,
                                                  GCancellable             *cancellable,
                                                  DinoscopeOverlayProgress  progress,
                                                  gpointer                  progress_data,
                                                  GError                  **error);

G_END_DECLS
