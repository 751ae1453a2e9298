#include "app/dinoscope-probe-row.h"

#include <glib/gi18n-lib.h>

struct _DinoscopeProbeRow
{
  AdwActionRow parent_instance;

  guint      index;
  GtkWidget *bar; /* of a probability, else NULL */
  GtkWidget *label;
  GtkWidget *button;
};

enum
{
  SIGNAL_SHOW_PATCHES,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (DinoscopeProbeRow, dinoscope_probe_row, ADW_TYPE_ACTION_ROW)

static void
clicked_cb (DinoscopeProbeRow *self)
{
  g_signal_emit (self, signals[SIGNAL_SHOW_PATCHES], 0);
}

static void
dinoscope_probe_row_class_init (DinoscopeProbeRowClass *klass)
{
  signals[SIGNAL_SHOW_PATCHES] = g_signal_new ("show-patches", DINOSCOPE_TYPE_PROBE_ROW, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
dinoscope_probe_row_init (DinoscopeProbeRow *self)
{
  self->bar = gtk_progress_bar_new ();
  gtk_widget_add_css_class (self->bar, "score");
  gtk_widget_set_valign (self->bar, GTK_ALIGN_CENTER);
  adw_action_row_add_suffix (ADW_ACTION_ROW (self), self->bar);
  self->label = gtk_label_new ("–");
  gtk_label_set_width_chars (GTK_LABEL (self->label), 6);
  gtk_label_set_xalign (GTK_LABEL (self->label), 1);
  gtk_widget_add_css_class (self->label, "numeric");
  adw_action_row_add_suffix (ADW_ACTION_ROW (self), self->label);
  self->button = gtk_button_new_from_icon_name ("dinoscope-map-symbolic");
  gtk_widget_set_valign (self->button, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (self->button, "flat");
  g_signal_connect_object (self->button, "clicked", G_CALLBACK (clicked_cb), self, G_CONNECT_SWAPPED);
  adw_action_row_add_suffix (ADW_ACTION_ROW (self), self->button);
}

GtkWidget *
dinoscope_probe_row_new (const struct dino_head *head, guint index)
{
  DinoscopeProbeRow *self = g_object_new (DINOSCOPE_TYPE_PROBE_ROW, NULL);
  g_autofree char   *valid = g_utf8_make_valid (head->classes[index], -1);
  g_autofree char   *title = g_markup_escape_text (valid, -1);
  g_autofree char   *label = g_strdup_printf (_ ("Show the share of “%s” patch by patch"), valid);

  self->index = index;
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self), title);
  adw_action_row_set_title_lines (ADW_ACTION_ROW (self), 2);
  gtk_widget_set_visible (self->bar, head->task != DINO_HEAD_REGRESS);
  gtk_widget_set_tooltip_text (self->button, _ ("Show Patch by Patch"));
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->button), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->bar), GTK_ACCESSIBLE_PROPERTY_LABEL, valid, -1);
  return GTK_WIDGET (self);
}

void
dinoscope_probe_row_set_score (DinoscopeProbeRow *self, const double *score)
{
  g_autofree char *text = score != NULL ? g_strdup_printf ("%.3f", *score) : g_strdup ("–");

  g_return_if_fail (DINOSCOPE_IS_PROBE_ROW (self));

  gtk_progress_bar_set_fraction (GTK_PROGRESS_BAR (self->bar), score != NULL ? CLAMP (*score, 0, 1) : 0);
  gtk_label_set_text (GTK_LABEL (self->label), text);
}

void
dinoscope_probe_row_set_obstacle (DinoscopeProbeRow *self, const char *obstacle)
{
  g_return_if_fail (DINOSCOPE_IS_PROBE_ROW (self));

  gtk_widget_set_sensitive (self->button, obstacle == NULL);
  gtk_widget_set_tooltip_text (self->button, obstacle != NULL ? obstacle : _ ("Show Patch by Patch"));
}

guint
dinoscope_probe_row_get_index (DinoscopeProbeRow *self)
{
  g_return_val_if_fail (DINOSCOPE_IS_PROBE_ROW (self), 0);

  return self->index;
}

const char *
dinoscope_probe_row_get_text (DinoscopeProbeRow *self)
{
  g_return_val_if_fail (DINOSCOPE_IS_PROBE_ROW (self), NULL);

  return gtk_label_get_text (GTK_LABEL (self->label));
}
