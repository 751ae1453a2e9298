#include <adwaita.h>
#include <glib/gi18n-lib.h>
#include <math.h>

#include "app/dinoscope-page-private.h"

enum
{
  SIGNAL_MESSAGE,
  SIGNAL_READOUT_CHANGED,
  SIGNAL_FEATURES_CHANGED,
  SIGNAL_REFERENCES_WANTED,
  N_SIGNALS
};

G_DEFINE_FINAL_TYPE (DinoscopePage, dinoscope_page, GTK_TYPE_WIDGET)

static GParamSpec *properties[DINOSCOPE_PAGE_N_PROPS];
static guint       signals[N_SIGNALS];

void
dinoscope_page_notify (DinoscopePage *self, guint property)
{
  g_object_notify_by_pspec (G_OBJECT (self), properties[property]);
}

void
dinoscope_page_show_state (DinoscopePage *self, DinoscopePageState state)
{
  static const char *const names[] = { "empty", "opening", "error", "view" };

  self->state = state;
  gtk_stack_set_visible_child_name (self->stack, names[state]);
}

void
dinoscope_page_tell (DinoscopePage *self, const char *text)
{
  g_signal_emit (self, signals[SIGNAL_MESSAGE], 0, text);
}

void
dinoscope_page_readout_changed (DinoscopePage *self)
{
  g_signal_emit (self, signals[SIGNAL_READOUT_CHANGED], 0);
}

void
dinoscope_page_features_changed (DinoscopePage *self)
{
  g_signal_emit (self, signals[SIGNAL_FEATURES_CHANGED], 0);
}

void
dinoscope_page_emit_references_wanted (DinoscopePage *self)
{
  g_signal_emit (self, signals[SIGNAL_REFERENCES_WANTED], 0);
}

static char *
describe_map (DinoscopePage *self, double *fraction)
{
  if (self->map_given_up)
    return g_strdup (_ ("The map was cancelled."));
  if (!self->map_told)
    return NULL;
  *fraction = self->map_done;
  if (self->map_done < 0)
    return g_strdup (_ ("Computing the map…"));
  return g_strdup_printf (_ ("Computing the map: %.0f\u202f%%"), floor (100 * self->map_done));
}

static char *
describe_encoding (DinoscopePage *self, double *fraction)
{
  guint done, total;

  *fraction = -1;
  switch (self->encoding)
    {
    case DINOSCOPE_PAGE_ENCODING_WAITING:
      if (dinoscope_session_has_failed (self->session))
        return g_strdup (dinoscope_session_get_problem (self->session));
      return g_strdup (_ ("Loading the encoder…"));
    case DINOSCOPE_PAGE_ENCODING_RUNNING:
      dinoscope_encode_job_get_progress (self->job, &done, &total);
      *fraction = (double) done / (double) total;
      return g_strdup_printf (_ ("Encoding: block %u of %u"), MIN (done + 1, total), total);
    case DINOSCOPE_PAGE_ENCODING_CANCELLED:
      return g_strdup (_ ("Encoding was cancelled."));
    case DINOSCOPE_PAGE_ENCODING_FAILED:
      return g_strdup (self->encoding_problem);
    case DINOSCOPE_PAGE_ENCODING_NONE:
    case DINOSCOPE_PAGE_ENCODING_DONE:
    default:
      return describe_map (self, fraction);
    }
}

void
dinoscope_page_update_strip (DinoscopePage *self)
{
  double           fraction;
  g_autofree char *text = describe_encoding (self, &fraction);

  gtk_label_set_text (self->strip_label, text != NULL ? text : "");
  gtk_widget_set_visible (GTK_WIDGET (self->strip_progress), fraction >= 0);
  gtk_progress_bar_set_fraction (self->strip_progress, MAX (fraction, 0));
  gtk_widget_set_visible (self->strip_cancel, self->encoding == DINOSCOPE_PAGE_ENCODING_RUNNING || self->map_told);
  gtk_widget_set_visible (self->strip_encode,
                          self->encoding == DINOSCOPE_PAGE_ENCODING_CANCELLED || self->encoding == DINOSCOPE_PAGE_ENCODING_FAILED || self->map_given_up);
  gtk_button_set_label (GTK_BUTTON (self->strip_encode), self->map_given_up ? _ ("_Compute") : _ ("_Encode"));
  gtk_widget_set_visible (self->strip, text != NULL);
}

void
dinoscope_page_update_color_bar (DinoscopePage *self)
{
  gboolean visible;

  g_object_get (self->settings, "map-visible", &visible, NULL);
  gtk_widget_set_visible (GTK_WIDGET (self->color_bar), visible && dinoscope_page_get_map (self) != NULL && !self->bar_hidden);
}

static gboolean
show_zoom_cb (gpointer data)
{
  DinoscopePage   *self = data;
  double           percent = 100 * dinoscope_canvas_get_zoom (self->canvas);
  g_autofree char *text = g_strdup_printf ("%.*f %%", percent < 10 ? 1 : 0, percent);

  self->zoom_source = 0;
  gtk_label_set_text (self->zoom_label, text);
  return G_SOURCE_REMOVE;
}

/* Before the next frame, since a view is fitted within a layout: a label that asks
 * for another one then marks what is above it up to the window, and GTK forgets
 * the marks of those that are being laid out alone. What lies between would not be
 * painted. */
static void
zoom_changed_cb (DinoscopePage *self)
{
  if (self->zoom_source == 0)
    self->zoom_source = g_idle_add_full (G_PRIORITY_HIGH_IDLE, show_zoom_cb, self, NULL);
}

static void
pointer_moved_cb (DinoscopePage *self, double x, double y, gboolean inside)
{
  self->pointer_x = x;
  self->pointer_y = y;
  self->pointer_inside = inside;
  dinoscope_page_readout_changed (self);
}

/* The window is told at the corner while a hand changes it, and where it is not
 * what the file or the picture itself would give. */
static void
greys_changed_cb (DinoscopePage *self)
{
  g_autofree char *text = dinoscope_greys_describe (self->greys);
  gboolean         told = text[0] != '\0' && (dinoscope_greys_is_held (self->greys) || !dinoscope_greys_is_default (self->greys));

  gtk_label_set_text (self->greys_label, text);
  gtk_widget_set_visible (GTK_WIDGET (self->greys_label), told);
  if (self->study != NULL && dinoscope_greys_get_study (self->greys) == self->study && !dinoscope_greys_is_held (self->greys) &&
      dinoscope_preparation_settings_get (self->preparation)->model_input == DINO_MODEL_INPUT_WINDOW)
    dinoscope_page_preparation_wanted (self);
  dinoscope_page_readout_changed (self);
}

static void
map_failed_cb (DinoscopePage *self, const char *message)
{
  dinoscope_page_tell (self, message);
}

static void
patch_selected_cb (DinoscopePage *self, int row, int column)
{
  dinoscope_page_readout_changed (self);
}

static void
measured_cb (DinoscopePage *self)
{
  dinoscope_page_readout_changed (self);
}

static void
zoom_in_clicked_cb (DinoscopePage *self)
{
  gtk_widget_activate_action (GTK_WIDGET (self->canvas), "view.zoom-in", NULL);
}

static void
zoom_out_clicked_cb (DinoscopePage *self)
{
  gtk_widget_activate_action (GTK_WIDGET (self->canvas), "view.zoom-out", NULL);
}

static void
fit_clicked_cb (DinoscopePage *self)
{
  gtk_widget_activate_action (GTK_WIDGET (self->canvas), "view.fit", NULL);
}

static void
cancel_clicked_cb (DinoscopePage *self)
{
  dinoscope_page_cancel (self);
}

static void
encode_clicked_cb (DinoscopePage *self)
{
  dinoscope_page_encode (self);
}

void
dinoscope_page_model_changed (DinoscopePage *self)
{
  if (self->study == NULL || self->closed)
    return;
  /* Nothing of another model may stay, in the background neither. */
  dinoscope_page_drop_map (self);
  dinoscope_page_begin_encoding (self, NULL);
  dinoscope_page_encode_ahead (self);
  dinoscope_page_continue_sidecar (self);
}

static void
session_model_changed_cb (DinoscopePage *self)
{
  if (self->own_model == NULL)
    dinoscope_page_model_changed (self);
}

static void
problem_changed_cb (DinoscopePage *self)
{
  dinoscope_page_update_strip (self);
}

static gboolean
dinoscope_page_grab_focus (GtkWidget *widget)
{
  DinoscopePage *self = DINOSCOPE_PAGE (widget);

  return self->state == DINOSCOPE_PAGE_SHOWN && gtk_widget_grab_focus (GTK_WIDGET (self->canvas));
}

static void
dinoscope_page_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  DinoscopePage *self = DINOSCOPE_PAGE (object);

  switch (id)
    {
    case DINOSCOPE_PAGE_PROP_TITLE:
      g_value_set_string (value, self->title);
      break;
    case DINOSCOPE_PAGE_PROP_STUDY:
      g_value_set_object (value, self->study);
      break;
    case DINOSCOPE_PAGE_PROP_MAP:
      g_value_set_object (value, dinoscope_page_get_map (self));
      break;
    case DINOSCOPE_PAGE_PROP_CAN_GO_BACK:
      g_value_set_boolean (value, self->previous != NULL);
      break;
    case DINOSCOPE_PAGE_PROP_CAN_GO_ON:
      g_value_set_boolean (value, self->next != NULL);
      break;
    case DINOSCOPE_PAGE_PROP_ENCODING:
      g_value_set_int (value, (int) self->encoding);
      break;
    case DINOSCOPE_PAGE_PROP_OWN_PREPARATION:
      g_value_set_boolean (value, self->own_preparation);
      break;
    case DINOSCOPE_PAGE_PROP_CONCEALED:
      g_value_set_boolean (value, self->concealed);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
dinoscope_page_dispose (GObject *object)
{
  DinoscopePage *self = DINOSCOPE_PAGE (object);

  dinoscope_page_close (self);
  g_clear_object (&self->settings_signals);
  g_clear_object (&self->settings_bindings);
  g_clear_object (&self->preparation_signals);
  gtk_widget_dispose_template (GTK_WIDGET (self), DINOSCOPE_TYPE_PAGE);
  g_clear_handle_id (&self->zoom_source, g_source_remove);
  g_clear_object (&self->own_model);
  g_clear_pointer (&self->references, g_ptr_array_unref);
  g_clear_pointer (&self->references_used, g_ptr_array_unref);
  g_clear_object (&self->study);
  g_clear_object (&self->history);
  g_clear_object (&self->marks);
  g_clear_object (&self->greys);
  g_clear_object (&self->regions);
  g_clear_object (&self->scribbles);
  dinoscope_page_what_if_clear (self);
  g_clear_object (&self->map);
  g_clear_object (&self->input);
  g_clear_object (&self->file);
  g_clear_object (&self->previous);
  g_clear_object (&self->next);
  g_clear_object (&self->pending_file);
  g_clear_object (&self->session);
  g_clear_object (&self->settings);
  g_clear_object (&self->preparation);

  G_OBJECT_CLASS (dinoscope_page_parent_class)->dispose (object);
}

static void
dinoscope_page_finalize (GObject *object)
{
  DinoscopePage *self = DINOSCOPE_PAGE (object);

  g_free (self->title);
  g_free (self->history_overlay);
  dinoscope_patch_numbers_free (self->numbers);
  g_clear_pointer (&self->sidecar, dinoscope_sidecar_free);
  g_free (self->encoding_problem);
  dinoscope_page_guess_finalize (self);

  G_OBJECT_CLASS (dinoscope_page_parent_class)->finalize (object);
}

static void
install_properties (GObjectClass *object_class)
{
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;

  properties[DINOSCOPE_PAGE_PROP_TITLE] = g_param_spec_string ("title", NULL, NULL, NULL, flags);
  properties[DINOSCOPE_PAGE_PROP_STUDY] = g_param_spec_object ("study", NULL, NULL, DINOSCOPE_TYPE_STUDY, flags);
  properties[DINOSCOPE_PAGE_PROP_MAP] = g_param_spec_object ("map", NULL, NULL, DINOSCOPE_TYPE_MAP, flags);
  properties[DINOSCOPE_PAGE_PROP_CAN_GO_BACK] = g_param_spec_boolean ("can-go-back", NULL, NULL, FALSE, flags);
  properties[DINOSCOPE_PAGE_PROP_CAN_GO_ON] = g_param_spec_boolean ("can-go-on", NULL, NULL, FALSE, flags);
  properties[DINOSCOPE_PAGE_PROP_ENCODING] = g_param_spec_int ("encoding", NULL, NULL, 0, G_MAXINT, 0, flags);
  properties[DINOSCOPE_PAGE_PROP_OWN_PREPARATION] = g_param_spec_boolean ("own-preparation", NULL, NULL, FALSE, flags);
  properties[DINOSCOPE_PAGE_PROP_CONCEALED] = g_param_spec_boolean ("concealed", NULL, NULL, FALSE, flags);
  g_object_class_install_properties (object_class, DINOSCOPE_PAGE_N_PROPS, properties);
}

static void
dinoscope_page_class_init (DinoscopePageClass *klass)
{
  GObjectClass   *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->get_property = dinoscope_page_get_property;
  object_class->dispose = dinoscope_page_dispose;
  object_class->finalize = dinoscope_page_finalize;
  widget_class->grab_focus = dinoscope_page_grab_focus;
  install_properties (object_class);

  signals[SIGNAL_MESSAGE] = g_signal_new ("message", DINOSCOPE_TYPE_PAGE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
  signals[SIGNAL_FEATURES_CHANGED] = g_signal_new ("features-changed", DINOSCOPE_TYPE_PAGE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[SIGNAL_READOUT_CHANGED] = g_signal_new ("readout-changed", DINOSCOPE_TYPE_PAGE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);

  signals[SIGNAL_REFERENCES_WANTED] = g_signal_new ("references-wanted", DINOSCOPE_TYPE_PAGE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);

  g_type_ensure (DINOSCOPE_TYPE_CANVAS);
  g_type_ensure (DINOSCOPE_TYPE_COLOR_BAR);
  g_type_ensure (DINOSCOPE_TYPE_GUESS_CARD);
  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/dinoscope/Dinoscope/dinoscope-page.ui");
  gtk_widget_class_bind_template_child (widget_class, DinoscopePage, stack);
  gtk_widget_class_bind_template_child (widget_class, DinoscopePage, error_page);
  gtk_widget_class_bind_template_child (widget_class, DinoscopePage, scrolled_window);
  gtk_widget_class_bind_template_child (widget_class, DinoscopePage, canvas);
  gtk_widget_class_bind_template_child (widget_class, DinoscopePage, color_bar);
  gtk_widget_class_bind_template_child (widget_class, DinoscopePage, guess_card);
  gtk_widget_class_bind_template_child (widget_class, DinoscopePage, zoom_label);
  gtk_widget_class_bind_template_child (widget_class, DinoscopePage, notes_box);
  gtk_widget_class_bind_template_child (widget_class, DinoscopePage, bar_box);
  gtk_widget_class_bind_template_child (widget_class, DinoscopePage, zoom_controls);
  gtk_widget_class_bind_template_child (widget_class, DinoscopePage, notes_label);
  gtk_widget_class_bind_template_child (widget_class, DinoscopePage, greys_label);
  gtk_widget_class_bind_template_child (widget_class, DinoscopePage, preparation_label);
  gtk_widget_class_bind_template_child (widget_class, DinoscopePage, model_view_label);
  gtk_widget_class_bind_template_child (widget_class, DinoscopePage, strip);
  gtk_widget_class_bind_template_child (widget_class, DinoscopePage, strip_label);
  gtk_widget_class_bind_template_child (widget_class, DinoscopePage, strip_progress);
  gtk_widget_class_bind_template_child (widget_class, DinoscopePage, strip_cancel);
  gtk_widget_class_bind_template_child (widget_class, DinoscopePage, strip_encode);
  gtk_widget_class_bind_template_callback (widget_class, zoom_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, pointer_moved_cb);
  gtk_widget_class_bind_template_callback (widget_class, map_failed_cb);
  gtk_widget_class_bind_template_callback (widget_class, patch_selected_cb);
  gtk_widget_class_bind_template_callback (widget_class, measured_cb);
  gtk_widget_class_bind_template_callback (widget_class, dinoscope_page_update_model_view);
  gtk_widget_class_bind_template_callback (widget_class, dinoscope_page_place_child_cb);
  gtk_widget_class_bind_template_callback (widget_class, zoom_in_clicked_cb);
  gtk_widget_class_bind_template_callback (widget_class, zoom_out_clicked_cb);
  gtk_widget_class_bind_template_callback (widget_class, fit_clicked_cb);
  gtk_widget_class_bind_template_callback (widget_class, cancel_clicked_cb);
  gtk_widget_class_bind_template_callback (widget_class, encode_clicked_cb);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
}

static void
dinoscope_page_init (DinoscopePage *self)
{
  self->direction = 1;
  self->map_stale = TRUE;
  self->references = g_ptr_array_new_with_free_func (g_object_unref);
  gtk_widget_init_template (GTK_WIDGET (self));
  /* Pictures are not mirrored, nor is what floats over them: notes and colour bar are on the left. */
  gtk_widget_set_direction (self->zoom_controls, GTK_TEXT_DIR_LTR);
  self->settings_signals = g_signal_group_new (DINOSCOPE_TYPE_OVERLAY_SETTINGS);
  g_signal_group_connect_swapped (self->settings_signals, "map-changed", G_CALLBACK (dinoscope_page_map_wanted), self);
  g_signal_group_connect_swapped (self->settings_signals, "style-changed", G_CALLBACK (dinoscope_page_apply_style), self);
  g_signal_group_connect_swapped (self->settings_signals, "notify::map-visible", G_CALLBACK (dinoscope_page_update_color_bar), self);
  self->settings_bindings = g_binding_group_new ();
  g_binding_group_bind (self->settings_bindings, "map-visible", self->canvas, "map-visible", G_BINDING_SYNC_CREATE | G_BINDING_BIDIRECTIONAL);
  self->preparation = dinoscope_preparation_settings_new ();
  self->preparation_signals = g_signal_group_new (DINOSCOPE_TYPE_PREPARATION_SETTINGS);
  g_signal_group_connect_swapped (self->preparation_signals, "changed", G_CALLBACK (dinoscope_page_preparation_wanted), self);
  self->greys = dinoscope_greys_new ();
  g_signal_connect_object (self->greys, "changed", G_CALLBACK (greys_changed_cb), self, G_CONNECT_SWAPPED);
  dinoscope_canvas_set_greys (self->canvas, self->greys);
  self->regions = dinoscope_regions_new ();
  dinoscope_canvas_set_regions (self->canvas, self->regions);
  self->scribbles = dinoscope_scribbles_new ();
  dinoscope_canvas_set_scribbles (self->canvas, self->scribbles);
  dinoscope_page_history_init (self);
  dinoscope_page_marks_init (self);
  dinoscope_page_guess_init (self);
  self->numbers = dinoscope_patch_numbers_new ();
  dinoscope_page_update_strip (self);
}

DinoscopePage *
dinoscope_page_new (DinoscopeSession *session)
{
  DinoscopePage *self;

  g_return_val_if_fail (DINOSCOPE_IS_SESSION (session), NULL);

  self = g_object_new (DINOSCOPE_TYPE_PAGE, NULL);
  self->session = g_object_ref (session);
  dinoscope_page_what_if_init (self);
  dinoscope_canvas_set_engine (self->canvas, dinoscope_session_get_engine (session));
  g_object_bind_property (session, "wheel-zooms", self->canvas, "wheel-zooms", G_BINDING_SYNC_CREATE);
  g_signal_connect_object (session, "notify::model", G_CALLBACK (session_model_changed_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (session, "notify::problem", G_CALLBACK (problem_changed_cb), self, G_CONNECT_SWAPPED);
  return self;
}

void
dinoscope_page_set_settings (DinoscopePage *self, DinoscopeOverlaySettings *settings)
{
  g_return_if_fail (DINOSCOPE_IS_PAGE (self));
  g_return_if_fail (DINOSCOPE_IS_OVERLAY_SETTINGS (settings));

  if (!g_set_object (&self->settings, settings))
    return;
  g_signal_group_set_target (self->settings_signals, settings);
  g_binding_group_set_source (self->settings_bindings, settings);
  dinoscope_page_history_set_settings (self);
  dinoscope_page_update_guess (self);
  self->map_stale = TRUE;
}

void
dinoscope_page_set_preparation (DinoscopePage *self, DinoscopePreparationSettings *preparation)
{
  g_return_if_fail (DINOSCOPE_IS_PAGE (self));
  g_return_if_fail (DINOSCOPE_IS_PREPARATION_SETTINGS (preparation));

  if (self->own_preparation || !g_set_object (&self->preparation, preparation))
    return;
  g_signal_group_set_target (self->preparation_signals, preparation);
  dinoscope_page_preparation_wanted (self);
}

void
dinoscope_page_set_active (DinoscopePage *self, gboolean active)
{
  g_return_if_fail (DINOSCOPE_IS_PAGE (self));

  if (self->active == active || self->closed)
    return;
  self->active = active;
  if (!active)
    {
      dinoscope_page_stop_preparing (self);
      g_clear_object (&self->features);
      dinoscope_page_set_references (self, NULL);
      g_clear_pointer (&self->references_used, g_ptr_array_unref);
      return;
    }
  if (self->has_geometry)
    dinoscope_page_update_marks (self);
  dinoscope_history_absorb (self->history);
  if (self->pending_file != NULL)
    dinoscope_page_open_pending (self);
  else if (self->study != NULL && !dinoscope_page_prepare (self))
    dinoscope_page_resume_encoding (self);
  dinoscope_page_continue_sidecar (self);
}

void
dinoscope_page_close (DinoscopePage *self)
{
  g_return_if_fail (DINOSCOPE_IS_PAGE (self));

  self->closed = TRUE;
  dinoscope_page_stop_opening (self);
  dinoscope_page_stop_preparing (self);
  dinoscope_page_stop_encoding (self);
  if (self->input_cancellable != NULL)
    g_cancellable_cancel (self->input_cancellable);
  g_clear_object (&self->input_cancellable);
  if (self->own_model != NULL)
    dinoscope_features_cache_remove_model (dinoscope_session_get_cache (self->session), self->own_model);
}

const char *
dinoscope_page_get_title (DinoscopePage *self)
{
  return self->title != NULL ? self->title : "";
}

GFile *
dinoscope_page_get_file (DinoscopePage *self)
{
  return self->file;
}

DinoscopePageState
dinoscope_page_get_state (DinoscopePage *self)
{
  return self->state;
}

DinoscopePageEncoding
dinoscope_page_get_encoding (DinoscopePage *self)
{
  return self->encoding;
}

DinoscopeGreys *
dinoscope_page_get_greys (DinoscopePage *self)
{
  return self->greys;
}

DinoscopeScribbles *
dinoscope_page_get_scribbles (DinoscopePage *self)
{
  g_return_val_if_fail (DINOSCOPE_IS_PAGE (self), NULL);

  return self->scribbles;
}

DinoscopeRegions *
dinoscope_page_get_regions (DinoscopePage *self)
{
  return self->regions;
}

DinoscopeCanvas *
dinoscope_page_get_canvas (DinoscopePage *self)
{
  return self->canvas;
}

DinoscopeSession *
dinoscope_page_get_session (DinoscopePage *self)
{
  return self->session;
}

DinoscopeStudy *
dinoscope_page_get_study (DinoscopePage *self)
{
  return self->study;
}

DinoscopeFeatures *
dinoscope_page_get_features (DinoscopePage *self)
{
  return self->features;
}

DinoscopeMap *
dinoscope_page_get_map (DinoscopePage *self)
{
  return self->concealed ? NULL : self->map;
}

const struct dino_geometry *
dinoscope_page_get_geometry (DinoscopePage *self)
{
  return self->has_geometry ? &self->geometry : NULL;
}

gboolean
dinoscope_page_is_map_current (DinoscopePage *self)
{
  return self->map != NULL && !self->map_stale && self->map_cancellable == NULL;
}

const char *
dinoscope_page_get_progress_text (DinoscopePage *self)
{
  return gtk_label_get_text (self->strip_label);
}

char *
dinoscope_page_describe_distance (DinoscopePage *self)
{
  g_autofree char *length = dinoscope_canvas_dup_measured (self->canvas);

  return length[0] != '\0' ? g_strdup_printf (_ ("distance %s"), length) : g_strdup ("");
}
