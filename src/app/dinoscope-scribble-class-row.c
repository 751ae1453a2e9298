#include "app/dinoscope-scribble-class-row.h"

#include <glib/gi18n-lib.h>
#include <math.h>

struct _DinoscopeScribbleClassRow
{
  AdwEntryRow parent_instance;

  DinoscopeScribbleKit *kit;
  guint                 index;
  gboolean              updating;

  GtkCheckButton *choice;
  GtkColorButton *color;
  GtkWidget      *remove;
};

G_DEFINE_FINAL_TYPE (DinoscopeScribbleClassRow, dinoscope_scribble_class_row, ADW_TYPE_ENTRY_ROW)

static void
toggled_cb (DinoscopeScribbleClassRow *self)
{
  if (!self->updating && gtk_check_button_get_active (self->choice))
    dinoscope_scribble_kit_set_current (self->kit, self->index);
}

static void
color_set_cb (DinoscopeScribbleClassRow *self)
{
  GdkRGBA color;
  guint8  rgb[3];

  gtk_color_chooser_get_rgba (GTK_COLOR_CHOOSER (self->color), &color);
  rgb[0] = (guint8) lroundf (255 * color.red);
  rgb[1] = (guint8) lroundf (255 * color.green);
  rgb[2] = (guint8) lroundf (255 * color.blue);
  dinoscope_scribble_kit_set_color (self->kit, self->index, rgb);
}

static void
remove_clicked_cb (DinoscopeScribbleClassRow *self)
{
  dinoscope_scribble_kit_remove (self->kit, self->index);
}

/* A name that is not taken is put back. */
static void
applied_cb (DinoscopeScribbleClassRow *self)
{
  dinoscope_scribble_kit_set_name (self->kit, self->index, gtk_editable_get_text (GTK_EDITABLE (self)));
  dinoscope_scribble_class_row_update (self);
}

static void
dinoscope_scribble_class_row_dispose (GObject *object)
{
  DinoscopeScribbleClassRow *self = DINOSCOPE_SCRIBBLE_CLASS_ROW (object);

  g_clear_object (&self->kit);

  G_OBJECT_CLASS (dinoscope_scribble_class_row_parent_class)->dispose (object);
}

static void
dinoscope_scribble_class_row_class_init (DinoscopeScribbleClassRowClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = dinoscope_scribble_class_row_dispose;
}

static void
dinoscope_scribble_class_row_init (DinoscopeScribbleClassRow *self)
{
  self->choice = GTK_CHECK_BUTTON (gtk_check_button_new ());
  gtk_widget_set_valign (GTK_WIDGET (self->choice), GTK_ALIGN_CENTER);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->choice), _ ("Paint This Class"));
  g_signal_connect_object (self->choice, "toggled", G_CALLBACK (toggled_cb), self, G_CONNECT_SWAPPED);

  self->color = GTK_COLOR_BUTTON (gtk_color_button_new ());
  gtk_widget_set_valign (GTK_WIDGET (self->color), GTK_ALIGN_CENTER);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->color), _ ("Colour of the Class"));
  gtk_color_button_set_title (self->color, _ ("Colour of the Class"));
  g_signal_connect_object (self->color, "color-set", G_CALLBACK (color_set_cb), self, G_CONNECT_SWAPPED);
  /* What is added first stands last. */
  adw_entry_row_add_prefix (ADW_ENTRY_ROW (self), GTK_WIDGET (self->color));
  adw_entry_row_add_prefix (ADW_ENTRY_ROW (self), GTK_WIDGET (self->choice));

  self->remove = gtk_button_new_from_icon_name ("user-trash-symbolic");
  gtk_widget_set_valign (self->remove, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (self->remove, "flat");
  gtk_widget_set_tooltip_text (self->remove, _ ("Remove the Class"));
  g_signal_connect_object (self->remove, "clicked", G_CALLBACK (remove_clicked_cb), self, G_CONNECT_SWAPPED);
  adw_entry_row_add_suffix (ADW_ENTRY_ROW (self), self->remove);

  adw_entry_row_set_show_apply_button (ADW_ENTRY_ROW (self), TRUE);
  g_signal_connect (self, "apply", G_CALLBACK (applied_cb), NULL);
}

GtkWidget *
dinoscope_scribble_class_row_new (DinoscopeScribbleKit *kit, guint index, DinoscopeScribbleClassRow *group)
{
  DinoscopeScribbleClassRow *self = g_object_new (DINOSCOPE_TYPE_SCRIBBLE_CLASS_ROW, NULL);

  self->kit = g_object_ref (kit);
  self->index = index;
  if (group != NULL)
    gtk_check_button_set_group (self->choice, group->choice);
  dinoscope_scribble_class_row_update (self);
  return GTK_WIDGET (self);
}

void
dinoscope_scribble_class_row_update (DinoscopeScribbleClassRow *self)
{
  const DinoscopeScribbleClass *of;
  GdkRGBA                       color;
  g_autofree char              *title = NULL;
  g_autofree char              *paint = NULL;

  g_return_if_fail (DINOSCOPE_IS_SCRIBBLE_CLASS_ROW (self));

  of = dinoscope_scribble_kit_get (self->kit, self->index);
  color = (GdkRGBA){ of->rgb[0] / 255.0f, of->rgb[1] / 255.0f, of->rgb[2] / 255.0f, 1 };
  title = self->index == 0 ? g_strdup (_ ("Class 1: around")) : g_strdup_printf (_ ("Class %u"), self->index + 1);
  paint = g_strdup_printf (_ ("Paint %s"), of->name);
  self->updating = TRUE;
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self), title);
  if (!g_str_equal (gtk_editable_get_text (GTK_EDITABLE (self)), of->name))
    gtk_editable_set_text (GTK_EDITABLE (self), of->name);
  gtk_color_chooser_set_rgba (GTK_COLOR_CHOOSER (self->color), &color);
  gtk_check_button_set_active (self->choice, dinoscope_scribble_kit_get_current (self->kit) == self->index);
  gtk_widget_set_sensitive (self->remove, dinoscope_scribble_kit_get_n (self->kit) > DINO_DECODER_MIN_CLASSES);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->choice), GTK_ACCESSIBLE_PROPERTY_LABEL, paint, -1);
  /* What is pressed lies in it. */
  gtk_accessible_update_property (GTK_ACCESSIBLE (gtk_widget_get_first_child (GTK_WIDGET (self->color))), GTK_ACCESSIBLE_PROPERTY_LABEL, _ ("Colour of the class"), -1);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->remove), GTK_ACCESSIBLE_PROPERTY_LABEL, _ ("Remove the class"), -1);
  self->updating = FALSE;
}
