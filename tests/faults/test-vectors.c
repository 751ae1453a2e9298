/* Many vectors while memory runs out, at every allocation in turn. */
#include "core/base/memory.h"
#include "core/base/random.h"
#include "core/vectors/duplicates.h"
#include "core/vectors/kmeans.h"
#include "core/vectors/nearest.h"
#include "core/vectors/representation.h"
#include "core/vectors/search.h"
#include "core/vectors/silhouette.h"
#include "core/vectors/tsne.h"
#include "exhaust.h"

#define N ((size_t) 60)
#define WIDTH ((size_t) 12)

static float              rows[N * WIDTH];
static struct dino_points points;
static struct dino_team  *team;

static bool
groups (void *data, struct dino_error *error)
{
  const struct dino_kmeans_options *options = data;
  struct dino_kmeans               *kmeans = dino_kmeans_new (&points, options, error);

  dino_kmeans_free (kmeans);
  return kmeans != NULL;
}

static void
test_kmeans (void)
{
  struct dino_kmeans_options options = { .n_groups = 4, .n_starts = 2, .max_rounds = 20, .team = team };

  exhaust ("k-means", groups, &options, "");
  options.n_groups = DINO_KMEANS_DIRECT + 4;
  exhaust ("k-means by products", groups, &options, "");
  options.batch = 16;
  exhaust ("k-means by mini-batches", groups, &options, "");
}

static bool
silhouette (void *data, struct dino_error *error)
{
  struct dino_silhouette *silhouette = dino_silhouette_new (&points, data, 3, 0, team, NULL, error);

  dino_silhouette_free (silhouette);
  return silhouette != NULL;
}

static bool
nearest (void *data, struct dino_error *error)
{
  struct dino_nearest *nearest = dino_nearest_new (&points, 5, team, NULL, error);

  dino_nearest_free (nearest);
  return nearest != NULL;
}

static bool
duplicates (void *data, struct dino_error *error)
{
  struct dino_duplicates *duplicates = dino_duplicates_new (&points, -0.5, team, NULL, error);

  dino_duplicates_free (duplicates);
  return duplicates != NULL;
}

static bool
copy (void *data, struct dino_error *error)
{
  float *copy = dino_points_copy (&points, true, error);

  dino_free (copy);
  return copy != NULL;
}

static void
test_distances (void)
{
  int labels[N];

  for (size_t i = 0; i < N; i++)
    labels[i] = (int) (i % 3);
  exhaust ("silhouette", silhouette, labels, "");
  exhaust ("nearest neighbours", nearest, NULL, "");
  exhaust ("near duplicates", duplicates, NULL, "");
  exhaust ("copy of rows", copy, NULL, "");
}

/* What memory is lacking for must not become another picture: once the plane of
 * fewer components was taken then. */
static bool
plane (void *data, struct dino_error *error)
{
  float  plane[2 * N];
  double ratios[2];
  bool   done = dino_principal_plane (&points, team, plane, ratios, error);

  g_assert_true (!done || ratios[1] > 0);
  return done;
}

static bool
tsne (void *data, struct dino_error *error)
{
  const struct dino_tsne_options options = { .perplexity = 5, .n_rounds = 8, .tree = data != NULL, .team = team };
  struct dino_tsne              *tsne = dino_tsne_new (&points, &options, error);

  dino_tsne_free (tsne);
  return tsne != NULL;
}

static void
test_planes (void)
{
  exhaust ("principal plane", plane, NULL, "");
  exhaust ("t-SNE, all pairs", tsne, NULL, "");
  exhaust ("t-SNE with a tree", tsne, &points, "");
}

static bool
compare (void *data, struct dino_error *error)
{
  const struct dino_representation representations[] = { { rows, WIDTH }, { rows, WIDTH / 2 } };
  double                           out[4];

  return dino_linear_cka (representations, 2, representations, 2, N, data != NULL, team, NULL, out, error) &&
         dino_effective_rank (&representations[1], N, team, out, error) &&
         dino_neighbor_overlap (representations, 2, representations, 2, N, 4, team, NULL, out, error);
}

static void
test_representations (void)
{
  exhaust ("representations", compare, NULL, "");
  exhaust ("representations without bias", compare, &points, "");
}

static bool
search (void *data, struct dino_error *error)
{
  static const struct dino_search_without without[] = { { 0, UINT32_MAX }, { SIZE_MAX, UINT32_MAX } };
  const struct dino_search                search = { .vectors = data, .isa = dino_isa_detect (), .n_queries = 2, .queries = rows, .k = 7, .without = without };
  struct dino_hit                         hits[2 * 7];
  size_t                                  counts[2];

  return dino_search_run (&search, team, hits, counts, NULL, error);
}

static void
test_search (void)
{
  struct dino_vectors vectors = { .type = DINO_VECTOR_F32, .count = N, .width = WIDTH, .rows = rows };

  exhaust ("search", search, &vectors, "");
}

int
main (int argc, char **argv)
{
  struct dino_random random = dino_random (7);
  int                status;

  faults_watch ();
  g_test_init (&argc, &argv, NULL);
  for (size_t i = 0; i < N * WIDTH; i++)
    rows[i] = (float) (dino_random_normal (&random) + (i / WIDTH % 3 == i % WIDTH % 3 ? 3 : 0));
  points = dino_points (rows, N, WIDTH);
  team = dino_team_new (2, NULL);
  g_test_add_func ("/memory/vectors/kmeans", test_kmeans);
  g_test_add_func ("/memory/vectors/distances", test_distances);
  g_test_add_func ("/memory/vectors/planes", test_planes);
  g_test_add_func ("/memory/vectors/representations", test_representations);
  g_test_add_func ("/memory/vectors/search", test_search);
  status = g_test_run ();
  dino_team_free (team);
  return status;
}
