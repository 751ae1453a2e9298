/* DinoscopeBoard: the features that overlays of one view compare with those of others. */
#include <adwaita.h>

#include "app/dinoscope-board-private.h"

static void
add_features (GPtrArray *found, DinoscopePage *page)
{
  DinoscopeFeatures *features = dinoscope_page_dup_features (page);

  if (features != NULL)
    g_ptr_array_add (found, features);
}

/* The current view first: it is the one that others are compared with. A place
 * that is not known yet is not taken by the next one. */
static GPtrArray *
collect_of_board (DinoscopeBoard *self, DinoscopePage *page)
{
  g_autoptr (GPtrArray) found = g_ptr_array_new_with_free_func (g_object_unref);

  if (page != self->current)
    {
      add_features (found, self->current);
      if (found->len == 0)
        return g_steal_pointer (&found);
    }
  for (guint i = 0; i < self->cells->len; i++)
    if (dinoscope_board_get_page (self, i) != page && dinoscope_board_get_page (self, i) != self->current)
      add_features (found, dinoscope_board_get_page (self, i));
  return g_steal_pointer (&found);
}

/* A view alone is compared with the pictures of the other tabs, as far as they are remembered. */
static GPtrArray *
collect_of_tabs (DinoscopeBoard *self)
{
  g_autoptr (GPtrArray) found = g_ptr_array_new_with_free_func (g_object_unref);
  AdwTabView           *view = ADW_TAB_VIEW (gtk_widget_get_ancestor (GTK_WIDGET (self), ADW_TYPE_TAB_VIEW));

  for (int i = 0; view != NULL && i < adw_tab_view_get_n_pages (view); i++)
    {
      DinoscopeBoard *board = DINOSCOPE_BOARD (adw_tab_page_get_child (adw_tab_view_get_nth_page (view, i)));

      for (guint j = 0; board != self && j < board->cells->len; j++)
        add_features (found, dinoscope_board_get_page (board, j));
    }
  return g_steal_pointer (&found);
}

static void
references_wanted_cb (DinoscopePage *page, DinoscopeCell *cell)
{
  DinoscopeBoard       *self = DINOSCOPE_BOARD (gtk_widget_get_parent (GTK_WIDGET (cell)));
  g_autoptr (GPtrArray) found = self->cells->len > 1 ? collect_of_board (self, page) : collect_of_tabs (self);

  dinoscope_page_set_references (page, found);
}

static void
features_changed_cb (DinoscopePage *page, DinoscopeCell *cell)
{
  DinoscopeBoard *self = DINOSCOPE_BOARD (gtk_widget_get_parent (GTK_WIDGET (cell)));

  for (guint i = 0; i < self->cells->len; i++)
    if (dinoscope_board_get_page (self, i) != page)
      dinoscope_page_references_changed (dinoscope_board_get_page (self, i));
}

void
dinoscope_board_connect_references (DinoscopeBoard *self, DinoscopeCell *cell)
{
  DinoscopePage *page = dinoscope_cell_get_page (cell);

  g_signal_connect_object (page, "references-wanted", G_CALLBACK (references_wanted_cb), cell, G_CONNECT_DEFAULT);
  g_signal_connect_object (page, "features-changed", G_CALLBACK (features_changed_cb), cell, G_CONNECT_DEFAULT);
}

/* Others are there, or another one is current. */
void
dinoscope_board_update_references (DinoscopeBoard *self)
{
  for (guint i = 0; i < self->cells->len; i++)
    {
      DinoscopePage *page = dinoscope_board_get_page (self, i);

      dinoscope_page_set_compared (page, self->cells->len > 1, page == self->current);
    }
  for (guint i = 0; i < self->cells->len; i++)
    dinoscope_page_references_changed (dinoscope_board_get_page (self, i));
}
