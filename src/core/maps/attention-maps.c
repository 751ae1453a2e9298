#include "core/maps/attention-maps.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "core/base/memory.h"
#include "core/base/text.h"
#include "core/maps/attention-private.h"
#include "core/maps/map-build.h"

static const struct dino_config *
config_of (const struct dino_features *features)
{
  return dino_model_config (dino_features_model (features));
}

bool
dino_attention_check_block (const struct dino_features *features, int block, struct dino_error *error)
{
  int n_blocks = config_of (features)->n_blocks;

  if (block >= 0 && block < n_blocks)
    return true;
  return dino_error_set (error, DINO_CODE_ARGUMENT, _ ("There is no block %d; this model has blocks 0 to %d."), block, n_blocks - 1);
}

bool
dino_attention_check_head (const struct dino_features *features, int head, struct dino_error *error)
{
  int n_heads = config_of (features)->n_heads;

  if (head >= DINO_HEAD_MAX && head < n_heads)
    return true;
  return dino_error_set (error, DINO_CODE_ARGUMENT, _ ("There is no head %d; this model has heads 0 to %d."), head, n_heads - 1);
}

void
dino_attention_fuse (const float *rows, int n_heads, size_t n_tokens, int head, float *values)
{
  if (head >= 0)
    {
      memcpy (values, rows + (size_t) head * n_tokens, n_tokens * sizeof *values);
      return;
    }
  for (size_t i = 0; i < n_tokens; i++)
    {
      double sum = 0;
      float  largest = rows[i];

      for (int h = 0; h < n_heads; h++)
        {
          float value = rows[(size_t) h * n_tokens + i];

          sum += (double) value;
          largest = value > largest ? value : largest;
        }
      values[i] = head == DINO_HEAD_MEAN ? (float) (sum / n_heads) : largest;
    }
}

static bool
set_cells (struct dino_map *map, const float *values, size_t n, struct dino_error *error)
{
  if (!dino_map_add_cells (map, (int) n, error))
    return false;
  for (size_t i = 0; i < n; i++)
    {
      struct dino_map_cell *cell = &map->cells[i];

      cell->value = values[i];
      if (i == 0)
        snprintf (cell->label, sizeof cell->label, "CLS");
      else
        snprintf (cell->label, sizeof cell->label, "R%u", (unsigned) (i - 1));
    }
  return true;
}

struct dino_map *
dino_attention_map_of (const struct dino_features *features, const struct dino_geometry *geometry, const float *values, struct dino_error *error)
{
  size_t           first = dino_features_first_patch (features), n_tokens = dino_features_n_tokens (features);
  struct dino_map *map = dino_map_for (features, geometry, 1, error);

  if (map == NULL)
    return NULL;
  memcpy (map->values, values + first, (n_tokens - first) * sizeof *values);
  snprintf (map->unit, sizeof map->unit, "%s", _ ("weight"));
  snprintf (map->colormap, sizeof map->colormap, "viridis");
  if (set_cells (map, values, first, error))
    return map;
  dino_map_unref (map);
  return NULL;
}

const char *
dino_attention_head_name (char name[DINO_HEAD_NAME_LENGTH], int head, int n_heads)
{
  if (head == DINO_HEAD_MEAN)
    snprintf (name, DINO_HEAD_NAME_LENGTH, _ ("mean of %d heads"), n_heads);
  else if (head == DINO_HEAD_MAX)
    snprintf (name, DINO_HEAD_NAME_LENGTH, _ ("maximum of %d heads"), n_heads);
  else
    snprintf (name, DINO_HEAD_NAME_LENGTH, _ ("head %d"), head);
  return name;
}

void
dino_attention_describe_cells (struct dino_map *map)
{
  if (map->n_cells == 2)
    dino_map_add_sentence (map, _ ("Beside the map: the CLS token and the register R0."));
  else if (map->n_cells > 2)
    dino_map_add_sentence (map, _ ("Beside the map: the CLS token and the registers R0 to R%d."), map->n_cells - 2);
  else
    dino_map_add_sentence (map, _ ("Beside the map: the CLS token."));
}

/* Ends the making of a map. */
static struct dino_map *
measured (struct dino_map *map, struct dino_error *error)
{
  if (map == NULL || dino_map_measure (map, error))
    return map;
  dino_map_unref (map);
  return NULL;
}

static void
find_facts (const struct dino_map *map, struct dino_attention_facts *facts)
{
  size_t n = (size_t) map->width * (size_t) map->height;

  *facts = (struct dino_attention_facts){ .cls_weight = (double) map->cells[0].value, .mass = 1, .n_kept = n };
  for (size_t i = 0; i < n; i++)
    facts->patches_weight += (double) map->values[i];
  facts->strongest_weight = dino_sum_strongest (map->values, n, DINO_ATTENTION_STRONGEST);
}

static bool
keep_mass (struct dino_map *map, double mass, struct dino_attention_facts *facts, struct dino_error *error)
{
  size_t n = (size_t) map->width * (size_t) map->height;

  if (!(mass >= 0 && mass <= 1))
    return dino_error_set (error, DINO_CODE_ARGUMENT, _ ("A share of the mass is a number from 0 to 1."));
  map->valid = dino_alloc (n, 1, error);
  if (map->valid == NULL)
    return false;
  facts->n_kept = dino_keep_mass (map->values, n, mass, map->valid, &facts->mass, error);
  return facts->n_kept > 0;
}

static void
describe_cls (struct dino_map *map, const struct dino_cls_attention_options *options, int n_heads, const struct dino_attention_facts *facts)
{
  char name[DINO_HEAD_NAME_LENGTH], percent[DINO_PERCENT_LENGTH], other[DINO_PERCENT_LENGTH];

  snprintf (map->title, sizeof map->title, _ ("CLS attention of block %d, %s"), options->block, dino_attention_head_name (name, options->head, n_heads));
  dino_map_add_sentence (map, _ ("Attention of the CLS token to every patch after the softmax (Caron et al. 2021)."));
  if (options->head != DINO_HEAD_MAX)
    dino_map_add_sentence (map, _ ("All patches together receive %s %% of it, the %d strongest %s %%."), dino_format_percent (percent, facts->patches_weight),
                           DINO_ATTENTION_STRONGEST, dino_format_percent (other, facts->strongest_weight));
  if (options->has_mass)
    dino_map_add_sentence (map, _ ("Shown are the %zu strongest patches, which hold %s %% of what all patches have (%s %% was asked for)."), facts->n_kept,
                           dino_format_percent (percent, facts->mass), dino_format_percent (other, options->mass));
  dino_attention_describe_cells (map);
}

struct dino_map *
dino_cls_attention_map (const struct dino_features              *features,
                        const struct dino_geometry              *geometry,
                        const struct dino_cls_attention_options *options,
                        struct dino_attention_facts             *facts,
                        struct dino_error                       *error)
{
  size_t                      n_tokens = dino_features_n_tokens (features);
  int                         n_heads = config_of (features)->n_heads;
  const float                *rows;
  float                      *values;
  struct dino_attention_facts found;
  struct dino_map            *map = NULL;

  if (!dino_attention_check_block (features, options->block, error) || !dino_attention_check_head (features, options->head, error))
    return NULL;
  rows = dino_features_cls_attention (features, options->block);
  if (rows == NULL)
    {
      dino_error_set (error, DINO_CODE_ARGUMENT, _ ("The attention of block %d was not kept or is not computed yet."), options->block);
      return NULL;
    }
  values = dino_alloc (n_tokens, sizeof *values, error);
  if (values != NULL)
    {
      dino_attention_fuse (rows, n_heads, n_tokens, options->head, values);
      map = dino_attention_map_of (features, geometry, values, error);
      dino_free (values);
    }
  if (map == NULL)
    return NULL;
  find_facts (map, &found);
  if (options->has_mass && !keep_mass (map, options->mass, &found, error))
    {
      dino_map_unref (map);
      return NULL;
    }
  describe_cls (map, options, n_heads, &found);
  if (facts != NULL)
    *facts = found;
  return measured (map, error);
}

static bool
check_place (const struct dino_features *features, int row, int column, struct dino_error *error)
{
  int rows = dino_features_rows (features), columns = dino_features_columns (features);

  if (row >= 0 && row < rows && column >= 0 && column < columns)
    return true;
  return dino_error_set (error, DINO_CODE_ARGUMENT, _ ("There is no patch in row %d, column %d: this picture has rows 0 to %d and columns 0 to %d."),
                         row, column, rows - 1, columns - 1);
}

static bool
mark_patch (struct dino_map *map, const struct dino_patch_attention_options *options, struct dino_error *error)
{
  if (!dino_map_add_marks (map, 1, error))
    return false;
  map->marks[0].row = options->row;
  map->marks[0].column = options->column;
  snprintf (map->marks[0].label, sizeof map->marks[0].label, "%s", options->direction == DINO_DIRECTION_QUERY ? "query" : "key");
  return true;
}

static void
take_logarithm (struct dino_map *map)
{
  size_t n = (size_t) map->width * (size_t) map->height;

  for (size_t i = 0; i < n; i++)
    map->values[i] = (float) log10 (fmax ((double) map->values[i], DINO_ATTENTION_FLOOR));
  for (int i = 0; i < map->n_cells; i++)
    map->cells[i].value = (float) log10 (fmax ((double) map->cells[i].value, DINO_ATTENTION_FLOOR));
  snprintf (map->unit, sizeof map->unit, "%s", _ ("log10 weight"));
}

static void
describe_patch (struct dino_map *map, const struct dino_patch_attention_options *options, int n_heads)
{
  char   name[DINO_HEAD_NAME_LENGTH], percent[DINO_PERCENT_LENGTH];
  size_t n = (size_t) map->width * (size_t) map->height;
  double sum = 0;

  for (size_t i = 0; i < n; i++)
    sum += (double) map->values[i];
  dino_attention_head_name (name, options->head, n_heads);
  if (options->direction == DINO_DIRECTION_QUERY)
    {
      snprintf (map->title, sizeof map->title, _ ("Attention of patch (%d, %d), block %d, %s"), options->row, options->column, options->block, name);
      dino_map_add_sentence (map, _ ("What the patch in row %d, column %d attends to, after the softmax."), options->row, options->column);
      if (options->head != DINO_HEAD_MAX)
        dino_map_add_sentence (map, _ ("All patches together receive %s %% of it."), dino_format_percent (percent, sum));
    }
  else
    {
      snprintf (map->title, sizeof map->title, _ ("Attention to patch (%d, %d), block %d, %s"), options->row, options->column, options->block, name);
      dino_map_add_sentence (map, _ ("How much every patch attends to the one in row %d, column %d, after the softmax."), options->row, options->column);
    }
  if (options->log_scale)
    dino_map_add_sentence (map, _ ("Shown is log10 of the weight; weights under a millionth count as a millionth."));
  dino_attention_describe_cells (map);
}

struct dino_map *
dino_patch_attention_map (const struct dino_features                *features,
                          const struct dino_geometry                *geometry,
                          const struct dino_patch_attention_options *options,
                          struct dino_error                         *error)
{
  size_t           n_tokens = dino_features_n_tokens (features), token;
  int              n_heads = config_of (features)->n_heads;
  float           *rows;
  struct dino_map *map = NULL;

  if (!dino_attention_check_block (features, options->block, error) || !dino_attention_check_head (features, options->head, error) ||
      !check_place (features, options->row, options->column, error))
    return NULL;
  token = dino_features_first_patch (features) + (size_t) options->row * (size_t) dino_features_columns (features) + (size_t) options->column;
  /* One row more for what becomes of the others. */
  rows = dino_alloc (n_tokens, ((size_t) n_heads + 1) * sizeof *rows, error);
  if (rows != NULL && dino_features_token_attention (features, options->block, token, options->direction, options->team, rows, options->progress, error))
    {
      float *values = rows + (size_t) n_heads * n_tokens;

      dino_attention_fuse (rows, n_heads, n_tokens, options->head, values);
      map = dino_attention_map_of (features, geometry, values, error);
    }
  dino_free (rows);
  if (map == NULL)
    return NULL;
  if (!mark_patch (map, options, error))
    {
      dino_map_unref (map);
      return NULL;
    }
  describe_patch (map, options, n_heads);
  if (options->log_scale)
    take_logarithm (map);
  return measured (map, error);
}
