/* The tensor that is shown is the tensor that is encoded. */
#include "engine-support.h"

#include "engine/dinoscope-study-private.h"

typedef struct
{
  DinoscopeEngine *engine;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  fixture->engine = dinoscope_engine_new (2, &error);
  g_assert_no_error (error);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  dinoscope_engine_shutdown (fixture->engine);
  g_assert_finalize_object (fixture->engine);
}

static const float *
get_values (DinoscopeModelInput *input)
{
  return g_bytes_get_data (dinoscope_model_input_get_values (input), NULL);
}

static guint8
formula (int x, int y)
{
  return (7 * x + 13 * y + ((x * y) >> 3) + ((x * x + 3 * y * y) >> 7)) & 255;
}

/* Against the published processor's tensor, and its smallest, largest and mean value. */
static void
test_published (Fixture *fixture, gconstpointer data)
{
  g_autoptr (DinoscopeModel)      model = support_load_checkpoint (fixture->engine, "tiny-1");
  g_autoptr (DinoscopeStudy)      study = support_open_formula (fixture->engine, 91, 70);
  g_autoptr (GError)              error = NULL;
  g_autoptr (DinoscopeModelInput) input = dinoscope_engine_prepare (fixture->engine, study, model, NULL, &error);
  gsize                           n;
  g_autofree float               *expected = support_read_expected ("tiny", "pixel_values", &n);
  double                          low, high, mean, sum = 0;
  double                          smallest = expected[0], largest = expected[0];

  g_assert_no_error (error);
  g_assert_cmpuint (n, ==, 3 * 56 * 56);
  g_assert_cmpmem (get_values (input), g_bytes_get_size (dinoscope_model_input_get_values (input)), expected, n * sizeof (float));
  for (gsize i = 0; i < n; i++)
    {
      smallest = MIN (smallest, (double) expected[i]);
      largest = MAX (largest, (double) expected[i]);
      sum += (double) expected[i];
    }
  dinoscope_model_input_get_range (input, &low, &high, &mean);
  g_assert_cmpfloat (low, ==, smallest);
  g_assert_cmpfloat (high, ==, largest);
  g_assert_cmpfloat_with_epsilon (mean, sum / (double) n, 1e-9);
  g_assert_true (dinoscope_model_input_is_grey (input));
  g_assert_true (g_str_has_prefix (dinoscope_model_input_get_preparation (input), "fit=crop input-size=56 "));
}

/* A picture that is neither resized nor cropped comes back grey by grey. */
static void
test_greys (Fixture *fixture, gconstpointer data)
{
  g_autoptr (DinoscopeModel)      model = support_load_checkpoint (fixture->engine, "tiny-1");
  g_autoptr (DinoscopeStudy)      study = support_open_formula (fixture->engine, 56, 56);
  g_autoptr (GError)              error = NULL;
  g_autoptr (DinoscopeModelInput) input = dinoscope_engine_prepare (fixture->engine, study, model, NULL, &error);
  const guint8                   *greys;
  guint                           low, high, smallest = 255, largest = 0;

  g_assert_no_error (error);
  greys = g_bytes_get_data (dinoscope_model_input_get_greys (input), NULL);
  for (int y = 0; y < 56; y++)
    for (int x = 0; x < 56; x++)
      for (int channel = 0; channel < 3; channel++)
        {
          g_assert_cmpuint (greys[(y * 56 + x) * 3 + channel], ==, formula (x, y));
          smallest = MIN (smallest, formula (x, y));
          largest = MAX (largest, formula (x, y));
        }
  dinoscope_model_input_get_grey_range (input, &low, &high);
  g_assert_cmpuint (low, ==, smallest);
  g_assert_cmpuint (high, ==, largest);
}

/* Encoding the tensor gives what encoding the picture gives, bit for bit. */
static void
test_encodes_the_same (Fixture *fixture, gconstpointer data)
{
  static const enum dino_fit fits[] = { DINO_FIT_CROP, DINO_FIT_PAD, DINO_FIT_WHOLE };
  g_autoptr (DinoscopeModel) model = support_load_checkpoint (fixture->engine, "tiny-1");
  g_autoptr (DinoscopeStudy) opened = support_open_formula (fixture->engine, 91, 70);

  for (guint i = 0; i < G_N_ELEMENTS (fits); i++)
    {
      const struct dino_preparation   preparation = { .fit = fits[i] };
      g_autoptr (GError)              error = NULL;
      struct dino_picture            *picture = dino_picture_ref ((struct dino_picture *) dinoscope_study_get_picture (opened));
      g_autoptr (DinoscopeStudy)      study = dinoscope_study_new (picture, NULL, "formula", &preparation, FALSE, NULL, &error);
      g_autoptr (DinoscopeModelInput) input = dinoscope_engine_prepare (fixture->engine, study, model, NULL, &error);
      const struct dino_geometry     *geometry = dinoscope_model_input_get_geometry (input);
      g_autoptr (DinoscopeFeatures)   of_picture = dinoscope_engine_encode (fixture->engine, study, model, DINO_KEEP_OUTPUT, NULL, NULL, NULL, &error);
      g_autoptr (DinoscopeFeatures)   of_tensor = dinoscope_engine_encode_raw (fixture->engine, get_values (input), geometry->input_width, geometry->input_height,
                                                                               model, DINO_KEEP_OUTPUT, NULL, NULL, NULL, &error);
      g_autoptr (GBytes)              patches = dinoscope_features_dup_patches (of_picture);
      g_autoptr (GBytes)              others = dinoscope_features_dup_patches (of_tensor);

      g_assert_no_error (error);
      g_assert_true (g_bytes_equal (patches, others));
    }
}

/* The pixel under a point lies in the patch under that point. */
static void
test_find_pixel (Fixture *fixture, gconstpointer data)
{
  g_autoptr (DinoscopeModel) model = support_load_checkpoint (fixture->engine, "tiny-1");
  g_autoptr (DinoscopeStudy) study = support_open_formula (fixture->engine, 91, 70);
  guint                      n_inside = 0;

  for (int fit = DINO_FIT_CROP; fit <= DINO_FIT_WHOLE; fit++)
    {
      const struct dino_preparation   preparation = { .fit = (enum dino_fit) fit };
      struct dino_picture            *picture = dino_picture_ref ((struct dino_picture *) dinoscope_study_get_picture (study));
      g_autoptr (DinoscopeStudy)      fitted = dinoscope_study_new (picture, NULL, "formula", &preparation, FALSE, NULL, NULL);
      g_autoptr (DinoscopeModelInput) input = dinoscope_engine_prepare (fixture->engine, fitted, model, NULL, NULL);
      const struct dino_geometry     *geometry = dinoscope_model_input_get_geometry (input);

      for (int i = 0; i < 3000; i++)
        {
          double   x = g_test_rand_double_range (-30, 120);
          double   y = g_test_rand_double_range (-30, 100);
          int      column, row, patch_row, patch_column;
          gboolean inside = dinoscope_model_input_find_pixel (input, x, y, &column, &row);

          g_assert_cmpint (inside, ==, dino_geometry_patch_at (geometry, x, y, &patch_row, &patch_column));
          if (!inside)
            continue;
          n_inside++;
          g_assert_cmpint (column / geometry->patch, ==, patch_column);
          g_assert_cmpint (row / geometry->patch, ==, patch_row);
        }
    }
  g_assert_cmpuint (n_inside, >, 1000);
}

static void
test_async (Fixture *fixture, gconstpointer data)
{
  g_autoptr (DinoscopeModel)      model = support_load_checkpoint (fixture->engine, "tiny-1");
  g_autoptr (DinoscopeStudy)      study = support_open_formula (fixture->engine, 91, 70);
  g_autoptr (DinoscopeModelInput) expected = dinoscope_engine_prepare (fixture->engine, study, model, NULL, NULL);
  g_autoptr (DinoscopeModelInput) input = NULL;
  g_autoptr (GCancellable)        cancelled = g_cancellable_new ();
  g_autoptr (GError)              error = NULL;
  g_auto (SupportReply)           reply = { 0 };
  g_auto (SupportReply)           refused = { 0 };

  dinoscope_engine_prepare_async (fixture->engine, study, model, NULL, support_reply_cb, &reply);
  input = dinoscope_engine_prepare_finish (fixture->engine, support_wait (&reply), &error);
  g_assert_no_error (error);
  g_assert_true (g_bytes_equal (dinoscope_model_input_get_values (input), dinoscope_model_input_get_values (expected)));

  g_cancellable_cancel (cancelled);
  dinoscope_engine_prepare_async (fixture->engine, study, model, cancelled, support_reply_cb, &refused);
  g_assert_null (dinoscope_engine_prepare_finish (fixture->engine, support_wait (&refused), &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

static void
add (const char *path, void (*test) (Fixture *fixture, gconstpointer data))
{
  g_test_add (path, Fixture, NULL, set_up, test, tear_down);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  add ("/engine/model-input/reference", test_published);
  add ("/engine/model-input/greys", test_greys);
  add ("/engine/model-input/encodes-the-same", test_encodes_the_same);
  add ("/engine/model-input/find-pixel", test_find_pixel);
  add ("/engine/model-input/async", test_async);
  return g_test_run ();
}
