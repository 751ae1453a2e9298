#include "engine/dinoscope-memory-private.h"

#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

/* The number after key at the start of a line ("MemAvailable:  123 kB"). */
static gboolean
find_number (const char *text, const char *key, guint64 *value)
{
  for (const char *line = text; line != NULL; line = strchr (line, '\n'))
    {
      line += *line == '\n';
      if (g_str_has_prefix (line, key))
        {
          *value = g_ascii_strtoull (line + strlen (key), NULL, 10);
          return TRUE;
        }
    }
  return FALSE;
}

static guint64
kernel_estimate (const char *root)
{
  g_autofree char *path = g_strconcat (root, "/proc/meminfo", NULL);
  g_autofree char *text = NULL;
  guint64          kib;

  if (!g_file_get_contents (path, &text, NULL, NULL) || !find_number (text, "MemAvailable:", &kib))
    return G_MAXUINT64;
  return kib * 1024;
}

/* What "ulimit -v" leaves, as batch systems set it. */
static guint64
process_remainder (const char *root)
{
  g_autofree char *path = g_strconcat (root, "/proc/self/statm", NULL);
  g_autofree char *text = NULL;
  struct rlimit    limit;
  guint64          used;

  if (getrlimit (RLIMIT_AS, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY || !g_file_get_contents (path, &text, NULL, NULL))
    return G_MAXUINT64;
  used = g_ascii_strtoull (text, NULL, 10) * sysconf (_SC_PAGESIZE);
  return limit.rlim_cur - MIN (used, limit.rlim_cur);
}

static gboolean
read_number (const char *folder, const char *name, guint64 *value)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);
  g_autofree char *text = NULL;

  if (!g_file_get_contents (path, &text, NULL, NULL) || !g_ascii_isdigit (*text))
    return FALSE; /* "max" means no limit */
  *value = g_ascii_strtoull (text, NULL, 10);
  return TRUE;
}

struct controller
{
  const char *limit, *usage, *reclaimable;
};

/* What one group leaves; its page cache is given back when it is needed. */
static guint64
group_remainder (const char *folder, const struct controller *controller)
{
  g_autofree char *path = g_build_filename (folder, "memory.stat", NULL);
  g_autofree char *text = NULL;
  guint64          limit, usage, cache = 0;

  if (!read_number (folder, controller->limit, &limit) || !read_number (folder, controller->usage, &usage))
    return G_MAXUINT64;
  if (g_file_get_contents (path, &text, NULL, NULL))
    find_number (text, controller->reclaimable, &cache);
  usage -= MIN (cache, usage);
  return limit - MIN (usage, limit);
}

static guint64
hierarchy_remainder (const char *mount, const char *group, const struct controller *controller)
{
  g_autofree char *folder = g_build_filename (mount, group, NULL);
  guint64          least = G_MAXUINT64;

  /* Inside a container the group's path may be the host's: parents that are not there limit nothing. */
  while (strlen (folder) >= strlen (mount))
    {
      char *parent = g_path_get_dirname (folder);

      least = MIN (least, group_remainder (folder, controller));
      g_free (folder);
      folder = parent;
    }
  return least;
}

guint64
dinoscope_available_memory (const char *root)
{
  static const struct controller v1 = { "memory.limit_in_bytes", "memory.usage_in_bytes", "total_inactive_file " };
  static const struct controller v2 = { "memory.max", "memory.current", "inactive_file " };
  g_autofree char               *path = g_strconcat (root, "/proc/self/cgroup", NULL);
  g_autofree char               *mount1 = g_strconcat (root, "/sys/fs/cgroup/memory", NULL);
  g_autofree char               *mount2 = g_strconcat (root, "/sys/fs/cgroup", NULL);
  g_autofree char               *text = NULL;
  g_auto (GStrv)                 lines = NULL;
  guint64                        least = MIN (kernel_estimate (root), process_remainder (root));

  if (!g_file_get_contents (path, &text, NULL, NULL))
    return least;
  lines = g_strsplit (text, "\n", -1);
  for (char **line = lines; *line != NULL; line++)
    {
      g_auto (GStrv) fields = g_strsplit (*line, ":", 3); /* number, controllers, path */

      if (g_strv_length (fields) != 3)
        continue;
      if (*fields[1] == '\0')
        least = MIN (least, hierarchy_remainder (mount2, fields[2], &v2));
      else if (strcmp (fields[1], "memory") == 0)
        least = MIN (least, hierarchy_remainder (mount1, fields[2], &v1));
    }
  return least;
}
