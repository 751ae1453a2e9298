#include "core/heads/knn.h"

#include <math.h>
#include <string.h>

#include "core/base/memory.h"
#include "core/encoder/cpu.h"
#include "core/vectors/search.h"

struct work
{
  float                      *references; /* of length 1 */
  float                      *queries;
  uint64_t                   *chosen; /* references that say something */
  struct dino_search_without *without;
  struct dino_hit            *hits; /* [n, k] */
  size_t                     *counts;
};

/* Copies rows to length 1; zeros stay. */
static void
normalise (const float *from, float *to, size_t n, size_t width)
{
  for (size_t i = 0; i < n; i++, from += width, to += width)
    {
      double sum = 0;

      for (size_t f = 0; f < width; f++)
        sum += (double) from[f] * (double) from[f];
      for (size_t f = 0; f < width; f++)
        to[f] = sum > 0 ? (float) ((double) from[f] / sqrt (sum)) : 0;
    }
}

static bool
allocate (struct work *work, const struct dino_knn *knn, size_t n, size_t k, struct dino_error *error)
{
  const size_t row = knn->n_features * sizeof (float);

  work->references = dino_alloc (knn->n_references, row, error);
  work->queries = dino_alloc (n, row, error);
  work->chosen = dino_alloc_zeroed (knn->n_references / 64 + 1, sizeof *work->chosen, error);
  work->without = dino_alloc (n, sizeof *work->without, error);
  work->hits = dino_alloc (n, k * sizeof *work->hits, error);
  work->counts = dino_alloc_zeroed (n, sizeof *work->counts, error);
  return work->references != NULL && work->queries != NULL && work->chosen != NULL && work->without != NULL && work->hits != NULL && work->counts != NULL;
}

static void
prepare (struct work *work, const struct dino_knn *knn, const float *queries, const uint32_t *query_groups, size_t n)
{
  normalise (knn->references, work->references, knn->n_references, knn->n_features);
  normalise (queries, work->queries, n, knn->n_features);
  for (size_t i = 0; i < knn->n_references; i++)
    if (!isnan (knn->values[i * knn->n_values]))
      work->chosen[i / 64] |= (uint64_t) 1 << (i % 64);
  for (size_t i = 0; i < n; i++)
    work->without[i] = (struct dino_search_without){ SIZE_MAX, query_groups != NULL ? query_groups[i] : UINT32_MAX };
}

/* The first k neighbours. */
static void
average (const struct dino_knn *knn, const struct dino_hit *hits, size_t n, double *means)
{
  double all = 0;

  memset (means, 0, knn->n_values * sizeof *means);
  for (size_t i = 0; i < n; i++)
    {
      /* Against the nearest: so nothing overflows. */
      const double weight = exp (((double) hits[i].cosine - (double) hits[0].cosine) / knn->temperature);

      for (size_t v = 0; v < knn->n_values; v++)
        means[v] += weight * knn->values[hits[i].row * knn->n_values + v];
      all += weight;
    }
  for (size_t v = 0; v < knn->n_values; v++)
    means[v] = n > 0 ? means[v] / all : (double) NAN;
}

bool
dino_knn_predict (const struct dino_knn      *knn,
                  const float                *queries,
                  const uint32_t             *query_groups,
                  size_t                      n,
                  const int                  *ks,
                  int                         n_ks,
                  struct dino_team           *team,
                  const struct dino_progress *progress,
                  double                     *means,
                  struct dino_error          *error)
{
  const size_t        most = (size_t) ks[n_ks - 1], k = most < knn->n_references ? most : knn->n_references;
  struct work         work = { 0 };
  struct dino_vectors matrix = { .type = DINO_VECTOR_F32, .count = knn->n_references, .width = knn->n_features };
  struct dino_search  search = { .isa = dino_isa_detect (), .n_queries = n, .k = k, .groups = knn->groups };
  bool                done = allocate (&work, knn, n, k, error);

  if (done)
    {
      prepare (&work, knn, queries, query_groups, n);
      matrix.rows = work.references;
      search.vectors = &matrix;
      search.queries = work.queries;
      search.chosen = work.chosen;
      search.without = work.without;
      done = dino_search_run (&search, team, work.hits, work.counts, progress, error);
    }
  for (int i = 0; done && i < n_ks; i++)
    for (size_t q = 0; q < n; q++)
      {
        const size_t count = (size_t) ks[i] < work.counts[q] ? (size_t) ks[i] : work.counts[q];

        average (knn, work.hits + q * k, count, means + ((size_t) i * n + q) * knn->n_values);
      }
  dino_free (work.references);
  dino_free (work.queries);
  dino_free (work.chosen);
  dino_free (work.without);
  dino_free (work.hits);
  dino_free (work.counts);
  return done;
}
