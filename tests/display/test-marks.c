/* Cursor, pins and similar patches of a picture. */
#include <gio/gio.h>

#include "app/dinoscope-marks.h"

static void
count_cb (guint *count)
{
  (*count)++;
}

typedef struct
{
  DinoscopeMarks *marks;
  guint           cursor, pins, similar;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->marks = dinoscope_marks_new ();
  dinoscope_marks_set_grid (fixture->marks, 10, 12);
  g_signal_connect_swapped (fixture->marks, "cursor-changed", G_CALLBACK (count_cb), &fixture->cursor);
  g_signal_connect_swapped (fixture->marks, "pins-changed", G_CALLBACK (count_cb), &fixture->pins);
  g_signal_connect_swapped (fixture->marks, "similar-changed", G_CALLBACK (count_cb), &fixture->similar);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_clear_object (&fixture->marks);
}

static void
assert_pins (Fixture *fixture, const char *expected)
{
  g_autoptr (GVariant) pins = dinoscope_marks_dup_pins (fixture->marks);
  g_autofree char     *text = g_variant_print (pins, FALSE);

  g_assert_cmpstr (text, ==, expected);
}

static void
test_cursor (Fixture *fixture, gconstpointer data)
{
  DinoscopePatch patch;

  g_assert_false (dinoscope_marks_get_cursor (fixture->marks, &patch));
  dinoscope_marks_set_cursor (fixture->marks, 9, 11);
  dinoscope_marks_set_cursor (fixture->marks, 9, 11);
  g_assert_true (dinoscope_marks_get_cursor (fixture->marks, &patch));
  g_assert_cmpint (patch.row, ==, 9);
  g_assert_cmpint (patch.column, ==, 11);
  g_assert_cmpuint (fixture->cursor, ==, 1);
  dinoscope_marks_set_cursor (fixture->marks, 9, 12);
  g_assert_false (dinoscope_marks_get_cursor (fixture->marks, &patch));
  g_assert_cmpuint (fixture->cursor, ==, 2);
}

static void
test_pins (Fixture *fixture, gconstpointer data)
{
  dinoscope_marks_toggle_pin (fixture->marks, 3, 4);
  dinoscope_marks_toggle_pin (fixture->marks, 1, 2);
  dinoscope_marks_toggle_pin (fixture->marks, 5, 5);
  dinoscope_marks_toggle_pin (fixture->marks, 10, 0);
  assert_pins (fixture, "[(3, 4), (1, 2), (5, 5)]");
  g_assert_cmpint (dinoscope_marks_find_pin (fixture->marks, 5, 5), ==, 2);
  g_assert_cmpint (dinoscope_marks_find_pin (fixture->marks, 4, 3), ==, -1);
  dinoscope_marks_toggle_pin (fixture->marks, 1, 2);
  assert_pins (fixture, "[(3, 4), (5, 5)]");
  g_assert_cmpuint (fixture->pins, ==, 4);
  dinoscope_marks_clear_pins (fixture->marks);
  dinoscope_marks_clear_pins (fixture->marks);
  g_assert_cmpuint (fixture->pins, ==, 5);
}

/* A smaller grid keeps what lies in it. */
static void
test_grid (Fixture *fixture, gconstpointer data)
{
  const DinoscopeSimilarPatch similar[] = { { { 1, 1 }, 0.9 }, { { 2, 8 }, 0.8 } };
  DinoscopePatch              patch;

  dinoscope_marks_toggle_pin (fixture->marks, 3, 4);
  dinoscope_marks_toggle_pin (fixture->marks, 9, 1);
  dinoscope_marks_set_cursor (fixture->marks, 3, 11);
  dinoscope_marks_set_similar (fixture->marks, (DinoscopePatch){ 3, 4 }, similar, 2);
  g_assert_cmpuint (dinoscope_marks_get_n_similar (fixture->marks), ==, 2);
  g_assert_cmpint (dinoscope_marks_get_similar (fixture->marks, 1).patch.column, ==, 8);
  dinoscope_marks_set_grid (fixture->marks, 5, 5);
  assert_pins (fixture, "[(3, 4)]");
  g_assert_false (dinoscope_marks_get_cursor (fixture->marks, &patch));
  g_assert_cmpuint (dinoscope_marks_get_n_similar (fixture->marks), ==, 0);
  dinoscope_marks_clear (fixture->marks);
  assert_pins (fixture, "[]");
}

static void
test_state (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GVariant) empty = dinoscope_marks_dup_state (fixture->marks);
  g_autoptr (GVariant) full = NULL;
  g_autoptr (GVariant) strange = g_variant_ref_sink (g_variant_new_parsed ("{'pins': <[(1, 1), (1, 1), (99, 0), (-1, 3)]>, 'cursor': <(7, 70)>}"));
  DinoscopePatch       patch;

  dinoscope_marks_toggle_pin (fixture->marks, 3, 4);
  dinoscope_marks_toggle_pin (fixture->marks, 0, 0);
  dinoscope_marks_set_cursor (fixture->marks, 2, 2);
  full = dinoscope_marks_dup_state (fixture->marks);
  dinoscope_marks_restore (fixture->marks, empty);
  assert_pins (fixture, "[]");
  g_assert_false (dinoscope_marks_get_cursor (fixture->marks, &patch));
  dinoscope_marks_restore (fixture->marks, full);
  assert_pins (fixture, "[(3, 4), (0, 0)]");
  g_assert_true (dinoscope_marks_get_cursor (fixture->marks, &patch));
  dinoscope_marks_restore (fixture->marks, strange);
  assert_pins (fixture, "[(1, 1)]");
  g_assert_false (dinoscope_marks_get_cursor (fixture->marks, &patch));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(name, test) g_test_add ("/marks/" name, Fixture, NULL, set_up, test, tear_down)
  ADD ("cursor", test_cursor);
  ADD ("pins", test_pins);
  ADD ("grid", test_grid);
  ADD ("state", test_state);
#undef ADD
  return g_test_run ();
}
