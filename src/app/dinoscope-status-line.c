#include "app/dinoscope-status-line.h"

#include <glib/gi18n-lib.h>

#include "app/dinoscope-fitting-line.h"

struct _DinoscopeStatusLine
{
  GtkWidget parent_instance;

  DinoscopePage *page;
  GSignalGroup  *signals;

  GtkWidget *lines;
  GtkLabel  *hint_label;
  GtkLabel  *distance_label;
  GtkLabel  *pixel_label;
  GtkLabel  *stored_label;
  GtkLabel  *patch_label;
  GtkLabel  *values_label;
  GtkLabel  *percentiles_label;
  GtkLabel  *cosine_label;
  GtkLabel  *attention_label;
  GtkLabel  *norm_label;
  GtkLabel  *box_label;
  GtkLabel  *input_label;
  GtkLabel  *window_label;
};

G_DEFINE_FINAL_TYPE (DinoscopeStatusLine, dinoscope_status_line, GTK_TYPE_WIDGET)

static void
take_text (GtkLabel *label, char *text)
{
  gtk_label_set_text (label, text);
  gtk_widget_set_visible (GTK_WIDGET (label), text[0] != '\0');
  g_free (text);
}

static void
update (DinoscopeStatusLine *self)
{
  DinoscopeReadout readout = { 0 };
  gboolean         any = self->page != NULL && dinoscope_page_get_readout (self->page, &readout);
  DinoscopeMap    *map = any ? dinoscope_page_get_map (self->page) : NULL;

  take_text (self->distance_label, self->page != NULL ? dinoscope_page_describe_distance (self->page) : g_strdup (""));
  any = any || gtk_widget_get_visible (GTK_WIDGET (self->distance_label));
  gtk_widget_set_visible (GTK_WIDGET (self->hint_label), !any && self->page != NULL && dinoscope_page_get_study (self->page) != NULL);
  take_text (self->pixel_label, dinoscope_readout_describe_pixel (&readout));
  take_text (self->stored_label, dinoscope_readout_describe_stored (&readout));
  take_text (self->window_label, self->page != NULL ? dinoscope_greys_describe_window (dinoscope_page_get_greys (self->page)) : g_strdup (""));
  take_text (self->patch_label, dinoscope_readout_describe_patch (&readout));
  take_text (self->values_label, dinoscope_readout_describe_values (&readout, map));
  take_text (self->percentiles_label, dinoscope_readout_describe_percentiles (&readout));
  take_text (self->cosine_label, dinoscope_readout_describe_cosine (&readout));
  take_text (self->attention_label, dinoscope_readout_describe_attention (&readout));
  take_text (self->norm_label, dinoscope_readout_describe_norm (&readout));
  take_text (self->box_label, dinoscope_readout_describe_box (&readout));
  take_text (self->input_label, self->page != NULL ? dinoscope_page_describe_input (self->page) : g_strdup (""));
  /* Both lines keep their height, so that nothing moves under the pointer. */
  gtk_widget_set_visible (GTK_WIDGET (self->pixel_label), !gtk_widget_get_visible (GTK_WIDGET (self->hint_label)));
  gtk_widget_set_visible (GTK_WIDGET (self->patch_label), TRUE);
}

static void
dinoscope_status_line_dispose (GObject *object)
{
  DinoscopeStatusLine *self = DINOSCOPE_STATUS_LINE (object);

  g_clear_object (&self->signals);
  g_clear_object (&self->page);
  gtk_widget_dispose_template (GTK_WIDGET (self), DINOSCOPE_TYPE_STATUS_LINE);

  G_OBJECT_CLASS (dinoscope_status_line_parent_class)->dispose (object);
}

static void
dinoscope_status_line_class_init (DinoscopeStatusLineClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = dinoscope_status_line_dispose;
  g_type_ensure (DINOSCOPE_TYPE_FITTING_LINE);
  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/dinoscope/Dinoscope/dinoscope-status-line.ui");
  gtk_widget_class_bind_template_child (widget_class, DinoscopeStatusLine, lines);
  gtk_widget_class_bind_template_child (widget_class, DinoscopeStatusLine, hint_label);
  gtk_widget_class_bind_template_child (widget_class, DinoscopeStatusLine, distance_label);
  gtk_widget_class_bind_template_child (widget_class, DinoscopeStatusLine, pixel_label);
  gtk_widget_class_bind_template_child (widget_class, DinoscopeStatusLine, stored_label);
  gtk_widget_class_bind_template_child (widget_class, DinoscopeStatusLine, window_label);
  gtk_widget_class_bind_template_child (widget_class, DinoscopeStatusLine, patch_label);
  gtk_widget_class_bind_template_child (widget_class, DinoscopeStatusLine, values_label);
  gtk_widget_class_bind_template_child (widget_class, DinoscopeStatusLine, percentiles_label);
  gtk_widget_class_bind_template_child (widget_class, DinoscopeStatusLine, cosine_label);
  gtk_widget_class_bind_template_child (widget_class, DinoscopeStatusLine, attention_label);
  gtk_widget_class_bind_template_child (widget_class, DinoscopeStatusLine, norm_label);
  gtk_widget_class_bind_template_child (widget_class, DinoscopeStatusLine, box_label);
  gtk_widget_class_bind_template_child (widget_class, DinoscopeStatusLine, input_label);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
}

static void
dinoscope_status_line_init (DinoscopeStatusLine *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  self->signals = g_signal_group_new (DINOSCOPE_TYPE_PAGE);
  g_signal_group_connect_swapped (self->signals, "readout-changed", G_CALLBACK (update), self);
  update (self);
}

void
dinoscope_status_line_set_page (DinoscopeStatusLine *self, DinoscopePage *page)
{
  g_return_if_fail (DINOSCOPE_IS_STATUS_LINE (self));

  if (!g_set_object (&self->page, page))
    return;
  g_signal_group_set_target (self->signals, page);
  update (self);
}

char *
dinoscope_status_line_dup_text (DinoscopeStatusLine *self)
{
  GtkLabel *const     labels[] = { self->distance_label, self->pixel_label, self->stored_label, self->input_label, self->patch_label, self->values_label, self->cosine_label, self->attention_label, self->norm_label, self->percentiles_label, self->box_label };
  g_autoptr (GString) text = g_string_new (NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (labels); i++)
    {
      const char *part = gtk_label_get_text (labels[i]);

      if (part[0] != '\0')
        g_string_append_printf (text, "%s%s", text->len > 0 ? " | " : "", part);
    }
  return g_string_free (g_steal_pointer (&text), FALSE);
}
