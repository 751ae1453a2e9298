/* Precision and threads: chosen in the preferences, changed while a picture is
 * open, and never silently another one than what was asked for. */
#include <glib/gstdio.h>

#include "window-fixture.h"

#include "app/dinoscope-precision-row.h"
#include "app/dinoscope-preferences.h"
#include "core/encoder/calibration.h"

static DinoscopeSession *
get_session (WindowFixture *fixture)
{
  return dinoscope_application_get_session (fixture->application);
}

static DinoscopeModel *
get_model (WindowFixture *fixture)
{
  return dinoscope_session_get_model (get_session (fixture));
}

static gboolean
is_settled (WindowFixture *fixture)
{
  return get_model (fixture) != NULL && dinoscope_session_get_loading (get_session (fixture)) == NULL;
}

static gboolean
can_reduce (void)
{
  if (dino_precision_isa (DINO_PRECISION_BF16, dino_isa_detect (), NULL))
    return TRUE;
  g_test_skip ("this processor computes in float32 only");
  return FALSE;
}

static void
ask_for (const char *precision)
{
  g_autoptr (GSettings) settings = g_settings_new ("io.github.dinoscope.Dinoscope");

  g_assert_true (g_settings_set_string (settings, "precision", precision));
}

static void
assert_asked_for (const char *precision)
{
  g_autoptr (GSettings) settings = g_settings_new ("io.github.dinoscope.Dinoscope");
  g_autofree char      *now = g_settings_get_string (settings, "precision");

  g_assert_cmpstr (now, ==, precision);
}

static void
assert_no_choice_of_model (void)
{
  g_autoptr (GSettings) settings = g_settings_new ("io.github.dinoscope.Dinoscope");
  g_autofree char      *model = g_settings_get_string (settings, "model");

  g_assert_cmpstr (model, ==, "");
}

/* Everywhere that the window tells of its encoder. */
static void
assert_told (WindowFixture *fixture, const char *precision)
{
  g_autofree char *text = dinoscope_model_describe (get_model (fixture));

  g_assert_cmpstr (dinoscope_model_get_precision (get_model (fixture)), ==, precision);
  g_assert_nonnull (strstr (text, precision));
  g_assert_nonnull (strstr (text, dinoscope_model_get_instruction_set (get_model (fixture))));
  g_assert_cmpstr (adw_window_title_get_subtitle (fixture->window->window_title), ==, text);
  g_assert_cmpstr (gtk_label_get_text (fixture->window->model_label), ==, text);
}

static gboolean
has_label (GtkWidget *root, const char *text)
{
  if (GTK_IS_LABEL (root) && g_str_equal (gtk_label_get_text (GTK_LABEL (root)), text))
    return TRUE;
  for (GtkWidget *child = gtk_widget_get_first_child (root); child != NULL; child = gtk_widget_get_next_sibling (child))
    if (has_label (child, text))
      return TRUE;
  return FALSE;
}

/* The recipe of the map, which the panel has. */
static void
assert_in_recipe (WindowFixture *fixture)
{
  GtkWidget       *panel = GTK_WIDGET (fixture->window->panel);
  DinoscopeModel  *model = get_model (fixture);
  g_autofree char *text = g_strdup_printf ("%s, %s", dinoscope_model_get_precision (model), dinoscope_model_get_instruction_set (model));
  const char      *calibration = dinoscope_model_get_calibration_sha256 (model);

  g_assert_true (has_label (panel, text));
  g_assert_true (has_label (panel, dinoscope_model_get_title (model)));
  g_assert_true (calibration == NULL || has_label (panel, calibration));
}

static DinoscopePreferences *
find_preferences (void)
{
  GListModel *toplevels = gtk_window_get_toplevels ();

  for (guint i = 0; i < g_list_model_get_n_items (toplevels); i++)
    {
      g_autoptr (GtkWindow) other = g_list_model_get_item (toplevels, i);

      if (DINOSCOPE_IS_PREFERENCES (other))
        return DINOSCOPE_PREFERENCES (other);
    }
  return NULL;
}

static DinoscopePreferences *
show_preferences (WindowFixture *fixture)
{
  g_action_group_activate_action (G_ACTION_GROUP (fixture->application), "preferences", NULL);
  g_assert_nonnull (find_preferences ());
  return find_preferences ();
}

static DinoscopePrecisionRow *
find_row (GtkWidget *root, enum dino_precision precision)
{
  if (DINOSCOPE_IS_PRECISION_ROW (root) && dinoscope_precision_row_get_precision (DINOSCOPE_PRECISION_ROW (root)) == precision)
    return DINOSCOPE_PRECISION_ROW (root);
  for (GtkWidget *child = gtk_widget_get_first_child (root); child != NULL; child = gtk_widget_get_next_sibling (child))
    {
      DinoscopePrecisionRow *found = find_row (child, precision);

      if (found != NULL)
        return found;
    }
  return NULL;
}

static void
choose (DinoscopePreferences *preferences, enum dino_precision precision)
{
  gtk_widget_activate (GTK_WIDGET (find_row (GTK_WIDGET (preferences), precision)));
}

static void
assert_selected (DinoscopePreferences *preferences, enum dino_precision precision)
{
  for (int i = 0; i < DINO_N_PRECISIONS; i++)
    g_assert_cmpint (dinoscope_precision_row_get_selected (find_row (GTK_WIDGET (preferences), (enum dino_precision) i)), ==, i == (int) precision);
}

/* The picture stays, the map is made anew, and the choice is remembered. */
static void
test_choose (WindowFixture *fixture)
{
  DinoscopePage             *page = window_fixture_show_example (fixture, "chest-01.png");
  g_autoptr (DinoscopeStudy) study = g_object_ref (dinoscope_page_get_study (page));
  DinoscopePreferences      *preferences = show_preferences (fixture);

  assert_selected (preferences, DINO_PRECISION_FP32);
  assert_told (fixture, "fp32");
  assert_in_recipe (fixture);
  g_assert_true (show_preferences (fixture) == preferences);
  if (!can_reduce ())
    return;
  for (int i = DINO_N_PRECISIONS - 1; i >= 0; i--)
    {
      const char *name = dino_precision_name ((enum dino_precision) i);

      choose (preferences, (enum dino_precision) i);
      assert_asked_for (name);
      assert_selected (preferences, (enum dino_precision) i);
      window_fixture_wait (fixture, is_settled);
      window_fixture_wait (fixture, window_is_encoded);
      window_fixture_wait (fixture, window_has_map);
      assert_told (fixture, name);
      assert_in_recipe (fixture);
      g_assert_true (dinoscope_page_get_study (page) == study);
      g_assert_true (dinoscope_features_get_model (dinoscope_page_get_features (page)) == get_model (fixture));
      g_assert_false (gtk_revealer_get_reveal_child (fixture->window->banner) && !gtk_widget_get_visible (fixture->window->banner_help));
    }
  assert_no_choice_of_model ();
}

static void
lower_and_ask (void)
{
  g_setenv ("DINOSCOPE_ISA", "generic", TRUE);
  ask_for ("bf16");
}

/* Said in the banner and in the preferences, until float32 is what is asked for. */
static void
test_fall_back (WindowFixture *fixture)
{
  DinoscopePreferences  *preferences;
  DinoscopePrecisionRow *row;
  DinoscopeModel        *model;
  const char            *told;

  window_fixture_show_example (fixture, "chest-01.png");
  g_setenv ("DINOSCOPE_ISA", "", TRUE);
  model = get_model (fixture);
  assert_told (fixture, "fp32");
  g_assert_cmpstr (dinoscope_model_get_instruction_set (model), ==, "generic");
  g_assert_true (gtk_revealer_get_reveal_child (fixture->window->banner));
  g_assert_false (gtk_widget_get_visible (fixture->window->banner_help));
  told = gtk_label_get_text (fixture->window->banner_label);
  g_assert_true (g_str_has_prefix (told, "The encoder computes in float32 instead of bf16: "));
  g_assert_nonnull (strstr (told, "AVX-512 BF16 and VNNI; this one offers generic."));

  preferences = show_preferences (fixture);
  assert_selected (preferences, DINO_PRECISION_BF16);
  row = find_row (GTK_WIDGET (preferences), DINO_PRECISION_BF16);
  g_assert_false (gtk_list_box_row_get_activatable (GTK_LIST_BOX_ROW (row)));
  g_assert_nonnull (strstr (adw_action_row_get_subtitle (ADW_ACTION_ROW (row)), "this one offers generic."));

  /* Another one that is impossible: said anew, nothing is loaded again. */
  ask_for ("int8");
  told = gtk_label_get_text (fixture->window->banner_label);
  g_assert_true (g_str_has_prefix (told, "The encoder computes in float32 instead of int8: int8 needs "));
  assert_selected (preferences, DINO_PRECISION_INT8);
  choose (preferences, DINO_PRECISION_FP32);
  assert_asked_for ("fp32");
  g_assert_null (dinoscope_session_get_precision_problem (get_session (fixture)));
  told = gtk_label_get_text (fixture->window->banner_label);
  g_assert_false (gtk_revealer_get_reveal_child (fixture->window->banner) && strstr (told, "float32") != NULL);
  g_assert_true (is_settled (fixture));
  g_assert_true (get_model (fixture) == model);
}

/* The last choice counts, however fast they come. */
static void
test_newest_choice (WindowFixture *fixture)
{
  DinoscopeModel *first;

  window_fixture_show_example (fixture, "chest-01.png");
  if (!can_reduce ())
    return;
  first = get_model (fixture);
  ask_for ("bf16");
  g_assert_false (is_settled (fixture));
  ask_for ("int8");
  ask_for ("fp32");
  /* What is in use already is not loaded again. */
  g_assert_true (is_settled (fixture));
  g_assert_true (get_model (fixture) == first);
  ask_for ("int8");
  ask_for ("bf16");
  window_fixture_wait (fixture, is_settled);
  window_fixture_wait (fixture, window_is_encoded);
  assert_told (fixture, "bf16");
  assert_no_choice_of_model ();
}

/* Another model on its way keeps being a choice when the precision changes meanwhile. */
static void
test_choice_of_model_survives (WindowFixture *fixture)
{
  g_autofree char      *deep = test_data ("golden/checkpoint/tiny-deep-1");
  g_autofree char      *now = NULL;
  g_autoptr (GSettings) settings = g_settings_new ("io.github.dinoscope.Dinoscope");

  window_fixture_wait (fixture, is_settled);
  if (!can_reduce ())
    return;
  dinoscope_session_switch_model (get_session (fixture), deep, deep, DINOSCOPE_MODEL_SOURCE_SETTING);
  ask_for ("bf16");
  g_assert_cmpstr (dinoscope_session_get_loading (get_session (fixture)), ==, deep);
  window_fixture_wait (fixture, is_settled);
  assert_told (fixture, "bf16");
  g_assert_cmpstr (dinoscope_model_get_path (get_model (fixture)), ==, deep);
  now = g_settings_get_string (settings, "model");
  g_assert_cmpstr (now, ==, deep);
}

static void
copy_checkpoint (WindowFixture *fixture, const char *name)
{
  static const char *const files[] = { "config.json", "model.safetensors", "preprocessor_config.json" };

  for (gsize i = 0; i < G_N_ELEMENTS (files); i++)
    {
      g_autofree char  *folder = g_build_filename ("golden", "checkpoint", name, files[i], NULL);
      g_autofree char  *from_path = test_data (folder);
      g_autofree char  *to_path = g_build_filename (fixture->folder, files[i], NULL);
      g_autoptr (GFile) from = g_file_new_for_path (from_path), to = g_file_new_for_path (to_path);

      g_assert_true (g_file_copy (from, to, G_FILE_COPY_NONE, NULL, NULL, NULL, NULL));
    }
}

/* A model that 8 bits cannot be made of, whatever the processor. */
static void
test_fails_in_8_bits (WindowFixture *fixture)
{
  g_autoptr (GFile) bad = NULL;

  window_fixture_show_example (fixture, "chest-01.png");
  if (!can_reduce ())
    return;
  copy_checkpoint (fixture, "tiny-registers-1");
  bad = window_fixture_write (fixture, DINO_CALIBRATION_FILE, "nonsense", 8);
  ask_for ("int8");
  window_fixture_wait (fixture, is_settled);
  assert_told (fixture, "int8");
  dinoscope_session_switch_model (get_session (fixture), fixture->folder, fixture->folder, DINOSCOPE_MODEL_SOURCE_SETTING);
  window_fixture_wait (fixture, is_settled);
  assert_told (fixture, "fp32");
  g_assert_cmpstr (dinoscope_model_get_path (get_model (fixture)), ==, fixture->folder);
  g_assert_true (g_str_has_prefix (gtk_label_get_text (fixture->window->banner_label), "The encoder computes in float32 instead of int8: "));
  g_assert_nonnull (strstr (gtk_label_get_text (fixture->window->banner_label), DINO_CALIBRATION_FILE));
  ask_for ("bf16");
  window_fixture_wait (fixture, is_settled);
  assert_told (fixture, "bf16");
  g_assert_null (dinoscope_session_get_precision_problem (get_session (fixture)));
}

/* Weights that are gone: what is loaded stays, and that is said. */
static void
test_weights_are_gone (WindowFixture *fixture)
{
  g_autofree char *weights = g_build_filename (fixture->folder, "model.safetensors", NULL);
  DinoscopeModel  *model;

  window_fixture_wait (fixture, is_settled);
  if (!can_reduce ())
    return;
  copy_checkpoint (fixture, "tiny-1");
  dinoscope_session_switch_model (get_session (fixture), fixture->folder, fixture->folder, DINOSCOPE_MODEL_SOURCE_SETTING);
  window_fixture_wait (fixture, is_settled);
  model = get_model (fixture);
  g_assert_cmpint (g_remove (weights), ==, 0);
  ask_for ("bf16");
  window_fixture_wait (fixture, is_settled);
  g_assert_true (get_model (fixture) == model);
  assert_told (fixture, "fp32");
  g_assert_nonnull (strstr (gtk_label_get_text (fixture->window->banner_label), "float32 instead of bf16"));
  g_assert_nonnull (strstr (gtk_label_get_text (fixture->window->banner_label), "model.safetensors"));
}

/* Features of one precision are never found under another. */
static void
test_cache_key (WindowFixture *fixture)
{
  DinoscopePage   *page = window_fixture_show_example (fixture, "chest-01.png");
  DinoscopeStudy  *study = dinoscope_page_get_study (page);
  g_autofree char *float32 = dinoscope_features_cache_key (study, get_model (fixture));
  g_autofree char *reduced = NULL;

  if (!can_reduce ())
    return;
  ask_for ("bf16");
  window_fixture_wait (fixture, is_settled);
  reduced = dinoscope_features_cache_key (study, get_model (fixture));
  g_assert_cmpstr (float32, !=, reduced);
  g_assert_null (dinoscope_features_cache_lookup (dinoscope_session_get_cache (get_session (fixture)), float32));
}

static void
remove_tree (const char *path)
{
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  const char      *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *child = g_build_filename (path, name, NULL);

      remove_tree (child);
    }
  g_remove (path);
}

/* A cache of this case's own, empty. */
static char *usual_cache, *own_cache;

static void
keep_packed (void)
{
  g_autoptr (GSettings) settings = g_settings_new ("io.github.dinoscope.Dinoscope");

  usual_cache = g_strdup (g_getenv ("XDG_CACHE_HOME"));
  own_cache = g_dir_make_tmp ("dinoscope-cache-XXXXXX", NULL);
  g_setenv ("XDG_CACHE_HOME", own_cache, TRUE);
  g_settings_set_boolean (settings, "packed-cache", TRUE);
}

static guint
count_packed (void)
{
  g_autofree char *folder = g_build_filename (own_cache, "dinoscope", "packed", NULL);
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char      *name;
  guint            n = 0;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    n += g_str_has_suffix (name, ".pack");
  return n;
}

static gboolean
has_packed (WindowFixture *fixture)
{
  return count_packed () > 0;
}

/* Kept from the next loading on, and no longer when it is switched off. */
static void
test_packed_cache (WindowFixture *fixture)
{
  g_autoptr (GSettings) settings = g_settings_new ("io.github.dinoscope.Dinoscope");
  g_autofree char      *tiny = test_data ("golden/checkpoint/tiny-1");
  GtkSwitch            *packed;

  window_fixture_wait (fixture, is_settled);
  window_fixture_wait (fixture, has_packed);
  packed = GTK_SWITCH (window_fixture_find (GTK_WIDGET (show_preferences (fixture)), GTK_TYPE_SWITCH));
  g_assert_true (gtk_switch_get_active (packed));
  gtk_switch_set_active (packed, FALSE);
  g_assert_false (g_settings_get_boolean (settings, "packed-cache"));
  dinoscope_session_switch_model (get_session (fixture), tiny, tiny, DINOSCOPE_MODEL_SOURCE_SETTING);
  window_fixture_wait (fixture, is_settled);
  while (dinoscope_model_peek_sha256 (get_model (fixture)) == NULL)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpuint (count_packed (), ==, 1);
  remove_tree (own_cache);
  g_setenv ("XDG_CACHE_HOME", usual_cache, TRUE);
  g_clear_pointer (&own_cache, g_free);
  g_clear_pointer (&usual_cache, g_free);
}

static void
ask_for_one_thread (void)
{
  g_autoptr (GSettings) settings = g_settings_new ("io.github.dinoscope.Dinoscope");

  g_settings_set_uint (settings, "threads", 1);
}

static void
ask_for_many_threads (void)
{
  g_autoptr (GSettings) settings = g_settings_new ("io.github.dinoscope.Dinoscope");

  g_settings_set_uint (settings, "threads", 1024);
}

static void
test_one_thread (WindowFixture *fixture)
{
  g_autoptr (GSettings) settings = g_settings_new ("io.github.dinoscope.Dinoscope");
  GtkSpinButton        *spin = GTK_SPIN_BUTTON (window_fixture_find (GTK_WIDGET (show_preferences (fixture)), GTK_TYPE_SPIN_BUTTON));

  g_assert_cmpuint (dinoscope_engine_get_threads (dinoscope_session_get_engine (get_session (fixture))), ==, 1);
  g_assert_cmpfloat (gtk_spin_button_get_value (spin), ==, 1);
  gtk_spin_button_set_value (spin, 0);
  g_assert_cmpuint (g_settings_get_uint (settings, "threads"), ==, 0);
}

/* A number that another machine had: not more than there are, and kept. */
static void
test_many_threads (WindowFixture *fixture)
{
  g_autoptr (GSettings) settings = g_settings_new ("io.github.dinoscope.Dinoscope");

  show_preferences (fixture);
  g_assert_cmpuint (dinoscope_engine_get_threads (dinoscope_session_get_engine (get_session (fixture))), ==, (guint) dino_cpu_threads ());
  g_assert_cmpuint (g_settings_get_uint (settings, "threads"), ==, 1024);
}

int
main (int argc, char *argv[])
{
  if (!window_fixture_init (&argc, &argv))
    return 0;
  window_fixture_add ("/window/precision/choose", NULL, test_choose);
  window_fixture_add_prepared ("/window/precision/fall-back", NULL, lower_and_ask, test_fall_back);
  window_fixture_add ("/window/precision/newest-choice", NULL, test_newest_choice);
  window_fixture_add ("/window/precision/choice-of-model-survives", NULL, test_choice_of_model_survives);
  window_fixture_add ("/window/precision/fails-in-8-bits", NULL, test_fails_in_8_bits);
  window_fixture_add ("/window/precision/weights-are-gone", NULL, test_weights_are_gone);
  window_fixture_add ("/window/precision/cache-key", NULL, test_cache_key);
  window_fixture_add_prepared ("/window/precision/packed-cache", NULL, keep_packed, test_packed_cache);
  window_fixture_add_prepared ("/window/precision/one-thread", NULL, ask_for_one_thread, test_one_thread);
  window_fixture_add_prepared ("/window/precision/many-threads", NULL, ask_for_many_threads, test_many_threads);
  return g_test_run ();
}
