/* Leaving out corners, the one that changes least first. */
#include <string.h>

#include "core/base/memory.h"
#include "core/heads/outlines-private.h"

/* Corners are looked up by squares of so many pixels. */
#define SQUARE 16

/* A ring keeps so many corners. */
#define MIN_CORNERS 4

struct corner
{
  struct dino_point point;
  size_t            before, after; /* along the ring */
  size_t            next;          /* in the same square */
  size_t            ring;
  bool              gone;
  unsigned          version; /* grows when a neighbour goes */
};

/* What leaving out a corner would cut off, as known when it was put here. */
struct entry
{
  int64_t  twice_area;
  size_t   corner;
  unsigned version;
};

struct simplifier
{
  struct corner *corners; /* [n_corners]: of all rings, as the points are */
  size_t         n_corners;
  size_t        *squares; /* [rows, columns]: first corner + 1, or 0; of the class at work */
  int            columns, rows;
  size_t        *left; /* [n_rings]: corners */
  struct entry  *heap; /* the smallest first */
  size_t         n_heap, room_heap;
};

/* The heap. */

static bool
is_before (const struct entry *a, const struct entry *b)
{
  return a->twice_area != b->twice_area ? a->twice_area < b->twice_area : a->corner < b->corner;
}

static void
swap (struct entry *a, struct entry *b)
{
  const struct entry kept = *a;

  *a = *b;
  *b = kept;
}

static bool
push (struct simplifier *simplifier, struct entry entry, struct dino_error *error)
{
  size_t i = simplifier->n_heap;

  if (i == simplifier->room_heap)
    {
      size_t        room = i * 2 + 64;
      struct entry *grown = dino_alloc (room, sizeof *grown, error);

      if (grown == NULL)
        return false;
      if (i > 0)
        memcpy (grown, simplifier->heap, i * sizeof *grown);
      dino_free (simplifier->heap);
      simplifier->heap = grown;
      simplifier->room_heap = room;
    }
  simplifier->heap[simplifier->n_heap++] = entry;
  for (; i > 0 && is_before (&simplifier->heap[i], &simplifier->heap[(i - 1) / 2]); i = (i - 1) / 2)
    swap (&simplifier->heap[i], &simplifier->heap[(i - 1) / 2]);
  return true;
}

static struct entry
pop (struct simplifier *simplifier)
{
  struct entry      *heap = simplifier->heap;
  const struct entry top = heap[0];
  const size_t       n = --simplifier->n_heap;

  heap[0] = heap[n];
  for (size_t i = 0, child; (child = 2 * i + 1) < n; i = child)
    {
      if (child + 1 < n && is_before (&heap[child + 1], &heap[child]))
        child++;
      if (!is_before (&heap[child], &heap[i]))
        break;
      swap (&heap[child], &heap[i]);
    }
  return top;
}

/* Triangles. */

static int64_t
cross (struct dino_point a, struct dino_point b, struct dino_point c)
{
  return (int64_t) (b.x - a.x) * (c.y - a.y) - (int64_t) (b.y - a.y) * (c.x - a.x);
}

static bool
is_same (struct dino_point a, struct dino_point b)
{
  return a.x == b.x && a.y == b.y;
}

static bool
in_triangle (struct dino_point a, struct dino_point b, struct dino_point c, struct dino_point point)
{
  const int64_t u = cross (a, b, point), v = cross (b, c, point), w = cross (c, a, point);

  return (u >= 0 && v >= 0 && w >= 0) || (u <= 0 && v <= 0 && w <= 0);
}

static int
least (int a, int b, int c)
{
  return a < b ? (a < c ? a : c) : (b < c ? b : c);
}

static int
most (int a, int b, int c)
{
  return -least (-a, -b, -c);
}

/* Whether the triangle at a corner, edges included, holds a corner of the class
 * other than its own. Corners at the two that stay are at an end of the new line
 * and do no harm. */
static bool
is_occupied (const struct simplifier *simplifier, size_t corner)
{
  const struct corner    *corners = simplifier->corners;
  const struct dino_point a = corners[corners[corner].before].point, b = corners[corner].point, c = corners[corners[corner].after].point;
  const int               low_x = least (a.x, b.x, c.x), low_y = least (a.y, b.y, c.y);
  const int               high_x = most (a.x, b.x, c.x), high_y = most (a.y, b.y, c.y);

  for (int row = low_y / SQUARE; row <= high_y / SQUARE; row++)
    for (int column = low_x / SQUARE; column <= high_x / SQUARE; column++)
      for (size_t i = simplifier->squares[row * simplifier->columns + column]; i != 0; i = corners[i - 1].next)
        {
          const struct corner *other = &corners[i - 1];

          if (other->gone || i - 1 == corner || is_same (other->point, a) || is_same (other->point, c) ||
              other->point.x < low_x || other->point.x > high_x || other->point.y < low_y || other->point.y > high_y)
            continue;
          if (in_triangle (a, b, c, other->point))
            return true;
        }
  return false;
}

static bool
consider (struct simplifier *simplifier, size_t corner, int64_t limit, struct dino_error *error)
{
  const struct corner *corners = simplifier->corners;
  const int64_t        area = cross (corners[corners[corner].before].point, corners[corner].point, corners[corners[corner].after].point);
  const struct entry   entry = { area < 0 ? -area : area, corner, corners[corner].version };

  return entry.twice_area > limit || push (simplifier, entry, error);
}

/* A class. */

static void
enter_ring (struct simplifier *simplifier, const struct dino_outlines *outlines, size_t ring)
{
  const struct dino_ring *of = &outlines->rings[ring];

  simplifier->left[ring] = of->n;
  for (size_t i = 0; i < of->n; i++)
    {
      struct corner *corner = &simplifier->corners[of->first + i];
      size_t        *square;

      *corner = (struct corner){ .point = outlines->points[of->first + i], .ring = ring };
      corner->before = of->first + (i > 0 ? i - 1 : of->n - 1);
      corner->after = of->first + (i + 1 < of->n ? i + 1 : 0);
      square = &simplifier->squares[corner->point.y / SQUARE * simplifier->columns + corner->point.x / SQUARE];
      corner->next = *square;
      *square = of->first + i + 1;
    }
}

static bool
leave_out (struct simplifier *simplifier, size_t corner, int64_t limit, struct dino_error *error)
{
  struct corner *corners = simplifier->corners;
  const size_t   before = corners[corner].before, after = corners[corner].after;

  corners[corner].gone = true;
  simplifier->left[corners[corner].ring]--;
  corners[before].after = after;
  corners[after].before = before;
  corners[before].version++;
  corners[after].version++;
  return consider (simplifier, before, limit, error) && consider (simplifier, after, limit, error);
}

static bool
simplify_class (struct simplifier *simplifier, const struct dino_outlines *outlines, int class_index, int64_t limit, struct dino_error *error)
{
  memset (simplifier->squares, 0, (size_t) simplifier->columns * (size_t) simplifier->rows * sizeof *simplifier->squares);
  for (size_t p = 0; p < outlines->n_polygons; p++)
    for (size_t r = 0; outlines->polygons[p].class_index == class_index && r < outlines->polygons[p].n_rings; r++)
      enter_ring (simplifier, outlines, outlines->polygons[p].first_ring + r);
  for (size_t p = 0; p < outlines->n_polygons; p++)
    for (size_t r = 0; outlines->polygons[p].class_index == class_index && r < outlines->polygons[p].n_rings; r++)
      {
        const struct dino_ring *ring = &outlines->rings[outlines->polygons[p].first_ring + r];

        for (size_t i = 0; i < ring->n; i++)
          if (!consider (simplifier, ring->first + i, limit, error))
            return false;
      }
  while (simplifier->n_heap > 0)
    {
      const struct entry   entry = pop (simplifier);
      const struct corner *corner = &simplifier->corners[entry.corner];

      if (corner->gone || corner->version != entry.version || simplifier->left[corner->ring] <= MIN_CORNERS || is_occupied (simplifier, entry.corner))
        continue;
      if (!leave_out (simplifier, entry.corner, limit, error))
        return false;
    }
  return true;
}

/* Points that are left move together. */
static void
pack_points (const struct simplifier *simplifier, struct dino_outlines *outlines, const size_t *order)
{
  struct dino_point *points = outlines->points;
  size_t             n = 0;

  for (size_t k = 0; k < outlines->n_rings; k++)
    {
      struct dino_ring *ring = &outlines->rings[order[k]];
      const size_t      first = n;

      for (size_t i = 0; i < ring->n; i++)
        if (!simplifier->corners[ring->first + i].gone)
          points[n++] = simplifier->corners[ring->first + i].point;
      *ring = (struct dino_ring){ first, n - first };
    }
  outlines->n_points = n;
}

/* order [n_rings]: rings as their points lie. Each begins where another ends. */
static bool
order_rings (const struct dino_outlines *outlines, size_t *order, struct dino_error *error)
{
  size_t *ring_at = dino_alloc_zeroed (outlines->n_points + 1, sizeof *ring_at, error);
  size_t  n = 0;

  if (ring_at == NULL)
    return false;
  for (size_t r = 0; r < outlines->n_rings; r++)
    ring_at[outlines->rings[r].first] = r + 1;
  for (size_t i = 0; i < outlines->n_points; i++)
    if (ring_at[i] != 0)
      order[n++] = ring_at[i] - 1;
  dino_free (ring_at);
  return true;
}

bool
dino_outlines_simplify (struct dino_outlines *outlines, int width, int height, double simplify, struct dino_error *error)
{
  struct simplifier simplifier = { .n_corners = outlines->n_points, .columns = width / SQUARE + 1, .rows = height / SQUARE + 1 };
  const double      twice = 2 * simplify * simplify;
  const int64_t     limit = twice < 1e15 ? (int64_t) twice : (int64_t) 1e15;
  size_t           *order = dino_alloc (outlines->n_rings, sizeof *order, error);
  bool              is_used[256] = { false }; /* a mask has bytes */
  bool              good;

  simplifier.corners = dino_alloc_zeroed (outlines->n_points, sizeof *simplifier.corners, error);
  simplifier.squares = dino_alloc ((size_t) simplifier.columns * (size_t) simplifier.rows, sizeof *simplifier.squares, error);
  simplifier.left = dino_alloc (outlines->n_rings, sizeof *simplifier.left, error);
  good = order != NULL && simplifier.corners != NULL && simplifier.squares != NULL && simplifier.left != NULL && order_rings (outlines, order, error);
  for (size_t p = 0; good && p < outlines->n_polygons; p++)
    is_used[outlines->polygons[p].class_index & 255] = true;
  for (int c = 0; good && c < 256; c++)
    good = !is_used[c] || simplify_class (&simplifier, outlines, c, limit, error);
  if (good)
    pack_points (&simplifier, outlines, order);
  dino_free (order);
  dino_free (simplifier.corners);
  dino_free (simplifier.squares);
  dino_free (simplifier.left);
  dino_free (simplifier.heap);
  return good;
}
