#include "app/dinoscope-panel.h"

#include <adwaita.h>
#include <glib/gi18n-lib.h>

#include "app/dinoscope-choice.h"
#include "app/dinoscope-fact-row.h"
#include "app/dinoscope-facts.h"
#include "app/dinoscope-histogram.h"
#include "app/dinoscope-parameter-row.h"
#include "app/dinoscope-patch-group.h"
#include "app/dinoscope-picture-group.h"
#include "app/dinoscope-plugin-watch.h"
#include "app/dinoscope-greys-group.h"
#include "app/dinoscope-preparation-group.h"
#include "app/dinoscope-probe-group.h"
#include "app/dinoscope-regions-group.h"
#include "app/dinoscope-scribble-group.h"
#include "app/dinoscope-sandbox.h"
#include "app/dinoscope-scroll-past.h"
#include "app/dinoscope-strongest-group.h"
#include "app/dinoscope-views-group.h"
#include "app/dinoscope-what-if-group.h"

struct _DinoscopePanel
{
  GtkWidget parent_instance;

  DinoscopeOverlaySettings *settings;
  DinoscopePage            *page;
  GSignalGroup             *page_signals;
  GSignalGroup             *greys_signals;
  GSignalGroup             *session_signals;
  GListModel               *providers;
  GPtrArray                *parameter_rows;
  GtkWidget                *histogram_row; /* beside the foreground's threshold, NULL without */
  GtkWidget                *histogram;     /* in it */
  GPtrArray                *recipe_rows;
  gboolean                  updating;

  GtkWidget           *scrolled_window;
  AdwPreferencesGroup *overlay_group;
  AdwComboRow         *overlay_row;
  GtkAdjustment       *opacity_adjustment;
  GtkLabel            *opacity_label;
  AdwComboRow         *colormap_row;
  AdwComboRow         *smooth_row;
  GtkSpinButton       *contours_spin;
  AdwExpanderRow      *range_row;
  GtkSpinButton       *low_spin;
  GtkSpinButton       *high_spin;
  AdwExpanderRow      *threshold_row;
  GtkSpinButton       *threshold_spin;
  AdwExpanderRow      *recipe_row;

  DinoscopeGreysGroup       *greys_group;
  DinoscopePreparationGroup *preparation_group;
  DinoscopePictureGroup     *picture_group;
  DinoscopeViewsGroup       *views_group;
  DinoscopeRegionsGroup     *regions_group;
  DinoscopeScribbleGroup    *scribble_group;
  DinoscopePatchGroup       *patch_group;
  DinoscopeStrongestGroup   *strongest_group;
  DinoscopeProbeGroup       *probe_group;
  DinoscopeWhatIfGroup      *what_if_group;
};

G_DEFINE_FINAL_TYPE (DinoscopePanel, dinoscope_panel, GTK_TYPE_WIDGET)

/* The overlay and its parameters. */

static void
overlay_selected_cb (DinoscopePanel *self)
{
  guint                                selected = adw_combo_row_get_selected (self->overlay_row);
  g_autoptr (DinoscopeOverlayProvider) provider = NULL;

  if (self->updating || self->settings == NULL || selected == GTK_INVALID_LIST_POSITION)
    return;
  provider = g_list_model_get_item (self->providers, selected);
  dinoscope_overlay_settings_set_provider (self->settings, provider);
}

static void
show_provider (DinoscopePanel *self)
{
  DinoscopeOverlayProvider *current = dinoscope_overlay_settings_get_provider (self->settings);

  self->updating = TRUE;
  for (guint i = 0; i < g_list_model_get_n_items (self->providers); i++)
    {
      g_autoptr (DinoscopeOverlayProvider) provider = g_list_model_get_item (self->providers, i);

      if (current != NULL && g_str_equal (dinoscope_overlay_provider_get_id (provider), dinoscope_overlay_provider_get_id (current)))
        adw_combo_row_set_selected (self->overlay_row, i);
    }
  self->updating = FALSE;
}

static void
list_providers (DinoscopePanel *self)
{
  g_autoptr (GtkStringList) titles = gtk_string_list_new (NULL);

  g_clear_object (&self->providers);
  self->providers = dinoscope_overlays_list ();
  for (guint i = 0; i < g_list_model_get_n_items (self->providers); i++)
    {
      g_autoptr (DinoscopeOverlayProvider) provider = g_list_model_get_item (self->providers, i);

      gtk_string_list_append (titles, dinoscope_overlay_provider_get_title (provider));
    }
  self->updating = TRUE;
  adw_combo_row_set_model (self->overlay_row, G_LIST_MODEL (titles));
  self->updating = FALSE;
}

/* Plug-ins come and go with their failures. */
static void
plugin_changed_cb (DinoscopePanel *self)
{
  list_providers (self);
  if (self->settings != NULL)
    show_provider (self);
}

static DinoscopeMarks *
get_marks (DinoscopePanel *self)
{
  return self->page != NULL ? dinoscope_page_get_marks (self->page) : NULL;
}

/* Below the row of the threshold that it is about. */
static void
add_histogram (DinoscopePanel *self)
{
  self->histogram = dinoscope_histogram_new (self->settings);
  self->histogram_row = g_object_new (ADW_TYPE_PREFERENCES_ROW, "title", _ ("Histogram of the first component"), "activatable", FALSE, "focusable", FALSE, "child", self->histogram, NULL);
  g_object_bind_property (self->histogram, "visible", self->histogram_row, "visible", G_BINDING_SYNC_CREATE);
  adw_preferences_group_add (self->overlay_group, self->histogram_row);
}

static void
rebuild_parameters (DinoscopePanel *self)
{
  GListModel *parameters = dinoscope_overlay_settings_get_parameters (self->settings);

  for (guint i = 0; i < self->parameter_rows->len; i++)
    adw_preferences_group_remove (self->overlay_group, g_ptr_array_index (self->parameter_rows, i));
  g_ptr_array_set_size (self->parameter_rows, 0);
  if (self->histogram_row != NULL)
    adw_preferences_group_remove (self->overlay_group, self->histogram_row);
  self->histogram_row = self->histogram = NULL;
  for (guint i = 0; parameters != NULL && i < g_list_model_get_n_items (parameters); i++)
    {
      g_autoptr (DinoscopeParameter) parameter = g_list_model_get_item (parameters, i);
      GtkWidget                     *row = dinoscope_parameter_row_new (parameter, self->settings);

      if (row == NULL)
        continue;
      dinoscope_parameter_row_set_marks (DINOSCOPE_PARAMETER_ROW (row), get_marks (self));
      g_ptr_array_add (self->parameter_rows, row);
      adw_preferences_group_add (self->overlay_group, row);
      if (g_str_equal (dinoscope_parameter_get_name (parameter), "foreground"))
        add_histogram (self);
    }
  show_provider (self);
}

/* Colours. */

static void
list_colormaps (DinoscopePanel *self)
{
  g_autoptr (GtkStringList)   titles = gtk_string_list_new (NULL);
  const struct dino_colormap *colormap;

  gtk_string_list_append (titles, _ ("Suggested"));
  for (gsize i = 0; (colormap = dino_colormap_at (i)) != NULL; i++)
    gtk_string_list_append (titles, g_dgettext (GETTEXT_PACKAGE, colormap->title));
  self->updating = TRUE;
  adw_combo_row_set_model (self->colormap_row, G_LIST_MODEL (titles));
  self->updating = FALSE;
}

static guint
find_colormap (const struct dino_colormap *wanted)
{
  for (gsize i = 0; wanted != NULL && dino_colormap_at (i) != NULL; i++)
    if (dino_colormap_at (i) == wanted)
      return (guint) i + 1;
  return 0;
}

static void
set_spin (GtkSpinButton *spin, double value)
{
  if (gtk_spin_button_get_value (spin) != value)
    gtk_spin_button_set_value (spin, value);
}

static void
show_style (DinoscopePanel *self)
{
  const struct dino_map_style *style = dinoscope_overlay_settings_get_style (self->settings);
  g_autofree char             *percent = g_strdup_printf ("%.0f\u202f%%", 100 * style->opacity);

  self->updating = TRUE;
  gtk_adjustment_set_value (self->opacity_adjustment, 100 * style->opacity);
  gtk_label_set_text (self->opacity_label, percent);
  adw_combo_row_set_selected (self->colormap_row, find_colormap (style->colormap));
  adw_combo_row_set_selected (self->smooth_row, (guint) style->smooth);
  set_spin (self->contours_spin, style->contours);
  adw_expander_row_set_enable_expansion (self->range_row, style->has_range);
  adw_expander_row_set_enable_expansion (self->threshold_row, style->has_threshold);
  if (style->has_range)
    {
      /* The ends cannot pass each other. */
      gtk_adjustment_set_upper (gtk_spin_button_get_adjustment (self->low_spin), style->high);
      gtk_adjustment_set_lower (gtk_spin_button_get_adjustment (self->high_spin), style->low);
      set_spin (self->low_spin, style->low);
      set_spin (self->high_spin, style->high);
    }
  if (style->has_threshold)
    set_spin (self->threshold_spin, style->threshold);
  self->updating = FALSE;
}

static DinoscopeMap *
get_map (DinoscopePanel *self)
{
  return self->page != NULL ? dinoscope_page_get_map (self->page) : NULL;
}

/* Range and threshold start where the map itself is. */
static void
take_range (DinoscopePanel *self, struct dino_map_style *style)
{
  gboolean      enabled = adw_expander_row_get_enable_expansion (self->range_row);
  DinoscopeMap *map = get_map (self);

  if (enabled && !style->has_range && map != NULL)
    {
      style->low = dinoscope_map_get_core (map)->low;
      style->high = dinoscope_map_get_core (map)->high;
    }
  else if (enabled)
    {
      style->low = gtk_spin_button_get_value (self->low_spin);
      style->high = gtk_spin_button_get_value (self->high_spin);
    }
  style->has_range = enabled;
}

static void
take_threshold (DinoscopePanel *self, struct dino_map_style *style)
{
  gboolean      enabled = adw_expander_row_get_enable_expansion (self->threshold_row);
  DinoscopeMap *map = get_map (self);

  if (enabled && !style->has_threshold && map != NULL)
    style->threshold = dinoscope_map_get_core (map)->low;
  else if (enabled)
    style->threshold = gtk_spin_button_get_value (self->threshold_spin);
  style->has_threshold = enabled;
}

static void
style_edited_cb (DinoscopePanel *self)
{
  struct dino_map_style style;
  guint                 colormap = adw_combo_row_get_selected (self->colormap_row);

  if (self->updating || self->settings == NULL)
    return;
  style = *dinoscope_overlay_settings_get_style (self->settings);
  style.opacity = gtk_adjustment_get_value (self->opacity_adjustment) / 100;
  style.colormap = colormap > 0 && colormap != GTK_INVALID_LIST_POSITION ? dino_colormap_at (colormap - 1) : NULL;
  style.smooth = (enum dino_smooth) dinoscope_choice_get (self->smooth_row);
  style.contours = gtk_spin_button_get_value_as_int (self->contours_spin);
  take_range (self, &style);
  take_threshold (self, &style);
  dinoscope_overlay_settings_set_style (self->settings, &style);
}

/* Steps that suit the map: a hundredth of its range, at least three digits of it. */
static void
adapt_spin (GtkSpinButton *spin, const struct dino_map *map)
{
  double span = map->high - map->low;
  double step = 1;
  guint  digits = 0;

  while (step > span / 100 && digits < 8)
    {
      step /= 10;
      digits++;
    }
  gtk_spin_button_set_digits (spin, digits + 1);
  gtk_spin_button_set_increments (spin, step, 10 * step);
}

/* Three channels have their own scaling and no colour map. */
static void
show_map_kind (DinoscopePanel *self)
{
  DinoscopeMap          *map = get_map (self);
  const struct dino_map *core = map != NULL ? dinoscope_map_get_core (map) : NULL;
  gboolean               single = core == NULL || core->channels == 1;
  g_autofree char       *low = NULL;
  g_autofree char       *high = NULL;
  g_autofree char       *range = NULL;

  gtk_widget_set_sensitive (GTK_WIDGET (self->colormap_row), single);
  gtk_widget_set_sensitive (GTK_WIDGET (self->contours_spin), single);
  gtk_widget_set_sensitive (GTK_WIDGET (self->range_row), single);
  gtk_widget_set_sensitive (GTK_WIDGET (self->threshold_row), single);
  if (core == NULL || !single)
    {
      adw_expander_row_set_subtitle (self->range_row, core == NULL ? "" : _ ("Each component its own"));
      return;
    }
  low = dinoscope_format_value (core->low);
  high = dinoscope_format_value (core->high);
  range = g_strdup_printf (_ ("Automatic: %s to %s"), low, high);
  adw_expander_row_set_subtitle (self->range_row, range);
  self->updating = TRUE;
  adapt_spin (self->low_spin, core);
  adapt_spin (self->high_spin, core);
  adapt_spin (self->threshold_spin, core);
  self->updating = FALSE;
}

/* Facts. */

typedef struct
{
  AdwExpanderRow *expander;
  GPtrArray      *rows;
} FactTarget;

static void
add_fact (const char *title, const char *value, gpointer user_data)
{
  FactTarget *target = user_data;
  GtkWidget  *row = dinoscope_fact_row_new (title, value);

  g_ptr_array_add (target->rows, row);
  adw_expander_row_add_row (target->expander, row);
}

static void
clear_facts (AdwExpanderRow *expander, GPtrArray *rows)
{
  for (guint i = 0; i < rows->len; i++)
    adw_expander_row_remove (expander, g_ptr_array_index (rows, i));
  g_ptr_array_set_size (rows, 0);
}

static void
show_recipe (DinoscopePanel *self)
{
  FactTarget         target = { self->recipe_row, self->recipe_rows };
  DinoscopeMap      *map = get_map (self);
  DinoscopeFeatures *features = map != NULL ? dinoscope_page_get_features (self->page) : NULL;

  clear_facts (self->recipe_row, self->recipe_rows);
  if (map != NULL)
    dinoscope_facts_of_map (map, add_fact, &target);
  if (features != NULL)
    dinoscope_facts_of_model (dinoscope_features_get_model (features), add_fact, &target);
  gtk_widget_set_sensitive (GTK_WIDGET (self->recipe_row), map != NULL);
}

static void
show_picture (DinoscopePanel *self)
{
  DinoscopeStudy       *study = self->page != NULL ? dinoscope_page_get_study (self->page) : NULL;
  DinoscopeGreys       *greys = self->page != NULL ? dinoscope_page_get_greys (self->page) : NULL;
  DinoscopeShownPicture shown = { .study = study };
  g_autofree char      *display = NULL;

  if (study != NULL)
    shown.geometry = dinoscope_page_get_geometry (self->page);
  if (study != NULL && dinoscope_page_get_file (self->page) != NULL)
    shown.alone = dinoscope_sandbox_is_alone (dinoscope_page_get_file (self->page));
  if (study != NULL && !dinoscope_greys_is_default (greys))
    display = dinoscope_greys_describe (greys);
  shown.display = display;
  dinoscope_picture_group_show (self->picture_group, study != NULL ? &shown : NULL);
}

/* A list that is built anew at every movement of a hand would be in its way. */
static void
greys_changed_cb (DinoscopePanel *self)
{
  if (!dinoscope_greys_is_held (dinoscope_page_get_greys (self->page)))
    show_picture (self);
}

static void
map_changed_cb (DinoscopePanel *self)
{
  show_map_kind (self);
  show_recipe (self);
  /* While the next map is computed, a hand may still be on the drawing of the last. */
  if (self->histogram != NULL && get_map (self) != NULL)
    dinoscope_histogram_set_map (DINOSCOPE_HISTOGRAM (self->histogram), get_map (self));
}

static void
dinoscope_panel_dispose (GObject *object)
{
  DinoscopePanel *self = DINOSCOPE_PANEL (object);

  g_clear_object (&self->page_signals);
  g_clear_object (&self->greys_signals);
  g_clear_object (&self->session_signals);
  g_clear_object (&self->page);
  g_clear_object (&self->settings);
  g_clear_object (&self->providers);
  g_clear_pointer (&self->parameter_rows, g_ptr_array_unref);
  g_clear_pointer (&self->recipe_rows, g_ptr_array_unref);
  gtk_widget_dispose_template (GTK_WIDGET (self), DINOSCOPE_TYPE_PANEL);

  G_OBJECT_CLASS (dinoscope_panel_parent_class)->dispose (object);
}

static void
dinoscope_panel_class_init (DinoscopePanelClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = dinoscope_panel_dispose;
  g_type_ensure (DINOSCOPE_TYPE_PICTURE_GROUP);
  g_type_ensure (DINOSCOPE_TYPE_GREYS_GROUP);
  g_type_ensure (DINOSCOPE_TYPE_PREPARATION_GROUP);
  g_type_ensure (DINOSCOPE_TYPE_VIEWS_GROUP);
  g_type_ensure (DINOSCOPE_TYPE_PATCH_GROUP);
  g_type_ensure (DINOSCOPE_TYPE_STRONGEST_GROUP);
  g_type_ensure (DINOSCOPE_TYPE_PROBE_GROUP);
  g_type_ensure (DINOSCOPE_TYPE_REGIONS_GROUP);
  g_type_ensure (DINOSCOPE_TYPE_SCRIBBLE_GROUP);
  g_type_ensure (DINOSCOPE_TYPE_WHAT_IF_GROUP);
  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/dinoscope/Dinoscope/dinoscope-panel.ui");
  gtk_widget_class_bind_template_child (widget_class, DinoscopePanel, scrolled_window);
  gtk_widget_class_bind_template_child (widget_class, DinoscopePanel, overlay_group);
  gtk_widget_class_bind_template_child (widget_class, DinoscopePanel, overlay_row);
  gtk_widget_class_bind_template_child (widget_class, DinoscopePanel, opacity_adjustment);
  gtk_widget_class_bind_template_child (widget_class, DinoscopePanel, opacity_label);
  gtk_widget_class_bind_template_child (widget_class, DinoscopePanel, colormap_row);
  gtk_widget_class_bind_template_child (widget_class, DinoscopePanel, smooth_row);
  gtk_widget_class_bind_template_child (widget_class, DinoscopePanel, contours_spin);
  gtk_widget_class_bind_template_child (widget_class, DinoscopePanel, range_row);
  gtk_widget_class_bind_template_child (widget_class, DinoscopePanel, low_spin);
  gtk_widget_class_bind_template_child (widget_class, DinoscopePanel, high_spin);
  gtk_widget_class_bind_template_child (widget_class, DinoscopePanel, threshold_row);
  gtk_widget_class_bind_template_child (widget_class, DinoscopePanel, threshold_spin);
  gtk_widget_class_bind_template_child (widget_class, DinoscopePanel, recipe_row);
  gtk_widget_class_bind_template_child (widget_class, DinoscopePanel, picture_group);
  gtk_widget_class_bind_template_child (widget_class, DinoscopePanel, views_group);
  gtk_widget_class_bind_template_child (widget_class, DinoscopePanel, patch_group);
  gtk_widget_class_bind_template_child (widget_class, DinoscopePanel, strongest_group);
  gtk_widget_class_bind_template_child (widget_class, DinoscopePanel, probe_group);
  gtk_widget_class_bind_template_child (widget_class, DinoscopePanel, regions_group);
  gtk_widget_class_bind_template_child (widget_class, DinoscopePanel, scribble_group);
  gtk_widget_class_bind_template_child (widget_class, DinoscopePanel, what_if_group);
  gtk_widget_class_bind_template_child (widget_class, DinoscopePanel, greys_group);
  gtk_widget_class_bind_template_child (widget_class, DinoscopePanel, preparation_group);
  gtk_widget_class_bind_template_callback (widget_class, overlay_selected_cb);
  gtk_widget_class_bind_template_callback (widget_class, style_edited_cb);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
}

static void
dinoscope_panel_init (DinoscopePanel *self)
{
  self->parameter_rows = g_ptr_array_new ();
  self->recipe_rows = g_ptr_array_new ();
  /* Widgets tell of their first values while the template is built. */
  self->updating = TRUE;
  gtk_widget_init_template (GTK_WIDGET (self));
  self->updating = FALSE;
  dinoscope_scroll_past_editors (GTK_SCROLLED_WINDOW (self->scrolled_window));
  list_providers (self);
  dinoscope_plugin_watch (self, G_CALLBACK (plugin_changed_cb));
  list_colormaps (self);

  self->greys_signals = g_signal_group_new (DINOSCOPE_TYPE_GREYS);
  g_signal_group_connect_swapped (self->greys_signals, "changed", G_CALLBACK (greys_changed_cb), self);
  /* The hash is known a while after the map. */
  self->session_signals = g_signal_group_new (DINOSCOPE_TYPE_SESSION);
  g_signal_group_connect_swapped (self->session_signals, "model-identified", G_CALLBACK (show_recipe), self);
  self->page_signals = g_signal_group_new (DINOSCOPE_TYPE_PAGE);
  g_signal_group_connect_swapped (self->page_signals, "notify::map", G_CALLBACK (map_changed_cb), self);
  g_signal_group_connect_swapped (self->page_signals, "notify::study", G_CALLBACK (show_picture), self);
  /* What the model sees is known when its encoding begins. */
  g_signal_group_connect_swapped (self->page_signals, "notify::encoding", G_CALLBACK (show_picture), self);
}

void
dinoscope_panel_set_settings (DinoscopePanel *self, DinoscopeOverlaySettings *settings)
{
  g_return_if_fail (DINOSCOPE_IS_PANEL (self));
  g_return_if_fail (self->settings == NULL);

  self->settings = g_object_ref (settings);
  dinoscope_what_if_group_set_settings (self->what_if_group, settings);
  dinoscope_probe_group_set_settings (self->probe_group, settings);
  g_signal_connect_object (settings, "list-changed", G_CALLBACK (rebuild_parameters), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (settings, "style-changed", G_CALLBACK (show_style), self, G_CONNECT_SWAPPED);
  rebuild_parameters (self);
  show_style (self);
}

void
dinoscope_panel_set_preparation (DinoscopePanel *self, DinoscopePreparationSettings *preparation)
{
  g_return_if_fail (DINOSCOPE_IS_PANEL (self));

  dinoscope_preparation_group_set_settings (self->preparation_group, preparation);
}

void
dinoscope_panel_set_page (DinoscopePanel *self, DinoscopePage *page)
{
  g_return_if_fail (DINOSCOPE_IS_PANEL (self));

  if (!g_set_object (&self->page, page))
    return;
  g_signal_group_set_target (self->page_signals, page);
  g_signal_group_set_target (self->session_signals, page != NULL ? dinoscope_page_get_session (page) : NULL);
  dinoscope_greys_group_set_greys (self->greys_group, page != NULL ? dinoscope_page_get_greys (page) : NULL);
  g_signal_group_set_target (self->greys_signals, page != NULL ? dinoscope_page_get_greys (page) : NULL);
  dinoscope_preparation_group_set_page (self->preparation_group, page);
  dinoscope_views_group_set_page (self->views_group, page);
  dinoscope_patch_group_set_page (self->patch_group, page);
  dinoscope_strongest_group_set_page (self->strongest_group, page);
  dinoscope_probe_group_set_page (self->probe_group, page);
  for (guint i = 0; i < self->parameter_rows->len; i++)
    dinoscope_parameter_row_set_marks (g_ptr_array_index (self->parameter_rows, i), get_marks (self));
  dinoscope_regions_group_set_page (self->regions_group, page);
  dinoscope_scribble_group_set_page (self->scribble_group, page);
  dinoscope_what_if_group_set_page (self->what_if_group, page);
  map_changed_cb (self);
  show_picture (self);
}

GtkWidget *
dinoscope_panel_find_row (DinoscopePanel *self, const char *name)
{
  g_return_val_if_fail (DINOSCOPE_IS_PANEL (self), NULL);

  for (guint i = 0; i < self->parameter_rows->len; i++)
    {
      GtkWidget *row = g_ptr_array_index (self->parameter_rows, i);

      if (g_str_equal (dinoscope_parameter_row_get_name (DINOSCOPE_PARAMETER_ROW (row)), name))
        return row;
    }
  return NULL;
}
