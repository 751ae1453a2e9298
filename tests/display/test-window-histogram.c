/* The histogram of the first component beside the foreground's threshold. */
#include "window-fixture.h"

#include "app/dinoscope-histogram.h"

static GtkWidget *
find_histogram (WindowFixture *fixture)
{
  return window_fixture_find (GTK_WIDGET (fixture->window), DINOSCOPE_TYPE_HISTOGRAM);
}

static void
show_overlay (WindowFixture *fixture, const char *id)
{
  g_autoptr (DinoscopeOverlayProvider) provider = dinoscope_overlays_find (id);

  dinoscope_overlay_settings_set_provider (dinoscope_window_get_settings (fixture->window), provider);
  window_fixture_wait (fixture, window_has_map);
}

static guint64
count_inside (DinoscopePage *page)
{
  guint64 n = 0;

  g_variant_lookup (dinoscope_map_get_details (dinoscope_page_get_map (page)), "n-inside", "t", &n);
  return n;
}

static guint64
count_patches (DinoscopePage *page)
{
  guint64 n = 0;

  g_variant_lookup (dinoscope_map_get_details (dinoscope_page_get_map (page)), "n-patches", "t", &n);
  return n;
}

/* Shown for maps that have one, and still there when the threshold is set, whose side decides what is inside. */
static void
test_shown (WindowFixture *fixture)
{
  DinoscopePage            *page = window_fixture_show_example (fixture, "chest-01.png");
  DinoscopeOverlaySettings *settings = dinoscope_window_get_settings (fixture->window);
  guint64                   above;

  show_overlay (fixture, "pca");
  g_assert_true (gtk_widget_get_visible (find_histogram (fixture)));
  g_assert_true (gtk_widget_get_focusable (find_histogram (fixture)));
  dinoscope_overlay_settings_set_value (settings, "foreground", g_variant_new_double (0.5));
  window_fixture_wait (fixture, window_has_map);
  above = count_inside (page);
  g_assert_cmpuint (above, >, 0);
  g_assert_true (gtk_widget_get_visible (find_histogram (fixture)));
  dinoscope_overlay_settings_set_value (settings, "foreground-side", g_variant_new_string ("below"));
  window_fixture_wait (fixture, window_has_map);
  g_assert_cmpuint (above + count_inside (page), ==, count_patches (page));
  show_overlay (fixture, "cls-attention");
  g_assert_null (find_histogram (fixture));
}

int
main (int argc, char **argv)
{
  if (!window_fixture_init (&argc, &argv))
    return 0;
  window_fixture_add ("/window/histogram/shown", NULL, test_shown);
  return g_test_run ();
}
