/* Which rows of an index a search is about. */
#pragma once

#include "io/index.h"

/* A column must have the value. Conditions on one column are alternatives,
 * those on different ones must all hold. */
struct dino_index_condition
{
  const char *column, *value;
};

/* A bit for each row of the index, to be freed with dino_free(); *n counts
 * pictures. NULL with an error for a column that is not there. */
uint64_t *dino_index_filter (const struct dino_index *index, const struct dino_index_condition *conditions, size_t n_conditions, size_t *n, struct dino_error *error);

/* A number for each row of the index, the same for pictures that have the same
 * in a column (-1: pictures for themselves); an empty field is like no other.
 * To be freed with dino_free(). */
uint32_t *dino_index_groups (const struct dino_index *index, int column, struct dino_error *error);

/* The group of what has value in the column; UINT32_MAX for none. */
uint32_t dino_index_group_of (const struct dino_index *index, const uint32_t *groups, int column, const char *value);
