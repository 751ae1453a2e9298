/* RAD-DINO on request: nothing before consent, then a child that fetches. The
 * child is a script of the test's, or the real program and a server of the
 * test's, or an address at which nobody listens. */
#include "window-fixture.h"

#include <glib/gstdio.h>

#include "app/dinoscope-get-model-dialog.h"
#include "app/dinoscope-model-fetch.h"

static DinoscopeGetModelDialog *dialog; /* NULL once it is closed */
static const char              *wanted_page;

static gboolean
shows_page (WindowFixture *fixture)
{
  return dialog != NULL && g_str_equal (dinoscope_get_model_dialog_get_page (dialog), wanted_page);
}

static gboolean
is_closed (WindowFixture *fixture)
{
  return dialog == NULL;
}

static void
wait_for_page (WindowFixture *fixture, const char *page)
{
  wanted_page = page;
  window_fixture_wait (fixture, shows_page);
}

/* The child's program from now on. */
static void
use_script (WindowFixture *fixture, const char *text)
{
  g_autoptr (GFile) script = window_fixture_write (fixture, "dinoscope-cli", text, strlen (text));

  g_assert_cmpint (g_chmod (g_file_peek_path (script), 0755), ==, 0);
  g_setenv ("DINOSCOPE_CLI", g_file_peek_path (script), TRUE);
}

static void
find_dialog (void)
{
  GListModel *toplevels = gtk_window_get_toplevels ();

  for (guint i = 0; i < g_list_model_get_n_items (toplevels); i++)
    {
      g_autoptr (GtkWindow) window = g_list_model_get_item (toplevels, i);

      if (DINOSCOPE_IS_GET_MODEL_DIALOG (window))
        dialog = DINOSCOPE_GET_MODEL_DIALOG (window);
    }
  g_assert_nonnull (dialog);
  g_object_add_weak_pointer (G_OBJECT (dialog), (gpointer *) &dialog);
  g_assert_true (gtk_window_get_modal (GTK_WINDOW (dialog)));
}

static void
open_dialog (WindowFixture *fixture)
{
  window_fixture_wait (fixture, window_has_model);
  window_fixture_activate (fixture, "win.get-model");
  find_dialog ();
  g_assert_true (gtk_window_get_transient_for (GTK_WINDOW (dialog)) == GTK_WINDOW (fixture->window));
}

static void
close_dialog (WindowFixture *fixture)
{
  gtk_window_close (GTK_WINDOW (dialog));
  window_fixture_wait (fixture, is_closed);
}

/* The button with this label that can be seen. */
static GtkWidget *
find_button (GtkWidget *root, const char *label)
{
  for (GtkWidget *child = gtk_widget_get_first_child (root); child != NULL; child = gtk_widget_get_next_sibling (child))
    {
      GtkWidget *found;

      if (GTK_IS_BUTTON (child) && gtk_widget_get_visible (child) && g_strcmp0 (gtk_button_get_label (GTK_BUTTON (child)), label) == 0)
        return child;
      found = find_button (child, label);
      if (found != NULL)
        return found;
    }
  return NULL;
}

static void
press (const char *label)
{
  GtkWidget *button = find_button (GTK_WIDGET (dialog), label);

  g_assert_nonnull (button);
  g_signal_emit_by_name (button, "clicked");
}

/* The row with this title says so. */
static gboolean
tells (GtkWidget *root, const char *title, const char *text)
{
  if (ADW_IS_ACTION_ROW (root) && g_str_equal (adw_preferences_row_get_title (ADW_PREFERENCES_ROW (root)), title))
    return strstr (adw_action_row_get_subtitle (ADW_ACTION_ROW (root)), text) != NULL;
  for (GtkWidget *child = gtk_widget_get_first_child (root); child != NULL; child = gtk_widget_get_next_sibling (child))
    if (tells (child, title, text))
      return TRUE;
  return FALSE;
}

/* What would happen is told, and does not. */
static void
test_consent (WindowFixture *fixture)
{
  g_autofree char *started = g_build_filename (fixture->folder, "started", NULL);
  g_autofree char *script = g_strdup_printf ("#!/bin/sh\ntouch '%s'\nexit 0\n", started);
  GtkWidget       *facts;

  g_setenv ("XDG_DATA_HOME", "/nowhere", TRUE);
  g_setenv ("HF_ENDPOINT", "https://mirror.example.org/hf/", TRUE);
  use_script (fixture, script);
  open_dialog (fixture);
  wait_for_page (fixture, "offer");
  facts = window_fixture_find (GTK_WIDGET (dialog), ADW_TYPE_PREFERENCES_GROUP);
  g_assert_true (tells (facts, "From", "https://mirror.example.org/hf/microsoft/rad-dino"));
  g_assert_true (tells (facts, "Size", "346.3\302\240MB"));
  g_assert_true (tells (facts, "Licence", "MIT"));
  g_assert_true (tells (facts, "Licence", "research only"));
  g_assert_true (tells (facts, "To", "/nowhere/dinoscope/models/rad-dino"));
  g_assert_nonnull (find_button (GTK_WIDGET (dialog), "_Download"));
  g_assert_nonnull (find_button (GTK_WIDGET (dialog), "Choose _Folder…"));
  g_assert_null (find_button (GTK_WIDGET (dialog), "_Cancel"));
  close_dialog (fixture);
  g_assert_false (g_file_test (started, G_FILE_TEST_EXISTS));
  g_unsetenv ("HF_ENDPOINT");
}

static gboolean
model_is_other (WindowFixture *fixture)
{
  DinoscopeModel *model = dinoscope_session_get_model (fixture->window->session);

  return model != NULL && !dinoscope_model_is_demonstration (model);
}

/* The encoder changes without a restart. */
static void
test_complete (WindowFixture *fixture)
{
  g_autofree char *data = g_build_filename (fixture->folder, "share", NULL);
  g_autofree char *script = g_strdup_printf ("#!/bin/sh\n"
                                             "test \"$*\" = 'model get rad-dino --yes --progress-fd 3' || exit 2\n"
                                             "echo '5 10 config.json' >&3\n"
                                             "mkdir -p '%s/dinoscope/models'\n"
                                             "cp -r '%s/golden/checkpoint/tiny-1' '%s/dinoscope/models/rad-dino'\n"
                                             "echo '10 10 model.safetensors' >&3\n",
                                             data, g_getenv ("DINOSCOPE_TEST_DATA"), data);
  g_autofree char *remove = g_strdup_printf ("rm -r '%s'", data);

  g_setenv ("XDG_DATA_HOME", data, TRUE);
  use_script (fixture, script);
  open_dialog (fixture);
  press ("_Download");
  window_fixture_wait (fixture, is_closed);
  window_fixture_wait (fixture, model_is_other);
  g_assert_cmpint (system (remove), ==, 0);
}

/* The child's sentence is told, and another try can be made. */
static void
test_failed (WindowFixture *fixture)
{
  use_script (fixture, "#!/bin/sh\necho 'RAD-DINO, 346 MB' >&2\necho 'dinoscope-cli: The server has lost its head.' >&2\nexit 5\n");
  open_dialog (fixture);
  press ("_Download");
  wait_for_page (fixture, "failed");
  g_assert_cmpstr (dinoscope_get_model_dialog_get_message (dialog), ==, "The server has lost its head.");
  press ("Try _Again");
  wait_for_page (fixture, "failed");
  use_script (fixture, "#!/bin/sh\nkill -9 $$\n");
  press ("Try _Again");
  wait_for_page (fixture, "failed");
  g_assert_nonnull (strstr (dinoscope_get_model_dialog_get_message (dialog), "unexpectedly"));
  close_dialog (fixture);
}

static gboolean
has_progress (WindowFixture *fixture)
{
  GtkWidget *bar = window_fixture_find (GTK_WIDGET (dialog), GTK_TYPE_PROGRESS_BAR);

  return gtk_progress_bar_get_fraction (GTK_PROGRESS_BAR (bar)) == 0.25;
}

static gboolean
child_has_stopped (WindowFixture *fixture)
{
  g_autofree char *path = g_build_filename (fixture->folder, "stopped", NULL);

  return g_file_test (path, G_FILE_TEST_EXISTS);
}

/* The child is asked to stop, and what it has is kept; also when the program
 * was started by a shell that had SIGINT ignored. Lines that say nothing are
 * passed over. */
static void
test_cancel (WindowFixture *fixture)
{
  g_autofree char *stopped = g_build_filename (fixture->folder, "stopped", NULL);
  g_autofree char *script = g_strdup_printf ("#!/bin/sh\ntrap '' INT\ntrap 'touch \"%s\"; exit 130' TERM\n"
                                             "echo '25 100 model.safetensors' >&3\necho '90 80 x' >&3\necho '-1 0 x' >&3\necho >&3\n"
                                             "while :; do sleep 0.05; done\n",
                                             stopped);

  use_script (fixture, script);
  open_dialog (fixture);
  press ("_Download");
  wait_for_page (fixture, "running");
  window_fixture_wait (fixture, has_progress);
  g_assert_null (find_button (GTK_WIDGET (dialog), "Choose _Folder…"));
  press ("_Cancel");
  wait_for_page (fixture, "offer");
  g_assert_true (child_has_stopped (fixture));
  g_remove (stopped);
  /* Closing the dialog stops it as well. */
  press ("_Download");
  window_fixture_wait (fixture, has_progress);
  close_dialog (fixture);
  window_fixture_wait (fixture, child_has_stopped);
}

static gboolean
model_is_golden (WindowFixture *fixture)
{
  DinoscopeModel *model = dinoscope_session_get_model (fixture->window->session);

  return model != NULL && g_str_has_suffix (dinoscope_model_get_path (model), "/golden/checkpoint/tiny-1");
}

/* Without network: the reason, and a folder. */
static void
test_closed (WindowFixture *fixture)
{
  g_autofree char  *path = test_data ("golden/checkpoint/tiny-1");
  g_autoptr (GFile) folder = g_file_new_for_path (path);

  window_fixture_wait (fixture, window_has_model);
  dinoscope_get_model_dialog_show (GTK_WINDOW (fixture->window), fixture->window->session, FALSE);
  find_dialog ();
  wait_for_page (fixture, "closed");
  g_assert_null (find_button (GTK_WIDGET (dialog), "_Download"));
  g_assert_null (find_button (GTK_WIDGET (dialog), "Try _Again"));
  g_assert_nonnull (find_button (GTK_WIDGET (dialog), "Choose _Folder…"));
  dinoscope_get_model_dialog_choose (dialog, folder);
  window_fixture_wait (fixture, is_closed);
  window_fixture_wait (fixture, model_is_golden);
}

/* In a Flatpak the menu and the banner ask for a folder; outside for a download. */
static void
test_sandbox (WindowFixture *fixture)
{
  static const char text[] = "[Application]\nname=x\n\n[Context]\nshared=ipc;\n";
  g_autoptr (GFile) info = window_fixture_write (fixture, "flatpak-info", text, strlen (text));
  GtkActionable    *help = GTK_ACTIONABLE (fixture->window->banner_help);

  /* A button shows whether its action can be had. */
  g_assert_cmpstr (gtk_actionable_get_action_name (help), ==, "win.get-model");
  gtk_actionable_set_action_name (help, "win.choose-model-folder");
  g_assert_false (gtk_widget_get_sensitive (GTK_WIDGET (help)));
  g_setenv ("DINOSCOPE_FLATPAK_INFO", g_file_peek_path (info), TRUE);
  dinoscope_window_offer_model (fixture->window);
  g_assert_nonnull (strstr (dinoscope_window_model_offer (), "has no network"));
  g_unsetenv ("DINOSCOPE_FLATPAK_INFO");
  g_assert_cmpstr (gtk_actionable_get_action_name (help), ==, "win.choose-model-folder");
  g_assert_true (gtk_widget_get_sensitive (GTK_WIDGET (help)));
  gtk_actionable_set_action_name (help, "win.get-model");
  g_assert_false (gtk_widget_get_sensitive (GTK_WIDGET (help)));
  window_fixture_activate (fixture, "win.choose-model-folder");
  find_dialog ();
  wait_for_page (fixture, "closed");
  close_dialog (fixture);
}

/* 879 bytes, as config.json has, of a content that it does not have; in a thread of its own. */
static gboolean
serve_cb (GThreadedSocketService *service, GSocketConnection *connection, GObject *source, int *n_requests)
{
  static const char head[] = "HTTP/1.1 200 OK\r\nContent-Length: 879\r\nConnection: close\r\n\r\n";
  char              body[879], request[4096];
  GOutputStream    *out = g_io_stream_get_output_stream (G_IO_STREAM (connection));

  memset (body, 'x', sizeof body);
  if (g_input_stream_read (g_io_stream_get_input_stream (G_IO_STREAM (connection)), request, sizeof request, NULL, NULL) > 0)
    g_atomic_int_inc (n_requests);
  g_output_stream_write_all (out, head, strlen (head), NULL, NULL, NULL);
  g_output_stream_write_all (out, body, sizeof body, NULL, NULL, NULL);
  return TRUE;
}

/* The real program, and a file that is not what was published. */
static void
test_wrong_content (WindowFixture *fixture)
{
  g_autoptr (GSocketService) service = g_threaded_socket_service_new (1);
  g_autofree char           *data = g_build_filename (fixture->folder, "share", NULL), *target = NULL, *url = NULL;
  g_autofree char           *remove = g_strdup_printf ("rm -r '%s'", data);
  int                        n_requests = 0;
  guint16                    port = g_socket_listener_add_any_inet_port (G_SOCKET_LISTENER (service), NULL, NULL);

  g_assert_cmpint (port, !=, 0);
  g_signal_connect (service, "run", G_CALLBACK (serve_cb), &n_requests);
  g_socket_service_start (service);
  url = g_strdup_printf ("http://127.0.0.1:%u", port);
  g_setenv ("XDG_DATA_HOME", data, TRUE);
  g_setenv ("DINOSCOPE_CLI", g_getenv ("REAL_CLI"), TRUE);
  g_setenv ("HF_ENDPOINT", url, TRUE);
  target = dinoscope_model_fetch_dup_target ();
  open_dialog (fixture);
  press ("_Download");
  wait_for_page (fixture, "failed");
  g_assert_nonnull (strstr (dinoscope_get_model_dialog_get_message (dialog), "config.json"));
  g_assert_nonnull (strstr (dinoscope_get_model_dialog_get_message (dialog), "sha256"));
  g_assert_cmpint (g_atomic_int_get (&n_requests), ==, 1);
  /* Nothing is left, not even a part. */
  g_assert_cmpint (g_rmdir (target), ==, 0);
  close_dialog (fixture);
  g_socket_service_stop (service);
  g_socket_listener_close (G_SOCKET_LISTENER (service));
  g_unsetenv ("HF_ENDPOINT");
  g_assert_cmpint (system (remove), ==, 0);
}

/* The real program, at an address where nobody listens. */
static void
test_real (WindowFixture *fixture)
{
  g_autofree char *data = g_build_filename (fixture->folder, "share", NULL);
  g_autofree char *remove = g_strdup_printf ("rm -r '%s'", data);

  g_setenv ("XDG_DATA_HOME", data, TRUE);
  g_setenv ("DINOSCOPE_CLI", g_getenv ("REAL_CLI"), TRUE);
  g_setenv ("HF_ENDPOINT", "http://127.0.0.1:1", TRUE);
  open_dialog (fixture);
  press ("_Download");
  wait_for_page (fixture, "failed");
  g_assert_nonnull (strstr (dinoscope_get_model_dialog_get_message (dialog), "127.0.0.1 cannot be reached"));
  close_dialog (fixture);
  g_unsetenv ("HF_ENDPOINT");
  g_assert_cmpint (system (remove), ==, 0);
}

int
main (int argc, char *argv[])
{
  if (!window_fixture_init (&argc, &argv))
    return 0;

  g_setenv ("REAL_CLI", g_getenv ("DINOSCOPE_CLI"), TRUE);
  window_fixture_add ("/window-get-model/consent", NULL, test_consent);
  window_fixture_add ("/window-get-model/complete", NULL, test_complete);
  window_fixture_add ("/window-get-model/failed", NULL, test_failed);
  window_fixture_add ("/window-get-model/cancel", NULL, test_cancel);
  window_fixture_add ("/window-get-model/closed", NULL, test_closed);
  window_fixture_add ("/window-get-model/sandbox", NULL, test_sandbox);
  window_fixture_add ("/window-get-model/real", NULL, test_real);
  window_fixture_add ("/window-get-model/wrong-content", NULL, test_wrong_content);
  return g_test_run ();
}
