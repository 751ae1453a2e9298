#include "core/encoder/calibration.h"

#include <math.h>
#include <string.h>

#include "core/base/memory.h"
#include "core/base/text.h"
#include "core/encoder/blas.h"
#include "core/encoder/block.h"
#include "core/encoder/cut.h"
#include "core/encoder/embedding.h"
#include "core/encoder/mlp.h"
#include "core/picture/prepare.h"

/* Patches along the short side of a picture. The channels that are large are
 * the same at every size, and 16 x 16 patches take a sixth of the time of 37 x 37. */
#define SIDE 16

/* Of a file; more than any model has. */
#define MAX_BLOCKS 256
#define MAX_WIDTH 16384

/* One picture on its way through the blocks. */
struct view
{
  struct dino_picture *picture;
  struct dino_geometry geometry;
  size_t               tokens;
  float               *stream; /* [tokens, D], NULL until the model's first block */
};

struct dino_calibration
{
  struct dino_calibrator calibrator;
  char                   sha256[DINO_SHA256_LENGTH];
  enum dino_isa          isa;
  struct dino_team      *team;
  struct view           *views; /* [n_views] */
  size_t                 n_views;
  float                 *ranges[2]; /* [n_blocks, width] */
  int                    n_blocks;
  size_t                 width;
  bool                   from_file;
};

/* What the team needs for one view at one block. */
struct stage
{
  struct dino_work          work;
  struct dino_block_scratch scratch;
};

static void
stage_clear (struct stage *stage)
{
  dino_free (stage->work.scratch);
  dino_block_scratch_clear (&stage->scratch);
}

static bool
stage_init (struct stage *stage, const struct dino_calibration *self, const struct dino_model *model, const struct dino_block_weights *block, size_t tokens, struct dino_error *error)
{
  const struct dino_config *config = dino_model_config (model);
  const size_t              embedding = dino_embedding_scratch (dino_model_weights (model), self->isa);
  struct dino_block_sizes   sizes;

  *stage = (struct stage){ 0 };
  if (!dino_block_measure (config, block, self->isa, tokens, &sizes))
    return dino_error_set_memory (error, ~0ull);
  stage->work = (struct dino_work){
    .team = self->team,
    .kernels = dino_kernels_for (self->isa),
    .isa = self->isa,
    .scratch_size = dino_round_up (embedding > sizes.thread ? embedding : sizes.thread, DINO_ALIGNMENT),
    .total = 1,
  };
  stage->work.scratch = dino_alloc ((size_t) dino_team_threads (self->team), stage->work.scratch_size, error);
  return stage->work.scratch != NULL && dino_block_scratch_init (&stage->scratch, config, block, self->isa, tokens, error);
}

/* The first hidden state of a picture. */
static bool
embed (struct view *view, const struct dino_model *model, const struct dino_work *work, struct dino_error *error)
{
  const struct dino_config *config = dino_model_config (model);
  const size_t              n_pixels = (size_t) view->geometry.input_width * (size_t) view->geometry.input_height;
  const size_t              n = view->tokens * (size_t) config->hidden_size;
  float                    *constant = dino_alloc (n, sizeof *constant, error);
  float                    *pixels = constant != NULL ? dino_alloc (3 * n_pixels, sizeof *pixels, error) : NULL;
  struct dino_preparation   preparation = { .input_size = SIDE * config->patch_size };
  struct dino_embedding     embedding = {
        .config = config,
        .weights = dino_model_weights (model),
        .rows = view->geometry.rows,
        .columns = view->geometry.columns,
        .constant = constant,
  };
  bool ok = pixels != NULL && dino_prepare (view->picture, dino_model_processor (model), &preparation, &view->geometry, pixels, error) &&
            dino_embedding_constant (config, embedding.weights, embedding.rows, embedding.columns, constant, error);

  if (ok)
    dino_embedding_run (&embedding, pixels, view->stream, work);
  dino_free (pixels);
  dino_free (constant);
  return ok;
}

static bool
start_view (struct view *view, const struct dino_model *model, struct dino_error *error)
{
  const struct dino_config     *config = dino_model_config (model);
  const struct dino_preparation preparation = { .input_size = SIDE * config->patch_size };

  dino_free (view->stream);
  view->stream = NULL;
  if (!dino_preparation_geometry (&preparation, dino_model_processor (model), config->patch_size, view->picture->width, view->picture->height,
                                  &view->geometry, error))
    return false;
  view->tokens = (size_t) view->geometry.rows * (size_t) view->geometry.columns + 1 + (size_t) config->n_registers;
  view->stream = dino_alloc (view->tokens * (size_t) config->hidden_size, sizeof (float), error);
  return view->stream != NULL;
}

static void
raise_range (float *range, const struct dino_kernels *kernels, const float *stream, size_t tokens, size_t width, const float *weight, const float *bias, float eps, float *row)
{
  for (size_t token = 0; token < tokens; token++)
    {
      kernels->layer_norm (stream + token * width, width, row, width, 1, width, weight, bias, eps);
      for (size_t i = 0; i < width; i++)
        range[i] = fmaxf (range[i], fabsf (row[i]));
    }
}

static bool
observe_view (struct dino_calibration *self, struct view *view, const struct dino_model *model, int index, const struct dino_block_weights *weights, float *range1, float *range2, struct dino_error *error)
{
  const struct dino_config *config = dino_model_config (model);
  struct stage              stage = { 0 };
  float                    *row = NULL;
  bool                      ok = index > 0 || start_view (view, model, error);

  ok = ok && stage_init (&stage, self, model, weights, view->tokens, error) && (index > 0 || embed (view, model, &stage.work, error)) &&
       (row = dino_alloc (self->width, sizeof *row, error)) != NULL;
  if (ok)
    {
      const struct dino_block block = {
        .config = config,
        .weights = weights,
        .scratch = &stage.scratch,
        .tokens = view->tokens,
        .in = view->stream,
        .out = view->stream,
      };
      const struct dino_mlp mlp = { .config = config, .weights = weights, .tokens = view->tokens, .out = view->stream };

      raise_range (range1, stage.work.kernels, view->stream, view->tokens, self->width, weights->norm1_weight, weights->norm1_bias, config->layer_norm_eps, row);
      dino_block_attend (&block, &stage.work);
      raise_range (range2, stage.work.kernels, view->stream, view->tokens, self->width, weights->norm2_weight, weights->norm2_bias, config->layer_norm_eps, row);
      dino_mlp_run (&mlp, &stage.work);
    }
  dino_free (row);
  stage_clear (&stage);
  return ok;
}

/* Room for the ranges of a model. */
static bool
start_model (struct dino_calibration *self, const struct dino_config *config, struct dino_error *error)
{
  self->n_blocks = config->n_blocks;
  self->width = (size_t) config->hidden_size;
  for (int norm = 0; norm < 2; norm++)
    {
      dino_free (self->ranges[norm]);
      self->ranges[norm] = dino_alloc_zeroed ((size_t) config->n_blocks * self->width, sizeof (float), error);
      if (self->ranges[norm] == NULL)
        return false;
    }
  return true;
}

static bool
observe (void *data, const struct dino_model *model, int index, const struct dino_block_weights *block, float *range1, float *range2, struct dino_error *error)
{
  struct dino_calibration *self = data;
  float                   *ranges[2];

  dino_blas_enter_thread ();
  if (index == 0 && !start_model (self, dino_model_config (model), error))
    return false;
  for (int norm = 0; norm < 2; norm++)
    ranges[norm] = self->ranges[norm] + (size_t) index * self->width;
  for (size_t i = 0; i < self->n_views; i++)
    if (!observe_view (self, &self->views[i], model, index, block, ranges[0], ranges[1], error))
      return false;
  memcpy (range1, ranges[0], self->width * sizeof *range1);
  memcpy (range2, ranges[1], self->width * sizeof *range2);
  return true;
}

static bool
recall (void *data, const struct dino_model *model, int index, const struct dino_block_weights *block, float *range1, float *range2, struct dino_error *error)
{
  const struct dino_calibration *self = data;
  const struct dino_config      *config = dino_model_config (model);

  if (config->n_blocks != self->n_blocks || (size_t) config->hidden_size != self->width)
    return dino_error_set (error, DINO_CODE_MODEL, _ ("%s is of a model of %d blocks and %zu channels, not of this one, of %d and %d."),
                           DINO_CALIBRATION_FILE, self->n_blocks, self->width, config->n_blocks, config->hidden_size);
  memcpy (range1, self->ranges[0] + (size_t) index * self->width, self->width * sizeof *range1);
  memcpy (range2, self->ranges[1] + (size_t) index * self->width, self->width * sizeof *range2);
  return true;
}

static struct dino_calibration *
calibration_new (bool (*function) (void *, const struct dino_model *, int, const struct dino_block_weights *, float *, float *, struct dino_error *), struct dino_error *error)
{
  struct dino_calibration *self = dino_alloc_zeroed (1, sizeof *self, error);

  if (self != NULL)
    self->calibrator = (struct dino_calibrator){ .data = self, .sha256 = self->sha256, .observe = function };
  return self;
}

static bool
identify_pictures (struct dino_calibration *self, struct dino_error *error)
{
  struct dino_sha256 *sum = dino_sha256_new (error);
  bool                ok = sum != NULL;

  for (size_t i = 0; ok && i < self->n_views; i++)
    {
      char text[DINO_SHA256_LENGTH];

      ok = dino_picture_sha256 (self->views[i].picture, text, error);
      if (ok)
        dino_sha256_update (sum, text, sizeof text - 1);
    }
  dino_sha256_finish (sum, self->sha256);
  return ok;
}

struct dino_calibration *
dino_calibration_new (struct dino_picture *const *pictures, size_t n_pictures, enum dino_isa isa, struct dino_team *team, struct dino_error *error)
{
  struct dino_calibration *self = calibration_new (observe, error);

  if (self == NULL)
    return NULL;
  dino_precision_isa (DINO_PRECISION_BF16, isa, &self->isa);
  self->team = team;
  self->views = dino_alloc_zeroed (n_pictures, sizeof *self->views, error);
  self->n_views = self->views != NULL ? n_pictures : 0;
  for (size_t i = 0; i < self->n_views; i++)
    self->views[i].picture = dino_picture_ref (pictures[i]);
  if (self->views != NULL && identify_pictures (self, error))
    return self;
  dino_calibration_free (self);
  return NULL;
}

static bool
read_ranges (struct dino_calibration *self, const struct dino_safetensors *file, struct dino_error *error)
{
  static const char *const names[] = { "norm1", "norm2" };

  for (int norm = 0; norm < 2; norm++)
    {
      const struct dino_tensor *tensor = dino_safetensors_find (file, names[norm]);

      if (tensor == NULL || tensor->rank != 2 || tensor->shape[0] > MAX_BLOCKS || tensor->shape[1] > MAX_WIDTH ||
          (norm > 0 && (tensor->shape[0] != (uint64_t) self->n_blocks || tensor->shape[1] != self->width)))
        return dino_error_set (error, DINO_CODE_MODEL, _ ("“%s” has no tensor “%s” of blocks and channels."), dino_safetensors_path (file), names[norm]);
      self->n_blocks = (int) tensor->shape[0];
      self->width = (size_t) tensor->shape[1];
      self->ranges[norm] = dino_alloc ((size_t) tensor->n_elements, sizeof (float), error);
      if (self->ranges[norm] == NULL || !dino_safetensors_read (file, tensor, 0, (size_t) tensor->n_elements, self->ranges[norm], error))
        return false;
    }
  return true;
}

struct dino_calibration *
dino_calibration_read (const char *path, struct dino_error *error)
{
  struct dino_calibration *self = calibration_new (recall, error);
  struct dino_safetensors *file;
  bool                     ok;

  if (self == NULL)
    {
      dino_error_about (error, path);
      return NULL;
    }
  file = dino_safetensors_open (path, error);
  ok = file != NULL && read_ranges (self, file, error) && dino_sha256_file (path, self->sha256, NULL, error);
  dino_safetensors_free (file);
  if (ok)
    return self;
  dino_error_about (error, path);
  dino_calibration_free (self);
  return NULL;
}

void
dino_calibration_free (struct dino_calibration *self)
{
  if (self == NULL)
    return;
  for (size_t i = 0; i < self->n_views; i++)
    {
      dino_picture_unref (self->views[i].picture);
      dino_free (self->views[i].stream);
    }
  dino_free (self->views);
  dino_free (self->ranges[0]);
  dino_free (self->ranges[1]);
  dino_free (self);
}

const struct dino_calibrator *
dino_calibration_calibrator (const struct dino_calibration *calibration)
{
  return &calibration->calibrator;
}

const float *
dino_calibration_range (const struct dino_calibration *calibration, int norm)
{
  return calibration->ranges[norm - 1];
}
