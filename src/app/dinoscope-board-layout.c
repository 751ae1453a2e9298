/* DinoscopeBoard: where its views lie. */
#include "app/dinoscope-board-private.h"

#include <math.h>

gboolean
dinoscope_board_is_sliding (DinoscopeBoard *self)
{
  return self->slider && self->cells->len == 2;
}

/* What a view needs, also where its cell shows a part of it only. */
static void
measure_view (DinoscopeBoard *self, guint index, GtkOrientation orientation, int *minimum, int *natural)
{
  DinoscopeCell *cell = dinoscope_board_get_cell (self, index);
  gboolean       part = dinoscope_board_is_sliding (self) && orientation == GTK_ORIENTATION_HORIZONTAL;

  gtk_widget_measure (part ? GTK_WIDGET (dinoscope_cell_get_page (cell)) : GTK_WIDGET (cell), orientation, -1, minimum, natural, NULL, NULL);
}

static void
measure_largest (DinoscopeBoard *self, GtkOrientation orientation, int *minimum, int *natural)
{
  *minimum = *natural = 0;
  for (guint i = 0; i < self->cells->len; i++)
    {
      int own_minimum, own_natural;

      measure_view (self, i, orientation, &own_minimum, &own_natural);
      *minimum = MAX (*minimum, own_minimum);
      *natural = MAX (*natural, own_natural);
    }
}

/* How many views are beside each other: two when there is room, else they go below one another. */
static int
count_columns (DinoscopeBoard *self, int width)
{
  int minimum, natural;

  if (self->cells->len < 2)
    return 1;
  measure_largest (self, GTK_ORIENTATION_HORIZONTAL, &minimum, &natural);
  return width >= 2 * minimum ? 2 : 1;
}

void
dinoscope_board_measure_views (DinoscopeBoard *self, GtkOrientation orientation, int *minimum, int *natural)
{
  int rows = dinoscope_board_is_sliding (self) ? 1 : ((int) self->cells->len + 1) / 2;

  measure_largest (self, orientation, minimum, natural);
  if (orientation == GTK_ORIENTATION_VERTICAL && rows > 1)
    {
      *minimum *= rows;
      *natural *= rows;
    }
}

static void
allocate (DinoscopeCell *cell, int x, int y, int width, int height)
{
  gtk_widget_size_allocate (GTK_WIDGET (cell), &(GtkAllocation){ x, y, width, height }, -1);
}

static void
allocate_grid (DinoscopeBoard *self, int width, int height)
{
  int columns = count_columns (self, width);
  int rows = ((int) self->cells->len + columns - 1) / columns;

  for (int i = 0; i < (int) self->cells->len; i++)
    {
      DinoscopeCell *cell = dinoscope_board_get_cell (self, (guint) i);
      int            row = i / columns;
      int            in_row = MIN (columns, (int) self->cells->len - row * columns);
      int            x0 = width * (i % columns) / in_row, x1 = width * (i % columns + 1) / in_row;
      int            y0 = height * row / rows, y1 = height * (row + 1) / rows;

      dinoscope_cell_set_window (cell, 0, 0);
      allocate (cell, x0, y0, x1 - x0, y1 - y0);
    }
}

/* Both views have the whole place, each is seen on its side of the divider. */
static void
allocate_slider (DinoscopeBoard *self, int width, int height)
{
  DinoscopeCell *left = dinoscope_board_get_cell (self, 0), *right = dinoscope_board_get_cell (self, 1);
  int            x = (int) floor (dinoscope_divider_get_position (self->divider) * width + 0.5);
  int            top = dinoscope_cell_get_header_height (left);
  GtkAllocation  divider;

  dinoscope_cell_set_window (left, 0, width);
  dinoscope_cell_set_window (right, -x, width);
  allocate (left, 0, 0, x, height);
  allocate (right, x, 0, width - x, height);
  divider = (GtkAllocation){ x - DINOSCOPE_DIVIDER_WIDTH / 2, top, DINOSCOPE_DIVIDER_WIDTH, MAX (height - top, 0) };
  gtk_widget_size_allocate (GTK_WIDGET (self->divider), &divider, -1);
}

static void
allocate_all (DinoscopeBoard *self, int width, int height)
{
  if (dinoscope_board_is_sliding (self))
    allocate_slider (self, width, height);
  else
    allocate_grid (self, width, height);
}

/* A view that follows the current one asks for a layout, and would be painted
 * without: nobody hears it while the board has not had its own. So it gets it here. */
void
dinoscope_board_allocate_views (DinoscopeBoard *self, int width, int height)
{
  int minimum, natural;

  allocate_all (self, width, height);
  dinoscope_board_align_views (self);
  dinoscope_board_measure_views (self, GTK_ORIENTATION_HORIZONTAL, &minimum, &natural);
  dinoscope_board_measure_views (self, GTK_ORIENTATION_VERTICAL, &minimum, &natural);
  allocate_all (self, width, height);
}

/* Lines and frames tell views apart, when there are several. */
void
dinoscope_board_update_cells (DinoscopeBoard *self)
{
  gboolean sliding = dinoscope_board_is_sliding (self);

  for (guint i = 0; i < self->cells->len; i++)
    {
      DinoscopeCell *cell = dinoscope_board_get_cell (self, i);

      dinoscope_cell_set_header_visible (cell, self->cells->len > 1);
      dinoscope_cell_set_current (cell, self->cells->len > 1 && dinoscope_cell_get_page (cell) == self->current);
      dinoscope_page_set_side (dinoscope_cell_get_page (cell), !sliding ? DINOSCOPE_PAGE_SIDE_WHOLE : i == 0 ? DINOSCOPE_PAGE_SIDE_LEFT
                                                                                                             : DINOSCOPE_PAGE_SIDE_RIGHT);
      dinoscope_page_queue_place (dinoscope_cell_get_page (cell));
      gtk_widget_queue_resize (GTK_WIDGET (cell));
    }
  gtk_widget_set_visible (GTK_WIDGET (self->divider), sliding);
  gtk_widget_queue_resize (GTK_WIDGET (self));
}
