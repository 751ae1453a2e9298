/* The strongest patches of a map of attention. */
#include "core/maps/attention-private.h"

#include <stdlib.h>
#include <string.h>

#include "core/base/memory.h"

struct ranked
{
  float  value;
  size_t index;
};

/* Weakest first; of equal values the one that comes first. */
static int
compare (const void *one, const void *other)
{
  const struct ranked *a = one, *b = other;

  if (a->value != b->value)
    return a->value < b->value ? -1 : 1;
  return a->index < b->index ? -1 : a->index > b->index;
}

size_t
dino_keep_mass (const float *values, size_t n, double mass, uint8_t *kept, double *share, struct dino_error *error)
{
  struct ranked *ranked = dino_alloc (n, sizeof *ranked, error);
  double         total = 0, below = 0;
  size_t         first;

  *share = 0;
  if (ranked == NULL)
    return 0;
  for (size_t i = 0; i < n; i++)
    ranked[i] = (struct ranked){ values[i], i };
  qsort (ranked, n, sizeof *ranked, compare);
  for (size_t i = 0; i < n; i++)
    total += (double) ranked[i].value;
  for (first = 0; first < n - 1; first++)
    {
      if (below + (double) ranked[first].value > (1 - mass) * total)
        break;
      below += (double) ranked[first].value;
    }
  memset (kept, 0, n);
  for (size_t i = first; i < n; i++)
    kept[ranked[i].index] = 1;
  *share = total > 0 ? (total - below) / total : 0;
  dino_free (ranked);
  return n - first;
}

double
dino_sum_strongest (const float *values, size_t n, size_t count)
{
  float  strongest[DINO_ATTENTION_STRONGEST];
  size_t n_found = 0;
  double sum = 0;

  if (count > DINO_ATTENTION_STRONGEST)
    count = DINO_ATTENTION_STRONGEST;
  for (size_t i = 0; i < n; i++)
    {
      size_t at = n_found;

      while (at > 0 && strongest[at - 1] < values[i])
        at--;
      if (at == count)
        continue;
      if (n_found < count)
        n_found++;
      memmove (strongest + at + 1, strongest + at, (n_found - 1 - at) * sizeof *strongest);
      strongest[at] = values[i];
    }
  for (size_t i = 0; i < n_found; i++)
    sum += (double) strongest[i];
  return sum;
}
