#include "core/model/tensor-name.h"

#include <stdbool.h>
#include <string.h>

static const char *const block_heads[DINO_N_NAMINGS] = { "encoder.layer.", "blocks.", "blocks." };
static const char *const mask_tokens[DINO_N_NAMINGS] = { "embeddings.mask_token", "mask_token", "mask_token" };

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

/* timm calls both kinds of MLP the same. */
static bool
is_other_mlp (const struct dino_field *field, const struct dino_scheme *scheme)
{
  return scheme->naming == DINO_NAMING_TIMM && field->presence == (scheme->packed ? DINO_PRESENCE_MLP : DINO_PRESENCE_SWIGLU);
}

static bool
find_field (struct dino_name *result, const char *rest, const struct dino_scheme *scheme)
{
  for (size_t i = 0; i < dino_n_fields; i++)
    for (int part = 0; part < dino_field_n_parts (&dino_fields[i], scheme->naming); part++)
      if (dino_fields[i].in_block == (result->block >= 0) && !is_other_mlp (&dino_fields[i], scheme) &&
          strcmp (dino_fields[i].names[scheme->naming][part], rest) == 0)
        {
          result->field = i;
          result->part = part;
          return true;
        }
  return false;
}

/* Heads that lie beside an encoder with a prefix, or inside one without. */
static bool
is_head (const char *name, const struct dino_scheme *scheme)
{
  size_t length = strlen (scheme->prefix);

  /* "teacher.backbone." lies in "teacher.", "dinov2." in nothing. */
  while (length > 0 && (length == strlen (scheme->prefix) || scheme->prefix[length - 1] != '.'))
    length--;
  if (strncmp (name, scheme->prefix, length) != 0)
    return false;
  name += length;
  return strcmp (name, "classifier.weight") == 0 || strcmp (name, "classifier.bias") == 0 ||
         strncmp (name, "dino_head.", strlen ("dino_head.")) == 0 || strncmp (name, "ibot_head.", strlen ("ibot_head.")) == 0;
}

/* The class scores of timm and of the original code, which features do not need. */
static bool
is_class_head (const char *rest, enum dino_naming naming)
{
  return naming != DINO_NAMING_HF && (strcmp (rest, "head.weight") == 0 || strcmp (rest, "head.bias") == 0);
}

void
dino_name_parse (struct dino_name *result, const char *name, const struct dino_scheme *scheme)
{
  const char *rest = name, *head = name;
  bool        inside = skip_prefix (&rest, scheme->prefix);

  *result = (struct dino_name){ .kind = DINO_NAME_UNKNOWN, .block = -1, .rest = name };
  if (inside && skip_block (&rest, &head, &result->block, scheme->naming))
    {
      result->head_length = (size_t) (head - name);
      result->rest = rest;
    }
  if (inside && find_field (result, rest, scheme))
    result->kind = DINO_NAME_FIELD;
  else if (result->block < 0 && (is_head (name, scheme) || (inside && (strcmp (rest, mask_tokens[scheme->naming]) == 0 || is_class_head (rest, scheme->naming)))))
    result->kind = DINO_NAME_IGNORED;
}

const char *
dino_name_block_head (enum dino_naming naming)
{
  return block_heads[naming];
}
