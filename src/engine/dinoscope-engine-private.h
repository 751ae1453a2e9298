#pragma once

#include "engine/dinoscope-engine.h"

G_BEGIN_DECLS

typedef struct _DinoscopeJob DinoscopeJob;

/* What a job does, on a thread of its lane. Sets job->result, or job->error. */
typedef void (*DinoscopeJobFunc) (DinoscopeEngine *self, DinoscopeJob *job);

/* The engine's threads. Reading has two, so that a picture is opened at once
 * while a model file is hashed, and neither waits for a forward pass. Greys
 * follow a hand and wait for no map. */
typedef enum
{
  DINOSCOPE_LANE_ENCODE,
  DINOSCOPE_LANE_MAP,
  DINOSCOPE_LANE_GREYS,
  DINOSCOPE_LANE_READ,
  DINOSCOPE_N_LANES
} DinoscopeLane;

/* One of the engine's threads. */
typedef struct
{
  DinoscopeEngine *engine; /* which joins it, and so lives longer */
  DinoscopeLane    lane;
  GThread         *thread;
} DinoscopeWorker;

enum
{
  DINOSCOPE_N_WORKERS = DINOSCOPE_N_LANES + 1
};

/* Requests of a replacing kind: a newer one with the same cancellable (or
 * without one) cancels those before it. */
typedef enum
{
  DINOSCOPE_JOB_QUEUES,
  DINOSCOPE_JOB_REPLACES_MAP,
  DINOSCOPE_JOB_REPLACES_MAPS,
  DINOSCOPE_JOB_REPLACES_DRAWING,
  DINOSCOPE_JOB_REPLACES_GREYS
} DinoscopeJobKind;

struct _DinoscopeJob
{
  DinoscopeJobFunc func;
  DinoscopeJobKind kind;
  int              priority;
  gboolean         unfinished; /* set by func: to be called again when others have had their turn */
  gpointer         data;       /* what the job works on */
  GDestroyNotify   free_data;

  gpointer       result;
  GDestroyNotify free_result;
  GError        *error;

  /* Cancelled by the engine, or by the caller's own cancellable. A provider
   * may keep it, so it is an object of ours and not the caller's. */
  GCancellable *cancellable;
  GCancellable *caller;
  gulong        caller_handler;

  GTask *task; /* owns the job; NULL for work that nobody waits for */

  /* Progress on its way to the caller, guarded by the engine's lock. */
  DinoscopeEncodeProgress progress;
  gpointer                progress_data;
  GDestroyNotify          progress_destroy; /* called when the job is freed */
  gboolean                progress_pending;
  guint                   done, total;
  DinoscopeFeatures      *partial;
};

struct _DinoscopeEngine
{
  GObject parent_instance;

  struct dino_team *team;
  enum dino_isa     isa;

  GMutex     shutdown_lock; /* held during shutdown, which happens once */
  GMutex     lock;          /* guards what follows, up to callers_gone */
  gboolean   stopped;
  GQueue     waiting[DINOSCOPE_N_LANES]; /* of jobs, the next one first */
  GQueue     running[DINOSCOPE_N_LANES];
  GCond      wanted[DINOSCOPE_N_LANES]; /* a job waits, or the engine has stopped */
  GPtrArray *callers;                   /* cancellables of blocking calls under way */
  GCond      callers_gone;

  DinoscopeWorker workers[DINOSCOPE_N_WORKERS];

  /* Scratch of the last forward pass, lent to one run at a time. */
  struct dino_encoder *encoder;
  DinoscopeModel      *encoder_model;
  int                  encoder_rows, encoder_columns;
};

/* A task with a job that ends in its callback; tag (a static string) says what was asked for. */
GTask        *dinoscope_engine_task_new (DinoscopeEngine *self, GCancellable *caller, GAsyncReadyCallback callback, gpointer user_data, const char *tag);
DinoscopeJob *dinoscope_engine_task_job (GTask *task);

/* Queues task's job (takes the reference). */
void dinoscope_engine_push_task (DinoscopeEngine *self, DinoscopeLane lane, GTask *task);

/* Queues work that nobody waits for. */
void dinoscope_engine_push_work (DinoscopeEngine *self, DinoscopeLane lane, DinoscopeJobFunc func, gpointer data, GDestroyNotify free_data);

/* Hands progress to the caller's main context; what came before and was not
 * delivered yet is left out. partial may be NULL. On the job's thread. */
void dinoscope_engine_report (DinoscopeEngine *self, DinoscopeJob *job, guint done, guint total, DinoscopeFeatures *partial);

/* Runs func once, with data, in the main context of task's caller, before task's
 * own callback. free_data is called there as well. On the job's thread. */
void dinoscope_engine_invoke (GTask *task, GSourceFunc func, gpointer data, GDestroyNotify free_data);

/* Around blocking calls: a cancellable that shutdown cancels too, and that
 * shutdown waits for; NULL and error once the engine has been shut down. */
typedef struct
{
  DinoscopeEngine *engine;
  GCancellable    *cancellable;
  GCancellable    *caller;
  gulong           caller_handler;
} DinoscopeCall;

gboolean dinoscope_engine_enter (DinoscopeEngine *self, DinoscopeCall *call, GCancellable *caller, GError **error);
void     dinoscope_engine_leave (DinoscopeCall *call);

gboolean dinoscope_engine_start_threads (DinoscopeEngine *self, GError **error);

/* The output of the forward pass of a changed copy of study, whose tensor is
 * given ready; on the calling thread, which has entered the engine or is a job's. */
DinoscopeFeatures *dinoscope_engine_encode_tensor (DinoscopeEngine *self, DinoscopeStudy *study, DinoscopeModel *model, const float *pixel_values, GCancellable *cancellable, GError **error);

/* Frees the scratch that is kept between runs. */
void dinoscope_engine_drop_encoder (DinoscopeEngine *self);

/* dinoscope_engine_load_model(), on the calling thread. */
DinoscopeModel *dinoscope_engine_read_model (DinoscopeEngine *self, const char *path, const DinoscopeModelOptions *options, GCancellable *cancellable, GError **error);

/* The display of a picture as one plane of luminance (ITU-R BT.601), which guides
 * smoothing; *owned is what the caller frees. NULL when memory cannot be had. */
const guint8 *dinoscope_engine_make_guide (DinoscopeStudy *study, int *width, int *height, guint8 **owned, struct dino_error *failure);

/* How an 8-bit model at model_path is to be calibrated: by a file beside it,
 * else by the bundled pictures. */
struct dino_calibration *dinoscope_engine_calibrate (DinoscopeEngine *self, const char *model_path, struct dino_error *error);

G_END_DECLS
