#pragma once

#include "app/dinoscope-features-cache.h"
#include "engine/dinoscope.h"

G_BEGIN_DECLS

typedef enum
{
  DINOSCOPE_ENCODE_RUNNING, /* or waiting for its turn */
  DINOSCOPE_ENCODE_DONE,
  DINOSCOPE_ENCODE_CANCELLED,
  DINOSCOPE_ENCODE_FAILED
} DinoscopeEncodeState;

#define DINOSCOPE_TYPE_ENCODE_JOB (dinoscope_encode_job_get_type ())
G_DECLARE_FINAL_TYPE (DinoscopeEncodeJob, dinoscope_encode_job, DINOSCOPE, ENCODE_JOB, GObject)

/* One run of the encoder that can change hands: started ahead for a
 * neighbour, taken over by the page that comes to show it. Its features go
 * into the cache when it is done. Signal "changed": state, progress or
 * features are others. */

/* Starts at once; priority as dinoscope_engine_encode_async(). */
DinoscopeEncodeJob *dinoscope_encode_job_new (DinoscopeEngine *engine, DinoscopeStudy *study, DinoscopeModel *model, DinoscopeFeaturesCache *cache, int priority);

void dinoscope_encode_job_cancel (DinoscopeEncodeJob *self);

DinoscopeStudy      *dinoscope_encode_job_get_study (DinoscopeEncodeJob *self);
DinoscopeModel      *dinoscope_encode_job_get_model (DinoscopeEncodeJob *self);
DinoscopeEncodeState dinoscope_encode_job_get_state (DinoscopeEncodeJob *self);
void                 dinoscope_encode_job_get_progress (DinoscopeEncodeJob *self, guint *done, guint *total);

/* Complete or up to some block; NULL when there is none yet. */
DinoscopeFeatures *dinoscope_encode_job_get_features (DinoscopeEncodeJob *self);

/* Why it failed; NULL otherwise. */
const GError *dinoscope_encode_job_get_error (DinoscopeEncodeJob *self);

G_END_DECLS
