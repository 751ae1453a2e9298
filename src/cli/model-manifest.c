#include "cli/model-manifest.h"

#include <string.h>

#include "core/base/text.h"
#include "core/model/json.h"

/* A manifest is small. */
#define MAX_FILE ((gsize) 1 << 20)
#define MAX_WEIGHT 65536
#define MAX_FILES 64
#define MAX_SIZE ((gint64) 1 << 40)

void
cli_manifest_free (CliManifest *manifest)
{
  if (manifest == NULL)
    return;
  for (gsize i = 0; i < manifest->n_files; i++)
    {
      g_free ((char *) manifest->files[i].name);
      g_free ((char *) manifest->files[i].sha256);
    }
  g_free (manifest->files);
  g_free (manifest->name);
  g_free (manifest->title);
  g_free (manifest->repository);
  g_free (manifest->revision);
  g_free (manifest->licence);
  g_free (manifest);
}

guint64
cli_manifest_total (const CliManifest *manifest)
{
  guint64 total = 0;

  for (gsize i = 0; i < manifest->n_files; i++)
    total += (guint64) manifest->files[i].size;
  return total;
}

static void
add_file (CliManifest *manifest, const char *name, gint64 size, const char *sha256)
{
  manifest->files = g_renew (struct dino_published_file, manifest->files, manifest->n_files + 1);
  manifest->files[manifest->n_files++] = (struct dino_published_file){ g_strdup (name), size, g_strdup (sha256), true };
}

static CliManifest *
from_published (const struct dino_published_model *published)
{
  CliManifest *manifest = g_new0 (CliManifest, 1);

  manifest->name = g_strdup (published->name);
  manifest->title = g_strdup (published->title);
  manifest->repository = g_strdup (published->repository);
  manifest->revision = g_strdup (published->revision);
  manifest->licence = g_strdup (published->licence);
  for (gsize i = 0; i < published->n_files; i++)
    if (published->files[i].needed)
      add_file (manifest, published->files[i].name, published->files[i].size, published->files[i].sha256);
  return manifest;
}

/* A name that stays in its folder, and in its place in an address. */
static gboolean
is_plain_name (const char *name)
{
  static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.";

  return name != NULL && *name != '\0' && *name != '.' && strlen (name) < 128 && strspn (name, letters) == strlen (name);
}

/* "owner/name" */
static gboolean
is_repository (const char *name)
{
  g_auto (GStrv) parts = g_strsplit (name != NULL ? name : "", "/", -1);

  return g_strv_length (parts) == 2 && is_plain_name (parts[0]) && is_plain_name (parts[1]);
}

static gboolean
is_sha256 (const char *text)
{
  return text != NULL && strlen (text) == 64 && strspn (text, "0123456789abcdef") == 64;
}

static gboolean
read_file (CliManifest *manifest, const json_t *object, const char *path, struct dino_error *error)
{
  const char   *name = NULL;
  const char   *sha256 = NULL;
  const json_t *size = json_is_object (object) ? dino_json_get (object, "size") : NULL;

  if (!json_is_object (object) || !dino_json_get_string (object, path, "name", &name, error) ||
      !dino_json_get_string (object, path, "sha256", &sha256, error))
    return dino_error_set (error, DINO_CODE_FORMAT, _ ("“%s” is no manifest: a file has no name or hash."), path);
  if (!is_plain_name (name) || !is_sha256 (sha256) || !json_is_integer (size) || json_integer_value (size) < 1 || json_integer_value (size) > MAX_SIZE)
    return dino_error_set (error, DINO_CODE_FORMAT, _ ("“%s” is no manifest: each file needs a plain name, a size and a sha256 in lower case."), path);
  add_file (manifest, name, json_integer_value (size), sha256);
  return TRUE;
}

static gboolean
read_manifest (CliManifest *manifest, const json_t *object, const char *path, struct dino_error *error)
{
  const json_t *files = dino_json_get (object, "files");
  const char   *repository = NULL;
  const char   *revision = "main";
  const char   *licence = _ ("not stated");

  if (!dino_json_get_string (object, path, "repository", &repository, error) ||
      !dino_json_get_string (object, path, "revision", &revision, error) ||
      !dino_json_get_string (object, path, "licence", &licence, error))
    return FALSE;
  if (!is_repository (repository) || !is_plain_name (revision))
    return dino_error_set (error, DINO_CODE_FORMAT, _ ("“%s” is no manifest: it needs a repository such as “owner/name”, and plain names."), path);
  if (!json_is_array (files) || json_array_size (files) < 1 || json_array_size (files) > MAX_FILES)
    return dino_error_set (error, DINO_CODE_FORMAT, _ ("“%s” is no manifest: it lists no files."), path);
  manifest->repository = g_strdup (repository);
  manifest->revision = g_strdup (revision);
  manifest->licence = g_strdup (licence);
  for (gsize i = 0; i < json_array_size (files); i++)
    if (!read_file (manifest, json_array_get (files, i), path, error))
      return FALSE;
  return TRUE;
}

static CliManifest *
from_file (const char *name, const char *path, CliExit *code)
{
  g_autoptr (CliManifest) manifest = g_new0 (CliManifest, 1);
  struct dino_error       error = { 0 };
  json_t                 *json = dino_json_read (path, MAX_FILE, MAX_WEIGHT, &error);
  gboolean                read = json != NULL && read_manifest (manifest, json, path, &error);

  json_decref (json);
  manifest->name = g_strdup (name);
  manifest->title = g_strdup (name);
  if (read)
    return g_steal_pointer (&manifest);
  *code = cli_fail_core (&error, CLI_EXIT_USAGE);
  return NULL;
}

CliManifest *
cli_manifest_new (const char *name, const char *path, CliExit *code)
{
  const struct dino_published_model *published = name != NULL ? dino_published_find (name) : NULL;

  *code = CLI_EXIT_USAGE;
  if (name == NULL)
    cli_usage_error (CLI_COMMAND_MODEL, "%s", _ ("“model get” needs to be told which model: rad-dino."));
  else if (path != NULL && !is_plain_name (name))
    cli_usage_error (CLI_COMMAND_MODEL, _ ("“%s” cannot name a model's directory."), name);
  else if (path != NULL)
    return from_file (name, path, code);
  else if (published == NULL)
    cli_usage_error (CLI_COMMAND_MODEL, _ ("“%s” is not known; rad-dino is, others need --manifest."), name);
  else
    return from_published (published);
  return NULL;
}
