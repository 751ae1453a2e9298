/* What if, in the real window: a region is covered, the change shown, a sweep
 * started, stopped and exported. */
#include "window-fixture.h"

#include <math.h>
#include <string.h>

#include "app/dinoscope-canvas-private.h"
#include "app/dinoscope-what-if-group.h"

static DinoscopePage *
get_page (WindowFixture *fixture)
{
  return dinoscope_window_get_page (fixture->window);
}

static DinoscopeWhatIf *
get_what_if (WindowFixture *fixture)
{
  return dinoscope_page_get_what_if (get_page (fixture));
}

static DinoscopeOverlaySettings *
get_settings (WindowFixture *fixture)
{
  return dinoscope_window_get_settings (fixture->window);
}

static gboolean
is_compared (WindowFixture *fixture)
{
  return dinoscope_what_if_get_state (get_what_if (fixture)) == DINOSCOPE_WHAT_IF_DONE;
}

/* The first one that can be seen, or could if its row were unfolded. */
static GtkWidget *
find_button (GtkWidget *root, const char *label)
{
  if (!gtk_widget_get_visible (root))
    return NULL;
  if (GTK_IS_BUTTON (root) && g_strcmp0 (gtk_button_get_label (GTK_BUTTON (root)), label) == 0)
    return root;
  for (GtkWidget *child = gtk_widget_get_first_child (root); child != NULL; child = gtk_widget_get_next_sibling (child))
    {
      GtkWidget *found = find_button (child, label);

      if (found != NULL)
        return found;
    }
  return NULL;
}

static void
press (WindowFixture *fixture, const char *label)
{
  GtkWidget *group = window_fixture_find (GTK_WIDGET (fixture->window), DINOSCOPE_TYPE_WHAT_IF_GROUP);
  GtkWidget *button = find_button (group, label);

  g_assert_nonnull (button);
  g_assert_true (gtk_widget_is_sensitive (button));
  g_signal_emit_by_name (button, "clicked");
}

static const struct dino_box box = { 100, 120, 220, 260 };

/* The same by the engine alone, and 1 - cosine in plain loops. */
static double
cosine_of (WindowFixture *fixture, const struct dino_occlusion *occlusion)
{
  DinoscopePage                *page = get_page (fixture);
  DinoscopeEngine              *engine = dinoscope_session_get_engine (dinoscope_page_get_session (page));
  g_autoptr (GError)            error = NULL;
  g_autoptr (DinoscopeStudy)    copy = dinoscope_study_new_occluded (dinoscope_page_get_study (page), box, occlusion, NULL, &error);
  g_autoptr (DinoscopeFeatures) after = dinoscope_engine_encode (engine, copy, dinoscope_features_get_model (dinoscope_page_get_features (page)), DINO_KEEP_OUTPUT, NULL, NULL, NULL, &error);
  g_autoptr (GBytes)            a = dinoscope_features_dup_cls (dinoscope_page_get_features (page)), b = dinoscope_features_dup_cls (after);
  gsize                         n = g_bytes_get_size (a) / sizeof (float);
  const float                  *x = g_bytes_get_data (a, NULL), *y = g_bytes_get_data (b, NULL);
  double                        xy = 0, xx = 0, yy = 0;

  g_assert_no_error (error);
  for (gsize i = 0; i < n; i++)
    {
      xy += (double) x[i] * y[i];
      xx += (double) x[i] * x[i];
      yy += (double) y[i] * y[i];
    }
  return xy / sqrt (xx * yy);
}

static gboolean
is_covered (WindowFixture *fixture)
{
  return dinoscope_page_get_canvas (get_page (fixture))->cover.texture != NULL;
}

static gboolean
is_uncovered (WindowFixture *fixture)
{
  return !is_covered (fixture);
}

static void
test_cover (WindowFixture *fixture)
{
  DinoscopePage   *page = window_fixture_show_example (fixture, "chest-02.png");
  DinoscopeCanvas *canvas = dinoscope_page_get_canvas (page);
  const guint8    *pixels;
  guint8           shown[4];

  window_fixture_wait (fixture, window_is_encoded);
  dinoscope_regions_add (dinoscope_page_get_regions (page), DINO_SHAPE_BOX, box, NULL);
  press (fixture, "Co_ver");
  window_fixture_wait (fixture, is_compared);
  g_assert_cmpfloat_with_epsilon (dinoscope_what_if_get_cosine (get_what_if (fixture)), cosine_of (fixture, &(struct dino_occlusion){ .fill = DINO_FILL_GREY, .level = 0.5 }), 1e-9);
  g_assert_cmpfloat (dinoscope_what_if_get_cosine (get_what_if (fixture)), <, 1);
  g_assert_cmpfloat (dinoscope_what_if_get_distance (get_what_if (fixture)), >, 0);

  /* Covered on the screen, in the middle of the box grey; framed. */
  window_fixture_wait (fixture, is_covered);
  g_assert_true (canvas->cover.has_patches);
  g_assert_cmpfloat (canvas->cover.patches.x0, <=, box.x0);
  g_assert_cmpfloat (canvas->cover.patches.x1, >=, box.x1);
  {
    g_autofree guint8 *all = g_malloc (120 * 140 * 4);

    gdk_texture_download (canvas->cover.texture, all, 120 * 4);
    memcpy (shown, all + (70 * 120 + 60) * 4, 4);
  }
  pixels = shown;
  g_assert_cmpint (pixels[0], ==, 128);
  g_assert_cmpint (pixels[1], ==, 128);
  dinoscope_page_set_cover_visible (page, FALSE);
  g_assert_true (is_uncovered (fixture));
  dinoscope_page_set_cover_visible (page, TRUE);
  window_fixture_wait (fixture, is_covered);

  /* Another picture: nothing is left. */
  dinoscope_what_if_reset (get_what_if (fixture));
  g_assert_cmpint (dinoscope_what_if_get_state (get_what_if (fixture)), ==, DINOSCOPE_WHAT_IF_NONE);
  g_assert_true (is_uncovered (fixture));
  g_assert_false (canvas->cover.has_patches);
}

/* The overlay "difference" against the covered copy. */
static void
test_changes (WindowFixture *fixture)
{
  DinoscopePage         *page = window_fixture_show_example (fixture, "chest-02.png");
  const struct dino_map *map;
  double                 inside = 0, outside = 0;
  int                    n_inside = 0, n_outside = 0;

  window_fixture_wait (fixture, window_is_encoded);
  dinoscope_regions_add (dinoscope_page_get_regions (page), DINO_SHAPE_BOX, box, NULL);
  press (fixture, "Co_ver");
  window_fixture_wait (fixture, is_compared);
  press (fixture, "Show");
  window_fixture_wait (fixture, window_has_map);
  g_assert_cmpstr (dinoscope_overlay_provider_get_id (dinoscope_overlay_settings_get_provider (get_settings (fixture))), ==, "difference");
  map = dinoscope_map_get_core (dinoscope_page_get_map (page));
  for (int row = 0; row < map->height; row++)
    for (int column = 0; column < map->width; column++)
      {
        struct dino_box patch = dino_geometry_patch (dinoscope_page_get_geometry (page), row, column);
        gboolean        in = patch.x0 >= box.x0 && patch.x1 <= box.x1 && patch.y0 >= box.y0 && patch.y1 <= box.y1;

        *(in ? &inside : &outside) += map->values[row * map->width + column];
        *(in ? &n_inside : &n_outside) += 1;
      }
  g_assert_cmpint (n_inside, >, 0);
  g_assert_cmpfloat (inside / n_inside, >, outside / n_outside);
}

static gboolean
has_some (WindowFixture *fixture)
{
  DinoscopeSweep *sweep = dinoscope_what_if_get_sweep (get_what_if (fixture));

  return sweep != NULL && dinoscope_sweep_get_n_done (sweep) >= 2 && dinoscope_page_get_guest_map (get_page (fixture)) != NULL;
}

static gboolean
is_stopped (WindowFixture *fixture)
{
  return dinoscope_sweep_get_state (dinoscope_what_if_get_sweep (get_what_if (fixture))) != DINOSCOPE_SWEEP_RUNNING;
}

/* Stopped after some places; what is on the screen is exported and made again
 * by the command line. */
static void
test_sweep (WindowFixture *fixture)
{
  DinoscopePage     *page = window_fixture_show_example (fixture, "chest-02.png");
  g_autofree char   *json = g_build_filename (fixture->folder, "sweep.json", NULL);
  g_autofree char   *again = g_build_filename (fixture->folder, "again.png", NULL);
  g_autoptr (GError) error = NULL;
  g_autofree char   *text = NULL;
  const char        *command[] = { g_getenv ("DINOSCOPE_CLI"), "--quiet", "map", g_file_peek_path (dinoscope_page_get_file (page)), "--from", json, "-o", again, NULL };
  int                status = -1;
  guint              n_valid = 0;

  window_fixture_wait (fixture, window_is_encoded);
  window_fixture_wait (fixture, window_has_map);
  press (fixture, "Start");
  window_fixture_wait (fixture, has_some);
  press (fixture, "Cancel");
  window_fixture_wait (fixture, is_stopped);
  g_assert_cmpint (dinoscope_sweep_get_state (dinoscope_what_if_get_sweep (get_what_if (fixture))), ==, DINOSCOPE_SWEEP_CANCELLED);
  text = dinoscope_what_if_describe_sweep (get_what_if (fixture));
  g_assert_nonnull (strstr (text, "of 324 places"));
  for (int i = 0; i < 37 * 37; i++)
    n_valid += dinoscope_map_get_core (dinoscope_page_get_map (page))->valid[i];
  g_assert_cmpuint (n_valid, >=, 20);
  g_assert_cmpuint (n_valid, <, 37 * 37);

  window_fixture_export (fixture, "sweep.png", DINOSCOPE_EXPORT_PLAIN);
  g_assert_true (g_spawn_sync (NULL, (char **) command, NULL, G_SPAWN_DEFAULT, NULL, NULL, NULL, NULL, &status, &error));
  g_assert_true (g_spawn_check_wait_status (status, &error));
  window_fixture_assert_equal_files (fixture, "sweep.png", "again.png");

  /* Another overlay takes its place, and it comes back. */
  dinoscope_overlay_settings_set_value (get_settings (fixture), "block", g_variant_new_int32 (1));
  g_assert_null (dinoscope_page_get_guest_map (page));
  window_fixture_wait (fixture, window_has_map);
  press (fixture, "Show");
  g_assert_nonnull (dinoscope_page_get_guest_map (page));
  g_assert_true (dinoscope_page_get_map (page) == dinoscope_page_get_guest_map (page));
}

int
main (int argc, char *argv[])
{
  if (!window_fixture_init (&argc, &argv))
    return 0;
  window_fixture_add ("/window-whatif/cover", NULL, test_cover);
  window_fixture_add ("/window-whatif/changes", NULL, test_changes);
  window_fixture_add ("/window-whatif/sweep", NULL, test_sweep);
  return g_test_run ();
}
