/* How much memory there is, by fabricated /proc and /sys. */
#include "engine-support.h"

#include "engine/dinoscope-memory-private.h"

#define MIB ((guint64) 1 << 20)

typedef struct
{
  char *root;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->root = support_make_folder ();
  support_write_text (fixture->root, "proc/meminfo", "MemTotal:       16384 kB\nMemFree:         1024 kB\nMemAvailable:    8192 kB\n");
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  support_remove_tree (fixture->root);
  g_free (fixture->root);
}

static void
test_kernel (Fixture *fixture, gconstpointer data)
{
  g_assert_cmpuint (dinoscope_available_memory (fixture->root), ==, 8 * MIB);
  g_assert_cmpuint (dinoscope_available_memory ("/nonexistent"), ==, G_MAXUINT64);
  g_assert_cmpuint (dinoscope_available_memory (""), >, MIB);
}

static void
test_unified (Fixture *fixture, gconstpointer data)
{
  support_write_text (fixture->root, "proc/self/cgroup", "0::/user/mine\n");
  support_write_text (fixture->root, "sys/fs/cgroup/user/mine/memory.max", "max\n");
  support_write_text (fixture->root, "sys/fs/cgroup/user/mine/memory.current", "99999999\n");
  g_assert_cmpuint (dinoscope_available_memory (fixture->root), ==, 8 * MIB);

  /* A parent's limit; its page cache is not in use. */
  support_write_text (fixture->root, "sys/fs/cgroup/user/memory.max", "4194304\n");
  support_write_text (fixture->root, "sys/fs/cgroup/user/memory.current", "3145728\n");
  g_assert_cmpuint (dinoscope_available_memory (fixture->root), ==, 1 * MIB);
  support_write_text (fixture->root, "sys/fs/cgroup/user/memory.stat", "anon 1048576\nfile 2097152\ninactive_file 1048576\n");
  g_assert_cmpuint (dinoscope_available_memory (fixture->root), ==, 2 * MIB);
  support_write_text (fixture->root, "sys/fs/cgroup/user/memory.max", "1\n");
  g_assert_cmpuint (dinoscope_available_memory (fixture->root), ==, 0);
}

static void
test_version_1 (Fixture *fixture, gconstpointer data)
{
  support_write_text (fixture->root, "proc/self/cgroup", "12:cpuset:/x\n5:memory:/host/path/that/is/not/here\n0::/\n");
  support_write_text (fixture->root, "sys/fs/cgroup/memory/memory.limit_in_bytes", "3145728\n");
  support_write_text (fixture->root, "sys/fs/cgroup/memory/memory.usage_in_bytes", "1048576\n");
  g_assert_cmpuint (dinoscope_available_memory (fixture->root), ==, 2 * MIB);
  support_write_text (fixture->root, "sys/fs/cgroup/memory/memory.limit_in_bytes", "9223372036854771712\n");
  g_assert_cmpuint (dinoscope_available_memory (fixture->root), ==, 8 * MIB);
}

static void
test_nonsense (Fixture *fixture, gconstpointer data)
{
  support_write_text (fixture->root, "proc/self/cgroup", "\n:\n::\n0::\n0::../../..\nmemory");
  g_assert_cmpuint (dinoscope_available_memory (fixture->root), ==, 8 * MIB);
  support_write_text (fixture->root, "proc/meminfo", "");
  g_assert_cmpuint (dinoscope_available_memory (fixture->root), ==, G_MAXUINT64);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/memory/kernel", Fixture, NULL, set_up, test_kernel, tear_down);
  g_test_add ("/memory/unified", Fixture, NULL, set_up, test_unified, tear_down);
  g_test_add ("/memory/version-1", Fixture, NULL, set_up, test_version_1, tear_down);
  g_test_add ("/memory/nonsense", Fixture, NULL, set_up, test_nonsense, tear_down);
  return g_test_run ();
}
