/* A race that is there on purpose, between the main thread and an overlay on
 * the engine's thread: what looks for races has to find it (tools/full/races.sh). */
#include "engine-support.h"
#include "scripted-overlay.h"

static int shared;

static DinoscopeMap *
touch (DinoscopeContext *context, GVariant *parameters, GCancellable *cancellable, gpointer data, GError **error)
{
  shared++;
  return scripted_map (context);
}

int
main (void)
{
  g_autoptr (DinoscopeEngine)          engine = dinoscope_engine_new (2, NULL);
  g_autoptr (DinoscopeModel)           model = support_load_checkpoint (engine, "tiny-1");
  g_autoptr (DinoscopeStudy)           study = support_open_formula (engine, 91, 70);
  g_autoptr (DinoscopeFeatures)        features = dinoscope_engine_encode (engine, study, model, DINO_KEEP_OUTPUT, NULL, NULL, NULL, NULL);
  g_autoptr (DinoscopeContext)         context = dinoscope_context_new (features, NULL, 0);
  g_autoptr (DinoscopeOverlayProvider) provider = scripted_overlay_new (touch, NULL);
  g_auto (SupportReply)                reply = { 0 };

  dinoscope_engine_compute_map_async (engine, provider, context, NULL, NULL, support_reply_cb, &reply);
  shared++;
  support_wait (&reply);
  dinoscope_engine_shutdown (engine);
  return 0;
}
