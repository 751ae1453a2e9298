/* Lets a test into gThumb's process, twice: loaded before everything else it
 * shows gThumb a folder of extensions of the test's own, since gThumb knows only
 * the system's; and as one of the extensions in it, it does what a person would
 * (DINOSCOPE_GTHUMB_DRIVER names the socket), and tells what is on the screen. */
#include <dlfcn.h>
#include <gio/gio.h>
#include <gmodule.h>
#include <string.h>

#include <gth-browser.h>
#include <gth-extensions.h>
#include <gth-image-viewer.h>
#include <gth-sidebar.h>

#include "viewer/driver.h"

static const char *
redirect (const char *path)
{
  const char *folder = g_getenv ("DINOSCOPE_GTHUMB_EXTENSIONS");

  return folder != NULL && g_strcmp0 (path, TEST_EXTENSIONS_DIR) == 0 ? folder : path;
}

G_MODULE_EXPORT GFile *
g_file_new_for_path (const char *path)
{
  GFile *(*real) (const char *) = NULL;

  *(void **) &real = dlsym (RTLD_NEXT, "g_file_new_for_path");
  return real (redirect (path));
}

G_MODULE_EXPORT char *
g_module_build_path (const char *folder, const char *name)
{
  return g_strdup_printf ("%s/lib%s.so", redirect (folder), name);
}

static GthBrowser *
find_browser (void)
{
  GList *windows = gtk_application_get_windows (GTK_APPLICATION (g_application_get_default ()));

  for (; windows != NULL; windows = windows->next)
    if (GTH_IS_BROWSER (windows->data))
      return windows->data;
  return NULL;
}

static void
find_viewer_cb (GtkWidget *widget, gpointer data)
{
  if (GTH_IS_IMAGE_VIEWER (widget))
    *(GthImageViewer **) data = GTH_IMAGE_VIEWER (widget);
  else if (GTK_IS_CONTAINER (widget))
    gtk_container_forall (GTK_CONTAINER (widget), find_viewer_cb, data);
}

/* Tab-separated NAME=VALUE: where the picture's area is, in the screen's pixels, and what the section says. */
static char *
state (GthBrowser *browser, GthImageViewer *viewer)
{
  GtkWidget       *root = GTK_WIDGET (browser), *widget = GTK_WIDGET (viewer);
  GthFileData     *file = gth_browser_get_current_file (browser);
  g_autofree char *name = file != NULL ? g_file_get_basename (file->file) : g_strdup ("");
  g_autofree char *status = driver_text (root, "dinoscope-status"), *encoder = driver_text (root, "dinoscope-encoder");
  int              width = 0, height = 0, x = 0, y = 0;

  gth_image_viewer_get_original_size (viewer, &width, &height);
  if (gtk_widget_get_realized (widget))
    gdk_window_get_origin (gtk_widget_get_window (widget), &x, &y);
  return g_strdup_printf ("x=%d\ty=%d\twidth=%d\theight=%d\tscale=%d\tzoom=%.17g\tborder=%d\tleft=%d\ttop=%d\tpicture=%s\tpicture-width=%d\tpicture-height=%d\tmodified=%d\tpage=%d\tencode=%d\tcancel=%d\tcontrols=%d\tstatus=%s\tencoder=%s",
                          x, y, gtk_widget_get_allocated_width (widget), gtk_widget_get_allocated_height (widget), gtk_widget_get_scale_factor (widget),
                          gth_image_viewer_get_zoom (viewer), gth_image_viewer_is_frame_visible (viewer) ? gth_image_viewer_get_frame_border (viewer) : 0, (int) gtk_adjustment_get_value (viewer->hadj), (int) gtk_adjustment_get_value (viewer->vadj), name, width, height,
                          gth_browser_get_file_modified (browser), driver_find (root, "dinoscope-page") != NULL && gtk_widget_get_mapped (driver_find (root, "dinoscope-page")),
                          driver_is_shown (root, "dinoscope-encode"), driver_is_shown (root, "dinoscope-cancel"),
                          driver_find (root, "dinoscope-overlay") != NULL && gtk_widget_get_mapped (driver_find (root, "dinoscope-overlay")), status, encoder);
}

static gboolean
quit_cb (gpointer data)
{
  g_application_quit (g_application_get_default ());
  return G_SOURCE_REMOVE;
}

/* The section's expander. */
static const char *
fold (GtkWidget *root, gboolean open)
{
  GtkWidget *page = driver_find (root, "dinoscope-page");
  GtkWidget *expander = page != NULL ? gtk_widget_get_ancestor (page, GTK_TYPE_EXPANDER) : NULL;

  if (expander == NULL)
    return "not there";
  gtk_expander_set_expanded (GTK_EXPANDER (expander), open);
  return "done";
}

static char *
obey (char **words, gpointer data)
{
  GthBrowser     *browser = find_browser ();
  GtkWidget      *root = GTK_WIDGET (browser);
  GthImageViewer *viewer = NULL;
  guint           n = g_strv_length (words);

  if (g_str_equal (words[0], "quit"))
    {
      g_idle_add (quit_cb, NULL);
      return g_strdup ("done");
    }
  if (browser != NULL && gth_browser_get_viewer_widget (browser) != NULL)
    find_viewer_cb (gth_browser_get_viewer_widget (browser), &viewer);
  if (viewer == NULL)
    return g_strdup ("gone");
  if (g_str_equal (words[0], "state"))
    return state (browser, viewer);
  if (g_str_equal (words[0], "set") && n == 3)
    return g_strdup (driver_set (root, words[1], words[2]));
  if (g_str_equal (words[0], "click") && n == 2)
    return g_strdup (driver_click (root, words[1]));
  if (g_str_equal (words[0], "fold") && n == 2)
    return g_strdup (fold (root, g_str_equal (words[1], "0")));
  if (g_str_equal (words[0], "properties"))
    gth_browser_show_file_properties (browser);
  else if (g_str_equal (words[0], "zoom") && n == 2)
    gth_image_viewer_set_zoom (viewer, g_ascii_strtod (words[1], NULL));
  else if (g_str_equal (words[0], "scroll") && n == 3)
    gth_image_viewer_scroll_to (viewer, atoi (words[1]), atoi (words[2]));
  else if (g_str_equal (words[0], "next"))
    gth_browser_show_next_image (browser, FALSE, FALSE);
  else if (g_str_equal (words[0], "previous"))
    gth_browser_show_prev_image (browser, FALSE, FALSE);
  else if (g_str_equal (words[0], "action") && n == 2)
    g_action_group_activate_action (G_ACTION_GROUP (browser), words[1], NULL);
  else
    return g_strdup ("what?");
  return g_strdup ("done");
}

G_MODULE_EXPORT void
gthumb_extension_activate (void)
{
  driver_listen (g_getenv ("DINOSCOPE_GTHUMB_DRIVER"), obey, NULL);
}

G_MODULE_EXPORT void
gthumb_extension_deactivate (void)
{
}

G_MODULE_EXPORT gboolean
gthumb_extension_is_configurable (void)
{
  return FALSE;
}

G_MODULE_EXPORT void
gthumb_extension_configure (GtkWindow *parent)
{
}
