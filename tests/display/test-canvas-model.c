/* What the model saw and what it did not, for every fit and every way a
 * picture can be turned: hatching, and the model's-eye view. */
#include "canvas-fixture.h"

#include <math.h>

#include "app/dinoscope-canvas-private.h"
#include "engine/dinoscope-study-private.h"

#define SURROUND 0x17

/* Away is dark also where a hatch line crosses it. */
#define DARK 50

static const struct dino_processor processor = {
  .resize = true,
  .shortest_edge = 56,
  .center_crop = true,
  .crop_width = 56,
  .crop_height = 56,
  .rescale_factor = 1.0 / 255,
  .mean = { 0.5f, 0.5f, 0.5f },
  .std = { 0.25f, 0.25f, 0.25f },
};

/* A white picture. */
static void
show_white (CanvasFixture *fixture, int width, int height, enum dino_fit fit, struct dino_geometry *geometry)
{
  struct dino_error          failure = { 0 };
  struct dino_picture       *picture = dino_picture_new (width, height, 1, 8, &failure);
  g_autoptr (GError)         error = NULL;
  g_autoptr (DinoscopeStudy) study = NULL;

  memset (picture->samples8, 255, (gsize) width * (gsize) height);
  g_assert_true (dino_picture_measure (picture, &failure));
  study = dinoscope_study_new (picture, NULL, "white", NULL, FALSE, NULL, &error);
  g_assert_no_error (error);
  g_assert_true (dino_geometry_init (geometry, &processor, 14, width, height, fit, 0, &failure));
  dinoscope_canvas_set_study (fixture->canvas, study, TRUE);
  dinoscope_canvas_set_geometry (fixture->canvas, geometry);
}

/* A tensor of one grey in the picture and black around it. */
static DinoscopeModelInput *
make_input (const struct dino_geometry *geometry, int grey)
{
  gsize              n = (gsize) geometry->input_width * (gsize) geometry->input_height;
  float             *values = g_new (float, 3 * n);
  g_autoptr (GBytes) bytes = g_bytes_new_take (values, 3 * n * sizeof (float));

  for (gsize i = 0; i < 3 * n; i++)
    {
      int      column = (int) (i % n) % geometry->input_width + geometry->left;
      int      row = (int) (i % n) / geometry->input_width + geometry->top;
      gboolean inside = column >= 0 && row >= 0 && column < geometry->resized_width && row < geometry->resized_height;

      values[i] = ((inside ? (float) grey / 255 : 0) - processor.mean[0]) / processor.std[0];
    }
  return dinoscope_model_input_new (bytes, geometry, &processor, "test");
}

static gboolean
is_near_edge (double value, double low, double high, double margin)
{
  return fabs (value - low) < margin || fabs (value - high) < margin;
}

typedef enum
{
  BESIDE, /* neither picture nor seen */
  MARGIN, /* seen, but no picture */
  SEEN,
  UNSEEN
} Place;

/* FALSE where an edge or its frame is near. */
static gboolean
find_place (CanvasFixture *fixture, const struct dino_geometry *geometry, double widget_x, double widget_y, Place *place)
{
  struct dino_box seen = dino_geometry_seen (geometry);
  double          margin = 3 / dinoscope_canvas_get_zoom (fixture->canvas);
  double          x, y;
  gboolean        in_picture, in_seen;

  dinoscope_canvas_widget_to_picture (fixture->canvas, widget_x, widget_y, &x, &y);
  if (is_near_edge (x, seen.x0, seen.x1, margin) || is_near_edge (y, seen.y0, seen.y1, margin) ||
      is_near_edge (x, 0, geometry->width, margin) || is_near_edge (y, 0, geometry->height, margin))
    return FALSE;
  in_picture = x > 0 && y > 0 && x < geometry->width && y < geometry->height;
  in_seen = x > seen.x0 && y > seen.y0 && x < seen.x1 && y < seen.y1;
  *place = in_picture ? (in_seen ? SEEN : UNSEEN) : (in_seen ? MARGIN : BESIDE);
  return TRUE;
}

/* Looks at every pixel; low and high are what each kind of place may show. */
static void
check_pixels (CanvasFixture *fixture, const struct dino_geometry *geometry, const int low[4], const int high[4], guint counts[4])
{
  int                width, height;
  g_autofree guint8 *pixels = canvas_fixture_pixels (fixture, &width, &height);

  for (int y = 0; y < height; y++)
    for (int x = 0; x < width; x++)
      {
        const guint8 *pixel = pixels + (y * width + x) * 4;
        Place         place;

        if (!find_place (fixture, geometry, x + 0.5, y + 0.5, &place))
          continue;
        counts[place]++;
        g_assert_cmpint (pixel[0], >=, low[place]);
        g_assert_cmpint (pixel[0], <=, high[place]);
      }
}

static void
check_all (CanvasFixture *fixture, gboolean model_view, const int low[4], const int high[4])
{
  static const int sizes[][2] = { { 300, 200 }, { 170, 260 }, { 200, 200 } };
  guint            counts[4] = { 0 };

  for (guint size = 0; size < G_N_ELEMENTS (sizes); size++)
    for (int fit = DINO_FIT_CROP; fit <= DINO_FIT_WHOLE; fit++)
      for (int orientation = 0; orientation < 8; orientation++)
        {
          struct dino_geometry geometry;

          show_white (fixture, sizes[size][0], sizes[size][1], (enum dino_fit) fit, &geometry);
          g_object_set (fixture->canvas, "turns", orientation % 4, "flipped", orientation >= 4, "model-view", model_view, NULL);
          if (model_view)
            {
              g_autoptr (DinoscopeModelInput) input = make_input (&geometry, 160);

              dinoscope_canvas_set_model_input (fixture->canvas, input);
            }
          canvas_fixture_settle (fixture);
          check_pixels (fixture, &geometry, low, high, counts);
        }
  for (int place = 0; place < 4; place++)
    g_assert_cmpuint (counts[place], >, 1000);
}

/* White where the model looked, veiled where it did not, nothing on what is no picture. */
static void
test_hatching (CanvasFixture *fixture, gconstpointer data)
{
  const int low[] = { [BESIDE] = SURROUND, [MARGIN] = SURROUND, [SEEN] = 255, [UNSEEN] = 120 };
  const int high[] = { [BESIDE] = SURROUND, [MARGIN] = SURROUND, [SEEN] = 255, [UNSEEN] = 150 };

  check_all (fixture, FALSE, low, high);
}

static void
test_model_view (CanvasFixture *fixture, gconstpointer data)
{
  const int low[] = { [BESIDE] = SURROUND, [MARGIN] = 0, [SEEN] = 160, [UNSEEN] = 0 };
  const int high[] = { [BESIDE] = SURROUND, [MARGIN] = 0, [SEEN] = 160, [UNSEEN] = DARK };

  check_all (fixture, TRUE, low, high);
}

static guint8
middle (CanvasFixture *fixture)
{
  int                width;
  g_autofree guint8 *pixels = canvas_fixture_pixels (fixture, &width, NULL);

  return pixels[(CANVAS_HEIGHT / 2 * width + CANVAS_WIDTH / 2) * 4];
}

/* The picture is there until the tensor is, while Space is held, and with another study. */
static void
test_picture_instead (CanvasFixture *fixture, gconstpointer data)
{
  struct dino_geometry            geometry;
  g_autoptr (DinoscopeModelInput) input = NULL;

  show_white (fixture, 300, 200, DINO_FIT_CROP, &geometry);
  input = make_input (&geometry, 160);
  g_assert_true (gtk_widget_activate_action (GTK_WIDGET (fixture->canvas), "view.model", NULL));
  g_assert_cmpuint (middle (fixture), ==, 255);
  dinoscope_canvas_set_model_input (fixture->canvas, input);
  g_assert_cmpuint (middle (fixture), ==, 160);
  g_assert_true (g_str_has_prefix (fixture->canvas->told_description, "Shown as the model sees it. "));
  g_object_set (fixture->canvas, "peeking", TRUE, NULL);
  g_assert_cmpuint (middle (fixture), ==, 255);
  g_object_set (fixture->canvas, "peeking", FALSE, NULL);
  g_assert_cmpuint (middle (fixture), ==, 160);
  show_white (fixture, 200, 300, DINO_FIT_CROP, &geometry);
  g_assert_cmpuint (middle (fixture), ==, 255);
  g_assert_true (gtk_widget_activate_action (GTK_WIDGET (fixture->canvas), "view.model", NULL));
  dinoscope_canvas_set_model_input (fixture->canvas, input);
  g_assert_cmpuint (middle (fixture), ==, 255);
}

static void
pointer_moved_cb (DinoscopeCanvas *canvas, double x, double y, gboolean inside, gboolean *told)
{
  *told = inside;
}

/* The zeros around a padded picture are pointed at, what is beyond them is not. */
static void
test_pointer_on_margin (CanvasFixture *fixture, gconstpointer data)
{
  struct dino_geometry geometry;
  gboolean             inside = FALSE;
  double               widget_x, widget_y;

  show_white (fixture, 100, 260, DINO_FIT_PAD, &geometry);
  g_signal_connect (fixture->canvas, "pointer-moved", G_CALLBACK (pointer_moved_cb), &inside);
  fixture->canvas->pointer_inside = TRUE;
  dinoscope_canvas_picture_to_widget (fixture->canvas, -40, 100, &widget_x, &widget_y);
  fixture->canvas->pointer_x = widget_x;
  fixture->canvas->pointer_y = widget_y;
  dinoscope_canvas_emit_pointer_moved (fixture->canvas);
  g_assert_true (inside);
  dinoscope_canvas_picture_to_widget (fixture->canvas, -90, 100, &widget_x, &widget_y);
  fixture->canvas->pointer_x = widget_x;
  dinoscope_canvas_emit_pointer_moved (fixture->canvas);
  g_assert_false (inside);
}

int
main (int argc, char *argv[])
{
  if (!canvas_fixture_init (&argc, &argv))
    return 0;

  canvas_fixture_add ("/canvas-model/hatching", test_hatching);
  canvas_fixture_add ("/canvas-model/model-view", test_model_view);
  canvas_fixture_add ("/canvas-model/picture-instead", test_picture_instead);
  canvas_fixture_add ("/canvas-model/pointer-on-margin", test_pointer_on_margin);
  return g_test_run ();
}
