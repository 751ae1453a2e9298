/* A folder embedded from the window: what is chosen, progress, the result as
 * the collection, and what goes wrong. The child is a script of the test's, or
 * the real program. */
#include "window-fixture.h"

#include <glib/gstdio.h>

#include "app/dinoscope-embed-dialog.h"

static DinoscopeEmbedDialog *dialog; /* NULL once it is closed */
static const char           *wanted_page;

static gboolean
shows_page (WindowFixture *fixture)
{
  return dialog != NULL && g_str_equal (dinoscope_embed_dialog_get_page (dialog), wanted_page);
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

static void
open_dialog (WindowFixture *fixture)
{
  GListModel *toplevels = gtk_window_get_toplevels ();

  window_fixture_wait (fixture, window_has_model);
  window_fixture_activate (fixture, "win.embed-folder");
  for (guint i = 0; i < g_list_model_get_n_items (toplevels); i++)
    {
      g_autoptr (GtkWindow) window = g_list_model_get_item (toplevels, i);

      if (DINOSCOPE_IS_EMBED_DIALOG (window))
        dialog = DINOSCOPE_EMBED_DIALOG (window);
    }
  g_assert_nonnull (dialog);
  g_object_add_weak_pointer (G_OBJECT (dialog), (gpointer *) &dialog);
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
      GtkWidget *found = GTK_IS_BUTTON (child) && gtk_widget_get_mapped (child) && g_strcmp0 (gtk_button_get_label (GTK_BUTTON (child)), label) == 0
                             ? child
                             : find_button (child, label);

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
  g_assert_true (gtk_widget_get_sensitive (button));
  g_signal_emit_by_name (button, "clicked");
}

static void
use_script (WindowFixture *fixture, const char *text)
{
  g_autoptr (GFile) script = window_fixture_write (fixture, "dinoscope-cli", text, strlen (text));

  g_assert_cmpint (g_chmod (g_file_peek_path (script), 0755), ==, 0);
  g_setenv ("DINOSCOPE_CLI", g_file_peek_path (script), TRUE);
}

static GFile *
make_pictures (WindowFixture *fixture)
{
  GFile            *folder = window_fixture_child (fixture, "films");
  g_autoptr (GFile) one = NULL;
  g_autoptr (GFile) bad = NULL;

  g_assert_cmpint (g_mkdir (g_file_peek_path (folder), 0777), ==, 0);
  one = window_fixture_copy_example (fixture, "chest-01.png", "films/one.png");
  bad = window_fixture_write (fixture, "films/bad.png", "x", 1);
  return folder;
}

static void
remove_tree (GFile *folder)
{
  const char *const command[] = { "/bin/rm", "-r", g_file_peek_path (folder), NULL };

  window_fixture_run (command);
}

static gboolean
has_scatter (WindowFixture *fixture)
{
  return fixture->window->scatter != NULL;
}

/* The numbers of a folder, whose bad file is told of, become the collection. */
static void
test_real (WindowFixture *fixture)
{
  g_autoptr (GFile)    pictures = make_pictures (fixture);
  g_autoptr (GFile)    output = window_fixture_child (fixture, "films-embeddings");
  DinoscopeCollection *collection;

  g_setenv ("DINOSCOPE_CLI", g_getenv ("REAL_CLI"), TRUE);
  open_dialog (fixture);
  g_assert_false (gtk_widget_get_sensitive (find_button (GTK_WIDGET (dialog), "_Start")));
  dinoscope_embed_dialog_set_pictures (dialog, pictures);
  press ("_Start");
  wait_for_page (fixture, "running");
  wait_for_page (fixture, "message");
  g_assert_nonnull (strstr (dinoscope_embed_dialog_get_message (dialog), "1 picture is embedded."));
  g_assert_nonnull (strstr (dinoscope_embed_dialog_get_message (dialog), "1 could not be read"));
  collection = dinoscope_session_get_collection (fixture->window->session);
  g_assert_cmpstr (dinoscope_collection_get_name (collection, 0), ==, "one.png");
  g_assert_true (g_file_equal (dinoscope_collection_get_pictures (collection), pictures));
  g_assert_true (g_file_equal (dinoscope_collection_get_folder (collection), output));
  press ("Show the _Map");
  window_fixture_wait (fixture, is_closed);
  window_fixture_wait (fixture, has_scatter);
  dinoscope_session_set_collection (fixture->window->session, NULL);
  remove_tree (pictures);
  remove_tree (output);
}

static gboolean
has_progress (WindowFixture *fixture)
{
  GtkWidget *bar = window_fixture_find (GTK_WIDGET (dialog), GTK_TYPE_PROGRESS_BAR);

  return gtk_progress_bar_get_fraction (GTK_PROGRESS_BAR (bar)) == 0.25;
}

/* Stopping keeps what is done, and Start goes on. */
static void
test_stop (WindowFixture *fixture)
{
  g_autoptr (GFile) pictures = make_pictures (fixture);

  use_script (fixture, "#!/bin/sh\ntrap 'exit 130' TERM\necho '25 100 one.png' >&3\nwhile :; do sleep 0.05; done\n");
  open_dialog (fixture);
  dinoscope_embed_dialog_set_pictures (dialog, pictures);
  press ("_Start");
  window_fixture_wait (fixture, has_progress);
  press ("S_top");
  wait_for_page (fixture, "choose");
  press ("_Start");
  window_fixture_wait (fixture, has_progress);
  close_dialog (fixture);
  remove_tree (pictures);
}

/* The program's own sentence is told; of many the last. */
static void
test_failed (WindowFixture *fixture)
{
  g_autoptr (GFile) pictures = make_pictures (fixture);
  g_autoptr (GFile) output = window_fixture_child (fixture, "elsewhere");

  use_script (fixture, "#!/bin/sh\nfor i in 1 2 3 4 5 6 7 8; do echo \"dinoscope-cli: picture $i\" >&2; done\necho 'dinoscope-cli: The disk is full.' >&2\nexit 4\n");
  open_dialog (fixture);
  dinoscope_embed_dialog_set_pictures (dialog, pictures);
  dinoscope_embed_dialog_set_output (dialog, output);
  press ("_Start");
  wait_for_page (fixture, "message");
  g_assert_true (g_str_has_suffix (dinoscope_embed_dialog_get_message (dialog), "The disk is full."));
  g_assert_null (strstr (dinoscope_embed_dialog_get_message (dialog), "picture 1\n"));
  g_assert_null (find_button (GTK_WIDGET (dialog), "Show the _Map"));
  press ("_Back");
  /* Nothing was embedded: the folder is not there. */
  use_script (fixture, "#!/bin/sh\necho 'dinoscope-cli: There are no pictures to embed.' >&2\nexit 1\n");
  press ("_Start");
  wait_for_page (fixture, "message");
  g_assert_cmpstr (dinoscope_embed_dialog_get_message (dialog), ==, "There are no pictures to embed.");
  close_dialog (fixture);
  remove_tree (pictures);
}

int
main (int argc, char **argv)
{
  g_autofree char *tiny = NULL;

  if (!window_fixture_init (&argc, &argv))
    return 0;
  g_setenv ("REAL_CLI", g_getenv ("DINOSCOPE_CLI"), TRUE);
  tiny = test_data ("golden/checkpoint/tiny-1");
  window_fixture_add ("/window-embed/real", tiny, test_real);
  window_fixture_add ("/window-embed/stop", tiny, test_stop);
  window_fixture_add ("/window-embed/failed", tiny, test_failed);
  return g_test_run ();
}
