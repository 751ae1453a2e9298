#include "engine/dinoscope-overlay-provider.h"

#include <math.h>

#include "core/base/text.h"
#include "engine/dinoscope-context-private.h"
#include "engine/dinoscope-error.h"
#include "engine/dinoscope-map-private.h"
#include "engine/dinoscope-plugin-private.h"

G_DEFINE_INTERFACE (DinoscopeOverlayProvider, dinoscope_overlay_provider, G_TYPE_OBJECT)

static DinoscopePlugin *
plugin_of (DinoscopeOverlayProvider *self)
{
  return dinoscope_plugins_find (G_OBJECT_TYPE (self));
}

static void
dinoscope_overlay_provider_default_init (DinoscopeOverlayProviderInterface *iface)
{
}

const char *
dinoscope_overlay_provider_get_id (DinoscopeOverlayProvider *self)
{
  g_return_val_if_fail (DINOSCOPE_IS_OVERLAY_PROVIDER (self), NULL);
  if (plugin_of (self) != NULL)
    return dinoscope_plugin_get_overlay_id (G_OBJECT_TYPE (self));
  return DINOSCOPE_OVERLAY_PROVIDER_GET_IFACE (self)->get_id (self);
}

const char *
dinoscope_overlay_provider_get_title (DinoscopeOverlayProvider *self)
{
  g_return_val_if_fail (DINOSCOPE_IS_OVERLAY_PROVIDER (self), NULL);
  if (plugin_of (self) != NULL)
    return dinoscope_plugin_get_overlay_title (G_OBJECT_TYPE (self));
  return DINOSCOPE_OVERLAY_PROVIDER_GET_IFACE (self)->get_title (self);
}

GListModel *
dinoscope_overlay_provider_list_parameters (DinoscopeOverlayProvider *self, DinoscopeModel *model)
{
  g_return_val_if_fail (DINOSCOPE_IS_OVERLAY_PROVIDER (self), NULL);
  g_return_val_if_fail (dinoscope_model_has_contents (model), NULL);
  if (plugin_of (self) != NULL)
    return dinoscope_plugin_list_parameters (plugin_of (self), self, model);
  return DINOSCOPE_OVERLAY_PROVIDER_GET_IFACE (self)->list_parameters (self, model);
}

void
dinoscope_overlay_provider_get_needs (DinoscopeOverlayProvider *self, DinoscopeModel *model, GVariant *parameters, DinoscopeOverlayNeeds *needs)
{
  g_return_if_fail (DINOSCOPE_IS_OVERLAY_PROVIDER (self));
  g_return_if_fail (dinoscope_model_has_contents (model));
  g_return_if_fail (needs != NULL);
  *needs = (DinoscopeOverlayNeeds){ .last_block = -1 };
  if (plugin_of (self) != NULL)
    dinoscope_plugin_get_needs (plugin_of (self), self, model, parameters, needs);
  else
    DINOSCOPE_OVERLAY_PROVIDER_GET_IFACE (self)->get_needs (self, model, parameters, needs);
}

static GVariant *
complete_parameters (DinoscopeOverlayProvider *self, DinoscopeModel *model, GVariant *parameters, GError **error)
{
  g_autoptr (GListModel) list = dinoscope_overlay_provider_list_parameters (self, model);

  return dinoscope_parameters_complete (list, parameters, error);
}

static gboolean
satisfied (const DinoscopeOverlayNeeds *needs, DinoscopeFeatures *features)
{
  if (needs->output && !dinoscope_features_is_complete (features))
    return FALSE;
  return needs->last_block < (int) dinoscope_features_get_blocks_done (features);
}

gboolean
dinoscope_overlay_provider_is_ready (DinoscopeOverlayProvider *self, DinoscopeFeatures *features, GVariant *parameters)
{
  g_autoptr (GVariant)  complete = NULL;
  DinoscopeOverlayNeeds needs;
  DinoscopeModel       *model;

  g_return_val_if_fail (DINOSCOPE_IS_OVERLAY_PROVIDER (self), FALSE);
  g_return_val_if_fail (dinoscope_features_has_contents (features), FALSE);

  model = dinoscope_features_get_model (features);
  complete = complete_parameters (self, model, parameters, NULL);
  if (complete == NULL)
    return FALSE;
  dinoscope_overlay_provider_get_needs (self, model, complete, &needs);
  return satisfied (&needs, features);
}

static gboolean
check_needs (DinoscopeOverlayProvider *self, DinoscopeContext *context, const DinoscopeOverlayNeeds *needs, GError **error)
{
  if (!satisfied (needs, dinoscope_context_get_primary (context)))
    {
      g_set_error (error, DINOSCOPE_ERROR, DINOSCOPE_ERROR_OVERLAY, _ ("The overlay “%s” needs blocks of the encoder that are not computed yet."),
                   dinoscope_overlay_provider_get_id (self));
      return FALSE;
    }
  if (dinoscope_context_get_n_references (context) < needs->n_references)
    {
      g_set_error (error, DINOSCOPE_ERROR, DINOSCOPE_ERROR_OVERLAY,
                   dngettext (DINO_GETTEXT_DOMAIN, "The overlay “%s” needs another picture: open one beside this one, or name it with --reference.",
                              "The overlay “%s” needs %u other pictures: open them beside this one, or name them with --reference.", needs->n_references),
                   dinoscope_overlay_provider_get_id (self), needs->n_references);
      return FALSE;
    }
  return TRUE;
}

/* Those that the overlay looked at are named. */
static void
name_references (DinoscopeMap *map, DinoscopeContext *context, const DinoscopeOverlayNeeds *needs)
{
  const guint n = needs->all_references ? dinoscope_context_get_n_references (context) : needs->n_references;

  for (guint i = dinoscope_map_get_n_references (map); i < n; i++)
    dinoscope_map_add_reference (map, dinoscope_context_get_reference (context, i));
}

/* Texts of a fixed size go to the screen and into files as they are. */
static gboolean
is_text (const char *text, gsize size)
{
  const char *end = memchr (text, '\0', size);

  return end != NULL && g_utf8_validate (text, end - text, NULL);
}

static gboolean
has_texts (const struct dino_map *map)
{
  for (gsize i = 0; i < G_N_ELEMENTS (map->component_names); i++)
    if (!is_text (map->component_names[i], sizeof map->component_names[i]))
      return FALSE;
  return is_text (map->unit, sizeof map->unit) && is_text (map->title, sizeof map->title) &&
         is_text (map->legend, sizeof map->legend) && is_text (map->colormap, sizeof map->colormap);
}

/* Tokens beside the map: what they are called and what they have. */
static gboolean
has_cells (const struct dino_map *map)
{
  if (map->n_cells < 0 || (map->n_cells > 0 && map->cells == NULL))
    return FALSE;
  for (int i = 0; i < map->n_cells; i++)
    if (!is_text (map->cells[i].label, sizeof map->cells[i].label) || !isfinite (map->cells[i].value))
      return FALSE;
  return TRUE;
}

/* Patches that it points at. */
static gboolean
has_marks (const struct dino_map *map)
{
  if (map->n_marks < 0 || (map->n_marks > 0 && map->marks == NULL))
    return FALSE;
  for (int i = 0; i < map->n_marks; i++)
    {
      const struct dino_map_mark *mark = &map->marks[i];

      if (mark->row < 0 || mark->column < 0 || mark->row >= map->height || mark->column >= map->width || !is_text (mark->label, sizeof mark->label))
        return FALSE;
    }
  return TRUE;
}

static gboolean
has_finite_values (const struct dino_map *map)
{
  gsize cells = (gsize) map->width * map->height;

  for (gsize i = 0; i < cells; i++)
    for (int c = 0; (map->valid == NULL || map->valid[i] != 0) && c < map->channels; c++)
      if (!isfinite (map->values[i * map->channels + c]))
        return FALSE;
  return TRUE;
}

static gboolean
has_range (const struct dino_map *map)
{
  if (map->channels == 1)
    return isfinite (map->low) && isfinite (map->high) && map->low <= map->high;
  for (int c = 0; c < 3; c++)
    if (!isfinite (map->low3[c]) || !isfinite (map->high3[c]) || map->low3[c] > map->high3[c])
      return FALSE;
  return TRUE;
}

static gboolean
has_place (const struct dino_map *map)
{
  const struct dino_box *box = &map->seen;

  return isfinite (box->x0) && isfinite (box->y0) && isfinite (box->x1) && isfinite (box->y1) && box->x0 < box->x1 && box->y0 < box->y1;
}

/* What is wrong with a map, NULL when nothing is. */
static const char *
find_fault (DinoscopeMap *object, DinoscopeFeatures *features)
{
  const struct dino_map *map = dinoscope_map_get_core (object);

  if (map->width != (int) dinoscope_features_get_columns (features) || map->height != (int) dinoscope_features_get_rows (features))
    return _ ("its size is not that of the patch grid");
  if (map->channels != 1 && map->channels != 3)
    return _ ("it has neither 1 nor 3 channels");
  if (map->values == NULL)
    return _ ("it has no values");
  if (!has_finite_values (map))
    return _ ("it has values that are not finite numbers");
  if (!has_range (map))
    return _ ("its range is not one");
  if (!has_place (map))
    return _ ("its place in the picture is not a rectangle");
  if (!has_texts (map))
    return _ ("its texts are not UTF-8");
  if (!has_cells (map))
    return _ ("the tokens beside it have no value or no name");
  if (!has_marks (map))
    return _ ("it marks patches that are not there");
  return NULL;
}

/* Our own errors and a cancelled run are told as they are, others by the
 * overlay's name, and those of a plug-in by its own. */
static void
propagate_failure (DinoscopeOverlayProvider *self, GError *failure, GError **error)
{
  if (plugin_of (self) != NULL)
    {
      dinoscope_plugin_propagate_failure (plugin_of (self), failure, error);
      return;
    }
  if (failure->domain == DINOSCOPE_ERROR || g_error_matches (failure, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      g_propagate_error (error, failure);
      return;
    }
  g_set_error (error, DINOSCOPE_ERROR, DINOSCOPE_ERROR_OVERLAY, _ ("The overlay “%s” failed: %s"), dinoscope_overlay_provider_get_id (self), failure->message);
  g_error_free (failure);
}

static void
set_fault (DinoscopeOverlayProvider *self, const char *fault, GError **error)
{
  g_autofree char *text = NULL;

  if (plugin_of (self) == NULL)
    {
      g_set_error (error, DINOSCOPE_ERROR, DINOSCOPE_ERROR_OVERLAY, _ ("The map of the overlay “%s” cannot be used: %s."), dinoscope_overlay_provider_get_id (self), fault);
      return;
    }
  text = g_strdup_printf (_ ("its map cannot be used, since %s"), fault);
  dinoscope_plugin_propagate_failure (plugin_of (self), g_error_new_literal (DINOSCOPE_ERROR, DINOSCOPE_ERROR_OVERLAY, text), error);
}

static DinoscopeMap *
ask (DinoscopeOverlayProvider *self, DinoscopeContext *context, GVariant *parameters, GCancellable *cancellable, DinoscopeOverlayProgress progress, gpointer progress_data, GError **error)
{
  if (plugin_of (self) != NULL)
    return dinoscope_plugin_compute (plugin_of (self), self, context, parameters, cancellable, progress, progress_data, error);
  return DINOSCOPE_OVERLAY_PROVIDER_GET_IFACE (self)->compute (self, context, parameters, cancellable, progress, progress_data, error);
}

DinoscopeMap *
dinoscope_overlay_provider_compute (DinoscopeOverlayProvider *self,
                                    DinoscopeContext         *context,
                                    GVariant                 *parameters,
                                    GCancellable             *cancellable,
                                    DinoscopeOverlayProgress  progress,
                                    gpointer                  progress_data,
                                    GError                  **error)
{
  g_autoptr (GVariant)     complete = NULL;
  g_autoptr (DinoscopeMap) map = NULL;
  GError                  *failure = NULL;
  DinoscopeFeatures       *features;
  const char              *fault;
  DinoscopeOverlayNeeds    needs;

  g_return_val_if_fail (DINOSCOPE_IS_OVERLAY_PROVIDER (self), NULL);
  g_return_val_if_fail (dinoscope_context_has_contents (context), NULL);

  features = dinoscope_context_get_primary (context);
  /* Before its parameters, which one that is off does not have any more. */
  if (plugin_of (self) != NULL && !dinoscope_plugin_check (plugin_of (self), error))
    return NULL;
  complete = complete_parameters (self, dinoscope_features_get_model (features), parameters, error);
  if (complete == NULL)
    return NULL;
  dinoscope_overlay_provider_get_needs (self, dinoscope_features_get_model (features), complete, &needs);
  if (!check_needs (self, context, &needs, error))
    return NULL;
  if (g_cancellable_set_error_if_cancelled (cancellable, error))
    return NULL;

  map = ask (self, context, complete, cancellable, progress, progress_data, &failure);
  if (g_cancellable_is_cancelled (cancellable))
    {
      g_clear_error (&failure);
      g_cancellable_set_error_if_cancelled (cancellable, error);
      return NULL;
    }
  if (failure != NULL)
    {
      propagate_failure (self, failure, error);
      return NULL;
    }
  fault = map == NULL ? _ ("it returned nothing and did not say why") : find_fault (map, features);
  if (fault != NULL)
    {
      set_fault (self, fault, error);
      return NULL;
    }
  dinoscope_map_seal (map);
  name_references (map, context, &needs);
  return g_steal_pointer (&map);
}
