/* Real keys, sent by xdotool: what they do on the canvas, and what they must not do in an entry. */
#include "window-fixture.h"

#include <string.h>

#include "app/dinoscope-parameter-row.h"

static void
xdotool (const char *arguments)
{
  g_autofree char   *command = g_strconcat ("xdotool ", arguments, NULL);
  g_autofree char   *output = NULL;
  g_autoptr (GError) error = NULL;
  int                status;

  g_spawn_command_line_sync (command, &output, NULL, &status, &error);
  g_assert_no_error (error);
  g_assert_true (g_spawn_check_wait_status (status, NULL));
}

static gboolean
is_active (WindowFixture *fixture)
{
  return gtk_window_is_active (GTK_WINDOW (fixture->window));
}

/* There is no window manager that would give the focus. */
static void
focus_window (WindowFixture *fixture)
{
  g_autofree char *command = g_strdup_printf ("search --onlyvisible --pid %d windowfocus", (int) getpid ());

  xdotool (command);
  window_fixture_wait (fixture, is_active);
}

static gboolean
get_flag (WindowFixture *fixture, const char *property)
{
  gboolean value;

  g_object_get (dinoscope_page_get_canvas (dinoscope_window_get_page (fixture->window)), property, &value, NULL);
  return value;
}

static gboolean
map_is_hidden (WindowFixture *fixture)
{
  return !get_flag (fixture, "map-visible");
}

static gboolean
map_is_visible (WindowFixture *fixture)
{
  return get_flag (fixture, "map-visible");
}

static gboolean
is_peeking (WindowFixture *fixture)
{
  return get_flag (fixture, "peeking");
}

static gboolean
is_not_peeking (WindowFixture *fixture)
{
  return !get_flag (fixture, "peeking");
}

static gboolean
is_block_4 (WindowFixture *fixture)
{
  g_autoptr (GVariant) block = dinoscope_overlay_settings_dup_value (dinoscope_window_get_settings (fixture->window), "block");

  return g_variant_get_int32 (block) == 4;
}

static gboolean
opacity_is_55 (WindowFixture *fixture)
{
  return dinoscope_overlay_settings_get_opacity (dinoscope_window_get_settings (fixture->window)) == 0.55;
}

static gboolean
can_go_on (WindowFixture *fixture)
{
  gboolean on;

  g_object_get (dinoscope_window_get_page (fixture->window), "can-go-on", &on, NULL);
  return on;
}

static gboolean
shows_second (WindowFixture *fixture)
{
  return g_str_equal (dinoscope_study_get_name (dinoscope_page_get_study (dinoscope_window_get_page (fixture->window))), "chest-02.png");
}

static gboolean
panel_is_hidden (WindowFixture *fixture)
{
  return !adw_flap_get_reveal_flap (fixture->window->flap);
}

static gboolean
has_no_page (WindowFixture *fixture)
{
  return dinoscope_window_get_n_pages (fixture->window) == 0;
}

/* The canvas has the focus as soon as a picture is there. */
static void
test_canvas (WindowFixture *fixture)
{
  window_fixture_show_example (fixture, "chest-01.png");
  focus_window (fixture);
  xdotool ("key o");
  window_fixture_wait (fixture, map_is_hidden);
  g_assert_false (gtk_toggle_button_get_active (fixture->window->map_button));
  xdotool ("key o");
  window_fixture_wait (fixture, map_is_visible);
  xdotool ("keydown space");
  window_fixture_wait (fixture, is_peeking);
  xdotool ("keyup space");
  window_fixture_wait (fixture, is_not_peeking);
  xdotool ("key shift+l");
  window_fixture_wait (fixture, is_block_4);
  xdotool ("key bracketright");
  window_fixture_wait (fixture, opacity_is_55);
  window_fixture_wait (fixture, can_go_on);
  xdotool ("key Page_Down");
  window_fixture_wait (fixture, shows_second);
  xdotool ("key F9");
  window_fixture_wait (fixture, panel_is_hidden);
  xdotool ("key ctrl+w");
  window_fixture_wait (fixture, has_no_page);
}

static gboolean
model_is_shown (WindowFixture *fixture)
{
  return get_flag (fixture, "model-view");
}

static gboolean
is_measuring (WindowFixture *fixture)
{
  return get_flag (fixture, "measuring");
}

static gboolean
is_not_measuring (WindowFixture *fixture)
{
  return !get_flag (fixture, "measuring");
}

static gboolean
status_has (WindowFixture *fixture, const char *part)
{
  g_autofree char *text = dinoscope_status_line_dup_text (fixture->window->status_line);

  return strstr (text, part) != NULL;
}

static gboolean
has_distance (WindowFixture *fixture)
{
  return status_has (fixture, "distance ");
}

static gboolean
has_no_distance (WindowFixture *fixture)
{
  return !has_distance (fixture);
}

static char *distance_before;

static gboolean
distance_has_changed (WindowFixture *fixture)
{
  g_autofree char *text = dinoscope_canvas_dup_measured (dinoscope_page_get_canvas (dinoscope_window_get_page (fixture->window)));

  return !g_str_equal (text, distance_before);
}

/* M, and the measuring tool from its key to Escape, which leaves it before it leaves full screen. */
static void
test_tools (WindowFixture *fixture)
{
  DinoscopePage *page = window_fixture_show_example (fixture, "chest-01.png");

  focus_window (fixture);
  xdotool ("key m");
  window_fixture_wait (fixture, model_is_shown);
  xdotool ("key d");
  window_fixture_wait (fixture, is_measuring);
  xdotool ("key Insert");
  window_fixture_wait (fixture, has_distance);
  distance_before = dinoscope_canvas_dup_measured (dinoscope_page_get_canvas (page));
  xdotool ("key shift+Right");
  window_fixture_wait (fixture, distance_has_changed);
  g_free (distance_before);
  xdotool ("key Delete");
  window_fixture_wait (fixture, has_no_distance);
  xdotool ("key shift+d");
  window_fixture_wait (fixture, has_distance);
  xdotool ("key Escape");
  window_fixture_wait (fixture, is_not_measuring);
  g_assert_true (has_distance (fixture));
}

static const char  *wanted_text;
static GtkEditable *entry;

static gboolean
has_text (WindowFixture *fixture)
{
  return g_str_equal (gtk_editable_get_text (entry), wanted_text);
}

/* Letters and digits that mean something on the canvas are only text in an entry. */
static void
test_typing (WindowFixture *fixture)
{
  DinoscopeOverlaySettings *settings;
  GtkWidget                *row;
  g_autoptr (GVariant)      before = NULL;
  g_autoptr (GVariant)      after = NULL;

  window_fixture_show_example (fixture, "chest-01.png");
  settings = dinoscope_window_get_settings (fixture->window);
  dinoscope_overlay_settings_set_value (settings, "foreground", g_variant_new_double (0));
  row = dinoscope_panel_find_row (fixture->window->panel, "foreground");
  entry = GTK_EDITABLE (dinoscope_parameter_row_get_editor (DINOSCOPE_PARAMETER_ROW (row)));
  before = dinoscope_overlay_settings_dup_value (settings, "block");

  focus_window (fixture);
  gtk_widget_grab_focus (GTK_WIDGET (entry));
  gtk_editable_select_region (entry, 0, -1);
  xdotool ("key o l n e f r g 1 m d shift+d shift+l bracketright space");
  wanted_text = "olnefrg1mdDL] ";
  window_fixture_wait (fixture, has_text);

  after = dinoscope_overlay_settings_dup_value (settings, "block");
  g_assert_true (g_variant_equal (before, after));
  g_assert_true (map_is_visible (fixture));
  g_assert_false (is_peeking (fixture));
  g_assert_cmpfloat (dinoscope_overlay_settings_get_opacity (settings), ==, 0.5);
}

int
main (int argc, char *argv[])
{
  if (!window_fixture_init (&argc, &argv))
    return 0;

  window_fixture_add ("/window-keys/canvas", NULL, test_canvas);
  window_fixture_add ("/window-keys/tools", NULL, test_tools);
  window_fixture_add ("/window-keys/typing", NULL, test_typing);
  return g_test_run ();
}
