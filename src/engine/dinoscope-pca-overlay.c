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

struct _DinoscopePcaOverlay
{
  GObject parent_instance;
};

static const char *
pca_overlay_get_id (DinoscopeOverlayProvider *provider)
{
  return "pca";
}

static const char *
pca_overlay_get_title (DinoscopeOverlayProvider *provider)
{
  return _ ("PCA");
}

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

static GListModel *
pca_overlay_list_parameters (DinoscopeOverlayProvider *provider, DinoscopeModel *model)
{
  GListStore                    *list = g_list_store_new (DINOSCOPE_TYPE_PARAMETER);
  g_autoptr (DinoscopeParameter) block = dinoscope_overlays_new_block_parameter (model);
  g_autoptr (DinoscopeParameter) component = new_component_parameter (model);
  g_autoptr (DinoscopeParameter) foreground = dinoscope_parameter_new_double ("foreground", _ ("Foreground above"), -MAX_FOREGROUND, MAX_FOREGROUND, 0.0);
  g_autoptr (DinoscopeParameter) basis = dinoscope_parameter_new_file ("basis", _ ("Basis"));
  g_autoptr (DinoscopeParameter) norm = dinoscope_parameter_new_bool ("norm", _ ("Final LayerNorm"), TRUE);

  dinoscope_parameter_set_optional (foreground, TRUE);
  g_list_store_append (list, block);
  g_list_store_append (list, component);
  g_list_store_append (list, foreground);
  g_list_store_append (list, basis);
  g_list_store_append (list, norm);
  return G_LIST_MODEL (list);
}

static void
pca_overlay_get_needs (DinoscopeOverlayProvider *provider, DinoscopeModel *model, GVariant *parameters, DinoscopeOverlayNeeds *needs)
{
  int      block = 0;
  gboolean norm = FALSE;

  g_variant_lookup (parameters, "block", "i", &block);
  g_variant_lookup (parameters, "norm", "b", &norm);
  /* The normalised tokens of the last block are the model's output, which is there even when no block was kept. */
  if (norm && block == (int) dinoscope_model_get_n_blocks (model) - 1)
    needs->output = TRUE;
  else
    needs->last_block = block;
}

static void
read_options (GVariant *parameters, struct dino_pca_options *options)
{
  const char *component = "rgb";
  gboolean    norm = TRUE;

  g_variant_lookup (parameters, "block", "i", &options->block);
  g_variant_lookup (parameters, "norm", "b", &norm);
  g_variant_lookup (parameters, "component", "&s", &component);
  options->norm = norm;
  options->component = strcmp (component, "rgb") == 0 ? DINO_PCA_RGB : (int) g_ascii_strtoll (component, NULL, 10);
  options->has_foreground = g_variant_lookup (parameters, "foreground", "d", &options->foreground);
}

static GVariant *
describe_basis (const struct dino_pca *pca, gboolean from_file, struct dino_error *failure)
{
  g_auto (GVariantBuilder) details = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE_VARDICT);
  char                     sha256[DINO_SHA256_LENGTH];

  if (!dino_pca_sha256 (pca, sha256, failure))
    return NULL;
  g_variant_builder_add (&details, "{sv}", "basis", g_variant_new_string (from_file ? "file" : "picture"));
  g_variant_builder_add (&details, "{sv}", "basis-sha256", g_variant_new_string (sha256));
  g_variant_builder_add (&details, "{sv}", "n-samples", g_variant_new_uint64 (pca->n_samples));
  g_variant_builder_add (&details, "{sv}", "variance-ratio",
                         g_variant_new_fixed_array (G_VARIANT_TYPE_DOUBLE, pca->variance_ratio, pca->n_components, sizeof (double)));
  return g_variant_builder_end (&details);
}

static DinoscopeMap *
compute_with_basis (DinoscopeFeatures *features, struct dino_pca_options *options, struct dino_error *failure)
{
  struct dino_pca *fitted = NULL;
  struct dino_map *core;
  GVariant        *details = NULL;
  DinoscopeMap    *map = NULL;

  core = dino_pca_map (dinoscope_features_get_core (features), dinoscope_features_get_geometry (features), options, &fitted, failure);
  if (core != NULL)
    {
      map = dinoscope_map_new (core);
      details = describe_basis (fitted, options->basis != NULL, failure);
      if (details != NULL)
        dinoscope_map_set_details (map, details);
      else
        g_clear_object (&map);
    }
  dino_pca_free (fitted);
  return map;
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
      map = compute_with_basis (dinoscope_context_get_primary (context), &options, &failure);
    }
  if (map == NULL)
    dinoscope_set_error (error, &failure, DINOSCOPE_ERROR_OVERLAY);
  dino_pca_free (basis);
  return map;
}

static void
provider_iface_init (DinoscopeOverlayProviderInterface *iface)
{
  iface->get_id = pca_overlay_get_id;
  iface->get_title = pca_overlay_get_title;
  iface->list_parameters = pca_overlay_list_parameters;
  iface->get_needs = pca_overlay_get_needs;
  iface->compute = pca_overlay_compute;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (DinoscopePcaOverlay, dinoscope_pca_overlay, G_TYPE_OBJECT, G_IMPLEMENT_INTERFACE (DINOSCOPE_TYPE_OVERLAY_PROVIDER, provider_iface_init))

static void
dinoscope_pca_overlay_class_init (DinoscopePcaOverlayClass *klass)
{
}

static void
dinoscope_pca_overlay_init (DinoscopePcaOverlay *self)
{
}
