#include "core/vectors/duplicates.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/memory.h"
#include "core/encoder/cosine.h"
#include "core/vectors/products.h"

/* What a float32 product of unit vectors may be off by. */
#define MARGIN 1e-5f

/* The pairs of a strip of rows. */
struct list
{
  struct dino_pair *pairs;
  size_t            n, capacity, found;
  bool              failed;
};

struct search
{
  const struct dino_points *points;
  float                    *factors; /* [n] */
  uint32_t                 *counts;  /* [n] pairs of each row */
  struct list              *lists;   /* [n_strips] */
  size_t                    n_strips;
  double                    threshold;
  float                    *rows; /* [2, width] of each thread */
};

static bool
list_grow (struct list *list)
{
  const size_t      capacity = list->capacity > 0 ? 2 * list->capacity : 64;
  struct dino_pair *pairs = dino_alloc (capacity, sizeof *pairs, NULL);

  if (pairs == NULL)
    return false;
  if (list->n > 0)
    memcpy (pairs, list->pairs, list->n * sizeof *pairs);
  dino_free (list->pairs);
  list->pairs = pairs;
  list->capacity = capacity;
  return true;
}

static void
list_add (struct list *list, size_t first, size_t second, float cosine)
{
  if (list->n == list->capacity && !list_grow (list))
    list->failed = true;
  else
    list->pairs[list->n++] = (struct dino_pair){ first, second, cosine };
}

static void
look_at_tile (void *data, const struct dino_product_tile *tile, int thread)
{
  const struct search *search = data;
  const size_t         width = search->points->width;
  struct list         *list = &search->lists[tile->row / DINO_PRODUCT_ROWS];
  float               *buffers = search->rows + 2 * (size_t) thread * width;
  const float          limit = (float) search->threshold - MARGIN;

  for (size_t i = 0; i < tile->n_rows; i++)
    for (size_t j = 0; j < tile->n_columns; j++)
      {
        const size_t first = tile->row + i, second = tile->column + j;
        float        cosine;

        if (second <= first || tile->values[i * tile->stride + j] < limit || search->factors[first] == 0 || search->factors[second] == 0)
          continue;
        cosine = (float) (1 - dino_cosine_distance (dino_points_row (search->points, first, buffers), dino_points_row (search->points, second, buffers + width), width));
        if ((double) cosine < search->threshold)
          continue;
        list->found++;
        if (search->counts[first]++ < DINO_DUPLICATES_OF_ROW)
          list_add (list, first, second, cosine);
      }
}

static int
compare (const void *one, const void *other)
{
  const struct dino_pair *a = one, *b = other;

  if (a->cosine != b->cosine)
    return a->cosine > b->cosine ? -1 : 1;
  if (a->first != b->first)
    return a->first < b->first ? -1 : 1;
  return a->second < b->second ? -1 : a->second > b->second;
}

static struct dino_duplicates *
collect (const struct search *search, struct dino_error *error)
{
  struct dino_duplicates *duplicates = dino_alloc_zeroed (1, sizeof *duplicates, error);
  size_t                  n = 0;
  bool                    failed = false;

  if (duplicates == NULL)
    return NULL;
  for (size_t i = 0; i < search->n_strips; i++)
    {
      n += search->lists[i].n;
      duplicates->n_found += search->lists[i].found;
      failed = failed || search->lists[i].failed;
    }
  n = n < DINO_DUPLICATES_MAX ? n : DINO_DUPLICATES_MAX;
  if (failed)
    dino_error_set_memory (error, n * sizeof *duplicates->pairs);
  else
    duplicates->pairs = dino_alloc (n, sizeof *duplicates->pairs, error);
  if (duplicates->pairs == NULL)
    {
      dino_duplicates_free (duplicates);
      return NULL;
    }
  for (size_t i = 0; i < search->n_strips; i++)
    {
      const size_t room = n - duplicates->n_pairs, count = search->lists[i].n < room ? search->lists[i].n : room;

      if (count > 0)
        memcpy (duplicates->pairs + duplicates->n_pairs, search->lists[i].pairs, count * sizeof *duplicates->pairs);
      duplicates->n_pairs += count;
    }
  if (n > 0)
    qsort (duplicates->pairs, n, sizeof *duplicates->pairs, compare);
  return duplicates;
}

struct dino_duplicates *
dino_duplicates_new (const struct dino_points *points, double threshold, struct dino_team *team, const struct dino_progress *progress, struct dino_error *error)
{
  const size_t            threads = team != NULL ? (size_t) dino_team_threads (team) : 1;
  struct search           search = { .points = points, .threshold = threshold, .n_strips = (points->n + DINO_PRODUCT_ROWS - 1) / DINO_PRODUCT_ROWS };
  struct dino_duplicates *found = NULL;

  search.factors = dino_alloc (points->n, sizeof *search.factors, error);
  search.counts = dino_alloc_zeroed (points->n, sizeof *search.counts, error);
  search.lists = dino_alloc_zeroed (search.n_strips, sizeof *search.lists, error);
  search.rows = dino_alloc (2 * threads, points->width * sizeof *search.rows, error);
  if (search.factors != NULL && search.counts != NULL && search.lists != NULL && search.rows != NULL && dino_inverse_lengths (points, NULL, search.factors, error))
    {
      const struct dino_operand_rows rows = { .points = *points, .factors = search.factors };

      if (dino_products_visit (&rows, &rows, true, team, progress, look_at_tile, &search, error))
        found = collect (&search, error);
    }
  for (size_t i = 0; search.lists != NULL && i < search.n_strips; i++)
    dino_free (search.lists[i].pairs);
  dino_free (search.factors);
  dino_free (search.counts);
  dino_free (search.lists);
  dino_free (search.rows);
  return found;
}

void
dino_duplicates_free (struct dino_duplicates *duplicates)
{
  if (duplicates == NULL)
    return;
  dino_free (duplicates->pairs);
  dino_free (duplicates);
}
