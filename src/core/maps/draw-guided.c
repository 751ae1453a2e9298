/* Joint bilateral upsampling: J. Kopf, M. F. Cohen, D. Lischinski and
 * M. Uyttendaele, "Joint bilateral upsampling", ACM Transactions on Graphics
 * 26(3), 2007. The map is the low-resolution solution, the radiograph the
 * guide; the weight of a cell falls with its distance and with the difference
 * between its mean grey and the grey of the pixel. */
#include "core/maps/draw-private.h"

#include <math.h>
#include <string.h>

#include "core/base/memory.h"
#include "core/encoder/loop.h"

/* The paper's parameters: standard deviations of 0.5 cells and of 0.1 of the
 * grey range, a window of 5 x 5 cells. */
#define SPATIAL_SIGMA 0.5
#define RANGE_SIGMA (0.1 * 255)
#define RADIUS 2
#define WINDOW DINO_DRAW_WINDOW

/* Pixels of so many columns of cells are done together: most have greys in
 * common, and what these say of the cells around is found once. */
#define N_HELD (WINDOW * DINO_DRAW_LANES)
#define SEGMENT (DINO_DRAW_LANES - 2 * RADIUS)

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
    {
      const uint8_t *greys = guide->picture + (size_t) y * (size_t) guide->width;
      uint32_t       row_sum = 0;

      for (int x = x0; x < x1; x++)
        row_sum += greys[x];
      sum += row_sum;
    }
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

/* Weights of the cells around a position. */
static void
spatial_weights (const struct dino_draw_axis *axis, int index, float weights[WINDOW])
{
  for (int i = 0; i < WINDOW; i++)
    {
      float distance = axis->position[index] - ((float) (axis->cell[index] + i - RADIUS) + 0.5f);

      weights[i] = expf (-distance * distance / (float) (2 * SPATIAL_SIGMA * SPATIAL_SIGMA));
    }
}

static bool
spatial_init (struct dino_draw_guide *guide, const struct dino_draw_axis *columns, const struct dino_draw_axis *rows, struct dino_error *error)
{
  guide->across = dino_alloc ((size_t) columns->length, WINDOW * sizeof (float), error);
  guide->down = dino_alloc ((size_t) rows->length, WINDOW * sizeof (float), error);
  if (guide->across == NULL || guide->down == NULL)
    return false;
  for (int x = columns->begin; x < columns->end; x++)
    spatial_weights (columns, x, guide->across + (size_t) x * WINDOW);
  for (int y = rows->begin; y < rows->end; y++)
    spatial_weights (rows, y, guide->down + (size_t) y * WINDOW);
  return true;
}

struct means_loop
{
  struct dino_draw_guide *guide;
  const struct dino_map  *map;
  int                     first_row, first_column, end_column;
};

/* A row of cells. */
static void
means_item (void *data, size_t item, int thread)
{
  const struct means_loop *loop = data;
  const struct dino_map   *map = loop->map;
  const double             width = (map->seen.x1 - map->seen.x0) / map->width, height = (map->seen.y1 - map->seen.y0) / map->height;
  const int                row = loop->first_row + (int) item;

  for (int column = loop->first_column; column < loop->end_column; column++)
    {
      const struct dino_box box = {
        map->seen.x0 + column * width,
        map->seen.y0 + row * height,
        map->seen.x0 + (column + 1) * width,
        map->seen.y0 + (row + 1) * height,
      };

      loop->guide->cell_means[(size_t) row * (size_t) map->width + (size_t) column] = mean_grey (loop->guide, box);
    }
}

static bool
means_init (struct dino_draw_guide *guide, const struct dino_map *map, const struct dino_draw_axis *columns, const struct dino_draw_axis *rows, struct dino_team *team, struct dino_error *error)
{
  struct means_loop loop = { .guide = guide, .map = map };
  int               end_row;

  guide->cell_means = dino_alloc_zeroed ((size_t) map->width, (size_t) map->height, error);
  if (guide->cell_means == NULL)
    return false;
  reached_cells (columns, &loop.first_column, &loop.end_column);
  reached_cells (rows, &loop.first_row, &end_row);
  dino_loop_run (team, (size_t) (end_row - loop.first_row), means_item, &loop);
  return true;
}

bool
dino_draw_guide_init (struct dino_draw_guide      *guide,
                      const uint8_t               *picture,
                      int                          width,
                      int                          height,
                      const struct dino_map       *map,
                      const struct dino_draw_axis *columns,
                      const struct dino_draw_axis *rows,
                      struct dino_team            *team,
                      struct dino_error           *error)
{
  *guide = (struct dino_draw_guide){ .picture = picture, .width = width, .height = height };
  for (int difference = -255; difference <= 255; difference++)
    guide->range_weight[255 + difference] = (float) exp (-(difference * difference) / (2 * RANGE_SIGMA * RANGE_SIGMA));
  guide->segments = dino_alloc_zeroed (dino_loop_threads (team), sizeof *guide->segments, error);
  return guide->segments != NULL && spatial_init (guide, columns, rows, error) && means_init (guide, map, columns, rows, team, error);
}

void
dino_draw_guide_clear (struct dino_draw_guide *guide)
{
  dino_free (guide->cell_means);
  dino_free (guide->across);
  dino_free (guide->down);
  dino_free (guide->segments);
}

/* The cells that pixels of one row of cells, in columns of cells from first_column on, are made of. */
static void
segment_init (struct dino_draw_segment *segment, const struct dino_draw_guide *guide, const struct dino_draw_field *field, int row, int first_column)
{
  const size_t n_cells = (size_t) field->width * (size_t) field->height;

  memset (segment->values, 0, sizeof segment->values);
  for (int grey = 0; grey < 256; grey++)
    segment->summed_for[grey] = -1;
  for (int j = 0; j < WINDOW; j++)
    for (int i = 0; i < DINO_DRAW_LANES; i++)
      {
        const int    y = row + j - RADIUS, x = first_column + i - RADIUS;
        const size_t cell = (size_t) y * (size_t) field->width + (size_t) x;

        segment->range_start[j * DINO_DRAW_LANES + i] = DINO_DRAW_NO_RANGE;
        if (y < 0 || y >= field->height || x < 0 || x >= field->width || (field->valid != NULL && field->valid[cell] == 0))
          continue;
        segment->range_start[j * DINO_DRAW_LANES + i] = 255 - guide->cell_means[cell];
        for (int c = 0; c < field->channels; c++)
          segment->values[c][j * DINO_DRAW_LANES + i] = field->values[(size_t) c * n_cells + cell];
      }
}

/* Of a grey that the segment has not met yet. */
static void
find_range_weights (struct dino_draw_segment *segment, const float *range_weight, int grey)
{
  for (int k = 0; k < N_HELD; k++)
    segment->range_weights[grey][k] = range_weight[segment->range_start[k] + grey];
}

/* terms is [WINDOW, lanes]. Written out: compilers then add several columns at a time. */
static inline void
add_down (const float *restrict terms, float *restrict sums)
{
  for (int i = 0; i < DINO_DRAW_LANES; i++)
    sums[i] = terms[i] + terms[DINO_DRAW_LANES + i] + terms[2 * DINO_DRAW_LANES + i] + terms[3 * DINO_DRAW_LANES + i] + terms[4 * DINO_DRAW_LANES + i];
}

/* Adds up weights, and weighted values, down each column of cells. */
static void
sum_down (struct dino_draw_segment *segment, int channels, int grey, const float *restrict down)
{
  float weights[N_HELD], terms[N_HELD], sums[4][DINO_DRAW_LANES];

  for (int k = 0; k < N_HELD; k++)
    weights[k] = down[k] * segment->range_weights[grey][k];
  add_down (weights, sums[0]);
  for (int c = 0; c < channels; c++)
    {
      for (int k = 0; k < N_HELD; k++)
        terms[k] = weights[k] * segment->values[c][k];
      add_down (terms, sums[1 + c]);
    }
  for (int i = 0; i < DINO_DRAW_LANES; i++)
    for (int k = 0; k <= channels; k++)
      segment->sums[grey][i][k] = sums[k][i];
}

/* sums is [WINDOW, 4]; totals = of weights, then of the weighted values of three channels. */
static void
sum_across (const float *sums, const float across[WINDOW], float totals[4])
{
  float total[4] = { 0 };

  for (int i = 0; i < WINDOW; i++)
    for (int k = 0; k < 4; k++)
      total[k] += across[i] * sums[4 * i + k];
  memcpy (totals, total, sizeof total);
}

static int
grey_at (const struct dino_draw_guide *guide, int x, int y)
{
  if (x < 0 || y < 0 || x >= guide->width || y >= guide->height)
    return 0;
  return guide->picture[(size_t) y * (size_t) guide->width + (size_t) x];
}

/* Pixels [x, end) of row y, which lie on the segment. */
static void
sample_segment (const struct dino_draw_guide *guide, struct dino_draw_segment *segment, const struct dino_draw_field *field, const struct dino_draw_axis *columns, const struct dino_draw_axis *rows, int y, int x, int end, float *samples)
{
  const uint8_t *valid = field->valid != NULL ? field->valid + (size_t) rows->cell[y] * (size_t) field->width : NULL;
  float          down[N_HELD]; /* a row's weights, the same for every column */

  for (int k = 0; k < N_HELD; k++)
    down[k] = guide->down[(size_t) y * WINDOW + (size_t) (k / DINO_DRAW_LANES)];
  for (; x < end; x++)
    {
      const int grey = grey_at (guide, columns->pixel[x], rows->pixel[y]);
      float     totals[4];

      if (valid != NULL && valid[columns->cell[x]] == 0)
        continue;
      if (segment->summed_for[grey] < 0)
        find_range_weights (segment, guide->range_weight, grey);
      if (segment->summed_for[grey] != y)
        sum_down (segment, field->channels, grey, down);
      segment->summed_for[grey] = y;
      sum_across (segment->sums[grey][columns->cell[x] % SEGMENT], guide->across + (size_t) x * WINDOW, totals);
      for (int c = 0; c < field->channels; c++)
        samples[(size_t) c * (size_t) columns->length + (size_t) x] = totals[1 + c] / totals[0];
    }
}

void
dino_draw_guide_rows (const struct dino_draw_guide *guide,
                      const struct dino_draw_field *field,
                      const struct dino_draw_axis  *columns,
                      const struct dino_draw_axis  *rows,
                      int                           first,
                      int                           end,
                      int                           thread,
                      float                        *samples)
{
  const size_t              row_samples = (size_t) columns->length * (size_t) field->channels;
  struct dino_draw_segment *segment = &guide->segments[thread];

  for (int x = columns->begin, x_end; x < columns->end; x = x_end)
    {
      const int number = columns->cell[x] / SEGMENT;

      for (x_end = x + 1; x_end < columns->end && columns->cell[x_end] / SEGMENT == number; x_end++)
        ;
      segment_init (segment, guide, field, rows->cell[first], number * SEGMENT);
      for (int y = first; y < end; y++)
        sample_segment (guide, segment, field, columns, rows, y, x, x_end, samples + (size_t) (y - first) * row_samples);
    }
}
