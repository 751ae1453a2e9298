#include "app/dinoscope-slide-bar.h"

#include <glib/gi18n-lib.h>

struct _DinoscopeSlideBar
{
  GtkWidget parent_instance;

  GtkWidget *box;
  GtkLabel  *count_label;
  GtkLabel  *title_label;
  GtkLabel  *problem_label;
};

G_DEFINE_FINAL_TYPE (DinoscopeSlideBar, dinoscope_slide_bar, GTK_TYPE_WIDGET)

static void
dinoscope_slide_bar_dispose (GObject *object)
{
  gtk_widget_dispose_template (GTK_WIDGET (object), DINOSCOPE_TYPE_SLIDE_BAR);

  G_OBJECT_CLASS (dinoscope_slide_bar_parent_class)->dispose (object);
}

static void
dinoscope_slide_bar_class_init (DinoscopeSlideBarClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = dinoscope_slide_bar_dispose;
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_css_name (widget_class, "dinoscope-slide-bar");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_GROUP);
  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/dinoscope/Dinoscope/dinoscope-slide-bar.ui");
  gtk_widget_class_bind_template_child (widget_class, DinoscopeSlideBar, box);
  gtk_widget_class_bind_template_child (widget_class, DinoscopeSlideBar, count_label);
  gtk_widget_class_bind_template_child (widget_class, DinoscopeSlideBar, title_label);
  gtk_widget_class_bind_template_child (widget_class, DinoscopeSlideBar, problem_label);
}

static void
dinoscope_slide_bar_init (DinoscopeSlideBar *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

void
dinoscope_slide_bar_show (DinoscopeSlideBar *self, guint index, guint n, const char *title, const char *problem)
{
  g_autofree char *count = NULL;

  g_return_if_fail (DINOSCOPE_IS_SLIDE_BAR (self));

  count = g_strdup_printf (_ ("Slide %u of %u"), index + 1, n);
  gtk_label_set_text (self->count_label, count);
  gtk_label_set_text (self->title_label, title);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->title_label), title);
  gtk_label_set_text (self->problem_label, problem != NULL ? problem : "");
  gtk_widget_set_visible (GTK_WIDGET (self->problem_label), problem != NULL);
}
