#include "render/scatter-column.h"

#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/memory.h"
#include "core/base/text.h"
#include "core/maps/colormap.h"

#define COLORS 6

/* Rows of one text, as they are sorted. */
struct key
{
  const char *text;
  size_t      row, count; /* of the first of a run */
};

static int
by_text (const void *one, const void *other)
{
  const struct key *a = one, *b = other;
  const int         order = strcmp (a->text, b->text);

  return order != 0 ? order : (a->row > b->row) - (a->row < b->row);
}

static int
by_count (const void *one, const void *other)
{
  const struct key *a = one, *b = other;

  if (a->count != b->count)
    return a->count > b->count ? -1 : 1;
  return strcmp (a->text, b->text);
}

static struct dino_scatter_column *
column_alloc (const char *title, size_t n, struct dino_error *error)
{
  struct dino_scatter_column *column = dino_alloc_zeroed (1, sizeof *column, error);

  if (column == NULL)
    return NULL;
  column->n = n;
  column->title = dino_strdup (title, error);
  column->classes = dino_alloc (n, sizeof *column->classes, error);
  column->names = dino_alloc_zeroed (DINO_SCATTER_CLASSES, sizeof *column->names, error);
  column->counts = dino_alloc_zeroed (DINO_SCATTER_CLASSES, sizeof *column->counts, error);
  if (column->title != NULL && column->classes != NULL && column->names != NULL && column->counts != NULL)
    return column;
  dino_scatter_column_free (column);
  return NULL;
}

void
dino_scatter_column_free (struct dino_scatter_column *column)
{
  if (column == NULL)
    return;
  for (int i = 0; column->names != NULL && i < DINO_SCATTER_CLASSES; i++)
    dino_free (column->names[i]);
  dino_free (column->title);
  dino_free (column->names);
  dino_free (column->counts);
  dino_free (column->classes);
  dino_free (column->values);
  dino_free (column);
}

/* Runs of equal texts, the most frequent first; returns how many. */
static size_t
find_runs (const struct key *keys, size_t n, struct key *runs)
{
  size_t count = 0;

  for (size_t i = 0; i < n; i++)
    {
      if (*keys[i].text == '\0')
        continue;
      if (count == 0 || strcmp (runs[count - 1].text, keys[i].text) != 0)
        runs[count++] = (struct key){ keys[i].text, i, 0 };
      runs[count - 1].count++;
    }
  qsort (runs, count, sizeof *runs, by_count);
  return count;
}

static bool
are_numbers (const struct key *runs, size_t n_runs)
{
  double value;

  for (size_t i = 0; i < n_runs; i++)
    if (!dino_parse_double (runs[i].text, &value))
      return false;
  return n_runs > DINO_SCATTER_SCALE;
}

static bool
fill_values (struct dino_scatter_column *column, dino_scatter_text_func text, const void *data, struct dino_error *error)
{
  column->numeric = true;
  column->low = INFINITY;
  column->high = -INFINITY;
  column->values = dino_alloc (column->n, sizeof *column->values, error);
  for (size_t i = 0; column->values != NULL && i < column->n; i++)
    {
      double value;

      column->classes[i] = -1;
      column->values[i] = NAN;
      if (dino_parse_double (text (data, i), &value))
        {
          column->values[i] = value;
          column->low = fmin (column->low, value);
          column->high = fmax (column->high, value);
        }
      else
        column->n_without++;
    }
  return column->values != NULL;
}

static bool
fill_classes (struct dino_scatter_column *column, const struct key *keys, const struct key *runs, size_t n_runs, struct dino_error *error)
{
  column->has_rest = n_runs > DINO_SCATTER_CLASSES;
  column->n_classes = (int) (column->has_rest ? DINO_SCATTER_CLASSES : n_runs);
  column->n_without = column->n;
  for (size_t i = 0; i < column->n; i++)
    column->classes[i] = -1;
  for (size_t run = 0; run < n_runs; run++)
    {
      const int number = run < (size_t) column->n_classes ? (int) run : column->n_classes - 1;

      for (size_t i = runs[run].row; i < runs[run].row + runs[run].count; i++)
        column->classes[keys[i].row] = number;
      column->counts[number] += runs[run].count;
      column->n_without -= runs[run].count;
    }
  for (int i = 0; i < column->n_classes; i++)
    {
      const bool rest = column->has_rest && i == column->n_classes - 1;

      column->names[i] = dino_strdup (rest ? _ ("others") : runs[i].text, error);
      if (column->names[i] == NULL)
        return false;
    }
  return true;
}

struct dino_scatter_column *
dino_scatter_column_new (const char *title, dino_scatter_text_func text, const void *data, size_t n, struct dino_error *error)
{
  struct dino_scatter_column *column = column_alloc (title, n, error);
  struct key                 *keys = dino_alloc (n, sizeof *keys, error), *runs = dino_alloc (n, sizeof *runs, error);
  bool                        done = column != NULL && keys != NULL && runs != NULL;

  if (done)
    {
      size_t n_runs;

      for (size_t i = 0; i < n; i++)
        keys[i] = (struct key){ text (data, i), i, 0 };
      qsort (keys, n, sizeof *keys, by_text);
      n_runs = find_runs (keys, n, runs);
      done = are_numbers (runs, n_runs) ? fill_values (column, text, data, error) : fill_classes (column, keys, runs, n_runs, error);
    }
  dino_free (keys);
  dino_free (runs);
  if (done)
    return column;
  dino_scatter_column_free (column);
  return NULL;
}

struct dino_scatter_column *
dino_scatter_column_new_groups (const char *title, const int *labels, int n_classes, size_t n, struct dino_error *error)
{
  struct dino_scatter_column *column = column_alloc (title, n, error);

  if (column == NULL)
    return NULL;
  column->has_rest = n_classes > DINO_SCATTER_CLASSES;
  column->n_classes = column->has_rest ? DINO_SCATTER_CLASSES : n_classes;
  for (size_t i = 0; i < n; i++)
    {
      column->classes[i] = labels[i] < column->n_classes ? labels[i] : column->n_classes - 1;
      column->counts[column->classes[i]]++;
    }
  for (int i = 0; i < column->n_classes; i++)
    {
      char name[16];

      snprintf (name, sizeof name, "%d", i);
      column->names[i] = dino_strdup (column->has_rest && i == column->n_classes - 1 ? _ ("others") : name, error);
      if (column->names[i] == NULL)
        {
          dino_scatter_column_free (column);
          return NULL;
        }
    }
  return column;
}

void
dino_scatter_class_color (int number, double rgb[3])
{
  static const uint8_t colors[COLORS][3] = { { 0x44, 0x77, 0xaa }, { 0xee, 0x66, 0x77 }, { 0x22, 0x88, 0x33 }, { 0xcc, 0xbb, 0x44 }, { 0x66, 0xcc, 0xee }, { 0xaa, 0x33, 0x77 } };
  static const uint8_t grey[3] = { 0x99, 0x99, 0x99 };
  const uint8_t       *color = number < 0 ? grey : colors[number % COLORS];

  for (int c = 0; c < 3; c++)
    rgb[c] = color[c] / 255.0;
}

enum dino_scatter_shape
dino_scatter_class_shape (int number)
{
  return number < 0 ? DINO_SCATTER_CIRCLE : (enum dino_scatter_shape) (number / COLORS % 4);
}

void
dino_scatter_color (const struct dino_scatter_column *column, size_t index, double rgb[3])
{
  uint8_t bytes[3];

  if (column == NULL)
    dino_scatter_class_color (0, rgb);
  else if (!column->numeric || isnan (column->values[index]))
    dino_scatter_class_color (column->classes[index], rgb);
  else
    {
      const double span = column->high - column->low;

      dino_colormap_lookup (dino_colormap_find ("viridis"), span > 0 ? (column->values[index] - column->low) / span : 0.5, bytes);
      for (int c = 0; c < 3; c++)
        rgb[c] = bytes[c] / 255.0;
    }
}

enum dino_scatter_shape
dino_scatter_shape (const struct dino_scatter_column *column, size_t index)
{
  return column == NULL ? DINO_SCATTER_CIRCLE : dino_scatter_class_shape (column->classes[index]);
}

void
dino_scatter_add_shape (cairo_t *cr, enum dino_scatter_shape shape, double x, double y, double radius)
{
  switch (shape)
    {
    case DINO_SCATTER_SQUARE:
      cairo_rectangle (cr, x - 0.89 * radius, y - 0.89 * radius, 1.78 * radius, 1.78 * radius);
      break;
    case DINO_SCATTER_TRIANGLE:
      cairo_move_to (cr, x, y - 1.45 * radius);
      cairo_line_to (cr, x + 1.26 * radius, y + 0.75 * radius);
      cairo_line_to (cr, x - 1.26 * radius, y + 0.75 * radius);
      cairo_close_path (cr);
      break;
    case DINO_SCATTER_DIAMOND:
      cairo_move_to (cr, x, y - 1.3 * radius);
      cairo_line_to (cr, x + 1.3 * radius, y);
      cairo_line_to (cr, x, y + 1.3 * radius);
      cairo_line_to (cr, x - 1.3 * radius, y);
      cairo_close_path (cr);
      break;
    case DINO_SCATTER_CIRCLE:
    default:
      cairo_new_sub_path (cr);
      cairo_arc (cr, x, y, radius, 0, 6.283185307179586);
      cairo_close_path (cr);
    }
}
