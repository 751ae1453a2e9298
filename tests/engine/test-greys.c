/* Greys of parts of a picture, against dino_display_table() applied here. */
#include "engine-support.h"

#include <math.h>

#include "deep-picture.h"
#include "engine/dinoscope-study-private.h"

typedef struct
{
  DinoscopeEngine *engine;
  DinoscopeStudy  *study;
} Fixture;

#define WIDTH 901
#define HEIGHT 700

static void
set_up (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  fixture->engine = dinoscope_engine_new (1, &error);
  g_assert_no_error (error);
  fixture->study = dinoscope_study_new (deep_picture (WIDTH, HEIGHT), NULL, "deep", NULL, FALSE, NULL, &error);
  g_assert_no_error (error);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_assert_finalize_object (fixture->study);
  dinoscope_engine_shutdown (fixture->engine);
  g_assert_finalize_object (fixture->engine);
}

static GBytes *
draw (Fixture *fixture, DinoscopeStudy *study, const struct dino_display *display, gboolean inverted, DinoscopePart part)
{
  g_auto (SupportReply) reply = { 0 };
  g_autoptr (GError)    error = NULL;
  GBytes               *pixels;

  dinoscope_engine_draw_greys_async (fixture->engine, study, display, inverted, &part, NULL, support_reply_cb, &reply);
  pixels = dinoscope_engine_draw_greys_finish (fixture->engine, support_wait (&reply), &error);
  g_assert_no_error (error);
  g_assert_cmpuint (g_bytes_get_size (pixels), ==, (gsize) part.width * (gsize) part.height * 4);
  return pixels;
}

static void
assert_pixel (guint32 pixel, guint8 grey)
{
  g_assert_cmphex (pixel, ==, 0xff000000u | grey * 0x010101u);
}

/* Every kind of display, a part of level 0. */
static void
test_level_0 (Fixture *fixture, gconstpointer data)
{
  static const struct dino_display displays[] = {
    { .kind = DINO_DISPLAY_AUTO },
    { .kind = DINO_DISPLAY_FULL },
    { .kind = DINO_DISPLAY_PERCENTILE },
    { .kind = DINO_DISPLAY_FILE, .voi = 0 },
    { .kind = DINO_DISPLAY_FILE, .voi = 1 },
    { .kind = DINO_DISPLAY_FILE, .voi = 2 },
    { .kind = DINO_DISPLAY_WINDOW, .window = { -300, 77.5, DINO_VOI_LINEAR_EXACT } },
  };
  const DinoscopePart        part = { 0, 37, 101, 300, 211 };
  const struct dino_picture *picture = dinoscope_study_get_picture (fixture->study);
  guint8                     table[65536];

  for (gsize i = 0; i < 2 * G_N_ELEMENTS (displays); i++)
    {
      gboolean           inverted = i % 2 == 1;
      g_autoptr (GBytes) bytes = draw (fixture, fixture->study, &displays[i / 2], inverted, part);
      const guint32     *pixel = g_bytes_get_data (bytes, NULL);

      g_assert_true (dino_display_table (picture, &displays[i / 2], inverted, table, NULL));
      for (int y = 0; y < part.height; y++)
        for (int x = 0; x < part.width; x++)
          assert_pixel (*pixel++, table[deep_stored (part.x + x, part.y + y) + 32768]);
    }
}

/* Halved once: the mean of four samples, at full depth, and then the window. */
static void
test_level_1 (Fixture *fixture, gconstpointer data)
{
  const struct dino_display  display = { .kind = DINO_DISPLAY_WINDOW, .window = { 500, 60, DINO_VOI_LINEAR_EXACT } };
  const DinoscopePart        part = { 1, 10, 20, 200, 150 };
  g_autoptr (DinoscopeStudy) even = dinoscope_study_new (deep_picture (900, HEIGHT), NULL, "even", NULL, FALSE, NULL, NULL);
  g_autoptr (GBytes)         bytes = draw (fixture, even, &display, FALSE, part);
  const guint32             *pixel = g_bytes_get_data (bytes, NULL);
  guint8                     table[65536];

  g_assert_true (dino_display_table (dinoscope_study_get_picture (even), &display, FALSE, table, NULL));
  for (int y = 0; y < part.height; y++)
    for (int x = 0; x < part.width; x++)
      {
        int left = 2 * (part.x + x), top = 2 * (part.y + y);
        int sum = deep_stored (left, top) + deep_stored (left + 1, top) + deep_stored (left, top + 1) + deep_stored (left + 1, top + 1) + 4 * 32768;

        assert_pixel (*pixel++, table[(sum + 2) / 4]);
      }
}

/* What the study shows at first is the same, on every level. */
static void
test_default (Fixture *fixture, gconstpointer data)
{
  const struct dino_display display = { .kind = DINO_DISPLAY_AUTO };

  g_assert_cmpuint (dinoscope_study_get_n_levels (fixture->study), ==, 3);
  for (guint level = 0; level < 3; level++)
    {
      int                width, height;
      const guint8      *rgb = g_bytes_get_data (dinoscope_study_get_level (fixture->study, level, &width, &height), NULL);
      g_autoptr (GBytes) bytes = draw (fixture, fixture->study, &display, FALSE, (DinoscopePart){ level, 0, 0, width, height });
      const guint32     *pixels = g_bytes_get_data (bytes, NULL);

      for (int i = 0; i < width * height; i++)
        assert_pixel (pixels[i], rgb[3 * i]);
    }
}

static void
test_8bit (Fixture *fixture, gconstpointer data)
{
  const struct dino_display  display = { .kind = DINO_DISPLAY_WINDOW, .window = { 100, 40, DINO_VOI_LINEAR_EXACT } };
  g_autoptr (DinoscopeStudy) study = support_open_formula (fixture->engine, 400, 300);
  const guint8              *stored = dinoscope_study_get_display (study, NULL, NULL, NULL);
  g_autoptr (GBytes)         bytes = draw (fixture, study, &display, TRUE, (DinoscopePart){ 0, 0, 0, 400, 300 });
  const guint32             *pixels = g_bytes_get_data (bytes, NULL);

  for (int i = 0; i < 400 * 300; i++)
    assert_pixel (pixels[i], stored[i] <= 80 ? 255 : stored[i] > 120 ? 0
                                                                     : (guint8) (255 - (int) floor ((stored[i] - 80) / 40.0 * 255 + 0.5)));
}

/* Colours are only ever inverted. */
static void
test_colour (Fixture *fixture, gconstpointer data)
{
  const struct dino_display  display = { .kind = DINO_DISPLAY_FULL };
  struct dino_picture       *picture = dino_picture_new (50, 40, 3, 8, NULL);
  g_autoptr (DinoscopeStudy) study = NULL;

  for (int i = 0; i < 50 * 40 * 3; i++)
    picture->samples8[i] = (guint8) (i * 7);
  g_assert_true (dino_picture_measure (picture, NULL));
  study = dinoscope_study_new (picture, NULL, "colour", NULL, FALSE, NULL, NULL);
  g_assert_null (dinoscope_study_get_window_scale (study));
  for (int inverted = 0; inverted < 2; inverted++)
    {
      g_autoptr (GBytes) bytes = draw (fixture, study, &display, inverted, (DinoscopePart){ 0, 3, 4, 40, 30 });
      const guint32     *pixels = g_bytes_get_data (bytes, NULL);

      for (int y = 0; y < 30; y++)
        for (int x = 0; x < 40; x++)
          for (int c = 0; c < 3; c++)
            {
              guint8 stored = (guint8) (((4 + y) * 50 + 3 + x) * 3 + c) * 7;

              g_assert_cmpint ((pixels[y * 40 + x] >> (16 - 8 * c)) & 255, ==, inverted ? 255 - stored : stored);
            }
    }
}

/* Of many requests at once the last one is answered with greys; others with
 * greys of their own or with being replaced, and never with an error. */
static void
test_newest (Fixture *fixture, gconstpointer data)
{
  enum
  {
    N = 20
  };
  SupportReply       replies[N] = { 0 };
  guint8             table[65536];
  guint              n_replaced = 0;
  const guint32     *pixels;
  g_autoptr (GBytes) last = NULL;
  SupportGate        gate;

  support_gate_close (&gate, fixture->engine, DINOSCOPE_LANE_GREYS);
  for (int i = 0; i < N; i++)
    {
      const struct dino_display display = { .kind = DINO_DISPLAY_WINDOW, .window = { 10 * i, 500, DINO_VOI_LINEAR } };

      dinoscope_engine_draw_greys_async (fixture->engine, fixture->study, &display, FALSE, &(DinoscopePart){ 0, 0, 0, WIDTH, HEIGHT }, NULL, support_reply_cb, &replies[i]);
      g_assert_true (dino_display_table (dinoscope_study_get_picture (fixture->study), &display, FALSE, table, NULL));
    }
  support_gate_open (&gate);
  for (int i = 0; i < N; i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (GBytes) bytes = dinoscope_engine_draw_greys_finish (fixture->engine, support_wait (&replies[i]), &error);

      if (bytes == NULL)
        g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
      n_replaced += bytes == NULL;
      if (i == N - 1)
        last = g_steal_pointer (&bytes);
      support_reply_clear (&replies[i]);
    }
  g_assert_nonnull (last);
  g_assert_cmpuint (n_replaced, ==, N - 1);
  pixels = g_bytes_get_data (last, NULL);
  assert_pixel (pixels[WIDTH * 5 + 9], table[deep_stored (9, 5) + 32768]);
}

static void
test_missing (Fixture *fixture, gconstpointer data)
{
  const struct dino_display display = { .kind = DINO_DISPLAY_FILE, .voi = 3 };
  g_auto (SupportReply)     reply = { 0 };
  g_autoptr (GError)        error = NULL;
  struct dino_window        window;

  dinoscope_engine_draw_greys_async (fixture->engine, fixture->study, &display, FALSE, &(DinoscopePart){ 0, 0, 0, 9, 9 }, NULL, support_reply_cb, &reply);
  g_assert_null (dinoscope_engine_draw_greys_finish (fixture->engine, support_wait (&reply), &error));
  g_assert_error (error, DINOSCOPE_ERROR, DINOSCOPE_ERROR_PARAMETER);
  g_assert_false (dinoscope_study_get_window (fixture->study, &display, &window));
}

/* What is kept of the study equals what core computes. */
static void
test_windows (Fixture *fixture, gconstpointer data)
{
  const struct dino_picture *picture = dinoscope_study_get_picture (fixture->study);

  for (int kind = DINO_DISPLAY_AUTO; kind <= DINO_DISPLAY_FILE; kind++)
    {
      const struct dino_display display = { .kind = (enum dino_display_kind) kind };
      struct dino_window        kept, computed;

      g_assert_true (dinoscope_study_get_window (fixture->study, &display, &kept));
      g_assert_true (dino_display_window (picture, &display, &computed, NULL));
      g_assert_cmpfloat (kept.center, ==, computed.center);
      g_assert_cmpfloat (kept.width, ==, computed.width);
      g_assert_cmpint (kept.function, ==, computed.function);
    }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/greys/level-0", Fixture, NULL, set_up, test_level_0, tear_down);
  g_test_add ("/greys/level-1", Fixture, NULL, set_up, test_level_1, tear_down);
  g_test_add ("/greys/default", Fixture, NULL, set_up, test_default, tear_down);
  g_test_add ("/greys/8-bit", Fixture, NULL, set_up, test_8bit, tear_down);
  g_test_add ("/greys/colour", Fixture, NULL, set_up, test_colour, tear_down);
  g_test_add ("/greys/newest", Fixture, NULL, set_up, test_newest, tear_down);
  g_test_add ("/greys/missing", Fixture, NULL, set_up, test_missing, tear_down);
  g_test_add ("/greys/windows", Fixture, NULL, set_up, test_windows, tear_down);
  return g_test_run ();
}
