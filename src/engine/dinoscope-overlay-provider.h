#pragma once

#include <gio/gio.h>

#include "dinoscope-context.h"
#include "dinoscope-map.h"
#include "dinoscope-parameter.h"

G_BEGIN_DECLS

/* The name carries the version of the interface. */
#define DINOSCOPE_OVERLAY_PROVIDER_EXTENSION_POINT "dinoscope-overlay-provider-1"

/* What an overlay needs before it can be computed. */
typedef struct
{
  int      last_block;     /* features up to this block (0 …), -1: none */
  gboolean output;         /* the complete output */
  guint    n_references;   /* reference features, at least */
  gboolean all_references; /* those and any more that there are */
} DinoscopeOverlayNeeds;

/* done is 0 … 1. */
typedef void (*DinoscopeOverlayProgress) (double done, gpointer user_data);

#define DINOSCOPE_TYPE_OVERLAY_PROVIDER (dinoscope_overlay_provider_get_type ())
G_DECLARE_INTERFACE (DinoscopeOverlayProvider, dinoscope_overlay_provider, DINOSCOPE, OVERLAY_PROVIDER, GObject)

struct _DinoscopeOverlayProviderInterface
{
  GTypeInterface parent_iface;

  const char *(*get_id) (DinoscopeOverlayProvider *self);
  const char *(*get_title) (DinoscopeOverlayProvider *self);

  /* Descriptions for a model: a GListModel of DinoscopeParameter (transfer full). */
  GListModel *(*list_parameters) (DinoscopeOverlayProvider *self, DinoscopeModel *model);

  void (*get_needs) (DinoscopeOverlayProvider *self, DinoscopeModel *model, GVariant *parameters, DinoscopeOverlayNeeds *needs);

  /* On the map thread; must not touch a window. parameters is complete and checked. (transfer full) */
  DinoscopeMap *(*compute) (DinoscopeOverlayProvider *self,
                            DinoscopeContext         *context,
                            GVariant                 *parameters,
                            GCancellable             *cancellable,
                            DinoscopeOverlayProgress  progress,
                            gpointer                  progress_data,
                            GError                  **error);
};

const char *dinoscope_overlay_provider_get_id (DinoscopeOverlayProvider *self);
const char *dinoscope_overlay_provider_get_title (DinoscopeOverlayProvider *self);
GListModel *dinoscope_overlay_provider_list_parameters (DinoscopeOverlayProvider *self, DinoscopeModel *model);
void        dinoscope_overlay_provider_get_needs (DinoscopeOverlayProvider *self, DinoscopeModel *model, GVariant *parameters, DinoscopeOverlayNeeds *needs);

/* TRUE when features hold all that the overlay needs. */
gboolean dinoscope_overlay_provider_is_ready (DinoscopeOverlayProvider *self, DinoscopeFeatures *features, GVariant *parameters);

/* Completes and checks parameters, asks the provider, and checks what it
 * returns: sizes, a grid that fits, finite valid values. Blocking. */
DinoscopeMap *dinoscope_overlay_provider_compute (DinoscopeOverlayProvider *self,
                                                  DinoscopeContext         *context,
                                                  GVariant                 *parameters,
                                                  GCancellable             *cancellable,
                                                  DinoscopeOverlayProgress  progress,
                                                  gpointer                  progress_data,
                                                  GError                  **error);

G_END_DECLS
