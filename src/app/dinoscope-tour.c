#include "app/dinoscope-tour.h"

#include "app/dinoscope-interlude.h"
#include "app/dinoscope-window-private.h"

/* The narrowest window in which text, picture and panel stand beside each other. */
#define ROOM_FOR_PANEL 1000

/* How long a block is looked at when the tour goes through them. */
#define WALK_MS 1200

struct _DinoscopeTour
{
  GObject parent_instance;

  DinoscopeWindow   *window; /* owns the tour */
  DinoscopeTourCard *card;
  guint              step;
  guint              walk_timeout;
  int                walk_block; /* where the tour itself put it */
  gboolean           patch_pending;
  DinoscopePage     *page; /* with the bundled radiograph */

  DinoscopeInterlude *before; /* NULL: the tour is not running */
};

G_DEFINE_FINAL_TYPE (DinoscopeTour, dinoscope_tour, G_TYPE_OBJECT)

static guint changed_signal;

static const DinoscopeTourStep *
get_step (DinoscopeTour *self)
{
  guint n;

  return &dinoscope_tour_get_steps (&n)[self->step];
}

static DinoscopeOverlaySettings *
get_settings (DinoscopeTour *self)
{
  return dinoscope_window_get_settings (self->window);
}

/* Blocks, one after the other. */

static gboolean
get_block (DinoscopeTour *self, int *block, int *last)
{
  DinoscopeParameter  *parameter = dinoscope_overlay_settings_find_parameter (get_settings (self), "block");
  g_autoptr (GVariant) value = dinoscope_overlay_settings_dup_value (get_settings (self), "block");
  double               low, high;

  if (parameter == NULL || value == NULL || !g_variant_is_of_type (value, G_VARIANT_TYPE_INT32))
    return FALSE;
  dinoscope_parameter_get_range (parameter, &low, &high);
  *block = g_variant_get_int32 (value);
  *last = (int) high;
  return TRUE;
}

static gboolean
walk_cb (gpointer data)
{
  DinoscopeTour *self = data;
  int            block, last;

  /* Whoever takes the blocks over has them. */
  if (!get_block (self, &block, &last) || block != self->walk_block || block >= last)
    {
      self->walk_timeout = 0;
      return G_SOURCE_REMOVE;
    }
  self->walk_block = block + 1;
  dinoscope_overlay_settings_set_value (get_settings (self), "block", g_variant_new_int32 (block + 1));
  return G_SOURCE_CONTINUE;
}

static void
stop_walk (DinoscopeTour *self)
{
  g_clear_handle_id (&self->walk_timeout, g_source_remove);
}

static void
start_walk (DinoscopeTour *self)
{
  gboolean animations;
  int      last;

  stop_walk (self);
  g_object_get (gtk_widget_get_settings (GTK_WIDGET (self->window)), "gtk-enable-animations", &animations, NULL);
  if (animations && get_block (self, &self->walk_block, &last))
    self->walk_timeout = g_timeout_add (WALK_MS, walk_cb, self);
}

/* The state of a step. */

static DinoscopeOverlayProvider *
find_overlay (const DinoscopeTourStep *step)
{
  for (gsize i = 0; i < G_N_ELEMENTS (step->overlays); i++)
    {
      DinoscopeOverlayProvider *provider = step->overlays[i] != NULL ? dinoscope_overlays_find (step->overlays[i]) : NULL;

      if (provider != NULL)
        return provider;
    }
  return NULL;
}

static void
apply_overlay (DinoscopeTour *self, const DinoscopeTourStep *step)
{
  DinoscopeOverlaySettings            *settings = get_settings (self);
  g_autoptr (DinoscopeOverlayProvider) provider = find_overlay (step);

  stop_walk (self);
  g_object_set (settings, "map-visible", provider != NULL, NULL);
  if (provider == NULL)
    return;
  dinoscope_interlude_choose_overlay (self->before, provider);
  dinoscope_overlay_settings_reset (settings);
  if (step->first_block)
    dinoscope_overlay_settings_set_value (settings, "block", g_variant_new_int32 (0));
  if (step->head != NULL)
    dinoscope_overlay_settings_set_value (settings, "head", g_variant_new_string (step->head));
  if ((step->flags & DINOSCOPE_TOUR_WALK_BLOCKS) != 0)
    start_walk (self);
}

/* Before the encoder is there nobody knows the grid. */
static void
apply_patch (DinoscopeTour *self)
{
  const DinoscopeTourStep    *step = get_step (self);
  const struct dino_geometry *geometry = dinoscope_page_get_geometry (self->page);

  if (!self->patch_pending || geometry == NULL)
    return;
  self->patch_pending = FALSE;
  dinoscope_canvas_select_patch (dinoscope_page_get_canvas (self->page), (int) (step->row * geometry->rows), (int) (step->column * geometry->columns));
}

static void
apply_canvas (DinoscopeTour *self, const DinoscopeTourStep *step)
{
  DinoscopeCanvas      *canvas = dinoscope_page_get_canvas (self->page);
  g_auto (GVariantDict) dict = G_VARIANT_DICT_INIT (NULL);
  g_autoptr (GVariant)  state = NULL;

  g_variant_dict_insert (&dict, "fitted", "b", TRUE);
  g_variant_dict_insert (&dict, "turns", "i", 0);
  g_variant_dict_insert (&dict, "flipped", "b", FALSE);
  g_variant_dict_insert (&dict, "grid", "b", (step->flags & DINOSCOPE_TOUR_GRID) != 0);
  g_variant_dict_insert (&dict, "model-view", "b", FALSE);
  state = g_variant_ref_sink (g_variant_dict_end (&dict));
  dinoscope_canvas_restore (canvas, state);
  self->patch_pending = (step->flags & DINOSCOPE_TOUR_PATCH) != 0;
  if (self->patch_pending)
    apply_patch (self);
  else
    dinoscope_canvas_select_patch (canvas, -1, -1);
}

static void
apply_panel (DinoscopeTour *self, const DinoscopeTourStep *step)
{
  gboolean room = gtk_widget_get_width (GTK_WIDGET (self->window)) >= ROOM_FOR_PANEL;
  gboolean wanted = (step->flags & DINOSCOPE_TOUR_PANEL) != 0 || dinoscope_interlude_had_panel (self->before);

  g_object_set (self->window, "panel-visible", room && wanted, NULL);
}

static void
page_changed_cb (DinoscopeTour *self)
{
  if (self->before != NULL)
    apply_patch (self);
}

static void
set_page (DinoscopeTour *self, DinoscopePage *page)
{
  if (self->page == page)
    return;
  if (self->page != NULL)
    g_signal_handlers_disconnect_by_data (self->page, self);
  g_set_object (&self->page, page);
  if (page != NULL)
    {
      g_signal_connect_object (page, "notify::study", G_CALLBACK (page_changed_cb), self, G_CONNECT_SWAPPED);
      g_signal_connect_object (page, "notify::encoding", G_CALLBACK (page_changed_cb), self, G_CONNECT_SWAPPED);
    }
}

static void
apply_step (DinoscopeTour *self)
{
  const DinoscopeTourStep *step = get_step (self);

  /* The tab may have been closed, or stepped through its folder. */
  dinoscope_window_try_example (self->window);
  set_page (self, dinoscope_window_get_page (self->window));
  dinoscope_interlude_keep_page (self->before, self->page, FALSE);
  dinoscope_tour_card_set_key_target (self->card, GTK_WIDGET (dinoscope_page_get_canvas (self->page)));
  apply_panel (self, step);
  apply_overlay (self, step);
  apply_canvas (self, step);
}

static void
show_step (DinoscopeTour *self)
{
  guint n;

  dinoscope_tour_get_steps (&n);
  dinoscope_tour_card_show_step (self->card, get_step (self), self->step, n);
  apply_step (self);
  g_signal_emit (self, changed_signal, 0);
}

/* An encoder that comes later brings the parameters with it. */
static void
model_changed_cb (DinoscopeTour *self)
{
  if (self->before != NULL)
    apply_overlay (self, get_step (self));
}

static void
dinoscope_tour_dispose (GObject *object)
{
  DinoscopeTour *self = DINOSCOPE_TOUR (object);

  stop_walk (self);
  set_page (self, NULL);
  g_clear_pointer (&self->before, dinoscope_interlude_free);

  G_OBJECT_CLASS (dinoscope_tour_parent_class)->dispose (object);
}

static void
dinoscope_tour_class_init (DinoscopeTourClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = dinoscope_tour_dispose;

  changed_signal = g_signal_new ("changed", DINOSCOPE_TYPE_TOUR, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
dinoscope_tour_init (DinoscopeTour *self)
{
}

DinoscopeTour *
dinoscope_tour_new (DinoscopeWindow *window, DinoscopeTourCard *card)
{
  DinoscopeTour *self;

  g_return_val_if_fail (DINOSCOPE_IS_WINDOW (window), NULL);
  g_return_val_if_fail (DINOSCOPE_IS_TOUR_CARD (card), NULL);

  self = g_object_new (DINOSCOPE_TYPE_TOUR, NULL);
  self->window = window;
  self->card = card;
  g_signal_connect_object (window->session, "notify::model", G_CALLBACK (model_changed_cb), self, G_CONNECT_SWAPPED | G_CONNECT_AFTER);
  return self;
}

void
dinoscope_tour_start (DinoscopeTour *self)
{
  const struct dino_preparation own = { 0 };
  guint                         n_before;

  g_return_if_fail (DINOSCOPE_IS_TOUR (self));

  if (self->before != NULL)
    return;
  n_before = dinoscope_window_get_n_pages (self->window);
  self->before = dinoscope_interlude_new (self->window);
  self->step = 0;
  dinoscope_window_try_example (self->window);
  set_page (self, dinoscope_window_get_page (self->window));
  dinoscope_interlude_keep_page (self->before, self->page, dinoscope_window_get_n_pages (self->window) == n_before);
  dinoscope_preparation_settings_set (self->window->preparation, &own);
  show_step (self);
}

void
dinoscope_tour_next (DinoscopeTour *self)
{
  guint n;

  g_return_if_fail (DINOSCOPE_IS_TOUR (self));

  dinoscope_tour_get_steps (&n);
  if (self->before == NULL)
    return;
  if (self->step + 1 >= n)
    {
      dinoscope_tour_end (self);
      return;
    }
  self->step++;
  show_step (self);
}

void
dinoscope_tour_back (DinoscopeTour *self)
{
  g_return_if_fail (DINOSCOPE_IS_TOUR (self));

  if (self->before == NULL || self->step == 0)
    return;
  self->step--;
  show_step (self);
}

void
dinoscope_tour_end (DinoscopeTour *self)
{
  g_return_if_fail (DINOSCOPE_IS_TOUR (self));

  if (self->before == NULL)
    return;
  stop_walk (self);
  dinoscope_tour_card_set_key_target (self->card, NULL);
  set_page (self, NULL);
  dinoscope_interlude_end (g_steal_pointer (&self->before));
  g_signal_emit (self, changed_signal, 0);
}

gboolean
dinoscope_tour_is_running (DinoscopeTour *self)
{
  g_return_val_if_fail (DINOSCOPE_IS_TOUR (self), FALSE);

  return self->before != NULL;
}

guint
dinoscope_tour_get_step (DinoscopeTour *self)
{
  g_return_val_if_fail (DINOSCOPE_IS_TOUR (self), 0);

  return self->step;
}
