#include "app/dinoscope-help-window.h"

#include <string.h>

#include "app/dinoscope-dialog.h"
#include "app/dinoscope-manual-view.h"
#include "app/dinoscope-manual.h"

struct _DinoscopeHelpWindow
{
  AdwWindow parent_instance;

  GListModel *pages;
  GPtrArray  *history; /* names of pages, the one shown is the last */
  char       *anchor;  /* to be scrolled to */
  guint       scroll_source;

  AdwLeaflet          *leaflet;
  GtkWidget           *contents;
  GtkWidget           *reader;
  GtkSearchEntry      *search_entry;
  GtkListBox          *list;
  AdwWindowTitle      *page_title;
  GtkScrolledWindow   *scrolled_window;
  DinoscopeManualView *view;
};

G_DEFINE_FINAL_TYPE (DinoscopeHelpWindow, dinoscope_help_window, ADW_TYPE_WINDOW)

static DinoscopeManualPage *
find_page (DinoscopeHelpWindow *self, const char *name, guint *index)
{
  for (guint i = 0; i < g_list_model_get_n_items (self->pages); i++)
    {
      g_autoptr (DinoscopeManualPage) page = g_list_model_get_item (self->pages, i);

      /* The list keeps it alive. */
      *index = i;
      if (g_str_equal (dinoscope_manual_page_get_name (page), name))
        return page;
    }
  return NULL;
}

static gboolean
scroll_cb (gpointer data)
{
  DinoscopeHelpWindow *self = data;
  GtkWidget           *heading = self->anchor != NULL ? dinoscope_manual_view_find_heading (self->view, self->anchor) : NULL;
  graphene_point_t     place = GRAPHENE_POINT_INIT (0, 0);

  if (heading != NULL && !gtk_widget_compute_point (heading, GTK_WIDGET (self->view), &GRAPHENE_POINT_INIT (0, 0), &place))
    place = GRAPHENE_POINT_INIT (0, 0);
  gtk_adjustment_set_value (gtk_scrolled_window_get_vadjustment (self->scrolled_window), (double) place.y);
  g_clear_pointer (&self->anchor, g_free);
  self->scroll_source = 0;
  return G_SOURCE_REMOVE;
}

static void
show_last (DinoscopeHelpWindow *self)
{
  const char          *name = g_ptr_array_index (self->history, self->history->len - 1);
  guint                index;
  DinoscopeManualPage *page = find_page (self, name, &index);

  if (page == NULL)
    return;
  dinoscope_manual_view_set_text (self->view, dinoscope_manual_page_get_text (page));
  adw_window_title_set_title (self->page_title, dinoscope_manual_page_get_title (page));
  gtk_list_box_select_row (self->list, gtk_list_box_get_row_at_index (self->list, (int) index));
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "manual.back", self->history->len > 1);
  adw_leaflet_set_visible_child (self->leaflet, self->reader);
  /* After the page has its size. */
  if (self->scroll_source == 0)
    self->scroll_source = g_idle_add_full (G_PRIORITY_LOW, scroll_cb, self, NULL);
}

static void
go_to (DinoscopeHelpWindow *self, const char *name)
{
  guint index;

  if (find_page (self, name, &index) == NULL)
    return;
  if (self->history->len == 0 || !g_str_equal (g_ptr_array_index (self->history, self->history->len - 1), name))
    g_ptr_array_add (self->history, g_strdup (name));
  show_last (self);
}

static void
back_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  DinoscopeHelpWindow *self = DINOSCOPE_HELP_WINDOW (widget);

  if (self->history->len < 2)
    return;
  g_ptr_array_set_size (self->history, (int) self->history->len - 1);
  show_last (self);
}

static void
contents_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  adw_leaflet_set_visible_child (DINOSCOPE_HELP_WINDOW (widget)->leaflet, DINOSCOPE_HELP_WINDOW (widget)->contents);
}

static void
search_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  DinoscopeHelpWindow *self = DINOSCOPE_HELP_WINDOW (widget);

  adw_leaflet_set_visible_child (self->leaflet, self->contents);
  gtk_widget_grab_focus (GTK_WIDGET (self->search_entry));
}

/* "pca.md", "pca.md#anchor", "#anchor", or an address for the browser. */
static void
link_cb (DinoscopeHelpWindow *self, const char *target)
{
  const char      *anchor = strchr (target, '#');
  g_autofree char *file = anchor != NULL ? g_strndup (target, (gsize) (anchor - target)) : g_strdup (target);
  const char      *shown = g_ptr_array_index (self->history, self->history->len - 1);

  if (g_str_has_prefix (target, "https://"))
    {
      gtk_show_uri (GTK_WINDOW (self), target, GDK_CURRENT_TIME);
      return;
    }
  g_free (self->anchor);
  self->anchor = anchor != NULL ? g_strdup (anchor + 1) : NULL;
  if (g_str_has_suffix (file, ".md"))
    file[strlen (file) - strlen (".md")] = '\0';
  go_to (self, file[0] != '\0' ? file : shown);
}

static DinoscopeManualPage *
page_of_row (DinoscopeHelpWindow *self, GtkListBoxRow *row)
{
  g_autoptr (DinoscopeManualPage) page = g_list_model_get_item (self->pages, (guint) gtk_list_box_row_get_index (row));

  return page;
}

static void
row_activated_cb (DinoscopeHelpWindow *self, GtkListBoxRow *row)
{
  go_to (self, dinoscope_manual_page_get_name (page_of_row (self, row)));
}

static void
search_changed_cb (DinoscopeHelpWindow *self)
{
  gtk_list_box_invalidate_filter (self->list);
}

static gboolean
filter_cb (GtkListBoxRow *row, gpointer user_data)
{
  DinoscopeHelpWindow *self = user_data;

  return dinoscope_manual_page_matches (page_of_row (self, row), gtk_editable_get_text (GTK_EDITABLE (self->search_entry)));
}

/* The first of the pages that are left. */
static void
search_activated_cb (DinoscopeHelpWindow *self)
{
  GtkListBoxRow *row;

  for (int i = 0; (row = gtk_list_box_get_row_at_index (self->list, i)) != NULL; i++)
    if (gtk_widget_get_child_visible (GTK_WIDGET (row)))
      {
        row_activated_cb (self, row);
        gtk_widget_grab_focus (GTK_WIDGET (self->scrolled_window));
        return;
      }
}

static void
search_stopped_cb (DinoscopeHelpWindow *self)
{
  if (gtk_editable_get_text (GTK_EDITABLE (self->search_entry))[0] != '\0')
    gtk_editable_set_text (GTK_EDITABLE (self->search_entry), "");
  else
    gtk_window_close (GTK_WINDOW (self));
}

/* Row by row, since a list that is bound to a model ignores filters. */
static void
fill_list (DinoscopeHelpWindow *self)
{
  for (guint i = 0; i < g_list_model_get_n_items (self->pages); i++)
    {
      g_autoptr (DinoscopeManualPage) page = g_list_model_get_item (self->pages, i);
      GtkWidget                      *label = gtk_label_new (dinoscope_manual_page_get_title (page));

      gtk_label_set_xalign (GTK_LABEL (label), 0);
      gtk_label_set_wrap (GTK_LABEL (label), TRUE);
      gtk_list_box_append (self->list, label);
    }
}

static void
dinoscope_help_window_dispose (GObject *object)
{
  DinoscopeHelpWindow *self = DINOSCOPE_HELP_WINDOW (object);

  g_clear_handle_id (&self->scroll_source, g_source_remove);
  gtk_widget_dispose_template (GTK_WIDGET (object), DINOSCOPE_TYPE_HELP_WINDOW);
  g_clear_object (&self->pages);
  g_clear_pointer (&self->history, g_ptr_array_unref);
  g_clear_pointer (&self->anchor, g_free);

  G_OBJECT_CLASS (dinoscope_help_window_parent_class)->dispose (object);
}

static void
dinoscope_help_window_class_init (DinoscopeHelpWindowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = dinoscope_help_window_dispose;
  g_type_ensure (DINOSCOPE_TYPE_MANUAL_VIEW);
  gtk_widget_class_install_action (widget_class, "manual.back", NULL, back_action);
  gtk_widget_class_install_action (widget_class, "manual.contents", NULL, contents_action);
  gtk_widget_class_install_action (widget_class, "manual.search", NULL, search_action);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Left, GDK_ALT_MASK, "manual.back", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_f, GDK_CONTROL_MASK, "manual.search", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_w, GDK_CONTROL_MASK, "window.close", NULL);
  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/dinoscope/Dinoscope/dinoscope-help-window.ui");
  gtk_widget_class_bind_template_child (widget_class, DinoscopeHelpWindow, leaflet);
  gtk_widget_class_bind_template_child (widget_class, DinoscopeHelpWindow, contents);
  gtk_widget_class_bind_template_child (widget_class, DinoscopeHelpWindow, reader);
  gtk_widget_class_bind_template_child (widget_class, DinoscopeHelpWindow, search_entry);
  gtk_widget_class_bind_template_child (widget_class, DinoscopeHelpWindow, list);
  gtk_widget_class_bind_template_child (widget_class, DinoscopeHelpWindow, page_title);
  gtk_widget_class_bind_template_child (widget_class, DinoscopeHelpWindow, scrolled_window);
  gtk_widget_class_bind_template_child (widget_class, DinoscopeHelpWindow, view);
  gtk_widget_class_bind_template_callback (widget_class, row_activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, search_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, search_activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, search_stopped_cb);
  gtk_widget_class_bind_template_callback (widget_class, link_cb);
}

static void
dinoscope_help_window_init (DinoscopeHelpWindow *self)
{
  self->pages = dinoscope_manual_list ();
  self->history = g_ptr_array_new_with_free_func (g_free);
  gtk_widget_init_template (GTK_WIDGET (self));
  fill_list (self);
  gtk_list_box_set_filter_func (self->list, filter_cb, self, NULL);
  go_to (self, DINOSCOPE_MANUAL_FIRST);
  gtk_window_set_focus (GTK_WINDOW (self), GTK_WIDGET (self->scrolled_window));
}

void
dinoscope_help_window_show (GtkWindow *parent)
{
  g_autoptr (GListModel) toplevels = g_object_ref (gtk_window_get_toplevels ());
  GtkWindow             *window = NULL;

  for (guint i = 0; i < g_list_model_get_n_items (toplevels); i++)
    {
      g_autoptr (GtkWindow) other = g_list_model_get_item (toplevels, i);

      if (DINOSCOPE_IS_HELP_WINDOW (other))
        window = other;
    }
  if (window == NULL)
    {
      window = g_object_new (DINOSCOPE_TYPE_HELP_WINDOW, NULL);
      dinoscope_dialog_set_parent (window, parent);
    }
  gtk_window_present (window);
}
