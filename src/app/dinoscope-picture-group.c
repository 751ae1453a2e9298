#include "app/dinoscope-picture-group.h"

#include "app/dinoscope-fact-row.h"

struct _DinoscopePictureGroup
{
  AdwPreferencesGroup parent_instance;

  DinoscopeStudy *study;
  GPtrArray      *picture_rows;
  GPtrArray      *patient_rows;

  AdwExpanderRow *picture_row;
  AdwExpanderRow *patient_row;
  GtkWidget      *folder_row;
};

G_DEFINE_FINAL_TYPE (DinoscopePictureGroup, dinoscope_picture_group, ADW_TYPE_PREFERENCES_GROUP)

static void
add_row (AdwExpanderRow *expander, GPtrArray *rows, GtkWidget *row)
{
  g_ptr_array_add (rows, row);
  adw_expander_row_add_row (expander, row);
}

static void
clear_rows (AdwExpanderRow *expander, GPtrArray *rows)
{
  for (guint i = 0; i < rows->len; i++)
    adw_expander_row_remove (expander, g_ptr_array_index (rows, i));
  g_ptr_array_set_size (rows, 0);
}

static void
add_picture_fact (const char *title, const char *value, gpointer user_data)
{
  DinoscopePictureGroup *self = user_data;

  add_row (self->picture_row, self->picture_rows, dinoscope_fact_row_new (title, value));
}

/* To be read, not to be taken along. */
static void
add_patient_fact (const char *title, const char *value, gpointer user_data)
{
  DinoscopePictureGroup *self = user_data;
  GtkWidget             *row = dinoscope_fact_row_new (title, value);

  dinoscope_fact_row_set_selectable (DINOSCOPE_FACT_ROW (row), FALSE);
  add_row (self->patient_row, self->patient_rows, row);
}

static void
patient_expanded_cb (DinoscopePictureGroup *self)
{
  clear_rows (self->patient_row, self->patient_rows);
  if (self->study != NULL && adw_expander_row_get_expanded (self->patient_row))
    dinoscope_facts_of_patient (self->study, add_patient_fact, self);
}

static void
dinoscope_picture_group_dispose (GObject *object)
{
  DinoscopePictureGroup *self = DINOSCOPE_PICTURE_GROUP (object);

  g_clear_object (&self->study);
  g_clear_pointer (&self->picture_rows, g_ptr_array_unref);
  g_clear_pointer (&self->patient_rows, g_ptr_array_unref);
  gtk_widget_dispose_template (GTK_WIDGET (self), DINOSCOPE_TYPE_PICTURE_GROUP);

  G_OBJECT_CLASS (dinoscope_picture_group_parent_class)->dispose (object);
}

static void
dinoscope_picture_group_class_init (DinoscopePictureGroupClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = dinoscope_picture_group_dispose;
  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/dinoscope/Dinoscope/dinoscope-picture-group.ui");
  gtk_widget_class_bind_template_child (widget_class, DinoscopePictureGroup, picture_row);
  gtk_widget_class_bind_template_child (widget_class, DinoscopePictureGroup, patient_row);
  gtk_widget_class_bind_template_child (widget_class, DinoscopePictureGroup, folder_row);
  gtk_widget_class_bind_template_callback (widget_class, patient_expanded_cb);
}

static void
dinoscope_picture_group_init (DinoscopePictureGroup *self)
{
  self->picture_rows = g_ptr_array_new ();
  self->patient_rows = g_ptr_array_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
}

static gboolean
is_same_picture (DinoscopePictureGroup *self, DinoscopeStudy *study)
{
  return self->study != NULL && study != NULL && dinoscope_study_get_picture (self->study) == dinoscope_study_get_picture (study);
}

void
dinoscope_picture_group_show (DinoscopePictureGroup *self, const DinoscopeShownPicture *shown)
{
  DinoscopeStudy *study = shown != NULL ? shown->study : NULL;

  g_return_if_fail (DINOSCOPE_IS_PICTURE_GROUP (self));

  if (!is_same_picture (self, study))
    adw_expander_row_set_expanded (self->patient_row, FALSE);
  g_set_object (&self->study, study);
  clear_rows (self->picture_row, self->picture_rows);
  if (shown != NULL)
    dinoscope_facts_of_picture (shown, add_picture_fact, self);
  gtk_widget_set_visible (self->folder_row, shown != NULL && shown->alone);
  gtk_widget_set_sensitive (GTK_WIDGET (self->picture_row), study != NULL);
  gtk_widget_set_visible (GTK_WIDGET (self->patient_row), study != NULL && dinoscope_facts_has_patient (study));
}
