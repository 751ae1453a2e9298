#include "app/dinoscope-parameter-row.h"

#include <glib/gi18n-lib.h>

#include "engine/dinoscope-paths-private.h"

/* Up to that many values a scale is finer than a hand. */
#define MAX_SCALE_STEPS 64

struct _DinoscopeParameterRow
{
  AdwActionRow parent_instance;

  DinoscopeParameter       *parameter;
  DinoscopeOverlaySettings *settings;
  DinoscopeMarks           *marks; /* may be NULL */
  GtkWidget                *editor;
  GtkSwitch                *enable; /* of an optional parameter, else NULL */
  GtkLabel                 *number; /* beside a scale, else NULL */
  GtkWidget                *clear;  /* beside a file button, else NULL */
  GtkFileChooserNative     *chooser;
  gboolean                  updating;

  GtkBox *suffixes;
};

G_DEFINE_FINAL_TYPE (DinoscopeParameterRow, dinoscope_parameter_row, ADW_TYPE_ACTION_ROW)

static void
take_value (DinoscopeParameterRow *self, GVariant *value)
{
  if (self->updating)
    {
      if (value != NULL)
        g_variant_unref (g_variant_ref_sink (value));
      return;
    }
  dinoscope_overlay_settings_set_value (self->settings, dinoscope_parameter_get_name (self->parameter), value);
}

static void
switch_changed_cb (DinoscopeParameterRow *self)
{
  take_value (self, g_variant_new_boolean (gtk_switch_get_active (GTK_SWITCH (self->editor))));
}

static GtkAdjustment *
get_adjustment (DinoscopeParameterRow *self)
{
  return GTK_IS_SCALE (self->editor) ? gtk_range_get_adjustment (GTK_RANGE (self->editor))
                                     : gtk_spin_button_get_adjustment (GTK_SPIN_BUTTON (self->editor));
}

static GVariant *
adjusted_value (DinoscopeParameterRow *self)
{
  double value = gtk_adjustment_get_value (get_adjustment (self));

  if (dinoscope_parameter_get_parameter_type (self->parameter) == DINOSCOPE_PARAMETER_INT)
    return g_variant_new_int32 ((gint32) (value < 0 ? value - 0.5 : value + 0.5));
  return g_variant_new_double (value);
}

static void
adjustment_changed_cb (DinoscopeParameterRow *self)
{
  take_value (self, adjusted_value (self));
}

static void
selected_cb (DinoscopeParameterRow *self)
{
  guint selected = gtk_drop_down_get_selected (GTK_DROP_DOWN (self->editor));

  if (selected != GTK_INVALID_LIST_POSITION)
    take_value (self, g_variant_new_string (dinoscope_parameter_get_choices (self->parameter)[selected]));
}

static void
enable_changed_cb (DinoscopeParameterRow *self)
{
  if (gtk_switch_get_active (self->enable))
    take_value (self, adjusted_value (self));
  else
    take_value (self, NULL);
}

static void
clear_clicked_cb (DinoscopeParameterRow *self)
{
  take_value (self, g_variant_new_string (""));
}

static void
take_clicked_cb (DinoscopeParameterRow *self)
{
  DinoscopePatch cursor;

  if (self->marks != NULL && dinoscope_marks_get_cursor (self->marks, &cursor))
    take_value (self, g_variant_new ("(ii)", cursor.row, cursor.column));
}

static void
clear_pins_clicked_cb (DinoscopeParameterRow *self)
{
  take_value (self, g_variant_new ("a(ii)", NULL));
}

static void
file_response_cb (DinoscopeParameterRow *self, int response)
{
  if (response == GTK_RESPONSE_ACCEPT)
    {
      g_autoptr (GFile) file = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (self->chooser));

      if (g_file_peek_path (file) != NULL)
        take_value (self, g_variant_new_string (g_file_peek_path (file)));
    }
  g_clear_object (&self->chooser);
}

static void
choose_clicked_cb (DinoscopeParameterRow *self)
{
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));

  g_clear_object (&self->chooser);
  self->chooser = gtk_file_chooser_native_new (dinoscope_parameter_get_title (self->parameter), GTK_WINDOW (root),
                                               GTK_FILE_CHOOSER_ACTION_OPEN, _ ("_Choose"), _ ("_Cancel"));
  g_signal_connect_object (self->chooser, "response", G_CALLBACK (file_response_cb), self, G_CONNECT_SWAPPED);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (self->chooser));
}

static void
show_number (DinoscopeParameterRow *self, double value)
{
  double           low, high;
  g_autofree char *text = NULL;

  if (self->number == NULL)
    return;
  dinoscope_parameter_get_range (self->parameter, &low, &high);
  if (dinoscope_parameter_get_parameter_type (self->parameter) != DINOSCOPE_PARAMETER_INT)
    text = g_strdup_printf ("%.2f", value);
  else if (low == 0)
    /* Counted from 0: 11 of 12 is the last one. */
    text = g_strdup_printf (_ ("%d of %d"), (int) value, (int) high + 1);
  else
    text = g_strdup_printf ("%d", (int) value);
  gtk_label_set_text (self->number, text);
}

static void
show_choice (DinoscopeParameterRow *self, const char *value)
{
  const char *const *choices = dinoscope_parameter_get_choices (self->parameter);

  for (guint i = 0; choices[i] != NULL; i++)
    if (g_str_equal (choices[i], value))
      gtk_drop_down_set_selected (GTK_DROP_DOWN (self->editor), i);
}

static void
show_file (DinoscopeParameterRow *self, const char *path)
{
  g_autofree char *name = g_path_get_basename (path);
  g_autofree char *display = dinoscope_display_name (name);
  g_autofree char *escaped = g_markup_escape_text (display, -1);

  adw_action_row_set_subtitle (ADW_ACTION_ROW (self), path[0] != '\0' ? escaped : _ ("None"));
  gtk_widget_set_visible (self->clear, path[0] != '\0');
}

static void
show_patch (DinoscopeParameterRow *self, GVariant *value)
{
  DinoscopePatch   patch;
  g_autofree char *text = NULL;

  g_variant_get (value, "(ii)", &patch.row, &patch.column);
  text = dinoscope_patch_describe (patch);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (self), text);
}

static void
show_patches (DinoscopeParameterRow *self, GVariant *value)
{
  guint               n = (guint) g_variant_n_children (value);
  g_autoptr (GString) text = g_string_new (NULL);
  GVariantIter        iter;
  DinoscopePatch      patch;

  g_string_printf (text, ngettext ("%u pin", "%u pins", n), n);
  g_variant_iter_init (&iter, value);
  for (guint i = 0; g_variant_iter_next (&iter, "(ii)", &patch.row, &patch.column); i++)
    {
      g_autofree char *place = dinoscope_patch_describe (patch);

      g_string_append_printf (text, "\n%u: %s", i + 1, place);
    }
  adw_action_row_set_subtitle (ADW_ACTION_ROW (self), n > 0 ? text->str : _ ("None: P pins the patch at the cursor"));
  gtk_widget_set_sensitive (self->editor, n > 0);
}

static void
show_value (DinoscopeParameterRow *self)
{
  g_autoptr (GVariant) value = dinoscope_overlay_settings_dup_value (self->settings, dinoscope_parameter_get_name (self->parameter));

  self->updating = TRUE;
  if (self->enable != NULL)
    {
      gtk_switch_set_active (self->enable, value != NULL);
      gtk_widget_set_sensitive (self->editor, value != NULL);
    }
  if (value != NULL)
    switch (dinoscope_parameter_get_parameter_type (self->parameter))
      {
      case DINOSCOPE_PARAMETER_BOOL:
        gtk_switch_set_active (GTK_SWITCH (self->editor), g_variant_get_boolean (value));
        break;
      case DINOSCOPE_PARAMETER_INT:
        gtk_adjustment_set_value (get_adjustment (self), g_variant_get_int32 (value));
        show_number (self, g_variant_get_int32 (value));
        break;
      case DINOSCOPE_PARAMETER_DOUBLE:
        gtk_adjustment_set_value (get_adjustment (self), g_variant_get_double (value));
        show_number (self, g_variant_get_double (value));
        break;
      case DINOSCOPE_PARAMETER_ENUM:
        show_choice (self, g_variant_get_string (value, NULL));
        break;
      case DINOSCOPE_PARAMETER_FILE:
        show_file (self, g_variant_get_string (value, NULL));
        break;
      case DINOSCOPE_PARAMETER_PATCH:
        show_patch (self, value);
        break;
      case DINOSCOPE_PARAMETER_PATCHES:
        show_patches (self, value);
        break;
      default:
        break;
      }
  self->updating = FALSE;
}

static GtkWidget *
new_switch (DinoscopeParameterRow *self)
{
  GtkWidget *widget = gtk_switch_new ();

  gtk_widget_set_valign (widget, GTK_ALIGN_CENTER);
  g_signal_connect_object (widget, "notify::active", G_CALLBACK (switch_changed_cb), self, G_CONNECT_SWAPPED);
  return widget;
}

static GtkWidget *
new_scale (DinoscopeParameterRow *self, double low, double high, double step)
{
  GtkWidget *widget = gtk_scale_new_with_range (GTK_ORIENTATION_HORIZONTAL, low, high > low ? high : low + step, step);

  gtk_scale_set_draw_value (GTK_SCALE (widget), FALSE);
  gtk_range_set_round_digits (GTK_RANGE (widget), step >= 1 ? 0 : 2);
  gtk_widget_set_size_request (widget, 110, -1);
  /* Beside a switch the title needs the room. */
  gtk_widget_set_hexpand (widget, !dinoscope_parameter_is_optional (self->parameter));
  self->number = GTK_LABEL (gtk_label_new (NULL));
  /* "11 of 12", "0.60" */
  gtk_label_set_width_chars (self->number, step >= 1 ? 8 : 4);
  gtk_label_set_xalign (self->number, 1);
  gtk_widget_add_css_class (GTK_WIDGET (self->number), "numeric");
  g_signal_connect_object (gtk_range_get_adjustment (GTK_RANGE (widget)), "value-changed", G_CALLBACK (adjustment_changed_cb), self, G_CONNECT_SWAPPED);
  return widget;
}

static GtkWidget *
new_number_editor (DinoscopeParameterRow *self)
{
  gboolean   whole = dinoscope_parameter_get_parameter_type (self->parameter) == DINOSCOPE_PARAMETER_INT;
  double     low, high;
  GtkWidget *widget;

  dinoscope_parameter_get_range (self->parameter, &low, &high);
  if (whole && high - low <= MAX_SCALE_STEPS)
    return new_scale (self, low, high, 1);
  if (!whole && high - low <= 1)
    return new_scale (self, low, high, 0.01);
  widget = gtk_spin_button_new_with_range (low, high, whole ? 1 : 0.1);
  gtk_spin_button_set_digits (GTK_SPIN_BUTTON (widget), whole ? 0 : 2);
  gtk_spin_button_set_value (GTK_SPIN_BUTTON (widget), CLAMP (0, low, high));
  gtk_editable_set_width_chars (GTK_EDITABLE (widget), 5);
  gtk_widget_set_valign (widget, GTK_ALIGN_CENTER);
  g_signal_connect_object (gtk_spin_button_get_adjustment (GTK_SPIN_BUTTON (widget)), "value-changed", G_CALLBACK (adjustment_changed_cb), self, G_CONNECT_SWAPPED);
  return widget;
}

static void
setup_choice_cb (GtkSignalListItemFactory *factory, GtkListItem *item)
{
  GtkWidget *label = gtk_label_new (NULL);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  gtk_label_set_width_chars (GTK_LABEL (label), 12);
  gtk_label_set_max_width_chars (GTK_LABEL (label), 20);
  gtk_list_item_set_child (item, label);
}

static void
bind_choice_cb (GtkSignalListItemFactory *factory, GtkListItem *item)
{
  GtkWidget  *label = gtk_list_item_get_child (item);
  const char *title = gtk_string_object_get_string (gtk_list_item_get_item (item));

  gtk_label_set_text (GTK_LABEL (label), title);
  gtk_widget_set_tooltip_text (label, title);
}

/* The button cuts long titles so that the panel stays narrow; the list and a tooltip show them whole. */
static GtkWidget *
new_drop_down (DinoscopeParameterRow *self)
{
  GtkWidget                     *widget = gtk_drop_down_new_from_strings (dinoscope_parameter_get_choice_titles (self->parameter));
  g_autoptr (GtkListItemFactory) list = g_object_ref (gtk_drop_down_get_factory (GTK_DROP_DOWN (widget)));
  g_autoptr (GtkListItemFactory) button = gtk_signal_list_item_factory_new ();

  g_signal_connect (button, "setup", G_CALLBACK (setup_choice_cb), NULL);
  g_signal_connect (button, "bind", G_CALLBACK (bind_choice_cb), NULL);
  gtk_widget_add_css_class (widget, "inline");
  gtk_drop_down_set_list_factory (GTK_DROP_DOWN (widget), list);
  gtk_drop_down_set_factory (GTK_DROP_DOWN (widget), button);
  gtk_widget_set_valign (widget, GTK_ALIGN_CENTER);
  g_signal_connect_object (widget, "notify::selected", G_CALLBACK (selected_cb), self, G_CONNECT_SWAPPED);
  return widget;
}

static GtkWidget *
new_file_button (DinoscopeParameterRow *self)
{
  GtkWidget *widget = gtk_button_new_with_mnemonic (_ ("C_hoose…"));

  gtk_widget_set_valign (widget, GTK_ALIGN_CENTER);
  g_signal_connect_object (widget, "clicked", G_CALLBACK (choose_clicked_cb), self, G_CONNECT_SWAPPED);
  self->clear = gtk_button_new_from_icon_name ("edit-clear-symbolic");
  gtk_widget_set_valign (self->clear, GTK_ALIGN_CENTER);
  gtk_widget_set_tooltip_text (self->clear, _ ("None"));
  gtk_widget_add_css_class (self->clear, "flat");
  g_signal_connect_object (self->clear, "clicked", G_CALLBACK (clear_clicked_cb), self, G_CONNECT_SWAPPED);
  return widget;
}

static GtkWidget *
new_button (DinoscopeParameterRow *self, const char *label, GCallback clicked_cb)
{
  GtkWidget *widget = gtk_button_new_with_label (label);

  gtk_widget_set_valign (widget, GTK_ALIGN_CENTER);
  g_signal_connect_object (widget, "clicked", clicked_cb, self, G_CONNECT_SWAPPED);
  return widget;
}

static GtkWidget *
new_editor (DinoscopeParameterRow *self)
{
  switch (dinoscope_parameter_get_parameter_type (self->parameter))
    {
    case DINOSCOPE_PARAMETER_BOOL:
      return new_switch (self);
    case DINOSCOPE_PARAMETER_INT:
    case DINOSCOPE_PARAMETER_DOUBLE:
      return new_number_editor (self);
    case DINOSCOPE_PARAMETER_ENUM:
      return new_drop_down (self);
    case DINOSCOPE_PARAMETER_FILE:
      return new_file_button (self);
    case DINOSCOPE_PARAMETER_PATCH:
      return new_button (self, _ ("Take the Patch Cursor"), G_CALLBACK (take_clicked_cb));
    case DINOSCOPE_PARAMETER_PATCHES:
      return new_button (self, _ ("Clear"), G_CALLBACK (clear_pins_clicked_cb));
    default:
      return NULL;
    }
}

static gboolean
is_number (DinoscopeParameter *parameter)
{
  DinoscopeParameterType type = dinoscope_parameter_get_parameter_type (parameter);

  return type == DINOSCOPE_PARAMETER_INT || type == DINOSCOPE_PARAMETER_DOUBLE;
}

static void
build (DinoscopeParameterRow *self)
{
  const char      *title = dinoscope_parameter_get_title (self->parameter);
  const char      *does = GTK_IS_BUTTON (self->editor) && self->clear == NULL ? gtk_button_get_label (GTK_BUTTON (self->editor)) : NULL;
  g_autofree char *label = does != NULL ? g_strdup_printf ("%s: %s", title, does) : g_strdup (title);
  g_autofree char *escaped = g_markup_escape_text (title, -1);

  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self), escaped);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->editor), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
  gtk_box_append (self->suffixes, self->editor);
  if (self->number != NULL)
    gtk_box_append (self->suffixes, GTK_WIDGET (self->number));
  if (self->clear != NULL)
    gtk_box_append (self->suffixes, self->clear);
  if (dinoscope_parameter_is_optional (self->parameter) && is_number (self->parameter))
    {
      self->enable = GTK_SWITCH (gtk_switch_new ());
      gtk_widget_set_valign (GTK_WIDGET (self->enable), GTK_ALIGN_CENTER);
      gtk_accessible_update_property (GTK_ACCESSIBLE (self->enable), GTK_ACCESSIBLE_PROPERTY_LABEL, title, -1);
      g_signal_connect_object (self->enable, "notify::active", G_CALLBACK (enable_changed_cb), self, G_CONNECT_SWAPPED);
      gtk_box_append (self->suffixes, GTK_WIDGET (self->enable));
    }
  else
    adw_action_row_set_activatable_widget (ADW_ACTION_ROW (self), self->editor);
}

static void
dinoscope_parameter_row_dispose (GObject *object)
{
  DinoscopeParameterRow *self = DINOSCOPE_PARAMETER_ROW (object);

  g_clear_object (&self->chooser);
  g_clear_object (&self->parameter);
  g_clear_object (&self->settings);
  g_clear_object (&self->marks);
  gtk_widget_dispose_template (GTK_WIDGET (self), DINOSCOPE_TYPE_PARAMETER_ROW);

  G_OBJECT_CLASS (dinoscope_parameter_row_parent_class)->dispose (object);
}

static void
dinoscope_parameter_row_class_init (DinoscopeParameterRowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = dinoscope_parameter_row_dispose;
  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/dinoscope/Dinoscope/dinoscope-parameter-row.ui");
  gtk_widget_class_bind_template_child (widget_class, DinoscopeParameterRow, suffixes);
}

static void
dinoscope_parameter_row_init (DinoscopeParameterRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWidget *
dinoscope_parameter_row_new (DinoscopeParameter *parameter, DinoscopeOverlaySettings *settings)
{
  g_autoptr (DinoscopeParameterRow) self = NULL;

  g_return_val_if_fail (DINOSCOPE_IS_PARAMETER (parameter), NULL);
  g_return_val_if_fail (DINOSCOPE_IS_OVERLAY_SETTINGS (settings), NULL);

  self = g_object_ref_sink (g_object_new (DINOSCOPE_TYPE_PARAMETER_ROW, NULL));
  self->parameter = g_object_ref (parameter);
  self->settings = g_object_ref (settings);
  self->updating = TRUE;
  self->editor = new_editor (self);
  if (self->editor == NULL)
    return NULL;
  build (self);
  show_value (self);
  g_signal_connect_object (settings, "map-changed", G_CALLBACK (show_value), self, G_CONNECT_SWAPPED);
  /* Floating again, as a new widget is. */
  g_object_force_floating (G_OBJECT (self));
  return GTK_WIDGET (g_steal_pointer (&self));
}

void
dinoscope_parameter_row_set_marks (DinoscopeParameterRow *self, DinoscopeMarks *marks)
{
  g_return_if_fail (DINOSCOPE_IS_PARAMETER_ROW (self));

  g_set_object (&self->marks, marks);
}

const char *
dinoscope_parameter_row_get_name (DinoscopeParameterRow *self)
{
  g_return_val_if_fail (DINOSCOPE_IS_PARAMETER_ROW (self), NULL);

  return dinoscope_parameter_get_name (self->parameter);
}

GtkWidget *
dinoscope_parameter_row_get_editor (DinoscopeParameterRow *self)
{
  g_return_val_if_fail (DINOSCOPE_IS_PARAMETER_ROW (self), NULL);

  return self->editor;
}
