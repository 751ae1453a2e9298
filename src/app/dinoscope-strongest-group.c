#include "app/dinoscope-strongest-group.h"

#include <glib/gi18n-lib.h>
#include <math.h>

#include "app/dinoscope-strongest-patches.h"

#define N_PATCHES 50

/* Rows that are made in one turn of the main loop: a row is seven labels, and all of them take longer than a frame. */
#define ROWS_A_TURN 5

struct _DinoscopeStrongestGroup
{
  AdwPreferencesGroup parent_instance;

  DinoscopePage      *page;
  GSignalGroup       *page_signals;
  GSignalGroup       *marks_signals;
  GListModel         *patches; /* all that are to be listed, or NULL */
  GListStore         *rows;    /* those of them that have rows by now */
  guint               filling; /* source that makes more of them, or 0 */
  GtkSortListModel   *sorted;
  GtkSingleSelection *selection;
  DinoscopeMap       *map;    /* of which the table tells; NULL for an empty one */
  guint               serial; /* of the numbers in it */
  gboolean            updating;

  AdwExpanderRow *expander;
  GtkWidget      *copy_button;
  GtkColumnView  *view;
};

G_DEFINE_FINAL_TYPE (DinoscopeStrongestGroup, dinoscope_strongest_group, ADW_TYPE_PREFERENCES_GROUP)

/* Numbers that are not there come last whatever the order. */
static int
compare_numbers (gconstpointer a, gconstpointer b, gpointer number)
{
  double first = dinoscope_strong_patch_get_number ((DinoscopeStrongPatch *) a, GPOINTER_TO_UINT (number));
  double second = dinoscope_strong_patch_get_number ((DinoscopeStrongPatch *) b, GPOINTER_TO_UINT (number));

  if (isnan (first) || isnan (second))
    return isnan (first) - isnan (second);
  return (first > second) - (first < second);
}

static void
setup_cb (GtkSignalListItemFactory *factory, GtkListItem *item)
{
  GtkWidget *label = gtk_label_new (NULL);

  gtk_label_set_xalign (GTK_LABEL (label), 1);
  gtk_widget_add_css_class (label, "numeric");
  gtk_widget_add_css_class (label, "caption");
  gtk_list_item_set_child (item, label);
}

static void
show_number (GtkListItem *item, DinoscopeStrongNumber number)
{
  g_autofree char *text = dinoscope_strong_patch_format (gtk_list_item_get_item (item), number, FALSE);

  gtk_label_set_text (GTK_LABEL (gtk_list_item_get_child (item)), text);
}

static void
patch_changed_cb (DinoscopeStrongPatch *patch, GtkListItem *item)
{
  show_number (item, GPOINTER_TO_UINT (g_object_get_data (G_OBJECT (item), "number")));
}

static void
bind_cb (GtkSignalListItemFactory *factory, GtkListItem *item, gpointer number)
{
  g_object_set_data (G_OBJECT (item), "number", number);
  g_signal_connect (gtk_list_item_get_item (item), "changed", G_CALLBACK (patch_changed_cb), item);
  show_number (item, GPOINTER_TO_UINT (number));
}

static void
unbind_cb (GtkSignalListItemFactory *factory, GtkListItem *item)
{
  g_signal_handlers_disconnect_by_data (gtk_list_item_get_item (item), item);
}

static void
add_column (DinoscopeStrongestGroup *self, DinoscopeStrongNumber number)
{
  GtkListItemFactory             *factory = gtk_signal_list_item_factory_new ();
  g_autoptr (GtkColumnViewColumn) column = gtk_column_view_column_new (dinoscope_strong_number_title (number), factory);
  g_autoptr (GtkSorter)           sorter = GTK_SORTER (gtk_custom_sorter_new (compare_numbers, GUINT_TO_POINTER (number), NULL));

  g_signal_connect (factory, "setup", G_CALLBACK (setup_cb), NULL);
  g_signal_connect (factory, "bind", G_CALLBACK (bind_cb), GUINT_TO_POINTER (number));
  g_signal_connect (factory, "unbind", G_CALLBACK (unbind_cb), NULL);
  gtk_column_view_column_set_sorter (column, sorter);
  gtk_column_view_append_column (self->view, column);
}

static guint
find_patch (DinoscopeStrongestGroup *self, DinoscopePatch wanted)
{
  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->selection)); i++)
    {
      g_autoptr (DinoscopeStrongPatch) item = g_list_model_get_item (G_LIST_MODEL (self->selection), i);
      DinoscopePatch                   patch = dinoscope_strong_patch_get_patch (item);

      if (patch.row == wanted.row && patch.column == wanted.column)
        return i;
    }
  return GTK_INVALID_LIST_POSITION;
}

static void
scroll_to (DinoscopeStrongestGroup *self, guint position)
{
  for (GtkWidget *child = gtk_widget_get_first_child (GTK_WIDGET (self->view)); child != NULL; child = gtk_widget_get_next_sibling (child))
    if (GTK_IS_LIST_VIEW (child))
      gtk_widget_activate_action (child, "list.scroll-to-item", "u", position);
}

static void
follow_cursor (DinoscopeStrongestGroup *self)
{
  DinoscopePatch cursor;
  guint          position = GTK_INVALID_LIST_POSITION;

  if (self->page != NULL && dinoscope_marks_get_cursor (dinoscope_page_get_marks (self->page), &cursor))
    position = find_patch (self, cursor);
  if (position == gtk_single_selection_get_selected (self->selection))
    return;
  self->updating = TRUE;
  gtk_single_selection_set_selected (self->selection, position);
  self->updating = FALSE;
  if (position != GTK_INVALID_LIST_POSITION)
    scroll_to (self, position);
}

static void
selected_cb (DinoscopeStrongestGroup *self)
{
  DinoscopeStrongPatch *item = gtk_single_selection_get_selected_item (self->selection);
  DinoscopePatch        patch;

  if (self->updating || item == NULL || self->page == NULL)
    return;
  patch = dinoscope_strong_patch_get_patch (item);
  dinoscope_marks_set_cursor (dinoscope_page_get_marks (self->page), patch.row, patch.column);
  dinoscope_canvas_reveal_patch (dinoscope_page_get_canvas (self->page), patch.row, patch.column);
}

/* What is listed, and by which of its components. */
static void
show_title (DinoscopeStrongestGroup *self)
{
  const struct dino_map *core = self->map != NULL ? dinoscope_map_get_core (self->map) : NULL;
  const char            *name = core == NULL ? "" : core->channels > 1 ? core->component_names[0]
                                                                       : core->title;
  g_autofree char       *escaped = g_markup_escape_text (name, -1);

  adw_expander_row_set_subtitle (self->expander, escaped);
  gtk_widget_set_sensitive (self->copy_button, core != NULL);
}

/* Lists the next few; TRUE while there are more. */
static gboolean
fill_some (DinoscopeStrongestGroup *self)
{
  guint n = g_list_model_get_n_items (self->patches), begin = g_list_model_get_n_items (G_LIST_MODEL (self->rows));
  guint end = MIN (begin + ROWS_A_TURN, n);

  self->updating = TRUE;
  for (guint i = begin; i < end; i++)
    {
      g_autoptr (DinoscopeStrongPatch) patch = g_list_model_get_item (self->patches, i);

      g_list_store_append (self->rows, patch);
    }
  self->updating = FALSE;
  follow_cursor (self);
  return end < n;
}

static gboolean
fill_cb (gpointer data)
{
  DinoscopeStrongestGroup *self = data;

  if (fill_some (self))
    return G_SOURCE_CONTINUE;
  self->filling = 0;
  return G_SOURCE_REMOVE;
}

static void
list_patches (DinoscopeStrongestGroup *self, GListModel *patches)
{
  g_clear_handle_id (&self->filling, g_source_remove);
  g_set_object (&self->patches, patches);
  self->updating = TRUE;
  g_list_store_remove_all (self->rows);
  self->updating = FALSE;
  /* Below the priority of drawing, so that the rows that are there are seen. */
  if (patches != NULL && fill_some (self))
    self->filling = g_idle_add (fill_cb, self);
}

/* Rows stay and get other numbers: making widgets takes longer than all the rest. */
static void
take_patches (DinoscopeStrongestGroup *self, GListModel *patches)
{
  guint n = self->patches != NULL ? g_list_model_get_n_items (self->patches) : 0;

  if (patches == NULL || n == 0 || g_list_model_get_n_items (patches) != n)
    {
      list_patches (self, patches);
      return;
    }
  self->updating = TRUE;
  for (guint i = 0; i < n; i++)
    {
      g_autoptr (DinoscopeStrongPatch) item = g_list_model_get_item (self->patches, i);
      g_autoptr (DinoscopeStrongPatch) patch = g_list_model_get_item (patches, i);

      dinoscope_strong_patch_assign (item, patch);
    }
  gtk_sorter_changed (gtk_column_view_get_sorter (self->view), GTK_SORTER_CHANGE_DIFFERENT);
  self->updating = FALSE;
}

/* Cheap while nothing but the pointer moves. */
static void
update (DinoscopeStrongestGroup *self)
{
  DinoscopeMap          *map = self->page != NULL ? dinoscope_page_get_map (self->page) : NULL;
  guint                  serial = self->page != NULL ? dinoscope_patch_numbers_get_serial (dinoscope_page_get_numbers (self->page)) : 0;
  g_autoptr (GListModel) patches = NULL;

  if (!adw_expander_row_get_expanded (self->expander) || (self->map == map && self->serial == serial))
    return;
  g_set_object (&self->map, map);
  self->serial = serial;
  if (map != NULL)
    patches = dinoscope_strongest_patches (self->page, N_PATCHES);
  take_patches (self, patches);
  show_title (self);
  follow_cursor (self);
}

static void
copy_clicked_cb (DinoscopeStrongestGroup *self)
{
  g_autofree char *text = NULL;

  while (self->filling != 0 && fill_some (self))
    ;
  text = dinoscope_strong_patches_to_tsv (G_LIST_MODEL (self->sorted));
  gdk_clipboard_set_text (gtk_widget_get_clipboard (GTK_WIDGET (self)), text);
}

static void
dinoscope_strongest_group_dispose (GObject *object)
{
  DinoscopeStrongestGroup *self = DINOSCOPE_STRONGEST_GROUP (object);

  g_clear_handle_id (&self->filling, g_source_remove);
  g_clear_object (&self->page_signals);
  g_clear_object (&self->marks_signals);
  g_clear_object (&self->page);
  g_clear_object (&self->map);
  g_clear_object (&self->patches);
  gtk_widget_dispose_template (GTK_WIDGET (self), DINOSCOPE_TYPE_STRONGEST_GROUP);
  g_clear_object (&self->selection);
  g_clear_object (&self->sorted);
  g_clear_object (&self->rows);

  G_OBJECT_CLASS (dinoscope_strongest_group_parent_class)->dispose (object);
}

static void
dinoscope_strongest_group_class_init (DinoscopeStrongestGroupClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = dinoscope_strongest_group_dispose;
  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/dinoscope/Dinoscope/dinoscope-strongest-group.ui");
  gtk_widget_class_bind_template_child (widget_class, DinoscopeStrongestGroup, expander);
  gtk_widget_class_bind_template_child (widget_class, DinoscopeStrongestGroup, copy_button);
  gtk_widget_class_bind_template_child (widget_class, DinoscopeStrongestGroup, view);
  gtk_widget_class_bind_template_callback (widget_class, update);
  gtk_widget_class_bind_template_callback (widget_class, copy_clicked_cb);
}

static void
dinoscope_strongest_group_init (DinoscopeStrongestGroup *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  for (guint number = 0; number < DINOSCOPE_N_STRONG; number++)
    add_column (self, number);
  self->rows = g_list_store_new (DINOSCOPE_TYPE_STRONG_PATCH);
  self->sorted = gtk_sort_list_model_new (G_LIST_MODEL (g_object_ref (self->rows)), g_object_ref (gtk_column_view_get_sorter (self->view)));
  self->selection = gtk_single_selection_new (NULL);
  gtk_single_selection_set_autoselect (self->selection, FALSE);
  gtk_single_selection_set_can_unselect (self->selection, TRUE);
  gtk_single_selection_set_model (self->selection, G_LIST_MODEL (self->sorted));
  gtk_column_view_set_model (self->view, GTK_SELECTION_MODEL (self->selection));
  g_signal_connect_object (self->selection, "notify::selected", G_CALLBACK (selected_cb), self, G_CONNECT_SWAPPED);
  self->page_signals = g_signal_group_new (DINOSCOPE_TYPE_PAGE);
  g_signal_group_connect_swapped (self->page_signals, "notify::map", G_CALLBACK (update), self);
  g_signal_group_connect_swapped (self->page_signals, "readout-changed", G_CALLBACK (update), self);
  self->marks_signals = g_signal_group_new (DINOSCOPE_TYPE_MARKS);
  g_signal_group_connect_swapped (self->marks_signals, "cursor-changed", G_CALLBACK (follow_cursor), self);
  show_title (self);
}

void
dinoscope_strongest_group_set_page (DinoscopeStrongestGroup *self, DinoscopePage *page)
{
  g_return_if_fail (DINOSCOPE_IS_STRONGEST_GROUP (self));

  if (!g_set_object (&self->page, page))
    return;
  g_signal_group_set_target (self->page_signals, page);
  g_signal_group_set_target (self->marks_signals, page != NULL ? dinoscope_page_get_marks (page) : NULL);
  g_clear_object (&self->map);
  self->serial = 0;
  list_patches (self, NULL);
  show_title (self);
  update (self);
}

GListModel *
dinoscope_strongest_group_get_patches (DinoscopeStrongestGroup *self)
{
  g_return_val_if_fail (DINOSCOPE_IS_STRONGEST_GROUP (self), NULL);

  return G_LIST_MODEL (self->selection);
}
