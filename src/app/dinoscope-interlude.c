#include "app/dinoscope-interlude.h"

#include "app/dinoscope-window-private.h"

typedef struct
{
  DinoscopePage *page;
  gboolean       was_open;
  GPtrArray     *views; /* those of its tab */
  GVariant      *state; /* of its history; NULL: it showed nothing yet */
} KeptPage;

struct _DinoscopeInterlude
{
  DinoscopeWindow        *window;
  DinoscopePage          *page_before; /* NULL: none was open */
  GPtrArray              *pages;       /* of KeptPage */
  GVariant               *overlay;
  GHashTable             *overlays; /* id -> GVariant, of those that were changed */
  struct dino_preparation preparation;
  gboolean                panel_visible;
  gboolean                guess_first;
};

static void
kept_page_free (gpointer data)
{
  KeptPage *kept = data;

  g_object_unref (kept->page);
  g_ptr_array_unref (kept->views);
  g_clear_pointer (&kept->state, g_variant_unref);
  g_free (kept);
}

DinoscopeInterlude *
dinoscope_interlude_new (DinoscopeWindow *window)
{
  DinoscopeInterlude *self;

  g_return_val_if_fail (DINOSCOPE_IS_WINDOW (window), NULL);

  self = g_new0 (DinoscopeInterlude, 1);
  self->window = window;
  g_set_object (&self->page_before, dinoscope_window_get_page (window));
  self->pages = g_ptr_array_new_with_free_func (kept_page_free);
  self->overlay = dinoscope_overlay_settings_dup_state (window->settings);
  self->overlays = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) g_variant_unref);
  self->preparation = *dinoscope_preparation_settings_get (window->preparation);
  g_object_get (window, "panel-visible", &self->panel_visible, NULL);
  g_object_get (window->settings, "guess-first", &self->guess_first, NULL);
  g_object_set (window->settings, "guess-first", FALSE, NULL);
  return self;
}

void
dinoscope_interlude_choose_overlay (DinoscopeInterlude *self, DinoscopeOverlayProvider *provider)
{
  const char *id = dinoscope_overlay_provider_get_id (provider);

  dinoscope_overlay_settings_set_provider (self->window->settings, provider);
  if (!g_hash_table_contains (self->overlays, id))
    g_hash_table_insert (self->overlays, g_strdup (id), dinoscope_overlay_settings_dup_state (self->window->settings));
}

static GPtrArray *
list_views (DinoscopePage *page)
{
  DinoscopeBoard *board = dinoscope_board_of (page);
  GPtrArray      *views = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; board != NULL && i < dinoscope_board_get_n_pages (board); i++)
    g_ptr_array_add (views, g_object_ref (dinoscope_board_get_page (board, i)));
  return views;
}

void
dinoscope_interlude_keep_page (DinoscopeInterlude *self, DinoscopePage *page, gboolean was_open)
{
  KeptPage *kept;

  for (guint i = 0; i < self->pages->len; i++)
    if (((KeptPage *) g_ptr_array_index (self->pages, i))->page == page)
      return;
  kept = g_new0 (KeptPage, 1);
  kept->page = g_object_ref (page);
  kept->was_open = was_open;
  kept->views = list_views (page);
  if (was_open && dinoscope_page_get_study (page) != NULL)
    kept->state = dinoscope_history_dup_state (dinoscope_page_get_history (page));
  g_ptr_array_add (self->pages, kept);
}

gboolean
dinoscope_interlude_had_panel (DinoscopeInterlude *self)
{
  return self->panel_visible;
}

/* Views that came beside it meanwhile. */
static void
close_new_views (const KeptPage *kept)
{
  g_autoptr (GPtrArray) now = list_views (kept->page);

  for (guint i = 0; i < now->len; i++)
    if (now->pdata[i] != kept->page && !g_ptr_array_find (kept->views, now->pdata[i], NULL))
      dinoscope_board_remove_page (dinoscope_board_of (kept->page), now->pdata[i]);
}

void
dinoscope_interlude_close_views (DinoscopeInterlude *self)
{
  for (guint i = 0; i < self->pages->len; i++)
    {
      const KeptPage *kept = g_ptr_array_index (self->pages, i);

      if (dinoscope_window_find_tab (self->window, kept->page) != NULL)
        close_new_views (kept);
    }
}

/* Whoever closed a tab meanwhile wanted it closed. */
static void
restore_pages (DinoscopeInterlude *self)
{
  for (guint i = 0; i < self->pages->len; i++)
    {
      const KeptPage *kept = g_ptr_array_index (self->pages, i);

      if (dinoscope_window_find_tab (self->window, kept->page) == NULL)
        continue;
      if (kept->state != NULL)
        dinoscope_history_take_state (dinoscope_page_get_history (kept->page), kept->state);
      else
        dinoscope_page_reset_view (kept->page);
    }
}

static void
restore_overlays (DinoscopeInterlude *self)
{
  GHashTableIter iter;
  gpointer       state;

  g_hash_table_iter_init (&iter, self->overlays);
  while (g_hash_table_iter_next (&iter, NULL, &state))
    dinoscope_overlay_settings_restore (self->window->settings, state);
  dinoscope_overlay_settings_restore (self->window->settings, self->overlay);
}

static void
restore_tabs (DinoscopeInterlude *self)
{
  AdwTabPage *before = self->page_before != NULL ? dinoscope_window_find_tab (self->window, self->page_before) : NULL;

  if (before == NULL)
    return;
  adw_tab_view_set_selected_page (self->window->tab_view, before);
  dinoscope_board_set_current (dinoscope_window_get_board (before), self->page_before);
  for (guint i = 0; i < self->pages->len; i++)
    {
      const KeptPage *kept = g_ptr_array_index (self->pages, i);
      AdwTabPage     *tab = dinoscope_window_find_tab (self->window, kept->page);

      if (!kept->was_open && tab != NULL && tab != before)
        adw_tab_view_close_page (self->window->tab_view, tab);
    }
}

void
dinoscope_interlude_end (DinoscopeInterlude *self)
{
  g_return_if_fail (self != NULL);

  dinoscope_interlude_close_views (self);
  restore_pages (self);
  restore_overlays (self);
  dinoscope_preparation_settings_set (self->window->preparation, &self->preparation);
  g_object_set (self->window, "panel-visible", self->panel_visible, NULL);
  g_object_set (self->window->settings, "guess-first", self->guess_first, NULL);
  restore_tabs (self);
  dinoscope_interlude_free (self);
}

void
dinoscope_interlude_free (DinoscopeInterlude *self)
{
  if (self == NULL)
    return;
  g_clear_object (&self->page_before);
  g_ptr_array_unref (self->pages);
  g_variant_unref (self->overlay);
  g_hash_table_unref (self->overlays);
  g_free (self);
}
