/* The guided tour by real keys, sent by xdotool: what each step shows, and that all comes back. */
#include "window-fixture.h"

#include <string.h>

static void
xdotool (const char *arguments)
{
  g_autofree char   *command = g_strconcat ("xdotool ", arguments, NULL);
  g_autofree char   *output = NULL;
  g_autoptr (GError) error = NULL;
  int                status;

  g_spawn_command_line_sync (command, &output, NULL, &status, &error);
  g_assert_no_error (error);
  g_assert_true (g_spawn_check_wait_status (status, NULL));
}

static gboolean
is_active (WindowFixture *fixture)
{
  return gtk_window_is_active (GTK_WINDOW (fixture->window));
}

/* There is no window manager that would give the focus. */
static void
focus_window (WindowFixture *fixture)
{
  g_autofree char *command = g_strdup_printf ("search --onlyvisible --pid %d windowfocus", (int) getpid ());

  xdotool (command);
  window_fixture_wait (fixture, is_active);
}

static gboolean
is_running (WindowFixture *fixture)
{
  return dinoscope_tour_is_running (fixture->window->tour);
}

static gboolean
has_ended (WindowFixture *fixture)
{
  return !is_running (fixture);
}

static guint wanted_step;

static gboolean
is_at_step (WindowFixture *fixture)
{
  return is_running (fixture) && dinoscope_tour_get_step (fixture->window->tour) == wanted_step;
}

static void
press_and_wait (WindowFixture *fixture, const char *key, guint step)
{
  xdotool (key);
  wanted_step = step;
  window_fixture_wait (fixture, is_at_step);
}

static DinoscopeOverlaySettings *
get_settings (WindowFixture *fixture)
{
  return dinoscope_window_get_settings (fixture->window);
}

static int
get_block (WindowFixture *fixture)
{
  g_autoptr (GVariant) block = dinoscope_overlay_settings_dup_value (get_settings (fixture), "block");

  return g_variant_get_int32 (block);
}

static int wanted_block;

static gboolean
is_at_block (WindowFixture *fixture)
{
  return get_block (fixture) == wanted_block;
}

static gboolean
get_flag (WindowFixture *fixture, const char *property)
{
  gboolean value;

  g_object_get (dinoscope_page_get_canvas (dinoscope_window_get_page (fixture->window)), property, &value, NULL);
  return value;
}

static gboolean
is_model_view (WindowFixture *fixture)
{
  return get_flag (fixture, "model-view");
}

/* Whether the text of the card lies in it whole. */
static void
assert_text_fits (WindowFixture *fixture)
{
  GtkWidget     *scrolled = window_fixture_find (GTK_WIDGET (fixture->window->tour_card), GTK_TYPE_SCROLLED_WINDOW);
  GtkAdjustment *adjustment = gtk_scrolled_window_get_vadjustment (GTK_SCROLLED_WINDOW (scrolled));

  g_assert_cmpfloat (gtk_adjustment_get_upper (adjustment), <=, gtk_adjustment_get_page_size (adjustment));
}

typedef struct
{
  const char *overlay; /* NULL: no map */
  const char *head;
  gboolean    grid, patch;
} Expected;

/* As written for teachers, not taken from the program's table. */
static const Expected expected[] = {
  { NULL, NULL, FALSE, FALSE },
  { NULL, NULL, TRUE, TRUE },
  { "pca", NULL, FALSE, FALSE },
  { "patch-attention", "mean", FALSE, TRUE },
  { "cls-attention", "0", FALSE, FALSE },
  { "cls-attention", "mean", FALSE, FALSE },
  { "pca", NULL, FALSE, FALSE },
  { "similarity", NULL, FALSE, TRUE },
  { NULL, NULL, FALSE, FALSE },
  { "norm", NULL, FALSE, TRUE },
};

static void
check_overlay (WindowFixture *fixture, const Expected *wanted)
{
  DinoscopeOverlayProvider *provider = dinoscope_overlay_settings_get_provider (get_settings (fixture));
  g_autoptr (GVariant)      head = NULL;

  g_autoptr (DinoscopeOverlayProvider) there = wanted->overlay != NULL ? dinoscope_overlays_find (wanted->overlay) : NULL;
  g_assert_true (get_flag (fixture, "map-visible") == (there != NULL));
  if (there == NULL)
    return;
  g_assert_cmpstr (dinoscope_overlay_provider_get_id (provider), ==, wanted->overlay);
  window_fixture_wait (fixture, window_has_map);
  if (wanted->head == NULL)
    return;
  head = dinoscope_overlay_settings_dup_value (get_settings (fixture), "head");
  g_assert_cmpstr (g_variant_get_string (head, NULL), ==, wanted->head);
}

static void
check_step (WindowFixture *fixture, guint step)
{
  const Expected *wanted = &expected[step];
  DinoscopePage  *page = dinoscope_window_get_page (fixture->window);
  int             row, column;

  g_assert_cmpstr (dinoscope_study_get_name (dinoscope_page_get_study (page)), ==, "chest-01.png");
  g_assert_true (get_flag (fixture, "grid-visible") == wanted->grid);
  g_assert_false (is_model_view (fixture));
  g_assert_true (dinoscope_canvas_get_selected_patch (dinoscope_page_get_canvas (page), &row, &column) == wanted->patch);
  check_overlay (fixture, wanted);
  assert_text_fits (fixture);
}

/* Everything that a person would try at a step, without leaving the card. */
static void
try_keys (WindowFixture *fixture, guint step)
{
  int last;

  switch (step)
    {
    case 3: /* the blocks go by themselves, until a person takes them over */
      wanted_block = 5;
      window_fixture_wait (fixture, is_at_block);
      xdotool ("key shift+l");
      wanted_block = 4;
      window_fixture_wait (fixture, is_at_block);
      break;
    case 6:
      last = get_block (fixture);
      xdotool ("key shift+l");
      wanted_block = last - 1;
      window_fixture_wait (fixture, is_at_block);
      break;
    case 8:
      xdotool ("key m");
      window_fixture_wait (fixture, is_model_view);
      break;
    default:
      break;
    }
}

static gboolean
has_page (WindowFixture *fixture)
{
  return dinoscope_window_get_page (fixture->window) != NULL;
}

static GtkWidget *focus_before;

static gboolean
focus_has_moved (WindowFixture *fixture)
{
  return gtk_window_get_focus (GTK_WINDOW (fixture->window)) != focus_before;
}

/* "Take the Tour" on the empty page. */
static void
tab_to_button (WindowFixture *fixture)
{
  for (int i = 0; i < 30; i++)
    {
      focus_before = gtk_window_get_focus (GTK_WINDOW (fixture->window));
      if (GTK_IS_BUTTON (focus_before) && g_strcmp0 (gtk_actionable_get_action_name (GTK_ACTIONABLE (focus_before)), "win.tour") == 0)
        return;
      xdotool ("key Tab");
      window_fixture_wait (fixture, focus_has_moved);
    }
  g_assert_not_reached ();
}

/* From the empty window, with 800 x 600 pixels, by the keyboard alone. */
static void
test_whole (WindowFixture *fixture)
{
  guint n;

  dinoscope_tour_get_steps (&n);
  g_assert_cmpuint (n, ==, G_N_ELEMENTS (expected));
  window_fixture_wait (fixture, window_has_model);
  focus_window (fixture);
  tab_to_button (fixture);
  xdotool ("key Return");
  window_fixture_wait (fixture, has_page);
  window_fixture_wait (fixture, window_is_encoded);
  for (guint step = 0; step < n; step++)
    {
      wanted_step = step;
      window_fixture_wait (fixture, is_at_step);
      check_step (fixture, step);
      try_keys (fixture, step);
      xdotool ("key Return");
    }
  window_fixture_wait (fixture, has_ended);
  g_assert_false (adw_flap_get_reveal_flap (fixture->window->tour_flap));
  /* There was nothing else: the radiograph stays, and keys work on it. */
  g_assert_cmpuint (dinoscope_window_get_n_pages (fixture->window), ==, 1);
  g_assert_true (gtk_window_get_focus (GTK_WINDOW (fixture->window)) == GTK_WIDGET (dinoscope_page_get_canvas (dinoscope_window_get_page (fixture->window))));
  g_assert_false (is_model_view (fixture));
}

static gboolean
shows_second (WindowFixture *fixture)
{
  DinoscopeStudy *study = dinoscope_page_get_study (dinoscope_window_get_page (fixture->window));

  return study != NULL && g_str_equal (dinoscope_study_get_name (study), "chest-02.png");
}

static void
set_up_own_state (WindowFixture *fixture)
{
  DinoscopeOverlaySettings            *settings = get_settings (fixture);
  struct dino_preparation              preparation = *dinoscope_preparation_settings_get (fixture->window->preparation);
  g_autoptr (DinoscopeOverlayProvider) attention = dinoscope_overlays_find ("cls-attention");

  window_fixture_show_example (fixture, "chest-02.png");
  preparation.fit = DINO_FIT_PAD;
  dinoscope_preparation_settings_set (fixture->window->preparation, &preparation);
  dinoscope_overlay_settings_set_value (settings, "block", g_variant_new_int32 (3));
  dinoscope_overlay_settings_set_provider (settings, attention);
  dinoscope_overlay_settings_set_value (settings, "block", g_variant_new_int32 (2));
  dinoscope_overlay_settings_set_value (settings, "head", g_variant_new_string ("1"));
  dinoscope_overlay_settings_set_opacity (settings, 0.8);
  g_object_set (dinoscope_page_get_canvas (dinoscope_window_get_page (fixture->window)), "grid-visible", TRUE, NULL);
}

/* What a person had set is there again, of overlays that were not shown, too. */
static void
test_restored (WindowFixture *fixture)
{
  g_autoptr (GVariant)                 before = NULL;
  g_autoptr (GVariant)                 after = NULL;
  g_autoptr (GSettings)                preferences = g_settings_new ("io.github.dinoscope.Dinoscope");
  g_autofree char                     *overlay = NULL;
  g_autoptr (DinoscopeOverlayProvider) pca = dinoscope_overlays_find ("pca");

  set_up_own_state (fixture);
  before = dinoscope_overlay_settings_dup_state (get_settings (fixture));
  focus_window (fixture);
  window_fixture_activate (fixture, "win.tour");
  window_fixture_wait (fixture, window_is_encoded);
  press_and_wait (fixture, "key alt+Right", 1);
  press_and_wait (fixture, "key Page_Down", 2);
  press_and_wait (fixture, "key Next", 3);
  press_and_wait (fixture, "key alt+Left", 2);
  press_and_wait (fixture, "key Prior", 1);
  press_and_wait (fixture, "key Page_Down", 2);
  press_and_wait (fixture, "key Page_Down", 3);
  press_and_wait (fixture, "key Page_Down", 4);
  overlay = g_settings_get_string (preferences, "overlay");
  g_assert_cmpstr (overlay, ==, "cls-attention");
  xdotool ("key Escape");
  window_fixture_wait (fixture, has_ended);
  window_fixture_wait (fixture, shows_second);

  after = dinoscope_overlay_settings_dup_state (get_settings (fixture));
  g_assert_cmpvariant (before, after);
  g_assert_cmpuint (dinoscope_window_get_n_pages (fixture->window), ==, 1);
  g_assert_true (get_flag (fixture, "grid-visible"));
  g_assert_cmpint (dinoscope_preparation_settings_get (fixture->window->preparation)->fit, ==, DINO_FIT_PAD);
  dinoscope_overlay_settings_set_provider (get_settings (fixture), pca);
  g_assert_cmpint (get_block (fixture), ==, 3);
}

/* Letters reach the picture while the card has the focus; a closed tab does not stop the tour. */
static void
test_keys_of_card (WindowFixture *fixture)
{
  DinoscopePage *page;
  int            row, column, row_after, column_after;

  window_fixture_wait (fixture, window_has_model);
  window_fixture_activate (fixture, "win.tour");
  window_fixture_wait (fixture, has_page);
  window_fixture_wait (fixture, window_is_encoded);
  focus_window (fixture);
  press_and_wait (fixture, "key Return", 1);
  page = dinoscope_window_get_page (fixture->window);
  g_assert_true (dinoscope_canvas_get_selected_patch (dinoscope_page_get_canvas (page), &row, &column));
  xdotool ("key Down");
  do
    {
      g_main_context_iteration (NULL, TRUE);
      g_assert_true (dinoscope_canvas_get_selected_patch (dinoscope_page_get_canvas (page), &row_after, &column_after));
    }
  while (row_after == row);
  g_assert_cmpint (row_after, ==, row + 1);
  g_assert_cmpint (column_after, ==, column);

  window_fixture_activate (fixture, "win.close-tab");
  g_assert_true (is_running (fixture));
  window_fixture_activate (fixture, "win.tour-next");
  g_assert_true (has_page (fixture));
  window_fixture_activate (fixture, "win.tour-end");
  g_assert_true (has_ended (fixture));
}

static void
small_window (void)
{
  g_autoptr (GSettings) settings = g_settings_new ("io.github.dinoscope.Dinoscope");

  g_settings_set_int (settings, "window-width", 800);
  g_settings_set_int (settings, "window-height", 600);
}

int
main (int argc, char *argv[])
{
  if (!window_fixture_init (&argc, &argv))
    return 0;

  window_fixture_add_prepared ("/window-tour/whole", NULL, small_window, test_whole);
  window_fixture_add ("/window-tour/restored", NULL, test_restored);
  window_fixture_add ("/window-tour/keys-of-card", NULL, test_keys_of_card);
  return g_test_run ();
}
