#include "app/dinoscope-canvas-private.h"

#include "app/dinoscope-map-words.h"

enum
{
  PROP_0,
  PROP_ZOOM,
  PROP_FITTED,
  PROP_MAP_VISIBLE,
  PROP_PEEKING,
  PROP_GRID_VISIBLE,
  PROP_TURNS,
  PROP_FLIPPED,
  PROP_MODEL_VIEW,
  PROP_MEASURING,
  PROP_WHEEL_ZOOMS,
  PROP_MARKING_BOXES,
  PROP_MARKING_ELLIPSES,
  PROP_PAINTING,
  PROP_RUBBING_OUT,
  N_PROPS,

  PROP_HADJUSTMENT,
  PROP_VADJUSTMENT,
  PROP_HSCROLL_POLICY,
  PROP_VSCROLL_POLICY
};

enum
{
  SIGNAL_POINTER_MOVED,
  SIGNAL_PATCH_SELECTED,
  SIGNAL_MAP_FAILED,
  SIGNAL_MEASURED,
  SIGNAL_VIEW_CHANGED,
  N_SIGNALS
};

G_DEFINE_FINAL_TYPE_WITH_CODE (DinoscopeCanvas, dinoscope_canvas, GTK_TYPE_WIDGET, G_IMPLEMENT_INTERFACE (GTK_TYPE_SCROLLABLE, NULL))

static GParamSpec *properties[N_PROPS];
static guint       signals[N_SIGNALS];

static gboolean
is_same_view (const DinoscopeView *one, const DinoscopeView *other)
{
  return one->zoom == other->zoom && one->fitted == other->fitted && one->turns == other->turns && one->flipped == other->flipped &&
         one->center_x == other->center_x && one->center_y == other->center_y && one->width == other->width && one->height == other->height;
}

static void
notify_changes (DinoscopeCanvas *self)
{
  const DinoscopeView told = self->told_view;

  self->told_view = self->view;
  g_object_freeze_notify (G_OBJECT (self));
  if (told.zoom != self->view.zoom)
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_ZOOM]);
  if (told.fitted != self->view.fitted)
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_FITTED]);
  if (told.turns != self->view.turns)
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_TURNS]);
  if (told.flipped != self->view.flipped)
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_FLIPPED]);
  g_object_thaw_notify (G_OBJECT (self));
  if (!is_same_view (&told, &self->view))
    g_signal_emit (self, signals[SIGNAL_VIEW_CHANGED], 0);
}

static gboolean
tell_pointer_cb (gpointer data)
{
  DinoscopeCanvas *self = data;

  self->pointer_source = 0;
  if (self->pointer_inside)
    dinoscope_canvas_emit_pointer_moved (self);
  return G_SOURCE_REMOVE;
}

/* Something else is below the pointer. Before the next frame, since a view changes
 * within a layout, too: words about it, elsewhere in the window, would ask for
 * another one, of which GTK forgets some, and their window would not be painted. */
static void
move_below_pointer (DinoscopeCanvas *self)
{
  if (self->pointer_inside && self->pointer_source == 0)
    self->pointer_source = g_idle_add_full (G_PRIORITY_HIGH_IDLE, tell_pointer_cb, self, NULL);
}

void
dinoscope_canvas_view_changed (DinoscopeCanvas *self)
{
  self->view.width = gtk_widget_get_width (GTK_WIDGET (self));
  self->view.height = gtk_widget_get_height (GTK_WIDGET (self));
  self->view.scale = gtk_widget_get_scale_factor (GTK_WIDGET (self));
  dinoscope_canvas_follow_box (self);
  dinoscope_view_layout (&self->view);
  dinoscope_canvas_box_followed (self);

  dinoscope_canvas_configure_adjustments (self);
  dinoscope_canvas_picture_update (&self->picture, self->study, &self->view);
  dinoscope_canvas_greys_update (self);
  dinoscope_canvas_map_update (self);
  dinoscope_canvas_model_update (self);
  dinoscope_canvas_update_description (self);
  gtk_widget_queue_draw (GTK_WIDGET (self));
  notify_changes (self);
  move_below_pointer (self);
}

/* On the picture, or on the zeros that were put around it. */
static gboolean
is_on_something (DinoscopeCanvas *self, double x, double y)
{
  int row, column;

  if (x >= 0 && y >= 0 && x < self->view.picture_width && y < self->view.picture_height)
    return TRUE;
  return self->has_geometry && dino_geometry_patch_at (&self->geometry, x, y, &row, &column);
}

void
dinoscope_canvas_emit_pointer_moved (DinoscopeCanvas *self)
{
  double   x = 0, y = 0;
  gboolean inside = FALSE;

  if (self->pointer_inside && dinoscope_view_is_usable (&self->view))
    {
      dinoscope_view_to_picture (&self->view, self->pointer_x, self->pointer_y, &x, &y);
      inside = is_on_something (self, x, y);
    }
  dinoscope_canvas_update_cursor (self);
  dinoscope_canvas_scribbles_pointer_moved (self);
  g_signal_emit (self, signals[SIGNAL_POINTER_MOVED], 0, x, y, inside);
}

void
dinoscope_canvas_emit_map_failed (DinoscopeCanvas *self, const char *message)
{
  g_signal_emit (self, signals[SIGNAL_MAP_FAILED], 0, message);
}

void
dinoscope_canvas_emit_measured (DinoscopeCanvas *self)
{
  g_signal_emit (self, signals[SIGNAL_MEASURED], 0);
}

static void
set_flag (DinoscopeCanvas *self, gboolean *flag, gboolean value, int property)
{
  if (*flag == value)
    return;

  *flag = value;
  dinoscope_canvas_map_update (self);
  dinoscope_canvas_model_update (self);
  dinoscope_canvas_update_description (self);
  dinoscope_canvas_update_actions (self);
  dinoscope_canvas_update_cursor (self);
  gtk_widget_queue_draw (GTK_WIDGET (self));
  g_object_notify_by_pspec (G_OBJECT (self), properties[property]);
}

static void
set_fitted (DinoscopeCanvas *self, gboolean fitted)
{
  if (self->view.fitted == (bool) fitted)
    return;

  self->view.fitted = fitted;
  dinoscope_canvas_view_changed (self);
}

static void
set_turns (DinoscopeCanvas *self, int turns)
{
  if (self->view.turns == turns)
    return;

  self->view.turns = turns;
  dinoscope_canvas_view_changed (self);
}

static void
set_flipped (DinoscopeCanvas *self, gboolean flipped)
{
  if (self->view.flipped == (bool) flipped)
    return;

  self->view.flipped = flipped;
  dinoscope_canvas_view_changed (self);
}

static void
set_zoom (DinoscopeCanvas *self, double zoom)
{
  dinoscope_canvas_zoom_at (self, zoom, self->view.width / 2, self->view.height / 2);
}

static void
dinoscope_canvas_size_allocate (GtkWidget *widget, int width, int height, int baseline)
{
  dinoscope_canvas_view_changed (DINOSCOPE_CANVAS (widget));
}

static void
dinoscope_canvas_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  DinoscopeCanvas *self = DINOSCOPE_CANVAS (widget);

  if (!dinoscope_view_is_usable (&self->view))
    return;

  if (dinoscope_canvas_model_is_shown (self))
    dinoscope_canvas_model_snapshot (self, snapshot);
  else if (!dinoscope_canvas_greys_snapshot (self, snapshot))
    dinoscope_canvas_picture_snapshot (&self->picture, &self->view, snapshot);
  if (!dinoscope_canvas_model_is_shown (self))
    dinoscope_canvas_cover_snapshot (self, snapshot);
  if (self->peeking)
    return;

  if (self->map_visible)
    dinoscope_canvas_map_snapshot (self, snapshot);
  dinoscope_canvas_marks_snapshot (self, snapshot);
  dinoscope_canvas_cover_snapshot_frame (self, snapshot);
  dinoscope_canvas_scribbles_snapshot (self, snapshot);
  dinoscope_canvas_regions_snapshot (self, snapshot);
  dinoscope_canvas_measure_snapshot (self, snapshot);
  if (self->map_visible)
    dinoscope_canvas_cells_snapshot (self, snapshot);
}

static void
scale_factor_changed_cb (DinoscopeCanvas *self)
{
  dinoscope_canvas_view_changed (self);
}

static DinoscopeRegionTool
tool_of (guint property)
{
  return property == PROP_MARKING_BOXES ? DINOSCOPE_REGION_TOOL_BOX : DINOSCOPE_REGION_TOOL_ELLIPSE;
}

static DinoscopeScribbleTool
scribble_tool_of (guint property)
{
  return property == PROP_PAINTING ? DINOSCOPE_SCRIBBLE_TOOL_PAINT : DINOSCOPE_SCRIBBLE_TOOL_RUB_OUT;
}

static void
dinoscope_canvas_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  DinoscopeCanvas *self = DINOSCOPE_CANVAS (object);

  switch (id)
    {
    case PROP_ZOOM:
      g_value_set_double (value, self->view.zoom);
      break;
    case PROP_FITTED:
      g_value_set_boolean (value, self->view.fitted);
      break;
    case PROP_MAP_VISIBLE:
      g_value_set_boolean (value, self->map_visible);
      break;
    case PROP_PEEKING:
      g_value_set_boolean (value, self->peeking);
      break;
    case PROP_GRID_VISIBLE:
      g_value_set_boolean (value, self->grid_visible);
      break;
    case PROP_TURNS:
      g_value_set_int (value, self->view.turns);
      break;
    case PROP_FLIPPED:
      g_value_set_boolean (value, self->view.flipped);
      break;
    case PROP_MODEL_VIEW:
      g_value_set_boolean (value, self->model_view.visible);
      break;
    case PROP_MEASURING:
      g_value_set_boolean (value, self->measure.active);
      break;
    case PROP_WHEEL_ZOOMS:
      g_value_set_boolean (value, self->wheel_zooms);
      break;
    case PROP_MARKING_BOXES:
    case PROP_MARKING_ELLIPSES:
      g_value_set_boolean (value, self->regions.tool == tool_of (id));
      break;
    case PROP_PAINTING:
    case PROP_RUBBING_OUT:
      g_value_set_boolean (value, self->scribbles.tool == scribble_tool_of (id));
      break;
    case PROP_HADJUSTMENT:
    case PROP_VADJUSTMENT:
      g_value_set_object (value, self->adjustments[id == PROP_HADJUSTMENT ? GTK_ORIENTATION_HORIZONTAL : GTK_ORIENTATION_VERTICAL]);
      break;
    case PROP_HSCROLL_POLICY:
    case PROP_VSCROLL_POLICY:
      g_value_set_enum (value, self->policies[id == PROP_HSCROLL_POLICY ? GTK_ORIENTATION_HORIZONTAL : GTK_ORIENTATION_VERTICAL]);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
dinoscope_canvas_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  DinoscopeCanvas *self = DINOSCOPE_CANVAS (object);

  switch (id)
    {
    case PROP_ZOOM:
      set_zoom (self, g_value_get_double (value));
      break;
    case PROP_FITTED:
      set_fitted (self, g_value_get_boolean (value));
      break;
    case PROP_MAP_VISIBLE:
      set_flag (self, &self->map_visible, g_value_get_boolean (value), PROP_MAP_VISIBLE);
      break;
    case PROP_PEEKING:
      set_flag (self, &self->peeking, g_value_get_boolean (value), PROP_PEEKING);
      break;
    case PROP_GRID_VISIBLE:
      set_flag (self, &self->grid_visible, g_value_get_boolean (value), PROP_GRID_VISIBLE);
      break;
    case PROP_TURNS:
      set_turns (self, g_value_get_int (value));
      break;
    case PROP_FLIPPED:
      set_flipped (self, g_value_get_boolean (value));
      break;
    case PROP_MODEL_VIEW:
      set_flag (self, &self->model_view.visible, g_value_get_boolean (value), PROP_MODEL_VIEW);
      break;
    case PROP_MEASURING:
      if (g_value_get_boolean (value))
        {
          dinoscope_canvas_regions_set_tool (self, DINOSCOPE_REGION_TOOL_NONE);
          dinoscope_canvas_scribbles_set_tool (self, DINOSCOPE_SCRIBBLE_TOOL_NONE);
        }
      set_flag (self, &self->measure.active, g_value_get_boolean (value), PROP_MEASURING);
      break;
    case PROP_WHEEL_ZOOMS:
      set_flag (self, &self->wheel_zooms, g_value_get_boolean (value), PROP_WHEEL_ZOOMS);
      break;
    case PROP_MARKING_BOXES:
    case PROP_MARKING_ELLIPSES:
      if (g_value_get_boolean (value))
        dinoscope_canvas_regions_set_tool (self, tool_of (id));
      else if (self->regions.tool == tool_of (id))
        dinoscope_canvas_regions_set_tool (self, DINOSCOPE_REGION_TOOL_NONE);
      break;
    case PROP_PAINTING:
    case PROP_RUBBING_OUT:
      if (g_value_get_boolean (value))
        dinoscope_canvas_scribbles_set_tool (self, scribble_tool_of (id));
      else if (self->scribbles.tool == scribble_tool_of (id))
        dinoscope_canvas_scribbles_set_tool (self, DINOSCOPE_SCRIBBLE_TOOL_NONE);
      break;
    case PROP_HADJUSTMENT:
    case PROP_VADJUSTMENT:
      dinoscope_canvas_set_adjustment (self, id == PROP_HADJUSTMENT ? GTK_ORIENTATION_HORIZONTAL : GTK_ORIENTATION_VERTICAL, g_value_get_object (value));
      break;
    case PROP_HSCROLL_POLICY:
    case PROP_VSCROLL_POLICY:
      dinoscope_canvas_set_policy (self, id == PROP_HSCROLL_POLICY ? GTK_ORIENTATION_HORIZONTAL : GTK_ORIENTATION_VERTICAL, g_value_get_enum (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
dinoscope_canvas_dispose (GObject *object)
{
  DinoscopeCanvas *self = DINOSCOPE_CANVAS (object);

  g_clear_handle_id (&self->pointer_source, g_source_remove);
  dinoscope_canvas_map_clear (self);
  dinoscope_canvas_greys_clear (self);
  g_clear_object (&self->greys.greys);
  g_clear_object (&self->marks);
  dinoscope_canvas_picture_clear (&self->picture);
  dinoscope_canvas_model_clear (self);
  dinoscope_canvas_measure_clear (self);
  dinoscope_canvas_regions_clear (self);
  dinoscope_canvas_scribbles_clear (self);
  dinoscope_canvas_cover_clear (self);
  dinoscope_canvas_clear_adjustments (self);
  g_clear_object (&self->study);
  g_clear_object (&self->engine);
  g_clear_pointer (&self->told_description, g_free);

  G_OBJECT_CLASS (dinoscope_canvas_parent_class)->dispose (object);
}

static void
install_properties (GObjectClass *object_class)
{
  const GParamFlags flags = G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY;

  properties[PROP_ZOOM] = g_param_spec_double ("zoom", NULL, NULL, 0, G_MAXDOUBLE, 1, flags);
  properties[PROP_FITTED] = g_param_spec_boolean ("fitted", NULL, NULL, TRUE, flags);
  properties[PROP_MAP_VISIBLE] = g_param_spec_boolean ("map-visible", NULL, NULL, TRUE, flags);
  properties[PROP_PEEKING] = g_param_spec_boolean ("peeking", NULL, NULL, FALSE, flags);
  properties[PROP_GRID_VISIBLE] = g_param_spec_boolean ("grid-visible", NULL, NULL, FALSE, flags);
  properties[PROP_TURNS] = g_param_spec_int ("turns", NULL, NULL, 0, 3, 0, flags);
  properties[PROP_FLIPPED] = g_param_spec_boolean ("flipped", NULL, NULL, FALSE, flags);
  properties[PROP_MODEL_VIEW] = g_param_spec_boolean ("model-view", NULL, NULL, FALSE, flags);
  properties[PROP_MEASURING] = g_param_spec_boolean ("measuring", NULL, NULL, FALSE, flags);
  properties[PROP_WHEEL_ZOOMS] = g_param_spec_boolean ("wheel-zooms", NULL, NULL, TRUE, flags);
  properties[PROP_MARKING_BOXES] = g_param_spec_boolean ("marking-boxes", NULL, NULL, FALSE, flags);
  properties[PROP_MARKING_ELLIPSES] = g_param_spec_boolean ("marking-ellipses", NULL, NULL, FALSE, flags);
  properties[PROP_PAINTING] = g_param_spec_boolean ("painting", NULL, NULL, FALSE, flags);
  properties[PROP_RUBBING_OUT] = g_param_spec_boolean ("rubbing-out", NULL, NULL, FALSE, flags);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  g_object_class_override_property (object_class, PROP_HADJUSTMENT, "hadjustment");
  g_object_class_override_property (object_class, PROP_VADJUSTMENT, "vadjustment");
  g_object_class_override_property (object_class, PROP_HSCROLL_POLICY, "hscroll-policy");
  g_object_class_override_property (object_class, PROP_VSCROLL_POLICY, "vscroll-policy");
}

static void
install_signals (GType type)
{
  signals[SIGNAL_POINTER_MOVED] = g_signal_new ("pointer-moved", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 3, G_TYPE_DOUBLE, G_TYPE_DOUBLE, G_TYPE_BOOLEAN);
  signals[SIGNAL_PATCH_SELECTED] = g_signal_new ("patch-selected", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 2, G_TYPE_INT, G_TYPE_INT);
  signals[SIGNAL_MAP_FAILED] = g_signal_new ("map-failed", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
  signals[SIGNAL_MEASURED] = g_signal_new ("measured", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[SIGNAL_VIEW_CHANGED] = g_signal_new ("view-changed", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
dinoscope_canvas_class_init (DinoscopeCanvasClass *klass)
{
  GObjectClass   *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->get_property = dinoscope_canvas_get_property;
  object_class->set_property = dinoscope_canvas_set_property;
  object_class->dispose = dinoscope_canvas_dispose;
  widget_class->size_allocate = dinoscope_canvas_size_allocate;
  widget_class->snapshot = dinoscope_canvas_snapshot;

  install_properties (object_class);
  install_signals (G_TYPE_FROM_CLASS (klass));
  dinoscope_canvas_class_actions_init (widget_class);
  gtk_widget_class_set_css_name (widget_class, "dinoscope-canvas");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_IMG);
}

static void
dinoscope_canvas_init (DinoscopeCanvas *self)
{
  dinoscope_view_init (&self->view);
  self->told_view = self->view;
  self->selected_row = self->selected_column = -1;
  self->map_visible = TRUE;
  self->wheel_zooms = TRUE;
  gtk_widget_set_focusable (GTK_WIDGET (self), TRUE);
  gtk_widget_set_overflow (GTK_WIDGET (self), GTK_OVERFLOW_HIDDEN);
  g_signal_connect (self, "notify::scale-factor", G_CALLBACK (scale_factor_changed_cb), NULL);
  dinoscope_canvas_measure_init (self);
  dinoscope_canvas_input_init (self);
  dinoscope_canvas_update_actions (self);
  dinoscope_canvas_update_label (self);
  dinoscope_canvas_update_description (self);
}

DinoscopeCanvas *
dinoscope_canvas_new (DinoscopeEngine *engine)
{
  DinoscopeCanvas *self = g_object_new (DINOSCOPE_TYPE_CANVAS, NULL);

  dinoscope_canvas_set_engine (self, engine);
  return self;
}

void
dinoscope_canvas_set_engine (DinoscopeCanvas *self, DinoscopeEngine *engine)
{
  g_return_if_fail (DINOSCOPE_IS_CANVAS (self));
  g_return_if_fail (engine == NULL || DINOSCOPE_IS_ENGINE (engine));

  if (!g_set_object (&self->engine, engine))
    return;
  dinoscope_canvas_greys_update (self);
  dinoscope_canvas_map_update (self);
}

/* Layers of another picture must not be seen over this one. */
static void
drop_layers (DinoscopeCanvas *self)
{
  dinoscope_canvas_map_clear (self);
  dinoscope_canvas_greys_clear (self);
  dinoscope_canvas_model_clear (self);
  dinoscope_canvas_cover_clear (self);
  dinoscope_canvas_select_patch (self, -1, -1);
  self->has_geometry = FALSE;
}

void
dinoscope_canvas_set_study (DinoscopeCanvas *self, DinoscopeStudy *study, gboolean keep_view)
{
  int width = 0, height = 0;

  g_return_if_fail (DINOSCOPE_IS_CANVAS (self));
  g_return_if_fail (study == NULL || DINOSCOPE_IS_STUDY (study));

  if (!g_set_object (&self->study, study))
    return;

  drop_layers (self);
  dinoscope_canvas_picture_set_study (&self->picture, study);
  dinoscope_canvas_measure_set_study (self, study);
  if (study != NULL)
    dinoscope_study_get_level (study, 0, &width, &height);

  dinoscope_view_set_picture (&self->view, width, height, keep_view);
  dinoscope_canvas_update_label (self);
  dinoscope_canvas_update_actions (self);
  dinoscope_canvas_view_changed (self);
}

DinoscopeStudy *
dinoscope_canvas_get_study (DinoscopeCanvas *self)
{
  g_return_val_if_fail (DINOSCOPE_IS_CANVAS (self), NULL);

  return self->study;
}

void
dinoscope_canvas_set_geometry (DinoscopeCanvas *self, const struct dino_geometry *geometry)
{
  g_return_if_fail (DINOSCOPE_IS_CANVAS (self));

  self->has_geometry = geometry != NULL;
  if (geometry != NULL)
    self->geometry = *geometry;
  if (!self->has_geometry || self->selected_row >= self->geometry.rows || self->selected_column >= self->geometry.columns)
    dinoscope_canvas_select_patch (self, -1, -1);
  dinoscope_canvas_update_actions (self);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

/* The raster of the map before stays on the screen until the new one is drawn. */
void
dinoscope_canvas_set_map (DinoscopeCanvas *self, DinoscopeMap *map, const struct dino_map_style *style)
{
  g_return_if_fail (DINOSCOPE_IS_CANVAS (self));
  g_return_if_fail (map == NULL || (DINOSCOPE_IS_MAP (map) && style != NULL));

  if (map == NULL)
    {
      dinoscope_canvas_map_clear (self);
    }
  else
    {
      if (g_set_object (&self->map.map, map))
        {
          g_free (self->map.words);
          self->map.words = dinoscope_map_describe (map);
        }
      self->map.style = *style;
      self->map.serial++;
    }
  dinoscope_canvas_map_update (self);
  dinoscope_canvas_update_description (self);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

gboolean
dinoscope_canvas_get_selected_patch (DinoscopeCanvas *self, int *row, int *column)
{
  g_return_val_if_fail (DINOSCOPE_IS_CANVAS (self), FALSE);

  *row = self->selected_row;
  *column = self->selected_column;
  return self->selected_row >= 0;
}

void
dinoscope_canvas_select_patch (DinoscopeCanvas *self, int row, int column)
{
  g_return_if_fail (DINOSCOPE_IS_CANVAS (self));

  if (!self->has_geometry || row < 0 || column < 0 || row >= self->geometry.rows || column >= self->geometry.columns)
    row = column = -1;
  if (self->selected_row == row && self->selected_column == column)
    return;

  self->selected_row = row;
  self->selected_column = column;
  dinoscope_canvas_update_description (self);
  gtk_widget_queue_draw (GTK_WIDGET (self));
  g_signal_emit (self, signals[SIGNAL_PATCH_SELECTED], 0, row, column);
}

void
dinoscope_canvas_widget_to_picture (DinoscopeCanvas *self, double widget_x, double widget_y, double *x, double *y)
{
  g_return_if_fail (DINOSCOPE_IS_CANVAS (self));

  dinoscope_view_to_picture (&self->view, widget_x, widget_y, x, y);
}

void
dinoscope_canvas_picture_to_widget (DinoscopeCanvas *self, double x, double y, double *widget_x, double *widget_y)
{
  g_return_if_fail (DINOSCOPE_IS_CANVAS (self));

  dinoscope_view_to_widget (&self->view, x, y, widget_x, widget_y);
}

void
dinoscope_canvas_zoom_at (DinoscopeCanvas *self, double zoom, double widget_x, double widget_y)
{
  g_return_if_fail (DINOSCOPE_IS_CANVAS (self));

  if (!dinoscope_view_is_usable (&self->view))
    return;

  dinoscope_view_zoom_at (&self->view, zoom, widget_x, widget_y);
  dinoscope_canvas_view_changed (self);
}

double
dinoscope_canvas_get_zoom (DinoscopeCanvas *self)
{
  g_return_val_if_fail (DINOSCOPE_IS_CANVAS (self), 1);

  return self->view.zoom;
}

gboolean
dinoscope_canvas_is_settled (DinoscopeCanvas *self)
{
  g_return_val_if_fail (DINOSCOPE_IS_CANVAS (self), FALSE);

  return self->study == NULL || (dinoscope_view_is_usable (&self->view) && dinoscope_canvas_map_is_settled (self) && dinoscope_canvas_greys_is_settled (self));
}
