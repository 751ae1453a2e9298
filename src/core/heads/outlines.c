/* Rings are followed along the edges of pixels, with the component on the right
 * hand. */
#include "core/heads/outlines-private.h"

#include <stdlib.h>
#include <string.h>

#include "core/base/memory.h"

/* East, south, west, north: y grows downwards. */
static const int step_x[4] = { 1, 0, -1, 0 };
static const int step_y[4] = { 0, 1, 0, -1 };

/* The pixel ahead to the right of a corner, from the corner's own pixel. */
static const int right_x[4] = { 0, -1, -1, 0 };
static const int right_y[4] = { 0, 0, -1, -1 };

/* A ring on its way: which component it is of, and whether it is a hole. */
struct traced
{
  struct dino_ring ring;
  size_t           component;
  bool             hole;
};

struct tracer
{
  const uint8_t *mask;
  int            width, height, first, end;
  int           *components; /* [height, width]: from 0, -1 elsewhere */
  uint8_t       *followed;   /* [height, width]: the upper edge is part of a ring */
  int           *stack;      /* [pixels], of the flood */

  struct dino_polygon *polygons;
  size_t               n_polygons, room_polygons;
  struct traced       *rings;
  size_t               n_rings, room_rings;
  struct dino_points   points;  /* of finished rings */
  struct dino_points   way;     /* of the ring that is followed */
  size_t              *pinches; /* of way: where the component touches itself by a corner */
  size_t               n_pinches, room_pinches;
};

/* Room for one more of size bytes. */
static bool
grow (void **array, size_t n, size_t *room, size_t size, struct dino_error *error)
{
  size_t more = *room > 0 ? *room * 2 : 64;
  void  *grown;

  if (n < *room)
    return true;
  grown = dino_alloc (more, size, error);
  if (grown == NULL)
    return false;
  if (n > 0)
    memcpy (grown, *array, n * size);
  dino_free (*array);
  *array = grown;
  *room = more;
  return true;
}

bool
dino_points_add (struct dino_points *points, struct dino_point point, struct dino_error *error)
{
  void *array = points->points;
  bool  good = grow (&array, points->n, &points->room, sizeof point, error);

  points->points = array;
  if (good)
    points->points[points->n++] = point;
  return good;
}

/* Components. */

static bool
is_class (const struct tracer *tracer, uint8_t value)
{
  return value >= tracer->first && value < tracer->end;
}

/* All pixels of the component that pixel begins. */
static uint64_t
flood (struct tracer *tracer, int pixel, int component)
{
  const uint8_t value = tracer->mask[pixel];
  size_t        n = 0;
  uint64_t      area = 0;

  tracer->stack[n++] = pixel;
  tracer->components[pixel] = component;
  while (n > 0)
    {
      const int at = tracer->stack[--n], x = at % tracer->width, y = at / tracer->width;

      area++;
      for (int d = 0; d < 4; d++)
        {
          const int nx = x + step_x[d], ny = y + step_y[d];
          const int next = ny * tracer->width + nx;

          if (nx < 0 || ny < 0 || nx >= tracer->width || ny >= tracer->height || tracer->mask[next] != value || tracer->components[next] >= 0)
            continue;
          tracer->components[next] = component;
          tracer->stack[n++] = next;
        }
    }
  return area;
}

static bool
find_components (struct tracer *tracer, struct dino_error *error)
{
  const int n_pixels = tracer->width * tracer->height;

  for (int i = 0; i < n_pixels; i++)
    tracer->components[i] = -1;
  for (int i = 0; i < n_pixels; i++)
    {
      void *array = tracer->polygons;
      bool  good;

      if (tracer->components[i] >= 0 || !is_class (tracer, tracer->mask[i]))
        continue;
      good = grow (&array, tracer->n_polygons, &tracer->room_polygons, sizeof *tracer->polygons, error);
      tracer->polygons = array;
      if (!good)
        return false;
      tracer->polygons[tracer->n_polygons] = (struct dino_polygon){ .class_index = tracer->mask[i], .area = flood (tracer, i, (int) tracer->n_polygons) };
      tracer->n_polygons++;
    }
  return true;
}

/* Rings. */

static bool
holds (const struct tracer *tracer, int x, int y, int component)
{
  return x >= 0 && y >= 0 && x < tracer->width && y < tracer->height && tracer->components[y * tracer->width + x] == component;
}

static bool
add_pinch (struct tracer *tracer, struct dino_error *error)
{
  void *array = tracer->pinches;
  bool  good = grow (&array, tracer->n_pinches, &tracer->room_pinches, sizeof *tracer->pinches, error);

  tracer->pinches = array;
  if (good)
    tracer->pinches[tracer->n_pinches++] = tracer->way.n;
  return good;
}

/* Goes round once from the upper left corner of a pixel, to the right. */
static bool
follow (struct tracer *tracer, int start_x, int start_y, struct dino_error *error)
{
  const int component = tracer->components[start_y * tracer->width + start_x];
  int       x = start_x, y = start_y, direction = 0;

  tracer->way.n = 0;
  tracer->n_pinches = 0;
  do
    {
      bool right, left;
      int  side;

      if (direction == 0)
        tracer->followed[y * tracer->width + x] = 1;
      x += step_x[direction];
      y += step_y[direction];
      side = (direction + 3) % 4;
      right = holds (tracer, x + right_x[direction], y + right_y[direction], component);
      left = holds (tracer, x + right_x[side], y + right_y[side], component);
      if (right && !left)
        continue;
      if (!right && left && !add_pinch (tracer, error))
        return false;
      if (!dino_points_add (&tracer->way, (struct dino_point){ x, y }, error))
        return false;
      direction = right ? side : (direction + 1) % 4;
    }
  while (x != start_x || y != start_y || direction != 0);
  return true;
}

/* Twice the area that a ring goes round, negative for a hole. */
static int64_t
twice_area (const struct dino_point *points, size_t n)
{
  int64_t sum = 0;

  for (size_t i = 0; i < n; i++)
    {
      const struct dino_point a = points[i], b = points[i + 1 < n ? i + 1 : 0];

      sum += (int64_t) a.x * b.y - (int64_t) b.x * a.y;
    }
  return sum;
}

static bool
add_ring (struct tracer *tracer, size_t component, const struct dino_point *points, size_t n, struct dino_error *error)
{
  void *array = tracer->rings;
  bool  good = grow (&array, tracer->n_rings, &tracer->room_rings, sizeof *tracer->rings, error);

  tracer->rings = array;
  if (!good)
    return false;
  tracer->rings[tracer->n_rings++] = (struct traced){ { tracer->points.n, n }, component, twice_area (points, n) < 0 };
  for (size_t i = 0; i < n; i++)
    if (!dino_points_add (&tracer->points, points[i], error))
      return false;
  return true;
}

static int
compare_pinches (const void *a, const void *b, void *data)
{
  const struct dino_point *way = data;
  const size_t             i = *(const size_t *) a, k = *(const size_t *) b;

  if (way[i].y != way[k].y)
    return way[i].y < way[k].y ? -1 : 1;
  if (way[i].x != way[k].x)
    return way[i].x < way[k].x ? -1 : 1;
  return i < k ? -1 : i > k;
}

/* earlier [way.n]: the index of the same corner before, or the own one. */
static size_t *
find_earlier (struct tracer *tracer, struct dino_error *error)
{
  const struct dino_point *way = tracer->way.points;
  size_t                  *earlier = dino_alloc (tracer->way.n, sizeof *earlier, error);

  for (size_t i = 0; earlier != NULL && i < tracer->way.n; i++)
    earlier[i] = i;
  if (earlier == NULL)
    return NULL;
  qsort_r (tracer->pinches, tracer->n_pinches, sizeof *tracer->pinches, compare_pinches, tracer->way.points);
  for (size_t i = 1; i < tracer->n_pinches; i++)
    {
      const size_t a = tracer->pinches[i - 1], b = tracer->pinches[i];

      if (way[a].x == way[b].x && way[a].y == way[b].y)
        earlier[b] = a;
    }
  return earlier;
}

/* A way that passes a corner twice becomes two rings that touch there. kept
 * [n] is what is left of the way so far, place [n] where each of its corners went. */
static bool
split_way (struct tracer *tracer, size_t component, struct dino_error *error)
{
  const size_t       n = tracer->way.n;
  size_t            *earlier = find_earlier (tracer, error);
  struct dino_point *kept = dino_alloc (n, sizeof *kept, error);
  size_t            *place = dino_alloc (n, sizeof *place, error);
  bool               good = earlier != NULL && kept != NULL && place != NULL;
  size_t             n_kept = 0;

  for (size_t i = 0; good && i < n; i++)
    {
      if (earlier[i] != i)
        {
          const size_t from = place[earlier[i]];

          good = add_ring (tracer, component, kept + from, n_kept - from, error);
          n_kept = from;
        }
      place[i] = n_kept;
      kept[n_kept++] = tracer->way.points[i];
    }
  good = good && add_ring (tracer, component, kept, n_kept, error);
  dino_free (earlier);
  dino_free (kept);
  dino_free (place);
  return good;
}

static bool
find_rings (struct tracer *tracer, struct dino_error *error)
{
  for (int y = 0; y < tracer->height; y++)
    for (int x = 0; x < tracer->width; x++)
      {
        const int  pixel = y * tracer->width + x, component = tracer->components[pixel];
        const bool is_edge = component >= 0 && !holds (tracer, x, y - 1, component);
        bool       good;

        if (!is_edge || tracer->followed[pixel] != 0)
          continue;
        good = follow (tracer, x, y, error);
        if (good && tracer->n_pinches < 2)
          good = add_ring (tracer, (size_t) component, tracer->way.points, tracer->way.n, error);
        else if (good)
          good = split_way (tracer, (size_t) component, error);
        if (!good)
          return false;
      }
  return true;
}

/* Rings sorted by polygon, the outer one first. */
static void
sort_rings (struct tracer *tracer, struct dino_ring *rings)
{
  size_t first = 0;

  for (size_t i = 0; i < tracer->n_rings; i++)
    tracer->polygons[tracer->rings[i].component].n_rings++;
  for (size_t p = 0; p < tracer->n_polygons; p++)
    {
      tracer->polygons[p].first_ring = first;
      first += tracer->polygons[p].n_rings;
      tracer->polygons[p].n_rings = 1;
    }
  for (size_t i = 0; i < tracer->n_rings; i++)
    {
      struct dino_polygon *polygon = &tracer->polygons[tracer->rings[i].component];

      rings[polygon->first_ring + (tracer->rings[i].hole ? polygon->n_rings++ : 0)] = tracer->rings[i].ring;
    }
}

static bool
tracer_init (struct tracer *tracer, struct dino_error *error)
{
  const size_t n_pixels = (size_t) tracer->width * (size_t) tracer->height;

  tracer->components = dino_alloc (n_pixels, sizeof *tracer->components, error);
  tracer->followed = dino_alloc_zeroed (n_pixels, 1, error);
  tracer->stack = dino_alloc (n_pixels, sizeof *tracer->stack, error);
  return tracer->components != NULL && tracer->followed != NULL && tracer->stack != NULL;
}

static void
tracer_clear (struct tracer *tracer)
{
  dino_free (tracer->components);
  dino_free (tracer->followed);
  dino_free (tracer->stack);
  dino_free (tracer->rings);
  dino_free (tracer->way.points);
  dino_free (tracer->pinches);
}

struct dino_outlines *
dino_outlines_new (const uint8_t *mask, int width, int height, int first, int n_classes, double simplify, struct dino_error *error)
{
  struct tracer         tracer = { .mask = mask, .width = width, .height = height, .first = first, .end = n_classes };
  struct dino_outlines *outlines = dino_alloc_zeroed (1, sizeof *outlines, error);
  bool                  good = outlines != NULL && tracer_init (&tracer, error) && find_components (&tracer, error) && find_rings (&tracer, error);

  if (outlines != NULL)
    {
      *outlines = (struct dino_outlines){ .points = tracer.points.points, .n_points = tracer.points.n, .polygons = tracer.polygons, .n_polygons = tracer.n_polygons, .n_rings = tracer.n_rings };
      outlines->rings = good ? dino_alloc (tracer.n_rings, sizeof *outlines->rings, error) : NULL;
      good = good && outlines->rings != NULL;
      if (good)
        sort_rings (&tracer, outlines->rings);
    }
  tracer_clear (&tracer);
  if (good && simplify > 0)
    good = dino_outlines_simplify (outlines, width, height, simplify, error);
  if (good)
    return outlines;
  dino_outlines_free (outlines);
  return NULL;
}

void
dino_outlines_free (struct dino_outlines *outlines)
{
  if (outlines == NULL)
    return;
  dino_free (outlines->points);
  dino_free (outlines->rings);
  dino_free (outlines->polygons);
  dino_free (outlines);
}
