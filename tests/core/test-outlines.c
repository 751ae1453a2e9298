/* Outlines of masks that touch themselves everywhere: rings, areas, crossings. */
#include "support.h"

#include "core/base/random.h"
#include "core/heads/outlines.h"

#define SIDE 48

static gint64
cross (struct dino_point a, struct dino_point b, struct dino_point c)
{
  return (gint64) (b.x - a.x) * (c.y - a.y) - (gint64) (b.y - a.y) * (c.x - a.x);
}

static gboolean
do_cross (struct dino_point a, struct dino_point b, struct dino_point c, struct dino_point d)
{
  const gint64 u = cross (a, b, c), v = cross (a, b, d), w = cross (c, d, a), z = cross (c, d, b);

  return ((u < 0 && v > 0) || (u > 0 && v < 0)) && ((w < 0 && z > 0) || (w > 0 && z < 0));
}

static struct dino_point
corner (const struct dino_outlines *outlines, size_t ring, size_t i)
{
  const struct dino_ring *of = &outlines->rings[ring];

  return outlines->points[of->first + i % of->n];
}

static gint64
twice_area (const struct dino_outlines *outlines, size_t ring)
{
  gint64 sum = 0;

  for (size_t i = 0; i < outlines->rings[ring].n; i++)
    sum += (gint64) corner (outlines, ring, i).x * corner (outlines, ring, i + 1).y - (gint64) corner (outlines, ring, i + 1).x * corner (outlines, ring, i).y;
  return sum;
}

static guint
count_crossings (const struct dino_outlines *outlines)
{
  guint n = 0;

  for (size_t r = 0; r < outlines->n_rings; r++)
    for (size_t s = 0; s <= r; s++)
      for (size_t i = 0; i < outlines->rings[r].n; i++)
        for (size_t k = 0; k < outlines->rings[s].n; k++)
          n += do_cross (corner (outlines, r, i), corner (outlines, r, i + 1), corner (outlines, s, k), corner (outlines, s, k + 1));
  return n;
}

static void
draw_noise (guint8 *mask, guint64 seed)
{
  struct dino_random random = dino_random (seed);

  for (int i = 0; i < SIDE * SIDE; i++)
    mask[i] = dino_random_share (&random) < 0.62;
}

/* One outer ring and holes that make up the area; no corner twice in a ring. */
static void
test_rings (void)
{
  for (guint64 seed = 0; seed < 20; seed++)
    {
      guint8                mask[SIDE * SIDE];
      struct dino_outlines *outlines;
      guint64               area = 0, painted = 0;

      draw_noise (mask, seed);
      outlines = dino_outlines_new (mask, SIDE, SIDE, 1, 2, 0, NULL);
      g_assert_nonnull (outlines);
      for (size_t p = 0; p < outlines->n_polygons; p++)
        {
          const struct dino_polygon *polygon = &outlines->polygons[p];
          gint64                     twice = 0;

          for (size_t r = 0; r < polygon->n_rings; r++)
            {
              const gint64 of_ring = twice_area (outlines, polygon->first_ring + r);

              g_assert_true (r == 0 ? of_ring > 0 : of_ring < 0);
              twice += of_ring;
            }
          g_assert_cmpint (twice, ==, 2 * (gint64) polygon->area);
          area += polygon->area;
        }
      for (size_t r = 0; r < outlines->n_rings; r++)
        for (size_t i = 0; i < outlines->rings[r].n; i++)
          for (size_t k = 0; k < i; k++)
            g_assert_false (corner (outlines, r, i).x == corner (outlines, r, k).x && corner (outlines, r, i).y == corner (outlines, r, k).y);
      for (int i = 0; i < SIDE * SIDE; i++)
        painted += mask[i];
      g_assert_cmpuint (area, ==, painted);
      dino_outlines_free (outlines);
    }
}

/* Corners go, and no line comes to cross another. */
static void
test_simplified (void)
{
  for (guint64 seed = 0; seed < 20; seed++)
    {
      guint8                mask[SIDE * SIDE];
      struct dino_outlines *whole, *simplified;

      draw_noise (mask, seed);
      whole = dino_outlines_new (mask, SIDE, SIDE, 1, 2, 0, NULL);
      simplified = dino_outlines_new (mask, SIDE, SIDE, 1, 2, 3, NULL);
      g_assert_cmpuint (simplified->n_points, <, whole->n_points);
      g_assert_cmpuint (simplified->n_rings, ==, whole->n_rings);
      g_assert_cmpuint (count_crossings (simplified), ==, 0);
      for (size_t r = 0; r < simplified->n_rings; r++)
        g_assert_cmpuint (simplified->rings[r].n, >=, 4);
      dino_outlines_free (whole);
      dino_outlines_free (simplified);
    }
}

/* A corner of a ring that loses some. */
struct left
{
  struct dino_point point;
  size_t            ring, before, after;
  gboolean          gone, refused;
};

static gboolean
holds_another (const struct left *corners, size_t n, size_t at)
{
  const struct dino_point a = corners[corners[at].before].point, b = corners[at].point, c = corners[corners[at].after].point;

  for (size_t i = 0; i < n; i++)
    {
      const struct dino_point p = corners[i].point;
      const gint64            u = cross (a, b, p), v = cross (b, c, p), w = cross (c, a, p);

      if (!corners[i].gone && i != at && (p.x != a.x || p.y != a.y) && (p.x != c.x || p.y != c.y) &&
          p.x >= MIN (a.x, MIN (b.x, c.x)) && p.x <= MAX (a.x, MAX (b.x, c.x)) && p.y >= MIN (a.y, MIN (b.y, c.y)) && p.y <= MAX (a.y, MAX (b.y, c.y)) &&
          ((u >= 0 && v >= 0 && w >= 0) || (u <= 0 && v <= 0 && w <= 0)))
        return TRUE;
    }
  return FALSE;
}

/* By the definition: always the corner of all that cuts off least, the first of
 * equal ones; one that may not go is asked again once a neighbour has gone. */
static void
simplify_plainly (struct left *corners, size_t n, size_t *n_left, gint64 limit)
{
  for (;;)
    {
      size_t best = n;
      gint64 least = limit + 1;

      for (size_t i = 0; i < n; i++)
        if (!corners[i].gone && !corners[i].refused)
          {
            const gint64 area = ABS (cross (corners[corners[i].before].point, corners[i].point, corners[corners[i].after].point));

            if (area < least)
              {
                least = area;
                best = i;
              }
          }
      if (best == n)
        return;
      if (n_left[corners[best].ring] <= 4 || holds_another (corners, n, best))
        {
          corners[best].refused = TRUE;
          continue;
        }
      corners[best].gone = TRUE;
      n_left[corners[best].ring]--;
      corners[corners[best].before].after = corners[best].after;
      corners[corners[best].after].before = corners[best].before;
      corners[corners[best].before].refused = corners[corners[best].after].refused = FALSE;
    }
}

static void
test_order (void)
{
  for (guint64 seed = 20; seed < 24; seed++)
    {
      guint8                  mask[SIDE * SIDE];
      struct dino_outlines   *whole, *simplified;
      g_autofree struct left *corners = NULL;
      g_autofree size_t      *n_left = NULL;

      draw_noise (mask, seed);
      whole = dino_outlines_new (mask, SIDE, SIDE, 1, 2, 0, NULL);
      simplified = dino_outlines_new (mask, SIDE, SIDE, 1, 2, 1.5, NULL);
      corners = g_new0 (struct left, whole->n_points);
      n_left = g_new0 (size_t, whole->n_rings);
      for (size_t r = 0; r < whole->n_rings; r++)
        {
          const size_t first = whole->rings[r].first, n = whole->rings[r].n;

          n_left[r] = n;
          for (size_t i = 0; i < n; i++)
            corners[first + i] = (struct left){ whole->points[first + i], r, first + (i + n - 1) % n, first + (i + 1) % n, FALSE, FALSE };
        }
      simplify_plainly (corners, whole->n_points, n_left, 4);
      for (size_t r = 0; r < whole->n_rings; r++)
        {
          size_t k = 0;

          g_assert_cmpuint (simplified->rings[r].n, ==, n_left[r]);
          for (size_t i = 0; i < whole->rings[r].n; i++)
            {
              const struct left *corner_left = &corners[whole->rings[r].first + i];

              if (!corner_left->gone)
                {
                  g_assert_cmpint (corner (simplified, r, k).x, ==, corner_left->point.x);
                  g_assert_cmpint (corner (simplified, r, k++).y, ==, corner_left->point.y);
                }
            }
        }
      dino_outlines_free (whole);
      dino_outlines_free (simplified);
    }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/outlines/rings", test_rings);
  g_test_add_func ("/outlines/simplified", test_simplified);
  g_test_add_func ("/outlines/order", test_order);
  return g_test_run ();
}
