/* From a provider's arguments to what core's functions take, and from what they give to a provider's result. */
#include "engine/dinoscope-context-private.h"
#include "engine/dinoscope-error.h"
#include "engine/dinoscope-overlays-private.h"

static bool
report (void *data, int done, int total)
{
  DinoscopeOverlayWork *work = data;

  if (g_cancellable_is_cancelled (work->cancellable))
    return false;
  if (work->func != NULL && total > 0)
    work->func ((double) done / total, work->data);
  return true;
}

gboolean
dinoscope_overlay_work_init (DinoscopeOverlayWork *work, DinoscopeContext *context, GCancellable *cancellable, DinoscopeOverlayProgress progress, gpointer progress_data, struct dino_error *error)
{
  *work = (DinoscopeOverlayWork){ .cancellable = cancellable, .func = progress, .data = progress_data };
  work->progress.func = report;
  work->progress.data = work;
  work->team = dinoscope_context_get_team (context);
  if (work->team == NULL)
    work->team = work->own = dino_team_new (1, error);
  return work->team != NULL;
}

void
dinoscope_overlay_work_clear (DinoscopeOverlayWork *work)
{
  dino_team_free (work->own);
  work->own = NULL;
}

DinoscopeMap *
dinoscope_overlays_take_map (struct dino_map *core, const struct dino_error *failure, GError **error)
{
  if (core != NULL)
    return dinoscope_map_new (core);
  dinoscope_set_error (error, failure, DINOSCOPE_ERROR_OVERLAY);
  return NULL;
}
