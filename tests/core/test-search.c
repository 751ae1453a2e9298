/* The nearest rows of a matrix against sums in double, for every way to keep
 * rows, every instruction set, one query and many, any number of threads. */
#include <glib.h>
#include <math.h>
#include <string.h>

#include "core/base/random.h"
#include "core/vectors/narrow-row.h"
#include "core/vectors/search.h"
#include "io/half.h"

#define WIDTH 83 /* no multiple of any vector */
#define COUNT 2011
#define N_QUERIES 270 /* more than a batch */
#define MAX_K 40

struct collection
{
  float   *exact; /* [COUNT, WIDTH] */
  guint16 *halves;
  gint8   *bytes;
  float   *scales, *errors;
  float   *queries; /* [N_QUERIES, WIDTH] */
};

static void
fill_rows (float *rows, gsize n, guint64 seed)
{
  struct dino_random random = dino_random (seed);

  for (gsize i = 0; i < n * WIDTH; i++)
    rows[i] = (float) dino_random_normal (&random) + 0.3f;
  for (gsize i = 0; i < n; i++)
    dino_row_normalize (rows + i * WIDTH, rows + i * WIDTH, WIDTH);
}

/* Some rows are there twice, some are nearly the same, one is nothing. */
static struct collection *
collection_new (void)
{
  struct collection *self = g_new0 (struct collection, 1);

  self->exact = g_new (float, COUNT *WIDTH);
  self->halves = g_new (guint16, COUNT * WIDTH);
  self->bytes = g_new (gint8, COUNT * WIDTH);
  self->scales = g_new (float, COUNT);
  self->errors = g_new (float, COUNT);
  self->queries = g_new (float, N_QUERIES *WIDTH);
  fill_rows (self->exact, COUNT, 1);
  fill_rows (self->queries, N_QUERIES, 2);
  for (gsize i = 500; i < 560; i++)
    memcpy (self->exact + i * WIDTH, self->exact + (i % 3) * WIDTH, WIDTH * sizeof (float));
  for (gsize i = 700; i < 730; i++)
    {
      memcpy (self->exact + i * WIDTH, self->exact, WIDTH * sizeof (float));
      self->exact[i * WIDTH + i % WIDTH] += 1e-7f * (float) (i % 5);
    }
  memset (self->exact + 900 * WIDTH, 0, WIDTH * sizeof (float));
  memcpy (self->queries + 5 * WIDTH, self->exact, WIDTH * sizeof (float));
  for (gsize i = 0; i < COUNT; i++)
    {
      for (gsize j = 0; j < WIDTH; j++)
        self->halves[i * WIDTH + j] = dino_half_from_float (self->exact[i * WIDTH + j]);
      dino_row_narrow (self->exact + i * WIDTH, self->bytes + i * WIDTH, WIDTH, &self->scales[i], &self->errors[i]);
    }
  return self;
}

static void
collection_free (struct collection *self)
{
  g_free (self->exact);
  g_free (self->halves);
  g_free (self->bytes);
  g_free (self->scales);
  g_free (self->errors);
  g_free (self->queries);
  g_free (self);
}

static struct dino_vectors
vectors_of (const struct collection *self, enum dino_vector_type type)
{
  const void *const rows[DINO_N_VECTOR_TYPES] = { self->exact, self->halves, self->bytes };

  return (struct dino_vectors){ .type = type, .count = COUNT, .width = WIDTH, .rows = rows[type], .scales = self->scales, .errors = self->errors, .exact = self->exact };
}

static float
widened (guint16 half)
{
  float value;

  dino_half_to_float (half, &value);
  return value;
}

static double
exact_cosine (const struct collection *self, enum dino_vector_type type, gsize query, gsize row)
{
  double sum = 0;

  for (gsize i = 0; i < WIDTH; i++)
    sum += (double) self->queries[query * WIDTH + i] *
           (double) (type == DINO_VECTOR_F16 ? widened (self->halves[row * WIDTH + i]) : self->exact[row * WIDTH + i]);
  return sum;
}

struct rule
{
  const guint64                    *chosen;
  const guint32                    *groups;
  const struct dino_search_without *without;
};

static gboolean
is_wanted (const struct rule *rule, gsize query, gsize row)
{
  if (rule->chosen != NULL && (rule->chosen[row / 64] >> row % 64 & 1) == 0)
    return FALSE;
  return rule->without == NULL || (rule->without[query].row != row && (rule->without[query].group == G_MAXUINT32 || rule->without[query].group != rule->groups[row]));
}

/* What any order of the same exact cosines would have to be: those found are
 * theirs, sorted, ties by row, and no other row is better than the last. */
static void
assert_nearest (const struct collection *self, enum dino_vector_type type, const struct rule *rule, gsize query, gsize k, const struct dino_hit *hits, gsize count)
{
  g_autofree gboolean *found = g_new0 (gboolean, COUNT);
  gsize                wanted = 0;

  for (gsize i = 0; i < count; i++)
    {
      g_assert_cmpuint (hits[i].row, <, COUNT);
      g_assert_false (found[hits[i].row]);
      found[hits[i].row] = TRUE;
      g_assert_true (is_wanted (rule, query, hits[i].row));
      g_assert_cmpfloat_with_epsilon (hits[i].cosine, exact_cosine (self, type, query, hits[i].row), 6.1e-8);
      if (i > 0)
        g_assert_true (hits[i - 1].cosine > hits[i].cosine || (hits[i - 1].cosine >= hits[i].cosine && hits[i - 1].row < hits[i].row));
    }
  for (gsize row = 0; row < COUNT; row++)
    if (is_wanted (rule, query, row))
      {
        wanted++;
        if (!found[row] && exact_cosine (self, type, query, row) > (double) hits[count - 1].cosine + 6e-8)
          g_error ("query %zu: row %zu with %.9g is missing beside %.9g", query, row, exact_cosine (self, type, query, row), (double) hits[count - 1].cosine);
      }
  g_assert_cmpuint (count, ==, MIN (k, wanted));
}

static void
run (const struct dino_search *search, int threads, struct dino_hit *hits, gsize *counts)
{
  struct dino_error error = { 0 };
  struct dino_team *team = dino_team_new (threads, &error);

  g_assert_nonnull (team);
  g_assert_true (dino_search_run (search, team, hits, counts, NULL, &error));
  g_assert_cmpstr (error.message, ==, "");
  dino_team_free (team);
}

/* All instruction sets, threads and company of queries give the same bits. */
static void
check_everywhere (const struct collection *self, enum dino_vector_type type, const struct rule *rule, gsize k)
{
  const struct dino_vectors   vectors = vectors_of (self, type);
  const gsize                 room = N_QUERIES * k;
  g_autofree struct dino_hit *expected = g_new0 (struct dino_hit, room + 1);
  g_autofree struct dino_hit *hits = g_new0 (struct dino_hit, room + 1);
  gsize                       expected_counts[N_QUERIES], counts[N_QUERIES];
  struct dino_search          search = {
             .vectors = &vectors,
             .n_queries = N_QUERIES,
             .queries = self->queries,
             .k = k,
             .chosen = rule->chosen,
             .groups = rule->groups,
             .without = rule->without,
  };

  run (&search, 1, expected, expected_counts);
  for (gsize query = 0; query < N_QUERIES; query += 9)
    assert_nearest (self, type, rule, query, k, expected + query * k, expected_counts[query]);
  for (enum dino_isa isa = DINO_ISA_GENERIC; isa <= MIN (dino_isa_detect (), DINO_ISA_AVX512); isa++)
    for (int threads = 1; threads <= 3; threads++)
      for (gsize n = 1; n <= N_QUERIES; n = n < 6 ? n + 1 : n * 45)
        {
          search.isa = isa;
          search.n_queries = n;
          run (&search, threads, hits, counts);
          for (gsize query = 0; query < n; query++)
            {
              g_assert_cmpuint (counts[query], ==, expected_counts[query]);
              for (gsize i = 0; i < counts[query]; i++)
                {
                  g_assert_cmpuint (hits[query * k + i].row, ==, expected[query * k + i].row);
                  g_assert_true (memcmp (&hits[query * k + i].cosine, &expected[query * k + i].cosine, sizeof (float)) == 0);
                }
            }
        }
}

static void
test_nearest (gconstpointer data)
{
  struct collection *self = collection_new ();
  const struct rule  all = { 0 };
  static const gsize ks[] = { 1, 10, MAX_K };

  for (gsize i = 0; i < G_N_ELEMENTS (ks); i++)
    check_everywhere (self, GPOINTER_TO_UINT (data), &all, ks[i]);
  collection_free (self);
}

static void
test_filter (gconstpointer data)
{
  static const guint64 patterns[] = { 0, 1, 0x8000000000000001, 0x00ff00ff00ff00ff, G_MAXUINT64 - 4 };
  struct collection   *self = collection_new ();
  guint64              chosen[(COUNT + 63) / 64];

  for (gsize i = 0; i < G_N_ELEMENTS (patterns); i++)
    {
      for (gsize j = 0; j < G_N_ELEMENTS (chosen); j++)
        chosen[j] = j % 3 == 1 ? 0 : patterns[i] << (j % 2);
      check_everywhere (self, GPOINTER_TO_UINT (data), &(struct rule){ .chosen = chosen }, 10);
    }
  collection_free (self);
}

static void
test_without (gconstpointer data)
{
  struct collection         *self = collection_new ();
  g_autofree guint32        *groups = g_new (guint32, COUNT);
  struct dino_search_without without[N_QUERIES];

  for (gsize i = 0; i < COUNT; i++)
    groups[i] = (guint32) (i / 4 % 7);
  for (gsize i = 0; i < N_QUERIES; i++)
    without[i] = (struct dino_search_without){ .row = i % 2 == 0 ? i : SIZE_MAX, .group = i % 3 == 0 ? (guint32) (i % 7) : G_MAXUINT32 };
  check_everywhere (self, GPOINTER_TO_UINT (data), &(struct rule){ .groups = groups, .without = without }, 10);
  collection_free (self);
}

/* Copies come in the order of their rows. */
static void
test_ties (void)
{
  struct collection        *self = collection_new ();
  const struct dino_vectors vectors = vectors_of (self, DINO_VECTOR_I8);
  const struct dino_search  search = { .vectors = &vectors, .isa = dino_isa_detect (), .n_queries = 1, .queries = self->exact + 2 * WIDTH, .k = 22 };
  struct dino_hit           hits[22];
  gsize                     count;

  run (&search, 3, hits, &count);
  g_assert_cmpuint (count, ==, 22);
  g_assert_cmpuint (hits[0].row, ==, 2);
  for (gsize i = 1; i < 21; i++)
    g_assert_cmpuint (hits[i].row, ==, 500 + 3 * (i - 1));
  for (gsize i = 0; i < 21; i++)
    g_assert_true (hits[i].cosine == hits[0].cosine);
  collection_free (self);
}

static bool
say_no (void *data, int done, int total)
{
  return false;
}

static void
test_cancel (void)
{
  struct collection         *self = collection_new ();
  const struct dino_vectors  vectors = vectors_of (self, DINO_VECTOR_F32);
  const struct dino_search   search = { .vectors = &vectors, .n_queries = 1, .queries = self->queries, .k = 1 };
  const struct dino_progress progress = { .func = say_no };
  struct dino_error          error = { 0 };
  struct dino_team          *team = dino_team_new (1, &error);
  struct dino_hit            hit;
  gsize                      count;

  g_assert_false (dino_search_run (&search, team, &hit, &count, &progress, &error));
  g_assert_cmpint (error.code, ==, DINO_CODE_CANCELLED);
  dino_team_free (team);
  collection_free (self);
}

/* Half precision as NumPy has it, subnormal numbers too, on every instruction set. */
static void
test_widen (void)
{
  for (enum dino_isa isa = DINO_ISA_GENERIC; isa <= MIN (dino_isa_detect (), DINO_ISA_AVX512); isa++)
    {
      const struct dino_row_kernels *kernels = dino_row_kernels_for (isa);

      for (guint32 half = 0; half < 0x7c00; half++)
        {
          const guint16 halves[17] = { [0] = (guint16) half, [7] = (guint16) half, [16] = (guint16) (half | 0x8000) };
          float         floats[17];

          kernels->widen[DINO_VECTOR_F16](halves, floats, 17, 1.0f);
          g_assert_true (floats[0] == widened ((guint16) half) && floats[7] == floats[0] && floats[16] == -floats[0]);
        }
    }
}

static void
test_narrow (void)
{
  struct collection *self = collection_new ();

  for (gsize row = 0; row < COUNT; row++)
    {
      double sum = 0;

      for (gsize i = 0; i < WIDTH; i++)
        {
          const double off = (double) self->exact[row * WIDTH + i] - (double) self->scales[row] * self->bytes[row * WIDTH + i];

          g_assert_cmpfloat (fabs (off), <=, 0.5001 * (double) self->scales[row]);
          sum += off * off;
        }
      g_assert_cmpfloat (sqrt (sum), <=, (double) self->errors[row]);
      g_assert_cmpfloat (sqrt (sum) * 1.001 + 1e-9, >=, (double) self->errors[row]);
    }
  collection_free (self);
}

static void
test_normalize (void)
{
  const float row[2] = { 3e20f, -4e20f }, nothing[2] = { 0, 0 }, bad[2] = { 1, NAN };
  float       out[2];

  g_assert_true (dino_row_normalize (row, out, 2));
  g_assert_cmpfloat_with_epsilon (out[0], 0.6, 1e-7);
  g_assert_cmpfloat_with_epsilon (out[1], -0.8, 1e-7);
  g_assert_false (dino_row_normalize (nothing, out, 2));
  g_assert_cmpfloat (out[0], ==, 0);
  g_assert_false (dino_row_normalize (bad, out, 2));
  g_assert_cmpfloat (out[1], ==, 0);
}

int
main (int argc, char **argv)
{
  static const char *const types[DINO_N_VECTOR_TYPES] = { "f32", "f16", "int8" };

  g_test_init (&argc, &argv, NULL);
  for (guint type = 0; type < DINO_N_VECTOR_TYPES; type++)
    {
      g_autofree char *nearest = g_strdup_printf ("/search/nearest/%s", types[type]);
      g_autofree char *filter = g_strdup_printf ("/search/filter/%s", types[type]);
      g_autofree char *without = g_strdup_printf ("/search/without/%s", types[type]);

      g_test_add_data_func (nearest, GUINT_TO_POINTER (type), test_nearest);
      g_test_add_data_func (filter, GUINT_TO_POINTER (type), test_filter);
      g_test_add_data_func (without, GUINT_TO_POINTER (type), test_without);
    }
  g_test_add_func ("/search/ties", test_ties);
  g_test_add_func ("/search/cancel", test_cancel);
  g_test_add_func ("/search/widen", test_widen);
  g_test_add_func ("/search/narrow", test_narrow);
  g_test_add_func ("/search/normalize", test_normalize);
  return g_test_run ();
}
