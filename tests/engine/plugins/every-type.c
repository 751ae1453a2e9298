/* A sound plug-in with a parameter of every type: the map shows what it got, a cell each. */
#define OVERLAY_ID "every-type"
#define OVERLAY_TYPE "TestEveryTypeOverlay"
#define OVERLAY_PARAMETERS
#include "overlay.h"

static GListModel *
overlay_parameters (DinoscopeModel *model)
{
  const char *const              words[] = { "first", "second", NULL };
  const char *const              titles[] = { "The first", "The second", NULL };
  GListStore                    *list = g_list_store_new (DINOSCOPE_TYPE_PARAMETER);
  g_autoptr (DinoscopeParameter) flag = dinoscope_parameter_new_bool ("flag", "Flag", FALSE);
  g_autoptr (DinoscopeParameter) number = dinoscope_parameter_new_int ("number", "Number", -5, 500, 7);
  g_autoptr (DinoscopeParameter) level = dinoscope_parameter_new_double ("level", "Level", 0, 10, 2.5);
  g_autoptr (DinoscopeParameter) choice = dinoscope_parameter_new_enum ("choice", "Choice", words, titles, words[0]);
  g_autoptr (DinoscopeParameter) place = dinoscope_parameter_new_patch ("place", "Place");
  g_autoptr (DinoscopeParameter) pins = dinoscope_parameter_new_patches ("pins", "Pins");
  g_autoptr (DinoscopeParameter) file = dinoscope_parameter_new_file ("file", "File");

  g_list_store_append (list, flag);
  g_list_store_append (list, number);
  g_list_store_append (list, level);
  g_list_store_append (list, choice);
  g_list_store_append (list, place);
  g_list_store_append (list, pins);
  g_list_store_append (list, file);
  return G_LIST_MODEL (list);
}

static DinoscopeMap *
overlay_compute (DinoscopeFeatures *features, GVariant *parameters, GCancellable *cancellable, GError **error)
{
  const guint          width = dinoscope_features_get_columns (features), height = dinoscope_features_get_rows (features);
  DinoscopeMap        *map;
  float               *values = g_new0 (float, (gsize) width *height);
  g_autoptr (GBytes)   bytes = g_bytes_new_take (values, (gsize) width * height * sizeof *values);
  g_autoptr (GVariant) patches = g_variant_lookup_value (parameters, "pins", G_VARIANT_TYPE ("a(ii)"));
  gboolean             flag;
  int                  number, row, column;
  double               level;
  const char          *choice, *file;

  if (g_variant_lookup (parameters, "flag", "b", &flag))
    values[0] = flag;
  if (g_variant_lookup (parameters, "number", "i", &number))
    values[1] = number;
  if (g_variant_lookup (parameters, "level", "d", &level))
    values[2] = level;
  if (g_variant_lookup (parameters, "choice", "&s", &choice))
    values[3] = g_str_equal (choice, "second");
  if (g_variant_lookup (parameters, "place", "(ii)", &row, &column))
    values[4] = 100 * row + column;
  values[5] = patches != NULL ? g_variant_n_children (patches) : 0;
  if (g_variant_lookup (parameters, "file", "&s", &file))
    values[6] = strlen (file);
  map = dinoscope_map_new_for_features (features, 1, bytes, error);
  dinoscope_map_set_texts (map, "Every type", "What the parameters are.", "");
  return map;
}

DINOSCOPE_DEFINE_PLUGIN (test_overlay_get_type)
