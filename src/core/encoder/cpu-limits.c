#include "core/encoder/cpu-limits.h"

#include <limits.h>
#include <sched.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/encoder/cpu.h"

/* One controller of the processor's time: where its files are and how they are called. */
struct hierarchy
{
  bool unified; /* cgroup v2 */
  char group[PATH_MAX];
  char mount[PATH_MAX];
  char mount_root[PATH_MAX];
};

static bool
list_has (const char *list, const char *word)
{
  size_t length = strlen (word);

  for (const char *at = list; at != NULL; at = strchr (at, ',') != NULL ? strchr (at, ',') + 1 : NULL)
    if (strncmp (at, word, length) == 0 && (at[length] == ',' || at[length] == '\0'))
      return true;
  return false;
}

static bool
copy_text (char *buffer, size_t size, const char *text)
{
  int length = snprintf (buffer, size, "%s", text);

  return length >= 0 && (size_t) length < size;
}

static FILE *
open_under (const char *root, const char *path)
{
  char full[PATH_MAX];
  int  length = snprintf (full, sizeof full, "%s%s", root, path);

  return length > 0 && (size_t) length < sizeof full ? fopen (full, "re") : NULL;
}

/* /proc/self/cgroup: lines "id:controllers:path", no controllers for v2. */
static bool
find_group (const char *root, struct hierarchy *hierarchy)
{
  FILE  *file = open_under (root, "/proc/self/cgroup");
  char  *line = NULL;
  size_t size = 0;
  bool   found = false;

  while (file != NULL && !found && getline (&line, &size, file) > 0)
    {
      char *controllers, *path;

      line[strcspn (line, "\n")] = '\0';
      controllers = strchr (line, ':');
      path = controllers != NULL ? strchr (controllers + 1, ':') : NULL;
      if (path == NULL)
        continue;
      *path++ = '\0';
      controllers++;
      if (hierarchy->unified ? *controllers == '\0' : list_has (controllers, "cpu"))
        found = copy_text (hierarchy->group, sizeof hierarchy->group, path);
    }
  free (line);
  if (file != NULL)
    fclose (file);
  return found;
}

/* /proc/self/mountinfo: "id parent device root mount-point options … - type source super-options". */
static bool
parse_mount (char *line, struct hierarchy *hierarchy)
{
  char *rest = strstr (line, " - ");
  char *fields[5], *type, *source, *options, *save = NULL;

  if (rest == NULL)
    return false;
  *rest = '\0';
  for (int i = 0; i < 5; i++)
    if ((fields[i] = strtok_r (i == 0 ? line : NULL, " ", &save)) == NULL)
      return false;
  type = strtok_r (rest + 3, " ", &save);
  source = strtok_r (NULL, " ", &save);
  options = strtok_r (NULL, " \n", &save);
  if (type == NULL || source == NULL || options == NULL)
    return false;
  if (hierarchy->unified ? strcmp (type, "cgroup2") != 0 : strcmp (type, "cgroup") != 0 || !list_has (options, "cpu"))
    return false;
  return copy_text (hierarchy->mount_root, sizeof hierarchy->mount_root, fields[3]) &&
         copy_text (hierarchy->mount, sizeof hierarchy->mount, fields[4]);
}

static bool
find_mount (const char *root, struct hierarchy *hierarchy)
{
  FILE  *file = open_under (root, "/proc/self/mountinfo");
  char  *line = NULL;
  size_t size = 0;
  bool   found = false;

  while (file != NULL && !found && getline (&line, &size, file) > 0)
    found = parse_mount (line, hierarchy);
  free (line);
  if (file != NULL)
    fclose (file);
  return found;
}

/* quota / period of one group, rounded up; INT_MAX without a limit. Half a
 * processor more is worth a thread that is sometimes held back. */
static int
threads_of_quota (long long quota, long long period)
{
  long long threads;

  if (quota <= 0 || period <= 0)
    return INT_MAX;
  threads = quota / period + (quota % period != 0);
  return threads < INT_MAX ? (int) threads : INT_MAX;
}

static bool
read_number (const char *root, const char *folder, const char *name, long long *value)
{
  char  path[PATH_MAX];
  FILE *file;
  bool  read;

  if (snprintf (path, sizeof path, "%s/%s", folder, name) >= (int) sizeof path)
    return false;
  file = open_under (root, path);
  read = file != NULL && fscanf (file, "%lld", value) == 1;
  if (file != NULL)
    fclose (file);
  return read;
}

static int
group_threads (const char *root, const char *folder, bool unified)
{
  char      path[PATH_MAX];
  long long quota = -1, period = -1;
  FILE     *file;

  if (!unified)
    return read_number (root, folder, "cpu.cfs_quota_us", &quota) && read_number (root, folder, "cpu.cfs_period_us", &period)
               ? threads_of_quota (quota, period)
               : INT_MAX;
  if (snprintf (path, sizeof path, "%s/cpu.max", folder) >= (int) sizeof path)
    return INT_MAX;
  file = open_under (root, path);
  /* "max 100000" has no number in the first place: no limit. */
  if (file != NULL && fscanf (file, "%lld %lld", &quota, &period) != 2)
    quota = -1;
  if (file != NULL)
    fclose (file);
  return threads_of_quota (quota, period);
}

/* The smallest limit of the group and all its ancestors up to the mount point. */
static int
hierarchy_threads (const char *root, bool unified)
{
  struct hierarchy hierarchy = { .unified = unified };
  char             folder[2 * PATH_MAX];
  const char      *group = hierarchy.group;
  size_t           length, mount_length;
  int              threads = INT_MAX;

  if (!find_group (root, &hierarchy) || !find_mount (root, &hierarchy))
    return threads;
  /* In a container the mount shows a part of the tree, from mount_root down. */
  length = strcmp (hierarchy.mount_root, "/") == 0 ? 0 : strlen (hierarchy.mount_root);
  if (strncmp (group, hierarchy.mount_root, length) == 0 && (group[length] == '/' || group[length] == '\0'))
    group += length;
  else
    group = "";
  snprintf (folder, sizeof folder, "%s%s", hierarchy.mount, group);
  mount_length = strlen (hierarchy.mount);
  for (;;)
    {
      int   limit = group_threads (root, folder, unified);
      char *slash = strrchr (folder, '/');

      threads = limit < threads ? limit : threads;
      if (slash == NULL || (size_t) (slash - folder) < mount_length)
        return threads;
      *slash = '\0';
    }
}

static int
smaller (int a, int b)
{
  return a < b ? a : b;
}

int
dino_cpu_threads_at (const char *root, int affinity)
{
  int threads = smaller (affinity, smaller (hierarchy_threads (root, true), hierarchy_threads (root, false)));

  return threads > 1 ? threads : 1;
}

/* The mask's size is unknown to begin with: machines may have more than the
 * 1024 processors of a cpu_set_t. */
static int
affinity_threads (void)
{
  for (int processors = 1024; processors <= 1 << 20; processors *= 4)
    {
      cpu_set_t *set = CPU_ALLOC (processors);
      size_t     size = CPU_ALLOC_SIZE (processors);
      int        count = 0;

      if (set == NULL)
        break;
      if (sched_getaffinity (0, size, set) == 0)
        count = CPU_COUNT_S (size, set);
      CPU_FREE (set);
      if (count > 0)
        return count;
    }
  return (int) sysconf (_SC_NPROCESSORS_ONLN);
}

int
dino_cpu_threads (void)
{
  return dino_cpu_threads_at ("", affinity_threads ());
}
