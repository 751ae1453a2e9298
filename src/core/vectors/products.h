/* Dot products of all vectors of one set with all of another, a tile at a
 * time: what neighbours, silhouettes and similarities of representations are
 * made of. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "core/base/error.h"
#include "core/base/progress.h"
#include "core/encoder/team.h"
#include "core/vectors/points.h"

/* Rows of a tile, and columns of the widest. */
#define DINO_PRODUCT_ROWS ((size_t) 64)
#define DINO_PRODUCT_COLUMNS ((size_t) 1024)

/* Vectors, changed on the way: the mean is subtracted, then a row multiplied
 * with its factor. Either may be NULL. */
struct dino_operand_rows
{
  struct dino_points points;
  const float       *mean;    /* [width] */
  const float       *factors; /* [n] */
};

struct dino_product_tile
{
  size_t       row, n_rows, column, n_columns;
  const float *values; /* [n_rows, n_columns], rows every stride */
  size_t       stride;
};

/* A tile on one of the team's threads. Tiles of the same rows come one after
 * the other, by columns; of different rows at the same time and in any order. */
typedef void (*dino_product_func) (void *data, const struct dino_product_tile *tile, int thread);

/* Every tile of rows times columns (the same width); with upper only those that
 * have something on or above the diagonal. An element has the same bits
 * whatever is around it and for any number of threads; sums are float32. team
 * may be NULL; progress counts blocks of columns. Scratch: about (4096 + 64
 * threads) width floats. */
bool dino_products_visit (const struct dino_operand_rows *rows,
                          const struct dino_operand_rows *columns,
                          bool                            upper,
                          struct dino_team               *team,
                          const struct dino_progress     *progress,
                          dino_product_func               func,
                          void                           *data,
                          struct dino_error              *error);

/* 1 divided by the length of each row after the mean was subtracted (mean may
 * be NULL), 0 for rows of zeros: factors of a cosine; [n]. */
bool dino_inverse_lengths (const struct dino_points *points, const float *mean, float *factors, struct dino_error *error);

/* |row - mean|^2 of each row, [n]: with products, of distances. */
bool dino_squared_lengths (const struct dino_points *points, const float *mean, float *squares, struct dino_error *error);
