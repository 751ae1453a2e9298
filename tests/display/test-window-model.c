/* Another encoder while pictures are open: by the chooser, by hand, and in vain. */
#include <glib/gstdio.h>

#include "window-fixture.h"

#include "app/dinoscope-model-chooser.h"
#include "app/dinoscope-model-row.h"
#include "support.h"

static DinoscopeSession *
get_session (WindowFixture *fixture)
{
  return dinoscope_application_get_session (fixture->application);
}

static char *
golden (const char *name)
{
  g_autofree char *path = g_build_filename ("golden", "checkpoint", name, NULL);

  return test_data (path);
}

static gboolean
is_settled (WindowFixture *fixture)
{
  return dinoscope_session_get_loading (get_session (fixture)) == NULL;
}

static void
switch_to (WindowFixture *fixture, const char *path)
{
  dinoscope_session_switch_model (get_session (fixture), path, path, DINOSCOPE_MODEL_SOURCE_SETTING);
  window_fixture_wait (fixture, is_settled);
}

static const char *
model_path (WindowFixture *fixture)
{
  return dinoscope_model_get_path (dinoscope_session_get_model (get_session (fixture)));
}

static char *
remembered (void)
{
  g_autoptr (GSettings) settings = g_settings_new ("io.github.dinoscope.Dinoscope");

  return g_settings_get_string (settings, "model");
}

static int
get_int (WindowFixture *fixture, const char *name)
{
  g_autoptr (GVariant) value = dinoscope_overlay_settings_dup_value (dinoscope_window_get_settings (fixture->window), name);

  return g_variant_get_int32 (value);
}

static void
assert_subtitle (WindowFixture *fixture, const char *name)
{
  g_autofree char *text = window_fixture_describe (name);

  g_assert_cmpstr (adw_window_title_get_subtitle (fixture->window->window_title), ==, text);
  g_assert_cmpstr (gtk_label_get_text (fixture->window->model_label), ==, text);
}

/* The map on the screen is of the model in use. */
static void
assert_own_map (WindowFixture *fixture, guint n_blocks, int side)
{
  DinoscopePage     *page = dinoscope_window_get_page (fixture->window);
  DinoscopeFeatures *features = dinoscope_page_get_features (page);

  g_assert_true (dinoscope_features_get_model (features) == dinoscope_session_get_model (get_session (fixture)));
  g_assert_cmpuint (dinoscope_model_get_n_blocks (dinoscope_features_get_model (features)), ==, n_blocks);
  g_assert_cmpint (dinoscope_map_get_width (dinoscope_page_get_map (page)), ==, side);
  g_assert_cmpint (dinoscope_map_get_height (dinoscope_page_get_map (page)), ==, side);
}

/* Two tabs: both are encoded by the other model, and what was set stays where it fits. */
static void
test_switch (WindowFixture *fixture)
{
  DinoscopeOverlaySettings *settings = dinoscope_window_get_settings (fixture->window);
  g_autofree char          *deep = golden ("tiny-deep-1");
  g_autofree char          *now = NULL;
  DinoscopePage            *first = window_fixture_show_example (fixture, "chest-01.png");
  DinoscopePage            *second = window_fixture_show_example (fixture, "chest-02.png");

  g_assert_cmpuint (dinoscope_features_cache_get_n_features (dinoscope_session_get_cache (get_session (fixture))), >=, 2);
  dinoscope_overlay_settings_set_value (settings, "block", g_variant_new_int32 (2));
  dinoscope_overlay_settings_set_opacity (settings, 0.25);
  window_fixture_wait (fixture, window_has_map);

  switch_to (fixture, deep);
  /* Nothing of the other model is left, in the background neither. */
  g_assert_null (dinoscope_page_get_map (first));
  g_assert_null (dinoscope_page_get_features (first));
  g_assert_null (dinoscope_page_get_map (second));
  assert_subtitle (fixture, "tiny-deep-1");
  window_fixture_wait (fixture, window_is_encoded);
  window_fixture_wait (fixture, window_has_map);
  assert_own_map (fixture, 5, 5);
  g_assert_cmpint (get_int (fixture, "block"), ==, 2);
  g_assert_cmpfloat (dinoscope_overlay_settings_get_opacity (settings), ==, 0.25);
  now = remembered ();
  g_assert_cmpstr (now, ==, deep);

  adw_tab_view_set_selected_page (fixture->window->tab_view, dinoscope_window_find_tab (fixture->window, first));
  window_fixture_wait (fixture, window_is_encoded);
  window_fixture_wait (fixture, window_has_map);
  g_assert_true (dinoscope_window_get_page (fixture->window) == first);
  assert_own_map (fixture, 5, 5);
}

/* A block that the other model does not have. */
static void
test_switch_to_fewer_blocks (WindowFixture *fixture)
{
  g_autofree char *tiny = golden ("tiny-1");

  window_fixture_show_example (fixture, "chest-01.png");
  dinoscope_overlay_settings_set_value (dinoscope_window_get_settings (fixture->window), "block", g_variant_new_int32 (4));
  window_fixture_wait (fixture, window_has_map);
  switch_to (fixture, tiny);
  window_fixture_wait (fixture, window_is_encoded);
  window_fixture_wait (fixture, window_has_map);
  assert_own_map (fixture, 2, 4);
  g_assert_cmpint (get_int (fixture, "block"), ==, 1);
}

static void
failed_cb (char **message, const char *text)
{
  g_free (*message);
  *message = g_strdup (text);
}

/* The model before stays, with its map, and the window says why. */
static void
test_failed_switch (WindowFixture *fixture)
{
  DinoscopePage   *page = window_fixture_show_example (fixture, "chest-01.png");
  DinoscopeModel  *model = dinoscope_session_get_model (get_session (fixture));
  DinoscopeMap    *map = dinoscope_page_get_map (page);
  g_autofree char *message = NULL, *now = NULL, *text = NULL;

  g_signal_connect_swapped (get_session (fixture), "switch-failed", G_CALLBACK (failed_cb), &message);
  switch_to (fixture, "/nonexistent/model");
  g_assert_nonnull (strstr (message, "/nonexistent/model"));
  g_assert_true (dinoscope_session_get_model (get_session (fixture)) == model);
  g_assert_true (dinoscope_page_get_map (page) == map);
  g_assert_cmpint (dinoscope_page_get_encoding (page), ==, DINOSCOPE_PAGE_ENCODING_DONE);
  g_assert_null (dinoscope_session_get_problem (get_session (fixture)));
  text = g_strdup_printf ("The encoder was not changed. %s", message);
  g_assert_cmpstr (gtk_label_get_text (fixture->window->banner_label), ==, text);
  g_assert_true (gtk_revealer_get_reveal_child (fixture->window->banner));
  assert_subtitle (fixture, "Demonstration encoder - not RAD-DINO");
  now = remembered ();
  g_assert_cmpstr (now, ==, "");
}

/* The last choice counts, however fast they come. */
static void
test_newest_choice (WindowFixture *fixture)
{
  g_autofree char *deep = golden ("tiny-deep-1"), *tiny = golden ("tiny-1"), *registers = golden ("tiny-registers-1");
  g_autofree char *now = NULL;

  dinoscope_session_switch_model (get_session (fixture), deep, deep, DINOSCOPE_MODEL_SOURCE_SETTING);
  dinoscope_session_switch_model (get_session (fixture), tiny, tiny, DINOSCOPE_MODEL_SOURCE_SETTING);
  switch_to (fixture, registers);
  g_assert_cmpstr (model_path (fixture), ==, registers);
  now = remembered ();
  g_assert_cmpstr (now, ==, registers);
}

/* A start that went wrong is mended without another one. */
static void
test_after_problem (WindowFixture *fixture)
{
  g_autofree char *deep = golden ("tiny-deep-1");

  window_fixture_wait (fixture, window_has_model);
  g_assert_nonnull (strstr (dinoscope_session_get_problem (get_session (fixture)), "The demonstration encoder is used instead."));
  g_assert_true (gtk_revealer_get_reveal_child (fixture->window->banner));
  switch_to (fixture, deep);
  g_assert_cmpstr (model_path (fixture), ==, deep);
  g_assert_null (dinoscope_session_get_problem (get_session (fixture)));
  g_assert_false (gtk_revealer_get_reveal_child (fixture->window->banner));
}

static DinoscopeModelChooser *
find_chooser (void)
{
  GListModel *toplevels = gtk_window_get_toplevels ();

  for (guint i = 0; i < g_list_model_get_n_items (toplevels); i++)
    {
      g_autoptr (GtkWindow) other = g_list_model_get_item (toplevels, i);

      if (DINOSCOPE_IS_MODEL_CHOOSER (other))
        return DINOSCOPE_MODEL_CHOOSER (other);
    }
  return NULL;
}

static void
find_rows (GtkWidget *root, GPtrArray *rows)
{
  if (DINOSCOPE_IS_MODEL_ROW (root))
    g_ptr_array_add (rows, root);
  for (GtkWidget *child = gtk_widget_get_first_child (root); child != NULL; child = gtk_widget_get_next_sibling (child))
    find_rows (child, rows);
}

static DinoscopeModelRow *
find_row (const char *name)
{
  g_autoptr (GPtrArray) rows = g_ptr_array_new ();

  find_rows (GTK_WIDGET (find_chooser ()), rows);
  for (guint i = 0; i < rows->len; i++)
    if (g_str_equal (dinoscope_found_model_get_name (dinoscope_model_row_get_model (rows->pdata[i])), name))
      return rows->pdata[i];
  return NULL;
}

static gboolean
has_rows (WindowFixture *fixture)
{
  return find_row ("demo") != NULL;
}

static gboolean
has_selected_mine (WindowFixture *fixture)
{
  DinoscopeModelRow *row = find_row ("mine");

  return row != NULL && is_settled (fixture) && dinoscope_model_row_get_selected (row) && g_str_has_suffix (model_path (fixture), "/mine");
}

static gboolean
has_selected_folder (WindowFixture *fixture)
{
  g_autofree char *deep = golden ("tiny-deep-1");

  return is_settled (fixture) && g_str_equal (model_path (fixture), deep) && find_row (deep) != NULL && dinoscope_model_row_get_selected (find_row (deep));
}

/* What was found, one of them in use, the broken one out of reach. */
static void
test_chooser (WindowFixture *fixture)
{
  g_autofree char       *deep = golden ("tiny-deep-1");
  g_autofree char       *now = NULL;
  g_autoptr (GFile)      folder = g_file_new_for_path (deep);
  DinoscopeModelChooser *chooser;
  DinoscopeModelRow     *broken;

  window_fixture_show_example (fixture, "chest-01.png");
  window_fixture_activate (fixture, "win.choose-model");
  window_fixture_wait (fixture, has_rows);
  chooser = find_chooser ();
  g_assert_true (dinoscope_model_row_get_selected (find_row ("demo")));
  g_assert_false (dinoscope_model_row_get_selected (find_row ("mine")));
  broken = find_row ("broken");
  g_assert_false (gtk_list_box_row_get_activatable (GTK_LIST_BOX_ROW (broken)));
  g_assert_nonnull (strstr (adw_action_row_get_subtitle (ADW_ACTION_ROW (broken)), "preprocessor_config.json"));

  gtk_widget_activate (GTK_WIDGET (find_row ("mine")));
  window_fixture_wait (fixture, has_selected_mine);
  g_assert_false (dinoscope_model_row_get_selected (find_row ("demo")));
  now = remembered ();
  g_assert_cmpstr (now, ==, "mine");
  assert_subtitle (fixture, "mine");

  /* Raised, not opened twice. */
  window_fixture_activate (fixture, "win.choose-model");
  g_assert_true (find_chooser () == chooser);

  dinoscope_model_chooser_choose (chooser, folder);
  window_fixture_wait (fixture, has_selected_folder);
  window_fixture_wait (fixture, window_is_encoded);
  window_fixture_wait (fixture, window_has_map);
  assert_own_map (fixture, 5, 5);
  gtk_window_destroy (GTK_WINDOW (chooser));
}

static gboolean
has_selected_demo (WindowFixture *fixture)
{
  DinoscopeModelRow *row = find_row ("demo");

  return row != NULL && is_settled (fixture) && dinoscope_model_row_get_selected (row);
}

/* A folder that holds no model: the list goes back to the one in use. */
static void
test_chooser_fails (WindowFixture *fixture)
{
  g_autoptr (GFile)      folder = g_file_new_for_path (fixture->folder);
  g_autofree char       *message = NULL;
  DinoscopeModelChooser *chooser;

  window_fixture_wait (fixture, window_has_model);
  window_fixture_activate (fixture, "win.choose-model");
  window_fixture_wait (fixture, has_rows);
  chooser = find_chooser ();
  g_signal_connect_swapped (get_session (fixture), "switch-failed", G_CALLBACK (failed_cb), &message);
  dinoscope_model_chooser_choose (chooser, folder);
  window_fixture_wait (fixture, is_settled);
  g_assert_nonnull (strstr (message, "there is neither model.safetensors"));
  window_fixture_wait (fixture, has_selected_demo);
  /* Closed while it looks again. */
  dinoscope_model_chooser_reload (chooser);
  gtk_window_destroy (GTK_WINDOW (chooser));
  switch_to (fixture, "/nonexistent/model");
}

/* What is remembered is used at the next start. */
static void
test_remembered (WindowFixture *fixture)
{
  g_autoptr (DinoscopeSession) session = dinoscope_session_new (0, 1 << 20, NULL);

  window_fixture_wait (fixture, window_has_model);
  g_setenv ("DINOSCOPE_MODEL", "", TRUE);
  dinoscope_session_load_model (session, NULL, "mine");
  g_assert_true (g_str_has_suffix (dinoscope_session_get_loading (session), "/dinoscope/models/mine"));
  while (dinoscope_session_get_model (session) == NULL)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpint (dinoscope_session_get_model_source (session), ==, DINOSCOPE_MODEL_SOURCE_SETTING);
  dinoscope_session_shutdown (session);
}

static void
install (const char *models, const char *name, gboolean whole)
{
  static const char *const files[] = { "config.json", "model.safetensors", "preprocessor_config.json" };
  g_autofree char         *source = golden ("tiny-registers-1");
  g_autofree char         *folder = g_build_filename (models, name, NULL);

  g_assert_cmpint (g_mkdir_with_parents (folder, 0755), ==, 0);
  for (gsize i = 0; i < (whole ? 3 : 2); i++)
    {
      g_autofree char  *from_path = g_build_filename (source, files[i], NULL);
      g_autofree char  *to_path = g_build_filename (folder, files[i], NULL);
      g_autoptr (GFile) from = g_file_new_for_path (from_path), to = g_file_new_for_path (to_path);

      g_assert_true (g_file_copy (from, to, G_FILE_COPY_NONE, NULL, NULL, NULL, NULL));
    }
}

static void
remove_tree (const char *path)
{
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  const char      *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *child = g_build_filename (path, name, NULL);

      remove_tree (child);
    }
  g_remove (path);
}

int
main (int argc, char *argv[])
{
  g_autofree char *home = NULL, *models = NULL;
  int              result;

  if (!window_fixture_init (&argc, &argv))
    return 0;
  home = g_dir_make_tmp ("dinoscope-home-XXXXXX", NULL);
  models = g_build_filename (home, "dinoscope", "models", NULL);
  g_setenv ("XDG_DATA_HOME", home, TRUE);
  install (models, "mine", TRUE);
  install (models, "broken", FALSE);
  window_fixture_add ("/window/model/switch", NULL, test_switch);
  window_fixture_add ("/window/model/fewer-blocks", NULL, test_switch_to_fewer_blocks);
  window_fixture_add ("/window/model/failed-switch", NULL, test_failed_switch);
  window_fixture_add ("/window/model/newest-choice", NULL, test_newest_choice);
  window_fixture_add ("/window/model/after-problem", "/nonexistent/model", test_after_problem);
  window_fixture_add ("/window/model/chooser", NULL, test_chooser);
  window_fixture_add ("/window/model/chooser-fails", NULL, test_chooser_fails);
  window_fixture_add ("/window/model/remembered", NULL, test_remembered);
  result = g_test_run ();
  remove_tree (home);
  return result;
}
