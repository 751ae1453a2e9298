#include "app/dinoscope-greys-group.h"

#include <glib/gi18n-lib.h>
#include <math.h>

#include "app/dinoscope-choice.h"

struct _DinoscopeGreysGroup
{
  AdwPreferencesGroup parent_instance;

  DinoscopeGreys *greys;
  GSignalGroup   *greys_signals;
  DinoscopeStudy *listed; /* whose presets the drop-down has */
  gboolean        updating;

  GtkWidget     *reset_button;
  AdwComboRow   *choice_row;
  AdwActionRow  *center_row;
  AdwActionRow  *width_row;
  GtkSpinButton *center_spin;
  GtkSpinButton *width_spin;
  AdwComboRow   *function_row;
  GtkSwitch     *invert_switch;
};

G_DEFINE_FINAL_TYPE (DinoscopeGreysGroup, dinoscope_greys_group, ADW_TYPE_PREFERENCES_GROUP)

/* What stands below the file's own in the drop-down. */
enum
{
  CHOICE_AUTOMATIC,
  CHOICE_FULL,
  CHOICE_BY_HAND
};

/* 8-bit pictures that offer nothing are shown as they are stored: a window
 * that has a name of its own, above the others. */
static gboolean
is_stored_first (DinoscopeGreysGroup *self)
{
  return dinoscope_greys_get_default (self->greys)->kind == DINO_DISPLAY_WINDOW;
}

/* Where these begin. */
static guint
first_choice (DinoscopeGreysGroup *self)
{
  return dinoscope_greys_get_n_presets (self->greys) + (is_stored_first (self) ? 1 : 0);
}

static void
list_choices (DinoscopeGreysGroup *self)
{
  g_autoptr (GtkStringList) titles = gtk_string_list_new (NULL);

  for (guint i = 0; i < dinoscope_greys_get_n_presets (self->greys); i++)
    gtk_string_list_take (titles, dinoscope_greys_dup_preset_title (self->greys, i));
  if (is_stored_first (self))
    gtk_string_list_append (titles, _ ("As stored"));
  gtk_string_list_append (titles, _ ("Automatic"));
  gtk_string_list_append (titles, _ ("Full range"));
  gtk_string_list_append (titles, _ ("By hand"));
  adw_combo_row_set_model (self->choice_row, G_LIST_MODEL (titles));
}

static guint
find_choice (DinoscopeGreysGroup *self)
{
  const struct dino_display *display = dinoscope_greys_get_display (self->greys);
  const struct dino_picture *picture = dinoscope_study_get_picture (dinoscope_greys_get_study (self->greys));
  guint                      n = first_choice (self);

  if (is_stored_first (self) && dino_display_equal (picture, display, dinoscope_greys_get_default (self->greys)))
    return n - 1;
  switch (display->kind)
    {
    case DINO_DISPLAY_FILE:
      return (guint) display->voi;
    case DINO_DISPLAY_PERCENTILE:
      return n + CHOICE_AUTOMATIC;
    case DINO_DISPLAY_FULL:
      return n + CHOICE_FULL;
    case DINO_DISPLAY_AUTO:
    case DINO_DISPLAY_WINDOW:
    default:
      return n + CHOICE_BY_HAND;
    }
}

/* Numbers with as many digits as windows of the picture are set with. */
static void
show_window (DinoscopeGreysGroup *self)
{
  const struct dino_window_scale *scale = dinoscope_study_get_window_scale (dinoscope_greys_get_study (self->greys));
  const char                     *unit = dinoscope_greys_get_unit (self->greys);
  guint                           digits = (guint) CLAMP (ceil (-log10 (scale->unit)), 0, 8);
  double                          range = scale->high - scale->low;
  struct dino_window              window;

  if (!dinoscope_greys_get_window (self->greys, &window))
    return;
  gtk_spin_button_set_digits (self->center_spin, window.center == floor (window.center) ? digits : MAX (digits, 1));
  gtk_spin_button_set_digits (self->width_spin, digits);
  gtk_spin_button_set_range (self->center_spin, MIN (scale->low - range, window.center), MAX (scale->high + range, window.center));
  gtk_spin_button_set_range (self->width_spin, scale->unit, MAX (4 * range, window.width));
  gtk_spin_button_set_increments (self->center_spin, scale->unit, range / 64);
  gtk_spin_button_set_increments (self->width_spin, scale->unit, range / 64);
  gtk_spin_button_set_value (self->center_spin, window.center);
  gtk_spin_button_set_value (self->width_spin, window.width);
  adw_combo_row_set_selected (self->function_row, (guint) window.function);
  adw_action_row_set_subtitle (self->center_row, unit);
  adw_action_row_set_subtitle (self->width_row, unit);
}

static void
update (DinoscopeGreysGroup *self)
{
  DinoscopeStudy *study = self->greys != NULL ? dinoscope_greys_get_study (self->greys) : NULL;
  gboolean        windows = study != NULL && dinoscope_greys_has_windows (self->greys);

  self->updating = TRUE;
  gtk_widget_set_sensitive (GTK_WIDGET (self), study != NULL);
  gtk_widget_set_visible (GTK_WIDGET (self->choice_row), windows);
  gtk_widget_set_visible (GTK_WIDGET (self->center_row), windows);
  gtk_widget_set_visible (GTK_WIDGET (self->width_row), windows);
  gtk_widget_set_visible (GTK_WIDGET (self->function_row), windows);
  gtk_widget_set_sensitive (self->reset_button, study != NULL && !dinoscope_greys_is_default (self->greys));
  if (study != NULL)
    gtk_switch_set_active (self->invert_switch, dinoscope_greys_get_exchanged (self->greys));
  if (windows)
    {
      if (self->listed != study)
        list_choices (self);
      adw_combo_row_set_selected (self->choice_row, find_choice (self));
      show_window (self);
    }
  self->listed = study;
  self->updating = FALSE;
}

static void
window_edited_cb (DinoscopeGreysGroup *self)
{
  struct dino_display display = { .kind = DINO_DISPLAY_WINDOW };

  if (self->updating || self->greys == NULL)
    return;
  display.window.center = gtk_spin_button_get_value (self->center_spin);
  display.window.width = gtk_spin_button_get_value (self->width_spin);
  display.window.function = (enum dino_voi_function) dinoscope_choice_get (self->function_row);
  if (display.window.function == DINO_VOI_LINEAR)
    display.window.width = MAX (display.window.width, 1);
  dinoscope_greys_set_display (self->greys, &display);
}

static void
choice_selected_cb (DinoscopeGreysGroup *self)
{
  guint               choice = adw_combo_row_get_selected (self->choice_row);
  guint               n;
  struct dino_display display = { .kind = DINO_DISPLAY_FILE };

  if (self->updating || self->greys == NULL || choice == GTK_INVALID_LIST_POSITION)
    return;
  n = first_choice (self);
  if (choice == n + CHOICE_BY_HAND)
    {
      window_edited_cb (self);
      return;
    }
  if (is_stored_first (self) && choice == n - 1)
    display = *dinoscope_greys_get_default (self->greys);
  else if (choice < n)
    display.voi = (int) choice;
  else
    display.kind = choice == n + CHOICE_FULL ? DINO_DISPLAY_FULL : DINO_DISPLAY_PERCENTILE;
  dinoscope_greys_set_display (self->greys, &display);
}

static void
invert_cb (DinoscopeGreysGroup *self)
{
  if (!self->updating && self->greys != NULL)
    dinoscope_greys_set_exchanged (self->greys, gtk_switch_get_active (self->invert_switch));
}

static void
reset_cb (DinoscopeGreysGroup *self)
{
  if (self->greys != NULL)
    dinoscope_greys_reset (self->greys);
}

static void
dinoscope_greys_group_dispose (GObject *object)
{
  DinoscopeGreysGroup *self = DINOSCOPE_GREYS_GROUP (object);

  g_clear_object (&self->greys_signals);
  g_clear_object (&self->greys);
  gtk_widget_dispose_template (GTK_WIDGET (self), DINOSCOPE_TYPE_GREYS_GROUP);

  G_OBJECT_CLASS (dinoscope_greys_group_parent_class)->dispose (object);
}

static void
dinoscope_greys_group_class_init (DinoscopeGreysGroupClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = dinoscope_greys_group_dispose;
  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/dinoscope/Dinoscope/dinoscope-greys-group.ui");
  gtk_widget_class_bind_template_child (widget_class, DinoscopeGreysGroup, reset_button);
  gtk_widget_class_bind_template_child (widget_class, DinoscopeGreysGroup, choice_row);
  gtk_widget_class_bind_template_child (widget_class, DinoscopeGreysGroup, center_row);
  gtk_widget_class_bind_template_child (widget_class, DinoscopeGreysGroup, width_row);
  gtk_widget_class_bind_template_child (widget_class, DinoscopeGreysGroup, center_spin);
  gtk_widget_class_bind_template_child (widget_class, DinoscopeGreysGroup, width_spin);
  gtk_widget_class_bind_template_child (widget_class, DinoscopeGreysGroup, function_row);
  gtk_widget_class_bind_template_child (widget_class, DinoscopeGreysGroup, invert_switch);
  gtk_widget_class_bind_template_callback (widget_class, choice_selected_cb);
  gtk_widget_class_bind_template_callback (widget_class, window_edited_cb);
  gtk_widget_class_bind_template_callback (widget_class, invert_cb);
  gtk_widget_class_bind_template_callback (widget_class, reset_cb);
}

static void
dinoscope_greys_group_init (DinoscopeGreysGroup *self)
{
  /* Widgets tell of their first values while the template is built. */
  self->updating = TRUE;
  gtk_widget_init_template (GTK_WIDGET (self));
  self->updating = FALSE;
  self->greys_signals = g_signal_group_new (DINOSCOPE_TYPE_GREYS);
  g_signal_group_connect_swapped (self->greys_signals, "changed", G_CALLBACK (update), self);
  update (self);
}

void
dinoscope_greys_group_set_greys (DinoscopeGreysGroup *self, DinoscopeGreys *greys)
{
  g_return_if_fail (DINOSCOPE_IS_GREYS_GROUP (self));
  g_return_if_fail (greys == NULL || DINOSCOPE_IS_GREYS (greys));

  if (!g_set_object (&self->greys, greys))
    return;
  self->listed = NULL;
  g_signal_group_set_target (self->greys_signals, greys);
  update (self);
}
