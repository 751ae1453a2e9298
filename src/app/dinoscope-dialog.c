#include "app/dinoscope-dialog.h"

static void
leave_parent (GtkWindow *dialog)
{
  gtk_window_set_transient_for (dialog, NULL);
}

void
dinoscope_dialog_set_parent (GtkWindow *dialog, GtkWindow *parent)
{
  gtk_window_set_transient_for (dialog, parent);
  gtk_window_set_destroy_with_parent (dialog, TRUE);
  if (parent != NULL)
    g_signal_connect_object (parent, "destroy", G_CALLBACK (leave_parent), dialog, G_CONNECT_SWAPPED);
}
