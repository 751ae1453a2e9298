/* Precisions: refused where the processor cannot, named, and kept apart. */
#include "engine-support.h"

typedef struct
{
  DinoscopeEngine *engine;
  DinoscopeStudy  *study;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer isa)
{
  g_autoptr (GError) error = NULL;

  g_setenv ("DINOSCOPE_ISA", isa != NULL ? isa : "", TRUE);
  fixture->engine = dinoscope_engine_new (2, &error);
  g_assert_no_error (error);
  fixture->study = support_open_example (fixture->engine);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_object_unref (fixture->study);
  dinoscope_engine_shutdown (fixture->engine);
  g_assert_finalize_object (fixture->engine);
}

static DinoscopeModel *
load (Fixture *fixture, enum dino_precision precision, GError **error)
{
  const DinoscopeModelOptions options = { .precision = precision };
  g_autofree char            *path = dinoscope_data_path ("models", "demo", NULL);

  return dinoscope_engine_load_model (fixture->engine, path, &options, NULL, error);
}

static DinoscopeFeatures *
encode (Fixture *fixture, DinoscopeModel *model)
{
  g_autoptr (GError) error = NULL;
  DinoscopeFeatures *features = dinoscope_engine_encode (fixture->engine, fixture->study, model, DINO_KEEP_OUTPUT, NULL, NULL, NULL, &error);

  g_assert_no_error (error);
  return features;
}

static void
assert_names_both (const GError *error, const char *precision)
{
  g_assert_error (error, DINOSCOPE_ERROR, DINOSCOPE_ERROR_MODEL);
  g_assert_nonnull (strstr (error->message, precision));
  g_assert_nonnull (strstr (error->message, "generic"));
}

/* Under DINOSCOPE_ISA=generic, so on every machine. */
static void
test_refused (Fixture *fixture, gconstpointer data)
{
  static const enum dino_precision reduced[] = { DINO_PRECISION_BF16, DINO_PRECISION_INT8 };

  g_assert_true (dinoscope_engine_check_precision (fixture->engine, DINO_PRECISION_FP32, NULL));
  for (gsize i = 0; i < G_N_ELEMENTS (reduced); i++)
    {
      const DinoscopeModelOptions options = { .precision = reduced[i] };
      const char                 *name = dino_precision_name (reduced[i]);
      g_autofree char            *path = dinoscope_data_path ("models", "demo", NULL);
      g_autoptr (GError)          checked = NULL;
      g_autoptr (GError)          loaded = NULL;
      g_autoptr (GError)          finished = NULL;
      g_auto (SupportReply)       reply = { 0 };

      g_assert_false (dinoscope_engine_check_precision (fixture->engine, reduced[i], &checked));
      assert_names_both (checked, name);
      g_assert_null (load (fixture, reduced[i], &loaded));
      assert_names_both (loaded, name);
      dinoscope_engine_load_model_async (fixture->engine, path, &options, NULL, support_reply_cb, &reply);
      g_assert_null (dinoscope_engine_load_model_finish (fixture->engine, support_wait (&reply), &finished));
      assert_names_both (finished, name);
    }
}

/* The instruction set named is that of the arithmetic, not the processor's best. */
static void
test_names (Fixture *fixture, gconstpointer data)
{
  for (int i = 0; i < DINO_N_PRECISIONS; i++)
    {
      enum dino_precision           precision = (enum dino_precision) i;
      g_autoptr (GError)            error = NULL;
      g_autoptr (DinoscopeModel)    model = NULL;
      g_autoptr (DinoscopeFeatures) features = NULL;
      g_autofree char              *description = NULL;
      g_autofree char              *expected = NULL;
      enum dino_isa                 isa;

      if (!dino_precision_isa (precision, dinoscope_engine_get_isa (fixture->engine), &isa))
        continue;
      model = load (fixture, precision, &error);
      g_assert_no_error (error);
      features = encode (fixture, model);
      g_assert_cmpstr (dinoscope_model_get_precision (model), ==, dino_precision_name (precision));
      g_assert_cmpstr (dinoscope_model_get_instruction_set (model), ==, dino_isa_name (isa));
      g_assert_cmpstr (dinoscope_features_get_instruction_set (features), ==, dino_isa_name (isa));
      description = dinoscope_features_describe_encoder (features);
      expected = g_strdup_printf ("Demonstration encoder - not RAD-DINO, %s, %s", dino_precision_name (precision), dino_isa_name (isa));
      g_assert_cmpstr (description, ==, expected);
    }
}

/* Scratch and weights of one precision never serve another: turn by turn, each
 * gives its own bits. */
static void
test_kept_apart (Fixture *fixture, gconstpointer data)
{
  DinoscopeModel *models[DINO_N_PRECISIONS] = { NULL };
  GBytes         *first[DINO_N_PRECISIONS] = { NULL };

  if (!dinoscope_engine_check_precision (fixture->engine, DINO_PRECISION_BF16, NULL))
    {
      g_test_skip ("this processor computes in float32 only");
      return;
    }
  for (int turn = 0; turn < 2 * DINO_N_PRECISIONS; turn++)
    {
      int                           i = turn % DINO_N_PRECISIONS;
      g_autoptr (DinoscopeFeatures) features = NULL;
      g_autoptr (GBytes)            patches = NULL;

      if (models[i] == NULL)
        models[i] = load (fixture, (enum dino_precision) i, NULL);
      g_assert_nonnull (models[i]);
      features = encode (fixture, models[i]);
      patches = dinoscope_features_dup_patches (features);
      if (first[i] == NULL)
        first[i] = g_steal_pointer (&patches);
      else
        g_assert_true (g_bytes_equal (patches, first[i]));
    }
  for (int i = 0; i < DINO_N_PRECISIONS; i++)
    {
      g_assert_false (g_bytes_equal (first[i], first[(i + 1) % DINO_N_PRECISIONS]));
      g_clear_object (&models[i]);
    }
  for (int i = 0; i < DINO_N_PRECISIONS; i++)
    g_bytes_unref (first[i]);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/precision/refused", Fixture, "generic", set_up, test_refused, tear_down);
  g_test_add ("/precision/names", Fixture, NULL, set_up, test_names, tear_down);
  g_test_add ("/precision/kept-apart", Fixture, NULL, set_up, test_kept_apart, tear_down);
  return g_test_run ();
}
