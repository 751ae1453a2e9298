#include "core/model/model-quantize.h"

#include <math.h>
#include <string.h>

#include "core/base/memory.h"
#include "core/base/text.h"

/* A stretch moves magnitude from activations into weights: this far at most. */
#define MAX_STRETCH 1e4f

/* One block as BF16, and what was found on it. */
struct trial
{
  struct dino_block_weights weights;
  void                     *memory;
  float                    *ranges[2];    /* [D]: of the inputs of qkv and of mlp_in */
  float                    *stretches[2]; /* [D] */
};

static bool
is_of_block (const struct dino_source *source, int block)
{
  return dino_fields[source->field].in_block && source->block == block && dino_fields[source->field].role != DINO_ROLE_VECTOR;
}

/* The trial's matrix of a field, NULL for one that stays BF16 in the model. */
static struct dino_matrix *
trial_matrix (struct trial *trial, size_t field)
{
  return dino_fields[field].role == DINO_ROLE_MATRIX ? (struct dino_matrix *) (void *) ((char *) &trial->weights + dino_fields[field].member) : NULL;
}

static void
trial_clear (struct trial *trial)
{
  dino_free (trial->memory);
  dino_free (trial->ranges[0]);
}

static bool
trial_init (struct trial *trial, const struct dino_config *config, struct dino_error *error)
{
  const size_t        width = (size_t) config->hidden_size;
  struct dino_matrix *matrices[] = { &trial->weights.qkv, &trial->weights.proj, &trial->weights.mlp_in };
  const size_t        groups[] = { 3, 1, config->swiglu ? 2 : 1 };
  const size_t        outputs[] = { width, width, (size_t) config->mlp_size };
  size_t              sizes[3], sum = 0;

  for (int i = 0; i < 3; i++)
    if (!dino_matrix_describe (matrices[i], DINO_FORMAT_BF16, DINO_PANEL, width, outputs[i], groups[i]) ||
        !dino_matrix_bytes (matrices[i], &sizes[i]) || !dino_add (sum, sizes[i], &sum))
      return dino_error_set_memory (error, ~0ull);
  trial->memory = dino_alloc (sum, 1, error);
  trial->ranges[0] = dino_alloc (width, 4 * sizeof (float), error);
  if (trial->memory == NULL || trial->ranges[0] == NULL)
    return false;
  trial->ranges[1] = trial->ranges[0] + width;
  trial->stretches[0] = trial->ranges[1] + width;
  trial->stretches[1] = trial->stretches[0] + width;
  for (size_t i = 0, at = 0; i < 3; at += sizes[i++])
    {
      dino_matrix_place (matrices[i], (char *) trial->memory + at);
      dino_matrix_clear (matrices[i]);
    }
  return true;
}

/* s = (range of the activation)^1/2 / (range of the weights' column)^1/2. */
static void
find_stretch (const struct dino_matrix *matrix, const float *range, float *stretch)
{
  dino_matrix_input_range (matrix, stretch);
  for (size_t k = 0; k < matrix->n_inputs; k++)
    {
      const float s = sqrtf (range[k] / stretch[k]);

      stretch[k] = isfinite (s) && s > 1 / MAX_STRETCH && s < MAX_STRETCH ? s : 1.0f;
    }
}

/* What the weights are multiplied with, the activations are divided by. */
static void
fold_stretch (float *weight, float *bias, const float *stretch, size_t n)
{
  for (size_t k = 0; k < n; k++)
    {
      weight[k] /= stretch[k];
      bias[k] /= stretch[k];
    }
}

/* The vectors of the model, which are not const for those who make it. */
static float *
own_vector (const struct dino_reader *reader, const float *vector)
{
  return (float *) (void *) (reader->memory + ((const char *) vector - reader->memory));
}

static bool
observe_block (const struct dino_reader *reader, const struct dino_model *model, const struct dino_calibrator *calibrator, int block, struct trial *trial, struct dino_error *error)
{
  const struct dino_block_weights *weights = &reader->blocks[block];
  const size_t                     width = (size_t) dino_model_config (model)->hidden_size;
  struct dino_block_weights        mixed = *weights;

  for (size_t i = 0; i < reader->parts->n_sources; i++)
    {
      const struct dino_source *source = &reader->parts->sources[i];
      struct dino_matrix       *matrix = trial_matrix (trial, source->field);

      if (is_of_block (source, block) && matrix != NULL && !dino_reader_matrix (reader, source, matrix, NULL, error))
        return false;
    }
  mixed.qkv = trial->weights.qkv;
  mixed.proj = trial->weights.proj;
  mixed.mlp_in = trial->weights.mlp_in;
  if (!calibrator->observe (calibrator->data, model, block, &mixed, trial->ranges[0], trial->ranges[1], error))
    return false;
  find_stretch (&mixed.qkv, trial->ranges[0], trial->stretches[0]);
  find_stretch (&mixed.mlp_in, trial->ranges[1], trial->stretches[1]);
  fold_stretch (own_vector (reader, weights->norm1_weight), own_vector (reader, weights->norm1_bias), trial->stretches[0], width);
  fold_stretch (own_vector (reader, weights->norm2_weight), own_vector (reader, weights->norm2_bias), trial->stretches[1], width);
  return true;
}

/* The matrices of a block that are (or are not) of 8 bits. */
static bool
read_matrices (struct dino_reader *reader, int block, enum dino_role role, const struct trial *trial, struct dino_error *error)
{
  for (size_t i = 0; i < reader->parts->n_sources; i++)
    {
      const struct dino_source *source = &reader->parts->sources[i];
      struct dino_matrix       *matrix;
      const float              *stretch = NULL;

      if (!is_of_block (source, block) || dino_fields[source->field].role != role)
        continue;
      matrix = dino_layout_matrix (source->field, block, reader->weights, reader->blocks);
      if (trial != NULL && matrix == &reader->blocks[block].qkv)
        stretch = trial->stretches[0];
      else if (trial != NULL && matrix == &reader->blocks[block].mlp_in)
        stretch = trial->stretches[1];
      if (!dino_reader_matrix (reader, source, matrix, stretch, error))
        return false;
      reader->done++;
    }
  return true;
}

bool
dino_quantize_blocks (struct dino_reader *reader, const struct dino_model *model, const struct dino_calibrator *calibrator, struct dino_error *error)
{
  const struct dino_config *config = dino_model_config (model);
  struct trial              trial = { 0 };
  bool                      ok = calibrator == NULL || trial_init (&trial, config, error);

  for (int block = 0; ok && block < config->n_blocks; block++)
    ok = read_matrices (reader, block, DINO_ROLE_SENSITIVE, NULL, error) &&
         (calibrator == NULL || observe_block (reader, model, calibrator, block, &trial, error)) &&
         read_matrices (reader, block, DINO_ROLE_MATRIX, calibrator != NULL ? &trial : NULL, error);
  trial_clear (&trial);
  return ok;
}
