#include "app/dinoscope-patch-group.h"

#include <glib/gi18n-lib.h>

#include "app/dinoscope-fact-row.h"
#include "app/dinoscope-facts.h"
#include "app/dinoscope-readout-facts.h"

struct _DinoscopePatchGroup
{
  AdwPreferencesGroup parent_instance;

  DinoscopePage *page;
  GSignalGroup  *page_signals;
  GSignalGroup  *marks_signals;
  GPtrArray     *fact_rows;
  GPtrArray     *pin_rows;
  GPtrArray     *similar_rows;
  char          *text; /* of the facts shown */

  AdwExpanderRow *patch_row;
  AdwExpanderRow *pins_row;
  AdwExpanderRow *similar_row;
  GtkWidget      *copy_button;
  GtkWidget      *pin_button;
  GtkWidget      *clear_button;
  GtkWidget      *similar_button;
};

G_DEFINE_FINAL_TYPE (DinoscopePatchGroup, dinoscope_patch_group, ADW_TYPE_PREFERENCES_GROUP)

static DinoscopeMarks *
get_marks (DinoscopePatchGroup *self)
{
  return self->page != NULL ? dinoscope_page_get_marks (self->page) : NULL;
}

static gboolean
find_cursor (DinoscopePatchGroup *self, DinoscopePatch *cursor)
{
  return self->page != NULL && dinoscope_marks_get_cursor (get_marks (self), cursor);
}

static void
keep_rows (AdwExpanderRow *expander, GPtrArray *rows, guint n)
{
  while (rows->len > n)
    adw_expander_row_remove (expander, g_ptr_array_steal_index (rows, rows->len - 1));
}

static void
clear_rows (AdwExpanderRow *expander, GPtrArray *rows)
{
  keep_rows (expander, rows, 0);
}

static void
add_text (const char *title, const char *value, gpointer text)
{
  g_autofree char *line = g_strdelimit (g_strdup (value), "\n", ';');

  g_string_append_printf (text, "%s\t%s\n", title, line);
}

typedef struct
{
  DinoscopePatchGroup *group;
  guint                n;
} Filling;

/* A row that is there already is filled with other words: making one takes longer. */
static void
fill_row (const char *title, const char *value, gpointer user_data)
{
  Filling             *filling = user_data;
  DinoscopePatchGroup *self = filling->group;
  GtkWidget           *row;

  if (filling->n < self->fact_rows->len)
    dinoscope_fact_row_set_fact (g_ptr_array_index (self->fact_rows, filling->n), title, value);
  else
    {
      row = dinoscope_fact_row_new (title, value);
      g_ptr_array_add (self->fact_rows, row);
      adw_expander_row_add_row (self->patch_row, row);
    }
  filling->n++;
}

static void
fill_rows (DinoscopePatchGroup *self, const DinoscopeReadout *readout)
{
  Filling filling = { self, 0 };

  if (readout != NULL)
    dinoscope_facts_of_readout (readout, dinoscope_page_get_map (self->page), fill_row, &filling);
  for (guint i = filling.n; i < self->fact_rows->len; i++)
    adw_expander_row_remove (self->patch_row, g_ptr_array_index (self->fact_rows, i));
  g_ptr_array_set_size (self->fact_rows, (int) filling.n);
}

/* Rows are filled only when they would say something else: a pointer that moves
 * must neither take away a selection of text nor cost anything. */
static void
show_patch (DinoscopePatchGroup *self)
{
  g_autoptr (GString) text = g_string_new (NULL);
  g_autofree char    *place = NULL;
  DinoscopePatch      cursor;
  DinoscopeReadout    readout;
  gboolean            any = find_cursor (self, &cursor) && dinoscope_page_get_patch_readout (self->page, cursor.row, cursor.column, &readout);
  gboolean            changed;

  place = any ? dinoscope_patch_describe (cursor) : g_strdup (_ ("None chosen: click or use the arrow keys"));
  adw_expander_row_set_subtitle (self->patch_row, place);
  gtk_widget_set_sensitive (self->copy_button, any);
  gtk_widget_set_sensitive (self->pin_button, any);
  gtk_widget_set_sensitive (self->similar_button, any);
  if (any)
    dinoscope_facts_of_readout (&readout, dinoscope_page_get_map (self->page), add_text, text);
  changed = g_strcmp0 (text->str, self->text) != 0;
  if (changed)
    {
      g_free (self->text);
      self->text = g_strdup (text->str);
    }
  if (adw_expander_row_get_expanded (self->patch_row) && (changed || self->fact_rows->len == 0))
    fill_rows (self, any ? &readout : NULL);
  else if (changed)
    clear_rows (self->patch_row, self->fact_rows);
}

static void
go_to (DinoscopePatchGroup *self, DinoscopePatch patch)
{
  dinoscope_marks_set_cursor (get_marks (self), patch.row, patch.column);
  dinoscope_canvas_reveal_patch (dinoscope_page_get_canvas (self->page), patch.row, patch.column);
}

static void
pin_activated_cb (DinoscopePatchGroup *self, GtkWidget *row)
{
  guint index;

  if (g_ptr_array_find (self->pin_rows, row, &index))
    go_to (self, dinoscope_marks_get_pin (get_marks (self), index));
}

static void
similar_activated_cb (DinoscopePatchGroup *self, GtkWidget *row)
{
  guint index;

  if (g_ptr_array_find (self->similar_rows, row, &index))
    go_to (self, dinoscope_marks_get_similar (get_marks (self), index).patch);
}

static void
remove_clicked_cb (DinoscopePatchGroup *self, GtkWidget *button)
{
  DinoscopePatch pin;
  guint          index;

  if (!g_ptr_array_find (self->pin_rows, gtk_widget_get_ancestor (button, ADW_TYPE_ACTION_ROW), &index))
    return;
  pin = dinoscope_marks_get_pin (get_marks (self), index);
  dinoscope_marks_toggle_pin (get_marks (self), pin.row, pin.column);
}

static void
name_row (GtkWidget *row, guint index, DinoscopePatch patch)
{
  g_autofree char *place = dinoscope_patch_describe (patch);
  g_autofree char *title = g_strdup_printf ("%u: %s", index + 1, place);

  if (g_strcmp0 (adw_preferences_row_get_title (ADW_PREFERENCES_ROW (row)), title) != 0)
    adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
}

static GtkWidget *
new_row (DinoscopePatchGroup *self, GCallback activated_cb)
{
  GtkWidget *row = adw_action_row_new ();

  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), TRUE);
  gtk_widget_set_tooltip_text (row, _ ("Go to This Patch"));
  g_signal_connect_object (row, "activated", activated_cb, self, G_CONNECT_SWAPPED);
  return row;
}

static void
add_remove_button (DinoscopePatchGroup *self, GtkWidget *row, guint index)
{
  GtkWidget       *button = gtk_button_new_from_icon_name ("user-trash-symbolic");
  g_autofree char *label = g_strdup_printf (_ ("Remove pin %u"), index + 1);

  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (button, "flat");
  gtk_widget_set_tooltip_text (button, label);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
  g_signal_connect_object (button, "clicked", G_CALLBACK (remove_clicked_cb), self, G_CONNECT_SWAPPED);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), button);
}

static GtkWidget *
new_pin_row (DinoscopePatchGroup *self, guint index)
{
  GtkWidget *row = new_row (self, G_CALLBACK (pin_activated_cb));

  add_remove_button (self, row, index);
  return row;
}

static GtkWidget *
new_similar_row (DinoscopePatchGroup *self, guint index)
{
  return new_row (self, G_CALLBACK (similar_activated_cb));
}

/* Makes n rows of what is there: a new row costs more than all else that a pin changes. */
static void
fit_rows (DinoscopePatchGroup *self, AdwExpanderRow *expander, GPtrArray *rows, guint n, GtkWidget *(*new_one) (DinoscopePatchGroup *self, guint index))
{
  keep_rows (expander, rows, n);
  while (rows->len < n)
    {
      GtkWidget *row = new_one (self, rows->len);

      g_ptr_array_add (rows, row);
      adw_expander_row_add_row (expander, row);
    }
}

static void
list_pins (DinoscopePatchGroup *self)
{
  guint            n = self->page != NULL ? dinoscope_marks_get_n_pins (get_marks (self)) : 0;
  g_autofree char *text = n > 0 ? g_strdup_printf (ngettext ("%u pin", "%u pins", n), n) : g_strdup (_ ("None: P pins the patch at the cursor"));

  fit_rows (self, self->pins_row, self->pin_rows, n, new_pin_row);
  for (guint i = 0; i < n; i++)
    name_row (g_ptr_array_index (self->pin_rows, i), i, dinoscope_marks_get_pin (get_marks (self), i));
  adw_expander_row_set_subtitle (self->pins_row, text);
  gtk_widget_set_sensitive (self->clear_button, n > 0);
}

static void
list_similar (DinoscopePatchGroup *self)
{
  guint            n = self->page != NULL ? dinoscope_marks_get_n_similar (get_marks (self)) : 0;
  g_autofree char *place = NULL;
  g_autofree char *text = NULL;

  fit_rows (self, self->similar_row, self->similar_rows, n, new_similar_row);
  for (guint i = 0; i < n; i++)
    {
      DinoscopeSimilarPatch similar = dinoscope_marks_get_similar (get_marks (self), i);
      GtkWidget            *row = g_ptr_array_index (self->similar_rows, i);
      g_autofree char      *cosine = g_strdup_printf (_ ("cosine %.3f"), similar.cosine);

      name_row (row, i, similar.patch);
      adw_action_row_set_subtitle (ADW_ACTION_ROW (row), cosine);
    }
  place = n > 0 ? dinoscope_patch_describe (dinoscope_marks_get_query (get_marks (self))) : NULL;
  text = n > 0 ? g_strdup_printf (_ ("%u like %s"), n, place) : g_strdup (_ ("Not asked for: S finds them"));
  adw_expander_row_set_subtitle (self->similar_row, text);
}

static void
copy_clicked_cb (DinoscopePatchGroup *self)
{
  gdk_clipboard_set_text (gtk_widget_get_clipboard (GTK_WIDGET (self)), self->text);
}

static void
pin_clicked_cb (DinoscopePatchGroup *self)
{
  DinoscopePatch cursor;

  if (find_cursor (self, &cursor))
    dinoscope_marks_toggle_pin (get_marks (self), cursor.row, cursor.column);
}

static void
clear_clicked_cb (DinoscopePatchGroup *self)
{
  dinoscope_marks_clear_pins (get_marks (self));
}

static void
similar_clicked_cb (DinoscopePatchGroup *self)
{
  dinoscope_page_find_similar (self->page);
}

static void
dinoscope_patch_group_dispose (GObject *object)
{
  DinoscopePatchGroup *self = DINOSCOPE_PATCH_GROUP (object);

  g_clear_object (&self->page_signals);
  g_clear_object (&self->marks_signals);
  g_clear_object (&self->page);
  g_clear_pointer (&self->fact_rows, g_ptr_array_unref);
  g_clear_pointer (&self->pin_rows, g_ptr_array_unref);
  g_clear_pointer (&self->similar_rows, g_ptr_array_unref);
  g_clear_pointer (&self->text, g_free);
  gtk_widget_dispose_template (GTK_WIDGET (self), DINOSCOPE_TYPE_PATCH_GROUP);

  G_OBJECT_CLASS (dinoscope_patch_group_parent_class)->dispose (object);
}

static void
dinoscope_patch_group_class_init (DinoscopePatchGroupClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = dinoscope_patch_group_dispose;
  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/dinoscope/Dinoscope/dinoscope-patch-group.ui");
  gtk_widget_class_bind_template_child (widget_class, DinoscopePatchGroup, patch_row);
  gtk_widget_class_bind_template_child (widget_class, DinoscopePatchGroup, pins_row);
  gtk_widget_class_bind_template_child (widget_class, DinoscopePatchGroup, similar_row);
  gtk_widget_class_bind_template_child (widget_class, DinoscopePatchGroup, copy_button);
  gtk_widget_class_bind_template_child (widget_class, DinoscopePatchGroup, pin_button);
  gtk_widget_class_bind_template_child (widget_class, DinoscopePatchGroup, clear_button);
  gtk_widget_class_bind_template_child (widget_class, DinoscopePatchGroup, similar_button);
  gtk_widget_class_bind_template_callback (widget_class, show_patch);
  gtk_widget_class_bind_template_callback (widget_class, copy_clicked_cb);
  gtk_widget_class_bind_template_callback (widget_class, pin_clicked_cb);
  gtk_widget_class_bind_template_callback (widget_class, clear_clicked_cb);
  gtk_widget_class_bind_template_callback (widget_class, similar_clicked_cb);
}

static void
dinoscope_patch_group_init (DinoscopePatchGroup *self)
{
  self->fact_rows = g_ptr_array_new ();
  self->pin_rows = g_ptr_array_new ();
  self->similar_rows = g_ptr_array_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
  self->page_signals = g_signal_group_new (DINOSCOPE_TYPE_PAGE);
  g_signal_group_connect_swapped (self->page_signals, "readout-changed", G_CALLBACK (show_patch), self);
  self->marks_signals = g_signal_group_new (DINOSCOPE_TYPE_MARKS);
  g_signal_group_connect_swapped (self->marks_signals, "pins-changed", G_CALLBACK (list_pins), self);
  g_signal_group_connect_swapped (self->marks_signals, "similar-changed", G_CALLBACK (list_similar), self);
  show_patch (self);
  list_pins (self);
  list_similar (self);
}

void
dinoscope_patch_group_set_page (DinoscopePatchGroup *self, DinoscopePage *page)
{
  g_return_if_fail (DINOSCOPE_IS_PATCH_GROUP (self));

  if (!g_set_object (&self->page, page))
    return;
  g_signal_group_set_target (self->page_signals, page);
  g_signal_group_set_target (self->marks_signals, get_marks (self));
  gtk_widget_set_sensitive (GTK_WIDGET (self), page != NULL);
  show_patch (self);
  list_pins (self);
  list_similar (self);
}

char *
dinoscope_patch_group_dup_text (DinoscopePatchGroup *self)
{
  g_return_val_if_fail (DINOSCOPE_IS_PATCH_GROUP (self), NULL);

  return g_strdup (self->text);
}
