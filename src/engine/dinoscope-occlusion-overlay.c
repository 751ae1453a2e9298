/* An occlusion sweep as an overlay, for the command line: the window runs the
 * same sweep as a job of its own, which shows what it has and can be stopped. */
#include "engine/dinoscope-context-private.h"
#include "engine/dinoscope-overlays-private.h"

#include "core/base/text.h"
#include "engine/dinoscope-error.h"
#include "engine/dinoscope-sweep.h"

static GListModel *
occlusion_overlay_list_parameters (DinoscopeOverlayProvider *provider, DinoscopeModel *model)
{
  return dinoscope_sweep_list_parameters (model);
}

static void
occlusion_overlay_get_needs (DinoscopeOverlayProvider *provider, DinoscopeModel *model, GVariant *parameters, DinoscopeOverlayNeeds *needs)
{
  needs->output = TRUE;
}

static DinoscopeMap *
occlusion_overlay_compute (DinoscopeOverlayProvider *provider,
                           DinoscopeContext         *context,
                           GVariant                 *parameters,
                           GCancellable             *cancellable,
                           DinoscopeOverlayProgress  progress,
                           gpointer                  progress_data,
                           GError                  **error)
{
  DinoscopeEngine           *engine = dinoscope_context_get_engine (context);
  DinoscopeStudy            *study = dinoscope_context_get_study (context);
  g_autoptr (DinoscopeSweep) sweep = NULL;

  if (engine == NULL || study == NULL)
    {
      g_set_error_literal (error, DINOSCOPE_ERROR, DINOSCOPE_ERROR_OVERLAY, _ ("An occlusion sweep encodes the picture many times; it is started under What If."));
      return NULL;
    }
  sweep = dinoscope_sweep_new (engine, study, dinoscope_context_get_primary (context), parameters, error);
  if (sweep == NULL || !dinoscope_sweep_run (sweep, cancellable, progress, progress_data, error))
    return NULL;
  return dinoscope_sweep_dup_map (sweep, NULL);
}

DINOSCOPE_DEFINE_OVERLAY (DinoscopeOcclusionOverlay, occlusion_overlay, DINOSCOPE_SWEEP_OVERLAY, _ ("Occlusion sweep"))
