/* Plug-ins in the window: their parameters are rows of the panel, and those that fail are told of and leave it. */
#include "window-fixture.h"

#include "app/dinoscope-page-private.h"
#include "app/dinoscope-plugin-row.h"
#include "app/dinoscope-preferences.h"

static DinoscopeOverlaySettings *
get_settings (WindowFixture *fixture)
{
  return dinoscope_window_get_settings (fixture->window);
}

static const char *
get_overlay (WindowFixture *fixture)
{
  return dinoscope_overlay_provider_get_id (dinoscope_overlay_settings_get_provider (get_settings (fixture)));
}

static void
choose (WindowFixture *fixture, const char *id)
{
  g_autoptr (DinoscopeOverlayProvider) provider = dinoscope_overlays_find (id);

  g_assert_nonnull (provider);
  dinoscope_overlay_settings_set_provider (get_settings (fixture), provider);
}

static float
get_value (WindowFixture *fixture, gsize cell)
{
  g_autoptr (GBytes) values = NULL;

  window_fixture_wait (fixture, window_has_map);
  values = dinoscope_map_dup_values (dinoscope_page_get_map (dinoscope_window_get_page (fixture->window)));
  return ((const float *) g_bytes_get_data (values, NULL))[cell];
}

static GtkWidget *
find_editor (WindowFixture *fixture, const char *name, GType type)
{
  GtkWidget *row = dinoscope_panel_find_row (fixture->window->panel, name);
  GtkWidget *editor;

  g_assert_nonnull (row);
  editor = window_fixture_find (row, type);
  g_assert_nonnull (editor);
  return editor;
}

/* A row of the panel for each, and each reaches the plug-in. */
static void
test_every_type (WindowFixture *fixture)
{
  DinoscopePage *page = window_fixture_show_example (fixture, "chest-01.png");

  choose (fixture, "every-type");
  g_assert_cmpfloat (get_value (fixture, 0), ==, 0);
  g_assert_cmpfloat (get_value (fixture, 1), ==, 7);

  gtk_switch_set_active (GTK_SWITCH (find_editor (fixture, "flag", GTK_TYPE_SWITCH)), TRUE);
  gtk_spin_button_set_value (GTK_SPIN_BUTTON (find_editor (fixture, "number", GTK_TYPE_SPIN_BUTTON)), 321);
  gtk_spin_button_set_value (GTK_SPIN_BUTTON (find_editor (fixture, "level", GTK_TYPE_SPIN_BUTTON)), 0.5);
  gtk_drop_down_set_selected (GTK_DROP_DOWN (find_editor (fixture, "choice", GTK_TYPE_DROP_DOWN)), 1);
  dinoscope_marks_set_cursor (dinoscope_page_get_marks (page), 3, 2);
  g_signal_emit_by_name (find_editor (fixture, "place", GTK_TYPE_BUTTON), "clicked");
  dinoscope_marks_toggle_pin (dinoscope_page_get_marks (page), 1, 1);
  dinoscope_marks_toggle_pin (dinoscope_page_get_marks (page), 2, 3);
  find_editor (fixture, "file", GTK_TYPE_BUTTON);
  dinoscope_overlay_settings_set_value (get_settings (fixture), "file", g_variant_new_string ("/ab"));

  g_assert_cmpfloat (get_value (fixture, 0), ==, 1);
  g_assert_cmpfloat (get_value (fixture, 1), ==, 321);
  g_assert_cmpfloat (get_value (fixture, 2), ==, 0.5);
  g_assert_cmpfloat (get_value (fixture, 3), ==, 1);
  g_assert_cmpfloat (get_value (fixture, 4), ==, 302);
  g_assert_cmpfloat (get_value (fixture, 5), ==, 2);
  g_assert_cmpfloat (get_value (fixture, 6), ==, 3);
}

static void
test_example (WindowFixture *fixture)
{
  float near;

  window_fixture_show_example (fixture, "chest-01.png");
  choose (fixture, "example");
  near = get_value (fixture, 40);
  g_assert_cmpfloat (near, >, 0);
  gtk_range_set_value (GTK_RANGE (find_editor (fixture, "reach", GTK_TYPE_SCALE)), 4);
  g_assert_cmpfloat (get_value (fixture, 40), >, near);
}

/* A label with text, anywhere below root. */
static gboolean
has_text (GtkWidget *root, const char *text)
{
  if (GTK_IS_LABEL (root) && strstr (gtk_label_get_text (GTK_LABEL (root)), text) != NULL)
    return TRUE;
  for (GtkWidget *child = gtk_widget_get_first_child (root); child != NULL; child = gtk_widget_get_next_sibling (child))
    if (has_text (child, text))
      return TRUE;
  return FALSE;
}

static const char *awaited;

static gboolean
is_told (WindowFixture *fixture)
{
  return has_text (GTK_WIDGET (fixture->window->toast_overlay), awaited);
}

static void
await_toast (WindowFixture *fixture, const char *text)
{
  awaited = text;
  window_fixture_wait (fixture, is_told);
}

static gboolean
is_pca (WindowFixture *fixture)
{
  return g_str_equal (get_overlay (fixture), "pca") && window_has_map (fixture);
}

static GtkWidget *
find_row (GtkWidget *root, const char *name)
{
  if (DINOSCOPE_IS_PLUGIN_ROW (root) && g_str_equal (adw_preferences_row_get_title (ADW_PREFERENCES_ROW (root)), name))
    return root;
  for (GtkWidget *child = gtk_widget_get_first_child (root); child != NULL; child = gtk_widget_get_next_sibling (child))
    {
      GtkWidget *found = find_row (child, name);

      if (found != NULL)
        return found;
    }
  return NULL;
}

static GtkWidget *
show_plugin (WindowFixture *fixture, const char *name)
{
  GListModel *toplevels = gtk_window_get_toplevels ();

  g_action_group_activate_action (G_ACTION_GROUP (fixture->application), "plugins", NULL);
  for (guint i = 0; i < g_list_model_get_n_items (toplevels); i++)
    {
      g_autoptr (GtkWidget) other = g_list_model_get_item (toplevels, i);

      if (DINOSCOPE_IS_PREFERENCES (other))
        return find_row (other, name);
    }
  g_assert_not_reached ();
}

static gboolean
is_offered (WindowFixture *fixture, const char *title)
{
  GListModel *titles = adw_combo_row_get_model (ADW_COMBO_ROW (window_fixture_find (GTK_WIDGET (fixture->window->panel), ADW_TYPE_COMBO_ROW)));

  for (guint i = 0; i < g_list_model_get_n_items (titles); i++)
    {
      g_autoptr (GtkStringObject) item = g_list_model_get_item (titles, i);

      if (g_str_equal (gtk_string_object_get_string (item), title))
        return TRUE;
    }
  return FALSE;
}

static void
assert_switched_off (WindowFixture *fixture, const char *name, const char *title, const char *reason)
{
  g_autofree char *told = g_strdup_printf ("“%s” failed and was switched off", name);
  GtkWidget       *row;

  choose (fixture, name);
  await_toast (fixture, told);
  window_fixture_wait (fixture, is_pca);
  g_assert_false (is_offered (fixture, title));
  row = show_plugin (fixture, name);
  g_assert_nonnull (row);
  g_assert_nonnull (strstr (adw_action_row_get_subtitle (ADW_ACTION_ROW (row)), reason));
}

static gboolean
is_back (WindowFixture *fixture)
{
  return is_offered (fixture, "Test: error-return");
}

static void
test_failing (WindowFixture *fixture)
{
  GtkWidget *button;

  window_fixture_show_example (fixture, "chest-01.png");
  g_assert_true (is_offered (fixture, "Test: error-return"));
  assert_switched_off (fixture, "error-return", "Test: error-return", "The moon is full");
  assert_switched_off (fixture, "non-finite", "Test: non-finite", "not finite");
  assert_switched_off (fixture, "nonsense-size", "Test: nonsense-size", "patch grid");
  assert_switched_off (fixture, "bad-parameters", "Test: bad-parameters", "parameters are not described");

  button = window_fixture_find (show_plugin (fixture, "error-return"), GTK_TYPE_BUTTON);
  g_assert_true (gtk_widget_get_visible (button));
  g_signal_emit_by_name (button, "clicked");
  window_fixture_wait (fixture, is_back);
  g_assert_false (gtk_widget_get_visible (button));
}

static gboolean
is_told_of (WindowFixture *fixture)
{
  return dinoscope_window_get_page (fixture->window)->map_told;
}

static void
test_endless (WindowFixture *fixture)
{
  GtkWidget *row;

  window_fixture_show_example (fixture, "chest-01.png");
  choose (fixture, "endless");
  window_fixture_wait (fixture, is_told_of);
  dinoscope_page_cancel (dinoscope_window_get_page (fixture->window));
  await_toast (fixture, "did not stop");
  window_fixture_wait (fixture, is_pca);
  row = show_plugin (fixture, "endless");
  g_assert_nonnull (strstr (adw_action_row_get_subtitle (ADW_ACTION_ROW (row)), "did not stop"));
  g_assert_false (gtk_widget_get_visible (window_fixture_find (row, GTK_TYPE_BUTTON)));
  choose (fixture, "norm");
  window_fixture_wait (fixture, window_has_map);
}

/* What was wrong from the start is told at the start. */
static void
test_refused (WindowFixture *fixture)
{
  GtkWidget *row = show_plugin (fixture, "missing-symbol");

  await_toast (fixture, "4 plug-ins cannot be used: duplicate, missing-symbol");
  g_assert_nonnull (strstr (adw_action_row_get_subtitle (ADW_ACTION_ROW (row)), "this_function_is_nowhere"));
}

int
main (int argc, char **argv)
{
  if (!window_fixture_init (&argc, &argv))
    return 0;
  window_fixture_add ("/window-plugins/refused", NULL, test_refused);
  window_fixture_add ("/window-plugins/every-type", NULL, test_every_type);
  window_fixture_add ("/window-plugins/example", NULL, test_example);
  window_fixture_add ("/window-plugins/failing", NULL, test_failing);
  window_fixture_add ("/window-plugins/endless", NULL, test_endless);
  return g_test_run ();
}
