#include "core/heads/ranking.h"

#include <math.h>
#include <stdlib.h>

#include "core/base/memory.h"

struct entry
{
  double score;
  size_t index;
};

static int
compare_entries (const void *a, const void *b)
{
  const struct entry *one = a, *other = b;

  if (one->score != other->score)
    return one->score > other->score ? -1 : 1;
  return one->index < other->index ? -1 : one->index > other->index;
}

bool
dino_ranking_init (struct dino_ranking *ranking, const double *scores, const bool *is_positive, size_t n, struct dino_error *error)
{
  struct entry *entries = dino_alloc (n, sizeof *entries, error);

  *ranking = (struct dino_ranking){ .n = n, .scores = scores, .is_positive = is_positive };
  ranking->order = dino_alloc (n, sizeof *ranking->order, error);
  if (entries != NULL && ranking->order != NULL)
    {
      for (size_t i = 0; i < n; i++)
        entries[i] = (struct entry){ scores[i], i };
      qsort (entries, n, sizeof *entries, compare_entries);
      for (size_t i = 0; i < n; i++)
        ranking->order[i] = entries[i].index;
    }
  dino_free (entries);
  return entries != NULL && ranking->order != NULL;
}

void
dino_ranking_clear (struct dino_ranking *ranking)
{
  dino_free (ranking->order);
  ranking->order = NULL;
}

/* Adds the samples from place i on that have one score; returns the place after them. */
static size_t
take_equal (const struct dino_ranking *ranking, const double *weights, size_t i, double *positive, double *negative)
{
  const double score = ranking->scores[ranking->order[i]];

  *positive = *negative = 0;
  for (; i < ranking->n && ranking->scores[ranking->order[i]] == score; i++)
    {
      const size_t index = ranking->order[i];

      *(ranking->is_positive[index] ? positive : negative) += weights != NULL ? weights[index] : 1;
    }
  return i;
}

double
dino_ranking_auroc (const struct dino_ranking *ranking, const double *weights)
{
  double above = 0, all_positive = 0, all_negative = 0, positive, negative;

  for (size_t i = 0; i < ranking->n;)
    {
      i = take_equal (ranking, weights, i, &positive, &negative);
      above += negative * (all_positive + positive / 2);
      all_positive += positive;
      all_negative += negative;
    }
  return all_positive > 0 && all_negative > 0 ? above / (all_positive * all_negative) : (double) NAN;
}

double
dino_ranking_auprc (const struct dino_ranking *ranking, const double *weights)
{
  double sum = 0, all_positive = 0, all = 0, positive, negative;

  for (size_t i = 0; i < ranking->n;)
    {
      i = take_equal (ranking, weights, i, &positive, &negative);
      all_positive += positive;
      all += positive + negative;
      if (positive > 0)
        sum += positive * all_positive / all;
    }
  return all_positive > 0 ? sum / all_positive : (double) NAN;
}

bool
dino_ranking_curve (const struct dino_ranking *ranking, struct dino_ranking_point **points, size_t *n_points, struct dino_error *error)
{
  double all_positive = 0, all_negative = 0, positive, negative, above_positive = 0, above_negative = 0;
  size_t n = 1;

  *points = dino_alloc (ranking->n + 1, sizeof **points, error);
  if (*points == NULL)
    return false;
  for (size_t i = 0; i < ranking->n; i++)
    *(ranking->is_positive[i] ? &all_positive : &all_negative) += 1;
  (*points)[0] = (struct dino_ranking_point){ INFINITY, 0, 0, 1 };
  for (size_t i = 0; i < ranking->n; n++)
    {
      const double threshold = ranking->scores[ranking->order[i]];

      i = take_equal (ranking, NULL, i, &positive, &negative);
      above_positive += positive;
      above_negative += negative;
      (*points)[n] = (struct dino_ranking_point){
        threshold,
        all_positive > 0 ? above_positive / all_positive : 0,
        all_negative > 0 ? above_negative / all_negative : 0,
        above_positive / (above_positive + above_negative),
      };
    }
  *n_points = n;
  return true;
}
