/* RAD-DINO on request: nothing before consent, then a child that fetches. The
 * child is a script of the test's, or the real program and an address at which
 * nobody listens. */
#include "window-fixture.h"

#include <glib/gstdio.h>

#include "app/dinoscope-get-model-dialog.h"

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
open_dialog (WindowFixture *fixture)
{
  GListModel *toplevels = gtk_window_get_toplevels ();

  window_fixture_wait (fixture, window_has_model);
  window_fixture_activate (fixture, "win.get-model");
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

/* What would happen is told, and does not. */
static void
test_consent (WindowFixture *fixture)
{
  g_autofree char *started = g_build_filename (fixture->folder, "started", NULL);
  g_autofree char *script = g_strdup_printf ("#!/bin/sh\ntouch '%s'\nexit 0\n", started);
  GtkWidget       *facts;

  use_script (fixture, script);
  open_dialog (fixture);
  wait_for_page (fixture, "offer");
  facts = window_fixture_find (GTK_WIDGET (dialog), ADW_TYPE_PREFERENCES_GROUP);
  g_assert_nonnull (facts);
  g_assert_nonnull (find_button (GTK_WIDGET (dialog), "_Download"));
  g_assert_nonnull (find_button (GTK_WIDGET (dialog), "Choose _Folder…"));
  g_assert_null (find_button (GTK_WIDGET (dialog), "_Cancel"));
  close_dialog (fixture);
  g_assert_false (g_file_test (started, G_FILE_TEST_EXISTS));
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

/* The child is asked to stop, and what it has is kept. */
static void
test_cancel (WindowFixture *fixture)
{
  use_script (fixture, "#!/bin/sh\ntrap 'exit 130' INT\necho '25 100 model.safetensors' >&3\nwhile :; do sleep 0.05; done\n");
  open_dialog (fixture);
  press ("_Download");
  wait_for_page (fixture, "running");
  window_fixture_wait (fixture, has_progress);
  press ("_Cancel");
  wait_for_page (fixture, "offer");
  /* Closing the dialog stops it as well. */
  press ("_Download");
  window_fixture_wait (fixture, has_progress);
  close_dialog (fixture);
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
  window_fixture_add ("/window-get-model/real", NULL, test_real);
  return g_test_run ();
}
