/* The map is hidden until somebody guessed, and what the guess is told. */
#include "window-fixture.h"

#include <math.h>
#include <string.h>

#include "app/dinoscope-color-bar.h"
#include "app/dinoscope-guess-card.h"

#define ROWS 5
#define COLUMNS 7

/* 10 x 20 pixels a cell, beginning at 30, 40. */
static struct dino_map *
make_map (gboolean is_signed)
{
  struct dino_error error;
  struct dino_map  *map = dino_map_new (COLUMNS, ROWS, 1, &error);

  map->seen = (struct dino_box){ 30, 40, 30 + 10 * COLUMNS, 40 + 20 * ROWS };
  for (int i = 0; i < ROWS * COLUMNS; i++)
    map->values[i] = (float) ((i * 11) % 17) * 0.25f - (is_signed ? 2 : 0);
  /* One peak, in row 3, column 5. */
  map->values[3 * COLUMNS + 5] = 9;
  g_assert_true (dino_map_measure (map, &error));
  return map;
}

static double
overlap (double a0, double a1, double b0, double b1)
{
  return MAX (0, MIN (a1, b1) - MAX (a0, b0));
}

static void
check_box (const struct dino_map *map, struct dino_box box)
{
  DinoscopeGuess      guess = { .shape = DINO_SHAPE_BOX, .box = box };
  DinoscopeGuessScore score;
  double              area = 0, sum = 0, total = 0, mean;
  int                 below = 0;

  for (int row = 0; row < ROWS; row++)
    for (int column = 0; column < COLUMNS; column++)
      {
        double value = (double) map->values[row * COLUMNS + column];
        double share = overlap (30 + 10 * column, 40 + 10 * column, box.x0, box.x1) / 10 * overlap (40 + 20 * row, 60 + 20 * row, box.y0, box.y1) / 20;

        area += share;
        sum += share * value;
        total += value;
      }
  mean = sum / area;
  for (int i = 0; i < ROWS * COLUMNS; i++)
    below += (double) map->values[i] <= mean;

  g_assert_true (dinoscope_guess_score (&guess, map, &score));
  g_assert_cmpfloat_with_epsilon (score.value, mean, 1e-9);
  g_assert_cmpfloat_with_epsilon (score.percentile, 100.0 * below / (ROWS * COLUMNS), 1e-9);
  g_assert_cmpfloat_with_epsilon (score.area_share, area / (ROWS * COLUMNS), 1e-9);
  g_assert_cmpfloat_with_epsilon (score.mass_share, sum / total, 1e-9);
  g_assert_cmpint (score.peak_row, ==, 3);
  g_assert_cmpint (score.peak_column, ==, 5);
  g_assert_cmpfloat_with_epsilon (score.distance, hypot ((box.x0 + box.x1) / 2 / 10 - 3 - 5.5, (box.y0 + box.y1) / 2 / 20 - 2 - 3.5), 1e-9);
  g_assert_true (score.peak_inside == (box.x0 <= 85 && box.x1 > 85 && box.y0 <= 110 && box.y1 > 110));
}

static void
test_score (void)
{
  struct dino_map    *map = make_map (FALSE);
  struct dino_map    *with_signs = make_map (TRUE);
  DinoscopeGuess      patch = { .shape = DINO_SHAPE_BOX, .box = { 40, 60, 50, 80 }, .is_patch = TRUE, .row = 1, .column = 1 };
  DinoscopeGuess      outside = { .shape = DINO_SHAPE_BOX, .box = { 0, 0, 20, 20 } };
  DinoscopeGuessScore score;

  check_box (map, (struct dino_box){ 37, 52, 71.5, 98 });
  check_box (map, (struct dino_box){ 70, 90, 99, 139 });
  g_assert_true (dinoscope_guess_score (&patch, map, &score));
  g_assert_cmpfloat (score.value, ==, (double) map->values[COLUMNS + 1]);
  g_assert_cmpfloat_with_epsilon (score.distance, hypot (4, 2), 1e-9);
  g_assert_false (score.peak_inside);
  patch = (DinoscopeGuess){ .shape = DINO_SHAPE_BOX, .box = { 80, 100, 90, 120 }, .is_patch = TRUE, .row = 3, .column = 5 };
  g_assert_true (dinoscope_guess_score (&patch, map, &score));
  g_assert_true (score.peak_inside);
  g_assert_cmpfloat (score.percentile, ==, 100);
  g_assert_cmpfloat_with_epsilon (score.distance, 0, 1e-9);
  g_assert_false (dinoscope_guess_score (&outside, map, &score));
  g_assert_true (dinoscope_guess_score (&patch, with_signs, &score));
  g_assert_true (isnan (score.mass_share));
  dino_map_unref (map);
  dino_map_unref (with_signs);
}

static DinoscopePage *
get_page (WindowFixture *fixture)
{
  return dinoscope_window_get_page (fixture->window);
}

static gboolean
has_hidden_map (WindowFixture *fixture)
{
  return get_page (fixture) != NULL && dinoscope_page_is_concealed (get_page (fixture)) && dinoscope_page_is_map_current (get_page (fixture));
}

static gboolean
is_named_second (WindowFixture *fixture)
{
  return g_str_equal (dinoscope_study_get_name (dinoscope_page_get_study (get_page (fixture))), "chest-02.png") && has_hidden_map (fixture);
}

static DinoscopeGuessCard *
get_card (WindowFixture *fixture)
{
  return DINOSCOPE_GUESS_CARD (window_fixture_find (GTK_WIDGET (get_page (fixture)), DINOSCOPE_TYPE_GUESS_CARD));
}

static gboolean
status_has (WindowFixture *fixture, const char *part)
{
  g_autofree char *text = dinoscope_status_line_dup_text (fixture->window->status_line);

  return strstr (text, part) != NULL;
}

static void
use_attention (WindowFixture *fixture)
{
  g_autoptr (DinoscopeOverlayProvider) attention = dinoscope_overlays_find ("cls-attention");

  dinoscope_overlay_settings_set_provider (dinoscope_window_get_settings (fixture->window), attention);
}

static void
assert_hidden (WindowFixture *fixture)
{
  DinoscopePage *page = get_page (fixture);
  GtkWidget     *bar = window_fixture_find (GTK_WIDGET (page), DINOSCOPE_TYPE_COLOR_BAR);

  g_assert_null (dinoscope_page_get_map (page));
  g_assert_false (gtk_widget_get_visible (bar));
  g_assert_true (gtk_widget_get_visible (GTK_WIDGET (get_card (fixture))));
  g_assert_false (status_has (fixture, "percentile"));
  g_assert_false (status_has (fixture, "norm"));
  g_assert_false (dinoscope_window_can_export (fixture->window));
}

/* A patch, then a box on the next picture. */
static void
test_window (WindowFixture *fixture)
{
  g_autoptr (GFile)      first = NULL;
  const DinoscopeGuess  *guess;
  const DinoscopeRegion *region;
  DinoscopePage         *page;

  use_attention (fixture);
  window_fixture_activate (fixture, "win.guess-first");
  first = window_fixture_example ("chest-01.png");
  window_fixture_open (fixture, first);
  window_fixture_wait (fixture, has_hidden_map);
  page = get_page (fixture);
  /* Nothing is marked: nothing is shown. */
  window_fixture_activate (fixture, "win.reveal");
  g_assert_true (has_hidden_map (fixture));
  dinoscope_canvas_select_patch (dinoscope_page_get_canvas (page), 10, 12);
  g_assert_true (status_has (fixture, "patch row 10 column 12"));
  assert_hidden (fixture);

  window_fixture_activate (fixture, "win.reveal");
  window_fixture_wait (fixture, window_has_map);
  g_assert_nonnull (dinoscope_page_get_map (page));
  g_assert_true (status_has (fixture, "percentile"));
  guess = dinoscope_page_get_guess (page);
  g_assert_true (guess->is_patch && guess->row == 10 && guess->column == 12);
  g_assert_nonnull (strstr (dinoscope_guess_card_get_text (get_card (fixture)), "percentile"));
  g_assert_cmpuint (dinoscope_regions_get_n (dinoscope_page_get_regions (page)), ==, 1);
  region = dinoscope_regions_get (dinoscope_page_get_regions (page), 0);
  g_assert_cmpstr (region->label, ==, "Guess");
  g_assert_cmpfloat_with_epsilon (region->box.x0, guess->box.x0, 1e-9);

  dinoscope_page_step (page, 1);
  window_fixture_wait (fixture, is_named_second);
  assert_hidden (fixture);
  dinoscope_regions_add (dinoscope_page_get_regions (page), DINO_SHAPE_BOX, (struct dino_box){ 100, 100, 300, 280 }, NULL);
  window_fixture_activate (fixture, "win.reveal");
  window_fixture_wait (fixture, window_has_map);
  guess = dinoscope_page_get_guess (page);
  g_assert_false (guess->is_patch);
  g_assert_cmpfloat (guess->box.x1, ==, 300);
  g_assert_nonnull (strstr (dinoscope_guess_card_get_text (get_card (fixture)), "mass"));
}

static gboolean
shows_first (WindowFixture *fixture)
{
  return g_str_equal (dinoscope_study_get_name (dinoscope_page_get_study (get_page (fixture))), "chest-01.png") && window_has_map (fixture);
}

/* A picture that was guessed stays revealed; three components have no peak; the toggle ends it all. */
static void
test_again (WindowFixture *fixture)
{
  DinoscopePage *page = window_fixture_show_example (fixture, "chest-01.png");

  g_assert_false (gtk_widget_get_visible (GTK_WIDGET (get_card (fixture))));
  window_fixture_activate (fixture, "win.guess-first");
  g_assert_true (has_hidden_map (fixture));
  dinoscope_canvas_select_patch (dinoscope_page_get_canvas (page), 3, 4);
  window_fixture_activate (fixture, "win.reveal");
  window_fixture_wait (fixture, window_has_map);
  g_assert_nonnull (strstr (dinoscope_guess_card_get_text (get_card (fixture)), "three values"));
  dinoscope_page_step (page, 1);
  window_fixture_wait (fixture, is_named_second);
  dinoscope_page_step (page, -1);
  window_fixture_wait (fixture, shows_first);
  g_assert_nonnull (dinoscope_page_get_map (page));
  dinoscope_page_step (page, 1);
  window_fixture_wait (fixture, is_named_second);
  window_fixture_activate (fixture, "win.guess-first");
  g_assert_nonnull (dinoscope_page_get_map (page));
  g_assert_false (gtk_widget_get_visible (GTK_WIDGET (get_card (fixture))));
}

int
main (int argc, char *argv[])
{
  if (!window_fixture_init (&argc, &argv))
    return 0;

  g_test_add_func ("/window-guess/score", test_score);
  window_fixture_add ("/window-guess/window", NULL, test_window);
  window_fixture_add ("/window-guess/again", NULL, test_again);
  return g_test_run ();
}
