/* Sidecars as files: their place, whose they are, and writing them. */
#include "engine/dinoscope-sidecar.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <jansson.h>
#include <string.h>
#include <sys/stat.h>

#include "core/base/text.h"
#include "core/model/json.h"
#include "engine/dinoscope-error.h"
#include "engine/dinoscope-paths-private.h"
#include "engine/dinoscope-sidecar-private.h"

char *
dinoscope_sidecar_path (const char *picture_path)
{
  gsize length;

  g_return_val_if_fail (picture_path != NULL, NULL);
  length = strlen (picture_path);
  if (length > 4 && g_ascii_strcasecmp (picture_path + length - 4, ".png") == 0)
    length -= 4;
  return g_strdup_printf ("%.*s.json", (int) length, picture_path);
}

/* A sidecar of a newer version is ours as well. */
static gboolean
is_sidecar (const char *path, struct dino_error *error)
{
  json_t       *json = dino_json_read (path, DINOSCOPE_SIDECAR_MAX_FILE, DINOSCOPE_SIDECAR_MAX_WEIGHT, error);
  const json_t *schema = json == NULL ? NULL : dino_json_get (json, "schema");
  gboolean      ours = json_is_string (schema) && strcmp (json_string_value (schema), DINOSCOPE_SIDECAR_SCHEMA) == 0;

  json_decref (json);
  return ours;
}

gboolean
dinoscope_sidecar_may_write (const char *path, GError **error)
{
  g_autofree char  *shown = NULL;
  struct stat       status;
  struct dino_error failure = { 0 };

  g_return_val_if_fail (path != NULL, FALSE);

  if ((stat (path, &status) != 0 && errno == ENOENT) || is_sidecar (path, &failure))
    return TRUE;
  if (failure.code == DINO_CODE_IO || failure.code == DINO_CODE_MEMORY)
    {
      dinoscope_set_error (error, &failure, DINOSCOPE_ERROR_WRITE);
      return FALSE;
    }
  shown = dinoscope_display_name (path);
  g_set_error (error, DINOSCOPE_ERROR, DINOSCOPE_ERROR_WRITE, _ ("“%s” is there already and is no sidecar of Dinoscope: it is left as it is."), shown);
  return FALSE;
}

/* Written, and on the disk; NULL with error set. */
static struct dino_output *
prepare (const char *path, const char *text, GError **error)
{
  struct dino_error   failure = { 0 };
  struct dino_output *output;

  if (!dinoscope_sidecar_may_write (path, error))
    return NULL;
  output = dino_output_new (path, &failure);
  if (output != NULL && dino_output_write (output, text, strlen (text), &failure) && dino_output_prepare (output, &failure))
    return output;
  dino_output_abort (output);
  dinoscope_set_error (error, &failure, DINOSCOPE_ERROR_WRITE);
  return NULL;
}

static gboolean
commit (struct dino_output *output, GError **error)
{
  struct dino_error failure = { 0 };

  if (dino_output_commit (output, &failure))
    return TRUE;
  dinoscope_set_error (error, &failure, DINOSCOPE_ERROR_WRITE);
  return FALSE;
}

gboolean
dinoscope_sidecar_write (const char *path, const char *text, GError **error)
{
  struct dino_output *output;

  g_return_val_if_fail (path != NULL && text != NULL, FALSE);

  output = prepare (path, text, error);
  return output != NULL && commit (output, error);
}

/* Both are whole before either gets its name. Between the two there is no
 * sidecar: an earlier one would tell of another picture. */
gboolean
dinoscope_sidecar_commit (const char *picture_path, const char *text, struct dino_output *output, GError **error)
{
  g_autofree char    *path = NULL;
  struct dino_output *sidecar;
  struct dino_error   failure = { 0 };

  g_return_val_if_fail (picture_path != NULL && text != NULL && output != NULL, FALSE);

  path = dinoscope_sidecar_path (picture_path);
  sidecar = prepare (path, text, error);
  if (sidecar == NULL || !dino_output_prepare (output, &failure))
    {
      dino_output_abort (output);
      dino_output_abort (sidecar);
      if (sidecar != NULL)
        dinoscope_set_error (error, &failure, DINOSCOPE_ERROR_WRITE);
      return FALSE;
    }
  if (!g_file_test (path, G_FILE_TEST_IS_SYMLINK))
    g_unlink (path);
  if (commit (output, error))
    return commit (sidecar, error);
  dino_output_abort (sidecar);
  return FALSE;
}
