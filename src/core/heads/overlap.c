#include "core/heads/overlap.h"

#include <math.h>

#include "core/heads/patch-labels.h"

void
dino_overlap_add (struct dino_overlap *overlap, const uint8_t *predicted, const uint8_t *truth, size_t n)
{
  for (size_t i = 0; i < n; i++)
    {
      const unsigned p = predicted[i], t = truth[i];

      if (p >= DINO_DECODER_MAX_CLASSES || t >= DINO_DECODER_MAX_CLASSES)
        continue;
      overlap->predicted[p]++;
      overlap->truth[t]++;
      overlap->both[p] += p == t;
    }
}

void
dino_overlap_join (struct dino_overlap *overlap, const struct dino_overlap *other)
{
  for (size_t c = 0; c < DINO_DECODER_MAX_CLASSES; c++)
    {
      overlap->both[c] += other->both[c];
      overlap->predicted[c] += other->predicted[c];
      overlap->truth[c] += other->truth[c];
    }
}

double
dino_overlap_dice (const struct dino_overlap *overlap, size_t class_index)
{
  const uint64_t total = overlap->predicted[class_index] + overlap->truth[class_index];

  return total > 0 ? 2.0 * (double) overlap->both[class_index] / (double) total : (double) NAN;
}

double
dino_overlap_iou (const struct dino_overlap *overlap, size_t class_index)
{
  const uint64_t either = overlap->predicted[class_index] + overlap->truth[class_index] - overlap->both[class_index];

  return either > 0 ? (double) overlap->both[class_index] / (double) either : (double) NAN;
}

double
dino_overlap_mean (const struct dino_overlap *overlap, double (*score) (const struct dino_overlap *, size_t), size_t first, size_t n)
{
  double sum = 0;
  size_t count = 0;

  for (size_t c = first; c < n; c++)
    {
      const double value = score (overlap, c);

      if (isnan (value))
        continue;
      sum += value;
      count++;
    }
  return count > 0 ? sum / (double) count : (double) NAN;
}
