/* A plug-in that lets a test into eog's process: a line in on the socket that
 * DINOSCOPE_EOG_DRIVER names, a line out. It does what a person would, and
 * tells what is on the screen. */
#include <gio/gunixsocketaddress.h>
#include <gtk/gtk.h>
#include <libpeas/peas.h>
#include <string.h>

#include <eog/eog-scroll-view.h>
#include <eog/eog-sidebar.h>
#include <eog/eog-window-activatable.h>
#include <eog/eog-window.h>

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

typedef struct
{
  const char *name;
  GtkWidget  *found;
} Search;

static void
search_cb (GtkWidget *widget, gpointer data)
{
  Search *search = data;

  if (search->found == NULL && g_str_equal (gtk_widget_get_name (widget), search->name))
    search->found = widget;
  if (search->found == NULL && GTK_IS_CONTAINER (widget))
    gtk_container_forall (GTK_CONTAINER (widget), search_cb, search);
}

static GtkWidget *
find (Driver *self, const char *name)
{
  Search search = { name, NULL };

  search_cb (GTK_WIDGET (self->window), &search);
  return search.found;
}

static EogScrollView *
view_of (Driver *self)
{
  return EOG_SCROLL_VIEW (eog_window_get_view (self->window));
}

static char *
text_of (Driver *self, const char *name)
{
  GtkWidget *label = find (self, name);

  return g_strdelimit (g_strdup (label != NULL && gtk_widget_get_visible (label) ? gtk_label_get_text (GTK_LABEL (label)) : ""), "\n\t", ' ');
}

static gboolean
is_shown (Driver *self, const char *name)
{
  GtkWidget *widget = find (self, name);

  return widget != NULL && gtk_widget_get_visible (widget);
}

/* Tab-separated NAME=VALUE: where the picture's area is, in the screen's pixels, and what the page says. */
static char *
state (Driver *self)
{
  EogScrollView      *view = view_of (self);
  GtkWidget          *widget = GTK_WIDGET (view);
  g_autoptr (GObject) object = (GObject *) eog_scroll_view_get_image (view);
  EogImage           *image = object != NULL ? EOG_IMAGE (object) : NULL;
  g_autofree char    *status = text_of (self, "dinoscope-status"), *encoder = text_of (self, "dinoscope-encoder");
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
                          find (self, "dinoscope-page") != NULL, is_shown (self, "dinoscope-map"), is_shown (self, "dinoscope-encode"), is_shown (self, "dinoscope-cancel"),
                          is_shown (self, "dinoscope-overlay") && gtk_widget_get_mapped (find (self, "dinoscope-overlay")),
                          eog_sidebar_get_n_pages (EOG_SIDEBAR (eog_window_get_sidebar (self->window))), status, encoder);
}

static const char *
set (Driver *self, const char *name, const char *value)
{
  GtkWidget *widget = find (self, name);

  if (GTK_IS_COMBO_BOX (widget))
    return gtk_combo_box_set_active_id (GTK_COMBO_BOX (widget), value) ? "done" : "no such choice";
  if (GTK_IS_SPIN_BUTTON (widget))
    gtk_spin_button_set_value (GTK_SPIN_BUTTON (widget), g_ascii_strtod (value, NULL));
  else if (GTK_IS_RANGE (widget))
    gtk_range_set_value (GTK_RANGE (widget), g_ascii_strtod (value, NULL));
  else if (GTK_IS_SWITCH (widget))
    gtk_switch_set_active (GTK_SWITCH (widget), g_str_equal (value, "1"));
  else
    return "not there";
  return "done";
}

static const char *
click (Driver *self, const char *name)
{
  GtkWidget *button = find (self, name);

  if (!GTK_IS_BUTTON (button) || !gtk_widget_get_sensitive (button))
    return "not there";
  gtk_button_clicked (GTK_BUTTON (button));
  return "done";
}

static const char *
page (Driver *self)
{
  GtkWidget *found = find (self, "dinoscope-page");

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
obey (Driver *self, char **words)
{
  guint n = g_strv_length (words);

  if (g_str_equal (words[0], "state"))
    return state (self);
  if (g_str_equal (words[0], "set") && n == 3)
    return g_strdup (set (self, words[1], words[2]));
  if (g_str_equal (words[0], "click") && n == 2)
    return g_strdup (click (self, words[1]));
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

static void read_line (Driver *self, GDataInputStream *lines, GSocketConnection *connection);

typedef struct
{
  Driver            *self;
  GSocketConnection *connection;
} Line;

static void
line_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  Line                         *line = data;
  g_autoptr (Driver)            self = line->self;
  g_autoptr (GSocketConnection) connection = line->connection;
  GDataInputStream             *lines = G_DATA_INPUT_STREAM (source);
  g_autofree char              *text = g_data_input_stream_read_line_finish (lines, result, NULL, NULL);

  g_free (line);
  if (text != NULL)
    {
      g_auto (GStrv)   words = g_strsplit (text, " ", -1);
      g_autofree char *answer = self->window != NULL && words[0] != NULL ? obey (self, words) : g_strdup ("gone");
      g_autofree char *whole = g_strconcat (answer, "\n", NULL);

      g_output_stream_write_all (g_io_stream_get_output_stream (G_IO_STREAM (connection)), whole, strlen (whole), NULL, NULL, NULL);
      read_line (self, lines, connection);
    }
}

static void
read_line (Driver *self, GDataInputStream *lines, GSocketConnection *connection)
{
  Line *line = g_new (Line, 1);

  line->self = g_object_ref (self);
  line->connection = g_object_ref (connection);
  g_data_input_stream_read_line_async (lines, G_PRIORITY_DEFAULT_IDLE, NULL, line_cb, line);
}

static gboolean
incoming_cb (Driver *self, GSocketConnection *connection)
{
  g_autoptr (GDataInputStream) lines = g_data_input_stream_new (g_io_stream_get_input_stream (G_IO_STREAM (connection)));

  read_line (self, lines, connection);
  return TRUE;
}

static void
driver_activate (EogWindowActivatable *activatable)
{
  Driver                    *self = TEST_DRIVER (activatable);
  g_autoptr (GSocketAddress) address = g_unix_socket_address_new (g_getenv ("DINOSCOPE_EOG_DRIVER"));
  g_autoptr (GError)         error = NULL;

  self->service = g_socket_service_new ();
  g_signal_connect_swapped (self->service, "incoming", G_CALLBACK (incoming_cb), self);
  if (!g_socket_listener_add_address (G_SOCKET_LISTENER (self->service), address, G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_DEFAULT, NULL, NULL, &error))
    g_error ("%s", error->message);
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
