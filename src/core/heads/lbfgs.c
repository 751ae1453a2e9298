#include "core/heads/lbfgs.h"

#include <float.h>
#include <math.h>
#include <string.h>

#include "core/base/memory.h"
#include "core/base/text.h"

/* Pairs of steps and changes of the gradient that are remembered. */
#define MEMORY 10

/* The Wolfe conditions: of decrease, and of curvature. */
#define DECREASE 1e-4
#define CURVATURE 0.9

#define MAX_TRIALS 30

struct search
{
  dino_objective_func objective;
  void               *data;
  size_t              n;
  double             *x, *gradient;             /* [n], where we are */
  double             *trial_x, *trial_gradient; /* [n], where we look */
  double             *direction;                /* [n] */
  double             *steps, *changes;          /* [MEMORY, n], the newest at (n_pairs - 1) % MEMORY */
  double              inverse_products[MEMORY]; /* 1 / (step · change) */
  double              factors[MEMORY];
  size_t              n_pairs;
  double              value;
};

/* A point on the line: where, value and slope there. */
struct point
{
  double t, value, slope;
};

static double
dot (const double *a, const double *b, size_t n)
{
  double sum = 0;

  for (size_t i = 0; i < n; i++)
    sum += a[i] * b[i];
  return sum;
}

static void
add_scaled (double *to, double factor, const double *from, size_t n)
{
  for (size_t i = 0; i < n; i++)
    to[i] += factor * from[i];
}

static double
largest (const double *values, size_t n)
{
  double most = 0;

  for (size_t i = 0; i < n; i++)
    most = fmax (most, fabs (values[i]));
  return most;
}

static bool
search_alloc (struct search *search, struct dino_error *error)
{
  const size_t n = search->n;
  size_t       n_memory;

  if (!dino_multiply (n, 2 * MEMORY + 4, &n_memory))
    return dino_error_set_memory (error, (unsigned long long) -1);
  search->gradient = dino_alloc_zeroed (n_memory, sizeof (double), error);
  if (search->gradient == NULL)
    return false;
  search->trial_x = search->gradient + n;
  search->trial_gradient = search->gradient + 2 * n;
  search->direction = search->gradient + 3 * n;
  search->steps = search->gradient + 4 * n;
  search->changes = search->steps + MEMORY * n;
  return true;
}

/* Minus the gradient times the approximate inverse Hessian (the two loops of algorithm 7.4). */
static void
find_direction (struct search *search)
{
  const size_t n = search->n, kept = search->n_pairs < MEMORY ? search->n_pairs : MEMORY;
  double      *d = search->direction;

  for (size_t i = 0; i < n; i++)
    d[i] = -search->gradient[i];
  for (size_t k = 1; k <= kept; k++)
    {
      const size_t place = (search->n_pairs - k) % MEMORY;

      search->factors[place] = search->inverse_products[place] * dot (search->steps + place * n, d, n);
      add_scaled (d, -search->factors[place], search->changes + place * n, n);
    }
  if (kept > 0)
    {
      const size_t  newest = (search->n_pairs - 1) % MEMORY;
      const double *change = search->changes + newest * n;
      const double  scale = 1 / (search->inverse_products[newest] * dot (change, change, n));

      for (size_t i = 0; i < n; i++)
        d[i] *= scale;
    }
  for (size_t k = kept; k > 0; k--)
    {
      const size_t place = (search->n_pairs - k) % MEMORY;
      const double factor = search->inverse_products[place] * dot (search->changes + place * n, d, n);

      add_scaled (d, search->factors[place] - factor, search->steps + place * n, n);
    }
}

static struct point
look (struct search *search, double t)
{
  struct point point = { .t = t };

  for (size_t i = 0; i < search->n; i++)
    search->trial_x[i] = search->x[i] + t * search->direction[i];
  point.value = search->objective (search->data, search->trial_x, search->trial_gradient);
  point.slope = dot (search->trial_gradient, search->direction, search->n);
  return point;
}

/* Where the cubic through two points with their slopes is least, kept away from both ends. */
static double
between (struct point a, struct point b)
{
  const double d1 = a.slope + b.slope - 3 * (a.value - b.value) / (a.t - b.t);
  const double inner = d1 * d1 - a.slope * b.slope;
  const double low = fmin (a.t, b.t), high = fmax (a.t, b.t), margin = 0.1 * (high - low);
  double       t = 0.5 * (low + high);

  if (inner >= 0)
    {
      const double d2 = copysign (sqrt (inner), b.t - a.t);
      const double found = b.t - (b.t - a.t) * ((b.slope + d2 - d1) / (b.slope - a.slope + 2 * d2));

      if (isfinite (found))
        t = found;
    }
  return fmin (fmax (t, low + margin), high - margin);
}

static bool
decreases (const struct point *start, const struct point *point)
{
  return point->value <= start->value + DECREASE * point->t * start->slope;
}

static bool
is_flat (const struct point *start, const struct point *point)
{
  return fabs (point->slope) <= -CURVATURE * start->slope;
}

/* Algorithm 3.6: a step between low, which is good but steep, and high. */
static bool
zoom (struct search *search, struct point start, struct point low, struct point high, int trials, struct point *found)
{
  for (; trials < MAX_TRIALS; trials++)
    {
      const struct point point = look (search, isfinite (high.value) ? between (low, high) : 0.5 * (low.t + high.t));

      if (!decreases (&start, &point) || !(point.value < low.value))
        high = point;
      else
        {
          *found = point;
          if (is_flat (&start, &point))
            return true;
          if (point.slope * (high.t - low.t) >= 0)
            high = low;
          low = point;
        }
    }
  /* The best so far does, when it is any better. */
  *found = low;
  if (low.t <= 0)
    return false;
  look (search, low.t);
  return true;
}

/* Algorithm 3.5. On success trial_x and trial_gradient are those of found. */
static bool
search_line (struct search *search, double first, double slope, struct point *found)
{
  const struct point start = { 0, search->value, slope };
  struct point       before = start;
  double             t = first;

  for (int trials = 0; trials < MAX_TRIALS; trials++)
    {
      const struct point point = look (search, t);

      if (!(isfinite (point.value)) || !decreases (&start, &point) || (trials > 0 && point.value >= before.value))
        return zoom (search, start, before, point, trials + 1, found);
      *found = point;
      if (is_flat (&start, &point))
        return true;
      if (point.slope >= 0)
        return zoom (search, start, point, before, trials + 1, found);
      before = point;
      t *= 2;
    }
  return true;
}

/* Takes the step to trial_x and remembers it. */
static void
take_step (struct search *search, double value)
{
  const size_t n = search->n, place = search->n_pairs % MEMORY;
  double      *step = search->steps + place * n, *change = search->changes + place * n;
  double       product;

  for (size_t i = 0; i < n; i++)
    {
      step[i] = search->trial_x[i] - search->x[i];
      change[i] = search->trial_gradient[i] - search->gradient[i];
    }
  product = dot (step, change, n);
  /* Else the approximation would not stay positive definite. */
  if (product > DBL_EPSILON * dot (change, change, n))
    {
      search->inverse_products[place] = 1 / product;
      search->n_pairs++;
    }
  memcpy (search->x, search->trial_x, n * sizeof *search->x);
  memcpy (search->gradient, search->trial_gradient, n * sizeof *search->gradient);
  search->value = value;
}

/* One step; false when there is none that makes the value smaller. */
static bool
improve (struct search *search)
{
  struct point found;
  double       slope;

  for (int attempt = 0; attempt < 2; attempt++)
    {
      find_direction (search);
      slope = dot (search->direction, search->gradient, search->n);
      if (slope < 0)
        {
          const double first = search->n_pairs > 0 ? 1 : fmin (1, 1 / sqrt (dot (search->direction, search->direction, search->n)));

          if (search_line (search, first, slope, &found) && found.value < search->value)
            {
              take_step (search, found.value);
              return true;
            }
        }
      if (search->n_pairs == 0)
        return false;
      search->n_pairs = 0;
    }
  return false;
}

static bool
minimize (struct dino_lbfgs *lbfgs, struct search *search, const struct dino_progress *progress, struct dino_error *error)
{
  search->value = search->objective (search->data, search->x, search->gradient);
  for (lbfgs->n_rounds = 0;; lbfgs->n_rounds++)
    {
      lbfgs->value = search->value;
      lbfgs->gradient = largest (search->gradient, search->n);
      lbfgs->converged = lbfgs->gradient <= lbfgs->tolerance;
      if (lbfgs->converged || lbfgs->n_rounds == lbfgs->max_rounds)
        return true;
      if (!dino_progress_report (progress, lbfgs->n_rounds, lbfgs->max_rounds))
        return dino_error_set (error, DINO_CODE_CANCELLED, _ ("Cancelled."));
      if (!improve (search))
        {
          lbfgs->converged = true;
          return true;
        }
    }
}

bool
dino_lbfgs_minimize (struct dino_lbfgs          *lbfgs,
                     dino_objective_func         objective,
                     void                       *data,
                     size_t                      n,
                     double                     *x,
                     const struct dino_progress *progress,
                     struct dino_error          *error)
{
  struct search search = { .objective = objective, .data = data, .n = n, .x = x };
  bool          done;

  if (!search_alloc (&search, error))
    return false;
  done = minimize (lbfgs, &search, progress, error);
  dino_free (search.gradient);
  return done;
}
