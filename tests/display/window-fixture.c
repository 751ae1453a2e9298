#include "window-fixture.h"

#include <glib/gstdio.h>

#define WATCHDOG_SECONDS 600

/* Into the corner that no window reaches: the patch under the pointer is told
 * rather than the one that a test selects, and a tooltip that waits when its
 * window goes makes GTK 4.8 use what is no longer there. */
static void
park_pointer (void)
{
  const char *const command[] = { "xdotool", "mousemove", "9999", "9999", NULL };

  g_spawn_sync (NULL, (char **) command, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL, NULL, NULL, NULL);
}

/* GTK 4.8 asks where the pointer is, and what lies there, when a tooltip's time
 * has come, in a window that has been closed meanwhile, too. */
static gboolean
is_fatal (const char *domain, GLogLevelFlags level, const char *message, gpointer data)
{
  return strstr (message, "gdk_surface_get_device_position: assertion 'GDK_IS_SURFACE") == NULL &&
         strstr (message, "_gtk_widget_find_at_coords: assertion 'GDK_IS_SURFACE") == NULL;
}

/* The test's own handler would write it as the end of the test. */
static void
log_cb (const char *domain, GLogLevelFlags level, const char *message, gpointer data)
{
  if (is_fatal (domain, level, message, NULL))
    g_log_default_handler (domain, level, message, NULL);
}

gboolean
window_fixture_init (int *argc, char ***argv)
{
  g_test_init (argc, argv, NULL);
  g_log_set_handler ("Gdk", G_LOG_LEVEL_CRITICAL | G_LOG_FLAG_FATAL, log_cb, NULL);
  g_log_set_handler ("Gtk", G_LOG_LEVEL_CRITICAL | G_LOG_FLAG_FATAL, log_cb, NULL);
  g_setenv ("DINOSCOPE_NON_UNIQUE", "1", TRUE);
  g_set_application_name ("Dinoscope");
  if (gtk_init_check ())
    {
      park_pointer ();
      return TRUE;
    }
  g_print ("1..0 # SKIP no display\n");
  return FALSE;
}

static void
remove_folder (const char *folder)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char      *name;

  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);

      g_remove (path);
    }
  g_rmdir (folder);
}

typedef struct
{
  WindowFixture fixture;
  const char   *model;
  void (*prepare) (void);
  WindowTest test;
} Case;

static gboolean
run_test_cb (gpointer data)
{
  Case           *running = data;
  WindowFixture  *fixture = &running->fixture;
  GtkApplication *application = GTK_APPLICATION (fixture->application);
  GList          *windows;

  fixture->window = DINOSCOPE_WINDOW (gtk_application_get_active_window (application));
  g_assert_nonnull (fixture->window);
  running->test (fixture);
  while ((windows = gtk_application_get_windows (application)) != NULL)
    gtk_window_destroy (windows->data);
  return G_SOURCE_REMOVE;
}

static void
activated_cb (GApplication *application, Case *running)
{
  g_idle_add (run_test_cb, running);
}

/* Settings live in memory, longer than a case. */
static void
reset_settings (void)
{
  g_autoptr (GSettings)       settings = g_settings_new ("io.github.dinoscope.Dinoscope");
  g_autoptr (GSettingsSchema) schema = NULL;
  g_auto (GStrv)              keys = NULL;

  g_object_get (settings, "settings-schema", &schema, NULL);
  keys = g_settings_schema_list_keys (schema);
  for (gsize i = 0; keys[i] != NULL; i++)
    g_settings_reset (settings, keys[i]);
}

static void
run_case (gconstpointer data)
{
  Case               running = *(const Case *) data;
  WindowFixture     *fixture = &running.fixture;
  g_autoptr (GError) error = NULL;

  g_test_log_set_fatal_handler (is_fatal, NULL);
  reset_settings ();
  if (running.prepare != NULL)
    running.prepare ();
  g_setenv ("DINOSCOPE_MODEL", running.model != NULL ? running.model : "demo", TRUE);
  fixture->folder = g_dir_make_tmp ("dinoscope-XXXXXX", &error);
  g_assert_no_error (error);
  fixture->application = dinoscope_application_new ();
  g_signal_connect_after (fixture->application, "activate", G_CALLBACK (activated_cb), &running);
  g_assert_cmpint (g_application_run (G_APPLICATION (fixture->application), 0, NULL), ==, 0);
  g_assert_finalize_object (fixture->application);
  remove_folder (fixture->folder);
  g_free (fixture->folder);
}

void
window_fixture_add_prepared (const char *path, const char *model, void (*prepare) (void), WindowTest test)
{
  Case *added = g_new0 (Case, 1);

  added->model = model;
  added->prepare = prepare;
  added->test = test;
  g_test_add_data_func_full (path, added, run_case, g_free);
}

void
window_fixture_add (const char *path, const char *model, WindowTest test)
{
  window_fixture_add_prepared (path, model, NULL, test);
}

static gboolean
watchdog_cb (gpointer data)
{
  g_error ("Nothing happened within %d seconds.", WATCHDOG_SECONDS);
  return G_SOURCE_REMOVE;
}

void
window_fixture_wait (WindowFixture *fixture, WindowCondition condition)
{
  guint watchdog = g_timeout_add_seconds (WATCHDOG_SECONDS, watchdog_cb, NULL);

  while (!condition (fixture))
    g_main_context_iteration (NULL, TRUE);
  g_source_remove (watchdog);
}

static DinoscopePage *
get_page (WindowFixture *fixture)
{
  return dinoscope_window_get_page (fixture->window);
}

gboolean
window_has_study (WindowFixture *fixture)
{
  DinoscopePage *page = get_page (fixture);

  return page != NULL && dinoscope_page_get_study (page) != NULL;
}

gboolean
window_has_map (WindowFixture *fixture)
{
  DinoscopePage *page = get_page (fixture);

  return page != NULL && dinoscope_page_is_map_current (page) && dinoscope_canvas_is_settled (dinoscope_page_get_canvas (page));
}

gboolean
window_is_running (WindowFixture *fixture)
{
  DinoscopePage *page = get_page (fixture);

  return page != NULL && dinoscope_page_get_encoding (page) == DINOSCOPE_PAGE_ENCODING_RUNNING;
}

gboolean
window_is_encoded (WindowFixture *fixture)
{
  DinoscopePage *page = get_page (fixture);

  return page != NULL && dinoscope_page_get_encoding (page) == DINOSCOPE_PAGE_ENCODING_DONE;
}

gboolean
window_has_error (WindowFixture *fixture)
{
  DinoscopePage *page = get_page (fixture);

  return page != NULL && dinoscope_page_get_state (page) == DINOSCOPE_PAGE_ERROR;
}

gboolean
window_has_model (WindowFixture *fixture)
{
  return dinoscope_session_get_model (dinoscope_application_get_session (fixture->application)) != NULL;
}

GFile *
window_fixture_example (const char *name)
{
  g_autofree char *path = dinoscope_data_path ("examples", name, NULL);

  return g_file_new_for_path (path);
}

void
window_fixture_open (WindowFixture *fixture, GFile *file)
{
  dinoscope_window_open_files (fixture->window, &file, 1);
}

DinoscopePage *
window_fixture_show_example (WindowFixture *fixture, const char *name)
{
  g_autoptr (GFile) file = window_fixture_example (name);

  window_fixture_open (fixture, file);
  window_fixture_wait (fixture, window_is_encoded);
  window_fixture_wait (fixture, window_has_map);
  return get_page (fixture);
}

GFile *
window_fixture_write (WindowFixture *fixture, const char *name, const void *data, gsize length)
{
  g_autofree char   *path = g_build_filename (fixture->folder, name, NULL);
  g_autoptr (GError) error = NULL;

  g_file_set_contents (path, data, (gssize) length, &error);
  g_assert_no_error (error);
  return g_file_new_for_path (path);
}

GFile *
window_fixture_copy_example (WindowFixture *fixture, const char *example, const char *name)
{
  g_autoptr (GFile)  file = window_fixture_example (example);
  g_autoptr (GBytes) bytes = g_file_load_bytes (file, NULL, NULL, NULL);

  g_assert_nonnull (bytes);
  return window_fixture_write (fixture, name, g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
}

void
window_fixture_activate (WindowFixture *fixture, const char *action)
{
  g_assert_true (gtk_widget_activate_action (GTK_WIDGET (fixture->window), action, NULL));
}

char *
window_fixture_describe (const char *name)
{
  enum dino_isa isa;

  dino_precision_isa (DINO_PRECISION_FP32, dino_isa_detect (), &isa);
  return g_strdup_printf ("%s, fp32, %s", name, dino_isa_name (isa));
}

GtkWidget *
window_fixture_find (GtkWidget *root, GType type)
{
  if (g_type_is_a (G_OBJECT_TYPE (root), type))
    return root;
  for (GtkWidget *child = gtk_widget_get_first_child (root); child != NULL; child = gtk_widget_get_next_sibling (child))
    {
      GtkWidget *found = window_fixture_find (child, type);

      if (found != NULL)
        return found;
    }
  return NULL;
}

gboolean
window_fixture_shows (GtkWidget *root, const char *text)
{
  if (GTK_IS_LABEL (root) && strcmp (gtk_label_get_text (GTK_LABEL (root)), text) == 0)
    return TRUE;
  for (GtkWidget *child = gtk_widget_get_first_child (root); child != NULL; child = gtk_widget_get_next_sibling (child))
    if (window_fixture_shows (child, text))
      return TRUE;
  return FALSE;
}

GFile *
window_fixture_child (WindowFixture *fixture, const char *name)
{
  g_autofree char *path = g_build_filename (fixture->folder, name, NULL);

  return g_file_new_for_path (path);
}

void
window_fixture_export (WindowFixture *fixture, const char *name, DinoscopeExportFlags flags)
{
  g_autoptr (GFile) file = window_fixture_child (fixture, name);
  g_autofree char  *sidecar = dinoscope_sidecar_path (g_file_peek_path (file));

  dinoscope_window_export_to (fixture->window, file, flags);
  /* It comes last. */
  while (!g_file_query_exists (file, NULL) || !g_file_test (sidecar, G_FILE_TEST_EXISTS))
    g_main_context_iteration (NULL, TRUE);
}

void
window_fixture_assert_equal_files (WindowFixture *fixture, const char *one, const char *other)
{
  g_autofree char *one_path = g_canonicalize_filename (one, fixture->folder);
  g_autofree char *other_path = g_canonicalize_filename (other, fixture->folder);
  g_autofree char *a = NULL, *b = NULL;
  gsize            a_length, b_length;

  g_assert_true (g_file_get_contents (one_path, &a, &a_length, NULL));
  g_assert_true (g_file_get_contents (other_path, &b, &b_length, NULL));
  g_assert_cmpmem (a, a_length, b, b_length);
}

void
window_fixture_run (const char *const *command)
{
  int status;

  g_assert_true (g_spawn_sync (NULL, (char **) command, NULL, G_SPAWN_DEFAULT, NULL, NULL, NULL, NULL, &status, NULL));
  g_assert_true (g_spawn_check_wait_status (status, NULL));
}
