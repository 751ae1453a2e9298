/* Describes two parameters of one name. */
#define OVERLAY_ID "bad-parameters"
#define OVERLAY_TYPE "TestBadParametersOverlay"
#define OVERLAY_PARAMETERS
#include "overlay.h"

static GListModel *
overlay_parameters (DinoscopeModel *model)
{
  GListStore                    *list = g_list_store_new (DINOSCOPE_TYPE_PARAMETER);
  g_autoptr (DinoscopeParameter) once = dinoscope_parameter_new_bool ("twice", "Twice", FALSE);

  g_list_store_append (list, once);
  g_list_store_append (list, once);
  return G_LIST_MODEL (list);
}

static DinoscopeMap *
overlay_compute (DinoscopeFeatures *features, GVariant *parameters, GCancellable *cancellable, GError **error)
{
  return new_filled_map (dinoscope_features_get_columns (features), dinoscope_features_get_rows (features), 1, 1, error);
}

DINOSCOPE_DEFINE_PLUGIN (test_overlay_get_type)
