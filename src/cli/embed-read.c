#include "cli/embed-read.h"

#include <string.h>

#include "core/base/memory.h"
#include "core/base/text.h"
#include "core/heads/head-input.h"
#include "core/picture/prepare.h"
#include "io/read.h"

typedef struct
{
  const CliEmbedPlan *plan;
  CliEmbedResult     *result;
} Identifying;

/* A file that an earlier run embedded is not decoded again. */
static bool
identify (void *data, const char *file_sha256)
{
  Identifying *identifying = data;

  g_strlcpy (identifying->result->record.file_sha256, file_sha256, sizeof identifying->result->record.file_sha256);
  if (identifying->plan->find != NULL)
    identifying->result->reused = identifying->plan->find (identifying->plan->find_data, file_sha256);
  return identifying->result->reused < 0;
}

static struct dino_picture *
read_bytes (const CliEmbedItem *item, const struct dino_read_options *options, struct dino_error *error)
{
  char sha256[DINO_SHA256_LENGTH];

  if (!dino_sha256_memory (item->data, item->length, sha256, error) || !options->identify (options->identify_data, sha256))
    return NULL;
  return dino_picture_read_memory (item->data, item->length, item->name, options, error);
}

static struct dino_picture *
read_picture (const CliEmbedPlan *plan, const CliEmbedItem *item, CliEmbedResult *result, struct dino_error *error)
{
  const struct dino_progress     progress = cli_core_progress (plan->session->cancellable);
  Identifying                    identifying = { plan, result };
  const struct dino_read_options options = {
    .ignore_exif = plan->session->ignore_exif,
    .frame = plan->session->preparation.frame,
    .progress = &progress,
    .name = item->name,
    .identify = identify,
    .identify_data = &identifying,
  };

  if (item->problem != NULL)
    dino_error_set (error, DINO_CODE_IO, "%s", item->problem);
  else if (item->data != NULL)
    return read_bytes (item, &options, error);
  else if (item->path != NULL)
    return dino_picture_read (item->path, &options, error);
  else
    dino_error_set (error, DINO_CODE_IO, _ ("“%s” is not there any more."), item->name);
  return NULL;
}

static float *
prepare (const CliEmbedPlan *plan, const struct dino_picture *picture, int *rows, int *columns, struct dino_error *error)
{
  const struct dino_model       *model = dinoscope_model_get_core (plan->session->model);
  const struct dino_preparation *preparation = &plan->session->preparation;
  struct dino_geometry           geometry;
  float                         *values = NULL;

  if (dino_preparation_geometry (preparation, dino_model_processor (model), dino_model_config (model)->patch_size, picture->width, picture->height, &geometry, error))
    values = dino_alloc ((size_t) geometry.input_width * (size_t) geometry.input_height, 3 * sizeof *values, error);
  if (values == NULL)
    return NULL;
  *rows = geometry.rows;
  *columns = geometry.columns;
  if (dino_prepare (picture, dino_model_processor (model), preparation, &geometry, values, error))
    return values;
  dino_free (values);
  return NULL;
}

static float *
describe_and_prepare (const CliEmbedPlan *plan, const struct dino_picture *picture, CliEmbedResult *result, int *rows, int *columns, struct dino_error *error)
{
  const char *view = dino_attributes_find (picture->attributes, "ViewPosition");

  result->record.width = picture->width;
  result->record.height = picture->height;
  if (view != NULL)
    g_strlcpy (result->record.view, view, sizeof result->record.view);
  if (!dino_picture_sha256 (picture, result->record.pixels_sha256, error))
    return NULL;
  return prepare (plan, picture, rows, columns, error);
}

float *
cli_embed_read (const CliEmbedPlan *plan, const CliEmbedItem *item, CliEmbedResult *result, int *rows, int *columns)
{
  struct dino_error    error = { 0 };
  struct dino_picture *picture;
  float               *values = NULL;

  *result = (CliEmbedResult){ .record.name = g_strdup (item->name), .reused = -1 };
  picture = read_picture (plan, item, result, &error);
  if (picture != NULL)
    {
      values = describe_and_prepare (plan, picture, result, rows, columns, &error);
      dino_picture_unref (picture);
    }
  result->record.ok = values != NULL || result->reused >= 0;
  result->record.error = g_strdup (result->record.ok ? "" : error.message);
  return values;
}

unsigned
cli_embed_keep (const CliEmbedShape *shape)
{
  return shape->block >= 0 || !shape->norm || shape->last4 ? DINO_KEEP_HIDDEN_STATES : DINO_KEEP_OUTPUT;
}

static const float *
find_tokens (const CliEmbedPlan *plan, struct dino_features *features, float **owned, struct dino_error *error)
{
  const int    last = (int) dinoscope_model_get_n_blocks (plan->session->model) - 1;
  const gsize  n_tokens = dino_features_n_tokens (features);
  const size_t row_size = plan->shape->n_channels * sizeof **owned;

  *owned = NULL;
  if (plan->shape->block < 0 && plan->shape->norm)
    return dino_features_last_hidden_state (features);
  *owned = dino_alloc (n_tokens, row_size, error);
  if (*owned == NULL)
    return NULL;
  return dino_features_tokens (features, plan->shape->block >= 0 ? plan->shape->block : last, plan->shape->norm, *owned, error) ? *owned : NULL;
}

float *
cli_embed_collect (const CliEmbedPlan *plan, struct dino_features *features, struct dino_error *error)
{
  const gsize  channels = plan->shape->n_channels;
  const gsize  n_tokens = dino_features_n_tokens (features), first = dino_features_first_patch (features);
  const gsize  n_patches = plan->shape->patches ? n_tokens - first : 0;
  float       *owned;
  const float *tokens = find_tokens (plan, features, &owned, error);
  const gsize  n_last = plan->shape->last4 ? 4 : 0;
  float       *values = tokens != NULL ? dino_alloc (2 + n_patches + n_last, channels * sizeof *values, error) : NULL;

  if (values != NULL)
    {
      memcpy (values, tokens, channels * sizeof *values);
      dino_mean_patch (tokens, n_tokens, first, channels, values + channels);
      memcpy (values + 2 * channels, tokens + first * channels, n_patches * channels * sizeof *values);
    }
  if (values != NULL && n_last > 0 && !dino_head_input (features, DINO_HEAD_LAST4_CLS, -1, values + (2 + n_patches) * channels, error))
    {
      dino_free (values);
      values = NULL;
    }
  dino_free (owned);
  return values;
}
