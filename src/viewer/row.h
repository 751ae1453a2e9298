/* An editor for one parameter of an overlay, made from its description. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* value is floating; NULL: the parameter is off. */
typedef void (*RowChanged) (const char *name, GVariant *value, gpointer data);

/* Adds label and editor as row number `row` of a grid of two columns. FALSE
 * for parameters that are pointed at on the picture, which have none. value
 * NULL: off. */
gboolean row_add (GtkGrid *grid, int row, GVariant *description, GVariant *value, RowChanged changed, gpointer data);

G_END_DECLS
