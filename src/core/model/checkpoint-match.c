#include <stdio.h>
#include <string.h>

#include "core/base/memory.h"
#include "core/base/text.h"
#include "core/model/checkpoint.h"
#include "core/model/complaints.h"

/* Room for four 64-bit numbers in brackets. */
#define SHAPE_LENGTH 100

/* One pass over the tensors of all files. */
struct match
{
  const struct dino_checkpoint *checkpoint;
  const struct dino_config     *config;
  struct dino_scheme            scheme;
  struct dino_source           *slots;   /* [1 + n_blocks][dino_n_fields][DINO_MAX_PARTS]; blocks from the second row on */
  bool                         *excused; /* [as slots]: missing for a reason that is already told */
  size_t                        n_slots;
  struct dino_complaints        complaints;
  struct dino_error            *error;
};

static size_t
slot_index (const struct dino_name *name)
{
  return ((size_t) (name->block + 1) * dino_n_fields + name->field) * DINO_MAX_PARTS + (size_t) name->part;
}

static bool
complain (struct match *match, enum dino_complaint_kind kind, const char *text, const struct dino_name *name, const char *detail)
{
  return dino_complaints_add (&match->complaints, kind, text, name->head_length, name->block, name->rest, detail, match->error);
}

/* Whether the model has a place for the tensor. */
static bool
is_wanted (const struct match *match, const struct dino_name *name)
{
  return name->kind == DINO_NAME_FIELD && name->block < match->config->n_blocks && dino_field_stored (&dino_fields[name->field], match->config);
}

/* Of no use, and no reason to refuse a model. */
static bool
is_harmless (const struct dino_name *name, const struct dino_tensor *tensor)
{
  /* transformers writes an empty table for a model without registers. */
  return name->kind == DINO_NAME_IGNORED ||
         (name->kind == DINO_NAME_FIELD && dino_fields[name->field].presence == DINO_PRESENCE_REGISTERS && tensor->n_elements == 0);
}

/* "[2, 3]", at most the first four dimensions. */
static void
describe_shape (char buffer[SHAPE_LENGTH], const uint64_t *shape, int rank)
{
  size_t used = (size_t) snprintf (buffer, SHAPE_LENGTH, "[");

  for (int i = 0; i < rank && i < DINO_MAX_RANK; i++)
    used += (size_t) snprintf (buffer + used, SHAPE_LENGTH - used, "%s%llu", i > 0 ? ", " : "", (unsigned long long) shape[i]);
  snprintf (buffer + used, SHAPE_LENGTH - used, "%s]", rank > DINO_MAX_RANK ? ", …" : "");
}

static bool
check_shape (struct match *match, const struct dino_tensor *tensor, const struct dino_name *name)
{
  uint64_t expected[DINO_MAX_RANK];
  int      rank = dino_field_part_shape (&dino_fields[name->field], match->scheme.naming, match->config, expected);
  char     found_text[SHAPE_LENGTH], expected_text[SHAPE_LENGTH], detail[3 * SHAPE_LENGTH];

  if (tensor->rank == rank && memcmp (tensor->shape, expected, (size_t) rank * sizeof *expected) == 0)
    return true;
  describe_shape (found_text, tensor->shape, tensor->rank);
  describe_shape (expected_text, expected, rank);
  snprintf (detail, sizeof detail, _ ("%s instead of %s"), found_text, expected_text);
  return complain (match, DINO_COMPLAINT_SHAPE, tensor->name, name, detail);
}

static bool
check_dtype (struct match *match, const struct dino_tensor *tensor, const struct dino_name *name)
{
  char detail[160];

  if (tensor->dtype != DINO_DTYPE_OTHER)
    return true;
  snprintf (detail, sizeof detail, _ ("%s instead of F32, F16 or BF16"), tensor->dtype_name);
  return complain (match, DINO_COMPLAINT_DTYPE, tensor->name, name, detail);
}

static bool
take_tensor (struct match *match, size_t file, const struct dino_tensor *tensor)
{
  struct dino_source *slot;
  struct dino_name    name;
  size_t              located;

  dino_name_parse (&name, tensor->name, &match->scheme);
  if (!dino_checkpoint_locate (match->checkpoint, tensor->name, &located) || located != file)
    return complain (match, DINO_COMPLAINT_NOT_IN_INDEX, tensor->name, &name, "");
  if (!is_wanted (match, &name))
    return is_harmless (&name, tensor) || complain (match, DINO_COMPLAINT_UNEXPECTED, tensor->name, &name, "");
  slot = &match->slots[slot_index (&name)];
  if (slot->file != NULL)
    return complain (match, DINO_COMPLAINT_REPEATED, tensor->name, &name, "");
  *slot = (struct dino_source){
    .file = dino_checkpoint_file (match->checkpoint, file),
    .tensor = tensor,
    .field = name.field,
    .part = name.part,
    .block = name.block >= 0 ? name.block : 0,
    .skip = dino_field_skip (&dino_fields[name.field], match->scheme.naming, match->config),
  };
  return check_shape (match, tensor, &name) && check_dtype (match, tensor, &name);
}

static bool
take_tensors (struct match *match)
{
  for (size_t i = 0; i < dino_checkpoint_n_files (match->checkpoint); i++)
    {
      const struct dino_safetensors *file = dino_checkpoint_file (match->checkpoint, i);

      for (size_t j = 0; j < dino_safetensors_n_tensors (file); j++)
        if (!take_tensor (match, i, dino_safetensors_tensor (file, j)))
          return false;
    }
  return true;
}

/* What the index promises of a file and the file does not have. */
static bool
check_index (struct match *match)
{
  void            *iterator = NULL;
  const char      *text;
  size_t           file;
  struct dino_name name;

  while (dino_checkpoint_next_entry (match->checkpoint, &iterator, &text, &file))
    {
      if (dino_safetensors_find (dino_checkpoint_file (match->checkpoint, file), text) != NULL)
        continue;
      dino_name_parse (&name, text, &match->scheme);
      if (is_wanted (match, &name))
        match->excused[slot_index (&name)] = true;
      if (!complain (match, DINO_COMPLAINT_NOT_IN_SHARD, text, &name, ""))
        return false;
    }
  return true;
}

static bool
check_missing (struct match *match, size_t field, int block)
{
  char             head[DINO_MAX_PREFIX + 16];
  struct dino_name name = { .kind = DINO_NAME_FIELD, .field = field, .block = block };

  if (!is_wanted (match, &name))
    return true;
  snprintf (head, sizeof head, "%s%s", match->scheme.prefix, block >= 0 ? dino_name_block_head (match->scheme.naming) : "");
  for (name.part = 0; name.part < dino_field_n_parts (&dino_fields[field], match->scheme.naming); name.part++)
    if (match->slots[slot_index (&name)].file == NULL && !match->excused[slot_index (&name)] &&
        !dino_complaints_add (&match->complaints, DINO_COMPLAINT_MISSING, head, strlen (head), block,
                              dino_fields[field].names[match->scheme.naming][name.part], "", match->error))
      return false;
  return true;
}

static bool
check_all_missing (struct match *match)
{
  for (size_t field = 0; field < dino_n_fields; field++)
    {
      int first = dino_fields[field].in_block ? 0 : -1;
      int end = dino_fields[field].in_block ? match->config->n_blocks : 0;

      for (int block = first; block < end; block++)
        if (!check_missing (match, field, block))
          return false;
    }
  return true;
}

static bool
run (struct match *match)
{
  return take_tensors (match) && check_index (match) && check_all_missing (match) &&
         dino_complaints_report (&match->complaints, dino_checkpoint_path (match->checkpoint), match->error);
}

static size_t
remove_empty_slots (struct dino_source *slots, size_t n_slots)
{
  size_t n = 0;

  for (size_t i = 0; i < n_slots; i++)
    if (slots[i].file != NULL)
      slots[n++] = slots[i];
  return n;
}

struct dino_source *
dino_checkpoint_match (const struct dino_checkpoint *checkpoint, const struct dino_config *config, size_t *n, struct dino_error *error)
{
  struct match match = {
    .checkpoint = checkpoint,
    .config = config,
    .n_slots = (size_t) (config->n_blocks + 1) * dino_n_fields * DINO_MAX_PARTS,
    .error = error,
  };

  if (!dino_checkpoint_scheme (checkpoint, &match.scheme, error))
    return NULL;
  /* Which of the two timm's MLP is, the configuration decides. */
  match.scheme.packed = config->swiglu;
  match.slots = dino_alloc_zeroed (match.n_slots, sizeof *match.slots, error);
  match.excused = dino_alloc_zeroed (match.n_slots, sizeof *match.excused, error);
  if (match.slots != NULL && match.excused != NULL && run (&match))
    *n = remove_empty_slots (match.slots, match.n_slots);
  else
    {
      dino_free (match.slots);
      match.slots = NULL;
    }
  dino_free (match.excused);
  dino_complaints_clear (&match.complaints);
  return match.slots;
}
