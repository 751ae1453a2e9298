/* Regions in the real window: the panel's numbers are the command line's. */
#include "window-fixture.h"

#include <jansson.h>
#include <string.h>

#include "app/dinoscope-region-numbers.h"
#include "app/dinoscope-regions-group.h"
#include "io/output.h"
#include "io/png.h"

static DinoscopeRegionsGroup *
get_group (WindowFixture *fixture)
{
  return DINOSCOPE_REGIONS_GROUP (window_fixture_find (GTK_WIDGET (fixture->window), DINOSCOPE_TYPE_REGIONS_GROUP));
}

static gboolean
is_measured (WindowFixture *fixture)
{
  return window_has_map (fixture) && dinoscope_regions_group_is_current (get_group (fixture));
}

static DinoscopeRegions *
show_attention (WindowFixture *fixture)
{
  DinoscopePage                       *page = window_fixture_show_example (fixture, "chest-02.png");
  g_autoptr (DinoscopeOverlayProvider) provider = dinoscope_overlays_find ("cls-attention");

  dinoscope_overlay_settings_set_provider (dinoscope_window_get_settings (fixture->window), provider);
  window_fixture_wait (fixture, window_has_map);
  return dinoscope_page_get_regions (page);
}

static const char *
row_text (WindowFixture *fixture, guint index)
{
  GtkWidget *row = dinoscope_regions_group_get_row (get_group (fixture), index);

  return row != NULL ? adw_action_row_get_subtitle (ADW_ACTION_ROW (row)) : NULL;
}

/* What the command line says of the regions in a file. */
static json_t *
ask_command_line (const char *regions)
{
  g_autoptr (GFile)  film = window_fixture_example ("chest-02.png");
  const char        *command[] = { g_getenv ("DINOSCOPE_CLI"), "--quiet", "map", g_file_peek_path (film), "--overlay", "cls-attention", "--region", regions, NULL };
  g_autofree char   *output = NULL;
  g_autoptr (GError) error = NULL;
  int                status = -1;
  json_t            *report, *list;

  g_assert_true (g_spawn_sync (NULL, (char **) command, NULL, G_SPAWN_DEFAULT, NULL, NULL, &output, NULL, &status, &error));
  g_assert_true (g_spawn_check_wait_status (status, &error));
  report = json_loads (output, 0, NULL);
  list = json_incref (json_object_get (json_array_get (json_object_get (report, "results"), 0), "regions"));
  json_decref (report);
  return list;
}

static double
number (json_t *region, const char *name)
{
  return json_real_value (json_object_get (region, name));
}

static void
assert_row (WindowFixture *fixture, guint index, json_t *region)
{
  DinoscopeRegionNumbers numbers = { .measured = TRUE };
  g_autofree char       *text = NULL;

  numbers.result = (struct dino_region_result){ number (region, "area"), number (region, "mean"), number (region, "maximum"),
                                                number (region, "mass_share"), json_is_true (json_object_get (region, "peak_inside")) };
  text = dinoscope_region_numbers_describe (&numbers);
  g_assert_cmpstr (row_text (fixture, index), ==, text);
}

static void
test_numbers (WindowFixture *fixture)
{
  DinoscopeRegions *regions = show_attention (fixture);
  DinoscopeCanvas  *canvas = dinoscope_page_get_canvas (dinoscope_window_get_page (fixture->window));
  g_autofree char  *path = g_build_filename (fixture->folder, "regions.csv", NULL);
  g_autoptr (GFile) file = g_file_new_for_path (path);
  json_t           *report;

  window_fixture_activate (fixture, "win.view-region-box");
  window_fixture_activate (fixture, "win.view-region-add");
  gtk_widget_activate_action (GTK_WIDGET (canvas), "view.select-left", NULL);
  window_fixture_activate (fixture, "win.view-region-ellipse");
  window_fixture_activate (fixture, "win.view-region-add");
  gtk_widget_activate_action (GTK_WIDGET (canvas), "view.far-down", NULL);
  dinoscope_regions_set_label (regions, 1, "heart, \"left\"");
  window_fixture_wait (fixture, is_measured);
  dinoscope_regions_group_save (get_group (fixture), file);
  report = ask_command_line (path);
  g_assert_cmpuint (json_array_size (report), ==, 2);
  g_assert_cmpstr (json_string_value (json_object_get (json_array_get (report, 1), "shape")), ==, "ellipse");
  assert_row (fixture, 0, json_array_get (report, 0));
  assert_row (fixture, 1, json_array_get (report, 1));
  json_decref (report);

  /* They come back as they were written. */
  {
    g_autoptr (GVariant) before = dinoscope_regions_dup_state (regions);
    g_autoptr (GVariant) after = NULL;

    dinoscope_regions_clear (regions);
    g_assert_null (row_text (fixture, 0));
    dinoscope_regions_group_load (get_group (fixture), file);
    while (dinoscope_regions_get_n (regions) == 0)
      g_main_context_iteration (NULL, TRUE);
    after = dinoscope_regions_dup_state (regions);
    g_assert_true (g_variant_equal (before, after));
  }
}

static GFile *
write_mask (WindowFixture *fixture, const char *name, int width, int height)
{
  g_autofree char    *path = g_build_filename (fixture->folder, name, NULL);
  g_autofree guint8  *samples = g_malloc0 ((gsize) (width * height));
  struct dino_error   error = { 0 };
  struct dino_output *output;

  for (int y = 0; y < height; y++)
    for (int x = 0; x < width; x++)
      samples[y * width + x] = (x - width / 3) * (x - width / 3) + (y - height / 2) * (y - height / 2) < width * width / 25 ? 255 : 0;
  output = dino_output_new (path, &error);
  g_assert_true (dino_png_write (output, samples, width, height, 1, &error));
  g_assert_true (dino_output_commit (output, &error));
  return g_file_new_for_path (path);
}

static char *told;

static void
message_cb (DinoscopePage *page, const char *text)
{
  g_free (told);
  told = g_strdup (text);
}

static gboolean
is_told (WindowFixture *fixture)
{
  return told != NULL;
}

static gboolean
has_mask (WindowFixture *fixture)
{
  return dinoscope_regions_get_mask (dinoscope_page_get_regions (dinoscope_window_get_page (fixture->window))) != NULL;
}

static void
test_mask (WindowFixture *fixture)
{
  DinoscopeRegions          *regions = show_attention (fixture);
  DinoscopePage             *page = dinoscope_window_get_page (fixture->window);
  const struct dino_picture *picture = dinoscope_study_get_picture (dinoscope_page_get_study (page));
  g_autoptr (GFile)          mask = write_mask (fixture, "mask.png", picture->width, picture->height);
  g_autoptr (GFile)          small = write_mask (fixture, "small.png", 20, 30);
  g_autoptr (GFile)          words = window_fixture_write (fixture, "words.csv", "x0,y0,x1,y1,shape\n1,2,3,4,star\n", 31);
  json_t                    *report;

  dinoscope_regions_group_load (get_group (fixture), mask);
  window_fixture_wait (fixture, has_mask);
  window_fixture_wait (fixture, is_measured);
  report = ask_command_line (g_file_peek_path (mask));
  assert_row (fixture, 0, json_array_get (report, 0));
  json_decref (report);

  g_signal_connect (page, "message", G_CALLBACK (message_cb), NULL);
  dinoscope_regions_group_load (get_group (fixture), small);
  window_fixture_wait (fixture, is_told);
  g_assert_nonnull (strstr (told, "small.png"));
  g_assert_nonnull (strstr (told, "20 x 30"));
  g_clear_pointer (&told, g_free);
  dinoscope_regions_group_load (get_group (fixture), words);
  window_fixture_wait (fixture, is_told);
  g_assert_nonnull (strstr (told, "line 2"));
  g_clear_pointer (&told, g_free);
  g_assert_cmpuint (dinoscope_regions_get_n (regions), ==, 0);
  g_assert_true (has_mask (fixture));
}

/* Another map, another number; three components have none. */
static void
test_maps (WindowFixture *fixture)
{
  DinoscopeRegions                    *regions = show_attention (fixture);
  g_autoptr (DinoscopeOverlayProvider) pca = dinoscope_overlays_find ("pca");
  g_autofree char                     *before = NULL;

  dinoscope_regions_add (regions, DINO_SHAPE_BOX, (struct dino_box){ 100, 100, 300, 300 }, NULL);
  dinoscope_regions_add (regions, DINO_SHAPE_BOX, (struct dino_box){ -90, -90, -50, -50 }, NULL);
  window_fixture_wait (fixture, is_measured);
  before = g_strdup (row_text (fixture, 0));
  g_assert_nonnull (strstr (before, "of the mass"));
  g_assert_cmpstr (row_text (fixture, 1), ==, "The region does not touch the map.");
  dinoscope_overlay_settings_set_value (dinoscope_window_get_settings (fixture->window), "block", g_variant_new_int32 (1));
  window_fixture_wait (fixture, is_measured);
  g_assert_cmpstr (row_text (fixture, 0), !=, before);
  dinoscope_overlay_settings_set_provider (dinoscope_window_get_settings (fixture->window), pca);
  window_fixture_wait (fixture, is_measured);
  g_assert_cmpstr (row_text (fixture, 0), ==, "");
}

/* A region is a step that can be taken back. */
static void
test_undo (WindowFixture *fixture)
{
  DinoscopeRegions *regions = show_attention (fixture);

  window_fixture_activate (fixture, "win.view-region-box");
  window_fixture_activate (fixture, "win.view-region-add");
  while (g_main_context_iteration (NULL, FALSE))
    continue;
  window_fixture_activate (fixture, "win.undo");
  g_assert_cmpuint (dinoscope_regions_get_n (regions), ==, 0);
  window_fixture_activate (fixture, "win.redo");
  g_assert_cmpuint (dinoscope_regions_get_n (regions), ==, 1);
}

int
main (int argc, char *argv[])
{
  if (!window_fixture_init (&argc, &argv))
    return 0;
  window_fixture_add ("/window-regions/numbers", NULL, test_numbers);
  window_fixture_add ("/window-regions/mask", NULL, test_mask);
  window_fixture_add ("/window-regions/maps", NULL, test_maps);
  window_fixture_add ("/window-regions/undo", NULL, test_undo);
  return g_test_run ();
}
