#include "viewer/driver.h"

#include <gio/gunixsocketaddress.h>
#include <string.h>

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

GtkWidget *
driver_find (GtkWidget *root, const char *name)
{
  Search search = { name, NULL };

  search_cb (root, &search);
  return search.found;
}

char *
driver_text (GtkWidget *root, const char *name)
{
  GtkWidget *label = driver_find (root, name);

  return g_strdelimit (g_strdup (label != NULL && gtk_widget_get_visible (label) ? gtk_label_get_text (GTK_LABEL (label)) : ""), "\n\t", ' ');
}

gboolean
driver_is_shown (GtkWidget *root, const char *name)
{
  GtkWidget *widget = driver_find (root, name);

  return widget != NULL && gtk_widget_get_visible (widget);
}

const char *
driver_set (GtkWidget *root, const char *name, const char *value)
{
  GtkWidget *widget = driver_find (root, name);

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

const char *
driver_click (GtkWidget *root, const char *name)
{
  GtkWidget *button = driver_find (root, name);

  if (!GTK_IS_BUTTON (button) || !gtk_widget_get_sensitive (button))
    return "not there";
  gtk_button_clicked (GTK_BUTTON (button));
  return "done";
}

/* Whom a connection talks to. */
typedef struct
{
  GSocketConnection *connection;
  DriverObey         obey;
  gpointer           data;
} Talk;

static void read_line (GDataInputStream *lines, Talk *talk);

static void
line_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  Talk             *talk = data;
  GDataInputStream *lines = G_DATA_INPUT_STREAM (source);
  g_autofree char  *text = g_data_input_stream_read_line_finish (lines, result, NULL, NULL);

  if (text != NULL)
    {
      g_auto (GStrv)   words = g_strsplit (text, " ", -1);
      g_autofree char *answer = words[0] != NULL ? talk->obey (words, talk->data) : g_strdup ("what?");
      g_autofree char *whole = g_strconcat (answer, "\n", NULL);

      g_output_stream_write_all (g_io_stream_get_output_stream (G_IO_STREAM (talk->connection)), whole, strlen (whole), NULL, NULL, NULL);
      read_line (lines, talk);
      return;
    }
  g_object_unref (talk->connection);
  g_free (talk);
}

static void
read_line (GDataInputStream *lines, Talk *talk)
{
  g_data_input_stream_read_line_async (lines, G_PRIORITY_DEFAULT_IDLE, NULL, line_cb, talk);
}

static gboolean
incoming_cb (GSocketService *service, GSocketConnection *connection, GObject *source, const Talk *of)
{
  g_autoptr (GDataInputStream) lines = g_data_input_stream_new (g_io_stream_get_input_stream (G_IO_STREAM (connection)));
  Talk                        *talk = g_new (Talk, 1);

  *talk = *of;
  talk->connection = g_object_ref (connection);
  read_line (lines, talk);
  return TRUE;
}

static void
free_talk (gpointer talk, GClosure *closure)
{
  g_free (talk);
}

GSocketService *
driver_listen (const char *address, DriverObey obey, gpointer data)
{
  g_autoptr (GSocketAddress) place = g_unix_socket_address_new (address);
  g_autoptr (GError)         error = NULL;
  GSocketService            *service = g_socket_service_new ();
  Talk                      *talk = g_new0 (Talk, 1);

  talk->obey = obey;
  talk->data = data;
  g_signal_connect_data (service, "incoming", G_CALLBACK (incoming_cb), talk, free_talk, 0);
  if (!g_socket_listener_add_address (G_SOCKET_LISTENER (service), place, G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_DEFAULT, NULL, NULL, &error))
    g_error ("%s", error->message);
  return service;
}
