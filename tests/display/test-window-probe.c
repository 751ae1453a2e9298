/* A head in the window: scores are the command line's, and each shows where it comes from. */
#include "window-fixture.h"

#include <jansson.h>
#include <string.h>

#include "app/dinoscope-probe-group.h"
#include "app/dinoscope-probe-row.h"
#include "core/base/memory.h"
#include "io/head-file.h"

/* The name of a class: what a file says is neither markup nor a format. */
#define WORDS "<b>front</b> &amp; <ap> %n%s"

static DinoscopeProbeGroup *
get_group (WindowFixture *fixture)
{
  return DINOSCOPE_PROBE_GROUP (window_fixture_find (GTK_WIDGET (fixture->window), DINOSCOPE_TYPE_PROBE_GROUP));
}

static DinoscopeProbe *
get_probe (WindowFixture *fixture)
{
  return dinoscope_probe_group_get_probe (get_group (fixture));
}

static gboolean
has_scores (WindowFixture *fixture)
{
  return dinoscope_probe_get_scores (get_probe (fixture)) != NULL;
}

static gboolean
has_problem (WindowFixture *fixture)
{
  return *dinoscope_probe_get_problem (get_probe (fixture)) != '\0';
}

static gboolean
has_list (WindowFixture *fixture)
{
  return dinoscope_probe_get_list_path (get_probe (fixture)) != NULL;
}

/* A head of two classes on the demonstration encoder's features. (transfer full) */
static GFile *
write_head (WindowFixture *fixture, const char *name, enum dino_head_features features, size_t width, const char *sha256)
{
  struct dino_head *head = dino_head_new (2, width, NULL);
  GFile            *file = window_fixture_child (fixture, name);

  for (size_t i = 0; i < 2 * width; i++)
    head->weight[i] = (float) ((int) (i * 7 % 11) - 5) / 40;
  head->bias[1] = 0.25f;
  head->features = features;
  head->task = DINO_HEAD_CLASSIFY;
  head->model_sha256 = sha256 != NULL ? dino_strdup (sha256, NULL) : NULL;
  g_assert_true (dino_head_set_class (head, 0, WORDS, NULL));
  g_assert_true (dino_head_set_class (head, 1, "back", NULL));
  g_assert_true (dino_head_write (g_file_peek_path (file), head, NULL, 0, NULL));
  dino_head_free (head);
  return file;
}

static size_t
n_channels (DinoscopePage *page)
{
  return dinoscope_model_get_n_channels (dinoscope_features_get_model (dinoscope_page_get_features (page)));
}

/* What the command line says of the bundled film. */
static double
ask_command_line (GFile *head, const char *class)
{
  g_autoptr (GFile)  film = window_fixture_example ("chest-01.png");
  const char        *command[] = { g_getenv ("DINOSCOPE_CLI"), "--quiet", "--json", "probe", "apply", g_file_peek_path (film), "--head", g_file_peek_path (head), NULL };
  g_autofree char   *output = NULL;
  g_autoptr (GError) error = NULL;
  int                status = -1;
  json_t            *report;
  double             score;

  g_assert_true (g_spawn_sync (NULL, (char **) command, NULL, G_SPAWN_DEFAULT, NULL, NULL, &output, NULL, &status, &error));
  g_assert_true (g_spawn_check_wait_status (status, &error));
  report = json_loads (output, 0, NULL);
  score = json_real_value (json_object_get (json_object_get (json_array_get (json_object_get (report, "pictures"), 0), "scores"), class));
  json_decref (report);
  return score;
}

static void
test_scores (WindowFixture *fixture)
{
  DinoscopePage       *page = window_fixture_show_example (fixture, "chest-01.png");
  g_autoptr (GFile)    file = write_head (fixture, "head.safetensors", DINO_HEAD_CLS_MEAN, 2 * n_channels (page), NULL);
  DinoscopeProbeGroup *group = get_group (fixture);
  g_autofree char     *expected = g_strdup_printf ("%.3f", ask_command_line (file, "back"));
  double               first;

  g_assert_null (dinoscope_probe_group_get_row (group, 0));
  dinoscope_probe_group_load (group, file);
  window_fixture_wait (fixture, has_scores);
  g_assert_cmpstr (dinoscope_probe_row_get_text (DINOSCOPE_PROBE_ROW (dinoscope_probe_group_get_row (group, 1))), ==, expected);
  g_assert_null (dinoscope_probe_group_get_row (group, 2));
  first = dinoscope_probe_get_scores (get_probe (fixture))[0];
  g_assert_cmpfloat_with_epsilon (first + dinoscope_probe_get_scores (get_probe (fixture))[1], 1, 1e-12);

  /* Another picture has others, and a head that is closed has none. */
  window_fixture_show_example (fixture, "chest-02.png");
  window_fixture_wait (fixture, has_scores);
  g_assert_cmpfloat (dinoscope_probe_get_scores (get_probe (fixture))[0], !=, first);
  dinoscope_probe_unload (get_probe (fixture));
  g_assert_null (dinoscope_probe_group_get_row (group, 0));
  g_assert_false (has_scores (fixture));
}

/* Of another encoder, and of features that this one does not have. */
static void
test_refused (WindowFixture *fixture)
{
  DinoscopePage    *page = window_fixture_show_example (fixture, "chest-01.png");
  g_autoptr (GFile) other = write_head (fixture, "other.safetensors", DINO_HEAD_CLS, n_channels (page), "abcd");
  g_autoptr (GFile) wide = write_head (fixture, "wide.safetensors", DINO_HEAD_CLS, n_channels (page) + 1, NULL);
  g_autoptr (GFile) broken = window_fixture_write (fixture, "broken.safetensors", "no", 2);

  dinoscope_probe_group_load (get_group (fixture), other);
  window_fixture_wait (fixture, has_problem);
  g_assert_nonnull (strstr (dinoscope_probe_get_problem (get_probe (fixture)), "another encoder"));
  g_assert_false (has_scores (fixture));
  dinoscope_probe_unload (get_probe (fixture));
  dinoscope_probe_group_load (get_group (fixture), wide);
  window_fixture_wait (fixture, has_problem);
  g_assert_nonnull (strstr (dinoscope_probe_get_problem (get_probe (fixture)), "weights a class"));

  /* A file that is no head leaves the one that is open. */
  dinoscope_probe_group_load (get_group (fixture), broken);
  for (int i = 0; i < 50; i++)
    {
      g_main_context_iteration (NULL, FALSE);
      g_usleep (2000);
    }
  g_assert_cmpstr (dinoscope_probe_get_path (get_probe (fixture)), ==, g_file_peek_path (wide));
}

static void
test_training_list (WindowFixture *fixture)
{
  const char        text[] = "dataset,path\nhannover,images/chest-01.dcm\nhannover,chest-02.jpg\n";
  g_autoptr (GFile) list = window_fixture_write (fixture, "training_images.csv", text, strlen (text));

  window_fixture_show_example (fixture, "chest-02.png");
  g_assert_false (dinoscope_probe_was_trained_on (get_probe (fixture)));
  dinoscope_probe_group_load_list (get_group (fixture), list);
  window_fixture_wait (fixture, has_list);
  g_assert_true (dinoscope_probe_was_trained_on (get_probe (fixture)));
  window_fixture_show_example (fixture, "chest-03.png");
  g_assert_false (dinoscope_probe_was_trained_on (get_probe (fixture)));
}

/* A map that is to be guessed has no score either. */
static void
test_concealed (WindowFixture *fixture)
{
  DinoscopePage    *page = window_fixture_show_example (fixture, "chest-01.png");
  g_autoptr (GFile) file = write_head (fixture, "head.safetensors", DINO_HEAD_CLS, n_channels (page), NULL);

  dinoscope_probe_group_load (get_group (fixture), file);
  window_fixture_wait (fixture, has_scores);
  g_object_set (dinoscope_window_get_settings (fixture->window), "guess-first", TRUE, NULL);
  window_fixture_open (fixture, window_fixture_example ("chest-02.png"));
  window_fixture_wait (fixture, window_is_encoded);
  g_assert_true (dinoscope_page_is_concealed (dinoscope_window_get_page (fixture->window)));
  g_assert_false (has_scores (fixture));
  g_assert_false (dinoscope_probe_is_computing (get_probe (fixture)));
}

/* The button chooses the overlay, with this head and this class. */
static void
test_patches (WindowFixture *fixture)
{
  DinoscopePage            *page = window_fixture_show_example (fixture, "chest-01.png");
  g_autoptr (GFile)         file = write_head (fixture, "head.safetensors", DINO_HEAD_CLS_MEAN, 2 * n_channels (page), NULL);
  g_autoptr (GFile)         blind = write_head (fixture, "blind.safetensors", DINO_HEAD_CLS, n_channels (page), NULL);
  DinoscopeOverlaySettings *settings = dinoscope_window_get_settings (fixture->window);
  GtkWidget                *row;
  g_autoptr (GVariant)      weights = NULL;
  g_autoptr (GVariant) class = NULL;

  dinoscope_probe_group_load (get_group (fixture), file);
  window_fixture_wait (fixture, has_scores);
  row = dinoscope_probe_group_get_row (get_group (fixture), 1);
  g_signal_emit_by_name (window_fixture_find (row, GTK_TYPE_BUTTON), "clicked");
  g_assert_cmpstr (dinoscope_overlay_provider_get_id (dinoscope_overlay_settings_get_provider (settings)), ==, "linear-probe");
  weights = dinoscope_overlay_settings_dup_value (settings, "weights");
  class = dinoscope_overlay_settings_dup_value (settings, "class");
  g_assert_cmpstr (g_variant_get_string (weights, NULL), ==, g_file_peek_path (file));
  g_assert_cmpint (g_variant_get_int32 (class), ==, 1);
  window_fixture_wait (fixture, window_has_map);
  g_assert_nonnull (strstr (dinoscope_map_get_core (dinoscope_page_get_map (page))->title, "back"));

  dinoscope_probe_group_load (get_group (fixture), blind);
  while (g_strcmp0 (dinoscope_probe_get_path (get_probe (fixture)), g_file_peek_path (blind)) != 0)
    g_main_context_iteration (NULL, TRUE);
  row = dinoscope_probe_group_get_row (get_group (fixture), 1);
  g_assert_false (gtk_widget_get_sensitive (window_fixture_find (row, GTK_TYPE_BUTTON)));
}

/* Letter by letter in the row, in the map's title and in the parameter's row; a warning about markup would end the test. */
static void
test_words (WindowFixture *fixture)
{
  DinoscopePage    *page = window_fixture_show_example (fixture, "chest-01.png");
  g_autoptr (GFile) file = write_head (fixture, "<i>head & %n.safetensors", DINO_HEAD_CLS_MEAN, 2 * n_channels (page), NULL);
  GtkWidget        *row;

  dinoscope_probe_group_load (get_group (fixture), file);
  window_fixture_wait (fixture, has_scores);
  row = dinoscope_probe_group_get_row (get_group (fixture), 0);
  g_assert_true (window_fixture_shows (row, WORDS));
  g_signal_emit_by_name (window_fixture_find (row, GTK_TYPE_BUTTON), "clicked");
  window_fixture_wait (fixture, window_has_map);
  g_assert_nonnull (strstr (dinoscope_map_get_core (dinoscope_page_get_map (page))->title, WORDS));
  g_assert_true (window_fixture_shows (GTK_WIDGET (fixture->window), "<i>head & %n.safetensors"));
}

int
main (int argc, char **argv)
{
  if (!window_fixture_init (&argc, &argv))
    return 0;
  window_fixture_add ("/window-probe/scores", NULL, test_scores);
  window_fixture_add ("/window-probe/refused", NULL, test_refused);
  window_fixture_add ("/window-probe/training-list", NULL, test_training_list);
  window_fixture_add ("/window-probe/concealed", NULL, test_concealed);
  window_fixture_add ("/window-probe/patches", NULL, test_patches);
  window_fixture_add ("/window-probe/words", NULL, test_words);
  return g_test_run ();
}
