/* The colour bar over the canvas. */
#include "canvas-fixture.h"

#include "app/dinoscope-color-bar.h"

static DinoscopeMap *
new_map (int channels)
{
  struct dino_error error = { 0 };
  struct dino_map  *core = dino_map_new (3, 2, channels, &error);

  g_assert_nonnull (core);
  for (int i = 0; i < 6 * channels; i++)
    core->values[i] = (float) i;
  g_strlcpy (core->title, "Norm", sizeof core->title);
  g_assert_true (dino_map_measure (core, &error));
  return dinoscope_map_new (core);
}

static void
test_hides_without_map (void)
{
  GtkWidget               *bar = g_object_ref_sink (dinoscope_color_bar_new ());
  g_autoptr (DinoscopeMap) map = new_map (1);
  struct dino_map_style    style;

  dino_map_style_init (&style);
  g_assert_false (gtk_widget_get_visible (bar));
  dinoscope_color_bar_set_map (DINOSCOPE_COLOR_BAR (bar), map, &style);
  g_assert_true (gtk_widget_get_visible (bar));
  dinoscope_color_bar_set_map (DINOSCOPE_COLOR_BAR (bar), NULL, NULL);
  g_assert_false (gtk_widget_get_visible (bar));
  g_assert_finalize_object (bar);
}

static void
test_accessible (void)
{
  GtkWidget               *bar = g_object_ref_sink (dinoscope_color_bar_new ());
  g_autoptr (DinoscopeMap) map = new_map (1);
  g_autoptr (DinoscopeMap) colors = new_map (3);
  struct dino_map_style    style;

  dino_map_style_init (&style);
  gtk_test_accessible_assert_role (bar, GTK_ACCESSIBLE_ROLE_IMG);
  dinoscope_color_bar_set_map (DINOSCOPE_COLOR_BAR (bar), map, &style);
  gtk_test_accessible_assert_property (bar, GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, "Norm: 0 to 5");
  style.has_range = true;
  style.low = -1;
  style.high = 2;
  dinoscope_color_bar_set_map (DINOSCOPE_COLOR_BAR (bar), map, &style);
  gtk_test_accessible_assert_property (bar, GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, "Norm: -1 to 2");
  dinoscope_color_bar_set_map (DINOSCOPE_COLOR_BAR (bar), colors, &style);
  gtk_test_accessible_assert_property (bar, GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, "Norm");
  g_assert_finalize_object (bar);
}

/* Renders the bar and looks for the two ends of its colour map. */
static void
test_draws_its_colors (void)
{
  GtkWidget                *window = gtk_window_new ();
  GtkWidget                *bar = dinoscope_color_bar_new ();
  g_autoptr (DinoscopeMap)  map = new_map (1);
  g_autoptr (GskRenderNode) node = NULL;
  g_autoptr (GdkTexture)    texture = NULL;
  g_autofree guint32       *pixels = NULL;
  struct dino_map_style     style;
  guint8                    low[3], high[3];
  gboolean                  found_low = FALSE, found_high = FALSE;
  int                       width, height;

  dino_map_style_init (&style);
  style.colormap = dino_colormap_find ("viridis");
  style.opacity = 1;
  dino_colormap_lookup (style.colormap, 0, low);
  dino_colormap_lookup (style.colormap, 1, high);
  dinoscope_color_bar_set_map (DINOSCOPE_COLOR_BAR (bar), map, &style);
  gtk_window_set_child (GTK_WINDOW (window), bar);
  gtk_window_present (GTK_WINDOW (window));
  gtk_test_widget_wait_for_draw (bar);

  width = gtk_widget_get_width (bar);
  height = gtk_widget_get_height (bar);
  node = canvas_fixture_snapshot (bar);
  texture = gsk_renderer_render_texture (gtk_native_get_renderer (GTK_NATIVE (window)), node, &GRAPHENE_RECT_INIT (0, 0, (float) width, (float) height));
  pixels = g_new0 (guint32, (gsize) width * (gsize) height);
  gdk_texture_download (texture, (guchar *) pixels, (gsize) width * 4);
  for (gsize i = 0; i < (gsize) width * (gsize) height; i++)
    {
      const int red = (int) (pixels[i] >> 16 & 255), green = (int) (pixels[i] >> 8 & 255), blue = (int) (pixels[i] & 255);

      found_low = found_low || (abs (red - low[0]) < 4 && abs (green - low[1]) < 4 && abs (blue - low[2]) < 4);
      found_high = found_high || (abs (red - high[0]) < 4 && abs (green - high[1]) < 4 && abs (blue - high[2]) < 4);
    }
  g_assert_true (found_low);
  g_assert_true (found_high);
  gtk_window_destroy (GTK_WINDOW (window));
}

int
main (int argc, char *argv[])
{
  if (!canvas_fixture_init (&argc, &argv))
    return 0;

  g_test_add_func ("/color-bar/hides-without-map", test_hides_without_map);
  g_test_add_func ("/color-bar/accessible", test_accessible);
  g_test_add_func ("/color-bar/draws-its-colors", test_draws_its_colors);

  return g_test_run ();
}
