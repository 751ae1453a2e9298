/* A linear head on the encoder's features: scores from numbers. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "core/base/error.h"

/* What the weights are multiplied with; D are the encoder's channels. */
enum dino_head_features
{
  DINO_HEAD_CLS,       /* [D], the CLS token */
  DINO_HEAD_CLS_MEAN,  /* [2 D], CLS, then the mean patch, as Dinov2ForImageClassification */
  DINO_HEAD_MEAN,      /* [D], the mean patch */
  DINO_HEAD_LAST4_CLS, /* [4 D], CLS of the last four blocks, the earliest first, each after the final LayerNorm, as DINOv2's linear probes */
  DINO_HEAD_PATCHES,   /* [D], each patch by itself */
  DINO_HEAD_UNKNOWN    /* the file does not say: told from the width */
};

/* What a score is. */
enum dino_head_task
{
  DINO_HEAD_CLASSIFY,   /* one of the classes: softmax of all */
  DINO_HEAD_MULTILABEL, /* each by itself: sigmoid */
  DINO_HEAD_REGRESS     /* a number */
};

#define DINO_HEAD_MAX_CLASSES 65536
#define DINO_HEAD_MAX_FEATURES 1048576

struct dino_head
{
  size_t                  n_classes, n_features;
  float                  *weight;  /* [n_classes, n_features] */
  float                  *bias;    /* [n_classes] */
  char                  **classes; /* [n_classes], names */
  enum dino_head_features features;
  enum dino_head_task     task;
  int                     block;        /* -1: the encoder's output */
  char                   *model_sha256; /* NULL when the file does not say */
  char                   *preparation;  /* of the pictures that it was fitted on, as embed.json has it; NULL */
};

/* Zeros and empty names; NULL when memory cannot be had or the sizes are not allowed. */
struct dino_head *dino_head_new (size_t n_classes, size_t n_features, struct dino_error *error);
void              dino_head_free (struct dino_head *head);

bool dino_head_set_class (struct dino_head *head, size_t index, const char *name, struct dino_error *error);

/* "cls", "cls+mean", "mean", "last4-cls", "patches"; "classify", "multilabel", "regress". */
const char *dino_head_features_name (enum dino_head_features features);
bool        dino_head_features_parse (const char *name, enum dino_head_features *features);
const char *dino_head_task_name (enum dino_head_task task);
bool        dino_head_task_parse (const char *name, enum dino_head_task *task);

/* Numbers that features of an encoder with so many channels are; 0 for unknown. */
size_t dino_head_features_width (enum dino_head_features features, size_t channels);

/* Whether the head goes with an encoder of so many channels and blocks;
 * features that are unknown are told from the width: [D] is CLS, [2 D] CLS and
 * mean patch, [4 D] the last four CLS. */
bool dino_head_resolve (struct dino_head *head, size_t channels, int n_blocks, struct dino_error *error);

/* Whether the head was fitted on the encoder of that sha256, or does not say. */
bool dino_head_is_for (const struct dino_head *head, const char *model_sha256);

/* Scores before softmax or sigmoid of one picture's features [n_features]: logits [n_classes], summed in double. */
void dino_head_logits (const struct dino_head *head, const float *input, double *logits);

/* Logits to what the task says, in place. */
void dino_head_scores (const struct dino_head *head, double *logits);
