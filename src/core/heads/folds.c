#include "core/heads/folds.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/memory.h"

/* As numpy.isclose() has them. */
#define RELATIVE 1e-5
#define ABSOLUTE 1e-8

struct deal
{
  int     n_folds, n_strata;
  size_t  n_groups;
  double *group_counts; /* [n_groups, n_strata] */
  double *fold_counts;  /* [n_folds, n_strata] */
  double *totals;       /* [n_strata] */
  int    *group_folds;  /* [n_groups] */
};

struct rank
{
  double spread;
  size_t group;
};

/* Of n values, each divided by divisor. Operations are those of numpy, in its
 * order: which of two folds is the better one is often a matter of rounding. */
static double
deviation (const double *values, size_t n, size_t step, double divisor)
{
  double mean = 0, sum = 0;

  for (size_t i = 0; i < n; i++)
    mean += values[i * step] / divisor;
  mean /= (double) n;
  for (size_t i = 0; i < n; i++)
    {
      const double distance = values[i * step] / divisor - mean;

      sum += distance * distance;
    }
  return sqrt (sum / (double) n);
}

static void
add_group (struct deal *deal, size_t group, int fold, double sign)
{
  for (int s = 0; s < deal->n_strata; s++)
    deal->fold_counts[fold * deal->n_strata + s] += sign * deal->group_counts[group * (size_t) deal->n_strata + (size_t) s];
}

/* How unequal the folds' shares of the strata are, on average. */
static double
unevenness (const struct deal *deal)
{
  double sum = 0;
  int    n = 0;

  for (int s = 0; s < deal->n_strata; s++)
    if (deal->totals[s] > 0)
      {
        sum += deviation (deal->fold_counts + s, (size_t) deal->n_folds, (size_t) deal->n_strata, deal->totals[s]);
        n++;
      }
  return n > 0 ? sum / n : 0;
}

static int
best_fold (struct deal *deal, size_t group)
{
  int    best = 0;
  double least = INFINITY, fewest = INFINITY;

  for (int fold = 0; fold < deal->n_folds; fold++)
    {
      double uneven, samples = 0;

      add_group (deal, group, fold, 1);
      uneven = unevenness (deal);
      add_group (deal, group, fold, -1);
      for (int s = 0; s < deal->n_strata; s++)
        samples += deal->fold_counts[fold * deal->n_strata + s];
      if (uneven < least || (fabs (uneven - least) <= ABSOLUTE + RELATIVE * fabs (least) && samples < fewest))
        {
          least = uneven;
          fewest = samples;
          best = fold;
        }
    }
  return best;
}

static int
compare_ranks (const void *a, const void *b)
{
  const struct rank *one = a, *other = b;

  if (one->spread != other->spread)
    return one->spread > other->spread ? -1 : 1;
  return one->group < other->group ? -1 : one->group > other->group;
}

static bool
deal_groups (struct deal *deal, struct dino_error *error)
{
  struct rank *ranks = dino_alloc (deal->n_groups, sizeof *ranks, error);

  if (ranks == NULL)
    return false;
  for (size_t group = 0; group < deal->n_groups; group++)
    ranks[group] = (struct rank){ deviation (deal->group_counts + group * (size_t) deal->n_strata, (size_t) deal->n_strata, 1, 1), group };
  qsort (ranks, deal->n_groups, sizeof *ranks, compare_ranks);
  for (size_t i = 0; i < deal->n_groups; i++)
    {
      const int fold = best_fold (deal, ranks[i].group);

      add_group (deal, ranks[i].group, fold, 1);
      deal->group_folds[ranks[i].group] = fold;
    }
  dino_free (ranks);
  return true;
}

bool
dino_folds_deal (const size_t *groups, size_t n_groups, const int *strata, int n_strata, size_t n, int n_folds, int *folds, struct dino_error *error)
{
  struct deal deal = { .n_folds = n_folds, .n_strata = n_strata, .n_groups = n_groups };
  bool        done;

  deal.group_counts = dino_alloc_zeroed (n_groups, (size_t) n_strata * sizeof (double), error);
  deal.fold_counts = dino_alloc_zeroed ((size_t) n_folds, (size_t) n_strata * sizeof (double), error);
  deal.totals = dino_alloc_zeroed ((size_t) n_strata, sizeof (double), error);
  deal.group_folds = dino_alloc_zeroed (n_groups, sizeof (int), error);
  done = deal.group_counts != NULL && deal.fold_counts != NULL && deal.totals != NULL && deal.group_folds != NULL;
  for (size_t i = 0; done && i < n; i++)
    {
      deal.group_counts[groups[i] * (size_t) n_strata + (size_t) strata[i]]++;
      deal.totals[strata[i]]++;
    }
  done = done && deal_groups (&deal, error);
  for (size_t i = 0; done && i < n; i++)
    folds[i] = deal.group_folds[groups[i]];
  dino_free (deal.group_counts);
  dino_free (deal.fold_counts);
  dino_free (deal.totals);
  dino_free (deal.group_folds);
  return done;
}

static int
compare_doubles (const void *a, const void *b)
{
  const double one = *(const double *) a, other = *(const double *) b;

  return one < other ? -1 : one > other;
}

bool
dino_folds_stratify (const double *values, size_t n, int n_strata, int *strata, struct dino_error *error)
{
  double *sorted = dino_alloc (n, sizeof *sorted, error);

  if (sorted == NULL)
    return false;
  memcpy (sorted, values, n * sizeof *sorted);
  qsort (sorted, n, sizeof *sorted, compare_doubles);
  for (size_t i = 0; i < n; i++)
    {
      strata[i] = 0;
      for (int s = 1; s < n_strata; s++)
        strata[i] += values[i] >= sorted[(size_t) s * n / (size_t) n_strata];
    }
  dino_free (sorted);
  return true;
}
