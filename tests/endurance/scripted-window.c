/* One window that does one thing, for processes.py:
 *
 * scripted-window encode PICTURE OUTPUT [stop]: encodes PICTURE and exports what is
 * seen and the tokens as OUTPUT.png and OUTPUT.npy. stop: the process stops itself
 * (SIGSTOP) when the encoder has begun, and once more at each block that it tells of.
 *
 * scripted-window lose PICTURES FOLDER: embeds PICTURES by the command line and
 * exports into FOLDER over and over; prints "ready" when both go on. */
#include <locale.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <glib/gstdio.h>

#include "app/dinoscope-application.h"
#include "app/dinoscope-child.h"
#include "app/dinoscope-window-private.h"

static struct
{
  DinoscopeApplication *application;
  DinoscopeWindow      *window;
  char                **arguments; /* what, then its own */
  DinoscopeChild       *child;
  gboolean              child_goes; /* the child has told of a picture */
} all;

static DinoscopePage *
get_page (void)
{
  return dinoscope_window_get_page (all.window);
}

static gboolean
is_done (void)
{
  return get_page () != NULL && dinoscope_page_get_encoding (get_page ()) == DINOSCOPE_PAGE_ENCODING_DONE && dinoscope_page_is_map_current (get_page ()) &&
         dinoscope_canvas_is_settled (dinoscope_page_get_canvas (get_page ()));
}

static gboolean
is_running (void)
{
  return get_page () != NULL && dinoscope_page_get_encoding (get_page ()) == DINOSCOPE_PAGE_ENCODING_RUNNING;
}

/* Stops when the encoder begins and whenever it has got further. */
static void
wait_until_done (gboolean stops)
{
  g_autofree char *told = g_strdup ("");

  while (!is_done ())
    {
      g_main_context_iteration (NULL, TRUE);
      if (!stops || !is_running () || g_str_equal (told, dinoscope_page_get_progress_text (get_page ())))
        continue;
      g_free (told);
      told = g_strdup (dinoscope_page_get_progress_text (get_page ()));
      raise (SIGSTOP);
    }
}

static void
show (const char *path)
{
  g_autoptr (GFile) file = g_file_new_for_commandline_arg (path);

  dinoscope_window_open_files (all.window, &file, 1);
}

static void
export_as (const char *stem, const char *suffix, DinoscopeExportFlags flags)
{
  g_autofree char  *path = g_strconcat (stem, suffix, NULL);
  g_autofree char  *sidecar = dinoscope_sidecar_path (path);
  g_autoptr (GFile) file = g_file_new_for_commandline_arg (path);

  g_unlink (path);
  g_unlink (sidecar);
  dinoscope_window_export_to (all.window, file, flags);
  /* The sidecar comes last. */
  while (!g_file_test (sidecar, G_FILE_TEST_EXISTS))
    g_main_context_iteration (NULL, TRUE);
}

static gboolean
encode_cb (gpointer data)
{
  show (all.arguments[1]);
  wait_until_done (all.arguments[3] != NULL);
  export_as (all.arguments[2], ".png", DINOSCOPE_EXPORT_BAR);
  export_as (all.arguments[2], ".npy", DINOSCOPE_EXPORT_OUTPUT);
  gtk_window_destroy (GTK_WINDOW (all.window));
  return G_SOURCE_REMOVE;
}

static void
progress_cb (DinoscopeChild *child, guint64 done, guint64 total, gpointer data)
{
  all.child_goes = TRUE;
}

static gboolean
lose_cb (gpointer data)
{
  static const char *const suffixes[] = { ".png", ".pdf", ".dcm", ".npy" };
  g_autofree char         *first = g_build_filename (all.arguments[1], "00000.png", NULL);
  g_autofree char         *output = g_build_filename (all.arguments[2], "embeddings", NULL);
  const char *const        command[] = { "embed", all.arguments[1], "--model", "demo", "--output", output, NULL };
  g_autoptr (GError)       error = NULL;

  show (first);
  wait_until_done (FALSE);
  all.child = dinoscope_child_start (command, &error);
  g_assert_no_error (error);
  g_signal_connect (all.child, "progress", G_CALLBACK (progress_cb), NULL);
  for (guint i = 0;; i++)
    {
      g_autofree char *name = g_strdup_printf ("export-%u", i);
      g_autofree char *stem = g_build_filename (all.arguments[2], name, NULL);

      for (gsize k = 0; k < G_N_ELEMENTS (suffixes); k++)
        export_as (stem, suffixes[k], g_str_equal (suffixes[k], ".npy") ? DINOSCOPE_EXPORT_OUTPUT : g_str_equal (suffixes[k], ".dcm") ? DINOSCOPE_EXPORT_DICOM
                                                                                                                                      : DINOSCOPE_EXPORT_PLAIN);
      if (all.child_goes && i == 1)
        {
          g_print ("ready\n");
          fflush (stdout);
        }
      else if (!all.child_goes)
        i = 0;
    }
  return G_SOURCE_REMOVE;
}

static void
activated_cb (GApplication *application, gpointer data)
{
  all.window = DINOSCOPE_WINDOW (gtk_application_get_active_window (GTK_APPLICATION (application)));
  g_idle_add (g_str_equal (all.arguments[0], "encode") ? encode_cb : lose_cb, NULL);
}

int
main (int argc, char *argv[])
{
  int status;

  setlocale (LC_ALL, "");
  if (argc < 4 || (!g_str_equal (argv[1], "encode") && !g_str_equal (argv[1], "lose")))
    {
      g_printerr ("Usage: %s encode PICTURE OUTPUT [stop]\n       %s lose PICTURES FOLDER\n", argv[0], argv[0]);
      return 2;
    }
  all.arguments = argv + 1;
  g_setenv ("DINOSCOPE_NON_UNIQUE", "1", FALSE);
  all.application = dinoscope_application_new ();
  g_signal_connect_after (all.application, "activate", G_CALLBACK (activated_cb), NULL);
  status = g_application_run (G_APPLICATION (all.application), 0, NULL);
  g_object_unref (all.application);
  return status;
}
