/* Every model that lies where models are looked for. */
#include <stdlib.h>
#include <string.h>

#include "engine/dinoscope-engine-private.h"
#include "engine/dinoscope-found-model-private.h"
#include "engine/dinoscope-model-finder-private.h"
#include "engine/dinoscope-paths-private.h"

#define CACHE_PREFIX "models--"

/* Digits of a commit in a name; enough to tell those of a repository apart. */
#define COMMIT_DIGITS 12

/* A cache is not ours: no matter how much is in it, a list ends. */
#define MAX_MODELS 512

static const char list_tag[] = "models";

typedef struct
{
  GListStore   *store;
  GHashTable   *paths;  /* real paths that are listed */
  const char   *in_use; /* the real path of the one in use */
  GCancellable *cancellable;
} Search;

/* So that two ways to one directory are one model. */
static char *
real_path (const char *path)
{
  char *real = realpath (path, NULL);
  char *result = g_strdup (real != NULL ? real : path);

  free (real);
  return result;
}

static void
add (Search *search, const char *name, const char *path, DinoscopeModelSource source)
{
  g_autofree char                *real = real_path (path);
  g_autofree char                *resolved = dinoscope_model_resolve (name);
  gboolean                        in_use = strcmp (real, search->in_use) == 0;
  g_autoptr (DinoscopeFoundModel) model = NULL;

  if (g_hash_table_contains (search->paths, real) || g_list_model_get_n_items (G_LIST_MODEL (search->store)) >= MAX_MODELS ||
      g_cancellable_is_cancelled (search->cancellable))
    return;
  /* A name that means something else here is of no use. */
  model = dinoscope_found_model_new (strcmp (resolved, path) == 0 ? name : path, path, source, in_use);
  g_list_store_append (search->store, model);
  g_hash_table_add (search->paths, g_steal_pointer (&real));
}

static int
compare_names (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

/* The names in a folder, sorted; none when there is no such folder. (transfer full) */
static GPtrArray *
folder_names (const char *folder)
{
  GPtrArray       *names = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char      *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    if (*name != '.')
      g_ptr_array_add (names, g_strdup (name));
  g_ptr_array_sort (names, compare_names);
  return names;
}

static void
add_data_models (Search *search)
{
  g_autofree char      *folder = dinoscope_data_models (NULL);
  g_autoptr (GPtrArray) names = folder_names (folder);

  for (guint i = 0; i < names->len; i++)
    {
      g_autofree char *path = g_build_filename (folder, names->pdata[i], NULL);

      if (g_file_test (path, G_FILE_TEST_IS_DIR) || g_str_has_suffix (path, ".safetensors"))
        add (search, names->pdata[i], path, DINOSCOPE_MODEL_SOURCE_DATA);
    }
}

/* "microsoft/rad-dino" of "models--microsoft--rad-dino"; NULL when it is none. */
static char *
repository_name (const char *folder)
{
  const char *owner = folder + strlen (CACHE_PREFIX);
  const char *dashes = g_str_has_prefix (folder, CACHE_PREFIX) ? strstr (owner, "--") : NULL;

  if (dashes == NULL || dashes == owner || dashes[2] == '\0')
    return NULL;
  return g_strdup_printf ("%.*s/%s", (int) (dashes - owner), owner, dashes + 2);
}

static void
add_snapshot (Search *search, const char *repository, const char *name, const char *commit)
{
  g_autofree char *path = g_build_filename (repository, "snapshots", commit, NULL);
  g_autofree char *config = g_build_filename (path, "config.json", NULL);

  if (dino_config_is_dinov2 (config))
    add (search, name, path, DINOSCOPE_MODEL_SOURCE_HUGGING_FACE);
}

static void
add_repository (Search *search, const char *repository, const char *name)
{
  g_autofree char      *folder = g_build_filename (repository, "snapshots", NULL);
  g_autofree char      *main_commit = dinoscope_hub_main_commit (repository);
  g_autoptr (GPtrArray) commits = folder_names (folder);

  if (main_commit != NULL)
    add_snapshot (search, repository, name, main_commit);
  for (guint i = 0; i < commits->len; i++)
    {
      g_autofree char *full = g_strdup_printf ("%s@%.*s", name, COMMIT_DIGITS, (const char *) commits->pdata[i]);

      if (dinoscope_is_commit (commits->pdata[i]) && g_strcmp0 (commits->pdata[i], main_commit) != 0)
        add_snapshot (search, repository, full, commits->pdata[i]);
    }
}

static void
add_hub_models (Search *search)
{
  g_auto (GStrv) hubs = dinoscope_hub_directories ();

  for (char **hub = hubs; *hub != NULL; hub++)
    {
      g_autoptr (GPtrArray) folders = folder_names (*hub);

      for (guint i = 0; i < folders->len; i++)
        {
          g_autofree char *name = repository_name (folders->pdata[i]);
          g_autofree char *path = g_build_filename (*hub, folders->pdata[i], NULL);

          if (name != NULL)
            add_repository (search, path, name);
        }
    }
}

/* What was asked for by path or name, when it is none of the others. */
static void
add_requested (Search *search, const char *text, DinoscopeModelSource source)
{
  g_autofree char *path = NULL;

  if (text == NULL || *text == '\0')
    return;
  path = source == DINOSCOPE_MODEL_SOURCE_SETTING ? dinoscope_model_resolve_name (text) : dinoscope_model_resolve (text);
  add (search, path, path, source);
}

GListModel *
dinoscope_model_list (const char *argument, const char *setting, GCancellable *cancellable)
{
  Search                 search = { .cancellable = cancellable };
  g_autofree char       *used = dinoscope_model_find (argument, setting, NULL);
  g_autofree char       *in_use = real_path (used);
  g_autofree char       *demo = dinoscope_data_path ("models", "demo", NULL);
  g_autoptr (GHashTable) paths = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  search.store = g_list_store_new (DINOSCOPE_TYPE_FOUND_MODEL);
  search.paths = paths;
  search.in_use = in_use;
  add_data_models (&search);
  add_hub_models (&search);
  add (&search, "demo", demo, DINOSCOPE_MODEL_SOURCE_DEMONSTRATION);
  add_requested (&search, argument, DINOSCOPE_MODEL_SOURCE_ARGUMENT);
  add_requested (&search, dinoscope_environment ("DINOSCOPE_MODEL"), DINOSCOPE_MODEL_SOURCE_ENVIRONMENT);
  add_requested (&search, setting, DINOSCOPE_MODEL_SOURCE_SETTING);
  return G_LIST_MODEL (search.store);
}

typedef struct
{
  char *argument;
  char *setting;
} ListRequest;

static void
list_request_free (gpointer data)
{
  ListRequest *request = data;

  g_free (request->argument);
  g_free (request->setting);
  g_free (request);
}

static void
list_job (DinoscopeEngine *self, DinoscopeJob *job)
{
  const ListRequest *request = job->data;

  job->result = dinoscope_model_list (request->argument, request->setting, job->cancellable);
}

void
dinoscope_engine_list_models_async (DinoscopeEngine *self, const char *argument, const char *setting, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  GTask        *task;
  DinoscopeJob *job;
  ListRequest  *request;

  g_return_if_fail (DINOSCOPE_IS_ENGINE (self));

  request = g_new0 (ListRequest, 1);
  request->argument = g_strdup (argument);
  request->setting = g_strdup (setting);
  task = dinoscope_engine_task_new (self, cancellable, callback, user_data, list_tag);
  job = dinoscope_engine_task_job (task);
  job->func = list_job;
  job->data = request;
  job->free_data = list_request_free;
  job->free_result = g_object_unref;
  dinoscope_engine_push_task (self, DINOSCOPE_LANE_READ, task);
}

GListModel *
dinoscope_engine_list_models_finish (DinoscopeEngine *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);
  g_return_val_if_fail (g_async_result_is_tagged (result, (gpointer) list_tag), NULL);
  return g_task_propagate_pointer (G_TASK (result), error);
}
