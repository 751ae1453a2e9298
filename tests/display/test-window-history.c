/* The way back, and views that are kept, in the whole window. */
#include "window-fixture.h"

#include "app/dinoscope-page-private.h"

static DinoscopeOverlaySettings *
get_settings (WindowFixture *fixture)
{
  return dinoscope_window_get_settings (fixture->window);
}

static DinoscopeCanvas *
get_canvas (WindowFixture *fixture)
{
  return dinoscope_page_get_canvas (dinoscope_window_get_page (fixture->window));
}

/* Actions are enabled in the turn after something was done. */
static void
settle (WindowFixture *fixture)
{
  window_fixture_wait (fixture, window_has_map);
  while (g_main_context_iteration (NULL, FALSE))
    continue;
}

static void
set_block (WindowFixture *fixture, int block)
{
  dinoscope_overlay_settings_set_value (get_settings (fixture), "block", g_variant_new_int32 (block));
  settle (fixture);
}

static int
get_block (WindowFixture *fixture)
{
  g_autoptr (GVariant) value = dinoscope_overlay_settings_dup_value (get_settings (fixture), "block");

  return g_variant_get_int32 (value);
}

static const char *
get_overlay (WindowFixture *fixture)
{
  return dinoscope_overlay_provider_get_id (dinoscope_overlay_settings_get_provider (get_settings (fixture)));
}

static void
set_overlay (WindowFixture *fixture, const char *id)
{
  g_autoptr (DinoscopeOverlayProvider) provider = dinoscope_overlays_find (id);

  dinoscope_overlay_settings_set_provider (get_settings (fixture), provider);
  settle (fixture);
}

static void
activate (WindowFixture *fixture, const char *action)
{
  window_fixture_activate (fixture, action);
  settle (fixture);
}

static gboolean
can_undo (WindowFixture *fixture)
{
  return dinoscope_history_can_undo (dinoscope_page_get_history (dinoscope_window_get_page (fixture->window)));
}

/* Loading the encoder, opening and encoding are nothing that somebody chose. */
static void
test_begins_empty (WindowFixture *fixture)
{
  window_fixture_show_example (fixture, "chest-01.png");
  settle (fixture);
  g_assert_false (can_undo (fixture));
}

static void
test_undo (WindowFixture *fixture)
{
  int    last, turns;
  double zoom, fitted;

  window_fixture_show_example (fixture, "chest-01.png");
  settle (fixture);
  last = get_block (fixture);
  fitted = dinoscope_canvas_get_zoom (get_canvas (fixture));

  set_block (fixture, 1);
  set_overlay (fixture, "cls-attention");
  activate (fixture, "win.view-turn-right");
  activate (fixture, "win.view-zoom-in");
  activate (fixture, "win.view-zoom-in");
  zoom = dinoscope_canvas_get_zoom (get_canvas (fixture));
  activate (fixture, "win.view-invert");

  activate (fixture, "win.undo");
  g_assert_false (dinoscope_greys_get_exchanged (dinoscope_page_get_greys (dinoscope_window_get_page (fixture->window))));
  g_assert_cmpfloat (dinoscope_canvas_get_zoom (get_canvas (fixture)), ==, zoom);
  /* Both steps of the zoom are one movement. */
  activate (fixture, "win.undo");
  g_object_get (get_canvas (fixture), "turns", &turns, NULL);
  g_assert_cmpint (turns, ==, 1);
  activate (fixture, "win.undo");
  g_object_get (get_canvas (fixture), "turns", &turns, NULL);
  g_assert_cmpint (turns, ==, 0);
  g_assert_cmpfloat (dinoscope_canvas_get_zoom (get_canvas (fixture)), ==, fitted);
  activate (fixture, "win.undo");
  g_assert_cmpstr (get_overlay (fixture), ==, "pca");
  g_assert_cmpint (get_block (fixture), ==, 1);
  activate (fixture, "win.undo");
  g_assert_cmpint (get_block (fixture), ==, last);
  g_assert_false (can_undo (fixture));

  for (int i = 0; i < 5; i++)
    activate (fixture, "win.redo");
  g_assert_cmpstr (get_overlay (fixture), ==, "cls-attention");
  g_assert_cmpfloat (dinoscope_canvas_get_zoom (get_canvas (fixture)), ==, zoom);
  g_assert_true (dinoscope_greys_get_exchanged (dinoscope_page_get_greys (dinoscope_window_get_page (fixture->window))));
}

/* Pins, cursor and regions are steps as well; a patch cursor on its way is one. */
static void
test_marks (WindowFixture *fixture)
{
  DinoscopePage    *page = window_fixture_show_example (fixture, "chest-01.png");
  DinoscopeMarks   *marks = dinoscope_page_get_marks (page);
  DinoscopeRegions *regions = dinoscope_page_get_regions (page);
  DinoscopePatch    cursor;

  settle (fixture);
  dinoscope_marks_set_cursor (marks, 3, 4);
  settle (fixture);
  dinoscope_marks_set_cursor (marks, 3, 5);
  settle (fixture);
  dinoscope_marks_toggle_pin (marks, 3, 5);
  settle (fixture);
  dinoscope_regions_add (regions, DINO_SHAPE_BOX, (struct dino_box){ 10, 10, 50, 60 }, "nodule");
  settle (fixture);

  activate (fixture, "win.undo");
  g_assert_cmpuint (dinoscope_regions_get_n (regions), ==, 0);
  activate (fixture, "win.undo");
  g_assert_cmpuint (dinoscope_marks_get_n_pins (marks), ==, 0);
  activate (fixture, "win.undo");
  g_assert_false (dinoscope_marks_get_cursor (marks, &cursor));
  g_assert_false (can_undo (fixture));
  for (int i = 0; i < 3; i++)
    activate (fixture, "win.redo");
  g_assert_cmpint (dinoscope_marks_find_pin (marks, 3, 5), ==, 0);
  g_assert_cmpstr (dinoscope_regions_get (regions, 0)->label, ==, "nodule");
}

static void
test_reset (WindowFixture *fixture)
{
  struct dino_map_style style;
  int                   last;

  window_fixture_show_example (fixture, "chest-01.png");
  settle (fixture);
  last = get_block (fixture);
  set_block (fixture, 0);
  style = *dinoscope_overlay_settings_get_style (get_settings (fixture));
  style.opacity = 0.9;
  style.has_threshold = true;
  style.threshold = 0.25;
  dinoscope_overlay_settings_set_style (get_settings (fixture), &style);
  activate (fixture, "win.view-flip");

  activate (fixture, "win.reset-view");
  g_assert_cmpint (get_block (fixture), ==, last);
  g_assert_cmpfloat (dinoscope_overlay_settings_get_opacity (get_settings (fixture)), ==, 0.5);
  g_assert_false (dinoscope_overlay_settings_get_style (get_settings (fixture))->has_threshold);

  activate (fixture, "win.undo");
  g_assert_cmpint (get_block (fixture), ==, 0);
  g_assert_cmpfloat (dinoscope_overlay_settings_get_opacity (get_settings (fixture)), ==, 0.9);
  g_assert_cmpfloat (dinoscope_overlay_settings_get_style (get_settings (fixture))->threshold, ==, 0.25);
}

static gboolean
shows (WindowFixture *fixture, const char *name)
{
  DinoscopeStudy *study = dinoscope_page_get_study (dinoscope_window_get_page (fixture->window));

  if (study == NULL || !window_has_map (fixture))
    return FALSE;
  return g_str_has_suffix (g_file_peek_path (dinoscope_study_get_file (study)), name);
}

static gboolean
shows_first (WindowFixture *fixture)
{
  return shows (fixture, "chest-01.png");
}

static gboolean
shows_second (WindowFixture *fixture)
{
  return shows (fixture, "chest-02.png");
}

/* Views stay with their picture while the program runs. */
static void
test_kept_views (WindowFixture *fixture)
{
  DinoscopePage    *page = window_fixture_show_example (fixture, "chest-01.png");
  g_autoptr (GFile) other = window_fixture_example ("chest-02.png");
  g_autoptr (GFile) first = window_fixture_example ("chest-01.png");

  settle (fixture);
  g_assert_cmpuint (g_list_model_get_n_items (dinoscope_page_get_kept_views (page)), ==, 0);
  set_block (fixture, 1);
  activate (fixture, "win.keep-view");
  set_overlay (fixture, "cls-attention");
  activate (fixture, "win.keep-view");
  /* The same one again is not another one. */
  activate (fixture, "win.keep-view");
  g_assert_cmpuint (g_list_model_get_n_items (dinoscope_page_get_kept_views (page)), ==, 2);

  activate (fixture, "win.next-view");
  g_assert_cmpstr (get_overlay (fixture), ==, "pca");
  g_assert_cmpint (get_block (fixture), ==, 1);
  activate (fixture, "win.previous-view");
  g_assert_cmpstr (get_overlay (fixture), ==, "cls-attention");
  activate (fixture, "win.undo");
  g_assert_cmpstr (get_overlay (fixture), ==, "pca");

  dinoscope_page_open_file (page, other);
  window_fixture_wait (fixture, shows_second);
  settle (fixture);
  g_assert_false (can_undo (fixture));
  g_assert_cmpuint (g_list_model_get_n_items (dinoscope_page_get_kept_views (page)), ==, 0);
  dinoscope_page_open_file (page, first);
  window_fixture_wait (fixture, shows_first);
  settle (fixture);
  g_assert_cmpuint (g_list_model_get_n_items (dinoscope_page_get_kept_views (page)), ==, 2);
  dinoscope_page_drop_view (page, 0);
  g_assert_cmpuint (g_list_model_get_n_items (dinoscope_page_get_kept_views (page)), ==, 1);
}

int
main (int argc, char **argv)
{
  if (!window_fixture_init (&argc, &argv))
    return 0;
  window_fixture_add ("/window-history/begins-empty", NULL, test_begins_empty);
  window_fixture_add ("/window-history/undo", NULL, test_undo);
  window_fixture_add ("/window-history/marks", NULL, test_marks);
  window_fixture_add ("/window-history/reset", NULL, test_reset);
  window_fixture_add ("/window-history/kept-views", NULL, test_kept_views);
  return g_test_run ();
}
