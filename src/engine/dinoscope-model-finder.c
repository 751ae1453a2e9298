#include "engine/dinoscope-model-finder.h"

#include <gio/gio.h>

#include "engine/dinoscope-paths-private.h"

#define HUGGING_FACE_FOLDER "models--microsoft--rad-dino"

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

static char *
data_model (const char *name)
{
  g_autofree char *data = dinoscope_user_directory ("XDG_DATA_HOME", ".local/share");

  return g_build_filename (data, "dinoscope", "models", name, NULL);
}

static gboolean
is_commit (const char *text)
{
  if (*text == '\0')
    return FALSE;
  for (const char *c = text; *c != '\0'; c++)
    if (!g_ascii_isxdigit (*c))
      return FALSE;
  return TRUE;
}

static char *
read_commit (const char *repository)
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
  return length < MAX_COMMIT_FILE && is_commit (text) ? g_steal_pointer (&text) : NULL;
}

/* Where the Hugging Face client keeps its downloads; its own cache follows
 * XDG_CACHE_HOME in newer versions only, so both places are looked at. */
static GStrv
hub_directories (void)
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

static char *
hugging_face_model (void)
{
  g_auto (GStrv) hubs = hub_directories ();

  for (char **hub = hubs; *hub != NULL; hub++)
    {
      g_autofree char *repository = g_build_filename (*hub, HUGGING_FACE_FOLDER, NULL);
      g_autofree char *commit = read_commit (repository);
      g_autofree char *snapshot = NULL;

      if (commit == NULL)
        continue;
      snapshot = g_build_filename (repository, "snapshots", commit, NULL);
      if (is_model_directory (snapshot))
        return g_steal_pointer (&snapshot);
    }
  return NULL;
}

/* What --model means: a name is looked up unless there is a file of that name. */
static char *
resolve_argument (const char *argument)
{
  g_autofree char *named = NULL;

  if (!is_bare_name (argument) || g_file_test (argument, G_FILE_TEST_EXISTS))
    return g_strdup (argument);
  named = data_model (argument);
  if (g_file_test (named, G_FILE_TEST_EXISTS))
    return g_steal_pointer (&named);
  if (strcmp (argument, "demo") == 0)
    return dinoscope_data_path ("models", "demo", NULL);
  return g_strdup (argument);
}

/* What the person asked for, NULL when nothing. */
static char *
find_requested (const char *argument, const char *setting, DinoscopeModelSource *source)
{
  const char *environment = dinoscope_environment ("DINOSCOPE_MODEL");

  if (argument != NULL && *argument != '\0')
    {
      *source = DINOSCOPE_MODEL_SOURCE_ARGUMENT;
      return resolve_argument (argument);
    }
  if (environment != NULL)
    {
      *source = DINOSCOPE_MODEL_SOURCE_ENVIRONMENT;
      return resolve_argument (environment);
    }
  if (setting != NULL && *setting != '\0')
    {
      *source = DINOSCOPE_MODEL_SOURCE_SETTING;
      return resolve_argument (setting);
    }
  return NULL;
}

/* What lies on this machine. */
static char *
find_present (DinoscopeModelSource *source)
{
  g_autofree char *own = data_model ("rad-dino");
  g_autofree char *downloaded = NULL;

  *source = DINOSCOPE_MODEL_SOURCE_DATA;
  if (is_model_directory (own))
    return g_steal_pointer (&own);
  *source = DINOSCOPE_MODEL_SOURCE_HUGGING_FACE;
  downloaded = hugging_face_model ();
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
