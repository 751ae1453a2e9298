#include "canvas-fixture.h"

#include <glib/gstdio.h>
#include <math.h>

#define WATCHDOG_SECONDS 300

/* The canvas alone: no colours and no outline of a theme. */
static const char css[] = "dinoscope-canvas { background: #17171a; outline: none; }";

static gboolean
watchdog_cb (gpointer user_data)
{
  g_error ("The canvas was not ready within %d seconds.", WATCHDOG_SECONDS);
  return G_SOURCE_REMOVE;
}

static void
install_style (void)
{
  static gsize installed;

  if (g_once_init_enter (&installed))
    {
      g_autoptr (GtkCssProvider) provider = gtk_css_provider_new ();

      gtk_css_provider_load_from_data (provider, css, -1);
      gtk_style_context_add_provider_for_display (gdk_display_get_default (), GTK_STYLE_PROVIDER (provider), GTK_STYLE_PROVIDER_PRIORITY_USER);
      g_once_init_leave (&installed, 1);
    }
}

gboolean
canvas_fixture_init (int *argc, char ***argv)
{
  g_test_init (argc, argv, NULL);
  if (gtk_init_check ())
    return TRUE;

  g_print ("1..0 # SKIP There is no display.\n");
  return FALSE;
}

static void
set_up (CanvasFixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  install_style ();
  fixture->engine = dinoscope_engine_new (1, &error);
  g_assert_no_error (error);
  fixture->canvas = dinoscope_canvas_new (fixture->engine);
  gtk_widget_set_size_request (GTK_WIDGET (fixture->canvas), CANVAS_WIDTH, CANVAS_HEIGHT);
  fixture->window = gtk_window_new ();
  gtk_window_set_decorated (GTK_WINDOW (fixture->window), FALSE);
  gtk_window_set_resizable (GTK_WINDOW (fixture->window), FALSE);
  gtk_window_set_child (GTK_WINDOW (fixture->window), GTK_WIDGET (fixture->canvas));
  gtk_window_present (GTK_WINDOW (fixture->window));
  canvas_fixture_settle (fixture);
}

/* Nobody else may hold the canvas, but for a map that is being drawn. */
static void
tear_down (CanvasFixture *fixture, gconstpointer data)
{
  guint watchdog = g_timeout_add_seconds (WATCHDOG_SECONDS, watchdog_cb, NULL);

  g_object_add_weak_pointer (G_OBJECT (fixture->canvas), (gpointer *) &fixture->canvas);
  gtk_window_destroy (GTK_WINDOW (fixture->window));
  while (fixture->canvas != NULL)
    g_main_context_iteration (NULL, TRUE);
  dinoscope_engine_shutdown (fixture->engine);
  g_clear_object (&fixture->engine);
  g_source_remove (watchdog);
}

void
canvas_fixture_add (const char *path, CanvasTest test)
{
  g_test_add (path, CanvasFixture, NULL, set_up, test, tear_down);
}

void
canvas_fixture_settle (CanvasFixture *fixture)
{
  guint watchdog = g_timeout_add_seconds (WATCHDOG_SECONDS, watchdog_cb, NULL);

  while (!gtk_widget_get_mapped (GTK_WIDGET (fixture->canvas)) || gtk_widget_get_width (GTK_WIDGET (fixture->canvas)) != CANVAS_WIDTH || gtk_widget_get_height (GTK_WIDGET (fixture->canvas)) != CANVAS_HEIGHT || !dinoscope_canvas_is_settled (fixture->canvas))
    g_main_context_iteration (NULL, TRUE);
  g_source_remove (watchdog);
}

static void
show_file (CanvasFixture *fixture, const char *path)
{
  g_autoptr (GFile)          file = g_file_new_for_path (path);
  g_autoptr (GError)         error = NULL;
  g_autoptr (DinoscopeStudy) study = dinoscope_engine_open (fixture->engine, file, NULL, FALSE, NULL, &error);

  g_assert_no_error (error);
  dinoscope_canvas_set_study (fixture->canvas, study, FALSE);
}

void
canvas_fixture_show_radiograph (CanvasFixture *fixture)
{
  const struct dino_processor processor = {
    .resize = true,
    .shortest_edge = 518,
    .center_crop = true,
    .crop_width = 518,
    .crop_height = 518,
    .rescale_factor = 1.0 / 255,
    .std = { 1, 1, 1 },
  };
  const struct dino_picture *picture;
  struct dino_error          error = { 0 };
  g_autofree char           *path = g_build_filename (g_getenv ("DINOSCOPE_DATADIR"), "examples", "chest-01.png", NULL);

  show_file (fixture, path);
  picture = dinoscope_study_get_picture (dinoscope_canvas_get_study (fixture->canvas));
  g_assert_true (dino_geometry_init (&fixture->geometry, &processor, 14, picture->width, picture->height, DINO_FIT_CROP, 0, &error));
  dinoscope_canvas_set_geometry (fixture->canvas, &fixture->geometry);
}

void
canvas_fixture_show_pattern (CanvasFixture *fixture, int width, int height, guint8 (*value) (int x, int y))
{
  gsize                  size = (gsize) width * (gsize) height * 3;
  guint8                *rgb = g_malloc (size);
  g_autoptr (GBytes)     bytes = g_bytes_new_take (rgb, size);
  g_autoptr (GdkTexture) texture = NULL;
  g_autofree char       *path = NULL;
  g_autoptr (GError)     error = NULL;
  int                    descriptor = g_file_open_tmp ("dinoscope-XXXXXX.png", &path, &error);

  g_assert_no_error (error);
  g_close (descriptor, NULL);
  for (int y = 0; y < height; y++)
    for (int x = 0; x < width; x++)
      memset (rgb + ((gsize) y * (gsize) width + (gsize) x) * 3, value (x, y), 3);
  texture = gdk_memory_texture_new (width, height, GDK_MEMORY_R8G8B8, bytes, (gsize) width * 3);
  g_assert_true (gdk_texture_save_to_png (texture, path));
  show_file (fixture, path);
  g_remove (path);
}

/* Two hills, a hollow, and a ripple: enough to see any cell moved or mirrored. */
static float
map_value (double x, double y)
{
  double hill = exp (-30 * ((x - 0.3) * (x - 0.3) + (y - 0.4) * (y - 0.4)));
  double other = 0.7 * exp (-60 * ((x - 0.72) * (x - 0.72) + (y - 0.3) * (y - 0.3)));
  double hollow = -0.8 * exp (-25 * ((x - 0.65) * (x - 0.65) + (y - 0.75) * (y - 0.75)));

  return (float) (hill + other + hollow + 0.12 * sin (40 * x) * cos (25 * y));
}

void
canvas_fixture_show_map (CanvasFixture *fixture, const char *colormap, enum dino_smooth smooth)
{
  struct dino_error        error = { 0 };
  struct dino_map         *core = dino_map_new (fixture->geometry.columns, fixture->geometry.rows, 1, &error);
  struct dino_map_style    style;
  g_autoptr (DinoscopeMap) map = NULL;

  g_assert_nonnull (core);
  for (int row = 0; row < core->height; row++)
    for (int column = 0; column < core->width; column++)
      core->values[row * core->width + column] = map_value ((column + 0.5) / core->width, (row + 0.5) / core->height);
  core->seen = dino_geometry_seen (&fixture->geometry);
  g_strlcpy (core->title, "Test map", sizeof core->title);
  g_assert_true (dino_map_measure (core, &error));
  map = dinoscope_map_new (core);

  dino_map_style_init (&style);
  style.colormap = dino_colormap_find (colormap);
  g_assert_nonnull (style.colormap);
  style.smooth = smooth;
  dinoscope_canvas_set_map (fixture->canvas, map, &style);
}

/* A GtkWidgetPaintable may still hold the frame before. */
GskRenderNode *
canvas_fixture_snapshot (GtkWidget *widget)
{
  GtkWidget   *parent = gtk_widget_get_parent (widget);
  GtkSnapshot *snapshot = gtk_snapshot_new ();
  float        scale = (float) gtk_widget_get_scale_factor (widget);
  double       x, y;

  g_assert_true (gtk_widget_translate_coordinates (widget, parent, 0, 0, &x, &y));
  gtk_snapshot_scale (snapshot, scale, scale);
  gtk_snapshot_translate (snapshot, &GRAPHENE_POINT_INIT ((float) -x, (float) -y));
  gtk_widget_snapshot_child (parent, widget, snapshot);
  return gtk_snapshot_free_to_node (snapshot);
}

GdkTexture *
canvas_fixture_render (CanvasFixture *fixture)
{
  GtkWidget                *widget = GTK_WIDGET (fixture->canvas);
  float                     scale = (float) gtk_widget_get_scale_factor (widget);
  GskRenderer              *renderer = gtk_native_get_renderer (gtk_widget_get_native (widget));
  g_autoptr (GskRenderNode) node = NULL;

  canvas_fixture_settle (fixture);
  node = canvas_fixture_snapshot (widget);
  g_assert_nonnull (node);
  return gsk_renderer_render_texture (renderer, node, &GRAPHENE_RECT_INIT (0, 0, CANVAS_WIDTH * scale, CANVAS_HEIGHT * scale));
}

/* gdk_texture_download() gives Cairo's premultiplied ARGB32. */
static guint8 *
download (GdkTexture *texture)
{
  gsize    n = (gsize) gdk_texture_get_width (texture) * (gsize) gdk_texture_get_height (texture);
  guint32 *argb = g_new (guint32, n);
  guint8  *rgba = g_malloc (n * 4);

  gdk_texture_download (texture, (guchar *) argb, (gsize) gdk_texture_get_width (texture) * 4);
  for (gsize i = 0; i < n; i++)
    {
      rgba[4 * i] = (guint8) (argb[i] >> 16);
      rgba[4 * i + 1] = (guint8) (argb[i] >> 8);
      rgba[4 * i + 2] = (guint8) argb[i];
      rgba[4 * i + 3] = (guint8) (argb[i] >> 24);
    }
  g_free (argb);
  return rgba;
}

guint8 *
canvas_fixture_pixels (CanvasFixture *fixture, int *width, int *height)
{
  g_autoptr (GdkTexture) texture = canvas_fixture_render (fixture);

  if (width != NULL)
    *width = gdk_texture_get_width (texture);
  if (height != NULL)
    *height = gdk_texture_get_height (texture);
  return download (texture);
}

static void
save_result (GdkTexture *texture, const char *name, const char *kind)
{
  g_autofree char *file = g_strdup_printf ("canvas-%s%s.png", name, kind);
  g_autofree char *path = g_test_build_filename (G_TEST_BUILT, file, NULL);

  g_assert_true (gdk_texture_save_to_png (texture, path));
  g_test_message ("written: %s", path);
}

/* Counts pixels that differ by more than tolerance; differences, tenfold, go
 * into difference (RGB). */
static gsize
count_differences (const guint8 *a, const guint8 *b, gsize n, int tolerance, guint8 *difference)
{
  gsize count = 0;

  for (gsize i = 0; i < n; i++)
    {
      int largest = abs (a[4 * i + 3] - b[4 * i + 3]);

      for (int channel = 0; channel < 3; channel++)
        {
          int distance = abs (a[4 * i + channel] - b[4 * i + channel]);

          difference[3 * i + channel] = (guint8) MIN (10 * distance, 255);
          largest = MAX (largest, distance);
        }
      count += largest > tolerance;
    }
  return count;
}

void
canvas_fixture_compare (CanvasFixture *fixture, const char *name, int tolerance, double share)
{
  g_autofree char       *file = g_strdup_printf ("canvas/%s.png", name);
  g_autofree char       *path = test_data (file);
  g_autoptr (GdkTexture) texture = canvas_fixture_render (fixture);
  g_autoptr (GdkTexture) reference = NULL;
  g_autoptr (GdkTexture) shown = NULL;
  g_autoptr (GBytes)     bytes = NULL;
  g_autoptr (GError)     error = NULL;
  g_autofree guint8     *pixels = NULL;
  g_autofree guint8     *reference_pixels = NULL;
  guint8                *difference;
  int                    width = gdk_texture_get_width (texture);
  int                    height = gdk_texture_get_height (texture);
  gsize                  n = (gsize) width * (gsize) height;
  gsize                  count;

  if (g_strcmp0 (g_getenv ("DINOSCOPE_UPDATE_REFERENCES"), "1") == 0 && g_strcmp0 (g_getenv ("GSK_RENDERER"), "cairo") == 0)
    g_assert_true (gdk_texture_save_to_png (texture, path));
  reference = gdk_texture_new_from_filename (path, &error);
  g_assert_no_error (error);
  g_assert_cmpint (gdk_texture_get_width (reference), ==, width);
  g_assert_cmpint (gdk_texture_get_height (reference), ==, height);

  pixels = download (texture);
  reference_pixels = download (reference);
  difference = g_malloc (n * 3);
  bytes = g_bytes_new_take (difference, n * 3);
  count = count_differences (pixels, reference_pixels, n, tolerance, difference);
  if ((double) count <= share * (double) n)
    return;

  shown = gdk_memory_texture_new (width, height, GDK_MEMORY_R8G8B8, bytes, (gsize) width * 3);
  save_result (texture, name, "");
  save_result (shown, name, "-difference");
  g_error ("%s: %" G_GSIZE_FORMAT " of %" G_GSIZE_FORMAT " pixels differ by more than %d.", name, count, n, tolerance);
}
