/* What is marked on a picture. No display. */
#include <math.h>
#include <string.h>

#include "app/dinoscope-regions.h"
#include "engine/dinoscope-study-private.h"

struct fixture
{
  DinoscopeStudy   *studies[2];
  DinoscopeRegions *regions;
  int               n_changed;
};

static DinoscopeStudy *
make_study (uint8_t grey)
{
  struct dino_picture *picture = dino_picture_new (4, 4, 1, 8, NULL);
  g_autoptr (GError)   error = NULL;
  DinoscopeStudy      *study;

  memset (picture->samples8, grey, 16);
  study = dinoscope_study_new (picture, NULL, "plain", NULL, FALSE, NULL, &error);
  g_assert_no_error (error);
  return study;
}

static void
changed_cb (struct fixture *fixture)
{
  fixture->n_changed++;
}

static void
set_up (struct fixture *fixture, gconstpointer data)
{
  fixture->studies[0] = make_study (10);
  fixture->studies[1] = make_study (20);
  fixture->regions = dinoscope_regions_new ();
  g_signal_connect_swapped (fixture->regions, "changed", G_CALLBACK (changed_cb), fixture);
}

static void
tear_down (struct fixture *fixture, gconstpointer data)
{
  g_object_unref (fixture->regions);
  g_object_unref (fixture->studies[0]);
  g_object_unref (fixture->studies[1]);
}

static void
assert_region (DinoscopeRegions *regions, guint i, enum dino_shape shape, double x0, double y0, double x1, double y1, const char *label)
{
  const DinoscopeRegion *region = dinoscope_regions_get (regions, i);

  g_assert_cmpint (region->shape, ==, shape);
  g_assert_true (region->box.x0 == x0 && region->box.y0 == y0 && region->box.x1 == x1 && region->box.y1 == y1);
  g_assert_cmpstr (region->label, ==, label);
}

static void
test_edit (struct fixture *fixture, gconstpointer data)
{
  DinoscopeRegions *regions = fixture->regions;
  g_autofree char  *title = NULL;

  g_assert_cmpint (dinoscope_regions_add (regions, DINO_SHAPE_BOX, (struct dino_box){ 0, 0, 1, 1 }, NULL), ==, -1);
  dinoscope_regions_set_study (regions, fixture->studies[0]);
  g_assert_cmpint (dinoscope_regions_add (regions, DINO_SHAPE_BOX, (struct dino_box){ 9, 8, 1, 2 }, NULL), ==, 0);
  g_assert_cmpint (dinoscope_regions_add (regions, DINO_SHAPE_ELLIPSE, (struct dino_box){ 1, 2, 3, 4 }, "heart"), ==, 1);
  g_assert_cmpint (dinoscope_regions_add (regions, DINO_SHAPE_BOX, (struct dino_box){ 1, 2, NAN, 4 }, NULL), ==, -1);
  g_assert_cmpint (dinoscope_regions_add (regions, DINO_SHAPE_BOX, (struct dino_box){ 1, 2, 3, 4 }, "a\377b"), ==, 2);
  g_assert_cmpint (dinoscope_regions_get_selected (regions), ==, 2);
  assert_region (regions, 0, DINO_SHAPE_BOX, 1, 2, 9, 8, "");
  assert_region (regions, 1, DINO_SHAPE_ELLIPSE, 1, 2, 3, 4, "heart");
  g_assert_true (g_utf8_validate (dinoscope_regions_get (regions, 2)->label, -1, NULL));
  title = dinoscope_regions_dup_title (regions, 1);
  g_assert_cmpstr (title, ==, "Region 2: heart");

  fixture->n_changed = 0;
  dinoscope_regions_set_box (regions, 0, (struct dino_box){ 1, 2, 9, 8 });
  dinoscope_regions_set_label (regions, 0, "");
  dinoscope_regions_select (regions, 2);
  g_assert_cmpint (fixture->n_changed, ==, 0);
  dinoscope_regions_set_box (regions, 0, (struct dino_box){ 1, 2, 9, 10 });
  dinoscope_regions_set_label (regions, 0, "lung");
  dinoscope_regions_select (regions, 1);
  g_assert_cmpint (fixture->n_changed, ==, 3);
  dinoscope_regions_remove (regions, 0);
  g_assert_cmpint (dinoscope_regions_get_selected (regions), ==, 0);
  dinoscope_regions_remove (regions, 1);
  g_assert_cmpint (dinoscope_regions_get_selected (regions), ==, 0);
  dinoscope_regions_remove (regions, 0);
  g_assert_cmpint (dinoscope_regions_get_selected (regions), ==, -1);
}

static void
test_pictures (struct fixture *fixture, gconstpointer data)
{
  DinoscopeRegions    *regions = fixture->regions;
  struct dino_picture *mask = dino_picture_new (4, 4, 1, 8, NULL);

  memset (mask->samples8, 1, 16);
  dinoscope_regions_set_study (regions, fixture->studies[0]);
  dinoscope_regions_add (regions, DINO_SHAPE_BOX, (struct dino_box){ 1, 2, 3, 4 }, "one");
  dinoscope_regions_set_mask (regions, mask, "mask.png");
  dinoscope_regions_set_study (regions, fixture->studies[1]);
  g_assert_cmpuint (dinoscope_regions_get_n (regions), ==, 0);
  g_assert_null (dinoscope_regions_get_mask (regions));
  dinoscope_regions_set_study (regions, fixture->studies[0]);
  assert_region (regions, 0, DINO_SHAPE_BOX, 1, 2, 3, 4, "one");
  g_assert_true (dinoscope_regions_get_mask (regions) == mask);
  g_assert_cmpstr (dinoscope_regions_get_mask_name (regions), ==, "mask.png");
  dinoscope_regions_clear (regions);
  g_assert_cmpuint (dinoscope_regions_get_n (regions), ==, 0);
  g_assert_null (dinoscope_regions_get_mask (regions));
  dino_picture_unref (mask);
}

static void
test_state (struct fixture *fixture, gconstpointer data)
{
  DinoscopeRegions    *regions = fixture->regions;
  g_autoptr (GVariant) state = NULL;
  g_autoptr (GVariant) empty = NULL;
  g_autoptr (GVariant) odd = NULL;

  dinoscope_regions_set_study (regions, fixture->studies[0]);
  empty = dinoscope_regions_dup_state (regions);
  dinoscope_regions_add (regions, DINO_SHAPE_ELLIPSE, (struct dino_box){ 0.1, 2, 3, 1e9 }, "ä");
  dinoscope_regions_add (regions, DINO_SHAPE_BOX, (struct dino_box){ -5, 2, 3, 4 }, NULL);
  state = dinoscope_regions_dup_state (regions);
  dinoscope_regions_restore (regions, empty);
  g_assert_cmpuint (dinoscope_regions_get_n (regions), ==, 0);
  dinoscope_regions_restore (regions, state);
  assert_region (regions, 0, DINO_SHAPE_ELLIPSE, 0.1, 2, 3, 1e9, "ä");
  assert_region (regions, 1, DINO_SHAPE_BOX, -5, 2, 3, 4, "");

  odd = g_variant_ref_sink (g_variant_new_parsed ("{'shapes': <[('star', 1.0, 2.0, 3.0, 4.0, ''), ('box', 3.0, 2.0, 1.0, 4.0, 'b')]>, 'more': <3>}"));
  dinoscope_regions_restore (regions, odd);
  g_assert_cmpuint (dinoscope_regions_get_n (regions), ==, 1);
  assert_region (regions, 0, DINO_SHAPE_BOX, 1, 2, 3, 4, "b");
}

static void
test_hold (struct fixture *fixture, gconstpointer data)
{
  DinoscopeRegions *regions = fixture->regions;

  dinoscope_regions_set_study (regions, fixture->studies[0]);
  dinoscope_regions_release (regions);
  fixture->n_changed = 0;
  dinoscope_regions_hold (regions);
  dinoscope_regions_add (regions, DINO_SHAPE_BOX, (struct dino_box){ 1, 2, 3, 4 }, NULL);
  g_assert_true (dinoscope_regions_is_held (regions));
  dinoscope_regions_release (regions);
  g_assert_false (dinoscope_regions_is_held (regions));
  g_assert_cmpint (fixture->n_changed, ==, 2);
}

#define ADD(name, function) g_test_add ("/regions/" name, struct fixture, NULL, set_up, function, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("edit", test_edit);
  ADD ("pictures", test_pictures);
  ADD ("state", test_state);
  ADD ("hold", test_hold);
  return g_test_run ();
}
