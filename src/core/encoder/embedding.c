#include "core/encoder/embedding.h"

#include <string.h>

#include "core/encoder/cut.h"
#include "core/encoder/position.h"

/* What a thread gathers at once. */
#define TILE_FLOATS ((size_t) 96 << 10)
#define MIN_TILE_PATCHES 4
#define MAX_TILE_PATCHES 128

static size_t
patch_values (const struct dino_config *config)
{
  return (size_t) config->n_channels * (size_t) config->patch_size * (size_t) config->patch_size;
}

static struct dino_cut
cut_patches (const struct dino_config *config, size_t n_patches)
{
  size_t limit = TILE_FLOATS / patch_values (config) / 4 * 4;

  limit = limit < MIN_TILE_PATCHES ? MIN_TILE_PATCHES : limit;
  limit = limit > MAX_TILE_PATCHES ? MAX_TILE_PATCHES : limit;
  return dino_cut (n_patches, limit, 4);
}

bool
dino_embedding_constant (const struct dino_config  *config,
                         const struct dino_weights *weights,
                         int                        rows,
                         int                        columns,
                         float                     *constant,
                         struct dino_error         *error)
{
  const size_t width = (size_t) config->hidden_size, n_patches = (size_t) rows * (size_t) columns;
  const size_t n_registers = (size_t) config->n_registers;
  float       *patches = constant + (1 + n_registers) * width;

  if (!dino_position_resize (weights->position + width, dino_config_table_side (config), patches, rows, columns,
                             config->hidden_size, config->antialias_position, error))
    return false;
  for (size_t i = 0; i < width; i++)
    constant[i] = weights->cls_token[i] + weights->position[i];
  /* Registers have no position. */
  if (n_registers > 0)
    memcpy (constant + width, weights->registers, n_registers * width * sizeof *constant);
  for (size_t patch = 0; patch < n_patches; patch++)
    for (size_t i = 0; i < width; i++)
      patches[patch * width + i] += weights->patch_bias[i];
  return true;
}

size_t
dino_embedding_scratch (const struct dino_config *config, size_t n_patches)
{
  return cut_patches (config, n_patches).size * patch_values (config);
}

struct embedding_loop
{
  const struct dino_embedding *embedding;
  const struct dino_work      *work;
  const float                 *pixel_values;
  float                       *out; /* of the first patch */
  struct dino_cut              patches;
};

/* One patch as a row in the order (channel, y, x) of the convolution's weights. */
static void
gather_patch (const struct embedding_loop *loop, size_t patch, float *values)
{
  const struct dino_embedding *embedding = loop->embedding;
  const size_t                 size = (size_t) embedding->config->patch_size;
  const size_t                 width = (size_t) embedding->columns * size, height = (size_t) embedding->rows * size;
  const size_t                 top = patch / (size_t) embedding->columns * size, left = patch % (size_t) embedding->columns * size;

  for (size_t channel = 0; channel < (size_t) embedding->config->n_channels; channel++)
    for (size_t y = 0; y < size; y++, values += size)
      memcpy (values, loop->pixel_values + (channel * height + top + y) * width + left, size * sizeof *values);
}

static void
embedding_item (void *data, size_t item, int thread)
{
  const struct embedding_loop *loop = data;
  const struct dino_embedding *embedding = loop->embedding;
  const size_t                 width = (size_t) embedding->config->hidden_size, n_values = patch_values (embedding->config);
  const size_t                 first = dino_cut_start (&loop->patches, item), n = dino_cut_size (&loop->patches, item);
  float                       *gathered = loop->work->scratch + (size_t) thread * loop->work->scratch_size;

  for (size_t i = 0; i < n; i++)
    gather_patch (loop, first + i, gathered + i * n_values);
  dino_product_add (n, width, n_values, gathered, n_values, embedding->weights->patch_weight, loop->out + first * width, width);
}

bool
dino_embedding_run (const struct dino_embedding *embedding, const float *pixel_values, float *out, const struct dino_work *work)
{
  const size_t          width = (size_t) embedding->config->hidden_size;
  const size_t          n_patches = (size_t) embedding->rows * (size_t) embedding->columns;
  const size_t          before = 1 + (size_t) embedding->config->n_registers;
  struct embedding_loop loop = {
    .embedding = embedding,
    .work = work,
    .pixel_values = pixel_values,
    .out = out + before * width,
    .patches = cut_patches (embedding->config, n_patches),
  };

  memcpy (out, embedding->constant, (before + n_patches) * width * sizeof *out);
  return dino_team_run (work->team, loop.patches.count, embedding_item, &loop, work->progress, work->done, work->total);
}
