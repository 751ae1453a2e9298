#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/memory.h"
#include "core/base/text.h"
#include "core/encoder/loop.h"
#include "core/vectors/nearest.h"
#include "core/vectors/products.h"
#include "core/vectors/tsne-private.h"

/* Steps of the search for a width, and how near its entropy has to come. */
#define MAX_STEPS 60
#define TOLERANCE 1e-6

/* Neighbours for each of the perplexity, as van der Maaten 2014 has them. */
#define NEIGHBORS 3

struct gaussian
{
  double sum, mean, variance; /* of the weights, and of the squared distances by them */
};

/* weights = e^(-beta (square - nearest)); the place self has none. */
static struct gaussian
weigh (const float *squares, size_t n, size_t self, float nearest, double beta, float *weights)
{
  double sum = 0, first = 0, second = 0;

  for (size_t j = 0; j < n; j++)
    {
      const double square = (double) (squares[j] - nearest), weight = j == self ? 0 : exp (-beta * square);

      weights[j] = (float) weight;
      sum += weight;
      first += weight * square;
      second += weight * square * square;
    }
  first /= sum;
  return (struct gaussian){ .sum = sum, .mean = first, .variance = fmax (second / sum - first * first, 0) };
}

static float
find_nearest (const float *squares, size_t n, size_t self)
{
  float nearest = INFINITY;

  for (size_t j = 0; j < n; j++)
    nearest = j == self ? nearest : fminf (nearest, squares[j]);
  return nearest;
}

/* Probabilities of n neighbours whose entropy is log (perplexity): Newton's
 * steps on the logarithm of the width, kept between what is known to be too
 * small and too large. */
static void
find_probabilities (const float *squares, size_t n, size_t self, double perplexity, float *out)
{
  const float     nearest = find_nearest (squares, n, self);
  double          low = -INFINITY, high = INFINITY, place;
  struct gaussian gaussian = weigh (squares, n, self, nearest, 0, out);

  place = -log (gaussian.mean > 0 ? gaussian.mean : 1);
  for (int step = 0; step < MAX_STEPS; step++)
    {
      const double beta = exp (place);
      double       difference, slope, next;

      gaussian = weigh (squares, n, self, nearest, beta, out);
      difference = log (gaussian.sum) + beta * gaussian.mean - log (perplexity);
      if (fabs (difference) < TOLERANCE)
        break;
      *(difference > 0 ? &low : &high) = place;
      slope = -beta * beta * gaussian.variance;
      next = slope < 0 ? place - difference / slope : NAN;
      if (!(next > low && next < high))
        next = isinf (low) ? place - 2 : isinf (high) ? place + 2
                                                      : (low + high) / 2;
      place = next;
    }
  for (size_t j = 0; j < n; j++)
    out[j] = (float) ((double) out[j] / gaussian.sum);
}

struct work
{
  struct tsne_affinities    *affinities;
  const struct dino_nearest *nearest; /* or NULL: all pairs */
  float                     *scratch; /* [threads, n or k] */
  const float               *squares; /* [n] from the mean */
  size_t                     first_item;
};

static void
take_squares (void *data, const struct dino_product_tile *tile, int thread)
{
  const struct work *work = data;

  (void) thread;
  for (size_t i = 0; i < tile->n_rows; i++)
    {
      const size_t point = tile->row + i;
      const float *products = tile->values + i * tile->stride;
      float       *out = work->affinities->all + point * work->affinities->n + tile->column;

      for (size_t j = 0; j < tile->n_columns; j++)
        out[j] = fmaxf (work->squares[point] + work->squares[tile->column + j] - 2 * products[j], 0);
    }
}

static void
probability_item (void *data, size_t item, int thread)
{
  const struct work      *work = data;
  struct tsne_affinities *affinities = work->affinities;
  const size_t            n = affinities->n, width = work->nearest != NULL ? work->nearest->k : n;
  const size_t            first = (work->first_item + item) * TSNE_POINTS, end = first + TSNE_POINTS < n ? first + TSNE_POINTS : n;
  float                  *scratch = work->scratch + (size_t) thread * width;

  for (size_t i = first; i < end; i++)
    {
      float *values = affinities->all != NULL ? affinities->all + i * n : affinities->values + i * width;

      if (work->nearest != NULL)
        for (size_t j = 0; j < width; j++)
          scratch[j] = (float) work->nearest->squares[i * width + j];
      else
        memcpy (scratch, values, width * sizeof *values);
      find_probabilities (scratch, width, work->nearest != NULL ? SIZE_MAX : i, affinities->perplexity, values);
    }
}

static void
symmetry_item (void *data, size_t item, int thread)
{
  const struct work *work = data;
  const size_t       n = work->affinities->n;
  const size_t       first = (work->first_item + item) * TSNE_POINTS, end = first + TSNE_POINTS < n ? first + TSNE_POINTS : n;
  float             *all = work->affinities->all;

  (void) thread;
  for (size_t i = first; i < end; i++)
    for (size_t j = i + 1; j < n; j++)
      all[i * n + j] = all[j * n + i] = (float) (((double) all[i * n + j] + (double) all[j * n + i]) / (2 * (double) n));
}

static bool
run_items (struct work *work, struct dino_team *team, dino_team_func func, const struct dino_progress *progress, struct dino_error *error)
{
  const size_t n_items = (work->affinities->n + TSNE_POINTS - 1) / TSNE_POINTS;

  for (work->first_item = 0; work->first_item < n_items; work->first_item++)
    {
      const size_t rest = n_items - work->first_item, at_once = dino_loop_threads (team), count = rest < at_once ? rest : at_once;

      if (!dino_progress_report (progress, 1, 1))
        return dino_error_set (error, DINO_CODE_CANCELLED, _ ("Cancelled."));
      dino_loop_run (team, count, func, work);
      work->first_item += count - 1;
    }
  return true;
}

static bool
all_pairs (struct work *work, const struct dino_points *points, const struct dino_tsne_options *options, const struct dino_progress *progress, struct dino_error *error)
{
  struct dino_operand_rows rows = { .points = *points };
  float                   *mean = dino_alloc (points->width, sizeof *mean, error);
  float                   *squares = dino_alloc (points->n, sizeof *squares, error);
  bool                     done = mean != NULL && squares != NULL;

  work->affinities->all = dino_alloc (points->n, points->n * sizeof (float), error);
  work->scratch = dino_alloc (dino_loop_threads (options->team), points->n * sizeof (float), error);
  if (done && work->affinities->all != NULL && work->scratch != NULL)
    {
      dino_points_mean (points, mean);
      rows.mean = mean;
      work->squares = squares;
      done = dino_squared_lengths (points, mean, squares, error) && dino_products_visit (&rows, &rows, false, options->team, progress, take_squares, work, error) &&
             run_items (work, options->team, probability_item, progress, error) && run_items (work, options->team, symmetry_item, progress, error);
    }
  else
    done = false;
  dino_free (mean);
  dino_free (squares);
  return done;
}

struct entry
{
  uint32_t row;
  float    value;
};

static int
compare (const void *one, const void *other)
{
  const struct entry *a = one, *b = other;

  return a->row < b->row ? -1 : a->row > b->row;
}

/* Rows that are neighbours either way, those that are so twice once. */
static size_t
merge_row (struct entry *entries, size_t n)
{
  size_t out = 0;

  qsort (entries, n, sizeof *entries, compare);
  for (size_t i = 1; i < n; i++)
    if (entries[i].row == entries[out].row)
      entries[out].value += entries[i].value;
    else
      entries[++out] = entries[i];
  return n > 0 ? out + 1 : 0;
}

/* Where each row's entries begin, [n + 1], before any are merged. */
static void
find_places (const struct dino_nearest *nearest, size_t *places)
{
  const size_t n = nearest->n, k = nearest->k;

  for (size_t i = 0; i <= n; i++)
    places[i] = 0;
  for (size_t i = 0; i < n * k; i++)
    {
      places[i / k + 1]++;
      places[nearest->rows[i] + 1]++;
    }
  for (size_t i = 0; i < n; i++)
    places[i + 1] += places[i];
}

static void
fill_entries (const struct dino_nearest *nearest, const float *values, const size_t *places, size_t *filled, struct entry *entries)
{
  const size_t n = nearest->n, k = nearest->k;

  for (size_t i = 0; i < n * k; i++)
    {
      const size_t one = i / k, other = nearest->rows[i];

      entries[places[one] + filled[one]++] = (struct entry){ (uint32_t) other, values[i] };
      entries[places[other] + filled[other]++] = (struct entry){ (uint32_t) one, values[i] };
    }
}

/* The probabilities of neighbours, [n, k], become symmetric ones by row. */
static bool
symmetrize (struct tsne_affinities *affinities, const struct dino_nearest *nearest, struct dino_error *error)
{
  const size_t  n = nearest->n, all = 2 * n * nearest->k;
  size_t       *places = dino_alloc (n + 1, sizeof *places, error), *filled = dino_alloc_zeroed (n, sizeof *filled, error);
  struct entry *entries = dino_alloc (all, sizeof *entries, error);
  float        *values = dino_alloc (all, sizeof *values, error);
  bool          done;

  affinities->starts = dino_alloc_zeroed (n + 1, sizeof *affinities->starts, error);
  affinities->rows = dino_alloc (all, sizeof *affinities->rows, error);
  done = places != NULL && filled != NULL && entries != NULL && values != NULL && affinities->starts != NULL && affinities->rows != NULL;
  if (done)
    {
      find_places (nearest, places);
      fill_entries (nearest, affinities->values, places, filled, entries);
      for (size_t i = 0; i < n; i++)
        {
          const size_t count = merge_row (entries + places[i], filled[i]), start = affinities->starts[i];

          for (size_t j = 0; j < count; j++)
            {
              affinities->rows[start + j] = entries[places[i] + j].row;
              values[start + j] = (float) ((double) entries[places[i] + j].value / (2 * (double) n));
            }
          affinities->starts[i + 1] = start + count;
        }
      dino_free (affinities->values);
      affinities->values = values;
      values = NULL;
    }
  dino_free (places);
  dino_free (filled);
  dino_free (entries);
  dino_free (values);
  return done;
}

static bool
neighbors (struct work *work, const struct dino_points *points, const struct dino_tsne_options *options, const struct dino_progress *progress, struct dino_error *error)
{
  const size_t         wanted = (size_t) (NEIGHBORS * work->affinities->perplexity + 1), k = wanted < points->n - 1 ? wanted : points->n - 1;
  struct dino_nearest *nearest = dino_nearest_new (points, k, options->team, progress, error);
  bool                 done = nearest != NULL;

  if (done)
    {
      work->nearest = nearest;
      work->affinities->values = dino_alloc (points->n, k * sizeof (float), error);
      work->scratch = dino_alloc (dino_loop_threads (options->team), k * sizeof (float), error);
      done = work->affinities->values != NULL && work->scratch != NULL && run_items (work, options->team, probability_item, progress, error) &&
             symmetrize (work->affinities, nearest, error);
    }
  dino_nearest_free (nearest);
  return done;
}

bool
tsne_affinities_init (struct tsne_affinities *affinities, const struct dino_points *points, const struct dino_tsne_options *options, const struct dino_progress *progress, struct dino_error *error)
{
  const double most = (double) (points->n - 1) / NEIGHBORS;
  struct work  work = { .affinities = affinities };
  bool         done;

  *affinities = (struct tsne_affinities){ .n = points->n, .perplexity = options->perplexity < most ? options->perplexity : most };
  if (!options->tree && points->n <= DINO_TSNE_EXACT)
    done = all_pairs (&work, points, options, progress, error);
  else
    done = neighbors (&work, points, options, progress, error);
  dino_free (work.scratch);
  return done;
}

void
tsne_affinities_clear (struct tsne_affinities *affinities)
{
  dino_free (affinities->all);
  dino_free (affinities->starts);
  dino_free (affinities->rows);
  dino_free (affinities->values);
}
