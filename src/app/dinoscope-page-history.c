/* DinoscopePage: the way back through what a person chose. */
#include "app/dinoscope-page-private.h"

static const DinoscopeMovement view_movements[] = {
  { "zoom", "view" },
  { "center", "view" },
  { "fitted", "view" },
  { NULL, NULL },
};

static const DinoscopeMovement overlay_movements[] = {
  { "opacity", "opacity" },
  { "threshold", "threshold" },
  { "range", "range" },
  { "parameter-row", "cursor" },
  { "parameter-column", "cursor" },
  { NULL, NULL },
};

static GVariant *
save_canvas (gpointer object)
{
  return dinoscope_canvas_dup_state (object);
}

static void
restore_canvas (gpointer object, GVariant *state)
{
  dinoscope_canvas_restore (object, state);
}

static GVariant *
save_greys (gpointer object)
{
  return dinoscope_greys_dup_state (object);
}

static void
restore_greys (gpointer object, GVariant *state)
{
  dinoscope_greys_restore (object, state);
}

static GVariant *
save_overlay (gpointer object)
{
  return dinoscope_overlay_settings_dup_state (object);
}

static void
restore_overlay (gpointer object, GVariant *state)
{
  dinoscope_overlay_settings_restore (object, state);
}

static GVariant *
save_regions (gpointer object)
{
  return dinoscope_regions_dup_state (object);
}

static void
restore_regions (gpointer object, GVariant *state)
{
  dinoscope_regions_restore (object, state);
}

static GVariant *
save_scribbles (gpointer object)
{
  return dinoscope_scribbles_dup_state (object);
}

static void
restore_scribbles (gpointer object, GVariant *state)
{
  dinoscope_scribbles_restore (object, state);
}

static void
something_changed_cb (DinoscopePage *self)
{
  if (self->active)
    dinoscope_history_note (self->history);
}

static void
greys_changed_cb (DinoscopePage *self)
{
  if (dinoscope_greys_is_held (self->greys))
    dinoscope_history_hold (self->history);
  else
    dinoscope_history_release (self->history);
  something_changed_cb (self);
}

static void
regions_changed_cb (DinoscopePage *self)
{
  if (dinoscope_regions_is_held (self->regions))
    dinoscope_history_hold (self->history);
  else
    dinoscope_history_release (self->history);
  something_changed_cb (self);
}

static void
scribbles_changed_cb (DinoscopePage *self)
{
  if (dinoscope_scribbles_is_held (self->scribbles))
    dinoscope_history_hold (self->history);
  else
    dinoscope_history_release (self->history);
  something_changed_cb (self);
}

/* Another overlay is a step; another model, whose parameters differ, is not. */
static void
list_changed_cb (DinoscopePage *self)
{
  g_autoptr (GVariant) state = dinoscope_overlay_settings_dup_state (self->settings);
  const char          *overlay = "";

  g_variant_lookup (state, "overlay", "&s", &overlay);
  if (g_strcmp0 (overlay, self->history_overlay) == 0)
    dinoscope_history_absorb (self->history);
  g_free (self->history_overlay);
  self->history_overlay = g_strdup (overlay);
}

void
dinoscope_page_history_init (DinoscopePage *self)
{
  static const char *const view_signals[] = { "view-changed", "notify::grid-visible", "notify::model-view" };

  self->history = dinoscope_history_new ();
  dinoscope_history_add_source (self->history, "view", self->canvas, save_canvas, restore_canvas, view_movements);
  dinoscope_history_add_source (self->history, "greys", self->greys, save_greys, restore_greys, NULL);
  dinoscope_history_add_source (self->history, "regions", self->regions, save_regions, restore_regions, NULL);
  dinoscope_history_add_source (self->history, "scribbles", self->scribbles, save_scribbles, restore_scribbles, NULL);
  g_signal_connect_object (self->scribbles, "changed", G_CALLBACK (scribbles_changed_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->regions, "changed", G_CALLBACK (regions_changed_cb), self, G_CONNECT_SWAPPED);
  for (gsize i = 0; i < G_N_ELEMENTS (view_signals); i++)
    g_signal_connect_object (self->canvas, view_signals[i], G_CALLBACK (something_changed_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->greys, "changed", G_CALLBACK (greys_changed_cb), self, G_CONNECT_SWAPPED);
  g_signal_group_connect_swapped (self->settings_signals, "list-changed", G_CALLBACK (list_changed_cb), self);
  g_signal_group_connect_swapped (self->settings_signals, "map-changed", G_CALLBACK (something_changed_cb), self);
  g_signal_group_connect_swapped (self->settings_signals, "style-changed", G_CALLBACK (something_changed_cb), self);
  g_signal_group_connect_swapped (self->settings_signals, "notify::map-visible", G_CALLBACK (something_changed_cb), self);
}

/* The settings are the window's: those of another one were not changed here. */
void
dinoscope_page_history_set_settings (DinoscopePage *self)
{
  dinoscope_history_add_source (self->history, "overlay", self->settings, save_overlay, restore_overlay, overlay_movements);
  list_changed_cb (self);
}

DinoscopeHistory *
dinoscope_page_get_history (DinoscopePage *self)
{
  g_return_val_if_fail (DINOSCOPE_IS_PAGE (self), NULL);

  return self->history;
}

void
dinoscope_page_reset_view (DinoscopePage *self)
{
  g_autoptr (GVariant) marks = NULL;
  g_autoptr (GVariant) view = g_variant_ref_sink (g_variant_new_parsed ("{'fitted': <true>, 'turns': <0>, 'flipped': <false>, 'grid': <false>, 'model-view': <false>}"));

  g_return_if_fail (DINOSCOPE_IS_PAGE (self));

  if (self->study == NULL)
    return;
  marks = dinoscope_marks_dup_state (self->marks);
  dinoscope_history_hold (self->history);
  dinoscope_overlay_settings_reset (self->settings);
  dinoscope_greys_reset (self->greys);
  dinoscope_canvas_restore (self->canvas, view);
  /* The overlay's parameters are about marks, too. */
  dinoscope_marks_restore (self->marks, marks);
  dinoscope_history_release (self->history);
}
