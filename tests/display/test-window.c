/* The window as a person uses it: opens, waits, switches, zooms, cancels. */
#include "window-fixture.h"

#include "app/dinoscope-color-bar.h"
#include "app/dinoscope-compare-model.h"
#include "app/dinoscope-embed-dialog.h"
#include "app/dinoscope-get-model-dialog.h"
#include "app/dinoscope-help-window.h"
#include "app/dinoscope-model-chooser.h"
#include "app/dinoscope-parameter-row.h"
#include "app/dinoscope-preferences.h"
#include "engine/engine-support.h"

#define UNUSABLE_MODEL "/nonexistent/model"

static void
test_empty (WindowFixture *fixture)
{
  GtkWidget       *window = GTK_WIDGET (fixture->window);
  g_autofree char *status = dinoscope_status_line_dup_text (fixture->window->status_line);

  g_assert_cmpstr (gtk_stack_get_visible_child_name (fixture->window->stack), ==, "empty");
  g_assert_cmpuint (dinoscope_window_get_n_pages (fixture->window), ==, 0);
  g_assert_cmpstr (status, ==, "");
  g_assert_false (adw_flap_get_reveal_flap (fixture->window->flap));
  /* Actions that need a picture are off: activating one does nothing. */
  gtk_widget_activate_action (window, "win.next-picture", NULL);
  gtk_widget_activate_action (window, "win.view-zoom-in", NULL);
  window_fixture_activate (fixture, "win.try-example");
  window_fixture_wait (fixture, window_has_map);
  g_assert_cmpstr (gtk_stack_get_visible_child_name (fixture->window->stack), ==, "pages");
  g_assert_cmpstr (gtk_window_get_title (GTK_WINDOW (window)), ==, "chest-01.png");
}

/* The same overlay computed outside the window gives the map that the window shows. */
static void
assert_map_is_shown (WindowFixture *fixture)
{
  DinoscopePage               *page = dinoscope_window_get_page (fixture->window);
  DinoscopeOverlaySettings    *settings = dinoscope_window_get_settings (fixture->window);
  g_autoptr (DinoscopeContext) context = dinoscope_context_new (dinoscope_page_get_features (page), NULL, 0);
  g_autoptr (GError)           error = NULL;
  g_autoptr (DinoscopeMap)     expected = dinoscope_overlay_provider_compute (dinoscope_overlay_settings_get_provider (settings), context,
                                                                              dinoscope_overlay_settings_get_values (settings), NULL, NULL, NULL, &error);
  g_autoptr (GBytes)           wanted = NULL;
  g_autoptr (GBytes)           shown = NULL;

  g_assert_no_error (error);
  wanted = dinoscope_map_dup_values (expected);
  shown = dinoscope_map_dup_values (dinoscope_page_get_map (page));
  g_assert_cmpstr (dinoscope_map_get_title (dinoscope_page_get_map (page)), ==, dinoscope_map_get_title (expected));
  g_assert_true (g_bytes_equal (wanted, shown));
}

static void
assert_demonstration (WindowFixture *fixture)
{
  g_autofree char *name = window_fixture_describe ("Demonstration encoder - not RAD-DINO");

  g_assert_cmpstr (adw_window_title_get_subtitle (fixture->window->window_title), ==, name);
}

static void
test_open (WindowFixture *fixture)
{
  g_autoptr (GFile) file = window_fixture_example ("chest-01.png");
  DinoscopePage    *page;

  window_fixture_open (fixture, file);
  window_fixture_wait (fixture, window_has_study);
  page = dinoscope_window_get_page (fixture->window);

  /* The picture is there at once; the encoder has not even begun, or runs behind it. */
  g_assert_cmpint (dinoscope_page_get_state (page), ==, DINOSCOPE_PAGE_SHOWN);
  g_assert_cmpint (dinoscope_page_get_encoding (page), !=, DINOSCOPE_PAGE_ENCODING_DONE);
  g_assert_true (dinoscope_canvas_get_study (dinoscope_page_get_canvas (page)) == dinoscope_page_get_study (page));
  g_assert_null (dinoscope_page_get_map (page));

  window_fixture_wait (fixture, window_is_encoded);
  window_fixture_wait (fixture, window_has_map);
  g_assert_cmpstr (dinoscope_page_get_progress_text (page), ==, "");
  g_assert_cmpstr (adw_window_title_get_title (fixture->window->window_title), ==, "chest-01.png");
  assert_demonstration (fixture);
  assert_map_is_shown (fixture);

  /* The same file again selects its tab. */
  window_fixture_open (fixture, file);
  g_assert_cmpuint (dinoscope_window_get_n_pages (fixture->window), ==, 1);
}

static gboolean
tick_cb (gpointer data)
{
  int *ticks = data;

  (*ticks)++;
  return G_SOURCE_CONTINUE;
}

/* While the encoder runs the main loop goes on turning, and progress counts blocks. */
static void
test_main_loop_turns (WindowFixture *fixture)
{
  g_autoptr (GFile)      file = window_fixture_example ("chest-02.png");
  g_autoptr (GHashTable) texts = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  int                    ticks = 0;
  gboolean               partial = FALSE;
  guint                  source;
  SupportBrake           brake;

  window_fixture_wait (fixture, window_has_model);
  support_brake_start (&brake, dinoscope_session_get_engine (dinoscope_application_get_session (fixture->application)));
  window_fixture_open (fixture, file);
  window_fixture_wait (fixture, window_is_running);
  source = g_timeout_add (1, tick_cb, &ticks);
  while (window_is_running (fixture))
    {
      if (dinoscope_page_get_features (dinoscope_window_get_page (fixture->window)) != NULL)
        partial = TRUE;
      g_hash_table_add (texts, g_strdup (dinoscope_page_get_progress_text (dinoscope_window_get_page (fixture->window))));
      g_main_context_iteration (NULL, TRUE);
    }
  support_brake_stop (&brake);
  g_source_remove (source);
  g_assert_cmpint (ticks, >=, 1);
  /* Finished blocks can be looked at before the last one is. */
  g_assert_true (partial);
  for (int block = 1; block <= 6; block++)
    {
      g_autofree char *text = g_strdup_printf ("Encoding: block %d of 6", block);

      g_assert_true (g_hash_table_contains (texts, text));
    }
  g_assert_cmpint (dinoscope_page_get_encoding (dinoscope_window_get_page (fixture->window)), ==, DINOSCOPE_PAGE_ENCODING_DONE);
}

static gint32
get_block (DinoscopeOverlaySettings *settings)
{
  g_autoptr (GVariant) block = dinoscope_overlay_settings_dup_value (settings, "block");

  return g_variant_get_int32 (block);
}

static gboolean
has_value (DinoscopeOverlaySettings *settings, const char *name)
{
  g_autoptr (GVariant) value = dinoscope_overlay_settings_dup_value (settings, name);

  return value != NULL;
}

static void
choose_overlay (WindowFixture *fixture, const char *id)
{
  g_autoptr (DinoscopeOverlayProvider) provider = dinoscope_overlays_find (id);

  g_assert_nonnull (provider);
  dinoscope_overlay_settings_set_provider (dinoscope_window_get_settings (fixture->window), provider);
}

/* The map shown is the CLS row of that head and block. */
static void
assert_attention (WindowFixture *fixture, guint block, guint head)
{
  DinoscopePage              *page = dinoscope_window_get_page (fixture->window);
  DinoscopeFeatures          *features = dinoscope_page_get_features (page);
  g_autoptr (GBytes)          rows = dinoscope_features_dup_cls_attention (features, block);
  g_autoptr (GBytes)          map = dinoscope_map_dup_values (dinoscope_page_get_map (page));
  const struct dino_features *core = dinoscope_features_get_core (features);
  const float                *row = (const float *) g_bytes_get_data (rows, NULL) + head * dino_features_n_tokens (core) + dino_features_first_patch (core);

  g_assert_cmpmem (g_bytes_get_data (map, NULL), g_bytes_get_size (map), row, 37 * 37 * sizeof (float));
}

static void
test_switch (WindowFixture *fixture)
{
  DinoscopePage            *page = window_fixture_show_example (fixture, "chest-01.png");
  DinoscopeOverlaySettings *settings = dinoscope_window_get_settings (fixture->window);
  DinoscopeFeatures        *features = dinoscope_page_get_features (page);

  choose_overlay (fixture, "cls-attention");
  window_fixture_wait (fixture, window_has_map);
  assert_map_is_shown (fixture);

  dinoscope_overlay_settings_set_value (settings, "head", g_variant_new_string ("0"));
  window_fixture_wait (fixture, window_has_map);
  assert_attention (fixture, 5, 0);
  window_fixture_activate (fixture, "win.next-head");
  window_fixture_wait (fixture, window_has_map);
  assert_attention (fixture, 5, 1);
  window_fixture_activate (fixture, "win.previous-block");
  window_fixture_activate (fixture, "win.previous-block");
  window_fixture_wait (fixture, window_has_map);
  assert_attention (fixture, 3, 1);

  /* Each overlay remembers its own values. */
  choose_overlay (fixture, "pca");
  window_fixture_wait (fixture, window_has_map);
  assert_map_is_shown (fixture);
  g_assert_cmpint (dinoscope_map_get_channels (dinoscope_page_get_map (page)), ==, 3);
  choose_overlay (fixture, "cls-attention");
  window_fixture_wait (fixture, window_has_map);
  assert_attention (fixture, 3, 1);

  /* None of it ran the encoder again. */
  g_assert_true (dinoscope_page_get_features (page) == features);
}

/* A burst of changes: the last one is shown, whatever was cancelled on the way. */
static void
test_newest_wins (WindowFixture *fixture)
{
  DinoscopeOverlaySettings *settings = dinoscope_window_get_settings (fixture->window);

  window_fixture_show_example (fixture, "chest-01.png");
  for (int i = 0; i < 40; i++)
    {
      dinoscope_overlay_settings_set_value (settings, "block", g_variant_new_int32 (i % 6));
      g_main_context_iteration (NULL, FALSE);
    }
  window_fixture_wait (fixture, window_has_map);
  g_assert_true (strstr (dinoscope_map_get_title (dinoscope_page_get_map (dinoscope_window_get_page (fixture->window))), "3") != NULL);
  assert_map_is_shown (fixture);
}

static void
test_panel (WindowFixture *fixture)
{
  DinoscopePage            *page = window_fixture_show_example (fixture, "chest-01.png");
  DinoscopeOverlaySettings *settings = dinoscope_window_get_settings (fixture->window);
  GtkWidget                *block = dinoscope_panel_find_row (fixture->window->panel, "block");
  GtkWidget                *foreground = dinoscope_panel_find_row (fixture->window->panel, "foreground");
  GtkWidget                *component = dinoscope_panel_find_row (fixture->window->panel, "component");
  GtkWidget                *enable;

  g_assert_true (GTK_IS_SCALE (dinoscope_parameter_row_get_editor (DINOSCOPE_PARAMETER_ROW (block))));
  gtk_range_set_value (GTK_RANGE (dinoscope_parameter_row_get_editor (DINOSCOPE_PARAMETER_ROW (block))), 2);
  g_assert_cmpint (get_block (settings), ==, 2);

  gtk_drop_down_set_selected (GTK_DROP_DOWN (dinoscope_parameter_row_get_editor (DINOSCOPE_PARAMETER_ROW (component))), 1);
  window_fixture_wait (fixture, window_has_map);
  g_assert_cmpint (dinoscope_map_get_channels (dinoscope_page_get_map (page)), ==, 1);

  /* Off until its switch is on. */
  g_assert_false (has_value (settings, "foreground"));
  enable = window_fixture_find (foreground, GTK_TYPE_SWITCH);
  gtk_switch_set_active (GTK_SWITCH (enable), TRUE);
  g_assert_true (has_value (settings, "foreground"));
  window_fixture_wait (fixture, window_has_map);
  g_assert_nonnull (dinoscope_map_get_core (dinoscope_page_get_map (page))->valid);
  gtk_switch_set_active (GTK_SWITCH (enable), FALSE);
  window_fixture_wait (fixture, window_has_map);
  assert_map_is_shown (fixture);

  /* The row follows a key. */
  window_fixture_activate (fixture, "win.next-block");
  g_assert_cmpfloat (gtk_range_get_value (GTK_RANGE (dinoscope_parameter_row_get_editor (DINOSCOPE_PARAMETER_ROW (block)))), ==, 3);
}

static void
test_style (WindowFixture *fixture)
{
  DinoscopePage            *page = window_fixture_show_example (fixture, "chest-01.png");
  DinoscopeOverlaySettings *settings = dinoscope_window_get_settings (fixture->window);
  DinoscopeMap             *map = dinoscope_page_get_map (page);
  struct dino_map_style     style;
  gboolean                  visible;

  window_fixture_activate (fixture, "win.opacity-up");
  window_fixture_activate (fixture, "win.opacity-up");
  window_fixture_activate (fixture, "win.opacity-down");
  g_assert_cmpfloat (dinoscope_overlay_settings_get_opacity (settings), ==, 0.55);
  style = *dinoscope_overlay_settings_get_style (settings);
  style.smooth = DINO_SMOOTH_BILINEAR;
  dinoscope_overlay_settings_set_style (settings, &style);
  window_fixture_wait (fixture, window_has_map);

  window_fixture_activate (fixture, "win.show-map");
  g_object_get (dinoscope_page_get_canvas (page), "map-visible", &visible, NULL);
  g_assert_false (visible);
  g_assert_false (gtk_widget_get_visible (window_fixture_find (GTK_WIDGET (page), DINOSCOPE_TYPE_COLOR_BAR)));
  /* The key O is an action of the canvas. */
  gtk_widget_activate_action (GTK_WIDGET (dinoscope_page_get_canvas (page)), "view.map", NULL);
  g_assert_true (gtk_toggle_button_get_active (fixture->window->map_button));

  /* Colours are no reason to compute. */
  g_assert_true (dinoscope_page_get_map (page) == map);
  /* Opacity and smoothing are common to all overlays. */
  choose_overlay (fixture, "cls-attention");
  g_assert_cmpint (dinoscope_overlay_settings_get_style (settings)->smooth, ==, DINO_SMOOTH_BILINEAR);
  g_assert_cmpfloat (dinoscope_overlay_settings_get_opacity (settings), ==, 0.55);
}

static void
test_status_line (WindowFixture *fixture)
{
  DinoscopePage     *page = window_fixture_show_example (fixture, "chest-01.png");
  DinoscopeCanvas   *canvas = dinoscope_page_get_canvas (page);
  g_autofree char   *selected = NULL;
  g_autofree char   *outside = NULL;
  DinoscopeReadout   readout;
  g_autoptr (GBytes) tokens = NULL;
  g_autoptr (GBytes) values = dinoscope_map_dup_values (dinoscope_page_get_map (page));
  const float       *token;
  double             sum = 0;

  dinoscope_canvas_select_patch (canvas, 18, 10);
  g_signal_emit_by_name (canvas, "pointer-moved", 0.0, 0.0, FALSE);
  selected = dinoscope_status_line_dup_text (fixture->window->status_line);
  g_assert_true (strstr (selected, "patch row 18 column 10") != NULL);
  g_assert_true (strstr (selected, "stored ") != NULL);
  g_assert_true (strstr (selected, "PC1 ") != NULL);
  g_assert_true (dinoscope_page_get_readout (page, &readout));
  g_assert_cmpfloat (readout.values[1], ==, ((const float *) g_bytes_get_data (values, NULL))[(18 * 37 + 10) * 3 + 1]);

  /* The norm is the one of the token after the block shown. */
  tokens = dinoscope_features_dup_hidden_state (dinoscope_page_get_features (page), 6);
  token = (const float *) g_bytes_get_data (tokens, NULL) + (1 + 18 * 37 + 10) * 192;
  for (int i = 0; i < 192; i++)
    sum += (double) token[i] * (double) token[i];
  g_assert_true (readout.has_norm);
  g_assert_cmpfloat_with_epsilon (readout.norm * readout.norm, sum, 1e-6 * sum);

  /* The pointer comes before the selection; where the model saw nothing it is said. */
  g_signal_emit_by_name (canvas, "pointer-moved", 320.0, 2.0, TRUE);
  outside = dinoscope_status_line_dup_text (fixture->window->status_line);
  g_assert_true (g_str_has_prefix (outside, "x 320 y 2 px | stored "));
  g_assert_true (g_str_has_suffix (outside, "not seen by the model"));
}

/* A window of 400 pixels is wide enough for everything, with one button to close it. */
static void
test_narrow (WindowFixture *fixture)
{
  int minimum;

  g_object_set (gtk_settings_get_default (), "gtk-decoration-layout", ":close", NULL);
  window_fixture_show_example (fixture, "chest-01.png");
  gtk_widget_measure (GTK_WIDGET (fixture->window), GTK_ORIENTATION_HORIZONTAL, -1, &minimum, NULL, NULL, NULL);
  g_assert_cmpint (minimum, <=, 400);
  gtk_settings_reset_property (gtk_settings_get_default (), "gtk-decoration-layout");
}

static void
test_zoom (WindowFixture *fixture)
{
  DinoscopePage   *page = window_fixture_show_example (fixture, "chest-01.png");
  DinoscopeCanvas *canvas = dinoscope_page_get_canvas (page);
  double           fitted = dinoscope_canvas_get_zoom (canvas);
  gboolean         is_fitted;

  window_fixture_activate (fixture, "win.view-zoom-in");
  g_assert_cmpfloat (dinoscope_canvas_get_zoom (canvas), >, fitted);
  window_fixture_activate (fixture, "win.view-original-size");
  g_assert_cmpfloat (dinoscope_canvas_get_zoom (canvas), ==, 1);
  window_fixture_activate (fixture, "win.view-fit");
  g_object_get (canvas, "fitted", &is_fitted, NULL);
  g_assert_true (is_fitted);
  window_fixture_wait (fixture, window_has_map);
}

static void
test_cancel (WindowFixture *fixture)
{
  g_autoptr (GFile) file = window_fixture_example ("chest-03.png");
  DinoscopePage    *page;

  window_fixture_wait (fixture, window_has_model);
  window_fixture_open (fixture, file);
  window_fixture_wait (fixture, window_is_running);
  page = dinoscope_window_get_page (fixture->window);
  window_fixture_activate (fixture, "win.cancel");
  g_assert_cmpint (dinoscope_page_get_encoding (page), ==, DINOSCOPE_PAGE_ENCODING_CANCELLED);
  g_assert_cmpstr (dinoscope_page_get_progress_text (page), ==, "Encoding was cancelled.");
  g_assert_nonnull (dinoscope_page_get_study (page));

  window_fixture_activate (fixture, "win.encode");
  window_fixture_wait (fixture, window_is_encoded);
  window_fixture_wait (fixture, window_has_map);
  assert_map_is_shown (fixture);
}

/* The window goes away in the middle of a run; tear-down sees that nothing is left. */
static void
test_close_in_mid_run (WindowFixture *fixture)
{
  g_autoptr (GFile) file = window_fixture_example ("chest-04.png");

  window_fixture_wait (fixture, window_has_model);
  window_fixture_open (fixture, file);
  window_fixture_wait (fixture, window_is_running);
  gtk_window_close (GTK_WINDOW (fixture->window));
}

static void
test_close_tab_in_mid_run (WindowFixture *fixture)
{
  g_autoptr (GFile) file = window_fixture_example ("chest-04.png");

  window_fixture_wait (fixture, window_has_model);
  window_fixture_open (fixture, file);
  window_fixture_wait (fixture, window_is_running);
  window_fixture_activate (fixture, "win.close-tab");
  g_assert_null (dinoscope_window_get_page (fixture->window));
  g_assert_cmpstr (gtk_stack_get_visible_child_name (fixture->window->stack), ==, "empty");
}

/* A model that cannot be used is told, and the demonstration encoder stands in, visibly. */
static void
test_unusable_model (WindowFixture *fixture)
{
  window_fixture_show_example (fixture, "chest-01.png");
  g_assert_true (gtk_revealer_get_reveal_child (fixture->window->banner));
  g_assert_true (g_str_has_prefix (gtk_label_get_text (fixture->window->banner_label), "The demonstration encoder is used instead. "));
  g_assert_true (strstr (gtk_label_get_text (fixture->window->banner_label), UNUSABLE_MODEL) != NULL);
  assert_demonstration (fixture);
}

/* What runs for a dialog has a reference on it, also when its window is closed. */
static void
test_dialogs_outlive_window (WindowFixture *fixture)
{
  DinoscopeSession     *session = dinoscope_application_get_session (fixture->application);
  GSettings            *settings = fixture->window->preferences;
  GtkWindow            *other = GTK_WINDOW (dinoscope_window_new (ADW_APPLICATION (fixture->application), session, settings));
  GListModel           *toplevels = gtk_window_get_toplevels ();
  g_autoptr (GPtrArray) dialogs = g_ptr_array_new_with_free_func (g_object_unref);

  gtk_window_present (other);
  gtk_window_present (GTK_WINDOW (dinoscope_compare_model_new (other, session, settings)));
  dinoscope_embed_dialog_show (other, session);
  dinoscope_get_model_dialog_show (other, session, FALSE);
  dinoscope_help_window_show (other);
  dinoscope_model_chooser_show (other, session, settings);
  dinoscope_preferences_show (other, session, settings);
  for (guint i = 0; i < g_list_model_get_n_items (toplevels); i++)
    {
      g_autoptr (GtkWindow) window = g_list_model_get_item (toplevels, i);

      /* GTK's window of keys goes with its own. */
      if (gtk_window_get_transient_for (window) == other && gtk_window_get_destroy_with_parent (window))
        g_ptr_array_add (dialogs, g_object_ref (window));
    }
  g_assert_cmpuint (dialogs->len, ==, 6);
  gtk_window_destroy (other);
  for (guint i = 0; i < dialogs->len; i++)
    g_assert_null (gtk_window_get_transient_for (dialogs->pdata[i]));
}

/* In every list of choices below widget nothing is chosen, as a script may have it. */
static guint
choose_nothing (GtkWidget *widget)
{
  guint n = 0;

  if (ADW_IS_COMBO_ROW (widget))
    {
      adw_combo_row_set_selected (ADW_COMBO_ROW (widget), GTK_INVALID_LIST_POSITION);
      n++;
    }
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL; child = gtk_widget_get_next_sibling (child))
    n += choose_nothing (child);
  return n;
}

static void
test_no_choice (WindowFixture *fixture)
{
  const struct dino_map_style *style;

  window_fixture_show_example (fixture, "chest-01.png");
  g_assert_cmpuint (choose_nothing (GTK_WIDGET (fixture->window)), >, 5);
  window_fixture_wait (fixture, window_has_map);
  g_assert_cmpint (dinoscope_preparation_settings_get (fixture->window->preparation)->invert, ==, DINO_INVERT_AUTO);
  g_assert_cmpint (dinoscope_preparation_settings_get (fixture->window->preparation)->fit, ==, 0);
  style = dinoscope_overlay_settings_get_style (fixture->window->settings);
  g_assert_cmpint (style->smooth, ==, 0);
}

static int
count_items (GMenuModel *menu)
{
  int n_items = g_menu_model_get_n_items (menu);
  int n = n_items;

  for (int i = 0; i < n_items; i++)
    {
      g_autoptr (GMenuModel) section = g_menu_model_get_item_link (menu, i, G_MENU_LINK_SECTION);
      g_autoptr (GMenuModel) submenu = g_menu_model_get_item_link (menu, i, G_MENU_LINK_SUBMENU);

      n += (section != NULL ? count_items (section) : 0) + (submenu != NULL ? count_items (submenu) : 0);
    }
  return n;
}

static GMenuModel *
find_submenu (GMenuModel *menu)
{
  GMenuModel *found = NULL;

  for (int i = 0; i < g_menu_model_get_n_items (menu) && found == NULL; i++)
    {
      g_autoptr (GMenuModel) section = g_menu_model_get_item_link (menu, i, G_MENU_LINK_SECTION);

      found = g_menu_model_get_item_link (menu, i, G_MENU_LINK_SUBMENU);
      if (found == NULL && section != NULL)
        found = find_submenu (section);
    }
  return found;
}

/* Submenus outlive their window, by a reference of GTK's; what is in them must not. */
static void
test_menu_goes_with_window (WindowFixture *fixture)
{
  DinoscopeSession      *session = dinoscope_application_get_session (fixture->application);
  DinoscopeWindow       *other = dinoscope_window_new (ADW_APPLICATION (fixture->application), session, fixture->window->preferences);
  g_autoptr (GMenuModel) menu = g_object_ref (G_MENU_MODEL (other->primary_menu));
  g_autoptr (GMenuModel) submenu = find_submenu (menu);

  gtk_window_present (GTK_WINDOW (other));
  g_assert_cmpint (count_items (menu), >, 50);
  g_assert_cmpint (count_items (submenu), >, 5);
  gtk_window_destroy (GTK_WINDOW (other));
  g_assert_cmpint (count_items (menu), ==, 0);
  g_assert_cmpint (count_items (submenu), ==, 0);
  g_assert_cmpint (count_items (G_MENU_MODEL (fixture->window->primary_menu)), >, 50);
}

int
main (int argc, char *argv[])
{
  if (!window_fixture_init (&argc, &argv))
    return 0;

  window_fixture_add ("/window/empty", NULL, test_empty);
  window_fixture_add ("/window/open", NULL, test_open);
  window_fixture_add ("/window/main-loop-turns", NULL, test_main_loop_turns);
  window_fixture_add ("/window/switch", NULL, test_switch);
  window_fixture_add ("/window/newest-wins", NULL, test_newest_wins);
  window_fixture_add ("/window/panel", NULL, test_panel);
  window_fixture_add ("/window/style", NULL, test_style);
  window_fixture_add ("/window/status-line", NULL, test_status_line);
  window_fixture_add ("/window/narrow", NULL, test_narrow);
  window_fixture_add ("/window/zoom", NULL, test_zoom);
  window_fixture_add ("/window/cancel", NULL, test_cancel);
  window_fixture_add ("/window/close-in-mid-run", NULL, test_close_in_mid_run);
  window_fixture_add ("/window/close-tab-in-mid-run", NULL, test_close_tab_in_mid_run);
  window_fixture_add ("/window/dialogs-outlive-window", NULL, test_dialogs_outlive_window);
  window_fixture_add ("/window/no-choice", NULL, test_no_choice);
  window_fixture_add ("/window/menu-goes-with-window", NULL, test_menu_goes_with_window);
  window_fixture_add ("/window/unusable-model", UNUSABLE_MODEL, test_unusable_model);
  return g_test_run ();
}
