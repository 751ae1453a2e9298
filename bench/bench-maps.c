/* From tokens to colours: principal components of the patches of one picture,
 * and maps coloured and drawn over a film. */
#include "bench.h"

#include <math.h>
#include <stdio.h>

#include "core/base/memory.h"
#include "core/maps/draw.h"
#include "core/maps/pca.h"

#define N_COMPONENTS 3

struct pca_job
{
  struct dino_team *team;
  const float      *tokens; /* [n, channels] */
  size_t            n;
  int               channels;
  float            *out;
};

static void
run_pca (void *data)
{
  const struct pca_job *job = data;
  struct dino_error     error = { 0 };
  struct dino_pca_fit  *fit = dino_pca_fit_new (job->channels, job->team, &error);
  struct dino_pca      *pca = NULL;

  if (fit != NULL && dino_pca_fit_add (fit, job->tokens, job->n, NULL, &error))
    pca = dino_pca_fit_finish (fit, N_COMPONENTS, &error);
  bench_check (pca != NULL && dino_pca_project (pca, job->tokens, job->n, job->out, &error), &error);
  dino_pca_free (pca);
  dino_pca_fit_free (fit);
}

/* Waves over the grid in directions of their own, each weaker than the one
 * before, and noise: variances that fall off as those of tokens do. How long the
 * directions take to find depends on that. */
static float *
make_tokens (size_t n, size_t side, size_t channels)
{
  enum
  {
    WAVES = 24
  };
  float *tokens = bench_alloc (n * channels, sizeof *tokens), *directions = bench_alloc (WAVES * channels, sizeof *directions);

  bench_fill (tokens, n * channels, 1);
  bench_fill (directions, WAVES * channels, 2);
  for (size_t token = 0; token < n; token++)
    for (size_t wave = 0; wave < WAVES; wave++)
      {
        const float x = (float) (token % side), y = (float) (token / side), pace = 0.08f * (float) (wave + 1);
        const float height = sinf (pace * x + (float) wave) * cosf (pace * y) * 2.0f / (float) (wave + 1);

        for (size_t i = 0; i < channels; i++)
          tokens[token * channels + i] += height * directions[wave * channels + i];
      }
  dino_free (directions);
  return tokens;
}

static void
measure_pca (const struct bench *bench)
{
  const size_t         side = bench->quick ? 6 : 37, channels = bench->quick ? 32 : 768, n = side * side;
  float               *tokens = make_tokens (n, side, channels);
  struct pca_job       job = { .team = bench->team, .tokens = tokens, .n = n, .channels = (int) channels, .out = bench_alloc (n * N_COMPONENTS, sizeof (float)) };
  struct bench_seconds seconds = bench_repeat (bench, run_pca, &job);
  char                 shape[64];

  snprintf (shape, sizeof shape, "%zux%zu", n, channels);
  bench_print (bench, "pca", "fit and project 3", shape, &seconds, (double) n * 1e-3, "ktokens/s");
  dino_free (tokens);
  dino_free (job.out);
}

struct draw_job
{
  const struct dino_map *map;
  struct dino_map_style  style;
  const uint8_t         *guide;
  uint8_t               *rgba;
  int                    side;
  struct dino_team      *team;
};

static void
run_draw (void *data)
{
  const struct draw_job *job = data;
  struct dino_error      error = { 0 };

  bench_check (dino_map_draw (job->map, &job->style, job->guide, job->side, job->side, job->map->seen, job->rgba, job->side, job->side, job->team, &error), &error);
}

static struct dino_map *
make_map (int grid, int side, int channels)
{
  struct dino_error error = { 0 };
  struct dino_map  *map = dino_map_new (grid, grid, channels, &error);

  bench_check (map != NULL, &error);
  bench_fill (map->values, (size_t) (grid * grid * channels), 5);
  map->seen = (struct dino_box){ .x1 = side, .y1 = side };
  snprintf (map->colormap, sizeof map->colormap, "viridis");
  bench_check (dino_map_measure (map, &error), &error);
  return map;
}

static void
measure_draw (const struct bench *bench, struct draw_job *job, int channels)
{
  struct dino_map *map = make_map (37, job->side, channels);

  job->map = map;
  for (enum dino_smooth smooth = DINO_SMOOTH_CELLS; smooth <= DINO_SMOOTH_GUIDED; smooth++)
    {
      struct bench_seconds seconds;
      char                 variant[64], shape[64];

      job->style.smooth = smooth;
      seconds = bench_repeat (bench, run_draw, job);
      snprintf (variant, sizeof variant, "%s %s", dino_smooth_name (smooth), channels == 1 ? "colour map" : "rgb");
      snprintf (shape, sizeof shape, "37x37 to %dx%d", job->side, job->side);
      bench_print (bench, "draw", variant, shape, &seconds, (double) job->side * job->side * 1e-6, "Mpixel/s");
    }
  dino_map_unref (map);
}

static void
measure_drawing (const struct bench *bench)
{
  const int       side = bench->quick ? 60 : 1500;
  const size_t    n = (size_t) side * (size_t) side;
  uint8_t        *guide = bench_alloc (n, 1);
  struct draw_job job = { .side = side, .guide = guide, .team = bench->team, .rgba = bench_alloc (n, 4) };

  for (size_t i = 0; i < n; i++)
    guide[i] = (uint8_t) ((i % (size_t) side + i / (size_t) side * 2) >> 4);
  dino_map_style_init (&job.style);
  measure_draw (bench, &job, 1);
  measure_draw (bench, &job, 3);
  dino_free (guide);
  dino_free (job.rgba);
}

int
main (int argc, char **argv)
{
  struct bench bench;

  bench_start (&bench, argc, argv, "Principal components, colours and drawing of maps.");
  measure_pca (&bench);
  measure_drawing (&bench);
  bench_end (&bench);
  return 0;
}
