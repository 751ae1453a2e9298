/* How far two masks agree: Dice and intersection over union. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "core/heads/decoder.h"

/* Pixels by class; zero it before use. */
struct dino_overlap
{
  uint64_t both[DINO_DECODER_MAX_CLASSES];      /* in the first and in the second mask */
  uint64_t predicted[DINO_DECODER_MAX_CLASSES]; /* in the first */
  uint64_t truth[DINO_DECODER_MAX_CLASSES];     /* in the second */
};

/* Adds n pixels; those that have DINO_NO_CLASS (patch-labels.h) in either mask
 * do not count. */
void dino_overlap_add (struct dino_overlap *overlap, const uint8_t *predicted, const uint8_t *truth, size_t n);

/* The sum of two. */
void dino_overlap_join (struct dino_overlap *overlap, const struct dino_overlap *other);

/* 2 |A and B| / (|A| + |B|), and |A and B| / |A or B|, of a class; NaN where
 * neither mask has it. */
double dino_overlap_dice (const struct dino_overlap *overlap, size_t class_index);
double dino_overlap_iou (const struct dino_overlap *overlap, size_t class_index);

/* Their mean over the classes first … n-1 that are in either mask; NaN when none is. */
double dino_overlap_mean (const struct dino_overlap *overlap, double (*score) (const struct dino_overlap *, size_t), size_t first, size_t n);
