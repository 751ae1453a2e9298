#include "engine/dinoscope-model-finder-private.h"

#include <gio/gio.h>

#include "core/base/text.h"
#include "core/model/published.h"
#include "engine/dinoscope-model-finder.h"
#include "engine/dinoscope-paths-private.h"

#define RAD_DINO "rad-dino"

/* refs/main holds one commit hash; anything longer is something else. */
#define MAX_COMMIT_FILE 256

static gboolean
is_model_directory (const char *path)
{
  g_autofree char *config = g_build_filename (path, "config.json", NULL);

  return g_file_test (config, G_FILE_TEST_IS_REGULAR);
}

static gboolean
is_bare_name (const char *text)
{
  return *text != '\0' && strcmp (text, ".") != 0 && strcmp (text, "..") != 0 && strchr (text, G_DIR_SEPARATOR) == NULL;
}

char *
dinoscope_data_models (const char *name)
{
  g_autofree char *data = dinoscope_user_directory ("XDG_DATA_HOME", ".local/share");

  return g_build_filename (data, "dinoscope", "models", name, NULL);
}

gboolean
dinoscope_is_commit (const char *text)
{
  if (*text == '\0')
    return FALSE;
  for (const char *c = text; *c != '\0'; c++)
    if (!g_ascii_isxdigit (*c))
      return FALSE;
  return TRUE;
}

char *
dinoscope_hub_main_commit (const char *repository)
{
  g_autofree char             *path = g_build_filename (repository, "refs", "main", NULL);
  g_autofree char             *text = NULL;
  g_autoptr (GFile)            file = g_file_new_for_path (path);
  g_autoptr (GFileInputStream) stream = NULL;
  gsize                        length = 0;

  /* Opening a FIFO would wait for a writer. */
  if (!g_file_test (path, G_FILE_TEST_IS_REGULAR))
    return NULL;
  stream = g_file_read (file, NULL, NULL);
  text = g_malloc0 (MAX_COMMIT_FILE + 1);
  if (stream == NULL || !g_input_stream_read_all (G_INPUT_STREAM (stream), text, MAX_COMMIT_FILE, &length, NULL, NULL))
    return NULL;
  g_strstrip (text);
  return length < MAX_COMMIT_FILE && dinoscope_is_commit (text) ? g_steal_pointer (&text) : NULL;
}

/* Where the Hugging Face client keeps its downloads; its own cache follows
 * XDG_CACHE_HOME in newer versions only, so both places are looked at. */
GStrv
dinoscope_hub_directories (void)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  const char              *hub = dinoscope_environment ("HF_HUB_CACHE");
  const char              *home = dinoscope_environment ("HF_HOME");
  g_autofree char         *path = NULL;

  if (hub != NULL)
    g_strv_builder_add (builder, hub);
  else if (home != NULL)
    {
      path = g_build_filename (home, "hub", NULL);
      g_strv_builder_add (builder, path);
    }
  else
    {
      g_autofree char *xdg = dinoscope_user_directory ("XDG_CACHE_HOME", ".cache");
      g_autofree char *user = dinoscope_user_directory ("HOME", "");

      path = g_build_filename (xdg, "huggingface", "hub", NULL);
      g_strv_builder_add (builder, path);
      g_free (path);
      path = g_build_filename (user, ".cache", "huggingface", "hub", NULL);
      g_strv_builder_add (builder, path);
    }
  return g_strv_builder_end (builder);
}

/* The snapshot of a repository's folder whose commit begins with these digits,
 * which must be one only. */
static char *
find_snapshot (const char *repository, const char *digits)
{
  g_autofree char *folder = g_build_filename (repository, "snapshots", NULL);
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  g_autofree char *found = NULL;
  const char      *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    if (dinoscope_is_commit (name) && g_str_has_prefix (name, digits))
      {
        if (found != NULL)
          return NULL;
        found = g_strdup (name);
      }
  return found != NULL ? g_build_filename (folder, found, NULL) : NULL;
}

/* "owner/name" in the Hugging Face cache, in the version that refs/main names
 * or, with "@" and digits, of that commit. */
static char *
hub_model (const char *repository_name)
{
  g_auto (GStrv)   hubs = dinoscope_hub_directories ();
  g_auto (GStrv)   parts = g_strsplit (repository_name, "@", 2);
  g_auto (GStrv)   words = g_strsplit (parts[0], "/", -1);
  g_autofree char *joined = g_strjoinv ("--", words);
  g_autofree char *folder = g_strconcat ("models--", joined, NULL);

  for (char **hub = hubs; *hub != NULL; hub++)
    {
      g_autofree char *repository = g_build_filename (*hub, folder, NULL);
      g_autofree char *commit = parts[1] == NULL ? dinoscope_hub_main_commit (repository) : NULL;
      g_autofree char *snapshot = NULL;

      if (commit != NULL)
        snapshot = g_build_filename (repository, "snapshots", commit, NULL);
      else if (parts[1] != NULL && dinoscope_is_commit (parts[1]))
        snapshot = find_snapshot (repository, parts[1]);
      if (snapshot != NULL && is_model_directory (snapshot))
        return g_steal_pointer (&snapshot);
    }
  return NULL;
}

/* "owner/name", perhaps "@commit": two parts that cannot lead elsewhere. */
static gboolean
is_repository_name (const char *text)
{
  g_auto (GStrv) words = g_strsplit (text, "/", -1);

  return g_strv_length (words) == 2 && is_bare_name (words[0]) && is_bare_name (words[1]) && *words[0] != '@' && *words[1] != '@';
}

/* A name without an owner. */
static char *
resolve_bare_name (const char *name)
{
  g_autofree char *named = dinoscope_data_models (name);

  if (g_file_test (named, G_FILE_TEST_EXISTS))
    return g_steal_pointer (&named);
  if (strcmp (name, "demo") == 0)
    return dinoscope_data_path ("models", "demo", NULL);
  return strcmp (name, RAD_DINO) == 0 ? hub_model (dino_published_find (RAD_DINO)->repository) : NULL;
}

char *
dinoscope_model_resolve_name (const char *name)
{
  char *path = NULL;

  if (is_bare_name (name))
    path = resolve_bare_name (name);
  else if (is_repository_name (name))
    path = hub_model (name);
  return path != NULL ? path : g_strdup (name);
}

char *
dinoscope_model_enter (const char *path)
{
  g_autofree char *commit = is_model_directory (path) ? NULL : dinoscope_hub_main_commit (path);
  g_autofree char *snapshot = commit != NULL ? g_build_filename (path, "snapshots", commit, NULL) : NULL;

  return snapshot != NULL && is_model_directory (snapshot) ? g_steal_pointer (&snapshot) : g_strdup (path);
}

char *
dinoscope_model_resolve (const char *argument)
{
  return g_file_test (argument, G_FILE_TEST_EXISTS) ? dinoscope_model_enter (argument) : dinoscope_model_resolve_name (argument);
}

/* What the person asked for, NULL when nothing. */
static char *
find_requested (const char *argument, const char *setting, DinoscopeModelSource *source)
{
  const char *environment = dinoscope_environment ("DINOSCOPE_MODEL");

  if (argument != NULL && *argument != '\0')
    {
      *source = DINOSCOPE_MODEL_SOURCE_ARGUMENT;
      return dinoscope_model_resolve (argument);
    }
  if (environment != NULL)
    {
      *source = DINOSCOPE_MODEL_SOURCE_ENVIRONMENT;
      return dinoscope_model_resolve (environment);
    }
  if (setting != NULL && *setting != '\0')
    {
      *source = DINOSCOPE_MODEL_SOURCE_SETTING;
      /* It must not mean something else in another working directory. */
      return dinoscope_model_resolve_name (setting);
    }
  return NULL;
}

/* What lies on this machine. */
static char *
find_present (DinoscopeModelSource *source)
{
  g_autofree char *own = dinoscope_data_models (RAD_DINO);
  g_autofree char *downloaded = NULL;

  *source = DINOSCOPE_MODEL_SOURCE_DATA;
  if (is_model_directory (own))
    return g_steal_pointer (&own);
  *source = DINOSCOPE_MODEL_SOURCE_HUGGING_FACE;
  downloaded = hub_model (dino_published_find (RAD_DINO)->repository);
  if (downloaded != NULL)
    return g_steal_pointer (&downloaded);
  *source = DINOSCOPE_MODEL_SOURCE_DEMONSTRATION;
  return dinoscope_data_path ("models", "demo", NULL);
}

char *
dinoscope_model_find (const char *argument, const char *setting, DinoscopeModelSource *source)
{
  DinoscopeModelSource found;
  char                *path = find_requested (argument, setting, &found);

  if (path == NULL)
    path = find_present (&found);
  if (source != NULL)
    *source = found;
  return path;
}

const char *
dinoscope_model_source_id (DinoscopeModelSource source)
{
  switch (source)
    {
    case DINOSCOPE_MODEL_SOURCE_ARGUMENT:
      return "argument";
    case DINOSCOPE_MODEL_SOURCE_ENVIRONMENT:
      return "environment";
    case DINOSCOPE_MODEL_SOURCE_SETTING:
      return "setting";
    case DINOSCOPE_MODEL_SOURCE_DATA:
      return "data";
    case DINOSCOPE_MODEL_SOURCE_HUGGING_FACE:
      return "hugging-face";
    case DINOSCOPE_MODEL_SOURCE_DEMONSTRATION:
    default:
      return "demonstration";
    }
}

const char *
dinoscope_model_source_describe (DinoscopeModelSource source)
{
  switch (source)
    {
    case DINOSCOPE_MODEL_SOURCE_ARGUMENT:
      return _ ("by --model");
    case DINOSCOPE_MODEL_SOURCE_ENVIRONMENT:
      return _ ("by DINOSCOPE_MODEL");
    case DINOSCOPE_MODEL_SOURCE_SETTING:
      return _ ("by the window's setting");
    case DINOSCOPE_MODEL_SOURCE_DATA:
      return _ ("in the user's data directory");
    case DINOSCOPE_MODEL_SOURCE_HUGGING_FACE:
      return _ ("in the Hugging Face cache");
    case DINOSCOPE_MODEL_SOURCE_DEMONSTRATION:
    default:
      return _ ("bundled with the program");
    }
}
