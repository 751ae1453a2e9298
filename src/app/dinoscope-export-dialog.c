#include "app/dinoscope-export-dialog.h"

#include <glib/gi18n-lib.h>

struct _DinoscopeExportDialog
{
  AdwWindow parent_instance;

  GPtrArray *buttons; /* GtkCheckButton of each format, which the rows own */

  AdwPreferencesGroup *formats;
  AdwPreferencesGroup *layout;
  GtkSwitch           *bar;
  GtkSwitch           *part;
  AdwActionRow        *part_row;
  GtkWidget           *export_button;
};

enum
{
  CHOSEN,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (DinoscopeExportDialog, dinoscope_export_dialog, ADW_TYPE_WINDOW)

typedef struct
{
  const char         *suffix;
  DinoscopeExportKind kind;
  const char         *title, *subtitle;
  gboolean            is_picture; /* bar and part count */
} Format;

static const Format formats[] = {
  { ".png", DINOSCOPE_EXPORT_SEEN, N_ ("_Picture (PNG)"), N_ ("What is seen, in the pixels of the original"), TRUE },
  { ".svg", DINOSCOPE_EXPORT_SEEN, N_ ("_Vector Picture (SVG)"), N_ ("Radiograph and map as images, texts as texts"), TRUE },
  { ".pdf", DINOSCOPE_EXPORT_SEEN, N_ ("P_age (PDF)"), N_ ("The same, for print and articles"), TRUE },
  { ".npy", DINOSCOPE_EXPORT_SEEN, N_ ("Map’s Values (_NPY)"), N_ ("One number, or three, for each patch"), FALSE },
  { ".csv", DINOSCOPE_EXPORT_SEEN, N_ ("Map’s Va_lues (CSV)"), N_ ("The same, with the box of each patch in pixels"), FALSE },
  { ".npy", DINOSCOPE_EXPORT_TOKENS, N_ ("_Tokens (NPY)"), N_ ("The encoder’s output, for all tokens"), FALSE },
  { ".safetensors", DINOSCOPE_EXPORT_TOKENS, N_ ("Tokens (_safetensors)"), N_ ("Input and output of the encoder, and where they are from"), FALSE },
  { ".dcm", DINOSCOPE_EXPORT_SEEN, N_ ("_DICOM Secondary Capture"), N_ ("What is seen as a new object with new identifiers, in a study of its own; nothing of the radiograph’s attributes"), TRUE },
};

static guint
find_chosen (DinoscopeExportDialog *self)
{
  for (guint i = 0; i < self->buttons->len; i++)
    if (gtk_check_button_get_active (self->buttons->pdata[i]))
      return i;
  return 0;
}

static void
format_changed_cb (DinoscopeExportDialog *self)
{
  gtk_widget_set_sensitive (GTK_WIDGET (self->layout), formats[find_chosen (self)].is_picture);
}

static void
add_format (DinoscopeExportDialog *self, const Format *format)
{
  GtkWidget *row = adw_action_row_new ();
  GtkWidget *button = gtk_check_button_new ();

  adw_preferences_row_set_use_underline (ADW_PREFERENCES_ROW (row), TRUE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), _ (format->title));
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), _ (format->subtitle));
  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  gtk_accessible_update_relation (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_RELATION_LABELLED_BY, row, NULL, -1);
  if (self->buttons->len > 0)
    gtk_check_button_set_group (GTK_CHECK_BUTTON (button), self->buttons->pdata[0]);
  g_signal_connect_object (button, "toggled", G_CALLBACK (format_changed_cb), self, G_CONNECT_SWAPPED);
  adw_action_row_add_prefix (ADW_ACTION_ROW (row), button);
  adw_action_row_set_activatable_widget (ADW_ACTION_ROW (row), button);
  adw_preferences_group_add (self->formats, row);
  g_ptr_array_add (self->buttons, button);
}

static void
export_cb (DinoscopeExportDialog *self)
{
  g_signal_emit (self, signals[CHOSEN], 0);
  gtk_window_close (GTK_WINDOW (self));
}

static void
dinoscope_export_dialog_finalize (GObject *object)
{
  g_ptr_array_unref (DINOSCOPE_EXPORT_DIALOG (object)->buttons);
  G_OBJECT_CLASS (dinoscope_export_dialog_parent_class)->finalize (object);
}

static void
dinoscope_export_dialog_class_init (DinoscopeExportDialogClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = dinoscope_export_dialog_finalize;
  signals[CHOSEN] = g_signal_new ("chosen", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/dinoscope/Dinoscope/dinoscope-export-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, DinoscopeExportDialog, formats);
  gtk_widget_class_bind_template_child (widget_class, DinoscopeExportDialog, layout);
  gtk_widget_class_bind_template_child (widget_class, DinoscopeExportDialog, bar);
  gtk_widget_class_bind_template_child (widget_class, DinoscopeExportDialog, part);
  gtk_widget_class_bind_template_child (widget_class, DinoscopeExportDialog, part_row);
  gtk_widget_class_bind_template_child (widget_class, DinoscopeExportDialog, export_button);
  gtk_widget_class_bind_template_callback (widget_class, export_cb);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
}

static void
dinoscope_export_dialog_init (DinoscopeExportDialog *self)
{
  self->buttons = g_ptr_array_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
  for (gsize i = 0; i < G_N_ELEMENTS (formats); i++)
    add_format (self, &formats[i]);
  gtk_check_button_set_active (self->buttons->pdata[0], TRUE);
  gtk_window_set_focus (GTK_WINDOW (self), self->export_button);
}

DinoscopeExportDialog *
dinoscope_export_dialog_new (GtkWindow *parent, gboolean has_part)
{
  DinoscopeExportDialog *self = g_object_new (DINOSCOPE_TYPE_EXPORT_DIALOG, "transient-for", parent, "modal", TRUE, NULL);

  gtk_widget_set_visible (GTK_WIDGET (self->part_row), has_part);
  return self;
}

void
dinoscope_export_dialog_get_choice (DinoscopeExportDialog *self, DinoscopeExportChoice *choice)
{
  const Format *format;

  g_return_if_fail (DINOSCOPE_IS_EXPORT_DIALOG (self));

  format = &formats[find_chosen (self)];
  *choice = (DinoscopeExportChoice){
    .suffix = format->suffix,
    .kind = format->kind,
    .bar = gtk_switch_get_active (self->bar),
    .part = gtk_widget_get_visible (GTK_WIDGET (self->part_row)) && gtk_switch_get_active (self->part),
  };
}

void
dinoscope_export_dialog_select (DinoscopeExportDialog *self, guint index)
{
  g_return_if_fail (DINOSCOPE_IS_EXPORT_DIALOG (self));
  g_return_if_fail (index < self->buttons->len);

  gtk_check_button_set_active (self->buttons->pdata[index], TRUE);
}
