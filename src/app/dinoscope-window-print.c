/* DinoscopeWindow: what is seen on paper, with caption and notice. */
#include <glib/gi18n-lib.h>

#include "app/dinoscope-window-private.h"

typedef struct
{
  DinoscopeWindow      *window;
  DinoscopeExportSheet *sheet;
  char                 *path; /* of a PDF, NULL: ask for a printer */
} Print;

static void
print_free (Print *print)
{
  g_object_unref (print->window);
  g_clear_pointer (&print->sheet, dinoscope_export_sheet_free);
  g_free (print->path);
  g_free (print);
}

/* As large as the page allows, at its upper edge. */
static void
draw_page_cb (GtkPrintOperation *operation, GtkPrintContext *context, int page, gpointer user_data)
{
  Print             *print = user_data;
  cairo_t           *cr = gtk_print_context_get_cairo_context (context);
  double             page_width = gtk_print_context_get_width (context);
  double             width, height, scale;
  g_autoptr (GError) error = NULL;

  dinoscope_export_sheet_get_size (print->sheet, &width, &height);
  scale = MIN (page_width / width, gtk_print_context_get_height (context) / height);
  cairo_translate (cr, (page_width - scale * width) / 2, 0);
  cairo_scale (cr, scale, scale);
  if (!dinoscope_export_sheet_paint (print->sheet, cr, &error))
    dinoscope_window_tell (print->window, error->message);
}

static void
run (Print *print)
{
  g_autoptr (GtkPrintOperation) operation = gtk_print_operation_new ();
  g_autoptr (GError)            error = NULL;
  GtkPrintOperationAction       action = GTK_PRINT_OPERATION_ACTION_PRINT_DIALOG;

  gtk_print_operation_set_n_pages (operation, 1);
  gtk_print_operation_set_unit (operation, GTK_UNIT_POINTS);
  gtk_print_operation_set_embed_page_setup (operation, TRUE);
  /* The name of a file may be a person's; a queue is read by others. */
  gtk_print_operation_set_job_name (operation, "Dinoscope");
  if (print->path != NULL)
    {
      gtk_print_operation_set_export_filename (operation, print->path);
      action = GTK_PRINT_OPERATION_ACTION_EXPORT;
    }
  g_signal_connect (operation, "draw-page", G_CALLBACK (draw_page_cb), print);
  if (gtk_print_operation_run (operation, action, GTK_WINDOW (print->window), &error) == GTK_PRINT_OPERATION_RESULT_ERROR)
    dinoscope_window_tell (print->window, error->message);
}

static void
sheet_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Print             *print = user_data;
  g_autoptr (GError) error = NULL;

  print->sheet = dinoscope_exporter_make_sheet_finish (result, &error);
  if (print->sheet != NULL)
    run (print);
  else
    dinoscope_window_tell (print->window, error->message);
  print_free (print);
}

void
dinoscope_window_print (DinoscopeWindow *self, const char *path)
{
  DinoscopeExportView view;
  Print              *print;

  g_return_if_fail (DINOSCOPE_IS_WINDOW (self));

  if (!dinoscope_window_init_view (self, &view))
    return;
  view.layout.bar = TRUE;
  view.layout.part = view.layout.has_box;
  print = g_new0 (Print, 1);
  print->window = g_object_ref (self);
  print->path = g_strdup (path);
  dinoscope_exporter_make_sheet_async (dinoscope_session_get_exporter (self->session), &view, sheet_cb, print);
  dinoscope_window_clear_view (&view);
}
