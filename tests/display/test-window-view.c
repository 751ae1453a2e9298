/* What the model gets, in the window: its preparation, its tensor, distances. */
#include "window-fixture.h"

#include "app/dinoscope-page-private.h"
#include "app/dinoscope-preparation-group.h"

static DinoscopePage *
get_page (WindowFixture *fixture)
{
  return dinoscope_window_get_page (fixture->window);
}

static void
assert_status_has (WindowFixture *fixture, const char *part, gboolean has)
{
  g_autofree char *text = dinoscope_status_line_dup_text (fixture->window->status_line);

  if ((strstr (text, part) != NULL) != has)
    g_error ("“%s” %s “%s”", text, has ? "lacks" : "has", part);
}

static gboolean
has_input (WindowFixture *fixture)
{
  return get_page (fixture) != NULL && get_page (fixture)->input != NULL;
}

static gboolean
can_go_on (WindowFixture *fixture)
{
  return get_page (fixture)->next != NULL;
}

/* The tensor that is shown is the one that was encoded: it has that picture and that model. */
static void
assert_input_is_shown (WindowFixture *fixture)
{
  DinoscopePage                  *page = get_page (fixture);
  DinoscopeSession               *session = dinoscope_application_get_session (fixture->application);
  g_autoptr (GError)              error = NULL;
  g_autoptr (DinoscopeModelInput) expected = dinoscope_engine_prepare (dinoscope_session_get_engine (session), dinoscope_page_get_study (page),
                                                                       dinoscope_session_get_model (session), NULL, &error);

  g_assert_no_error (error);
  g_assert_true (g_bytes_equal (dinoscope_model_input_get_values (page->input), dinoscope_model_input_get_values (expected)));
  g_assert_true (gtk_widget_get_visible (GTK_WIDGET (page->model_view_label)));
}

/* Values by hand: (grey / 255 - mean) / std of the processor that the model names. */
static void
test_model_view (WindowFixture *fixture)
{
  DinoscopePage *page = window_fixture_show_example (fixture, "chest-01.png");
  const float   *values;

  assert_status_has (fixture, "input x", FALSE);
  window_fixture_activate (fixture, "win.view-model");
  window_fixture_wait (fixture, has_input);
  assert_input_is_shown (fixture);
  g_assert_cmpstr (gtk_label_get_text (page->model_view_label), ==, "518 × 518 px, 37 × 37 patches\npixel_values −2.05 … 0.739, mean −0.617; greys 0 … 184");

  /* The middle of patch row 0, column 0. */
  g_signal_emit_by_name (page->canvas, "pointer-moved", 0.0, 0.0, FALSE);
  dinoscope_canvas_select_patch (page->canvas, 0, 0);
  values = g_bytes_get_data (dinoscope_model_input_get_values (page->input), NULL);
  {
    int              grey = (int) ((values[7 * 518 + 7] * 0.2583 + 0.5307) * 255 + 0.5);
    g_autofree char *part = g_strdup_printf ("input x 7 y 7: ");
    g_autofree char *grey_part = g_strdup_printf ("(grey %d)", grey);

    assert_status_has (fixture, part, TRUE);
    assert_status_has (fixture, grey_part, TRUE);
  }

  /* It stays on with the next picture, and the former tensor is gone at once. */
  window_fixture_wait (fixture, can_go_on);
  window_fixture_activate (fixture, "win.next-picture");
  window_fixture_wait (fixture, window_is_encoded);
  window_fixture_wait (fixture, has_input);
  assert_input_is_shown (fixture);

  window_fixture_activate (fixture, "win.view-model");
  g_assert_false (gtk_widget_get_visible (GTK_WIDGET (page->model_view_label)));
  assert_status_has (fixture, "input x", FALSE);
  /* Back again without another run. */
  window_fixture_activate (fixture, "win.view-model");
  g_assert_true (gtk_widget_get_visible (GTK_WIDGET (page->model_view_label)));
}

static DinoscopePreparationSettings *
get_preparation (WindowFixture *fixture)
{
  return fixture->window->preparation;
}

static gboolean
is_prepared (WindowFixture *fixture)
{
  DinoscopePage *page = get_page (fixture);

  return dinoscope_page_get_study (page) != NULL &&
         dinoscope_preparation_equal (dinoscope_study_get_preparation (dinoscope_page_get_study (page)), dinoscope_preparation_settings_get (get_preparation (fixture)));
}

static void
wait_for_map (WindowFixture *fixture)
{
  window_fixture_wait (fixture, is_prepared);
  window_fixture_wait (fixture, window_is_encoded);
  window_fixture_wait (fixture, window_has_map);
}

static void
set_preparation (WindowFixture *fixture, struct dino_preparation preparation)
{
  dinoscope_preparation_settings_set (get_preparation (fixture), &preparation);
}

/* The features are those of the same file encoded outside the window with that preparation. */
static void
assert_encoded (WindowFixture *fixture, const char *name)
{
  DinoscopeSession             *session = dinoscope_application_get_session (fixture->application);
  DinoscopeEngine              *engine = dinoscope_session_get_engine (session);
  g_autoptr (GFile)             file = window_fixture_example (name);
  g_autoptr (GError)            error = NULL;
  g_autoptr (DinoscopeStudy)    study = dinoscope_engine_open (engine, file, dinoscope_preparation_settings_get (get_preparation (fixture)), FALSE, NULL, &error);
  g_autoptr (DinoscopeFeatures) expected = dinoscope_engine_encode (engine, study, dinoscope_session_get_model (session), DINO_KEEP_OUTPUT, NULL, NULL, NULL, &error);
  g_autoptr (GBytes)            wanted = dinoscope_features_dup_patches (expected);
  g_autoptr (GBytes)            shown = dinoscope_features_dup_patches (dinoscope_page_get_features (get_page (fixture)));

  g_assert_no_error (error);
  g_assert_true (g_bytes_equal (wanted, shown));
}

static void
count_cb (DinoscopePage *page, GParamSpec *pspec, guint *count)
{
  (*count)++;
}

/* Another fit is another study, grid and map of the same picture; back again costs no run. */
static void
test_fit (WindowFixture *fixture)
{
  DinoscopePage     *page = window_fixture_show_example (fixture, "chest-01.png");
  DinoscopeFeatures *first = dinoscope_page_get_features (page);
  int                row, column;
  double             zoom;

  g_assert_cmpstr (gtk_label_get_text (page->preparation_label), ==, "7.3\u202f% of the picture is not seen");
  window_fixture_activate (fixture, "win.view-zoom-in");
  zoom = dinoscope_canvas_get_zoom (page->canvas);
  dinoscope_canvas_select_patch (page->canvas, 18, 18);
  set_preparation (fixture, (struct dino_preparation){ .fit = DINO_FIT_WHOLE });
  wait_for_map (fixture);
  g_assert_cmpint (page->geometry.columns, ==, 37);
  g_assert_cmpint (page->geometry.rows, >, 37);
  g_assert_true (g_str_has_prefix (gtk_label_get_text (page->preparation_label), "Whole picture, 37 × 39 patches — not what the model was trained with"));
  assert_encoded (fixture, "chest-01.png");
  /* Neither the view nor the place of the patch cursor has moved. */
  g_assert_cmpfloat (dinoscope_canvas_get_zoom (page->canvas), ==, zoom);
  g_assert_true (dinoscope_canvas_get_selected_patch (page->canvas, &row, &column));
  g_assert_cmpint (column, ==, 18);
  g_assert_cmpint (row, ==, 19);

  set_preparation (fixture, (struct dino_preparation){ 0 });
  window_fixture_wait (fixture, is_prepared);
  g_assert_true (dinoscope_page_get_features (page) == first);
  g_assert_cmpint (dinoscope_page_get_encoding (page), ==, DINOSCOPE_PAGE_ENCODING_DONE);
}

/* What is asked for with an 8-bit picture: each grey g becomes 255 - g before it is resized. */
static void
test_invert (WindowFixture *fixture)
{
  DinoscopePage *page = window_fixture_show_example (fixture, "chest-01.png");
  guint          low, high;

  set_preparation (fixture, (struct dino_preparation){ .invert = DINO_INVERT_YES });
  window_fixture_activate (fixture, "win.view-model");
  wait_for_map (fixture);
  window_fixture_wait (fixture, has_input);
  assert_input_is_shown (fixture);
  dinoscope_model_input_get_grey_range (page->input, &low, &high);
  g_assert_cmpuint (low, ==, 255 - 184);
  g_assert_cmpuint (high, ==, 255);
  g_assert_true (g_str_has_prefix (gtk_label_get_text (page->preparation_label), "Inverted as asked — not the processor’s own\n"));
  assert_encoded (fixture, "chest-01.png");
}

/* A hand that turns the spin button starts one run, with the value it ends at. */
static void
test_settles (WindowFixture *fixture)
{
  DinoscopePage *page = window_fixture_show_example (fixture, "chest-01.png");
  guint          count = 0;

  g_signal_connect (page, "notify::study", G_CALLBACK (count_cb), &count);
  for (int size = 70; size <= 252; size += 14)
    {
      set_preparation (fixture, (struct dino_preparation){ .input_size = size });
      /* Waits for the next one. */
      g_assert_cmpuint (page->preparation_timeout, !=, 0);
    }
  wait_for_map (fixture);
  g_assert_cmpuint (count, ==, 1);
  g_assert_cmpint (page->geometry.rows, ==, 18);
  assert_encoded (fixture, "chest-01.png");
}

/* The choice goes on to the next picture, which was encoded ahead with it, and to other tabs. */
static void
test_carries_over (WindowFixture *fixture)
{
  DinoscopePage    *page = window_fixture_show_example (fixture, "chest-01.png");
  g_autoptr (GFile) other = window_fixture_example ("chest-04.png");

  set_preparation (fixture, (struct dino_preparation){ .fit = DINO_FIT_PAD, .input_size = 140, .model_input = DINO_MODEL_INPUT_PERCENTILE });
  wait_for_map (fixture);
  window_fixture_wait (fixture, can_go_on);
  window_fixture_activate (fixture, "win.next-picture");
  window_fixture_wait (fixture, window_is_encoded);
  g_assert_cmpint (page->geometry.input_width, ==, 140);
  assert_encoded (fixture, "chest-02.png");
  window_fixture_open (fixture, other);
  window_fixture_wait (fixture, window_is_encoded);
  assert_encoded (fixture, "chest-04.png");
  g_assert_true (get_page (fixture) != page);

  /* Changed while the first tab is in the background: it catches up when it is looked at. */
  set_preparation (fixture, (struct dino_preparation){ .input_size = 126 });
  wait_for_map (fixture);
  adw_tab_view_set_selected_page (fixture->window->tab_view, adw_tab_view_get_nth_page (fixture->window->tab_view, 0));
  wait_for_map (fixture);
  g_assert_true (get_page (fixture) == page);
  assert_encoded (fixture, "chest-02.png");
}

/* What cannot be done is said in words, and the picture stays. */
static void
test_impossible (WindowFixture *fixture)
{
  DinoscopePage    *page = window_fixture_show_example (fixture, "chest-01.png");
  g_autofree char  *folder = test_data ("golden");
  g_autofree char  *path = g_build_filename (folder, "modes", "rgb8.png", NULL);
  g_autoptr (GFile) colour = g_file_new_for_path (path);

  set_preparation (fixture, (struct dino_preparation){ .fit = DINO_FIT_WHOLE, .input_size = 32760 });
  window_fixture_wait (fixture, is_prepared);
  while (dinoscope_page_get_encoding (page) != DINOSCOPE_PAGE_ENCODING_FAILED)
    g_main_context_iteration (NULL, TRUE);
  g_assert_true (strstr (dinoscope_page_get_progress_text (page), "limit") != NULL);
  g_assert_cmpint (dinoscope_page_get_state (page), ==, DINOSCOPE_PAGE_SHOWN);
  g_assert_nonnull (dinoscope_canvas_get_study (page->canvas));
  g_assert_null (dinoscope_page_get_map (page));

  set_preparation (fixture, (struct dino_preparation){ .input_size = 140, .model_input = DINO_MODEL_INPUT_PERCENTILE });
  wait_for_map (fixture);
  window_fixture_open (fixture, colour);
  window_fixture_wait (fixture, window_has_study);
  page = get_page (fixture);
  while (dinoscope_page_get_encoding (page) != DINOSCOPE_PAGE_ENCODING_FAILED)
    g_main_context_iteration (NULL, TRUE);
  g_assert_true (strstr (dinoscope_page_get_progress_text (page), "is for grey pictures") != NULL);
  g_assert_cmpint (dinoscope_page_get_state (page), ==, DINOSCOPE_PAGE_SHOWN);

  set_preparation (fixture, (struct dino_preparation){ 0 });
  wait_for_map (fixture);
  g_assert_cmpstr (dinoscope_page_get_progress_text (page), ==, "");
}

/* The rows of the panel set what they say, and the button takes it back. */
static void
test_group (WindowFixture *fixture)
{
  GtkWidget  *group = NULL;
  GtkWidget  *fit, *size, *spin, *button;
  const char *subtitle;

  window_fixture_show_example (fixture, "chest-01.png");
  group = window_fixture_find (GTK_WIDGET (fixture->window->panel), DINOSCOPE_TYPE_PREPARATION_GROUP);
  fit = window_fixture_find (group, ADW_TYPE_COMBO_ROW);
  size = window_fixture_find (group, ADW_TYPE_EXPANDER_ROW);
  spin = window_fixture_find (group, GTK_TYPE_SPIN_BUTTON);
  button = window_fixture_find (group, GTK_TYPE_BUTTON);
  g_assert_false (gtk_widget_get_sensitive (button));
  g_assert_cmpstr (adw_action_row_get_subtitle (ADW_ACTION_ROW (fit)), ==, "The processor’s own; 7.3\u202f% of the picture is not seen");
  g_assert_cmpstr (adw_expander_row_get_subtitle (ADW_EXPANDER_ROW (size)), ==, "518 × 518 px, 37 × 37 patches");

  adw_combo_row_set_selected (ADW_COMBO_ROW (fit), 2);
  g_assert_cmpint (dinoscope_preparation_settings_get (get_preparation (fixture))->fit, ==, DINO_FIT_WHOLE);
  subtitle = adw_expander_row_get_subtitle (ADW_EXPANDER_ROW (size));
  g_assert_true (g_str_has_prefix (subtitle, "518 × 546 px, 37 × 39 patches\n1.1 times the work, "));
  adw_expander_row_set_enable_expansion (ADW_EXPANDER_ROW (size), TRUE);
  g_assert_cmpint (dinoscope_preparation_settings_get (get_preparation (fixture))->input_size, ==, 518);
  gtk_spin_button_set_value (GTK_SPIN_BUTTON (spin), 509);
  g_assert_cmpint (dinoscope_preparation_settings_get (get_preparation (fixture))->input_size, ==, 504);
  g_assert_cmpfloat (gtk_spin_button_get_value (GTK_SPIN_BUTTON (spin)), ==, 504);
  wait_for_map (fixture);
  assert_encoded (fixture, "chest-01.png");

  g_assert_true (gtk_widget_get_sensitive (button));
  g_signal_emit_by_name (button, "clicked");
  g_assert_true (dinoscope_preparation_is_own (dinoscope_preparation_settings_get (get_preparation (fixture))));
  g_assert_cmpuint (adw_combo_row_get_selected (ADW_COMBO_ROW (fit)), ==, 0);
  g_assert_false (adw_expander_row_get_enable_expansion (ADW_EXPANDER_ROW (size)));
  wait_for_map (fixture);
}

/* A PNG says nothing of its spacing. */
static void
test_measure (WindowFixture *fixture)
{
  DinoscopePage *page = window_fixture_show_example (fixture, "chest-01.png");

  window_fixture_activate (fixture, "win.view-measure");
  gtk_widget_activate_action (GTK_WIDGET (page->canvas), "view.measure-add", NULL);
  assert_status_has (fixture, "distance ", TRUE);
  assert_status_has (fixture, " px", TRUE);
  gtk_widget_activate_action (GTK_WIDGET (page->canvas), "view.measure-remove", NULL);
  assert_status_has (fixture, "distance ", FALSE);
}

static void
write_from_the_right (void)
{
  gtk_widget_set_default_direction (GTK_TEXT_DIR_RTL);
}

/* Colour bar and zoom controls lie beside each other there, too. */
static void
test_from_the_right (WindowFixture *fixture)
{
  DinoscopePage  *page = window_fixture_show_example (fixture, "chest-02.png");
  GtkWidget      *overlay = gtk_widget_get_parent (page->bar_box);
  graphene_rect_t bar, controls, common;

  while (!gtk_widget_compute_bounds (page->bar_box, overlay, &bar) || bar.size.width < 1)
    g_main_context_iteration (NULL, TRUE);
  g_assert_true (gtk_widget_compute_bounds (page->zoom_controls, overlay, &controls));
  g_assert_false (graphene_rect_intersection (&bar, &controls, &common));
  gtk_widget_set_default_direction (GTK_TEXT_DIR_LTR);
}

int
main (int argc, char *argv[])
{
  if (!window_fixture_init (&argc, &argv))
    return 0;

  window_fixture_add ("/window-view/model-view", NULL, test_model_view);
  window_fixture_add ("/window-view/fit", NULL, test_fit);
  window_fixture_add ("/window-view/invert", NULL, test_invert);
  window_fixture_add ("/window-view/settles", NULL, test_settles);
  window_fixture_add ("/window-view/carries-over", NULL, test_carries_over);
  window_fixture_add ("/window-view/impossible", NULL, test_impossible);
  window_fixture_add ("/window-view/group", NULL, test_group);
  window_fixture_add ("/window-view/measure", NULL, test_measure);
  window_fixture_add_prepared ("/window-view/from-the-right", NULL, write_from_the_right, test_from_the_right);
  return g_test_run ();
}
