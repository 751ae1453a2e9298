#include "app/dinoscope-views-group.h"

#include <glib/gi18n-lib.h>

struct _DinoscopeViewsGroup
{
  AdwPreferencesGroup parent_instance;

  DinoscopePage *page;
  GSignalGroup  *page_signals;
  GListModel    *views;
  GSignalGroup  *views_signals;
  GPtrArray     *rows;

  GtkWidget      *keep_button;
  AdwExpanderRow *expander;
};

G_DEFINE_FINAL_TYPE (DinoscopeViewsGroup, dinoscope_views_group, ADW_TYPE_PREFERENCES_GROUP)

static guint
find_row (DinoscopeViewsGroup *self, GtkWidget *row)
{
  guint index = 0;

  g_ptr_array_find (self->rows, row, &index);
  return index;
}

static void
row_activated_cb (DinoscopeViewsGroup *self, GtkWidget *row)
{
  dinoscope_page_take_view (self->page, find_row (self, row));
}

static void
remove_clicked_cb (DinoscopeViewsGroup *self, GtkWidget *button)
{
  dinoscope_page_drop_view (self->page, find_row (self, gtk_widget_get_ancestor (button, ADW_TYPE_ACTION_ROW)));
}

static void
keep_clicked_cb (DinoscopeViewsGroup *self)
{
  dinoscope_page_keep_view (self->page);
  adw_expander_row_set_expanded (self->expander, TRUE);
}

static GtkWidget *
new_row (DinoscopeViewsGroup *self, guint index, const char *title)
{
  GtkWidget       *row = adw_action_row_new ();
  GtkWidget       *button = gtk_button_new_from_icon_name ("user-trash-symbolic");
  g_autofree char *numbered = g_strdup_printf ("%u: %s", index + 1, title);
  g_autofree char *escaped = g_markup_escape_text (numbered, -1);
  g_autofree char *label = g_strdup_printf (_ ("Remove view %u"), index + 1);

  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), escaped);
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), TRUE);
  gtk_widget_set_tooltip_text (row, _ ("Go to This View"));
  g_signal_connect_object (row, "activated", G_CALLBACK (row_activated_cb), self, G_CONNECT_SWAPPED);
  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (button, "flat");
  gtk_widget_set_tooltip_text (button, label);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
  g_signal_connect_object (button, "clicked", G_CALLBACK (remove_clicked_cb), self, G_CONNECT_SWAPPED);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), button);
  return row;
}

static void
list_views (DinoscopeViewsGroup *self)
{
  guint            n = self->views != NULL ? g_list_model_get_n_items (self->views) : 0;
  g_autofree char *text = NULL;

  for (guint i = 0; i < self->rows->len; i++)
    adw_expander_row_remove (self->expander, g_ptr_array_index (self->rows, i));
  g_ptr_array_set_size (self->rows, 0);
  for (guint i = 0; i < n; i++)
    {
      g_autoptr (DinoscopeKeptView) view = g_list_model_get_item (self->views, i);
      GtkWidget                    *row = new_row (self, i, dinoscope_kept_view_get_title (view));

      g_ptr_array_add (self->rows, row);
      adw_expander_row_add_row (self->expander, row);
    }
  text = n > 0 ? g_strdup_printf (ngettext ("%u view of this picture", "%u views of this picture", n), n) : g_strdup (_ ("None of this picture"));
  adw_expander_row_set_subtitle (self->expander, text);
  gtk_widget_set_sensitive (self->keep_button, self->views != NULL);
}

static void
study_changed_cb (DinoscopeViewsGroup *self)
{
  GListModel *views = self->page != NULL ? dinoscope_page_get_kept_views (self->page) : NULL;

  g_set_object (&self->views, views);
  g_signal_group_set_target (self->views_signals, views);
  list_views (self);
}

static void
dinoscope_views_group_dispose (GObject *object)
{
  DinoscopeViewsGroup *self = DINOSCOPE_VIEWS_GROUP (object);

  g_clear_object (&self->page_signals);
  g_clear_object (&self->views_signals);
  g_clear_object (&self->views);
  g_clear_object (&self->page);
  g_clear_pointer (&self->rows, g_ptr_array_unref);
  gtk_widget_dispose_template (GTK_WIDGET (self), DINOSCOPE_TYPE_VIEWS_GROUP);

  G_OBJECT_CLASS (dinoscope_views_group_parent_class)->dispose (object);
}

static void
dinoscope_views_group_class_init (DinoscopeViewsGroupClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = dinoscope_views_group_dispose;
  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/dinoscope/Dinoscope/dinoscope-views-group.ui");
  gtk_widget_class_bind_template_child (widget_class, DinoscopeViewsGroup, keep_button);
  gtk_widget_class_bind_template_child (widget_class, DinoscopeViewsGroup, expander);
  gtk_widget_class_bind_template_callback (widget_class, keep_clicked_cb);
}

static void
dinoscope_views_group_init (DinoscopeViewsGroup *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  self->rows = g_ptr_array_new ();
  self->page_signals = g_signal_group_new (DINOSCOPE_TYPE_PAGE);
  g_signal_group_connect_swapped (self->page_signals, "notify::study", G_CALLBACK (study_changed_cb), self);
  self->views_signals = g_signal_group_new (G_TYPE_LIST_MODEL);
  g_signal_group_connect_swapped (self->views_signals, "items-changed", G_CALLBACK (list_views), self);
  list_views (self);
}

void
dinoscope_views_group_set_page (DinoscopeViewsGroup *self, DinoscopePage *page)
{
  g_return_if_fail (DINOSCOPE_IS_VIEWS_GROUP (self));

  if (!g_set_object (&self->page, page))
    return;
  g_signal_group_set_target (self->page_signals, page);
  study_changed_cb (self);
}
