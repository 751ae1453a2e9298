#include "app/dinoscope-region-numbers.h"

#include <glib/gi18n-lib.h>
#include <math.h>

#include "app/dinoscope-facts.h"

/* What is measured, taken from the main loop's objects. */
typedef struct
{
  struct dino_map     *map;
  GArray              *regions; /* of DinoscopeRegion, without labels */
  struct dino_picture *mask;
} Request;

static void
request_free (gpointer data)
{
  Request *request = data;

  dino_map_unref (request->map);
  dino_picture_unref (request->mask);
  g_array_unref (request->regions);
  g_free (request);
}

static void
clear_numbers (gpointer numbers)
{
  g_free (((DinoscopeRegionNumbers *) numbers)->problem);
}

static void
append (GArray *list, gboolean measured, const struct dino_region_result *result, const struct dino_error *error)
{
  DinoscopeRegionNumbers numbers = { .measured = measured, .problem = measured ? NULL : g_strdup (error->message) };

  if (measured)
    numbers.result = *result;
  g_array_append_val (list, numbers);
}

static void
measure_in_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  const Request *request = data;
  GArray        *list = g_array_new (FALSE, FALSE, sizeof (DinoscopeRegionNumbers));

  g_array_set_clear_func (list, clear_numbers);
  for (guint i = 0; i < request->regions->len; i++)
    {
      const DinoscopeRegion    *region = &g_array_index (request->regions, DinoscopeRegion, i);
      struct dino_region_result result;
      struct dino_error         error = { 0 };

      append (list, dino_region_shape (request->map, region->shape, region->box, &result, &error), &result, &error);
    }
  if (request->mask != NULL)
    {
      struct dino_region_result result;
      struct dino_error         error = { 0 };

      append (list, dino_region_mask (request->map, request->mask, &result, &error), &result, &error);
    }
  g_task_return_pointer (task, list, (GDestroyNotify) g_array_unref);
}

void
dinoscope_region_numbers_async (DinoscopeRegions *regions, DinoscopeMap *map, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (regions, cancellable, callback, user_data);
  Request          *request = g_new0 (Request, 1);

  request->map = dino_map_ref ((struct dino_map *) dinoscope_map_get_core (map));
  request->regions = g_array_new (FALSE, FALSE, sizeof (DinoscopeRegion));
  for (guint i = 0; i < dinoscope_regions_get_n (regions); i++)
    {
      DinoscopeRegion region = *dinoscope_regions_get (regions, i);

      region.label = NULL;
      g_array_append_val (request->regions, region);
    }
  if (dinoscope_regions_get_mask (regions) != NULL)
    request->mask = dino_picture_ref (dinoscope_regions_get_mask (regions));
  g_task_set_task_data (task, request, request_free);
  g_task_run_in_thread (task, measure_in_thread);
}

GArray *
dinoscope_region_numbers_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

char *
dinoscope_region_numbers_describe (const DinoscopeRegionNumbers *numbers)
{
  const struct dino_region_result *result = &numbers->result;
  g_autofree char                 *mean = NULL;
  g_autofree char                 *maximum = NULL;
  g_autofree char                 *share = NULL;
  const char                      *peak;

  if (!numbers->measured)
    return g_strdup (numbers->problem);
  mean = dinoscope_format_value (result->mean);
  maximum = dinoscope_format_value (result->maximum);
  share = isfinite (result->mass_share) ? g_strdup_printf (_ ("%.1f\u202f%% of the mass"), 100 * result->mass_share) : g_strdup (_ ("no share of a mass"));
  peak = result->peak_inside ? _ ("peak inside") : _ ("peak outside");
  return g_strdup_printf (_ ("mean %s, maximum %s\n%s, %s\n%.1f patches"), mean, maximum, share, peak, result->area);
}
