/* Several maps in one request: in order, behind the main map, replaced and cancelled as a whole. */
#include "engine-support.h"
#include "scripted-overlay.h"

typedef struct
{
  GMutex   lock;
  GCond    changed;
  GString *computed; /* what was computed, a letter each */
  gboolean closed;   /* whoever computes waits */
  guint    n_waiting;

  GCancellable *cancellable; /* of whoever waits */
} Gate;

typedef struct
{
  DinoscopeEngine          *engine;
  DinoscopeContext         *context;
  DinoscopeOverlayProvider *provider; /* of the several */
  DinoscopeOverlayProvider *main_provider;
  Gate                      gate;
  GString                  *delivered;
  GString                  *refused;
} Fixture;

static void
pass_gate (Gate *gate, char letter, GCancellable *cancellable)
{
  g_mutex_lock (&gate->lock);
  gate->n_waiting++;
  gate->cancellable = cancellable;
  g_cond_broadcast (&gate->changed);
  while (gate->closed)
    g_cond_wait (&gate->changed, &gate->lock);
  gate->n_waiting--;
  g_string_append_c (gate->computed, letter);
  g_mutex_unlock (&gate->lock);
}

static void
wait_for_somebody (Gate *gate)
{
  g_mutex_lock (&gate->lock);
  while (gate->n_waiting == 0)
    g_cond_wait (&gate->changed, &gate->lock);
  g_mutex_unlock (&gate->lock);
}

static void
set_closed (Gate *gate, gboolean closed)
{
  g_mutex_lock (&gate->lock);
  gate->closed = closed;
  g_cond_broadcast (&gate->changed);
  g_mutex_unlock (&gate->lock);
}

static DinoscopeMap *
compute_small (DinoscopeContext *context, GVariant *parameters, GCancellable *cancellable, gpointer data, GError **error)
{
  pass_gate (data, 's', cancellable);
  return scripted_map (context);
}

static DinoscopeMap *
compute_main (DinoscopeContext *context, GVariant *parameters, GCancellable *cancellable, gpointer data, GError **error)
{
  pass_gate (data, 'M', cancellable);
  return scripted_map (context);
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError)            error = NULL;
  g_autoptr (DinoscopeModel)    model = NULL;
  g_autoptr (DinoscopeStudy)    study = NULL;
  g_autoptr (DinoscopeFeatures) features = NULL;

  fixture->engine = dinoscope_engine_new (2, &error);
  g_assert_no_error (error);
  model = support_load_checkpoint (fixture->engine, "tiny-1");
  study = support_open_formula (fixture->engine, 91, 70);
  features = dinoscope_engine_encode (fixture->engine, study, model, DINO_KEEP_OUTPUT, NULL, NULL, NULL, &error);
  g_assert_no_error (error);
  fixture->context = dinoscope_context_new (features, NULL, 0);
  fixture->provider = scripted_overlay_new (compute_small, &fixture->gate);
  fixture->main_provider = scripted_overlay_new (compute_main, &fixture->gate);
  fixture->gate.computed = g_string_new (NULL);
  fixture->delivered = g_string_new (NULL);
  fixture->refused = g_string_new (NULL);
  g_mutex_init (&fixture->gate.lock);
  g_cond_init (&fixture->gate.changed);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  dinoscope_engine_shutdown (fixture->engine);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_finalize_object (fixture->engine);
  g_assert_finalize_object (fixture->context);
  g_assert_finalize_object (fixture->provider);
  g_assert_finalize_object (fixture->main_provider);
  g_string_free (fixture->gate.computed, TRUE);
  g_string_free (fixture->delivered, TRUE);
  g_string_free (fixture->refused, TRUE);
  g_mutex_clear (&fixture->gate.lock);
  g_cond_clear (&fixture->gate.changed);
}

static void
delivery_cb (guint index, DinoscopeMap *map, const GError *error, gpointer data)
{
  Fixture *fixture = data;

  g_assert_true ((map == NULL) == (error != NULL));
  g_string_append_printf (map != NULL ? fixture->delivered : fixture->refused, "%u", index);
}

/* Of the parameters only "refused" is wrong: the overlay has none of that name. */
static GPtrArray *
make_parameters (guint n, int refused)
{
  GPtrArray *parameters = g_ptr_array_new_with_free_func ((GDestroyNotify) g_variant_unref);

  for (int i = 0; i < (int) n; i++)
    g_ptr_array_add (parameters, g_variant_ref_sink (g_variant_new_parsed (i == refused ? "{'unknown': <1>}" : "@a{sv} {}")));
  return parameters;
}

static void
request_several (Fixture *fixture, guint n, int refused, GCancellable *cancellable, SupportReply *reply)
{
  g_autoptr (GPtrArray) parameters = make_parameters (n, refused);

  dinoscope_engine_compute_maps_async (fixture->engine, fixture->provider, fixture->context, parameters, cancellable, delivery_cb, fixture, support_reply_cb, reply);
}

static void
request_main (Fixture *fixture, SupportReply *reply)
{
  dinoscope_engine_compute_map_async (fixture->engine, fixture->main_provider, fixture->context, NULL, NULL, support_reply_cb, reply);
}

static void
assert_done (Fixture *fixture, SupportReply *reply)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (dinoscope_engine_compute_maps_finish (fixture->engine, support_wait (reply), &error));
  g_assert_no_error (error);
  g_assert_cmpuint (reply->n_calls, ==, 1);
}

static void
assert_cancelled (Fixture *fixture, SupportReply *reply)
{
  g_autoptr (GError) error = NULL;

  g_assert_false (dinoscope_engine_compute_maps_finish (fixture->engine, support_wait (reply), &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpuint (reply->n_calls, ==, 1);
}

static void
assert_main (Fixture *fixture, SupportReply *reply)
{
  g_autoptr (GError)       error = NULL;
  g_autoptr (DinoscopeMap) map = dinoscope_engine_compute_map_finish (fixture->engine, support_wait (reply), &error);

  g_assert_no_error (error);
  g_assert_nonnull (map);
}

static void
test_order (Fixture *fixture, gconstpointer data)
{
  g_auto (SupportReply) reply = { 0 };

  request_several (fixture, 5, -1, NULL, &reply);
  assert_done (fixture, &reply);
  g_assert_cmpstr (fixture->delivered->str, ==, "01234");
}

static void
test_none (Fixture *fixture, gconstpointer data)
{
  g_auto (SupportReply) reply = { 0 };

  request_several (fixture, 0, -1, NULL, &reply);
  assert_done (fixture, &reply);
  g_assert_cmpstr (fixture->delivered->str, ==, "");
}

/* One that cannot be computed does not keep the others away. */
static void
test_one_is_refused (Fixture *fixture, gconstpointer data)
{
  g_auto (SupportReply) reply = { 0 };

  request_several (fixture, 4, 1, NULL, &reply);
  assert_done (fixture, &reply);
  g_assert_cmpstr (fixture->delivered->str, ==, "023");
  g_assert_cmpstr (fixture->refused->str, ==, "1");
}

/* The main map waits for the one that runs, and for no other. */
static void
test_main_map_first (Fixture *fixture, gconstpointer data)
{
  g_auto (SupportReply) several = { 0 };
  g_auto (SupportReply) first = { 0 };

  set_closed (&fixture->gate, TRUE);
  request_several (fixture, 4, -1, NULL, &several);
  wait_for_somebody (&fixture->gate);
  request_main (fixture, &first);
  set_closed (&fixture->gate, FALSE);
  assert_main (fixture, &first);
  assert_done (fixture, &several);
  g_assert_cmpstr (fixture->gate.computed->str, ==, "sMsss");
  g_assert_cmpstr (fixture->delivered->str, ==, "0123");
}

static void
test_replaced (Fixture *fixture, gconstpointer data)
{
  g_auto (SupportReply) older = { 0 };
  g_auto (SupportReply) newer = { 0 };

  set_closed (&fixture->gate, TRUE);
  request_several (fixture, 5, -1, NULL, &older);
  wait_for_somebody (&fixture->gate);
  request_several (fixture, 2, -1, NULL, &newer);
  set_closed (&fixture->gate, FALSE);
  assert_cancelled (fixture, &older);
  assert_done (fixture, &newer);
  g_assert_cmpstr (fixture->delivered->str, ==, "01");
  g_assert_cmpstr (fixture->gate.computed->str, ==, "sss");
}

static void
test_cancelled (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_auto (SupportReply)    reply = { 0 };

  set_closed (&fixture->gate, TRUE);
  request_several (fixture, 5, -1, cancellable, &reply);
  wait_for_somebody (&fixture->gate);
  g_cancellable_cancel (cancellable);
  set_closed (&fixture->gate, FALSE);
  assert_cancelled (fixture, &reply);
  g_assert_cmpstr (fixture->delivered->str, ==, "");
  g_assert_cmpstr (fixture->gate.computed->str, ==, "s");
}

static gpointer
open_when_cancelled (gpointer data)
{
  Gate *gate = data;

  while (!g_cancellable_is_cancelled (gate->cancellable))
    g_usleep (1000);
  set_closed (gate, FALSE);
  return NULL;
}

/* Shutting down ends what is left. */
static void
test_shutdown (Fixture *fixture, gconstpointer data)
{
  g_auto (SupportReply) reply = { 0 };
  GThread              *opener;

  set_closed (&fixture->gate, TRUE);
  request_several (fixture, 5, -1, NULL, &reply);
  wait_for_somebody (&fixture->gate);
  opener = g_thread_new ("opener", open_when_cancelled, &fixture->gate);
  dinoscope_engine_shutdown (fixture->engine);
  g_thread_join (opener);
  assert_cancelled (fixture, &reply);
  g_assert_cmpstr (fixture->gate.computed->str, ==, "s");
}

/* Progress of the main map comes before its end. */
static void
progress_cb (double done, gpointer data)
{
  g_array_append_val ((GArray *) data, done);
}

static void
test_progress (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GArray)    told = g_array_new (FALSE, FALSE, sizeof (double));
  g_auto (SupportReply) reply = { 0 };

  dinoscope_engine_compute_map_with_progress_async (fixture->engine, fixture->provider, fixture->context, NULL, NULL, progress_cb, told, NULL, support_reply_cb, &reply);
  assert_main (fixture, &reply);
  g_assert_cmpuint (told->len, >, 0);
  for (guint i = 1; i < told->len; i++)
    g_assert_cmpfloat (g_array_index (told, double, i), >, g_array_index (told, double, i - 1));
  g_assert_cmpfloat (g_array_index (told, double, told->len - 1), ==, 1);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/maps/order", Fixture, NULL, set_up, test_order, tear_down);
  g_test_add ("/maps/none", Fixture, NULL, set_up, test_none, tear_down);
  g_test_add ("/maps/one-is-refused", Fixture, NULL, set_up, test_one_is_refused, tear_down);
  g_test_add ("/maps/main-map-first", Fixture, NULL, set_up, test_main_map_first, tear_down);
  g_test_add ("/maps/replaced", Fixture, NULL, set_up, test_replaced, tear_down);
  g_test_add ("/maps/cancelled", Fixture, NULL, set_up, test_cancelled, tear_down);
  g_test_add ("/maps/shutdown", Fixture, NULL, set_up, test_shutdown, tear_down);
  g_test_add ("/maps/progress", Fixture, NULL, set_up, test_progress, tear_down);
  return g_test_run ();
}
