#include "app/dinoscope-precision-row.h"

#include <glib/gi18n-lib.h>

struct _DinoscopePrecisionRow
{
  AdwActionRow parent_instance;

  enum dino_precision precision;
  GtkCheckButton     *check;
  gboolean            updating;
};

G_DEFINE_FINAL_TYPE (DinoscopePrecisionRow, dinoscope_precision_row, ADW_TYPE_ACTION_ROW)

static guint chosen_signal;

static void
toggled_cb (DinoscopePrecisionRow *self)
{
  if (!self->updating && gtk_check_button_get_active (self->check))
    g_signal_emit (self, chosen_signal, 0);
}

static void
dinoscope_precision_row_class_init (DinoscopePrecisionRowClass *klass)
{
  chosen_signal = g_signal_new ("chosen", DINOSCOPE_TYPE_PRECISION_ROW, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
dinoscope_precision_row_init (DinoscopePrecisionRow *self)
{
  self->check = GTK_CHECK_BUTTON (gtk_check_button_new ());
  gtk_widget_set_valign (GTK_WIDGET (self->check), GTK_ALIGN_CENTER);
  adw_action_row_add_prefix (ADW_ACTION_ROW (self), GTK_WIDGET (self->check));
  adw_action_row_set_activatable_widget (ADW_ACTION_ROW (self), GTK_WIDGET (self->check));
  adw_action_row_set_subtitle_lines (ADW_ACTION_ROW (self), 6);
  g_signal_connect_object (self->check, "toggled", G_CALLBACK (toggled_cb), self, G_CONNECT_SWAPPED);
}

/* What a precision costs in accuracy is measured in docs/performance.md. */
static const struct
{
  const char *title;
  const char *text;
} words[DINO_N_PRECISIONS] = {
  [DINO_PRECISION_FP32] = { N_ ("float32"), N_ ("The reference: as the published model computes.") },
  [DINO_PRECISION_BF16] = { N_ ("bfloat16"), N_ ("Faster, with half the memory for weights. Numbers differ from the reference by a few thousandths; maps look the same.") },
  [DINO_PRECISION_INT8] = { N_ ("8 bits"), N_ ("Faster still, with less memory. Numbers differ from the reference by about a hundredth; maps look alike, but numbers to be published are better computed in float32.") },
};

DinoscopePrecisionRow *
dinoscope_precision_row_new (enum dino_precision precision, const char *problem, DinoscopePrecisionRow *group)
{
  DinoscopePrecisionRow *self = g_object_new (DINOSCOPE_TYPE_PRECISION_ROW, NULL);
  const char            *text = problem != NULL ? problem : _ (words[precision].text);
  g_autofree char       *title = g_strdup_printf ("%s (%s)", _ (words[precision].title), dino_precision_name (precision));
  g_autofree char       *subtitle = g_markup_escape_text (text, -1);

  self->precision = precision;
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self), title);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (self), subtitle);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->check), GTK_ACCESSIBLE_PROPERTY_LABEL, title, GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, text, -1);
  if (group != NULL)
    gtk_check_button_set_group (self->check, group->check);
  /* The reason stays readable. */
  gtk_widget_set_sensitive (GTK_WIDGET (self->check), problem == NULL);
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (self), problem == NULL);
  if (problem != NULL)
    gtk_widget_add_css_class (GTK_WIDGET (self), "unusable");
  return self;
}

enum dino_precision
dinoscope_precision_row_get_precision (DinoscopePrecisionRow *self)
{
  g_return_val_if_fail (DINOSCOPE_IS_PRECISION_ROW (self), DINO_PRECISION_FP32);

  return self->precision;
}

gboolean
dinoscope_precision_row_get_selected (DinoscopePrecisionRow *self)
{
  g_return_val_if_fail (DINOSCOPE_IS_PRECISION_ROW (self), FALSE);

  return gtk_check_button_get_active (self->check);
}

void
dinoscope_precision_row_select (DinoscopePrecisionRow *self)
{
  g_return_if_fail (DINOSCOPE_IS_PRECISION_ROW (self));

  self->updating = TRUE;
  gtk_check_button_set_active (self->check, TRUE);
  self->updating = FALSE;
}
