#include "core/base/memory.h"
#include "core/vectors/nearest.h"
#include "core/vectors/representation.h"

/* The neighbours of all representations of a side; on unit vectors the order of
 * distances is that of cosines. */
static bool
find_all (const struct dino_representation *side, size_t count, size_t n, size_t k, struct dino_team *team, const struct dino_progress *progress, struct dino_nearest **found, struct dino_error *error)
{
  for (size_t i = 0; i < count; i++)
    {
      const struct dino_points points = dino_points (side[i].rows, n, side[i].width);
      float                   *rows = dino_points_copy (&points, true, error);
      const struct dino_points unit = dino_points (rows, n, side[i].width);

      found[i] = rows != NULL ? dino_nearest_new (&unit, k, team, progress, error) : NULL;
      dino_free (rows);
      if (found[i] == NULL)
        return false;
    }
  return true;
}

static double
overlap_of (const struct dino_nearest *one, const struct dino_nearest *other)
{
  const size_t k = one->k;
  size_t       same = 0;

  for (size_t i = 0; i < one->n; i++)
    for (size_t a = 0; a < k; a++)
      for (size_t b = 0; b < k; b++)
        same += one->rows[i * k + a] == other->rows[i * k + b];
  return (double) same / (double) (one->n * k);
}

bool
dino_neighbor_overlap (const struct dino_representation *first,
                       size_t                            n_first,
                       const struct dino_representation *second,
                       size_t                            n_second,
                       size_t                            n,
                       size_t                            k,
                       struct dino_team                 *team,
                       const struct dino_progress       *progress,
                       double                           *out,
                       struct dino_error                *error)
{
  struct dino_nearest **found = dino_alloc_zeroed (n_first + n_second, sizeof *found, error);
  bool                  done = found != NULL && find_all (first, n_first, n, k, team, progress, found, error) &&
              find_all (second, n_second, n, k, team, progress, found + n_first, error);

  for (size_t i = 0; done && i < n_first; i++)
    for (size_t j = 0; j < n_second; j++)
      out[i * n_second + j] = overlap_of (found[i], found[n_first + j]);
  for (size_t i = 0; found != NULL && i < n_first + n_second; i++)
    dino_nearest_free (found[i]);
  dino_free (found);
  return done;
}
