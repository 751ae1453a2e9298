/* What actions, keys, pointer and scrollbars do to the canvas. */
#include "canvas-fixture.h"

#include <math.h>

#include "app/dinoscope-canvas-private.h"

static void
activate (CanvasFixture *fixture, const char *action)
{
  g_assert_true (gtk_widget_activate_action (GTK_WIDGET (fixture->canvas), action, NULL));
}

static void
assert_selected (CanvasFixture *fixture, int row, int column)
{
  int selected_row, selected_column;

  g_assert_cmpint (dinoscope_canvas_get_selected_patch (fixture->canvas, &selected_row, &selected_column), ==, row >= 0);
  g_assert_cmpint (selected_row, ==, row);
  g_assert_cmpint (selected_column, ==, column);
}

/* Zoomed in around the middle, so that there is room to pan on all sides. */
static void
show_enlarged (CanvasFixture *fixture)
{
  canvas_fixture_show_radiograph (fixture);
  dinoscope_canvas_zoom_at (fixture->canvas, 2, CANVAS_WIDTH / 2.0, CANVAS_HEIGHT / 2.0);
}

static GtkEventController *
find_controller (CanvasFixture *fixture, GType type)
{
  g_autoptr (GListModel) controllers = gtk_widget_observe_controllers (GTK_WIDGET (fixture->canvas));

  for (guint i = 0; i < g_list_model_get_n_items (controllers); i++)
    {
      g_autoptr (GtkEventController) controller = g_list_model_get_item (controllers, i);

      if (g_type_is_a (G_OBJECT_TYPE (controller), type))
        return controller;
    }
  g_assert_not_reached ();
}

static void
move_pointer (CanvasFixture *fixture, double x, double y)
{
  g_signal_emit_by_name (find_controller (fixture, GTK_TYPE_EVENT_CONTROLLER_MOTION), "motion", x, y);
}

static void
test_wheel_zooms_at_pointer (CanvasFixture *fixture, gconstpointer data)
{
  double x, y, after_x, after_y, before;

  show_enlarged (fixture);
  move_pointer (fixture, 90, 200);
  before = dinoscope_canvas_get_zoom (fixture->canvas);
  dinoscope_canvas_widget_to_picture (fixture->canvas, 90, 200, &x, &y);
  for (int i = 0; i < 5; i++)
    g_assert_true (dinoscope_canvas_scroll (fixture->canvas, GDK_SCROLL_UNIT_WHEEL, 0, 0, -1));
  g_assert_cmpfloat (dinoscope_canvas_get_zoom (fixture->canvas), >, 2 * before);
  dinoscope_canvas_picture_to_widget (fixture->canvas, x, y, &after_x, &after_y);
  g_assert_cmpfloat_with_epsilon (after_x, 90, 2);
  g_assert_cmpfloat_with_epsilon (after_y, 200, 2);

  for (int i = 0; i < 40; i++)
    dinoscope_canvas_scroll (fixture->canvas, GDK_SCROLL_UNIT_WHEEL, 0, 0, 1);
  g_assert_cmpfloat (dinoscope_canvas_get_zoom (fixture->canvas), <, before / 4);
}

static void
test_touchpad_pans_and_control_zooms (CanvasFixture *fixture, gconstpointer data)
{
  double x, y, after_x, after_y;

  show_enlarged (fixture);
  dinoscope_canvas_picture_to_widget (fixture->canvas, 300, 300, &x, &y);
  dinoscope_canvas_scroll (fixture->canvas, GDK_SCROLL_UNIT_SURFACE, 0, 12, -7);
  dinoscope_canvas_picture_to_widget (fixture->canvas, 300, 300, &after_x, &after_y);
  g_assert_cmpfloat_with_epsilon (after_x, x - 12, 0.01);
  g_assert_cmpfloat_with_epsilon (after_y, y + 7, 0.01);
  g_assert_cmpfloat (dinoscope_canvas_get_zoom (fixture->canvas), ==, 2);

  dinoscope_canvas_scroll (fixture->canvas, GDK_SCROLL_UNIT_SURFACE, GDK_CONTROL_MASK, 0, -30);
  g_assert_cmpfloat_with_epsilon (dinoscope_canvas_get_zoom (fixture->canvas), 2 * pow (2, 0.25), 1e-6);
  dinoscope_canvas_scroll (fixture->canvas, GDK_SCROLL_UNIT_WHEEL, GDK_CONTROL_MASK, 0, 1);
  g_assert_cmpfloat_with_epsilon (dinoscope_canvas_get_zoom (fixture->canvas), 2, 1e-6);
}

static void
test_shift_and_wheel_scroll_sideways (CanvasFixture *fixture, gconstpointer data)
{
  double x, y, after_x, after_y;

  show_enlarged (fixture);
  dinoscope_canvas_picture_to_widget (fixture->canvas, 300, 300, &x, &y);
  dinoscope_canvas_scroll (fixture->canvas, GDK_SCROLL_UNIT_WHEEL, GDK_SHIFT_MASK, 0, 1);
  dinoscope_canvas_picture_to_widget (fixture->canvas, 300, 300, &after_x, &after_y);
  g_assert_cmpfloat (after_x, <, x - 20);
  g_assert_cmpfloat (after_y, ==, y);

  dinoscope_canvas_scroll (fixture->canvas, GDK_SCROLL_UNIT_WHEEL, 0, -1, 0);
  dinoscope_canvas_picture_to_widget (fixture->canvas, 300, 300, &after_x, &after_y);
  g_assert_cmpfloat_with_epsilon (after_x, x, 1);
  g_assert_cmpfloat (after_y, ==, y);
  g_assert_cmpfloat (dinoscope_canvas_get_zoom (fixture->canvas), ==, 2);
}

/* A pinch holds the point between the fingers, also while these move. */
static void
test_pinch (CanvasFixture *fixture, gconstpointer data)
{
  double x, y, after_x, after_y;

  show_enlarged (fixture);
  dinoscope_canvas_widget_to_picture (fixture->canvas, 150, 140, &x, &y);
  dinoscope_canvas_grip (fixture->canvas, 150, 140);
  dinoscope_canvas_move_grip (fixture->canvas, 1.3, 155, 150);
  dinoscope_canvas_move_grip (fixture->canvas, 1.6, 165, 155);
  dinoscope_canvas_picture_to_widget (fixture->canvas, x, y, &after_x, &after_y);
  g_assert_cmpfloat_with_epsilon (after_x, 165, 1);
  g_assert_cmpfloat_with_epsilon (after_y, 155, 1);
  g_assert_cmpfloat_with_epsilon (dinoscope_canvas_get_zoom (fixture->canvas), 3.2, 1e-9);
  g_assert_cmpint (gtk_event_controller_get_propagation_phase (find_controller (fixture, GTK_TYPE_GESTURE_ZOOM)), ==, GTK_PHASE_CAPTURE);
}

static void
count_cb (guint *count)
{
  (*count)++;
}

static void
test_click_selects (CanvasFixture *fixture, gconstpointer data)
{
  struct dino_box patch;
  double          x, y;
  guint           told = 0;

  show_enlarged (fixture);
  activate (fixture, "view.turn-right");
  g_signal_connect_swapped (fixture->canvas, "patch-selected", G_CALLBACK (count_cb), &told);
  patch = dino_geometry_patch (&fixture->geometry, 20, 17);
  dinoscope_canvas_picture_to_widget (fixture->canvas, (patch.x0 + patch.x1) / 2, (patch.y0 + patch.y1) / 2, &x, &y);
  dinoscope_canvas_click (fixture->canvas, 1, x, y);
  assert_selected (fixture, 20, 17);
  g_assert_cmpuint (told, ==, 1);
  dinoscope_canvas_click (fixture->canvas, 1, x, y);
  g_assert_cmpuint (told, ==, 1);

  /* Above what the model saw. */
  dinoscope_canvas_picture_to_widget (fixture->canvas, 300, 2, &x, &y);
  dinoscope_canvas_click (fixture->canvas, 1, x, y);
  assert_selected (fixture, -1, -1);
  g_assert_cmpuint (told, ==, 2);

  dinoscope_canvas_click (fixture->canvas, 2, x, y);
  g_assert_true (fixture->canvas->view.fitted);
  g_signal_handlers_disconnect_by_data (fixture->canvas, &told);
}

/* Arrows move on the screen, whichever way the picture is turned. */
static void
test_patch_cursor (CanvasFixture *fixture, gconstpointer data)
{
  canvas_fixture_show_radiograph (fixture);
  activate (fixture, "view.select-up");
  assert_selected (fixture, 18, 18);
  activate (fixture, "view.select-right");
  activate (fixture, "view.select-down");
  activate (fixture, "view.select-down");
  assert_selected (fixture, 20, 19);

  /* Turned clockwise, what was at the bottom is on the left. */
  activate (fixture, "view.turn-right");
  activate (fixture, "view.select-left");
  assert_selected (fixture, 21, 19);
  activate (fixture, "view.select-up");
  assert_selected (fixture, 21, 18);
  activate (fixture, "view.flip");
  activate (fixture, "view.select-left");
  assert_selected (fixture, 20, 18);

  for (int i = 0; i < 60; i++)
    activate (fixture, "view.select-left");
  assert_selected (fixture, 0, 18);
}

/* The view follows the patch cursor. */
static void
test_patch_cursor_stays_in_view (CanvasFixture *fixture, gconstpointer data)
{
  struct dino_box shown;

  show_enlarged (fixture);
  dinoscope_canvas_select_patch (fixture->canvas, 18, 18);
  for (int i = 0; i < 18; i++)
    activate (fixture, "view.select-left");
  assert_selected (fixture, 18, 0);
  shown = dinoscope_view_box_to_widget (&fixture->canvas->view, dino_geometry_patch (&fixture->geometry, 18, 0));
  g_assert_cmpfloat (shown.x0, >=, -1);
  g_assert_cmpfloat (shown.x1, <=, CANVAS_WIDTH);
}

static void
test_zoom_actions (CanvasFixture *fixture, gconstpointer data)
{
  double   fit, zoom;
  gboolean fitted;
  guint    notified = 0;

  canvas_fixture_show_radiograph (fixture);
  fit = dinoscope_canvas_get_zoom (fixture->canvas);
  g_signal_connect_swapped (fixture->canvas, "notify::zoom", G_CALLBACK (count_cb), &notified);
  activate (fixture, "view.zoom-in");
  g_object_get (fixture->canvas, "zoom", &zoom, "fitted", &fitted, NULL);
  g_assert_cmpfloat (zoom, >, fit);
  g_assert_false (fitted);
  g_assert_cmpuint (notified, ==, 1);
  activate (fixture, "view.zoom-out");
  g_object_get (fixture->canvas, "zoom", &zoom, "fitted", &fitted, NULL);
  g_assert_cmpfloat_with_epsilon (zoom, fit, 1e-9);
  g_assert_true (fitted);

  activate (fixture, "view.original-size");
  g_assert_cmpfloat (dinoscope_canvas_get_zoom (fixture->canvas) * gtk_widget_get_scale_factor (GTK_WIDGET (fixture->canvas)), ==, 1);
  activate (fixture, "view.fit");
  g_assert_cmpfloat_with_epsilon (dinoscope_canvas_get_zoom (fixture->canvas), fit, 1e-9);
  g_signal_handlers_disconnect_by_data (fixture->canvas, &notified);
}

static void
test_turns_and_flip (CanvasFixture *fixture, gconstpointer data)
{
  int      turns;
  gboolean flipped;

  canvas_fixture_show_radiograph (fixture);
  activate (fixture, "view.turn-left");
  g_object_get (fixture->canvas, "turns", &turns, "flipped", &flipped, NULL);
  g_assert_cmpint (turns, ==, 3);
  g_assert_false (flipped);
  activate (fixture, "view.flip");
  activate (fixture, "view.turn-left");
  g_object_get (fixture->canvas, "turns", &turns, "flipped", &flipped, NULL);
  g_assert_cmpint (turns, ==, 0);
  g_assert_true (flipped);
}

static guint8
plain (int x, int y)
{
  return 100;
}

/* Another picture begins upright and fitted, and listeners hear of it. */
static void
test_another_picture_begins_anew (CanvasFixture *fixture, gconstpointer data)
{
  guint turned = 0, flipped = 0, fitted = 0;

  show_enlarged (fixture);
  dinoscope_canvas_zoom_at (fixture->canvas, 20, CANVAS_WIDTH, CANVAS_HEIGHT);
  activate (fixture, "view.turn-right");
  activate (fixture, "view.flip");
  g_signal_connect_swapped (fixture->canvas, "notify::turns", G_CALLBACK (count_cb), &turned);
  g_signal_connect_swapped (fixture->canvas, "notify::flipped", G_CALLBACK (count_cb), &flipped);
  g_signal_connect_swapped (fixture->canvas, "notify::fitted", G_CALLBACK (count_cb), &fitted);
  canvas_fixture_show_pattern (fixture, 12, 30, plain);
  g_assert_cmpuint (turned, ==, 1);
  g_assert_cmpuint (flipped, ==, 1);
  g_assert_cmpuint (fitted, ==, 1);
  g_assert_cmpfloat_with_epsilon (dinoscope_canvas_get_zoom (fixture->canvas), CANVAS_HEIGHT / 30.0, 1e-9);
  canvas_fixture_settle (fixture);
  g_signal_handlers_disconnect_by_data (fixture->canvas, &turned);
  g_signal_handlers_disconnect_by_data (fixture->canvas, &flipped);
  g_signal_handlers_disconnect_by_data (fixture->canvas, &fitted);
}

/* Keys as the table of the manual has them. */
static void
test_keys (CanvasFixture *fixture, gconstpointer data)
{
  static const struct
  {
    const char *trigger, *action;
  } expected[] = {
    { "plus", "view.zoom-in" },
    { "minus", "view.zoom-out" },
    { "<Control>0", "view.fit" },
    { "<Control>1", "view.original-size" },
    { "Up", "view.select-up" },
    { "Down", "view.select-down" },
    { "Left", "view.select-left" },
    { "Right", "view.select-right" },
    { "<Control>Up", "view.pan-up" },
    { "<Control>Down", "view.pan-down" },
    { "<Control>Left", "view.pan-left" },
    { "<Control>Right", "view.pan-right" },
    { "o", "view.map" },
    { "r", "view.turn-right" },
    { "<Shift>r", "view.turn-left" },
    { "f", "view.flip" },
    { "l", "win.next-block" },
    { "<Shift>l", "win.previous-block" },
    { "n", "win.next-head" },
    { "<Shift>n", "win.previous-head" },
    { "bracketleft", "win.opacity-down" },
    { "bracketright", "win.opacity-up" },
    { "e", "win.encode" },
    { "Page_Up", "win.previous-picture" },
    { "Page_Down", "win.next-picture" },
  };
  GListModel *shortcuts = G_LIST_MODEL (find_controller (fixture, GTK_TYPE_SHORTCUT_CONTROLLER));

  g_autoptr (GHashTable) bound = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);

  for (guint i = 0; i < g_list_model_get_n_items (shortcuts); i++)
    {
      g_autoptr (GtkShortcut) shortcut = g_list_model_get_item (shortcuts, i);
      GtkShortcutAction      *action = gtk_shortcut_get_action (shortcut);

      g_hash_table_insert (bound,
                           gtk_shortcut_trigger_to_string (gtk_shortcut_get_trigger (shortcut)),
                           g_strdup (gtk_named_action_get_action_name (GTK_NAMED_ACTION (action))));
    }
  for (gsize i = 0; i < G_N_ELEMENTS (expected); i++)
    g_assert_cmpstr (g_hash_table_lookup (bound, expected[i].trigger), ==, expected[i].action);
}

static void
test_space_peeks (CanvasFixture *fixture, gconstpointer data)
{
  GtkEventController *key = find_controller (fixture, GTK_TYPE_EVENT_CONTROLLER_KEY);
  gboolean            handled, peeking;

  canvas_fixture_show_radiograph (fixture);
  g_signal_emit_by_name (key, "key-pressed", GDK_KEY_space, 65, GDK_CONTROL_MASK, &handled);
  g_assert_false (handled);
  g_signal_emit_by_name (key, "key-pressed", GDK_KEY_space, 65, 0, &handled);
  g_assert_true (handled);
  g_object_get (fixture->canvas, "peeking", &peeking, NULL);
  g_assert_true (peeking);
  g_signal_emit_by_name (key, "key-released", GDK_KEY_space, 65, 0);
  g_object_get (fixture->canvas, "peeking", &peeking, NULL);
  g_assert_false (peeking);

  g_object_set (fixture->canvas, "peeking", TRUE, NULL);
  g_signal_emit_by_name (find_controller (fixture, GTK_TYPE_EVENT_CONTROLLER_FOCUS), "leave");
  g_object_get (fixture->canvas, "peeking", &peeking, NULL);
  g_assert_false (peeking);
}

typedef struct
{
  double   x, y;
  gboolean inside;
} Pointer;

static void
pointer_moved_cb (DinoscopeCanvas *canvas, double x, double y, gboolean inside, Pointer *pointer)
{
  *pointer = (Pointer){ x, y, inside };
}

static void
test_pointer_is_told (CanvasFixture *fixture, gconstpointer data)
{
  Pointer pointer = { 0 };
  double  x, y;

  canvas_fixture_show_radiograph (fixture);
  g_signal_connect (fixture->canvas, "pointer-moved", G_CALLBACK (pointer_moved_cb), &pointer);
  dinoscope_canvas_picture_to_widget (fixture->canvas, 123, 456, &x, &y);
  move_pointer (fixture, x, y);
  g_assert_true (pointer.inside);
  g_assert_cmpfloat_with_epsilon (pointer.x, 123, 1e-6);
  g_assert_cmpfloat_with_epsilon (pointer.y, 456, 1e-6);

  /* The picture moves under a pointer that rests. */
  dinoscope_canvas_zoom_at (fixture->canvas, 3, 0, 0);
  dinoscope_canvas_widget_to_picture (fixture->canvas, x, y, &x, &y);
  while (fabs (pointer.x - 123) < 1)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpfloat_with_epsilon (pointer.x, x, 1e-6);

  activate (fixture, "view.fit");
  move_pointer (fixture, 1, 1);
  g_assert_false (pointer.inside);
  g_signal_emit_by_name (find_controller (fixture, GTK_TYPE_EVENT_CONTROLLER_MOTION), "leave");
  g_assert_false (pointer.inside);
  /* The pointer also leaves when the window goes, and this function's variables are gone by then. */
  g_signal_handlers_disconnect_by_data (fixture->canvas, &pointer);
}

static void
test_scrollbars (CanvasFixture *fixture, gconstpointer data)
{
  g_autoptr (GtkAdjustment) horizontal = g_object_ref_sink (gtk_adjustment_new (0, 0, 0, 0, 0, 0));
  g_autoptr (GtkAdjustment) vertical = g_object_ref_sink (gtk_adjustment_new (0, 0, 0, 0, 0, 0));
  double                    x, y;

  g_object_set (fixture->canvas, "hadjustment", horizontal, "vadjustment", vertical, NULL);
  canvas_fixture_show_radiograph (fixture);
  g_assert_cmpfloat (gtk_adjustment_get_upper (horizontal), ==, CANVAS_WIDTH);
  g_assert_cmpfloat (gtk_adjustment_get_page_size (vertical), ==, CANVAS_HEIGHT);
  g_assert_cmpfloat (gtk_adjustment_get_upper (vertical), ==, CANVAS_HEIGHT);

  dinoscope_canvas_zoom_at (fixture->canvas, 2, 0, 0);
  g_assert_cmpfloat (gtk_adjustment_get_upper (horizontal), ==, 2 * 640);
  g_assert_cmpfloat (gtk_adjustment_get_upper (vertical), ==, 2 * 691);

  gtk_adjustment_set_value (horizontal, 100);
  gtk_adjustment_set_value (vertical, 60);
  dinoscope_canvas_widget_to_picture (fixture->canvas, 0, 0, &x, &y);
  g_assert_cmpfloat_with_epsilon (x, 50, 1e-6);
  g_assert_cmpfloat_with_epsilon (y, 30, 1e-6);
  g_assert_cmpfloat_with_epsilon (gtk_adjustment_get_value (horizontal), 100, 1e-6);

  activate (fixture, "view.pan-right");
  g_assert_cmpfloat (gtk_adjustment_get_value (horizontal), >, 100);
  g_assert_cmpfloat_with_epsilon (gtk_adjustment_get_value (vertical), 60, 1e-6);
}

static void
test_next_picture_keeps_the_view (CanvasFixture *fixture, gconstpointer data)
{
  g_autofree char           *path = g_build_filename (g_getenv ("DINOSCOPE_DATADIR"), "examples", "chest-02.png", NULL);
  g_autoptr (GFile)          file = g_file_new_for_path (path);
  g_autoptr (GError)         error = NULL;
  g_autoptr (DinoscopeStudy) next = dinoscope_engine_open (fixture->engine, file, NULL, FALSE, NULL, &error);
  double                     relative;

  g_assert_no_error (error);
  show_enlarged (fixture);
  canvas_fixture_show_map (fixture, "viridis", DINO_SMOOTH_CELLS);
  canvas_fixture_settle (fixture);
  dinoscope_canvas_select_patch (fixture->canvas, 3, 3);
  relative = dinoscope_canvas_get_zoom (fixture->canvas) / dinoscope_view_fit_zoom (&fixture->canvas->view);

  dinoscope_canvas_set_study (fixture->canvas, next, TRUE);
  g_assert_true (dinoscope_canvas_get_study (fixture->canvas) == next);
  g_assert_cmpfloat_with_epsilon (dinoscope_canvas_get_zoom (fixture->canvas) / dinoscope_view_fit_zoom (&fixture->canvas->view), relative, 1e-9);
  assert_selected (fixture, -1, -1);
  g_assert_null (fixture->canvas->map.texture);
  g_assert_true (dinoscope_canvas_is_settled (fixture->canvas));
}

/* Of many maps in a row the last is the one that stays. */
static void
test_newest_map_wins (CanvasFixture *fixture, gconstpointer data)
{
  g_autofree guint8 *expected = NULL;
  g_autofree guint8 *other = NULL;
  g_autofree guint8 *pixels = NULL;
  int                width, height;

  canvas_fixture_show_radiograph (fixture);
  canvas_fixture_show_map (fixture, "cividis", DINO_SMOOTH_CELLS);
  g_assert_false (dinoscope_canvas_is_settled (fixture->canvas));
  expected = canvas_fixture_pixels (fixture, &width, &height);
  canvas_fixture_show_map (fixture, "magma", DINO_SMOOTH_BILINEAR);
  other = canvas_fixture_pixels (fixture, NULL, NULL);
  g_assert_cmpint (memcmp (other, expected, (gsize) width * (gsize) height * 4), !=, 0);
  for (int i = 0; i < 8; i++)
    canvas_fixture_show_map (fixture, i % 2 == 0 ? "magma" : "inferno", DINO_SMOOTH_BILINEAR);
  canvas_fixture_show_map (fixture, "cividis", DINO_SMOOTH_CELLS);
  pixels = canvas_fixture_pixels (fixture, NULL, NULL);
  g_assert_cmpmem (pixels, (gsize) width * (gsize) height * 4, expected, (gsize) width * (gsize) height * 4);
}

static void
drawn_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  GBytes *rgba = dinoscope_engine_draw_map_finish (DINOSCOPE_ENGINE (object), result, NULL);
  int    *n_waiting = user_data;

  g_clear_pointer (&rgba, g_bytes_unref);
  (*n_waiting)--;
}

/* The engine drops a request for another one's sake; the canvas asks again. */
static void
test_map_comes_though_pushed_aside (CanvasFixture *fixture, gconstpointer data)
{
  struct dino_map_style style;
  int                   n_waiting = 20;

  canvas_fixture_show_radiograph (fixture);
  canvas_fixture_show_map (fixture, "viridis", DINO_SMOOTH_CELLS);
  dino_map_style_init (&style);
  for (int i = 0; i < 20; i++)
    dinoscope_engine_draw_map_async (fixture->engine, fixture->canvas->map.map, &style, NULL, dino_geometry_seen (&fixture->geometry), 50, 50, NULL, drawn_cb, &n_waiting);
  while (n_waiting > 0)
    g_main_context_iteration (NULL, TRUE);
  canvas_fixture_settle (fixture);
  g_assert_nonnull (fixture->canvas->map.texture);
}

static void
failed_cb (DinoscopeCanvas *canvas, const char *message, char **failure)
{
  g_free (*failure);
  *failure = g_strdup (message);
}

/* A map that cannot be drawn is told of and taken off, and the next one shows. */
static void
test_map_fails (CanvasFixture *fixture, gconstpointer data)
{
  struct dino_map_style style;
  g_autofree char      *failure = NULL;

  canvas_fixture_show_radiograph (fixture);
  canvas_fixture_show_map (fixture, "viridis", DINO_SMOOTH_CELLS);
  canvas_fixture_settle (fixture);
  g_signal_connect (fixture->canvas, "map-failed", G_CALLBACK (failed_cb), &failure);
  style = fixture->canvas->map.style;
  style.opacity = 2;
  dinoscope_canvas_set_map (fixture->canvas, fixture->canvas->map.map, &style);
  canvas_fixture_settle (fixture);
  g_assert_nonnull (failure);
  g_assert_null (fixture->canvas->map.texture);

  style.opacity = 1;
  dinoscope_canvas_set_map (fixture->canvas, fixture->canvas->map.map, &style);
  canvas_fixture_settle (fixture);
  g_assert_nonnull (fixture->canvas->map.texture);
  g_signal_handlers_disconnect_by_data (fixture->canvas, &failure);
}

static void
test_hidden_map_is_not_drawn (CanvasFixture *fixture, gconstpointer data)
{
  gboolean visible;

  canvas_fixture_show_radiograph (fixture);
  activate (fixture, "view.map");
  g_object_get (fixture->canvas, "map-visible", &visible, NULL);
  g_assert_false (visible);
  canvas_fixture_show_map (fixture, "viridis", DINO_SMOOTH_CELLS);
  g_assert_true (dinoscope_canvas_is_settled (fixture->canvas));
  activate (fixture, "view.map");
  g_assert_false (dinoscope_canvas_is_settled (fixture->canvas));
  canvas_fixture_settle (fixture);
  g_assert_nonnull (fixture->canvas->map.texture);
}

static void
test_nothing_open (CanvasFixture *fixture, gconstpointer data)
{
  static const char *const actions[] = { "view.zoom-in", "view.fit", "view.original-size", "view.turn-right", "view.select-up", "view.pan-left" };

  for (gsize i = 0; i < G_N_ELEMENTS (actions); i++)
    gtk_widget_activate_action (GTK_WIDGET (fixture->canvas), actions[i], NULL);
  move_pointer (fixture, 10, 10);
  dinoscope_canvas_click (fixture->canvas, 1, 10, 10);
  dinoscope_canvas_click (fixture->canvas, 2, 10, 10);
  g_assert_false (dinoscope_canvas_scroll (fixture->canvas, GDK_SCROLL_UNIT_WHEEL, 0, 0, 1));
  dinoscope_canvas_select_patch (fixture->canvas, 1, 1);
  assert_selected (fixture, -1, -1);

  canvas_fixture_show_radiograph (fixture);
  dinoscope_canvas_set_study (fixture->canvas, NULL, FALSE);
  g_assert_true (dinoscope_canvas_is_settled (fixture->canvas));
  canvas_fixture_settle (fixture);
}

static void
test_accessible (CanvasFixture *fixture, gconstpointer data)
{
  g_autofree char *description = NULL;

  gtk_test_accessible_assert_role (fixture->canvas, GTK_ACCESSIBLE_ROLE_IMG);
  gtk_test_accessible_assert_property (fixture->canvas, GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, "No picture is open.");
  canvas_fixture_show_radiograph (fixture);
  gtk_test_accessible_assert_property (fixture->canvas, GTK_ACCESSIBLE_PROPERTY_LABEL, dinoscope_study_get_name (dinoscope_canvas_get_study (fixture->canvas)));
  canvas_fixture_show_map (fixture, "viridis", DINO_SMOOTH_CELLS);
  dinoscope_canvas_select_patch (fixture->canvas, 4, 5);
  activate (fixture, "view.original-size");
  description = gtk_test_accessible_check_property (GTK_ACCESSIBLE (fixture->canvas), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, "Zoom 100 %. Map: Test map. Largest 1.09 at row 14, column 10, middle left; smallest -0.847 at row 27, column 22, lower middle. Selected patch: row 4, column 5.");
  g_assert_cmpstr (description, ==, NULL);
  g_assert_true (gtk_widget_get_focusable (GTK_WIDGET (fixture->canvas)));
}

/* The fixture sees that nothing is left behind. */
static void
test_goes_while_a_map_is_drawn (CanvasFixture *fixture, gconstpointer data)
{
  canvas_fixture_show_radiograph (fixture);
  canvas_fixture_show_map (fixture, "viridis", DINO_SMOOTH_CELLS);
  g_assert_false (dinoscope_canvas_is_settled (fixture->canvas));
}

static void
add (const char *name, CanvasTest test)
{
  g_autofree char *path = g_strdup_printf ("/canvas/input/%s", name);

  canvas_fixture_add (path, test);
}

int
main (int argc, char *argv[])
{
  if (!canvas_fixture_init (&argc, &argv))
    return 0;

  add ("wheel-zooms-at-pointer", test_wheel_zooms_at_pointer);
  add ("touchpad-pans-and-control-zooms", test_touchpad_pans_and_control_zooms);
  add ("shift-and-wheel-scroll-sideways", test_shift_and_wheel_scroll_sideways);
  add ("pinch", test_pinch);
  add ("click-selects", test_click_selects);
  add ("patch-cursor", test_patch_cursor);
  add ("patch-cursor-stays-in-view", test_patch_cursor_stays_in_view);
  add ("zoom-actions", test_zoom_actions);
  add ("turns-and-flip", test_turns_and_flip);
  add ("another-picture-begins-anew", test_another_picture_begins_anew);
  add ("keys", test_keys);
  add ("space-peeks", test_space_peeks);
  add ("pointer-is-told", test_pointer_is_told);
  add ("scrollbars", test_scrollbars);
  add ("next-picture-keeps-the-view", test_next_picture_keeps_the_view);
  add ("newest-map-wins", test_newest_map_wins);
  add ("map-comes-though-pushed-aside", test_map_comes_though_pushed_aside);
  add ("map-fails", test_map_fails);
  add ("hidden-map-is-not-drawn", test_hidden_map_is_not_drawn);
  add ("nothing-open", test_nothing_open);
  add ("accessible", test_accessible);
  add ("goes-while-a-map-is-drawn", test_goes_while_a_map_is_drawn);

  return g_test_run ();
}
