/* What points of a scatter are coloured by: classes or numbers. */
#pragma once

#include <cairo.h>
#include <stdbool.h>
#include <stddef.h>

#include "core/base/error.h"

/* Six colours in four shapes tell so many classes apart, whichever colours
 * somebody sees; more classes are one, "others". */
#define DINO_SCATTER_CLASSES 24

/* A column of numbers with more different values than this is a scale. */
#define DINO_SCATTER_SCALE 12

struct dino_scatter_column
{
  char  *title;
  size_t n;
  bool   numeric;

  /* Classes: the most frequent first, equal ones by their text. */
  int    *classes; /* [n], -1: nothing is said */
  int     n_classes;
  char  **names;    /* [n_classes] */
  size_t *counts;   /* [n_classes] */
  bool    has_rest; /* the last class is all others */

  /* Numbers. */
  double *values; /* [n], NaN: nothing is said */
  double  low, high;

  size_t n_without;
};

/* The text of row index; "" when nothing is said. */
typedef const char *(*dino_scatter_text_func) (const void *data, size_t index);

struct dino_scatter_column *dino_scatter_column_new (const char *title, dino_scatter_text_func text, const void *data, size_t n, struct dino_error *error);

/* labels [n] are 0 … n_classes-1, and classes keep these numbers. */
struct dino_scatter_column *dino_scatter_column_new_groups (const char *title, const int *labels, int n_classes, size_t n, struct dino_error *error);
void                        dino_scatter_column_free (struct dino_scatter_column *column);

enum dino_scatter_shape
{
  DINO_SCATTER_CIRCLE,
  DINO_SCATTER_SQUARE,
  DINO_SCATTER_TRIANGLE,
  DINO_SCATTER_DIAMOND
};

/* Of a class; -1 is grey and round. The colours are Paul Tol's scheme "bright",
 * which keeps apart for all kinds of colour blindness, and on dark as on light. */
void                    dino_scatter_class_color (int number, double rgb[3]);
enum dino_scatter_shape dino_scatter_class_shape (int number);

/* Of a point; column may be NULL. */
void                    dino_scatter_color (const struct dino_scatter_column *column, size_t index, double rgb[3]);
enum dino_scatter_shape dino_scatter_shape (const struct dino_scatter_column *column, size_t index);

/* Adds the shape to the path; all have about the same area. */
void dino_scatter_add_shape (cairo_t *cr, enum dino_scatter_shape shape, double x, double y, double radius);
