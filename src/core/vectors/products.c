#include "core/vectors/products.h"

#include <math.h>

#include "core/base/memory.h"
#include "core/base/text.h"
#include "core/encoder/cpu.h"
#include "core/encoder/cut.h"
#include "core/encoder/loop.h"
#include "core/gemm/matrix.h"

/* Strips of rows between two questions whether to go on. */
#define STRIPS ((size_t) 32)

/* Rows after the last that a tile of the widest kernel may touch. */
#define PADDING 32

struct visit
{
  const struct dino_operand_rows *rows, *columns;
  bool                            upper;
  struct dino_team               *team;
  const struct dino_gemm         *gemm;
  dino_product_func               func;
  void                           *data;

  struct dino_matrix matrix; /* a block of columns */
  void              *memory; /* of it */
  size_t             column, n_columns;
  size_t             first_strip;

  size_t a_stride, c_stride;  /* elements */
  float *operands, *products; /* of each thread */
  float *row;                 /* [width], while columns are packed */
};

/* One changed row. */
static void
prepare (const struct dino_operand_rows *from, size_t row, float *out)
{
  const struct dino_points *points = &from->points;
  const float              *source = dino_points_row (points, row, out);
  const float               factor = from->factors != NULL ? from->factors[row] : 1;

  for (size_t c = 0; c < points->width; c++)
    out[c] = ((from->mean != NULL ? source[c] - from->mean[c] : source[c])) * factor;
}

static bool
lay_out (struct visit *visit, struct dino_error *error)
{
  const size_t        width = visit->rows->points.width, threads = dino_loop_threads (visit->team);
  const enum dino_isa isa = dino_isa_detect ();
  const size_t        n_columns = visit->columns->points.n < DINO_PRODUCT_COLUMNS ? visit->columns->points.n : DINO_PRODUCT_COLUMNS;
  size_t              bytes;

  visit->gemm = dino_gemm_for (isa, DINO_FORMAT_F32);
  if (!dino_matrix_describe (&visit->matrix, DINO_FORMAT_F32, dino_gemm_panel (isa, n_columns), width, n_columns, 1) || !dino_matrix_bytes (&visit->matrix, &bytes))
    return dino_error_set_memory (error, ~0ULL);
  visit->a_stride = dino_round_up (width, 16) + 16;
  visit->c_stride = visit->matrix.n_panels * visit->matrix.panel;
  visit->memory = dino_alloc (bytes, 1, error);
  visit->operands = dino_alloc_zeroed (threads * (DINO_PRODUCT_ROWS + PADDING), visit->a_stride * sizeof (float), error);
  visit->products = dino_alloc (threads * (DINO_PRODUCT_ROWS + PADDING), visit->c_stride * sizeof (float), error);
  visit->row = dino_alloc (width, sizeof (float), error);
  if (visit->memory == NULL || visit->operands == NULL || visit->products == NULL || visit->row == NULL)
    return false;
  dino_matrix_place (&visit->matrix, visit->memory);
  return true;
}

static void
pack_columns (struct visit *visit)
{
  dino_matrix_clear (&visit->matrix);
  for (size_t i = 0; i < visit->n_columns; i++)
    {
      prepare (visit->columns, visit->column + i, visit->row);
      dino_matrix_pack (&visit->matrix, i, 1, visit->row, NULL);
    }
}

static void
strip_item (void *data, size_t item, int thread)
{
  const struct visit *visit = data;
  const size_t        n = visit->rows->points.n, row = (visit->first_strip + item) * DINO_PRODUCT_ROWS;
  const size_t        n_rows = n - row < DINO_PRODUCT_ROWS ? n - row : DINO_PRODUCT_ROWS;
  float              *a = visit->operands + (size_t) thread * (DINO_PRODUCT_ROWS + PADDING) * visit->a_stride;
  float              *c = visit->products + (size_t) thread * (DINO_PRODUCT_ROWS + PADDING) * visit->c_stride;
  struct dino_panels  panels;

  if (visit->upper && row >= visit->column + visit->n_columns)
    return;
  for (size_t i = 0; i < n_rows; i++)
    prepare (visit->rows, row + i, a + i * visit->a_stride);
  panels = dino_matrix_panels (&visit->matrix, 0, 0, (visit->n_columns + visit->matrix.panel - 1) / visit->matrix.panel, 0);
  visit->gemm->run (&(struct dino_product){ .rows = n_rows, .depth = visit->matrix.depth, .a = a, .a_stride = visit->a_stride * sizeof (float), .b = panels, .c = c, .c_stride = visit->c_stride });
  visit->func (visit->data, &(struct dino_product_tile){ .row = row, .n_rows = n_rows, .column = visit->column, .n_columns = visit->n_columns, .values = c, .stride = visit->c_stride }, thread);
}

static bool
visit_all (struct visit *visit, const struct dino_progress *progress, struct dino_error *error)
{
  const size_t n_columns = visit->columns->points.n, n_strips = (visit->rows->points.n + DINO_PRODUCT_ROWS - 1) / DINO_PRODUCT_ROWS;
  const size_t n_blocks = (n_columns + DINO_PRODUCT_COLUMNS - 1) / DINO_PRODUCT_COLUMNS;
  const size_t at_once = dino_loop_threads (visit->team) * 4 > STRIPS ? dino_loop_threads (visit->team) * 4 : STRIPS;

  for (size_t block = 0; block < n_blocks; block++)
    {
      visit->column = block * DINO_PRODUCT_COLUMNS;
      visit->n_columns = n_columns - visit->column < DINO_PRODUCT_COLUMNS ? n_columns - visit->column : DINO_PRODUCT_COLUMNS;
      pack_columns (visit);
      for (visit->first_strip = 0; visit->first_strip < n_strips; visit->first_strip += at_once)
        {
          if (!dino_progress_report (progress, (int) block, (int) n_blocks))
            return dino_error_set (error, DINO_CODE_CANCELLED, _ ("Cancelled."));
          dino_loop_run (visit->team, n_strips - visit->first_strip < at_once ? n_strips - visit->first_strip : at_once, strip_item, visit);
        }
    }
  return true;
}

bool
dino_products_visit (const struct dino_operand_rows *rows,
                     const struct dino_operand_rows *columns,
                     bool                            upper,
                     struct dino_team               *team,
                     const struct dino_progress     *progress,
                     dino_product_func               func,
                     void                           *data,
                     struct dino_error              *error)
{
  struct visit visit = { .rows = rows, .columns = columns, .upper = upper, .team = team, .func = func, .data = data };
  bool         done = lay_out (&visit, error) && visit_all (&visit, progress, error);

  dino_free (visit.memory);
  dino_free (visit.operands);
  dino_free (visit.products);
  dino_free (visit.row);
  return done;
}

static double
squared_length (const float *row, const float *mean, size_t width)
{
  double sum = 0;

  for (size_t c = 0; c < width; c++)
    {
      const double value = (double) (mean != NULL ? row[c] - mean[c] : row[c]);

      sum += value * value;
    }
  return sum;
}

bool
dino_squared_lengths (const struct dino_points *points, const float *mean, float *squares, struct dino_error *error)
{
  float *buffer = dino_alloc (points->width, sizeof *buffer, error);

  for (size_t row = 0; buffer != NULL && row < points->n; row++)
    squares[row] = (float) squared_length (dino_points_row (points, row, buffer), mean, points->width);
  dino_free (buffer);
  return buffer != NULL;
}

bool
dino_inverse_lengths (const struct dino_points *points, const float *mean, float *factors, struct dino_error *error)
{
  float *buffer = dino_alloc (points->width, sizeof *buffer, error);

  for (size_t row = 0; buffer != NULL && row < points->n; row++)
    {
      const double square = squared_length (dino_points_row (points, row, buffer), mean, points->width);

      factors[row] = square > 0 ? (float) (1 / sqrt (square)) : 0;
    }
  dino_free (buffer);
  return buffer != NULL;
}
