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

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/outlines/rings", test_rings);
  g_test_add_func ("/outlines/simplified", test_simplified);
  return g_test_run ();
}
