/* Principal components of the patch tokens as an overlay. */
#include "engine/dinoscope-overlays-private.h"

#include "core/base/text.h"
#include "core/maps/token-maps.h"
#include "engine/dinoscope-context-private.h"
#include "engine/dinoscope-error.h"

/* Components that can be shown one by one. */
#define N_COMPONENTS 10

/* Beyond any projection of a normalised token. */
#define MAX_FOREGROUND 1000

static char *
component_title (guint index)
{
  return g_strdup_printf ("PC%u", index + 1);
}

static DinoscopeParameter *
new_component_parameter (DinoscopeModel *model)
{
  const char *const words[] = { "rgb", NULL };
  const char *const titles[] = { _ ("RGB (PC1 to PC3)") };
  guint             n = MIN (N_COMPONENTS, dinoscope_model_get_n_channels (model));

  return dinoscope_overlays_new_numbered_parameter ("component", _ ("Component"), words, titles, n, component_title);
}

static DinoscopeParameter *
new_fit_parameter (void)
{
  const char *const words[] = { "picture", "references", NULL };
  const char *const titles[] = { _ ("This picture"), _ ("All pictures compared"), NULL };

  return dinoscope_parameter_new_enum ("fit", _ ("Fitted on"), words, titles, words[0]);
}

static DinoscopeParameter *
new_side_parameter (void)
{
  const char *const words[] = { "above", "below", NULL };
  const char *const titles[] = { _ ("Above it"), _ ("Below it"), NULL };

  return dinoscope_parameter_new_enum ("foreground-side", _ ("Foreground is"), words, titles, words[0]);
}

/* In the order of enum dino_pca_order. */
static const char *const orders[] = { "rgb", "rbg", "grb", "gbr", "brg", "bgr", NULL };

static DinoscopeParameter *
new_order_parameter (void)
{
  const char *const titles[] = { _ ("Red, green, blue"), _ ("Red, blue, green"), _ ("Green, red, blue"), _ ("Green, blue, red"), _ ("Blue, red, green"), _ ("Blue, green, red"), NULL };

  return dinoscope_parameter_new_enum ("order", _ ("Colours of PC1 to PC3"), orders, titles, orders[0]);
}

static DinoscopeParameter *
new_scaling_parameter (void)
{
  const char *const words[] = { "minmax", "percentile", NULL };
  const char *const titles[] = { _ ("Smallest to largest"), _ ("1st to 99th percentile"), NULL };

  return dinoscope_parameter_new_enum ("scaling", _ ("Colours run from"), words, titles, words[0]);
}

static GListModel *
pca_overlay_list_parameters (DinoscopeOverlayProvider *provider, DinoscopeModel *model)
{
  GListStore         *list = g_list_store_new (DINOSCOPE_TYPE_PARAMETER);
  DinoscopeParameter *parameters[] = {
    dinoscope_overlays_new_block_parameter (model),
    new_component_parameter (model),
    dinoscope_parameter_new_double ("foreground", _ ("Foreground threshold"), -MAX_FOREGROUND, MAX_FOREGROUND, 0.0),
    new_side_parameter (),
    new_fit_parameter (),
    dinoscope_parameter_new_file ("basis", _ ("Basis")),
    dinoscope_parameter_new_bool ("norm", _ ("Final LayerNorm"), TRUE),
    dinoscope_parameter_new_bool ("flip1", _ ("Exchange the sign of PC1"), FALSE),
    dinoscope_parameter_new_bool ("flip2", _ ("Exchange the sign of PC2"), FALSE),
    dinoscope_parameter_new_bool ("flip3", _ ("Exchange the sign of PC3"), FALSE),
    new_order_parameter (),
    new_scaling_parameter (),
  };

  dinoscope_parameter_set_optional (parameters[2], TRUE);
  for (gsize i = 0; i < G_N_ELEMENTS (parameters); i++)
    {
      g_list_store_append (list, parameters[i]);
      g_object_unref (parameters[i]);
    }
  return G_LIST_MODEL (list);
}

/* A basis that is given is used as it is, whatever there is to fit on. */
static gboolean
fits_references (GVariant *parameters)
{
  return dinoscope_overlays_has_word (parameters, "fit", "references") && dinoscope_overlays_has_word (parameters, "basis", "");
}

static void
pca_overlay_get_needs (DinoscopeOverlayProvider *provider, DinoscopeModel *model, GVariant *parameters, DinoscopeOverlayNeeds *needs)
{
  dinoscope_overlays_need_tokens (model, parameters, TRUE, needs);
  needs->all_references = fits_references (parameters);
  needs->n_references = needs->all_references ? 1 : 0;
}

static void
read_options (GVariant *parameters, struct dino_pca_options *options)
{
  const char *component = "rgb", *order = orders[0];
  gboolean    norm = TRUE;

  g_variant_lookup (parameters, "block", "i", &options->block);
  g_variant_lookup (parameters, "norm", "b", &norm);
  g_variant_lookup (parameters, "component", "&s", &component);
  g_variant_lookup (parameters, "order", "&s", &order);
  options->norm = norm;
  options->component = strcmp (component, "rgb") == 0 ? DINO_PCA_RGB : (int) g_ascii_strtoll (component, NULL, 10);
  options->has_foreground = g_variant_lookup (parameters, "foreground", "d", &options->foreground);
  options->foreground_below = dinoscope_overlays_has_word (parameters, "foreground-side", "below");
  options->percentile = dinoscope_overlays_has_word (parameters, "scaling", "percentile");
  for (int i = 0; orders[i] != NULL; i++)
    if (strcmp (orders[i], order) == 0)
      options->order = (enum dino_pca_order) i;
  for (int i = 0; i < 3; i++)
    {
      const char name[] = { 'f', 'l', 'i', 'p', (char) ('1' + i), '\0' };
      gboolean   flip = FALSE;

      g_variant_lookup (parameters, name, "b", &flip);
      options->flip[i] = flip;
    }
}

static void
add_foreground (GVariantBuilder *details, const struct dino_pca_options *options, const struct dino_pca_facts *facts)
{
  g_variant_builder_add (details, "{sv}", "n-patches", g_variant_new_uint64 (facts->n_patches));
  if (options->has_foreground)
    {
      g_variant_builder_add (details, "{sv}", "foreground", g_variant_new_double (options->foreground));
      g_variant_builder_add (details, "{sv}", "foreground-side", g_variant_new_string (options->foreground_below ? "below" : "above"));
      g_variant_builder_add (details, "{sv}", "n-inside", g_variant_new_uint64 (facts->n_inside));
    }
  g_variant_builder_add (details, "{sv}", "histogram-low", g_variant_new_double (facts->low));
  g_variant_builder_add (details, "{sv}", "histogram-high", g_variant_new_double (facts->high));
  g_variant_builder_add (details, "{sv}", "histogram", g_variant_new_fixed_array (G_VARIANT_TYPE_UINT32, facts->histogram, DINO_PCA_BINS, sizeof (guint32)));
}

static GVariant *
describe_basis (const struct dino_pca *pca, const struct dino_pca_options *options, const struct dino_pca_facts *facts, struct dino_error *failure)
{
  g_auto (GVariantBuilder) details = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE_VARDICT);
  const char              *fitted_on = facts->n_pictures > 1 ? "pictures" : "picture";
  char                     sha256[DINO_SHA256_LENGTH];

  if (!dino_pca_sha256 (pca, sha256, failure))
    return NULL;
  g_variant_builder_add (&details, "{sv}", "basis", g_variant_new_string (options->basis != NULL ? "file" : fitted_on));
  g_variant_builder_add (&details, "{sv}", "basis-sha256", g_variant_new_string (sha256));
  if (options->basis == NULL)
    g_variant_builder_add (&details, "{sv}", "n-pictures", g_variant_new_uint64 (facts->n_pictures));
  g_variant_builder_add (&details, "{sv}", "n-samples", g_variant_new_uint64 (pca->n_samples));
  g_variant_builder_add (&details, "{sv}", "variance-ratio",
                         g_variant_new_fixed_array (G_VARIANT_TYPE_DOUBLE, pca->variance_ratio, pca->n_components, sizeof (double)));
  g_variant_builder_add (&details, "{sv}", "scaling", g_variant_new_string (options->percentile ? "percentile" : "minmax"));
  add_foreground (&details, options, facts);
  return g_variant_builder_end (&details);
}

static DinoscopeMap *
compute_with_basis (DinoscopeFeatures *features, struct dino_pca_options *options, struct dino_error *failure)
{
  struct dino_pca_facts facts;
  struct dino_pca      *fitted = NULL;
  struct dino_map      *core;
  GVariant             *details = NULL;
  DinoscopeMap         *map = NULL;

  core = dino_pca_map (dinoscope_features_get_core (features), dinoscope_features_get_geometry (features), options, &fitted, &facts, failure);
  if (core != NULL)
    {
      map = dinoscope_map_new (core);
      details = describe_basis (fitted, options, &facts, failure);
      if (details != NULL)
        dinoscope_map_set_details (map, details);
      else
        g_clear_object (&map);
    }
  dino_pca_free (fitted);
  return map;
}

/* By what a picture is, so that the order is the same whichever is the map's own. */
static int
compare_features (gconstpointer a, gconstpointer b)
{
  DinoscopeFeatures *one = *(DinoscopeFeatures *const *) a, *other = *(DinoscopeFeatures *const *) b;
  int                order = strcmp (dinoscope_features_get_pixels_sha256 (one), dinoscope_features_get_pixels_sha256 (other));

  if (order == 0)
    order = strcmp (dinoscope_features_get_grey_sha256 (one), dinoscope_features_get_grey_sha256 (other));
  return order != 0 ? order : strcmp (dinoscope_features_get_preparation (one), dinoscope_features_get_preparation (other));
}

static gboolean
has_equal (const GPtrArray *list, DinoscopeFeatures *features)
{
  for (guint i = 0; i < list->len; i++)
    if (compare_features (&list->pdata[i], &features) == 0)
      return TRUE;
  return FALSE;
}

/* All pictures of the context, each once, in the order of their pixels;
 * (element-type dino_features). NULL when another model has seen one. */
static GPtrArray *
list_pictures (DinoscopeContext *context, struct dino_error *failure)
{
  DinoscopeFeatures    *primary = dinoscope_context_get_primary (context);
  g_autoptr (GPtrArray) list = g_ptr_array_new ();

  g_ptr_array_add (list, primary);
  for (guint i = 0; i < dinoscope_context_get_n_references (context); i++)
    {
      DinoscopeFeatures *reference = dinoscope_context_get_reference (context, i);

      if (dinoscope_features_get_model (reference) != dinoscope_features_get_model (primary))
        {
          dino_error_set (failure, DINO_CODE_ARGUMENT, _ ("Tokens of two encoders have no principal components together; fit on this picture."));
          return NULL;
        }
      if (!has_equal (list, reference))
        g_ptr_array_add (list, reference);
    }
  g_ptr_array_sort (list, compare_features);
  for (guint i = 0; i < list->len; i++)
    list->pdata[i] = (gpointer) dinoscope_features_get_core (list->pdata[i]);
  return g_steal_pointer (&list);
}

static DinoscopeMap *
compute_fitted (DinoscopeContext *context, GVariant *parameters, struct dino_pca_options *options, struct dino_error *failure)
{
  g_autoptr (GPtrArray) pictures = NULL;

  if (fits_references (parameters))
    {
      pictures = list_pictures (context, failure);
      if (pictures == NULL)
        return NULL;
      options->pictures = (const struct dino_features *const *) pictures->pdata;
      options->n_pictures = pictures->len;
    }
  return compute_with_basis (dinoscope_context_get_primary (context), options, failure);
}

static DinoscopeMap *
pca_overlay_compute (DinoscopeOverlayProvider *provider,
                     DinoscopeContext         *context,
                     GVariant                 *parameters,
                     GCancellable             *cancellable,
                     DinoscopeOverlayProgress  progress,
                     gpointer                  progress_data,
                     GError                  **error)
{
  struct dino_pca_options options = { 0 };
  struct dino_error       failure = { 0 };
  struct dino_pca        *basis = NULL;
  const char             *path = "";
  DinoscopeMap           *map = NULL;

  read_options (parameters, &options);
  options.team = dinoscope_context_get_team (context);
  g_variant_lookup (parameters, "basis", "&s", &path);
  if (*path != '\0')
    basis = dino_pca_read (path, &failure);
  if (failure.code == DINO_CODE_NONE)
    {
      options.basis = basis;
      map = compute_fitted (context, parameters, &options, &failure);
    }
  if (map == NULL)
    dinoscope_set_error (error, &failure, DINOSCOPE_ERROR_OVERLAY);
  dino_pca_free (basis);
  return map;
}

DINOSCOPE_DEFINE_OVERLAY (DinoscopePcaOverlay, pca_overlay, "pca", _ ("PCA"))
