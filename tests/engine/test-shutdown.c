/* Ending an engine that has work: everybody gets an answer, nothing is left running. */
#include "engine-support.h"
#include "scripted-overlay.h"

#define KEEP_ALL (DINO_KEEP_HIDDEN_STATES | DINO_KEEP_CLS_ATTENTION)

/* Shut down at other moments each time. */
#define ROUNDS 60

static DinoscopeModel *model;
static DinoscopeStudy *study;

static DinoscopeEngine *
new_engine (void)
{
  g_autoptr (GError) error = NULL;
  DinoscopeEngine   *engine = dinoscope_engine_new (2, &error);

  g_assert_no_error (error);
  return engine;
}

static void
progress_cb (guint done, guint total, DinoscopeFeatures *partial, gpointer data)
{
  ++*(guint *) data;
}

/* One request of everything; answers are counted. */
typedef struct
{
  SupportReply encode[3], load, open, map, drawing;
  guint        n_reports;
} Requests;

static void
ask_for_everything (DinoscopeEngine *engine, DinoscopeContext *context, Requests *requests)
{
  g_autofree char                     *checkpoint = test_data ("golden/checkpoint/tiny-1");
  g_autofree char                     *path = test_data ("golden/modes/grey8.png");
  g_autoptr (GFile)                    file = g_file_new_for_path (path);
  g_autoptr (DinoscopeOverlayProvider) provider = dinoscope_overlays_find ("pca");
  g_autoptr (DinoscopeMap)             map = scripted_map (context);
  struct dino_map_style                style;

  dino_map_style_init (&style);
  for (gsize i = 0; i < G_N_ELEMENTS (requests->encode); i++)
    dinoscope_engine_encode_async (engine, study, model, KEEP_ALL, i == 1 ? G_PRIORITY_LOW : G_PRIORITY_DEFAULT, NULL, progress_cb, &requests->n_reports, NULL,
                                   support_reply_cb, &requests->encode[i]);
  dinoscope_engine_load_model_async (engine, checkpoint, NULL, NULL, support_reply_cb, &requests->load);
  dinoscope_engine_open_async (engine, file, NULL, FALSE, NULL, support_reply_cb, &requests->open);
  dinoscope_engine_compute_map_async (engine, provider, context, NULL, NULL, support_reply_cb, &requests->map);
  dinoscope_engine_draw_map_async (engine, map, &style, NULL, (struct dino_box){ 0, 0, 640, 640 }, 640, 640, NULL, support_reply_cb, &requests->drawing);
}

static void
assert_answered (DinoscopeEngine *engine, Requests *requests)
{
  SupportReply *all[] = { &requests->encode[0], &requests->encode[1], &requests->encode[2], &requests->load, &requests->open, &requests->map, &requests->drawing };
  guint         n_reports;

  for (gsize i = 0; i < G_N_ELEMENTS (all); i++)
    support_wait (all[i]);
  n_reports = requests->n_reports;
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_cmpuint (requests->n_reports, ==, n_reports);
  for (gsize i = 0; i < G_N_ELEMENTS (all); i++)
    {
      g_autoptr (GError)  error = NULL;
      g_autoptr (GObject) result = NULL;

      g_assert_cmpuint (all[i]->n_calls, ==, 1);
      if (i < 6)
        result = g_task_propagate_pointer (G_TASK (all[i]->result), &error);
      else
        {
          g_autoptr (GBytes) pixels = dinoscope_engine_draw_map_finish (engine, all[i]->result, &error);

          g_assert_true ((pixels == NULL) == (error != NULL));
        }
      if (error != NULL)
        g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
      support_reply_clear (all[i]);
    }
}

static DinoscopeContext *
new_context (DinoscopeEngine *engine)
{
  g_autoptr (DinoscopeModel)    tiny = support_load_checkpoint (engine, "tiny-1");
  g_autoptr (DinoscopeStudy)    formula = support_open_formula (engine, 91, 70);
  g_autoptr (DinoscopeFeatures) features = dinoscope_engine_encode (engine, formula, tiny, KEEP_ALL, NULL, NULL, NULL, NULL);

  return dinoscope_context_new (features, NULL, 0);
}

static void
test_during_work (void)
{
  for (guint round = 0; round < ROUNDS; round++)
    {
      DinoscopeEngine             *engine = new_engine ();
      g_autoptr (DinoscopeContext) context = new_context (engine);
      Requests                     requests = { 0 };
      gint64                       until = g_get_monotonic_time () + 1500 * round;

      ask_for_everything (engine, context, &requests);
      while (g_get_monotonic_time () < until)
        g_main_context_iteration (NULL, FALSE);
      dinoscope_engine_shutdown (engine);
      assert_answered (engine, &requests);
      g_assert_finalize_object (engine);
    }
}

/* Disposing of an engine with work does the same, even though its tasks hold it. */
static void
test_dispose (void)
{
  DinoscopeEngine             *engine = new_engine ();
  g_autoptr (DinoscopeContext) context = new_context (engine);
  Requests                     requests = { 0 };

  ask_for_everything (engine, context, &requests);
  g_object_run_dispose (G_OBJECT (engine));
  assert_answered (engine, &requests);
  g_assert_finalize_object (engine);
}

/* Nobody waits: the last answer takes the engine with it, and its threads end. */
static void
test_forgotten (void)
{
  DinoscopeEngine             *engine = new_engine ();
  g_autoptr (DinoscopeContext) context = new_context (engine);
  gpointer                     guard = engine;
  Requests                     requests = { 0 };

  g_object_add_weak_pointer (G_OBJECT (engine), &guard);
  ask_for_everything (engine, context, &requests);
  g_object_unref (engine);
  support_wait (&requests.encode[1]);
  support_wait (&requests.load);
  support_wait (&requests.encode[2]);
  for (gsize i = 0; i < G_N_ELEMENTS (requests.encode); i++)
    support_reply_clear (&requests.encode[i]);
  support_reply_clear (&requests.load);
  support_wait (&requests.open);
  support_reply_clear (&requests.open);
  support_wait (&requests.map);
  support_reply_clear (&requests.map);
  support_wait (&requests.drawing);
  support_reply_clear (&requests.drawing);
  while (guard != NULL)
    g_main_context_iteration (NULL, FALSE);
}

static void
test_afterwards (void)
{
  DinoscopeEngine             *engine = new_engine ();
  g_autoptr (DinoscopeContext) context = new_context (engine);
  g_autoptr (GError)           error = NULL;
  Requests                     requests = { 0 };

  dinoscope_engine_shutdown (engine);
  dinoscope_engine_shutdown (engine);
  ask_for_everything (engine, context, &requests);
  assert_answered (engine, &requests);
  dinoscope_engine_prefetch_sha256 (engine, model);
  g_assert_null (dinoscope_engine_encode (engine, study, model, KEEP_ALL, NULL, NULL, NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_finalize_object (engine);
}

/* A blocking call on another thread is cancelled, too, and waited for. */
typedef struct
{
  DinoscopeEngine *engine;
  int              begun, down; /* atomic */
} BlockingCall;

static void
linger_cb (guint done, guint total, DinoscopeFeatures *partial, gpointer data)
{
  BlockingCall *call = data;

  g_atomic_int_set (&call->begun, TRUE);
  g_usleep (50000);
  g_assert_false (g_atomic_int_get (&call->down));
}

static gpointer
encode_until_cancelled (gpointer data)
{
  BlockingCall *call = data;

  for (;;)
    {
      g_autoptr (GError)            error = NULL;
      g_autoptr (DinoscopeFeatures) features = dinoscope_engine_encode (call->engine, study, model, KEEP_ALL, NULL, linger_cb, call, &error);

      if (features == NULL)
        return g_steal_pointer (&error);
    }
}

static void
test_blocking_call (void)
{
  BlockingCall       call = { .engine = new_engine () };
  GThread           *thread = g_thread_new ("encode", encode_until_cancelled, &call);
  g_autoptr (GError) error = NULL;

  while (!g_atomic_int_get (&call.begun))
    g_thread_yield ();
  dinoscope_engine_shutdown (call.engine);
  g_atomic_int_set (&call.down, TRUE);
  error = g_thread_join (thread);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_finalize_object (call.engine);
}

/* What a thread of the engine keeps for itself is given back slowly. */
static void
give_back (gpointer data)
{
  g_usleep (100000);
  g_atomic_int_set ((int *) data, TRUE);
}

static GPrivate kept = G_PRIVATE_INIT (give_back);

static DinoscopeMap *
keep (DinoscopeContext *context, GVariant *parameters, GCancellable *cancellable, gpointer data, GError **error)
{
  g_private_set (&kept, data);
  return scripted_map (context);
}

/* Its threads are over, not only their work: a process may end now, or unload the library. */
static void
test_joined (void)
{
  DinoscopeEngine                     *engine = new_engine ();
  g_autoptr (DinoscopeContext)         context = new_context (engine);
  int                                  given_back = FALSE;
  g_autoptr (DinoscopeOverlayProvider) provider = scripted_overlay_new (keep, &given_back);
  SupportReply                         reply = { 0 };

  dinoscope_engine_compute_map_async (engine, provider, context, NULL, NULL, support_reply_cb, &reply);
  support_wait (&reply);
  g_assert_false (g_atomic_int_get (&given_back));
  dinoscope_engine_shutdown (engine);
  g_assert_true (g_atomic_int_get (&given_back));
  support_reply_clear (&reply);
  g_assert_finalize_object (engine);
}

int
main (int argc, char *argv[])
{
  DinoscopeEngine *engine;
  int              result;

  g_test_init (&argc, &argv, NULL);
  engine = new_engine ();
  model = support_load_demonstration (engine);
  study = support_open_example (engine);
  dinoscope_engine_shutdown (engine);
  g_assert_finalize_object (engine);

  g_test_add_func ("/shutdown/during-work", test_during_work);
  g_test_add_func ("/shutdown/dispose", test_dispose);
  g_test_add_func ("/shutdown/forgotten", test_forgotten);
  g_test_add_func ("/shutdown/afterwards", test_afterwards);
  g_test_add_func ("/shutdown/blocking-call", test_blocking_call);
  g_test_add_func ("/shutdown/joined", test_joined);
  result = g_test_run ();
  g_object_unref (model);
  g_object_unref (study);
  return result;
}
