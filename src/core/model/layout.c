#include "core/model/layout.h"

#include "core/base/memory.h"

enum dino_format
dino_layout_format (const struct dino_field *field, enum dino_precision precision)
{
  if (precision == DINO_PRECISION_FP32)
    return DINO_FORMAT_F32;
  return precision == DINO_PRECISION_INT8 && field->role == DINO_ROLE_MATRIX ? DINO_FORMAT_S8 : DINO_FORMAT_BF16;
}

/* Bytes that the field takes, up to the next cache line; describes a matrix. */
static bool
padded_size (const struct dino_field *field, const struct dino_config *config, enum dino_precision precision, enum dino_isa isa, struct dino_matrix *matrix, size_t *bytes)
{
  struct dino_field_size size;

  if (!dino_field_size (field, config, &size))
    return false;
  if (size.n_groups > 0)
    return dino_matrix_describe (matrix, dino_layout_format (field, precision), dino_gemm_panel (isa, size.n_outputs), size.n_inputs, size.n_outputs, size.n_groups) &&
           dino_matrix_bytes (matrix, bytes);
  if (!dino_multiply (size.n_outputs * size.n_inputs, sizeof (float), bytes) || !dino_add (*bytes, DINO_ALIGNMENT - 1, bytes))
    return false;
  *bytes = *bytes / DINO_ALIGNMENT * DINO_ALIGNMENT;
  return true;
}

bool
dino_layout_init (struct dino_layout *layout, const struct dino_config *config, enum dino_precision precision, enum dino_isa isa, struct dino_error *error)
{
  size_t block_size = 0, model_size = 0, size, blocks_size;
  bool   ok = dino_n_fields <= DINO_MAX_FIELDS;

  *layout = (struct dino_layout){ 0 };
  for (size_t i = 0; ok && i < dino_n_fields; i++)
    {
      size_t *used = dino_fields[i].in_block ? &block_size : &model_size;

      if (!dino_field_in_memory (&dino_fields[i], config))
        continue;
      layout->offset[i] = *used;
      ok = padded_size (&dino_fields[i], config, precision, isa, &layout->matrices[i], &size) && dino_add (*used, size, used);
    }
  ok = ok && dino_multiply (block_size, (size_t) config->n_blocks, &blocks_size) && dino_add (model_size, blocks_size, &layout->n_bytes);
  if (!ok)
    return dino_error_set_memory (error, ~0ull);
  layout->block_stride = block_size;
  for (size_t i = 0; i < dino_n_fields; i++)
    if (dino_fields[i].in_block)
      layout->offset[i] += model_size;
  return true;
}

static void *
member (size_t field, int block, struct dino_weights *weights, struct dino_block_weights *blocks)
{
  return (dino_fields[field].in_block ? (char *) &blocks[block] : (char *) weights) + dino_fields[field].member;
}

float *
dino_layout_vector (const struct dino_layout *layout, size_t field, int block, char *memory)
{
  return (float *) (void *) (memory + layout->offset[field] + layout->block_stride * (size_t) block);
}

struct dino_matrix *
dino_layout_matrix (size_t field, int block, struct dino_weights *weights, struct dino_block_weights *blocks)
{
  return member (field, block, weights, blocks);
}

void
dino_layout_place (const struct dino_layout *layout, const struct dino_config *config, char *memory, struct dino_weights *weights, struct dino_block_weights *blocks)
{
  for (size_t i = 0; i < dino_n_fields; i++)
    if (dino_field_in_memory (&dino_fields[i], config))
      for (int block = 0; block < (dino_fields[i].in_block ? config->n_blocks : 1); block++)
        {
          float *place = dino_layout_vector (layout, i, block, memory);

          if (dino_fields[i].role == DINO_ROLE_VECTOR)
            *(const float **) member (i, block, weights, blocks) = place;
          else
            {
              struct dino_matrix *matrix = member (i, block, weights, blocks);

              *matrix = layout->matrices[i];
              dino_matrix_place (matrix, place);
            }
        }
  weights->blocks = blocks;
}
