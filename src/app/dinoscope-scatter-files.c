/* DinoscopeScatterWindow: folders and tables in, lists and pictures out. */
#include <glib/gi18n-lib.h>
#include <string.h>

#include "app/dinoscope-embed-dialog.h"
#include "app/dinoscope-recent-list.h"
#include "app/dinoscope-scatter-window-private.h"
#include "io/output.h"
#include "render/chart-file.h"
#include "render/scatter.h"

typedef void (*Chosen) (DinoscopeScatterWindow *self, GFile *file);

/* Lists and tables name pictures, and pictures patients: none of these files is
 * to stay among the user's recent ones. */
static void
response_cb (DinoscopeScatterWindow *self, int response, GtkFileChooserNative *chooser)
{
  g_autoptr (GFile) file = response == GTK_RESPONSE_ACCEPT ? gtk_file_chooser_get_file (GTK_FILE_CHOOSER (chooser)) : NULL;

  if (file != NULL)
    dinoscope_recent_list_keep_out (file, self->recent_before);
  g_clear_pointer (&self->recent_before, g_hash_table_unref);
  g_clear_object (&self->chooser);
  if (file != NULL && g_file_peek_path (file) == NULL)
    dinoscope_scatter_window_tell (self, _ ("The folder is not on this computer."));
  else if (file != NULL)
    self->chosen (self, file);
}

static void
choose (DinoscopeScatterWindow *self, const char *title, GtkFileChooserAction action, const char *name, Chosen chosen)
{
  const gboolean save = action == GTK_FILE_CHOOSER_ACTION_SAVE;

  if (self->chooser != NULL)
    return;
  self->chooser = gtk_file_chooser_native_new (title, GTK_WINDOW (self), action, save ? _ ("_Save") : _ ("_Open"), _ ("_Cancel"));
  if (name != NULL)
    gtk_file_chooser_set_current_name (GTK_FILE_CHOOSER (self->chooser), name);
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (self->chooser), TRUE);
  self->recent_before = dinoscope_recent_list_snapshot ();
  self->chosen = chosen;
  g_signal_connect_object (self->chooser, "response", G_CALLBACK (response_cb), self, G_CONNECT_SWAPPED);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (self->chooser));
}

static void
opened_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (DinoscopeScatterWindow) self = user_data;
  g_autoptr (GError)                 error = NULL;
  g_autoptr (DinoscopeCollection)    collection = dinoscope_collection_open_finish (result, &error);

  if (self->session == NULL)
    return;
  if (collection != NULL)
    dinoscope_session_set_collection (self->session, collection);
  else
    dinoscope_scatter_window_tell (self, error->message);
}

static void
open_folder (DinoscopeScatterWindow *self, GFile *folder)
{
  dinoscope_collection_open_async (folder, NULL, opened_cb, g_object_ref (self));
}

void
dinoscope_scatter_window_choose_folder (DinoscopeScatterWindow *self)
{
  choose (self, _ ("Open Embeddings or an Index"), GTK_FILE_CHOOSER_ACTION_SELECT_FOLDER, NULL, open_folder);
}

static void
open_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  dinoscope_scatter_window_choose_folder (DINOSCOPE_SCATTER_WINDOW (widget));
}

static void
embed_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  dinoscope_embed_dialog_show (GTK_WINDOW (widget), DINOSCOPE_SCATTER_WINDOW (widget)->session);
}

static void
read_table (DinoscopeScatterWindow *self, GFile *file)
{
  g_autoptr (GError) error = NULL;
  g_autofree char   *text = NULL;
  gsize              n;

  if (self->collection == NULL)
    return;
  if (dinoscope_collection_read_table (self->collection, file, &n, &error))
    text = g_strdup_printf (_ ("The table tells of %zu of %zu pictures."), n, dinoscope_collection_get_n_rows (self->collection));
  dinoscope_scatter_window_tell (self, text != NULL ? text : error->message);
}

static void
read_table_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  choose (DINOSCOPE_SCATTER_WINDOW (widget), _ ("Read a Table"), GTK_FILE_CHOOSER_ACTION_OPEN, NULL, read_table);
}

static void
set_pictures (DinoscopeScatterWindow *self, GFile *folder)
{
  if (self->collection == NULL)
    return;
  if (dinoscope_collection_are_pictures_in (self->collection, folder))
    dinoscope_collection_set_pictures (self->collection, folder);
  else
    dinoscope_scatter_window_tell (self, _ ("The first pictures of the collection are not in that folder."));
}

static void
choose_pictures_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  choose (DINOSCOPE_SCATTER_WINDOW (widget), _ ("Where the Pictures Are"), GTK_FILE_CHOOSER_ACTION_SELECT_FOLDER, NULL, set_pictures);
}

char *
dinoscope_scatter_window_dup_list (DinoscopeScatterWindow *self)
{
  const guint8 *selected = dinoscope_scatter_view_get_selected (self->view);
  const gsize   n = self->collection != NULL ? dinoscope_collection_get_n_rows (self->collection) : 0;
  GString      *text = g_string_new (NULL);

  for (gsize row = 0; row < n; row++)
    if (selected == NULL || selected[row] != 0)
      g_string_append_printf (text, "%s\n", dinoscope_collection_get_name (self->collection, row));
  return g_string_free (text, FALSE);
}

static void
copy_list_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  g_autofree char *text = dinoscope_scatter_window_dup_list (DINOSCOPE_SCATTER_WINDOW (widget));

  gdk_clipboard_set_text (gtk_widget_get_clipboard (widget), text);
}

/* Writes the file, or tells why not. */
static void
finish (DinoscopeScatterWindow *self, struct dino_output *output, gboolean good, struct dino_error *error)
{
  if (good && dino_output_commit (output, error))
    return;
  if (!good)
    dino_output_abort (output);
  dinoscope_scatter_window_tell (self, error->message);
}

void
dinoscope_scatter_window_save_list (DinoscopeScatterWindow *self, GFile *file)
{
  g_autofree char    *text = dinoscope_scatter_window_dup_list (self);
  struct dino_error   error = { 0 };
  struct dino_output *output = dino_output_new (g_file_peek_path (file), &error);

  finish (self, output, output != NULL && dino_output_write (output, text, strlen (text), &error), &error);
}

static void
save_list_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  choose (DINOSCOPE_SCATTER_WINDOW (widget), _ ("Save the List"), GTK_FILE_CHOOSER_ACTION_SAVE, "pictures.txt", dinoscope_scatter_window_save_list);
}

static void
save_picture (DinoscopeScatterWindow *self, GFile *file)
{
  g_autofree char          *path = g_ascii_strdown (g_file_peek_path (file), -1);
  const struct dino_scatter scatter = {
    .n = dinoscope_collection_get_n_rows (self->collection),
    .plane = dinoscope_scatter_job_get_plane (self->job),
    .column = self->column,
    .title = dinoscope_scatter_job_get_ratios (self->job) != NULL ? _ ("Principal components of the embeddings") : _ ("t-SNE of the embeddings"),
    .caption = gtk_label_get_text (self->caption),
  };
  const struct dino_chart chart = { .paint = dino_scatter_paint, .data = &scatter, .width = DINO_SCATTER_WIDTH, .height = DINO_SCATTER_HEIGHT, .title = scatter.title };
  struct dino_error       error = { 0 };
  struct dino_output     *output = dino_output_new (g_file_peek_path (file), &error);

  finish (self, output, output != NULL && dino_chart_write (&chart, g_str_has_suffix (path, ".svg") ? DINO_CHART_SVG : DINO_CHART_PNG, output, &error), &error);
}

void
dinoscope_scatter_window_save_picture (DinoscopeScatterWindow *self, GFile *file)
{
  /* Another collection may have come while a name was asked for. */
  if (self->job != NULL && self->job_done)
    save_picture (self, file);
  else
    dinoscope_scatter_window_tell (self, _ ("Making the map"));
}

static void
save_picture_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  DinoscopeScatterWindow *self = DINOSCOPE_SCATTER_WINDOW (widget);

  if (self->job != NULL && self->job_done)
    choose (self, _ ("Save the Map"), GTK_FILE_CHOOSER_ACTION_SAVE, "map.png", dinoscope_scatter_window_save_picture);
}

static void
show_lists_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  DinoscopeScatterWindow *self = DINOSCOPE_SCATTER_WINDOW (widget);

  adw_flap_set_reveal_flap (self->flap, !adw_flap_get_reveal_flap (self->flap));
}

void
dinoscope_scatter_window_update_actions (DinoscopeScatterWindow *self)
{
  static const char *const names[] = { "collection.read-table", "collection.choose-pictures", "collection.copy-list",
                                       "collection.save-list", "collection.save-picture", "collection.show-lists" };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    gtk_widget_action_set_enabled (GTK_WIDGET (self), names[i], self->collection != NULL);
  gtk_widget_set_sensitive (self->panel_button, self->collection != NULL);
  gtk_widget_set_sensitive (GTK_WIDGET (self->lasso_button), self->collection != NULL);
}

void
dinoscope_scatter_window_class_files_init (GtkWidgetClass *widget_class)
{
  gtk_widget_class_install_action (widget_class, "collection.open", NULL, open_action);
  gtk_widget_class_install_action (widget_class, "collection.embed", NULL, embed_action);
  gtk_widget_class_install_action (widget_class, "collection.show-lists", NULL, show_lists_action);
  gtk_widget_class_install_action (widget_class, "collection.read-table", NULL, read_table_action);
  gtk_widget_class_install_action (widget_class, "collection.choose-pictures", NULL, choose_pictures_action);
  gtk_widget_class_install_action (widget_class, "collection.copy-list", NULL, copy_list_action);
  gtk_widget_class_install_action (widget_class, "collection.save-list", NULL, save_list_action);
  gtk_widget_class_install_action (widget_class, "collection.save-picture", NULL, save_picture_action);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_o, GDK_CONTROL_MASK, "collection.open", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_F9, 0, "collection.show-lists", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_s, GDK_CONTROL_MASK, "collection.save-picture", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_c, GDK_CONTROL_MASK | GDK_SHIFT_MASK, "collection.copy-list", NULL);
}
