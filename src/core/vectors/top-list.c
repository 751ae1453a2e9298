#include "core/vectors/top-list.h"

#include <math.h>
#include <stdlib.h>

static bool
is_better (const struct dino_hit *a, const struct dino_hit *b)
{
  return a->cosine > b->cosine || (a->cosine >= b->cosine && a->row < b->row);
}

static void
swap (struct dino_hit *a, struct dino_hit *b)
{
  const struct dino_hit hit = *a;

  *a = *b;
  *b = hit;
}

static void
sift_up (struct dino_hit *hits, size_t i)
{
  for (; i > 0 && is_better (&hits[(i - 1) / 2], &hits[i]); i = (i - 1) / 2)
    swap (&hits[(i - 1) / 2], &hits[i]);
}

static void
sift_down (struct dino_hit *hits, size_t count)
{
  size_t i = 0, worst;

  for (; (worst = 2 * i + 1) < count; i = worst)
    {
      if (worst + 1 < count && is_better (&hits[worst], &hits[worst + 1]))
        worst++;
      if (!is_better (&hits[i], &hits[worst]))
        return;
      swap (&hits[i], &hits[worst]);
    }
}

void
dino_top_list_add (struct dino_top_list *list, struct dino_hit hit)
{
  if (isnan (hit.cosine))
    return;
  if (list->count < list->capacity)
    {
      list->hits[list->count] = hit;
      sift_up (list->hits, list->count++);
    }
  else if (list->count > 0 && is_better (&hit, &list->hits[0]))
    {
      list->hits[0] = hit;
      sift_down (list->hits, list->count);
    }
}

float
dino_top_list_limit (const struct dino_top_list *list)
{
  return list->count < list->capacity ? -INFINITY : list->hits[0].cosine;
}

static int
compare (const void *a, const void *b)
{
  return is_better (a, b) ? -1 : is_better (b, a) ? 1
                                                  : 0;
}

void
dino_hits_sort (struct dino_hit *hits, size_t n)
{
  qsort (hits, n, sizeof *hits, compare);
}
