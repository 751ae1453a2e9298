/* What a person chose of a picture's greys, and the way back. No display. */
#include "deep-picture.h"
#include "support.h"

#include "app/dinoscope-greys.h"
#include "engine/dinoscope-study-private.h"

static DinoscopeStudy *
make_study (struct dino_picture *picture, const struct dino_preparation *preparation)
{
  g_autoptr (GError) error = NULL;
  DinoscopeStudy    *study = dinoscope_study_new (picture, NULL, "deep", preparation, FALSE, NULL, &error);

  g_assert_no_error (error);
  return study;
}

static DinoscopeGreys *
make_greys (struct dino_picture *picture)
{
  g_autoptr (DinoscopeStudy) study = make_study (picture, NULL);
  DinoscopeGreys            *greys = dinoscope_greys_new ();

  dinoscope_greys_set_study (greys, study);
  return greys;
}

static void
count_cb (guint *count)
{
  (*count)++;
}

static void
assert_described (DinoscopeGreys *greys, const char *expected)
{
  g_autofree char *text = dinoscope_greys_describe (greys);

  g_assert_cmpstr (text, ==, expected);
}

static void
set_preset (DinoscopeGreys *greys, int voi)
{
  dinoscope_greys_set_display (greys, &(struct dino_display){ .kind = DINO_DISPLAY_FILE, .voi = voi });
}

static void
test_presets (void)
{
  g_autoptr (DinoscopeGreys) greys = make_greys (deep_picture (60, 50));
  guint                      changes = 0;

  g_signal_connect_swapped (greys, "changed", G_CALLBACK (count_cb), &changes);
  g_assert_true (dinoscope_greys_is_default (greys));
  g_assert_cmpint (dinoscope_greys_get_display (greys)->kind, ==, DINO_DISPLAY_FILE);
  g_assert_cmpuint (dinoscope_greys_get_n_presets (greys), ==, 3);
  set_preset (greys, 1);
  assert_described (greys, "Window 2: BONE   C 300 W 1500 HU");
  set_preset (greys, 2);
  assert_described (greys, "Window 3   C 1000 W 2000 HU");
  set_preset (greys, 2);
  g_assert_cmpuint (changes, ==, 2);
  dinoscope_greys_set_exchanged (greys, TRUE);
  assert_described (greys, "Window 3   C 1000 W 2000 HU, inverted");
  g_assert_true (dinoscope_greys_get_inverted (greys));
  dinoscope_greys_reset (greys);
  g_assert_true (dinoscope_greys_is_default (greys));
  g_assert_cmpuint (changes, ==, 4);
}

/* A drag is one step; it starts from the window that a table amounts to, and
 * small movements add up to what one large one does. */
static void
test_drag (void)
{
  g_autoptr (DinoscopeGreys) greys = make_greys (deep_picture (60, 50));
  g_autoptr (DinoscopeGreys) other = make_greys (deep_picture (60, 50));
  struct dino_window         table, small, large;

  g_assert_true (dinoscope_greys_get_window (greys, &table));
  g_assert_cmpfloat (table.center, ==, -100 + 511 / 2.0);
  g_assert_cmpfloat (table.width, ==, 511);
  dinoscope_greys_hold (greys);
  for (int i = 0; i < 300; i++)
    dinoscope_greys_move (greys, 0.1, 0.05);
  dinoscope_greys_release (greys);
  dinoscope_greys_move (other, 30, 15);
  g_assert_true (dinoscope_greys_get_window (greys, &small));
  g_assert_true (dinoscope_greys_get_window (other, &large));
  g_assert_cmpfloat_with_epsilon (small.center, large.center, 1);
  g_assert_cmpfloat_with_epsilon (small.width, large.width, 1);
  g_assert_cmpfloat (small.width, >, table.width + 100);
  g_assert_cmpfloat (small.center, <, table.center - 100);
  g_assert_cmpfloat (small.center, ==, (int) small.center);
}

/* A state is taken again as it was; what the picture has not changes nothing. */
static void
test_state (void)
{
  g_autoptr (DinoscopeGreys) greys = make_greys (deep_picture (60, 50));
  g_autoptr (GVariant)       first = dinoscope_greys_dup_state (greys);
  g_autoptr (GVariant)       moved = NULL;
  g_autoptr (GVariant)       absent = g_variant_ref_sink (g_variant_new_parsed ("{'window': <'file:9'>}"));
  struct dino_window         before, after;

  set_preset (greys, 1);
  dinoscope_greys_move (greys, 3, 1);
  dinoscope_greys_set_exchanged (greys, TRUE);
  g_assert_true (dinoscope_greys_get_window (greys, &before));
  moved = dinoscope_greys_dup_state (greys);

  dinoscope_greys_restore (greys, first);
  g_assert_true (dinoscope_greys_is_default (greys));
  dinoscope_greys_restore (greys, moved);
  g_assert_true (dinoscope_greys_get_exchanged (greys));
  g_assert_true (dinoscope_greys_get_window (greys, &after));
  g_assert_cmpfloat (after.center, ==, before.center);
  g_assert_cmpfloat (after.width, ==, before.width);
  dinoscope_greys_restore (greys, absent);
  g_assert_true (dinoscope_greys_get_window (greys, &after));
}

/* Another picture starts anew; the same one prepared in another way keeps the choice. */
static void
test_studies (void)
{
  const struct dino_preparation whole = { .fit = DINO_FIT_WHOLE };
  const struct dino_preparation inverted = { .invert = DINO_INVERT_YES };
  g_autoptr (DinoscopeGreys)    greys = make_greys (deep_picture (60, 50));
  g_autoptr (DinoscopeStudy)    study = g_object_ref (dinoscope_greys_get_study (greys));
  g_autoptr (DinoscopeStudy)    again = dinoscope_study_new_with_preparation (study, &whole, NULL, NULL);
  g_autoptr (DinoscopeStudy)    negative = dinoscope_study_new_with_preparation (study, &inverted, NULL, NULL);
  g_autoptr (DinoscopeStudy)    other = make_study (plain_deep_picture (61, 50), NULL);

  set_preset (greys, 1);
  dinoscope_greys_set_study (greys, again);
  g_assert_cmpint (dinoscope_greys_get_display (greys)->voi, ==, 1);
  dinoscope_greys_set_study (greys, negative);
  g_assert_true (dinoscope_greys_get_inverted (greys));
  g_assert_false (dinoscope_greys_get_exchanged (greys));
  dinoscope_greys_set_exchanged (greys, TRUE);
  g_assert_false (dinoscope_greys_get_inverted (greys));

  dinoscope_greys_set_study (greys, other);
  g_assert_true (dinoscope_greys_is_default (greys));
  g_assert_cmpint (dinoscope_greys_get_display (greys)->kind, ==, DINO_DISPLAY_PERCENTILE);
  dinoscope_greys_set_study (greys, NULL);
  dinoscope_greys_reset (greys);
  dinoscope_greys_move (greys, 1, 1);
  dinoscope_greys_hold (greys);
  dinoscope_greys_release (greys);
  assert_described (greys, "");
}

/* A preparation that shows other values while nothing was chosen is no step. */
static void
test_default_changes (void)
{
  const struct dino_preparation full = { .voi = { .kind = DINO_DISPLAY_FULL } };
  g_autoptr (DinoscopeGreys)    greys = make_greys (deep_picture (60, 50));
  g_autoptr (DinoscopeStudy)    study = dinoscope_study_new_with_preparation (dinoscope_greys_get_study (greys), &full, NULL, NULL);

  dinoscope_greys_set_study (greys, study);
  g_assert_true (dinoscope_greys_is_default (greys));
}

/* Values by hand survive the preparation: they are no longer the study's first. */
static void
test_8bit (void)
{
  struct dino_picture       *picture = dino_picture_new (20, 10, 1, 8, NULL);
  g_autoptr (DinoscopeGreys) greys = NULL;

  for (int i = 0; i < 200; i++)
    picture->samples8[i] = (guint8) i;
  g_assert_true (dino_picture_measure (picture, NULL));
  greys = make_greys (picture);
  assert_described (greys, "As stored   C 127.5 W 255");
  dinoscope_greys_set_display (greys, &(struct dino_display){ .kind = DINO_DISPLAY_FULL });
  assert_described (greys, "Full range   C 99.5 W 199");
  dinoscope_greys_move (greys, 0, 0);
  g_assert_cmpint (dinoscope_greys_get_display (greys)->kind, ==, DINO_DISPLAY_WINDOW);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/greys-state/presets", test_presets);
  g_test_add_func ("/greys-state/drag", test_drag);
  g_test_add_func ("/greys-state/state", test_state);
  g_test_add_func ("/greys-state/studies", test_studies);
  g_test_add_func ("/greys-state/default-changes", test_default_changes);
  g_test_add_func ("/greys-state/8-bit", test_8bit);
  return g_test_run ();
}
