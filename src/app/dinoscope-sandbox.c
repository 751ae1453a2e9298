#include "app/dinoscope-sandbox.h"

#include "engine/dinoscope-paths-private.h"

/* flatpak-metadata(5), with what the user has changed. */
#define FLATPAK_INFO "/.flatpak-info"

/* Where newer Flatpaks have the documents that were let in. */
#define DOCUMENTS "/run/flatpak/doc"

/* NULL outside of a Flatpak. */
static GKeyFile *
read_info (void)
{
  const char          *path = dinoscope_environment ("DINOSCOPE_FLATPAK_INFO");
  g_autoptr (GKeyFile) info = g_key_file_new ();

  if (!g_key_file_load_from_file (info, path != NULL ? path : FLATPAK_INFO, G_KEY_FILE_NONE, NULL))
    return NULL;
  return g_steal_pointer (&info);
}

/* One of names is in a list of the section Context; "host:ro" counts as "host". */
static gboolean
is_granted (GKeyFile *info, const char *key, const char *const *names)
{
  g_auto (GStrv) granted = g_key_file_get_string_list (info, "Context", key, NULL, NULL);

  for (char **one = granted; one != NULL && *one != NULL; one++)
    {
      char *mode = strchr (*one, ':');

      if (mode != NULL)
        *mode = '\0';
      if (g_strv_contains (names, *one))
        return TRUE;
    }
  return FALSE;
}

gboolean
dinoscope_sandbox_has_network (void)
{
  static const char *const network[] = { "network", NULL };
  g_autoptr (GKeyFile)     info = read_info ();

  return info == NULL || is_granted (info, "shared", network);
}

gboolean
dinoscope_sandbox_sees_home (void)
{
  static const char *const home[] = { "home", "host", NULL };
  g_autoptr (GKeyFile)     info = read_info ();

  return info == NULL || is_granted (info, "filesystems", home);
}

/* documents/ID/NAME, and nothing deeper. */
static gboolean
is_document (const char *path, const char *documents)
{
  const char *rest = g_str_has_prefix (path, documents) ? path + strlen (documents) : NULL;
  const char *name;

  if (rest == NULL || *rest != G_DIR_SEPARATOR)
    return FALSE;
  name = strchr (rest + 1, G_DIR_SEPARATOR);
  return name != NULL && name[1] != '\0' && strchr (name + 1, G_DIR_SEPARATOR) == NULL;
}

gboolean
dinoscope_sandbox_is_alone (GFile *file)
{
  const char          *path = g_file_peek_path (file);
  g_autofree char     *documents = g_build_filename (g_get_user_runtime_dir (), "doc", NULL);
  g_autoptr (GKeyFile) info = NULL;

  if (path == NULL || (!is_document (path, documents) && !is_document (path, DOCUMENTS)))
    return FALSE;
  info = read_info ();
  return info != NULL;
}
