/* DinoscopeNeighborIndex: what may be compared with it, and the search. */
#include <glib/gi18n-lib.h>
#include <stdlib.h>

#include "app/dinoscope-neighbor-index.h"
#include "core/base/memory.h"
#include "core/vectors/narrow-row.h"
#include "engine/dinoscope-error.h"
#include "engine/dinoscope-study-internal.h"
#include "io/index-filter.h"
#include "io/preparation-json.h"

static gboolean
check_grid (const struct dino_index *index, DinoscopeFeatures *features, GError **error)
{
  const gsize n = (gsize) dinoscope_features_get_rows (features) * dinoscope_features_get_columns (features);

  if (dino_index_what (index) != DINO_EMBEDDING_PATCHES || dino_index_n_patches (index) == n)
    return TRUE;
  g_set_error (error, DINOSCOPE_ERROR, DINOSCOPE_ERROR_FAILED, _ ("This picture has %zu patches, and pictures of the index have %zu."), n, dino_index_n_patches (index));
  return FALSE;
}

/* The model may have to be hashed for it, once. */
static gboolean
check (DinoscopeNeighborIndex *self, DinoscopeStudy *study, DinoscopeFeatures *features, GCancellable *cancellable, GError **error)
{
  const struct dino_index             *index = dinoscope_neighbor_index_get_core (self);
  const struct dino_embeddings_origin *origin = dino_index_origin (index);
  DinoscopeModel                      *model = dinoscope_features_get_model (features);
  const struct dino_model             *core = dinoscope_model_get_core (model);
  const char                          *calibration = dinoscope_model_get_calibration_sha256 (model);
  const char                          *sha256;
  struct dino_error                    core_error = { 0 };
  char                                *preparation;
  struct dino_embeddings_origin        own;
  bool                                 equal = false;

  if (*origin->model_sha256 == '\0')
    {
      g_set_error_literal (error, DINOSCOPE_ERROR, DINOSCOPE_ERROR_FAILED, _ ("The index does not say which encoder it was made with, so that no picture can be compared with it."));
      return FALSE;
    }
  sha256 = dinoscope_model_get_sha256 (model, cancellable, error);
  if (sha256 == NULL)
    return FALSE;
  preparation = dino_preparation_to_json (dinoscope_study_get_preparation (study), dino_model_processor (core), dino_model_config (core)->patch_size, dinoscope_study_get_ignore_exif (study), &core_error);
  if (preparation != NULL)
    {
      own = (struct dino_embeddings_origin){
        .model_name = dinoscope_model_get_name (model),
        .model_sha256 = sha256,
        .precision = dinoscope_model_get_precision (model),
        .isa = origin->isa,
        .calibration = calibration != NULL ? calibration : "",
        .preparation = preparation,
      };
      equal = dino_embeddings_origin_equal (origin, dinoscope_neighbor_index_get_title (self), &own, own.model_name, &core_error);
    }
  free (preparation);
  if (!equal)
    dinoscope_set_error (error, &core_error, DINOSCOPE_ERROR_FAILED);
  return equal && check_grid (index, features, error);
}

typedef struct
{
  DinoscopeNeighborQuery query;
  DinoscopeStudy        *study;
  DinoscopeFeatures     *features;
} Search;

static void
search_free (gpointer data)
{
  Search *search = data;

  g_object_unref (search->study);
  g_object_unref (search->features);
  g_free (search);
}

static gboolean
take_values (const struct dino_index *index, const Search *search, float *values)
{
  const struct dino_features *core = dinoscope_features_get_core (search->features);
  const gsize                 width = dino_index_vectors (index)->width, first = dino_features_first_patch (core), n = dino_features_n_tokens (core) - first;
  const float                *tokens = dino_features_last_hidden_state (core);

  if (dino_index_what (index) == DINO_EMBEDDING_CLS)
    return dino_row_normalize (tokens, values, width);
  if (dino_index_what (index) == DINO_EMBEDDING_PATCHES)
    return dino_row_normalize (tokens + (first + (gsize) search->query.patch) * width, values, width);
  for (gsize i = 0; i < width; i++)
    {
      double sum = 0;

      for (gsize j = 0; j < n; j++)
        sum += (double) tokens[(first + j) * width + i];
      values[i] = (float) (sum / (double) n);
    }
  return dino_row_normalize (values, values, width);
}

static bool
go_on (void *data, int done, int total)
{
  return !g_cancellable_is_cancelled (data);
}

/* Rows without: the picture's own, and those of its group. *groups is for dino_free(). */
static bool
leave_out (const struct dino_index *index, const Search *search, struct dino_search_without *without, uint32_t **groups, struct dino_error *error)
{
  const gboolean patches = dino_index_what (index) == DINO_EMBEDDING_PATCHES;
  size_t         picture;

  *without = (struct dino_search_without){ .row = SIZE_MAX, .group = UINT32_MAX };
  *groups = NULL;
  if (!search->query.exclude_picture || !dino_index_find (index, dinoscope_study_get_sha256 (search->study), &picture))
    return true;
  if (!patches)
    without->row = picture;
  if (!patches && search->query.same_column < 0)
    return true;
  *groups = dino_index_groups (index, search->query.same_column, error);
  if (*groups == NULL)
    return false;
  without->group = (*groups)[picture * dino_index_n_patches (index)];
  return true;
}

static GArray *
run (const struct dino_index *index, const Search *search, const float *values, GCancellable *cancellable, struct dino_error *error)
{
  const gsize                k = MIN (search->query.k, dino_index_vectors (index)->count);
  const struct dino_progress progress = { .func = go_on, .data = cancellable };
  g_autoptr (GArray)         hits = g_array_sized_new (FALSE, FALSE, sizeof (struct dino_hit), (guint) k);
  struct dino_search_without without;
  uint32_t                  *groups = NULL;
  struct dino_search         task = { .vectors = dino_index_vectors (index), .isa = dino_isa_detect (), .n_queries = 1, .queries = values, .k = k, .without = &without };
  /* The engine's team may be in a forward pass; one thread keeps up with memory. */
  struct dino_team *team = dino_team_new (1, error);
  size_t            count = 0;
  bool              good;

  g_array_set_size (hits, (guint) k);
  good = team != NULL && leave_out (index, search, &without, &groups, error);
  task.groups = groups;
  good = good && dino_search_run (&task, team, (struct dino_hit *) (void *) hits->data, &count, &progress, error) && dino_index_check (index, error);
  dino_free (groups);
  dino_team_free (team);
  g_array_set_size (hits, (guint) count);
  return good ? g_steal_pointer (&hits) : NULL;
}

static void
search_in_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  const struct dino_index *index = dinoscope_neighbor_index_get_core (source);
  const Search            *search = task_data;
  g_autofree float        *values = g_new (float, dino_index_vectors (index)->width);
  struct dino_error        core_error = { 0 };
  GError                  *error = NULL;
  GArray                  *hits = NULL;

  if (!check (source, search->study, search->features, cancellable, &error))
    {
      g_task_return_error (task, error);
      return;
    }
  if (take_values (index, search, values))
    hits = run (index, search, values, cancellable, &core_error);
  else
    dino_error_set (&core_error, DINO_CODE_ARGUMENT, _ ("The picture's embedding is all zeros, so nothing is near to it."));
  if (hits != NULL)
    {
      g_task_return_pointer (task, hits, (GDestroyNotify) g_array_unref);
      return;
    }
  dinoscope_set_error (&error, &core_error, DINOSCOPE_ERROR_FAILED);
  g_task_return_error (task, error);
}

void
dinoscope_neighbor_index_search_async (DinoscopeNeighborIndex *self, DinoscopeStudy *study, DinoscopeFeatures *features, const DinoscopeNeighborQuery *query, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);
  Search           *search = g_new0 (Search, 1);

  search->query = *query;
  search->features = g_object_ref (features);
  search->study = g_object_ref (study);
  g_task_set_name (task, "[dinoscope] neighbours");
  g_task_set_task_data (task, search, search_free);
  g_task_run_in_thread (task, search_in_thread);
}

GArray *
dinoscope_neighbor_index_search_finish (DinoscopeNeighborIndex *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
