#include "core/model/model.h"

#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>

#include "core/base/memory.h"
#include "core/base/sha256.h"
#include "core/base/text.h"
#include "core/model/layout.h"
#include "core/model/model-name.h"
#include "core/model/model-quantize.h"
#include "core/model/model-read.h"

#define HUGE_PAGE ((size_t) 2 << 20)

struct dino_model
{
  atomic_int                 n_references;
  struct dino_config         config;
  struct dino_processor      processor;
  struct dino_weights        weights;
  struct dino_block_weights *blocks;
  char                      *arena; /* every weight, laid out by dino_layout; packed's where there is such */
  struct dino_packed         packed;
  size_t                     n_bytes; /* of the arena */
  char                      *name, *path, *identity_path;
  enum dino_dtype            stored_dtype;
  enum dino_precision        precision;
  enum dino_isa              isa;
  char                       calibration_sha256[DINO_SHA256_LENGTH];
  uint64_t                   n_parameters;
};

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
  if (!dino_layout_init (layout, &model->config, model->precision, model->isa, error))
    return false;
  model->blocks = dino_alloc_zeroed ((size_t) model->config.n_blocks, sizeof *model->blocks, error);
  model->arena = dino_alloc (layout->n_bytes, 1, error);
  model->n_bytes = layout->n_bytes;
  if (model->blocks == NULL || model->arena == NULL)
    return false;
  prefer_huge_pages (model->arena, model->n_bytes);
  dino_layout_place (layout, &model->config, model->arena, &model->weights, model->blocks);
  for (size_t i = 0; i < dino_n_fields; i++)
    if (dino_fields[i].role != DINO_ROLE_VECTOR && dino_field_in_memory (&dino_fields[i], &model->config))
      for (int block = 0; block < (dino_fields[i].in_block ? model->config.n_blocks : 1); block++)
        dino_matrix_clear (dino_layout_matrix (i, block, &model->weights, model->blocks));
  return true;
}

/* The weights are there: only their places are to be found. */
static bool
adopt_packed (struct dino_model *model, struct dino_error *error)
{
  struct dino_layout layout;

  if (!dino_layout_init (&layout, &model->config, model->precision, model->isa, error))
    return false;
  if (layout.n_bytes != model->packed.n_bytes)
    return dino_error_set (error, DINO_CODE_FORMAT, _ ("The packed weights of “%s” are of another model."), model->path);
  model->blocks = dino_alloc_zeroed ((size_t) model->config.n_blocks, sizeof *model->blocks, error);
  if (model->blocks == NULL)
    return false;
  /* Never written: model->packed.data is often mapped for reading only. */
  model->arena = (char *) (void *) (uintptr_t) model->packed.data;
  model->n_bytes = layout.n_bytes;
  dino_layout_place (&layout, &model->config, model->arena, &model->weights, model->blocks);
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

/* Vectors first: whoever looks at a block needs them. Of a quantised model,
 * the blocks' matrices are left. */
static bool
read_sources (struct dino_model *model, struct dino_reader *reader, struct dino_error *error)
{
  bool ok = true;

  for (int matrices = 0; matrices < 2; matrices++)
    for (size_t i = 0; ok && i < reader->parts->n_sources; i++)
      {
        const struct dino_source *source = &reader->parts->sources[i];
        const struct dino_field  *field = &dino_fields[source->field];

        if ((field->role != DINO_ROLE_VECTOR) != matrices || (matrices && field->in_block && model->precision == DINO_PRECISION_INT8))
          continue;
        ok = matrices ? dino_reader_matrix (reader, source, dino_layout_matrix (source->field, source->block, reader->weights, reader->blocks), NULL, error)
                      : dino_reader_vector (reader, source, error);
        reader->done++;
      }
  return ok;
}

static void
describe_sources (struct dino_model *model, const struct dino_model_parts *parts)
{
  for (size_t i = 0; i < parts->n_sources; i++)
    {
      const struct dino_source *source = &parts->sources[i];

      model->n_parameters += source->tensor->n_elements;
      if (dino_fields[source->field].member == offsetof (struct dino_weights, patch) && !dino_fields[source->field].in_block)
        model->stored_dtype = source->tensor->dtype;
    }
}

static bool
read_weights (struct dino_model *model, const struct dino_model_parts *parts, const struct dino_model_options *options, const struct dino_progress *progress, struct dino_error *error)
{
  struct dino_layout layout;
  struct dino_team  *alone = options->team == NULL ? dino_team_new (1, error) : NULL;
  struct dino_reader reader = {
    .parts = parts,
    .layout = &layout,
    .weights = &model->weights,
    .team = alone != NULL ? alone : options->team,
    .strip = dino_reader_strip (&model->config),
    .progress = progress,
    .total = (int) parts->n_sources,
  };
  bool ok = reader.team != NULL && allocate (model, &layout, error);

  if (ok)
    {
      reader.memory = model->arena;
      reader.blocks = model->blocks;
      reader.strips = dino_alloc ((size_t) dino_team_threads (reader.team), reader.strip * sizeof *reader.strips, error);
      clear_missing_biases (model);
      ok = reader.strips != NULL && read_sources (model, &reader, error) &&
           (model->precision != DINO_PRECISION_INT8 || dino_quantize_blocks (&reader, model, options->calibrator, error));
    }
  dino_free (reader.strips);
  dino_team_free (alone);
  return ok && (dino_progress_report (progress, reader.total, reader.total) || dino_error_set (error, DINO_CODE_CANCELLED, _ ("Cancelled.")));
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
      describe_sources (model, &parts);
      ok = model->identity_path != NULL &&
           (model->packed.data != NULL ? adopt_packed (model, error) : read_weights (model, &parts, options, progress, error));
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
choose_precision (struct dino_model *model, const struct dino_model_options *options, struct dino_error *error)
{
  const enum dino_isa best = dino_isa_detect ();

  model->precision = options->precision;
  model->isa = options->isa < best ? options->isa : best;
  if (options->calibrator != NULL && options->precision == DINO_PRECISION_INT8)
    snprintf (model->calibration_sha256, sizeof model->calibration_sha256, "%s", options->calibrator->sha256);
  if (dino_precision_isa (options->precision, model->isa, &model->isa))
    return true;
  return dino_error_set (error, DINO_CODE_MODEL, _ ("%s needs a processor with AVX-512 BF16 and VNNI; this one offers %s."),
                         dino_precision_name (options->precision), dino_isa_name (model->isa));
}

static void
release_packed (const struct dino_packed *packed)
{
  if (packed->data != NULL && packed->release != NULL)
    packed->release (packed->owner);
}

struct dino_model *
dino_model_load (const char *path, const struct dino_model_options *options, const struct dino_progress *progress, struct dino_error *error)
{
  const struct dino_model_options defaults = dino_model_options_default ();
  struct dino_model              *model;

  options = options != NULL ? options : &defaults;
  model = dino_alloc_zeroed (1, sizeof *model, error);
  if (model == NULL)
    {
      dino_error_about (error, path);
      release_packed (&options->packed);
      return NULL;
    }
  atomic_init (&model->n_references, 1);
  model->packed = options->packed;
  if (choose_precision (model, options, error) && load (model, path, options, progress, error))
    return model;
  dino_error_about (error, path);
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
  if (model->packed.data == NULL)
    dino_free (model->arena);
  release_packed (&model->packed);
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

const void *
dino_model_packed (const struct dino_model *model, size_t *n_bytes)
{
  *n_bytes = model->n_bytes;
  return model->arena;
}

bool
dino_model_is_damaged (const struct dino_model *model)
{
  return model->packed.data != NULL && model->packed.is_damaged != NULL && model->packed.is_damaged (model->packed.owner);
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

enum dino_isa
dino_model_isa (const struct dino_model *model)
{
  return model->isa;
}

const char *
dino_model_calibration_sha256 (const struct dino_model *model)
{
  return *model->calibration_sha256 != '\0' ? model->calibration_sha256 : NULL;
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
