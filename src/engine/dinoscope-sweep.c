/* An occlusion sweep over the patch grid. */
#include "engine/dinoscope-sweep.h"

#include <math.h>

#include "core/base/memory.h"
#include "core/base/text.h"
#include "core/encoder/cosine.h"
#include "core/picture/prepare.h"
#include "engine/dinoscope-engine-private.h"
#include "engine/dinoscope-error.h"
#include "engine/dinoscope-study-private.h"

/* Of the covered window's shorter side; stated in the legend. */
#define BLUR_SHARE 0.25

#define MAX_WINDOW 16

/* More than any grid has. */
#define MAX_PLACES 1000000

static const char sweep_tag[] = "sweep";

struct _DinoscopeSweep
{
  GObject parent_instance;

  DinoscopeEngine      *engine;
  DinoscopeStudy       *study;
  DinoscopeFeatures    *before;
  DinoscopeModel       *model;
  GVariant             *parameters;
  struct dino_geometry  geometry;
  int                   window, stride;
  struct dino_occlusion occlusion;
  int                   patch;          /* index of the patch that is looked at, -1: the CLS token */
  guint                 limit;          /* of places, at most all */
  int                  *rows, *columns; /* where places start, in each direction */
  guint                 n_rows, n_columns;

  /* On the thread that works on a place. */
  struct dino_picture *copy;
  float               *tensor;

  GMutex  lock;   /* guards what follows */
  double *values; /* [limit], NaN until it is done */
  guint   n_done;
  double  seconds; /* that those took */

  DinoscopeSweepState state;
  GCancellable       *cancellable;
  GError             *error;
};

static guint changed_signal;

G_DEFINE_FINAL_TYPE (DinoscopeSweep, dinoscope_sweep, G_TYPE_OBJECT)

static void
dinoscope_sweep_finalize (GObject *object)
{
  DinoscopeSweep *self = DINOSCOPE_SWEEP (object);

  g_clear_object (&self->engine);
  g_clear_object (&self->study);
  g_clear_object (&self->before);
  g_clear_object (&self->cancellable);
  g_clear_pointer (&self->parameters, g_variant_unref);
  g_clear_error (&self->error);
  dino_picture_unref (self->copy);
  dino_free (self->tensor);
  g_free (self->rows);
  g_free (self->columns);
  g_free (self->values);
  g_mutex_clear (&self->lock);
  G_OBJECT_CLASS (dinoscope_sweep_parent_class)->finalize (object);
}

static void
dinoscope_sweep_class_init (DinoscopeSweepClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = dinoscope_sweep_finalize;
  changed_signal = g_signal_new ("changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
dinoscope_sweep_init (DinoscopeSweep *self)
{
  g_mutex_init (&self->lock);
  self->cancellable = g_cancellable_new ();
}

GListModel *
dinoscope_sweep_list_parameters (DinoscopeModel *model)
{
  const char *const              fills[] = { "grey", "mean", "blur", "copy", NULL };
  const char *const              titles[] = { _ ("Grey"), _ ("Mean of the picture"), _ ("Blur"), _ ("Other side, mirrored"), NULL };
  GListStore                    *list = g_list_store_new (DINOSCOPE_TYPE_PARAMETER);
  g_autoptr (DinoscopeParameter) window = dinoscope_parameter_new_int ("window", _ ("Window, patches"), 1, MAX_WINDOW, 4);
  g_autoptr (DinoscopeParameter) stride = dinoscope_parameter_new_int ("stride", _ ("Step, patches"), 1, MAX_WINDOW, 2);
  g_autoptr (DinoscopeParameter) fill = dinoscope_parameter_new_enum ("fill", _ ("Filled with"), fills, titles, fills[0]);
  g_autoptr (DinoscopeParameter) level = dinoscope_parameter_new_double ("level", _ ("Grey"), 0, 1, 0.5);
  g_autoptr (DinoscopeParameter) places = dinoscope_parameter_new_int ("places", _ ("Only the first places"), 1, MAX_PLACES, 1);
  g_autoptr (DinoscopeParameter) patch = dinoscope_parameter_new_patch ("patch", _ ("Patch looked at"));

  dinoscope_parameter_set_optional (places, TRUE);
  dinoscope_parameter_set_optional (patch, TRUE);
  g_list_store_append (list, window);
  g_list_store_append (list, stride);
  g_list_store_append (list, fill);
  g_list_store_append (list, level);
  g_list_store_append (list, patch);
  g_list_store_append (list, places);
  return G_LIST_MODEL (list);
}

static gboolean
read_parameters (DinoscopeSweep *self, GVariant *parameters, GError **error)
{
  g_autoptr (GListModel) list = dinoscope_sweep_list_parameters (self->model);
  const char            *fill = "grey";
  int                    row, column, places;

  self->parameters = dinoscope_parameters_complete (list, parameters, error);
  if (self->parameters == NULL)
    return FALSE;
  g_variant_lookup (self->parameters, "window", "i", &self->window);
  g_variant_lookup (self->parameters, "stride", "i", &self->stride);
  g_variant_lookup (self->parameters, "fill", "&s", &fill);
  g_variant_lookup (self->parameters, "level", "d", &self->occlusion.level);
  dino_fill_parse (fill, &self->occlusion.fill);
  self->limit = g_variant_lookup (self->parameters, "places", "i", &places) ? (guint) places : G_MAXUINT;
  if (self->stride > self->window)
    {
      g_set_error_literal (error, DINOSCOPE_ERROR, DINOSCOPE_ERROR_PARAMETER, _ ("The step of a sweep is at most its window, or patches would be left out."));
      return FALSE;
    }
  self->patch = -1;
  if (!g_variant_lookup (self->parameters, "patch", "(ii)", &row, &column))
    return TRUE;
  self->patch = row * self->geometry.columns + column;
  if (row >= 0 && row < self->geometry.rows && column >= 0 && column < self->geometry.columns)
    return TRUE;
  g_set_error (error, DINOSCOPE_ERROR, DINOSCOPE_ERROR_PARAMETER, _ ("There is no patch %d:%d in a grid of %d rows and %d columns."),
               row, column, self->geometry.rows, self->geometry.columns);
  return FALSE;
}

/* Every stride-th, and the last one that fits. */
static int *
place_starts (int size, int window, int stride, guint *n)
{
  int *starts = g_new (int, size);
  int  last = MAX (size - window, 0);

  *n = 0;
  for (int start = 0; start < last; start += stride)
    starts[(*n)++] = start;
  starts[(*n)++] = last;
  return starts;
}

DinoscopeSweep *
dinoscope_sweep_new (DinoscopeEngine *engine, DinoscopeStudy *study, DinoscopeFeatures *before, GVariant *parameters, GError **error)
{
  g_autoptr (DinoscopeSweep) self = NULL;
  g_autoptr (GVariant)       sunk = parameters != NULL ? g_variant_ref_sink (parameters) : NULL;

  g_return_val_if_fail (DINOSCOPE_IS_ENGINE (engine), NULL);
  g_return_val_if_fail (dinoscope_study_has_contents (study), NULL);
  g_return_val_if_fail (dinoscope_features_has_contents (before) && dinoscope_features_is_complete (before), NULL);

  self = g_object_new (DINOSCOPE_TYPE_SWEEP, NULL);
  self->engine = g_object_ref (engine);
  self->study = g_object_ref (study);
  self->before = g_object_ref (before);
  self->model = dinoscope_features_get_model (before);
  self->geometry = *dinoscope_features_get_geometry (before);
  if (!read_parameters (self, sunk, error))
    return NULL;
  self->rows = place_starts (self->geometry.rows, self->window, self->stride, &self->n_rows);
  self->columns = place_starts (self->geometry.columns, self->window, self->stride, &self->n_columns);
  self->limit = MIN (self->limit, self->n_rows * self->n_columns);
  self->values = g_new (double, self->limit);
  for (guint i = 0; i < self->limit; i++)
    self->values[i] = NAN;
  return g_steal_pointer (&self);
}

GVariant *
dinoscope_sweep_get_parameters (DinoscopeSweep *self)
{
  g_return_val_if_fail (DINOSCOPE_IS_SWEEP (self), NULL);
  return self->parameters;
}

guint
dinoscope_sweep_get_n_places (DinoscopeSweep *self)
{
  g_return_val_if_fail (DINOSCOPE_IS_SWEEP (self), 0);
  return self->limit;
}

void
dinoscope_sweep_get_place (DinoscopeSweep *self, guint place, int *row, int *column, int *rows, int *columns)
{
  g_return_if_fail (place < dinoscope_sweep_get_n_places (self));

  *row = self->rows[place / self->n_columns];
  *column = self->columns[place % self->n_columns];
  *rows = MIN (self->window, self->geometry.rows - *row);
  *columns = MIN (self->window, self->geometry.columns - *column);
}

static gsize
tensor_values (const DinoscopeSweep *self)
{
  return 3 * (gsize) self->geometry.input_width * (gsize) self->geometry.input_height;
}

gsize
dinoscope_sweep_estimate_memory (DinoscopeSweep *self, GError **error)
{
  const struct dino_picture *picture;
  gsize                      run;

  g_return_val_if_fail (DINOSCOPE_IS_SWEEP (self), 0);

  picture = dinoscope_study_get_picture (self->study);
  run = dinoscope_engine_estimate_memory (self->engine, self->study, self->model, DINO_KEEP_OUTPUT, error);
  if (run == 0)
    return 0;
  return run + (gsize) picture->width * (gsize) picture->height * (gsize) picture->channels * (gsize) (picture->bits / 8) + tensor_values (self) * sizeof (float);
}

/* One place. */

static struct dino_box
place_box (DinoscopeSweep *self, guint place)
{
  int             row, column, rows, columns;
  struct dino_box first, last;

  dinoscope_sweep_get_place (self, place, &row, &column, &rows, &columns);
  first = dino_geometry_patch (&self->geometry, row, column);
  last = dino_geometry_patch (&self->geometry, row + rows - 1, column + columns - 1);
  return (struct dino_box){ first.x0, first.y0, last.x1, last.y1 };
}

/* In pixels of the picture, the same at every place. */
static double
blur_sigma (const DinoscopeSweep *self)
{
  struct dino_box patch = dino_geometry_patch (&self->geometry, 0, 0);

  return MIN (BLUR_SHARE * self->window * MIN (patch.x1 - patch.x0, patch.y1 - patch.y0), DINO_BLUR_MAX_SIGMA);
}

static struct dino_occlusion
occlusion_at (DinoscopeSweep *self, struct dino_pixel_box pixels)
{
  struct dino_occlusion occlusion = self->occlusion;

  occlusion.sigma = blur_sigma (self);
  if (occlusion.fill == DINO_FILL_COPY)
    occlusion = dino_occlusion_from_other_side (dinoscope_study_get_picture (self->study), pixels);
  return occlusion;
}

static const float *
token_of (const DinoscopeSweep *self, DinoscopeFeatures *features, gsize *length)
{
  const struct dino_features *core = dinoscope_features_get_core (features);
  gsize                       token = self->patch < 0 ? 0 : dino_features_first_patch (core) + (gsize) self->patch;

  *length = (gsize) dino_model_config (dinoscope_model_get_core (self->model))->hidden_size;
  return dino_features_last_hidden_state (core) + token * *length;
}

static double
measure_change (DinoscopeSweep *self, DinoscopeFeatures *after)
{
  gsize        n;
  const float *a = token_of (self, self->before, &n);
  const float *b = token_of (self, after, &n);

  return dino_cosine_distance (a, b, n);
}

static gboolean
make_room (DinoscopeSweep *self, struct dino_error *failure)
{
  if (self->copy == NULL)
    self->copy = dino_picture_copy ((struct dino_picture *) dinoscope_study_get_picture (self->study), failure);
  if (self->tensor == NULL)
    self->tensor = dino_alloc (tensor_values (self), sizeof *self->tensor, failure);
  return self->copy != NULL && self->tensor != NULL;
}

static gboolean
prepare_place (DinoscopeSweep *self, struct dino_pixel_box pixels, GError **error)
{
  const struct dino_picture *picture = dinoscope_study_get_picture (self->study);
  struct dino_occlusion      occlusion = occlusion_at (self, pixels);
  struct dino_error          failure = { 0 };
  gboolean                   good;

  good = make_room (self, &failure) && dino_picture_occlude (self->copy, picture, pixels, &occlusion, &failure) &&
         dino_prepare (self->copy, dino_model_processor (dinoscope_model_get_core (self->model)), dinoscope_study_get_preparation (self->study),
                       &self->geometry, self->tensor, &failure);
  if (self->copy != NULL)
    dino_picture_uncover (self->copy, picture, pixels);
  if (!good)
    dinoscope_set_error (error, &failure, DINOSCOPE_ERROR_FAILED);
  return good;
}

static void
write_down (DinoscopeSweep *self, guint place, double value, gint64 begun)
{
  g_mutex_lock (&self->lock);
  self->values[place] = value;
  self->n_done++;
  self->seconds += (double) (g_get_monotonic_time () - begun) / G_USEC_PER_SEC;
  g_mutex_unlock (&self->lock);
}

/* The next place, on whatever thread. */
static gboolean
do_place (DinoscopeSweep *self, GCancellable *cancellable, GError **error)
{
  guint                         place = dinoscope_sweep_get_n_done (self);
  struct dino_pixel_box         pixels = dino_pixel_box_of (dinoscope_study_get_picture (self->study), place_box (self, place));
  gint64                        begun = g_get_monotonic_time ();
  g_autoptr (DinoscopeFeatures) after = NULL;

  if (g_cancellable_set_error_if_cancelled (cancellable, error))
    return FALSE;
  /* Outside of the picture, where zeros were put: nothing changes. */
  if (pixels.x0 < pixels.x1)
    {
      if (!prepare_place (self, pixels, error))
        return FALSE;
      after = dinoscope_engine_encode_tensor (self->engine, self->study, self->model, self->tensor, cancellable, error);
      if (after == NULL)
        return FALSE;
    }
  write_down (self, place, after != NULL ? measure_change (self, after) : 0, begun);
  return TRUE;
}

/* All of them. */

static void
set_state (DinoscopeSweep *self, DinoscopeSweepState state)
{
  self->state = state;
  if (state != DINOSCOPE_SWEEP_RUNNING)
    {
      g_clear_pointer (&self->copy, dino_picture_unref);
      g_clear_pointer (&self->tensor, dino_free);
    }
  g_signal_emit (self, changed_signal, 0);
}

static void push_place (DinoscopeSweep *self);

static void
place_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  DinoscopeSweep    *self = user_data;
  g_autoptr (GError) error = NULL;

  g_task_propagate_pointer (G_TASK (result), &error);
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED) || (error == NULL && g_cancellable_is_cancelled (self->cancellable)))
    {
      set_state (self, dinoscope_sweep_get_n_done (self) == dinoscope_sweep_get_n_places (self) ? DINOSCOPE_SWEEP_DONE : DINOSCOPE_SWEEP_CANCELLED);
    }
  else if (error != NULL)
    {
      self->error = g_steal_pointer (&error);
      set_state (self, DINOSCOPE_SWEEP_FAILED);
    }
  else if (dinoscope_sweep_get_n_done (self) == dinoscope_sweep_get_n_places (self))
    {
      set_state (self, DINOSCOPE_SWEEP_DONE);
    }
  else
    {
      push_place (self);
      g_signal_emit (self, changed_signal, 0);
    }
  g_object_unref (self);
}

static void
place_job (DinoscopeEngine *engine, DinoscopeJob *job)
{
  do_place (job->data, job->cancellable, &job->error);
}

static void
push_place (DinoscopeSweep *self)
{
  GTask        *task = dinoscope_engine_task_new (self->engine, self->cancellable, place_cb, g_object_ref (self), sweep_tag);
  DinoscopeJob *job = dinoscope_engine_task_job (task);

  job->func = place_job;
  job->priority = G_PRIORITY_LOW;
  job->data = g_object_ref (self);
  job->free_data = g_object_unref;
  dinoscope_engine_push_task (self->engine, DINOSCOPE_LANE_ENCODE, task);
}

void
dinoscope_sweep_start (DinoscopeSweep *self)
{
  g_return_if_fail (DINOSCOPE_IS_SWEEP (self));
  g_return_if_fail (self->state == DINOSCOPE_SWEEP_READY);

  self->state = DINOSCOPE_SWEEP_RUNNING;
  push_place (self);
  g_signal_emit (self, changed_signal, 0);
}

void
dinoscope_sweep_cancel (DinoscopeSweep *self)
{
  g_return_if_fail (DINOSCOPE_IS_SWEEP (self));
  g_cancellable_cancel (self->cancellable);
}

gboolean
dinoscope_sweep_run (DinoscopeSweep *self, GCancellable *cancellable, DinoscopeOverlayProgress progress, gpointer progress_data, GError **error)
{
  guint         n;
  DinoscopeCall call;
  gboolean      good = TRUE;

  g_return_val_if_fail (DINOSCOPE_IS_SWEEP (self), FALSE);
  g_return_val_if_fail (self->state == DINOSCOPE_SWEEP_READY, FALSE);

  n = dinoscope_sweep_get_n_places (self);
  if (!dinoscope_engine_enter (self->engine, &call, cancellable, error))
    return FALSE;
  self->state = DINOSCOPE_SWEEP_RUNNING;
  while (good && dinoscope_sweep_get_n_done (self) < n)
    {
      good = do_place (self, call.cancellable, error);
      if (good && progress != NULL)
        progress ((double) dinoscope_sweep_get_n_done (self) / n, progress_data);
    }
  set_state (self, good ? DINOSCOPE_SWEEP_DONE : g_cancellable_is_cancelled (call.cancellable) ? DINOSCOPE_SWEEP_CANCELLED
                                                                                               : DINOSCOPE_SWEEP_FAILED);
  dinoscope_engine_leave (&call);
  return good;
}

DinoscopeSweepState
dinoscope_sweep_get_state (DinoscopeSweep *self)
{
  g_return_val_if_fail (DINOSCOPE_IS_SWEEP (self), DINOSCOPE_SWEEP_FAILED);
  return self->state;
}

const GError *
dinoscope_sweep_get_error (DinoscopeSweep *self)
{
  g_return_val_if_fail (DINOSCOPE_IS_SWEEP (self), NULL);
  return self->error;
}

guint
dinoscope_sweep_get_n_done (DinoscopeSweep *self)
{
  guint n;

  g_return_val_if_fail (DINOSCOPE_IS_SWEEP (self), 0);

  g_mutex_lock (&self->lock);
  n = self->n_done;
  g_mutex_unlock (&self->lock);
  return n;
}

double
dinoscope_sweep_get_seconds_left (DinoscopeSweep *self)
{
  double left;

  g_return_val_if_fail (DINOSCOPE_IS_SWEEP (self), -1);

  g_mutex_lock (&self->lock);
  left = self->n_done > 0 ? self->seconds / self->n_done * (self->limit - self->n_done) : -1;
  g_mutex_unlock (&self->lock);
  return left;
}

double
dinoscope_sweep_get_value (DinoscopeSweep *self, guint place)
{
  double value;

  g_return_val_if_fail (place < dinoscope_sweep_get_n_places (self), NAN);

  g_mutex_lock (&self->lock);
  value = self->values[place];
  g_mutex_unlock (&self->lock);
  return value;
}

/* The map. */

static char *
describe_token (const DinoscopeSweep *self)
{
  if (self->patch < 0)
    return g_strdup (_ ("CLS token"));
  return g_strdup_printf (_ ("patch %d:%d"), self->patch / self->geometry.columns, self->patch % self->geometry.columns);
}

static char *
describe_fill (DinoscopeSweep *self)
{
  struct dino_occlusion occlusion = self->occlusion;

  occlusion.sigma = blur_sigma (self);
  if (occlusion.fill == DINO_FILL_COPY)
    return g_strdup (_ ("the other side, mirrored"));
  return dinoscope_study_describe_occlusion (&occlusion);
}

static void
describe_map (DinoscopeSweep *self, struct dino_map *map)
{
  g_autofree char *fill = describe_fill (self);
  g_autofree char *token = describe_token (self);

  g_snprintf (map->title, sizeof map->title, _ ("Occlusion, %d × %d patches"), self->window, self->window);
  g_snprintf (map->unit, sizeof map->unit, "%s", _ ("1 − cosine"));
  g_snprintf (map->colormap, sizeof map->colormap, "viridis");
  g_snprintf (map->legend, sizeof map->legend,
              _ ("1 − cosine of the %s before and after %d × %d patches are filled with %s, at every %d patches; mean over the windows that cover a patch. %u of %u places."),
              token, self->window, self->window, fill, self->stride, self->n_done, self->n_rows * self->n_columns);
}

/* Under the lock. */
static void
fill_map (DinoscopeSweep *self, struct dino_map *map, guint16 *counts)
{
  gsize n = (gsize) map->width * (gsize) map->height;

  for (guint place = 0; place < self->n_done; place++)
    {
      int row, column, rows, columns;

      dinoscope_sweep_get_place (self, place, &row, &column, &rows, &columns);
      for (int i = row; i < row + rows; i++)
        for (int j = column; j < column + columns; j++)
          {
            map->values[i * map->width + j] += (float) self->values[place];
            counts[i * map->width + j]++;
          }
    }
  for (gsize i = 0; i < n; i++)
    {
      map->valid[i] = counts[i] > 0;
      if (counts[i] > 0)
        map->values[i] /= counts[i];
    }
}

/* Under the lock. */
static GVariant *
done_parameters (DinoscopeSweep *self)
{
  GVariantDict parameters;

  g_variant_dict_init (&parameters, self->parameters);
  if (self->n_done < self->n_rows * self->n_columns)
    g_variant_dict_insert (&parameters, "places", "i", (int) self->n_done);
  return g_variant_ref_sink (g_variant_dict_end (&parameters));
}

DinoscopeMap *
dinoscope_sweep_dup_map (DinoscopeSweep *self, GVariant **parameters)
{
  struct dino_map    *map;
  g_autofree guint16 *counts = NULL;

  g_return_val_if_fail (DINOSCOPE_IS_SWEEP (self), NULL);

  if (dinoscope_sweep_get_n_done (self) == 0)
    return NULL;
  map = dino_map_new (self->geometry.columns, self->geometry.rows, 1, NULL);
  if (map == NULL)
    return NULL;
  counts = g_new0 (guint16, (gsize) map->width * (gsize) map->height);
  map->seen = dino_geometry_seen (&self->geometry);
  map->valid = dino_alloc_zeroed ((gsize) map->width * (gsize) map->height, 1, NULL);
  if (map->valid == NULL)
    {
      dino_map_unref (map);
      return NULL;
    }
  g_mutex_lock (&self->lock);
  fill_map (self, map, counts);
  describe_map (self, map);
  if (parameters != NULL)
    *parameters = done_parameters (self);
  g_mutex_unlock (&self->lock);
  dino_map_measure (map, NULL);
  map->low = MIN (map->low, 0);
  return dinoscope_map_new (map);
}
