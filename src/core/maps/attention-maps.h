/* Maps of post-softmax attention. Each returns a new map over the patch grid
 * with its range, title and legend set; geometry places it. CLS and registers,
 * which have no place in the picture, are the map's cells. */
#pragma once

#include <stdbool.h>

#include "core/base/error.h"
#include "core/encoder/features.h"
#include "core/maps/map.h"
#include "core/picture/geometry.h"

#define DINO_HEAD_MEAN (-1)
#define DINO_HEAD_MAX (-2)

/* Patches that are counted as the strongest. */
#define DINO_ATTENTION_STRONGEST 10

/* The logarithm of smaller weights is that of this one, a millionth. */
#define DINO_ATTENTION_FLOOR 1e-6

struct dino_cls_attention_options
{
  int    block;
  int    head; /* one, or the heads' mean or maximum */
  bool   has_mass;
  double mass; /* 0 … 1: the share to be held by the patches that are kept */
};

/* What such a map does not show. */
struct dino_attention_facts
{
  double cls_weight;       /* of the CLS token on itself */
  double patches_weight;   /* on all patches */
  double strongest_weight; /* on the DINO_ATTENTION_STRONGEST strongest */
  double mass;             /* share of patches_weight on the patches kept */
  size_t n_kept;
};

/* Attention of the CLS token to the patches (Caron et al. 2021,
 * visualize_attention.py, whose rule for the share of the mass this is:
 * dino_keep_mass()). facts may be NULL. */
struct dino_map *dino_cls_attention_map (const struct dino_features              *features,
                                         const struct dino_geometry              *geometry,
                                         const struct dino_cls_attention_options *options,
                                         struct dino_attention_facts             *facts,
                                         struct dino_error                       *error);

struct dino_patch_attention_options
{
  int                         block;
  int                         head; /* one, or the heads' mean or maximum */
  int                         row, column;
  enum dino_direction         direction;
  bool                        log_scale; /* log10 of the weight, at least of DINO_ATTENTION_FLOOR */
  struct dino_team           *team;
  const struct dino_progress *progress; /* may be NULL */
};

/* What one patch attends to, or what attends to it. Needs the block's input. */
struct dino_map *dino_patch_attention_map (const struct dino_features                *features,
                                           const struct dino_geometry                *geometry,
                                           const struct dino_patch_attention_options *options,
                                           struct dino_error                         *error);

struct dino_head_entropy_options
{
  int                         block;
  int                         head; /* one, or the heads' mean or maximum */
  struct dino_team           *team;
  const struct dino_progress *progress; /* may be NULL */
};

/* Entropy of what each patch attends to (all tokens), in bits: 0 where one token
 * gets everything, log2 T where all get the same.
 * Needs the block's input. */
struct dino_map *dino_head_entropy_map (const struct dino_features             *features,
                                        const struct dino_geometry             *geometry,
                                        const struct dino_head_entropy_options *options,
                                        struct dino_error                      *error);
