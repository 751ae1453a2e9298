#include "app/dinoscope-fact-row.h"

struct _DinoscopeFactRow
{
  GtkListBoxRow parent_instance;

  GtkLabel *title_label;
  GtkLabel *value_label;
};

G_DEFINE_FINAL_TYPE (DinoscopeFactRow, dinoscope_fact_row, GTK_TYPE_LIST_BOX_ROW)

static void
dinoscope_fact_row_dispose (GObject *object)
{
  gtk_widget_dispose_template (GTK_WIDGET (object), DINOSCOPE_TYPE_FACT_ROW);

  G_OBJECT_CLASS (dinoscope_fact_row_parent_class)->dispose (object);
}

static void
dinoscope_fact_row_class_init (DinoscopeFactRowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = dinoscope_fact_row_dispose;
  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/dinoscope/Dinoscope/dinoscope-fact-row.ui");
  gtk_widget_class_bind_template_child (widget_class, DinoscopeFactRow, title_label);
  gtk_widget_class_bind_template_child (widget_class, DinoscopeFactRow, value_label);
}

static void
dinoscope_fact_row_init (DinoscopeFactRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

void
dinoscope_fact_row_set_fact (DinoscopeFactRow *self, const char *title, const char *value)
{
  g_return_if_fail (DINOSCOPE_IS_FACT_ROW (self));

  gtk_label_set_text (self->title_label, title);
  gtk_label_set_text (self->value_label, value);
}

GtkWidget *
dinoscope_fact_row_new (const char *title, const char *value)
{
  DinoscopeFactRow *self = g_object_new (DINOSCOPE_TYPE_FACT_ROW, NULL);

  dinoscope_fact_row_set_fact (self, title, value);
  return GTK_WIDGET (self);
}

void
dinoscope_fact_row_set_selectable (DinoscopeFactRow *self, gboolean selectable)
{
  g_return_if_fail (DINOSCOPE_IS_FACT_ROW (self));

  gtk_label_set_selectable (self->value_label, selectable);
}
