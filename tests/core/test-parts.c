/* k-means and the map of parts. */
#include "encoder-case.h"

#include "core/maps/draw.h"
#include "core/vectors/kmeans.h"
#include "core/maps/parts.h"
#include "golden.h"

static struct dino_kmeans *
kmeans (const float *rows, size_t n, size_t width, int n_groups, uint64_t seed, struct dino_team *team, struct dino_error *error)
{
  const struct dino_points         vectors = dino_points (rows, n, width);
  const struct dino_kmeans_options options = { .n_groups = n_groups, .seed = seed, .n_starts = 4, .n_trials = 1, .max_rounds = 100, .team = team };

  return dino_kmeans_new (&vectors, &options, error);
}

/* Three clouds of different sizes, far from each other: [n, width]. */
static float *
clouds (const int *sizes, int n_clouds, size_t width, uint32_t seed)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (seed);
  int               n = 0;
  float            *vectors, *next;

  for (int cloud = 0; cloud < n_clouds; cloud++)
    n += sizes[cloud];
  next = vectors = g_new (float, (size_t) n *width);
  for (int cloud = 0; cloud < n_clouds; cloud++)
    for (int i = 0; i < sizes[cloud]; i++)
      for (size_t c = 0; c < width; c++)
        *next++ = (float) (10.0 * (c % (size_t) n_clouds == (size_t) cloud) + g_rand_double_range (random, -1, 1));
  return vectors;
}

static double
squared (const float *a, const float *b, size_t width)
{
  double sum = 0;

  for (size_t c = 0; c < width; c++)
    sum += ((double) a[c] - (double) b[c]) * ((double) a[c] - (double) b[c]);
  return sum;
}

/* Every vector has its nearest centre, centres are means, sizes and inertia
 * are what they say: plain loops. */
static void
assert_fixed_point (const struct dino_kmeans *found, const float *vectors, size_t n, size_t width)
{
  double inertia = 0;

  for (size_t i = 0; i < n; i++)
    {
      const double own = squared (vectors + i * width, found->centers + (size_t) found->labels[i] * width, width);

      for (int group = 0; group < found->n_groups; group++)
        g_assert_cmpfloat (own, <=, squared (vectors + i * width, found->centers + (size_t) group * width, width) + 1e-4);
      inertia += own;
    }
  g_assert_cmpfloat_with_epsilon (found->inertia, inertia, 1e-4 * (1 + inertia));
  for (int group = 0; group < found->n_groups; group++)
    {
      size_t size = 0;

      for (size_t i = 0; i < n; i++)
        size += found->labels[i] == group;
      g_assert_cmpuint (size, ==, found->sizes[group]);
      g_assert_true (group == 0 || found->sizes[group] <= found->sizes[group - 1]);
      for (size_t c = 0; c < width; c++)
        {
          double mean = 0;

          for (size_t i = 0; i < n; i++)
            mean += found->labels[i] == group ? (double) vectors[i * width + c] / (double) size : 0;
          g_assert_cmpfloat_with_epsilon ((double) found->centers[(size_t) group * width + c], mean, 1e-4);
        }
    }
}

static void
test_clouds (void)
{
  const int           sizes[] = { 30, 100, 60 };
  const size_t        width = 21;
  g_autofree float   *vectors = clouds (sizes, 3, width, 7);
  struct dino_error   error = { 0 };
  struct dino_kmeans *found = kmeans (vectors, 190, width, 3, 1, NULL, &error);

  assert_no_error (&error);
  g_assert_true (found->converged);
  assert_fixed_point (found, vectors, 190, width);
  /* The largest first. */
  for (int i = 0; i < 190; i++)
    g_assert_cmpint (found->labels[i], ==, i < 30 ? 2 : i < 130 ? 0
                                                                : 1);
  dino_kmeans_free (found);
}

/* Equal bits for any number of threads, other starts for another seed. */
static void
test_threads (void)
{
  const int           sizes[] = { 500, 400, 300 };
  const size_t        width = 16;
  g_autofree float   *vectors = clouds (sizes, 3, width, 3);
  struct dino_team   *team = new_team (3);
  struct dino_kmeans *alone = kmeans (vectors, 1200, width, 7, 5, NULL, NULL);
  struct dino_kmeans *together = kmeans (vectors, 1200, width, 7, 5, team, NULL);
  struct dino_kmeans *other = kmeans (vectors, 1200, width, 7, 6, team, NULL);

  assert_fixed_point (alone, vectors, 1200, width);
  g_assert_cmpmem (alone->labels, 1200 * sizeof (int), together->labels, 1200 * sizeof (int));
  g_assert_cmpmem (alone->centers, 7 * width * sizeof (float), together->centers, 7 * width * sizeof (float));
  g_assert_true (alone->inertia == together->inertia);
  g_assert_true (alone->inertia != other->inertia);
  dino_kmeans_free (alone);
  dino_kmeans_free (together);
  dino_kmeans_free (other);
  dino_team_free (team);
}

/* Fewer places than groups: no group is a fraction of nothing. */
static void
test_equal_vectors (void)
{
  const float         vectors[] = { 1, 1, 1, 1, 1, 1, 2, 2 };
  struct dino_error   error = { 0 };
  struct dino_kmeans *found = kmeans (vectors, 4, 2, 3, 1, NULL, &error);

  assert_no_error (&error);
  g_assert_cmpfloat (found->inertia, ==, 0);
  for (int i = 0; i < 6; i++)
    g_assert_true (isfinite (found->centers[i]));
  dino_kmeans_free (found);
  g_assert_null (kmeans (vectors, 4, 2, 5, 1, NULL, &error));
  g_assert_cmpint (error.code, ==, DINO_CODE_ARGUMENT);
  g_assert_null (kmeans (vectors, 4, 2, 1, 1, NULL, NULL));
}

static void
test_map (void)
{
  g_autofree char          *path = test_data ("golden/checkpoint/tiny-224crop-1");
  g_autofree float         *pixel_values = golden_tensor ("tiny-224crop", "pixel_values", NULL);
  struct dino_model        *model = load_model (path);
  struct dino_team         *team = new_team (2);
  struct dino_features     *features = encode (model, pixel_values, 16, 16, DINO_ISA_GENERIC, team);
  struct dino_parts_options options = { .block = 1, .norm = true, .k = 4, .seed = 1, .team = team };
  const size_t              width = (size_t) dino_model_config (model)->hidden_size;
  struct dino_geometry      geometry;
  struct dino_kmeans       *found = NULL;
  struct dino_error         error = { 0 };
  struct dino_map          *map;
  const float              *tokens;
  g_autofree float         *vectors = g_new (float, 256 * width);

  g_assert_true (dino_geometry_init_raw (&geometry, 14, 224, 224, NULL));
  map = dino_parts_map (features, &geometry, &options, &found, &error);
  assert_no_error (&error);
  tokens = dino_features_last_hidden_state (features) + dino_features_first_patch (features) * width;
  for (size_t i = 0; i < 256; i++)
    {
      double length = 0;

      for (size_t c = 0; c < width; c++)
        length += (double) tokens[i * width + c] * (double) tokens[i * width + c];
      for (size_t c = 0; c < width; c++)
        vectors[i * width + c] = (float) (tokens[i * width + c] / sqrt (length));
      g_assert_true (map->values[i] == (float) found->labels[i]);
    }
  assert_fixed_point (found, vectors, 256, width);
  g_assert_cmpfloat (map->low, ==, -0.5);
  g_assert_cmpfloat (map->high, ==, 3.5);
  g_assert_cmpstr (map->colormap, ==, "parts-4");
  dino_map_unref (map);
  dino_kmeans_free (found);
  options.k = 17;
  g_assert_null (dino_parts_map (features, &geometry, &options, NULL, &error));
  g_assert_nonnull (strstr (error.message, "17"));
  dino_features_unref (features);
  dino_team_free (team);
  dino_model_unref (model);
}

/* A part has its colour wherever it is drawn, whatever is asked for besides. */
static void
test_colors (void)
{
  struct dino_map      *map = dino_map_new (4, 1, 1, NULL);
  struct dino_map_style style;
  uint8_t               rgba[8 * 4];
  uint8_t               rgb[3];

  for (int i = 0; i < 4; i++)
    map->values[i] = (float) i;
  map->seen = (struct dino_box){ 0, 0, 4, 1 };
  map->low = -0.5;
  map->high = 3.5;
  g_strlcpy (map->colormap, "parts-4", sizeof map->colormap);
  dino_map_style_init (&style);
  style.opacity = 1;
  style.smooth = DINO_SMOOTH_BILINEAR;
  style.colormap = dino_colormap_find ("magma");
  g_assert_cmpint (dino_map_style_smooth (&style, map), ==, DINO_SMOOTH_CELLS);
  g_assert_true (dino_map_draw (map, &style, NULL, 0, 0, map->seen, rgba, 8, 1, NULL, NULL));
  for (int x = 0; x < 8; x++)
    {
      g_assert_cmpmem (rgba + 4 * x, 3, dino_colormap_find ("parts-4")->table[x / 2], 3);
      dino_colormap_lookup (dino_colormap_find ("parts-4"), (x / 2 + 0.01) / 4.0, rgb);
      g_assert_cmpmem (rgb, 3, dino_colormap_find ("parts-4")->table[x / 2], 3);
    }
  dino_map_unref (map);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/parts/clouds", test_clouds);
  g_test_add_func ("/parts/threads", test_threads);
  g_test_add_func ("/parts/equal-vectors", test_equal_vectors);
  g_test_add_func ("/parts/map", test_map);
  g_test_add_func ("/parts/colors", test_colors);
  return g_test_run ();
}
