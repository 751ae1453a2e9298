/* An overlay as a plug-in: how far each patch is from the patches around it.
 * docs/plugins.md goes through this file step by step. */
#include <dinoscope.h>
#include <math.h>

/* 1. A type that implements the interface. It has no state of its own. */
#define EXAMPLE_TYPE_OVERLAY (example_overlay_get_type ())
G_DECLARE_FINAL_TYPE (ExampleOverlay, example_overlay, EXAMPLE, OVERLAY, GObject)

struct _ExampleOverlay
{
  GObject parent_instance;
};

/* 2. What it is called: on the command line and in files, and in the window. */
static const char *
get_id (DinoscopeOverlayProvider *provider)
{
  return "example";
}

static const char *
get_title (DinoscopeOverlayProvider *provider)
{
  return "Distance to neighbours";
}

/* 3. What a person can choose. Rows of the panel and --set are made of it. */
static GListModel *
list_parameters (DinoscopeOverlayProvider *provider, DinoscopeModel *model)
{
  int                            last = (int) dinoscope_model_get_n_blocks (model) - 1;
  GListStore                    *list = g_list_store_new (DINOSCOPE_TYPE_PARAMETER);
  g_autoptr (DinoscopeParameter) block = dinoscope_parameter_new_int ("block", "Block", 0, last, last);
  g_autoptr (DinoscopeParameter) reach = dinoscope_parameter_new_int ("reach", "Reach", 1, 8, 1);
  g_autoptr (DinoscopeParameter) squared = dinoscope_parameter_new_bool ("squared", "Squared", FALSE);

  g_list_store_append (list, block);
  g_list_store_append (list, reach);
  g_list_store_append (list, squared);
  return G_LIST_MODEL (list);
}

/* 4. What it needs of the encoder before it can be computed. */
static void
get_needs (DinoscopeOverlayProvider *provider, DinoscopeModel *model, GVariant *parameters, DinoscopeOverlayNeeds *needs)
{
  g_variant_lookup (parameters, "block", "i", &needs->last_block);
}

static double
squared_distance (const float *a, const float *b, guint channels)
{
  double sum = 0;

  for (guint c = 0; c < channels; c++)
    sum += ((double) a[c] - b[c]) * ((double) a[c] - b[c]);
  return sum;
}

/* The mean over the patches at most reach rows and columns away. */
static double
mean_distance (const float *patches, guint channels, int rows, int columns, int row, int column, int reach)
{
  double sum = 0;
  int    n = 0;

  for (int r = MAX (row - reach, 0); r <= MIN (row + reach, rows - 1); r++)
    for (int c = MAX (column - reach, 0); c <= MIN (column + reach, columns - 1); c++)
      if (r != row || c != column)
        {
          sum += squared_distance (patches + (gsize) (row * columns + column) * channels, patches + (gsize) (r * columns + c) * channels, channels);
          n++;
        }
  return n > 0 ? sum / n : 0;
}

/* 5. The map, on a thread of its own: no window, no waiting, an eye on cancel. */
static DinoscopeMap *
compute (DinoscopeOverlayProvider *provider, DinoscopeContext *context, GVariant *parameters, GCancellable *cancellable, DinoscopeOverlayProgress progress, gpointer progress_data, GError **error)
{
  DinoscopeFeatures *features = dinoscope_context_get_primary (context);
  const guint        channels = dinoscope_model_get_n_channels (dinoscope_features_get_model (features));
  const int          rows = (int) dinoscope_features_get_rows (features), columns = (int) dinoscope_features_get_columns (features);
  int                block = 0, reach = 1;
  gboolean           squared = FALSE;
  g_autoptr (GBytes) tokens = NULL;
  g_autoptr (GBytes) bytes = NULL;
  const float       *patches;
  float             *values;
  DinoscopeMap      *map;

  g_variant_lookup (parameters, "block", "i", &block);
  g_variant_lookup (parameters, "reach", "i", &reach);
  g_variant_lookup (parameters, "squared", "b", &squared);
  tokens = dinoscope_features_dup_tokens (features, (guint) block, TRUE, error);
  if (tokens == NULL)
    return NULL;
  patches = (const float *) g_bytes_get_data (tokens, NULL) + (gsize) dinoscope_features_get_first_patch (features) * channels;
  values = g_new (float, (gsize) rows *columns);
  bytes = g_bytes_new_take (values, (gsize) rows * columns * sizeof *values);
  for (int row = 0; row < rows; row++)
    {
      if (g_cancellable_set_error_if_cancelled (cancellable, error))
        return NULL;
      if (progress != NULL)
        progress ((double) row / rows, progress_data);
      for (int column = 0; column < columns; column++)
        {
          double distance = mean_distance (patches, channels, rows, columns, row, column, reach);

          values[row * columns + column] = (float) (squared ? distance : sqrt (distance));
        }
    }
  map = dinoscope_map_new_for_features (features, 1, bytes, error);
  if (map != NULL)
    dinoscope_map_set_texts (map, "Distance to neighbours", squared ? "Mean squared distance to the patches around." : "Root of the mean squared distance to the patches around.", "");
  return map;
}

static void
example_overlay_iface_init (DinoscopeOverlayProviderInterface *iface)
{
  iface->get_id = get_id;
  iface->get_title = get_title;
  iface->list_parameters = list_parameters;
  iface->get_needs = get_needs;
  iface->compute = compute;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (ExampleOverlay, example_overlay, G_TYPE_OBJECT, G_IMPLEMENT_INTERFACE (DINOSCOPE_TYPE_OVERLAY_PROVIDER, example_overlay_iface_init))

static void
example_overlay_class_init (ExampleOverlayClass *klass)
{
}

static void
example_overlay_init (ExampleOverlay *self)
{
}

/* 6. What the program calls when it loads the module. */
DINOSCOPE_DEFINE_PLUGIN (example_overlay_get_type)
