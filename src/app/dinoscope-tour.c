#include "app/dinoscope-tour.h"

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
  gboolean           running;
  guint              step;
  guint              walk_timeout;
  int                walk_block; /* where the tour itself put it */
  gboolean           patch_pending;
  DinoscopePage     *page; /* with the bundled radiograph */

  /* From before. */
  DinoscopePage          *page_before; /* NULL: none was open */
  gboolean                page_was_open;
  GVariant               *page_state; /* NULL unless it was open */
  GVariant               *overlay;
  GHashTable             *overlays; /* id -> GVariant, of those that steps changed */
  struct dino_preparation preparation;
  gboolean                panel_visible;
  gboolean                guess_first;
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

/* The overlay's own state is remembered before the tour first changes it. */
static void
use_overlay (DinoscopeTour *self, DinoscopeOverlayProvider *provider)
{
  const char *id = dinoscope_overlay_provider_get_id (provider);

  dinoscope_overlay_settings_set_provider (get_settings (self), provider);
  if (!g_hash_table_contains (self->overlays, id))
    g_hash_table_insert (self->overlays, g_strdup (id), dinoscope_overlay_settings_dup_state (get_settings (self)));
  dinoscope_overlay_settings_reset (get_settings (self));
}

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
  use_overlay (self, provider);
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
  gboolean wanted = (step->flags & DINOSCOPE_TOUR_PANEL) != 0 || self->panel_visible;

  g_object_set (self->window, "panel-visible", room && wanted, NULL);
}

static void
page_changed_cb (DinoscopeTour *self)
{
  if (self->running)
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
  if (self->running)
    apply_overlay (self, get_step (self));
}

/* Before and after. */

static void
remember (DinoscopeTour *self)
{
  g_set_object (&self->page_before, dinoscope_window_get_page (self->window));
  self->overlay = dinoscope_overlay_settings_dup_state (get_settings (self));
  self->overlays = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) g_variant_unref);
  self->preparation = *dinoscope_preparation_settings_get (self->window->preparation);
  g_object_get (self->window, "panel-visible", &self->panel_visible, NULL);
  g_object_get (get_settings (self), "guess-first", &self->guess_first, NULL);
}

/* After the page is there, before a step changes it. */
static void
remember_page (DinoscopeTour *self, guint n_before)
{
  self->page_was_open = dinoscope_window_get_n_pages (self->window) == n_before;
  if (self->page_was_open && dinoscope_page_get_study (self->page) != NULL)
    self->page_state = dinoscope_history_dup_state (dinoscope_page_get_history (self->page));
}

static void
restore_overlays (DinoscopeTour *self)
{
  GHashTableIter iter;
  gpointer       state;

  g_hash_table_iter_init (&iter, self->overlays);
  while (g_hash_table_iter_next (&iter, NULL, &state))
    dinoscope_overlay_settings_restore (get_settings (self), state);
  dinoscope_overlay_settings_restore (get_settings (self), self->overlay);
}

static void
restore_page (DinoscopeTour *self)
{
  if (self->page_state != NULL)
    dinoscope_history_take_state (dinoscope_page_get_history (self->page), self->page_state);
  else
    dinoscope_page_reset_view (self->page);
}

/* The radiograph of the tour stays only where nothing else was open. */
static void
restore_tabs (DinoscopeTour *self)
{
  AdwTabView *tabs = self->window->tab_view;
  AdwTabPage *before = self->page_before != NULL ? dinoscope_window_find_tab (self->window, self->page_before) : NULL;
  AdwTabPage *tab = dinoscope_window_find_tab (self->window, self->page);

  if (before == NULL)
    return;
  adw_tab_view_set_selected_page (tabs, before);
  if (!self->page_was_open && tab != NULL && tab != before)
    adw_tab_view_close_page (tabs, tab);
}

static void
forget (DinoscopeTour *self)
{
  stop_walk (self);
  set_page (self, NULL);
  g_clear_object (&self->page_before);
  g_clear_pointer (&self->page_state, g_variant_unref);
  g_clear_pointer (&self->overlay, g_variant_unref);
  g_clear_pointer (&self->overlays, g_hash_table_unref);
}

static void
dinoscope_tour_dispose (GObject *object)
{
  forget (DINOSCOPE_TOUR (object));

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

  if (self->running)
    return;
  n_before = dinoscope_window_get_n_pages (self->window);
  remember (self);
  self->running = TRUE;
  g_object_set (get_settings (self), "guess-first", FALSE, NULL);
  self->step = 0;
  dinoscope_window_try_example (self->window);
  set_page (self, dinoscope_window_get_page (self->window));
  remember_page (self, n_before);
  dinoscope_preparation_settings_set (self->window->preparation, &own);
  show_step (self);
}

void
dinoscope_tour_next (DinoscopeTour *self)
{
  guint n;

  g_return_if_fail (DINOSCOPE_IS_TOUR (self));

  dinoscope_tour_get_steps (&n);
  if (!self->running)
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

  if (!self->running || self->step == 0)
    return;
  self->step--;
  show_step (self);
}

void
dinoscope_tour_end (DinoscopeTour *self)
{
  g_return_if_fail (DINOSCOPE_IS_TOUR (self));

  if (!self->running)
    return;
  stop_walk (self);
  dinoscope_tour_card_set_key_target (self->card, NULL);
  restore_page (self);
  restore_overlays (self);
  dinoscope_preparation_settings_set (self->window->preparation, &self->preparation);
  g_object_set (self->window, "panel-visible", self->panel_visible, NULL);
  g_object_set (get_settings (self), "guess-first", self->guess_first, NULL);
  restore_tabs (self);
  forget (self);
  self->running = FALSE;
  g_signal_emit (self, changed_signal, 0);
}

gboolean
dinoscope_tour_is_running (DinoscopeTour *self)
{
  g_return_val_if_fail (DINOSCOPE_IS_TOUR (self), FALSE);

  return self->running;
}

guint
dinoscope_tour_get_step (DinoscopeTour *self)
{
  g_return_val_if_fail (DINOSCOPE_IS_TOUR (self), 0);

  return self->step;
}
