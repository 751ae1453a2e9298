/* DinoscopeBoard: what views have in common while they are linked. */
#include "app/dinoscope-board-private.h"

#include "core/picture/display.h"

/* View. */

static gboolean
is_linked (DinoscopeBoard *self)
{
  return self->linked && self->cells->len > 1 && !self->closed;
}

/* Another size of the viewport is no wish: all views get one. */
static gboolean
has_moved (DinoscopeCanvas *canvas, DinoscopeBoardTold *told)
{
  int      width = gtk_widget_get_width (GTK_WIDGET (canvas));
  int      height = gtk_widget_get_height (GTK_WIDGET (canvas));
  gboolean resized = told->width != width || told->height != height;

  told->width = width;
  told->height = height;
  return !resized;
}

static void
take_view (DinoscopePage *page, const DinoscopeRelativeView *view)
{
  dinoscope_canvas_follow (dinoscope_page_get_canvas (page), view);
  /* What was done in one view is one step, there. */
  dinoscope_history_absorb (dinoscope_page_get_history (page));
}

static void
spread_view (DinoscopeBoard *self, DinoscopePage *leader)
{
  DinoscopeRelativeView view;

  if (!(is_linked (self) || dinoscope_board_is_sliding (self)) || self->following || !dinoscope_canvas_get_relative_view (dinoscope_page_get_canvas (leader), &view))
    return;
  self->following = TRUE;
  for (guint i = 0; i < self->cells->len; i++)
    if (dinoscope_board_get_page (self, i) != leader)
      take_view (dinoscope_board_get_page (self, i), &view);
  self->following = FALSE;
}

static void
view_changed_cb (DinoscopeCanvas *canvas, DinoscopeCell *cell)
{
  DinoscopeBoard *self = DINOSCOPE_BOARD (gtk_widget_get_parent (GTK_WIDGET (cell)));

  if (has_moved (canvas, dinoscope_board_get_told (self, cell)))
    spread_view (self, dinoscope_cell_get_page (cell));
}

void
dinoscope_board_align_views (DinoscopeBoard *self)
{
  if (self->current != NULL)
    spread_view (self, self->current);
}

/* Greys. */

/* Values mean the same in both: then a window is taken as it is. */
static gboolean
are_of_a_kind (const struct dino_picture *one, const struct dino_picture *other)
{
  const struct dino_grey_scale *a = one->grey, *b = other->grey;

  if (one->bits != other->bits || one->file_bits != other->file_bits || one->stored_offset != other->stored_offset || (a == NULL) != (b == NULL))
    return FALSE;
  return a == NULL || (a->modality == NULL && b->modality == NULL && a->slope == b->slope && a->intercept == b->intercept && g_str_equal (a->unit, b->unit));
}

/* The leader's window as a share of what its picture shows at first, for the other's. */
static gboolean
translate (DinoscopeGreys *leader, DinoscopeGreys *follower, struct dino_display *display)
{
  const struct dino_picture *from = dinoscope_study_get_picture (dinoscope_greys_get_study (leader));
  const struct dino_picture *to = dinoscope_study_get_picture (dinoscope_greys_get_study (follower));
  struct dino_window         shown, first, other;

  if (!dino_display_window (from, display, &shown, NULL))
    return FALSE;
  if (!are_of_a_kind (from, to))
    {
      if (!dino_display_window (from, dinoscope_greys_get_default (leader), &first, NULL) || !dino_display_window (to, dinoscope_greys_get_default (follower), &other, NULL))
        return FALSE;
      shown.center = other.center + (shown.center - first.center) * other.width / first.width;
      shown.width *= other.width / first.width;
    }
  *display = (struct dino_display){ .kind = DINO_DISPLAY_WINDOW, .window = shown };
  return TRUE;
}

static gboolean
find_display (DinoscopeGreys *leader, DinoscopeGreys *follower, struct dino_display *display)
{
  const struct dino_picture *from = dinoscope_study_get_picture (dinoscope_greys_get_study (leader));

  *display = *dinoscope_greys_get_display (leader);
  if (dino_display_equal (from, display, dinoscope_greys_get_default (leader)))
    {
      *display = *dinoscope_greys_get_default (follower);
      return TRUE;
    }
  /* Ranges of the picture's own values. */
  if (display->kind == DINO_DISPLAY_FULL || display->kind == DINO_DISPLAY_PERCENTILE)
    return TRUE;
  return translate (leader, follower, display);
}

static void
follow_greys (DinoscopeGreys *leader, DinoscopeGreys *follower)
{
  struct dino_display display;

  if (dinoscope_greys_get_study (follower) == NULL)
    return;
  if (dinoscope_greys_is_held (leader))
    dinoscope_greys_hold (follower);
  if (dinoscope_greys_has_windows (leader) && dinoscope_greys_has_windows (follower) && find_display (leader, follower, &display))
    dinoscope_greys_set_display (follower, &display);
  dinoscope_greys_set_exchanged (follower, dinoscope_greys_get_exchanged (leader));
  if (!dinoscope_greys_is_held (leader))
    dinoscope_greys_release (follower);
}

static void
spread_greys (DinoscopeBoard *self, DinoscopePage *leader)
{
  DinoscopeGreys *greys = dinoscope_page_get_greys (leader);

  if (!is_linked (self) || self->following || dinoscope_greys_get_study (greys) == NULL)
    return;
  self->following = TRUE;
  for (guint i = 0; i < self->cells->len; i++)
    {
      DinoscopePage *page = dinoscope_board_get_page (self, i);

      if (page == leader)
        continue;
      follow_greys (greys, dinoscope_page_get_greys (page));
      dinoscope_history_absorb (dinoscope_page_get_history (page));
    }
  self->following = FALSE;
}

/* Another picture starts as its own file says, and then follows as the rest do. */
static void
greys_changed_cb (DinoscopeGreys *greys, DinoscopeCell *cell)
{
  DinoscopeBoard     *self = DINOSCOPE_BOARD (gtk_widget_get_parent (GTK_WIDGET (cell)));
  DinoscopeBoardTold *told = dinoscope_board_get_told (self, cell);
  gboolean            other = told->study != dinoscope_greys_get_study (greys);

  told->study = dinoscope_greys_get_study (greys);
  if (!other)
    spread_greys (self, dinoscope_cell_get_page (cell));
}

/* One scale. */

/* The map of a page with a scale that others may have, too; else NULL. */
static const struct dino_map *
get_scalar_map (DinoscopePage *page)
{
  DinoscopeMap *map = dinoscope_page_get_map (page);

  return map != NULL && dinoscope_page_is_map_current (page) && dinoscope_map_get_channels (map) == 1 ? dinoscope_map_get_core (map) : NULL;
}

static gboolean
find_shared_range (DinoscopeBoard *self, double range[2])
{
  const char *unit = NULL;
  guint       n = 0;

  for (guint i = 0; i < self->cells->len; i++)
    {
      const struct dino_map *map = get_scalar_map (dinoscope_board_get_page (self, i));

      if (map == NULL)
        continue;
      if (unit != NULL && !g_str_equal (unit, map->unit))
        return FALSE;
      unit = map->unit;
      range[0] = n > 0 ? MIN (range[0], map->low) : map->low;
      range[1] = n > 0 ? MAX (range[1], map->high) : map->high;
      n++;
    }
  return n > 1 && range[0] < range[1];
}

void
dinoscope_board_update_scale (DinoscopeBoard *self)
{
  double   range[2];
  gboolean shared = is_linked (self) && find_shared_range (self, range);

  for (guint i = 0; i < self->cells->len; i++)
    {
      DinoscopePage *page = dinoscope_board_get_page (self, i);

      dinoscope_page_set_shared_range (page, shared && get_scalar_map (page) != NULL ? range : NULL);
      dinoscope_page_set_bar_hidden (page, shared && i > 0);
    }
}

static void
map_changed_cb (DinoscopePage *page, GParamSpec *pspec, DinoscopeCell *cell)
{
  dinoscope_board_update_scale (DINOSCOPE_BOARD (gtk_widget_get_parent (GTK_WIDGET (cell))));
}

/* A picture that comes later looks like those that are there. */
static void
study_changed_cb (DinoscopePage *page, GParamSpec *pspec, DinoscopeCell *cell)
{
  DinoscopeBoard *self = DINOSCOPE_BOARD (gtk_widget_get_parent (GTK_WIDGET (cell)));

  dinoscope_board_join (self, page);
}

/* What page takes over from the current one, or another one when it is that itself. */
void
dinoscope_board_join (DinoscopeBoard *self, DinoscopePage *page)
{
  DinoscopePage *leader = self->current;

  for (guint i = 0; leader == page && i < self->cells->len; i++)
    leader = dinoscope_board_get_page (self, i);
  if (leader == NULL || leader == page)
    return;
  spread_view (self, leader);
  spread_greys (self, leader);
}

void
dinoscope_board_connect_links (DinoscopeBoard *self, DinoscopeCell *cell)
{
  DinoscopePage *page = dinoscope_cell_get_page (cell);

  g_signal_connect_object (dinoscope_page_get_canvas (page), "view-changed", G_CALLBACK (view_changed_cb), cell, G_CONNECT_DEFAULT);
  g_signal_connect_object (dinoscope_page_get_greys (page), "changed", G_CALLBACK (greys_changed_cb), cell, G_CONNECT_DEFAULT);
  g_signal_connect_object (page, "notify::map", G_CALLBACK (map_changed_cb), cell, G_CONNECT_DEFAULT);
  g_signal_connect_object (page, "notify::study", G_CALLBACK (study_changed_cb), cell, G_CONNECT_DEFAULT);
}
