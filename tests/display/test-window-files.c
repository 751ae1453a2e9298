/* Pictures in: folders, broken files, tabs, drop and paste. */
#include <glib/gstdio.h>
#include <sys/stat.h>

#include "window-fixture.h"

static DinoscopePage *
get_page (WindowFixture *fixture)
{
  return dinoscope_window_get_page (fixture->window);
}

static gboolean
has_neighbours (WindowFixture *fixture)
{
  gboolean back, on;

  g_object_get (get_page (fixture), "can-go-back", &back, "can-go-on", &on, NULL);
  return back || on;
}

static const char *
shown_name (WindowFixture *fixture)
{
  return dinoscope_study_get_name (dinoscope_page_get_study (get_page (fixture)));
}

static const char *awaited;

static gboolean
shows_awaited (WindowFixture *fixture)
{
  return window_has_study (fixture) && g_str_equal (shown_name (fixture), awaited) && window_is_encoded (fixture) && window_has_map (fixture);
}

static void
step_to (WindowFixture *fixture, const char *action, const char *name)
{
  window_fixture_wait (fixture, has_neighbours);
  window_fixture_activate (fixture, action);
  awaited = name;
  window_fixture_wait (fixture, shows_awaited);
}

static gboolean
has_title_of_shown (WindowFixture *fixture)
{
  return g_str_equal (dinoscope_page_get_title (get_page (fixture)), shown_name (fixture)) && has_neighbours (fixture);
}

static void
count_message_cb (DinoscopePage *page, const char *text, char **message)
{
  g_free (*message);
  *message = g_strdup (text);
}

static gboolean
cannot_go_on (WindowFixture *fixture)
{
  gboolean back, on;

  g_object_get (get_page (fixture), "can-go-back", &back, "can-go-on", &on, NULL);
  return back && !on;
}

static gboolean
cannot_go_back (WindowFixture *fixture)
{
  gboolean back, on;

  g_object_get (get_page (fixture), "can-go-back", &back, "can-go-on", &on, NULL);
  return !back && on;
}

static void
test_folder (WindowFixture *fixture)
{
  static const char               truncated[] = "\x89PNG\r\n\x1a\n\0\0\0\rIHDR";
  G_GNUC_UNUSED g_autoptr (GFile) ten = window_fixture_copy_example (fixture, "chest-03.png", "film 10.png");
  G_GNUC_UNUSED g_autoptr (GFile) two = window_fixture_copy_example (fixture, "chest-02.png", "film 2.png");
  g_autoptr (GFile)               one = window_fixture_copy_example (fixture, "chest-01.png", "film 1.data");
  G_GNUC_UNUSED g_autoptr (GFile) hidden = window_fixture_copy_example (fixture, "chest-04.png", ".film 3.png");
  G_GNUC_UNUSED g_autoptr (GFile) text = window_fixture_write (fixture, "film 4.png", "no picture", 10);
  G_GNUC_UNUSED g_autoptr (GFile) broken = window_fixture_write (fixture, "film 5.png", truncated, sizeof truncated - 1);
  DinoscopeFeaturesCache         *cache = dinoscope_session_get_cache (dinoscope_application_get_session (fixture->application));
  g_autofree char                *message = NULL;

  window_fixture_open (fixture, one);
  awaited = "film 1.data";
  window_fixture_wait (fixture, shows_awaited);
  g_signal_connect (get_page (fixture), "message", G_CALLBACK (count_message_cb), &message);

  /* In natural order, known by content and not by name, hidden files left out. */
  step_to (fixture, "win.next-picture", "film 2.png");
  g_assert_null (message);

  /* A broken one keeps its place in the folder: it is told, and the last good picture stays. */
  window_fixture_wait (fixture, has_neighbours);
  window_fixture_activate (fixture, "win.next-picture");
  window_fixture_wait (fixture, has_title_of_shown);
  g_assert_nonnull (message);
  g_assert_true (strstr (message, "film 5.png") != NULL);
  g_assert_cmpstr (shown_name (fixture), ==, "film 2.png");
  awaited = "film 2.png";
  window_fixture_wait (fixture, shows_awaited);

  step_to (fixture, "win.next-picture", "film 10.png");
  window_fixture_wait (fixture, cannot_go_on);

  /* Features are kept: going back runs no encoder. */
  g_assert_cmpuint (dinoscope_features_cache_get_n_features (cache), ==, 3);
  window_fixture_activate (fixture, "win.previous-picture");
  window_fixture_wait (fixture, has_title_of_shown);
  step_to (fixture, "win.previous-picture", "film 2.png");
  step_to (fixture, "win.previous-picture", "film 1.data");
  window_fixture_wait (fixture, has_neighbours);
  g_assert_true (cannot_go_back (fixture));
  g_assert_cmpuint (dinoscope_features_cache_get_n_features (cache), ==, 3);
}

static gboolean
has_two_features (WindowFixture *fixture)
{
  return dinoscope_features_cache_get_n_features (dinoscope_session_get_cache (dinoscope_application_get_session (fixture->application))) == 2;
}

/* A picture that came alone gets its neighbours with its folder. */
static void
test_alone (WindowFixture *fixture)
{
  g_autofree char  *path = g_build_filename (fixture->folder, "films", NULL);
  g_autoptr (GFile) folder = g_file_new_for_path (path);
  g_autoptr (GFile) same = g_file_get_child (folder, "film-2.png");
  g_autoptr (GFile) other = g_file_get_child (folder, "film-1.png");
  g_autoptr (GFile) lone = window_fixture_copy_example (fixture, "chest-01.png", "film-2.png");
  g_autoptr (GFile) another = NULL;

  window_fixture_open (fixture, lone);
  awaited = "film-2.png";
  window_fixture_wait (fixture, shows_awaited);
  g_assert_cmpint (g_mkdir (path, 0755), ==, 0);
  dinoscope_window_open_in_folder (fixture->window, folder);
  g_assert_true (g_file_equal (dinoscope_page_get_file (get_page (fixture)), lone));
  another = window_fixture_copy_example (fixture, "chest-02.png", "film-3.png");
  g_assert_true (g_file_copy (lone, same, G_FILE_COPY_NONE, NULL, NULL, NULL, NULL));
  g_assert_true (g_file_copy (another, other, G_FILE_COPY_NONE, NULL, NULL, NULL, NULL));
  dinoscope_window_open_in_folder (fixture->window, folder);
  g_assert_true (g_file_equal (dinoscope_page_get_file (get_page (fixture)), same));
  g_assert_cmpuint (dinoscope_window_get_n_pages (fixture->window), ==, 1);
  step_to (fixture, "win.previous-picture", "film-1.png");
  g_assert_cmpint (g_remove (g_file_peek_path (same)), ==, 0);
  g_assert_cmpint (g_remove (g_file_peek_path (other)), ==, 0);
  g_assert_cmpint (g_rmdir (path), ==, 0);
}

/* The next picture is encoded while nothing else is wanted. */
static void
test_ahead (WindowFixture *fixture)
{
  g_autoptr (GFile)               one = window_fixture_copy_example (fixture, "chest-01.png", "1.png");
  G_GNUC_UNUSED g_autoptr (GFile) two = window_fixture_copy_example (fixture, "chest-02.png", "2.png");

  window_fixture_open (fixture, one);
  window_fixture_wait (fixture, has_two_features);
  g_assert_cmpstr (shown_name (fixture), ==, "1.png");
  step_to (fixture, "win.next-picture", "2.png");
  g_assert_true (has_two_features (fixture));
}

/* Budget and order of going: the least recently used first. */
static void
test_cache (WindowFixture *fixture)
{
  DinoscopePage                     *page = window_fixture_show_example (fixture, "chest-01.png");
  DinoscopeFeatures                 *features = dinoscope_page_get_features (page);
  gsize                              size = dinoscope_features_get_memory (features);
  g_autoptr (DinoscopeFeaturesCache) cache = dinoscope_features_cache_new (2 * size);
  g_autoptr (DinoscopeFeatures)      a = NULL;
  g_autoptr (DinoscopeFeatures)      b = NULL;
  g_autoptr (DinoscopeFeatures)      c = NULL;

  dinoscope_features_cache_insert (cache, "a", features);
  dinoscope_features_cache_insert (cache, "b", features);
  dinoscope_features_cache_insert (cache, "b", features);
  g_assert_cmpuint (dinoscope_features_cache_get_memory (cache), ==, 2 * size);
  a = dinoscope_features_cache_lookup (cache, "a");
  g_assert_true (a == features);
  dinoscope_features_cache_insert (cache, "c", features);
  b = dinoscope_features_cache_lookup (cache, "b");
  c = dinoscope_features_cache_lookup (cache, "c");
  g_assert_null (b);
  g_assert_nonnull (c);
  dinoscope_features_cache_set_budget (cache, size);
  g_assert_cmpuint (dinoscope_features_cache_get_n_features (cache), ==, 1);
  dinoscope_features_cache_set_budget (cache, size - 1);
  g_assert_cmpuint (dinoscope_features_cache_get_memory (cache), ==, 0);
  dinoscope_features_cache_insert (cache, "d", features);
  g_assert_cmpuint (dinoscope_features_cache_get_n_features (cache), ==, 0);
}

/* The status page names the file and the reason. */
static void
assert_refused (WindowFixture *fixture, GFile *file)
{
  g_autofree char *name = g_file_get_basename (file);
  AdwStatusPage   *status;

  window_fixture_open (fixture, file);
  window_fixture_wait (fixture, window_has_error);
  status = ADW_STATUS_PAGE (gtk_stack_get_visible_child (GTK_STACK (window_fixture_find (GTK_WIDGET (get_page (fixture)), GTK_TYPE_STACK))));
  g_assert_true (strstr (adw_status_page_get_description (status), name) != NULL);
  g_assert_cmpuint (dinoscope_window_get_n_pages (fixture->window), ==, 1);
  window_fixture_activate (fixture, "win.close-tab");
}

static void
test_errors (WindowFixture *fixture)
{
  g_autoptr (GFile) text = window_fixture_write (fixture, "text.png", "no picture", 10);
  g_autoptr (GFile) empty = window_fixture_write (fixture, "empty.jpg", "", 0);
  g_autoptr (GFile) folder = g_file_new_for_path (fixture->folder);
  g_autoptr (GFile) missing = g_file_get_child (folder, "missing.png");
  g_autoptr (GFile) fifo = g_file_get_child (folder, "fifo.png");
  g_autoptr (GFile) good = window_fixture_example ("chest-01.png");

  g_assert_cmpint (mkfifo (g_file_peek_path (fifo), 0600), ==, 0);
  assert_refused (fixture, text);
  assert_refused (fixture, empty);
  assert_refused (fixture, folder);
  assert_refused (fixture, missing);
  assert_refused (fixture, fifo);

  /* A tab that could not show its picture is used for the next one. */
  window_fixture_open (fixture, text);
  window_fixture_wait (fixture, window_has_error);
  window_fixture_open (fixture, good);
  window_fixture_wait (fixture, window_has_map);
  g_assert_cmpuint (dinoscope_window_get_n_pages (fixture->window), ==, 1);
}

static void
test_tabs (WindowFixture *fixture)
{
  g_autoptr (GFile) one = window_fixture_example ("chest-01.png");
  g_autoptr (GFile) two = window_fixture_example ("chest-02.png");
  GFile            *files[] = { one, two };
  DinoscopePage    *first, *second;

  dinoscope_window_open_files (fixture->window, files, 2);
  window_fixture_wait (fixture, window_has_map);
  g_assert_cmpuint (dinoscope_window_get_n_pages (fixture->window), ==, 2);
  first = get_page (fixture);
  second = dinoscope_board_get_current (dinoscope_window_get_board (adw_tab_view_get_nth_page (fixture->window->tab_view, 1)));
  g_assert_cmpstr (dinoscope_page_get_title (first), ==, "chest-01.png");

  /* Opened when it is looked at. */
  g_assert_cmpint (dinoscope_page_get_state (second), ==, DINOSCOPE_PAGE_EMPTY);
  g_assert_cmpstr (dinoscope_page_get_title (second), ==, "chest-02.png");
  adw_tab_view_select_next_page (fixture->window->tab_view);
  g_assert_true (get_page (fixture) == second);
  window_fixture_wait (fixture, window_has_map);
  g_assert_cmpstr (gtk_window_get_title (GTK_WINDOW (fixture->window)), ==, "chest-02.png");

  /* Values carry over, also to a tab that has a map already. */
  dinoscope_overlay_settings_set_value (dinoscope_window_get_settings (fixture->window), "block", g_variant_new_int32 (1));
  window_fixture_wait (fixture, window_has_map);
  g_assert_null (dinoscope_page_get_features (first));
  adw_tab_view_select_previous_page (fixture->window->tab_view);
  window_fixture_wait (fixture, window_has_map);
  g_assert_true (g_str_has_prefix (dinoscope_map_get_title (dinoscope_page_get_map (first)), "PCA of block 1"));
}

/* A tab moves to a window of its own, and takes part in that one's values. */
static void
test_move_tab (WindowFixture *fixture)
{
  DinoscopePage   *page = window_fixture_show_example (fixture, "chest-01.png");
  AdwTabPage      *tab = adw_tab_view_get_selected_page (fixture->window->tab_view);
  AdwTabView      *view = NULL;
  DinoscopeWindow *other;

  g_signal_emit_by_name (fixture->window->tab_view, "create-window", &view);
  g_assert_nonnull (view);
  other = DINOSCOPE_WINDOW (gtk_widget_get_root (GTK_WIDGET (view)));
  g_assert_true (other != fixture->window);
  adw_tab_view_transfer_page (fixture->window->tab_view, tab, view, 0);
  g_assert_null (get_page (fixture));
  g_assert_true (dinoscope_window_get_page (other) == page);

  fixture->window = other;
  dinoscope_overlay_settings_set_value (dinoscope_window_get_settings (other), "block", g_variant_new_int32 (2));
  window_fixture_wait (fixture, window_has_map);
  g_assert_true (g_str_has_prefix (dinoscope_map_get_title (dinoscope_page_get_map (page)), "PCA of block 2"));
}

static GtkEventController *
find_drop_target (GtkWidget *widget)
{
  g_autoptr (GListModel) controllers = gtk_widget_observe_controllers (widget);

  for (guint i = 0; i < g_list_model_get_n_items (controllers); i++)
    {
      g_autoptr (GtkEventController) controller = g_list_model_get_item (controllers, i);

      if (GTK_IS_DROP_TARGET (controller))
        return controller;
    }
  return NULL;
}

static void
test_drop (WindowFixture *fixture)
{
  g_autoptr (GFile) one = window_fixture_example ("chest-01.png");
  g_autoptr (GFile) two = window_fixture_example ("chest-02.png");
  GdkFileList      *list = gdk_file_list_new_from_array ((GFile *[]){ one, two }, 2);
  g_auto (GValue)   value = G_VALUE_INIT;
  gboolean          handled = FALSE;

  g_value_init (&value, GDK_TYPE_FILE_LIST);
  g_value_take_boxed (&value, list);
  g_signal_emit_by_name (find_drop_target (GTK_WIDGET (fixture->window)), "drop", &value, 10.0, 10.0, &handled);
  g_assert_true (handled);
  g_assert_cmpuint (dinoscope_window_get_n_pages (fixture->window), ==, 2);
  window_fixture_wait (fixture, window_has_map);
}

static void
test_paste_file (WindowFixture *fixture)
{
  g_autoptr (GFile) file = window_fixture_example ("chest-02.png");
  GdkFileList      *list = gdk_file_list_new_from_array ((GFile *[]){ file }, 1);

  gdk_clipboard_set (gtk_widget_get_clipboard (GTK_WIDGET (fixture->window)), GDK_TYPE_FILE_LIST, list);
  g_boxed_free (GDK_TYPE_FILE_LIST, list);
  window_fixture_activate (fixture, "win.paste");
  window_fixture_wait (fixture, window_has_map);
  g_assert_cmpstr (shown_name (fixture), ==, "chest-02.png");
}

static void
test_paste_picture (WindowFixture *fixture)
{
  g_autoptr (GFile)              file = window_fixture_example ("chest-03.png");
  g_autoptr (GBytes)             bytes = g_file_load_bytes (file, NULL, NULL, NULL);
  g_autoptr (GdkContentProvider) provider = gdk_content_provider_new_for_bytes ("image/png", bytes);
  int                            width, height;

  gdk_clipboard_set_content (gtk_widget_get_clipboard (GTK_WIDGET (fixture->window)), provider);
  window_fixture_activate (fixture, "win.paste");
  window_fixture_wait (fixture, window_has_map);
  g_assert_cmpstr (shown_name (fixture), ==, "Pasted Picture");
  g_assert_null (dinoscope_study_get_file (dinoscope_page_get_study (get_page (fixture))));
  dinoscope_study_get_level (dinoscope_page_get_study (get_page (fixture)), 0, &width, &height);
  g_assert_cmpint (width, ==, 640);
  g_assert_cmpint (height, ==, 524);
}

/* A file may be called anything: a line break, a colour of terminals, what turns
 * the direction of all that follows, and a byte that is no UTF-8. */
#define STRANGE "new\nline\x1b[31m\xe2\x80\xae|\xff"
#define STRANGE_SHOWN "new?line?[31m?|\xef\xbf\xbd"

static void
assert_sane (const char *text)
{
  if (text == NULL)
    return;
  g_assert_true (g_utf8_validate (text, -1, NULL));
  g_assert_null (strstr (text, "new\nline"));
  g_assert_null (strstr (text, "\xe2\x80\xae"));
  for (; *text != '\0'; text++)
    g_assert_false (g_ascii_iscntrl (*text) && *text != '\n');
}

/* Returns how many labels have the name. */
static guint
look_at_texts (GtkWidget *root)
{
  const char *text = GTK_IS_LABEL (root) ? gtk_label_get_text (GTK_LABEL (root)) : NULL;
  guint       n = text != NULL && strstr (text, STRANGE_SHOWN) != NULL ? 1 : 0;

  assert_sane (text);
  assert_sane (gtk_widget_get_tooltip_text (root));
  for (GtkWidget *child = gtk_widget_get_first_child (root); child != NULL; child = gtk_widget_get_next_sibling (child))
    n += look_at_texts (child);
  return n;
}

static gboolean
has_toast (WindowFixture *fixture)
{
  GtkWidget *toast = window_fixture_find (GTK_WIDGET (fixture->window), g_type_from_name ("AdwToastWidget"));

  return toast != NULL && window_fixture_shows (toast, "“map " STRANGE_SHOWN ".png” is written, and “map " STRANGE_SHOWN ".json” beside it.");
}

static void
test_strange_name (WindowFixture *fixture)
{
  g_autoptr (GFile) file = window_fixture_copy_example (fixture, "chest-01.png", STRANGE ".png");
  g_autoptr (GFile) broken = window_fixture_write (fixture, "broken " STRANGE ".png", "no picture", 10);
  GtkWidget        *root = GTK_WIDGET (fixture->window);

  window_fixture_open (fixture, file);
  window_fixture_wait (fixture, window_has_map);
  g_assert_cmpstr (shown_name (fixture), ==, STRANGE_SHOWN ".png");
  g_assert_cmpstr (dinoscope_page_get_title (get_page (fixture)), ==, STRANGE_SHOWN ".png");
  g_assert_cmpstr (gtk_window_get_title (GTK_WINDOW (root)), ==, STRANGE_SHOWN ".png");
  /* The title, the tab, the panel's name. */
  g_assert_cmpuint (look_at_texts (root), >=, 3);

  window_fixture_export (fixture, "map " STRANGE ".png", DINOSCOPE_EXPORT_PLAIN);
  window_fixture_wait (fixture, has_toast);
  look_at_texts (root);

  window_fixture_open (fixture, broken);
  window_fixture_wait (fixture, window_has_error);
  g_assert_cmpstr (dinoscope_page_get_title (get_page (fixture)), ==, "broken " STRANGE_SHOWN ".png");
}

int
main (int argc, char *argv[])
{
  if (!window_fixture_init (&argc, &argv))
    return 0;

  window_fixture_add ("/window-files/folder", NULL, test_folder);
  window_fixture_add ("/window-files/alone", NULL, test_alone);
  window_fixture_add ("/window-files/ahead", NULL, test_ahead);
  window_fixture_add ("/window-files/cache", NULL, test_cache);
  window_fixture_add ("/window-files/errors", NULL, test_errors);
  window_fixture_add ("/window-files/tabs", NULL, test_tabs);
  window_fixture_add ("/window-files/move-tab", NULL, test_move_tab);
  window_fixture_add ("/window-files/drop", NULL, test_drop);
  window_fixture_add ("/window-files/paste-file", NULL, test_paste_file);
  window_fixture_add ("/window-files/paste-picture", NULL, test_paste_picture);
  window_fixture_add ("/window-files/strange-name", NULL, test_strange_name);
  return g_test_run ();
}
