#include "io/index-filter.h"

#include <stdlib.h>
#include <string.h>

#include "core/base/memory.h"

/* Whether a picture meets all conditions. columns: of each condition. */
static bool
meets (const struct dino_index *index, const struct dino_index_condition *conditions, const int *columns, size_t n, size_t picture)
{
  for (size_t i = 0; i < n; i++)
    {
      bool met = false;

      for (size_t j = 0; !met && j < n; j++)
        met = columns[j] == columns[i] && strcmp (dino_index_get (index, picture, columns[j]), conditions[j].value) == 0;
      if (!met)
        return false;
    }
  return true;
}

static void
set_bits (uint64_t *bits, size_t first, size_t n)
{
  for (size_t i = first; i < first + n; i++)
    bits[i / 64] |= (uint64_t) 1 << i % 64;
}

uint64_t *
dino_index_filter (const struct dino_index *index, const struct dino_index_condition *conditions, size_t n_conditions, size_t *n, struct dino_error *error)
{
  const size_t count = dino_index_vectors (index)->count, n_patches = dino_index_n_patches (index);
  int         *columns = dino_alloc (n_conditions, sizeof *columns, error);
  uint64_t    *bits = columns != NULL ? dino_alloc_zeroed (count / 64 + 1, sizeof *bits, error) : NULL;
  bool         good = bits != NULL;

  for (size_t i = 0; good && i < n_conditions; i++)
    good = dino_table_need (dino_index_table (index), conditions[i].column, &columns[i], error);
  *n = 0;
  for (size_t picture = 0; good && picture < dino_index_n_pictures (index); picture++)
    if (meets (index, conditions, columns, n_conditions, picture))
      {
        set_bits (bits, picture * n_patches, n_patches);
        (*n)++;
      }
  dino_free (columns);
  if (good)
    return bits;
  dino_free (bits);
  return NULL;
}

struct sorting
{
  const struct dino_index *index;
  int                      column;
};

static int
compare (const void *a, const void *b, void *data)
{
  const struct sorting *sorting = data;
  const uint32_t        x = *(const uint32_t *) a, y = *(const uint32_t *) b;
  const int             order = strcmp (dino_index_get (sorting->index, x, sorting->column), dino_index_get (sorting->index, y, sorting->column));

  return order != 0 ? order : (x > y) - (x < y);
}

/* A group is called by the first picture in it. */
static void
group (const struct sorting *sorting, const uint32_t *order, size_t n, uint32_t *groups)
{
  for (size_t i = 0; i < n; i++)
    {
      const char *value = dino_index_get (sorting->index, order[i], sorting->column);
      const bool  same = i > 0 && *value != '\0' && strcmp (value, dino_index_get (sorting->index, order[i - 1], sorting->column)) == 0;

      groups[order[i]] = same ? groups[order[i - 1]] : order[i];
    }
}

/* From pictures to their patches, from the last on, in place. */
static void
spread (uint32_t *groups, size_t n_pictures, size_t n_patches)
{
  for (size_t picture = n_pictures; picture > 0; picture--)
    {
      const uint32_t own = groups[picture - 1];

      for (size_t i = n_patches; i > 0; i--)
        groups[(picture - 1) * n_patches + i - 1] = own;
    }
}

uint32_t *
dino_index_groups (const struct dino_index *index, int column, struct dino_error *error)
{
  const size_t         n = dino_index_n_pictures (index);
  const struct sorting sorting = { .index = index, .column = column };
  uint32_t            *groups = dino_alloc (dino_index_vectors (index)->count, sizeof *groups, error), *order;

  if (groups == NULL)
    return NULL;
  for (size_t i = 0; i < n; i++)
    groups[i] = (uint32_t) i;
  if (column >= 0)
    {
      order = dino_alloc (n, sizeof *order, error);
      if (order == NULL)
        {
          dino_free (groups);
          return NULL;
        }
      memcpy (order, groups, n * sizeof *order);
      qsort_r (order, n, sizeof *order, compare, (void *) &sorting);
      group (&sorting, order, n, groups);
      dino_free (order);
    }
  spread (groups, n, dino_index_n_patches (index));
  return groups;
}

uint32_t
dino_index_group_of (const struct dino_index *index, const uint32_t *groups, int column, const char *value)
{
  for (size_t picture = 0; *value != '\0' && picture < dino_index_n_pictures (index); picture++)
    if (strcmp (dino_index_get (index, picture, column), value) == 0)
      return groups[picture * dino_index_n_patches (index)];
  return UINT32_MAX;
}
