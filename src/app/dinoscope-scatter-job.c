#include "app/dinoscope-scatter-job.h"

#include <math.h>

#include "core/base/memory.h"
#include "core/encoder/blas.h"
#include "core/vectors/kmeans.h"
#include "core/vectors/silhouette.h"
#include "core/vectors/tsne.h"

#define STARTS 10
#define MAX_ROUNDS 300

/* Parts of the progress. */
#define GROUPS_SHARE 0.2
#define SILHOUETTE_SHARE 0.1

struct _DinoscopeScatterJob
{
  GObject parent_instance;

  DinoscopeCollection    *collection;
  DinoscopeScatterOptions options;
  gboolean                wants_duplicates;
  double                  threshold;
  int                     threads;

  GThread *thread;
  guint    idle; /* tells the main loop; guarded by lock */
  GMutex   lock;
  gint     cancelled; /* atomic */
  gint     progress;  /* atomic, of 10000 */

  /* The thread's, until it has finished. */
  double                  first_share, share; /* of what runs now */
  struct dino_points      points;
  float                  *normalized;
  float                  *plane;
  double                  ratios[2];
  struct dino_tsne       *tsne;
  struct dino_kmeans     *kmeans;
  struct dino_silhouette *silhouette;
  struct dino_duplicates *duplicates;
  struct dino_error       error;
};

G_DEFINE_FINAL_TYPE (DinoscopeScatterJob, dinoscope_scatter_job, G_TYPE_OBJECT)

static guint finished_signal;

static gboolean
finished_cb (gpointer data)
{
  DinoscopeScatterJob *self = data;

  g_mutex_lock (&self->lock);
  self->idle = 0;
  g_mutex_unlock (&self->lock);
  if (!g_atomic_int_get (&self->cancelled))
    g_signal_emit (self, finished_signal, 0);
  return G_SOURCE_REMOVE;
}

static bool
report (void *data, int done, int total)
{
  DinoscopeScatterJob *self = data;
  const double         share = total > 0 ? (double) done / total : 0;

  g_atomic_int_set (&self->progress, (gint) (10000 * (self->first_share + self->share * share)));
  return !g_atomic_int_get (&self->cancelled);
}

static struct dino_progress
begin (DinoscopeScatterJob *self, double share)
{
  self->first_share += self->share;
  self->share = share;
  return (struct dino_progress){ report, self };
}

static gboolean
take_points (DinoscopeScatterJob *self)
{
  self->points = dinoscope_collection_get_points (self->collection, self->options.mean);
  if (!dino_points_check (&self->points, &self->error))
    return FALSE;
  if (!self->options.normalize)
    return TRUE;
  self->normalized = dino_points_copy (&self->points, true, &self->error);
  self->points = dino_points (self->normalized, self->points.n, self->points.width);
  return self->normalized != NULL;
}

static void
find_groups (DinoscopeScatterJob *self, struct dino_team *team)
{
  struct dino_progress             progress = begin (self, GROUPS_SHARE);
  const struct dino_kmeans_options options = {
    .n_groups = MIN (self->options.n_groups, (int) MIN (self->points.n, G_MAXINT)),
    .n_starts = STARTS,
    .max_rounds = MAX_ROUNDS,
    .batch = dino_kmeans_batch (&self->points),
    .team = team,
    .progress = &progress,
  };

  if (options.n_groups < 2)
    return;
  self->kmeans = dino_kmeans_new (&self->points, &options, &self->error);
  progress = begin (self, SILHOUETTE_SHARE);
  if (self->kmeans == NULL)
    return;
  self->silhouette = dino_silhouette_new (&self->points, self->kmeans->labels, options.n_groups, 0, team, &progress, &self->error);
  /* Equal pictures fill one group. */
  if (self->silhouette == NULL && self->error.code == DINO_CODE_ARGUMENT)
    self->error.code = DINO_CODE_NONE;
}

static void
find_plane (DinoscopeScatterJob *self, struct dino_team *team)
{
  const struct dino_progress     progress = begin (self, 1 - self->first_share - self->share);
  const struct dino_tsne_options options = { .perplexity = DINO_TSNE_PERPLEXITY, .n_rounds = DINO_TSNE_ROUNDS, .team = team, .progress = &progress };

  if (self->options.method == DINOSCOPE_SCATTER_TSNE && self->points.n >= DINO_TSNE_MIN_POINTS)
    {
      self->tsne = dino_tsne_new (&self->points, &options, &self->error);
      return;
    }
  self->plane = dino_alloc (self->points.n, 2 * sizeof *self->plane, &self->error);
  if (self->plane != NULL)
    dino_principal_plane (&self->points, team, self->plane, self->ratios, &self->error);
}

static gpointer
run (gpointer data)
{
  DinoscopeScatterJob *self = data;
  struct dino_team    *team = dino_team_new (self->threads, &self->error);

  dino_blas_enter_thread ();
  if (team != NULL && take_points (self))
    {
      if (self->wants_duplicates)
        {
          const struct dino_progress progress = begin (self, 1);

          self->duplicates = dino_duplicates_new (&self->points, self->threshold, team, &progress, &self->error);
        }
      else
        {
          if (self->options.n_groups > 0)
            find_groups (self, team);
          if (self->error.code == DINO_CODE_NONE)
            find_plane (self, team);
        }
    }
  dino_team_free (team);
  g_mutex_lock (&self->lock);
  if (!g_atomic_int_get (&self->cancelled))
    self->idle = g_idle_add (finished_cb, self);
  g_mutex_unlock (&self->lock);
  return NULL;
}

void
dinoscope_scatter_job_cancel (DinoscopeScatterJob *self)
{
  g_atomic_int_set (&self->cancelled, TRUE);
  g_mutex_lock (&self->lock);
  g_clear_handle_id (&self->idle, g_source_remove);
  g_mutex_unlock (&self->lock);
}

static void
dinoscope_scatter_job_finalize (GObject *object)
{
  DinoscopeScatterJob *self = DINOSCOPE_SCATTER_JOB (object);

  dinoscope_scatter_job_cancel (self);
  g_clear_pointer (&self->thread, g_thread_join);
  dino_free (self->normalized);
  dino_free (self->plane);
  dino_tsne_free (self->tsne);
  dino_kmeans_free (self->kmeans);
  dino_silhouette_free (self->silhouette);
  dino_duplicates_free (self->duplicates);
  g_clear_object (&self->collection);
  g_mutex_clear (&self->lock);

  G_OBJECT_CLASS (dinoscope_scatter_job_parent_class)->finalize (object);
}

static void
dinoscope_scatter_job_class_init (DinoscopeScatterJobClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = dinoscope_scatter_job_finalize;

  finished_signal = g_signal_new ("finished", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
dinoscope_scatter_job_init (DinoscopeScatterJob *self)
{
  g_mutex_init (&self->lock);
}

static DinoscopeScatterJob *
start (DinoscopeCollection *collection, int threads)
{
  DinoscopeScatterJob *self = g_object_new (DINOSCOPE_TYPE_SCATTER_JOB, NULL);

  self->collection = g_object_ref (collection);
  self->threads = threads;
  return self;
}

DinoscopeScatterJob *
dinoscope_scatter_job_new (DinoscopeCollection *collection, const DinoscopeScatterOptions *options, int threads)
{
  DinoscopeScatterJob *self = start (collection, threads);

  self->options = *options;
  self->thread = g_thread_new ("scatter", run, self);
  return self;
}

DinoscopeScatterJob *
dinoscope_scatter_job_new_duplicates (DinoscopeCollection *collection, gboolean mean, double threshold, int threads)
{
  DinoscopeScatterJob *self = start (collection, threads);

  self->options.mean = mean;
  self->wants_duplicates = TRUE;
  self->threshold = threshold;
  self->thread = g_thread_new ("duplicates", run, self);
  return self;
}

double
dinoscope_scatter_job_get_progress (DinoscopeScatterJob *self)
{
  return g_atomic_int_get (&self->progress) / 10000.0;
}

const char *
dinoscope_scatter_job_get_problem (DinoscopeScatterJob *self)
{
  return self->error.code != DINO_CODE_NONE ? self->error.message : NULL;
}

const float *
dinoscope_scatter_job_get_plane (DinoscopeScatterJob *self)
{
  return self->tsne != NULL ? self->tsne->plane : self->plane;
}

const int *
dinoscope_scatter_job_get_labels (DinoscopeScatterJob *self)
{
  return self->kmeans != NULL ? self->kmeans->labels : NULL;
}

double
dinoscope_scatter_job_get_silhouette (DinoscopeScatterJob *self)
{
  return self->silhouette != NULL ? self->silhouette->mean : NAN;
}

const double *
dinoscope_scatter_job_get_ratios (DinoscopeScatterJob *self)
{
  return self->tsne != NULL ? NULL : self->ratios;
}

const struct dino_duplicates *
dinoscope_scatter_job_get_duplicates (DinoscopeScatterJob *self)
{
  return self->duplicates;
}
