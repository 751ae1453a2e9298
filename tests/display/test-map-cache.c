/* Maps are found again by what they were made of, for as long as that is there. */
#include "app/dinoscope-map-cache.h"

#include "core/base/memory.h"
#include "engine/dinoscope-features-private.h"
#include "support.h"

typedef struct
{
  DinoscopeEngine          *engine;
  DinoscopeModel           *model;
  DinoscopeOverlayProvider *overlay, *other_overlay;
  DinoscopeMapCache        *cache;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autofree char   *path = g_build_filename (g_getenv ("DINOSCOPE_DATADIR"), "models", "demo", NULL);

  fixture->engine = dinoscope_engine_new (1, &error);
  g_assert_no_error (error);
  fixture->model = dinoscope_engine_load_model (fixture->engine, path, NULL, NULL, &error);
  g_assert_no_error (error);
  fixture->overlay = dinoscope_overlays_find ("cls-attention");
  fixture->other_overlay = dinoscope_overlays_find ("pca");
  fixture->cache = dinoscope_map_cache_new (4);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_assert_finalize_object (fixture->cache);
  g_clear_object (&fixture->overlay);
  g_clear_object (&fixture->other_overlay);
  g_clear_object (&fixture->model);
  dinoscope_engine_shutdown (fixture->engine);
  g_clear_object (&fixture->engine);
}

/* Features of a run without numbers, and a view on the same run. */
static DinoscopeFeatures *
wrap (Fixture *fixture, struct dino_features *core)
{
  const DinoscopeFeaturesOrigin origin = { .model = fixture->model, .preparation = "", .pixels_sha256 = "", .grey_sha256 = "" };

  g_assert_nonnull (core);
  return dinoscope_features_new (core, &origin);
}

static DinoscopeFeatures *
new_run (Fixture *fixture)
{
  return wrap (fixture, dino_features_new ((struct dino_model *) dinoscope_model_get_core (fixture->model), 2, 3, 0, NULL));
}

static DinoscopeFeatures *
view_run (Fixture *fixture, DinoscopeFeatures *features)
{
  return wrap (fixture, dino_features_snapshot (dinoscope_features_get_core (features), NULL));
}

static DinoscopeMap *
new_map (void)
{
  return dinoscope_map_new (dino_map_new (3, 2, 1, NULL));
}

static GVariant *
block (int index)
{
  return g_variant_new_parsed ("{'block': <%i>}", index);
}

/* Inserts a map of block index of features; returns it (not to be freed, for comparing only). */
static DinoscopeMap *
insert (Fixture *fixture, DinoscopeFeatures *features, int index)
{
  g_autoptr (DinoscopeContext) context = dinoscope_context_new (features, NULL, 0);
  g_autoptr (GVariant)         values = g_variant_ref_sink (block (index));
  g_autoptr (DinoscopeMap)     map = new_map ();

  dinoscope_map_cache_insert (fixture->cache, fixture->overlay, context, values, map);
  return map;
}

static gboolean
finds (Fixture *fixture, DinoscopeFeatures *features, int index, DinoscopeMap *expected)
{
  g_autoptr (DinoscopeContext) context = dinoscope_context_new (features, NULL, 0);
  g_autoptr (GVariant)         values = g_variant_ref_sink (block (index));
  g_autoptr (DinoscopeMap)     map = dinoscope_map_cache_lookup (fixture->cache, fixture->overlay, context, values);

  return map != NULL && (expected == NULL || map == expected);
}

static void
test_what_it_was_made_of (Fixture *fixture, gconstpointer data)
{
  g_autoptr (DinoscopeFeatures) features = new_run (fixture);
  g_autoptr (DinoscopeFeatures) others = new_run (fixture);
  DinoscopeFeatures *const      references[] = { others };
  g_autoptr (DinoscopeContext)  alone = dinoscope_context_new (features, NULL, 0);
  g_autoptr (DinoscopeContext)  compared = dinoscope_context_new (features, references, 1);
  g_autoptr (GVariant)          values = g_variant_ref_sink (block (0));
  DinoscopeMap                 *zero = insert (fixture, features, 0);
  DinoscopeMap                 *one = insert (fixture, features, 1);

  g_assert_true (finds (fixture, features, 0, zero));
  g_assert_true (finds (fixture, features, 1, one));
  g_assert_false (finds (fixture, features, 2, NULL));
  g_assert_false (finds (fixture, others, 0, NULL));
  g_assert_null (dinoscope_map_cache_lookup (fixture->cache, fixture->other_overlay, alone, values));
  g_assert_null (dinoscope_map_cache_lookup (fixture->cache, fixture->overlay, compared, values));

  zero = insert (fixture, features, 0);
  g_assert_cmpuint (dinoscope_map_cache_get_n_maps (fixture->cache), ==, 2);
  g_assert_true (finds (fixture, features, 0, zero));
}

static void
test_least_recently_used (Fixture *fixture, gconstpointer data)
{
  g_autoptr (DinoscopeFeatures) features = new_run (fixture);

  for (int i = 0; i < 4; i++)
    insert (fixture, features, i);
  g_assert_true (finds (fixture, features, 0, NULL));
  insert (fixture, features, 4);
  g_assert_cmpuint (dinoscope_map_cache_get_n_maps (fixture->cache), ==, 4);
  g_assert_true (finds (fixture, features, 0, NULL));
  g_assert_false (finds (fixture, features, 1, NULL));
}

static void
test_features_go_away (Fixture *fixture, gconstpointer data)
{
  g_autoptr (DinoscopeFeatures) features = new_run (fixture);
  g_autoptr (DinoscopeFeatures) others = new_run (fixture);
  DinoscopeFeatures *const      references[] = { others };
  g_autoptr (DinoscopeContext)  compared = dinoscope_context_new (features, references, 1);
  g_autoptr (DinoscopeMap)      map = new_map ();

  insert (fixture, features, 0);
  insert (fixture, others, 0);
  dinoscope_map_cache_insert (fixture->cache, fixture->overlay, compared, NULL, map);
  g_assert_cmpuint (dinoscope_map_cache_get_n_maps (fixture->cache), ==, 3);
  g_clear_object (&compared);
  g_assert_finalize_object (g_steal_pointer (&others));
  g_assert_cmpuint (dinoscope_map_cache_get_n_maps (fixture->cache), ==, 1);
  g_assert_finalize_object (g_steal_pointer (&features));
  g_assert_cmpuint (dinoscope_map_cache_get_n_maps (fixture->cache), ==, 0);
}

/* What was made of the blocks so far serves when all are there. */
static void
test_partial_features (Fixture *fixture, gconstpointer data)
{
  g_autoptr (DinoscopeFeatures) whole = new_run (fixture);
  g_autoptr (DinoscopeFeatures) partial = view_run (fixture, whole);
  DinoscopeMap                 *map = insert (fixture, partial, 0);

  dinoscope_map_cache_track (fixture->cache, whole);
  g_assert_finalize_object (g_steal_pointer (&partial));
  g_assert_true (finds (fixture, whole, 0, map));
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/map-cache/what-it-was-made-of", Fixture, NULL, set_up, test_what_it_was_made_of, tear_down);
  g_test_add ("/map-cache/least-recently-used", Fixture, NULL, set_up, test_least_recently_used, tear_down);
  g_test_add ("/map-cache/features-go-away", Fixture, NULL, set_up, test_features_go_away, tear_down);
  g_test_add ("/map-cache/partial-features", Fixture, NULL, set_up, test_partial_features, tear_down);
  return g_test_run ();
}
