/* DinoscopeScatterWindow: the lists beside the map. */
#include <glib/gi18n-lib.h>

#include "app/dinoscope-scatter-window-private.h"
#include "engine/dinoscope-paths-private.h"

static void
setup_cb (GtkSignalListItemFactory *factory, GtkListItem *item)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 2);

  gtk_widget_set_margin_top (box, 4);
  gtk_widget_set_margin_bottom (box, 4);
  for (int i = 0; i < 2; i++)
    {
      GtkWidget *label = gtk_label_new (NULL);

      gtk_label_set_xalign (GTK_LABEL (label), 0);
      gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_MIDDLE);
      gtk_box_append (GTK_BOX (box), label);
      if (i == 1)
        gtk_widget_add_css_class (label, "dim-label");
    }
  gtk_list_item_set_child (item, box);
}

static void
set_texts (GtkListItem *item, const char *first, const char *second)
{
  GtkWidget *label = gtk_widget_get_first_child (gtk_list_item_get_child (item));

  gtk_label_set_text (GTK_LABEL (label), first);
  label = gtk_widget_get_next_sibling (label);
  gtk_label_set_text (GTK_LABEL (label), second);
  gtk_widget_set_visible (label, *second != '\0');
}

static gboolean
are_same_pixels (DinoscopeScatterWindow *self, guint32 one, guint32 other)
{
  const char *sha256 = dinoscope_collection_get_pixels_sha256 (self->collection, one);

  return *sha256 != '\0' && g_str_equal (sha256, dinoscope_collection_get_pixels_sha256 (self->collection, other));
}

static void
bind_cb (GtkSignalListItemFactory *factory, GtkListItem *item, DinoscopeScatterWindow *self)
{
  DinoscopeScatterRow *row = gtk_list_item_get_item (item);
  g_autofree char     *name = dinoscope_display_name (dinoscope_collection_get_name (self->collection, dinoscope_scatter_row_get_first (row)));
  g_autofree char     *other = NULL;
  g_autofree char     *words = NULL;
  guint32              second;
  double               cosine;

  if (!dinoscope_scatter_row_get_pair (row, &second, &cosine))
    {
      set_texts (item, name, "");
      return;
    }
  other = dinoscope_display_name (dinoscope_collection_get_name (self->collection, second));
  if (are_same_pixels (self, dinoscope_scatter_row_get_first (row), second))
    words = g_strdup_printf (_ ("%s · the same pixels"), other);
  else
    words = g_strdup_printf (_ ("%s · cosine %.4f"), other, cosine);
  set_texts (item, name, words);
}

/* A row of the list is pointed at on the map. */
static void
row_selected_cb (GtkSingleSelection *selection, GParamSpec *pspec, DinoscopeScatterWindow *self)
{
  DinoscopeScatterRow *row = gtk_single_selection_get_selected_item (selection);

  if (row != NULL)
    dinoscope_scatter_view_set_cursor (self->view, dinoscope_scatter_row_get_first (row));
}

static void
row_activated_cb (DinoscopeScatterWindow *self, guint position)
{
  g_autoptr (DinoscopeScatterRow) row = g_list_model_get_item (G_LIST_MODEL (self->rows), position);

  if (row != NULL)
    dinoscope_scatter_window_open_row (self, dinoscope_scatter_row_get_first (row), FALSE);
}

static void
pair_selected_cb (GtkSingleSelection *selection, GParamSpec *pspec, DinoscopeScatterWindow *self)
{
  DinoscopeScatterRow *row = gtk_single_selection_get_selected_item (selection);
  guint32              rows[2];
  double               cosine;

  if (row == NULL || !dinoscope_scatter_row_get_pair (row, &rows[1], &cosine))
    return;
  rows[0] = dinoscope_scatter_row_get_first (row);
  dinoscope_scatter_view_select_rows (self->view, rows, 2);
  dinoscope_scatter_view_set_cursor (self->view, rows[0]);
}

/* The second comes beside the first. */
static void
pair_activated_cb (DinoscopeScatterWindow *self, guint position)
{
  g_autoptr (DinoscopeScatterRow) row = g_list_model_get_item (G_LIST_MODEL (self->pairs), position);
  guint32                         second;
  double                          cosine;

  if (row == NULL || !dinoscope_scatter_row_get_pair (row, &second, &cosine))
    return;
  dinoscope_scatter_window_open_row (self, dinoscope_scatter_row_get_first (row), FALSE);
  dinoscope_scatter_window_open_row (self, second, TRUE);
}

static void
fill_list (DinoscopeScatterWindow *self, GtkListView *list, GListModel *rows, GCallback selected)
{
  GtkListItemFactory *factory = gtk_signal_list_item_factory_new ();
  GtkSingleSelection *selection = gtk_single_selection_new (g_object_ref (rows));

  g_signal_connect (factory, "setup", G_CALLBACK (setup_cb), NULL);
  g_signal_connect_object (factory, "bind", G_CALLBACK (bind_cb), self, 0);
  gtk_single_selection_set_autoselect (selection, FALSE);
  gtk_single_selection_set_can_unselect (selection, TRUE);
  g_signal_connect_object (selection, "notify::selected-item", selected, self, 0);
  gtk_list_view_set_factory (list, factory);
  gtk_list_view_set_model (list, GTK_SELECTION_MODEL (selection));
  g_object_unref (factory);
  g_object_unref (selection);
}

void
dinoscope_scatter_window_lists_init (DinoscopeScatterWindow *self)
{
  self->rows = dinoscope_scatter_rows_new ();
  self->pairs = dinoscope_scatter_rows_new ();
  fill_list (self, self->row_list, G_LIST_MODEL (self->rows), G_CALLBACK (row_selected_cb));
  fill_list (self, self->pair_list, G_LIST_MODEL (self->pairs), G_CALLBACK (pair_selected_cb));
  g_signal_connect_object (self->row_list, "activate", G_CALLBACK (row_activated_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->pair_list, "activate", G_CALLBACK (pair_activated_cb), self, G_CONNECT_SWAPPED);
}

void
dinoscope_scatter_window_selection_changed (DinoscopeScatterWindow *self)
{
  const gsize      n = self->collection != NULL ? dinoscope_collection_get_n_rows (self->collection) : 0;
  const gsize      n_selected = dinoscope_scatter_view_get_n_selected (self->view);
  const guint8    *selected = n_selected > 0 ? dinoscope_scatter_view_get_selected (self->view) : NULL;
  g_autofree char *title = NULL;

  if (self->rows == NULL)
    return;
  dinoscope_scatter_rows_set (self->rows, n, selected);
  if (n_selected > 0)
    title = g_strdup_printf (ngettext ("%zu chosen", "%zu chosen", n_selected), n_selected);
  else
    title = g_strdup_printf (ngettext ("All %zu picture", "All %zu pictures", n), n);
  gtk_label_set_text (self->row_title, title);
}

void
dinoscope_scatter_window_show_pairs (DinoscopeScatterWindow *self)
{
  const struct dino_duplicates *found = self->duplicates != NULL && self->duplicates_done ? dinoscope_scatter_job_get_duplicates (self->duplicates) : NULL;
  g_autofree char              *title = NULL;

  dinoscope_scatter_rows_set_pairs (self->pairs, found != NULL ? found->pairs : NULL, found != NULL ? found->n_pairs : 0);
  if (found == NULL)
    title = g_strdup ("");
  else if (found->n_found > found->n_pairs)
    title = g_strdup_printf (_ ("%zu of %zu pairs"), found->n_pairs, found->n_found);
  else
    title = g_strdup_printf (ngettext ("%zu pair", "%zu pairs", found->n_found), found->n_found);
  gtk_label_set_text (self->pair_title, title);
}
