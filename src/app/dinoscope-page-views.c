/* DinoscopePage: views that are kept while the program runs. */
#include <adwaita.h>
#include <glib/gi18n-lib.h>

#include "app/dinoscope-page-private.h"

GListModel *
dinoscope_page_get_kept_views (DinoscopePage *self)
{
  g_return_val_if_fail (DINOSCOPE_IS_PAGE (self), NULL);

  if (self->study == NULL)
    return NULL;
  return dinoscope_kept_views_get_list (dinoscope_session_get_kept_views (self->session), dinoscope_study_get_sha256 (self->study));
}

static const char *
title_view (DinoscopePage *self)
{
  if (self->map != NULL && dinoscope_page_is_map_current (self))
    return dinoscope_map_get_title (self->map);
  return dinoscope_overlay_provider_get_title (dinoscope_overlay_settings_get_provider (self->settings));
}

void
dinoscope_page_keep_view (DinoscopePage *self)
{
  g_autoptr (GVariant) state = NULL;
  g_autofree char     *text = NULL;

  g_return_if_fail (DINOSCOPE_IS_PAGE (self));

  if (self->study == NULL)
    return;
  state = dinoscope_history_dup_state (self->history);
  self->kept_view = (int) dinoscope_kept_views_add (dinoscope_session_get_kept_views (self->session), dinoscope_study_get_sha256 (self->study), title_view (self), state);
  text = g_strdup_printf (_ ("This view is kept as number %d until the program ends."), self->kept_view + 1);
  dinoscope_page_tell (self, text);
}

void
dinoscope_page_take_view (DinoscopePage *self, guint index)
{
  GListModel                   *views = dinoscope_page_get_kept_views (self);
  g_autoptr (DinoscopeKeptView) view = views != NULL ? g_list_model_get_item (views, index) : NULL;

  if (view == NULL)
    return;
  self->kept_view = (int) index;
  dinoscope_history_take_state (self->history, dinoscope_kept_view_get_state (view));
}

void
dinoscope_page_step_view (DinoscopePage *self, int steps)
{
  GListModel *views = dinoscope_page_get_kept_views (self);
  int         n = views != NULL ? (int) g_list_model_get_n_items (views) : 0;

  if (n > 0)
    dinoscope_page_take_view (self, (guint) (((self->kept_view + steps) % n + n) % n));
}

void
dinoscope_page_drop_view (DinoscopePage *self, guint index)
{
  g_return_if_fail (DINOSCOPE_IS_PAGE (self));

  if (self->study != NULL)
    dinoscope_kept_views_remove (dinoscope_session_get_kept_views (self->session), dinoscope_study_get_sha256 (self->study), index);
}
