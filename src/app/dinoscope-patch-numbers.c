#include "app/dinoscope-patch-numbers.h"

#include <math.h>
#include <stdlib.h>

#include "core/base/memory.h"
#include "core/maps/attention-maps.h"

struct _DinoscopePatchNumbers
{
  DinoscopeFeatures *features;
  int                block, head;
  gboolean           has_pin;
  DinoscopePatch     pin;
  guint              serial;

  gsize  rows, columns;
  float *norms;     /* [patches] or NULL: not computed yet, or not there */
  float *attention; /* [patches] */
  guint *ranks;     /* [patches] */
  float *cosines;   /* [patches] */
};

DinoscopePatchNumbers *
dinoscope_patch_numbers_new (void)
{
  return g_new0 (DinoscopePatchNumbers, 1);
}

static void
clear (DinoscopePatchNumbers *self)
{
  g_clear_pointer (&self->norms, g_free);
  g_clear_pointer (&self->attention, g_free);
  g_clear_pointer (&self->ranks, g_free);
  g_clear_pointer (&self->cosines, g_free);
}

void
dinoscope_patch_numbers_free (DinoscopePatchNumbers *self)
{
  clear (self);
  g_clear_object (&self->features);
  g_free (self);
}

static gboolean
is_same_pin (DinoscopePatchNumbers *self, const DinoscopePatch *pin)
{
  if (pin == NULL || !self->has_pin)
    return (pin != NULL) == self->has_pin;
  return pin->row == self->pin.row && pin->column == self->pin.column;
}

gboolean
dinoscope_patch_numbers_ask (DinoscopePatchNumbers *self, DinoscopeFeatures *features, int block, int head, const DinoscopePatch *pin)
{
  int last = features != NULL ? (int) dinoscope_features_get_blocks_done (features) - 1 : -1;

  if (block < 0)
    block = last;
  if (features == self->features && block == self->block && head == self->head && is_same_pin (self, pin))
    return FALSE;
  clear (self);
  g_set_object (&self->features, features);
  self->rows = features != NULL ? dinoscope_features_get_rows (features) : 0;
  self->columns = features != NULL ? dinoscope_features_get_columns (features) : 0;
  self->block = block;
  self->head = head;
  self->has_pin = pin != NULL;
  if (pin != NULL)
    self->pin = *pin;
  self->serial++;
  return TRUE;
}

guint
dinoscope_patch_numbers_get_serial (DinoscopePatchNumbers *self)
{
  return self->serial;
}

/* FALSE outside the grid, or without features. */
static gboolean
find (DinoscopePatchNumbers *self, guint row, guint column, gsize *patch)
{
  *patch = (gsize) row * self->columns + column;
  return row < self->rows && column < self->columns;
}

static gsize
first_patch (DinoscopePatchNumbers *self)
{
  return dino_features_first_patch (dinoscope_features_get_core (self->features));
}

static void
compute_norms (DinoscopePatchNumbers *self)
{
  const float *tokens = dino_features_hidden_state (dinoscope_features_get_core (self->features), self->block + 1);
  gsize        channels = dinoscope_model_get_n_channels (dinoscope_features_get_model (self->features));

  if (tokens == NULL)
    return;
  self->norms = g_try_new (float, self->rows * self->columns);
  for (gsize patch = 0; self->norms != NULL && patch < self->rows * self->columns; patch++)
    {
      const float *token = tokens + (first_patch (self) + patch) * channels;
      double       sum = 0;

      for (gsize i = 0; i < channels; i++)
        sum += (double) token[i] * (double) token[i];
      self->norms[patch] = (float) sqrt (sum);
    }
}

gboolean
dinoscope_patch_numbers_norm (DinoscopePatchNumbers *self, guint row, guint column, double *norm)
{
  gsize patch;

  if (!find (self, row, column, &patch))
    return FALSE;
  if (self->norms == NULL)
    compute_norms (self);
  if (self->norms == NULL)
    return FALSE;
  *norm = (double) self->norms[patch];
  return TRUE;
}

static int
compare_down (const void *a, const void *b)
{
  float first = *(const float *) a, second = *(const float *) b;

  return (first < second) - (first > second);
}

/* How many of n values, sorted from the largest, are larger than value. */
static gsize
count_larger (const float *sorted, gsize n, float value)
{
  gsize low = 0, high = n;

  while (low < high)
    {
      gsize middle = low + (high - low) / 2;

      if (sorted[middle] > value)
        low = middle + 1;
      else
        high = middle;
    }
  return low;
}

static void
compute_attention (DinoscopePatchNumbers *self)
{
  const struct dino_cls_attention_options options = { .block = self->block, .head = self->head };
  struct dino_error                       failure = { 0 };
  struct dino_map                        *map = dino_cls_attention_map (dinoscope_features_get_core (self->features), dinoscope_features_get_geometry (self->features), &options, NULL, &failure);
  gsize                                   n = self->rows * self->columns;
  g_autofree float                       *sorted = NULL;

  if (map == NULL)
    return;
  sorted = g_memdup2 (map->values, n * sizeof (float));
  qsort (sorted, n, sizeof (float), compare_down);
  self->attention = g_memdup2 (map->values, n * sizeof (float));
  self->ranks = g_new (guint, n);
  for (gsize i = 0; i < n; i++)
    self->ranks[i] = (guint) count_larger (sorted, n, self->attention[i]) + 1;
  dino_map_unref (map);
}

gboolean
dinoscope_patch_numbers_attention (DinoscopePatchNumbers *self, guint row, guint column, double *weight, guint *rank)
{
  gsize patch;

  if (!find (self, row, column, &patch) || self->block < 0)
    return FALSE;
  if (self->attention == NULL)
    compute_attention (self);
  if (self->attention == NULL)
    return FALSE;
  *weight = (double) self->attention[patch];
  *rank = self->ranks[patch];
  return TRUE;
}

float *
dinoscope_patch_cosines (DinoscopeFeatures *features, int block, DinoscopePatch patch, struct dino_error *failure)
{
  const struct dino_features *core = dinoscope_features_get_core (features);
  gsize                       first = dino_features_first_patch (core);
  gsize                       n = dino_features_n_tokens (core) - first;
  gsize                       token = first + (gsize) patch.row * (gsize) dino_features_columns (core) + (gsize) patch.column;
  struct dino_team           *team = dino_team_new (1, failure);
  float                      *cosines = team != NULL ? dino_alloc (n + first, sizeof *cosines, failure) : NULL;
  float                      *result = NULL;

  if (cosines != NULL && dino_features_similarity (core, block, true, token, team, cosines, failure))
    result = g_memdup2 (cosines + first, n * sizeof *result);
  dino_free (cosines);
  dino_team_free (team);
  return result;
}

gboolean
dinoscope_patch_numbers_cosine (DinoscopePatchNumbers *self, guint row, guint column, double *cosine)
{
  struct dino_error failure = { 0 };
  gsize             patch, pin;

  if (!self->has_pin || self->block < 0 || !find (self, row, column, &patch) || !find (self, (guint) self->pin.row, (guint) self->pin.column, &pin))
    return FALSE;
  if (self->cosines == NULL)
    self->cosines = dinoscope_patch_cosines (self->features, self->block, self->pin, &failure);
  if (self->cosines == NULL)
    return FALSE;
  *cosine = (double) self->cosines[patch];
  return TRUE;
}
