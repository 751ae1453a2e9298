#include "core/heads/head.h"

#include <string.h>
#include <strings.h>

#include "core/base/memory.h"
#include "core/base/text.h"
#include "core/heads/linear.h"

static const char *const feature_names[] = {
  [DINO_HEAD_CLS] = "cls",
  [DINO_HEAD_CLS_MEAN] = "cls+mean",
  [DINO_HEAD_MEAN] = "mean",
  [DINO_HEAD_LAST4_CLS] = "last4-cls",
  [DINO_HEAD_PATCHES] = "patches",
};

static const char *const task_names[] = {
  [DINO_HEAD_CLASSIFY] = "classify",
  [DINO_HEAD_MULTILABEL] = "multilabel",
  [DINO_HEAD_REGRESS] = "regress",
};

/* The place of name, or -1. */
static int
find_name (const char *const *names, int n, const char *name)
{
  for (int i = 0; i < n; i++)
    if (strcmp (names[i], name) == 0)
      return i;
  return -1;
}

const char *
dino_head_features_name (enum dino_head_features features)
{
  return features < DINO_HEAD_UNKNOWN ? feature_names[features] : "";
}

bool
dino_head_features_parse (const char *name, enum dino_head_features *features)
{
  const int found = find_name (feature_names, DINO_HEAD_UNKNOWN, name);

  if (found >= 0)
    *features = (enum dino_head_features) found;
  return found >= 0;
}

const char *
dino_head_task_name (enum dino_head_task task)
{
  return task_names[task];
}

bool
dino_head_task_parse (const char *name, enum dino_head_task *task)
{
  const int found = find_name (task_names, DINO_HEAD_REGRESS + 1, name);

  if (found >= 0)
    *task = (enum dino_head_task) found;
  return found >= 0;
}

struct dino_head *
dino_head_new (size_t n_classes, size_t n_features, struct dino_error *error)
{
  struct dino_head *head;

  if (n_classes < 1 || n_classes > DINO_HEAD_MAX_CLASSES || n_features < 1 || n_features > DINO_HEAD_MAX_FEATURES)
    {
      dino_error_set (error, DINO_CODE_LIMIT, _ ("A head of %zu classes and %zu features is not possible."), n_classes, n_features);
      return NULL;
    }
  head = dino_alloc_zeroed (1, sizeof *head, error);
  if (head == NULL)
    return NULL;
  head->n_classes = n_classes;
  head->n_features = n_features;
  head->block = -1;
  head->weight = dino_alloc_zeroed (n_classes, n_features * sizeof *head->weight, error);
  head->bias = dino_alloc_zeroed (n_classes, sizeof *head->bias, error);
  head->classes = dino_alloc_zeroed (n_classes, sizeof *head->classes, error);
  if (head->weight != NULL && head->bias != NULL && head->classes != NULL)
    return head;
  dino_head_free (head);
  return NULL;
}

void
dino_head_free (struct dino_head *head)
{
  if (head == NULL)
    return;
  for (size_t k = 0; head->classes != NULL && k < head->n_classes; k++)
    dino_free (head->classes[k]);
  dino_free (head->classes);
  dino_free (head->weight);
  dino_free (head->bias);
  dino_free (head->model_sha256);
  dino_free (head->preparation);
  dino_free (head);
}

bool
dino_head_set_class (struct dino_head *head, size_t index, const char *name, struct dino_error *error)
{
  dino_free (head->classes[index]);
  head->classes[index] = dino_strdup (name, error);
  return head->classes[index] != NULL;
}

size_t
dino_head_features_width (enum dino_head_features features, size_t channels)
{
  switch (features)
    {
    case DINO_HEAD_CLS:
    case DINO_HEAD_MEAN:
    case DINO_HEAD_PATCHES:
      return channels;
    case DINO_HEAD_CLS_MEAN:
      return 2 * channels;
    case DINO_HEAD_LAST4_CLS:
      return 4 * channels;
    case DINO_HEAD_UNKNOWN:
    default:
      return 0;
    }
}

static enum dino_head_features
features_of_width (size_t width, size_t channels)
{
  return width == channels ? DINO_HEAD_CLS : width == 2 * channels ? DINO_HEAD_CLS_MEAN
                                         : width == 4 * channels   ? DINO_HEAD_LAST4_CLS
                                                                   : DINO_HEAD_UNKNOWN;
}

bool
dino_head_resolve (struct dino_head *head, size_t channels, int n_blocks, struct dino_error *error)
{
  if (head->features == DINO_HEAD_UNKNOWN)
    head->features = features_of_width (head->n_features, channels);
  if (head->features == DINO_HEAD_UNKNOWN)
    return dino_error_set (error, DINO_CODE_MODEL, _ ("The head has %zu weights a class and does not say of what; the encoder has %zu channels."), head->n_features, channels);
  if (head->n_features != dino_head_features_width (head->features, channels))
    return dino_error_set (error, DINO_CODE_MODEL, _ ("The head has %zu weights a class, and “%s” of the encoder are %zu numbers."), head->n_features,
                           dino_head_features_name (head->features), dino_head_features_width (head->features, channels));
  if (head->block >= n_blocks)
    return dino_error_set (error, DINO_CODE_MODEL, _ ("The head was fitted on block %d, and the encoder has %d, from 0."), head->block, n_blocks);
  if (head->features == DINO_HEAD_LAST4_CLS && n_blocks < 4)
    return dino_error_set (error, DINO_CODE_MODEL, _ ("The head needs four blocks, and the encoder has %d."), n_blocks);
  return true;
}

bool
dino_head_is_for (const struct dino_head *head, const char *model_sha256)
{
  return head->model_sha256 == NULL || strcasecmp (head->model_sha256, model_sha256) == 0;
}

void
dino_head_logits (const struct dino_head *head, const float *input, double *logits)
{
  for (size_t k = 0; k < head->n_classes; k++)
    {
      const float *weight = head->weight + k * head->n_features;

      logits[k] = (double) head->bias[k];
      for (size_t f = 0; f < head->n_features; f++)
        logits[k] += (double) weight[f] * (double) input[f];
    }
}

void
dino_head_scores (const struct dino_head *head, double *logits)
{
  if (head->task == DINO_HEAD_CLASSIFY)
    dino_softmax (logits, head->n_classes);
  else if (head->task == DINO_HEAD_MULTILABEL)
    for (size_t k = 0; k < head->n_classes; k++)
      logits[k] = dino_sigmoid (logits[k]);
}
