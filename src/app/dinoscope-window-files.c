/* DinoscopeWindow: pictures in, by dialog, drop, paste and command line. */
#include <glib/gi18n-lib.h>

#include "app/dinoscope-window-private.h"
#include "io/read.h"

/* A tab without a picture is used before a new one is made. */
static DinoscopePage *
page_for_new_picture (DinoscopeWindow *self)
{
  if (self->page != NULL && dinoscope_page_get_state (self->page) == DINOSCOPE_PAGE_ERROR)
    return self->page;
  return dinoscope_window_add_page (self);
}

static gboolean
shows (DinoscopePage *page, GFile *file)
{
  GFile *open = dinoscope_page_get_file (page);

  return open != NULL && g_file_equal (open, file) && dinoscope_page_get_state (page) != DINOSCOPE_PAGE_ERROR;
}

/* The tab that shows file in one of its views, which becomes its current one; NULL when there is none. */
static AdwTabPage *
turn_to_file (DinoscopeWindow *self, GFile *file)
{
  for (int i = 0; i < adw_tab_view_get_n_pages (self->tab_view); i++)
    {
      AdwTabPage     *tab = adw_tab_view_get_nth_page (self->tab_view, i);
      DinoscopeBoard *board = dinoscope_window_get_board (tab);

      for (guint j = 0; j < dinoscope_board_get_n_pages (board); j++)
        if (shows (dinoscope_board_get_page (board, j), file))
          {
            dinoscope_board_set_current (board, dinoscope_board_get_page (board, j));
            return tab;
          }
    }
  return NULL;
}

static void
select_page (DinoscopeWindow *self, DinoscopePage *page)
{
  adw_tab_view_set_selected_page (self->tab_view, dinoscope_window_find_tab (self, page));
}

void
dinoscope_window_open_files (DinoscopeWindow *self, GFile **files, int n_files)
{
  AdwTabPage *first = NULL;

  g_return_if_fail (DINOSCOPE_IS_WINDOW (self));

  for (int i = 0; i < n_files; i++)
    {
      AdwTabPage *tab;

      if (dinoscope_window_is_sidecar (files[i]) || dinoscope_window_is_index (files[i]))
        continue;
      tab = turn_to_file (self, files[i]);
      if (tab == NULL)
        {
          DinoscopePage *page = page_for_new_picture (self);

          dinoscope_page_open_file (page, files[i]);
          tab = dinoscope_window_find_tab (self, page);
        }
      if (first == NULL)
        first = tab;
    }
  if (first != NULL)
    adw_tab_view_set_selected_page (self->tab_view, first);
  /* Pictures come first, whatever the order: sidecars are about them. */
  for (int i = 0; i < n_files; i++)
    if (dinoscope_window_is_sidecar (files[i]))
      dinoscope_window_open_sidecar (self, files[i], first != NULL ? self->page : NULL);
    else if (dinoscope_window_is_index (files[i]))
      dinoscope_window_open_index (self, files[i]);
}

void
dinoscope_window_open_bytes (DinoscopeWindow *self, GBytes *bytes, const char *name)
{
  DinoscopePage *page;

  g_return_if_fail (DINOSCOPE_IS_WINDOW (self));

  page = page_for_new_picture (self);
  select_page (self, page);
  dinoscope_page_open_bytes (page, bytes, name);
}

void
dinoscope_window_try_example (DinoscopeWindow *self)
{
  g_autofree char  *path = dinoscope_data_path ("examples", "chest-01.png", NULL);
  g_autoptr (GFile) file = g_file_new_for_path (path);

  dinoscope_window_open_files (self, (GFile *[]){ file }, 1);
}

static void
open_array (DinoscopeWindow *self, GPtrArray *files)
{
  dinoscope_window_open_files (self, (GFile **) files->pdata, (int) files->len);
}

static void
open_list (DinoscopeWindow *self, GListModel *list)
{
  g_autoptr (GPtrArray) files = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; i < g_list_model_get_n_items (list); i++)
    g_ptr_array_add (files, g_list_model_get_item (list, i));
  open_array (self, files);
}

static void
compare_list (DinoscopeWindow *self, GListModel *list)
{
  for (guint i = 0; i < g_list_model_get_n_items (list); i++)
    {
      g_autoptr (GFile) file = g_list_model_get_item (list, i);

      dinoscope_window_compare_file (self, file);
    }
}

/* The names of DICOM files stay out of the user's recent files. */
static void
keep_names_out (DinoscopeWindow *self, GListModel *files)
{
  for (guint i = 0; i < g_list_model_get_n_items (files); i++)
    {
      g_autoptr (GFile) file = g_list_model_get_item (files, i);

      if (g_file_peek_path (file) != NULL && dino_picture_is_dicom (g_file_peek_path (file)))
        dinoscope_recent_list_keep_out (file, self->recent_before);
    }
}

static void
chosen_cb (DinoscopeWindow *self, int response)
{
  if (response == GTK_RESPONSE_ACCEPT)
    {
      g_autoptr (GListModel) files = gtk_file_chooser_get_files (GTK_FILE_CHOOSER (self->chooser));

      keep_names_out (self, files);
      if (self->chooser_compares)
        compare_list (self, files);
      else
        open_list (self, files);
    }
  g_clear_pointer (&self->recent_before, g_hash_table_unref);
  g_clear_object (&self->chooser);
}

static void
add_filter (GtkFileChooser *chooser, const char *name, const char *const *types)
{
  g_autoptr (GtkFileFilter) filter = gtk_file_filter_new ();

  gtk_file_filter_set_name (filter, name);
  for (gsize i = 0; types[i] != NULL; i++)
    gtk_file_filter_add_mime_type (filter, types[i]);
  if (types[0] == NULL)
    gtk_file_filter_add_pattern (filter, "*");
  gtk_file_chooser_add_filter (chooser, filter);
}

/* The dialog starts where the picture shown lies. */
static void
set_folder (DinoscopeWindow *self)
{
  GFile            *file = self->page != NULL ? dinoscope_page_get_file (self->page) : NULL;
  g_autoptr (GFile) folder = file != NULL ? g_file_get_parent (file) : NULL;

  if (folder != NULL)
    gtk_file_chooser_set_current_folder (GTK_FILE_CHOOSER (self->chooser), folder, NULL);
}

static void
choose (DinoscopeWindow *self, const char *title, gboolean compares)
{
  static const char *const pictures[] = { "image/png", "image/jpeg", "application/dicom", "application/json", NULL };
  static const char *const all[] = { NULL };

  if (self->chooser == NULL)
    {
      self->chooser = gtk_file_chooser_native_new (title, GTK_WINDOW (self), GTK_FILE_CHOOSER_ACTION_OPEN, _ ("_Open"), _ ("_Cancel"));
      gtk_file_chooser_set_select_multiple (GTK_FILE_CHOOSER (self->chooser), TRUE);
      add_filter (GTK_FILE_CHOOSER (self->chooser), _ ("DICOM, PNG and JPEG pictures, sidecars"), pictures);
      add_filter (GTK_FILE_CHOOSER (self->chooser), _ ("All files"), all);
      set_folder (self);
      self->chooser_compares = compares;
      self->recent_before = dinoscope_recent_list_snapshot ();
      g_signal_connect_object (self->chooser, "response", G_CALLBACK (chosen_cb), self, G_CONNECT_SWAPPED);
    }
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (self->chooser));
}

void
dinoscope_window_choose_file (DinoscopeWindow *self)
{
  choose (self, _ ("Open Radiographs"), FALSE);
}

void
dinoscope_window_choose_compared (DinoscopeWindow *self)
{
  choose (self, _ ("Compare With"), TRUE);
}

/* Drop and paste. */

static void
open_file_list (DinoscopeWindow *self, const GValue *value)
{
  g_autoptr (GSList)    list = gdk_file_list_get_files (g_value_get_boxed (value));
  g_autoptr (GPtrArray) files = g_ptr_array_new ();

  for (GSList *l = list; l != NULL; l = l->next)
    g_ptr_array_add (files, l->data);
  open_array (self, files);
}

static gboolean
drop_cb (DinoscopeWindow *self, const GValue *value)
{
  if (!G_VALUE_HOLDS (value, GDK_TYPE_FILE_LIST))
    return FALSE;
  open_file_list (self, value);
  return TRUE;
}

/* GTK turns text/uri-list into a file list. */
void
dinoscope_window_accept_drops (DinoscopeWindow *self)
{
  GtkDropTarget *target = gtk_drop_target_new (GDK_TYPE_FILE_LIST, GDK_ACTION_COPY);

  g_signal_connect_object (target, "drop", G_CALLBACK (drop_cb), self, G_CONNECT_SWAPPED);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (target));
}

static void
pasted_files_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (DinoscopeWindow) self = user_data;
  g_autoptr (GError)          error = NULL;
  const GValue               *value = gdk_clipboard_read_value_finish (GDK_CLIPBOARD (source), result, &error);

  if (value != NULL)
    open_file_list (self, value);
  else
    dinoscope_window_tell (self, error->message);
}

static void
pasted_bytes_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (DinoscopeWindow) self = user_data;
  g_autoptr (GError)          error = NULL;
  g_autoptr (GBytes)          bytes = NULL;

  if (g_output_stream_splice_finish (G_OUTPUT_STREAM (source), result, &error) < 0)
    {
      dinoscope_window_tell (self, error->message);
      return;
    }
  bytes = g_memory_output_stream_steal_as_bytes (G_MEMORY_OUTPUT_STREAM (source));
  dinoscope_window_open_bytes (self, bytes, _ ("Pasted Picture"));
}

/* For GMemoryOutputStream: refuses what is larger than any file we read. */
static gpointer
limited_realloc (gpointer data, gsize size)
{
  return size <= DINO_READ_MAX_FILE ? g_try_realloc (data, size) : NULL;
}

static void
pasted_stream_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (DinoscopeWindow) self = user_data;
  g_autoptr (GError)          error = NULL;
  g_autoptr (GInputStream)    stream = gdk_clipboard_read_finish (GDK_CLIPBOARD (source), result, NULL, &error);
  g_autoptr (GOutputStream)   memory = NULL;

  if (stream == NULL)
    {
      dinoscope_window_tell (self, error->message);
      return;
    }
  memory = g_memory_output_stream_new (NULL, 0, limited_realloc, g_free);
  g_output_stream_splice_async (memory, stream, G_OUTPUT_STREAM_SPLICE_CLOSE_SOURCE | G_OUTPUT_STREAM_SPLICE_CLOSE_TARGET,
                                G_PRIORITY_DEFAULT, NULL, pasted_bytes_cb, g_object_ref (self));
}

void
dinoscope_window_paste (DinoscopeWindow *self)
{
  static const char *types[] = { "image/png", "image/jpeg", NULL };
  GdkClipboard      *clipboard = gtk_widget_get_clipboard (GTK_WIDGET (self));
  GdkContentFormats *formats = gdk_clipboard_get_formats (clipboard);

  if (gdk_content_formats_contain_gtype (formats, GDK_TYPE_FILE_LIST) || gdk_content_formats_contain_mime_type (formats, "text/uri-list"))
    gdk_clipboard_read_value_async (clipboard, GDK_TYPE_FILE_LIST, G_PRIORITY_DEFAULT, NULL, pasted_files_cb, g_object_ref (self));
  else if (gdk_content_formats_contain_mime_type (formats, "image/png") || gdk_content_formats_contain_mime_type (formats, "image/jpeg"))
    gdk_clipboard_read_async (clipboard, types, G_PRIORITY_DEFAULT, NULL, pasted_stream_cb, g_object_ref (self));
  else
    dinoscope_window_tell (self, _ ("There is neither a file nor a PNG or JPEG picture to paste."));
}
