/* The forward pass through the engine: values, progress, order, cancelling. */
#include <sys/resource.h>
#include <unistd.h>

#include "engine-support.h"

#include "core/model/config.h"

#define KEEP_ALL (DINO_KEEP_HIDDEN_STATES | DINO_KEEP_CLS_ATTENTION)

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

static void
assert_equals_expected (GBytes *bytes, const char *test_case, const char *tensor)
{
  gsize             n;
  g_autofree float *expected = support_read_expected (test_case, tensor, &n);

  g_assert_nonnull (bytes);
  g_assert_cmpuint (g_bytes_get_size (bytes), ==, n * sizeof (float));
  g_assert_cmpfloat (support_largest_difference (g_bytes_get_data (bytes, NULL), expected, n), <=, 1e-4);
  g_bytes_unref (bytes);
}

static void
check_tiny (DinoscopeFeatures *features)
{
  static const char *const states[] = { "hidden.0", "hidden.1", "hidden.2" };
  gsize                    n;
  g_autofree float        *last = support_read_expected ("tiny", "last_hidden_state", &n);
  g_autoptr (GBytes)       patches = dinoscope_features_dup_patches (features);

  g_assert_true (dinoscope_features_is_complete (features));
  g_assert_cmpuint (dinoscope_features_get_blocks_done (features), ==, 2);
  g_assert_cmpuint (dinoscope_features_get_rows (features), ==, 4);
  g_assert_cmpuint (dinoscope_features_get_columns (features), ==, 4);
  for (guint i = 0; i < G_N_ELEMENTS (states); i++)
    assert_equals_expected (dinoscope_features_dup_hidden_state (features, i), "tiny", states[i]);
  g_assert_null (dinoscope_features_dup_hidden_state (features, 3));
  assert_equals_expected (dinoscope_features_dup_cls (features), "tiny", "pooler_output");
  /* The first token is CLS. */
  g_assert_cmpuint (g_bytes_get_size (patches), ==, 16 * 32 * sizeof (float));
  g_assert_cmpfloat (support_largest_difference (g_bytes_get_data (patches, NULL), last + 32, 16 * 32), <=, 1e-4);
}

static void
check_cls_attention (DinoscopeFeatures *features)
{
  gsize              n;
  g_autofree float  *attention = support_read_expected ("tiny", "attention.1", &n);
  g_autoptr (GBytes) rows = dinoscope_features_dup_cls_attention (features, 1);
  const float       *row = g_bytes_get_data (rows, NULL);

  g_assert_cmpuint (g_bytes_get_size (rows), ==, 2 * 17 * sizeof (float));
  for (int head = 0; head < 2; head++)
    for (int i = 0; i < 17; i++)
      g_assert_cmpfloat_with_epsilon (row[head * 17 + i], attention[head * 17 * 17 + i], 1e-6);
  g_assert_null (dinoscope_features_dup_cls_attention (features, 2));
}

static void
test_values (Fixture *fixture, gconstpointer data)
{
  g_autoptr (DinoscopeModel)    model = support_load_checkpoint (fixture->engine, "tiny-1");
  g_autoptr (DinoscopeStudy)    study = support_open_formula (fixture->engine, 91, 70);
  g_autoptr (GError)            error = NULL;
  g_autoptr (DinoscopeFeatures) features = NULL;
  g_autoptr (DinoscopeFeatures) output = NULL;
  double                        x0, y0, x1, y1;
  guint                         row, column;

  features = dinoscope_engine_encode (fixture->engine, study, model, KEEP_ALL, NULL, NULL, NULL, &error);
  g_assert_no_error (error);
  check_tiny (features);
  check_cls_attention (features);
  g_assert_cmpstr (dinoscope_features_get_pixels_sha256 (features), ==, dinoscope_study_get_sha256 (study));
  g_assert_nonnull (strstr (dinoscope_features_get_preparation (features), "fit=crop input-size=56"));
  g_assert_cmpstr (dinoscope_features_get_instruction_set (features), ==, dinoscope_model_get_instruction_set (model));
  g_assert_cmpuint (dinoscope_features_get_memory (features), >=, 3 * 17 * 32 * sizeof (float));

  dinoscope_features_patch_box (features, 1, 2, &x0, &y0, &x1, &y1);
  g_assert_true (dinoscope_features_patch_at (features, (x0 + x1) / 2, (y0 + y1) / 2, &row, &column));
  g_assert_cmpuint (row, ==, 1);
  g_assert_cmpuint (column, ==, 2);
  g_assert_false (dinoscope_features_patch_at (features, 1, 1, &row, &column));

  /* Scratch is used again: the same bits. */
  output = dinoscope_engine_encode (fixture->engine, study, model, DINO_KEEP_OUTPUT, NULL, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_null (dinoscope_features_dup_hidden_state (output, 1));
  {
    g_autoptr (GBytes) first = dinoscope_features_dup_patches (features);
    g_autoptr (GBytes) second = dinoscope_features_dup_patches (output);

    g_assert_true (g_bytes_equal (first, second));
  }
}

/* Arrays outlive the features. */
static void
test_bytes_keep_features (Fixture *fixture, gconstpointer data)
{
  g_autoptr (DinoscopeModel) model = support_load_checkpoint (fixture->engine, "tiny-1");
  g_autoptr (DinoscopeStudy) study = support_open_formula (fixture->engine, 91, 70);
  DinoscopeFeatures         *features = dinoscope_engine_encode (fixture->engine, study, model, KEEP_ALL, NULL, NULL, NULL, NULL);
  GBytes                    *bytes = dinoscope_features_dup_hidden_state (features, 2);

  g_object_unref (features);
  assert_equals_expected (bytes, "tiny", "hidden.2");
}

static void
test_raw (Fixture *fixture, gconstpointer data)
{
  g_autoptr (DinoscopeModel)    model = support_load_checkpoint (fixture->engine, "tiny-1");
  g_autoptr (GError)            error = NULL;
  gsize                         n;
  g_autofree float             *pixels = support_read_expected ("tiny", "pixel_values", &n);
  g_autoptr (DinoscopeFeatures) features = dinoscope_engine_encode_raw (fixture->engine, pixels, 56, 56, model, KEEP_ALL, NULL, NULL, NULL, &error);
  g_autoptr (DinoscopeFeatures) refused = NULL;

  g_assert_no_error (error);
  check_tiny (features);
  g_assert_cmpstr (dinoscope_features_get_pixels_sha256 (features), ==, "");
  refused = dinoscope_engine_encode_raw (fixture->engine, pixels, 56, 55, model, KEEP_ALL, NULL, NULL, NULL, &error);
  g_assert_null (refused);
  g_assert_nonnull (error);
}

static GBytes *
encode_raw_patches (DinoscopeEngine *engine, DinoscopeModel *model, const float *pixels, int width, int height)
{
  g_autoptr (GError)            error = NULL;
  g_autoptr (DinoscopeFeatures) features = dinoscope_engine_encode_raw (engine, pixels, width, height, model, DINO_KEEP_OUTPUT, NULL, NULL, NULL, &error);

  g_assert_no_error (error);
  return dinoscope_features_dup_patches (features);
}

/* Scratch of one size is not used for another, nor one model's for another's. */
static void
test_sizes_and_models (Fixture *fixture, gconstpointer data)
{
  static const int  sizes[][2] = { { 56, 56 }, { 84, 56 }, { 84, 98 }, { 56, 98 }, { 56, 56 } };
  DinoscopeModel   *models[] = { support_load_checkpoint (fixture->engine, "tiny-1"), support_load_checkpoint (fixture->engine, "tiny-swiglu-1") };
  g_autofree float *pixels = g_new (float, 3 * 84 * 98);

  for (int i = 0; i < 3 * 84 * 98; i++)
    pixels[i] = (i % 97) / 48.0f - 1;
  for (gsize m = 0; m < G_N_ELEMENTS (models); m++)
    for (gsize s = 0; s < G_N_ELEMENTS (sizes); s++)
      {
        g_autoptr (DinoscopeEngine) fresh = dinoscope_engine_new (1, NULL);
        g_autoptr (GBytes)          expected = encode_raw_patches (fresh, models[m], pixels, sizes[s][0], sizes[s][1]);
        g_autoptr (GBytes)          found = encode_raw_patches (fixture->engine, models[m], pixels, sizes[s][0], sizes[s][1]);

        g_assert_true (g_bytes_equal (expected, found));
        dinoscope_engine_shutdown (fresh);
      }
  for (gsize m = 0; m < G_N_ELEMENTS (models); m++)
    g_object_unref (models[m]);
}

/* What an asynchronous run told. */
typedef struct
{
  SupportReply  reply;
  GPtrArray    *partials;
  guint         last_done, n_reports;
  GCancellable *cancel_at; /* cancelled when this many blocks are done */
  guint         cancel_block;
  SupportReply *before; /* is to be answered before this run begins */
  GThread      *thread;
} Watch;

static void
progress_cb (guint done, guint total, DinoscopeFeatures *partial, gpointer data)
{
  Watch *watch = data;

  g_assert_true (g_thread_self () == watch->thread);
  g_assert_cmpuint (watch->reply.n_calls, ==, 0);
  g_assert_true (watch->before == NULL || watch->before->n_calls == 1);
  g_assert_cmpuint (total, ==, 6);
  g_assert_true (watch->n_reports == 0 || done > watch->last_done);
  watch->n_reports++;
  watch->last_done = done;
  if (partial != NULL)
    {
      g_assert_cmpuint (dinoscope_features_get_blocks_done (partial), ==, done);
      g_assert_true (done == total || !dinoscope_features_is_complete (partial));
      g_ptr_array_add (watch->partials, g_object_ref (partial));
    }
  else
    g_assert_cmpuint (done, ==, 0);
  if (watch->cancel_at != NULL && done >= watch->cancel_block)
    g_cancellable_cancel (watch->cancel_at);
}

static Watch *
watch_new (void)
{
  Watch *watch = g_new0 (Watch, 1);

  watch->partials = g_ptr_array_new_with_free_func (g_object_unref);
  watch->thread = g_thread_self ();
  return watch;
}

static void
watch_free (Watch *watch)
{
  support_reply_clear (&watch->reply);
  g_ptr_array_unref (watch->partials);
  g_free (watch);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Watch, watch_free)

static void
start (DinoscopeEngine *engine, DinoscopeStudy *study, DinoscopeModel *model, int priority, GCancellable *cancellable, Watch *watch)
{
  dinoscope_engine_encode_async (engine, study, model, KEEP_ALL, priority, cancellable, progress_cb, watch, NULL, support_reply_cb, &watch->reply);
}

static void
assert_cancelled (DinoscopeEngine *engine, Watch *watch)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (dinoscope_engine_encode_finish (engine, support_wait (&watch->reply), &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpuint (watch->reply.n_calls, ==, 1);
}

static gboolean
count_cb (gpointer data)
{
  ++*(guint *) data;
  return G_SOURCE_CONTINUE;
}

static void
test_async (Fixture *fixture, gconstpointer data)
{
  g_autoptr (DinoscopeModel)    model = support_load_demonstration (fixture->engine);
  g_autoptr (DinoscopeStudy)    study = support_open_example (fixture->engine);
  g_autoptr (Watch)             watch = watch_new ();
  g_autoptr (GError)            error = NULL;
  g_autoptr (DinoscopeFeatures) features = NULL;
  guint                         turns = 0;
  guint                         timer = g_timeout_add (2, count_cb, &turns);
  SupportBrake                  brake;

  support_brake_start (&brake, fixture->engine);
  start (fixture->engine, study, model, G_PRIORITY_DEFAULT, NULL, watch);
  features = dinoscope_engine_encode_finish (fixture->engine, support_wait (&watch->reply), &error);
  support_brake_stop (&brake);
  g_source_remove (timer);
  g_assert_no_error (error);
  g_assert_cmpuint (turns, >, 0);
  /* None done, and each of six blocks. */
  g_assert_cmpuint (watch->n_reports, ==, 7);
  g_assert_cmpuint (watch->partials->len, ==, 6);

  /* What was shown of unfinished runs stays true, and is not copied. */
  for (guint i = 0; i < watch->partials->len; i++)
    {
      DinoscopeFeatures *partial = g_ptr_array_index (watch->partials, i);
      guint              done = dinoscope_features_get_blocks_done (partial);
      g_autoptr (GBytes) early = dinoscope_features_dup_hidden_state (partial, done);
      g_autoptr (GBytes) late = dinoscope_features_dup_hidden_state (features, done);
      g_autoptr (GBytes) attention = dinoscope_features_dup_cls_attention (partial, done - 1);

      g_assert_true (g_bytes_get_data (early, NULL) == g_bytes_get_data (late, NULL));
      g_assert_nonnull (attention);
      if (done < 6)
        {
          g_assert_null (dinoscope_features_dup_hidden_state (partial, done + 1));
          g_assert_null (dinoscope_features_dup_patches (partial));
        }
    }
}

static void
test_cancel_running (Fixture *fixture, gconstpointer data)
{
  g_autoptr (DinoscopeModel) model = support_load_demonstration (fixture->engine);
  g_autoptr (DinoscopeStudy) study = support_open_example (fixture->engine);

  for (guint block = 0; block < 4; block++)
    {
      g_autoptr (Watch)        watch = watch_new ();
      g_autoptr (GCancellable) cancellable = g_cancellable_new ();
      gint64                   cancelled;

      watch->cancel_at = cancellable;
      watch->cancel_block = block;
      start (fixture->engine, study, model, G_PRIORITY_DEFAULT, cancellable, watch);
      while (!g_cancellable_is_cancelled (cancellable))
        g_main_context_iteration (NULL, TRUE);
      cancelled = g_get_monotonic_time ();
      assert_cancelled (fixture->engine, watch);
      g_test_message ("cancelled after %.1f ms", (g_get_monotonic_time () - cancelled) / 1e3);
    }
}

/* Who waits and is cancelled is told at once, not when it would have been its turn. */
static void
test_cancel_waiting (Fixture *fixture, gconstpointer data)
{
  g_autoptr (DinoscopeModel) model = support_load_demonstration (fixture->engine);
  g_autoptr (DinoscopeStudy) study = support_open_example (fixture->engine);
  g_autoptr (Watch)          waiting = watch_new ();
  g_autoptr (GCancellable)   cancellable = g_cancellable_new ();
  SupportGate                gate;

  support_gate_close (&gate, fixture->engine, DINOSCOPE_LANE_ENCODE);
  start (fixture->engine, study, model, G_PRIORITY_DEFAULT, cancellable, waiting);
  g_cancellable_cancel (cancellable);
  assert_cancelled (fixture->engine, waiting);
  support_gate_open (&gate);
  g_assert_cmpuint (waiting->n_reports, ==, 0);
}

/* Progress that was on its way when the run was cancelled is dropped. */
static void
test_no_progress_after_cancel (Fixture *fixture, gconstpointer data)
{
  g_autoptr (DinoscopeModel) model = support_load_demonstration (fixture->engine);
  g_autoptr (DinoscopeStudy) study = support_open_example (fixture->engine);
  g_autoptr (Watch)          watch = watch_new ();
  g_autoptr (GCancellable)   cancellable = g_cancellable_new ();

  start (fixture->engine, study, model, G_PRIORITY_DEFAULT, cancellable, watch);
  while (!g_main_context_pending (NULL))
    g_thread_yield ();
  g_cancellable_cancel (cancellable);
  assert_cancelled (fixture->engine, watch);
  g_assert_cmpuint (watch->n_reports, ==, 0);
}

/* The result is ready and on its way: cancelled all the same. */
static void
test_cancel_delivered (Fixture *fixture, gconstpointer data)
{
  g_autoptr (DinoscopeModel) model = support_load_checkpoint (fixture->engine, "tiny-1");
  g_autoptr (DinoscopeStudy) study = support_open_formula (fixture->engine, 91, 70);
  g_autoptr (GCancellable)   cancellable = g_cancellable_new ();
  g_auto (SupportReply)      reply = { 0 };
  g_autoptr (GError)         error = NULL;

  dinoscope_engine_encode_async (fixture->engine, study, model, KEEP_ALL, G_PRIORITY_DEFAULT, cancellable, NULL, NULL, NULL, support_reply_cb, &reply);
  while (!g_main_context_pending (NULL))
    g_thread_yield ();
  g_cancellable_cancel (cancellable);
  g_assert_null (dinoscope_engine_encode_finish (fixture->engine, support_wait (&reply), &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

static void
test_priority (Fixture *fixture, gconstpointer data)
{
  g_autoptr (DinoscopeModel) model = support_load_demonstration (fixture->engine);
  g_autoptr (DinoscopeStudy) study = support_open_example (fixture->engine);
  g_autoptr (Watch)          ahead = watch_new ();
  g_autoptr (Watch)          wanted = watch_new ();
  SupportGate                gate;

  support_gate_close (&gate, fixture->engine, DINOSCOPE_LANE_ENCODE);
  start (fixture->engine, study, model, G_PRIORITY_LOW, NULL, ahead);
  start (fixture->engine, study, model, G_PRIORITY_DEFAULT, NULL, wanted);
  ahead->before = &wanted->reply;
  support_gate_open (&gate);
  support_wait (&ahead->reply);
  g_assert_cmpuint (ahead->n_reports, >, 0);
}

/* A picture opens while others are encoded. */
static void
test_open_while_encoding (Fixture *fixture, gconstpointer data)
{
  g_autofree char      *path = test_data ("golden/modes/grey8.png");
  g_autoptr (GFile)     file = g_file_new_for_path (path);
  g_auto (SupportReply) opened = { 0 };
  SupportGate           gate;

  support_gate_close (&gate, fixture->engine, DINOSCOPE_LANE_ENCODE);
  dinoscope_engine_open_async (fixture->engine, file, NULL, FALSE, NULL, support_reply_cb, &opened);
  support_wait (&opened);
  support_gate_open (&gate);
}

static rlim_t
address_space (void)
{
  g_autofree char *text = NULL;

  g_assert_true (g_file_get_contents ("/proc/self/statm", &text, NULL, NULL));
  return g_ascii_strtoull (text, NULL, 10) * sysconf (_SC_PAGESIZE);
}

static void
test_estimate (Fixture *fixture, gconstpointer data)
{
  g_autoptr (DinoscopeModel) model = support_load_checkpoint (fixture->engine, "tiny-1");
  g_autoptr (DinoscopeStudy) study = support_open_formula (fixture->engine, 91, 70);
  g_autoptr (GError)         error = NULL;
  gsize                      output = dinoscope_engine_estimate_memory (fixture->engine, study, model, DINO_KEEP_OUTPUT, &error);
  gsize                      all = dinoscope_engine_estimate_memory (fixture->engine, study, model, KEEP_ALL, &error);

  g_assert_no_error (error);
  /* Three hidden states of 17 tokens and 32 channels more. */
  g_assert_cmpuint (all, >=, output + 3 * 17 * 32 * sizeof (float));
}

/* A quarter of a million patches where half a gigabyte is left. */
static void
test_too_large (Fixture *fixture, gconstpointer data)
{
  const struct dino_preparation large = { .fit = DINO_FIT_CROP, .input_size = 14 * 500 };
  g_autofree char              *path = dinoscope_data_path ("examples", "chest-01.png", NULL);
  g_autoptr (GFile)             file = g_file_new_for_path (path);
  g_autoptr (GError)            error = NULL;
  g_autoptr (DinoscopeModel)    model = support_load_demonstration (fixture->engine);
  g_autoptr (DinoscopeStudy)    study = dinoscope_engine_open (fixture->engine, file, &large, FALSE, NULL, &error);
  g_autoptr (DinoscopeFeatures) features = NULL;
  struct rlimit                 before, lowered;

  g_assert_no_error (error);
  g_assert_cmpint (getrlimit (RLIMIT_AS, &before), ==, 0);
  lowered = before;
  lowered.rlim_cur = address_space () + ((rlim_t) 512 << 20);
  g_assert_cmpint (setrlimit (RLIMIT_AS, &lowered), ==, 0);
  features = dinoscope_engine_encode (fixture->engine, study, model, KEEP_ALL, NULL, NULL, NULL, &error);
  g_assert_cmpint (setrlimit (RLIMIT_AS, &before), ==, 0);
  g_assert_null (features);
  g_assert_error (error, DINOSCOPE_ERROR, DINOSCOPE_ERROR_MEMORY);
  g_assert_nonnull (strstr (error->message, "can be had"));
}

static void
test_isa (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError)          error = NULL;
  g_autoptr (DinoscopeEngine) generic = NULL;
  g_autoptr (DinoscopeEngine) none = NULL;

  g_setenv ("DINOSCOPE_ISA", "generic", TRUE);
  generic = dinoscope_engine_new (1, &error);
  g_assert_no_error (error);
  g_assert_cmpint (dinoscope_engine_get_isa (generic), ==, DINO_ISA_GENERIC);
  {
    g_autoptr (DinoscopeModel)    model = support_load_checkpoint (generic, "tiny-1");
    g_autoptr (DinoscopeStudy)    study = support_open_formula (generic, 91, 70);
    g_autoptr (DinoscopeFeatures) features = dinoscope_engine_encode (generic, study, model, KEEP_ALL, NULL, NULL, NULL, &error);

    g_assert_no_error (error);
    g_assert_cmpstr (dinoscope_features_get_instruction_set (features), ==, "generic");
    check_tiny (features);
  }
  g_setenv ("DINOSCOPE_ISA", "abacus", TRUE);
  none = dinoscope_engine_new (1, &error);
  g_assert_null (none);
  g_assert_error (error, DINOSCOPE_ERROR, DINOSCOPE_ERROR_PARAMETER);
  g_setenv ("DINOSCOPE_ISA", "", TRUE);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/encode/values", Fixture, NULL, set_up, test_values, tear_down);
  g_test_add ("/encode/bytes-keep-features", Fixture, NULL, set_up, test_bytes_keep_features, tear_down);
  g_test_add ("/encode/raw", Fixture, NULL, set_up, test_raw, tear_down);
  g_test_add ("/encode/sizes-and-models", Fixture, NULL, set_up, test_sizes_and_models, tear_down);
  g_test_add ("/encode/async", Fixture, NULL, set_up, test_async, tear_down);
  g_test_add ("/encode/cancel-running", Fixture, NULL, set_up, test_cancel_running, tear_down);
  g_test_add ("/encode/cancel-waiting", Fixture, NULL, set_up, test_cancel_waiting, tear_down);
  g_test_add ("/encode/no-progress-after-cancel", Fixture, NULL, set_up, test_no_progress_after_cancel, tear_down);
  g_test_add ("/encode/cancel-delivered", Fixture, NULL, set_up, test_cancel_delivered, tear_down);
  g_test_add ("/encode/priority", Fixture, NULL, set_up, test_priority, tear_down);
  g_test_add ("/encode/open-while-encoding", Fixture, NULL, set_up, test_open_while_encoding, tear_down);
  g_test_add ("/encode/estimate", Fixture, NULL, set_up, test_estimate, tear_down);
  g_test_add ("/encode/too-large", Fixture, NULL, set_up, test_too_large, tear_down);
  g_test_add ("/encode/isa", Fixture, NULL, set_up, test_isa, tear_down);
  return g_test_run ();
}
