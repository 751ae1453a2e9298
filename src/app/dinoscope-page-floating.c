/* DinoscopePage: where notes and colour bar float over what is seen of the picture. */
#include "app/dinoscope-page-private.h"

/* As the template and the style have them. */
#define ZOOM_CONTROLS_WIDTH 164
#define ZOOM_CONTROLS_HEIGHT 52
#define SMALLEST_BAR 164

/* Colour bar and zoom controls have no room beside each other. */
#define NARROW 340

static void
place (DinoscopePage *self, GtkWidget *child, int height, GdkRectangle *at)
{
  gboolean bar = child == self->bar_box;
  gboolean whole = self->side == DINOSCOPE_PAGE_SIDE_WHOLE;
  int      room = self->seen_width, bottom = height;
  int      minimum, natural;

  if (bar && whole && gtk_widget_get_child_visible (self->zoom_controls))
    room -= ZOOM_CONTROLS_WIDTH;
  /* Over the zoom controls instead of beside them, in both halves alike. */
  if (bar && !whole)
    bottom -= ZOOM_CONTROLS_HEIGHT;
  gtk_widget_measure (child, GTK_ORIENTATION_HORIZONTAL, -1, &minimum, &natural, NULL, NULL);
  at->width = MAX (minimum, MIN (natural, room));
  gtk_widget_measure (child, GTK_ORIENTATION_VERTICAL, at->width, NULL, &at->height, NULL, NULL);
  at->x = self->side == DINOSCOPE_PAGE_SIDE_RIGHT ? self->seen_x + self->seen_width - at->width : self->seen_x;
  at->y = bar ? bottom - at->height : 0;
}

gboolean
dinoscope_page_place_child_cb (DinoscopePage *self, GtkWidget *child, GdkRectangle *at, GtkWidget *overlay)
{
  if ((child != self->notes_box && child != self->bar_box) || self->seen_width <= 0)
    return FALSE;
  place (self, child, gtk_widget_get_height (overlay), at);
  return TRUE;
}

void
dinoscope_page_set_seen (DinoscopePage *self, int x, int width)
{
  gboolean whole;

  g_return_if_fail (DINOSCOPE_IS_PAGE (self));

  if (self->seen_x == x && self->seen_width == width)
    return;
  self->seen_x = x;
  self->seen_width = width;
  whole = self->side == DINOSCOPE_PAGE_SIDE_WHOLE;
  /* Not "visible": that would ask for another layout, from within one. */
  gtk_widget_set_child_visible (self->zoom_controls, width >= (whole ? NARROW : ZOOM_CONTROLS_WIDTH));
  gtk_widget_set_child_visible (self->bar_box, whole || width >= SMALLEST_BAR);
}

void
dinoscope_page_queue_place (DinoscopePage *self)
{
  g_return_if_fail (DINOSCOPE_IS_PAGE (self));

  gtk_widget_queue_allocate (gtk_widget_get_parent (self->bar_box));
}

void
dinoscope_page_set_side (DinoscopePage *self, DinoscopePageSide side)
{
  GtkAlign align = side == DINOSCOPE_PAGE_SIDE_RIGHT ? GTK_ALIGN_END : GTK_ALIGN_START;

  g_return_if_fail (DINOSCOPE_IS_PAGE (self));

  /* With the next layout the page hears again what is seen of it. */
  if (self->side != side)
    self->seen_width = 0;
  self->side = side;
  gtk_widget_set_halign (self->notes_box, align);
  for (GtkWidget *child = gtk_widget_get_first_child (self->notes_box); child != NULL; child = gtk_widget_get_next_sibling (child))
    gtk_widget_set_halign (child, align);
  gtk_widget_set_halign (self->bar_box, align);
}
