#include "app/dinoscope-model-row.h"

#include <glib/gi18n-lib.h>

#include "engine/dinoscope-paths-private.h"

struct _DinoscopeModelRow
{
  AdwActionRow parent_instance;

  DinoscopeFoundModel *model;
  GtkCheckButton      *check;
  GtkSpinner          *spinner;
  gboolean             updating;
};

G_DEFINE_FINAL_TYPE (DinoscopeModelRow, dinoscope_model_row, ADW_TYPE_ACTION_ROW)

static guint chosen_signal;

static void
toggled_cb (DinoscopeModelRow *self)
{
  if (!self->updating && gtk_check_button_get_active (self->check))
    g_signal_emit (self, chosen_signal, 0);
}

static void
dinoscope_model_row_dispose (GObject *object)
{
  g_clear_object (&DINOSCOPE_MODEL_ROW (object)->model);

  G_OBJECT_CLASS (dinoscope_model_row_parent_class)->dispose (object);
}

static void
dinoscope_model_row_class_init (DinoscopeModelRowClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = dinoscope_model_row_dispose;

  chosen_signal = g_signal_new ("chosen", DINOSCOPE_TYPE_MODEL_ROW, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
dinoscope_model_row_init (DinoscopeModelRow *self)
{
  self->check = GTK_CHECK_BUTTON (gtk_check_button_new ());
  gtk_widget_set_valign (GTK_WIDGET (self->check), GTK_ALIGN_CENTER);
  adw_action_row_add_prefix (ADW_ACTION_ROW (self), GTK_WIDGET (self->check));
  adw_action_row_set_activatable_widget (ADW_ACTION_ROW (self), GTK_WIDGET (self->check));
  self->spinner = GTK_SPINNER (gtk_spinner_new ());
  gtk_widget_set_visible (GTK_WIDGET (self->spinner), FALSE);
  adw_action_row_add_suffix (ADW_ACTION_ROW (self), GTK_WIDGET (self->spinner));
  g_signal_connect_object (self->check, "toggled", G_CALLBACK (toggled_cb), self, G_CONNECT_SWAPPED);
}

static char *
describe_place (DinoscopeFoundModel *model)
{
  switch (dinoscope_found_model_get_source (model))
    {
    case DINOSCOPE_MODEL_SOURCE_DATA:
      return g_strdup (_ ("In your data folder"));
    case DINOSCOPE_MODEL_SOURCE_HUGGING_FACE:
      return g_strdup (_ ("In the Hugging Face cache"));
    case DINOSCOPE_MODEL_SOURCE_DEMONSTRATION:
      return g_strdup (_ ("Bundled with the program"));
    case DINOSCOPE_MODEL_SOURCE_ARGUMENT:
    case DINOSCOPE_MODEL_SOURCE_ENVIRONMENT:
    case DINOSCOPE_MODEL_SOURCE_SETTING:
    default:
      return dinoscope_display_name (dinoscope_found_model_get_path (model));
    }
}

/* Dimensions and place, a line each; before them why it cannot be used. */
static char *
describe (DinoscopeFoundModel *model)
{
  const char      *problem = dinoscope_found_model_get_problem (model);
  g_autofree char *known = dinoscope_found_model_describe (model);
  g_autofree char *place = describe_place (model);

  if (problem != NULL)
    return g_strdup_printf ("%s\n%s", problem, place);
  return *known != '\0' ? g_strdup_printf ("%s\n%s", known, place) : g_steal_pointer (&place);
}

/* The name says which of two versions in a cache it is. */
static const char *
get_title (DinoscopeFoundModel *model)
{
  const char *name = dinoscope_found_model_get_name (model);

  return dinoscope_found_model_is_demonstration (model) || g_path_is_absolute (name) ? dinoscope_found_model_get_title (model) : name;
}

DinoscopeModelRow *
dinoscope_model_row_new (DinoscopeFoundModel *model, DinoscopeModelRow *group)
{
  DinoscopeModelRow *self = g_object_new (DINOSCOPE_TYPE_MODEL_ROW, NULL);
  const char        *problem = dinoscope_found_model_get_problem (model);
  g_autofree char   *title = g_markup_escape_text (get_title (model), -1);
  g_autofree char   *text = describe (model);
  g_autofree char   *subtitle = g_markup_escape_text (text, -1);
  g_autofree char   *path = dinoscope_display_name (dinoscope_found_model_get_path (model));
  g_autofree char   *tooltip = problem != NULL ? g_strdup_printf ("%s\n\n%s", path, problem) : g_strdup (path);

  self->model = g_object_ref (model);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self), title);
  adw_action_row_set_title_lines (ADW_ACTION_ROW (self), 2);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (self), subtitle);
  adw_action_row_set_subtitle_lines (ADW_ACTION_ROW (self), 4);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self), tooltip);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->check), GTK_ACCESSIBLE_PROPERTY_LABEL, get_title (model), -1);
  if (group != NULL)
    gtk_check_button_set_group (self->check, group->check);
  /* The reason stays readable. */
  gtk_widget_set_sensitive (GTK_WIDGET (self->check), problem == NULL);
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (self), problem == NULL);
  if (problem != NULL)
    gtk_widget_add_css_class (GTK_WIDGET (self), "unusable");
  return self;
}

DinoscopeFoundModel *
dinoscope_model_row_get_model (DinoscopeModelRow *self)
{
  g_return_val_if_fail (DINOSCOPE_IS_MODEL_ROW (self), NULL);

  return self->model;
}

gboolean
dinoscope_model_row_get_selected (DinoscopeModelRow *self)
{
  g_return_val_if_fail (DINOSCOPE_IS_MODEL_ROW (self), FALSE);

  return gtk_check_button_get_active (self->check);
}

void
dinoscope_model_row_set_selected (DinoscopeModelRow *self, gboolean selected)
{
  g_return_if_fail (DINOSCOPE_IS_MODEL_ROW (self));

  self->updating = TRUE;
  gtk_check_button_set_active (self->check, selected);
  self->updating = FALSE;
}

void
dinoscope_model_row_set_loading (DinoscopeModelRow *self, gboolean loading)
{
  g_return_if_fail (DINOSCOPE_IS_MODEL_ROW (self));

  gtk_widget_set_visible (GTK_WIDGET (self->spinner), loading);
  gtk_spinner_set_spinning (self->spinner, loading);
}
