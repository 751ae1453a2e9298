/* Window and level in the real window: a hand, keys, the panel, exports. The
 * pictures are DICOM, so the reader's process is in it as well. */
#include "window-fixture.h"

#include <math.h>

#include "app/dinoscope-canvas-private.h"
#include "app/dinoscope-greys-group.h"
#include "engine/dinoscope-sidecar.h"

#define WIDTH 320
#define HEIGHT 280

static void
add (GByteArray *bytes, const void *data, gsize length)
{
  g_byte_array_append (bytes, data, (guint) length);
}

/* A data element, explicit VR little endian (PS3.5 7.1.2). */
static void
add_element (GByteArray *bytes, guint16 group, guint16 number, const char *kind, const void *value, guint length)
{
  const guint16 tag[2] = { GUINT16_TO_LE (group), GUINT16_TO_LE (number) };
  const guint16 none = 0;
  guint16       small = GUINT16_TO_LE ((guint16) (length + length % 2));
  guint32       large = GUINT32_TO_LE (length + length % 2);

  add (bytes, tag, sizeof tag);
  add (bytes, kind, 2);
  if (g_str_equal (kind, "OW") || g_str_equal (kind, "OB"))
    {
      add (bytes, &none, 2);
      add (bytes, &large, 4);
    }
  else
    {
      add (bytes, &small, 2);
    }
  add (bytes, value, length);
  if (length % 2 == 1)
    add (bytes, g_str_equal (kind, "UI") ? "\0" : " ", 1);
}

static void
add_text (GByteArray *bytes, guint16 group, guint16 number, const char *kind, const char *text)
{
  add_element (bytes, group, number, kind, text, (guint) strlen (text));
}

static void
add_short (GByteArray *bytes, guint16 number, guint16 value)
{
  guint16 stored = GUINT16_TO_LE (value);

  add_element (bytes, 0x28, number, "US", &stored, 2);
}

static int
stored_value (int x, int y)
{
  return 10 * x + 3 * y;
}

/* A CR radiograph of 12 bits with two windows. */
static GFile *
write_film (WindowFixture *fixture, const char *name, const char *photometric)
{
  g_autoptr (GByteArray) bytes = g_byte_array_new ();
  g_autofree guint16    *samples = g_new (guint16, WIDTH * HEIGHT);
  const guint8           preamble[128] = { 0 };

  for (int i = 0; i < WIDTH * HEIGHT; i++)
    samples[i] = GUINT16_TO_LE ((guint16) stored_value (i % WIDTH, i / WIDTH));
  add (bytes, preamble, sizeof preamble);
  add (bytes, "DICM", 4);
  add_text (bytes, 2, 0x10, "UI", "1.2.840.10008.1.2.1");
  add_text (bytes, 8, 0x60, "CS", "CR");
  add_text (bytes, 0x18, 0x5101, "CS", "AP");
  add_short (bytes, 2, 1);
  add_text (bytes, 0x28, 4, "CS", photometric);
  add_short (bytes, 0x10, HEIGHT);
  add_short (bytes, 0x11, WIDTH);
  add_short (bytes, 0x100, 16);
  add_short (bytes, 0x101, 12);
  add_short (bytes, 0x102, 11);
  add_short (bytes, 0x103, 0);
  add_text (bytes, 0x28, 0x1050, "DS", "1000\\2000");
  add_text (bytes, 0x28, 0x1051, "DS", "800\\1600");
  add_text (bytes, 0x28, 0x1055, "LO", "LUNG\\BONE");
  add_element (bytes, 0x7fe0, 0x10, "OW", samples, WIDTH * HEIGHT * 2);
  return window_fixture_write (fixture, name, bytes->data, bytes->len);
}

static DinoscopeGreys *
get_greys (WindowFixture *fixture)
{
  return dinoscope_page_get_greys (dinoscope_window_get_page (fixture->window));
}

static DinoscopeCanvas *
get_canvas (WindowFixture *fixture)
{
  return dinoscope_page_get_canvas (dinoscope_window_get_page (fixture->window));
}

static gboolean
is_settled (WindowFixture *fixture)
{
  return dinoscope_canvas_is_settled (get_canvas (fixture));
}

static void
show_film (WindowFixture *fixture, const char *name, const char *photometric)
{
  g_autoptr (GFile) film = write_film (fixture, name, photometric);

  window_fixture_open (fixture, film);
  window_fixture_wait (fixture, window_has_map);
}

static void
activate (WindowFixture *fixture, const char *action)
{
  g_assert_true (gtk_widget_activate_action (GTK_WIDGET (get_canvas (fixture)), action, NULL));
}

static void
preset (WindowFixture *fixture, int index)
{
  g_assert_true (gtk_widget_activate_action (GTK_WIDGET (get_canvas (fixture)), "view.window-preset", "i", index));
}

static void
assert_window (WindowFixture *fixture, double center, double width)
{
  struct dino_window window;

  g_assert_true (dinoscope_greys_get_window (get_greys (fixture), &window));
  g_assert_cmpfloat (window.center, ==, center);
  g_assert_cmpfloat (window.width, ==, width);
}

/* The canvas as it would be drawn now; a GtkWidgetPaintable may still hold the frame before. */
static GdkTexture *
render (GtkWidget *canvas)
{
  GtkWidget                *parent = gtk_widget_get_parent (canvas);
  GtkSnapshot              *snapshot = gtk_snapshot_new ();
  g_autoptr (GskRenderNode) node = NULL;
  double                    x, y;

  g_assert_true (gtk_widget_translate_coordinates (canvas, parent, 0, 0, &x, &y));
  gtk_snapshot_translate (snapshot, &GRAPHENE_POINT_INIT ((float) -x, (float) -y));
  gtk_widget_snapshot_child (parent, canvas, snapshot);
  node = gtk_snapshot_free_to_node (snapshot);
  g_assert_nonnull (node);
  return gsk_renderer_render_texture (gtk_native_get_renderer (gtk_widget_get_native (canvas)), node,
                                      &GRAPHENE_RECT_INIT (0, 0, (float) gtk_widget_get_width (canvas), (float) gtk_widget_get_height (canvas)));
}

/* The grey on the screen over a point of the picture, without the map. */
static guint8
grey_at (WindowFixture *fixture, double x, double y)
{
  DinoscopeCanvas       *canvas = get_canvas (fixture);
  g_autoptr (GdkTexture) texture = render (GTK_WIDGET (canvas));
  gsize                  width = (gsize) gdk_texture_get_width (texture);
  g_autofree guint8     *pixels = g_malloc (width * (gsize) gdk_texture_get_height (texture) * 4);
  double                 widget_x, widget_y;

  gdk_texture_download (texture, pixels, width * 4);
  dinoscope_canvas_picture_to_widget (canvas, x, y, &widget_x, &widget_y);
  return pixels[((gsize) widget_y * width + (gsize) widget_x) * 4 + 1];
}

/* What a window makes of the picture's value at a point. */
static double
expected (double center, double width, double x, double y)
{
  const struct dino_window window = { center, width, DINO_VOI_LINEAR };

  return dino_window_value (&window, stored_value ((int) x, (int) y), 0, 255);
}

static void
assert_grey (WindowFixture *fixture, double value)
{
  window_fixture_wait (fixture, is_settled);
  g_assert_cmpfloat (fabs (grey_at (fixture, 100.5, 140.5) - value), <=, 2);
}

/* The file's windows by number, full range, back, and black for white. */
static void
test_choices (WindowFixture *fixture)
{
  show_film (fixture, "film", "MONOCHROME2");
  g_object_set (dinoscope_window_get_settings (fixture->window), "map-visible", FALSE, NULL);
  g_assert_cmpstr (dinoscope_page_get_title (dinoscope_window_get_page (fixture->window)), ==, "CR radiograph, AP");
  assert_window (fixture, 1000, 800);
  assert_grey (fixture, expected (1000, 800, 100, 140));
  preset (fixture, 1);
  assert_window (fixture, 2000, 1600);
  assert_grey (fixture, expected (2000, 1600, 100, 140));
  activate (fixture, "view.invert");
  assert_grey (fixture, 255 - expected (2000, 1600, 100, 140));
  activate (fixture, "view.window-full");
  assert_window (fixture, stored_value (WIDTH - 1, HEIGHT - 1) / 2.0, stored_value (WIDTH - 1, HEIGHT - 1));
  window_fixture_activate (fixture, "win.undo");
  assert_window (fixture, 2000, 1600);
  window_fixture_activate (fixture, "win.redo");
  activate (fixture, "view.window-reset");
  assert_window (fixture, 1000, 800);
  assert_grey (fixture, expected (1000, 800, 100, 140));
  /* A number that the file does not have does nothing. */
  preset (fixture, 7);
  assert_window (fixture, 1000, 800);
}

/* Right is wider, up is brighter, Ctrl is a tenth; one drag is one step back. */
static void
test_drag (WindowFixture *fixture)
{
  DinoscopeCanvas   *canvas;
  double             step = stored_value (WIDTH - 1, HEIGHT - 1) / DINO_WINDOW_STEPS;
  struct dino_window window;

  show_film (fixture, "film", "MONOCHROME2");
  g_object_set (dinoscope_window_get_settings (fixture->window), "map-visible", FALSE, NULL);
  canvas = get_canvas (fixture);
  dinoscope_canvas_greys_drag_begin (canvas);
  for (int i = 1; i <= 64; i++)
    dinoscope_canvas_greys_drag (canvas, i, -i / 2.0, FALSE);
  assert_window (fixture, round (1000 - 32 * step), round (800 + 64 * step));
  dinoscope_canvas_greys_drag (canvas, 164, -32, TRUE);
  assert_window (fixture, round (1000 - 32 * step), round (800 + 74 * step));
  g_assert_true (dinoscope_greys_get_window (get_greys (fixture), &window));
  dinoscope_canvas_greys_drag_end (canvas);
  assert_grey (fixture, expected (window.center, window.width, 100, 140));
  window_fixture_activate (fixture, "win.undo");
  assert_window (fixture, 1000, 800);
  assert_grey (fixture, expected (1000, 800, 100, 140));
}

/* The encoder does not run again for what is shown. */
static void
test_encoder_rests (WindowFixture *fixture)
{
  DinoscopeFeatures *features;

  show_film (fixture, "film", "MONOCHROME1");
  features = dinoscope_page_get_features (dinoscope_window_get_page (fixture->window));
  preset (fixture, 1);
  activate (fixture, "view.invert");
  window_fixture_wait (fixture, is_settled);
  g_assert_true (dinoscope_page_get_features (dinoscope_window_get_page (fixture->window)) == features);
  g_assert_cmpint (dinoscope_page_get_encoding (dinoscope_window_get_page (fixture->window)), ==, DINOSCOPE_PAGE_ENCODING_DONE);
}

/* Another picture starts as its own file says. */
static void
test_next_picture (WindowFixture *fixture)
{
  show_film (fixture, "a", "MONOCHROME2");
  activate (fixture, "view.window-full");
  activate (fixture, "view.invert");
  show_film (fixture, "b", "MONOCHROME2");
  g_assert_true (dinoscope_greys_is_default (get_greys (fixture)));
  assert_window (fixture, 1000, 800);
}

/* Rows of the panel follow what is shown, and change it. */
static void
test_panel (WindowFixture *fixture)
{
  GtkWidget  *group, *combo, *spin;
  GListModel *titles;
  const char *last;

  show_film (fixture, "film", "MONOCHROME2");
  group = window_fixture_find (GTK_WIDGET (fixture->window), DINOSCOPE_TYPE_GREYS_GROUP);
  combo = window_fixture_find (group, ADW_TYPE_COMBO_ROW);
  titles = adw_combo_row_get_model (ADW_COMBO_ROW (combo));
  g_assert_cmpuint (g_list_model_get_n_items (titles), ==, 5);
  last = gtk_string_list_get_string (GTK_STRING_LIST (titles), 1);
  g_assert_nonnull (strstr (last, "BONE"));
  g_assert_cmpuint (adw_combo_row_get_selected (ADW_COMBO_ROW (combo)), ==, 0);
  adw_combo_row_set_selected (ADW_COMBO_ROW (combo), 1);
  assert_window (fixture, 2000, 1600);
  spin = window_fixture_find (group, GTK_TYPE_SPIN_BUTTON);
  g_assert_cmpfloat (gtk_spin_button_get_value (GTK_SPIN_BUTTON (spin)), ==, 2000);
  gtk_spin_button_set_value (GTK_SPIN_BUTTON (spin), 1500);
  assert_window (fixture, 1500, 1600);
  g_assert_cmpuint (adw_combo_row_get_selected (ADW_COMBO_ROW (combo)), ==, 4);
  activate (fixture, "view.window-reset");
  g_assert_cmpuint (adw_combo_row_get_selected (ADW_COMBO_ROW (combo)), ==, 0);
}

/* A picture of 8 bits is shown as it is stored, and says so. */
static void
test_stored (WindowFixture *fixture)
{
  GtkWidget *combo;

  window_fixture_show_example (fixture, "chest-01.png");
  combo = window_fixture_find (window_fixture_find (GTK_WIDGET (fixture->window), DINOSCOPE_TYPE_GREYS_GROUP), ADW_TYPE_COMBO_ROW);
  g_assert_cmpuint (g_list_model_get_n_items (adw_combo_row_get_model (ADW_COMBO_ROW (combo))), ==, 4);
  g_assert_cmpuint (adw_combo_row_get_selected (ADW_COMBO_ROW (combo)), ==, 0);
  activate (fixture, "view.window-full");
  g_assert_cmpuint (adw_combo_row_get_selected (ADW_COMBO_ROW (combo)), ==, 2);
  adw_combo_row_set_selected (ADW_COMBO_ROW (combo), 0);
  g_assert_true (dinoscope_greys_is_default (get_greys (fixture)));
}

/* An export is what is seen, and its sidecar makes it again. */
static void
test_export (WindowFixture *fixture)
{
  g_autofree char             *png = g_build_filename (fixture->folder, "out.png", NULL);
  g_autofree char             *json = g_build_filename (fixture->folder, "out.json", NULL);
  g_autofree char             *again = g_build_filename (fixture->folder, "again.png", NULL);
  g_autofree char             *one = NULL, *two = NULL;
  gsize                        one_length, two_length;
  g_autoptr (GFile)            film = write_film (fixture, "film", "MONOCHROME1");
  g_autoptr (DinoscopeSidecar) sidecar = NULL;
  const char                  *command[] = { g_getenv ("DINOSCOPE_CLI"), "--quiet", "map", g_file_peek_path (film), "--from", json, "-o", again, NULL };
  int                          status = -1;

  window_fixture_open (fixture, film);
  window_fixture_wait (fixture, window_has_map);
  preset (fixture, 1);
  activate (fixture, "view.invert");
  window_fixture_export (fixture, "out.png", DINOSCOPE_EXPORT_PLAIN);
  sidecar = dinoscope_sidecar_read (json, NULL);
  g_assert_nonnull (sidecar);
  g_assert_true (sidecar->shown.known);
  g_assert_cmpint (sidecar->shown.display.kind, ==, DINO_DISPLAY_FILE);
  g_assert_cmpint (sidecar->shown.display.voi, ==, 1);
  g_assert_cmpint (sidecar->shown.invert, ==, DINO_INVERT_NO);
  g_assert_true (g_spawn_sync (NULL, (char **) command, NULL, G_SPAWN_DEFAULT, NULL, NULL, NULL, NULL, &status, NULL));
  g_assert_true (g_spawn_check_wait_status (status, NULL));
  g_assert_true (g_file_get_contents (png, &one, &one_length, NULL));
  g_assert_true (g_file_get_contents (again, &two, &two_length, NULL));
  g_assert_cmpmem (one, one_length, two, two_length);
}

int
main (int argc, char *argv[])
{
  if (!window_fixture_init (&argc, &argv))
    return 0;

  window_fixture_add ("/window-greys/choices", NULL, test_choices);
  window_fixture_add ("/window-greys/drag", NULL, test_drag);
  window_fixture_add ("/window-greys/encoder-rests", NULL, test_encoder_rests);
  window_fixture_add ("/window-greys/next-picture", NULL, test_next_picture);
  window_fixture_add ("/window-greys/panel", NULL, test_panel);
  window_fixture_add ("/window-greys/stored", NULL, test_stored);
  window_fixture_add ("/window-greys/export", NULL, test_export);
  return g_test_run ();
}
