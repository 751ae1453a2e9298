/* Covered copies and sweeps: each place as if it were encoded on its own. */
#include "engine-support.h"

#include <math.h>
#include <string.h>

#include "engine/dinoscope-study-private.h"

typedef struct
{
  DinoscopeEngine   *engine;
  DinoscopeModel    *model;
  DinoscopeStudy    *study;
  DinoscopeFeatures *before;
  guint              n_changed;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  fixture->engine = dinoscope_engine_new (2, &error);
  g_assert_no_error (error);
  fixture->model = support_load_checkpoint (fixture->engine, "tiny-1");
  fixture->study = dinoscope_study_new (support_deep_picture (70, 60), NULL, "deep", NULL, FALSE, NULL, &error);
  g_assert_no_error (error);
  fixture->before = dinoscope_engine_encode (fixture->engine, fixture->study, fixture->model, DINO_KEEP_OUTPUT, NULL, NULL, NULL, &error);
  g_assert_no_error (error);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_object_unref (fixture->before);
  g_object_unref (fixture->study);
  g_object_unref (fixture->model);
  dinoscope_engine_shutdown (fixture->engine);
  g_object_unref (fixture->engine);
}

static GVariant *
parse (const char *text)
{
  return g_variant_new_parsed (text);
}

/* 1 - cosine of a token of two outputs, in plain double loops. */
static double
change_of (DinoscopeFeatures *before, DinoscopeFeatures *after, int patch)
{
  g_autoptr (GBytes) one = patch < 0 ? dinoscope_features_dup_cls (before) : dinoscope_features_dup_patches (before);
  g_autoptr (GBytes) other = patch < 0 ? dinoscope_features_dup_cls (after) : dinoscope_features_dup_patches (after);
  g_autoptr (GBytes) cls = dinoscope_features_dup_cls (before);
  gsize              n = g_bytes_get_size (cls) / sizeof (float);
  const float       *a = (const float *) g_bytes_get_data (one, NULL) + MAX (patch, 0) * n;
  const float       *b = (const float *) g_bytes_get_data (other, NULL) + MAX (patch, 0) * n;
  double             ab = 0, aa = 0, bb = 0;

  for (gsize i = 0; i < n; i++)
    {
      ab += (double) a[i] * b[i];
      aa += (double) a[i] * a[i];
      bb += (double) b[i] * b[i];
    }
  return 1 - ab / sqrt (aa * bb);
}

static struct dino_box
place_box (DinoscopeFeatures *features, int row, int column, int rows, int columns)
{
  struct dino_box box;
  double          x0, y0, x1, y1;

  dinoscope_features_patch_box (features, (guint) row, (guint) column, &box.x0, &box.y0, &x1, &y1);
  dinoscope_features_patch_box (features, (guint) (row + rows - 1), (guint) (column + columns - 1), &x0, &y0, &box.x1, &box.y1);
  return box;
}

static void
check_sweep (Fixture *fixture, const char *parameters, const struct dino_occlusion *occlusion, gboolean mirrored, int patch)
{
  g_autoptr (GError)         error = NULL;
  g_autoptr (DinoscopeSweep) sweep = dinoscope_sweep_new (fixture->engine, fixture->study, fixture->before, parse (parameters), &error);
  g_autoptr (DinoscopeMap)   map = NULL;
  int                        width = (int) dinoscope_features_get_columns (fixture->before), height = (int) dinoscope_features_get_rows (fixture->before);
  g_autofree double         *sums = g_new0 (double, width *height);
  g_autofree int            *counts = g_new0 (int, width *height);

  g_assert_no_error (error);
  g_assert_cmpuint (dinoscope_sweep_estimate_memory (sweep, NULL), >, 70 * 60 * 2);
  g_assert_null (dinoscope_sweep_dup_map (sweep, NULL));
  g_assert_true (dinoscope_sweep_run (sweep, NULL, NULL, NULL, &error));
  g_assert_no_error (error);
  for (guint place = 0; place < dinoscope_sweep_get_n_places (sweep); place++)
    {
      g_autoptr (DinoscopeStudy)    copy = NULL;
      g_autoptr (DinoscopeFeatures) after = NULL;
      struct dino_occlusion         used = *occlusion;
      int                           row, column, rows, columns;
      struct dino_box               box;

      dinoscope_sweep_get_place (sweep, place, &row, &column, &rows, &columns);
      box = place_box (fixture->before, row, column, rows, columns);
      if (mirrored)
        used = dino_occlusion_from_other_side (dinoscope_study_get_picture (fixture->study), dino_pixel_box_of (dinoscope_study_get_picture (fixture->study), box));
      copy = dinoscope_study_new_occluded (fixture->study, box, &used, NULL, &error);
      g_assert_no_error (error);
      after = dinoscope_engine_encode (fixture->engine, copy, fixture->model, DINO_KEEP_OUTPUT, NULL, NULL, NULL, &error);
      g_assert_no_error (error);
      g_assert_cmpfloat_with_epsilon (dinoscope_sweep_get_value (sweep, place), change_of (fixture->before, after, patch), 1e-12);
      for (int i = row; i < row + rows; i++)
        for (int j = column; j < column + columns; j++)
          {
            sums[i * width + j] += change_of (fixture->before, after, patch);
            counts[i * width + j]++;
          }
    }
  map = dinoscope_sweep_dup_map (sweep, NULL);
  for (int i = 0; i < width * height; i++)
    {
      g_assert_cmpint (counts[i], >, 0);
      g_assert_true (dinoscope_map_get_core (map)->valid[i]);
      g_assert_cmpfloat_with_epsilon (dinoscope_map_get_core (map)->values[i], sums[i] / counts[i], 1e-6);
    }
}

static void
test_equal (Fixture *fixture, gconstpointer data)
{
  check_sweep (fixture, "{'window': <2>, 'stride': <1>}", &(struct dino_occlusion){ .fill = DINO_FILL_GREY, .level = 0.5 }, FALSE, -1);
  check_sweep (fixture, "{'window': <2>, 'stride': <2>, 'level': <0.0>}", &(struct dino_occlusion){ .fill = DINO_FILL_GREY }, FALSE, -1);
  check_sweep (fixture, "{'window': <1>, 'stride': <1>, 'fill': <'mean'>, 'patch': <(1, 2)>}", &(struct dino_occlusion){ .fill = DINO_FILL_MEAN }, FALSE,
               (int) dinoscope_features_get_columns (fixture->before) + 2);
  check_sweep (fixture, "{'window': <2>, 'stride': <2>, 'fill': <'copy'>}", &(struct dino_occlusion){ .fill = DINO_FILL_COPY }, TRUE, -1);
}

static void
changed_cb (DinoscopeSweep *sweep, Fixture *fixture)
{
  fixture->n_changed++;
  /* The next place may be done before this is told of the third. */
  if (dinoscope_sweep_get_n_done (sweep) >= 3)
    dinoscope_sweep_cancel (sweep);
}

/* What was done stays, the rest is not valid. */
static void
test_cancel (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError)         error = NULL;
  g_autoptr (DinoscopeSweep) sweep = dinoscope_sweep_new (fixture->engine, fixture->study, fixture->before, parse ("{'window': <1>, 'stride': <1>}"), &error);
  g_autoptr (DinoscopeSweep) again = NULL;
  g_autoptr (GVariant)       done = NULL;
  g_autoptr (DinoscopeMap)   map = NULL;
  g_autoptr (DinoscopeMap)   repeated = NULL;
  const struct dino_map     *core, *other;
  guint                      n;

  g_assert_no_error (error);
  g_assert_cmpfloat (dinoscope_sweep_get_seconds_left (sweep), <, 0);
  g_signal_connect (sweep, "changed", G_CALLBACK (changed_cb), fixture);
  dinoscope_sweep_start (sweep);
  while (dinoscope_sweep_get_state (sweep) == DINOSCOPE_SWEEP_RUNNING)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpint (dinoscope_sweep_get_state (sweep), ==, DINOSCOPE_SWEEP_CANCELLED);
  n = dinoscope_sweep_get_n_done (sweep);
  g_assert_cmpuint (n, >=, 3);
  g_assert_cmpuint (n, <, dinoscope_sweep_get_n_places (sweep));
  g_assert_cmpfloat (dinoscope_sweep_get_seconds_left (sweep), >=, 0);
  map = dinoscope_sweep_dup_map (sweep, &done);
  core = dinoscope_map_get_core (map);
  for (guint i = 0; i < dinoscope_sweep_get_n_places (sweep); i++)
    {
      g_assert_cmpint (core->valid[i], ==, i < n);
      g_assert_cmpint (isnan (dinoscope_sweep_get_value (sweep, i)), ==, i >= n);
    }

  /* The parameters of what is done make the same map again. */
  again = dinoscope_sweep_new (fixture->engine, fixture->study, fixture->before, done, &error);
  g_assert_no_error (error);
  g_assert_true (dinoscope_sweep_run (again, NULL, NULL, NULL, &error));
  repeated = dinoscope_sweep_dup_map (again, NULL);
  other = dinoscope_map_get_core (repeated);
  g_assert_cmpmem (core->values, (gsize) (core->width * core->height) * sizeof (float), other->values, (gsize) (core->width * core->height) * sizeof (float));
  g_assert_cmpstr (core->legend, ==, other->legend);
}

/* Asynchronous and blocking make the same. */
static void
test_async (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError)         error = NULL;
  g_autoptr (DinoscopeSweep) sweep = dinoscope_sweep_new (fixture->engine, fixture->study, fixture->before, parse ("{'window': <2>, 'stride': <2>}"), &error);
  g_autoptr (DinoscopeSweep) other = dinoscope_sweep_new (fixture->engine, fixture->study, fixture->before, parse ("{'window': <2>, 'stride': <2>}"), &error);

  dinoscope_sweep_start (sweep);
  while (dinoscope_sweep_get_state (sweep) == DINOSCOPE_SWEEP_RUNNING)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpint (dinoscope_sweep_get_state (sweep), ==, DINOSCOPE_SWEEP_DONE);
  g_assert_true (dinoscope_sweep_run (other, NULL, NULL, NULL, &error));
  for (guint i = 0; i < dinoscope_sweep_get_n_places (sweep); i++)
    g_assert_true (dinoscope_sweep_get_value (sweep, i) == dinoscope_sweep_get_value (other, i));
}

static void
test_refused (Fixture *fixture, gconstpointer data)
{
  static const char *const wrong[] = { "{'window': <2>, 'stride': <3>}", "{'window': <0>}", "{'fill': <'black'>}", "{'patch': <(0, 90)>}", "{'depth': <1>}" };

  for (guint i = 0; i < G_N_ELEMENTS (wrong); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (dinoscope_sweep_new (fixture->engine, fixture->study, fixture->before, parse (wrong[i]), &error));
      g_assert_nonnull (error);
    }
}

/* It is another picture and says so. */
static void
test_copy (Fixture *fixture, gconstpointer data)
{
  const struct dino_occlusion occlusion = { .fill = DINO_FILL_GREY, .level = 0.25 };
  struct dino_preparation     whole = { .fit = DINO_FIT_WHOLE };
  g_autoptr (GError)          error = NULL;
  g_autoptr (DinoscopeStudy)  copy = dinoscope_study_new_occluded (fixture->study, (struct dino_box){ 10, 20, 30, 40 }, &occlusion, NULL, &error);
  g_autoptr (DinoscopeStudy)  again = NULL;
  g_autofree char            *title = NULL;

  g_assert_no_error (error);
  g_assert_cmpstr (dinoscope_study_get_sha256 (copy), !=, dinoscope_study_get_sha256 (fixture->study));
  g_assert_null (dinoscope_study_get_change (fixture->study));
  g_assert_nonnull (strstr (dinoscope_study_get_notes (copy), "Changed copy: x 10 to 30, y 20 to 40 filled with grey (25"));
  title = dinoscope_study_dup_title (copy);
  g_assert_cmpstr (title, ==, "deep, changed copy");
  g_assert_cmpint (dinoscope_study_get_picture (copy)->bits, ==, 16);

  again = dinoscope_study_new_with_preparation (copy, &whole, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (dinoscope_study_get_change (again), ==, dinoscope_study_get_change (copy));
  g_assert_null (dinoscope_study_new_occluded (fixture->study, (struct dino_box){ 100, 20, 130, 40 }, &occlusion, NULL, &error));
  g_assert_nonnull (error);
}

/* Not one that a menu offers, but there for who names it. */
static void
test_overlay (Fixture *fixture, gconstpointer data)
{
  g_autoptr (DinoscopeOverlayProvider) provider = dinoscope_overlays_find ("occlusion");
  g_autoptr (GListModel)               menu = dinoscope_overlays_list ();
  g_autoptr (DinoscopeContext)         context = dinoscope_context_new (fixture->before, NULL, 0);
  g_autoptr (GVariant)                 parameters = g_variant_ref_sink (parse ("{'window': <2>, 'stride': <2>}"));
  g_autoptr (DinoscopeMap)             map = NULL;
  g_autoptr (GError)                   error = NULL;

  g_assert_nonnull (provider);
  for (guint i = 0; i < g_list_model_get_n_items (menu); i++)
    {
      g_autoptr (DinoscopeOverlayProvider) offered = g_list_model_get_item (menu, i);

      g_assert_cmpstr (dinoscope_overlay_provider_get_id (offered), !=, "occlusion");
    }
  g_assert_null (dinoscope_engine_compute_map (fixture->engine, provider, context, NULL, NULL, &error));
  g_assert_nonnull (error);
  g_clear_error (&error);
  dinoscope_context_set_study (context, fixture->study);
  map = dinoscope_engine_compute_map (fixture->engine, provider, context, parameters, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpint (dinoscope_map_get_channels (map), ==, 1);
}

#define ADD(name, function) g_test_add ("/sweep/" name, Fixture, NULL, set_up, function, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("equal", test_equal);
  ADD ("cancel", test_cancel);
  ADD ("async", test_async);
  ADD ("refused", test_refused);
  ADD ("copy", test_copy);
  ADD ("overlay", test_overlay);
  return g_test_run ();
}
