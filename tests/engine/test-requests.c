/* Requests for maps: one runs, one waits, newer ones replace older ones. */
#include "engine-support.h"
#include "scripted-overlay.h"

#include "core/base/memory.h"

/* A provider that says when it has begun and goes on until it is let go or cancelled. */
typedef struct
{
  GMutex   lock;
  GCond    changed;
  guint    n_started;
  gboolean open;
  gboolean stubborn; /* cancelling does not open it */
  guint    n_cancelled;
} Gate;

typedef struct
{
  DinoscopeEngine          *engine;
  DinoscopeContext         *context;
  DinoscopeOverlayProvider *provider;
  Gate                      gate;
} Fixture;

static void
cancelled_cb (GCancellable *cancellable, Gate *gate)
{
  g_mutex_lock (&gate->lock);
  gate->n_cancelled++;
  g_cond_broadcast (&gate->changed);
  g_mutex_unlock (&gate->lock);
}

static DinoscopeMap *
wait_at_gate (DinoscopeContext *context, GVariant *parameters, GCancellable *cancellable, gpointer data, GError **error)
{
  Gate  *gate = data;
  gulong handler = g_cancellable_connect (cancellable, G_CALLBACK (cancelled_cb), gate, NULL);

  g_mutex_lock (&gate->lock);
  gate->n_started++;
  g_cond_broadcast (&gate->changed);
  while (!gate->open && (gate->stubborn || !g_cancellable_is_cancelled (cancellable)))
    g_cond_wait (&gate->changed, &gate->lock);
  g_mutex_unlock (&gate->lock);
  g_cancellable_disconnect (cancellable, handler);
  /* Cancelled or not, a map is returned: the engine must know better. */
  return scripted_map (context);
}

static void
wait_until_started (Gate *gate, guint n)
{
  g_mutex_lock (&gate->lock);
  while (gate->n_started < n)
    g_cond_wait (&gate->changed, &gate->lock);
  g_mutex_unlock (&gate->lock);
}

static void
open_gate (Gate *gate)
{
  g_mutex_lock (&gate->lock);
  gate->open = TRUE;
  g_cond_broadcast (&gate->changed);
  g_mutex_unlock (&gate->lock);
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
  fixture->provider = scripted_overlay_new (wait_at_gate, &fixture->gate);
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
  g_mutex_clear (&fixture->gate.lock);
  g_cond_clear (&fixture->gate.changed);
}

static void
request (Fixture *fixture, GCancellable *cancellable, SupportReply *reply)
{
  dinoscope_engine_compute_map_async (fixture->engine, fixture->provider, fixture->context, NULL, cancellable, support_reply_cb, reply);
}

static void
assert_map (Fixture *fixture, SupportReply *reply)
{
  g_autoptr (GError)       error = NULL;
  g_autoptr (DinoscopeMap) map = dinoscope_engine_compute_map_finish (fixture->engine, support_wait (reply), &error);

  g_assert_no_error (error);
  g_assert_cmpint (dinoscope_map_get_width (map), ==, 4);
}

static void
assert_cancelled (Fixture *fixture, SupportReply *reply)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (dinoscope_engine_compute_map_finish (fixture->engine, support_wait (reply), &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpuint (reply->n_calls, ==, 1);
}

static void
test_one (Fixture *fixture, gconstpointer data)
{
  g_auto (SupportReply) reply = { 0 };

  open_gate (&fixture->gate);
  request (fixture, NULL, &reply);
  assert_map (fixture, &reply);
}

/* The newest wins: of many only the first, which runs already, and the last are begun. */
static void
test_newest_wins (Fixture *fixture, gconstpointer data)
{
  SupportReply replies[20] = { 0 };
  const gsize  last = G_N_ELEMENTS (replies) - 1;

  fixture->gate.stubborn = TRUE;
  request (fixture, NULL, &replies[0]);
  wait_until_started (&fixture->gate, 1);
  for (gsize i = 1; i <= last; i++)
    request (fixture, NULL, &replies[i]);
  for (gsize i = 1; i < last; i++)
    assert_cancelled (fixture, &replies[i]);
  open_gate (&fixture->gate);
  assert_cancelled (fixture, &replies[0]);
  assert_map (fixture, &replies[last]);
  g_assert_cmpuint (fixture->gate.n_started, ==, 2);
  for (gsize i = 0; i <= last; i++)
    support_reply_clear (&replies[i]);
}

/* A map that was finished but not fetched when the next one was asked for is stale. */
static void
test_stale_result (Fixture *fixture, gconstpointer data)
{
  g_auto (SupportReply) first = { 0 };
  g_auto (SupportReply) second = { 0 };

  open_gate (&fixture->gate);
  request (fixture, NULL, &first);
  wait_until_started (&fixture->gate, 1);
  request (fixture, NULL, &second);
  assert_map (fixture, &second);
  support_wait (&first);
  g_assert_cmpuint (first.n_calls, ==, 1);
}

static void
test_caller_cancels (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GCancellable) running = g_cancellable_new ();
  g_autoptr (GCancellable) idle = g_cancellable_new ();
  g_auto (SupportReply)    first = { 0 };
  g_auto (SupportReply)    second = { 0 };
  g_auto (SupportReply)    third = { 0 };

  request (fixture, running, &first);
  wait_until_started (&fixture->gate, 1);
  g_cancellable_cancel (running);
  assert_cancelled (fixture, &first);
  g_assert_cmpuint (fixture->gate.n_cancelled, ==, 1);

  g_cancellable_cancel (idle);
  request (fixture, idle, &second);
  assert_cancelled (fixture, &second);
  open_gate (&fixture->gate);
  request (fixture, NULL, &third);
  assert_map (fixture, &third);
}

/* A request of our own does not cancel the caller's cancellable. */
static void
test_cancellable_is_not_touched (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_auto (SupportReply)    first = { 0 };
  g_auto (SupportReply)    second = { 0 };

  request (fixture, cancellable, &first);
  wait_until_started (&fixture->gate, 1);
  request (fixture, cancellable, &second);
  assert_cancelled (fixture, &first);
  g_assert_false (g_cancellable_is_cancelled (cancellable));
  open_gate (&fixture->gate);
  assert_map (fixture, &second);
}

/* Each view has a cancellable of its own, and both get their map. */
static void
test_views_do_not_replace_each_other (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GCancellable) one = g_cancellable_new ();
  g_autoptr (GCancellable) other = g_cancellable_new ();
  g_auto (SupportReply)    first = { 0 };
  g_auto (SupportReply)    second = { 0 };
  g_auto (SupportReply)    third = { 0 };

  request (fixture, one, &first);
  wait_until_started (&fixture->gate, 1);
  request (fixture, other, &second);
  request (fixture, NULL, &third);
  open_gate (&fixture->gate);
  assert_map (fixture, &first);
  assert_map (fixture, &second);
  assert_map (fixture, &third);
}

static void
draw (Fixture *fixture, DinoscopeMap *map, DinoscopeStudy *study, enum dino_smooth smooth, SupportReply *reply)
{
  struct dino_map_style style;

  dino_map_style_init (&style);
  style.smooth = smooth;
  dinoscope_engine_draw_map_async (fixture->engine, map, &style, study, (struct dino_box){ 0, 0, 91, 70 }, 91, 70, NULL, support_reply_cb, reply);
}

static GBytes *
fetch_drawing (Fixture *fixture, SupportReply *reply)
{
  g_autoptr (GError) error = NULL;
  GBytes            *pixels = dinoscope_engine_draw_map_finish (fixture->engine, support_wait (reply), &error);

  g_assert_no_error (error);
  return pixels;
}

/* The same bytes as core's function gives. */
static void
test_draw (Fixture *fixture, gconstpointer data)
{
  g_autoptr (DinoscopeMap)   map = scripted_map (fixture->context);
  g_autoptr (DinoscopeStudy) study = support_open_formula (fixture->engine, 91, 70);
  g_auto (SupportReply)      reply = { 0 };
  g_autofree guint8         *expected = g_malloc (91 * 70 * 4);
  g_autoptr (GBytes)         pixels = NULL;
  struct dino_map_style      style;
  struct dino_error          failure = { 0 };
  int                        width, height;
  const guint8              *display = dinoscope_study_get_display (study, &width, &height, NULL);

  dino_map_style_init (&style);
  style.smooth = DINO_SMOOTH_GUIDED;
  g_assert_true (dino_map_draw (dinoscope_map_get_core (map), &style, display, width, height, (struct dino_box){ 0, 0, 91, 70 }, expected, 91, 70, NULL, &failure));
  draw (fixture, map, study, DINO_SMOOTH_GUIDED, &reply);
  pixels = fetch_drawing (fixture, &reply);
  g_assert_cmpmem (g_bytes_get_data (pixels, NULL), g_bytes_get_size (pixels), expected, 91 * 70 * 4);
}

static void
test_draw_fails (Fixture *fixture, gconstpointer data)
{
  g_autoptr (DinoscopeMap) map = scripted_map (fixture->context);
  g_auto (SupportReply)    reply = { 0 };
  g_autoptr (GError)       error = NULL;

  draw (fixture, map, NULL, DINO_SMOOTH_GUIDED, &reply);
  g_assert_null (dinoscope_engine_draw_map_finish (fixture->engine, support_wait (&reply), &error));
  g_assert_nonnull (error);
  g_assert_cmpint (error->domain, ==, DINOSCOPE_ERROR);
}

/* Maps and drawings replace their own kind only. */
static void
test_two_kinds (Fixture *fixture, gconstpointer data)
{
  g_autoptr (DinoscopeMap) map = scripted_map (fixture->context);
  g_auto (SupportReply)    computing = { 0 };
  g_auto (SupportReply)    stale = { 0 };
  g_auto (SupportReply)    drawing = { 0 };
  g_autoptr (GBytes)       pixels = NULL;
  g_autoptr (GError)       error = NULL;

  request (fixture, NULL, &computing);
  wait_until_started (&fixture->gate, 1);
  draw (fixture, map, NULL, DINO_SMOOTH_CELLS, &stale);
  draw (fixture, map, NULL, DINO_SMOOTH_CELLS, &drawing);
  g_assert_null (dinoscope_engine_draw_map_finish (fixture->engine, support_wait (&stale), &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_null (computing.result);
  open_gate (&fixture->gate);
  assert_map (fixture, &computing);
  pixels = fetch_drawing (fixture, &drawing);
  g_assert_cmpuint (g_bytes_get_size (pixels), ==, 91 * 70 * 4);
}

/* Callbacks come on the main context of whoever asked. */
static gpointer
ask_from_thread (gpointer data)
{
  Fixture      *fixture = data;
  GMainContext *context = g_main_context_new ();
  SupportReply  reply = { 0 };

  g_main_context_push_thread_default (context);
  request (fixture, NULL, &reply);
  while (reply.result == NULL)
    g_main_context_iteration (context, TRUE);
  assert_map (fixture, &reply);
  support_reply_clear (&reply);
  g_main_context_pop_thread_default (context);
  g_main_context_unref (context);
  return NULL;
}

static void
test_other_context (Fixture *fixture, gconstpointer data)
{
  open_gate (&fixture->gate);
  g_thread_join (g_thread_new ("caller", ask_from_thread, fixture));
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/requests/one", Fixture, NULL, set_up, test_one, tear_down);
  g_test_add ("/requests/newest-wins", Fixture, NULL, set_up, test_newest_wins, tear_down);
  g_test_add ("/requests/stale-result", Fixture, NULL, set_up, test_stale_result, tear_down);
  g_test_add ("/requests/caller-cancels", Fixture, NULL, set_up, test_caller_cancels, tear_down);
  g_test_add ("/requests/cancellable-is-not-touched", Fixture, NULL, set_up, test_cancellable_is_not_touched, tear_down);
  g_test_add ("/requests/views-do-not-replace-each-other", Fixture, NULL, set_up, test_views_do_not_replace_each_other, tear_down);
  g_test_add ("/requests/draw", Fixture, NULL, set_up, test_draw, tear_down);
  g_test_add ("/requests/draw-fails", Fixture, NULL, set_up, test_draw_fails, tear_down);
  g_test_add ("/requests/two-kinds", Fixture, NULL, set_up, test_two_kinds, tear_down);
  g_test_add ("/requests/other-context", Fixture, NULL, set_up, test_other_context, tear_down);
  return g_test_run ();
}
