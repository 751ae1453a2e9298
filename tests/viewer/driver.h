/* Lets a test into a viewer's process: a line in on a socket, a line out. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* Does what words say. (transfer full) */
typedef char *(*DriverObey) (char **words, gpointer data);

/* Listens at the path address until the service is given up. (transfer full) */
GSocketService *driver_listen (const char *address, DriverObey obey, gpointer data);

/* The widget of that name in root, or NULL. */
GtkWidget *driver_find (GtkWidget *root, const char *name);

/* Of a label that can be seen, in one line. (transfer full) */
char *driver_text (GtkWidget *root, const char *name);

gboolean driver_is_shown (GtkWidget *root, const char *name);

/* "done", or what is wrong. */
const char *driver_set (GtkWidget *root, const char *name, const char *value);
const char *driver_click (GtkWidget *root, const char *name);

G_END_DECLS
