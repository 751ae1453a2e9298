/* Joint bilateral upsampling: J. Kopf, M. F. Cohen, D. Lischinski and
 * M. Uyttendaele, "Joint bilateral upsampling", ACM Transactions on Graphics
 * 26(3), 2007. The map is the low-resolution solution, the radiograph the
 * guide; the weight of a cell falls with its distance and with the difference
 * between its mean grey and the grey of the pixel. */
#include "core/maps/draw-private.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/memory.h"

/* The paper's parameters: standard deviations of 0.5 cells and of 0.1 of the
 * grey range, a window of 5 x 5 cells. */
#define SPATIAL_SIGMA 0.5
#define RANGE_SIGMA (0.1 * 255)
#define RADIUS 2
#define WINDOW (2 * RADIUS + 1)

/* Pixels of the picture whose centre lies in [low, high): [*first, *end). */
static void
pixels_between (double low, double high, int size, int *first, int *end)
{
  double a = ceil (low - 0.5);
  double b = ceil (high - 0.5);

  *first = (int) fmin (fmax (a, 0), size);
  *end = (int) fmin (fmax (b, *first), size);
}

/* Outside the picture the model saw zeros. */
static uint8_t
mean_grey (const struct dino_draw_guide *guide, struct dino_box box)
{
  uint64_t sum = 0;
  uint64_t count;
  int      x0, x1, y0, y1;

  pixels_between (box.x0, box.x1, guide->width, &x0, &x1);
  pixels_between (box.y0, box.y1, guide->height, &y0, &y1);
  if (x0 >= x1 || y0 >= y1)
    {
      /* A cell smaller than a pixel. */
      double x = floor ((box.x0 + box.x1) / 2);
      double y = floor ((box.y0 + box.y1) / 2);

      if (!(x >= 0 && y >= 0 && x < guide->width && y < guide->height))
        return 0;
      return guide->picture[(size_t) y * (size_t) guide->width + (size_t) x];
    }
  for (int y = y0; y < y1; y++)
    for (int x = x0; x < x1; x++)
      sum += guide->picture[(size_t) y * (size_t) guide->width + (size_t) x];
  count = (uint64_t) (x1 - x0) * (uint64_t) (y1 - y0);
  return (uint8_t) ((sum + count / 2) / count);
}

/* Cells that the pixels of an axis reach: [*first, *end). */
static void
reached_cells (const struct dino_draw_axis *axis, int *first, int *end)
{
  *first = *end = 0;
  if (axis->begin >= axis->end)
    return;
  *first = axis->cell[axis->begin] - RADIUS;
  *end = axis->cell[axis->end - 1] + RADIUS + 1;
  *first = *first < 0 ? 0 : *first;
  *end = *end > axis->n_cells ? axis->n_cells : *end;
}

/* Weights of the cells around a position, 0 for those beyond the map. */
static void
spatial_weights (const struct dino_draw_axis *axis, int index, float weights[WINDOW])
{
  for (int i = 0; i < WINDOW; i++)
    {
      int   cell = axis->cell[index] + i - RADIUS;
      float distance = axis->position[index] - ((float) cell + 0.5f);

      weights[i] = 0;
      if (cell >= 0 && cell < axis->n_cells)
        weights[i] = expf (-distance * distance / (float) (2 * SPATIAL_SIGMA * SPATIAL_SIGMA));
    }
}

bool
dino_draw_guide_init (struct dino_draw_guide      *guide,
                      const uint8_t               *picture,
                      int                          width,
                      int                          height,
                      const struct dino_map       *map,
                      const struct dino_draw_axis *columns,
                      const struct dino_draw_axis *rows,
                      struct dino_error           *error)
{
  double cell_width = (map->seen.x1 - map->seen.x0) / map->width;
  double cell_height = (map->seen.y1 - map->seen.y0) / map->height;
  int    first_column, end_column, first_row, end_row;

  *guide = (struct dino_draw_guide){ .picture = picture, .width = width, .height = height };
  guide->cell_means = dino_alloc_zeroed ((size_t) map->width, (size_t) map->height, error);
  guide->across = dino_alloc ((size_t) columns->length, WINDOW * sizeof (float), error);
  if (guide->cell_means == NULL || guide->across == NULL)
    return false;
  for (int x = 0; x < columns->length; x++)
    spatial_weights (columns, x, guide->across + (size_t) x * WINDOW);
  for (int difference = 0; difference < 256; difference++)
    guide->range_weight[difference] = (float) exp (-(difference * difference) / (2 * RANGE_SIGMA * RANGE_SIGMA));
  reached_cells (columns, &first_column, &end_column);
  reached_cells (rows, &first_row, &end_row);
  for (int row = first_row; row < end_row; row++)
    for (int column = first_column; column < end_column; column++)
      {
        struct dino_box box = {
          map->seen.x0 + column * cell_width,
          map->seen.y0 + row * cell_height,
          map->seen.x0 + (column + 1) * cell_width,
          map->seen.y0 + (row + 1) * cell_height,
        };

        guide->cell_means[(size_t) row * (size_t) map->width + (size_t) column] = mean_grey (guide, box);
      }
  return true;
}

void
dino_draw_guide_clear (struct dino_draw_guide *guide)
{
  dino_free (guide->cell_means);
  dino_free (guide->across);
}

static int
grey_at (const struct dino_draw_guide *guide, int x, int y)
{
  if (x < 0 || y < 0 || x >= guide->width || y >= guide->height)
    return 0;
  return guide->picture[(size_t) y * (size_t) guide->width + (size_t) x];
}

/* The cells around one, those beyond the map or invalid with weight 0. */
struct window
{
  float weights[WINDOW * WINDOW];
  int   greys[WINDOW * WINDOW];
  float values[3][WINDOW * WINDOW];
};

static void
window_fill (struct window *window, const struct dino_draw_guide *guide, const struct dino_draw_field *field, int row, int column, const float down[WINDOW])
{
  size_t n_cells = (size_t) field->width * (size_t) field->height;

  memset (window, 0, sizeof *window);
  for (int j = 0; j < WINDOW; j++)
    for (int i = 0; i < WINDOW; i++)
      {
        int    y = row + j - RADIUS;
        int    x = column + i - RADIUS;
        size_t cell = (size_t) y * (size_t) field->width + (size_t) x;

        if (y < 0 || y >= field->height || x < 0 || x >= field->width || (field->valid != NULL && field->valid[cell] == 0))
          continue;
        window->weights[j * WINDOW + i] = down[j];
        window->greys[j * WINDOW + i] = guide->cell_means[cell];
        for (int c = 0; c < field->channels; c++)
          window->values[c][j * WINDOW + i] = field->values[(size_t) c * n_cells + cell];
      }
}

/* The weighted means around one pixel, into samples[0], samples[step] … */
static void
window_sample (const struct window *window, const float *range_weight, int channels, int grey, const float across[WINDOW], float *samples, size_t step)
{
  float weights[WINDOW * WINDOW];
  float total = 0;

  for (int i = 0; i < WINDOW * WINDOW; i++)
    {
      weights[i] = window->weights[i] * across[i % WINDOW] * range_weight[abs (grey - window->greys[i])];
      total += weights[i];
    }
  for (int c = 0; c < channels; c++)
    {
      float sum = 0;

      for (int i = 0; i < WINDOW * WINDOW; i++)
        sum += weights[i] * window->values[c][i];
      samples[(size_t) c * step] = sum / total;
    }
}

void
dino_draw_guide_row (const struct dino_draw_guide *guide,
                     const struct dino_draw_field *field,
                     const struct dino_draw_axis  *columns,
                     const struct dino_draw_axis  *rows,
                     int                           y,
                     float                        *samples)
{
  const uint8_t *valid = field->valid != NULL ? field->valid + (size_t) rows->cell[y] * (size_t) field->width : NULL;
  struct window  window;
  float          down[WINDOW];
  int            filled = -1; /* the column that window is about */

  spatial_weights (rows, y, down);
  for (int x = columns->begin; x < columns->end; x++)
    {
      int column = columns->cell[x];

      if (valid != NULL && valid[column] == 0)
        continue;
      if (column != filled)
        window_fill (&window, guide, field, rows->cell[y], column, down);
      filled = column;
      window_sample (&window, guide->range_weight, field->channels, grey_at (guide, columns->pixel[x], rows->pixel[y]),
                     guide->across + (size_t) x * WINDOW, samples + x, (size_t) columns->length);
    }
}
