/* repeat-window WHAT N: opens and closes N times in one window, and tells what the
 * process holds of it. WHAT is "tabs" (pictures that are all different; each tenth
 * a DICOM file, each tenth broken), "windows" (the window itself) or "programs"
 * (everything, from start to end). */
#include <locale.h>
#include <stdlib.h>
#include <string.h>

#include "app/dinoscope-application.h"
#include "app/dinoscope-window-private.h"
#include "ground.h"
#include "growth.h"
#include "io/output.h"
#include "io/png.h"

static struct
{
  struct ground         ground;
  struct growth         growth;
  DinoscopeApplication *application;
  DinoscopeWindow      *window;
  const char           *what;
  guint                 rounds;
} all;

static gboolean
is_page_done (void)
{
  DinoscopePage *page = dinoscope_window_get_page (all.window);

  if (page == NULL || dinoscope_page_get_state (page) == DINOSCOPE_PAGE_ERROR)
    return page != NULL;
  return dinoscope_page_get_encoding (page) == DINOSCOPE_PAGE_ENCODING_DONE && dinoscope_page_is_map_current (page) && dinoscope_canvas_is_settled (dinoscope_page_get_canvas (page));
}

static gboolean
has_no_page (void)
{
  return dinoscope_window_get_n_pages (all.window) == 0;
}

static void
wait_for (gboolean (*condition) (void))
{
  while (!condition ())
    g_main_context_iteration (NULL, TRUE);
}

/* A picture that there was none like. */
static GFile *
make_picture (guint number)
{
  enum
  {
    WIDTH = 64,
    HEIGHT = 48
  };
  g_autofree char    *path = g_build_filename (all.ground.exports, "picture.png", NULL);
  guint8              pixels[WIDTH * HEIGHT];
  struct dino_error   error = { 0 };
  struct dino_output *output = dino_output_new (path, &error);

  for (guint i = 0; i < sizeof pixels; i++)
    pixels[i] = (guint8) (i * (number % 251 + 1) + number / 251);
  g_assert_true (dino_png_write (output, pixels, WIDTH, HEIGHT, 1, &error));
  g_assert_true (dino_output_commit (output, &error));
  return g_file_new_for_path (path);
}

static GFile *
get_file (guint round)
{
  g_autofree char *path = NULL;

  if (round % 10 == 3)
    path = g_build_filename (all.ground.pictures, "film.dcm", NULL);
  else if (round % 10 == 7)
    path = g_build_filename (all.ground.pictures, round % 20 == 7 ? "cut.png" : "cut.dcm", NULL);
  return path != NULL ? g_file_new_for_path (path) : make_picture (round);
}

static gboolean
use_tabs (gpointer data)
{
  for (guint round = 0; round < all.rounds; round++)
    {
      g_autoptr (GFile) file = get_file (round);

      dinoscope_window_open_files (all.window, &file, 1);
      wait_for (is_page_done);
      gtk_widget_activate_action (GTK_WIDGET (all.window), "win.close-tab", NULL);
      wait_for (has_no_page);
      growth_note (&all.growth, round);
    }
  gtk_window_destroy (GTK_WINDOW (all.window));
  return G_SOURCE_REMOVE;
}

static DinoscopeWindow *
find_window (void)
{
  return DINOSCOPE_WINDOW (gtk_application_get_active_window (GTK_APPLICATION (all.application)));
}

static void
show_picture (guint round)
{
  g_autoptr (GFile) file = get_file (round);

  dinoscope_window_open_files (all.window, &file, 1);
  wait_for (is_page_done);
}

static gboolean
use_windows (gpointer data)
{
  g_application_hold (G_APPLICATION (all.application));
  for (guint round = 0; round < all.rounds; round++)
    {
      show_picture (round);
      gtk_window_close (GTK_WINDOW (all.window));
      while (gtk_application_get_windows (GTK_APPLICATION (all.application)) != NULL)
        g_main_context_iteration (NULL, TRUE);
      growth_note (&all.growth, round);
      g_application_activate (G_APPLICATION (all.application));
      all.window = find_window ();
    }
  gtk_window_destroy (GTK_WINDOW (all.window));
  g_application_release (G_APPLICATION (all.application));
  return G_SOURCE_REMOVE;
}

static guint program;

static gboolean
use_program (gpointer data)
{
  show_picture (program);
  gtk_window_destroy (GTK_WINDOW (all.window));
  return G_SOURCE_REMOVE;
}

static gboolean begun;

static void
activated_cb (GApplication *application, gpointer data)
{
  if (begun)
    return;
  begun = TRUE;
  all.window = find_window ();
  g_idle_add (g_str_equal (all.what, "tabs") ? use_tabs : g_str_equal (all.what, "windows") ? use_windows
                                                                                            : use_program,
              NULL);
}

static void
run_program (void)
{
  begun = FALSE;
  all.application = dinoscope_application_new ();
  g_signal_connect_after (all.application, "activate", G_CALLBACK (activated_cb), NULL);
  g_assert_cmpint (g_application_run (G_APPLICATION (all.application), 0, NULL), ==, 0);
  g_assert_finalize_object (all.application);
}

int
main (int argc, char *argv[])
{
  g_autofree char      *model = g_build_filename (g_getenv ("DINOSCOPE_TEST_DATA"), "golden", "checkpoint", "tiny-1", NULL);
  g_autoptr (GSettings) settings = NULL;
  gboolean              good;

  setlocale (LC_ALL, "");
  all.what = argc == 3 ? argv[1] : "";
  all.rounds = argc == 3 ? (guint) atoi (argv[2]) : 0;
  if (all.rounds == 0 || (!g_str_equal (all.what, "tabs") && !g_str_equal (all.what, "windows") && !g_str_equal (all.what, "programs")))
    {
      g_printerr ("Usage: %s tabs|windows|programs N\n", argv[0]);
      return 2;
    }
  ground_init (&all.ground);
  g_setenv ("DINOSCOPE_NON_UNIQUE", "1", TRUE);
  g_setenv ("DINOSCOPE_MODEL", model, TRUE);
  if (!gtk_init_check ())
    {
      g_printerr ("There is no display.\n");
      return 77;
    }
  /* So that what is kept of earlier pictures is full before it is measured. */
  settings = g_settings_new ("io.github.dinoscope.Dinoscope");
  g_settings_set_uint (settings, "feature-memory", 4);
  growth_begin (&all.growth, all.what, all.rounds);
  if (g_str_equal (all.what, "programs"))
    for (program = 0; program < all.rounds; program++)
      {
        run_program ();
        growth_note (&all.growth, program);
      }
  else
    run_program ();
  good = growth_end (&all.growth);
  ground_clear (&all.ground);
  return good ? 0 : 1;
}
