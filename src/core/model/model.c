#include "core/model/model.h"

#include <stdatomic.h>
#include <string.h>
#include <sys/mman.h>

#include "core/base/memory.h"
#include "core/base/text.h"
#include "core/model/fields.h"
#include "core/model/model-name.h"
#include "core/model/model-open.h"

/* Floats between two questions whether to go on: about a millisecond's worth. */
#define PIECE ((size_t) 1 << 20)

#define HUGE_PAGE ((size_t) 2 << 20)

struct dino_model
{
  atomic_int                 n_references;
  struct dino_config         config;
  struct dino_processor      processor;
  struct dino_weights        weights;
  struct dino_block_weights *blocks;
  float                     *arena;   /* every weight, laid out by dino_layout */
  size_t                     n_bytes; /* of the arena */
  char                      *name, *path, *identity_path;
  enum dino_dtype            stored_dtype;
  enum dino_precision        precision;
  uint64_t                   n_parameters;
};

static const float **
field_pointer (struct dino_model *model, const struct dino_field *field, int block)
{
  char *base = field->in_block ? (char *) &model->blocks[block] : (char *) &model->weights;

  return (const float **) (void *) (base + field->member);
}

static float *
field_memory (const struct dino_model *model, const struct dino_layout *layout, size_t field, int block)
{
  return model->arena + layout->offset[field] + layout->block_stride * (size_t) block;
}

/* Fewer page faults while loading, fewer misses of the address cache while
 * multiplying. Only a hint: whether it is followed changes nothing else. */
static void
prefer_huge_pages (void *memory, size_t bytes)
{
  size_t skipped = (HUGE_PAGE - (size_t) (uintptr_t) memory % HUGE_PAGE) % HUGE_PAGE;

  if (bytes >= skipped + HUGE_PAGE)
    madvise ((char *) memory + skipped, (bytes - skipped) / HUGE_PAGE * HUGE_PAGE, MADV_HUGEPAGE);
}

static bool
allocate (struct dino_model *model, struct dino_layout *layout, struct dino_error *error)
{
  size_t bytes;

  if (!dino_layout_init (layout, &model->config, error))
    return false;
  if (!dino_multiply (layout->n_floats, sizeof *model->arena, &bytes))
    return dino_error_set_memory (error, ~0ull);
  model->blocks = dino_alloc_zeroed ((size_t) model->config.n_blocks, sizeof *model->blocks, error);
  model->arena = dino_alloc (bytes, 1, error);
  model->n_bytes = bytes;
  if (model->blocks == NULL || model->arena == NULL)
    return false;
  prefer_huge_pages (model->arena, bytes);
  for (size_t i = 0; i < dino_n_fields; i++)
    if (dino_field_in_memory (&dino_fields[i], &model->config))
      for (int block = 0; block < (dino_fields[i].in_block ? model->config.n_blocks : 1); block++)
        *field_pointer (model, &dino_fields[i], block) = field_memory (model, layout, i, block);
  model->weights.blocks = model->blocks;
  return true;
}

static bool
read_source (struct dino_model *model, const struct dino_layout *layout, const struct dino_source *source, const struct dino_progress *progress, int done, int total, struct dino_error *error)
{
  size_t n = (size_t) source->tensor->n_elements;
  float *field = field_memory (model, layout, source->field, source->block);
  float *values = field + source->skip + (size_t) source->part * n;

  memset (field, 0, source->skip * sizeof *field);
  for (size_t first = 0; first < n; first += PIECE)
    {
      size_t count = n - first < PIECE ? n - first : PIECE;

      if (!dino_progress_report (progress, done, total))
        return dino_error_set (error, DINO_CODE_CANCELLED, _ ("Cancelled."));
      if (!dino_safetensors_read (source->file, source->tensor, first, count, values + first, error))
        return false;
    }
  model->n_parameters += n;
  return true;
}

static void
clear_missing_biases (struct dino_model *model)
{
  if (model->config.qkv_bias)
    return;
  for (int block = 0; block < model->config.n_blocks; block++)
    memset ((float *) model->blocks[block].qkv_bias, 0, 3 * (size_t) model->config.hidden_size * sizeof (float));
}

static bool
read_weights (struct dino_model *model, const struct dino_model_parts *parts, const struct dino_progress *progress, struct dino_error *error)
{
  struct dino_layout layout = { 0 };
  int                total = (int) parts->n_sources;
  bool               ok = allocate (model, &layout, error);

  for (int i = 0; ok && i < total; i++)
    {
      const struct dino_source *source = &parts->sources[i];

      ok = read_source (model, &layout, source, progress, i, total, error);
      if (dino_fields[source->field].member == offsetof (struct dino_weights, patch_weight) && !dino_fields[source->field].in_block)
        model->stored_dtype = source->tensor->dtype;
    }
  if (!ok)
    return false;
  clear_missing_biases (model);
  return dino_progress_report (progress, total, total) || dino_error_set (error, DINO_CODE_CANCELLED, _ ("Cancelled."));
}

static bool
load (struct dino_model *model, const char *path, const struct dino_model_options *options, const struct dino_progress *progress, struct dino_error *error)
{
  struct dino_model_parts parts = { 0 };
  bool                    ok;

  model->path = dino_strdup (path, error);
  model->name = dino_model_name_from_path (path, error);
  if (model->path == NULL || model->name == NULL)
    return false;
  ok = dino_model_open (&parts, path, options->processor_path, error);
  if (ok)
    {
      model->config = parts.config;
      model->processor = parts.processor;
      model->identity_path = dino_strdup (dino_checkpoint_path (parts.checkpoint), error);
      ok = model->identity_path != NULL && read_weights (model, &parts, progress, error);
    }
  dino_model_parts_clear (&parts);
  return ok;
}

struct dino_model_options
dino_model_options_default (void)
{
  return (struct dino_model_options){ .isa = dino_isa_detect () };
}

static bool
check_precision (const struct dino_model_options *options, struct dino_error *error)
{
  const enum dino_isa best = dino_isa_detect ();

  if (dino_precision_isa (options->precision, options->isa < best ? options->isa : best, NULL))
    return true;
  return dino_error_set (error, DINO_CODE_MODEL, _ ("%s needs a processor with AVX-512 BF16 and VNNI; this one offers %s."),
                         dino_precision_name (options->precision), dino_isa_name (options->isa < best ? options->isa : best));
}

struct dino_model *
dino_model_load (const char *path, const struct dino_model_options *options, const struct dino_progress *progress, struct dino_error *error)
{
  const struct dino_model_options defaults = dino_model_options_default ();
  struct dino_model              *model;

  options = options != NULL ? options : &defaults;
  if (!check_precision (options, error))
    return NULL;
  model = dino_alloc_zeroed (1, sizeof *model, error);
  if (model == NULL)
    return NULL;
  atomic_init (&model->n_references, 1);
  model->precision = options->precision;
  if (load (model, path, options, progress, error))
    return model;
  dino_model_unref (model);
  return NULL;
}

struct dino_model *
dino_model_ref (struct dino_model *model)
{
  atomic_fetch_add_explicit (&model->n_references, 1, memory_order_relaxed);
  return model;
}

void
dino_model_unref (struct dino_model *model)
{
  if (model == NULL || atomic_fetch_sub_explicit (&model->n_references, 1, memory_order_acq_rel) > 1)
    return;
  dino_free (model->arena);
  dino_free (model->blocks);
  dino_free (model->name);
  dino_free (model->path);
  dino_free (model->identity_path);
  dino_free (model);
}

const struct dino_config *
dino_model_config (const struct dino_model *model)
{
  return &model->config;
}

const struct dino_processor *
dino_model_processor (const struct dino_model *model)
{
  return &model->processor;
}

const struct dino_weights *
dino_model_weights (const struct dino_model *model)
{
  return &model->weights;
}

const char *
dino_model_name (const struct dino_model *model)
{
  return model->name;
}

const char *
dino_model_path (const struct dino_model *model)
{
  return model->path;
}

const char *
dino_model_identity_path (const struct dino_model *model)
{
  return model->identity_path;
}

enum dino_precision
dino_model_precision (const struct dino_model *model)
{
  return model->precision;
}

enum dino_dtype
dino_model_stored_dtype (const struct dino_model *model)
{
  return model->stored_dtype;
}

uint64_t
dino_model_n_parameters (const struct dino_model *model)
{
  return model->n_parameters;
}

uint64_t
dino_model_memory (const struct dino_model *model)
{
  return sizeof *model + model->n_bytes + (uint64_t) model->config.n_blocks * sizeof *model->blocks;
}
