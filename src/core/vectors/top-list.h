/* The best of many, kept while they pass by. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

struct dino_hit
{
  size_t row;
  float  cosine;
};

/* At most capacity hits; a heap with the worst of them first. */
struct dino_top_list
{
  struct dino_hit *hits; /* [capacity], the caller's */
  size_t           capacity, count;
};

/* Takes the hit when it is among the best: a higher cosine, or the same and a
 * lower row. What is no number is left out. */
void dino_top_list_add (struct dino_top_list *list, struct dino_hit hit);

/* A lower cosine than this is not taken any more; minus infinity while there is room. */
float dino_top_list_limit (const struct dino_top_list *list);

/* Best first. */
void dino_hits_sort (struct dino_hit *hits, size_t n);
