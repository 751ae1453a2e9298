#pragma once

#include "app/dinoscope-scatter-raster.h"
#include "app/dinoscope-scatter-view.h"

G_BEGIN_DECLS

struct _DinoscopeScatterView
{
  GtkWidget parent_instance;

  DinoscopeScatterPoints points;
  float                 *plane;    /* [n, 2] */
  guint8                *colors;   /* [n, 3] */
  guint8                *shapes;   /* [n] */
  guint8                *selected; /* [n], or NULL */
  gsize                  n_selected;

  DinoscopeScatterFrame frame;  /* of the widget in device pixels */
  gboolean              fitted; /* all is shown, whatever the size */
  GdkTexture           *texture;
  guint                 tick; /* waits to draw the texture anew */
  guint                 n_drawn;

  gssize current, hover, cursor;

  gboolean lasso;
  gboolean lassoing; /* this drag is one */
  GArray  *corners;  /* double, of the lasso on the widget */
  double   last_x, last_y;
  double   zoom_before;
};

/* The points are to be drawn anew, in the next frame. */
void dinoscope_scatter_view_invalidate (DinoscopeScatterView *self);
void dinoscope_scatter_view_fit (DinoscopeScatterView *self);
void dinoscope_scatter_view_selection_changed (DinoscopeScatterView *self);
void dinoscope_scatter_view_looked_at (DinoscopeScatterView *self);
void dinoscope_scatter_view_activate (DinoscopeScatterView *self, gsize row);

/* dinoscope-scatter-input.c */
void dinoscope_scatter_view_class_input_init (GtkWidgetClass *widget_class);
void dinoscope_scatter_view_input_init (DinoscopeScatterView *self);

G_END_DECLS
