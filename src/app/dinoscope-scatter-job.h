#pragma once

#include "app/dinoscope-collection.h"
#include "core/vectors/duplicates.h"

G_BEGIN_DECLS

#define DINOSCOPE_TYPE_SCATTER_JOB (dinoscope_scatter_job_get_type ())
G_DECLARE_FINAL_TYPE (DinoscopeScatterJob, dinoscope_scatter_job, DINOSCOPE, SCATTER_JOB, GObject)

/* What is computed of a whole collection, on a thread of its own: a map with
 * groups, or near duplicates. It ends with the object: the last reference
 * cancels and waits, which is short.
 *
 * Signal: "finished", on the main loop, but not after a cancel. */

typedef enum
{
  DINOSCOPE_SCATTER_PCA,
  DINOSCOPE_SCATTER_TSNE
} DinoscopeScatterMethod;

typedef struct
{
  DinoscopeScatterMethod method;
  gboolean               mean;      /* the mean of the patches instead of CLS */
  gboolean               normalize; /* vectors of length 1 */
  int                    n_groups;  /* 0: none */
} DinoscopeScatterOptions;

/* The map; threads as of the engine. */
DinoscopeScatterJob *dinoscope_scatter_job_new (DinoscopeCollection *collection, const DinoscopeScatterOptions *options, int threads);

/* Pairs of pictures whose cosine is at least threshold. */
DinoscopeScatterJob *dinoscope_scatter_job_new_duplicates (DinoscopeCollection *collection, gboolean mean, double threshold, int threads);

/* No more "finished" comes. */
void dinoscope_scatter_job_cancel (DinoscopeScatterJob *self);

/* 0 … 1, at any time. */
double dinoscope_scatter_job_get_progress (DinoscopeScatterJob *self);

/* After "finished": what went wrong, or NULL. */
const char *dinoscope_scatter_job_get_problem (DinoscopeScatterJob *self);

/* After "finished" without a problem. Labels are NULL without groups, the
 * silhouette NaN where there is none; ratios are of principal components. */
const float                  *dinoscope_scatter_job_get_plane (DinoscopeScatterJob *self); /* [n, 2] */
const int                    *dinoscope_scatter_job_get_labels (DinoscopeScatterJob *self);
double                        dinoscope_scatter_job_get_silhouette (DinoscopeScatterJob *self);
const double                 *dinoscope_scatter_job_get_ratios (DinoscopeScatterJob *self); /* NULL for t-SNE */
const struct dino_duplicates *dinoscope_scatter_job_get_duplicates (DinoscopeScatterJob *self);

G_END_DECLS
