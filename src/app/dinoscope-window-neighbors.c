/* DinoscopeWindow: films of an index beside the one shown. */
#include <glib/gi18n-lib.h>

#include "app/dinoscope-folder-question.h"
#include "app/dinoscope-window-private.h"
#include "engine/dinoscope-paths-private.h"

static void
index_chosen_cb (GtkWindow *window, GFile *folder)
{
  dinoscope_window_open_index (DINOSCOPE_WINDOW (window), folder);
}

static DinoscopeNeighborIndex *
dup_index (DinoscopeWindow *self)
{
  DinoscopeNeighborIndex *index;

  g_object_get (self->neighbor_pane, "index", &index, NULL);
  return index;
}

static void
pictures_chosen_cb (GtkWindow *window, GFile *folder)
{
  DinoscopeWindow                   *self = DINOSCOPE_WINDOW (window);
  g_autoptr (DinoscopeNeighborIndex) index = dup_index (self);

  if (index == NULL)
    return;
  if (dinoscope_neighbor_index_are_pictures_in (index, folder))
    dinoscope_neighbor_index_set_pictures (index, folder);
  else
    dinoscope_window_tell (self, _ ("The first pictures of the index are not in this folder."));
}

static void
texts_chosen_cb (DinoscopeWindow *self, int response)
{
  g_autoptr (DinoscopeNeighborIndex) index = dup_index (self);

  if (response == GTK_RESPONSE_ACCEPT && index != NULL)
    {
      g_autoptr (GFile)  file = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (self->chooser));
      g_autoptr (GError) error = NULL;
      gsize              n;

      /* It is of patients: its name is none for the user's recent files. */
      dinoscope_recent_list_keep_out (file, self->recent_before);
      if (!dinoscope_neighbor_index_read_texts (index, file, &n, &error))
        dinoscope_window_tell (self, error->message);
    }
  g_clear_pointer (&self->recent_before, g_hash_table_unref);
  g_clear_object (&self->chooser);
}

static void
choose_texts (DinoscopeWindow *self)
{
  g_autoptr (GtkFileFilter) filter = gtk_file_filter_new ();

  if (self->chooser != NULL)
    return;
  self->chooser = gtk_file_chooser_native_new (_ ("Table with a Report for Each Picture"), GTK_WINDOW (self), GTK_FILE_CHOOSER_ACTION_OPEN, _ ("_Open"), _ ("_Cancel"));
  self->recent_before = dinoscope_recent_list_snapshot ();
  gtk_file_filter_set_name (filter, _ ("Tables (TSV, CSV)"));
  gtk_file_filter_add_pattern (filter, "*.tsv");
  gtk_file_filter_add_pattern (filter, "*.csv");
  gtk_file_chooser_add_filter (GTK_FILE_CHOOSER (self->chooser), filter);
  g_signal_connect_object (self->chooser, "response", G_CALLBACK (texts_chosen_cb), self, G_CONNECT_SWAPPED);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (self->chooser));
}

static void
neighbors_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  DinoscopeWindow *self = DINOSCOPE_WINDOW (widget);

  if (g_str_equal (name, "win.open-index"))
    dinoscope_folder_question_ask (GTK_WINDOW (self), _ ("Choose the Folder of an Index"), index_chosen_cb);
  else if (g_str_equal (name, "win.choose-index-pictures"))
    dinoscope_folder_question_ask (GTK_WINDOW (self), _ ("Choose the Folder of the Index’s Pictures"), pictures_chosen_cb);
  else if (g_str_equal (name, "win.choose-index-texts"))
    choose_texts (self);
  else
    dinoscope_window_close_index (self);
}

/* The patch that was found is marked once the picture has a grid. */
static void
mark_patch_cb (DinoscopeWindow *self)
{
  if (self->neighbor_page == NULL || dinoscope_page_get_encoding (self->neighbor_page) != DINOSCOPE_PAGE_ENCODING_DONE || self->neighbor_patch.row < 0)
    return;
  dinoscope_marks_set_cursor (dinoscope_page_get_marks (self->neighbor_page), self->neighbor_patch.row, self->neighbor_patch.column);
  self->neighbor_patch.row = -1;
}

/* A neighbour takes the place of the one before it beside the film. */
static void
show_beside (DinoscopeWindow *self, GFile *file)
{
  DinoscopePage *page = self->neighbor_page;

  if (page != NULL && self->board != NULL && page != self->page && dinoscope_board_has_page (self->board, page))
    {
      dinoscope_page_open_file (page, file);
      return;
    }
  page = dinoscope_window_compare_file (self, file);
  g_set_weak_pointer (&self->neighbor_page, page);
  if (page != NULL)
    g_signal_connect_object (page, "notify::encoding", G_CALLBACK (mark_patch_cb), self, G_CONNECT_SWAPPED);
}

static void
chosen_cb (DinoscopeWindow *self, DinoscopeNeighbor *neighbor)
{
  g_autoptr (GFile) file = dinoscope_neighbor_index_dup_file (dinoscope_neighbor_get_index (neighbor), dinoscope_neighbor_get_picture (neighbor));

  if (file == NULL)
    dinoscope_window_tell (self, _ ("It is not known where the pictures of the index are."));
  else if (!g_file_query_exists (file, NULL))
    {
      g_autofree char *name = dinoscope_display_name (dinoscope_neighbor_get_name (neighbor));
      g_autofree char *text = g_strdup_printf (_ ("“%s” is not in the folder of the index's pictures."), name);

      dinoscope_window_tell (self, text);
    }
  else
    {
      if (!dinoscope_neighbor_get_patch (neighbor, &self->neighbor_patch.row, &self->neighbor_patch.column))
        self->neighbor_patch.row = -1;
      show_beside (self, file);
    }
}

static void
index_changed_cb (DinoscopeWindow *self)
{
  g_autoptr (DinoscopeNeighborIndex) index = dup_index (self);
  GtkWidget                         *widget = GTK_WIDGET (self);

  gtk_widget_action_set_enabled (widget, "win.close-index", index != NULL);
  gtk_widget_action_set_enabled (widget, "win.choose-index-pictures", index != NULL);
  gtk_widget_action_set_enabled (widget, "win.choose-index-texts", index != NULL);
}

/* The flap closes itself when it is folded and a person clicks beside it. */
static void
revealed_cb (DinoscopeWindow *self)
{
  if (!self->presenting)
    g_object_set (self, "neighbors-visible", adw_flap_get_reveal_flap (self->neighbor_flap), NULL);
}

void
dinoscope_window_neighbors_init (DinoscopeWindow *self)
{
  g_signal_connect_object (self->neighbor_pane, "chosen", G_CALLBACK (chosen_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->neighbor_pane, "notify::index", G_CALLBACK (index_changed_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->neighbor_flap, "notify::reveal-flap", G_CALLBACK (revealed_cb), self, G_CONNECT_SWAPPED);
  index_changed_cb (self);
}

void
dinoscope_window_neighbors_dispose (DinoscopeWindow *self)
{
  dinoscope_window_index_dispose (self);
  g_clear_weak_pointer (&self->neighbor_page);
}

void
dinoscope_window_class_neighbors_init (GtkWidgetClass *widget_class)
{
  static const char *const names[] = { "win.open-index", "win.close-index", "win.choose-index-pictures", "win.choose-index-texts" };

  g_type_ensure (DINOSCOPE_TYPE_NEIGHBOR_PANE);
  gtk_widget_class_bind_template_child (widget_class, DinoscopeWindow, neighbor_flap);
  gtk_widget_class_bind_template_child (widget_class, DinoscopeWindow, neighbor_pane);
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    gtk_widget_class_install_action (widget_class, names[i], NULL, neighbors_action);
  gtk_widget_class_install_property_action (widget_class, "win.show-neighbors", "neighbors-visible");
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_F8, 0, "win.show-neighbors", NULL);
}
