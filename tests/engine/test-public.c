/* The library as others use it: what is installed of it, and GLib. */
#include <dinoscope.h>
#include <glib/gstdio.h>
#include <string.h>

#define KEEP_ALL (DINOSCOPE_KEEP_HIDDEN_STATES | DINOSCOPE_KEEP_CLS_ATTENTION)

typedef struct
{
  DinoscopeEngine   *engine;
  DinoscopeModel    *model;
  DinoscopeStudy    *study;
  DinoscopeFeatures *features;
  DinoscopeContext  *context;
} Fixture;

static GFile *
find_example (void)
{
  return g_file_new_build_filename (g_getenv ("DINOSCOPE_DATADIR"), "examples", "chest-01.png", NULL);
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GFile)  file = find_example ();
  g_autofree char   *checkpoint = g_build_filename (g_getenv ("DINOSCOPE_TEST_DATA"), "golden", "checkpoint", "tiny-1", NULL);

  fixture->engine = dinoscope_engine_new (2, &error);
  g_assert_no_error (error);
  fixture->model = dinoscope_engine_open_model (fixture->engine, checkpoint, DINOSCOPE_PRECISION_FP32, NULL, &error);
  g_assert_no_error (error);
  fixture->study = dinoscope_engine_open_picture (fixture->engine, file, NULL, NULL, &error);
  g_assert_no_error (error);
  fixture->features = dinoscope_engine_encode (fixture->engine, fixture->study, fixture->model, KEEP_ALL, NULL, NULL, NULL, &error);
  g_assert_no_error (error);
  fixture->context = dinoscope_context_new (fixture->features, NULL, 0);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_clear_object (&fixture->context);
  g_clear_object (&fixture->features);
  g_clear_object (&fixture->study);
  g_clear_object (&fixture->model);
  dinoscope_engine_shutdown (fixture->engine);
  g_clear_object (&fixture->engine);
}

/* Arrays have the size that is promised, and share memory where that is. */
static void
test_features (Fixture *fixture, gconstpointer data)
{
  const gsize        tokens = dinoscope_features_get_n_tokens (fixture->features);
  const gsize        channels = dinoscope_model_get_n_channels (fixture->model);
  const gsize        heads = dinoscope_model_get_n_heads (fixture->model);
  const guint        last = dinoscope_model_get_n_blocks (fixture->model) - 1;
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) output = dinoscope_features_dup_last_hidden_state (fixture->features);
  g_autoptr (GBytes) patches = dinoscope_features_dup_patches (fixture->features);
  g_autoptr (GBytes) computed = dinoscope_features_dup_tokens (fixture->features, last, TRUE, &error);
  g_autoptr (GBytes) values = dinoscope_features_dup_facet (fixture->features, last, DINOSCOPE_FACET_VALUE, &error);
  g_autoptr (GBytes) attention = dinoscope_features_dup_token_attention (fixture->features, last, 0, DINOSCOPE_DIRECTION_QUERY, &error);
  g_autoptr (GBytes) nothing = NULL;

  g_assert_no_error (error);
  g_assert_true (g_bytes_equal (output, computed));
  g_assert_cmpuint (dinoscope_bytes_get_address (output), !=, dinoscope_bytes_get_address (computed));
  g_assert_cmpuint (dinoscope_bytes_get_address (patches) - dinoscope_bytes_get_address (output), ==,
                    dinoscope_features_get_first_patch (fixture->features) * channels * sizeof (float));
  g_assert_cmpuint (g_bytes_get_size (values), ==, tokens * channels * sizeof (float));
  g_assert_cmpuint (g_bytes_get_size (attention), ==, heads * tokens * sizeof (float));

  nothing = dinoscope_features_dup_facet (fixture->features, last + 1, DINOSCOPE_FACET_KEY, &error);
  g_assert_null (nothing);
  g_assert_error (error, DINOSCOPE_ERROR, DINOSCOPE_ERROR_PARAMETER);
}

static GBytes *
draw (Fixture *fixture, DinoscopeMap *map, DinoscopeMapStyle *style)
{
  g_autoptr (GError) error = NULL;
  double             x0, y0, x1, y1;
  GBytes            *pixels;

  dinoscope_map_get_place (map, &x0, &y0, &x1, &y1);
  pixels = dinoscope_engine_draw_map (fixture->engine, map, style, fixture->study, x0, y0, x1, y1, 37, 37, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (g_bytes_get_size (pixels), ==, 37 * 37 * 4);
  g_object_unref (style);
  return pixels;
}

/* Properties left out, or saying what is so anyway, draw the same; others do not. */
static void
test_style (Fixture *fixture, gconstpointer data)
{
  g_autoptr (DinoscopeOverlayProvider) provider = dinoscope_overlays_find ("norm");
  g_autoptr (GError)                   error = NULL;
  g_autoptr (DinoscopeMap)             map = dinoscope_engine_compute_map (fixture->engine, provider, fixture->context, NULL, NULL, &error);
  g_autoptr (GBytes)                   plain = NULL;
  double                               low, high;
  DinoscopeMapStyle                   *styles[9];

  g_assert_no_error (error);
  dinoscope_map_get_range (map, 0, &low, &high);
  plain = draw (fixture, map, g_object_new (DINOSCOPE_TYPE_MAP_STYLE, NULL));
  styles[0] = g_object_new (DINOSCOPE_TYPE_MAP_STYLE, "colormap", dinoscope_map_get_colormap (map), "threshold", low, NULL);
  styles[1] = g_object_new (DINOSCOPE_TYPE_MAP_STYLE, "low", low, "high", high, "opacity", 0.5, NULL);
  styles[2] = g_object_new (DINOSCOPE_TYPE_MAP_STYLE, "low", high, "high", low, "contours", 0, "smooth", DINOSCOPE_SMOOTH_CELLS, NULL);
  styles[3] = g_object_new (DINOSCOPE_TYPE_MAP_STYLE, "colormap", "turbo", NULL);
  styles[4] = g_object_new (DINOSCOPE_TYPE_MAP_STYLE, "threshold", (low + high) / 2, NULL);
  styles[5] = g_object_new (DINOSCOPE_TYPE_MAP_STYLE, "low", low, "high", (low + high) / 2, NULL);
  styles[6] = g_object_new (DINOSCOPE_TYPE_MAP_STYLE, "opacity", 0.7, NULL);
  styles[7] = g_object_new (DINOSCOPE_TYPE_MAP_STYLE, "contours", 4, NULL);
  styles[8] = g_object_new (DINOSCOPE_TYPE_MAP_STYLE, "smooth", DINOSCOPE_SMOOTH_GUIDED, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (styles); i++)
    {
      g_autoptr (GBytes) pixels = draw (fixture, map, styles[i]);

      g_assert_cmpint (g_bytes_equal (pixels, plain), ==, i < 3);
    }
}

/* Written, read again: the same numbers. Nothing is left of what could not be written. */
static void
test_files (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError)              error = NULL;
  g_autofree char                *folder = g_dir_make_tmp ("dinoscope-XXXXXX", &error);
  g_autofree char                *path = g_build_filename (folder, "features.safetensors", NULL);
  g_autofree char                *wrong = g_build_filename (folder, "features.txt", NULL);
  g_autoptr (DinoscopeModelInput) input = dinoscope_engine_prepare (fixture->engine, fixture->study, fixture->model, NULL, &error);
  g_autoptr (DinoscopeTensorFile) file = NULL;
  g_autoptr (GBytes)              output = dinoscope_features_dup_last_hidden_state (fixture->features);
  g_autoptr (GBytes)              read = NULL;
  g_autofree guint64             *shape = NULL;
  guint                           rank;

  g_assert_false (dinoscope_features_save (fixture->features, wrong, input, &error));
  g_assert_error (error, DINOSCOPE_ERROR, DINOSCOPE_ERROR_PARAMETER);
  g_clear_error (&error);
  g_assert_false (dinoscope_features_save (fixture->features, path, NULL, &error));
  g_assert_error (error, DINOSCOPE_ERROR, DINOSCOPE_ERROR_PARAMETER);
  g_clear_error (&error);
  g_assert_false (g_file_test (path, G_FILE_TEST_EXISTS));

  g_assert_true (dinoscope_features_save (fixture->features, path, input, &error));
  file = dinoscope_tensor_file_open (path, &error);
  g_assert_no_error (error);
  read = dinoscope_tensor_file_read_any (file, "last_hidden_state", &shape, &rank, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (rank, ==, 2);
  g_assert_cmpuint (shape[0], ==, dinoscope_features_get_n_tokens (fixture->features));
  g_assert_true (g_bytes_equal (read, output));
  g_assert_null (dinoscope_tensor_file_read_any (file, "no such", &shape, &rank, &error));
  g_assert_error (error, DINOSCOPE_ERROR, DINOSCOPE_ERROR_PARAMETER);
  g_assert_no_errno (g_unlink (path));
  g_assert_no_errno (g_rmdir (folder));
}

/* What a program is called back for; all on its own thread. */
typedef struct
{
  GThread      *thread;
  guint         told, ended, destroyed;
  GAsyncResult *result;
} Watch;

static void
encode_progress_cb (guint done, guint total, DinoscopeFeatures *partial, gpointer data)
{
  Watch *watch = data;

  g_assert_true (watch->thread == g_thread_self () && watch->destroyed == 0);
  watch->told++;
}

static void
map_progress_cb (double done, gpointer data)
{
  encode_progress_cb (0, 0, NULL, data);
}

static void
destroy_cb (gpointer data)
{
  Watch *watch = data;

  g_assert_true (watch->thread == g_thread_self ());
  watch->destroyed++;
}

static void
ended_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  Watch *watch = data;

  watch->ended++;
  watch->result = g_object_ref (result);
}

/* Until its data is no longer needed, however it ended. */
static void
wait_for (Watch *watch)
{
  while (watch->ended == 0)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpuint (watch->destroyed, ==, 0);
  g_clear_object (&watch->result);
  while (watch->destroyed == 0)
    g_main_context_iteration (NULL, TRUE);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_cmpuint (watch->ended, ==, 1);
  g_assert_cmpuint (watch->destroyed, ==, 1);
}

static void
start_encoding (Fixture *fixture, GCancellable *cancellable, Watch *watch)
{
  *watch = (Watch){ .thread = g_thread_self () };
  dinoscope_engine_encode_async (fixture->engine, fixture->study, fixture->model, DINOSCOPE_KEEP_OUTPUT, G_PRIORITY_DEFAULT, cancellable,
                                 encode_progress_cb, watch, destroy_cb, ended_cb, watch);
}

/* The data of progress goes once, when nobody is told any more. */
static void
test_destroy (Fixture *fixture, gconstpointer data)
{
  g_autoptr (DinoscopeOverlayProvider) provider = dinoscope_overlays_find ("rollout");
  g_autoptr (GCancellable)             cancellable = g_cancellable_new ();
  Watch                                watch;

  start_encoding (fixture, NULL, &watch);
  wait_for (&watch);
  g_assert_cmpuint (watch.told, >, 0);

  start_encoding (fixture, cancellable, &watch);
  g_cancellable_cancel (cancellable);
  wait_for (&watch);

  start_encoding (fixture, cancellable, &watch);
  wait_for (&watch);
  g_assert_cmpuint (watch.told, ==, 0);

  watch = (Watch){ .thread = g_thread_self () };
  dinoscope_engine_compute_map_with_progress_async (fixture->engine, provider, fixture->context, NULL, NULL, map_progress_cb, &watch, destroy_cb, ended_cb, &watch);
  wait_for (&watch);
  g_assert_cmpuint (watch.told, >, 0);

  dinoscope_engine_shutdown (fixture->engine);
  start_encoding (fixture, NULL, &watch);
  wait_for (&watch);
  g_assert_cmpuint (watch.told, ==, 0);
}

/* A preparation that is none is an error of both twins. */
static void
test_preparation (Fixture *fixture, gconstpointer data)
{
  g_autoptr (DinoscopePreparation) none = g_object_new (DINOSCOPE_TYPE_PREPARATION, "window", "sideways", NULL);
  g_autoptr (DinoscopePreparation) whole = g_object_new (DINOSCOPE_TYPE_PREPARATION, "fit", DINOSCOPE_FIT_WHOLE, "input-size", 112, NULL);
  g_autoptr (GFile)                file = find_example ();
  g_autoptr (DinoscopeStudy)       study = NULL;
  g_autoptr (DinoscopeModelInput)  input = NULL;
  g_autoptr (GError)               error = NULL;
  Watch                            watch = { .thread = g_thread_self () };

  g_assert_null (dinoscope_engine_open_picture (fixture->engine, file, none, NULL, &error));
  g_assert_error (error, DINOSCOPE_ERROR, DINOSCOPE_ERROR_PARAMETER);
  g_clear_error (&error);
  dinoscope_engine_open_picture_async (fixture->engine, file, none, NULL, ended_cb, &watch);
  while (watch.ended == 0)
    g_main_context_iteration (NULL, TRUE);
  g_assert_null (dinoscope_engine_open_picture_finish (fixture->engine, watch.result, &error));
  g_assert_error (error, DINOSCOPE_ERROR, DINOSCOPE_ERROR_PARAMETER);
  g_clear_error (&error);
  g_clear_object (&watch.result);

  study = dinoscope_engine_open_picture (fixture->engine, file, whole, NULL, &error);
  input = dinoscope_engine_prepare (fixture->engine, study, fixture->model, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpint (dinoscope_model_input_get_width (input), ==, 112);
  g_assert_cmpint (dinoscope_model_input_get_height (input), ==, 112);
  g_assert_nonnull (strstr (dinoscope_model_input_get_preparation (input), "fit=whole"));
}

/* An engine that was never started refuses; it is not to crash. */
static void
test_not_started (Fixture *fixture, gconstpointer data)
{
  g_autoptr (DinoscopeEngine)          engine = g_object_new (DINOSCOPE_TYPE_ENGINE, NULL);
  g_autoptr (DinoscopeOverlayProvider) provider = dinoscope_overlays_find ("pca");
  g_autoptr (GError)                   error = NULL;
  Watch                                watch = { .thread = g_thread_self () };

  g_assert_null (dinoscope_engine_open_model (engine, "demo", DINOSCOPE_PRECISION_FP32, NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_clear_error (&error);
  g_assert_null (dinoscope_engine_compute_map (engine, provider, fixture->context, NULL, NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_clear_error (&error);
  dinoscope_engine_compute_map_async (engine, provider, fixture->context, NULL, NULL, ended_cb, &watch);
  while (watch.ended == 0)
    g_main_context_iteration (NULL, TRUE);
  g_assert_null (dinoscope_engine_compute_map_finish (engine, watch.result, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_clear_object (&watch.result);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/public/features", Fixture, NULL, set_up, test_features, tear_down);
  g_test_add ("/public/style", Fixture, NULL, set_up, test_style, tear_down);
  g_test_add ("/public/files", Fixture, NULL, set_up, test_files, tear_down);
  g_test_add ("/public/destroy", Fixture, NULL, set_up, test_destroy, tear_down);
  g_test_add ("/public/preparation", Fixture, NULL, set_up, test_preparation, tear_down);
  g_test_add ("/public/not-started", Fixture, NULL, set_up, test_not_started, tear_down);
  return g_test_run ();
}
