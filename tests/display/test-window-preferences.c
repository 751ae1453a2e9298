/* What the preferences say of overlays, colours and the wheel. */
#include "window-fixture.h"

#include "app/dinoscope-canvas-private.h"
#include "app/dinoscope-preferences.h"

static GSettings *
get_preferences (void)
{
  return g_settings_new ("io.github.dinoscope.Dinoscope");
}

static GtkWidget *
show_preferences (WindowFixture *fixture)
{
  GListModel *toplevels = gtk_window_get_toplevels ();

  g_action_group_activate_action (G_ACTION_GROUP (fixture->application), "preferences", NULL);
  for (guint i = 0; i < g_list_model_get_n_items (toplevels); i++)
    {
      g_autoptr (GtkWidget) other = g_list_model_get_item (toplevels, i);

      if (DINOSCOPE_IS_PREFERENCES (other))
        return other;
    }
  g_assert_not_reached ();
}

static GtkWidget *
find_titled (GtkWidget *root, const char *title)
{
  if (ADW_IS_PREFERENCES_ROW (root) && g_strcmp0 (adw_preferences_row_get_title (ADW_PREFERENCES_ROW (root)), title) == 0)
    return root;
  for (GtkWidget *child = gtk_widget_get_first_child (root); child != NULL; child = gtk_widget_get_next_sibling (child))
    {
      GtkWidget *found = find_titled (child, title);

      if (found != NULL)
        return found;
    }
  return NULL;
}

/* The number of text among the choices of a row. */
static void
choose (GtkWidget *preferences, const char *title, const char *text)
{
  AdwComboRow *row = ADW_COMBO_ROW (find_titled (preferences, title));
  GListModel  *model = adw_combo_row_get_model (row);

  for (guint i = 0; i < g_list_model_get_n_items (model); i++)
    {
      g_autoptr (GtkStringObject) item = g_list_model_get_item (model, i);

      if (g_str_equal (gtk_string_object_get_string (item), text))
        {
          adw_combo_row_set_selected (row, i);
          return;
        }
    }
  g_error ("There is no choice “%s”.", text);
}

static DinoscopeCanvas *
get_canvas (WindowFixture *fixture)
{
  return dinoscope_page_get_canvas (dinoscope_window_get_page (fixture->window));
}

static const char *
get_colormap (WindowFixture *fixture)
{
  const struct dino_colormap *colormap = get_canvas (fixture)->map.style.colormap;

  return colormap != NULL ? colormap->name : "";
}

/* A preferred colour map gives way to one that is chosen for the overlay. */
static void
test_colormap (WindowFixture *fixture)
{
  g_autoptr (DinoscopeOverlayProvider) provider = dinoscope_overlays_find ("cls-attention");
  g_autoptr (GSettings)                settings = get_preferences ();
  g_autofree char                     *kept = NULL;
  DinoscopeOverlaySettings            *overlay = dinoscope_window_get_settings (fixture->window);
  struct dino_map_style                style;

  window_fixture_show_example (fixture, "chest-01.png");
  dinoscope_overlay_settings_set_provider (overlay, provider);
  window_fixture_wait (fixture, window_has_map);
  g_assert_cmpstr (get_colormap (fixture), ==, "");
  choose (show_preferences (fixture), "_Colours", "Cividis");
  kept = g_settings_get_string (settings, "colormap");
  g_assert_cmpstr (kept, ==, "cividis");
  g_assert_cmpstr (get_colormap (fixture), ==, "cividis");

  style = *dinoscope_overlay_settings_get_style (overlay);
  style.colormap = dino_colormap_find ("magma");
  dinoscope_overlay_settings_set_style (overlay, &style);
  g_assert_cmpstr (get_colormap (fixture), ==, "magma");
}

/* Components of a PCA are signed. */
static void
test_signed (WindowFixture *fixture)
{
  g_autoptr (GSettings) settings = get_preferences ();

  window_fixture_show_example (fixture, "chest-01.png");
  dinoscope_overlay_settings_set_value (dinoscope_window_get_settings (fixture->window), "component", g_variant_new_string ("0"));
  window_fixture_wait (fixture, window_has_map);
  g_settings_set_string (settings, "colormap", "cividis");
  g_assert_cmpstr (get_colormap (fixture), ==, "");
}

static void
prefer_overlay (void)
{
  g_autoptr (GSettings) settings = get_preferences ();

  g_settings_set_string (settings, "overlay", "pca");
  g_settings_set_string (settings, "start-overlay", "cls-attention");
}

static void
test_overlay (WindowFixture *fixture)
{
  g_autoptr (GSettings) settings = get_preferences ();
  g_autofree char      *kept = NULL;

  window_fixture_show_example (fixture, "chest-01.png");
  g_assert_cmpstr (dinoscope_overlay_provider_get_id (dinoscope_overlay_settings_get_provider (dinoscope_window_get_settings (fixture->window))), ==, "cls-attention");
  choose (show_preferences (fixture), "_Overlay at Start", "PCA");
  kept = g_settings_get_string (settings, "start-overlay");
  g_assert_cmpstr (kept, ==, "pca");
}

static void
test_wheel (WindowFixture *fixture)
{
  g_autoptr (GSettings) settings = get_preferences ();
  double                zoom;

  window_fixture_show_example (fixture, "chest-01.png");
  g_settings_set_boolean (settings, "wheel-zooms", FALSE);
  dinoscope_canvas_zoom_at (get_canvas (fixture), 4, 0, 0);
  zoom = dinoscope_canvas_get_zoom (get_canvas (fixture));
  get_canvas (fixture)->view.center_y = 300;
  dinoscope_canvas_scroll (get_canvas (fixture), GDK_SCROLL_UNIT_WHEEL, 0, 0, 1);
  g_assert_cmpfloat (dinoscope_canvas_get_zoom (get_canvas (fixture)), ==, zoom);
  g_assert_cmpfloat (get_canvas (fixture)->view.center_y, >, 300);
  dinoscope_canvas_scroll (get_canvas (fixture), GDK_SCROLL_UNIT_WHEEL, GDK_CONTROL_MASK, 0, 1);
  g_assert_cmpfloat (dinoscope_canvas_get_zoom (get_canvas (fixture)), <, zoom);
  g_settings_set_boolean (settings, "wheel-zooms", TRUE);
  zoom = dinoscope_canvas_get_zoom (get_canvas (fixture));
  dinoscope_canvas_scroll (get_canvas (fixture), GDK_SCROLL_UNIT_WHEEL, 0, 0, 1);
  g_assert_cmpfloat (dinoscope_canvas_get_zoom (get_canvas (fixture)), <, zoom);
}

int
main (int argc, char **argv)
{
  if (!window_fixture_init (&argc, &argv))
    return 0;
  window_fixture_add ("/window-preferences/colormap", NULL, test_colormap);
  window_fixture_add ("/window-preferences/signed", NULL, test_signed);
  window_fixture_add_prepared ("/window-preferences/overlay", NULL, prefer_overlay, test_overlay);
  window_fixture_add ("/window-preferences/wheel", NULL, test_wheel);
  return g_test_run ();
}
