#include "engine-support.h"

#include <glib/gstdio.h>
#include <math.h>

#include "core/encoder/team.h"
#include "core/model/safetensors.h"
#include "io/png.h"

/* Generous: a sanitizer on a busy machine. */
#define WATCHDOG_SECONDS 600

DinoscopeModel *
support_load_demonstration (DinoscopeEngine *engine)
{
  g_autoptr (GError) error = NULL;
  g_autofree char   *path = dinoscope_data_path ("models", "demo", NULL);
  DinoscopeModel    *model = dinoscope_engine_load_model (engine, path, NULL, NULL, &error);

  g_assert_no_error (error);
  return model;
}

DinoscopeStudy *
support_open_example (DinoscopeEngine *engine)
{
  g_autoptr (GError) error = NULL;
  g_autofree char   *path = dinoscope_data_path ("examples", "chest-01.png", NULL);
  g_autoptr (GFile)  file = g_file_new_for_path (path);
  DinoscopeStudy    *study = dinoscope_engine_open (engine, file, NULL, FALSE, NULL, &error);

  g_assert_no_error (error);
  return study;
}

DinoscopeModel *
support_load_checkpoint (DinoscopeEngine *engine, const char *name)
{
  g_autoptr (GError) error = NULL;
  g_autofree char   *folder = test_data ("golden/checkpoint");
  g_autofree char   *path = g_build_filename (folder, name, NULL);
  DinoscopeModel    *model = dinoscope_engine_load_model (engine, path, NULL, NULL, &error);

  g_assert_no_error (error);
  return model;
}

char *
support_make_folder (void)
{
  g_autoptr (GError) error = NULL;
  char              *folder = g_dir_make_tmp ("dinoscope-XXXXXX", &error);

  g_assert_no_error (error);
  return folder;
}

void
support_remove_tree (const char *path)
{
  g_autoptr (GDir) folder = g_file_test (path, G_FILE_TEST_IS_SYMLINK) ? NULL : g_dir_open (path, 0, NULL);
  const char      *name;

  while (folder != NULL && (name = g_dir_read_name (folder)) != NULL)
    {
      g_autofree char *child = g_build_filename (path, name, NULL);

      support_remove_tree (child);
    }
  g_remove (path);
}

void
support_write_text (const char *folder, const char *name, const char *text)
{
  g_autoptr (GError) error = NULL;
  g_autofree char   *path = g_build_filename (folder, name, NULL);
  g_autofree char   *parent = g_path_get_dirname (path);

  g_assert_cmpint (g_mkdir_with_parents (parent, 0755), ==, 0);
  /* Without the syncing that g_file_set_contents() does; GLib 2.74 does not shorten a file then. */
  g_remove (path);
  g_file_set_contents_full (path, text, -1, G_FILE_SET_CONTENTS_NONE, 0644, &error);
  g_assert_no_error (error);
}

static int
formula (int x, int y)
{
  return (7 * x + 13 * y + ((x * y) >> 3) + ((x * x + 3 * y * y) >> 7)) & 255;
}

void
support_write_formula (const char *path, int width, int height)
{
  g_autofree guint8  *samples = g_malloc ((gsize) width * height);
  struct dino_error   failure = { 0 };
  struct dino_output *output = dino_output_new (path, &failure);

  for (int y = 0; y < height; y++)
    for (int x = 0; x < width; x++)
      samples[y * width + x] = (guint8) formula (x, y);
  dino_png_write (output, samples, width, height, 1, &failure);
  dino_output_commit (output, &failure);
  g_assert_cmpstr (failure.message, ==, "");
}

DinoscopeStudy *
support_open_formula (DinoscopeEngine *engine, int width, int height)
{
  g_autoptr (GError) error = NULL;
  g_autofree char   *folder = support_make_folder ();
  g_autofree char   *path = g_build_filename (folder, "formula.png", NULL);
  g_autoptr (GFile)  file = g_file_new_for_path (path);
  DinoscopeStudy    *study;

  support_write_formula (path, width, height);
  study = dinoscope_engine_open (engine, file, NULL, FALSE, NULL, &error);
  g_assert_no_error (error);
  support_remove_tree (folder);
  return study;
}

struct dino_picture *
support_deep_picture (int width, int height)
{
  struct dino_picture *picture = dino_picture_new (width, height, 1, 16, NULL);

  g_assert_nonnull (picture);
  for (int y = 0; y < height; y++)
    for (int x = 0; x < width; x++)
      picture->samples16[y * width + x] = (guint16) (16 * formula (x, y) + formula (y, x));
  g_assert_true (dino_picture_measure (picture, NULL));
  return picture;
}

float *
support_read_expected (const char *test_case, const char *tensor, gsize *n)
{
  g_autofree char          *folder = test_data ("golden");
  g_autofree char          *path = g_build_filename (folder, test_case, "expected.safetensors", NULL);
  struct dino_error         failure = { 0 };
  struct dino_safetensors  *file = dino_safetensors_open (path, &failure);
  const struct dino_tensor *found;
  float                    *values;

  g_assert_cmpstr (failure.message, ==, "");
  found = dino_safetensors_find (file, tensor);
  g_assert_nonnull (found);
  *n = found->n_elements;
  values = g_new (float, *n);
  g_assert_true (dino_safetensors_read (file, found, 0, *n, values, &failure));
  dino_safetensors_free (file);
  return values;
}

double
support_largest_difference (const float *a, const float *b, gsize n)
{
  double largest = 0;

  for (gsize i = 0; i < n; i++)
    {
      g_assert_true (isfinite (a[i]));
      largest = MAX (largest, fabs ((double) a[i] - b[i]));
    }
  return largest;
}

void
support_reply_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  SupportReply *reply = data;

  reply->n_calls++;
  g_set_object (&reply->result, result);
}

static gboolean
give_up_cb (gpointer data)
{
  g_error ("nothing came back in %d s", WATCHDOG_SECONDS);
  return G_SOURCE_REMOVE;
}

GAsyncResult *
support_wait (SupportReply *reply)
{
  guint watchdog = g_timeout_add_seconds (WATCHDOG_SECONDS, give_up_cb, NULL);

  while (reply->result == NULL)
    g_main_context_iteration (NULL, TRUE);
  g_source_remove (watchdog);
  return reply->result;
}

void
support_reply_clear (SupportReply *reply)
{
  g_clear_object (&reply->result);
}

static void
gate_job (DinoscopeEngine *engine, DinoscopeJob *job)
{
  SupportGate *gate = job->data;

  g_mutex_lock (&gate->lock);
  gate->reached = TRUE;
  g_cond_broadcast (&gate->changed);
  while (gate->closed)
    g_cond_wait (&gate->changed, &gate->lock);
  gate->passed = TRUE;
  g_cond_broadcast (&gate->changed);
  g_mutex_unlock (&gate->lock);
}

void
support_gate_close (SupportGate *gate, DinoscopeEngine *engine, DinoscopeLane lane)
{
  *gate = (SupportGate){ .closed = TRUE };
  g_mutex_init (&gate->lock);
  g_cond_init (&gate->changed);
  dinoscope_engine_push_work (engine, lane, gate_job, gate, NULL);
  g_mutex_lock (&gate->lock);
  while (!gate->reached)
    g_cond_wait (&gate->changed, &gate->lock);
  g_mutex_unlock (&gate->lock);
}

void
support_gate_open (SupportGate *gate)
{
  g_mutex_lock (&gate->lock);
  gate->closed = FALSE;
  g_cond_broadcast (&gate->changed);
  while (!gate->passed)
    g_cond_wait (&gate->changed, &gate->lock);
  g_mutex_unlock (&gate->lock);
  g_cond_clear (&gate->changed);
  g_mutex_clear (&gate->lock);
}

static gboolean
turned_cb (gpointer data)
{
  SupportBrake *brake = data;

  g_mutex_lock (&brake->lock);
  brake->turned = TRUE;
  g_cond_broadcast (&brake->changed);
  g_mutex_unlock (&brake->lock);
  return G_SOURCE_REMOVE;
}

/* The team's callers take turns: the encoder's next loop waits for this one. */
static void
brake_item (void *data, gsize item, int thread)
{
  SupportBrake *brake = data;
  GSource      *source = g_idle_source_new ();

  g_mutex_lock (&brake->lock);
  brake->turned = FALSE;
  g_mutex_unlock (&brake->lock);
  g_source_set_priority (source, G_PRIORITY_LOW);
  g_source_set_callback (source, turned_cb, brake, NULL);
  g_source_attach (source, NULL);
  g_mutex_lock (&brake->lock);
  while (!brake->turned && !brake->stopped)
    g_cond_wait (&brake->changed, &brake->lock);
  g_mutex_unlock (&brake->lock);
  g_source_destroy (source);
  g_source_unref (source);
}

static gpointer
brake_thread (gpointer data)
{
  SupportBrake *brake = data;
  gboolean      stopped = FALSE;

  while (!stopped)
    {
      dino_team_run (brake->engine->team, 1, brake_item, brake, NULL, 0, 1);
      g_mutex_lock (&brake->lock);
      stopped = brake->stopped;
      g_mutex_unlock (&brake->lock);
    }
  return NULL;
}

void
support_brake_start (SupportBrake *brake, DinoscopeEngine *engine)
{
  *brake = (SupportBrake){ .engine = engine };
  g_mutex_init (&brake->lock);
  g_cond_init (&brake->changed);
  brake->thread = g_thread_new ("brake", brake_thread, brake);
}

void
support_brake_stop (SupportBrake *brake)
{
  g_mutex_lock (&brake->lock);
  brake->stopped = TRUE;
  g_cond_broadcast (&brake->changed);
  g_mutex_unlock (&brake->lock);
  g_thread_join (brake->thread);
  g_cond_clear (&brake->changed);
  g_mutex_clear (&brake->lock);
}
