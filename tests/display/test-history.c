/* DinoscopeHistory with sources of the test, and views that are kept. */
#include <gio/gio.h>

#include "app/dinoscope-history.h"
#include "app/dinoscope-kept-views.h"

static const DinoscopeMovement movements[] = {
  { "x", "place" },
  { "y", "place" },
  { "opacity", "opacity" },
  { NULL, NULL },
};

/* A source is an object that keeps its state as data. */
static GVariant *
save (gpointer object)
{
  return g_variant_ref (g_object_get_data (object, "state"));
}

static void
set_state (GObject *object, const char *text)
{
  g_object_set_data_full (object, "state", g_variant_ref_sink (g_variant_new_parsed (text)), (GDestroyNotify) g_variant_unref);
}

static void
restore (gpointer object, GVariant *state)
{
  g_object_set_data_full (object, "state", g_variant_ref (state), (GDestroyNotify) g_variant_unref);
}

static void
assert_state (GObject *object, const char *text)
{
  g_autoptr (GVariant) expected = g_variant_ref_sink (g_variant_new_parsed (text));

  g_assert_cmpvariant (g_object_get_data (object, "state"), expected);
}

static void
settle (void)
{
  while (g_main_context_iteration (NULL, FALSE))
    continue;
}

/* Something is done: one turn of the main loop. */
static void
change (DinoscopeHistory *history, GObject *object, const char *text)
{
  set_state (object, text);
  dinoscope_history_note (history);
  settle ();
}

typedef struct
{
  DinoscopeHistory *history;
  GObject          *one, *other;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->history = dinoscope_history_new ();
  fixture->one = g_object_new (G_TYPE_SIMPLE_ACTION_GROUP, NULL);
  fixture->other = g_object_new (G_TYPE_SIMPLE_ACTION_GROUP, NULL);
  set_state (fixture->one, "@a{sv} {'block': <11>}");
  set_state (fixture->other, "@a{sv} {'x': <0>, 'y': <0>, 'opacity': <0.5>}");
  dinoscope_history_add_source (fixture->history, "one", fixture->one, save, restore, NULL);
  dinoscope_history_add_source (fixture->history, "other", fixture->other, save, restore, movements);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_clear_object (&fixture->history);
  g_clear_object (&fixture->one);
  g_clear_object (&fixture->other);
}

static void
test_steps (Fixture *fixture, gconstpointer data)
{
  g_assert_false (dinoscope_history_can_undo (fixture->history));
  change (fixture->history, fixture->one, "{'block': <10>}");
  change (fixture->history, fixture->one, "{'block': <9>}");
  /* Nothing has changed. */
  change (fixture->history, fixture->one, "{'block': <9>}");
  dinoscope_history_undo (fixture->history);
  assert_state (fixture->one, "{'block': <10>}");
  dinoscope_history_undo (fixture->history);
  assert_state (fixture->one, "{'block': <11>}");
  g_assert_false (dinoscope_history_can_undo (fixture->history));
  dinoscope_history_undo (fixture->history);
  dinoscope_history_redo (fixture->history);
  assert_state (fixture->one, "{'block': <10>}");
  /* Another way forgets what was ahead. */
  change (fixture->history, fixture->one, "{'head': <'mean'>}");
  g_assert_false (dinoscope_history_can_redo (fixture->history));
  dinoscope_history_undo (fixture->history);
  assert_state (fixture->one, "{'block': <10>}");
}

/* A turn of the main loop is a step, whatever changed in it, and what was not recorded yet can be undone. */
static void
test_turn (Fixture *fixture, gconstpointer data)
{
  set_state (fixture->one, "{'block': <3>}");
  dinoscope_history_note (fixture->history);
  set_state (fixture->other, "{'x': <1>, 'y': <0>, 'opacity': <0.5>}");
  dinoscope_history_note (fixture->history);
  dinoscope_history_undo (fixture->history);
  assert_state (fixture->one, "{'block': <11>}");
  assert_state (fixture->other, "{'x': <0>, 'y': <0>, 'opacity': <0.5>}");
}

static void
test_movement (Fixture *fixture, gconstpointer data)
{
  change (fixture->history, fixture->other, "{'x': <1>, 'y': <0>, 'opacity': <0.5>}");
  change (fixture->history, fixture->other, "{'x': <1>, 'y': <5>, 'opacity': <0.5>}");
  change (fixture->history, fixture->other, "{'y': <6>, 'opacity': <0.5>}");
  change (fixture->history, fixture->other, "{'y': <6>, 'opacity': <0.6>}");
  change (fixture->history, fixture->other, "{'y': <6>, 'opacity': <0.7>}");
  /* More than one group is not a movement. */
  change (fixture->history, fixture->other, "{'y': <7>, 'opacity': <0.8>}");
  dinoscope_history_undo (fixture->history);
  assert_state (fixture->other, "{'y': <6>, 'opacity': <0.7>}");
  dinoscope_history_undo (fixture->history);
  assert_state (fixture->other, "{'y': <6>, 'opacity': <0.5>}");
  dinoscope_history_undo (fixture->history);
  assert_state (fixture->other, "{'x': <0>, 'y': <0>, 'opacity': <0.5>}");
  g_assert_false (dinoscope_history_can_undo (fixture->history));
}

static void
test_hold (Fixture *fixture, gconstpointer data)
{
  dinoscope_history_hold (fixture->history);
  for (int i = 0; i < 5; i++)
    {
      g_autofree char *text = g_strdup_printf ("{'block': <%d>}", i);

      change (fixture->history, fixture->one, text);
      g_assert_false (dinoscope_history_can_undo (fixture->history));
    }
  dinoscope_history_release (fixture->history);
  dinoscope_history_undo (fixture->history);
  assert_state (fixture->one, "{'block': <11>}");
  g_assert_false (dinoscope_history_can_undo (fixture->history));
}

static void
test_absorb_and_forget (Fixture *fixture, gconstpointer data)
{
  change (fixture->history, fixture->one, "{'block': <10>}");
  set_state (fixture->one, "{'block': <5>}");
  dinoscope_history_note (fixture->history);
  dinoscope_history_absorb (fixture->history);
  settle ();
  dinoscope_history_undo (fixture->history);
  assert_state (fixture->one, "{'block': <11>}");
  dinoscope_history_redo (fixture->history);
  assert_state (fixture->one, "{'block': <5>}");
  dinoscope_history_forget (fixture->history);
  g_assert_false (dinoscope_history_can_undo (fixture->history));
}

/* A state that was kept is one step, and sources that it does not have stay. */
static void
test_kept_state (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GVariant) kept = dinoscope_history_dup_state (fixture->history);
  g_autoptr (GVariant) part = g_variant_ref_sink (g_variant_new_parsed ("{'one': <{'block': <2>}>}"));

  change (fixture->history, fixture->one, "{'block': <1>}");
  change (fixture->history, fixture->other, "{'x': <9>}");
  dinoscope_history_take_state (fixture->history, kept);
  assert_state (fixture->one, "{'block': <11>}");
  assert_state (fixture->other, "{'x': <0>, 'y': <0>, 'opacity': <0.5>}");
  dinoscope_history_undo (fixture->history);
  assert_state (fixture->one, "{'block': <1>}");
  assert_state (fixture->other, "{'x': <9>}");
  dinoscope_history_take_state (fixture->history, part);
  assert_state (fixture->one, "{'block': <2>}");
  assert_state (fixture->other, "{'x': <9>}");
}

/* There is an end to what is remembered, and a source may be gone. */
static void
test_limits (Fixture *fixture, gconstpointer data)
{
  guint steps = 0;

  for (int i = 0; i < 1000; i++)
    {
      g_autofree char *text = g_strdup_printf ("{'block': <%d>}", 100 + i);

      change (fixture->history, fixture->one, text);
    }
  while (dinoscope_history_can_undo (fixture->history))
    {
      dinoscope_history_undo (fixture->history);
      steps++;
    }
  g_assert_cmpuint (steps, >=, 100);
  g_assert_cmpuint (steps, <, 1000);
  g_clear_object (&fixture->other);
  dinoscope_history_redo (fixture->history);
}

static void
count_down (gpointer count)
{
  --*(guint *) count;
}

/* States that are alive, floating ones and others. */
static guint states[2];

static GVariant *
save_counted (gpointer object)
{
  static const char empty[1];
  const guint       kind = GPOINTER_TO_UINT (g_object_get_data (object, "kind"));
  GVariant         *state = g_variant_new_from_data (G_VARIANT_TYPE_VARDICT, empty, 0, TRUE, count_down, &states[kind]);

  states[kind]++;
  return kind == 0 ? state : g_variant_ref_sink (state);
}

static void
test_no_leak (Fixture *fixture, gconstpointer data)
{
  g_object_set_data (fixture->other, "kind", GUINT_TO_POINTER (1));
  dinoscope_history_add_source (fixture->history, "floating", fixture->one, save_counted, restore, NULL);
  dinoscope_history_add_source (fixture->history, "full", fixture->other, save_counted, restore, NULL);
  for (guint i = 0; i < 10; i++)
    {
      dinoscope_history_absorb (fixture->history);
      change (fixture->history, fixture->one, i % 2 == 0 ? "@a{sv} {'block': <1>}" : "@a{sv} {'block': <2>}");
    }
  g_assert_cmpuint (states[0], >, 0);
  g_clear_object (&fixture->history);
  g_assert_cmpuint (states[0], ==, 0);
  g_assert_cmpuint (states[1], ==, 0);
}

/* Of pictures that were shown and have no view nothing is kept. */
static void
test_no_empty_lists (Fixture *fixture, gconstpointer data)
{
  DinoscopeKeptViews    *views = dinoscope_kept_views_new ();
  g_autoptr (GVariant)   state = g_variant_ref_sink (g_variant_new_parsed ("@a{sv} {}"));
  g_autoptr (GListModel) used = g_object_ref (dinoscope_kept_views_get_list (views, "used"));
  gpointer               idle = dinoscope_kept_views_get_list (views, "idle");

  g_object_add_weak_pointer (idle, &idle);
  dinoscope_kept_views_add (views, "full", "A view", state);
  g_assert_null (idle);
  g_assert_true (dinoscope_kept_views_get_list (views, "used") == used);
  dinoscope_kept_views_get_list (views, "another");
  g_assert_cmpuint (g_list_model_get_n_items (dinoscope_kept_views_get_list (views, "full")), ==, 1);
  dinoscope_kept_views_free (views);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(name, test) g_test_add ("/history/" name, Fixture, NULL, set_up, test, tear_down)
  ADD ("steps", test_steps);
  ADD ("turn", test_turn);
  ADD ("movement", test_movement);
  ADD ("hold", test_hold);
  ADD ("absorb-and-forget", test_absorb_and_forget);
  ADD ("kept-state", test_kept_state);
  ADD ("limits", test_limits);
  ADD ("no-leak", test_no_leak);
  ADD ("no-empty-lists", test_no_empty_lists);
#undef ADD
  return g_test_run ();
}
