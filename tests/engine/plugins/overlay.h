/* What the plug-ins of the tests share: an overlay OVERLAY_ID without
 * parameters, whose map is what overlay_compute() says. A plug-in defines
 * OVERLAY_ID before it includes this, and OVERLAY_TYPE, the prefix of its
 * functions. */
#pragma once

#include "engine/dinoscope.h"

typedef struct
{
  GObject parent_instance;
} TestOverlay;

typedef GObjectClass TestOverlayClass;

static DinoscopeMap *overlay_compute (DinoscopeFeatures *features, GVariant *parameters, GCancellable *cancellable, GError **error);

#ifndef OVERLAY_PARAMETERS
static GListModel *
overlay_parameters (DinoscopeModel *model)
{
  return G_LIST_MODEL (g_list_store_new (DINOSCOPE_TYPE_PARAMETER));
}
#else
static GListModel *overlay_parameters (DinoscopeModel *model);
#endif

static const char *
get_id (DinoscopeOverlayProvider *provider)
{
  return OVERLAY_ID;
}

static const char *
get_title (DinoscopeOverlayProvider *provider)
{
  return "Test: " OVERLAY_ID;
}

static GListModel *
list_parameters (DinoscopeOverlayProvider *provider, DinoscopeModel *model)
{
  return overlay_parameters (model);
}

static void
get_needs (DinoscopeOverlayProvider *provider, DinoscopeModel *model, GVariant *parameters, DinoscopeOverlayNeeds *needs)
{
#ifdef OVERLAY_BLOCK
  needs->last_block = OVERLAY_BLOCK;
#endif
}

static DinoscopeMap *
compute (DinoscopeOverlayProvider *provider, DinoscopeContext *context, GVariant *parameters, GCancellable *cancellable, DinoscopeOverlayProgress progress, gpointer progress_data, GError **error)
{
  if (progress != NULL)
    progress (0.5, progress_data);
  return overlay_compute (dinoscope_context_get_primary (context), parameters, cancellable, error);
}

static void
test_overlay_iface_init (gpointer g_iface, gpointer data)
{
  DinoscopeOverlayProviderInterface *iface = g_iface;

  iface->get_id = get_id;
  iface->get_title = get_title;
  iface->list_parameters = list_parameters;
  iface->get_needs = get_needs;
  iface->compute = compute;
}

static void
test_overlay_class_init (gpointer klass, gpointer data)
{
}

/* Named by the module, since names of types are the process'. */
static GType
test_overlay_get_type (void)
{
  static gsize type;

  if (g_once_init_enter (&type))
    {
      const GInterfaceInfo info = { test_overlay_iface_init, NULL, NULL };
      GType                made = g_type_register_static_simple (G_TYPE_OBJECT, OVERLAY_TYPE, sizeof (TestOverlayClass), test_overlay_class_init, sizeof (TestOverlay), NULL, 0);

      g_type_add_interface_static (made, DINOSCOPE_TYPE_OVERLAY_PROVIDER, &info);
      g_once_init_leave (&type, made);
    }
  return type;
}

/* A map of one value, channels a cell, over width x height cells. */
G_GNUC_UNUSED static DinoscopeMap *
new_filled_map (guint width, guint height, guint channels, float value, GError **error)
{
  gsize              n = (gsize) width * height * channels;
  float             *values = g_new (float, n);
  g_autoptr (GBytes) bytes = g_bytes_new_take (values, n * sizeof *values);

  for (gsize i = 0; i < n; i++)
    values[i] = value;
  return dinoscope_map_new_from_values (width, height, channels, bytes, error);
}
