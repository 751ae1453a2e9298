/* Instruction sets by name, and the limits that the system sets, read from
 * folders that look like /proc and /sys. */
#include <glib.h>
#include <glib/gstdio.h>
#include <string.h>

#include "core/encoder/cpu-limits.h"
#include "core/encoder/cpu.h"

#include "in-valgrind.h"

static void
put (const char *root, const char *path, const char *text)
{
  g_autofree char *full = g_build_filename (root, path, NULL);
  g_autofree char *folder = g_path_get_dirname (full);

  g_assert_cmpint (g_mkdir_with_parents (folder, 0700), ==, 0);
  g_assert_true (g_file_set_contents (full, text, -1, NULL));
}

static void
remove_tree (const char *path)
{
  g_autoptr (GDir) folder = g_dir_open (path, 0, NULL);
  const char      *name;

  while (folder != NULL && (name = g_dir_read_name (folder)) != NULL)
    {
      g_autofree char *child = g_build_filename (path, name, NULL);

      remove_tree (child);
    }
  g_assert_cmpint (g_remove (path), ==, 0);
}

struct file
{
  const char *path, *text;
};

struct limit_case
{
  const char *name;
  int         affinity, expected;
  struct file files[8];
};

#define V2_MOUNT "30 23 0:26 / /sys/fs/cgroup rw,nosuid - cgroup2 cgroup2 rw,nsdelegate\n"
#define V1_MOUNT "33 32 0:30 / /sys/fs/cgroup/cpu,cpuacct rw - cgroup cgroup rw,cpu,cpuacct\n"
#define OTHER_MOUNT "22 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw\n31 32 0:28 / /sys/fs/cgroup/cpuset rw - cgroup cgroup rw,cpuset\n"

static const struct limit_case cases[] = {
  { "nothing", 6, 6, { { 0 } } },
  { "v2-none", 6, 6, { { "proc/self/cgroup", "0::/a\n" }, { "proc/self/mountinfo", OTHER_MOUNT V2_MOUNT }, { "sys/fs/cgroup/a/cpu.max", "max 100000\n" } } },
  { "v2-own", 6, 3, { { "proc/self/cgroup", "0::/a\n" }, { "proc/self/mountinfo", OTHER_MOUNT V2_MOUNT }, { "sys/fs/cgroup/a/cpu.max", "300000 100000\n" } } },
  { "v2-half", 6, 2, { { "proc/self/cgroup", "0::/a\n" }, { "proc/self/mountinfo", V2_MOUNT }, { "sys/fs/cgroup/a/cpu.max", "150000 100000\n" } } },
  { "v2-tiny", 6, 1, { { "proc/self/cgroup", "0::/a\n" }, { "proc/self/mountinfo", V2_MOUNT }, { "sys/fs/cgroup/a/cpu.max", "1000 100000\n" } } },
  { "v2-affinity", 2, 2, { { "proc/self/cgroup", "0::/a\n" }, { "proc/self/mountinfo", V2_MOUNT }, { "sys/fs/cgroup/a/cpu.max", "300000 100000\n" } } },
  { "v2-ancestor",
    6,
    2,
    { { "proc/self/cgroup", "0::/user.slice/user-1000.slice/session\n" },
      { "proc/self/mountinfo", V2_MOUNT },
      { "sys/fs/cgroup/user.slice/cpu.max", "200000 100000\n" },
      { "sys/fs/cgroup/user.slice/user-1000.slice/cpu.max", "400000 100000\n" },
      { "sys/fs/cgroup/user.slice/user-1000.slice/session/cpu.max", "max 100000\n" } } },
  { "v2-container",
    6,
    4,
    { { "proc/self/cgroup", "0::/docker/abc\n" },
      { "proc/self/mountinfo", "30 23 0:26 /docker/abc /sys/fs/cgroup rw - cgroup2 cgroup rw\n" },
      { "sys/fs/cgroup/cpu.max", "400000 100000\n" },
      { "sys/fs/cgroup/docker/abc/cpu.max", "100000 100000\n" } } },
  { "v1",
    6,
    2,
    { { "proc/self/cgroup", "5:cpuset:/x\n4:cpu,cpuacct:/job\n1:name=systemd:/y\n0::/\n" },
      { "proc/self/mountinfo", OTHER_MOUNT V1_MOUNT },
      { "sys/fs/cgroup/cpu,cpuacct/job/cpu.cfs_quota_us", "120000\n" },
      { "sys/fs/cgroup/cpu,cpuacct/job/cpu.cfs_period_us", "100000\n" } } },
  { "v1-none",
    6,
    6,
    { { "proc/self/cgroup", "4:cpu,cpuacct:/job\n" },
      { "proc/self/mountinfo", V1_MOUNT },
      { "sys/fs/cgroup/cpu,cpuacct/job/cpu.cfs_quota_us", "-1\n" },
      { "sys/fs/cgroup/cpu,cpuacct/job/cpu.cfs_period_us", "100000\n" } } },
  { "v1-and-v2",
    6,
    2,
    { { "proc/self/cgroup", "4:cpuacct,cpu:/\n0::/b\n" },
      { "proc/self/mountinfo", V1_MOUNT V2_MOUNT },
      { "sys/fs/cgroup/cpu,cpuacct/cpu.cfs_quota_us", "400000\n" },
      { "sys/fs/cgroup/cpu,cpuacct/cpu.cfs_period_us", "100000\n" },
      { "sys/fs/cgroup/b/cpu.max", "200000 100000\n" } } },
  { "malformed",
    6,
    6,
    { { "proc/self/cgroup", "0:\n::\n\n4:cpu\n" },
      { "proc/self/mountinfo", "1 2 3\n - \n - cgroup2\n30 23 0:26 / - cgroup2 a b\n" },
      { "sys/fs/cgroup/cpu.max", "100000 0\n" } } },
  { "no-period", 6, 6, { { "proc/self/cgroup", "0::/\n" }, { "proc/self/mountinfo", V2_MOUNT }, { "sys/fs/cgroup/cpu.max", "100000 0\n" } } },
};

static void
test_limits (gconstpointer data)
{
  const struct limit_case *limits = data;
  g_autofree char         *root = g_dir_make_tmp ("dino-cpu-XXXXXX", NULL);

  g_assert_nonnull (root);
  for (gsize i = 0; i < G_N_ELEMENTS (limits->files) && limits->files[i].path != NULL; i++)
    put (root, limits->files[i].path, limits->files[i].text);
  g_assert_cmpint (dino_cpu_threads_at (root, limits->affinity), ==, limits->expected);
  remove_tree (root);
}

static void
test_this_machine (void)
{
  char name[64], cut[5];

  g_assert_cmpint (dino_cpu_threads (), >=, 1);
  g_assert_cmpint (dino_cpu_threads (), <=, (int) g_get_num_processors ());
  dino_cpu_name (name, sizeof name);
  g_assert_cmpstr (name, !=, "");
  g_assert_true (name[0] != ' ' && name[strlen (name) - 1] != ' ');
  dino_cpu_name (cut, sizeof cut);
  g_assert_true (g_str_has_prefix (name, cut));
  g_assert_cmpuint (strlen (cut), <=, 4);
}

static void
test_names (void)
{
  enum dino_isa isa = DINO_ISA_AVX512;

  g_assert_true (dino_isa_parse ("generic", &isa));
  g_assert_cmpint (isa, ==, DINO_ISA_GENERIC);
  g_assert_true (dino_isa_parse ("avx512", &isa));
  g_assert_cmpint (isa, ==, DINO_ISA_AVX512);
  g_assert_true (dino_isa_parse ("avx2", &isa));
  g_assert_cmpint (isa, ==, DINO_ISA_AVX2);
  g_assert_false (dino_isa_parse ("AVX2", &isa));
  g_assert_false (dino_isa_parse ("", &isa));
  g_assert_cmpint (isa, ==, DINO_ISA_AVX2);
  for (int i = DINO_ISA_GENERIC; i <= DINO_ISA_AMX; i++)
    {
      g_assert_true (dino_isa_parse (dino_isa_name ((enum dino_isa) i), &isa));
      g_assert_cmpint (isa, ==, i);
    }
}

/* What the system says of itself, in /proc/cpuinfo. */
static void
test_detect (void)
{
  g_autofree char *text = NULL;
  enum dino_isa    isa = dino_isa_detect ();

  if (test_skipped_in_valgrind ("it has a processor of its own"))
    return;
  if (!g_file_get_contents ("/proc/cpuinfo", &text, NULL, NULL))
    {
      g_test_skip ("There is no /proc/cpuinfo.");
      return;
    }
#if !defined(__x86_64__)
  g_assert_cmpint (isa, ==, DINO_ISA_GENERIC);
  return;
#endif
  g_assert_true ((isa >= DINO_ISA_AVX2) == (strstr (text, " avx2 ") != NULL && strstr (text, " fma ") != NULL));
  g_assert_true ((isa >= DINO_ISA_AVX512) == (strstr (text, " avx512f ") != NULL && strstr (text, " avx512vl") != NULL));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *path = g_strdup_printf ("/cpu/limits/%s", cases[i].name);

      g_test_add_data_func (path, &cases[i], test_limits);
    }
  g_test_add_func ("/cpu/this-machine", test_this_machine);
  g_test_add_func ("/cpu/names", test_names);
  g_test_add_func ("/cpu/detect", test_detect);
  return g_test_run ();
}
