/* Where plug-ins are looked for. */
#include "engine/dinoscope-plugin-private.h"

#include <gmodule.h>
#include <sys/auxv.h>
#include <unistd.h>

#include "core/base/text.h"
#include "engine/dinoscope-paths-private.h"

#include "dinoscope-config.h"

/* Modules of somebody else's choice are not run with more rights than that
 * somebody has. */
static gboolean
is_privileged (void)
{
  return getauxval (AT_SECURE) != 0 || geteuid () != getuid () || getegid () != getgid ();
}

/* Empty entries and relative ones would mean wherever the program happens to
 * have been started. */
static void
add_folder (GPtrArray *folders, const char *path)
{
  if (*path != '\0' && g_path_is_absolute (path))
    g_ptr_array_add (folders, g_strdup (path));
}

/* (element-type filename), the one that counts first. */
static GPtrArray *
list_folders (void)
{
  GPtrArray       *folders = g_ptr_array_new_with_free_func (g_free);
  const char      *path = dinoscope_environment ("DINOSCOPE_PLUGIN_PATH");
  g_auto (GStrv)   parts = g_strsplit (path != NULL ? path : "", G_SEARCHPATH_SEPARATOR_S, -1);
  g_autofree char *user = dinoscope_user_directory ("XDG_DATA_HOME", ".local/share");
  g_autofree char *plugins = g_build_filename (user, "dinoscope", "plugins", NULL);

  for (char **part = parts; *part != NULL; part++)
    add_folder (folders, *part);
  add_folder (folders, plugins);
  add_folder (folders, DINOSCOPE_PLUGINSDIR);
  return folders;
}

static int
compare_names (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

/* Names of modules in a folder, sorted; empty where there is none. */
static GPtrArray *
list_modules (const char *folder)
{
  GPtrArray       *names = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char      *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    if (g_str_has_suffix (name, "." G_MODULE_SUFFIX))
      g_ptr_array_add (names, g_strdup (name));
  g_ptr_array_sort (names, compare_names);
  return names;
}

static void
scan_folder (GListStore *plugins, const char *folder, GHashTable *seen)
{
  g_autoptr (GPtrArray) names = list_modules (folder);

  for (guint i = 0; i < names->len; i++)
    {
      const char                 *name = names->pdata[i];
      g_autofree char            *path = g_build_filename (folder, name, NULL);
      g_autoptr (DinoscopePlugin) plugin = NULL;

      if (!g_hash_table_add (seen, g_strdup (name)))
        continue;
      plugin = dinoscope_plugin_new (path);
      g_list_store_append (plugins, plugin);
      for (guint t = 0; t < dinoscope_plugin_get_types (plugin)->len; t++)
        g_io_extension_point_implement (DINOSCOPE_OVERLAY_PROVIDER_EXTENSION_POINT, g_array_index (dinoscope_plugin_get_types (plugin), GType, t),
                                        dinoscope_plugin_get_overlays (plugin)[t], -(int) g_list_model_get_n_items (G_LIST_MODEL (plugins)));
    }
}

static void
print_help (GListModel *plugins, const GPtrArray *folders)
{
  g_printerr ("%s\n", _ ("Plug-ins are looked for in:"));
  for (guint i = 0; i < folders->len; i++)
    g_printerr ("  %s\n", (const char *) folders->pdata[i]);
  for (guint i = 0; i < g_list_model_get_n_items (plugins); i++)
    {
      g_autoptr (DinoscopePlugin) plugin = g_list_model_get_item (plugins, i);
      g_autofree char            *problem = dinoscope_plugin_describe_problem (plugin);
      g_autofree char            *ids = g_strjoinv (", ", (char **) dinoscope_plugin_get_overlays (plugin));

      g_printerr ("%s\n  %s\n", dinoscope_plugin_get_path (plugin), problem != NULL ? problem : ids);
    }
}

void
dinoscope_plugins_scan (GListStore *plugins)
{
  const char            *wish = dinoscope_environment ("DINOSCOPE_PLUGINS");
  g_autoptr (GPtrArray)  folders = NULL;
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  if (is_privileged () || g_strcmp0 (wish, "none") == 0)
    return;
  folders = list_folders ();
  for (guint i = 0; i < folders->len; i++)
    scan_folder (plugins, folders->pdata[i], seen);
  if (g_strcmp0 (wish, "help") == 0)
    print_help (G_LIST_MODEL (plugins), folders);
}
