#include <math.h>
#include <string.h>

#include "core/base/memory.h"
#include "core/vectors/tsne-private.h"

/* Times that the plane is halved in each direction: points of one place after
 * that share a cell. */
#define LEVELS 24

bool
tsne_tree_init (struct tsne_tree *tree, size_t n, struct dino_error *error)
{
  tree->codes = dino_alloc (2 * n, sizeof *tree->codes, error);
  tree->order = dino_alloc (2 * n, sizeof *tree->order, error);
  tree->capacity = 4 * n + LEVELS;
  tree->cells = dino_alloc (tree->capacity, sizeof *tree->cells, error);
  return tree->codes != NULL && tree->order != NULL && tree->cells != NULL;
}

void
tsne_tree_clear (struct tsne_tree *tree)
{
  dino_free (tree->codes);
  dino_free (tree->order);
  dino_free (tree->cells);
}

/* The bits of a number, each followed by a zero. */
static uint64_t
spread (uint64_t bits)
{
  bits = (bits | bits << 16) & UINT64_C (0x0000ffff0000ffff);
  bits = (bits | bits << 8) & UINT64_C (0x00ff00ff00ff00ff);
  bits = (bits | bits << 4) & UINT64_C (0x0f0f0f0f0f0f0f0f);
  bits = (bits | bits << 2) & UINT64_C (0x3333333333333333);
  return (bits | bits << 1) & UINT64_C (0x5555555555555555);
}

/* The square that holds all points: its corner and side. */
static double
find_square (const float *plane, size_t n, double corner[2])
{
  double side = 0;

  for (int axis = 0; axis < 2; axis++)
    {
      float low = plane[axis], high = plane[axis];

      for (size_t i = 1; i < n; i++)
        {
          low = fminf (low, plane[2 * i + (size_t) axis]);
          high = fmaxf (high, plane[2 * i + (size_t) axis]);
        }
      corner[axis] = (double) low;
      side = fmax (side, (double) high - (double) low);
    }
  /* So that the last point lies inside. */
  return side > 0 ? side * (1 + 1e-9) : 1;
}

/* One pass over 16 bits. */
static void
sort_by (const uint64_t *codes, const uint32_t *order, uint64_t *codes_out, uint32_t *order_out, size_t n, int shift)
{
  enum
  {
    VALUES = 1 << 16
  };
  uint32_t counts[VALUES] = { 0 }, place = 0;

  for (size_t i = 0; i < n; i++)
    counts[codes[i] >> shift & (VALUES - 1)]++;
  for (size_t value = 0; value < VALUES; value++)
    {
      const uint32_t count = counts[value];

      counts[value] = place;
      place += count;
    }
  for (size_t i = 0; i < n; i++)
    {
      const uint32_t to = counts[codes[i] >> shift & (VALUES - 1)]++;

      codes_out[to] = codes[i];
      order_out[to] = order[i];
    }
}

static void
sort_points (struct tsne_tree *tree, const float *plane, size_t n, const double corner[2], double side)
{
  const double scale = (double) (1 << LEVELS) / side;

  for (size_t i = 0; i < n; i++)
    {
      const uint64_t x = (uint64_t) (((double) plane[2 * i] - corner[0]) * scale), y = (uint64_t) (((double) plane[2 * i + 1] - corner[1]) * scale);

      tree->codes[i] = spread (x) | spread (y) << 1;
      tree->order[i] = (uint32_t) i;
    }
  /* 48 bits in three passes, and an empty one that brings them back. */
  sort_by (tree->codes, tree->order, tree->codes + n, tree->order + n, n, 0);
  sort_by (tree->codes + n, tree->order + n, tree->codes, tree->order, n, 16);
  sort_by (tree->codes, tree->order, tree->codes + n, tree->order + n, n, 32);
  memcpy (tree->codes, tree->codes + n, n * sizeof *tree->codes);
  memcpy (tree->order, tree->order + n, n * sizeof *tree->order);
}

static void
fill_cell (struct tsne_tree *tree, struct tsne_cell *cell, const float *plane, size_t first, size_t end)
{
  double x = 0, y = 0;

  for (size_t i = first; i < end; i++)
    {
      x += (double) plane[2 * tree->order[i]];
      y += (double) plane[2 * tree->order[i] + 1];
    }
  cell->x = (float) (x / (double) (end - first));
  cell->y = (float) (y / (double) (end - first));
  cell->n = (float) (end - first);
}

struct range
{
  size_t first, end; /* of the points in order */
  int    level;      /* halvings left */
};

/* The end of those points of range that lie in a quarter, from first on. */
static size_t
end_of_quarter (const struct tsne_tree *tree, const struct range *range, size_t first)
{
  const int      shift = 2 * (range->level - 1);
  const uint64_t quarter = tree->codes[first] >> shift;
  size_t         low = first, high = range->end;

  while (high - low > 1)
    {
      const size_t middle = low + (high - low) / 2;

      if (tree->codes[middle] >> shift == quarter)
        low = middle;
      else
        high = middle;
    }
  return high;
}

static bool
room_for_cell (struct tsne_tree *tree, struct dino_error *error)
{
  struct tsne_cell *cells;

  if (tree->n_cells < tree->capacity)
    return true;
  cells = dino_alloc (2 * tree->capacity, sizeof *cells, error);
  if (cells == NULL)
    return false;
  memcpy (cells, tree->cells, tree->n_cells * sizeof *cells);
  dino_free (tree->cells);
  tree->cells = cells;
  tree->capacity *= 2;
  return true;
}

/* A cell and all that is in it; as deep as there are levels. */
static bool
add_cell (struct tsne_tree *tree, const float *plane, struct range range, double side, struct dino_error *error)
{
  const size_t index = tree->n_cells;

  /* While all points are in one quarter, that is the cell. */
  while (range.level > 0 && range.end - range.first > 1 && end_of_quarter (tree, &range, range.first) == range.end)
    {
      range.level--;
      side /= 2;
    }
  if (!room_for_cell (tree, error))
    return false;
  tree->n_cells++;
  fill_cell (tree, &tree->cells[index], plane, range.first, range.end);
  tree->cells[index].square = 0;
  if (range.level > 0 && range.end - range.first > 1)
    {
      tree->cells[index].square = (float) (side * side);
      for (size_t first = range.first, end; first < range.end; first = end)
        {
          end = end_of_quarter (tree, &range, first);
          if (!add_cell (tree, plane, (struct range){ first, end, range.level - 1 }, side / 2, error))
            return false;
        }
    }
  tree->cells[index].beyond = (uint32_t) tree->n_cells;
  return true;
}

bool
tsne_tree_build (struct tsne_tree *tree, const float *plane, size_t n, struct dino_error *error)
{
  double       corner[2];
  const double side = find_square (plane, n, corner);

  sort_points (tree, plane, n, corner, side);
  tree->n_cells = 0;
  return add_cell (tree, plane, (struct range){ 0, n, LEVELS }, side, error);
}
