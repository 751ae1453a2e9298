#include "app/dinoscope-regions-group.h"

#include <glib/gi18n-lib.h>

#include "app/dinoscope-region-files.h"
#include "app/dinoscope-region-numbers.h"
#include "engine/dinoscope-paths-private.h"

struct _DinoscopeRegionsGroup
{
  AdwPreferencesGroup parent_instance;

  DinoscopePage    *page;
  DinoscopeRegions *regions;
  GSignalGroup     *page_signals;
  GSignalGroup     *regions_signals;
  GBindingGroup    *canvas_bindings;
  GPtrArray        *rows; /* a region each, then the mask */
  GCancellable     *measuring;
  gboolean          stale; /* something changed while it was measured */
  gboolean          current;

  GtkFileChooserNative *chooser;

  GtkWidget       *load_button;
  GtkWidget       *save_button;
  GtkWidget       *clear_button;
  GtkToggleButton *box_button;
  GtkToggleButton *ellipse_button;
  AdwActionRow    *hint_row;
  AdwEntryRow     *label_row;
};

G_DEFINE_FINAL_TYPE (DinoscopeRegionsGroup, dinoscope_regions_group, ADW_TYPE_PREFERENCES_GROUP)

static DinoscopeStudy *
get_study (DinoscopeRegionsGroup *self)
{
  return self->page != NULL ? dinoscope_page_get_study (self->page) : NULL;
}

static DinoscopeMap *
get_map (DinoscopeRegionsGroup *self)
{
  return self->page != NULL ? dinoscope_page_get_map (self->page) : NULL;
}

static guint
count_shapes (DinoscopeRegionsGroup *self)
{
  return self->regions != NULL ? dinoscope_regions_get_n (self->regions) : 0;
}

static gboolean
has_mask (DinoscopeRegionsGroup *self)
{
  return self->regions != NULL && dinoscope_regions_get_mask (self->regions) != NULL;
}

static void
tell (DinoscopeRegionsGroup *self, const char *text)
{
  if (self->page != NULL)
    g_signal_emit_by_name (self->page, "message", text);
}

/* Rows. */

static guint
find_row (DinoscopeRegionsGroup *self, gpointer row)
{
  guint index = 0;

  g_ptr_array_find (self->rows, row, &index);
  return index;
}

static void
row_activated_cb (DinoscopeRegionsGroup *self, GtkWidget *row)
{
  guint index = find_row (self, row);

  if (index < count_shapes (self))
    dinoscope_regions_select (self->regions, (int) index);
}

static void
remove_clicked_cb (DinoscopeRegionsGroup *self, GtkWidget *button)
{
  guint index = find_row (self, gtk_widget_get_ancestor (button, ADW_TYPE_ACTION_ROW));

  if (index < count_shapes (self))
    dinoscope_regions_remove (self->regions, index);
  else
    dinoscope_regions_set_mask (self->regions, NULL, NULL);
}

static GtkWidget *
new_row (DinoscopeRegionsGroup *self)
{
  GtkWidget *row = adw_action_row_new ();
  GtkWidget *button = gtk_button_new_from_icon_name ("user-trash-symbolic");

  adw_action_row_set_title_lines (ADW_ACTION_ROW (row), 0);
  adw_action_row_set_subtitle_lines (ADW_ACTION_ROW (row), 0);
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), TRUE);
  g_signal_connect_object (row, "activated", G_CALLBACK (row_activated_cb), self, G_CONNECT_SWAPPED);
  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (button, "flat");
  gtk_widget_set_tooltip_text (button, _ ("Remove This Region"));
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, _ ("Remove this region"), -1);
  g_signal_connect_object (button, "clicked", G_CALLBACK (remove_clicked_cb), self, G_CONNECT_SWAPPED);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), button);
  return row;
}

/* Rows are added and taken away at the end, so that the focus stays where it is. */
static void
fit_rows (DinoscopeRegionsGroup *self)
{
  guint n = count_shapes (self) + (has_mask (self) ? 1 : 0);

  while (self->rows->len > n)
    {
      adw_preferences_group_remove (ADW_PREFERENCES_GROUP (self), g_ptr_array_index (self->rows, self->rows->len - 1));
      g_ptr_array_set_size (self->rows, (int) self->rows->len - 1);
    }
  while (self->rows->len < n)
    {
      GtkWidget *row = new_row (self);

      g_ptr_array_add (self->rows, row);
      adw_preferences_group_add (ADW_PREFERENCES_GROUP (self), row);
    }
}

static char *
dup_row_title (DinoscopeRegionsGroup *self, guint index)
{
  if (index < count_shapes (self))
    return dinoscope_regions_dup_title (self->regions, index);
  return g_strdup_printf (_ ("Mask: %s"), dinoscope_regions_get_mask_name (self->regions));
}

static void
show_rows (DinoscopeRegionsGroup *self)
{
  int selected = self->regions != NULL ? dinoscope_regions_get_selected (self->regions) : -1;

  fit_rows (self);
  for (guint i = 0; i < self->rows->len; i++)
    {
      GtkWidget       *row = g_ptr_array_index (self->rows, i);
      g_autofree char *title = dup_row_title (self, i);
      g_autofree char *escaped = g_markup_escape_text (title, -1);

      adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), escaped);
      adw_action_row_set_icon_name (ADW_ACTION_ROW (row), (int) i == selected ? "object-select-symbolic" : NULL);
      if ((int) i == selected)
        gtk_widget_add_css_class (row, "selected-region");
      else
        gtk_widget_remove_css_class (row, "selected-region");
    }
  gtk_widget_set_visible (GTK_WIDGET (self->label_row), selected >= 0);
  if (selected >= 0 && !g_str_equal (gtk_editable_get_text (GTK_EDITABLE (self->label_row)), dinoscope_regions_get (self->regions, (guint) selected)->label))
    gtk_editable_set_text (GTK_EDITABLE (self->label_row), dinoscope_regions_get (self->regions, (guint) selected)->label);
}

/* Why there are no numbers; NULL when there are. */
static const char *
find_hint (DinoscopeRegionsGroup *self)
{
  DinoscopeMap *map = get_map (self);

  if (self->rows->len == 0)
    return _ ("Draw on the picture, or load boxes (CSV) or a mask (PNG).");
  if (map == NULL)
    return _ ("Numbers come with the map.");
  if (dinoscope_map_get_channels (map) != 1)
    return _ ("This map has three numbers a patch. Choose one component to measure it.");
  return NULL;
}

static void
show_numbers (DinoscopeRegionsGroup *self, const GArray *numbers)
{
  for (guint i = 0; i < self->rows->len; i++)
    {
      g_autofree char *text = numbers != NULL && i < numbers->len ? dinoscope_region_numbers_describe (&g_array_index (numbers, DinoscopeRegionNumbers, i)) : NULL;
      g_autofree char *escaped = text != NULL ? g_markup_escape_text (text, -1) : NULL;

      adw_action_row_set_subtitle (g_ptr_array_index (self->rows, i), escaped != NULL ? escaped : "");
    }
}

/* Numbers. */

static void update_numbers (DinoscopeRegionsGroup *self);

static void
measured_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (DinoscopeRegionsGroup) self = user_data;
  g_autoptr (GArray)                numbers = dinoscope_region_numbers_finish (result, NULL);

  if (g_task_get_cancellable (G_TASK (result)) != self->measuring)
    return;
  g_clear_object (&self->measuring);
  if (self->stale || numbers == NULL)
    {
      update_numbers (self);
      return;
    }
  show_numbers (self, numbers);
  self->current = TRUE;
}

/* One request at a time: a hand that drags sees the newest numbers next. */
static void
update_numbers (DinoscopeRegionsGroup *self)
{
  const char *hint = find_hint (self);

  gtk_widget_set_visible (GTK_WIDGET (self->hint_row), hint != NULL);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self->hint_row), hint != NULL ? hint : "");
  self->current = FALSE;
  self->stale = self->measuring != NULL;
  if (self->stale)
    return;
  if (hint != NULL)
    {
      show_numbers (self, NULL);
      self->current = TRUE;
      return;
    }
  self->measuring = g_cancellable_new ();
  dinoscope_region_numbers_async (self->regions, get_map (self), self->measuring, measured_cb, g_object_ref (self));
}

static void
update (DinoscopeRegionsGroup *self)
{
  gboolean shown = get_study (self) != NULL;

  show_rows (self);
  gtk_widget_set_sensitive (GTK_WIDGET (self), shown);
  gtk_widget_set_sensitive (self->save_button, count_shapes (self) > 0);
  gtk_widget_set_sensitive (self->clear_button, self->rows->len > 0);
  update_numbers (self);
}

/* Buttons. */

static void
label_applied_cb (DinoscopeRegionsGroup *self)
{
  int selected = dinoscope_regions_get_selected (self->regions);

  if (selected >= 0)
    dinoscope_regions_set_label (self->regions, (guint) selected, gtk_editable_get_text (GTK_EDITABLE (self->label_row)));
}

static void
clear_clicked_cb (DinoscopeRegionsGroup *self)
{
  dinoscope_regions_clear (self->regions);
}

static void
loaded_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (DinoscopeRegionsGroup) self = user_data;
  g_autoptr (GError)                error = NULL;

  if (!dinoscope_regions_load_finish (DINOSCOPE_REGIONS (source), result, &error))
    tell (self, error->message);
}

void
dinoscope_regions_group_load (DinoscopeRegionsGroup *self, GFile *file)
{
  g_return_if_fail (DINOSCOPE_IS_REGIONS_GROUP (self));

  if (get_study (self) != NULL)
    dinoscope_regions_load_async (self->regions, get_study (self), file, loaded_cb, g_object_ref (self));
}

void
dinoscope_regions_group_save (DinoscopeRegionsGroup *self, GFile *file)
{
  g_autoptr (GError) error = NULL;
  g_autofree char   *name = NULL;
  g_autofree char   *text = NULL;

  g_return_if_fail (DINOSCOPE_IS_REGIONS_GROUP (self));

  if (self->regions == NULL)
    return;
  if (!dinoscope_regions_save (self->regions, file, &error))
    {
      tell (self, error->message);
      return;
    }
  name = dinoscope_display_base (file);
  text = g_strdup_printf (_ ("“%s” is written."), name);
  tell (self, text);
}

static void
chosen_cb (DinoscopeRegionsGroup *self, int response)
{
  gboolean saves = gtk_file_chooser_get_action (GTK_FILE_CHOOSER (self->chooser)) == GTK_FILE_CHOOSER_ACTION_SAVE;

  if (response == GTK_RESPONSE_ACCEPT)
    {
      g_autoptr (GFile) file = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (self->chooser));

      if (saves)
        dinoscope_regions_group_save (self, file);
      else
        dinoscope_regions_group_load (self, file);
    }
  g_clear_object (&self->chooser);
}

static void
choose (DinoscopeRegionsGroup *self, GtkFileChooserAction action)
{
  gboolean       saves = action == GTK_FILE_CHOOSER_ACTION_SAVE;
  GtkFileFilter *filter = gtk_file_filter_new ();

  g_clear_object (&self->chooser);
  self->chooser = gtk_file_chooser_native_new (saves ? _ ("Save Regions") : _ ("Load Regions"), GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (self))),
                                               action, saves ? _ ("_Save") : _ ("_Open"), _ ("_Cancel"));
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (self->chooser), TRUE);
  gtk_file_filter_set_name (filter, saves ? _ ("Boxes and ellipses (CSV)") : _ ("Boxes (CSV) and masks (PNG)"));
  gtk_file_filter_add_pattern (filter, "*.csv");
  if (!saves)
    gtk_file_filter_add_mime_type (filter, "image/png");
  gtk_file_chooser_add_filter (GTK_FILE_CHOOSER (self->chooser), filter);
  g_object_unref (filter);
  if (saves)
    gtk_file_chooser_set_current_name (GTK_FILE_CHOOSER (self->chooser), "regions.csv");
  g_signal_connect_object (self->chooser, "response", G_CALLBACK (chosen_cb), self, G_CONNECT_SWAPPED);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (self->chooser));
}

static void
load_clicked_cb (DinoscopeRegionsGroup *self)
{
  choose (self, GTK_FILE_CHOOSER_ACTION_OPEN);
}

static void
save_clicked_cb (DinoscopeRegionsGroup *self)
{
  choose (self, GTK_FILE_CHOOSER_ACTION_SAVE);
}

static void
dinoscope_regions_group_dispose (GObject *object)
{
  DinoscopeRegionsGroup *self = DINOSCOPE_REGIONS_GROUP (object);

  if (self->measuring != NULL)
    g_cancellable_cancel (self->measuring);
  g_clear_object (&self->measuring);
  g_clear_object (&self->chooser);
  g_clear_object (&self->page_signals);
  g_clear_object (&self->regions_signals);
  g_clear_object (&self->canvas_bindings);
  g_clear_pointer (&self->rows, g_ptr_array_unref);
  g_clear_object (&self->regions);
  g_clear_object (&self->page);
  gtk_widget_dispose_template (GTK_WIDGET (self), DINOSCOPE_TYPE_REGIONS_GROUP);

  G_OBJECT_CLASS (dinoscope_regions_group_parent_class)->dispose (object);
}

static void
dinoscope_regions_group_class_init (DinoscopeRegionsGroupClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = dinoscope_regions_group_dispose;
  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/dinoscope/Dinoscope/dinoscope-regions-group.ui");
  gtk_widget_class_bind_template_child (widget_class, DinoscopeRegionsGroup, load_button);
  gtk_widget_class_bind_template_child (widget_class, DinoscopeRegionsGroup, save_button);
  gtk_widget_class_bind_template_child (widget_class, DinoscopeRegionsGroup, clear_button);
  gtk_widget_class_bind_template_child (widget_class, DinoscopeRegionsGroup, box_button);
  gtk_widget_class_bind_template_child (widget_class, DinoscopeRegionsGroup, ellipse_button);
  gtk_widget_class_bind_template_child (widget_class, DinoscopeRegionsGroup, hint_row);
  gtk_widget_class_bind_template_child (widget_class, DinoscopeRegionsGroup, label_row);
  gtk_widget_class_bind_template_callback (widget_class, load_clicked_cb);
  gtk_widget_class_bind_template_callback (widget_class, save_clicked_cb);
  gtk_widget_class_bind_template_callback (widget_class, clear_clicked_cb);
  gtk_widget_class_bind_template_callback (widget_class, label_applied_cb);
}

static void
dinoscope_regions_group_init (DinoscopeRegionsGroup *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  self->rows = g_ptr_array_new ();
  self->page_signals = g_signal_group_new (DINOSCOPE_TYPE_PAGE);
  g_signal_group_connect_swapped (self->page_signals, "notify::study", G_CALLBACK (update), self);
  g_signal_group_connect_swapped (self->page_signals, "notify::map", G_CALLBACK (update_numbers), self);
  self->regions_signals = g_signal_group_new (DINOSCOPE_TYPE_REGIONS);
  g_signal_group_connect_swapped (self->regions_signals, "changed", G_CALLBACK (update), self);
  self->canvas_bindings = g_binding_group_new ();
  g_binding_group_bind (self->canvas_bindings, "marking-boxes", self->box_button, "active", G_BINDING_SYNC_CREATE | G_BINDING_BIDIRECTIONAL);
  g_binding_group_bind (self->canvas_bindings, "marking-ellipses", self->ellipse_button, "active", G_BINDING_SYNC_CREATE | G_BINDING_BIDIRECTIONAL);
  update (self);
}

void
dinoscope_regions_group_set_page (DinoscopeRegionsGroup *self, DinoscopePage *page)
{
  DinoscopeRegions *regions;

  g_return_if_fail (DINOSCOPE_IS_REGIONS_GROUP (self));
  g_return_if_fail (page == NULL || DINOSCOPE_IS_PAGE (page));

  if (!g_set_object (&self->page, page))
    return;
  regions = page != NULL ? dinoscope_page_get_regions (page) : NULL;
  g_set_object (&self->regions, regions);
  g_signal_group_set_target (self->page_signals, page);
  g_signal_group_set_target (self->regions_signals, self->regions);
  g_binding_group_set_source (self->canvas_bindings, page != NULL ? dinoscope_page_get_canvas (page) : NULL);
  update (self);
}

gboolean
dinoscope_regions_group_is_current (DinoscopeRegionsGroup *self)
{
  g_return_val_if_fail (DINOSCOPE_IS_REGIONS_GROUP (self), FALSE);

  return self->current;
}

GtkWidget *
dinoscope_regions_group_get_row (DinoscopeRegionsGroup *self, guint index)
{
  g_return_val_if_fail (DINOSCOPE_IS_REGIONS_GROUP (self), NULL);

  return index < self->rows->len ? g_ptr_array_index (self->rows, index) : NULL;
}
