/* repeat-engine WHAT N: does the same N times by the library, and tells what the
 * process holds of it. WHAT is "studies" (pictures opened, each fourth a DICOM file
 * by the process that reads them), "models", "features" (and a map of each) or
 * "engines". */
#include <stdlib.h>

#include "engine/dinoscope.h"
#include "ground.h"
#include "growth.h"

static struct ground ground;

static DinoscopeStudy *
open_picture (DinoscopeEngine *engine, const char *name)
{
  g_autofree char   *path = g_build_filename (ground.pictures, name, NULL);
  g_autoptr (GFile)  file = g_file_new_for_path (path);
  g_autoptr (GError) error = NULL;
  DinoscopeStudy    *study = dinoscope_engine_open (engine, file, NULL, FALSE, NULL, &error);

  g_assert_no_error (error);
  return study;
}

static DinoscopeModel *
load_model (DinoscopeEngine *engine)
{
  g_autofree char   *path = g_build_filename (g_getenv ("DINOSCOPE_TEST_DATA"), "golden", "checkpoint", "tiny-1", NULL);
  g_autoptr (GError) error = NULL;
  DinoscopeModel    *model = dinoscope_engine_load_model (engine, path, NULL, NULL, &error);

  g_assert_no_error (error);
  return model;
}

static void
use_study (DinoscopeEngine *engine, DinoscopeModel *model, guint round)
{
  static const char *const names[] = { "grey.png", "chest-01.png", "deep.png", "film.dcm" };

  g_object_unref (open_picture (engine, names[round % G_N_ELEMENTS (names)]));
}

static void
use_model (DinoscopeEngine *engine, DinoscopeModel *model, guint round)
{
  g_object_unref (load_model (engine));
}

static void
use_features (DinoscopeEngine *engine, DinoscopeModel *model, guint round)
{
  static const char *const             overlays[] = { "pca", "norm", "cls-attention", "similarity" };
  g_autoptr (DinoscopeStudy)           study = open_picture (engine, round % 2 == 0 ? "grey.png" : "chest-01.png");
  g_autoptr (GError)                   error = NULL;
  g_autoptr (DinoscopeFeatures)        features = dinoscope_engine_encode (engine, study, model, DINO_KEEP_HIDDEN_STATES | DINO_KEEP_CLS_ATTENTION, NULL, NULL, NULL, &error);
  g_autoptr (DinoscopeContext)         context = NULL;
  g_autoptr (DinoscopeOverlayProvider) provider = dinoscope_overlays_find (overlays[round % G_N_ELEMENTS (overlays)]);
  g_autoptr (DinoscopeMap)             map = NULL;

  g_assert_no_error (error);
  context = dinoscope_context_new (features, NULL, 0);
  map = dinoscope_engine_compute_map (engine, provider, context, NULL, NULL, &error);
  g_assert_no_error (error);
}

static void
use_engine (DinoscopeEngine *engine, DinoscopeModel *model, guint round)
{
  g_autoptr (GError)          error = NULL;
  g_autoptr (DinoscopeEngine) own = dinoscope_engine_new (2, &error);

  g_assert_no_error (error);
  g_object_unref (open_picture (own, "grey.png"));
  dinoscope_engine_shutdown (own);
}

static const struct
{
  const char *name;
  void (*use) (DinoscopeEngine *engine, DinoscopeModel *model, guint round);
} uses[] = { { "studies", use_study }, { "models", use_model }, { "features", use_features }, { "engines", use_engine } };

static gboolean
repeat (const char *what, guint rounds)
{
  g_autoptr (GError)          error = NULL;
  g_autoptr (DinoscopeEngine) engine = dinoscope_engine_new (2, &error);
  g_autoptr (DinoscopeModel)  model = NULL;
  struct growth               growth;
  gsize                       use = 0;

  g_assert_no_error (error);
  model = load_model (engine);
  while (!g_str_equal (uses[use].name, what))
    g_assert_cmpuint (++use, <, G_N_ELEMENTS (uses));
  growth_begin (&growth, what, rounds);
  for (guint round = 0; round < rounds; round++)
    {
      uses[use].use (engine, model, round);
      growth_note (&growth, round);
    }
  dinoscope_engine_shutdown (engine);
  return growth_end (&growth);
}

int
main (int argc, char *argv[])
{
  const guint rounds = argc == 3 ? (guint) atoi (argv[2]) : 0;
  gboolean    good;

  if (rounds == 0)
    {
      g_printerr ("Usage: %s studies|models|features|engines N\n", argv[0]);
      return 2;
    }
  ground_init (&ground);
  good = repeat (argv[1], rounds);
  ground_clear (&ground);
  return good ? 0 : 1;
}
