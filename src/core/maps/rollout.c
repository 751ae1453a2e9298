#include "core/maps/rollout.h"

#include <stdio.h>
#include <string.h>

#include "core/base/memory.h"
#include "core/base/text.h"
#include "core/maps/attention-private.h"
#include "core/maps/map-build.h"

/* Items of the loops: rows that are summed, columns that are added up. */
#define ROWS 32
#define COLUMNS 64

struct rollout
{
  const struct dino_features        *features;
  const struct dino_rollout_options *options;
  struct dino_progress               progress;
  int                                blocks_done;
  size_t                             n_tokens, n_rows; /* rows of fused that are there */
  int                                n_heads;
  float                             *fused;  /* [T, T] */
  double                            *row;    /* [T], what has come of the CLS row so far */
  double                            *shares; /* [n_rows], row divided by the rows' sums */
};

/* What is told of a block's loops is how many blocks are done. */
static bool
report (void *data, int done, int total)
{
  const struct rollout *rollout = data;

  return dino_progress_report (rollout->options->progress, rollout->blocks_done, rollout->options->block + 1);
}

static void
fuse (void *data, size_t head, size_t row, size_t rows, float *probabilities)
{
  const struct rollout *rollout = data;
  const size_t          n = rows * rollout->n_tokens;
  const float           part = 1.0f / (float) rollout->n_heads;
  float                *fused = rollout->fused + row * rollout->n_tokens;

  if (head == 0)
    memcpy (fused, probabilities, n * sizeof *fused);
  else if (rollout->options->fusion == DINO_FUSION_MEAN)
    for (size_t i = 0; i < n; i++)
      fused[i] += probabilities[i];
  else if (rollout->options->fusion == DINO_FUSION_MAX)
    for (size_t i = 0; i < n; i++)
      fused[i] = probabilities[i] > fused[i] ? probabilities[i] : fused[i];
  else
    for (size_t i = 0; i < n; i++)
      fused[i] = probabilities[i] < fused[i] ? probabilities[i] : fused[i];
  if (rollout->options->fusion == DINO_FUSION_MEAN && head + 1 == (size_t) rollout->n_heads)
    for (size_t i = 0; i < n; i++)
      fused[i] *= part;
}

/* The bits of floats that are not negative are ordered as the floats are. */
static uint32_t
bits_of (float value)
{
  uint32_t bits;

  memcpy (&bits, &value, sizeof bits);
  return bits;
}

#define HALF_BITS 16
#define N_HALVES ((size_t) 1 << HALF_BITS)

/* The value below which weights are discarded, found by halves of its bits. */
struct selection
{
  float   *matrix; /* [n, n] */
  size_t   n;
  size_t  *counts; /* [N_HALVES] */
  uint32_t high, bits;
  size_t   n_equal; /* of the value itself, that are still to be discarded */
};

static void
count_high (struct selection *selection, float *row)
{
  for (size_t j = 1; j < selection->n; j++)
    selection->counts[bits_of (row[j]) >> HALF_BITS]++;
}

static void
count_low (struct selection *selection, float *row)
{
  for (size_t j = 1; j < selection->n; j++)
    if (bits_of (row[j]) >> HALF_BITS == selection->high)
      selection->counts[bits_of (row[j]) % N_HALVES]++;
}

static void
discard (struct selection *selection, float *row)
{
  for (size_t j = 1; j < selection->n; j++)
    if (bits_of (row[j]) < selection->bits)
      row[j] = 0;
    else if (bits_of (row[j]) == selection->bits && selection->n_equal > 0)
      {
        row[j] = 0;
        selection->n_equal--;
      }
}

/* func for every row, unless progress says no. */
static bool
pass (struct selection *selection, void (*func) (struct selection *selection, float *row), const struct dino_progress *progress, struct dino_error *error)
{
  for (size_t i = 0; i < selection->n; i++)
    {
      if (i % ROWS == 0 && !dino_progress_report (progress, 0, 1))
        return dino_error_set (error, DINO_CODE_CANCELLED, _ ("Cancelled."));
      func (selection, selection->matrix + i * selection->n);
    }
  return true;
}

/* The bin in which the count-th value lies; *count becomes its number in it. */
static uint32_t
find_bin (const size_t *counts, size_t *count)
{
  uint32_t bin = 0;

  while (counts[bin] < *count)
    *count -= counts[bin++];
  return bin;
}

bool
dino_rollout_discard (float *matrix, size_t n, size_t count, const struct dino_progress *progress, struct dino_error *error)
{
  struct selection selection = { .matrix = matrix, .n = n, .n_equal = count };
  bool             done = false;

  if (count == 0)
    return true;
  selection.counts = dino_alloc_zeroed (N_HALVES, sizeof *selection.counts, error);
  if (selection.counts == NULL)
    return false;
  if (pass (&selection, count_high, progress, error))
    {
      selection.high = find_bin (selection.counts, &selection.n_equal);
      memset (selection.counts, 0, N_HALVES * sizeof *selection.counts);
      done = pass (&selection, count_low, progress, error);
    }
  if (done)
    {
      selection.bits = selection.high << HALF_BITS | find_bin (selection.counts, &selection.n_equal);
      done = pass (&selection, discard, progress, error);
    }
  dino_free (selection.counts);
  return done;
}

/* (A + I) / 2 divided by the rows' sums is A + I divided by theirs. */
static void
sum_rows (void *data, size_t item, int thread)
{
  const struct rollout *rollout = data;
  const size_t          end = (item + 1) * ROWS < rollout->n_rows ? (item + 1) * ROWS : rollout->n_rows;

  for (size_t i = item * ROWS; i < end; i++)
    {
      const float *fused = rollout->fused + i * rollout->n_tokens;
      double       sum = 1;

      for (size_t j = 0; j < rollout->n_tokens; j++)
        sum += (double) fused[j];
      rollout->shares[i] = rollout->row[i] / sum;
    }
}

static void
multiply_columns (void *data, size_t item, int thread)
{
  const struct rollout *rollout = data;
  const size_t          first = item * COLUMNS;
  const size_t          width = rollout->n_tokens - first < COLUMNS ? rollout->n_tokens - first : COLUMNS;
  double                sums[COLUMNS] = { 0 };

  for (size_t i = 0; i < rollout->n_rows; i++)
    {
      const float *fused = rollout->fused + i * rollout->n_tokens + first;

      for (size_t j = 0; j < width; j++)
        sums[j] += rollout->shares[i] * (double) fused[j];
    }
  for (size_t j = 0; j < width; j++)
    rollout->row[first + j] = sums[j] + (first + j < rollout->n_rows ? rollout->shares[first + j] : 0);
}

/* One block further back. */
static bool
roll_block (struct rollout *rollout, int block, struct dino_error *error)
{
  const struct dino_rollout_options *options = rollout->options;
  const size_t                       n = rollout->n_tokens;
  const size_t                       n_discarded = (size_t) (options->discard * (double) (n * (n - 1)));

  /* At first nothing but the CLS row counts; which weights are the lowest is a matter of the whole matrix. */
  rollout->n_rows = rollout->blocks_done == 0 && n_discarded == 0 ? 1 : n;
  if (!dino_features_visit_attention (rollout->features, block, rollout->n_rows, options->team, fuse, rollout, &rollout->progress, error) ||
      !dino_rollout_discard (rollout->fused, n, n_discarded, &rollout->progress, error))
    return false;
  if (dino_team_run (options->team, (rollout->n_rows + ROWS - 1) / ROWS, sum_rows, rollout, &rollout->progress, 0, 1) &&
      dino_team_run (options->team, (n + COLUMNS - 1) / COLUMNS, multiply_columns, rollout, &rollout->progress, 0, 1))
    return true;
  return dino_error_set (error, DINO_CODE_CANCELLED, _ ("Cancelled."));
}

static bool
roll (struct rollout *rollout, struct dino_error *error)
{
  rollout->fused = dino_alloc (rollout->n_tokens, rollout->n_tokens * sizeof (float), error);
  rollout->row = dino_alloc_zeroed (rollout->n_tokens, 2 * sizeof (double), error);
  if (rollout->fused == NULL || rollout->row == NULL)
    return false;
  rollout->shares = rollout->row + rollout->n_tokens;
  rollout->row[0] = 1;
  for (int block = rollout->options->block; block >= 0; block--, rollout->blocks_done++)
    {
      if (!report (rollout, 0, 1))
        return dino_error_set (error, DINO_CODE_CANCELLED, _ ("Cancelled."));
      if (!roll_block (rollout, block, error))
        return false;
    }
  return true;
}

static struct dino_map *
map_of (const struct rollout *rollout, const struct dino_geometry *geometry, struct dino_error *error)
{
  float           *values = dino_alloc (rollout->n_tokens, sizeof *values, error);
  struct dino_map *map;

  if (values == NULL)
    return NULL;
  for (size_t i = 0; i < rollout->n_tokens; i++)
    values[i] = (float) rollout->row[i];
  map = dino_attention_map_of (rollout->features, geometry, values, error);
  dino_free (values);
  return map;
}

static void
describe (struct dino_map *map, const struct dino_rollout_options *options, int n_heads)
{
  char percent[DINO_PERCENT_LENGTH];

  if (options->fusion == DINO_FUSION_MEAN)
    snprintf (map->title, sizeof map->title, _ ("Rollout of blocks 0 to %d, mean of %d heads"), options->block, n_heads);
  else if (options->fusion == DINO_FUSION_MAX)
    snprintf (map->title, sizeof map->title, _ ("Rollout of blocks 0 to %d, maximum of %d heads"), options->block, n_heads);
  else
    snprintf (map->title, sizeof map->title, _ ("Rollout of blocks 0 to %d, minimum of %d heads"), options->block, n_heads);
  dino_map_add_sentence (map, _ ("What reaches the CLS token by way of attention through these blocks (Abnar and Zuidema 2020): half attention, half the token itself, rows divided by their sums; not divided by the maximum."));
  if (options->discard > 0)
    dino_map_add_sentence (map, _ ("The lowest %s %% of each block's weights count as 0, but none on the CLS token."), dino_format_percent (percent, options->discard));
  dino_attention_describe_cells (map);
}

static bool
check (const struct dino_features *features, const struct dino_rollout_options *options, struct dino_error *error)
{
  if (!(options->discard >= 0 && options->discard < 1))
    return dino_error_set (error, DINO_CODE_ARGUMENT, _ ("The share that is discarded is a number from 0 to less than 1."));
  return dino_attention_check_block (features, options->block, error);
}

struct dino_map *
dino_rollout_map (const struct dino_features        *features,
                  const struct dino_geometry        *geometry,
                  const struct dino_rollout_options *options,
                  struct dino_error                 *error)
{
  struct rollout rollout = {
    .features = features,
    .options = options,
    .n_tokens = dino_features_n_tokens (features),
    .n_heads = dino_model_config (dino_features_model (features))->n_heads,
  };
  struct dino_map *map = NULL;

  rollout.progress = (struct dino_progress){ .func = report, .data = &rollout };
  if (!check (features, options, error))
    return NULL;
  if (roll (&rollout, error))
    map = map_of (&rollout, geometry, error);
  dino_free (rollout.fused);
  dino_free (rollout.row);
  if (map == NULL)
    return NULL;
  describe (map, options, rollout.n_heads);
  if (dino_map_measure (map, error))
    return map;
  dino_map_unref (map);
  return NULL;
}
