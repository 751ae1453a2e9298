#include "core/encoder/batch.h"

#include <pthread.h>
#include <stdatomic.h>

#include "core/base/memory.h"
#include "core/base/text.h"
#include "core/encoder/encoder.h"
#include "core/encoder/team.h"

/* More pictures at once than any machine has cores. */
#define MAX_GROUPS 1024

struct group
{
  struct dino_batch   *batch;
  struct dino_team    *team;
  struct dino_encoder *encoder; /* of the last size, NULL before the first */
  int                  rows, columns;
  pthread_t            thread;
};

struct dino_batch
{
  struct dino_model *model;
  enum dino_isa      isa;
  struct group      *groups; /* [n_groups]; 0 works on the calling thread */
  int                n_groups;

  /* The run. */
  const struct dino_batch_source *source;
  const struct dino_progress     *progress;
  atomic_size_t                   next, done;
  atomic_bool                     stopped;
  pthread_mutex_t                 asking; /* held while progress is asked */
};

struct dino_batch *
dino_batch_new (struct dino_model *model, int n_groups, int n_threads, enum dino_isa isa, struct dino_error *error)
{
  struct dino_batch *batch;

  if (n_groups < 1 || n_groups > MAX_GROUPS)
    {
      dino_error_set (error, DINO_CODE_ARGUMENT, _ ("Between 1 and %d pictures can be encoded at once, not %d."), MAX_GROUPS, n_groups);
      return NULL;
    }
  batch = dino_alloc_zeroed (1, sizeof *batch, error);
  if (batch == NULL)
    return NULL;
  pthread_mutex_init (&batch->asking, NULL);
  batch->model = dino_model_ref (model);
  batch->isa = isa;
  batch->groups = dino_alloc_zeroed ((size_t) n_groups, sizeof *batch->groups, error);
  for (int i = 0; batch->groups != NULL && i < n_groups; i++)
    {
      batch->groups[i] = (struct group){ .batch = batch, .team = dino_team_new (n_threads, error) };
      if (batch->groups[i].team == NULL)
        break;
      batch->n_groups = i + 1;
    }
  if (batch->n_groups == n_groups)
    return batch;
  dino_batch_free (batch);
  return NULL;
}

void
dino_batch_free (struct dino_batch *batch)
{
  if (batch == NULL)
    return;
  for (int i = 0; i < batch->n_groups; i++)
    {
      dino_encoder_free (batch->groups[i].encoder);
      dino_team_free (batch->groups[i].team);
    }
  dino_free (batch->groups);
  dino_model_unref (batch->model);
  pthread_mutex_destroy (&batch->asking);
  dino_free (batch);
}

static bool
go_on (void *data, int done, int total)
{
  struct dino_batch *batch = data;
  bool               going;

  pthread_mutex_lock (&batch->asking);
  going = !atomic_load (&batch->stopped) &&
          dino_progress_report (batch->progress, (int) atomic_load (&batch->done), (int) batch->source->n_pictures);
  pthread_mutex_unlock (&batch->asking);
  if (!going)
    atomic_store (&batch->stopped, true);
  return going;
}

/* An encoder for the size, the last one's where it is the same. */
static bool
fit_encoder (struct group *group, int rows, int columns, struct dino_error *error)
{
  if (group->encoder != NULL && group->rows == rows && group->columns == columns)
    return true;
  dino_encoder_free (group->encoder);
  group->encoder = dino_encoder_new (group->batch->model, rows, columns, group->batch->isa, group->team, error);
  group->rows = rows;
  group->columns = columns;
  return group->encoder != NULL;
}

static struct dino_features *
encode (struct group *group, size_t index, struct dino_error *error)
{
  const struct dino_batch_source *source = group->batch->source;
  const struct dino_progress      progress = { .func = go_on, .data = group->batch };
  struct dino_features           *features = NULL;
  int                             rows = 0, columns = 0;
  float                          *pixel_values = source->prepare (source->data, index, &rows, &columns, error);
  bool                            good = pixel_values != NULL && fit_encoder (group, rows, columns, error);

  if (good)
    features = dino_features_new (group->batch->model, rows, columns, source->keep, error);
  if (features != NULL && !dino_encoder_run (group->encoder, pixel_values, features, &progress, error))
    {
      dino_features_unref (features);
      features = NULL;
    }
  dino_free (pixel_values);
  return features;
}

static void *
work (void *data)
{
  struct group      *group = data;
  struct dino_batch *batch = group->batch;
  size_t             index;

  while (!atomic_load (&batch->stopped) && (index = atomic_fetch_add (&batch->next, 1)) < batch->source->n_pictures)
    {
      struct dino_error     error = { 0 };
      struct dino_features *features = encode (group, index, &error);

      if (features == NULL && error.code == DINO_CODE_NONE)
        break;
      if (error.code == DINO_CODE_CANCELLED || !batch->source->finish (batch->source->data, index, features, &error))
        atomic_store (&batch->stopped, true);
      else
        atomic_fetch_add (&batch->done, 1);
      if (features != NULL)
        dino_features_unref (features);
      go_on (batch, 0, 0);
    }
  return NULL;
}

bool
dino_batch_run (struct dino_batch *batch, const struct dino_batch_source *source, const struct dino_progress *progress)
{
  int started = 1;

  batch->source = source;
  batch->progress = progress;
  atomic_store (&batch->next, 0);
  atomic_store (&batch->done, 0);
  atomic_store (&batch->stopped, false);
  /* Fewer groups than wanted are slower, and nothing else. */
  while (started < batch->n_groups && pthread_create (&batch->groups[started].thread, NULL, work, &batch->groups[started]) == 0)
    started++;
  work (&batch->groups[0]);
  for (int i = 1; i < started; i++)
    pthread_join (batch->groups[i].thread, NULL);
  return !atomic_load (&batch->stopped);
}
