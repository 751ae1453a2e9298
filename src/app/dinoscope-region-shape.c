#include "app/dinoscope-region-shape.h"

#include <math.h>

#include "core/maps/ellipse.h"

/* Device-independent pixels from which a hand takes hold. */
#define CORNER_REACH 9.0
#define EDGE_REACH 5.0

void
dinoscope_region_corner (struct dino_box box, DinoscopeGrip corner, double *x, double *y)
{
  *x = corner == DINOSCOPE_GRIP_CORNER_0 || corner == DINOSCOPE_GRIP_CORNER_3 ? box.x0 : box.x1;
  *y = corner == DINOSCOPE_GRIP_CORNER_0 || corner == DINOSCOPE_GRIP_CORNER_1 ? box.y0 : box.y1;
}

struct dino_box
dinoscope_region_resized (struct dino_box box, DinoscopeGrip corner, double x, double y, int width, int height)
{
  double opposite_x, opposite_y;

  dinoscope_region_corner (box, (DinoscopeGrip) ((corner + 2) % 4), &opposite_x, &opposite_y);
  x = fmin (fmax (round (x), 0), width);
  y = fmin (fmax (round (y), 0), height);
  return (struct dino_box){ fmin (x, opposite_x), fmin (y, opposite_y), fmax (x, opposite_x), fmax (y, opposite_y) };
}

/* A step cut so that neither end leaves 0 … size; an end outside may come in. */
static double
cut_step (double step, double low, double high, double size)
{
  step = round (step);
  return step < 0 ? fmin (fmax (step, -low), 0) : fmax (fmin (step, size - high), 0);
}

struct dino_box
dinoscope_region_shifted (struct dino_box box, double dx, double dy, int width, int height)
{
  dx = cut_step (dx, box.x0, box.x1, width);
  dy = cut_step (dy, box.y0, box.y1, height);
  return (struct dino_box){ box.x0 + dx, box.y0 + dy, box.x1 + dx, box.y1 + dy };
}

static struct dino_box
grown (struct dino_box box, double by)
{
  return (struct dino_box){ box.x0 - by, box.y0 - by, box.x1 + by, box.y1 + by };
}

static gboolean
holds (enum dino_shape shape, struct dino_box box, double x, double y)
{
  if (!(box.x0 < box.x1 && box.y0 < box.y1))
    return FALSE;
  if (shape == DINO_SHAPE_ELLIPSE)
    return dino_ellipse_holds (box, x, y);
  return x >= box.x0 && x <= box.x1 && y >= box.y0 && y <= box.y1;
}

/* Turned views exchange corners, so that each is brought to the screen itself. */
static DinoscopeGrip
find_corner (const DinoscopeView *view, struct dino_box box, double widget_x, double widget_y)
{
  for (int corner = 0; corner < 4; corner++)
    {
      double x, y;

      dinoscope_region_corner (box, (DinoscopeGrip) corner, &x, &y);
      dinoscope_view_to_widget (view, x, y, &x, &y);
      if (hypot (widget_x - x, widget_y - y) <= CORNER_REACH)
        return (DinoscopeGrip) corner;
    }
  return DINOSCOPE_GRIP_NONE;
}

static DinoscopeGrip
find_grip (const DinoscopeView *view, const DinoscopeRegion *region, gboolean selected, double widget_x, double widget_y)
{
  struct dino_box shown = dinoscope_view_box_to_widget (view, region->box);
  DinoscopeGrip   corner = selected ? find_corner (view, region->box, widget_x, widget_y) : DINOSCOPE_GRIP_NONE;

  if (corner != DINOSCOPE_GRIP_NONE)
    return corner;
  if (!holds (region->shape, grown (shown, EDGE_REACH), widget_x, widget_y))
    return DINOSCOPE_GRIP_NONE;
  if (!selected && holds (region->shape, grown (shown, -EDGE_REACH), widget_x, widget_y))
    return DINOSCOPE_GRIP_NONE;
  return DINOSCOPE_GRIP_WHOLE;
}

int
dinoscope_region_find (const DinoscopeView *view, DinoscopeRegions *regions, double widget_x, double widget_y, DinoscopeGrip *grip)
{
  int selected = dinoscope_regions_get_selected (regions);

  *grip = DINOSCOPE_GRIP_NONE;
  if (selected >= 0)
    *grip = find_grip (view, dinoscope_regions_get (regions, (guint) selected), TRUE, widget_x, widget_y);
  if (*grip != DINOSCOPE_GRIP_NONE)
    return selected;
  for (int i = (int) dinoscope_regions_get_n (regions) - 1; i >= 0; i--)
    {
      *grip = find_grip (view, dinoscope_regions_get (regions, (guint) i), FALSE, widget_x, widget_y);
      if (*grip != DINOSCOPE_GRIP_NONE)
        return i;
    }
  return -1;
}

int
dinoscope_region_at (const DinoscopeView *view, DinoscopeRegions *regions, double widget_x, double widget_y)
{
  DinoscopeGrip grip;
  double        best = G_MAXDOUBLE, x, y;
  int           found = -1;

  dinoscope_view_to_picture (view, widget_x, widget_y, &x, &y);
  for (guint i = 0; i < dinoscope_regions_get_n (regions); i++)
    {
      const DinoscopeRegion *region = dinoscope_regions_get (regions, i);
      double                 area = (region->box.x1 - region->box.x0) * (region->box.y1 - region->box.y0);

      if (holds (region->shape, region->box, x, y) && area < best)
        {
          best = area;
          found = (int) i;
        }
    }
  return found >= 0 ? found : dinoscope_region_find (view, regions, widget_x, widget_y, &grip);
}
