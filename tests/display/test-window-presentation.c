/* Before an audience: nothing but the picture, what is said of it, and the line that is always there. */
#include "window-fixture.h"

#include "app/dinoscope-page-private.h"

static gboolean
is_shown (gpointer widget)
{
  return gtk_widget_get_visible (GTK_WIDGET (widget));
}

static gboolean
has_panel (WindowFixture *fixture)
{
  return adw_flap_get_reveal_flap (fixture->window->flap);
}

static void
assert_bare (WindowFixture *fixture, gboolean bare)
{
  DinoscopeWindow *window = fixture->window;

  g_assert_cmpint (is_shown (window->header_bar), ==, !bare);
  g_assert_cmpint (is_shown (window->tab_bar), ==, !bare);
  g_assert_cmpint (is_shown (window->status_line), ==, !bare);
  g_assert_cmpint (is_shown (window->strip), ==, !bare);
  g_assert_cmpint (has_panel (fixture), ==, !bare);
  g_assert_cmpint (gtk_widget_has_css_class (GTK_WIDGET (window), "presentation"), ==, bare);
  /* Which encoder it is, and that this is research only, is always said. */
  g_assert_true (gtk_widget_get_mapped (GTK_WIDGET (window->model_label)));
}

static void
test_and_back (WindowFixture *fixture)
{
  g_autoptr (GSettings) settings = g_settings_new ("io.github.dinoscope.Dinoscope");

  window_fixture_show_example (fixture, "chest-01.png");
  g_object_set (fixture->window, "strip-visible", TRUE, "panel-visible", TRUE, NULL);
  assert_bare (fixture, FALSE);
  window_fixture_activate (fixture, "win.presentation");
  assert_bare (fixture, TRUE);
  /* Keys go on working, and so do the settings. */
  g_assert_true (gtk_window_get_focus (GTK_WINDOW (fixture->window)) == GTK_WIDGET (dinoscope_page_get_canvas (dinoscope_window_get_page (fixture->window))));
  window_fixture_activate (fixture, "win.previous-block");
  window_fixture_wait (fixture, window_has_map);
  assert_bare (fixture, TRUE);
  window_fixture_activate (fixture, "win.leave-fullscreen");
  assert_bare (fixture, FALSE);
  g_assert_true (g_settings_get_boolean (settings, "show-panel"));
  window_fixture_activate (fixture, "win.presentation");
  window_fixture_activate (fixture, "win.presentation");
  assert_bare (fixture, FALSE);
}

int
main (int argc, char **argv)
{
  if (!window_fixture_init (&argc, &argv))
    return 0;
  window_fixture_add ("/window-presentation/and-back", NULL, test_and_back);
  return g_test_run ();
}
