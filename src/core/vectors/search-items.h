/* The loop over rows of a search; private to search*.c. */
#pragma once

#include "core/gemm/matrix.h"
#include "core/vectors/search.h"

/* What a thread has for itself. */
struct dino_search_thread
{
  struct dino_top_list *lists;  /* [n_queries] */
  float                *limits; /* [n_queries], of the lists */
  float                *row;    /* [width], one that is looked at in double */
  float                *block;  /* rows for a product, and */
  float                *sums;   /* what it gives; NULL without */
  size_t               *places; /* which rows these are */
};

/* A batch of queries. */
struct dino_search_loop
{
  const struct dino_search         *search;
  const struct dino_row_kernels    *kernels;
  size_t                            n_queries;
  const float                      *queries;
  const struct dino_search_without *without; /* NULL: nothing */
  float                             slack;   /* of a sum in float32 */
  struct dino_search_thread        *threads;

  /* Many queries: they are the packed side of a product. */
  const struct dino_gemm *gemm;
  struct dino_matrix      matrix;
};

/* Rows of an item, a multiple of 64. */
#define DINO_SEARCH_ITEM_ROWS ((size_t) 896)

/* Fewer queries than this pass one by one over rows that are in the cache. */
#define DINO_SEARCH_PRODUCT_QUERIES ((size_t) 4)

/* Rows of a product, how far apart they begin (floats), and columns of the result. */
size_t dino_search_block_rows (const struct dino_gemm *gemm);
size_t dino_search_block_stride (size_t width);
size_t dino_search_block_columns (const struct dino_matrix *matrix);

/* dino_team_funcs; data is the loop. */
void dino_search_scan (void *data, size_t item, int thread);
void dino_search_multiply (void *data, size_t item, int thread);
