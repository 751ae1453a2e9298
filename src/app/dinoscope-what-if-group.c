#include "app/dinoscope-what-if-group.h"

#include <glib/gi18n-lib.h>

/* What a region can be covered with, in the order of the drop-down. */
enum
{
  FILL_GREY,
  FILL_MEAN,
  FILL_BLUR,
  FILL_OTHER_SIDE,
  FILL_NEXT_REGION
};

struct _DinoscopeWhatIfGroup
{
  AdwPreferencesGroup parent_instance;

  DinoscopePage            *page;
  DinoscopeOverlaySettings *settings;
  GSignalGroup             *page_signals;
  GSignalGroup             *regions_signals;
  GSignalGroup             *what_if_signals;
  gboolean                  updating;
  gboolean                  of_blur; /* the amount is a sigma */
  double                    level, sigma;

  GtkWidget      *reset_button;
  AdwComboRow    *fill_row;
  AdwActionRow   *amount_row;
  GtkSpinButton  *amount_spin;
  AdwActionRow   *cover_row;
  GtkWidget      *cover_button;
  AdwActionRow   *result_row;
  GtkWidget      *shown_row;
  GtkSwitch      *shown_switch;
  GtkWidget      *map_row;
  AdwExpanderRow *sweep_row;
  GtkSpinButton  *window_spin;
  GtkSpinButton  *stride_spin;
  GtkSwitch      *patch_switch;
  AdwActionRow   *progress_row;
  GtkButton      *sweep_button;
  GtkWidget      *sweep_show_button;
};

G_DEFINE_FINAL_TYPE (DinoscopeWhatIfGroup, dinoscope_what_if_group, ADW_TYPE_PREFERENCES_GROUP)

static DinoscopeWhatIf *
get_what_if (DinoscopeWhatIfGroup *self)
{
  return self->page != NULL ? dinoscope_page_get_what_if (self->page) : NULL;
}

static int
get_selected (DinoscopeWhatIfGroup *self)
{
  return self->page != NULL ? dinoscope_regions_get_selected (dinoscope_page_get_regions (self->page)) : -1;
}

static void
tell (DinoscopeWhatIfGroup *self, const char *text)
{
  g_signal_emit_by_name (self->page, "message", text);
}

static gboolean
is_sweeping (DinoscopeWhatIf *what_if)
{
  return what_if != NULL && dinoscope_what_if_get_sweep (what_if) != NULL &&
         dinoscope_sweep_get_state (dinoscope_what_if_get_sweep (what_if)) == DINOSCOPE_SWEEP_RUNNING;
}

/* What is shown. */

/* One row for two numbers, which keep their values. */
static void
show_amount (DinoscopeWhatIfGroup *self)
{
  guint    fill = adw_combo_row_get_selected (self->fill_row);
  gboolean of_blur = fill == FILL_BLUR;

  gtk_widget_set_visible (GTK_WIDGET (self->amount_row), fill == FILL_GREY || of_blur);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self->amount_row), of_blur ? _ ("Sigma, Pixels") : _ ("Grey, Percent"));
  adw_action_row_set_subtitle (self->amount_row, of_blur ? "" : _ ("From the picture’s black to its white"));
  if (self->of_blur == of_blur)
    return;
  if (self->of_blur)
    self->sigma = gtk_spin_button_get_value (self->amount_spin);
  else
    self->level = gtk_spin_button_get_value (self->amount_spin);
  self->of_blur = of_blur;
  gtk_spin_button_set_range (self->amount_spin, of_blur ? 1 : 0, of_blur ? DINO_BLUR_MAX_SIGMA : 100);
  gtk_spin_button_set_value (self->amount_spin, of_blur ? self->sigma : self->level);
}

static void
show_cover (DinoscopeWhatIfGroup *self, DinoscopeWhatIf *what_if)
{
  gboolean         ready = what_if != NULL && dinoscope_what_if_can_start (what_if);
  int              selected = get_selected (self);
  g_autofree char *title = selected >= 0 ? dinoscope_regions_dup_title (dinoscope_page_get_regions (self->page), (guint) selected) : NULL;
  g_autofree char *escaped = title != NULL ? g_markup_escape_text (title, -1) : NULL;

  gtk_widget_set_sensitive (self->cover_button, ready && selected >= 0);
  if (!ready)
    adw_action_row_set_subtitle (self->cover_row, _ ("The picture is not encoded yet."));
  else
    adw_action_row_set_subtitle (self->cover_row, escaped != NULL ? escaped : _ ("None: draw or choose a region first."));
}

static char *
describe_state (DinoscopeWhatIf *what_if)
{
  guint done, total;

  switch (dinoscope_what_if_get_state (what_if))
    {
    case DINOSCOPE_WHAT_IF_RUNNING:
      dinoscope_what_if_get_progress (what_if, &done, &total);
      if (total > 0)
        return g_strdup_printf (_ ("Encoding: block %u of %u"), MIN (done + 1, total), total);
      return g_strdup (_ ("Covering…"));
    case DINOSCOPE_WHAT_IF_DONE:
      return g_strdup_printf (_ ("cosine before and after %.5f\nlength of the change %.3f"), dinoscope_what_if_get_cosine (what_if), dinoscope_what_if_get_distance (what_if));
    case DINOSCOPE_WHAT_IF_FAILED:
      return g_strdup (dinoscope_what_if_get_problem (what_if));
    case DINOSCOPE_WHAT_IF_NONE:
    default:
      return NULL;
    }
}

static void
show_result (DinoscopeWhatIfGroup *self, DinoscopeWhatIf *what_if)
{
  g_autofree char *text = what_if != NULL ? describe_state (what_if) : NULL;
  g_autofree char *escaped = text != NULL ? g_markup_escape_text (text, -1) : NULL;
  gboolean         done = what_if != NULL && dinoscope_what_if_get_state (what_if) == DINOSCOPE_WHAT_IF_DONE;

  gtk_widget_set_visible (GTK_WIDGET (self->result_row), text != NULL);
  adw_action_row_set_subtitle (self->result_row, escaped != NULL ? escaped : "");
  gtk_widget_set_visible (self->shown_row, done);
  gtk_widget_set_visible (self->map_row, done);
  gtk_switch_set_active (self->shown_switch, self->page != NULL && dinoscope_page_get_cover_visible (self->page));
}

static void
show_sweep (DinoscopeWhatIfGroup *self, DinoscopeWhatIf *what_if)
{
  g_autofree char *text = what_if != NULL ? dinoscope_what_if_describe_sweep (what_if) : g_strdup ("");
  g_autofree char *escaped = g_markup_escape_text (text, -1);
  gboolean         running = is_sweeping (what_if);

  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self->progress_row), *escaped != '\0' ? escaped : _ ("Encodes the picture once for each place"));
  adw_expander_row_set_subtitle (self->sweep_row, escaped);
  gtk_button_set_label (self->sweep_button, running ? _ ("Cancel") : _ ("Start"));
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->sweep_button), GTK_ACCESSIBLE_PROPERTY_LABEL, running ? _ ("Cancel the sweep") : _ ("Start the sweep"), -1);
  gtk_widget_set_sensitive (GTK_WIDGET (self->sweep_button), what_if != NULL && dinoscope_what_if_can_start (what_if));
  gtk_widget_set_visible (self->sweep_show_button, what_if != NULL && dinoscope_what_if_get_sweep (what_if) != NULL &&
                                                       dinoscope_sweep_get_n_done (dinoscope_what_if_get_sweep (what_if)) > 0 && dinoscope_page_get_guest_map (self->page) == NULL);
  gtk_spin_button_set_range (self->stride_spin, 1, gtk_spin_button_get_value (self->window_spin));
}

static void
update (DinoscopeWhatIfGroup *self)
{
  DinoscopeWhatIf *what_if = get_what_if (self);

  if (self->updating)
    return;
  self->updating = TRUE;
  gtk_widget_set_sensitive (GTK_WIDGET (self), self->page != NULL && dinoscope_page_get_study (self->page) != NULL);
  gtk_widget_set_sensitive (self->reset_button, what_if != NULL && (dinoscope_what_if_get_state (what_if) != DINOSCOPE_WHAT_IF_NONE || dinoscope_what_if_get_sweep (what_if) != NULL));
  show_amount (self);
  show_cover (self, what_if);
  show_result (self, what_if);
  show_sweep (self, what_if);
  self->updating = FALSE;
}

/* The map fills in place, as long as nobody has asked for another one. */
static void
show_sweep_map (DinoscopeWhatIfGroup *self)
{
  DinoscopeSweep          *sweep = dinoscope_what_if_get_sweep (get_what_if (self));
  g_autoptr (GVariant)     parameters = NULL;
  g_autoptr (DinoscopeMap) map = sweep != NULL ? dinoscope_sweep_dup_map (sweep, &parameters) : NULL;

  dinoscope_page_set_guest_map (self->page, map, parameters);
}

static void
sweep_changed_cb (DinoscopeWhatIfGroup *self)
{
  DinoscopeSweep *sweep = dinoscope_what_if_get_sweep (get_what_if (self));

  if (sweep == NULL || dinoscope_sweep_get_n_done (sweep) <= 1 || dinoscope_page_get_guest_map (self->page) != NULL)
    show_sweep_map (self);
  update (self);
}

/* What a hand does. */

static struct dino_occlusion
read_occlusion (DinoscopeWhatIfGroup *self, struct dino_box box)
{
  DinoscopeRegions          *regions = dinoscope_page_get_regions (self->page);
  const struct dino_picture *picture = dinoscope_study_get_picture (dinoscope_page_get_study (self->page));
  struct dino_pixel_box      pixels = dino_pixel_box_of (picture, box);
  double                     amount = gtk_spin_button_get_value (self->amount_spin);
  guint                      next = ((guint) get_selected (self) + 1) % dinoscope_regions_get_n (regions);

  switch (adw_combo_row_get_selected (self->fill_row))
    {
    case FILL_MEAN:
      return (struct dino_occlusion){ .fill = DINO_FILL_MEAN };
    case FILL_BLUR:
      return (struct dino_occlusion){ .fill = DINO_FILL_BLUR, .sigma = amount };
    case FILL_OTHER_SIDE:
      return dino_occlusion_from_other_side (picture, pixels);
    case FILL_NEXT_REGION:
      pixels = dino_pixel_box_of (picture, dinoscope_regions_get (regions, next)->box);
      return (struct dino_occlusion){ .fill = DINO_FILL_COPY, .source_x = pixels.x0, .source_y = pixels.y0 };
    case FILL_GREY:
    default:
      return (struct dino_occlusion){ .fill = DINO_FILL_GREY, .level = amount / 100 };
    }
}

static void
cover_clicked_cb (DinoscopeWhatIfGroup *self)
{
  DinoscopeRegions     *regions = dinoscope_page_get_regions (self->page);
  int                   selected = get_selected (self);
  struct dino_box       box;
  struct dino_occlusion occlusion;

  if (selected < 0 || !dinoscope_what_if_can_start (get_what_if (self)))
    return;
  if (adw_combo_row_get_selected (self->fill_row) == FILL_NEXT_REGION && dinoscope_regions_get_n (regions) < 2)
    {
      tell (self, _ ("There is no other region whose place could be copied."));
      return;
    }
  box = dinoscope_regions_get (regions, (guint) selected)->box;
  occlusion = read_occlusion (self, box);
  dinoscope_page_set_cover_visible (self->page, TRUE);
  dinoscope_what_if_cover (get_what_if (self), box, &occlusion);
}

static void
shown_switched_cb (DinoscopeWhatIfGroup *self)
{
  if (!self->updating && self->page != NULL)
    dinoscope_page_set_cover_visible (self->page, gtk_switch_get_active (self->shown_switch));
}

static void
map_clicked_cb (DinoscopeWhatIfGroup *self)
{
  g_autoptr (DinoscopeOverlayProvider) provider = dinoscope_overlays_find ("difference");

  if (self->settings == NULL || provider == NULL)
    return;
  dinoscope_page_set_guest_map (self->page, NULL, NULL);
  dinoscope_overlay_settings_set_provider (self->settings, provider);
  dinoscope_overlay_settings_set_value (self->settings, "against", g_variant_new_string ("reference"));
  g_object_set (self->settings, "map-visible", TRUE, NULL);
}

static void
reset_clicked_cb (DinoscopeWhatIfGroup *self)
{
  dinoscope_what_if_reset (get_what_if (self));
  dinoscope_page_set_guest_map (self->page, NULL, NULL);
}

/* Of the drop-down's choices, those that need no region. */
static const char *
sweep_fill (DinoscopeWhatIfGroup *self)
{
  static const char *const words[] = { "grey", "mean", "blur", "copy" };
  guint                    fill = adw_combo_row_get_selected (self->fill_row);

  return words[fill < G_N_ELEMENTS (words) ? fill : FILL_OTHER_SIDE];
}

static GVariant *
read_sweep (DinoscopeWhatIfGroup *self)
{
  g_auto (GVariantBuilder) values = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE_VARDICT);
  int                      row, column;

  g_variant_builder_add (&values, "{sv}", "window", g_variant_new_int32 (gtk_spin_button_get_value_as_int (self->window_spin)));
  g_variant_builder_add (&values, "{sv}", "stride", g_variant_new_int32 (gtk_spin_button_get_value_as_int (self->stride_spin)));
  g_variant_builder_add (&values, "{sv}", "fill", g_variant_new_string (sweep_fill (self)));
  if (!self->of_blur)
    g_variant_builder_add (&values, "{sv}", "level", g_variant_new_double (gtk_spin_button_get_value (self->amount_spin) / 100));
  if (gtk_switch_get_active (self->patch_switch) && dinoscope_canvas_get_selected_patch (dinoscope_page_get_canvas (self->page), &row, &column))
    g_variant_builder_add (&values, "{sv}", "patch", g_variant_new ("(ii)", row, column));
  return g_variant_builder_end (&values);
}

static void
sweep_clicked_cb (DinoscopeWhatIfGroup *self)
{
  DinoscopeWhatIf   *what_if = get_what_if (self);
  g_autoptr (GError) error = NULL;

  if (is_sweeping (what_if))
    dinoscope_sweep_cancel (dinoscope_what_if_get_sweep (what_if));
  else if (!dinoscope_what_if_start_sweep (what_if, read_sweep (self), &error))
    tell (self, error->message);
}

static void
dinoscope_what_if_group_dispose (GObject *object)
{
  DinoscopeWhatIfGroup *self = DINOSCOPE_WHAT_IF_GROUP (object);

  g_clear_object (&self->page_signals);
  g_clear_object (&self->regions_signals);
  g_clear_object (&self->what_if_signals);
  g_clear_object (&self->settings);
  g_clear_object (&self->page);
  gtk_widget_dispose_template (GTK_WIDGET (self), DINOSCOPE_TYPE_WHAT_IF_GROUP);

  G_OBJECT_CLASS (dinoscope_what_if_group_parent_class)->dispose (object);
}

static void
dinoscope_what_if_group_class_init (DinoscopeWhatIfGroupClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = dinoscope_what_if_group_dispose;
  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/dinoscope/Dinoscope/dinoscope-what-if-group.ui");
  gtk_widget_class_bind_template_child (widget_class, DinoscopeWhatIfGroup, reset_button);
  gtk_widget_class_bind_template_child (widget_class, DinoscopeWhatIfGroup, fill_row);
  gtk_widget_class_bind_template_child (widget_class, DinoscopeWhatIfGroup, amount_row);
  gtk_widget_class_bind_template_child (widget_class, DinoscopeWhatIfGroup, amount_spin);
  gtk_widget_class_bind_template_child (widget_class, DinoscopeWhatIfGroup, cover_row);
  gtk_widget_class_bind_template_child (widget_class, DinoscopeWhatIfGroup, cover_button);
  gtk_widget_class_bind_template_child (widget_class, DinoscopeWhatIfGroup, result_row);
  gtk_widget_class_bind_template_child (widget_class, DinoscopeWhatIfGroup, shown_row);
  gtk_widget_class_bind_template_child (widget_class, DinoscopeWhatIfGroup, shown_switch);
  gtk_widget_class_bind_template_child (widget_class, DinoscopeWhatIfGroup, map_row);
  gtk_widget_class_bind_template_child (widget_class, DinoscopeWhatIfGroup, sweep_row);
  gtk_widget_class_bind_template_child (widget_class, DinoscopeWhatIfGroup, window_spin);
  gtk_widget_class_bind_template_child (widget_class, DinoscopeWhatIfGroup, stride_spin);
  gtk_widget_class_bind_template_child (widget_class, DinoscopeWhatIfGroup, patch_switch);
  gtk_widget_class_bind_template_child (widget_class, DinoscopeWhatIfGroup, progress_row);
  gtk_widget_class_bind_template_child (widget_class, DinoscopeWhatIfGroup, sweep_button);
  gtk_widget_class_bind_template_child (widget_class, DinoscopeWhatIfGroup, sweep_show_button);
  gtk_widget_class_bind_template_callback (widget_class, update);
  gtk_widget_class_bind_template_callback (widget_class, reset_clicked_cb);
  gtk_widget_class_bind_template_callback (widget_class, cover_clicked_cb);
  gtk_widget_class_bind_template_callback (widget_class, shown_switched_cb);
  gtk_widget_class_bind_template_callback (widget_class, map_clicked_cb);
  gtk_widget_class_bind_template_callback (widget_class, sweep_clicked_cb);
  gtk_widget_class_bind_template_callback (widget_class, show_sweep_map);
}

static void
dinoscope_what_if_group_init (DinoscopeWhatIfGroup *self)
{
  self->level = 50;
  self->sigma = 12;
  /* Widgets tell of their first values while the template is built. */
  self->updating = TRUE;
  gtk_widget_init_template (GTK_WIDGET (self));
  self->updating = FALSE;
  self->page_signals = g_signal_group_new (DINOSCOPE_TYPE_PAGE);
  g_signal_group_connect_swapped (self->page_signals, "notify::study", G_CALLBACK (update), self);
  g_signal_group_connect_swapped (self->page_signals, "notify::map", G_CALLBACK (update), self);
  self->regions_signals = g_signal_group_new (DINOSCOPE_TYPE_REGIONS);
  g_signal_group_connect_swapped (self->regions_signals, "changed", G_CALLBACK (update), self);
  self->what_if_signals = g_signal_group_new (DINOSCOPE_TYPE_WHAT_IF);
  g_signal_group_connect_swapped (self->what_if_signals, "changed", G_CALLBACK (update), self);
  g_signal_group_connect_swapped (self->what_if_signals, "sweep-changed", G_CALLBACK (sweep_changed_cb), self);
  update (self);
}

void
dinoscope_what_if_group_set_page (DinoscopeWhatIfGroup *self, DinoscopePage *page)
{
  g_return_if_fail (DINOSCOPE_IS_WHAT_IF_GROUP (self));
  g_return_if_fail (page == NULL || DINOSCOPE_IS_PAGE (page));

  if (!g_set_object (&self->page, page))
    return;
  g_signal_group_set_target (self->page_signals, page);
  g_signal_group_set_target (self->regions_signals, page != NULL ? dinoscope_page_get_regions (page) : NULL);
  g_signal_group_set_target (self->what_if_signals, get_what_if (self));
  update (self);
}

void
dinoscope_what_if_group_set_settings (DinoscopeWhatIfGroup *self, DinoscopeOverlaySettings *settings)
{
  g_return_if_fail (DINOSCOPE_IS_WHAT_IF_GROUP (self));
  g_return_if_fail (settings == NULL || DINOSCOPE_IS_OVERLAY_SETTINGS (settings));

  g_set_object (&self->settings, settings);
}
