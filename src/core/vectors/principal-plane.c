#include "core/base/memory.h"
#include "core/maps/pca.h"
#include "core/vectors/tsne.h"

/* Rows that are widened at a time. */
#define ROWS ((size_t) 256)

static bool
add_points (struct dino_pca_fit *fit, const struct dino_points *points, float *rows, struct dino_error *error)
{
  for (size_t first = 0; first < points->n; first += ROWS)
    {
      const size_t n = points->n - first < ROWS ? points->n - first : ROWS;

      dino_points_rows (points, first, n, rows);
      if (!dino_pca_fit_add (fit, rows, n, NULL, error))
        return false;
    }
  return true;
}

/* As many components as the points have, up to two; NULL where they are all
 * one, which is no error. */
static struct dino_pca *
find_components (const struct dino_pca_fit *fit, struct dino_error *error)
{
  struct dino_pca *pca = NULL;

  for (int n = 2; n > 0 && pca == NULL; n--)
    {
      struct dino_error reason = { 0 };

      pca = dino_pca_fit_finish (fit, n, &reason);
      if (pca == NULL && reason.code != DINO_CODE_ARGUMENT)
        {
          dino_error_set (error, reason.code, "%s", reason.message);
          return NULL;
        }
    }
  return pca;
}

static bool
project (const struct dino_pca *pca, const struct dino_points *points, float *rows, float *plane, struct dino_error *error)
{
  float scores[2 * ROWS];

  for (size_t first = 0; first < points->n; first += ROWS)
    {
      const size_t n = points->n - first < ROWS ? points->n - first : ROWS;

      dino_points_rows (points, first, n, rows);
      if (!dino_pca_project (pca, rows, n, scores, error))
        return false;
      for (size_t i = 0; i < n; i++)
        for (int k = 0; k < pca->n_components; k++)
          plane[2 * (first + i) + (size_t) k] = scores[i * (size_t) pca->n_components + (size_t) k];
    }
  return true;
}

bool
dino_principal_plane (const struct dino_points *points, struct dino_team *team, float *plane, double ratios[2], struct dino_error *error)
{
  struct dino_pca_fit *fit = dino_pca_fit_new ((int) points->width, team, error);
  float               *rows = dino_alloc (ROWS, points->width * sizeof *rows, error);
  bool                 done = fit != NULL && rows != NULL && add_points (fit, points, rows, error);

  ratios[0] = ratios[1] = 0;
  for (size_t i = 0; i < 2 * points->n; i++)
    plane[i] = 0;
  if (done)
    {
      struct dino_error failure = { 0 };
      struct dino_pca  *pca = find_components (fit, &failure);

      for (int k = 0; pca != NULL && k < pca->n_components; k++)
        ratios[k] = pca->variance_ratio[k];
      if (pca != NULL)
        done = project (pca, points, rows, plane, error);
      else if (failure.code != DINO_CODE_NONE)
        done = dino_error_set (error, failure.code, "%s", failure.message);
      dino_pca_free (pca);
    }
  dino_pca_fit_free (fit);
  dino_free (rows);
  return done;
}
