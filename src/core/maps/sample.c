#include "core/maps/sample.h"

#include "core/base/memory.h"
#include "core/base/text.h"
#include "core/encoder/loop.h"
#include "core/maps/draw-private.h"

/* Rows that a thread does at once. */
#define BAND 16

struct sampler
{
  enum dino_smooth       smooth;
  int                    height;
  struct dino_draw_field field;
  struct dino_draw_axis  columns, rows;
  struct dino_draw_guide guide;
  size_t                 n_samples, n_scratch; /* of a row; of a thread */
  float                 *samples;              /* [threads; BAND, channels, width] */
  float                 *scratch;              /* [threads; channels + 1, field width, then width] */
  dino_map_sample_func   func;
  void                  *data;
};

/* Rows [first, end), which lie on one row of cells. */
static void
sample_run (const struct sampler *sampler, int first, int end, int thread)
{
  const struct dino_draw_axis *columns = &sampler->columns;
  float                       *samples = sampler->samples + (size_t) thread * BAND * sampler->n_samples;
  float                       *scratch = sampler->scratch + (size_t) thread * sampler->n_scratch;

  if (sampler->smooth == DINO_SMOOTH_GUIDED)
    dino_draw_guide_rows (&sampler->guide, &sampler->field, columns, &sampler->rows, first, end, thread, samples);
  else if (sampler->smooth == DINO_SMOOTH_CELLS)
    dino_draw_sample_cells (&sampler->field, columns, sampler->rows.cell[first], samples);
  for (int y = first; y < end; y++)
    {
      if (sampler->smooth == DINO_SMOOTH_BILINEAR)
        dino_draw_sample_bilinear (&sampler->field, columns, &sampler->rows, y, scratch, samples);
      sampler->func (sampler->data, y, columns->begin, columns->end, samples);
      if (sampler->smooth == DINO_SMOOTH_GUIDED)
        samples += sampler->n_samples;
    }
}

static void
sample_band (void *data, size_t item, int thread)
{
  const struct sampler *sampler = data;
  const int            *cells = sampler->rows.cell;
  const int             first = (int) item * BAND, end = sampler->height - first < BAND ? sampler->height : first + BAND;

  for (int y = first, run_end; y < end; y = run_end)
    {
      for (run_end = y + 1; run_end < end && cells[run_end] == cells[y]; run_end++)
        ;
      if (cells[y] >= 0 && sampler->columns.begin < sampler->columns.end)
        sample_run (sampler, y, run_end, thread);
    }
}

static bool
sampler_init (struct sampler *sampler, const struct dino_map *map, int width, int height, size_t threads, struct dino_error *error)
{
  sampler->n_samples = (size_t) width * (size_t) map->channels;
  sampler->n_scratch = (size_t) map->width * (size_t) (map->channels + 1) + (size_t) width;
  sampler->samples = dino_alloc_zeroed (threads * BAND, sampler->n_samples * sizeof (float), error);
  sampler->scratch = dino_alloc (threads, sampler->n_scratch * sizeof (float), error);
  return sampler->samples != NULL && sampler->scratch != NULL &&
         dino_draw_field_init (&sampler->field, map, error) &&
         dino_draw_axis_init (&sampler->columns, 0, width, width, map->seen.x0, map->seen.x1, map->width, error) &&
         dino_draw_axis_init (&sampler->rows, 0, height, height, map->seen.y0, map->seen.y1, map->height, error);
}

static void
sampler_clear (struct sampler *sampler)
{
  dino_free (sampler->field.values);
  dino_draw_axis_clear (&sampler->columns);
  dino_draw_axis_clear (&sampler->rows);
  dino_draw_guide_clear (&sampler->guide);
  dino_free (sampler->samples);
  dino_free (sampler->scratch);
}

bool
dino_map_sample (const struct dino_map *map,
                 enum dino_smooth       smooth,
                 const uint8_t         *guide,
                 int                    width,
                 int                    height,
                 dino_map_sample_func   func,
                 void                  *data,
                 struct dino_team      *team,
                 struct dino_error     *error)
{
  struct sampler sampler = { .smooth = smooth, .height = height, .func = func, .data = data };
  bool           good;

  if (width < 1 || height < 1 || !(map->seen.x1 > map->seen.x0) || !(map->seen.y1 > map->seen.y0))
    return dino_error_set (error, DINO_CODE_ARGUMENT, _ ("A map cannot be drawn into an empty rectangle."));
  if (smooth == DINO_SMOOTH_GUIDED && guide == NULL)
    return dino_error_set (error, DINO_CODE_ARGUMENT, _ ("Smoothing guided by the picture needs the picture."));
  good = sampler_init (&sampler, map, width, height, dino_loop_threads (team), error);
  if (good && smooth == DINO_SMOOTH_GUIDED)
    good = dino_draw_guide_init (&sampler.guide, guide, width, height, map, &sampler.columns, &sampler.rows, team, error);
  if (good)
    dino_loop_run (team, ((size_t) height + BAND - 1) / BAND, sample_band, &sampler);
  sampler_clear (&sampler);
  return good;
}
