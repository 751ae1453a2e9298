#include "core/model/tensor-name.h"

#include <stdbool.h>
#include <string.h>

static const char *const block_heads[DINO_N_NAMINGS] = { "encoder.layer.", "blocks." };
static const char *const mask_tokens[DINO_N_NAMINGS] = { "embeddings.mask_token", "mask_token" };

static bool
skip_prefix (const char **text, const char *prefix)
{
  size_t length = strlen (prefix);

  if (strncmp (*text, prefix, length) != 0)
    return false;
  *text += length;
  return true;
}

/* A number as a program writes it, at most 4 digits, and the point after it. */
static bool
skip_number (const char **text, int *number)
{
  const char *cursor = *text;
  int         value = 0;

  if (cursor[0] == '0' && cursor[1] != '.')
    return false;
  while (*cursor >= '0' && *cursor <= '9' && cursor - *text < 4)
    value = 10 * value + (*cursor++ - '0');
  if (cursor == *text || *cursor != '.')
    return false;
  *text = cursor + 1;
  *number = value;
  return true;
}

/* The block that text starts with; text moves behind it and head to its number. */
static bool
skip_block (const char **text, const char **head, int *block, enum dino_naming naming)
{
  const char *cursor = *text;

  if (!skip_prefix (&cursor, block_heads[naming]))
    return false;
  *head = cursor;
  if (!skip_number (&cursor, block))
    return false;
  *text = cursor;
  /* In chunks the first number is the chunk's; blocks count on through them. */
  if (naming == DINO_NAMING_ORIGINAL && skip_number (&cursor, block))
    {
      *head = *text;
      *text = cursor;
    }
  return true;
}

static bool
find_field (struct dino_name *result, const char *rest, enum dino_naming naming)
{
  for (size_t i = 0; i < dino_n_fields; i++)
    for (int part = 0; part < dino_field_n_parts (&dino_fields[i], naming); part++)
      if (dino_fields[i].in_block == (result->block >= 0) && strcmp (dino_fields[i].names[naming][part], rest) == 0)
        {
          result->field = i;
          result->part = part;
          return true;
        }
  return false;
}

void
dino_name_parse (struct dino_name *result, const char *name, enum dino_naming naming)
{
  const char *rest = name, *head = name;

  *result = (struct dino_name){ .kind = DINO_NAME_UNKNOWN, .block = -1, .rest = name };
  skip_prefix (&rest, DINO_NAME_PREFIX);
  if (skip_block (&rest, &head, &result->block, naming))
    {
      result->head_length = (size_t) (head - name);
      result->rest = rest;
    }
  if (find_field (result, rest, naming))
    result->kind = DINO_NAME_FIELD;
  else if (result->block < 0 && (strcmp (rest, mask_tokens[naming]) == 0 || strcmp (rest, "classifier.weight") == 0 || strcmp (rest, "classifier.bias") == 0))
    result->kind = DINO_NAME_IGNORED;
}

const char *
dino_name_block_head (enum dino_naming naming)
{
  return block_heads[naming];
}
