/* The maps of attention over one picture, computed from the blocks' inputs, and
 * the longest that a Cancel would have waited. The picture is a formula, of the
 * size of the model's position table. */
#include "bench.h"

#include <stdio.h>

#include "core/base/memory.h"
#include "core/encoder/encoder.h"
#include "core/maps/rollout.h"

#define QUICK_SIDE 4

struct attention
{
  const struct bench   *bench;
  struct dino_features *features;
  struct dino_geometry  geometry;
  int                   last_block;
  enum dino_direction   direction;
  double                discard;
  double                last_report, longest_gap;
};

static bool
watch (void *data, int done, int total)
{
  struct attention *attention = data;
  const double      now = bench_now ();

  if (now - attention->last_report > attention->longest_gap)
    attention->longest_gap = now - attention->last_report;
  attention->last_report = now;
  return true;
}

static void
finish (struct dino_map *map, const struct dino_error *error)
{
  bench_check (map != NULL, error);
  dino_map_unref (map);
}

static void
run_patch (void *data)
{
  const struct attention                   *attention = data;
  const struct dino_patch_attention_options options = { .block = attention->last_block, .head = DINO_HEAD_MEAN, .direction = attention->direction, .team = attention->bench->team };
  struct dino_error                         error = { 0 };

  finish (dino_patch_attention_map (attention->features, &attention->geometry, &options, &error), &error);
}

static void
run_entropy (void *data)
{
  const struct attention                *attention = data;
  const struct dino_head_entropy_options options = { .block = attention->last_block, .head = DINO_HEAD_MEAN, .team = attention->bench->team };
  struct dino_error                      error = { 0 };

  finish (dino_head_entropy_map (attention->features, &attention->geometry, &options, &error), &error);
}

static void
run_rollout (void *data)
{
  struct attention                 *attention = data;
  const struct dino_progress        progress = { .func = watch, .data = attention };
  const struct dino_rollout_options options = { .discard = attention->discard, .block = attention->last_block, .team = attention->bench->team, .progress = &progress };
  struct dino_error                 error = { 0 };

  attention->last_report = bench_now ();
  finish (dino_rollout_map (attention->features, &attention->geometry, &options, &error), &error);
  watch (attention, 0, 1);
}

static void
encode (struct attention *attention)
{
  struct dino_model_options options = { .precision = DINO_PRECISION_FP32, .isa = dino_isa_detect (), .team = attention->bench->team };
  struct dino_error         error = { 0 };
  struct dino_model        *model = dino_model_load (attention->bench->model, &options, NULL, &error);
  const struct dino_config *config;
  struct dino_encoder      *encoder;
  size_t                    n_pixels;
  float                    *pixels;
  int                       side;

  bench_check (model != NULL, &error);
  config = dino_model_config (model);
  side = attention->bench->quick ? QUICK_SIDE : dino_config_table_side (config);
  attention->last_block = config->n_blocks - 1;
  bench_check (dino_geometry_init_raw (&attention->geometry, config->patch_size, side * config->patch_size, side * config->patch_size, &error), &error);
  n_pixels = 3 * (size_t) (side * side) * (size_t) (config->patch_size * config->patch_size);
  pixels = bench_alloc (n_pixels, sizeof *pixels);
  bench_fill (pixels, n_pixels, 1);
  encoder = dino_encoder_new (model, side, side, options.isa, attention->bench->team, &error);
  bench_check (encoder != NULL, &error);
  attention->features = dino_features_new (model, side, side, DINO_KEEP_HIDDEN_STATES | DINO_KEEP_CLS_ATTENTION, &error);
  bench_check (attention->features != NULL, &error);
  bench_check (dino_encoder_run (encoder, pixels, attention->features, NULL, &error), &error);
  dino_encoder_free (encoder);
  dino_model_unref (model);
  dino_free (pixels);
}

static void
measure (struct attention *attention, const char *variant, bench_func func)
{
  const struct dino_config *config = dino_model_config (dino_features_model (attention->features));
  struct bench_seconds      seconds = bench_repeat (attention->bench, func, attention);
  char                      shape[64];

  snprintf (shape, sizeof shape, "%zux%d %d heads %d blocks", dino_features_n_tokens (attention->features), config->hidden_size, config->n_heads, config->n_blocks);
  bench_print (attention->bench, "attention", variant, shape, &seconds, 1, "1/s");
}

int
main (int argc, char **argv)
{
  struct bench         bench;
  struct attention     attention = { .bench = &bench };
  struct bench_seconds gap;

  bench_start (&bench, argc, argv, "Maps of attention computed from the blocks' inputs.");
  if (bench.model == NULL)
    bench_fail ("--model DIR is needed");
  encode (&attention);
  attention.direction = DINO_DIRECTION_QUERY;
  measure (&attention, "patch as query", run_patch);
  attention.direction = DINO_DIRECTION_KEY;
  measure (&attention, "patch as key", run_patch);
  measure (&attention, "entropy of a block", run_entropy);
  measure (&attention, "rollout", run_rollout);
  attention.discard = 0.9;
  measure (&attention, "rollout discard 0.9", run_rollout);
  gap = (struct bench_seconds){ attention.longest_gap, attention.longest_gap, attention.longest_gap };
  bench_print (&bench, "attention-gap", "rollout", "longest", &gap, 1, "1/s");
  dino_features_unref (attention.features);
  bench_end (&bench);
  return 0;
}
