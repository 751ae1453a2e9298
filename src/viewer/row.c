#include "viewer/row.h"

#include <glib/gi18n-lib.h>

typedef struct
{
  GVariantDict description;
  const char  *name, *title, *type; /* the description's */
  GtkWidget   *editor;
  GtkWidget   *enable; /* of an optional parameter, else NULL */
  RowChanged   changed;
  gpointer     data;
} Row;

static void
row_free (gpointer data)
{
  Row *self = data;

  g_variant_dict_clear (&self->description);
  g_free (self);
}

static GVariant *
choice_value (Row *self)
{
  const char *id = gtk_combo_box_get_active_id (GTK_COMBO_BOX (self->editor));

  return id != NULL ? g_variant_new_string (id) : NULL;
}

static GVariant *
file_value (Row *self)
{
  g_autofree char *path = gtk_file_chooser_get_filename (GTK_FILE_CHOOSER (self->editor));

  return g_variant_new_string (path != NULL && g_utf8_validate (path, -1, NULL) ? path : "");
}

static GVariant *
current_value (Row *self)
{
  if (self->enable != NULL && !gtk_toggle_button_get_active (GTK_TOGGLE_BUTTON (self->enable)))
    return NULL;
  if (g_str_equal (self->type, "bool"))
    return g_variant_new_boolean (gtk_switch_get_active (GTK_SWITCH (self->editor)));
  if (g_str_equal (self->type, "int"))
    return g_variant_new_int32 (gtk_spin_button_get_value_as_int (GTK_SPIN_BUTTON (self->editor)));
  if (g_str_equal (self->type, "double"))
    return g_variant_new_double (gtk_spin_button_get_value (GTK_SPIN_BUTTON (self->editor)));
  if (g_str_equal (self->type, "enum"))
    return choice_value (self);
  return file_value (self);
}

static void
tell (Row *self)
{
  self->changed (self->name, current_value (self), self->data);
}

static void
enable_toggled_cb (Row *self)
{
  gtk_widget_set_sensitive (self->editor, gtk_toggle_button_get_active (GTK_TOGGLE_BUTTON (self->enable)));
  tell (self);
}

static GtkWidget *
new_switch (GVariant *value)
{
  GtkWidget *widget = gtk_switch_new ();

  gtk_switch_set_active (GTK_SWITCH (widget), value != NULL && g_variant_get_boolean (value));
  gtk_widget_set_halign (widget, GTK_ALIGN_START);
  return widget;
}

static GtkWidget *
new_spin_button (Row *self, GVariant *value)
{
  gboolean         whole = g_str_equal (self->type, "int");
  double           low = 0, high = 0;
  GtkWidget       *widget;
  g_autofree char *range = NULL;

  g_variant_dict_lookup (&self->description, "low", "d", &low);
  g_variant_dict_lookup (&self->description, "high", "d", &high);
  widget = gtk_spin_button_new_with_range (low, MAX (low, high), whole ? 1 : high - low <= 1 ? 0.01
                                                                                             : 0.1);
  gtk_spin_button_set_digits (GTK_SPIN_BUTTON (widget), whole ? 0 : 2);
  gtk_entry_set_width_chars (GTK_ENTRY (widget), whole ? 4 : 8);
  if (value != NULL)
    gtk_spin_button_set_value (GTK_SPIN_BUTTON (widget), whole ? g_variant_get_int32 (value) : g_variant_get_double (value));
  range = whole ? g_strdup_printf (_ ("%d to %d"), (int) low, (int) high) : g_strdup_printf (_ ("%g to %g"), low, high);
  gtk_widget_set_tooltip_text (widget, range);
  return widget;
}

/* Long titles are cut in the button, so that the sidebar stays narrow. */
static void
ellipsize (GtkWidget *combo)
{
  GList *cells = gtk_cell_layout_get_cells (GTK_CELL_LAYOUT (combo));

  for (GList *l = cells; l != NULL; l = l->next)
    g_object_set (l->data, "ellipsize", PANGO_ELLIPSIZE_END, "width-chars", 8, NULL);
  g_list_free (cells);
}

static GtkWidget *
new_combo_box (Row *self, GVariant *value)
{
  GtkWidget              *widget = gtk_combo_box_text_new ();
  g_autofree const char **choices = NULL;
  g_autofree const char **titles = NULL;

  g_variant_dict_lookup (&self->description, "choices", "^a&s", &choices);
  g_variant_dict_lookup (&self->description, "choice-titles", "^a&s", &titles);
  for (guint i = 0; choices != NULL && titles != NULL && choices[i] != NULL && titles[i] != NULL; i++)
    gtk_combo_box_text_append (GTK_COMBO_BOX_TEXT (widget), choices[i], titles[i]);
  if (value != NULL)
    gtk_combo_box_set_active_id (GTK_COMBO_BOX (widget), g_variant_get_string (value, NULL));
  ellipsize (widget);
  return widget;
}

static GtkWidget *
new_file_button (Row *self, GVariant *value)
{
  GtkWidget *widget = gtk_file_chooser_button_new (self->title, GTK_FILE_CHOOSER_ACTION_OPEN);

  if (value != NULL && *g_variant_get_string (value, NULL) != '\0')
    gtk_file_chooser_set_filename (GTK_FILE_CHOOSER (widget), g_variant_get_string (value, NULL));
  gtk_file_chooser_button_set_width_chars (GTK_FILE_CHOOSER_BUTTON (widget), 8);
  return widget;
}

/* NULL where the picture would have to be pointed at. The signal is what it tells of a change with. */
static GtkWidget *
new_editor (Row *self, GVariant *value, const char **signal)
{
  if (g_str_equal (self->type, "bool"))
    {
      *signal = "notify::active";
      return new_switch (value);
    }
  if (g_str_equal (self->type, "int") || g_str_equal (self->type, "double"))
    {
      *signal = "value-changed";
      return new_spin_button (self, value);
    }
  if (g_str_equal (self->type, "enum"))
    {
      *signal = "changed";
      return new_combo_box (self, value);
    }
  if (g_str_equal (self->type, "file"))
    {
      *signal = "file-set";
      return new_file_button (self, value);
    }
  return NULL;
}

static gboolean
has_type_of (GVariant *value, const char *type)
{
  const GVariantType *wanted = g_str_equal (type, "bool")     ? G_VARIANT_TYPE_BOOLEAN
                               : g_str_equal (type, "int")    ? G_VARIANT_TYPE_INT32
                               : g_str_equal (type, "double") ? G_VARIANT_TYPE_DOUBLE
                                                              : G_VARIANT_TYPE_STRING;

  return value != NULL && g_variant_is_of_type (value, wanted);
}

static GtkWidget *
new_label (Row *self, gboolean on)
{
  gboolean   optional = FALSE;
  GtkWidget *label = gtk_label_new (self->title);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_line_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_mnemonic_widget (GTK_LABEL (label), self->editor);
  g_variant_dict_lookup (&self->description, "optional", "b", &optional);
  if (!optional)
    return label;
  self->enable = gtk_check_button_new ();
  gtk_container_add (GTK_CONTAINER (self->enable), label);
  gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (self->enable), on);
  gtk_widget_set_sensitive (self->editor, on);
  g_signal_connect_swapped (self->enable, "toggled", G_CALLBACK (enable_toggled_cb), self);
  return self->enable;
}

/* Beside the editor; above it where a box to tick would leave the words no room. */
static void
attach (Row *self, GtkGrid *grid, int row, GtkWidget *label)
{
  if (self->enable == NULL)
    {
      gtk_grid_attach (grid, label, 0, 2 * row, 1, 1);
      gtk_grid_attach (grid, self->editor, 1, 2 * row, 1, 1);
      return;
    }
  gtk_grid_attach (grid, label, 0, 2 * row, 2, 1);
  gtk_grid_attach (grid, self->editor, 0, 2 * row + 1, 2, 1);
}

gboolean
row_add (GtkGrid *grid, int row, GVariant *description, GVariant *value, RowChanged changed, gpointer data)
{
  Row        *self = g_new0 (Row, 1);
  const char *signal = NULL;
  GtkWidget  *label;

  g_variant_dict_init (&self->description, description);
  self->name = self->title = self->type = "";
  g_variant_dict_lookup (&self->description, "name", "&s", &self->name);
  g_variant_dict_lookup (&self->description, "title", "&s", &self->title);
  g_variant_dict_lookup (&self->description, "type", "&s", &self->type);
  self->changed = changed;
  self->data = data;
  self->editor = new_editor (self, has_type_of (value, self->type) ? value : NULL, &signal);
  if (self->editor == NULL)
    {
      row_free (self);
      return FALSE;
    }
  label = new_label (self, value != NULL);
  gtk_widget_set_name (self->editor, self->name);
  gtk_widget_set_hexpand (self->editor, TRUE);
  g_object_set_data_full (G_OBJECT (self->editor), "row", self, row_free);
  g_signal_connect_swapped (self->editor, signal, G_CALLBACK (tell), self);
  attach (self, grid, row, label);
  return TRUE;
}
