#include "core/encoder/features.h"

#include <stdatomic.h>
#include <stdint.h>
#include <string.h>

#include "core/base/memory.h"
#include "core/base/text.h"
#include "core/encoder/features-private.h"
#include "core/encoder/kernels.h"

/* What snapshots share. */
struct storage
{
  atomic_int         references;
  struct dino_model *model;
  int                rows, columns;
  size_t             tokens;
  enum dino_isa      isa;
  float             *output;        /* [T, D] */
  float             *hidden_states; /* [L + 1, T, D] or NULL */
  float             *cls_attention; /* [L, heads, T] or NULL */
};

struct dino_features
{
  atomic_int      references;
  struct storage *storage;
  int             n_hidden; /* hidden states there */
  bool            complete;
};

/* Numbers of floats. */
struct sizes
{
  size_t tokens, output, hidden_states, cls_attention, total;
};

/* False on overflow. */
static bool
measure (const struct dino_config *config, int rows, int columns, unsigned keep, struct sizes *sizes)
{
  const size_t blocks = (size_t) config->n_blocks;

  *sizes = (struct sizes){ 0 };
  if (!dino_multiply ((size_t) rows, (size_t) columns, &sizes->tokens) ||
      !dino_add (sizes->tokens, 1 + (size_t) config->n_registers, &sizes->tokens) ||
      !dino_multiply (sizes->tokens, (size_t) config->hidden_size, &sizes->output))
    return false;
  if ((keep & DINO_KEEP_HIDDEN_STATES) != 0 && !dino_multiply (sizes->output, blocks + 1, &sizes->hidden_states))
    return false;
  if ((keep & DINO_KEEP_CLS_ATTENTION) != 0 &&
      !dino_multiply (sizes->tokens, blocks * (size_t) config->n_heads, &sizes->cls_attention))
    return false;
  return dino_add (sizes->output, sizes->hidden_states, &sizes->total) &&
         dino_add (sizes->total, sizes->cls_attention, &sizes->total) &&
         dino_multiply (sizes->total, sizeof (float), &sizes->total);
}

static void
storage_unref (struct storage *storage)
{
  if (atomic_fetch_sub (&storage->references, 1) != 1)
    return;
  dino_free (storage->output);
  dino_free (storage->hidden_states);
  dino_free (storage->cls_attention);
  dino_model_unref (storage->model);
  dino_free (storage);
}

/* NULL counts as had when nothing was asked for. */
static bool
allocate (float **array, size_t count, struct dino_error *error)
{
  *array = count > 0 ? dino_alloc (count, sizeof **array, error) : NULL;
  return count == 0 || *array != NULL;
}

static struct storage *
storage_new (struct dino_model *model, int rows, int columns, const struct sizes *sizes, struct dino_error *error)
{
  struct storage *storage = dino_alloc_zeroed (1, sizeof *storage, error);

  if (storage == NULL)
    return NULL;
  atomic_init (&storage->references, 1);
  storage->model = dino_model_ref (model);
  storage->rows = rows;
  storage->columns = columns;
  storage->tokens = sizes->tokens;
  storage->isa = dino_isa_detect ();
  if (!allocate (&storage->output, sizes->output, error) ||
      !allocate (&storage->hidden_states, sizes->hidden_states, error) ||
      !allocate (&storage->cls_attention, sizes->cls_attention, error))
    {
      storage_unref (storage);
      return NULL;
    }
  return storage;
}

/* Takes over a reference on storage, also when it fails. */
static struct dino_features *
features_of (struct storage *storage, struct dino_error *error)
{
  struct dino_features *features = dino_alloc_zeroed (1, sizeof *features, error);

  if (features == NULL)
    {
      storage_unref (storage);
      return NULL;
    }
  atomic_init (&features->references, 1);
  features->storage = storage;
  return features;
}

struct dino_features *
dino_features_new (struct dino_model *model, int rows, int columns, unsigned keep, struct dino_error *error)
{
  struct storage *storage;
  struct sizes    sizes;

  if (rows < 1 || columns < 1)
    {
      dino_error_set (error, DINO_CODE_ARGUMENT, _ ("A picture must have at least one patch, not %d x %d."), columns, rows);
      return NULL;
    }
  if (!measure (dino_model_config (model), rows, columns, keep, &sizes))
    {
      dino_error_set_memory (error, SIZE_MAX);
      return NULL;
    }
  storage = storage_new (model, rows, columns, &sizes, error);
  return storage != NULL ? features_of (storage, error) : NULL;
}

size_t
dino_features_memory (const struct dino_model *model, int rows, int columns, unsigned keep)
{
  struct sizes sizes;

  return measure (dino_model_config (model), rows, columns, keep, &sizes) ? sizes.total : SIZE_MAX;
}

struct dino_features *
dino_features_ref (struct dino_features *features)
{
  atomic_fetch_add (&features->references, 1);
  return features;
}

void
dino_features_unref (struct dino_features *features)
{
  if (features == NULL || atomic_fetch_sub (&features->references, 1) != 1)
    return;
  storage_unref (features->storage);
  dino_free (features);
}

struct dino_features *
dino_features_snapshot (const struct dino_features *features, struct dino_error *error)
{
  struct dino_features *snapshot;

  atomic_fetch_add (&features->storage->references, 1);
  snapshot = features_of (features->storage, error);
  if (snapshot != NULL)
    {
      snapshot->n_hidden = features->n_hidden;
      snapshot->complete = features->complete;
    }
  return snapshot;
}

const void *
dino_features_run (const struct dino_features *features)
{
  return features->storage;
}

struct dino_model *
dino_features_model (const struct dino_features *features)
{
  return features->storage->model;
}

int
dino_features_rows (const struct dino_features *features)
{
  return features->storage->rows;
}

int
dino_features_columns (const struct dino_features *features)
{
  return features->storage->columns;
}

size_t
dino_features_n_tokens (const struct dino_features *features)
{
  return features->storage->tokens;
}

size_t
dino_features_first_patch (const struct dino_features *features)
{
  return 1 + (size_t) dino_model_config (features->storage->model)->n_registers;
}

int
dino_features_blocks_done (const struct dino_features *features)
{
  return features->n_hidden > 0 ? features->n_hidden - 1 : 0;
}

bool
dino_features_complete (const struct dino_features *features)
{
  return features->complete;
}

/* Floats of one hidden state. */
static size_t
state_size (const struct storage *storage)
{
  return storage->tokens * (size_t) dino_model_config (storage->model)->hidden_size;
}

/* Floats of one block's CLS attention. */
static size_t
cls_size (const struct storage *storage)
{
  return storage->tokens * (size_t) dino_model_config (storage->model)->n_heads;
}

const float *
dino_features_hidden_state (const struct dino_features *features, int index)
{
  const struct storage *storage = features->storage;

  if (storage->hidden_states == NULL || index < 0 || index >= features->n_hidden)
    return NULL;
  return storage->hidden_states + (size_t) index * state_size (storage);
}

const float *
dino_features_last_hidden_state (const struct dino_features *features)
{
  return features->complete ? features->storage->output : NULL;
}

const float *
dino_features_cls_attention (const struct dino_features *features, int block)
{
  const struct storage *storage = features->storage;

  if (storage->cls_attention == NULL || block < 0 || block >= dino_features_blocks_done (features))
    return NULL;
  return storage->cls_attention + (size_t) block * cls_size (storage);
}

bool
dino_features_tokens (const struct dino_features *features, int block, bool norm, float *out, struct dino_error *error)
{
  const struct storage      *storage = features->storage;
  const struct dino_config  *config = dino_model_config (storage->model);
  const struct dino_weights *weights = dino_model_weights (storage->model);
  const bool                 is_output = norm && block == config->n_blocks - 1 && features->complete;
  const float               *state = is_output ? storage->output : dino_features_hidden_state (features, block + 1);

  if (block < 0 || state == NULL)
    return dino_error_set (error, DINO_CODE_ARGUMENT, _ ("The tokens of block %d are not there."), block);
  if (norm && !is_output)
    dino_kernels_for (storage->isa)->layer_norm (state, (size_t) config->hidden_size, out, (size_t) config->hidden_size, storage->tokens, (size_t) config->hidden_size, weights->norm_weight, weights->norm_bias, config->layer_norm_eps);
  else
    memcpy (out, state, state_size (storage) * sizeof *out);
  return true;
}

float *
dino_features_stream (struct dino_features *features, int index)
{
  struct storage *storage = features->storage;

  return storage->hidden_states != NULL ? storage->hidden_states + (size_t) index * state_size (storage) : storage->output;
}

float *
dino_features_output (struct dino_features *features)
{
  return features->storage->output;
}

float *
dino_features_cls_rows (struct dino_features *features, int block)
{
  struct storage *storage = features->storage;

  return storage->cls_attention != NULL ? storage->cls_attention + (size_t) block * cls_size (storage) : NULL;
}

void
dino_features_advance (struct dino_features *features, int n_hidden, bool complete)
{
  features->n_hidden = n_hidden;
  features->complete = complete;
}

void
dino_features_set_isa (struct dino_features *features, enum dino_isa isa)
{
  features->storage->isa = isa;
}

enum dino_isa
dino_features_isa (const struct dino_features *features)
{
  return features->storage->isa;
}
