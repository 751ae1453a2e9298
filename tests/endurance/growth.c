#include "growth.h"

#include <malloc.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define SAMPLES 200

struct sample
{
  guint round, descriptors, threads;
  gsize resident, used;
};

static gsize
get_resident (void)
{
  g_autofree char *text = NULL;
  unsigned long    size, resident;

  g_assert_true (g_file_get_contents ("/proc/self/statm", &text, NULL, NULL));
  g_assert_cmpint (sscanf (text, "%lu %lu", &size, &resident), ==, 2);
  return resident * (gsize) sysconf (_SC_PAGESIZE);
}

/* What was allocated and not given back, without what lies between. */
static gsize
get_used (void)
{
  const struct mallinfo2 info = mallinfo2 ();

  return info.uordblks + info.hblkhd;
}

static guint
count_entries (const char *path)
{
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  guint            n = 0;

  while (g_dir_read_name (dir) != NULL)
    n++;
  return n;
}

void
growth_begin (struct growth *growth, const char *name, guint total)
{
  growth->name = name;
  growth->total = total;
  growth->warm = total / 5;
  growth->samples = g_array_new (FALSE, FALSE, sizeof (struct sample));
}

void
growth_note (struct growth *growth, guint round)
{
  const guint   every = MAX (growth->total / SAMPLES, 1);
  struct sample sample = { .round = round };

  if (round < growth->warm || round % every != 0)
    return;
  /* What the allocator keeps for later is no growth. */
  malloc_trim (0);
  sample.resident = get_resident ();
  sample.used = get_used ();
  sample.descriptors = count_entries ("/proc/self/fd");
  sample.threads = count_entries ("/proc/self/task");
  g_array_append_val (growth->samples, sample);
}

/* Bytes a round, of the straight line through the samples: resident, or in use. */
static double
get_slope (const struct sample *samples, guint n, gboolean used)
{
  double x = 0, y = 0, xx = 0, xy = 0;

  for (guint i = 0; i < n; i++)
    {
      x += samples[i].round;
      y += (double) (used ? samples[i].used : samples[i].resident);
    }
  x /= n;
  y /= n;
  for (guint i = 0; i < n; i++)
    {
      xx += (samples[i].round - x) * (samples[i].round - x);
      xy += (samples[i].round - x) * ((double) (used ? samples[i].used : samples[i].resident) - y);
    }
  return xx > 0 ? xy / xx : 0;
}

gboolean
growth_end (struct growth *growth)
{
  const struct sample *samples = &g_array_index (growth->samples, struct sample, 0);
  const guint          n = growth->samples->len;
  guint                descriptors[2] = { G_MAXUINT, G_MAXUINT }, threads[2] = { 0, 0 };
  double               gained;
  gboolean             good;

  g_assert_cmpuint (n, >, 1);
  /* The least of either half, as a file that is read just then is none that stays; the
   * most threads. */
  for (guint i = 0; i < n; i++)
    {
      const guint half = i >= n / 2;

      descriptors[half] = MIN (descriptors[half], samples[i].descriptors);
      threads[half] = MAX (threads[half], samples[i].threads);
    }
  gained = get_slope (samples, n, FALSE) * (growth->total - growth->warm);
  good = gained <= GROWTH_LIMIT && descriptors[1] <= descriptors[0] && threads[1] <= threads[0] + GROWTH_THREADS;
  printf ("%s: %s: %u rounds, %u of them to warm up; resident %.1f MiB, then %.1f MiB; by the line %+.2f MiB (%+.0f bytes a round; at most %.0f MiB); in use %.1f MiB, then %.1f MiB, %+.0f bytes a round; descriptors %u, then %u; threads %u, then %u\n",
          good ? "ok" : "GROWS", growth->name, growth->total, growth->warm, (double) samples[0].resident / (1 << 20), (double) samples[n - 1].resident / (1 << 20), gained / (1 << 20),
          gained / (growth->total - growth->warm), (double) GROWTH_LIMIT / (1 << 20), (double) samples[0].used / (1 << 20), (double) samples[n - 1].used / (1 << 20), get_slope (samples, n, TRUE), descriptors[0], descriptors[1], threads[0], threads[1]);
  fflush (stdout);
  g_array_free (growth->samples, TRUE);
  return good;
}
