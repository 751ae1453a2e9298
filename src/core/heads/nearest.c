#include "core/heads/nearest.h"

#include <cblas.h>
#include <math.h>
#include <string.h>

#include "core/base/memory.h"
#include "core/encoder/blas.h"
#include "core/encoder/loop.h"

/* Queries that a thread looks at at once, and references they are multiplied with. */
#define QUERIES 32
#define REFERENCES 256

struct neighbour
{
  double cosine;
  size_t reference;
};

struct work
{
  const struct dino_nearest *nearest;
  const float               *queries;
  const size_t              *query_groups;
  size_t                     n;
  const int                 *ks;
  int                        n_ks;
  size_t                     most;          /* neighbours that are kept */
  double                    *inverse_norms; /* [n_references] */
  double                    *query_norms;   /* [n], inverse */
  float                     *products;      /* [threads, QUERIES, REFERENCES] */
  struct neighbour          *found;         /* [threads, QUERIES, most], the nearest first */
  size_t                    *n_found;       /* [threads, QUERIES] */
  double                    *means;
};

static double
inverse_norm (const float *vector, size_t n)
{
  double sum = 0;

  for (size_t i = 0; i < n; i++)
    sum += (double) vector[i] * (double) vector[i];
  return sum > 0 ? 1 / sqrt (sum) : 0;
}

/* References come in rising order: an equal cosine goes behind. */
static void
keep (struct neighbour *found, size_t *n_found, size_t most, struct neighbour candidate)
{
  size_t place = *n_found;

  if (place == most && candidate.cosine <= found[most - 1].cosine)
    return;
  while (place > 0 && found[place - 1].cosine < candidate.cosine)
    place--;
  if (*n_found < most)
    (*n_found)++;
  memmove (found + place + 1, found + place, (*n_found - place - 1) * sizeof *found);
  found[place] = candidate;
}

/* The first k neighbours that say something about value v. */
static double
mean_of (const struct work *work, const struct neighbour *found, size_t n_found, size_t k, size_t v)
{
  double sum = 0, all = 0;

  for (size_t i = 0; i < n_found && i < k; i++)
    {
      const double says = work->nearest->values[found[i].reference * work->nearest->n_values + v];
      const double weight = exp ((found[i].cosine - found[0].cosine) / work->nearest->temperature);

      if (isnan (says))
        continue;
      sum += weight * says;
      all += weight;
    }
  return all > 0 ? sum / all : (double) NAN;
}

static void
search_references (const struct work *work, size_t first, size_t count, float *products, struct neighbour *found, size_t *n_found)
{
  const struct dino_nearest *nearest = work->nearest;
  const size_t               width = nearest->n_features;

  for (size_t start = 0; start < nearest->n_references; start += REFERENCES)
    {
      const size_t n = nearest->n_references - start < REFERENCES ? nearest->n_references - start : REFERENCES;

      cblas_sgemm (CblasRowMajor, CblasNoTrans, CblasTrans, (blasint) count, (blasint) n, (blasint) width, 1, work->queries + first * width, (blasint) width,
                   nearest->references + start * width, (blasint) width, 0, products, (blasint) n);
      for (size_t q = 0; q < count; q++)
        for (size_t r = 0; r < n; r++)
          {
            const double cosine = (double) products[q * n + r] * work->query_norms[first + q] * work->inverse_norms[start + r];

            if (work->query_groups != NULL && nearest->reference_groups != NULL && nearest->reference_groups[start + r] == work->query_groups[first + q])
              continue;
            keep (found + q * work->most, &n_found[q], work->most, (struct neighbour){ cosine, start + r });
          }
    }
}

static void
predict_item (void *data, size_t item, int thread)
{
  const struct work *work = data;
  const size_t       first = item * QUERIES, count = work->n - first < QUERIES ? work->n - first : QUERIES;
  const size_t       n_values = work->nearest->n_values;
  struct neighbour  *found = work->found + (size_t) thread * QUERIES * work->most;
  size_t            *n_found = work->n_found + (size_t) thread * QUERIES;

  dino_blas_enter_thread ();
  memset (n_found, 0, QUERIES * sizeof *n_found);
  search_references (work, first, count, work->products + (size_t) thread * QUERIES * REFERENCES, found, n_found);
  for (int k = 0; k < work->n_ks; k++)
    for (size_t q = 0; q < count; q++)
      for (size_t v = 0; v < n_values; v++)
        work->means[((size_t) k * work->n + first + q) * n_values + v] = mean_of (work, found + q * work->most, n_found[q], (size_t) work->ks[k], v);
}

static bool
allocate (struct work *work, size_t threads, struct dino_error *error)
{
  const size_t n_references = work->nearest->n_references;

  work->most = (size_t) work->ks[work->n_ks - 1] < n_references ? (size_t) work->ks[work->n_ks - 1] : n_references;
  work->inverse_norms = dino_alloc (n_references, sizeof *work->inverse_norms, error);
  work->query_norms = dino_alloc (work->n, sizeof *work->query_norms, error);
  work->products = dino_alloc (threads * QUERIES, REFERENCES * sizeof *work->products, error);
  work->found = dino_alloc (work->most, threads * QUERIES * sizeof *work->found, error);
  work->n_found = dino_alloc (threads, QUERIES * sizeof *work->n_found, error);
  return work->inverse_norms != NULL && work->query_norms != NULL && work->products != NULL && work->found != NULL && work->n_found != NULL;
}

bool
dino_nearest_predict (const struct dino_nearest *nearest,
                      const float               *queries,
                      const size_t              *query_groups,
                      size_t                     n,
                      const int                 *ks,
                      int                        n_ks,
                      struct dino_team          *team,
                      double                    *means,
                      struct dino_error         *error)
{
  struct work work = { .nearest = nearest, .queries = queries, .query_groups = query_groups, .n = n, .ks = ks, .n_ks = n_ks, .means = means };
  const bool  done = allocate (&work, dino_loop_threads (team), error);

  for (size_t i = 0; done && i < nearest->n_references; i++)
    work.inverse_norms[i] = inverse_norm (nearest->references + i * nearest->n_features, nearest->n_features);
  for (size_t i = 0; done && i < n; i++)
    work.query_norms[i] = inverse_norm (queries + i * nearest->n_features, nearest->n_features);
  if (done)
    dino_loop_run (team, (n + QUERIES - 1) / QUERIES, predict_item, &work);
  dino_free (work.inverse_norms);
  dino_free (work.query_norms);
  dino_free (work.products);
  dino_free (work.found);
  dino_free (work.n_found);
  return done;
}
