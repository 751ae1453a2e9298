/* A plug-in that lets a test into eog's process: a line in on the socket that
 * DINOSCOPE_EOG_DRIVER names, a line out. It does what a person would, and
 * tells what is on the screen. */
#include <gtk/gtk.h>
#include <libpeas/peas.h>

#include <eog/eog-scroll-view.h>
#include <eog/eog-sidebar.h>
#include <eog/eog-window-activatable.h>
#include <eog/eog-window.h>

#include "viewer/driver.h"

#define TYPE_DRIVER (driver_get_type ())
G_DECLARE_FINAL_TYPE (Driver, driver, TEST, DRIVER, PeasExtensionBase)

struct _Driver
{
  PeasExtensionBase parent_instance;

  EogWindow      *window;
  GSocketService *service;
};

enum
{
  PROP_0,
  PROP_WINDOW
};

static void implement_activatable (EogWindowActivatableInterface *iface);

G_DEFINE_DYNAMIC_TYPE_EXTENDED (Driver, driver, PEAS_TYPE_EXTENSION_BASE, G_TYPE_FLAG_FINAL, G_IMPLEMENT_INTERFACE_DYNAMIC (EOG_TYPE_WINDOW_ACTIVATABLE, implement_activatable))

static EogScrollView *
view_of (Driver *self)
{
  return EOG_SCROLL_VIEW (eog_window_get_view (self->window));
}

/* Tab-separated NAME=VALUE: where the picture's area is, in the screen's pixels, and what the page says. */
static char *
state (Driver *self)
{
  EogScrollView      *view = view_of (self);
  GtkWidget          *widget = GTK_WIDGET (view);
  GtkWidget          *root = GTK_WIDGET (self->window);
  g_autoptr (GObject) object = (GObject *) eog_scroll_view_get_image (view);
  EogImage           *image = object != NULL ? EOG_IMAGE (object) : NULL;
  g_autofree char    *status = driver_text (root, "dinoscope-status"), *encoder = driver_text (root, "dinoscope-encoder");
  g_autofree char    *picture = NULL;
  int                 x = 0, y = 0, width = 0, height = 0;
  int                 origin_x = 0, origin_y = 0;

  gtk_widget_translate_coordinates (widget, gtk_widget_get_toplevel (widget), 0, 0, &x, &y);
  if (gtk_widget_get_realized (widget))
    gdk_window_get_origin (gtk_widget_get_window (gtk_widget_get_toplevel (widget)), &origin_x, &origin_y);
  if (image != NULL)
    {
      g_autoptr (GFile) file = eog_image_get_file (image);

      eog_image_get_size (image, &width, &height);
      picture = g_file_get_basename (file);
    }
  return g_strdup_printf ("x=%d\ty=%d\twidth=%d\theight=%d\tscale=%d\tzoom=%.17g\tleft=%g\ttop=%g\tpicture=%s\tpicture-width=%d\tpicture-height=%d\tpage=%d\tmap=%d\tencode=%d\tcancel=%d\tcontrols=%d\tpages=%d\tstatus=%s\tencoder=%s",
                          origin_x + x, origin_y + y, gtk_widget_get_allocated_width (widget), gtk_widget_get_allocated_height (widget), gtk_widget_get_scale_factor (widget),
                          eog_scroll_view_get_zoom (view), gtk_adjustment_get_value (gtk_scrollable_get_hadjustment (GTK_SCROLLABLE (view))),
                          gtk_adjustment_get_value (gtk_scrollable_get_vadjustment (GTK_SCROLLABLE (view))), picture != NULL ? picture : "", width, height,
                          driver_find (root, "dinoscope-page") != NULL, driver_is_shown (root, "dinoscope-map"), driver_is_shown (root, "dinoscope-encode"), driver_is_shown (root, "dinoscope-cancel"),
                          driver_is_shown (root, "dinoscope-overlay") && gtk_widget_get_mapped (driver_find (root, "dinoscope-overlay")),
                          eog_sidebar_get_n_pages (EOG_SIDEBAR (eog_window_get_sidebar (self->window))), status, encoder);
}

static const char *
page (Driver *self)
{
  GtkWidget *found = driver_find (GTK_WIDGET (self->window), "dinoscope-page");

  if (found == NULL)
    return "not there";
  gtk_widget_show (eog_window_get_sidebar (self->window));
  eog_sidebar_set_page (EOG_SIDEBAR (eog_window_get_sidebar (self->window)), found);
  return "done";
}

static const char *
scroll (Driver *self, const char *across, const char *down)
{
  GtkScrollable *view = GTK_SCROLLABLE (view_of (self));

  gtk_adjustment_set_value (gtk_scrollable_get_hadjustment (view), g_ascii_strtod (across, NULL));
  gtk_adjustment_set_value (gtk_scrollable_get_vadjustment (view), g_ascii_strtod (down, NULL));
  return "done";
}

static const char *
plugins (const char *names)
{
  g_autoptr (GSettings) settings = g_settings_new ("org.gnome.eog.plugins");
  g_auto (GStrv)        list = g_strsplit (names, ",", -1);

  g_settings_set_strv (settings, "active-plugins", (const char *const *) list);
  return "done";
}

static gboolean
quit_cb (gpointer data)
{
  g_application_quit (g_application_get_default ());
  return G_SOURCE_REMOVE;
}

static char *
obey (char **words, gpointer data)
{
  Driver *self = data;
  guint   n = g_strv_length (words);

  if (self->window == NULL)
    return g_strdup ("gone");
  if (g_str_equal (words[0], "state"))
    return state (self);
  if (g_str_equal (words[0], "set") && n == 3)
    return g_strdup (driver_set (GTK_WIDGET (self->window), words[1], words[2]));
  if (g_str_equal (words[0], "click") && n == 2)
    return g_strdup (driver_click (GTK_WIDGET (self->window), words[1]));
  if (g_str_equal (words[0], "page"))
    return g_strdup (page (self));
  if (g_str_equal (words[0], "scroll") && n == 3)
    return g_strdup (scroll (self, words[1], words[2]));
  if (g_str_equal (words[0], "plugins") && n == 2)
    return g_strdup (plugins (words[1]));
  if (g_str_equal (words[0], "zoom") && n == 2)
    eog_scroll_view_set_zoom (view_of (self), g_ascii_strtod (words[1], NULL));
  else if (g_str_equal (words[0], "action") && n == 2)
    g_action_group_activate_action (G_ACTION_GROUP (self->window), words[1], NULL);
  else if (g_str_equal (words[0], "resize") && n == 3)
    gtk_window_resize (GTK_WINDOW (self->window), (int) g_ascii_strtoll (words[1], NULL, 10), (int) g_ascii_strtoll (words[2], NULL, 10));
  else if (g_str_equal (words[0], "quit"))
    g_idle_add (quit_cb, NULL);
  else
    return g_strdup ("what?");
  return g_strdup ("done");
}

static void
driver_activate (EogWindowActivatable *activatable)
{
  Driver *self = TEST_DRIVER (activatable);

  self->service = driver_listen (g_getenv ("DINOSCOPE_EOG_DRIVER"), obey, self);
}

static void
driver_deactivate (EogWindowActivatable *activatable)
{
  Driver *self = TEST_DRIVER (activatable);

  g_clear_object (&self->service);
}

static void
implement_activatable (EogWindowActivatableInterface *iface)
{
  iface->activate = driver_activate;
  iface->deactivate = driver_deactivate;
}

static void
driver_set_property (GObject *object, guint id, const GValue *value, GParamSpec *spec)
{
  TEST_DRIVER (object)->window = g_value_get_object (value);
}

static void
driver_get_property (GObject *object, guint id, GValue *value, GParamSpec *spec)
{
  g_value_set_object (value, TEST_DRIVER (object)->window);
}

static void
driver_class_init (DriverClass *klass)
{
  G_OBJECT_CLASS (klass)->set_property = driver_set_property;
  G_OBJECT_CLASS (klass)->get_property = driver_get_property;
  g_object_class_override_property (G_OBJECT_CLASS (klass), PROP_WINDOW, "window");
}

static void
driver_class_finalize (DriverClass *klass)
{
}

static void
driver_init (Driver *self)
{
}

void peas_register_types (PeasObjectModule *module);

G_MODULE_EXPORT void
peas_register_types (PeasObjectModule *module)
{
  driver_register_type (G_TYPE_MODULE (module));
  peas_object_module_register_extension_type (module, EOG_TYPE_WINDOW_ACTIVATABLE, TYPE_DRIVER);
}
