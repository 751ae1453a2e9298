#include "app/dinoscope-cell.h"

#include "app/dinoscope-preparation-group.h"

struct _DinoscopeCell
{
  GtkWidget parent_instance;

  DinoscopePage *page;
  int            window_x, window_width; /* width 0: all of it */

  GtkWidget *header;
  GtkLabel  *title_label;
  GtkLabel  *detail_label;

  GtkMenuButton             *preparation_button;
  DinoscopePreparationGroup *preparation_group;
};

enum
{
  SIGNAL_ENTERED,
  SIGNAL_CLOSE,
  N_SIGNALS
};

G_DEFINE_FINAL_TYPE (DinoscopeCell, dinoscope_cell, GTK_TYPE_WIDGET)

static guint signals[N_SIGNALS];

static void
entered_cb (DinoscopeCell *self)
{
  g_signal_emit (self, signals[SIGNAL_ENTERED], 0);
}

static void
close_clicked_cb (DinoscopeCell *self)
{
  g_signal_emit (self, signals[SIGNAL_CLOSE], 0);
}

int
dinoscope_cell_get_header_height (DinoscopeCell *self)
{
  int minimum = 0;

  if (gtk_widget_should_layout (self->header))
    gtk_widget_measure (self->header, GTK_ORIENTATION_VERTICAL, -1, &minimum, NULL, NULL, NULL);
  return minimum;
}

static void
dinoscope_cell_measure (GtkWidget *widget, GtkOrientation orientation, int for_size, int *minimum, int *natural, int *minimum_baseline, int *natural_baseline)
{
  DinoscopeCell *self = DINOSCOPE_CELL (widget);
  int            header_minimum = 0, header_natural = 0;

  *minimum = *natural = 0;
  if (self->page != NULL)
    gtk_widget_measure (GTK_WIDGET (self->page), orientation, -1, minimum, natural, NULL, NULL);
  if (gtk_widget_should_layout (self->header))
    gtk_widget_measure (self->header, orientation, -1, &header_minimum, &header_natural, NULL, NULL);
  /* A part may be as narrow as it likes. */
  if (orientation == GTK_ORIENTATION_HORIZONTAL && self->window_width > 0)
    *minimum = header_minimum = 0;
  *minimum = orientation == GTK_ORIENTATION_HORIZONTAL ? MAX (*minimum, header_minimum) : *minimum + header_minimum;
  *natural = orientation == GTK_ORIENTATION_HORIZONTAL ? MAX (*natural, header_natural) : *natural + header_natural;
}

static void
dinoscope_cell_size_allocate (GtkWidget *widget, int width, int height, int baseline)
{
  DinoscopeCell *self = DINOSCOPE_CELL (widget);
  int            top = dinoscope_cell_get_header_height (self);
  GtkAllocation  page;
  int            minimum;

  if (gtk_widget_should_layout (self->header))
    {
      GtkAllocation header = { 0, 0, width, top };

      gtk_widget_measure (self->header, GTK_ORIENTATION_HORIZONTAL, -1, &minimum, NULL, NULL, NULL);
      header.width = MAX (width, minimum);
      gtk_widget_size_allocate (self->header, &header, -1);
    }
  if (self->page == NULL)
    return;
  dinoscope_page_set_seen (self->page, self->window_width > 0 ? -self->window_x : 0, width);
  page = (GtkAllocation){ 0, top, width, MAX (height - top, 0) };
  if (self->window_width > 0)
    page = (GtkAllocation){ self->window_x, top, self->window_width, MAX (height - top, 0) };
  gtk_widget_size_allocate (GTK_WIDGET (self->page), &page, -1);
}

static gboolean
dinoscope_cell_grab_focus (GtkWidget *widget)
{
  DinoscopeCell *self = DINOSCOPE_CELL (widget);

  return self->page != NULL && gtk_widget_grab_focus (GTK_WIDGET (self->page));
}

static void
dinoscope_cell_dispose (GObject *object)
{
  DinoscopeCell *self = DINOSCOPE_CELL (object);

  dinoscope_cell_release_page (self);
  gtk_widget_dispose_template (GTK_WIDGET (self), DINOSCOPE_TYPE_CELL);

  G_OBJECT_CLASS (dinoscope_cell_parent_class)->dispose (object);
}

static void
dinoscope_cell_class_init (DinoscopeCellClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = dinoscope_cell_dispose;
  widget_class->measure = dinoscope_cell_measure;
  widget_class->size_allocate = dinoscope_cell_size_allocate;
  widget_class->grab_focus = dinoscope_cell_grab_focus;

  signals[SIGNAL_ENTERED] = g_signal_new ("entered", DINOSCOPE_TYPE_CELL, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[SIGNAL_CLOSE] = g_signal_new ("close", DINOSCOPE_TYPE_CELL, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);

  g_type_ensure (DINOSCOPE_TYPE_PREPARATION_GROUP);
  gtk_widget_class_set_css_name (widget_class, "dinoscope-cell");
  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/dinoscope/Dinoscope/dinoscope-cell.ui");
  gtk_widget_class_bind_template_child (widget_class, DinoscopeCell, header);
  gtk_widget_class_bind_template_child (widget_class, DinoscopeCell, title_label);
  gtk_widget_class_bind_template_child (widget_class, DinoscopeCell, detail_label);
  gtk_widget_class_bind_template_child (widget_class, DinoscopeCell, preparation_button);
  gtk_widget_class_bind_template_child (widget_class, DinoscopeCell, preparation_group);
  gtk_widget_class_bind_template_callback (widget_class, entered_cb);
  gtk_widget_class_bind_template_callback (widget_class, close_clicked_cb);
}

static void
dinoscope_cell_init (DinoscopeCell *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_widget_set_overflow (GTK_WIDGET (self), GTK_OVERFLOW_HIDDEN);
}

DinoscopeCell *
dinoscope_cell_new (DinoscopePage *page)
{
  DinoscopeCell *self;

  g_return_val_if_fail (DINOSCOPE_IS_PAGE (page), NULL);

  self = g_object_new (DINOSCOPE_TYPE_CELL, NULL);
  self->page = g_object_ref (page);
  gtk_widget_set_parent (GTK_WIDGET (page), GTK_WIDGET (self));
  g_object_bind_property (page, "title", self->title_label, "label", G_BINDING_SYNC_CREATE);
  g_object_bind_property (page, "title", self->title_label, "tooltip-text", G_BINDING_SYNC_CREATE);
  g_object_bind_property (page, "own-preparation", self->preparation_button, "visible", G_BINDING_SYNC_CREATE);
  dinoscope_preparation_group_set_page (self->preparation_group, page);
  return self;
}

DinoscopePage *
dinoscope_cell_get_page (DinoscopeCell *self)
{
  g_return_val_if_fail (DINOSCOPE_IS_CELL (self), NULL);

  return self->page;
}

void
dinoscope_cell_release_page (DinoscopeCell *self)
{
  g_return_if_fail (DINOSCOPE_IS_CELL (self));

  if (self->page == NULL)
    return;
  dinoscope_preparation_group_set_page (self->preparation_group, NULL);
  gtk_widget_unparent (GTK_WIDGET (self->page));
  g_clear_object (&self->page);
}

void
dinoscope_cell_set_header_visible (DinoscopeCell *self, gboolean visible)
{
  g_return_if_fail (DINOSCOPE_IS_CELL (self));

  gtk_widget_set_visible (self->header, visible);
}

void
dinoscope_cell_set_current (DinoscopeCell *self, gboolean current)
{
  g_return_if_fail (DINOSCOPE_IS_CELL (self));

  if (current)
    gtk_widget_add_css_class (GTK_WIDGET (self), "current");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (self), "current");
}

void
dinoscope_cell_set_detail (DinoscopeCell *self, const char *detail)
{
  g_return_if_fail (DINOSCOPE_IS_CELL (self));

  gtk_label_set_text (self->detail_label, detail != NULL ? detail : "");
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->detail_label), detail);
  gtk_widget_set_visible (GTK_WIDGET (self->detail_label), detail != NULL);
}

void
dinoscope_cell_show_preparation (DinoscopeCell *self)
{
  g_return_if_fail (DINOSCOPE_IS_CELL (self));

  if (gtk_widget_get_visible (GTK_WIDGET (self->preparation_button)))
    gtk_menu_button_popup (self->preparation_button);
}

void
dinoscope_cell_set_window (DinoscopeCell *self, int x, int width)
{
  g_return_if_fail (DINOSCOPE_IS_CELL (self));

  self->window_x = x;
  self->window_width = width;
}
